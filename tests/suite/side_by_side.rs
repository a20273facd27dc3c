//! Two people at one door, unseen by each other: decisions that meet, and what is only worth a
//! look. Nothing of it holds anybody up.

use canvass_core::engine::{AnswerInput, ConflictView, HouseholdView, NoticeKind, PersonMetInput};
use canvass_core::id::{ChangeId, HouseholdId};
use canvass_core::survey::AnswerValue;
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone};
use serde_json::{Value, json};

fn view(phone: &TestPhone, household: HouseholdId) -> HouseholdView {
    phone.engine().household(phone.list(), household).expect("a household")
}

fn only_conflict(phone: &TestPhone, household: HouseholdId) -> ConflictView {
    let mut conflicts = view(phone, household).conflicts;
    assert_eq!(conflicts.len(), 1);
    conflicts.remove(0)
}

/// Settles the only conflict of a household in favour of the candidate of this place.
fn settle(phone: &TestPhone, household: HouseholdId, place: usize) {
    let conflict = only_conflict(phone, household);
    let chosen = conflict.candidates[place].change;
    let saved = phone.engine().resolve_conflict(phone.list(), household, conflict.conflict, chosen);
    saved.expect("settled");
}

#[test]
fn two_who_settle_one_conflict_offline_end_with_one_and_the_same_answer() {
    let campaign = TestCampaign::small(71);
    let [ash, birch, cedar] = ["Ash", "Birch", "Cedar"].map(|name| campaign.joined(name));
    let phones = [&ash, &birch, &cedar];
    let [same, other] = ["2 Willow St", "6 Willow St"].map(|address| ash.door(address));
    for household in [same, other] {
        ash.say(household, "1");
        birch.say(household, "4");
    }
    campaign.assert_all_agree(&phones);
    assert_eq!(campaign.conflicts(), 2);

    // Both decide without hearing of each other: alike at one door, differently at the next.
    settle(&ash, same, 0);
    settle(&birch, same, 0);
    settle(&ash, other, 0);
    settle(&birch, other, 1);
    campaign.assert_all_agree(&phones);
    assert_eq!(campaign.conflicts(), 1, "what both say alike is settled");
    let ids = phones.map(|phone| only_conflict(phone, other).conflict);
    assert_eq!([ids[0]; 3], ids);
    let shown = phones.map(|phone| only_conflict(phone, other).shown);
    assert_eq!([shown[0]; 3], shown);
    assert!(phones.iter().all(|phone| view(phone, same).conflicts.is_empty()));

    // The campaign and a phone settle it side by side once more, alike this time.
    let conflict = only_conflict(&cedar, other);
    settle(&cedar, other, 1);
    let chosen = conflict.candidates[1].change;
    campaign.post(&format!("/conflicts/{}", conflict.conflict), &json!({ "chosen": chosen }));
    campaign.assert_all_agree(&phones);
    assert_eq!(campaign.conflicts(), 0);
    assert!(phones.iter().all(|phone| view(phone, other).conflicts.is_empty()));
}

#[test]
fn a_value_from_a_phone_whose_clock_is_off_is_marked_so() {
    let campaign = TestCampaign::small(73);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let household = ash.door("2 Willow St");
    birch.clock.pass_until(MORNING.plus_millis(2 * 60 * 60 * 1000));
    ash.say(household, "1");
    birch.say(household, "4");
    campaign.assert_all_agree(&[&ash, &birch]);
    for phone in [&ash, &birch] {
        let candidates = only_conflict(phone, household).candidates;
        let marked: Vec<bool> = candidates.iter().map(|it| it.clock_was_off).collect();
        let by: Vec<bool> = candidates.iter().map(|it| it.by == "Birch").collect();
        assert_eq!(marked, by);
    }
    let open = campaign.get("/conflicts")["conflicts"][0]["candidates"].clone();
    for candidate in open.as_array().expect("candidates") {
        assert_eq!(candidate["clock_was_off"], json!(candidate["canvasser"] == "Birch"));
    }
}

fn answer(
    phone: &TestPhone,
    household: HouseholdId,
    option: &str,
    attempt: Option<ChangeId>,
) -> (ChangeId, ChangeId) {
    let input = AnswerInput {
        list: phone.list(),
        household,
        person: phone.person(household, 0),
        question: "support".to_owned(),
        value: Some(AnswerValue::Choice { option: option.to_owned() }),
        attempt,
        script: None,
    };
    let saved = phone.engine().record_answer(&input).expect("an answer");
    (saved.change, saved.attempt.expect("an attempt"))
}

fn soft(campaign: &TestCampaign) -> Vec<(String, String)> {
    let soft = campaign.get("/conflicts")["soft"].clone();
    let text = |it: &Value, field: &str| it[field].as_str().expect("text").to_owned();
    let soft = soft.as_array().expect("soft conflicts").iter();
    let mut soft: Vec<_> = soft.map(|it| (text(it, "door_id"), text(it, "kind"))).collect();
    soft.sort();
    soft
}

#[test]
fn what_is_worth_a_look_is_flagged_for_everyone_and_holds_nobody_up() {
    let campaign = TestCampaign::small(72);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let [first, second, third] =
        ["2 Willow St", "6 Willow St", "14 Willow St"].map(|address| ash.door(address));
    let (_, attempt) = answer(&ash, first, "1", None);
    let (own, _) = answer(&ash, second, "1", None);
    campaign.assert_all_agree(&[&ash, &birch]);
    assert_eq!(soft(&campaign), []);

    // Birch goes on from what Ash had; Ash takes hers back, and has not heard of it.
    answer(&birch, first, "4", Some(attempt));
    answer(&birch, second, "4", None);
    ash.engine().undo(ash.list(), first, attempt).expect("a knock taken back");
    ash.engine().undo(ash.list(), second, own).expect("an answer taken back");
    for (phone, name) in [(&ash, "Robin "), (&birch, "robin")] {
        let met = PersonMetInput {
            list: phone.list(),
            household: third,
            given_name: name.to_owned(),
            family_name: "Wren".to_owned(),
            language: String::new(),
        };
        phone.engine().add_person(&met).expect("someone");
    }
    campaign.assert_all_agree(&[&ash, &birch]);
    for phone in [&ash, &birch] {
        let kinds = |household| {
            let notices = view(phone, household).notices;
            assert!(notices.iter().all(|it| it.by.len() == 2 && it.changes.len() == 2));
            notices.into_iter().map(|it| (it.kind, it.by.join(" "))).collect::<Vec<_>>()
        };
        assert_eq!(kinds(first), [(NoticeKind::AnswerWentToo, "Ash Birch".to_owned())]);
        let second: Vec<NoticeKind> = kinds(second).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(second, [NoticeKind::DoubleKnock, NoticeKind::WrittenOnSince]);
        assert!(matches!(kinds(third)[..], [(NoticeKind::MetTwice, _)]));
        assert_eq!(phone.engine().sync_status().expect("a status").conflicts, 0);
    }
    let expected = [
        ("d01", "answer_went_too"),
        ("d02", "double_knock"),
        ("d02", "written_on_since"),
        ("d04", "met_twice"),
    ];
    assert_eq!(soft(&campaign), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(campaign.conflicts(), 0);
}
