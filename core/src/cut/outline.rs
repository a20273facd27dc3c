//! The borders that are drawn around turfs.
//!
//! A turf's ground is all that lies nearer to one of its sites than to any other turf's, and
//! not far from it. So borders run along the middle of streets and where back yards meet. A
//! building that several turfs share lies in the outline of each.

use std::collections::BTreeMap;

use geo::algorithm::bool_ops::unary_union;
use geo::{Coord, LineString, Polygon};

use crate::geometry::{Plane, Point};
use crate::turf::{DoorIndex, TurfPolygon};

/// How far an outline reaches beyond its doors where there is room: a lot and half a street.
const REACH_M: f64 = 40.0;
/// Shares of the reach that are tried in turn.
const REACHES: [f64; 5] = [1.0, 0.7, 0.45, 0.25, 0.1];
/// How far the ground of two turfs overlaps: rounding leaves no gaps then, and nothing stands
/// there.
const OVERLAP_M: f64 = 0.05;
/// Half the width of a strip between two parts of one turf.
const STRIP_M: f64 = 2.0;
/// Octagons around sites: their corners, as shares of the reach.
const CORNERS: [[f64; 2]; 8] = {
    let (a, b) = (0.923_879_532_511_286_7, 0.382_683_432_365_089_8);
    [[a, b], [b, a], [-b, a], [-a, b], [-a, -b], [-b, -a], [b, -a], [a, -b]]
};

/// Sites and the turfs that have doors there, ready to be outlined.
pub(super) struct Outliner {
    plane: Plane,
    at_m: Vec<[f64; 2]>,
    points: Vec<Point>,
    turfs_at: Vec<Vec<u32>>,
    squares: BTreeMap<[i32; 2], Vec<u32>>,
    index: DoorIndex,
}

impl Outliner {
    /// Takes the position of each site and the turfs that have doors there.
    pub(super) fn of(sites: impl IntoIterator<Item = (Point, Vec<u32>)>) -> Self {
        let (points, turfs_at): (Vec<Point>, Vec<Vec<u32>>) = sites.into_iter().unzip();
        let plane = Plane::around(points.iter().copied());
        let at_m: Vec<[f64; 2]> = points.iter().map(|point| plane.metres(*point).into()).collect();
        let mut squares: BTreeMap<[i32; 2], Vec<u32>> = BTreeMap::new();
        for (site, at_m) in (0..).zip(&at_m) {
            squares.entry(square(*at_m)).or_default().push(site);
        }
        let index = DoorIndex::load((0..).zip(points.iter().copied()));
        Self { plane, at_m, points, turfs_at, squares, index }
    }

    pub(super) fn point(&self, site: u32) -> Point {
        self.points[site as usize]
    }

    /// The border of a turf with these sites; `links` are pairs of them that lie next to each
    /// other, as far as they are known.
    ///
    /// Where rounding spoils a border, closer ones are tried.
    pub(super) fn outline(&self, turf: u32, sites: &[u32], links: &[[u32; 2]]) -> TurfPolygon {
        let border = |share: &f64| {
            let drawn = self.border(turf, sites, links, share * REACH_M)?;
            self.is_right(&drawn, sites).then_some(drawn)
        };
        REACHES.iter().find_map(border).unwrap_or_else(|| self.hull(sites))
    }

    fn border(
        &self,
        turf: u32,
        sites: &[u32],
        links: &[[u32; 2]],
        reach_m: f64,
    ) -> Option<TurfPolygon> {
        let mut ground: Vec<Polygon> =
            sites.iter().filter_map(|site| self.cell(*site, turf, reach_m)).collect();
        let far = links.iter().filter(|[a, b]| self.distance_m(*a, *b) > reach_m);
        ground.extend(far.filter_map(|link| self.strip(*link, turf)));
        let whole = unary_union(&ground);
        let whole = if whole.0.len() > 1 {
            ground.extend(self.tree(sites).into_iter().filter_map(|link| self.strip(link, turf)));
            unary_union(&ground)
        } else {
            whole
        };
        let [polygon] = <[Polygon; 1]>::try_from(whole.0).ok()?;
        self.drawn(&polygon, turf)
    }

    fn is_right(&self, drawn: &TurfPolygon, sites: &[u32]) -> bool {
        let mut own = sites.to_vec();
        own.sort_unstable();
        self.index.within(drawn) == own
    }

    /// What is left when rounding spoils every border: the hull, which may hold others' doors.
    fn hull(&self, sites: &[u32]) -> TurfPolygon {
        let points: Vec<Point> = sites.iter().map(|site| self.points[*site as usize]).collect();
        TurfPolygon::around(&points).expect("a hull 15 m around positions is a valid ring")
    }

    /// The shortest links that join all sites (Prim 1957).
    fn tree(&self, sites: &[u32]) -> Vec<[u32; 2]> {
        let Some((first, rest)) = sites.split_first() else { return Vec::new() };
        let mut open: Vec<[u32; 2]> = rest.iter().map(|site| [*first, *site]).collect();
        let mut tree = Vec::with_capacity(open.len());
        let length = |link: &[u32; 2]| self.distance_m(link[0], link[1]);
        while let Some(at) =
            (0..open.len()).min_by(|a, b| length(&open[*a]).total_cmp(&length(&open[*b])))
        {
            let link = open.swap_remove(at);
            for other in &mut open {
                let by_new = [link[1], other[1]];
                if length(&by_new) < length(other) {
                    *other = by_new;
                }
            }
            tree.push(link);
        }
        tree
    }

    fn is_own(&self, site: u32, turf: u32) -> bool {
        self.turfs_at[site as usize].contains(&turf)
    }

    fn distance_m(&self, a: u32, b: u32) -> f64 {
        let (a, b) = (self.at_m[a as usize], self.at_m[b as usize]);
        ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt()
    }

    /// The sites of other turfs around a place.
    fn strangers(&self, at_m: [f64; 2], turf: u32) -> impl Iterator<Item = u32> {
        let [east, north] = square(at_m);
        let around = (-1..=1).flat_map(move |e| (-1..=1).map(move |n| [east + e, north + n]));
        let sites = around.filter_map(|square| self.squares.get(&square)).flatten().copied();
        sites.filter(move |site| !self.is_own(*site, turf))
    }

    /// The ground around a site that is nearer to it than to any other turf's.
    fn cell(&self, site: u32, turf: u32, reach_m: f64) -> Option<Polygon> {
        let at = self.at_m[site as usize];
        let mut ring: Vec<[f64; 2]> =
            CORNERS.map(|share| [at[0] + share[0] * reach_m, at[1] + share[1] * reach_m]).to_vec();
        for other in self.strangers(at, turf) {
            let to = self.at_m[other as usize];
            let way = [to[0] - at[0], to[1] - at[1]];
            let length = self.distance_m(site, other);
            if length > 0.0 && length < 2.0 * reach_m {
                let middle = length / 2.0 + OVERLAP_M.min(length / 5.0);
                ring = clipped(&ring, at, [way[0] / length, way[1] / length], middle);
            }
        }
        polygon(&ring)
    }

    /// A thin strip from one site to another past all others.
    fn strip(&self, [a, b]: [u32; 2], turf: u32) -> Option<Polygon> {
        let (from, to) = (self.at_m[a as usize], self.at_m[b as usize]);
        let length = self.distance_m(a, b);
        let way = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
        let middle = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
        let mut width_m = STRIP_M.min(length / 4.0);
        let steps = (length / (2.0 * REACH_M)).ceil().max(1.0);
        let mut at = 0.0;
        while at <= steps {
            let here =
                [from[0] + way[0] * length * at / steps, from[1] + way[1] * length * at / steps];
            for other in self.strangers(here, turf) {
                let to = self.at_m[other as usize];
                let off = [to[0] - from[0], to[1] - from[1]];
                let along = off[0] * way[0] + off[1] * way[1];
                if along > 0.0 && along < length {
                    width_m = width_m.min((off[0] * way[1] - off[1] * way[0]).abs() / 2.0);
                }
            }
            at += 1.0;
        }
        let side = [way[1] * width_m, -way[0] * width_m];
        polygon(&[
            from,
            [middle[0] + side[0], middle[1] + side[1]],
            to,
            [middle[0] - side[0], middle[1] - side[1]],
        ])
    }

    /// A polygon in degrees, with those holes in which another turf's doors stand.
    fn drawn(&self, polygon: &Polygon, turf: u32) -> Option<TurfPolygon> {
        let ring = |line: &LineString| -> Vec<Point> {
            line.coords().map(|at| self.plane.point(at.x, at.y)).collect()
        };
        let is_needed = |hole: &Vec<Point>| {
            TurfPolygon::new(hole, &[]).is_ok_and(|hole| {
                self.index.within(&hole).into_iter().any(|site| !self.is_own(site, turf))
            })
        };
        let holes: Vec<Vec<Point>> =
            polygon.interiors().iter().map(ring).filter(is_needed).collect();
        TurfPolygon::new(&ring(polygon.exterior()), &holes).ok()
    }
}

/// The square of a place: as wide as two cells reach.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
fn square(at_m: [f64; 2]) -> [i32; 2] {
    at_m.map(|at| (at / (2.0 * REACH_M)).floor() as i32)
}

fn polygon(ring: &[[f64; 2]]) -> Option<Polygon> {
    let line: LineString = ring.iter().map(|at| Coord { x: at[0], y: at[1] }).collect();
    (ring.len() > 2).then(|| Polygon::new(line, Vec::new()))
}

/// The part of a convex ring that is not further than `most_m` from `from` along `way`
/// (Sutherland and Hodgman 1974).
fn clipped(ring: &[[f64; 2]], from: [f64; 2], way: [f64; 2], most_m: f64) -> Vec<[f64; 2]> {
    let beyond = |at: &[f64; 2]| (at[0] - from[0]) * way[0] + (at[1] - from[1]) * way[1] - most_m;
    let mut part = Vec::with_capacity(ring.len() + 1);
    for (at, next) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (here, there) = (beyond(at), beyond(next));
        if here <= 0.0 {
            part.push(*at);
        }
        if (here <= 0.0) != (there <= 0.0) {
            let share = here / (here - there);
            part.push([at[0] + (next[0] - at[0]) * share, at[1] + (next[1] - at[1]) * share]);
        }
    }
    part
}
