//! `canvass bench`: figures against known optima.

use std::path::PathBuf;

use canvass_core::route::{Ends, solve_counted};
use serde_json::json;

use crate::cpu::CpuClock;
use crate::doors_file;
use crate::output::{BadInput, Done, Failure, progress};
use crate::tsplib::{Instance, TsplibError, read};

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
        None => kicks_within(&instance, args.budget_ms)?,
    };
    let bar = progress(args.seeds, "ordering", quiet);
    let mut runs = Vec::new();
    for seed in 0..args.seeds {
        runs.push(Run::of(&instance, kicks, seed)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(told(&instance, kicks, &runs))
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

struct Run {
    seed: u64,
    length: u64,
    cpu_ms: f64,
    tour: Vec<u32>,
}

impl Run {
    fn of(instance: &Instance, kicks: u64, seed: u64) -> Result<Self, Failure> {
        let clock = CpuClock::start();
        let tour = solve_counted(instance, Ends::Closed, kicks, seed)
            .map_err(|error| Failure::System(error.to_string()))?;
        let cpu_ms = clock.millis();
        Ok(Self { seed, length: instance.length(&tour), cpu_ms, tour })
    }
}

/// The share of a budget that is planned for: what is left covers a machine that is slower
/// at one time than at another.
const PLANNED: f64 = 0.9;

/// How many kicks this machine makes within a budget, found by trying.
fn kicks_within(instance: &Instance, budget_ms: f64) -> Result<u64, Failure> {
    let time = |kicks| Run::of(instance, kicks, 0).map(|run| run.cpu_ms);
    // The first run also pays for memory that later ones find ready.
    time(0)?;
    let planned = budget_ms * PLANNED;
    let start_ms = time(0)?;
    // Kicks do not all take the same time: with many of them each one reaches further.
    let (mut fits, mut too_many) = (0_u64, u64::MAX);
    let mut kicks = 64;
    while too_many - fits > fits / 50 + 1 && fits < MOST_KICKS {
        let taken = time(kicks)?;
        if taken > planned {
            too_many = kicks;
        } else {
            fits = kicks;
        }
        if taken <= planned && taken > planned * NEAR {
            break;
        }
        let per_kick = (taken - start_ms).max(1e-6) / kicks as f64;
        let aim = whole((planned - start_ms).max(0.0) / per_kick * AIM);
        let between = if too_many == u64::MAX { fits * 16 } else { fits + (too_many - fits) / 2 };
        let inside = fits < aim && aim < too_many;
        kicks = if inside { aim.min(fits * 16 + 64) } else { between.max(1) };
    }
    Ok(fits)
}

/// A few nodes are ordered exactly, whatever the number of kicks: no more are tried.
const MOST_KICKS: u64 = 1 << 40;
/// The share of the planned time from which on a trial is near enough.
const NEAR: f64 = 0.9;
/// The share of the planned time that a trial aims at.
const AIM: f64 = 0.96;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of kicks; casts saturate"
)]
fn whole(kicks: f64) -> u64 {
    kicks as u64
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
