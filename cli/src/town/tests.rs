//! The town as a whole: exact, equal from equal seeds, and believable.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::geometry::{Plane, Point};
use canvass_core::survey::Script;
use proptest::prelude::*;

use super::*;

fn files(town: &Town) -> [Vec<u8>; 5] {
    let mut files: [Vec<u8>; 5] = Default::default();
    let [doors, people, streets, water, summary] = &mut files;
    town.write_doors(doors).expect("memory takes everything");
    town.write_people(people).expect("memory takes everything");
    town.write_streets(streets).expect("memory takes everything");
    town.write_water(water).expect("memory takes everything");
    town.write_summary(summary).expect("memory takes everything");
    files
}

/// Streets and doors in metres on one plane.
struct Flat {
    plane: Plane,
}

impl Flat {
    fn of(town: &Town) -> Self {
        let points = town.streets.iter().flat_map(|street| street.lines.iter().flatten().copied());
        Self { plane: Plane::around(points) }
    }

    fn segments(&self, lines: &[Vec<Point>]) -> Vec<[(f64, f64); 2]> {
        let ends = lines.iter().flat_map(|line| line.windows(2));
        ends.map(|ends| [self.plane.metres(ends[0]), self.plane.metres(ends[1])]).collect()
    }

    /// Metres from the nearest of these segments, how far along them all, and on which side:
    /// positive is left.
    fn beside(&self, segments: &[[(f64, f64); 2]], point: Point) -> (f64, f64, f64) {
        let (x, y) = self.plane.metres(point);
        let mut walked_m = 0.0;
        let mut nearest = (f64::INFINITY, 0.0, 0.0);
        for [(ax, ay), (bx, by)] in segments {
            let (dx, dy) = (bx - ax, by - ay);
            let length_m = dx.hypot(dy);
            let along = ((x - ax) * dx + (y - ay) * dy) / length_m;
            let on = along.clamp(0.0, length_m);
            let off_m = (x - ax - dx * on / length_m).hypot(y - ay - dy * on / length_m);
            if off_m < nearest.0 {
                nearest = (off_m, walked_m + along, dx * (y - ay) - dy * (x - ax));
            }
            walked_m += length_m;
        }
        nearest
    }
}

/// The number without its half.
fn number(door: &TownDoor) -> u32 {
    let whole = door.address.house_number.split(' ').next().expect("a number");
    whole.parse().expect("digits")
}

/// Of a small town a block is all that is left, beside lots that are empty: no home is taken
/// from those.
#[test]
fn a_block_of_six_is_thinned_to_five_homes() {
    assert_eq!(Town::generate(8_663_633_904_821_589_892, 5).doors.len(), 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_town_has_exactly_its_doors_and_no_address_twice(seed: u64, doors in 0_u32..2_500) {
        let town = Town::generate(seed, doors);
        prop_assert_eq!(town.doors.len(), doors as usize);
        let ids: BTreeSet<&String> = town.doors.iter().map(|door| &door.door_id).collect();
        let keys: BTreeSet<String> =
            town.doors.iter().map(|door| door.address.matching_key()).collect();
        prop_assert_eq!((ids.len(), keys.len()), (doors as usize, doors as usize));
        let names: BTreeSet<&String> = town.streets.iter().map(|street| &street.name).collect();
        prop_assert_eq!(names.len(), town.streets.len());
        for door in &town.doors {
            prop_assert_eq!(Point::new(door.point.lat, door.point.lon), Ok(door.point));
            prop_assert!(names.contains(&door.address.street));
        }
        prop_assert!(town.people.iter().all(|person| ids.contains(&person.door_id)));
    }

    #[test]
    fn equal_seeds_give_equal_bytes(seed: u64, doors in 0_u32..600) {
        let town = Town::generate(seed, doors);
        prop_assert_eq!(files(&town), files(&Town::generate(seed, doors)));
        if doors > 20 {
            prop_assert_ne!(&town.doors, &Town::generate(seed ^ 1, doors).doors);
        }
    }

    #[test]
    fn who_lives_at_a_door_does_not_depend_on_the_other_doors(
        seed: u64,
        doors in proptest::collection::btree_map("[a-z0-9]{1,6}", 0_u32..4, 1..40),
    ) {
        let doors: Vec<(String, u32)> = doors.into_iter().collect();
        let people = people_for(seed, &doors);
        let mut turned: Vec<(String, u32)> = doors.clone();
        turned.reverse();
        let mut others = people_for(seed, &turned);
        others.sort_by(|a, b| (&a.door_id, &a.person_id).cmp(&(&b.door_id, &b.person_id)));
        let mut sorted = people.clone();
        sorted.sort_by(|a, b| (&a.door_id, &a.person_id).cmp(&(&b.door_id, &b.person_id)));
        prop_assert_eq!(sorted, others);
        for (door_id, dwellings) in &doors {
            let at_door = people.iter().filter(|person| &person.door_id == door_id).count();
            prop_assert!(at_door <= 5 * (*dwellings).max(1) as usize);
        }
    }
}

#[test]
fn houses_stand_apart_from_each_other_and_from_every_street() {
    let town = Town::generate(11, 2_000);
    let flat = Flat::of(&town);
    let all: Vec<_> = town.streets.iter().flat_map(|street| flat.segments(&street.lines)).collect();
    let buildings: BTreeMap<(i32, i32), Point> =
        town.doors.iter().map(|door| (door.point.to_e7(), door.point)).collect();
    let buildings: Vec<Point> = buildings.into_values().collect();
    for (at, building) in buildings.iter().enumerate() {
        let (off_m, ..) = flat.beside(&all, *building);
        assert!((8.0..60.0).contains(&off_m), "{off_m} m from the nearest street");
        let near = buildings[at + 1..].iter().map(|other| building.distance_m(*other));
        assert!(near.fold(f64::INFINITY, f64::min) > 9.0);
    }
}

#[test]
fn numbers_grow_along_a_street_odd_on_the_left() {
    let town = Town::generate(12, 2_000);
    let flat = Flat::of(&town);
    let mut checked = 0;
    for street in town.streets.iter().filter(|street| street.class != StreetClass::Lane) {
        let segments = flat.segments(&street.lines);
        let mut last = [(0, f64::NEG_INFINITY); 2];
        for door in town.doors.iter().filter(|door| door.address.street == street.name) {
            let (_, along_m, side) = flat.beside(&segments, door.point);
            let odd = number(door) % 2;
            // Around the end of a cul-de-sac and in bends, sides are a matter of taste.
            if street.class != StreetClass::CulDeSac {
                assert_eq!(odd == 1, side > 0.0, "{} {}", door.address.house_number, street.name);
            }
            let (low, low_m) = last[odd as usize];
            assert!(low <= number(door) && along_m > low_m - 30.0);
            last[odd as usize] = (number(door), along_m);
            checked += 1;
        }
    }
    assert!(checked > 1_900, "{checked}");
}

#[test]
fn the_town_has_what_makes_addresses_hard() {
    let town = Town::generate(13, 2_000);
    let has = |what: fn(&TownDoor) -> bool| town.doors.iter().filter(|door| what(door)).count();
    assert!(has(|door| door.address.house_number.ends_with(" 1/2")) > 0);
    assert!(has(|door| door.address.unit.starts_with("Lot ")) >= 6, "a trailer row");
    assert!(has(|door| door.address.street == "N Main St") > 20);
    assert!(has(|door| door.address.street == "S Main St") > 20);
    assert!(has(|door| door.address.street == "2nd St") > 0);
    assert!(has(|door| door.address.unit == "2A") > 0);
    let mut stacks: BTreeMap<(i32, i32), usize> = BTreeMap::new();
    for door in &town.doors {
        *stacks.entry(door.point.to_e7()).or_default() += 1;
    }
    assert!(stacks.values().any(|units| *units >= 60), "one large block");
    let houses = stacks.values().filter(|units| **units == 1).count();
    assert!(houses * 10 > stacks.len() * 7, "mostly houses: {houses} of {}", stacks.len());
}

#[test]
fn streets_hang_together_and_few_cross_the_river() {
    let town = Town::generate(14, 3_000);
    let mut reached: BTreeSet<(i32, i32)> = BTreeSet::new();
    let mut left: Vec<&Vec<Point>> = town.streets.iter().flat_map(|street| &street.lines).collect();
    reached.extend(left.remove(0).iter().map(|point| point.to_e7()));
    while !left.is_empty() {
        let before = left.len();
        left.retain(|line| {
            let meets = line.iter().any(|point| reached.contains(&point.to_e7()));
            if meets {
                reached.extend(line.iter().map(|point| point.to_e7()));
            }
            !meets
        });
        assert!(left.len() < before, "{} lines cannot be reached", left.len());
    }
    let flat = Flat::of(&town);
    let river = flat.segments(std::slice::from_ref(&town.river));
    let crosses = |street: &&Street| {
        let segments = flat.segments(&street.lines);
        segments.iter().any(|a| river.iter().any(|b| intersect(*a, *b)))
    };
    let bridges = town.streets.iter().filter(crosses).count();
    assert!((1..=6).contains(&bridges), "{bridges} bridges, {} streets", town.streets.len());
}

fn intersect(a: [(f64, f64); 2], b: [(f64, f64); 2]) -> bool {
    let side = |[p, q]: [(f64, f64); 2], r: (f64, f64)| {
        (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0) > 0.0
    };
    side(a, b[0]) != side(a, b[1]) && side(b, a[0]) != side(b, a[1])
}

#[test]
fn people_are_plainly_invented_and_of_age() {
    let town = Town::generate(15, 4_000);
    let people = &town.people;
    for person in people {
        let suffix = person.phone.strip_prefix("555-01").map(|it| it.len() == 2);
        assert!(person.phone.is_empty() || suffix == Some(true), "{}", person.phone);
        assert!(person.email.is_empty() || person.email.ends_with("@example.org"));
        assert!(person.email.is_ascii() && !person.given_name.is_empty());
        assert!((1_926..=REFERENCE_YEAR - 18).contains(&person.birth_year));
        assert!(person.party.is_empty() || PARTIES.contains(&person.party.as_str()));
        assert!(["en", "es"].contains(&person.language.as_str()));
    }
    let share = |what: fn(&TownPerson) -> bool| {
        people.iter().filter(|person| what(person)).count() * 1000 / people.len()
    };
    assert!((30..60).contains(&share(|it| it.standing.voted)));
    assert!((2..15).contains(&share(|it| it.standing.deceased)));
    assert!((2..12).contains(&share(|it| it.standing.exempt)));
    assert!((5..22).contains(&share(|it| it.standing.do_not_contact)));
    assert!((60..180).contains(&share(|it| it.language == "es")));
    assert!((250..450).contains(&share(|it| it.party.is_empty())));
    assert!(people.iter().any(|it| !it.given_name.is_ascii()));
    let summary = town.summary();
    let households: BTreeSet<&String> = people.iter().map(|person| &person.door_id).collect();
    assert_eq!((summary.households, summary.people), (households.len(), people.len()));
    assert!(summary.households < summary.doors);
}

#[test]
fn the_script_is_valid_and_asks_only_supporters_for_a_sign() {
    let script = Script::parse(SCRIPT_JSON).expect("a valid script");
    assert_eq!(script.languages(), ["en", "es"]);
    for name in ["support", "issues", "yard_sign", "volunteer", "comment"] {
        assert!(script.question_no(name).is_some(), "{name}");
    }
    let asks = script.source().elements.iter().find(|it| it.name() == "asks").expect("a group");
    assert_eq!(asks.relevant(), Some("${supporter}"));
    let noon = Script::parse(NOON_SCRIPT_JSON).expect("a valid script");
    assert_eq!(noon.check_after(&[&script]), Ok(Vec::new()), "no name changes its meaning");
}

#[test]
fn files_have_their_columns_and_shapes() {
    let town = Town::generate(16, 300);
    let [doors, people, streets, water, summary] = files(&town);
    let mut table = csv::Reader::from_reader(doors.as_slice());
    assert_eq!(table.headers().expect("a header"), &DOOR_COLUMNS[..]);
    let first = table.records().next().expect("a row").expect("a whole row");
    let (lat, lon) = (first[6].parse().expect("degrees"), first[7].parse().expect("degrees"));
    assert_eq!(Point::new(lat, lon), Ok(town.doors[0].point));
    let mut table = csv::Reader::from_reader(people.as_slice());
    assert_eq!(table.headers().expect("a header"), &PEOPLE_COLUMNS[..]);
    assert_eq!(table.records().count(), town.people.len());
    for file in [&streets, &water] {
        let collection: serde_json::Value = serde_json::from_slice(file).expect("JSON");
        assert_eq!(collection["type"], "FeatureCollection");
        let feature = &collection["features"][0];
        assert!(
            feature["properties"]["name"].is_string() && feature["properties"]["class"].is_string()
        );
    }
    let summary: serde_json::Value = serde_json::from_slice(&summary).expect("JSON");
    assert_eq!(summary["doors"], 300);
    let keys: BTreeSet<&String> = summary.as_object().expect("an object").keys().collect();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["doors", "households", "people", "streets"]);
}
