//! `canvass simulate`: deterministic simulation, and what it found.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use serde_json::json;

use crate::cpu::CpuClock;
use crate::output::{Done, Ended, Failure, progress};
use crate::simulate::{SeedPlan, SeedResult, run_seeds, shrunk};

/// Simulate phones, server, network and faults.
///
/// Example: canvass simulate --seeds 1..200 --phones 8 --days 3 --json
#[derive(clap::Args)]
pub(super) struct Args {
    /// The seeds, first and last: `1..200` are two hundred.
    #[arg(long)]
    seeds: String,
    /// How many phones.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=50))]
    phones: u32,
    /// How many days.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=60))]
    days: u32,
    /// Write each failing seed to this folder, made as small as it goes.
    #[arg(long)]
    keep: Option<PathBuf>,
}

pub(super) fn run(args: &Args, json: bool) -> Ended {
    let plans = match plans(args) {
        Ok(plans) => plans,
        Err(failure) => return Ended::Failed(failure),
    };
    let cpu = CpuClock::start();
    let bar = Mutex::new(progress(plans.len() as u64, "simulating", json));
    let results = run_seeds(&plans, |_, _| {
        if let Ok(bar) = bar.lock() {
            bar.inc(1);
        }
    });
    let done = report(&plans, &results, cpu.millis() / 1e3);
    let failing: Vec<&SeedPlan> =
        plans.iter().zip(&results).filter(|(_, r)| !r.is_clean()).map(|(plan, _)| plan).collect();
    if failing.is_empty() {
        return Ended::Done(done);
    }
    match keep(args, &failing) {
        Ok(()) => Ended::Partly(done, Failure::Check),
        Err(error) => Ended::Partly(done, Failure::System(error.to_string())),
    }
}

fn plans(args: &Args) -> Result<Vec<SeedPlan>, Failure> {
    let wrong = || Failure::Usage("--seeds takes two numbers, like 1..200".to_owned());
    let (first, last) = args.seeds.split_once("..").ok_or_else(wrong)?;
    let first: u64 = first.parse().map_err(|_| wrong())?;
    let last: u64 = last.trim_start_matches('=').parse().map_err(|_| wrong())?;
    if last < first {
        return Err(wrong());
    }
    let plan = |seed| SeedPlan {
        seed,
        phones: args.phones,
        days: args.days,
        skip: std::collections::BTreeSet::new(),
    };
    Ok((first..=last).map(plan).collect())
}

fn keep(args: &Args, failing: &[&SeedPlan]) -> std::io::Result<()> {
    let Some(folder) = &args.keep else { return Ok(()) };
    std::fs::create_dir_all(folder)?;
    for plan in failing {
        let small = serde_json::to_string(&shrunk(plan))?;
        std::fs::write(folder.join(format!("seed-{}.json", plan.seed)), small + "\n")?;
    }
    Ok(())
}

fn report(plans: &[SeedPlan], results: &[SeedResult], cpu_s: f64) -> Done {
    let sum = |of: fn(&SeedResult) -> u64| results.iter().map(of).sum::<u64>();
    let mut faults: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, count) in results.iter().flat_map(|result| &result.faults) {
        *faults.entry(kind).or_default() += count;
    }
    let mut trace = blake3::Hasher::new();
    results.iter().for_each(|result| {
        trace.update(&result.trace);
    });
    let failing: Vec<_> = plans
        .iter()
        .zip(results)
        .filter(|(_, result)| !result.is_clean())
        .map(|(plan, result)| {
            let notes = result.findings.notes.iter().take(5).collect::<Vec<_>>();
            json!({ "seed": plan.seed, "broken": result.broken, "notes": notes,
                    "not_read_back": result.not_read_back })
        })
        .collect();
    let least = |of: fn(&SeedResult) -> u64| results.iter().map(of).min().unwrap_or(0);
    let value = json!({
        "seeds": results.len(),
        "changes": sum(|r| r.findings.changes),
        "changes_least": least(|r| r.findings.changes),
        "syncs": sum(|r| r.syncs),
        "syncs_least": least(|r| r.syncs),
        "conflicts": sum(|r| r.findings.conflicts),
        "settled": sum(|r| r.settled),
        "talked": sum(|r| r.talked),
        "faults": faults,
        "lost": sum(|r| r.findings.lost),
        "duplicated": sum(|r| r.findings.duplicated),
        "diverged": sum(|r| r.findings.diverged),
        "conflicts_missing": sum(|r| r.findings.conflicts_missing),
        "conflicts_false": sum(|r| r.findings.conflicts_false),
        "conflicts_unreadable": sum(|r| r.findings.conflicts_unreadable),
        "readable_after_wipe": sum(|r| r.findings.readable_after_wipe),
        "not_read_back": sum(|r| r.not_read_back),
        "stuck": sum(|r| r.findings.stuck),
        "broken": sum(|r| u64::from(r.broken.is_some())),
        "failing": failing,
        "trace_hash": trace.finalize().to_hex().to_string(),
        "cpu_s": cpu_s,
    });
    let text = format!(
        "{} seeds, {} changes, {} syncs, {} failing seeds, {cpu_s:.1} CPU seconds",
        value["seeds"],
        value["changes"],
        value["syncs"],
        failing.len(),
    );
    Done { json: value, text }
}
