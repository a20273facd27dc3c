//! The ground that is cut: the sites where doors stand, which of them lie next to each other,
//! and the walk between any two.
//!
//! Two sites lie next to each other when no third lies in the disc between them and no barrier
//! does. Parts that are left apart by that are joined by the shortest sides of a triangulation
//! of all sites which no barrier crosses. No two of all these edges cross, so a turf that holds
//! together by them is in one piece on the map.

use super::mesh::{Side, sides, straight_m};
use super::network::Network;
use crate::geometry::{Plane, Point};
use crate::sets::Sets;
use crate::street::{Snap, StreetPack};
use crate::walk::DETOUR_PER_MILLE;

/// Between sites further apart than this, in metres, the way along the streets must not meet a
/// barrier either.
const IN_SIGHT_M: f64 = 150.0;

/// Lines that no turf reaches across, as pairs of their ends, and how to find those nearby.
pub(super) trait Walls {
    /// Whether a straight line between two positions meets a barrier.
    fn part(&self, from: Point, to: Point) -> bool;
}

/// The sites of a town.
pub(super) struct Ground {
    /// Where each is, in metres east and north.
    at_m: Vec<[f64; 2]>,
    /// The sites next to each.
    next_to: Vec<Vec<u32>>,
    /// What the streets say, if they are known.
    network: Option<Network>,
    /// The sites of each part of the town: barriers lie between the parts.
    pub(super) parts: Vec<Vec<u32>>,
}

impl Ground {
    pub(super) fn of(
        points: &[Point],
        walls: &impl Walls,
        streets: Option<(&StreetPack, Network)>,
    ) -> Self {
        let plane = Plane::around(points.iter().copied());
        // By the millimetre: doors in a straight row are in one exactly, or clearly not.
        let round = |metres: f64| (metres * 1_024.0).round() / 1_024.0;
        let at_m: Vec<[f64; 2]> =
            points.iter().map(|point| <[f64; 2]>::from(plane.metres(*point)).map(round)).collect();
        let sides = sides(&at_m);
        let network = streets.as_ref().map(|(_, network)| network);
        let is_far =
            |a: u32, b: u32| network.is_some_and(|net| net.is_far(a, b, straight_m(&at_m, a, b)));
        // Around the end of a barrier a long straight line may be open where the way is not.
        let is_open_way = |a: u32, b: u32| {
            let is_long = straight_m(&at_m, a, b) > IN_SIGHT_M;
            let network = streets.as_ref().filter(|_| is_long);
            let ends = || [points[a as usize], points[b as usize]];
            let is_open = |way: Vec<Point>| {
                let line = [&ends()[..1], &way[..], &ends()[1..]].concat();
                line.windows(2).all(|ends| !walls.part(ends[0], ends[1]))
            };
            !walls.part(ends()[0], ends()[1])
                && network.and_then(|(streets, net)| net.way(streets, a, b)).is_none_or(is_open)
        };
        let is_walked = |a: u32, b: u32| !is_far(a, b) && is_open_way(a, b);
        let next = sides.iter().filter(|side| side.is_next).map(|side| side.ends);
        let mut edges: Vec<[u32; 2]> = next.filter(|[a, b]| is_walked(*a, *b)).collect();
        let mut parts = Sets::of(points.len());
        for [a, b] in &edges {
            parts.join(*a, *b);
        }
        // What the streets leave apart is joined where the walk is short, then as the crow
        // flies, but not where the way along the streets crosses a barrier: islands of the
        // network and doors far from it belong to some turf too.
        link(&sides, is_walked, &mut parts, &mut edges);
        link(&sides, is_open_way, &mut parts, &mut edges);
        let mut next_to = vec![Vec::new(); points.len()];
        for [a, b] in edges {
            next_to[a as usize].push(b);
            next_to[b as usize].push(a);
        }
        next_to.iter_mut().for_each(|sites| sites.sort_unstable());
        let network = streets.map(|(_, network)| network);
        Self { at_m, next_to, network, parts: members(parts) }
    }

    /// Joins the smallest part to the site nearest to it; answers the part's sites.
    pub(super) fn join_smallest(&mut self, points: &[Point]) -> Vec<u32> {
        let smallest = (0..self.parts.len()).min_by_key(|part| self.parts[*part].len());
        let Some(smallest) = smallest else { return Vec::new() };
        let sites = self.parts.remove(smallest);
        let mut best: Option<(f64, u32, usize, u32)> = None;
        for (number, part) in self.parts.iter().enumerate() {
            for other in part {
                for site in &sites {
                    let distance_m = points[*site as usize].distance_m(points[*other as usize]);
                    if best.is_none_or(|best| distance_m < best.0) {
                        best = Some((distance_m, *site, number, *other));
                    }
                }
            }
        }
        if let Some((_, site, number, other)) = best {
            self.next_to[site as usize].push(other);
            self.next_to[other as usize].push(site);
            self.parts[number].extend(&sites);
            self.parts[number].sort_unstable();
        }
        sites
    }

    /// Metres of walking from one site to another.
    #[inline]
    pub(super) fn walk_m(&self, from: u32, to: u32) -> f64 {
        if from == to {
            return 0.0;
        }
        let known = self.network.as_ref().and_then(|network| network.walk_m(from, to));
        known.unwrap_or_else(|| {
            let detour = f64::from(DETOUR_PER_MILLE) / 1_000.0;
            let at_least_m = self.network.as_ref().map_or(0.0, |net| net.at_least_m(from, to));
            (straight_m(&self.at_m, from, to) * detour).max(at_least_m)
        })
    }

    /// Where a site stands on the streets.
    pub(super) fn snap(&self, site: u32) -> Option<Snap> {
        self.network.as_ref().and_then(|network| network.snap(site))
    }

    /// The sites on each side of each block.
    pub(super) fn faces(&self) -> impl Iterator<Item = Vec<u32>> {
        self.network.iter().flat_map(Network::faces)
    }

    /// About the metres of a walk past all sites: the least tree that joins them (Kruskal 1956).
    pub(super) fn walk_of_all_m(&self) -> f64 {
        let mut ways: Vec<(f64, u32, u32)> = Vec::new();
        for (site, near) in (0..).zip(&self.next_to) {
            let rising = near.iter().filter(|other| **other > site);
            ways.extend(rising.map(|other| (self.walk_m(site, *other), site, *other)));
        }
        ways.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut parts = Sets::of(self.at_m.len());
        ways.into_iter().filter(|(_, a, b)| parts.join(*a, *b)).map(|(walk_m, ..)| walk_m).sum()
    }

    pub(super) fn sites(&self) -> usize {
        self.at_m.len()
    }

    /// The sites next to this one.
    pub(super) fn next_to(&self, site: u32) -> &[u32] {
        &self.next_to[site as usize]
    }
}

/// Joins what hangs apart by the shortest sides that `may` join it.
fn link(
    sides: &[Side],
    may: impl Fn(u32, u32) -> bool,
    parts: &mut Sets,
    edges: &mut Vec<[u32; 2]>,
) {
    for Side { ends: [a, b], .. } in sides {
        if parts.root(*a) != parts.root(*b) && may(*a, *b) {
            parts.join(*a, *b);
            edges.push([*a, *b]);
        }
    }
}

/// The members of each set, by their lowest.
fn members(parts: Sets) -> Vec<Vec<u32>> {
    let (of, count) = parts.numbers();
    let mut members = vec![Vec::new(); count];
    for (site, part) in (0_u32..).zip(of) {
        members[part as usize].push(site);
    }
    members
}
