//! An organiser cuts a list anew, takes it, withdraws it, while phones are out of reach: what was
//! recorded before they heard still reaches the campaign, and everyone agrees afterwards.

use std::collections::BTreeSet;

use axum::http::Method;
use canvass_core::change::{AnswerBody, Body, DoorRef, MemberRef, NoteBody};
use canvass_core::engine::{AttemptInput, SyncOutcome};
use canvass_core::id::{ChangeId, HouseholdId};
use canvass_core::survey::{AnswerCode, Script};
use canvass_core::sync::wire::{exception, part};
use canvass_core::sync::{doors_of_bytes, people_of_bytes};
use canvass_core::walklist::CanvassResult;
use canvass_tests::author::Author;
use canvass_tests::campaign::{TestCampaign, TestPhone, read};
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn doors(phone: &TestPhone) -> Vec<HouseholdId> {
    let page = phone.engine().doors(phone.list(), None, 500).expect("doors");
    page.doors.iter().map(|door| door.household).collect()
}

/// A knock at every door of the list.
fn knock_everywhere(phone: &TestPhone) -> u32 {
    let doors = doors(phone);
    for door in &doors {
        let result = Some(CanvassResult::NotHome);
        let input = AttemptInput::at_door(phone.list(), *door, result);
        phone.engine().record_attempt(&input).expect("a knock");
    }
    u32::try_from(doors.len()).expect("a small list")
}

fn assert_agrees(campaign: &TestCampaign, phone: &TestPhone) {
    let digest = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(digest));
}

fn device_of(campaign: &TestCampaign, phone: &TestPhone) -> String {
    // The organiser knows devices by what they wrote.
    phone.say(phone.door("6 Willow St"), "2");
    phone.sync(campaign);
    let path = format!("{}/export/csv", campaign.path);
    let (_, csv) = campaign.server.operator_bytes(Method::GET, &path, Vec::new());
    let csv = String::from_utf8(csv).expect("text");
    let id = csv.lines().nth(1).and_then(|line| line.split(',').next()).expect("a change");
    id.trim_matches('"').split('.').next().expect("a device").to_owned()
}

#[test]
fn a_list_cut_anew_keeps_what_was_recorded_before_its_phones_heard() {
    let campaign = TestCampaign::small(1);
    campaign.post("/turfs", &json!({ "turfs": 2 }));
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let all: BTreeSet<HouseholdId> = doors(&ash).into_iter().collect();
    let recorded = knock_everywhere(&ash);
    let cut = campaign.post("/lists/1/recut", &json!({ "turf": 2 }));
    assert_eq!(cut["epoch"], json!(2));
    let report = ash.sync(&campaign);
    assert_eq!(report.outcome, SyncOutcome::Complete);
    assert_eq!((report.sent, report.late, report.set_aside), (recorded, recorded, 0));
    assert_eq!((report.diverged, report.repaired), (0, 0));
    assert_eq!(campaign.get("")["attempts"], json!(recorded));
    birch.sync(&campaign);
    for phone in [&ash, &birch] {
        let now: BTreeSet<HouseholdId> = doors(phone).into_iter().collect();
        assert!(now.len() < all.len() && now.is_subset(&all));
        let status = phone.engine().sync_status().expect("a status");
        assert_eq!((status.on_this_phone, status.at_campaign, status.set_aside), (0, 0, 0));
        assert_agrees(&campaign, phone);
    }
    // Back to all doors: what was knocked on in between comes with the snapshot.
    campaign.post("/lists/1/recut", &json!({ "turf": 1 }));
    let second = knock_everywhere(&birch);
    assert_eq!(birch.sync(&campaign).late, second);
    ash.sync(&campaign);
    assert_agrees(&campaign, &ash);
    assert_agrees(&campaign, &birch);
    assert_eq!(ash.engine().progress(ash.list()).expect("progress").done, recorded);
}

#[test]
fn a_list_taken_and_given_again_loses_nothing() {
    let campaign = TestCampaign::small(2);
    let ash = campaign.joined("Ash");
    let device = device_of(&campaign, &ash);
    let recorded = knock_everywhere(&ash);
    campaign.post(&format!("/lists/1/devices/{device}/take"), &Value::Null);
    campaign.post(&format!("/lists/1/devices/{device}/take"), &Value::Null);
    let report = ash.sync(&campaign);
    assert_eq!((report.sent, report.late, report.set_aside), (recorded, recorded, 0));
    assert_eq!(campaign.get("")["attempts"], json!(recorded + 1), "with that of the answer");
    assert!(ash.engine().walk_lists().expect("lists").is_empty());
    campaign.post(&format!("/lists/1/devices/{device}"), &Value::Null);
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_agrees(&campaign, &ash);
    assert_eq!(ash.engine().progress(ash.list()).expect("progress").done, recorded);
}

#[test]
fn what_comes_two_weeks_after_a_withdrawal_waits_for_someone_to_decide() {
    for (days, late) in [(13, false), (15, true)] {
        let campaign = TestCampaign::small(3);
        let ash = campaign.joined("Ash");
        let recorded = knock_everywhere(&ash);
        campaign.post("/lists/1/withdraw", &Value::Null);
        campaign.clock.advance_ms(days * DAY_MS);
        let report = ash.sync(&campaign);
        assert_eq!(report.sent, recorded, "it is kept either way");
        assert_eq!(report.set_aside, if late { recorded } else { 0 });
        assert_eq!(report.late, if late { 0 } else { recorded });
        let aside = campaign.get("/set-aside");
        let aside = aside["set_aside"].as_array().expect("an array");
        assert!(aside.iter().all(|change| change["reason"] == json!("too_late")));
        let retried = campaign.post("/set-aside/retry", &Value::Null);
        assert_eq!(retried, json!({ "taken_in": report.set_aside, "set_aside": 0 }));
        assert_eq!(campaign.get("")["attempts"], json!(recorded), "each once");
    }
}

/// Every door of the first list, as the wire names them.
fn doors_told(campaign: &TestCampaign, author: &Author) -> Vec<DoorRef> {
    let reply = author.pull(campaign, Vec::new()).expect("an answer");
    let parts = reply.parts.iter().filter(|part| part.kind == part::DOORS);
    let doors = parts.flat_map(|part| doors_of_bytes(author.campaign, &part.body).expect("doors"));
    doors.map(|door| DoorRef::Number { cell: door.cell, ordinal: door.ordinal }).collect()
}

/// Somebody whom a file knows, and their door.
fn somebody_told(campaign: &TestCampaign, author: &Author) -> (DoorRef, MemberRef) {
    let reply = author.pull(campaign, Vec::new()).expect("an answer");
    let part = reply.parts.iter().find(|part| part.kind == part::PEOPLE).expect("people");
    let people = people_of_bytes(&part.body, |cell, ordinal| {
        Some(HouseholdId::derive(&[&cell.to_be_bytes(), &ordinal.to_be_bytes()]))
    });
    let person = &people.expect("people")[0];
    let door = DoorRef::Number { cell: person.cell, ordinal: person.ordinal };
    (door, MemberRef::Number(person.member))
}

#[test]
fn a_door_that_left_before_a_device_came_is_not_theirs() {
    let campaign = TestCampaign::small(4);
    campaign.post("/turfs", &json!({ "turfs": 2 }));
    let before = Author::enrolled(&campaign, "Before", &[1]);
    let all = doors_told(&campaign, &before);
    campaign.post("/lists/1/recut", &json!({ "turf": 2 }));
    let after = Author::enrolled(&campaign, "After", &[1]);
    let left = all.len() - doors_told(&campaign, &after).len();
    assert!(left > 0 && left < all.len());
    for (mut author, aside) in [(before, 0), (after, left)] {
        let segment = author.segment(1, all.iter().map(|door| note(*door)).collect());
        let reply = author.push(&campaign, &[segment]).expect("an answer");
        let count = |code| reply.exceptions.iter().filter(|told| told.code == code).count();
        assert_eq!(count(exception::SET_ASIDE), aside);
        assert_eq!(count(exception::STALE_SCOPE), all.len() - aside, "they name epoch 1");
    }
}

fn note(door: DoorRef) -> (DoorRef, Option<MemberRef>, Body<MemberRef>) {
    (door, None, Body::Note(NoteBody { edits: None, text: "Gate on the left.".to_owned() }))
}

/// The fixture's script under another version's name.
fn later_script() -> Value {
    let mut script: Value = serde_json::from_slice(&read("script.json")).expect("JSON");
    script["version"] = json!("2026-10-04");
    script
}

#[test]
fn what_lacked_a_script_is_taken_in_when_it_comes_and_holds_up_nobody() {
    let campaign = TestCampaign::small(5);
    let mut author = Author::enrolled(&campaign, "Later", &[1]);
    let script = Script::parse(&later_script().to_string()).expect("a script");
    let question = script.question_no("support").expect("a question");
    let (at, person) = somebody_told(&campaign, &author);
    let answer = Body::Answer(AnswerBody {
        script: script.hash(),
        question,
        value: Some(AnswerCode::Choice(1)),
        attempt: ChangeId { device: author.device, incarnation: 1, seq: 1 },
    });
    let said = vec![note(at), (at, Some(person), answer), note(at)];
    let segment = author.segment(1, said);
    let reply = author.push(&campaign, std::slice::from_ref(&segment)).expect("an answer");
    assert_eq!(reply.marks[0].seq, 3);
    let told: Vec<(u64, u8)> = reply.exceptions.iter().map(|told| (told.seq, told.code)).collect();
    assert_eq!(told, [(2, exception::SET_ASIDE)]);
    assert_eq!(campaign.get("")["changes"], json!(2), "the next is not held up");
    let aside = campaign.get("/set-aside");
    assert_eq!(aside["set_aside"][0]["reason"], json!("unknown_question"));
    assert_eq!(campaign.post("/set-aside/retry", &Value::Null)["set_aside"], json!(1));
    campaign.post("/scripts", &later_script());
    assert_eq!(campaign.get("/set-aside"), json!({ "set_aside": [] }));
    let counts = campaign.get("");
    assert_eq!((&counts["changes"], &counts["set_aside"]), (&json!(3), &json!(0)));
    // Once is once, whatever comes again.
    assert_eq!(campaign.post("/set-aside/retry", &Value::Null)["taken_in"], json!(0));
    author.push(&campaign, &[segment]).expect("an answer");
    assert_eq!(campaign.get("")["changes"], json!(3));
    let ids: BTreeSet<u64> =
        author.events(&campaign).iter().map(|event| event.change.id.seq).collect();
    assert_eq!(ids, BTreeSet::from([1, 2, 3]));
}

#[test]
fn a_phone_sees_what_was_set_aside_and_asks_again() {
    let campaign = TestCampaign::small(6);
    let ash = campaign.joined("Ash");
    let recorded = knock_everywhere(&ash);
    campaign.post("/lists/1/withdraw", &Value::Null);
    campaign.clock.advance_ms(15 * DAY_MS);
    ash.sync(&campaign);
    let engine = ash.engine();
    // The list was erased when its order came: what was set aside is counted, and read no more.
    assert_eq!(engine.set_aside().expect("changes"), []);
    let status = engine.sync_status().expect("a status");
    assert_eq!((status.on_this_phone, status.set_aside), (0, recorded));
    assert!(status.sentence.contains("need attention"), "{}", status.sentence);
    // Still too late: asking changes nothing, and is not repeated.
    engine.retry_set_aside().expect("asked");
    let report = ash.sync(&campaign);
    assert_eq!((report.outcome, report.set_aside), (SyncOutcome::Complete, 0));
    assert_eq!(engine.sync_status().expect("a status").set_aside, recorded);
    // Someone at the campaign decides.
    assert_eq!(campaign.post("/set-aside/retry", &Value::Null)["taken_in"], json!(recorded));
    engine.retry_set_aside().expect("asked");
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(engine.sync_status().expect("a status").set_aside, 0);
    assert_eq!(campaign.get("")["attempts"], json!(recorded), "each once");
}
