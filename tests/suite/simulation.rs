//! Whatever the line, the clocks and the phones do: nothing recorded is lost or doubled, and
//! in the end everyone holds the same.

use std::collections::{BTreeMap, BTreeSet};

use canvass_tests::simulation::{Simulation, conflicts_at_server, exported};

const SEEDS: u64 = 12;
const PHONES: usize = 3;
const STEPS: u32 = 120;

#[test]
fn days_under_faults_lose_nothing_double_nothing_and_end_alike() {
    let mut faults: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut changes, mut settled, mut conflicts) = (0, 0, 0);
    for seed in 1..=SEEDS {
        let mut day = Simulation::new(seed, PHONES);
        day.run(STEPS);
        day.settle();
        changes += day.account.saved.len();
        settled += day.account.settled;
        conflicts += conflicts_at_server(&day.campaign).len();
        check(&day, seed);
        for (kind, count) in &day.account.faults {
            *faults.entry(kind).or_default() += count;
        }
    }
    // A run without what it is for would prove nothing.
    assert!(changes > 500, "{changes} changes");
    assert!(settled > 10 && conflicts > 10, "{settled} settled, {conflicts} open");
    assert!(faults.len() == 9 && faults.values().all(|count| *count > 5), "{faults:?}");
}

fn check(day: &Simulation, seed: u64) {
    let rows = exported(&day.campaign);
    let ids: BTreeSet<&String> = rows.iter().collect();
    assert_eq!(rows.len(), ids.len(), "seed {seed}: a change stands twice in the export");
    let lost: Vec<&String> = day.account.saved.iter().filter(|id| !ids.contains(id)).collect();
    assert!(lost.is_empty(), "seed {seed}: lost {lost:?}");

    let server = day.campaign.get("/lists/1/digest")["digest"].clone();
    let at_server = conflicts_at_server(&day.campaign);
    for (number, phone) in day.phones.iter().enumerate() {
        let digest = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
        assert_eq!(server, digest, "seed {seed}: phone {number} holds something else");
        let seen = phone.engine().conflicts(phone.list()).expect("conflicts");
        let seen: BTreeSet<String> = seen.iter().map(|c| c.conflict.to_string()).collect();
        let more: Vec<&String> = seen.difference(&at_server).collect();
        assert!(more.is_empty(), "seed {seed}: phone {number} sees other conflicts {more:?}");
        let status = phone.engine().sync_status().expect("a status");
        assert_eq!((status.on_this_phone, status.set_aside), (0, 0), "seed {seed}");
    }
}
