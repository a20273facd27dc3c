//! Walks: every stop once, the length is what it says, and what no street leads to is said.

use proptest::prelude::*;

use std::sync::Arc;

use super::*;
use crate::geometry::{Plane, Point};
use crate::route::Effort;
use crate::street::{Place, RoadSide, StreetMap, StreetPack, Way, WayKind};
use crate::walklist::Access;

fn is_every_stop_once(order: &[u32], stops: u32) -> bool {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    sorted.into_iter().eq(0..stops)
}

fn town(stops: u32, seed: u64) -> Vec<Point> {
    let mut random = crate::route::Random::new(seed);
    let mut along = || f64::from(random.below(20_000)) / 1e6;
    (0..stops).map(|_| Point::new(44.4 + along(), -73.2 + along()).expect("a position")).collect()
}

proptest! {
    #[test]
    fn a_plan_holds_each_stop_once_and_its_length_is_what_it_says(
        stops in 0_u32..200, seed: u64, closed: bool, has_start: bool, has_end: bool,
    ) {
        let mut points = town(stops, seed);
        let copies: Vec<Point> = points.iter().step_by(3).copied().collect();
        points.extend(copies);
        let ends = WalkEnds {
            start: has_start.then(|| town(1, seed ^ 1)[0]),
            end: has_end.then(|| town(1, seed ^ 2)[0]),
            closed,
        };
        let walk = plan(&points, ends, Effort::Quick, seed);
        prop_assert!(is_every_stop_once(&walk.order, u32::try_from(points.len())?));
        let mut walked: Vec<Point> = ends.start.into_iter().collect();
        walked.extend(walk.order.iter().map(|stop| points[*stop as usize]));
        if closed {
            walked.extend(walked.first().copied());
        } else {
            walked.extend(ends.end);
        }
        if !points.is_empty() {
            prop_assert!((walk.length_m - walked.windows(2).map(|leg| straight::walked_m(leg[0], leg[1])).sum::<f64>()).abs() < 1e-6);
        }
    }
}

/// Without a table for all costs the search leans on the named neighbours.
#[test]
fn a_large_list_is_ordered_as_well_as_a_small_one() {
    let points = town(2_500, 7);
    let walk = plan(&points, WalkEnds::default(), Effort::Quick, 0);
    assert!(is_every_stop_once(&walk.order, 2_500));
    // A best tour of n random points in an area A is about 0.7124 * sqrt(n * A) long
    // (Beardwood, Halton and Hammersley 1959; the constant by Johnson and McGeoch 1996).
    let plane = Plane::around(points.iter().copied());
    let (east, north) = plane.metres(Point::new(44.42, -73.18).expect("a corner"));
    let (west, south) = plane.metres(Point::new(44.4, -73.2).expect("a corner"));
    let expected = 0.7124 * (2_500.0 * (east - west) * (north - south)).sqrt();
    let straight = walk.length_m * 1_000.0 / f64::from(DETOUR_PER_MILLE);
    let ratio = straight / expected;
    assert!((0.95..1.07).contains(&ratio), "{ratio} times the length to expect");
}

#[test]
fn equal_positions_come_one_after_the_other() {
    let town = town(30, 5);
    let points: Vec<Point> = town.iter().chain(&town).copied().collect();
    let order = plan(&points, WalkEnds::default(), Effort::Quick, 0).order;
    for pair in order.chunks(2) {
        assert_eq!(pair[1], pair[0] + 30);
    }
}

/// Streets every 100 m, six each way, around a corner of the town.
fn grid() -> StreetPack {
    const STREETS: u32 = 6;
    let plane = Plane::around([CENTRE]);
    let spot = |(x, y): (u32, u32)| plane.point(f64::from(x) * 100.0, f64::from(y) * 100.0);
    let places = (0..STREETS).flat_map(|y| (0..STREETS).map(move |x| (x, y)));
    let way = |points: Vec<u32>, name: String| Way {
        points,
        kind: WayKind::Residential,
        name: Some(name),
        numbers: None,
    };
    let rows = (0..STREETS)
        .map(|y| way((0..STREETS).map(|x| y * STREETS + x).collect(), format!("Row {y}")));
    let columns = (0..STREETS)
        .map(|x| way((0..STREETS).map(|y| y * STREETS + x).collect(), format!("Column {x}")));
    let map = StreetMap {
        points: places.map(spot).collect(),
        ways: rows.chain(columns).collect(),
        ..StreetMap::default()
    };
    let bytes = StreetPack::build(&map).expect("streets");
    StreetPack::open(Arc::from(bytes)).expect("a pack")
}

const CENTRE: Point = Point { lat: 44.4, lon: -73.2 };

fn doors_at(metres: &[(f64, f64)]) -> Vec<WalkStop<'static>> {
    let plane = Plane::around([CENTRE]);
    metres.iter().map(|spot| WalkStop::at(plane.point(spot.0, spot.1))).collect()
}

fn walk_on(streets: &StreetPack, stops: &[WalkStop<'_>], ends: WalkEnds) -> Walk {
    let ground = Ground { streets: Some(streets), ..Ground::default() };
    Terrain::new(stops, ends, ground, &WorkCosts::default()).walk(Effort::Quick, 0)
}

#[test]
fn a_walk_keeps_to_the_streets() {
    // Both doors face the backs of each other: near as the crow flies, around the block on foot.
    let stops = doors_at(&[(150.0, 8.0), (150.0, 92.0)]);
    let walk = walk_on(&grid(), &stops, WalkEnds::default());
    assert!((walk.length_m - 200.0).abs() < 2.0, "{walk:?}");
    assert!(walk.by_straight_line.is_empty());
    assert!(walk.walk_s >= walk.length_m / 1.3 - 1.0);
}

#[test]
fn a_door_that_no_street_leads_to_is_walked_to_in_a_straight_line_and_named() {
    let stops = doors_at(&[(50.0, 5.0), (150.0, 5.0), (250.0, 6_000.0)]);
    let walk = walk_on(&grid(), &stops, WalkEnds::default());
    assert!(is_every_stop_once(&walk.order, 3));
    let far = *walk.order.last().expect("three stops");
    assert!(walk.by_straight_line == [2] || walk.order[0] == 2, "{walk:?}");
    assert!(far == 2 || walk.order[0] == 2);
    assert!(walk.length_m > 6_000.0);
}

#[test]
fn what_cannot_be_reached_is_left_out_and_named() {
    let mut stops = doors_at(&[(50.0, 5.0), (150.0, 5.0), (250.0, 5.0)]);
    stops[1].work.access = Access::Locked;
    let walk = walk_on(&grid(), &stops, WalkEnds::default());
    assert_eq!(walk.left_out, [1]);
    assert_eq!(walk.order.len(), 2);
    assert!((walk.work_s - 150.0).abs() < 1e-9);
}

#[test]
fn no_stop_and_one_stop_are_walks_too() {
    let streets = grid();
    let here = Some(CENTRE);
    for closed in [false, true] {
        let ends = WalkEnds { start: here, end: here, closed };
        assert_eq!(walk_on(&streets, &[], ends), Walk::default());
        let one = walk_on(&streets, &doors_at(&[(150.0, 4.0)]), ends);
        assert_eq!(one.order, [0]);
        assert!((one.length_m - 300.0).abs() < 1.0, "there and back: {one:?}");
    }
}

/// Stops near a few streets, some of them at one place, some far off.
fn any_doors() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let near = (0_u32..500, 0_u32..500).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    let far = (-9_000_i32..9_000).prop_map(|x| (f64::from(x), 2_500.0));
    proptest::collection::vec(prop_oneof![9 => near, 1 => far], 0..60)
}

proptest! {
    #[test]
    fn on_streets_too_each_stop_comes_once_and_the_same_walk_comes_again(
        doors in any_doors(), closed: bool, has_start: bool, has_end: bool,
    ) {
        let stops = doors_at(&doors);
        let streets = grid();
        let ends = WalkEnds {
            start: has_start.then_some(CENTRE),
            end: has_end.then_some(Point::from_e7(444_010_000, -731_990_000)),
            closed,
        };
        let walk = walk_on(&streets, &stops, ends);
        prop_assert!(is_every_stop_once(&walk.order, u32::try_from(stops.len())?));
        prop_assert_eq!(&walk, &walk_on(&streets, &stops, ends));
        let far = |stop: &u32| doors[*stop as usize].1 > 2_000.0;
        prop_assert!(walk.by_straight_line.len() <= 1 + 2 * walk.order.iter().filter(|s| far(s)).count());
    }
}

fn directions_on(streets: &StreetPack, stops: &[WalkStop<'_>], order: &[u32]) -> Vec<WalkStep> {
    let ground = Ground { streets: Some(streets), ..Ground::default() };
    Terrain::new(stops, WalkEnds::default(), ground, &WorkCosts::default()).directions(order)
}

fn numbered(metres: &[(f64, f64)], numbers: &[u32]) -> Vec<WalkStop<'static>> {
    let mut stops = doors_at(metres);
    for (stop, number) in stops.iter_mut().zip(numbers) {
        stop.place = Place { street: Some("Row 0"), number: Some(*number), ..stop.place };
    }
    stops
}

#[test]
fn doors_along_one_side_are_one_step_and_across_is_another() {
    // Walking east along Row 0: three doors on the north side, then two on the south, back west.
    let stops = numbered(
        &[(120.0, 8.0), (140.0, 8.0), (160.0, 8.0), (160.0, -8.0), (130.0, -8.0)],
        &[2, 4, 6, 7, 3],
    );
    let steps = directions_on(&grid(), &stops, &[0, 1, 2, 3, 4]);
    assert_eq!(steps.len(), 2, "{steps:#?}");
    let (there, back) = (&steps[0], &steps[1]);
    assert_eq!((there.first_stop, there.last_stop, there.doors), (0, 2, 3));
    assert_eq!(there.side, Some(RoadSide::Left));
    assert_eq!(there.parity, Some(Parity::Even));
    assert_eq!((there.first_number.as_str(), there.last_number.as_str()), ("2", "6"));
    assert!(there.moves.is_empty());
    assert_eq!((back.first_stop, back.last_stop), (3, 4));
    assert_eq!(back.side, Some(RoadSide::Left));
    assert_eq!(back.parity, Some(Parity::Odd));
    assert_eq!(back.moves[0], WalkMove::Cross { way: "Row 0".to_owned() });
}

#[test]
fn a_turn_into_another_street_is_told() {
    let stops = doors_at(&[(150.0, 8.0), (208.0, 50.0)]);
    let steps = directions_on(&grid(), &stops, &[0, 1]);
    let turns: Vec<&WalkMove> = steps[1].moves.iter().collect();
    let into = |way: &str| {
        turns.iter().find_map(|to| match to {
            WalkMove::Along { way: name, turn, .. } if name == way => Some(*turn),
            _ => None,
        })
    };
    assert_eq!(into("Row 0"), Some(Turn::SetOut { heading: Heading::East }), "{steps:#?}");
    assert_eq!(into("Column 2"), Some(Turn::Left), "{steps:#?}");
    assert_eq!(steps[1].side, Some(RoadSide::Right));
}

proptest! {
    #[test]
    fn every_stop_is_in_one_step(doors in any_doors()) {
        let stops = doors_at(&doors);
        let streets = grid();
        let walk = walk_on(&streets, &stops, WalkEnds::default());
        let steps = directions_on(&streets, &stops, &walk.order);
        let mut next = 0;
        for step in &steps {
            prop_assert_eq!(step.first_stop, next);
            prop_assert_eq!(step.doors, step.last_stop - step.first_stop + 1);
            next = step.last_stop + 1;
        }
        prop_assert_eq!(next as usize, stops.len());
        let told: f64 = steps.iter().map(|step| step.distance_m).sum();
        prop_assert!((told - walk.length_m).abs() < 1e-6);
    }
}
