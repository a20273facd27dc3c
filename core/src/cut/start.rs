//! Where the search begins: a first cut by straight lines, in which every turf is in one piece.
//!
//! A building that holds the work of several turfs gives whole turfs first; what is left of it
//! is handed around like any other place.

use std::collections::{BTreeMap, BTreeSet};

use super::bisect::bisect;
use super::large::{Party, share_out};
use super::places::Places;
use super::stack::{Stack, WeighedDoor};
use super::town::Town;

/// A building gives whole turfs from so many turfs' work on.
const GIVES_TURFS: f64 = 3.0;
/// A building above this share of a turf's minutes may be split.
const SPLITS: f64 = 0.5;
/// The largest part of a split building, as a share of a turf's minutes: small enough to even
/// out turfs with, large enough to stay a few floors.
const PART: f64 = 0.05;

/// A first cut.
#[derive(Default)]
pub(super) struct Start {
    /// The doors of each place.
    pub(super) doors: Vec<Vec<u32>>,
    /// The site of each place.
    pub(super) site: Vec<u32>,
    /// The turf of each place.
    pub(super) turf_of: Vec<u32>,
    /// For each turf, the part of the town it lies in.
    pub(super) part_of_turf: Vec<u32>,
    /// Turfs of one building alone.
    pub(super) whole: Vec<Vec<u32>>,
    /// The numbers that the turfs have outside, in a cut that was given.
    pub(super) numbers: Vec<u32>,
}

impl Start {
    /// Cuts a town into so many turfs, of which there are not more than doors.
    pub(super) fn of(town: &Town<'_>, turfs: u32) -> Self {
        let mean = town.mean_minutes(turfs);
        let mut left: Vec<Vec<u32>> = town.sites.iter().map(|site| site.doors.clone()).collect();
        let spare = (turfs as usize).saturating_sub(town.ground.parts.len());
        let whole = whole_turfs(town, &mut left, mean, spare);
        let turfs = turfs - u32::try_from(whole.len()).unwrap_or(0);
        let mut start = Self { whole, ..Self::default() };
        let turf_of_door = start.halve(town, &left, turfs);
        for (site, doors) in (0_u32..).zip(left) {
            start.add_places(town, site, doors, &turf_of_door, mean);
        }
        start
    }

    /// A cut that was given: the turf of each door. Doors that are `held` are places of their
    /// own.
    pub(super) fn from_turfs(town: &Town<'_>, turf_of: &[u32], held: &BTreeSet<u32>) -> Self {
        let mut numbers: Vec<u32> = town
            .sites
            .iter()
            .flat_map(|site| &site.doors)
            .map(|door| turf_of[*door as usize])
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut start = Self { part_of_turf: vec![0; numbers.len()], ..Self::default() };
        let inside = |door: u32| numbers.binary_search(&turf_of[door as usize]).unwrap_or(0);
        let turf_of_door: BTreeMap<u32, u32> = town
            .sites
            .iter()
            .flat_map(|site| &site.doors)
            .map(|door| (*door, u32::try_from(inside(*door)).unwrap_or(u32::MAX)))
            .collect();
        let mean = town.mean_minutes(u32::try_from(numbers.len()).unwrap_or(u32::MAX).max(1));
        for (site, doors) in (0_u32..).zip(&town.sites) {
            let (fixed, free): (Vec<u32>, Vec<u32>) =
                doors.doors.iter().partition(|door| held.contains(door));
            fixed
                .into_iter()
                .for_each(|door| start.add_places(town, site, vec![door], &turf_of_door, mean));
            start.add_places(town, site, free, &turf_of_door, mean);
        }
        start.numbers = numbers;
        start
    }

    /// The doors that each turf gets of each site: consecutive ones, turf by turf.
    pub(super) fn in_turn(&self, turf_of: &[u32]) -> Vec<(Vec<u32>, u32)> {
        let mut given = Vec::new();
        let mut first = 0;
        while first < self.site.len() {
            let same = self.site[first..].iter().take_while(|site| **site == self.site[first]);
            let end = first + same.count();
            let mut doors = self.doors[first..end].iter().flatten().copied();
            let mut shares: Vec<(u32, usize)> = Vec::new();
            for (doors, turf) in self.doors[first..end].iter().zip(&turf_of[first..end]) {
                match shares.iter_mut().find(|(other, _)| other == turf) {
                    Some((_, share)) => *share += doors.len(),
                    None => shares.push((*turf, doors.len())),
                }
            }
            given.extend(
                shares.into_iter().map(|(turf, n)| (doors.by_ref().take(n).collect(), turf)),
            );
            first = end;
        }
        given
    }

    /// Cuts each part of the town by straight lines.
    fn halve(&mut self, town: &Town<'_>, left: &[Vec<u32>], turfs: u32) -> BTreeMap<u32, u32> {
        let stacks: Vec<Vec<Stack>> = town
            .ground
            .parts
            .iter()
            .map(|part| part.iter().map(|site| stack(town, *site, &left[*site as usize])).collect())
            .collect();
        let mut parties: Vec<Party> = stacks.iter().map(Party::of).collect();
        share_out(&mut parties, turfs);
        let mut turf_of_door = BTreeMap::new();
        for ((part, stacks), party) in (0..).zip(stacks).zip(parties) {
            for piece in bisect(stacks, party.turfs) {
                let turf = u32::try_from(self.part_of_turf.len()).unwrap_or(u32::MAX);
                self.part_of_turf.push(part);
                turf_of_door.extend(piece.door_numbers().into_iter().map(|door| (door, turf)));
            }
        }
        turf_of_door
    }

    /// Makes the doors of a site one place, or several if they are many or already apart.
    fn add_places(
        &mut self,
        town: &Town<'_>,
        site: u32,
        doors: Vec<u32>,
        turf_of_door: &BTreeMap<u32, u32>,
        mean: f64,
    ) {
        let minutes: f64 = doors.iter().map(|door| town.minutes[*door as usize]).sum();
        let most = if minutes > mean * SPLITS { mean * PART } else { f64::INFINITY };
        let mut open: Option<(u32, f64)> = None;
        for door in doors {
            let turf = turf_of_door[&door];
            let more = town.minutes[door as usize];
            match (&mut open, self.doors.last_mut()) {
                (Some((same, so_far)), Some(place)) if *same == turf && *so_far + more <= most => {
                    *so_far += more;
                    place.push(door);
                }
                _ => {
                    open = Some((turf, more));
                    self.site.push(site);
                    self.turf_of.push(turf);
                    self.doors.push(vec![door]);
                }
            }
        }
    }

    /// Gives what is cut off from the rest of its turf to a turf next to it; what is `held`
    /// stays.
    pub(super) fn mend(&mut self, places: &Places<'_>, held: &[bool]) {
        loop {
            let piece_of = pieces(places, &self.turf_of);
            let mut size: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
            for piece in &piece_of {
                size.entry(*piece).or_insert((0, *piece)).0 += 1;
            }
            let mut largest: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
            for (turf, piece) in self.turf_of.iter().zip(&piece_of) {
                let best = largest.entry(*turf).or_insert(size[piece]);
                *best = (*best).max(size[piece]);
            }
            let before = self.turf_of.clone();
            for place in 0..before.len() {
                if held[place] || largest[&before[place]].1 == piece_of[place] {
                    continue;
                }
                let next = places.next_to(u32::try_from(place).unwrap_or(u32::MAX));
                let is_home = |p: &&u32| largest[&before[**p as usize]].1 == piece_of[**p as usize];
                if let Some(next) = next.iter().find(is_home) {
                    self.turf_of[place] = before[*next as usize];
                }
            }
            if self.turf_of == before {
                return;
            }
        }
    }
}

/// For each place the lowest place that it hangs together with inside its turf.
pub(super) fn pieces(places: &Places<'_>, turf_of: &[u32]) -> Vec<u32> {
    let mut piece_of = vec![u32::MAX; turf_of.len()];
    let mut open = Vec::new();
    for first in (0_u32..).take(turf_of.len()) {
        if piece_of[first as usize] != u32::MAX {
            continue;
        }
        piece_of[first as usize] = first;
        open.push(first);
        while let Some(place) = open.pop() {
            for next in places.next_to(place) {
                let is_same = turf_of[*next as usize] == turf_of[place as usize];
                if is_same && piece_of[*next as usize] == u32::MAX {
                    piece_of[*next as usize] = first;
                    open.push(*next);
                }
            }
        }
    }
    piece_of
}

fn stack(town: &Town<'_>, site: u32, doors: &[u32]) -> Stack {
    let (north, east) = town.sites[site as usize].point.to_e7();
    let weighed =
        doors.iter().map(|door| WeighedDoor { door: *door, weight: town.minutes[*door as usize] });
    Stack::new([east, north], weighed.collect())
}

/// Takes whole turfs of consecutive doors out of very large buildings, `spare` at most.
fn whole_turfs(
    town: &Town<'_>,
    left: &mut [Vec<u32>],
    mean: f64,
    mut spare: usize,
) -> Vec<Vec<u32>> {
    let mut whole = Vec::new();
    for doors in left {
        let mut minutes: f64 = doors.iter().map(|door| town.minutes[*door as usize]).sum();
        while minutes >= mean * GIVES_TURFS && spare > 0 {
            let mut so_far = 0.0;
            let fits = doors.iter().take(doors.len() - 1).take_while(|door| {
                so_far += town.minutes[**door as usize];
                so_far <= mean
            });
            let count = fits.count().max(1);
            let turf: Vec<u32> = doors.drain(..count).collect();
            minutes -= turf.iter().map(|door| town.minutes[*door as usize]).sum::<f64>();
            whole.push(turf);
            spare -= 1;
        }
    }
    whole
}
