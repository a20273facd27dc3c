//! Turfs that stay too long are relieved of a whole branch at once.
//!
//! The search hands over a few places that follow each other. Where a turf hangs together by one
//! place, along a lonely street or at the edge of the town, every such move would tear it, or
//! send two teams to the far end. Here a part of it goes to the turf next to it together with
//! all that it would cut off. What that is worth is told by real walks of both.

use std::collections::{BTreeSet, VecDeque};

use super::measure::Measure;
use super::places::Places;
use super::search::{Search, unfair_m};
use super::town::Town;
use crate::walk::walk_time_s;

/// So many of the longest turfs are relieved in a round.
const LONGEST: usize = 4;
/// Of the ways to relieve a turf so many are measured.
const MEASURED: usize = 10;
/// Shares of what a turf has too much that are tried.
const SHARES: [f64; 4] = [0.0, 0.3, 0.6, 1.0];
/// Metres that have to be gained.
const LEAST_GAIN_M: f64 = 1.0;

/// Places that a turf may give to another.
struct Branch {
    places: Vec<u32>,
    to: u32,
    /// What both turfs would cost if all walked alike, to choose which to measure.
    about_m: f64,
}

/// A search, and how long its walks really are.
pub(super) struct Real<'r, 'p> {
    pub(super) search: &'r mut Search<'p>,
    pub(super) walk_m: Vec<f64>,
}

/// Relieves the longest turfs of what is better walked by those next to them: those that are
/// above what they should take by more than this share.
pub(super) fn relieve(real: &mut Real<'_, '_>, town: &Town<'_>, above: f64) {
    let mut long: Vec<(f64, u32)> = (0_u32..)
        .zip(&real.search.aim)
        .map(|(turf, aim)| (real.minutes(turf) / aim - 1.0, turf))
        .filter(|(excess, _)| *excess > above)
        .collect();
    long.sort_by(|a, b| b.0.total_cmp(&a.0));
    long.truncate(LONGEST);
    for (_, turf) in long {
        let tried = branches(real, turf).into_iter().map(|branch| real.try_out(town, turf, branch));
        let best = tried.min_by(|a, b| a.change_m.total_cmp(&b.change_m));
        if let Some(best) = best.filter(|best| best.change_m < -LEAST_GAIN_M) {
            real.carry_out(best);
        }
    }
}

/// Two turfs as they would be.
struct Trial {
    /// The turf that gives, and the one that takes.
    turfs: [u32; 2],
    moved: Vec<u32>,
    walks: [Vec<u32>; 2],
    walk_m: [f64; 2],
    /// What the cut would cost more, in metres; below 0 if it gets better.
    change_m: f64,
}

fn minutes_at(places: &Places<'_>, numbers: &[u32]) -> f64 {
    numbers.iter().map(|place| places.minutes[*place as usize]).sum()
}

/// What a turf may give to those next to it, the most promising first.
fn branches(real: &Real<'_, '_>, turf: u32) -> Vec<Branch> {
    let search = &real.search;
    let too_much = real.minutes(turf) - search.aim[turf as usize];
    let mut seen: BTreeSet<(u32, Vec<u32>)> = BTreeSet::new();
    let mut found = Vec::new();
    for place in &search.walks()[turf as usize] {
        let next = search.places().next_to(*place).iter();
        let turfs: BTreeSet<u32> = next.map(|next| search.turf_of[*next as usize]).collect();
        for to in turfs.into_iter().filter(|to| *to != turf) {
            for share in SHARES {
                let Some(places) = branch(search, turf, *place, share * too_much) else { break };
                if seen.insert((to, places.clone())) {
                    let about_m = real.about_m(turf, to, &places);
                    found.push(Branch { places, to, about_m });
                }
            }
        }
    }
    found.sort_by(|a, b| a.about_m.total_cmp(&b.about_m).then(a.places.cmp(&b.places)));
    found.truncate(MEASURED);
    found
}

impl Real<'_, '_> {
    fn minutes(&self, turf: u32) -> f64 {
        let turf = turf as usize;
        self.search.door_minutes[turf] + walk_time_s(self.walk_m[turf]) / 60.0
    }

    /// What a turf costs if it takes so many minutes more than now.
    fn unfair_m(&self, turf: u32, more: f64) -> f64 {
        unfair_m(self.minutes(turf) + more, self.search.aim[turf as usize])
    }

    /// What two turfs cost once one gives some places to the other, if it walks as much for
    /// each minute at a door as it does now.
    fn about_m(&self, from: u32, to: u32, places: &[u32]) -> f64 {
        let at_doors = self.search.door_minutes[from as usize].max(f64::MIN_POSITIVE);
        let share = minutes_at(self.search.places(), places) / at_doors;
        let given = self.minutes(from) * share;
        self.unfair_m(from, -given) + self.unfair_m(to, given)
    }

    fn try_out(&self, town: &Town<'_>, turf: u32, branch: Branch) -> Trial {
        let Branch { places: moved, to, .. } = branch;
        let search = &self.search;
        let own = search.walks()[turf as usize].iter();
        let left: Vec<u32> = own.copied().filter(|p| moved.binary_search(p).is_err()).collect();
        let grown = [&search.walks()[to as usize][..], &moved].concat();
        let mut walks = [left, grown];
        let walk_m = walks.each_mut().map(|walk| {
            let site = |place: &u32| search.places().site[*place as usize];
            let measure = Measure::of(town, &walk.iter().map(site).collect::<Vec<_>>());
            *walk = measure.order.iter().map(|rank| walk[*rank as usize]).collect();
            measure.walk_m
        });
        let turfs = [turf, to];
        let given = minutes_at(search.places(), &moved);
        let change_m = (0..2).map(|side| {
            let turf = turfs[side];
            let longer_m = walk_m[side] - self.walk_m[turf as usize];
            let at_doors = if side == 0 { -given } else { given };
            let more = at_doors + walk_time_s(longer_m) / 60.0;
            longer_m + self.unfair_m(turf, more) - self.unfair_m(turf, 0.0)
        });
        Trial { change_m: change_m.sum(), turfs, moved, walks, walk_m }
    }

    fn carry_out(&mut self, trial: Trial) {
        for (turf, walk_m) in trial.turfs.into_iter().zip(trial.walk_m) {
            self.walk_m[turf as usize] = walk_m;
        }
        self.search.give(&trial.moved, trial.turfs, trial.walks);
    }
}

/// A place and those around it in its turf, with at least so many minutes at their doors, and
/// all that would be cut off without them; none if that is the whole turf or a place is held.
fn branch(search: &Search<'_>, turf: u32, place: u32, minutes: f64) -> Option<Vec<u32>> {
    let own = &search.walks()[turf as usize];
    let mut moved = BTreeSet::new();
    let mut at_doors = 0.0;
    spread(search, turf, place, &BTreeSet::new(), |place| {
        moved.insert(place);
        at_doors += search.places().minutes[place as usize];
        at_doors < minutes
    });
    let mut heaviest: (f64, Vec<u32>) = (-1.0, Vec::new());
    let mut known = moved.clone();
    for first in own {
        if known.contains(first) {
            continue;
        }
        let mut piece = Vec::new();
        spread(search, turf, *first, &moved, |place| {
            piece.push(place);
            true
        });
        known.extend(&piece);
        let minutes = minutes_at(search.places(), &piece);
        if minutes > heaviest.0 {
            heaviest = (minutes, piece);
        }
    }
    let stays: BTreeSet<u32> = heaviest.1.into_iter().collect();
    let gone: Vec<u32> = own.iter().copied().filter(|place| !stays.contains(place)).collect();
    let is_held = gone.iter().any(|place| search.held[*place as usize]);
    (!stays.is_empty() && !is_held).then_some(gone).map(|mut gone| {
        gone.sort_unstable();
        gone
    })
}

/// Goes to all places of a turf around one, never through those `without`, for as long as it is
/// told to go on.
fn spread(
    search: &Search<'_>,
    turf: u32,
    first: u32,
    without: &BTreeSet<u32>,
    mut goes_on: impl FnMut(u32) -> bool,
) {
    let mut seen = BTreeSet::from([first]);
    let mut open = VecDeque::from([first]);
    while let Some(place) = open.pop_front() {
        if !goes_on(place) {
            return;
        }
        for next in search.places().next_to(place) {
            let is_own = search.turf_of[*next as usize] == turf && !without.contains(next);
            if is_own && seen.insert(*next) {
                open.push_back(*next);
            }
        }
    }
}
