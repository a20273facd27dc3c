//! The doors that are cut, made ready: sites, minutes, and the ground between them.

use std::collections::BTreeMap;

use super::CutDoor;
use super::ground::Ground;
use super::network::Network;
use super::stack::weight;
use super::walls::Barriers;
use crate::geometry::{Bounds, Point};
use crate::street::{Barrier, StreetPack};
use crate::walk::walk_time_s;
use crate::walklist::Address;

/// A position at which doors stand.
pub(super) struct Site {
    pub(super) point: Point,
    /// Its doors in the order in which they are walked: unit by unit.
    pub(super) doors: Vec<u32>,
}

/// Doors made ready.
pub(super) struct Town<'s> {
    pub(super) sites: Vec<Site>,
    /// Minutes at each door, by its number; those of doors that are not cut count for nothing.
    pub(super) minutes: Vec<f64>,
    pub(super) ground: Ground,
    /// Sites that joined turfs on the other side of a barrier.
    pub(super) across: Vec<u32>,
    pub(super) streets: Option<&'s StreetPack>,
}

impl<'s> Town<'s> {
    /// Makes those doors ready that `is_cut`.
    pub(super) fn of(
        doors: &[CutDoor<'_>],
        is_cut: &[bool],
        barriers: &[Barrier],
        streets: Option<&'s StreetPack>,
    ) -> Self {
        let cut = (0..).zip(is_cut).filter(|(_, is_cut)| **is_cut).map(|(door, _)| door);
        let sites = sites_at(doors, cut);
        let points: Vec<Point> = sites.iter().map(|site| site.point).collect();
        let mut walls = barriers.to_vec();
        if let Some(streets) = streets {
            walls.extend(streets.barriers_in(&Bounds::around(points.iter().copied())));
        }
        let network = streets.map(|streets| (streets, Network::of(streets, &sites, doors)));
        let ground = Ground::of(&points, &Barriers::of(&walls), network);
        Self { sites, minutes: minutes(doors, is_cut), ground, across: Vec::new(), streets }
    }

    pub(super) fn doors(&self) -> usize {
        self.sites.iter().map(|site| site.doors.len()).sum()
    }

    /// The site at a position, if doors there are cut.
    pub(super) fn site_at(&self, point: Point) -> Option<u32> {
        let at = |site: &Site| site.point.to_e7();
        let site = self.sites.binary_search_by_key(&point.to_e7(), at).ok()?;
        u32::try_from(site).ok()
    }

    /// Sites on no street, or on an island of the streets; none without streets.
    pub(super) fn off_network(&self) -> Vec<u32> {
        let is_off = |site: &u32| self.ground.snap(*site).is_none_or(|snap| snap.is_on_island);
        let all = (0_u32..).take(self.sites.len());
        all.filter(|site| self.streets.is_some() && is_off(site)).collect()
    }

    /// Minutes at these doors.
    pub(super) fn minutes_of(&self, doors: &[u32]) -> f64 {
        doors.iter().map(|door| self.minutes[*door as usize]).sum()
    }

    /// Joins the smallest parts across barriers until there are no more parts than turfs.
    pub(super) fn join_across(&mut self, turfs: u32) {
        let points: Vec<Point> = self.sites.iter().map(|site| site.point).collect();
        while self.ground.parts.len() > turfs as usize {
            self.across.extend(self.ground.join_smallest(&points));
        }
    }

    /// About the minutes of one of so many turfs.
    pub(super) fn mean_minutes(&self, turfs: u32) -> f64 {
        let at_doors: f64 = self.minutes.iter().sum();
        let between =
            turfs.saturating_sub(1).min(u32::try_from(self.sites.len()).unwrap_or(u32::MAX));
        let walked = 1.0 - f64::from(between) / self.sites.len().max(1) as f64;
        (at_doors + walk_time_s(self.ground.walk_of_all_m() * walked) / 60.0) / f64::from(turfs)
    }
}

/// The sites of these doors, by position.
pub(super) fn sites_at(doors: &[CutDoor<'_>], numbers: impl Iterator<Item = u32>) -> Vec<Site> {
    let mut at: BTreeMap<(i32, i32), Vec<u32>> = BTreeMap::new();
    for number in numbers {
        at.entry(doors[number as usize].point.to_e7()).or_default().push(number);
    }
    let site = |((lat, lon), mut numbers): ((i32, i32), Vec<u32>)| {
        numbers.sort_by_cached_key(|number| {
            doors[*number as usize].address.map(Address::reading_order)
        });
        Site { point: Point::from_e7(lat, lon), doors: numbers }
    };
    at.into_iter().map(site).collect()
}

/// The minutes at each door; doors without any work between them count one each.
fn minutes(doors: &[CutDoor<'_>], is_cut: &[bool]) -> Vec<f64> {
    let given: Vec<f64> = doors.iter().map(|door| door.minutes).collect();
    let of = |door: usize| if is_cut[door] { weight(&given, door) } else { 0.0 };
    let minutes: Vec<f64> = (0..doors.len()).map(of).collect();
    if minutes.iter().sum::<f64>() > 0.0 {
        return minutes;
    }
    is_cut.iter().map(|is_cut| f64::from(u8::from(*is_cut))).collect()
}
