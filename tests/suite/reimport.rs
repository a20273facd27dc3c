//! A later file: what it repeats changes nothing, what it alters merges three ways.

use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_core::change::{ContactMark, ContactMedium};
use canvass_core::engine::{ContactInput, ImportOptions, NewCampaign};
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone, read};
use canvass_tests::fixture;
use canvass_tests::temp::TempDir;
use serde_json::json;

fn people_with(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(read("people.csv")).expect("text");
    assert!(text.contains(from), "{from}");
    text.replace(from, to).into_bytes()
}

fn primary(phone: &TestPhone, value: &str) {
    let household = phone.door("6 Willow St");
    let input = ContactInput {
        list: phone.list(),
        household,
        person: phone.person(household, 0),
        medium: ContactMedium::Phone,
        mark: ContactMark::Primary,
        value: value.to_owned(),
    };
    phone.engine().record_contact(&input).expect("a number");
}

fn numbers(phone: &TestPhone) -> Vec<(String, ContactMark)> {
    let view = phone.engine().household(phone.list(), phone.door("6 Willow St"));
    let contacts = view.expect("a household").people[0].contacts.clone();
    contacts.into_iter().map(|contact| (contact.value, contact.mark)).collect()
}

/// The number that the fixture's file has for the first person at 6 Willow St (door d02).
fn filed_number() -> String {
    let text = String::from_utf8(read("people.csv")).expect("text");
    let row = text.lines().find(|line| line.contains(",d02,")).expect("someone at d02");
    row.split(',').nth(6).expect("a phone column").to_owned()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let campaign = TestCampaign::small(1);
    let ash = campaign.joined("Ash");
    let before = campaign.get("/lists/1/digest");
    for (kind, file) in [("doors", "doors.csv"), ("people", "people.csv")] {
        campaign.import(kind, kind, &read(file));
    }
    assert_eq!(campaign.get("/lists/1/digest"), before);
    assert_eq!(ash.sync(&campaign).received, 0);
}

#[test]
fn a_correction_at_the_door_stands_against_a_file_that_repeats_itself() {
    let campaign = TestCampaign::small(2);
    let ash = campaign.joined("Ash");
    primary(&ash, "+18025550199");
    ash.sync(&campaign);
    // The file says the same of this person, and something new of another.
    campaign.import("people", "people", &people_with("Linnet", "Linnet-Wren"));
    ash.sync(&campaign);
    let numbers = numbers(&ash);
    assert!(numbers.contains(&("+18025550199".into(), ContactMark::Primary)), "{numbers:?}");
    assert_eq!(campaign.get("/conflicts")["conflicts"], json!([]));
}

#[test]
fn a_later_file_tells_phones_no_exact_year_of_birth() {
    let campaign = TestCampaign::small(4);
    let ash = campaign.joined("Ash");
    campaign.import("people", "people", &people_with("Daisy,Tern,1971", "Daisy,Tern,1978"));
    ash.sync(&campaign);
    let view = ash.engine().household(ash.list(), ash.door("6 Willow St")).expect("a household");
    assert_eq!(view.people[0].birth_year, 1975);
    let (server, phone) =
        (campaign.get("/lists/1/digest"), ash.engine().state_digest(ash.list()).expect("a digest"));
    assert_eq!(server["digest"], phone.to_string());
}

#[test]
fn a_file_that_says_something_new_conflicts_with_the_correction() {
    let campaign = TestCampaign::small(3);
    let ash = campaign.joined("Ash");
    primary(&ash, "+18025550199");
    ash.sync(&campaign);
    let filed = filed_number();
    campaign.import("people", "people", &people_with(&filed, "+18025550150"));
    ash.sync(&campaign);
    let conflicts = ash.engine().conflicts(ash.list()).expect("conflicts");
    assert_eq!(conflicts.len(), 1, "both said something new");
    assert!(conflicts[0].candidates.iter().any(|candidate| candidate.from_file));
    assert_eq!(campaign.get("/conflicts")["conflicts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_file_alone_is_believed() {
    let campaign = TestCampaign::small(4);
    let ash = campaign.joined("Ash");
    let filed = filed_number();
    campaign.import("people", "people", &people_with(&filed, "+18025550150"));
    ash.sync(&campaign);
    assert!(numbers(&ash).contains(&("+18025550150".into(), ContactMark::Primary)));
    campaign.import("people", "people", &people_with(&filed, "+18025550151"));
    ash.sync(&campaign);
    assert!(numbers(&ash).contains(&("+18025550151".into(), ContactMark::Primary)));
    assert_eq!(campaign.get("/conflicts")["conflicts"], json!([]));
    let digest = ash.engine().state_digest(ash.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(digest));
}

#[test]
fn new_people_arrive_with_the_list_given_out_anew() {
    let campaign = TestCampaign::small(5);
    let ash = campaign.joined("Ash");
    let household = ash.door("6 Willow St");
    let count = || {
        let view = ash.engine().household(ash.list(), household).expect("a household");
        view.people.len()
    };
    let before = count();
    let mut file = read("people.csv");
    file.extend_from_slice(b"p99,d02,Sorrel,Wren,1990,,,,en,,,,\n");
    campaign.import("people", "people", &file);
    ash.engine().record_note(ash.list(), household, "Unsent meanwhile.").expect("a note");
    ash.sync(&campaign);
    assert_eq!(count(), before + 1);
    let view = ash.engine().household(ash.list(), household).expect("a household");
    assert_eq!(view.notes.len(), 1, "what was recorded meanwhile is there");
}

#[test]
fn the_same_holds_without_a_server() {
    let folder = TempDir::new();
    let clock = Arc::new(SetClock::at(MORNING));
    let phone = Phone::seeded(folder.path(), 5, "solo", clock).expect("a phone");
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    let list = phone.engine().create_campaign(&about).expect("a campaign");
    let import = |file: &std::path::Path| {
        phone.engine().import_path(file, &ImportOptions::default(), None).expect("imported")
    };
    let (doors, people) = (fixture("offline_day/doors.csv"), fixture("offline_day/people.csv"));
    assert_eq!(import(&doors).file, Some(1));
    assert_eq!(import(&people).file, Some(1));
    let digest = phone.engine().state_digest(list).expect("a digest");
    assert_eq!(import(&doors).file, None);
    assert_eq!(import(&people).file, None);
    assert_eq!(phone.engine().state_digest(list).expect("a digest"), digest);
    let altered = folder.path().join("people-2.csv");
    std::fs::write(&altered, people_with("Linnet", "Linnet-Wren")).expect("a file");
    let imported = import(&altered);
    assert_eq!((imported.file, imported.added), (Some(2), 0));
    assert!(imported.altered > 0);
    assert_eq!(import(&altered).file, None, "said already");
}
