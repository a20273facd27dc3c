//! `canvass demo`: a whole day, and its report.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::demo::{Day, DayError, DayPlan, play};
use crate::output::{BadInput, Done, Ended, Failure, progress};
use crate::report::render;
use crate::street_pack;

/// One whole canvassing day on an embedded backend: import, cut, hand out, walk offline, a
/// double knock, a conflict, sync, settle, export, report.
///
/// Example: canvass demo --out day
#[derive(clap::Args)]
pub(super) struct Args {
    /// A file of real doors; a generated town without it.
    #[arg(long)]
    doors: Option<PathBuf>,
    /// The file's profile (cambridge, vermont-e911, doors); by its header without it.
    #[arg(long)]
    profile: Option<String>,
    /// A street pack, of `canvass streets build`: lists are walked along its streets.
    #[arg(long)]
    streets: Option<PathBuf>,
    /// The folder for the report and the exported files.
    #[arg(long, default_value = "canvass-day")]
    out: PathBuf,
    /// Canvassers; two of them share a list.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(2..=50))]
    phones: u32,
    /// The same seed gives the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(args: &Args, json: bool) -> Ended {
    match day(args, json) {
        Ok((day, done)) if day.is_proved => Ended::Done(done),
        Ok((_, done)) => Ended::Partly(done, Failure::Check),
        Err(failure) => Ended::Failed(failure),
    }
}

fn day(args: &Args, json: bool) -> Result<(Day, Done), Failure> {
    let files = args.out.join("files");
    let io = |error: std::io::Error| Failure::System(format!("{}: {error}", args.out.display()));
    if files.exists() {
        // Someone's own folder may have that name.
        if !files.join("server/operator.token").exists() {
            let whose = format!("{} is not an earlier demo's: give another --out", files.display());
            return Err(Failure::Usage(whose));
        }
        std::fs::remove_dir_all(&files).map_err(io)?;
    }
    std::fs::create_dir_all(&args.out).map_err(io)?;
    let streets = args.streets.as_deref().map(street_pack::open).transpose()?;
    let plan = DayPlan {
        seed: args.seed,
        doors: args.doors.clone(),
        profile: args.profile.clone(),
        phones: args.phones,
        streets: streets.map(|pack| pack.bytes().to_vec()),
        directory: files,
    };
    let bar = progress(u64::from(args.phones) + 5, "a day of canvassing", json);
    let day = play(&plan, &|done, _| bar.set_position(done)).map_err(|e| failed(args, e))?;
    bar.finish_and_clear();
    let report = args.out.join("report.html");
    std::fs::write(&report, render(&day.report)).map_err(io)?;
    std::fs::write(args.out.join("changes.csv"), &day.changes_csv).map_err(io)?;
    std::fs::write(args.out.join("contacts.csv"), &day.contacts_csv).map_err(io)?;
    let mut object = day.json.clone();
    if let Value::Object(fields) = &mut object {
        fields.insert("report".to_owned(), json!(report));
    }
    let text = format!(
        "{} doors in {} turfs, {} canvassers: {} knocks, {} answers.\n\
         {} records noted as saved: {} lost, {} doubled; digests equal: {}.\n\
         The script changed at noon: {} answers under the first version, {} under the second.\n\
         {} conflict seen and settled. Walking {:.1} km instead of {:.1} km by street name.\n\
         Report: {}",
        object["doors"],
        object["turfs"],
        object["phones"],
        object["attempts"],
        object["answers"],
        object["acked"],
        object["lost"],
        object["duplicated"],
        object["digests_equal"],
        object["versions"][0]["answers"],
        object["versions"][1]["answers"],
        object["conflicts"],
        object["route"]["length_m"].as_f64().unwrap_or(0.0) / 1000.0,
        object["route"]["alphabetical_m"].as_f64().unwrap_or(0.0) / 1000.0,
        report.display()
    );
    Ok((day, Done { json: object, text }))
}

fn failed(args: &Args, error: DayError) -> Failure {
    let file = || args.doors.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    match error {
        DayError::Doors(hint) => Failure::Input(BadInput {
            code: "bad_doors".to_owned(),
            file: file(),
            hint,
            ..BadInput::default()
        }),
        DayError::Refused(refused) if refused.status == 422 => {
            let rejected = &refused.body["error"]["details"]["rejected"][0];
            Failure::Input(BadInput {
                code: rejected["code"].as_str().unwrap_or("bad_doors").to_owned(),
                file: file(),
                row: rejected["row"].as_u64(),
                column: rejected["column"].as_str().map(str::to_owned),
                hint: "Correct the row; nothing was imported.".to_owned(),
            })
        }
        other => Failure::System(other.to_string()),
    }
}
