//! The border that is drawn around a turf's doors.

use super::area::Area;
use super::bisect::Piece;
use crate::geometry::Point;
use crate::turf::TurfPolygon;

/// The hull around the doors as far as the map there is theirs, without the large stacks; a
/// box where a large stack stands in the hull's border.
pub(super) fn outline(piece: &Piece) -> TurfPolygon {
    let places: Vec<Point> =
        piece.stacks().iter().map(|stack| Point::from_e7(stack.at[1], stack.at[0])).collect();
    let hull = TurfPolygon::around(&places).ok();
    let hull = hull.and_then(|hull| Some(clipped(hull.rings().first()?, piece.outline())));
    let rings = hull.into_iter().chain([piece.outline().corners(), piece.area.corners()]);
    let outers: Vec<TurfPolygon> =
        rings.filter_map(|ring| TurfPolygon::new(&ring, &[]).ok()).collect();
    let cut_out = outers.iter().find_map(|outer| without_holes(outer, &piece.holes));
    cut_out
        .or_else(|| outers.into_iter().next())
        .expect("a box of a positive width and height is a valid ring")
}

/// Cuts out the large stacks inside: with room around them, else just where they stand.
fn without_holes(outer: &TurfPolygon, holes: &[Area]) -> Option<TurfPolygon> {
    let inside: Vec<Area> =
        holes.iter().copied().filter(|hole| outer.contains(hole.middle().corners()[0])).collect();
    let ring = outer.rings().first()?;
    let rings = |of: fn(Area) -> Area| -> Vec<Vec<Point>> {
        inside.iter().map(|hole| of(*hole).corners()).collect()
    };
    let tried = [rings(|hole| hole), rings(Area::middle)];
    tried.iter().find_map(|holes| TurfPolygon::new(ring, holes).ok())
}

/// The part of a convex ring that lies in an area (Sutherland and Hodgman 1974).
fn clipped(ring: &[Point], area: Area) -> Vec<Point> {
    let mut ring: Vec<[i64; 2]> = ring
        .iter()
        .map(|point| {
            let (north, east) = point.to_e7();
            [i64::from(east), i64::from(north)]
        })
        .collect();
    for axis in 0..2 {
        ring = kept(&ring, axis, i64::from(area.low[axis]), 1);
        ring = kept(&ring, axis, i64::from(area.high[axis]), -1);
    }
    let step = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
    ring.into_iter().map(|[east, north]| Point::from_e7(step(north), step(east))).collect()
}

/// The part of a ring on one side of a line across `axis`: above it, or below with `side` -1.
fn kept(ring: &[[i64; 2]], axis: usize, line: i64, side: i64) -> Vec<[i64; 2]> {
    let depth = |point: [i64; 2]| (point[axis] - line) * side;
    let ends = ring.iter().zip(ring.iter().cycle().skip(1));
    let mut part = Vec::new();
    for (&from, &to) in ends {
        if depth(from) >= 0 {
            part.push(from);
        }
        if (depth(from) < 0) != (depth(to) < 0) {
            let mut crossing = [line; 2];
            let (rise, run) = (to[1 - axis] - from[1 - axis], to[axis] - from[axis]);
            crossing[1 - axis] = from[1 - axis] + rise * (line - from[axis]) / run;
            part.push(crossing);
        }
    }
    part.dedup();
    part
}
