//! Turfs as they are given out: their doors, minutes and outlines.

use std::collections::BTreeMap;

use super::measure::Measure;
use super::outline::Outliner;
use super::stack::weight;
use super::town::{Town, sites_at};
use super::{CutDoor, CutTurf};
use crate::street::StreetPack;
use crate::walk::walk_time_s;

/// The doors of a turf, and its walk.
pub(super) struct Chosen {
    pub(super) doors: Vec<u32>,
    pub(super) walk_m: f64,
}

impl Chosen {
    /// A turf of these doors, with its walk.
    pub(super) fn of(doors: &[CutDoor<'_>], numbers: &[u32], streets: Option<&StreetPack>) -> Self {
        let walk_m = Measure::of_doors(doors, numbers, streets).walk_m;
        Self { doors: numbers.to_vec(), walk_m }
    }

    pub(super) fn walk_minutes(&self) -> f64 {
        walk_time_s(self.walk_m) / 60.0
    }
}

/// All turfs of a town, ready to be drawn.
pub(super) struct Drawing {
    outliner: Outliner,
    sites: BTreeMap<(i32, i32), u32>,
    sites_of: Vec<Vec<u32>>,
}

impl Drawing {
    /// Takes the turf of each door.
    pub(super) fn of(doors: &[CutDoor<'_>], turf_of: &[u32], turfs: usize) -> Self {
        let all = sites_at(doors, (0..).take(doors.len()));
        let mut sites_of = vec![Vec::new(); turfs];
        let mut turfs_at = Vec::with_capacity(all.len());
        for (number, site) in (0..).zip(&all) {
            let mut here: Vec<u32> =
                site.doors.iter().map(|door| turf_of[*door as usize]).collect();
            here.sort_unstable();
            here.dedup();
            here.iter().for_each(|turf| sites_of[*turf as usize].push(number));
            turfs_at.push((site.point, here));
        }
        let sites = (0..).zip(&all).map(|(number, site)| (site.point.to_e7(), number)).collect();
        Self { outliner: Outliner::of(turfs_at), sites, sites_of }
    }

    /// A turf with its outline; `town` knows which of its sites stand next to each other, if
    /// they were cut.
    pub(super) fn turf(
        &self,
        turf: u32,
        chosen: Chosen,
        doors: &[CutDoor<'_>],
        town: &Town<'_>,
    ) -> CutTurf {
        let sites = &self.sites_of[turf as usize];
        let outline = self.outliner.outline(turf, sites, &self.links(sites, town));
        let given: Vec<f64> = doors.iter().map(|door| door.minutes).collect();
        let at_doors: f64 = chosen.doors.iter().map(|door| weight(&given, *door as usize)).sum();
        let minutes = at_doors + chosen.walk_minutes();
        let Chosen { mut doors, walk_m } = chosen;
        doors.sort_unstable();
        CutTurf { doors, outline, walk_m, minutes }
    }

    /// Which of these sites stand next to each other.
    fn links(&self, sites: &[u32], town: &Town<'_>) -> Vec<[u32; 2]> {
        let mut links = Vec::new();
        for site in sites {
            let Some(here) = town.site_at(self.outliner.point(*site)) else { continue };
            for next in town.ground.next_to(here) {
                let other = self.sites[&town.sites[*next as usize].point.to_e7()];
                if other > *site && sites.contains(&other) {
                    links.push([*site, other]);
                }
            }
        }
        links
    }
}

/// Puts the pinned turfs before the chosen ones and draws all outlines.
pub(super) fn assemble(
    doors: &[CutDoor<'_>],
    pinned: &[Vec<u32>],
    town: &Town<'_>,
    chosen: Vec<Chosen>,
) -> Vec<CutTurf> {
    let pinned = pinned.iter().map(|numbers| Chosen::of(doors, numbers, town.streets));
    let all: Vec<Chosen> = pinned.chain(chosen).collect();
    let mut turf_of = vec![0; doors.len()];
    for (turf, chosen) in (0..).zip(&all) {
        chosen.doors.iter().for_each(|door| turf_of[*door as usize] = turf);
    }
    let drawing = Drawing::of(doors, &turf_of, all.len());
    (0..).zip(all).map(|(turf, chosen)| drawing.turf(turf, chosen, doors, town)).collect()
}
