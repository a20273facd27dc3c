//! The sites on the walking network: how far it is from each to those around, and which side of
//! which block it stands on.

use std::collections::BTreeMap;

use super::CutDoor;
use super::town::Site;
use crate::geometry::Point;
use crate::street::{Place, RoadSide, Snap, StreetPack, WalkCosts};

/// Of each site so many of the nearest others by walking are known.
const KNOWN: usize = 40;
/// Sites further away than this, in decimetres, are not looked for: at the edge of a town the
/// next forty may be far.
const REACH_DM: u32 = 20_000;
/// Two sites that stand next to each other are neighbours for a walker if the walk is not
/// longer than this, or not longer than so many times the straight line: a block's short side,
/// but not the way around to the back yard.
const NEIGHBOURS_M: f64 = 300.0;
const NEIGHBOURS_TIMES: f64 = 4.0;

/// What the streets say about some sites.
pub(super) struct Network {
    near: Near,
    /// The last of `near`, in metres: what is not known is no nearer. None on an island of the
    /// streets, and off them.
    known_m: Vec<Option<f32>>,
    snaps: Vec<Option<Snap>>,
}

/// The sites around each, and the metres to them, in a table of its own for each site that is
/// found by hash: a search asks for them all the time.
struct Near(Vec<[(u32, f32); SLOTS]>);

/// A power of two, and half as many again as there are sites in a table, so that it has gaps.
const SLOTS: usize = 64;
/// No site has this number.
const NOBODY: u32 = u32::MAX;

impl Near {
    fn of(sites: usize) -> Self {
        Self(vec![[(NOBODY, 0.0); SLOTS]; sites])
    }

    /// The slot in which a site is looked for first (Fibonacci hashing, Knuth).
    #[inline]
    const fn slot(site: u32) -> usize {
        (site.wrapping_mul(0x9e37_79b9) >> 26) as usize
    }

    fn insert(&mut self, from: u32, to: u32, metres: f32) {
        let table = &mut self.0[from as usize];
        let mut slot = Self::slot(to);
        while table[slot].0 != NOBODY {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = (to, metres);
    }

    #[inline]
    fn metres(&self, from: u32, to: u32) -> Option<f64> {
        let table = &self.0[from as usize];
        let mut slot = Self::slot(to);
        loop {
            let (site, metres) = table[slot];
            if site == to {
                return Some(f64::from(metres));
            }
            if site == NOBODY {
                return None;
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

impl Network {
    pub(super) fn of(streets: &StreetPack, sites: &[Site], doors: &[CutDoor<'_>]) -> Self {
        let places: Vec<Place<'_>> = sites.iter().map(|site| place(site, doors)).collect();
        let snaps = streets.snap_all(&places);
        let (numbers, on_street): (Vec<u32>, Vec<Snap>) =
            (0..).zip(&snaps).filter_map(|(site, snap)| Some((site, (*snap)?))).unzip();
        let reached = streets.reach(&on_street, KNOWN, REACH_DM, &WalkCosts::Distance);
        let mut near = Near::of(sites.len());
        let mut known_m = vec![None; sites.len()];
        for (site, reached) in numbers.iter().zip(reached) {
            let metres = |dm: u32| dm as f32 / 10.0;
            let most = if reached.len() < KNOWN { REACH_DM } else { reached[KNOWN - 1].cost };
            let is_on_island = snaps[*site as usize].is_none_or(|snap| snap.is_on_island);
            known_m[*site as usize] = (!is_on_island).then_some(metres(most));
            for to in reached.iter().take(KNOWN) {
                near.insert(*site, numbers[to.place], metres(to.cost));
            }
        }
        Self { near, known_m, snaps }
    }

    /// Metres along the streets, if both sites are near each other.
    #[inline]
    pub(super) fn walk_m(&self, from: u32, to: u32) -> Option<f64> {
        self.near.metres(from, to)
    }

    /// Whether the walk between two sites goes far around, `straight_m` apart as they are.
    pub(super) fn is_far(&self, from: u32, to: u32, straight_m: f64) -> bool {
        if self.snaps[from as usize].is_none() || self.snaps[to as usize].is_none() {
            return false;
        }
        let at_least = || self.at_least_m(from, to);
        let walk_m =
            self.walk_m(from, to).or_else(|| self.walk_m(to, from)).unwrap_or_else(at_least);
        walk_m > NEIGHBOURS_M.max(straight_m * NEIGHBOURS_TIMES)
    }

    /// What a walk that is not known takes at least, in metres. Nothing is said of islands of the
    /// streets and of sites on no street: a straight line leads there.
    pub(super) fn at_least_m(&self, from: u32, to: u32) -> f64 {
        let known_m = |site: u32| self.known_m[site as usize];
        known_m(from).zip(known_m(to)).map_or(0.0, |(from, to)| f64::from(from.max(to)))
    }

    /// The way along the streets, if there is one.
    pub(super) fn way(&self, streets: &StreetPack, from: u32, to: u32) -> Option<Vec<Point>> {
        let (from, to) = (self.snap(from)?, self.snap(to)?);
        let path = streets.path(&from, &to, &WalkCosts::Distance)?;
        Some(streets.path_line(&path))
    }

    pub(super) fn snap(&self, site: u32) -> Option<Snap> {
        self.snaps[site as usize]
    }

    /// The sites on each side of each block.
    pub(super) fn faces(&self) -> impl Iterator<Item = Vec<u32>> + use<> {
        let mut faces: BTreeMap<(u32, RoadSide), Vec<u32>> = BTreeMap::new();
        for (site, snap) in (0..).zip(&self.snaps) {
            if let Some(snap) = snap {
                faces.entry((snap.edge, snap.side)).or_default().push(site);
            }
        }
        faces.into_values()
    }
}

/// Where the doors of a site are looked for.
pub(super) fn place<'a>(site: &Site, doors: &[CutDoor<'a>]) -> Place<'a> {
    let address = doors[site.doors[0] as usize].address;
    Place {
        point: site.point,
        street: address.map(|address| address.street.as_str()).filter(|street| !street.is_empty()),
        number: address.and_then(crate::walklist::Address::number),
    }
}
