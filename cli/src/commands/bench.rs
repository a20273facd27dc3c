//! `canvass bench`: figures against known optima.

use std::path::PathBuf;

use canvass_core::route::RouteError;
use serde_json::json;

use crate::doors_file;
use crate::output::{BadInput, Done, Failure, progress};
use crate::tsplib::{Instance, Run, TsplibError, kicks_within, read};

/// Measure against known optima.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Order the nodes of a TSPLIB instance, with TSPLIB's own rounding.
    ///
    /// Example: canvass bench tsplib berlin52.tsp --budget-ms 20 --seeds 20 --json
    Tsplib(Tsplib),
}

#[derive(clap::Args)]
struct Tsplib {
    /// A TSPLIB file, with coordinates or with a table of costs.
    file: PathBuf,
    /// CPU milliseconds that each run may take. How many kicks fit is measured first.
    #[arg(long, default_value_t = 200.0, value_parser = budget)]
    budget_ms: f64,
    /// How many runs, seeded from 0.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// So many kicks instead of a budget: gives the same tours on every machine.
    #[arg(long, conflicts_with = "budget_ms")]
    kicks: Option<u64>,
}

fn budget(text: &str) -> Result<f64, String> {
    let ms: f64 = text.parse().map_err(|_| "write it as milliseconds")?;
    let fits = ms > 0.0 && ms <= 3_600_000.0;
    if fits { Ok(ms) } else { Err("between 0 and an hour, in milliseconds".to_owned()) }
}

pub(super) fn run(args: &Args, quiet: bool) -> Result<Done, Failure> {
    let What::Tsplib(args) = &args.what;
    let input = doors_file::open(&args.file)?;
    let instance = read(input).map_err(|error| refused(args, &error))?;
    let kicks = match args.kicks {
        Some(kicks) => kicks,
        None => kicks_within(&instance, args.budget_ms).map_err(|error| unsolved(&error))?,
    };
    let bar = progress(args.seeds, "ordering", quiet);
    let mut runs = Vec::new();
    for seed in 0..args.seeds {
        runs.push(Run::of(&instance, kicks, seed).map_err(|error| unsolved(&error))?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(told(&instance, kicks, &runs))
}

fn unsolved(error: &RouteError) -> Failure {
    Failure::System(error.to_string())
}

fn refused(args: &Tsplib, error: &TsplibError) -> Failure {
    Failure::Input(BadInput {
        code: error.fault.code().to_owned(),
        file: args.file.display().to_string(),
        row: Some(error.line),
        hint: format!("{}.", error.fault),
        ..BadInput::default()
    })
}

fn told(instance: &Instance, kicks: u64, runs: &[Run]) -> Done {
    let numbers = |tour: &[u32]| -> Vec<u32> {
        tour.iter().map(|node| instance.numbers[*node as usize]).collect()
    };
    let json = json!({
        "n": instance.numbers.len(),
        "kicks": kicks,
        "runs": runs.iter().map(|run| json!({
            "seed": run.seed, "length": run.length, "cpu_ms": run.cpu_ms,
            "tour": numbers(&run.tour),
        })).collect::<Vec<_>>(),
    });
    let lengths = || runs.iter().map(|run| run.length);
    let slowest = runs.iter().map(|run| run.cpu_ms).fold(0.0, f64::max);
    let text = format!(
        "{} nodes, {} runs of {kicks} kicks: length {} to {}, at most {slowest:.1} ms.",
        instance.numbers.len(),
        runs.len(),
        lengths().min().unwrap_or(0),
        lengths().max().unwrap_or(0),
    );
    Done { json, text }
}
