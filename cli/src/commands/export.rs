//! `canvass export`: results out of a campaign directory.

use std::path::PathBuf;
use std::sync::Arc;

use canvass_core::engine::ExportFormat;
use serde_json::json;

use crate::clock::SystemClock;
use crate::output::{Done, Failure};
use crate::phone::Phone;

/// Write a campaign's results to a file.
///
/// Example: canvass export --campaign spring --format van --out contacts.csv
#[derive(clap::Args)]
pub(super) struct Args {
    /// The campaign's directory.
    #[arg(long)]
    campaign: PathBuf,
    /// What is written.
    #[arg(long, value_enum)]
    format: Format,
    /// The file; replaced if it is there.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Van,
    Osdi,
    Csv,
    Geojson,
    Gpx,
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Van => Self::Van,
            Format::Osdi => Self::Osdi,
            Format::Csv => Self::Csv,
            Format::Geojson => Self::GeoJson,
            Format::Gpx => Self::Gpx,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    if !args.campaign.join("main.db").exists() {
        let hint = format!("there is no campaign in {}", args.campaign.display());
        return Err(Failure::Usage(hint));
    }
    let phone = Phone::system(&args.campaign, Arc::new(SystemClock::new()));
    let phone = phone.map_err(|error| super::engine_failure(&error))?;
    let lists = phone.engine().walk_lists().map_err(|error| super::engine_failure(&error))?;
    let list =
        lists.first().ok_or_else(|| Failure::Usage("the campaign has no list".to_owned()))?;
    let exported = phone.engine().export(list.list, args.format.into());
    let exported = exported.map_err(|error| super::engine_failure(&error))?;
    std::fs::write(&args.out, &exported.bytes)
        .map_err(|error| Failure::System(format!("{}: {error}", args.out.display())))?;
    let mut text = format!("{} records in {}.", exported.records, args.out.display());
    for loss in &exported.loss {
        text += &format!("\nnot in this format: {} {}", loss.count, loss.field);
    }
    let json = json!({ "records": exported.records, "loss": exported.loss });
    Ok(Done { json, text })
}
