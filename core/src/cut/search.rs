//! Better turfs by exchange: places at the borders change hands, and walks are mended.
//!
//! Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983). Each turf has a walk; a move
//! takes a few places that follow each other out of it and puts them elsewhere, into the same
//! walk or into that of a turf next to them, or turns a stretch of a walk around. What counts
//! is the walking of all turfs, and how far the minutes of a turf are from what they should be.
//! No turf loses its last place or falls apart.

use super::places::Places;
use crate::route::Random;

/// Most places that change hands at once: one side of a block.
const LONGEST_RUN: u32 = 8;
/// Share of the minutes aimed at by which a turf may be above or below at no cost.
const SLACK: f64 = 0.01;
/// Metres by which a minute gets dearer for each minute that a turf is above what it should
/// take, at each step. Prices grow for as long as a turf is stuck, so that it gets rid of work
/// also to turfs that are full, and these pass work on.
const PRICE_M: f64 = 1.0;
/// The same when only turfs that take too long may change.
const EVENING_PRICE_M: f64 = 5.0;
/// No minute is dearer or cheaper than this: where places are too large for fair turfs, prices
/// would grow for ever.
const HIGHEST_PRICE_M: f64 = 5_000.0;
/// In so many steps a search cools down.
const HEATS: u64 = 20;
/// How warm a search is.
#[derive(Clone, Copy)]
pub(super) struct Schedule {
    /// Metres by which a move may lengthen the walks, about: at first, and in the end.
    heat_m: [f64; 2],
    /// Metres of walking that one further hundredth of the minutes counts, squared. Little at
    /// first, so that large parts of a turf can move through its neighbours.
    unfair_m: [f64; 2],
}

impl Schedule {
    /// A whole search.
    const WHOLE: Self = Self { heat_m: [150.0, 2.0], unfair_m: [2.0, 60.0] };
    /// Evening out: only moves that make a cut better.
    const EVEN: Self = Self { heat_m: [2.0, 1.0], unfair_m: [100.0, 200.0] };

    /// The values when this share of a search is done.
    fn at(self, done: f64) -> [f64; 2] {
        let between = |ends: [f64; 2]| ends[0] * libm::pow(ends[1] / ends[0], done);
        [between(self.heat_m), between(self.unfair_m)]
    }

    /// One of so many equal steps of a whole search.
    pub(super) fn part(step: u32, steps: u32) -> Self {
        let [from, to] =
            [step, step + 1].map(|at| Self::WHOLE.at(f64::from(at) / f64::from(steps)));
        Self { heat_m: [from[0], to[0]], unfair_m: [from[1], to[1]] }
    }
}

/// How many there are: doors are numbered by 32 bits.
fn count(places: usize) -> u32 {
    u32::try_from(places).unwrap_or(u32::MAX)
}

/// Minutes of walking in a metre.
fn minutes_per_m() -> f64 {
    crate::walk::walk_time_s(1.0) / 60.0
}

/// What it costs a finished cut, in metres of walking, that a turf takes so many minutes and
/// should take `aim`.
pub(super) fn unfair_m(minutes: f64, aim: f64) -> f64 {
    let hundredths = ((minutes / aim - 1.0).abs() - SLACK).max(0.0) * 100.0;
    Schedule::WHOLE.unfair_m[1] * hundredths * hundredths
}

/// Turfs being improved.
pub(super) struct Search<'p> {
    places: &'p Places<'p>,
    /// The turf of each place.
    pub(super) turf_of: Vec<u32>,
    /// Where in its turf's walk each place comes.
    rank: Vec<u32>,
    walks: Vec<Vec<u32>>,
    walk_m: Vec<f64>,
    /// Minutes at the doors of each turf.
    pub(super) door_minutes: Vec<f64>,
    /// Minutes that each turf should take.
    pub(super) aim: Vec<f64>,
    /// Real metres in one of the search's own, for each turf.
    correction: Vec<f64>,
    /// The best cut so far: what it costs, the turf of each place, and the walks.
    best: Option<(f64, Vec<u32>, Vec<Vec<u32>>)>,
    /// Whether only turfs that take too long may change.
    only_long: bool,
    /// Places that stay in their turf.
    pub(super) held: Vec<bool>,
    seen: Vec<u32>,
    stamp: u32,
    unfair_m: f64,
    /// Metres that a minute costs in each turf, above or below what it costs elsewhere.
    price_m: Vec<f64>,
    minutes_per_m: f64,
    queue: Vec<u32>,
}

/// A stretch of a walk: its turf, its first rank, and how many places.
#[derive(Clone, Copy)]
struct Run {
    turf: u32,
    first: usize,
    len: usize,
}

/// Where a run goes: before the place with this rank, turned around or not.
#[derive(Clone, Copy)]
struct Gap {
    turf: u32,
    before: usize,
    turned: bool,
    cost_m: f64,
}

impl<'p> Search<'p> {
    pub(super) fn new(places: &'p Places<'p>, turf_of: Vec<u32>, turfs: usize) -> Self {
        let mut search = Self {
            places,
            rank: vec![0; turf_of.len()],
            walks: vec![Vec::new(); turfs],
            walk_m: vec![0.0; turfs],
            door_minutes: vec![0.0; turfs],
            correction: vec![1.0; turfs],
            best: None,
            only_long: false,
            held: vec![false; turf_of.len()],
            seen: vec![0; turf_of.len()],
            stamp: 0,
            unfair_m: 0.0,
            price_m: vec![0.0; turfs],
            minutes_per_m: minutes_per_m(),
            queue: Vec::new(),
            aim: vec![1.0; turfs],
            turf_of,
        };
        for ((place, turf), minutes) in (0..).zip(&search.turf_of).zip(&places.minutes) {
            search.walks[*turf as usize].push(place);
            search.door_minutes[*turf as usize] += minutes;
        }
        for turf in 0..turfs {
            search.start_walk(turf);
        }
        search
    }

    /// Puts a turf's places in the order of the nearest next one.
    fn start_walk(&mut self, turf: usize) {
        let mut left = std::mem::take(&mut self.walks[turf]);
        let mut walk: Vec<u32> = Vec::with_capacity(left.len());
        walk.extend(left.pop());
        while let Some(last) = walk.last() {
            let nearest = (0..left.len()).min_by(|a, b| {
                let to = |at: &usize| self.places.walk_m(*last, left[*at]);
                to(a).total_cmp(&to(b))
            });
            let Some(nearest) = nearest else { break };
            walk.push(left.swap_remove(nearest));
        }
        self.walks[turf] = walk;
        self.renumber(turf, 0);
        self.walk_m[turf] = self.length_m(turf);
    }

    /// Puts a turf's places in this order of their present ranks.
    pub(super) fn walk_in_order(&mut self, turf: usize, order: &[u32]) {
        self.walks[turf] = order.iter().map(|rank| self.walks[turf][*rank as usize]).collect();
        self.renumber(turf, 0);
        self.walk_m[turf] = self.length_m(turf);
    }

    fn length_m(&self, turf: usize) -> f64 {
        self.walks[turf].windows(2).map(|pair| self.places.walk_m(pair[0], pair[1])).sum()
    }

    fn renumber(&mut self, turf: usize, from: usize) {
        for (rank, place) in (0_u32..).zip(&self.walks[turf]).skip(from) {
            self.rank[*place as usize] = rank;
        }
    }

    pub(super) fn walks(&self) -> &[Vec<u32>] {
        &self.walks
    }

    pub(super) fn minutes(&self, turf: usize) -> f64 {
        self.minutes_if(turf, self.door_minutes[turf], self.walk_m[turf])
    }

    fn minutes_if(&self, turf: usize, door_minutes: f64, walk_m: f64) -> f64 {
        door_minutes + walk_m * self.correction[turf] * self.minutes_per_m
    }

    /// What it costs, in metres, that a turf takes so many minutes.
    fn unfairness_m(&self, turf: usize, minutes: f64) -> f64 {
        let off = (minutes / self.aim[turf] - 1.0).abs() - SLACK;
        let hundredths = off.max(0.0) * 100.0;
        self.unfair_m * hundredths * hundredths + self.price_m[turf] * minutes
    }

    /// What the whole cut costs, in metres of walking: prices are left out.
    fn cost_m(&self) -> f64 {
        let unfair = (0..self.walks.len()).map(|turf| {
            let real_m = self.walk_m[turf] * self.correction[turf];
            real_m + unfair_m(self.minutes(turf), self.aim[turf])
        });
        unfair.sum()
    }

    /// Remembers the cut if it is the best so far.
    fn keep_best(&mut self) {
        let cost_m = self.cost_m();
        if self.best.as_ref().is_none_or(|best| cost_m < best.0) {
            self.best = Some((cost_m, self.turf_of.clone(), self.walks.clone()));
        }
    }

    /// Goes back to the best cut that was met, and forgets that it was.
    pub(super) fn back_to_best(&mut self) {
        let Some((_, turf_of, walks)) = self.best.take() else { return };
        (self.turf_of, self.walks) = (turf_of, walks);
        self.door_minutes.fill(0.0);
        for turf in 0..self.walks.len() {
            self.renumber(turf, 0);
            self.walk_m[turf] = self.length_m(turf);
            self.door_minutes[turf] = self.minutes_at_doors(turf);
        }
    }

    fn minutes_at_doors(&self, turf: usize) -> f64 {
        self.walks[turf].iter().map(|place| self.places.minutes[*place as usize]).sum()
    }

    /// Makes minutes dearer in turfs that take too long, and cheaper in those that do not.
    fn raise_prices(&mut self, by_m: f64) {
        for turf in 0..self.price_m.len() {
            let price_m = self.price_m[turf] + by_m * (self.minutes(turf) - self.aim[turf]);
            self.price_m[turf] = price_m.clamp(-HIGHEST_PRICE_M, HIGHEST_PRICE_M);
        }
    }

    /// Takes in how long the walks really are.
    pub(super) fn correct(&mut self, walk_m: &[f64]) {
        for (turf, real_m) in walk_m.iter().enumerate() {
            if self.walk_m[turf] > 0.0 {
                self.correction[turf] = real_m / self.walk_m[turf];
            }
        }
    }

    pub(super) fn places(&self) -> &Places<'p> {
        self.places
    }

    /// Gives places to another turf; both are walked in the orders given.
    pub(super) fn give(&mut self, moved: &[u32], turfs: [u32; 2], walks: [Vec<u32>; 2]) {
        for place in moved {
            self.turf_of[*place as usize] = turfs[1];
        }
        for (turf, walk) in turfs.into_iter().zip(walks) {
            let turf = turf as usize;
            self.walks[turf] = walk;
            self.renumber(turf, 0);
            self.walk_m[turf] = self.length_m(turf);
            self.door_minutes[turf] = self.minutes_at_doors(turf);
        }
    }

    fn is_long(&self, turf: usize) -> bool {
        self.minutes(turf) > self.aim[turf] * (1.0 + SLACK)
    }

    /// Lets the turfs that take too long get rid of work, and leaves the others alone.
    pub(super) fn even_out(&mut self, tries: u64, random: &mut Random) {
        self.only_long = true;
        self.anneal(tries, random, Schedule::EVEN);
        self.only_long = false;
    }

    /// Anneals by so many tries.
    pub(super) fn anneal(&mut self, tries: u64, random: &mut Random, schedule: Schedule) {
        if self.places.count() < 2 {
            return;
        }
        for step in 0..HEATS {
            let [heat_m, unfair_m] = schedule.at(step as f64 / HEATS as f64);
            self.unfair_m = unfair_m;
            self.raise_prices(if self.only_long { EVENING_PRICE_M } else { PRICE_M });
            for _ in 0..tries / HEATS {
                // The rule of Metropolis: a number in (0, 1] decides what a move may cost.
                let allowed_m = -heat_m * libm::log(random.unit());
                self.attempt(random, allowed_m);
            }
            self.keep_best();
        }
    }

    fn attempt(&mut self, random: &mut Random, allowed_m: f64) {
        let place = random.below(count(self.turf_of.len()));
        let turf = self.turf_of[place as usize];
        let near = self.places.next_to(place);
        if near.is_empty() || self.only_long && !self.is_long(turf as usize) {
            return;
        }
        let other = near[random.below(count(near.len())) as usize];
        let to = self.turf_of[other as usize];
        if to == turf {
            match random.below(8) {
                0 => self.try_turn(place, other, allowed_m),
                1 => self.try_shift(place, other, random, allowed_m),
                _ => {}
            }
            return;
        }
        let rank = self.rank[place as usize] as usize;
        let longest = if random.below(2) == 0 { 1 } else { LONGEST_RUN };
        let length = 1 + random.below(longest);
        let back = random.below(length) as usize;
        let first = rank.saturating_sub(back);
        let len = (length as usize).min(self.walks[turf as usize].len() - first);
        let run = Run { turf, first, len };
        self.try_hand_over(run, to, allowed_m);
    }

    fn at(&self, turf: u32, rank: usize) -> Option<u32> {
        self.walks[turf as usize].get(rank).copied()
    }

    fn before(&self, turf: u32, rank: usize) -> Option<u32> {
        rank.checked_sub(1).and_then(|rank| self.at(turf, rank))
    }

    fn leg_m(&self, from: Option<u32>, to: Option<u32>) -> f64 {
        match (from, to) {
            (Some(from), Some(to)) => self.places.walk_m(from, to),
            _ => 0.0,
        }
    }

    /// Metres saved by leaving out a run, its own inner legs not counted.
    fn saving_m(&self, run: Run) -> f64 {
        let (before, after) =
            (self.before(run.turf, run.first), self.at(run.turf, run.first + run.len));
        let (first, last) =
            (self.at(run.turf, run.first), self.at(run.turf, run.first + run.len - 1));
        self.leg_m(before, first) + self.leg_m(last, after) - self.leg_m(before, after)
    }

    /// The metres that a run adds in front of a rank of a walk.
    fn gap(&self, run: Run, turf: u32, before: usize) -> Gap {
        let (prev, next) = (self.before(turf, before), self.at(turf, before));
        let (first, last) =
            (self.at(run.turf, run.first), self.at(run.turf, run.first + run.len - 1));
        let old = self.leg_m(prev, next);
        let straight = self.leg_m(prev, first) + self.leg_m(last, next) - old;
        let turned = self.leg_m(prev, last) + self.leg_m(first, next) - old;
        Gap { turf, before, turned: turned < straight, cost_m: straight.min(turned) }
    }

    fn inner_m(&self, run: Run) -> f64 {
        let places = &self.walks[run.turf as usize][run.first..run.first + run.len];
        places.windows(2).map(|pair| self.places.walk_m(pair[0], pair[1])).sum()
    }

    /// The cheapest gap of a walk next to places that lie next to the run's ends.
    fn best_gap(&self, run: Run, turf: u32) -> Option<Gap> {
        let ends = [run.first, run.first + run.len - 1];
        let ends = &ends[..if run.len == 1 { 1 } else { 2 }];
        let mut best: Option<Gap> = None;
        for end in ends {
            let place = self.walks[run.turf as usize][*end];
            for other in self.places.next_to(place) {
                if self.turf_of[*other as usize] != turf {
                    continue;
                }
                let rank = self.rank[*other as usize] as usize;
                for before in [rank, rank + 1] {
                    let gap = self.gap(run, turf, before);
                    if best.is_none_or(|best| gap.cost_m < best.cost_m) {
                        best = Some(gap);
                    }
                }
            }
        }
        best
    }

    fn try_hand_over(&mut self, run: Run, to: u32, allowed_m: f64) {
        let from = run.turf as usize;
        let places = &self.walks[from][run.first..run.first + run.len];
        if run.len >= self.walks[from].len() || places.iter().any(|p| self.held[*p as usize]) {
            return;
        }
        let Some(gap) = self.best_gap(run, to) else { return };
        let minutes: f64 = places.iter().map(|place| self.places.minutes[*place as usize]).sum();
        let inner_m = self.inner_m(run);
        let saving_m = self.saving_m(run);
        let from_m = self.walk_m[from] - saving_m - inner_m;
        let to_m = self.walk_m[to as usize] + gap.cost_m + inner_m;
        let from_minutes = self.minutes_if(from, self.door_minutes[from] - minutes, from_m);
        let to_minutes =
            self.minutes_if(to as usize, self.door_minutes[to as usize] + minutes, to_m);
        let fairness_m = self.unfairness_m(from, from_minutes)
            + self.unfairness_m(to as usize, to_minutes)
            - self.unfairness_m(from, self.minutes(from))
            - self.unfairness_m(to as usize, self.minutes(to as usize));
        let sharing_m = self.places.sharing_m(places, &self.turf_of, run.turf, to);
        let change_m = gap.cost_m - saving_m + fairness_m + sharing_m;
        if change_m > allowed_m || !self.holds_together(run, to) {
            return;
        }
        self.move_run(run, gap);
        self.walk_m[from] = from_m;
        self.walk_m[to as usize] = to_m;
        self.door_minutes[from] -= minutes;
        self.door_minutes[to as usize] += minutes;
    }

    fn move_run(&mut self, run: Run, gap: Gap) {
        let from = run.turf as usize;
        let mut moved: Vec<u32> = self.walks[from].drain(run.first..run.first + run.len).collect();
        if gap.turned {
            moved.reverse();
        }
        let to = gap.turf as usize;
        let before =
            if from == to && gap.before > run.first { gap.before - run.len } else { gap.before };
        for place in &moved {
            self.turf_of[*place as usize] = gap.turf;
        }
        self.walks[to].splice(before..before, moved);
        if from == to {
            self.renumber(to, before.min(run.first));
        } else {
            self.renumber(from, run.first);
            self.renumber(to, before);
        }
    }

    /// Moves a run within its walk, next to a place that lies next to it.
    fn try_shift(&mut self, place: u32, other: u32, random: &mut Random, allowed_m: f64) {
        let turf = self.turf_of[place as usize];
        let first = self.rank[place as usize] as usize;
        let len = (1 + random.below(3) as usize).min(self.walks[turf as usize].len() - first);
        let run = Run { turf, first, len };
        let rank = self.rank[other as usize] as usize;
        let saving_m = self.saving_m(run);
        for before in [rank, rank + 1] {
            // Not within the run, nor where it is: the gap's two ends must stay neighbours.
            if (run.first..=run.first + run.len).contains(&before) {
                continue;
            }
            let gap = self.gap(run, turf, before);
            if gap.cost_m - saving_m <= allowed_m.min(10.0) {
                self.move_run(run, gap);
                self.walk_m[turf as usize] += gap.cost_m - saving_m;
                return;
            }
        }
    }

    /// Turns the stretch between two places around, so that they follow each other.
    fn try_turn(&mut self, place: u32, other: u32, allowed_m: f64) {
        let turf = self.turf_of[place as usize];
        let (a, b) = (self.rank[place as usize] as usize, self.rank[other as usize] as usize);
        let (low, high) = (a.min(b), a.max(b));
        // Either the stretch after the first up to the second, or from the first to before the second.
        for (first, end) in [(low + 1, high + 1), (low, high)] {
            if end - first < 2 {
                continue;
            }
            let (before, after) = (self.before(turf, first), self.at(turf, end));
            let (from, to) = (self.at(turf, first), self.at(turf, end - 1));
            let change_m = self.leg_m(before, to) + self.leg_m(from, after)
                - self.leg_m(before, from)
                - self.leg_m(to, after);
            if change_m <= allowed_m.min(10.0) {
                self.walks[turf as usize][first..end].reverse();
                self.renumber(turf as usize, first);
                self.walk_m[turf as usize] += change_m;
                return;
            }
        }
    }

    /// Whether a run hangs together with the turf it comes to, and the rest of its own turf
    /// without it.
    fn holds_together(&mut self, run: Run, to: u32) -> bool {
        let moved: Vec<u32> =
            self.walks[run.turf as usize][run.first..run.first + run.len].to_vec();
        self.joins(&moved, to) && self.rest_holds(&moved, run.turf)
    }

    fn fresh(&mut self) -> u32 {
        if self.stamp > u32::MAX - 4 {
            self.seen.fill(0);
            self.stamp = 0;
        }
        self.stamp += 2;
        self.stamp
    }

    /// Whether each of these places reaches `turf` by places among them.
    fn joins(&mut self, moved: &[u32], turf: u32) -> bool {
        let inside = self.fresh();
        for place in moved {
            self.seen[*place as usize] = inside;
        }
        self.queue.clear();
        for place in moved {
            let touches =
                self.places.next_to(*place).iter().any(|p| self.turf_of[*p as usize] == turf);
            if touches {
                self.seen[*place as usize] = inside + 1;
                self.queue.push(*place);
            }
        }
        let mut reached = self.queue.len();
        while let Some(place) = self.queue.pop() {
            for next in self.places.next_to(place) {
                if self.seen[*next as usize] == inside {
                    self.seen[*next as usize] = inside + 1;
                    reached += 1;
                    self.queue.push(*next);
                }
            }
        }
        reached == moved.len()
    }

    /// Whether a turf without these places is in one piece.
    ///
    /// Only the places next to what left can have lost their way to each other.
    fn rest_holds(&mut self, moved: &[u32], turf: u32) -> bool {
        let stamp = self.fresh();
        for place in moved {
            self.seen[*place as usize] = stamp + 1;
        }
        let mut wanted = 0;
        let mut start = None;
        for place in moved {
            for next in self.places.next_to(*place) {
                if self.turf_of[*next as usize] == turf && self.seen[*next as usize] < stamp {
                    self.seen[*next as usize] = stamp;
                    wanted += 1;
                    start = start.or(Some(*next));
                }
            }
        }
        let Some(start) = start else { return false };
        self.queue.clear();
        self.queue.push(start);
        self.seen[start as usize] = stamp + 1;
        wanted -= 1;
        while let Some(place) = self.queue.pop() {
            if wanted == 0 {
                return true;
            }
            for next in self.places.next_to(place) {
                let seen = self.seen[*next as usize];
                if self.turf_of[*next as usize] == turf && seen <= stamp {
                    wanted -= u32::from(seen == stamp);
                    self.seen[*next as usize] = stamp + 1;
                    self.queue.push(*next);
                }
            }
        }
        wanted == 0
    }
}
