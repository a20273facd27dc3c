//! Local search in the manner of Lin and Kernighan (1973).
//!
//! From every node whose surroundings changed, edges are taken out and put in by turns, each
//! new one so short that the exchange so far has gained; when closing it up gains too, it is
//! made.

use std::collections::VecDeque;

use super::candidates::Candidates;
use super::graph::Metric;
use super::random::Random;
use super::tour::{Exchange, Tour};

/// How far exchanges reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Three edges at most: quick, and best while kicks are few.
    Short,
    /// Four edges at most: each kick takes two to three times as long, but the search gets
    /// stuck much later.
    Long,
}

/// The most ways to go on that are tried at any level.
const BREADTH: usize = 5;

impl Reach {
    /// How many ways to go on are tried at each level but the last. Found by trial: with fewer
    /// the search gets stuck, with more it comes to fewer kicks.
    const fn breadths(self) -> &'static [usize] {
        match self {
            Self::Short => &[5],
            Self::Long => &[5, 3],
        }
    }
}

/// A tour, and what is needed to improve it.
pub(super) struct Search<'g, M> {
    metric: &'g M,
    candidates: &'g Candidates,
    fixed: &'g [[u32; 2]],
    pub(super) tour: Tour,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    exchange: Exchange,
    valid: ValidExchanges,
    has_fixed: bool,
    breadths: &'static [usize],
}

/// How a kick chooses the places where it breaks the tour.
#[derive(Clone, Copy)]
pub(super) enum Kick {
    /// Places that random walks from one node lead to: near each other on the ground.
    Nearby,
    /// Places within a stretch of the tour.
    Along,
    /// Places anywhere.
    Anywhere,
}

/// The stretch of [`Kick::Along`], in nodes.
const STRETCH: u32 = 50;
/// As many edges that stay can follow each other: start, depot and end, and what joins them.
const MOST_FIXED_IN_A_ROW: u32 = 5;
/// The longest tour that is broken anywhere.
const FAR_NODES: u32 = 2_000;
/// The longest random walk of [`Kick::Nearby`], in steps.
const LONGEST_WALK: u32 = 10;

impl Kick {
    /// Half the kicks break nearby, one in ten anywhere: found by trial.
    ///
    /// In a long tour most of what lies anywhere lies so far away that putting it right costs
    /// more than it is worth.
    pub(super) fn drawn(random: &mut Random, nodes: u32) -> Self {
        match random.below(10) {
            0..5 => Self::Nearby,
            5..9 => Self::Along,
            _ if nodes > FAR_NODES => Self::Along,
            _ => Self::Anywhere,
        }
    }
}

/// A way to go on with an exchange.
#[derive(Clone, Copy, Default)]
struct Continuation {
    gain: i64,
    next: u32,
    end: u32,
    cut: u32,
    forward: bool,
}

impl<'g, M: Metric> Search<'g, M> {
    pub(super) fn new(
        metric: &'g M,
        candidates: &'g Candidates,
        fixed: &'g [[u32; 2]],
        order: Vec<u32>,
        reach: Reach,
    ) -> Self {
        Self {
            metric,
            candidates,
            fixed,
            queued: vec![false; order.len()],
            queue: VecDeque::with_capacity(order.len()),
            tour: Tour::new(order),
            exchange: Exchange::new(),
            valid: ValidExchanges::new(),
            has_fixed: fixed.iter().any(|mates| mates[0] != super::graph::NONE),
            breadths: reach.breadths(),
        }
    }

    pub(super) fn push(&mut self, node: u32) {
        let queued = &mut self.queued[node as usize];
        if !*queued {
            *queued = true;
            self.queue.push_back(node);
        }
    }

    /// Improves around every node until nothing helps, for good.
    pub(super) fn descend_everywhere(&mut self) {
        for at in 0..self.tour.len() {
            self.push(self.tour.at(at));
        }
        while let Some(node) = self.queue.pop_front() {
            self.queued[node as usize] = false;
            while self.improve(node).is_some() {
                self.tour.commit();
            }
        }
    }

    /// Improves around the nodes in the queue until nothing helps; answers the gain. The way
    /// back is remembered.
    pub(super) fn descend(&mut self) -> i64 {
        let mut total = 0;
        while let Some(node) = self.queue.pop_front() {
            self.queued[node as usize] = false;
            while let Some(gain) = self.improve(node) {
                total += gain;
            }
        }
        total
    }

    /// Makes one exchange that takes out an edge of `first` and gains.
    fn improve(&mut self, first: u32) -> Option<i64> {
        let at = self.tour.position(first);
        for forward in [true, false] {
            let (second, cut) = self.tour.beside(at, forward);
            if self.is_fixed(first, second) {
                continue;
            }
            self.exchange.ends[0] = first;
            self.exchange.ends[1] = second;
            self.exchange.cuts[0] = cut;
            self.exchange.forward[0] = forward;
            let gain = self.go_on(1, self.metric.between(first, second));
            if gain > 0 {
                self.tour.apply(&self.exchange);
                for end in 0..2 * self.exchange.len {
                    self.push(self.exchange.ends[end]);
                }
                return Some(gain);
            }
        }
        None
    }

    #[inline]
    fn is_fixed(&self, a: u32, b: u32) -> bool {
        self.has_fixed && self.fixed[a as usize].contains(&b)
    }

    /// Extends the exchange, whose last edge is open, by one edge in and one out; answers the
    /// gain of the tour that closes it, or 0.
    fn go_on(&mut self, level: usize, gain: i64) -> i64 {
        let Some(&breadth) = self.breadths.get(level - 1) else {
            return self.close(level, gain);
        };
        let (ways, count) = self.continuations(level, gain, breadth);
        for way in &ways[..count] {
            self.exchange.set(level, way.next, way.end, way.cut, way.forward);
            let closed = way.gain - self.metric.between(way.end, self.exchange.ends[0]);
            if closed > 0 && self.valid.holds(&self.exchange) {
                return closed;
            }
            let found = self.go_on(level + 1, way.gain);
            if found > 0 {
                return found;
            }
        }
        0
    }

    /// The ways to go on that gain most before closing.
    #[inline]
    fn continuations(
        &self,
        level: usize,
        gain: i64,
        breadth: usize,
    ) -> ([Continuation; BREADTH], usize) {
        let mut ways = [Continuation::default(); BREADTH];
        let mut count = 0;
        self.each_way(level, gain, |way| {
            let mut at = if count < breadth {
                count += 1;
                count - 1
            } else if ways[breadth - 1].gain < way.gain {
                breadth - 1
            } else {
                return;
            };
            while at > 0 && ways[at - 1].gain < way.gain {
                ways[at] = ways[at - 1];
                at -= 1;
            }
            ways[at] = way;
        });
        (ways, count)
    }

    /// Finds the last edges of the exchange: those whose closing gains most.
    fn close(&mut self, level: usize, gain: i64) -> i64 {
        let first = self.exchange.ends[0];
        let mut best = (0, Continuation::default());
        let mut trial = self.exchange;
        self.each_way(level, gain, |way| {
            if way.gain <= best.0 {
                return;
            }
            let closed = way.gain - self.metric.between(way.end, first);
            if closed > best.0 {
                trial.set(level, way.next, way.end, way.cut, way.forward);
                if self.valid.holds(&trial) {
                    best = (closed, way);
                }
            }
        });
        let (closed, way) = best;
        if closed > 0 {
            self.exchange.set(level, way.next, way.end, way.cut, way.forward);
        }
        closed
    }

    /// All ways to put one edge in at the open end and take one out behind it.
    #[inline]
    fn each_way(&self, level: usize, gain: i64, mut hear: impl FnMut(Continuation)) {
        let last = self.exchange.ends[2 * level - 1];
        let at = self.tour.position(last);
        let (after, before) = (self.tour.after(at), self.tour.before(at));
        let cuts = &self.exchange.cuts[..level];
        for &(next, cost) in self.candidates.of(last) {
            let open = gain - cost;
            if open <= 0 {
                return;
            }
            if next == after || next == before {
                continue;
            }
            let at = self.tour.position(next);
            for forward in [true, false] {
                let (end, cut) = self.tour.beside(at, forward);
                if cuts.contains(&cut) || self.is_fixed(next, end) {
                    continue;
                }
                let gain = open + self.metric.between(next, end);
                hear(Continuation { gain, next, end, cut, forward });
            }
        }
    }

    /// Breaks the tour at four nearby places and joins the pieces crosswise, which no
    /// exchange above can undo in one go; answers the change of cost.
    pub(super) fn kick(&mut self, random: &mut Random, kick: Kick) -> i64 {
        let cuts = match kick {
            Kick::Nearby => self.cuts_in_space(random),
            Kick::Along => Some(self.cuts_along(random, STRETCH)),
            Kick::Anywhere => Some(self.cuts_along(random, u32::MAX)),
        };
        let Some(cuts) = cuts.and_then(|cuts| self.beside_fixed(cuts)) else { return 0 };
        let edges = cuts.map(|cut| (self.tour.at(cut), self.tour.after(cut)));
        let [(a, b), (c, d), (e, f), (g, h)] = edges;
        let cost = |pairs: [(u32, u32); 4]| -> i64 {
            pairs.iter().map(|&(from, to)| self.metric.between(from, to)).sum()
        };
        let change = cost([(a, f), (g, d), (e, b), (c, h)]) - cost(edges);
        self.tour.cross(cuts);
        for (from, to) in edges {
            self.push(from);
            self.push(to);
        }
        change
    }

    /// The places moved on to edges that may be taken out: where costs differ by direction every
    /// other one stays. `None` if two meet.
    fn beside_fixed(&self, mut cuts: [u32; 4]) -> Option<[u32; 4]> {
        if !self.has_fixed {
            return Some(cuts);
        }
        for cut in &mut cuts {
            // A given end stays with the depot, and each of the two with its own other half.
            for _ in 0..MOST_FIXED_IN_A_ROW {
                if self.is_fixed(self.tour.at(*cut), self.tour.after(*cut)) {
                    *cut = if *cut + 1 == self.tour.len() { 0 } else { *cut + 1 };
                }
            }
            if self.is_fixed(self.tour.at(*cut), self.tour.after(*cut)) {
                return None;
            }
        }
        cuts.sort_unstable();
        cuts.windows(2).all(|pair| pair[0] < pair[1]).then_some(cuts)
    }

    /// Four different places within a window of positions.
    fn cuts_along(&self, random: &mut Random, window: u32) -> [u32; 4] {
        let nodes = self.tour.len();
        let window = window.min(nodes);
        let start = random.below(nodes);
        let mut cuts = [0; 4];
        for slot in 0..4 {
            loop {
                let at = start + random.below(window);
                let at = if at >= nodes { at - nodes } else { at };
                if !cuts[..slot].contains(&at) {
                    cuts[slot] = at;
                    break;
                }
            }
        }
        cuts.sort_unstable();
        cuts
    }

    /// Four places that random walks over candidates lead to.
    fn cuts_in_space(&self, random: &mut Random) -> Option<[u32; 4]> {
        let from = self.tour.at(random.below(self.tour.len()));
        let mut cuts = [0; 4];
        for slot in &mut cuts {
            let mut at = from;
            for _ in 0..=random.below(LONGEST_WALK) {
                let near = self.candidates.of(at);
                if let Some(&(next, _)) = near.get(random.below(near.len() as u32) as usize) {
                    at = next;
                }
            }
            *slot = self.tour.position(at);
        }
        cuts.sort_unstable();
        cuts.windows(2).all(|pair| pair[0] < pair[1]).then_some(cuts)
    }
}

/// Which exchanges of two or three edges keep one tour: a bit per order of the cuts and
/// directions of the edges, worked out once.
struct ValidExchanges {
    of_three: u64,
}

impl ValidExchanges {
    fn new() -> Self {
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let mut of_three = 0;
        for cuts in orders {
            for directions in 0..8 {
                let mut exchange = Exchange::new();
                for (edge, cut) in cuts.into_iter().enumerate() {
                    exchange.set(edge, 0, 0, cut, directions >> edge & 1 == 1);
                }
                if exchange.keeps_one_tour() {
                    of_three |= 1 << Self::index(&exchange);
                }
            }
        }
        Self { of_three }
    }

    #[inline]
    fn index(exchange: &Exchange) -> u32 {
        let [a, b, c, ..] = exchange.cuts;
        let [d, e, f, ..] = exchange.forward;
        [a < b, b < c, a < c, d, e, f].iter().rev().fold(0, |bits, &bit| bits << 1 | u32::from(bit))
    }

    #[inline]
    fn holds(&self, exchange: &Exchange) -> bool {
        match exchange.len {
            2 => exchange.forward[0] != exchange.forward[1],
            3 => self.of_three >> Self::index(exchange) & 1 == 1,
            _ => exchange.keeps_one_tour(),
        }
    }
}
