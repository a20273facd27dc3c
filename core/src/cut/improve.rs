//! From a first cut to the final one: a search with its own quick walks, then real walks, and
//! what they show to be unfair is evened out.

use super::measure::Measure;
use super::places::Places;
use super::relieve::{Real, relieve};
use super::search::{Schedule, Search, unfair_m};
use super::start::Start;
use super::town::Town;
use crate::route::Random;
use crate::walk::walk_time_s;

/// Tries for each place in the search, and in each round of evening out.
const TRIES: [u64; 2] = [300, 40];
/// Fewest tries, for towns of a few streets.
const FEWEST_TRIES: u64 = 50_000;
/// In so many steps the search is told anew what a turf should take.
const STEPS: u32 = 10;
/// How often real walks are compared with the search's own, at most.
const ROUNDS: u32 = 8;
/// In so many rounds only turfs that are far too long are relieved of whole branches: the others
/// mostly get rid of what they have too much by themselves.
const PATIENT: u32 = 3;
/// A cut is fair enough when no turf is above the mean by more than this share.
const FAIR: f64 = 0.028;

/// The turf of each place, and the real walk of each turf.
pub(super) struct Improved {
    pub(super) turf_of: Vec<u32>,
    pub(super) walk_m: Vec<f64>,
}

/// Improves a first cut.
pub(super) fn improve(places: &Places<'_>, town: &Town<'_>, start: &Start, seed: u64) -> Improved {
    let turfs = start.part_of_turf.len();
    let mut search = Search::new(places, start.turf_of.clone(), turfs);
    let mut random = Random::new(seed);
    let tries = |per_place: u64| (per_place * places.count() as u64).max(FEWEST_TRIES);
    for step in 0..STEPS {
        aim(&mut search, start);
        let schedule = Schedule::part(step, STEPS);
        search.anneal(tries(TRIES[0]) / u64::from(STEPS), &mut random, schedule);
    }
    search.back_to_best();
    settle(&mut search, &mut random, places, town, start, tries(TRIES[1]))
}

/// Evens out a cut that was given; places that are `held` stay. Answers the turf of each place.
pub(super) fn even_out(
    places: &Places<'_>,
    town: &Town<'_>,
    start: &Start,
    held: Vec<bool>,
    seed: u64,
) -> Vec<u32> {
    let mut search = Search::new(places, start.turf_of.clone(), start.part_of_turf.len());
    search.held = held;
    let tries = TRIES[1] * places.count() as u64;
    for turf in 0..start.part_of_turf.len() {
        let sites: Vec<u32> =
            search.walks()[turf].iter().map(|place| places.site[*place as usize]).collect();
        search.walk_in_order(turf, &Measure::of(town, &sites).order);
    }
    settle(&mut search, &mut Random::new(seed), places, town, start, tries).turf_of
}

/// Compares the search's walks with real ones and evens out what they show to be unfair.
fn settle(
    search: &mut Search<'_>,
    random: &mut Random,
    places: &Places<'_>,
    town: &Town<'_>,
    start: &Start,
    tries: u64,
) -> Improved {
    let mut measured = Measured::default();
    let mut best = Improved { turf_of: search.turf_of.clone(), walk_m: Vec::new() };
    let mut least = (f64::INFINITY, f64::INFINITY);
    for round in 0..=ROUNDS {
        let walk_m = measured.walks(search, places, town);
        let judged = judge(search, start, &walk_m);
        if (judged.0.max(FAIR), judged.1) < (least.0.max(FAIR), least.1) {
            least = judged;
            best = Improved { turf_of: search.turf_of.clone(), walk_m: walk_m.clone() };
        }
        if judged.0 <= FAIR || round == ROUNDS {
            break;
        }
        search.correct(&walk_m);
        aim(search, start);
        search.even_out(tries, random);
        search.back_to_best();
        let walk_m = measured.walks(search, places, town);
        let above = if round < PATIENT { 2.0 * FAIR } else { FAIR };
        relieve(&mut Real { search, walk_m }, town, above);
    }
    best
}

/// Tells the search what each turf should take: the mean of its part of the town.
fn aim(search: &mut Search<'_>, start: &Start) {
    let minutes: Vec<f64> =
        (0..start.part_of_turf.len()).map(|turf| search.minutes(turf)).collect();
    search.aim = means(&minutes, start);
}

/// For each turf the mean of all in its part of the town.
fn means(minutes: &[f64], start: &Start) -> Vec<f64> {
    let parts = start.part_of_turf.iter().max().map_or(0, |last| *last as usize + 1);
    let (mut sum, mut count) = (vec![0.0; parts], vec![0.0; parts]);
    for (part, minutes) in start.part_of_turf.iter().zip(minutes) {
        sum[*part as usize] += minutes;
        count[*part as usize] += 1.0;
    }
    start.part_of_turf.iter().map(|part| sum[*part as usize] / count[*part as usize]).collect()
}

/// By what share the longest turf is above the mean, and what the cut costs in metres.
fn judge(search: &Search<'_>, start: &Start, walk_m: &[f64]) -> (f64, f64) {
    let minutes: Vec<f64> = walk_m
        .iter()
        .zip(&search.door_minutes)
        .map(|(walk_m, at_doors)| at_doors + walk_time_s(*walk_m) / 60.0)
        .collect();
    let means = means(&minutes, start);
    let turfs = || minutes.iter().zip(&means);
    let longest = turfs().map(|(minutes, mean)| minutes / mean - 1.0).fold(0.0, f64::max);
    let unfair: f64 = turfs().map(|(minutes, mean)| unfair_m(*minutes, *mean)).sum();
    (longest, unfair + walk_m.iter().sum::<f64>())
}

/// Real walks, kept until their turf changes.
#[derive(Default)]
struct Measured {
    known: Vec<(Vec<u32>, f64)>,
}

impl Measured {
    /// All real walks.
    fn walks(&mut self, search: &Search<'_>, places: &Places<'_>, town: &Town<'_>) -> Vec<f64> {
        (0..search.walks().len()).map(|turf| self.walk(turf, search, places, town)).collect()
    }

    fn walk(
        &mut self,
        turf: usize,
        search: &Search<'_>,
        places: &Places<'_>,
        town: &Town<'_>,
    ) -> f64 {
        let walk = &search.walks()[turf];
        let mut sites: Vec<u32> = walk.iter().map(|place| places.site[*place as usize]).collect();
        sites.sort_unstable();
        sites.dedup();
        self.known.resize(search.walks().len(), (Vec::new(), 0.0));
        let known = &mut self.known[turf];
        if *sites != known.0 {
            let walk_m = Measure::of(town, &sites).walk_m;
            *known = (sites, walk_m);
        }
        known.1
    }
}
