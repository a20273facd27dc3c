//! `canvass kit`: writes the conformance kit, runs it, and compares an embedder's results.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::kit::{self, KitError};
use crate::output::{BadInput, Done, Ended, Failure};

/// Write the conformance kit, with which an embedder proves a shell of their own.
///
/// Example: canvass kit --out kit && canvass kit run kit --results ours.jsonl --faults 7 &&
/// canvass kit check kit --results ours.jsonl
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// The folder for the kit; made if it is absent.
    #[arg(long, required = true)]
    out: Option<PathBuf>,
    /// The same seed gives the same town.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// About how many doors the town has.
    #[arg(long, default_value_t = 150)]
    doors: u32,
}

#[derive(Subcommand)]
enum What {
    /// Compare a shell's results with what comes out of the kit's days.
    Check {
        /// The kit.
        folder: PathBuf,
        /// What the shell wrote: a JSON object on each line.
        #[arg(long)]
        results: PathBuf,
    },
    /// Replay the kit's days with this build's own engine and write its results.
    Run {
        /// The kit.
        folder: PathBuf,
        /// Where to write the results.
        #[arg(long)]
        results: PathBuf,
        /// The seed of a bad network.
        #[arg(long)]
        faults: Option<u64>,
    },
}

pub(super) fn run(args: &Args) -> Ended {
    match &args.what {
        None => write(args).into(),
        Some(What::Run { folder, results, faults }) => kit::run(folder, *faults)
            .map_err(failure)
            .and_then(|lines| {
                let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
                let text = lines.join("\n") + "\n";
                std::fs::write(results, text).map_err(|error| failure(error.into()))?;
                let text = format!("{} digests in {}.", lines.len(), results.display());
                Ok(Done { json: json!({ "results": lines.len() }), text })
            })
            .into(),
        Some(What::Check { folder, results }) => check(folder, results),
    }
}

fn write(args: &Args) -> Result<Done, Failure> {
    let out = args.out.as_ref().ok_or_else(|| Failure::Usage("--out is needed".to_owned()))?;
    let days = kit::write(out, args.seed, args.doors).map_err(failure)?;
    let text = format!("{} days in {}: see its README.md.", days.len(), out.display());
    Ok(Done { json: json!({ "scenarios": days }), text })
}

fn check(folder: &std::path::Path, results: &std::path::Path) -> Ended {
    let (expected, differences) = match kit::check(folder, results) {
        Ok(compared) => compared,
        Err(error) => return Ended::Failed(failure(error)),
    };
    let json = json!({
        "expected": expected, "found_wrong": differences.len(), "differences": differences,
    });
    if differences.is_empty() {
        let text = format!("All {expected} digests are there and the same.");
        return Ended::Done(Done { json, text });
    }
    let mut text = format!("{} of {expected} digests differ:\n", differences.len());
    for one in &differences {
        let told = |digest: &Option<String>| digest.clone().unwrap_or_else(|| "none".to_owned());
        let (expected, found) = (told(&one.expected), told(&one.found));
        let _in_memory = writeln!(
            text,
            "{} step {}: expected {expected}, found {found}",
            one.scenario, one.step
        );
    }
    Ended::Partly(Done { json, text }, Failure::Check)
}

fn failure(error: KitError) -> Failure {
    match error {
        KitError::Io(error) => Failure::System(error.to_string()),
        KitError::Failed { .. } => Failure::System(error.to_string()),
        KitError::Bad { file, what } => Failure::Input(BadInput {
            code: "bad_kit".to_owned(),
            file,
            hint: what,
            ..BadInput::default()
        }),
    }
}
