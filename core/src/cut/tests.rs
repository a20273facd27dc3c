//! Cuts of towns made by chance: nothing lost, nothing twice, fair, in one piece, and inside
//! the outlines.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::ground::Ground;
use super::town::{Town, sites_at};
use super::walls::Barriers;
use super::*;
use crate::street::{BarrierKind, StreetMap, Way, WayKind};

/// Steps of 1e-7 degree between positions: some 40 cm, for nothing stands closer.
const SPACING: i32 = 40;

fn at(north: i32, east: i32) -> Point {
    Point::from_e7(444_000_000 + SPACING * north, -732_000_000 + SPACING * east)
}

/// Doors by chance, some of them in stacks.
fn town() -> impl Strategy<Value = Vec<Point>> {
    let house = (0_i32..1_500, 0_i32..2_200, 1_usize..4);
    let building = (0_i32..1_500, 0_i32..2_200, 4_usize..60);
    proptest::collection::vec(prop_oneof![12 => house, 1 => building], 1..200).prop_map(|doors| {
        let stack = |(north, east, units)| std::iter::repeat_n(at(north, east), units);
        doors.into_iter().flat_map(stack).collect()
    })
}

fn doors(points: &[Point], minutes: f64) -> Vec<CutDoor<'static>> {
    points.iter().map(|point| CutDoor { point: *point, minutes, address: None }).collect()
}

fn cut_into(doors: &[CutDoor<'_>], turfs: u32) -> Cut {
    cut(doors, &CutOrder::of(CutSize::Turfs(turfs))).expect("doors that can be cut")
}

/// In how many turfs each position is.
fn turfs_of_stacks(doors: &[CutDoor<'_>], cut: &Cut) -> BTreeMap<(i32, i32), Vec<usize>> {
    let mut found: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (number, turf) in cut.turfs.iter().enumerate() {
        for door in &turf.doors {
            let turfs = found.entry(doors[*door as usize].point.to_e7()).or_default();
            if turfs.last() != Some(&number) {
                turfs.push(number);
            }
        }
    }
    found
}

fn holds_each_door_once(cut: &Cut, doors: usize) -> bool {
    let mut all: Vec<u32> = cut.turfs.iter().flat_map(|turf| turf.doors.clone()).collect();
    all.sort_unstable();
    all.into_iter().eq((0_u32..).take(doors))
}

/// Whether one gets from every site of these doors to every other by edges that no third site
/// is on and no barrier crosses, and never leaves them. Scans all sites, unlike the cut.
fn is_in_one_piece(doors: &[CutDoor<'_>], turf: &CutTurf, barriers: &[Barrier]) -> bool {
    let all = sites_at(doors, (0..).take(doors.len()));
    let ground = Ground::of(
        &all.iter().map(|site| site.point).collect::<Vec<_>>(),
        &Barriers::of(barriers),
        None,
    );
    let is_own = |site: u32| {
        all[site as usize].doors.iter().any(|door| turf.doors.binary_search(door).is_ok())
    };
    let own: Vec<u32> = (0_u32..).take(all.len()).filter(|site| is_own(*site)).collect();
    let mut reached = vec![own[0]];
    let mut next = 0;
    while next < reached.len() {
        for site in ground.next_to(reached[next]) {
            if own.contains(site) && !reached.contains(site) {
                reached.push(*site);
            }
        }
        next += 1;
    }
    reached.len() == own.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn each_door_is_in_one_turf_and_in_its_outline_alone(points in town(), turfs in 1_u32..30) {
        let doors = doors(&points, 1.25);
        let cut = cut_into(&doors, turfs);
        prop_assert_eq!(cut.turfs.len(), (turfs as usize).min(doors.len()));
        prop_assert!(holds_each_door_once(&cut, doors.len()));
        let owners = turfs_of_stacks(&doors, &cut);
        for point in &points {
            let inside: Vec<usize> =
                (0..cut.turfs.len()).filter(|turf| cut.turfs[*turf].outline.contains(*point)).collect();
            prop_assert_eq!(&inside, &owners[&point.to_e7()]);
        }
    }

    #[test]
    fn turfs_hang_together_and_say_what_they_take(points in town(), turfs in 1_u32..12) {
        let doors = doors(&points, 2.0);
        let cut = cut_into(&doors, turfs);
        for turf in &cut.turfs {
            prop_assert!(is_in_one_piece(&doors, turf, &[]));
            let walk_minutes = crate::walk::walk_time_s(turf.walk_m) / 60.0;
            prop_assert!((turf.minutes - turf.doors.len() as f64 * 2.0 - walk_minutes).abs() < 1e-9);
        }
    }

    #[test]
    fn no_turf_reaches_across_a_barrier(
        points in town(), turfs in 4_u32..12, middle in 200_i32..1_300,
    ) {
        let rail = Barrier {
            points: vec![at(middle, -9_000), at(middle + 40, 1_000), at(middle, 9_000)],
            kind: BarrierKind::Rail,
        };
        let doors = doors(&points, 1.25);
        let barriers = [rail];
        let order =
            CutOrder {
            ground: CutGround { barriers: &barriers, streets: None },
            ..CutOrder::of(CutSize::Turfs(turfs))
        };
        let cut = cut(&doors, &order).expect("doors that can be cut");
        prop_assert!(holds_each_door_once(&cut, doors.len()));
        prop_assert!(cut.across.is_empty() || doors.len() < 4);
        for turf in &cut.turfs {
            prop_assert!(!cut.across.is_empty() || is_in_one_piece(&doors, turf, &barriers));
        }
    }

    #[test]
    fn a_unit_stack_stays_whole_unless_it_is_half_a_turf(points in town(), turfs in 1_u32..30) {
        let doors = doors(&points, 2.0);
        let cut = cut_into(&doors, turfs);
        let mut sizes: BTreeMap<(i32, i32), u32> = BTreeMap::new();
        points.iter().for_each(|point| *sizes.entry(point.to_e7()).or_insert(0) += 1);
        let at_doors = 2.0 * doors.len() as f64 / f64::from(turfs);
        for (position, of_turfs) in turfs_of_stacks(&doors, &cut) {
            prop_assert!(of_turfs.len() == 1 || f64::from(sizes[&position]) * 2.0 > at_doors / 2.0);
            // What is split is split between consecutive units.
            for turf in of_turfs {
                let here = |door: &u32| points[*door as usize].to_e7() == position;
                let units: Vec<u32> =
                    cut.turfs[turf].doors.iter().copied().filter(here).collect();
                let all: Vec<u32> =
                    (0_u32..).take(points.len()).filter(here).collect();
                let first = all.iter().position(|door| *door == units[0]).expect("its own");
                prop_assert_eq!(&all[first..first + units.len()], &units[..]);
            }
        }
    }

    #[test]
    fn no_turf_is_above_the_minutes_asked_for(points in town(), most in 5.0_f64..200.0) {
        let mut doors = doors(&points, 0.0);
        for (number, door) in doors.iter_mut().enumerate() {
            door.minutes = (number % 7) as f64;
        }
        let cut = cut(&doors, &CutOrder::of(CutSize::Minutes(most))).expect("can be cut");
        prop_assert!(holds_each_door_once(&cut, doors.len()));
        for turf in &cut.turfs {
            prop_assert!(turf.minutes <= most || turf.doors.len() == 1);
        }
    }

    #[test]
    fn bad_minutes_lose_no_door(points in town(), turfs in 1_u32..9) {
        let mut doors = doors(&points, 1.0);
        let odd = [f64::NAN, f64::INFINITY, -3.0, 0.0];
        for (number, door) in doors.iter_mut().enumerate() {
            door.minutes = odd[number % 4];
        }
        let cut = cut_into(&doors, turfs);
        prop_assert!(holds_each_door_once(&cut, doors.len()));
        prop_assert!(cut.turfs.iter().all(|turf| turf.minutes.is_finite()));
    }

    #[test]
    fn pinned_turfs_stay_as_they_are(points in town(), turfs in 2_u32..8, seed: u64) {
        let doors = doors(&points, 1.25);
        let first = cut_into(&doors, turfs);
        let pinned = vec![first.turfs[0].doors.clone()];
        let order = CutOrder { pinned: &pinned, seed, ..CutOrder::of(CutSize::Turfs(turfs)) };
        let again = cut(&doors, &order).expect("can be cut");
        prop_assert_eq!(&again.turfs[0].doors, &pinned[0]);
        prop_assert!(holds_each_door_once(&again, doors.len()));
    }

    #[test]
    fn a_door_moved_by_hand_stays_and_pinned_turfs_change_no_more(
        points in town(), turfs in 3_u32..8, which: prop::sample::Index,
    ) {
        let doors = doors(&points, 1.25);
        let first = cut_into(&doors, turfs);
        let before: Vec<Vec<u32>> = first.turfs.iter().map(|turf| turf.doors.clone()).collect();
        let door = u32::try_from(which.index(doors.len()))?;
        let to = u32::try_from(before.len() - 1)?;
        let pinned = [0].into_iter().filter(|turf| !before[*turf as usize].contains(&door));
        let pinned: Vec<u32> = pinned.collect();
        let changed = recut(&doors, &before, &[(door, to)], &pinned, CutGround::default(), 0).expect("can be cut");
        let mut after = before.clone();
        for (turf, redrawn) in &changed {
            after[*turf as usize] = redrawn.as_ref().map(|turf| turf.doors.clone()).unwrap_or_default();
        }
        prop_assert!(after[to as usize].contains(&door));
        let mut all: Vec<u32> = after.iter().flatten().copied().collect();
        all.sort_unstable();
        prop_assert!(all.into_iter().eq((0_u32..).take(doors.len())));
        prop_assert!(changed.iter().all(|(turf, _)| !pinned.contains(turf) || *turf == to));
    }
}

#[test]
fn the_same_seed_gives_the_same_turfs() {
    let doors = doors(&grid_town(), 1.25);
    let cuts = [cut_into(&doors, 40), cut_into(&doors, 40)];
    let numbers = cuts.map(|cut| cut.turfs.into_iter().map(|turf| turf.doors).collect::<Vec<_>>());
    assert_eq!(numbers[0], numbers[1]);
}

#[test]
fn what_cannot_be_cut_says_why() {
    let doors = doors(&grid_town()[..3], 1.0);
    let refused = |order: CutOrder<'_>| cut(&doors, &order).expect_err("refused");
    assert_eq!(refused(CutOrder::of(CutSize::Turfs(0))), CutError::NoTurfs);
    assert!(matches!(
        refused(CutOrder::of(CutSize::Minutes(f64::NAN))),
        CutError::NoMinutes { .. }
    ));
    let pinned = [vec![0, 7], vec![1, 1]];
    let order = CutOrder::of(CutSize::Turfs(1));
    let none = refused(CutOrder { pinned: &pinned[..1], ..order });
    assert_eq!(none, CutError::NoSuchDoor { door: 7, doors: 3 });
    let twice = refused(CutOrder { pinned: &pinned[1..], ..order });
    assert_eq!(twice, CutError::DoorTwice { door: 1 });
    assert!(cut(&[], &order).expect("no doors, no turfs").turfs.is_empty());
    let moved = recut(&doors, &[vec![0, 1, 2]], &[(0, 5)], &[], CutGround::default(), 0);
    assert_eq!(moved.expect_err("refused"), CutError::NoSuchTurf { turf: 5, turfs: 1 });
    let missing = recut(&doors, &[vec![0, 2]], &[], &[], CutGround::default(), 0);
    assert_eq!(missing.expect_err("refused"), CutError::InNoTurf { door: 1 });
}

/// 6,000 houses on a grid, a building of 400 units among them.
fn grid_town() -> Vec<Point> {
    let house =
        |n: i32| Point::from_e7(444_000_000 + n / 100 * 2_700, -732_000_000 + n % 100 * 1_900);
    (0..6_000).map(house).chain(std::iter::repeat_n(house(4_242), 400)).collect()
}

#[test]
fn turfs_are_fair_and_compact() {
    let doors = doors(&grid_town(), 1.25);
    let cut = cut_into(&doors, 40);
    let mean = cut.turfs.iter().map(|turf| turf.minutes).sum::<f64>() / 40.0;
    for turf in &cut.turfs {
        assert!((turf.minutes / mean - 1.0).abs() < 0.05, "{} of {mean} min", turf.minutes);
    }
    // A walk past houses 15 and 30 m apart cannot be shorter than 15 m for each of them, with
    // the detour; half as much again would be turfs like lace.
    let least_m = 6_000.0 * 15.0 * f64::from(crate::walk::DETOUR_PER_MILLE) / 1_000.0;
    let walk_m: f64 = cut.turfs.iter().map(|turf| turf.walk_m).sum();
    assert!(walk_m < 1.5 * least_m, "{walk_m} of {least_m} m");
}

/// All ways to cut a few houses in two that hang together, beside the one that was found.
#[test]
fn of_a_few_houses_a_cut_near_the_best_is_found() {
    let mut random = crate::route::Random::new(5);
    for _ in 0..8 {
        let points: Vec<Point> = (0..9)
            .map(|_| at(random.below(700).cast_signed(), random.below(900).cast_signed()))
            .collect();
        let doors = doors(&points, 10.0);
        let found = cut_into(&doors, 2);
        let best = (1_u32..1 << 8).map(|mask| cost(&doors, mask)).fold(f64::INFINITY, f64::min);
        let mask = found.turfs[1].doors.iter().map(|door| 1 << door).sum::<u32>();
        let mask = if mask & 1 << 8 == 0 { mask } else { !mask & 0x1ff };
        assert!(cost(&doors, mask) <= best * 1.1, "{} above {best}", cost(&doors, mask));
    }
}

/// What a cut in two costs: metres walked, and 60 for each squared hundredth beyond the first
/// by which a turf is off the mean; nothing may fall apart.
fn cost(doors: &[CutDoor<'_>], mask: u32) -> f64 {
    let sides =
        [0, 1].map(|side| -> Vec<u32> { (0..9).filter(|door| mask >> door & 1 == side).collect() });
    let turf = |doors_of: &Vec<u32>| {
        let points: Vec<Point> = doors_of.iter().map(|door| doors[*door as usize].point).collect();
        let walk_m = measure::Measure::of_doors(doors, doors_of, None).walk_m;
        CutTurf {
            doors: doors_of.clone(),
            outline: TurfPolygon::around(&points).expect("a hull"),
            walk_m,
            minutes: doors_of.len() as f64 * 10.0 + crate::walk::walk_time_s(walk_m) / 60.0,
        }
    };
    let turfs = sides.map(|side| turf(&side));
    if !turfs.iter().all(|turf| is_in_one_piece(doors, turf, &[])) {
        return f64::INFINITY;
    }
    let mean = turfs.iter().map(|turf| turf.minutes).sum::<f64>() / 2.0;
    let unfair = turfs.iter().map(|turf| {
        let hundredths = ((turf.minutes / mean - 1.0).abs() - 0.01).max(0.0) * 100.0;
        60.0 * hundredths * hundredths
    });
    unfair.sum::<f64>() + turfs.iter().map(|turf| turf.walk_m).sum::<f64>()
}

#[test]
fn sites_next_to_each_other_have_no_third_between_them() {
    let mut random = crate::route::Random::new(3);
    let points: Vec<Point> = (0..120)
        .map(|_| at(random.below(1_500).cast_signed(), random.below(2_200).cast_signed()))
        .collect();
    let doors = doors(&points, 1.0);
    let town = Town::of(&doors, &vec![true; doors.len()], &[], None);
    let plane = crate::geometry::Plane::around(points.iter().copied());
    let metres: Vec<(f64, f64)> = town.sites.iter().map(|site| plane.metres(site.point)).collect();
    for (a, one) in metres.iter().enumerate() {
        for (b, other) in metres.iter().enumerate().filter(|(b, _)| *b != a) {
            let is_between = |c: &(f64, f64)| {
                (one.0 - c.0) * (other.0 - c.0) + (one.1 - c.1) * (other.1 - c.1) <= 0.0
            };
            let is_free =
                !metres.iter().enumerate().any(|(c, at)| c != a && c != b && is_between(at));
            let near = town.ground.next_to(u32::try_from(a).expect("few"));
            assert_eq!(near.contains(&u32::try_from(b).expect("few")), is_free, "{a} {b}");
        }
    }
    assert_eq!(town.ground.parts.len(), 1);
}

/// Doors in one straight row, level, upright or aslant, stand next to the one before and the one
/// after; many at the corners of squares hang together.
#[test]
fn rows_and_squares_hang_together() {
    for (north, east) in [(0, 37), (41, 0), (17, 29), (-23, 31)] {
        let row: Vec<Point> = (0..200).map(|n| at(n * north, n * east)).collect();
        let town = Town::of(&doors(&row, 1.0), &[true; 200], &[], None);
        assert_eq!(town.ground.parts.len(), 1, "{north} {east}");
        for site in 0..200_u32 {
            let near = town.ground.next_to(site).iter();
            assert!(near.clone().all(|other| other.abs_diff(site) == 1), "{north} {east}: {site}");
            assert_eq!(near.len(), if site % 199 == 0 { 1 } else { 2 }, "{north} {east}: {site}");
        }
    }
    let squares: Vec<Point> = (0..900).map(|n| at(n / 30 * 50, n % 30 * 70)).collect();
    let town = Town::of(&doors(&squares, 1.0), &vec![true; 900], &[], None);
    assert_eq!(town.ground.parts.len(), 1);
    let links: usize = (0..900).map(|site| town.ground.next_to(site).len()).sum();
    assert_eq!(links, 2 * 2 * 30 * 29, "to the side, and up and down, never aslant");
}

/// Ten streets by ten, 100 m apart, and a river between the fifth and the sixth with a bridge on
/// every street.
fn streets() -> StreetPack {
    let corner = |north: u32, east: u32| {
        Point::from_e7(
            444_000_000 + 9_000 * north.cast_signed(),
            -732_000_000 + 12_600 * east.cast_signed(),
        )
    };
    let points = (0..100).map(|n| corner(n / 10, n % 10)).collect();
    let way =
        |points: Vec<u32>| Way { points, kind: WayKind::Residential, name: None, numbers: None };
    let level = (0..10).map(|row| way((0..10).map(|at| row * 10 + at).collect()));
    let upright = (0..10).map(|column| way((0..10).map(|at| at * 10 + column).collect()));
    let middle = 444_000_000 + 4 * 9_000 + 4_500;
    let river = Barrier {
        points: vec![Point::from_e7(middle, -733_000_000), Point::from_e7(middle, -731_000_000)],
        kind: BarrierKind::Water,
    };
    let map = StreetMap {
        points,
        ways: level.chain(upright).collect(),
        barriers: vec![river],
        attribution: "nobody".to_owned(),
    };
    let bytes = StreetPack::build(&map).expect("streets make a pack");
    StreetPack::open(Arc::from(bytes)).expect("a pack opens")
}

#[test]
fn on_streets_no_turf_crosses_a_river_and_far_doors_are_named() {
    let streets = streets();
    let mut points: Vec<Point> = (0..10)
        .flat_map(|row| (0..60).map(move |at| (row, at)))
        .map(|(row, at)| {
            let off = if at % 2 == 0 { 900 } else { -900 };
            Point::from_e7(444_000_000 + 9_000 * row + off, -732_000_000 + 1_900 * at)
        })
        .collect();
    points.push(Point::from_e7(444_600_000, -732_000_000));
    let doors = doors(&points, 1.25);
    let ground = CutGround { streets: Some(&streets), barriers: &[] };
    let order = CutOrder { ground, ..CutOrder::of(CutSize::Turfs(8)) };
    let cut = cut(&doors, &order).expect("can be cut");
    assert!(holds_each_door_once(&cut, doors.len()));
    assert_eq!((cut.turfs.len(), cut.off_network.clone()), (8, vec![600]));
    let river_lat = 44.4 + 0.000_9 * 4.5;
    for turf in &cut.turfs {
        let norths = turf.doors.iter().filter(|door| points[**door as usize].lat > river_lat);
        assert!([0, turf.doors.len()].contains(&norths.count()), "{:?}", turf.doors);
    }
    let straight = cut_into(&doors, 8);
    let crossing = straight.turfs.iter().filter(|turf| {
        let north = |door: &u32| points[*door as usize].lat > river_lat;
        turf.doors.iter().any(north) && !turf.doors.iter().all(north)
    });
    assert!(crossing.count() > 0, "without the river a turf reaches across");
}

/// A street on either side of a motorway of 1,200 m, and one way across, under it. From beyond
/// the motorway's end a straight line leads to the northern doors without meeting it, but no way.
#[test]
fn a_way_around_a_barrier_must_be_one_that_can_be_walked() {
    let metres =
        |north: i32, east: i32| Point::from_e7(444_000_000 + north * 90, -732_000_000 + east * 126);
    let way =
        |points: Vec<u32>| Way { points, kind: WayKind::Residential, name: None, numbers: None };
    let motorway =
        Barrier { points: vec![metres(30, -700), metres(30, 500)], kind: BarrierKind::Motorway };
    let map = StreetMap {
        points: [(0, -600), (0, 0), (0, 1_100), (60, -60), (60, 0), (60, 60)]
            .map(|(north, east)| metres(north, east))
            .to_vec(),
        ways: vec![way(vec![0, 1, 2]), way(vec![3, 4, 5]), way(vec![1, 4])],
        barriers: vec![motorway],
        attribution: "nobody".to_owned(),
    };
    let bytes = StreetPack::build(&map).expect("streets make a pack");
    let streets = StreetPack::open(Arc::from(bytes)).expect("a pack opens");
    let south = (-29..=54).map(|n| metres(-9, n * 20));
    let points: Vec<Point> = south.chain((-2..=2).map(|n| metres(69, n * 20))).collect();
    let doors = doors(&points, 1.25);
    let ground = CutGround { streets: Some(&streets), barriers: &[] };
    let order = CutOrder { ground, ..CutOrder::of(CutSize::Turfs(3)) };
    let cut = cut(&doors, &order).expect("can be cut");
    assert!(cut.across.is_empty() && holds_each_door_once(&cut, doors.len()));
    for turf in &cut.turfs {
        let north = turf.doors.iter().filter(|door| points[**door as usize].lat > 44.4).count();
        assert!([0, turf.doors.len()].contains(&north), "{:?}", turf.doors);
    }
}

/// A long street, and a short one that meets it in the middle: no door of the long one can
/// change hands alone, for the turf would fall apart, so that half the street does.
#[test]
fn a_turf_that_hangs_together_by_one_door_gives_a_whole_branch() {
    let long = (-20..=20).map(|n| at(0, n * 50));
    let points: Vec<Point> = long.chain((1..=10).map(|n| at(n * 50, 0))).collect();
    let doors = doors(&points, 5.0);
    let turfs = [(0..41).collect::<Vec<u32>>(), (41..51).collect()];
    let ground = CutGround::default();
    let changed = recut(&doors, &turfs, &[(50, 1)], &[], ground, 0).expect("can be cut");
    let sizes: Vec<usize> =
        changed.iter().filter_map(|(_, turf)| Some(turf.as_ref()?.doors.len())).collect();
    assert_eq!(sizes, [20, 31]);
    for (_, turf) in &changed {
        assert!(is_in_one_piece(&doors, turf.as_ref().expect("none is empty"), &[]));
    }
}

#[test]
fn a_cell_holds_500_to_2000_doors_and_a_small_town_is_one() {
    let doors = grid_town();
    let cells = cells(&doors);
    let mut sizes = BTreeMap::new();
    for cell in cells {
        *sizes.entry(cell).or_insert(0) += 1;
    }
    assert!(sizes.keys().copied().eq((0..).take(sizes.len())));
    assert!(sizes.values().all(|doors| (500..=2_000).contains(doors)), "{sizes:?}");
    assert!(super::cells(&doors[..999]).iter().all(|cell| *cell == 0));
    assert!(super::cells(&[]).is_empty());
}
