//! What is in the way of doors: by files and at the door, in orders, shifts, maps and turfs.

use std::collections::BTreeSet;

use canvass_core::engine::{AttemptInput, NoticeKind, ShiftInput};
use canvass_core::geometry::Bounds;
use canvass_core::id::HouseholdId;
use canvass_core::interchange::RejectionCode;
use canvass_core::walklist::{Access, CanvassResult};
use canvass_tests::campaign::TestCampaign;
use canvass_tests::fixture;
use canvass_tests::solo::Solo;
use serde_json::json;

fn doors() -> String {
    std::fs::read_to_string(fixture("access/doors.csv")).expect("doors")
}

fn solo() -> Solo {
    let solo = Solo::empty();
    solo.import(doors().as_bytes()).expect("imported");
    solo
}

/// How each door is reached, in walking order.
fn order(solo: &Solo) -> Vec<(HouseholdId, Access)> {
    let page = solo.engine().doors(solo.list, None, 500).expect("doors");
    page.doors.into_iter().map(|door| (door.household, door.access)).collect()
}

fn shift(solo: &Solo) -> (u32, u32, f64) {
    let input = ShiftInput {
        minutes: 600.0,
        start: None,
        end: None,
        back: false,
        local_hour: 11,
        utc_offset_minutes: -240,
    };
    let planned = solo.engine().plan_shift(solo.list, &input).expect("a shift");
    (planned.stops, planned.left_out, planned.work_s)
}

#[test]
fn what_a_file_says_is_shown_and_a_later_one_alters_it() {
    let solo = solo();
    let at = |address: &str| {
        let view = solo.engine().household(solo.list, solo.door(address)).expect("a household");
        view.access.map(|said| (said.access, said.from_file, said.sentence))
    };
    let told = |access, words: &str| Some((access, true, words.to_owned()));
    assert_eq!(at("2 Willow St"), None);
    let gate = "There is a gate to open, or a bell to ring first.";
    assert_eq!(at("6 Willow St"), told(Access::Gate, gate));
    assert_eq!(at("14 Willow St"), told(Access::Dog, "A dog is loose here."));
    assert_eq!(at("3 Willow St"), told(Access::Locked, "The entrance is locked."));
    let again = solo.import(doors().as_bytes()).expect("imported");
    assert_eq!(again.file, None, "it says nothing new");
    let later = doors().replace(",dog", ",").replace("-73.400000,gate", "-73.400000,LOCKED");
    assert_eq!(solo.import(later.as_bytes()).expect("imported").altered, 2);
    assert_eq!(at("14 Willow St"), told(Access::Open, "Nothing is in the way here."));
    assert_eq!(at("6 Willow St"), told(Access::Locked, "The entrance is locked."));

    let moat = Solo::empty().import(doors().replace("dog", "moat").as_bytes()).expect("read");
    assert_eq!((moat.file, moat.tally.rejected[0].code), (None, RejectionCode::BadAccess));
}

#[test]
fn orders_and_shifts_go_by_it_and_no_door_is_lost() {
    let solo = solo();
    let (engine, list) = (solo.engine(), solo.list);
    let all = order(&solo);
    let page = engine.doors(list, None, 500).expect("doors").doors;
    let stops: BTreeSet<u32> = page.iter().map(|door| door.stop).collect();
    let planned = engine.plan_order(list, None, None).expect("an order");
    assert_eq!((planned.left_out, planned.stops as usize), (2, stops.len() - 2));
    let is_out = |access: Access| matches!(access, Access::Dog | Access::Locked);
    let after = order(&solo);
    assert_eq!(after.len(), all.len());
    assert!(after[after.len() - 2..].iter().all(|(_, access)| is_out(*access)), "{after:?}");
    let (shifted, left_out, work_s) = shift(&solo);
    assert_eq!((shifted, left_out), (planned.stops, 2));
    let gate = after.iter().find(|(_, access)| *access == Access::Gate).expect("a gate").0;
    engine.record_access(list, gate, Access::Open).expect("no gate");
    let plain = shift(&solo).2;
    assert!((work_s - plain - 30.0).abs() < 1e-6, "a gate takes half a minute: {work_s} {plain}");

    // Recorded at the door it holds at once, and is opened again in the same way.
    let dog = after.iter().find(|(_, access)| *access == Access::Dog).expect("a dog").0;
    let first = after[0].0;
    engine.record_access(list, dog, Access::Open).expect("no dog");
    let slip = engine.record_access(list, first, Access::Locked).expect("locked").change;
    assert_eq!(engine.plan_order(list, None, None).expect("an order").left_out, 2);
    let now = order(&solo);
    assert!(now[now.len() - 2..].contains(&(first, Access::Locked)));
    assert!(!now[now.len() - 2..].iter().any(|(door, _)| *door == dog));
    let again = engine.replan(list, engine.household(list, dog).expect("it").point).expect("it");
    assert_eq!(again.left_out, 2);
    assert_eq!(order(&solo).len(), all.len());
    engine.undo(list, first, slip).expect("taken back");
    assert_eq!(shift(&solo).1, 1);

    // Someone may go there all the same.
    let knock = AttemptInput::at_door(list, first, Some(CanvassResult::NotHome));
    engine.record_attempt(&knock).expect("a knock");
}

#[test]
fn a_map_counts_them_and_a_phone_that_is_opened_again_knows_them() {
    let mut solo = solo();
    let first = order(&solo)[0].0;
    solo.engine().record_access(solo.list, first, Access::Gate).expect("a gate");
    let page = solo.engine().doors(solo.list, None, 500).expect("doors").doors;
    let bounds = Bounds::around(page.iter().map(|door| door.point));
    let hindered = |solo: &Solo| {
        let features = solo.engine().map_features(solo.list, bounds, 18.0).expect("a map");
        features.pins.iter().map(|pin| pin.hindered).sum::<u32>()
    };
    let shown = order(&solo);
    assert_eq!(hindered(&solo), 4);
    solo.reopen().expect("opens again");
    assert_eq!((order(&solo), hindered(&solo)), (shown, 4));
}

#[test]
fn two_who_differ_are_told_and_nobody_has_to_choose() {
    let campaign = TestCampaign::small(91);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("2 Willow St");
    ash.engine().record_access(ash.list(), door, Access::Dog).expect("a dog");
    for clock in [&ash.clock, &birch.clock, &campaign.clock] {
        clock.advance_ms(60_000);
    }
    birch.engine().record_access(birch.list(), door, Access::Gate).expect("a gate");
    for phone in [&ash, &birch, &ash] {
        phone.sync(&campaign);
    }
    for phone in [&ash, &birch] {
        let view = phone.engine().household(phone.list(), door).expect("a household");
        let access = view.access.expect("said");
        assert_eq!((access.access, access.by.as_str()), (Access::Gate, "Birch"));
        let kinds: Vec<NoticeKind> = view.notices.iter().map(|notice| notice.kind).collect();
        assert_eq!(kinds, [NoticeKind::AccessDiffers]);
        assert!(view.conflicts.is_empty());
    }
    let soft = campaign.get("/conflicts")["soft"].clone();
    assert_eq!(soft[0]["kind"], "access_differs");

    // Whoever has seen both settles it by saying what is so.
    for clock in [&ash.clock, &birch.clock, &campaign.clock] {
        clock.advance_ms(60_000);
    }
    ash.engine().record_access(ash.list(), door, Access::Locked).expect("locked");
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
        let view = phone.engine().household(phone.list(), door).expect("a household");
        assert_eq!(view.access.map(|it| it.access), Some(Access::Locked));
        assert!(view.notices.is_empty());
    }
    campaign.assert_all_agree(&[&ash, &birch]);

    // New turfs and lists go by it: the door is on the list, after all others.
    campaign.post("/turfs", &json!({ "turfs": 1 }));
    campaign.post("/lists", &json!({ "turf": 2 }));
    let cedar = campaign.invite("Cedar", &[2]);
    cedar.sync(&campaign);
    let list = cedar.engine().walk_lists().expect("lists")[0].list;
    let page = cedar.engine().doors(list, None, 500).expect("doors").doors;
    let last = page.last().expect("a door");
    assert_eq!((last.household, last.access), (door, Access::Locked));
}
