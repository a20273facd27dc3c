//! The ground that is cut: the sites where doors stand, which of them lie next to each other,
//! and the walk between any two.
//!
//! Two sites lie next to each other when no third lies in the disc between them (Gabriel and
//! Sokal 1969) and no barrier does. Such edges never cross, and every site is reached by them
//! from every other on its side of the barriers, so a turf that holds together by them is in
//! one piece on the map.

use std::collections::BTreeMap;

use super::network::Network;
use crate::geometry::{Plane, Point};
use crate::street::Snap;
use crate::turf::DoorIndex;
use crate::walk::DETOUR_PER_MILLE;

/// Among so many of the nearest sites those next to a site are looked for.
const LOOKED_AT: u32 = 24;

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
    pub(super) fn of(points: &[Point], walls: &impl Walls, network: Option<Network>) -> Self {
        let plane = Plane::around(points.iter().copied());
        let at_m: Vec<[f64; 2]> = points.iter().map(|point| plane.metres(*point).into()).collect();
        let index = DoorIndex::load((0..).zip(points.iter().copied()));
        let mut edges = gabriel(&at_m, points, &index);
        let is_apart = |a: u32, b: u32| walls.part(points[a as usize], points[b as usize]);
        let is_far = |a: u32, b: u32| {
            network.as_ref().is_some_and(|net| net.is_far(a, b, straight_m(&at_m, a, b)))
        };
        edges.retain(|[a, b]| !is_apart(*a, *b) && !is_far(*a, *b));
        let mut parts = Parts::of(points.len());
        for [a, b] in &edges {
            parts.join(*a, *b);
        }
        // What the streets leave apart is joined where the walk is short, then as the crow
        // flies: islands of the network and doors far from it belong to some turf too.
        link(points, &index, &|a, b| is_apart(a, b) || is_far(a, b), &mut parts, &mut edges);
        link(points, &index, &is_apart, &mut parts, &mut edges);
        let mut next_to = vec![Vec::new(); points.len()];
        for [a, b] in edges {
            next_to[a as usize].push(b);
            next_to[b as usize].push(a);
        }
        next_to.iter_mut().for_each(|sites| sites.sort_unstable());
        Self { at_m, next_to, network, parts: parts.members().into_values().collect() }
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
        let mut parts = Parts::of(self.at_m.len());
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

fn straight_m(at_m: &[[f64; 2]], from: u32, to: u32) -> f64 {
    let (a, b) = (at_m[from as usize], at_m[to as usize]);
    let (east, north) = (a[0] - b[0], a[1] - b[1]);
    (east * east + north * north).sqrt()
}

/// All pairs of near sites with no third in the disc between them.
fn gabriel(at_m: &[[f64; 2]], points: &[Point], index: &DoorIndex) -> Vec<[u32; 2]> {
    let mut edges = Vec::new();
    for (site, point) in (0_u32..).zip(points) {
        let near: Vec<u32> = index
            .nearest(*point, LOOKED_AT + 1)
            .into_iter()
            .map(|near| near.door)
            .filter(|other| *other != site)
            .collect();
        for (rank, other) in near.iter().enumerate() {
            let (a, b) = (at_m[site as usize], at_m[*other as usize]);
            let between = |third: &u32| {
                let c = at_m[*third as usize];
                (a[0] - c[0]) * (b[0] - c[0]) + (a[1] - c[1]) * (b[1] - c[1]) <= 0.0
            };
            if !near[..rank].iter().any(between) {
                edges.push([site.min(*other), site.max(*other)]);
            }
        }
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// Joins what is far apart by the shortest ways across empty ground.
///
/// Each part but the largest is joined to its nearest other, again and again, until barriers
/// lie between all that are left.
fn link(
    points: &[Point],
    index: &DoorIndex,
    is_apart: &impl Fn(u32, u32) -> bool,
    parts: &mut Parts,
    edges: &mut Vec<[u32; 2]>,
) {
    loop {
        let members = parts.members();
        let largest = members.values().map(Vec::len).max().unwrap_or(0);
        let mut found: Vec<[u32; 2]> = Vec::new();
        let mut spared = false;
        for sites in members.values() {
            if sites.len() == largest && !spared {
                spared = true;
                continue;
            }
            let ways =
                sites.iter().filter_map(|site| way_out(*site, points, index, is_apart, parts));
            found.extend(ways.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, edge)| edge));
        }
        let mut is_joined = false;
        for edge in found {
            if parts.join(edge[0], edge[1]) {
                edges.push([edge[0].min(edge[1]), edge[0].max(edge[1])]);
                is_joined = true;
            }
        }
        if !is_joined {
            return;
        }
    }
}

/// How many of the nearest sites are looked at for a way out of a part, at most.
const FAR: u32 = 1_024;

/// The shortest way from a site to another part without a barrier on it.
fn way_out(
    site: u32,
    points: &[Point],
    index: &DoorIndex,
    is_apart: &impl Fn(u32, u32) -> bool,
    parts: &Parts,
) -> Option<(f64, [u32; 2])> {
    let from = points[site as usize];
    let mut count = LOOKED_AT;
    loop {
        let near = index.nearest(from, count);
        let is_out = |other: u32| parts.root(other) != parts.root(site) && !is_apart(site, other);
        if let Some(near) = near.iter().find(|near| is_out(near.door)) {
            return Some((near.distance_m, [site, near.door]));
        }
        if near.len() < count as usize || count >= FAR {
            return None;
        }
        count *= 4;
    }
}

/// Which sites hang together (union-find with the lowest number on top).
struct Parts {
    above: Vec<u32>,
}

impl Parts {
    fn of(count: usize) -> Self {
        Self { above: (0_u32..).take(count).collect() }
    }

    fn root(&self, mut site: u32) -> u32 {
        while self.above[site as usize] != site {
            site = self.above[site as usize];
        }
        site
    }

    fn join(&mut self, a: u32, b: u32) -> bool {
        let (mut a, mut b) = (self.root(a), self.root(b));
        if a == b {
            return false;
        }
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        self.above[b as usize] = a;
        true
    }

    fn members(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for site in (0_u32..).take(self.above.len()) {
            members.entry(self.root(site)).or_default().push(site);
        }
        members
    }
}
