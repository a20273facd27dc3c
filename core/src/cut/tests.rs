//! Cuts of towns made by chance: nothing lost, nothing twice, fair, and inside the outlines.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Steps of 1e-7 degree between positions: some 40 cm, for nothing stands closer.
const SPACING: i32 = 40;

/// Doors by chance, some of them in stacks.
fn town() -> impl Strategy<Value = Vec<Point>> {
    let house = (0_i32..1_500, 0_i32..2_200, 1_usize..4);
    let building = (0_i32..1_500, 0_i32..2_200, 4_usize..60);
    proptest::collection::vec(prop_oneof![12 => house, 1 => building], 1..250).prop_map(|at| {
        let doors = at.into_iter().flat_map(|(north, east, units)| {
            std::iter::repeat_n(
                Point::from_e7(444_000_000 + SPACING * north, -732_000_000 + SPACING * east),
                units,
            )
        });
        doors.collect()
    })
}

fn stack_sizes(doors: &[Point]) -> BTreeMap<(i32, i32), usize> {
    let mut sizes = BTreeMap::new();
    for door in doors {
        *sizes.entry(door.to_e7()).or_insert(0) += 1;
    }
    sizes
}

/// In how many turfs each position is.
fn turfs_of_stacks(doors: &[Point], cut: &[CutTurf]) -> BTreeMap<(i32, i32), Vec<usize>> {
    let mut found: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (number, turf) in cut.iter().enumerate() {
        for door in &turf.doors {
            let turfs = found.entry(doors[*door as usize].to_e7()).or_default();
            if turfs.last() != Some(&number) {
                turfs.push(number);
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn each_door_is_in_one_turf_and_in_its_outline_alone(doors in town(), turfs in 1_u32..30) {
        let minutes = vec![1.25; doors.len()];
        let cut = cut_into(&doors, &minutes, turfs);
        prop_assert_eq!(cut.len(), (turfs as usize).min(doors.len()));
        let mut all: Vec<u32> = cut.iter().flat_map(|turf| turf.doors.clone()).collect();
        all.sort_unstable();
        prop_assert!(all.into_iter().eq((0..).take(doors.len())));
        let owners = turfs_of_stacks(&doors, &cut);
        for door in &doors {
            let inside: Vec<usize> =
                (0..cut.len()).filter(|turf| cut[*turf].outline.contains(*door)).collect();
            prop_assert_eq!(&inside, &owners[&door.to_e7()]);
        }
    }

    #[test]
    fn a_unit_stack_stays_whole_unless_it_is_more_than_a_turf(
        doors in town(), turfs in 1_u32..30,
    ) {
        let cut = cut_into(&doors, &vec![2.0; doors.len()], turfs);
        let mean = doors.len() as f64 / f64::from(turfs);
        let sizes = stack_sizes(&doors);
        for (position, turfs) in turfs_of_stacks(&doors, &cut) {
            // A split stack shares its turfs with no other door.
            let alone = turfs.iter().all(|turf| {
                cut[*turf].doors.iter().all(|door| doors[*door as usize].to_e7() == position)
            });
            prop_assert!(turfs.len() == 1 || alone && sizes[&position] as f64 > mean / 2.0);
        }
    }

    #[test]
    fn no_turf_is_above_the_minutes_asked_for(doors in town(), most in 5.0_f64..200.0) {
        let minutes: Vec<f64> = (0..doors.len()).map(|door| (door % 7) as f64).collect();
        for turf in cut_by_weight(&doors, &minutes, most) {
            let work: f64 = turf.doors.iter().map(|door| minutes[*door as usize]).sum();
            prop_assert!(work <= most || turf.doors.len() == 1);
        }
    }

    #[test]
    fn bad_weights_lose_no_door(doors in town(), turfs in 1_u32..9) {
        let odd = [f64::NAN, f64::INFINITY, -3.0, 0.0];
        let minutes: Vec<f64> = (0..doors.len() / 2).map(|door| odd[door % 4]).collect();
        let cut = cut_into(&doors, &minutes, turfs);
        prop_assert_eq!(cut.iter().map(|turf| turf.doors.len()).sum::<usize>(), doors.len());
    }
}

/// 6,000 houses on a grid, a building of 400 units among them.
fn grid_town() -> Vec<Point> {
    let house =
        |n: i32| Point::from_e7(444_000_000 + n / 100 * 2_700, -732_000_000 + n % 100 * 1_900);
    (0..6_000).map(house).chain(std::iter::repeat_n(house(4_242), 400)).collect()
}

#[test]
fn turfs_are_fair_and_compact() {
    let doors = grid_town();
    let cut = cut_into(&doors, &vec![1.25; doors.len()], 40);
    for turf in &cut {
        let off = turf.doors.len() as f64 / (doors.len() as f64 / 40.0) - 1.0;
        assert!(off.abs() < 0.2, "{} doors", turf.doors.len());
        let corners = &turf.outline.rings()[0];
        let plane = crate::geometry::Plane::around(corners.iter().copied());
        let most = |of: fn((f64, f64)) -> f64| {
            corners.iter().map(|corner| of(plane.metres(*corner))).fold(0.0, f64::max)
        };
        let (east, north) = (most(|at| at.0), most(|at| at.1));
        assert!((0.3..3.4).contains(&(east / north)), "{east} by {north} metres");
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
