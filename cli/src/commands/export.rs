//! `canvass export`: results out of a campaign directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_core::engine::{ExportFormat, ExportedFile};
use canvass_core::interchange::WarningWhy;
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
    #[arg(long, required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// What the backend calls results: a table as its database gave it, or as you write it.
    #[arg(long)]
    codes: Option<PathBuf>,
    /// Write nothing; tell what would be lost, and what would follow at the backend.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Van,
    VanApi,
    Osdi,
    Csv,
    Geojson,
    Gpx,
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Van => Self::Van,
            Format::VanApi => Self::VanApi,
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
    let codes = args.codes.as_deref().map(read).transpose()?;
    let engine = phone.engine();
    let exported = engine.export_with_codes(list.list, args.format.into(), codes.as_deref());
    let exported = exported.map_err(|error| super::engine_failure(&error))?;
    if let Some(out) = args.out.as_ref().filter(|_| !args.dry_run) {
        std::fs::write(out, &exported.bytes)
            .map_err(|error| Failure::System(format!("{}: {error}", out.display())))?;
    }
    Ok(told(args, &exported))
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::System(format!("{}: {error}", path.display())))
}

fn told(args: &Args, exported: &ExportedFile) -> Done {
    let mut text = match args.out.as_ref().filter(|_| !args.dry_run) {
        Some(out) => format!("{} records in {}.", exported.records, out.display()),
        None => format!("{} records; nothing is written.", exported.records),
    };
    for loss in &exported.loss {
        text += &format!("\nnot in this format: {} {}", loss.count, loss.field);
    }
    for warning in &exported.warnings {
        let follows = match warning.why {
            WarningWhy::NumberSuppressed => "the number is suppressed for good",
            WarningWhy::PersonSuppressed => "the person is not contacted that way again",
            WarningWhy::SentApart => "leaves as a record of its own beside the result",
            _ => "something follows at the backend",
        };
        text += &format!("\nwarning: {} {}: {follows}", warning.count, warning.field);
    }
    let json = json!({
        "records": exported.records, "loss": exported.loss, "warnings": exported.warnings,
    });
    Done { json, text }
}
