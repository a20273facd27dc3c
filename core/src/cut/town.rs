//! The doors that are cut, made ready: sites, minutes, and the ground between them.

use std::collections::BTreeMap;

use super::CutDoor;
use super::ground::{Ground, Walls};
use super::stack::weight;
use crate::geometry::Point;
use crate::walk::walk_time_s;
use crate::walklist::Address;

/// A position at which doors stand.
pub(super) struct Site {
    pub(super) point: Point,
    /// Its doors in the order in which they are walked: unit by unit.
    pub(super) doors: Vec<u32>,
}

/// Doors made ready.
pub(super) struct Town {
    pub(super) sites: Vec<Site>,
    /// Minutes at each door, by its number; those of doors that are not cut count for nothing.
    pub(super) minutes: Vec<f64>,
    pub(super) ground: Ground,
    /// Sites that joined turfs on the other side of a barrier.
    pub(super) across: Vec<u32>,
}

impl Town {
    /// Makes those doors ready that `is_cut`.
    pub(super) fn of(doors: &[CutDoor<'_>], is_cut: &[bool], walls: &impl Walls) -> Self {
        let sites = sites(doors, is_cut);
        let points: Vec<Point> = sites.iter().map(|site| site.point).collect();
        let (ground, minutes) = (Ground::of(&points, walls), minutes(doors, is_cut));
        Self { sites, minutes, ground, across: Vec::new() }
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

/// The sites of the doors that are cut, by position.
pub(super) fn sites(doors: &[CutDoor<'_>], is_cut: &[bool]) -> Vec<Site> {
    let mut at: BTreeMap<(i32, i32), Vec<u32>> = BTreeMap::new();
    for ((number, door), is_cut) in (0..).zip(doors).zip(is_cut) {
        if *is_cut {
            at.entry(door.point.to_e7()).or_default().push(number);
        }
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
