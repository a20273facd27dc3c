//! The outline of a list that has no turf of its own: the hull of its stops, a little wider.

use super::frame::{Frame, Spot};
use super::model::ReportList;

/// How far the hull stands off the doors, in metres: across the sidewalk.
const STAND_OFF_M: f64 = 14.0;

/// The rings that show where a list lies, in the drawing's units.
pub(super) fn rings(frame: &Frame, list: &ReportList) -> Vec<Vec<Spot>> {
    let drawn = list.outline.iter().filter(|ring| ring.len() >= 3);
    let drawn: Vec<Vec<Spot>> =
        drawn.map(|ring| ring.iter().map(|point| frame.spot(*point)).collect()).collect();
    if !drawn.is_empty() {
        return drawn;
    }
    let off = frame.units(STAND_OFF_M);
    let around = list.stops.iter().map(|stop| frame.spot(stop.point));
    hull(around.flat_map(|spot| octagon(spot, off)).collect()).into_iter().collect()
}

fn octagon(centre: Spot, radius: f64) -> [Spot; 8] {
    // The cosine of 45 degrees.
    let slant = radius * std::f64::consts::FRAC_1_SQRT_2;
    [
        (radius, 0.0),
        (slant, slant),
        (0.0, radius),
        (-slant, slant),
        (-radius, 0.0),
        (-slant, -slant),
        (0.0, -radius),
        (slant, -slant),
    ]
    .map(|(x, y)| Spot { x: centre.x + x, y: centre.y + y })
}

/// The convex hull (Andrew's monotone chain, 1979); none of fewer than three places.
fn hull(mut spots: Vec<Spot>) -> Option<Vec<Spot>> {
    spots.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    spots.dedup();
    if spots.len() < 3 {
        return None;
    }
    let mut ring = half(spots.iter());
    ring.extend(half(spots.iter().rev()));
    Some(ring)
}

/// One side of the hull, without its last place.
fn half<'a>(spots: impl Iterator<Item = &'a Spot>) -> Vec<Spot> {
    let mut side: Vec<Spot> = Vec::new();
    for &spot in spots {
        while let [.., a, b] = side.as_slice()
            && turn(*a, *b, spot) <= 0.0
        {
            side.pop();
        }
        side.push(spot);
    }
    side.pop();
    side
}

/// Positive if the way from `a` over `b` to `c` turns left.
fn turn(a: Spot, b: Spot, c: Spot) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(all: &[(f64, f64)]) -> Vec<Spot> {
        all.iter().map(|&(x, y)| Spot { x, y }).collect()
    }

    #[test]
    fn a_hull_leaves_out_what_lies_inside_or_on_its_sides() {
        let square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0), (1.0, 0.0)];
        let ring = hull(spots(&square)).expect("enough places");
        assert_eq!(ring, spots(&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]));
    }

    #[test]
    fn two_places_have_no_hull() {
        assert_eq!(hull(spots(&[(0.0, 0.0), (1.0, 1.0), (1.0, 1.0)])), None);
    }
}
