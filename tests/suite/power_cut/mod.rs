//! Saved means saved: power fails at every write and every sync, and sectors that were not
//! synced are there or not, as chance will have it. Or the disk is full, from any write on.

mod flows;
mod full;
mod watched;

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_cli::simulate::Chance;
use canvass_cli::simulate::vfs::Recording;
use canvass_core::change::{ContactMark, ContactMedium};
use canvass_core::engine::{
    AnswerInput, AttemptInput, ContactInput, Error, ExportFormat, ImportOptions, NewCampaign,
    PersonMetInput, SyncOutcome,
};
use canvass_core::id::{ChangeId, HouseholdId, ListId};
use canvass_core::merge::Digest;
use canvass_core::survey::AnswerValue;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone, door};
use canvass_tests::fixture;
use canvass_tests::temp::TempDir;

/// How many ways of tearing are tried at each moment: two, or what `CANVASS_TORN_VARIANTS` says.
#[expect(clippy::disallowed_methods, reason = "a soak asks for more")]
fn torn_variants() -> u64 {
    let asked = std::env::var("CANVASS_TORN_VARIANTS").ok();
    asked.map_or(2, |count| count.parse().expect("CANVASS_TORN_VARIANTS is a number"))
}

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
    let input = AttemptInput::at_door(list, household, door);
    phone.engine().record_attempt(&input).expect("a knock").change
}

/// What no recording hears of: the lock, and a key store that lies in files. All else is as the
/// disk has it, also what it does not have.
fn unheard_files(folder: &Path, to: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            unheard_files(&from, &to);
        } else if from.extension().is_some_and(|end| end == "lock" || end == "key") {
            fs::copy(&from, &to).expect("copied");
        }
    }
}

/// Sectors by chance.
fn chance(seed: u64) -> impl FnMut() -> bool {
    let mut chance = Chance::of(seed);
    move || chance.below(2) == 1
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

    each_cut(&recording, &directory, first_moment..=last_moment, |cut, moment| {
        check(cut, list, &saves, moment);
    });
}

/// Makes the folder that power failing at each of the moments may leave, and looks at it.
fn each_cut(
    recording: &Recording,
    directory: &Path,
    moments: RangeInclusive<usize>,
    mut look: impl FnMut(&Path, usize),
) {
    let variants = torn_variants();
    for moment in moments {
        for variant in 0..variants {
            let disk = recording.disk_at(moment, chance(moment as u64 * variants + variant));
            let cut = directory.with_extension(format!("cut-{moment}-{variant}"));
            fs::create_dir_all(&cut).expect("a folder");
            unheard_files(directory, &cut);
            for (path, bytes) in &disk {
                let inside = path.strip_prefix(directory).expect("below the folder");
                fs::write(cut.join(inside), bytes).expect("written");
            }
            look(&cut, moment);
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

type Work = fn(&Phone, ListId) -> Result<(), Error>;

/// Everything that a canvasser does, and a later file: one after the other.
const WORK: [Work; 8] = [
    |phone, list| {
        let household = at(phone, list, "2 Willow St");
        let knock = AttemptInput::at_door(list, household, Some(CanvassResult::NotHome));
        phone.engine().record_attempt(&knock).map(drop)
    },
    |phone, list| {
        let household = at(phone, list, "6 Willow St");
        let person = phone.engine().household(list, household)?.people[0].person;
        let (question, value) =
            ("support".to_owned(), Some(AnswerValue::Choice { option: "2".to_owned() }));
        let answer =
            AnswerInput { list, household, person, question, value, attempt: None, script: None };
        phone.engine().record_answer(&answer).map(drop)
    },
    |phone, list| {
        let household = at(phone, list, "6 Willow St");
        phone.engine().record_note(list, household, "Friendly dog.").map(drop)
    },
    |phone, list| {
        let household = at(phone, list, "6 Willow St");
        let person = phone.engine().household(list, household)?.people[0].person;
        let value = "+18025550199".to_owned();
        let (medium, mark) = (ContactMedium::Phone, ContactMark::Primary);
        let contact = ContactInput { list, household, person, medium, mark, value };
        phone.engine().record_contact(&contact).map(drop)
    },
    |phone, list| {
        let household = at(phone, list, "2 Willow St");
        let attempt = phone.engine().household(list, household)?.attempts[0].attempt;
        phone.engine().undo(list, household, attempt).map(drop)
    },
    |phone, list| {
        let household = at(phone, list, "2 Willow St");
        let (given_name, family_name) = ("Robin".to_owned(), "Newcomer".to_owned());
        let language = String::new();
        let met = PersonMetInput { list, household, given_name, family_name, language };
        phone.engine().add_person(&met).map(drop)
    },
    |phone, list| {
        let household = at(phone, list, "26 Willow St");
        phone.engine().set_do_not_contact(list, household, None).map(drop)
    },
    |phone, _| {
        let file = fixture("offline_day/people.csv");
        phone.engine().import_path(&file, &ImportOptions::default(), None).map(drop)
    },
];

fn at(phone: &Phone, list: ListId, address: &str) -> HouseholdId {
    door(phone.engine(), list, address).expect("a door")
}

fn digest(phone: &Phone, list: ListId) -> Digest {
    phone.engine().state_digest(list).expect("a digest")
}

/// What a list amounts to: what is agreed on, and every change with what became of it.
fn state(phone: &Phone, list: ListId) -> (Digest, Vec<u8>) {
    let changes = phone.engine().export(list, ExportFormat::Csv).expect("a file");
    (digest(phone, list), changes.bytes)
}

/// A campaign with an earlier file of its people, and a script.
fn ready_for_work(phone: &Phone, folder: &Path) -> ListId {
    let list = set_up(phone);
    let people = folder.join("people.csv");
    let file = fs::read_to_string(fixture("offline_day/people.csv")).expect("a fixture");
    fs::write(&people, file.replace("Linnet", "Linnet-Wren")).expect("written");
    phone.engine().import_path(&people, &ImportOptions::default(), None).expect("imported");
    let script = fs::read_to_string(fixture("offline_day/script.json")).expect("a fixture");
    phone.engine().put_script(&script).expect("a script");
    list
}

#[test]
fn power_cut_in_the_middle_of_any_work_leaves_it_done_or_not_begun() {
    let folder = TempDir::new();
    let directory = folder.path().join("phone");
    let recording = Recording::of(&directory);
    let phone = open(&directory);
    let list = ready_for_work(&phone, folder.path());
    // What the list amounted to, and from which moment on that is for good.
    let mut states = vec![(recording.moments(), state(&phone, list))];
    for work in WORK {
        work(&phone, list).expect("done");
        states.push((recording.moments(), state(&phone, list)));
    }
    assert!(states.windows(2).all(|pair| pair[0].1 != pair[1].1), "each work is seen");
    let moments = states[0].0..=states[WORK.len()].0;
    each_cut(&recording, &directory, moments, |cut, moment| {
        let found = state(&open(cut), list);
        let done = states.iter().rposition(|(returned, _)| *returned <= moment).expect("a state");
        let may_be = &states[done..(done + 2).min(states.len())];
        let is_one = may_be.iter().any(|(_, state)| *state == found);
        assert!(is_one, "moment {moment}, after work {done}: something in between");
    });
}

#[test]
fn power_cut_while_a_campaign_is_made_leaves_one_with_its_list_or_none() {
    let folder = TempDir::new();
    let directory = folder.path().join("phone");
    let recording = Recording::of(&directory);
    let phone = open(&directory);
    let opened = recording.moments();
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    phone.engine().create_campaign(&about).expect("a campaign");
    each_cut(&recording, &directory, opened..=recording.moments(), |cut, moment| {
        let phone = open(cut);
        let made = phone.engine().create_campaign(&about);
        let stands = matches!(made, Ok(_) | Err(Error::AlreadyInCampaign));
        assert!(stands, "moment {moment}: {made:?}");
        let doors = fixture("offline_day/doors.csv");
        let imported = phone.engine().import_path(&doors, &ImportOptions::default(), None);
        assert!(imported.is_ok(), "moment {moment}: {imported:?}");
    });
}

/// A phone that stands in another folder now.
fn moved(cut: &Path, phone: &TestPhone) -> TestPhone {
    let clock = phone.clock.clone();
    let phone = Phone::seeded(cut, 1, "Birch", clock.clone()).expect("the engine opens");
    TestPhone { phone, clock }
}

#[test]
fn power_cut_in_the_middle_of_a_sync_ends_with_the_same_as_everyone() {
    let campaign = TestCampaign::small(1);
    let directory = campaign.folder.path().join("Birch");
    let recording = Recording::of(&directory);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    for (phone, address) in [(&ash, "2 Willow St"), (&ash, "6 Willow St"), (&birch, "6 Willow St")]
    {
        knock(&phone.phone, phone.list(), phone.door(address));
    }
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    let before = recording.moments();
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    let after = recording.moments();
    assert!(after > before, "a sync writes");
    let server = campaign.get("/lists/1/digest")["digest"].clone();
    each_cut(&recording, &directory, before..=after, |cut, moment| {
        let birch = moved(cut, &birch);
        assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete, "moment {moment}");
        assert_eq!(server, digest(&birch.phone, birch.list()).to_string(), "moment {moment}");
        let status = birch.engine().sync_status().expect("a status");
        assert_eq!((status.on_this_phone, status.set_aside), (0, 0), "moment {moment}");
    });
    assert_eq!(campaign.get("/lists/1/digest")["digest"], server, "nothing came twice");
}
