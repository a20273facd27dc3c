//! Someone met at the door who is taken back, or forgotten, after others spoke of them: what is
//! recorded of them still leaves the phone, and nothing after it waits.

use canvass_core::change::{ContactMark, ContactMedium, Envelope};
use canvass_core::engine::{ContactInput, PersonMetInput, Saved, SyncOutcome, SyncRequest};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_core::sync::wire::{self, PushRequest};
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::json;

fn meet(phone: &TestPhone, household: HouseholdId) -> Saved {
    let met = PersonMetInput {
        list: phone.list(),
        household,
        given_name: "Robin".to_owned(),
        family_name: "Newcomer".to_owned(),
        language: String::new(),
    };
    phone.engine().add_person(&met).expect("a person")
}

fn tell_number(phone: &TestPhone, household: HouseholdId, person: PersonId, last: u8) -> Saved {
    let input = ContactInput {
        list: phone.list(),
        household,
        person,
        medium: ContactMedium::Phone,
        mark: ContactMark::Primary,
        value: format!("+180255501{last:02}"),
    };
    phone.engine().record_contact(&input).expect("a number")
}

fn assert_all_sent(campaign: &TestCampaign, phone: &TestPhone) {
    assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete);
    let status = phone.engine().sync_status().expect("a status");
    assert_eq!((status.on_this_phone, status.set_aside), (0, 0));
    let own = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(own));
}

/// A request without what its phone carries for others.
fn own_work(request: &SyncRequest) -> SyncRequest {
    let mut request = request.clone();
    if request.url.ends_with("/push") {
        let mut push: PushRequest = wire::decoded(&request.body).expect("a push");
        push.segments.retain(|bytes| !Envelope::is_one(bytes));
        request.body = wire::encoded(&push);
    }
    request
}

#[test]
fn what_was_said_of_someone_who_was_taken_back_can_be_taken_back() {
    let campaign = TestCampaign::small(1);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("6 Willow St");
    for is_sent in [false, true] {
        let met = meet(&ash, door);
        let number = tell_number(&ash, door, met.person.expect("an id"), 10);
        if is_sent {
            ash.sync(&campaign);
        }
        for change in [met.change, number.change] {
            ash.engine().undo(ash.list(), door, change).expect("taken back");
        }
        ash.engine().record_note(ash.list(), door, "Nobody new here.").expect("a note");
        assert_all_sent(&campaign, &ash);
    }
    assert_all_sent(&campaign, &birch);
}

#[test]
fn what_people_disagree_on_about_someone_who_was_taken_back_can_be_settled() {
    let campaign = TestCampaign::small(2);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("6 Willow St");
    let met = meet(&ash, door);
    let person = met.person.expect("an id");
    ash.sync(&campaign);
    birch.sync(&campaign);
    tell_number(&ash, door, person, 11);
    tell_number(&birch, door, person, 12);
    ash.engine().undo(ash.list(), door, met.change).expect("taken back");
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
    }

    let seen = |phone: &TestPhone| phone.engine().conflicts(phone.list()).expect("conflicts");
    let conflict = seen(&birch).remove(0);
    let chosen = conflict.candidates[0].change;
    let settled = birch.engine().resolve_conflict(birch.list(), door, conflict.conflict, chosen);
    settled.expect("a decision");
    for phone in [&birch, &ash] {
        assert_all_sent(&campaign, phone);
        assert_eq!(seen(phone), []);
    }
    assert_eq!(campaign.get("/conflicts")["conflicts"], json!([]));
    campaign.post("/erasures", &json!({ "household": door, "person": person }));
    assert_all_sent(&campaign, &ash);
}

#[test]
fn what_was_said_of_someone_who_is_forgotten_holds_nothing_up() {
    let campaign = TestCampaign::small(3);
    let ash = campaign.joined("Ash");
    let door = ash.door("6 Willow St");
    let met = meet(&ash, door);
    let number = tell_number(&ash, door, met.person.expect("an id"), 13);
    ash.sync(&campaign);
    campaign.post("/erasures", &json!({ "household": door }));
    ash.sync(&campaign);
    ash.engine().undo(ash.list(), door, number.change).expect("taken back");
    ash.engine().record_note(ash.list(), door, "Nobody new here.").expect("a note");
    assert_all_sent(&campaign, &ash);
}

#[test]
fn what_is_said_of_someone_whom_another_phone_met_is_taken_in_whoever_syncs_first() {
    for relays in [true, false] {
        let campaign = TestCampaign::small(4);
        let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
        let door = ash.door("6 Willow St");
        let person = meet(&ash, door).person.expect("an id");
        let summary = birch.engine().peer_summary().expect("a summary");
        let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
        birch.engine().apply_bundle(&bundle).expect("taken in");
        tell_number(&birch, door, person, 14);
        if relays {
            assert_all_sent(&campaign, &birch);
            assert_all_sent(&campaign, &ash);
            continue;
        }
        // What Birch carries for Ash is lost on the way, and Ash comes later.
        let report = birch.phone.sync(|request| Some(campaign.server.phone(&own_work(request))));
        assert_eq!(report.expect("a report").sent, 1);
        assert_all_sent(&campaign, &ash);
        assert_all_sent(&campaign, &birch);
    }
}
