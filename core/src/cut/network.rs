//! The sites on the walking network: how far it is from each to those around, and which side of
//! which block it stands on.

use std::collections::BTreeMap;

use super::CutDoor;
use super::town::Site;
use crate::street::{Place, RoadSide, Snap, StreetPack, WalkCosts};

/// Of each site so many of the nearest others by walking are known.
const KNOWN: usize = 40;
/// Sites further away than this, in decimetres, are not looked for.
const REACH_DM: u32 = 6_000;
/// Two sites that stand next to each other are neighbours for a walker if the walk is not
/// longer than this, or not longer than so many times the straight line: a block's short side,
/// but not the way around to the back yard.
const NEIGHBOURS_M: f64 = 300.0;
const NEIGHBOURS_TIMES: f64 = 4.0;

/// What the streets say about some sites.
pub(super) struct Network {
    near: Near,
    /// The last of `near`, in metres: what is not known is no nearer.
    known_m: Vec<f32>,
    snaps: Vec<Option<Snap>>,
}

/// The sites around each, by their number, and the metres to them: a search asks for them all the
/// time, so that they lie close together.
struct Near {
    /// For each site the place of its first neighbour; one more for the end.
    begins: Vec<u32>,
    sites: Vec<u32>,
    metres: Vec<f32>,
}

impl Near {
    fn of(rows: Vec<Vec<(u32, f32)>>) -> Self {
        let mut near = Self { begins: vec![0], sites: Vec::new(), metres: Vec::new() };
        for row in rows {
            let (sites, metres): (Vec<u32>, Vec<f32>) = row.into_iter().unzip();
            near.sites.extend(sites);
            near.metres.extend(metres);
            near.begins.push(u32::try_from(near.sites.len()).unwrap_or(u32::MAX));
        }
        near
    }

    #[inline]
    fn metres(&self, from: u32, to: u32) -> Option<f64> {
        let row = self.begins[from as usize] as usize..self.begins[from as usize + 1] as usize;
        let at = self.sites[row.clone()].binary_search(&to).ok()?;
        Some(f64::from(self.metres[row.start + at]))
    }
}

impl Network {
    pub(super) fn of(streets: &StreetPack, sites: &[Site], doors: &[CutDoor<'_>]) -> Self {
        let places: Vec<Place<'_>> = sites.iter().map(|site| place(site, doors)).collect();
        let snaps = streets.snap_all(&places);
        let (numbers, on_street): (Vec<u32>, Vec<Snap>) =
            (0..).zip(&snaps).filter_map(|(site, snap)| Some((site, (*snap)?))).unzip();
        let reached = streets.reach(&on_street, KNOWN, REACH_DM, &WalkCosts::Distance);
        let mut near = vec![Vec::new(); sites.len()];
        let mut known_m = vec![0.0; sites.len()];
        for (site, reached) in numbers.iter().zip(reached) {
            let metres = |dm: u32| dm as f32 / 10.0;
            let most = if reached.len() < KNOWN { REACH_DM } else { reached[KNOWN - 1].cost };
            known_m[*site as usize] = metres(most);
            let mut row: Vec<(u32, f32)> =
                reached.iter().map(|to| (numbers[to.place], metres(to.cost))).collect();
            row.sort_unstable_by_key(|(site, _)| *site);
            near[*site as usize] = row;
        }
        Self { near: Near::of(near), known_m, snaps }
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

    /// What a walk that is not known takes at least, in metres.
    pub(super) fn at_least_m(&self, from: u32, to: u32) -> f64 {
        f64::from(self.known_m[from as usize].max(self.known_m[to as usize]))
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
