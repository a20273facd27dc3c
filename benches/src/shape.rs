//! Whether turfs are in one piece on the map, and how compact they are.
//!
//! Judged here and not by the core, from the positions of all doors alone.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::cut::{CutDoor, CutTurf};
use canvass_core::geometry::{Plane, Point};

/// Other turfs' doors so near to a turf may lie between its own, in metres.
const AROUND_M: f64 = 150.0;

/// What rounded positions may do to a circle's middle, as a share.
const ROUNDED: f64 = 1e-3;

/// Of how many turfs the doors are not in one group. Two doors of a turf are joined when some
/// circle through both has no door of another turf in it: then the ground that is nearer to the
/// turf's doors than to any other's hangs together between them.
pub(crate) fn torn(doors: &[CutDoor<'_>], turfs: &[Vec<u32>]) -> u64 {
    let plane = Plane::around(doors.iter().map(|door| door.point));
    let at_m: Vec<(f64, f64)> = doors.iter().map(|door| plane.metres(door.point)).collect();
    let mut turf_of = vec![usize::MAX; doors.len()];
    for (number, turf) in turfs.iter().enumerate() {
        turf.iter().for_each(|door| turf_of[*door as usize] = number);
    }
    let is_torn = |(number, turf): (usize, &Vec<u32>)| {
        let own = one_at_each_point(doors, turf.iter().map(|door| *door as usize));
        let (low, high) = around(&own, &at_m);
        let is_near = |door: &usize| {
            let (east, north) = at_m[*door];
            low.0 < east && east < high.0 && low.1 < north && north < high.1
        };
        let others = (0..doors.len()).filter(|door| turf_of[*door] != number && is_near(door));
        let mut others = one_at_each_point(doors, others);
        // A building of several turfs parts none of them.
        let own_points: BTreeSet<_> = own.iter().map(|door| doors[*door].point.to_e7()).collect();
        others.retain(|door| !own_points.contains(&doors[*door].point.to_e7()));
        let all: Vec<Metres> = own.iter().chain(&others).map(|door| at_m[*door]).collect();
        groups(&all, own.len()) > 1
    };
    turfs.iter().enumerate().filter(|turf| is_torn(*turf)).count() as u64
}

/// The first of the doors at each position.
fn one_at_each_point(doors: &[CutDoor<'_>], numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut first = BTreeMap::new();
    numbers.for_each(|door| {
        first.entry(doors[door].point.to_e7()).or_insert(door);
    });
    first.into_values().collect()
}

type Metres = (f64, f64);

fn around(doors: &[usize], at_m: &[Metres]) -> (Metres, Metres) {
    let least =
        |of: fn(&Metres) -> f64| doors.iter().map(|door| of(&at_m[*door])).fold(f64::MAX, f64::min);
    let most =
        |of: fn(&Metres) -> f64| doors.iter().map(|door| of(&at_m[*door])).fold(f64::MIN, f64::max);
    let low = (least(|at| at.0) - AROUND_M, least(|at| at.1) - AROUND_M);
    (low, (most(|at| at.0) + AROUND_M, most(|at| at.1) + AROUND_M))
}

/// The groups of the first `own` positions, with the others between them.
fn groups(at_m: &[Metres], own: usize) -> usize {
    let square = |a: usize, b: usize| {
        let (east, north) = (at_m[a].0 - at_m[b].0, at_m[a].1 - at_m[b].1);
        east * east + north * north
    };
    let mut pairs: Vec<(f64, usize, usize)> = (0..own)
        .flat_map(|one| (0..one).map(move |other| (one, other)))
        .map(|(one, other)| (square(one, other), one, other))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut group: Vec<usize> = (0..own).collect();
    let mut groups = own;
    for (apart, one, other) in pairs {
        let (a, b) = (root(&group, one), root(&group, other));
        let others = &at_m[own..];
        if a != b && has_free_circle(at_m[one], at_m[other], others, apart) {
            group[a] = b;
            groups -= 1;
        }
    }
    groups
}

/// Whether some circle through two positions, `apart` squared metres from each other, has none
/// of the others in it.
fn has_free_circle(one: Metres, other: Metres, others: &[Metres], apart: f64) -> bool {
    let middle = (f64::midpoint(one.0, other.0), f64::midpoint(one.1, other.1));
    // Where the circle's middle may be on the line that halves the two, from where to where.
    let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
    for third in others {
        let (east, north) = (third.0 - middle.0, third.1 - middle.1);
        let aside = (other.0 - one.0) * north - (other.1 - one.1) * east;
        let limit = (east * east + north * north - apart / 4.0) / (2.0 * aside);
        if aside > 0.0 {
            to = to.min(limit);
        } else if aside < 0.0 {
            from = from.max(limit);
        } else if limit < 0.0 {
            return false;
        }
    }
    // Positions are known by the centimetre: doors at the corners of a rectangle lie on one circle.
    from <= to + ROUNDED * (1.0 + from.abs())
}

/// The door that stands for a door's group.
pub(crate) fn root(group: &[usize], mut door: usize) -> usize {
    while group[door] != door {
        door = group[door];
    }
    door
}

/// How round the turfs' outlines are, on average: 1 for a circle, 0.79 for a square (Polsby and
/// Popper 1991).
pub(crate) fn compactness(turfs: &[CutTurf]) -> f64 {
    let of = |turf: &CutTurf| {
        let rings = turf.outline.rings();
        let length_m = |ring: &Vec<Point>| -> f64 {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(from, to)| from.distance_m(*to)).sum()
        };
        let border_m: f64 = rings.iter().map(length_m).sum();
        4.0 * std::f64::consts::PI * turf.outline.area_m2() / (border_m * border_m)
    };
    turfs.iter().map(of).sum::<f64>() / turfs.len() as f64
}
