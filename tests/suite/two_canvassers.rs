//! Two canvassers, one door: both knocks are kept, the disagreement is seen and settled.

use canvass_core::engine::{AttemptInput, SavedWhere, SyncOutcome};
use canvass_core::survey::AnswerValue;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::json;

#[test]
fn a_disagreement_is_one_conflict_for_everyone_until_it_is_settled() {
    let campaign = TestCampaign::small(1);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("6 Willow St");
    ash.say(door, "1");
    birch.clock.advance_ms(60_000);
    campaign.clock.advance_ms(120_000);
    birch.say(door, "4");

    assert_eq!(ash.sync(&campaign).sent, 2);
    let report = birch.sync(&campaign);
    assert_eq!((report.sent, report.conflicts), (2, 1));
    ash.sync(&campaign);

    let seen = |phone: &TestPhone| phone.engine().conflicts(phone.list()).expect("conflicts");
    assert_eq!(seen(&ash).len(), 1);
    let ids: Vec<_> = seen(&ash).iter().chain(&seen(&birch)).map(|c| c.conflict).collect();
    assert_eq!(ids[0], ids[1], "everyone calls it the same");
    let conflict = &seen(&ash)[0];
    let mut said: Vec<_> =
        conflict.candidates.iter().map(|c| (c.by.clone(), c.value.clone())).collect();
    said.sort();
    let expected = [("Ash".to_owned(), vec!["1".to_owned()]), ("Birch".into(), vec!["4".into()])];
    assert_eq!(said, expected);

    let open = campaign.get("/conflicts");
    let listed = &open["conflicts"][0];
    assert_eq!(listed["subject"], "support");
    let strong = listed["candidates"].as_array().expect("two");
    let strong = strong.iter().find(|candidate| candidate["value"] == json!(["1"]));
    let chosen = &strong.expect("Ash's answer")["change"];
    let id = listed["conflict"].as_str().expect("an id");
    campaign.post(&format!("/conflicts/{id}"), &json!({ "chosen": chosen }));
    assert_eq!(campaign.get("/conflicts")["conflicts"], json!([]));

    for phone in [&ash, &birch] {
        assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
        assert_eq!(seen(phone), []);
        let person = phone.person(door, 0);
        let survey = phone.engine().survey(phone.list(), door, person, "en").expect("a survey");
        let answer = survey.questions[0].answer.clone();
        assert_eq!(answer, Some(AnswerValue::Choice { option: "1".into() }));
    }
    let digest = campaign.get("/lists/1/digest");
    let own = ash.engine().state_digest(ash.list()).expect("a digest").to_string();
    assert_eq!(digest["digest"], json!(own));
}

#[test]
fn both_knocks_are_kept_and_told_apart() {
    let campaign = TestCampaign::small(2);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("10 Willow St");
    for (phone, result) in [(&ash, CanvassResult::NotHome), (&birch, CanvassResult::Refused)] {
        let input = AttemptInput::at_door(phone.list(), door, Some(result));
        phone.engine().record_attempt(&input).expect("a knock");
    }
    ash.sync(&campaign);
    birch.sync(&campaign);
    let view = birch.engine().household(birch.list(), door).expect("a household");
    assert!(view.double_knock);
    assert_eq!(view.conflicts, []);
    let told: Vec<_> =
        view.attempts.iter().map(|a| (a.by.as_str(), a.own, a.saved, a.door)).collect();
    assert!(told.contains(&("Ash", false, SavedWhere::AtCampaign, Some(CanvassResult::NotHome))));
    assert!(told.contains(&("Birch", true, SavedWhere::AtCampaign, Some(CanvassResult::Refused))));
}

#[test]
fn do_not_contact_closes_the_door_at_once_and_for_everyone_after_their_pull() {
    let campaign = TestCampaign::small(3);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("14 Willow St");
    ash.engine().set_do_not_contact(ash.list(), door, None).expect("a mark");
    let walked_to = |phone: &TestPhone| {
        let page = phone.engine().doors(phone.list(), None, 500).expect("doors");
        page.doors.iter().any(|d| d.household == door)
    };
    assert!(!walked_to(&ash), "at once");
    assert!(walked_to(&birch), "Birch has not heard yet");
    let input = AttemptInput::at_door(birch.list(), door, Some(CanvassResult::NotHome));
    birch.engine().record_attempt(&input).expect("a knock, unseen");
    ash.sync(&campaign);
    birch.sync(&campaign);
    assert!(!walked_to(&birch));
    let view = birch.engine().household(birch.list(), door).expect("it can be looked at");
    assert!(view.do_not_contact && view.do_not_knock && view.attempts.len() == 1);
}
