//! Walks by straight lines: every stop once, and the length is what it says.

use proptest::prelude::*;

use super::*;
use crate::geometry::Point;
use crate::route::Effort;

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
            prop_assert!((walk.length_m - length_m(&walked)).abs() < 1e-6);
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
    let plane = crate::geometry::Plane::around(points.iter().copied());
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
