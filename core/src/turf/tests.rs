use std::collections::BTreeSet;

use proptest::prelude::*;

use super::grid::{Bounds, Spot};
use super::*;
use crate::geometry::{Point, PointError};

/// A corner of a small grid: so coarse that doors lie on borders and corners all the time.
fn at(x: i32, y: i32) -> Point {
    Point::from_e7(420_000_000 + y, -710_000_000 + x)
}

fn ring(corners: &[(i32, i32)]) -> Vec<Point> {
    corners.iter().map(|&(x, y)| at(x, y)).collect()
}

fn turf(corners: &[(i32, i32)]) -> TurfPolygon {
    TurfPolygon::new(&ring(corners), &[]).expect("a valid ring")
}

/// A ring that does not cross itself: corners sorted by direction from the middle, one each.
fn star() -> impl Strategy<Value = Vec<(i32, i32)>> {
    proptest::collection::vec((0..8_usize, 2..15_i32), 3..9).prop_filter_map(
        "fewer than three directions, or no valid ring",
        |arms| {
            let towards = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];
            let mut reach = [0; 8];
            for (direction, length) in arms {
                reach[direction] = length;
            }
            let corners: Vec<(i32, i32)> = (0..8)
                .filter(|&d| reach[d] > 0)
                .map(|d| (towards[d].0 * reach[d], towards[d].1 * reach[d]))
                .collect();
            TurfPolygon::new(&ring(&corners), &[]).is_ok().then_some(corners)
        },
    )
}

fn doors() -> impl Strategy<Value = Vec<Point>> {
    proptest::collection::vec((-20..20_i32, -20..20_i32).prop_map(|(x, y)| at(x, y)), 0..300)
}

fn numbered(points: &[Point]) -> impl Iterator<Item = (u32, Point)> + '_ {
    (0..).zip(points.iter().copied())
}

/// The half-open rule told another way: move the point by a little to the north-east and ask
/// with a ray, in units so small that the move meets no corner.
fn contains_moved(rings: &[Vec<Point>], point: Point) -> bool {
    const FINE: i128 = 1 << 40;
    let fine = |p: Point| {
        let spot = Spot::of(p);
        (i128::from(spot.x) * FINE, i128::from(spot.y) * FINE)
    };
    // Steeper than any border between corners of the grid, and never along one.
    let (x, y) = {
        let (x, y) = fine(point);
        (x + (1 << 12), y + 1)
    };
    let mut crossings = 0;
    for ring in rings {
        for i in 0..ring.len() {
            let ((ax, ay), (bx, by)) = (fine(ring[i]), fine(ring[(i + 1) % ring.len()]));
            let left = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
            if (ay <= y) != (by <= y) && (left > 0) == (by > y) {
                crossings += 1;
            }
        }
    }
    crossings % 2 == 1
}

proptest! {
    #[test]
    fn the_index_answers_like_a_scan(points in doors(), corners in star(), hole in star()) {
        let hole: Vec<Point> = hole.iter().map(|&(x, y)| {
            let (lat, lon) = at(x, y).to_e7();
            let (mid_lat, mid_lon) = at(0, 0).to_e7();
            Point::from_e7(mid_lat + (lat - mid_lat) / 4, mid_lon + (lon - mid_lon) / 4)
        }).collect();
        let outer = ring(&corners);
        let turf = TurfPolygon::new(&outer, &[hole])
            .or_else(|_| TurfPolygon::new(&outer, &[]))
            .expect("the outer ring alone is valid");
        let index = DoorIndex::load(numbered(&points));
        let scan: Vec<u32> = numbered(&points)
            .filter(|&(_, point)| turf.contains(point))
            .map(|(door, _)| door)
            .collect();
        prop_assert_eq!(index.within(&turf), scan);
    }

    #[test]
    fn contains_speaks_for_a_point_moved_north_east(corners in star(), x in -20..20, y in -20..20) {
        let turf = turf(&corners);
        prop_assert_eq!(turf.contains(at(x, y)), contains_moved(turf.rings(), at(x, y)));
    }

    /// A fan of triangles around any point covers a rectangle: each door is in exactly one.
    #[test]
    fn a_door_on_a_shared_border_is_in_exactly_one_turf(
        points in doors(),
        centre in (-9..10_i32, -9..10_i32),
        west in -9..10_i32,
        south in -9..10_i32,
    ) {
        let around = [(-20, -20), (south, -20), (20, -20), (20, 20), (-20, 20), (-20, west)];
        let fan: Vec<TurfPolygon> = (0..around.len())
            .map(|i| turf(&[centre, around[i], around[(i + 1) % around.len()]]))
            .collect();
        let index = DoorIndex::load(numbered(&points));
        let mut all: Vec<u32> = fan.iter().flat_map(|turf| index.within(turf)).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..).take(points.len()).collect::<Vec<u32>>());
    }

    #[test]
    fn a_hole_and_what_fills_it_share_no_door(points in doors(), corners in star()) {
        let square = [(-30, -30), (30, -30), (30, 30), (-30, 30)];
        let filling = turf(&corners);
        let around = TurfPolygon::new(&ring(&square), &[ring(&corners)]).expect("a hole inside");
        for point in points {
            prop_assert!(filling.contains(point) != around.contains(point));
        }
    }

    #[test]
    fn nearest_equals_a_sorted_scan(points in doors(), x in -25..25, y in -25..25, count in 0..20_u32) {
        let index = DoorIndex::load(numbered(&points));
        let from = at(x, y);
        let mut scan: Vec<(f64, u32)> =
            numbered(&points).map(|(door, point)| (from.distance_m(point), door)).collect();
        scan.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let near: Vec<(f64, u32)> =
            index.nearest(from, count).iter().map(|n| (n.distance_m, n.door)).collect();
        prop_assert_eq!(&near[..], &scan[..scan.len().min(count as usize)]);
        let radius_m = scan.get(3).map_or(0.1, |door| door.0);
        let within: Vec<(f64, u32)> = index
            .nearest_within(from, count, radius_m)
            .iter()
            .map(|n| (n.distance_m, n.door))
            .collect();
        let in_radius = scan.iter().filter(|door| door.0 <= radius_m).count();
        prop_assert_eq!(&within[..], &scan[..in_radius.min(count as usize)]);
    }

    #[test]
    fn nearest_is_right_all_over_the_globe(
        points in proptest::collection::vec((-900_000_000..900_000_001_i32, -1_800_000_000..1_800_000_001_i32), 1..200),
        from in (-900_000_000..900_000_001_i32, -1_800_000_000..1_800_000_001_i32),
    ) {
        let position = |(lat, lon)| Point::from_e7(lat, lon);
        let points: Vec<Point> = points.into_iter().map(position).collect();
        let from = position(from);
        let index = DoorIndex::load(numbered(&points));
        let scan = points.iter().map(|point| from.distance_m(*point)).min_by(f64::total_cmp);
        prop_assert_eq!(index.nearest(from, 1).first().map(|near| near.distance_m), scan);
    }

    #[test]
    fn stacks_partition_the_doors_by_position(points in doors()) {
        let stacks = DoorIndex::load(numbered(&points)).stacks();
        let mut seen: Vec<u32> = stacks.iter().flatten().copied().collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..).take(points.len()).collect::<Vec<u32>>());
        let place = |door: u32| points[door as usize].to_e7();
        for stack in &stacks {
            prop_assert!(stack.iter().all(|&door| place(door) == place(stack[0])));
        }
        let places: BTreeSet<_> = stacks.iter().map(|stack| place(stack[0])).collect();
        prop_assert_eq!(places.len(), stacks.len());
    }

    #[test]
    fn the_outline_around_points_holds_them_all(points in doors()) {
        match TurfPolygon::around(&points) {
            Ok(outline) => prop_assert!(points.iter().all(|&point| outline.contains(point))),
            Err(error) => prop_assert_eq!((error, points.len()), (TurfError::NoRing, 0)),
        }
    }

    #[test]
    fn any_rings_are_a_turf_or_a_typed_error(
        corners in proptest::collection::vec((-4..4_i32, -4..4_i32), 0..8),
        hole in proptest::collection::vec((-4..4_i32, -4..4_i32), 0..6),
    ) {
        let holes = if hole.is_empty() { vec![] } else { vec![ring(&hole)] };
        if let Ok(turf) = TurfPolygon::new(&ring(&corners), &holes) {
            prop_assert!(turf.area_m2() > 0.0);
            let inside = (-4..4).flat_map(|x| (-4..4).map(move |y| at(x, y)));
            prop_assert!(inside.filter(|&p| turf.contains(p)).count() <= 64);
        }
    }
}

fn place(ring: u32, point: u32) -> BorderPlace {
    BorderPlace { ring, point }
}

#[test]
fn a_faulty_ring_is_refused_at_its_place() {
    let refused = |corners: &[(i32, i32)]| TurfPolygon::new(&ring(corners), &[]).err();
    assert_eq!(refused(&[]), Some(TurfError::NoRing));
    assert_eq!(
        refused(&[(0, 0), (0, 0), (5, 5), (0, 0)]),
        Some(TurfError::TooFewPoints { place: place(0, 3) })
    );
    assert_eq!(
        refused(&[(0, 0), (0, 0), (9, 9), (9, 0), (0, 9)]),
        Some(TurfError::SelfCrossing { place: place(0, 0), other: 3 })
    );
    assert_eq!(
        refused(&[(0, 0), (9, 0), (9, 9), (9, 4), (0, 4)]),
        Some(TurfError::Spike { place: place(0, 2) })
    );
    assert_eq!(
        refused(&[(0, 0), (9, 0), (5, 5), (9, 9), (0, 9), (5, 5)]),
        Some(TurfError::SelfCrossing { place: place(0, 1), other: 4 })
    );
}

#[test]
fn a_point_that_is_no_position_is_refused_at_its_place() {
    let mut outer = ring(&[(0, 0), (9, 0), (9, 9)]);
    outer[1].lon = f64::NAN;
    let error = TurfPolygon::new(&outer, &[]).expect_err("a NaN");
    assert_eq!(error, TurfError::NoPosition { place: place(0, 1), reason: PointError::NotFinite });
    assert_eq!(error.to_string(), "ring 0, point 1: not a finite number");
}

#[test]
fn holes_must_lie_inside_and_apart() {
    let square = ring(&[(0, 0), (20, 0), (20, 20), (0, 20)]);
    let refused = |holes: &[Vec<Point>]| TurfPolygon::new(&square, holes).err();
    let leaving = ring(&[(15, 15), (25, 15), (15, 18)]);
    assert_eq!(refused(&[leaving]), Some(TurfError::HoleOutside { place: place(1, 1) }));
    let (one, other) = (ring(&[(2, 2), (8, 2), (8, 8)]), ring(&[(5, 3), (12, 3), (12, 9)]));
    assert_eq!(
        refused(&[one.clone(), other]),
        Some(TurfError::RingsOverlap { place: place(2, 0), other: 1 })
    );
    assert_eq!(refused(&[one]), None);
}

#[test]
fn a_turf_with_more_points_than_anyone_draws_is_refused() {
    let outer = vec![at(0, 0); MAX_TURF_POINTS as usize + 1];
    assert_eq!(
        TurfPolygon::new(&outer, &[]).err(),
        Some(TurfError::TooManyPoints { count: MAX_TURF_POINTS + 1 })
    );
}

#[test]
fn area_leaves_out_holes() {
    let corner = |lat: i32, lon: i32| Point::from_e7(450_000_000 + lat, lon);
    let square = |from: i32, to: i32| {
        vec![corner(from, from), corner(from, to), corner(to, to), corner(to, from)]
    };
    let turf = TurfPolygon::new(&square(-50_000, 50_000), &[square(-25_000, 25_000)]).expect("ok");
    // 0.01 degree north is 1,111.95 m; east at 45 degrees 786.27 m; a quarter is cut out.
    let expected = 1_111.951 * 786.268 * 0.75;
    assert!((turf.area_m2() / expected - 1.0).abs() < 1e-4, "{}", turf.area_m2());
    let bounds = turf.bounding_box();
    assert_eq!(
        (bounds.south_west, bounds.north_east),
        (corner(-50_000, -50_000), corner(50_000, 50_000))
    );
}

#[test]
fn a_side_that_spans_the_globe_does_not_overflow() {
    let far = |lat: i32, lon: i32| Point::from_e7(lat, lon);
    let globe = [
        far(-900_000_000, -1_800_000_000),
        far(-900_000_000, 1_800_000_000),
        far(900_000_000, 1_800_000_000),
        far(900_000_000, -1_800_000_000),
    ];
    let diagonal = TurfPolygon::new(&[globe[0], globe[1], globe[2]], &[]).expect("a triangle");
    assert!(diagonal.contains(far(0, 1)) && !diagonal.contains(far(0, -1)));
    let spots = globe.map(Spot::of);
    assert!(Bounds::around(spots).is_some_and(|b| b.holds(Spot { x: 0, y: 0 })));
}
