//! Whether turfs are in one piece on the streets, and how compact they are.
//!
//! Judged here and not by the core, from the walks between doors alone.

use canvass_core::cut::{CutDoor, CutTurf};
use canvass_core::geometry::{Plane, Point};
use canvass_core::street::{Distances, Place, Snap, StreetPack, WalkCosts};
use canvass_core::walk::DETOUR_PER_MILLE;

/// Other turfs' doors so near to a turf may lie between its own, in metres.
const AROUND_M: f64 = 150.0;

/// Of how many turfs the doors are not in one group. Two doors of a turf are joined when no
/// door of another turf lies between them: when none has walks to both whose squares add up to
/// less than the square of the walk between the two.
pub(crate) fn torn(doors: &[CutDoor<'_>], turfs: &[Vec<u32>], streets: &StreetPack) -> u64 {
    let plane = Plane::around(doors.iter().map(|door| door.point));
    let at_m: Vec<(f64, f64)> = doors.iter().map(|door| plane.metres(door.point)).collect();
    let places: Vec<Place<'_>> = doors.iter().map(|door| Place::at(door.point)).collect();
    let snaps = streets.snap_all(&places);
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
        let others = one_at_each_point(doors, others);
        let all: Vec<usize> = own.iter().chain(&others).copied().collect();
        let walks = Walks::between(&all, &at_m, &snaps, streets);
        groups(&walks, own.len(), all.len()) > 1
    };
    turfs.iter().enumerate().filter(|turf| is_torn(*turf)).count() as u64
}

/// The first of the doors at each position.
fn one_at_each_point(doors: &[CutDoor<'_>], numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut first = std::collections::BTreeMap::new();
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

/// The walks between some doors, in metres: along the streets, else straight with a detour.
struct Walks {
    at_m: Vec<Metres>,
    row: Vec<Option<usize>>,
    ways: Distances,
}

impl Walks {
    fn between(
        doors: &[usize],
        at_m: &[Metres],
        snaps: &[Option<Snap>],
        streets: &StreetPack,
    ) -> Self {
        let mut rows = 0..;
        let row = doors.iter().map(|door| snaps[*door].and_then(|_| rows.next())).collect();
        let on_street: Vec<Snap> = doors.iter().filter_map(|door| snaps[*door]).collect();
        let ways = streets.matrix(&on_street, &WalkCosts::Distance);
        Self { at_m: doors.iter().map(|door| at_m[*door]).collect(), row, ways }
    }

    fn metres(&self, a: usize, b: usize) -> f64 {
        let way = self.row[a].zip(self.row[b]).and_then(|(a, b)| self.ways.get(a, b));
        let straight_m = || {
            let (from, to) = (self.at_m[a], self.at_m[b]);
            (from.0 - to.0).hypot(from.1 - to.1) * f64::from(DETOUR_PER_MILLE) / 1_000.0
        };
        way.map_or_else(straight_m, |dm| f64::from(dm) / 10.0)
    }
}

/// The groups of the first `own` doors, with the others between them.
fn groups(walks: &Walks, own: usize, all: usize) -> usize {
    let mut pairs: Vec<(f64, usize, usize)> = (0..own)
        .flat_map(|one| (0..one).map(move |other| (one, other)))
        .map(|(one, other)| (walks.metres(one, other), one, other))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut group: Vec<usize> = (0..own).collect();
    let mut groups = own;
    for (walk_m, one, other) in pairs {
        let (a, b) = (root(&group, one), root(&group, other));
        let is_between = |third: usize| {
            let (first_m, second_m) = (walks.metres(one, third), walks.metres(third, other));
            first_m * first_m + second_m * second_m < walk_m * walk_m
        };
        if a != b && !(own..all).any(is_between) {
            group[a] = b;
            groups -= 1;
        }
    }
    groups
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
