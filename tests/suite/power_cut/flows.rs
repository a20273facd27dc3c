//! Power fails at every write and sync of what makes, changes and ends a phone's lists: joining, a
//! conversation, a decision, a bundle, and each way in which a list is erased.

use std::cell::Cell;

use canvass_core::engine::{ConversationInput, Error, SyncOutcome, SyncRequest};
use canvass_core::id::{HouseholdId, ListId, PersonId};
use canvass_core::survey::{AnswerValue, ConversationStep};
use canvass_core::sync::wire::{self, PullRequest, PushRequest};
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::{Value, json};

use super::watched::{Watched, device, invitation};
use super::{digest, knock, state};

/// Leaves the phone as everyone else is: nothing unsent, and the digest of the campaign.
fn agrees(phone: &TestPhone, campaign: &TestCampaign, moment: usize) {
    let status = phone.engine().sync_status().expect("a status");
    assert_eq!((status.on_this_phone, status.set_aside), (0, 0), "moment {moment}");
    let server = campaign.get("/lists/1/digest")["digest"].clone();
    let own = digest(&phone.phone, phone.list()).to_string();
    assert_eq!(server, json!(own), "moment {moment}");
}

#[test]
fn power_cut_while_a_phone_joins_leaves_it_able_to_join() {
    let campaign = TestCampaign::small(1);
    let watched = Watched::new(&campaign.folder.path().join("Birch"));
    watched.joined(&campaign);
    watched.each_cut(0..=watched.recording.moments(), |phone, _, moment| {
        let synced = phone.phone.sync(|request| Some(campaign.server.phone(request)));
        let is_complete = match synced {
            Ok(report) => report.outcome == SyncOutcome::Complete,
            Err(Error::NoCampaign) => false,
            Err(error) => panic!("moment {moment}: {error}"),
        };
        if !is_complete {
            phone.engine().join(&invitation(&campaign)).expect("invited again");
            assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete, "moment {moment}");
        }
        agrees(phone, &campaign, moment);
    });
}

/// What a phone shows of a list, disagreements included.
fn shown(phone: &TestPhone, list: ListId) -> (Vec<u8>, usize, u32) {
    let status = phone.engine().sync_status().expect("a status");
    let (_, changes) = state(&phone.phone, list);
    (changes, phone.engine().conflicts(list).expect("conflicts").len(), status.on_this_phone)
}

#[test]
fn power_cut_in_the_middle_of_a_decision_leaves_it_made_or_not() {
    let campaign = TestCampaign::small(2);
    let watched = Watched::new(&campaign.folder.path().join("Birch"));
    let (ash, birch) = (campaign.joined("Ash"), watched.joined(&campaign));
    let door = ash.door("6 Willow St");
    ash.say(door, "1");
    birch.say(door, "4");
    for phone in [&ash, &birch] {
        assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    }
    let list = birch.list();
    let conflict = birch.engine().conflicts(list).expect("conflicts").remove(0);
    let (begun, before) = (watched.recording.moments(), shown(&birch, list));
    let chosen = conflict.candidates[0].change;
    birch.engine().resolve_conflict(list, door, conflict.conflict, chosen).expect("decided");
    let (returned, after) = (watched.recording.moments(), shown(&birch, list));
    assert_eq!((before.1, after.1), (1, 0));
    watched.each_cut(begun..=returned, |phone, _, moment| {
        let found = shown(phone, list);
        assert!(found == after || found == before && moment < returned, "moment {moment}");
        knock(&phone.phone, list, door);
        assert_eq!(shown(phone, list).2, found.2 + 1, "moment {moment}: work goes on");
    });
}

#[test]
fn power_cut_while_a_bundle_is_taken_in_loses_nothing_and_it_may_come_again() {
    let campaign = TestCampaign::small(3);
    let watched = Watched::new(&campaign.folder.path().join("Birch"));
    let (ash, birch) = (campaign.joined("Ash"), watched.joined(&campaign));
    let door = birch.door("2 Willow St");
    knock(&birch.phone, birch.list(), door);
    ash.say(ash.door("6 Willow St"), "1");
    ash.say(ash.door("40 Heron Ave 2A"), "2");
    let summary = birch.engine().peer_summary().expect("a summary");
    let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
    let list = birch.list();
    let begun = watched.recording.moments();
    birch.engine().apply_bundle(&bundle).expect("taken in");
    let (returned, after) = (watched.recording.moments(), shown(&birch, list));
    watched.each_cut(begun..=returned, |phone, _, moment| {
        assert_eq!(shown(phone, list).2, 1, "moment {moment}: its own work");
        let report = phone.engine().apply_bundle(&bundle).expect("taken in");
        assert_eq!(report.refused, 0, "moment {moment}");
        assert!(report.changes == 0 || moment < returned, "moment {moment}: it was taken in");
        assert_eq!(shown(phone, list), after, "moment {moment}");
    });
}

/// What a conversation shows, and what of it is recorded.
fn talk(phone: &TestPhone, (list, household, person): Asked) -> (String, Vec<u8>) {
    let screen = phone.engine().conversation(list, household, person, "en").expect("a screen");
    let shown = format!("{:?} {:?}", screen.view, screen.attempt);
    (shown, state(&phone.phone, list).1)
}

type Asked = (ListId, HouseholdId, PersonId);

fn converse(phone: &TestPhone, (list, household, person): Asked, step: &ConversationStep) {
    let language = "en".to_owned();
    let (step, attempt) = (step.clone(), None);
    let input = ConversationInput { list, household, person, step, language, attempt };
    phone.engine().converse(&input).expect("a step");
}

/// Supports, is asked more; then does not, and what was asked of supporters is taken back.
fn steps() -> Vec<ConversationStep> {
    let answer =
        |question: &str, value| ConversationStep::Answer { question: question.to_owned(), value };
    let choice = |option: &str| AnswerValue::Choice { option: option.to_owned() };
    let issues = vec!["schools".to_owned(), "roads".to_owned()];
    vec![
        answer("support", choice("1")),
        answer("issues", AnswerValue::Choices { options: issues }),
        answer("main_issue", choice("roads")),
        answer("sign", choice("yes")),
        ConversationStep::Back,
        ConversationStep::GoTo { question: "support".to_owned() },
        answer("support", choice("5")),
        answer("support", choice("2")),
    ]
}

#[test]
fn power_cut_in_the_middle_of_a_conversation_leaves_whole_steps_and_it_goes_on() {
    let campaign = TestCampaign::small(7);
    let watched = Watched::new(&campaign.folder.path().join("Birch"));
    let birch = watched.joined(&campaign);
    let door = birch.door("6 Willow St");
    let asked = (birch.list(), door, birch.person(door, 0));
    let steps = steps();
    let stage = |phone: &TestPhone| (watched.recording.moments(), talk(phone, asked));
    let mut stages = vec![stage(&birch)];
    for step in &steps {
        converse(&birch, asked, step);
        stages.push(stage(&birch));
    }
    let (begun, ended) = (stages[0].0, stages[steps.len()].0);
    let last = &stages[steps.len()].1;
    watched.each_cut(begun..=ended, |phone, _, moment| {
        let found = talk(phone, asked);
        // What returned is there; of the one that had not, all or nothing.
        let returned = stages.iter().rposition(|(at, _)| *at <= moment).expect("it had begun");
        let at = (returned..=returned + 1)
            .find(|at| stages.get(*at).is_some_and(|(_, stage)| *stage == found));
        let at = at.unwrap_or_else(|| panic!("moment {moment}: between steps, {}", found.0));
        steps[at..].iter().for_each(|step| converse(phone, asked, step));
        assert_eq!(talk(phone, asked).0, last.0, "moment {moment}: it goes on to the same end");
    });
}

/// Has the server not hear that an order is carried out: to it, each of the phones that a cut
/// may leave is the one that has not yet said so.
fn not_told(request: &SyncRequest) -> SyncRequest {
    let mut request = request.clone();
    if let Some(mut push) = wire::decoded::<PushRequest>(&request.body) {
        push.done.clear();
        request.body = wire::encoded(&push);
    } else if let Some(mut pull) = wire::decoded::<PullRequest>(&request.body) {
        pull.done.clear();
        request.body = wire::encoded(&pull);
    }
    request
}

/// A list with unsent work is erased in a sync: at no moment is that work lost or doubled, and
/// once the phone has synced again the key that the list had is gone for good.
fn erased(seed: u64, order: impl Fn(&TestCampaign, &TestPhone)) {
    let campaign = TestCampaign::small(seed);
    let watched = Watched::new(&campaign.folder.path().join("Birch"));
    let birch = watched.joined(&campaign);
    let list = birch.list();
    birch.say(birch.door("6 Willow St"), "1");
    let alias = format!("canvass.list.{list}");
    let key = watched.vault.key(&alias).expect("the list's key");
    let begun = watched.recording.moments();
    order(&campaign, &birch);
    let answered = Cell::new(usize::MAX);
    let report = birch.phone.sync(|request| {
        let reply = campaign.server.phone(&not_told(request));
        if request.url.ends_with("/push") && answered.get() == usize::MAX {
            answered.set(watched.recording.moments());
        }
        Some(reply)
    });
    assert_eq!(report.expect("a sync").outcome, SyncOutcome::Complete);
    assert_ne!(watched.vault.key(&alias), Some(key), "erased");
    let mut expected = campaign.exported();
    expected.sort();
    assert_eq!(expected.len(), 2);
    watched.each_cut(begun..=watched.recording.moments(), |phone, vault, moment| {
        let unsent = phone.engine().sync_status().expect("a status").on_this_phone;
        assert!(unsent == 2 || moment > answered.get(), "moment {moment}: {unsent} unsent");
        let report = phone.phone.sync(|request| Some(campaign.server.phone(&not_told(request))));
        assert_eq!(report.expect("a sync").outcome, SyncOutcome::Complete, "moment {moment}");
        let left = phone.engine().sync_status().expect("a status").on_this_phone;
        assert_eq!(left, 0, "moment {moment}");
        assert_ne!(vault.key(&alias), Some(key), "moment {moment}: the key is still there");
    });
    let mut exported = campaign.exported();
    exported.sort();
    assert_eq!(exported, expected, "nothing came twice");
}

#[test]
fn power_cut_while_a_withdrawn_list_is_erased_loses_nothing_and_leaves_nothing_to_read() {
    erased(4, |campaign, _| drop(campaign.post("/lists/1/withdraw", &Value::Null)));
}

#[test]
fn power_cut_while_a_wipe_is_carried_out_loses_nothing_and_leaves_nothing_to_read() {
    erased(5, |campaign, phone| {
        campaign.clock.advance_ms(1_000);
        drop(campaign.post(&format!("/devices/{}/erase", device(phone)), &Value::Null));
    });
}

#[test]
fn power_cut_while_a_list_expires_loses_nothing_and_leaves_nothing_to_read() {
    erased(6, |campaign, phone| {
        let hours = 37 * 60 * 60 * 1000;
        campaign.clock.advance_ms(hours);
        phone.clock.advance_ms(hours);
        assert_eq!(phone.engine().walk_lists().expect("lists"), Vec::new(), "its time is over");
    });
}
