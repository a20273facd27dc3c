//! `canvass town`: a generated town to try things on.

use std::path::PathBuf;

use serde_json::json;

use crate::output::{Done, Failure};
use crate::town::Town;

/// Generate a town: streets, doors, apartment blocks, people.
///
/// Example: canvass town --seed 7 --doors 2000 --out town
#[derive(clap::Args)]
pub(super) struct Args {
    /// The same seed gives the same town.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// About how many doors.
    #[arg(long, default_value_t = 1500)]
    doors: u32,
    /// The folder for its files.
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    let town = Town::generate(args.seed, args.doors);
    std::fs::create_dir_all(&args.out)
        .and_then(|()| town.write_files(&args.out))
        .map_err(|error| Failure::System(format!("{}: {error}", args.out.display())))?;
    let counts = town.summary();
    let text = format!(
        "{} streets, {} doors, {} people in {}.",
        counts.streets,
        counts.doors,
        counts.people,
        args.out.display()
    );
    Ok(Done { json: json!(counts), text })
}
