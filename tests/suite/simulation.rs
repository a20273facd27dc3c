//! Whatever the line, the clocks, the disks and the phones do: nothing recorded is lost or
//! doubled, and in the end everyone holds the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use canvass_cli::simulate::{SeedPlan, SeedResult, run_seed, run_seeds};
use canvass_tests::fixture;

const SEEDS: u64 = 16;

/// What can go wrong in a simulation; each must have gone wrong in these few seeds.
const FAULTS: [&str; 42] = [
    "401",
    "403",
    "409",
    "413",
    "429",
    "500",
    "503",
    "again",
    "bundle",
    "claim_lost",
    "clock",
    "cloned",
    "cut",
    "cut_anew",
    "disk_full",
    "erasure",
    "given",
    "html",
    "io_error",
    "kill",
    "late",
    "late_arrival",
    "lease_expired",
    "list_closed_without_key",
    "list_key_lost",
    "lost",
    "partition",
    "power_cut",
    "reboot",
    "recovered",
    "redirect",
    "relay",
    "reply_lost",
    "restart",
    "restored",
    "revoked",
    "server_restart",
    "taken",
    "twice",
    "vault_locked",
    "wiped",
    "withdrawn",
];

fn plan(seed: u64) -> SeedPlan {
    SeedPlan { seed, phones: 6, days: 3, skip: BTreeSet::new() }
}

fn assert_clean(plan: &SeedPlan, result: &SeedResult) {
    let SeedResult { findings, broken, .. } = result;
    assert!(result.is_clean(), "{plan:?}: {broken:?} {findings:?}");
}

#[test]
fn days_under_faults_lose_nothing_double_nothing_and_end_alike() {
    let plans: Vec<SeedPlan> = (1..=SEEDS).map(plan).collect();
    let results = run_seeds(&plans, |_, _| {});
    let mut faults: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut settled, mut conflicts, mut talks) = (0, 0, 0);
    for (plan, result) in plans.iter().zip(&results) {
        assert_clean(plan, result);
        // A run without what it is for would prove nothing.
        assert!(result.findings.changes >= 500 && result.syncs >= 20, "{plan:?} did too little");
        settled += result.settled;
        conflicts += result.findings.conflicts;
        talks += result.findings.talks;
        for (kind, count) in &result.faults {
            *faults.entry(kind).or_default() += count;
        }
    }
    assert!(
        settled > 10 && conflicts > 10 && talks > 100,
        "{settled} settled, {conflicts} open, {talks} talks"
    );
    let missing: Vec<_> = FAULTS.iter().filter(|kind| !faults.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?} never happened: {faults:?}");
}

#[test]
fn the_same_seed_is_the_same_days_to_the_byte() {
    let (first, second) = (run_seed(&plan(1)), run_seed(&plan(1)));
    assert_eq!(first.trace, second.trace);
    assert_ne!(first.trace, run_seed(&plan(2)).trace);
}

#[test]
fn seeds_that_failed_once_stay_clean() {
    for entry in fs::read_dir(fixture("seeds")).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).expect("a kept seed");
        let plan: SeedPlan = serde_json::from_str(&text).expect("a plan");
        assert_clean(&plan, &run_seed(&plan));
    }
}
