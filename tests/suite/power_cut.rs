//! Saved means saved: power fails at every write and every sync of a save, and sectors that
//! were not synced are there or not, as chance will have it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_core::engine::{AttemptInput, ImportOptions, NewCampaign};
use canvass_core::id::{ChangeId, HouseholdId, ListId};
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{MORNING, door};
use canvass_tests::fixture;
use canvass_tests::temp::TempDir;
use canvass_tests::vfs::Recording;

/// How many ways of tearing are tried at each moment.
const TORN_VARIANTS: u64 = 2;

const DOORS: [&str; 3] = ["2 Willow St", "6 Willow St", "40 Heron Ave 2A"];

/// A save, the moments it took, and the door it was for.
struct Save {
    household: HouseholdId,
    change: ChangeId,
    begun: usize,
    returned: usize,
}

fn open(directory: &Path) -> Phone {
    let clock = Arc::new(SetClock::at(MORNING));
    Phone::seeded(directory, 3, "cut", clock).expect("the engine opens")
}

fn set_up(phone: &Phone) -> ListId {
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    let list = phone.engine().create_campaign(&about).expect("a campaign");
    let doors = fixture("offline_day/doors.csv");
    phone.engine().import_path(&doors, &ImportOptions::default(), None).expect("imported");
    list
}

fn knock(phone: &Phone, list: ListId, household: HouseholdId) -> ChangeId {
    let door = Some(CanvassResult::NotHome);
    let input = AttemptInput { list, household, door, people: Vec::new(), corrects: None };
    phone.engine().record_attempt(&input).expect("a knock").change
}

/// What is not a database: keys and locks, which no save touches.
fn other_files(folder: &Path, to: &Path, databases: &BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            other_files(&from, &to, databases);
        } else if !databases.contains_key(&from) && !from.to_string_lossy().ends_with("-shm") {
            fs::copy(&from, &to).expect("copied");
        }
    }
}

/// Sectors by chance (xorshift, Marsaglia 2003).
fn chance(seed: u64) -> impl FnMut() -> bool {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state & 1 == 1
    }
}

#[test]
fn power_cut_at_every_write_and_sync_of_a_save_loses_no_saved_attempt() {
    let folder = TempDir::new();
    let directory = folder.path().join("phone");
    let recording = Recording::of(&directory);
    let mut phone = open(&directory);
    let list = set_up(&phone);
    let first_moment = recording.moments();
    let saves: Vec<Save> = DOORS
        .iter()
        .map(|address| {
            let household = door(phone.engine(), list, address).expect("a door");
            let begun = recording.moments();
            let change = knock(&phone, list, household);
            Save { household, change, begun, returned: recording.moments() }
        })
        .collect();
    // Closing writes the log back into the database: power may fail in that, too.
    phone.restart().expect("opened again");
    let last_moment = recording.moments();
    assert!(saves.iter().all(|save| save.returned > save.begun), "saves are heard");

    for moment in first_moment..=last_moment {
        for variant in 0..TORN_VARIANTS {
            let disk = recording.disk_at(moment, chance(moment as u64 * TORN_VARIANTS + variant));
            let cut = folder.path().join(format!("cut-{moment}-{variant}"));
            fs::create_dir_all(&cut).expect("a folder");
            other_files(&directory, &cut, &disk);
            for (path, bytes) in &disk {
                let inside = path.strip_prefix(&directory).expect("below the folder");
                fs::write(cut.join(inside), bytes).expect("written");
            }
            check(&cut, list, &saves, moment);
            fs::remove_dir_all(&cut).expect("removed");
        }
    }
}

/// What was saved is there, whole; what was not is absent; and work goes on.
fn check(directory: &Path, list: ListId, saves: &[Save], moment: usize) {
    let phone = open(directory);
    for save in saves {
        let view = phone.engine().household(list, save.household).expect("a household");
        let found: Vec<ChangeId> = view.attempts.iter().map(|attempt| attempt.attempt).collect();
        if moment >= save.returned {
            assert_eq!(found, [save.change], "moment {moment}: a saved attempt");
        } else if moment <= save.begun {
            assert!(found.is_empty(), "moment {moment}: an attempt from nowhere");
        } else {
            assert!(found.is_empty() || found == [save.change], "moment {moment}: half a save");
        }
    }
    let before = phone.engine().sync_status().expect("a status").on_this_phone;
    knock(&phone, list, saves[0].household);
    let after = phone.engine().sync_status().expect("a status").on_this_phone;
    assert_eq!(after, before + 1, "moment {moment}: work goes on");
}
