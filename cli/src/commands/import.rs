//! `canvass import`: files into a campaign directory, all of a file or nothing.

use std::path::PathBuf;
use std::sync::Arc;

use canvass_core::engine::{Engine, Error, NewCampaign};
use canvass_core::interchange::ReadLimits;
use canvass_core::interchange::import::Imported;
use canvass_core::ports::Clock;
use serde_json::{Value, json};

use crate::clock::SystemClock;
use crate::doors_file::{bad_file, read};
use crate::output::{Done, Ended, Failure};
use crate::phone::Phone;

/// Take doors or people into a campaign directory.
///
/// Example: canvass import addresses.csv --profile vermont-e911 --campaign spring
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file of doors or of people; - for standard input.
    file: PathBuf,
    /// doors, cambridge, vermont-e911, people, van, or a profile file; else by the header.
    #[arg(long)]
    profile: Option<String>,
    /// The campaign's directory; made if it is absent.
    #[arg(long)]
    campaign: PathBuf,
    /// The name under which the file counts; the profile's own if absent.
    #[arg(long)]
    source: Option<String>,
    /// Keep nothing; the account is the same.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args) -> Ended {
    match import(args) {
        Ok(imported) => account(args, &imported),
        Err(failure) => Ended::Failed(failure),
    }
}

fn import(args: &Args) -> Result<Imported, Failure> {
    let clock = Arc::new(SystemClock::new());
    let year = clock.wall().year();
    let opened = read(&args.file, args.profile.as_deref(), ReadLimits::default(), year)?;
    let phone = Phone::system(&args.campaign, clock).map_err(|e| failed(args, e))?;
    let engine = phone.engine();
    make_campaign(engine, args)?;
    let source = args.source.as_deref();
    engine.import(opened, source, args.dry_run).map_err(|e| failed(args, e))
}

/// A new directory becomes a campaign without a server, named after the directory.
fn make_campaign(engine: &Engine, args: &Args) -> Result<(), Failure> {
    let name = args.campaign.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let about = NewCampaign { name, canvasser: String::new() };
    match engine.create_campaign(&about) {
        Ok(_) | Err(Error::AlreadyInCampaign) => Ok(()),
        Err(error) => Err(failed(args, error)),
    }
}

fn failed(args: &Args, error: Error) -> Failure {
    match error {
        Error::File(error) => bad_file(&args.file, &error),
        other => super::engine_failure(&other),
    }
}

fn account(args: &Args, imported: &Imported) -> Ended {
    let tally = &imported.tally;
    let mut account = json!(tally);
    if let Value::Object(fields) = &mut account {
        fields.insert("file".to_owned(), json!(imported.file));
        fields.insert("added".to_owned(), json!(imported.added));
        fields.insert("altered".to_owned(), json!(imported.altered));
    }
    let rejected = tally.rejected.len() as u64 + tally.rejected_more;
    let mut text = format!(
        "{} rows: {} doors, {} people; {} new, {} altered.",
        tally.rows, tally.doors, tally.people, imported.added, imported.altered
    );
    for skip in &tally.skipped {
        text +=
            &format!("\nleft out: {} {}", skip.count, json!(skip.reason).as_str().unwrap_or(""));
    }
    if rejected > 0 {
        text = format!("{rejected} of {} rows rejected, nothing imported.", tally.rows);
        for rejection in tally.rejected.iter().take(10) {
            let column = rejection.column.as_deref().unwrap_or("");
            text += &format!("\nrow {} {column}: {}", rejection.row, rejection.code.code());
        }
    } else if args.dry_run {
        text += " Nothing kept: this was a dry run.";
    }
    let done = Done { json: account, text };
    if rejected == 0 {
        return Ended::Done(done);
    }
    let first = crate::doors_file::bad_row(&args.file, &tally.rejected[0]);
    Ended::Partly(done, first)
}
