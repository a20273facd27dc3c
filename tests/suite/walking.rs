//! Walking a list on a phone, with its streets and without a network: the order, the way ahead
//! in words, the map, a shift that fits the time, and planning anew on the way.

use std::collections::BTreeSet;

use canvass_cli::town::Town;
use canvass_core::engine::{AttemptInput, DoorView, Engine, Error, ImportOptions, ShiftInput};
use canvass_core::geometry::{Bounds, Point};
use canvass_core::id::HouseholdId;
use canvass_core::say::LengthUnit;
use canvass_core::street::StreetPack;
use canvass_core::walklist::CanvassResult;
use canvass_tests::fixture;
use canvass_tests::solo::Solo;

/// A phone with a small generated town, with its streets or without.
fn solo(with_streets: bool) -> Solo {
    let solo = Solo::empty();
    let town = Town::generate(4, 140);
    let folder = solo.folder.path().join("town");
    std::fs::create_dir_all(&folder).expect("a folder");
    town.write_files(&folder).expect("a town");
    if with_streets {
        let pack = StreetPack::build(&town.street_map()).expect("a pack");
        solo.engine().put_streets(&pack).expect("kept");
    }
    for file in ["doors.csv", "people.csv"] {
        solo.engine()
            .import_path(&folder.join(file), &ImportOptions::default(), None)
            .expect("imported");
    }
    solo
}

fn doors(solo: &Solo) -> Vec<DoorView> {
    solo.engine().doors(solo.list, None, 500).expect("doors").doors
}

fn ahead(solo: &Solo) -> Vec<HouseholdId> {
    doors(solo).into_iter().filter(|door| !door.done).map(|door| door.household).collect()
}

fn knock(solo: &Solo, household: HouseholdId) {
    let input = AttemptInput::at_door(solo.list, household, Some(CanvassResult::Refused));
    solo.engine().record_attempt(&input).expect("recorded");
}

fn directed(
    engine: &Engine,
    solo: &Solo,
    here: Option<Point>,
) -> canvass_core::engine::DirectionsView {
    engine.directions(solo.list, here, 200, LengthUnit::Metres).expect("directions")
}

#[test]
fn a_list_with_streets_is_walked_along_them_and_says_the_way() {
    let (with, without) = (solo(true), solo(false));
    let on_streets = with.engine().plan_order(with.list, None, None).expect("an order");
    let straight = without.engine().plan_order(without.list, None, None).expect("an order");
    assert_eq!(on_streets.straight_stops, 0);
    assert_eq!(straight.straight_stops, straight.stops);
    assert!(on_streets.length_m > 0.0 && on_streets.walk_s > on_streets.length_m / 1.31);

    let view = directed(with.engine(), &with, None);
    assert_eq!(view.attribution, "A generated town");
    let told: Vec<HouseholdId> =
        view.steps.iter().flat_map(|step| step.households.iter().copied()).collect();
    assert_eq!(told, ahead(&with), "each door once, in walking order");
    assert!(view.steps.len() < told.len(), "doors of one side of a block are one step");
    // Only at the end of a cul-de-sac is another side right here.
    let right_here = view.steps.iter().filter(|step| step.step.moves.is_empty()).count();
    assert!(right_here <= 2, "{view:#?}");
    assert!(view.steps.iter().all(|step| step.sentence.ends_with('.')));
    assert!((view.length_m - on_streets.length_m).abs() < 1.0);

    let view = directed(without.engine(), &without, None);
    assert_eq!(view.attribution, "");
    assert!(view.steps[1].sentence.contains("straight line"), "{}", view.steps[1].sentence);
}

#[test]
fn the_map_shows_every_door_behind_a_pin_and_the_way_ahead() {
    let solo = solo(true);
    let all = doors(&solo);
    let bounds = Bounds::around(all.iter().map(|door| door.point));
    let map = |zoom| solo.engine().map_features(solo.list, bounds, zoom).expect("a map");
    for zoom in [13.0, 15.5, 17.0, 19.0] {
        let features = map(zoom);
        assert_eq!(features.pins.iter().map(|pin| pin.doors).sum::<u32>() as usize, all.len());
        assert_eq!(features.pins.iter().filter(|pin| pin.is_next).count(), 1);
        assert_eq!(features.attribution, "A generated town");
    }
    let near = map(18.0);
    let stops: BTreeSet<u32> = all.iter().map(|door| door.stop).collect();
    assert_eq!(near.pins.len(), stops.len(), "one pin per building");
    assert!(!near.streets.is_empty() && !near.labels.is_empty() && !near.turf.is_empty());
    assert_eq!(near.route.first().copied(), near.next);
    assert!(near.route.len() > near.pins.len(), "the way bends where the streets do");

    for door in &all {
        knock(&solo, door.household);
    }
    let done = map(18.0);
    assert!(done.route.is_empty() && done.next.is_none());
    assert!(done.pins.iter().all(|pin| pin.done == pin.doors));
}

fn shift(minutes: f64, start: Option<Point>) -> ShiftInput {
    ShiftInput { minutes, start, end: None, back: true, local_hour: 18, utc_offset_minutes: -240 }
}

#[test]
fn a_shift_fits_its_minutes_and_its_stops_come_next() {
    let solo = solo(true);
    let before: BTreeSet<HouseholdId> = ahead(&solo).into_iter().collect();
    let car = doors(&solo)[0].point;
    let planned = solo.engine().plan_shift(solo.list, &shift(60.0, Some(car))).expect("a shift");
    assert!(planned.walk_s + planned.work_s <= 3_601.0, "{planned:?}");
    assert!(planned.stops > 5 && planned.conversations <= planned.most_conversations);
    let after = ahead(&solo);
    assert_eq!(after.iter().copied().collect::<BTreeSet<_>>(), before, "no door is lost");
    let longer = solo.engine().plan_shift(solo.list, &shift(120.0, Some(car))).expect("a shift");
    assert!(longer.conversations > planned.conversations);

    let far = Point::new(10.0, 10.0).expect("a position");
    let input = ShiftInput { back: false, end: Some(far), ..shift(5.0, Some(car)) };
    let refused = solo.engine().plan_shift(solo.list, &input).unwrap_err();
    assert!(matches!(refused, Error::TooLittleTime), "{refused:?}");
    assert_eq!(ahead(&solo).len(), before.len());
}

#[test]
fn planning_anew_keeps_every_door_and_what_is_done_in_front() {
    let solo = solo(true);
    solo.engine().plan_order(solo.list, None, None).expect("an order");
    let first: Vec<HouseholdId> = doors(&solo).iter().map(|door| door.household).take(5).collect();
    first.iter().for_each(|household| knock(&solo, *household));
    let left = ahead(&solo);
    let last = doors(&solo).last().expect("doors").point;
    let again = solo.engine().replan(solo.list, last).expect("an order");
    assert!(again.is_new, "from the other end the walk goes the other way: {again:?}");
    let now = ahead(&solo);
    assert_eq!(now.len(), left.len());
    assert_ne!(now, left);
    let in_place: Vec<bool> = doors(&solo).iter().map(|door| door.done).collect();
    let opened = in_place.iter().position(|done| !done).expect("some are left");
    assert!(in_place[opened..].iter().all(|done| !done), "done doors come first");

    let next = doors(&solo).iter().find(|door| !door.done).expect("a door").point;
    let same = solo.engine().replan(solo.list, next).expect("an order");
    assert!(!same.is_new, "who stands at the next door goes on");
    assert_eq!(ahead(&solo), now);
}

#[test]
fn a_damaged_pack_is_refused_and_changes_nothing() {
    let solo = solo(true);
    let town = Town::generate(4, 140);
    let mut pack = StreetPack::build(&town.street_map()).expect("a pack");
    let middle = pack.len() / 2;
    pack[middle] ^= 1;
    assert!(matches!(solo.engine().put_streets(&pack).unwrap_err(), Error::Streets(_)));
    let view = directed(solo.engine(), &solo, None);
    assert_eq!(view.attribution, "A generated town");
}

/// Kotlin and Swift read the same file and expect the same sentences.
#[test]
fn the_way_past_the_fixtures_doors_is_said_in_the_same_words_everywhere() {
    let solo = Solo::empty();
    let pack = std::fs::read(fixture("walking/streets.pack")).expect("a pack");
    solo.engine().put_streets(&pack).expect("kept");
    let doors = fixture("walking/doors.csv");
    solo.engine().import_path(&doors, &ImportOptions::default(), None).expect("imported");
    solo.engine().plan_order(solo.list, None, None).expect("an order");
    let view = directed(solo.engine(), &solo, None);
    let said: Vec<&str> = view.steps.iter().map(|step| step.sentence.as_str()).collect();
    let said = said.join("\n") + "\n";
    let expected = fixture("walking/directions.txt");
    if std::env::var_os("CANVASS_BLESS").is_some() {
        std::fs::write(&expected, &said).expect("written");
    }
    assert_eq!(said, std::fs::read_to_string(expected).expect("a text"));
}
