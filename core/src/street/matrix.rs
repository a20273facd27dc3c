//! Costs between doors: from each to each, and from each to its nearest.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::costs::{NO_WAY, WalkCosts};
use super::hierarchy::{self, Hierarchy, Label};
use super::network::{Hold, Network};
use super::pack::StreetPack;
use super::search::{FAR, Search};
use super::snap::Snap;

/// Costs between `n` places, row by row. Symmetric; in the unit of the costs asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distances {
    n: usize,
    costs: Vec<u32>,
}

impl Distances {
    /// What stands for "no way leads there".
    pub const UNREACHABLE: u32 = u32::MAX;

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there is no place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// The cost from one place to another; none where no way leads, or there is no such place.
    #[must_use]
    pub fn get(&self, from: usize, to: usize) -> Option<u32> {
        self.row(from).get(to).copied().filter(|cost| *cost != Self::UNREACHABLE)
    }

    /// The costs from one place to all, [`Distances::UNREACHABLE`] where no way leads.
    #[must_use]
    pub fn row(&self, from: usize) -> &[u32] {
        let start = from.saturating_mul(self.n);
        self.costs.get(start..start.saturating_add(self.n)).unwrap_or_default()
    }

    /// How many pairs of places no way connects, each counted once.
    #[must_use]
    pub fn unreachable(&self) -> usize {
        self.costs.iter().filter(|cost| **cost == Self::UNREACHABLE).count() / 2
    }

    pub(super) fn unknown(n: usize) -> Self {
        Self { n, costs: vec![FAR; n * n] }
    }

    /// Fills in the pairs from labels, those of neighbours in the hierarchy one after the other.
    fn fill_by_labels(&mut self, hierarchy: &Hierarchy, holds: &[Option<Hold>]) {
        let mut labels: Vec<(u32, usize, &Hold, Label)> = Vec::with_capacity(holds.len());
        for (place, hold) in holds.iter().enumerate() {
            let Some(hold) = hold else { continue };
            let label = hierarchy.label(hold);
            labels.push((hierarchy.place(&label), place, hold, label));
        }
        labels.sort_unstable_by_key(|(at, place, ..)| (*at, *place));
        let pairs = labels.windows(2);
        let shared: Vec<usize> =
            pairs.map(|pair| hierarchy.shared(&pair[0].3, &pair[1].3)).collect();
        for (at, (_, from, hold, label)) in labels.iter().enumerate() {
            self.set(*from, *from, 0);
            let mut ancestors = label.costs.len();
            for ((_, to, other_hold, other), shared) in labels[at + 1..].iter().zip(&shared[at..]) {
                // Of sorted labels, two share as many as any two neighbours between them do.
                ancestors = ancestors.min(*shared);
                let around = hierarchy::least(label, other, ancestors).unwrap_or(FAR);
                let direct = hold.direct(other_hold).unwrap_or(FAR);
                self.set(*from, *to, around.min(direct));
            }
        }
    }

    /// Fills in the pairs by a search from each place: for networks that are no town's.
    pub(super) fn fill_by_search(&mut self, network: &Network, holds: &[Option<Hold>]) {
        let mut search = Search::new(network);
        for (from, hold) in holds.iter().enumerate() {
            let Some(hold) = hold else { continue };
            self.set(from, from, 0);
            search.run(network, &starts(hold), |_, _| true);
            for (to, other) in holds.iter().enumerate().skip(from + 1) {
                let Some(other) = other else { continue };
                let by_start = search.cost(other.from).saturating_add(other.before);
                let by_end = search.cost(other.to).saturating_add(other.after);
                let direct = hold.direct(other).unwrap_or(FAR);
                self.set(from, to, by_start.min(by_end).min(direct));
            }
        }
    }

    /// Sets the cost of a pair, which is the same both ways.
    fn set(&mut self, a: usize, b: usize, cost: u32) {
        let cost = if cost < NO_WAY { cost } else { Self::UNREACHABLE };
        self.costs[a * self.n + b] = cost;
        self.costs[b * self.n + a] = cost;
    }
}

/// A place near another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Which of the places given.
    pub place: usize,
    /// The cost to it.
    pub cost: u32,
}

impl StreetPack {
    /// The costs between all of these places.
    ///
    /// The first call for given costs lays shortcuts, which takes some milliseconds for a town.
    #[must_use]
    pub fn matrix(&self, places: &[Snap], costs: &WalkCosts) -> Distances {
        let network = self.network(costs);
        let holds = holds(self, &network, places);
        let mut matrix = Distances::unknown(places.len());
        match network.hierarchy(self) {
            Some(hierarchy) => matrix.fill_by_labels(hierarchy, &holds),
            None => matrix.fill_by_search(&network, &holds),
        }
        matrix
    }

    /// Of each place, the `count` others that cost least to reach and at most `limit`,
    /// cheapest first; of equal ones the earlier first.
    #[must_use]
    pub fn reach(
        &self,
        places: &[Snap],
        count: usize,
        limit: u32,
        costs: &WalkCosts,
    ) -> Vec<Vec<Neighbour>> {
        let network = self.network(costs);
        let holds = holds(self, &network, places);
        let mut at_corner: HashMap<u32, Vec<(usize, u32)>> = HashMap::new();
        let mut on_edge: HashMap<u32, Vec<usize>> = HashMap::new();
        for (place, hold) in holds.iter().enumerate() {
            let Some(hold) = hold else { continue };
            at_corner.entry(hold.from).or_default().push((place, hold.before));
            at_corner.entry(hold.to).or_default().push((place, hold.after));
            on_edge.entry(hold.edge).or_default().push(place);
        }
        let mut search = Search::new(&network);
        let near = |(place, hold): (usize, &Option<Hold>)| {
            let Some(hold) = hold else { return Vec::new() };
            let mut found = Nearest::new(place, count, limit);
            for &other in &on_edge[&hold.edge] {
                let direct = holds[other].as_ref().and_then(|other| hold.direct(other));
                direct.into_iter().for_each(|cost| found.offer(other, cost));
            }
            search.run(&network, &starts(hold), |corner, cost| {
                for &(other, more) in at_corner.get(&corner).map_or(&[][..], Vec::as_slice) {
                    found.offer(other, cost.saturating_add(more));
                }
                found.wants_beyond(cost)
            });
            found.settle(FAR);
            found.settled
        };
        holds.iter().enumerate().map(near).collect()
    }
}

/// The nearest places found so far: those that nothing can come before, and the rest.
struct Nearest {
    count: usize,
    limit: u32,
    settled: Vec<Neighbour>,
    offers: BinaryHeap<Reverse<(u32, usize)>>,
    taken: std::collections::HashSet<usize>,
}

impl Nearest {
    fn new(own: usize, count: usize, limit: u32) -> Self {
        let taken = [own].into();
        Self { count, limit, settled: Vec::new(), offers: BinaryHeap::new(), taken }
    }

    fn offer(&mut self, place: usize, cost: u32) {
        if cost <= self.limit && cost < NO_WAY && !self.taken.contains(&place) {
            self.offers.push(Reverse((cost, place)));
        }
    }

    /// Takes what costs less than all that is still to come, which costs `from` or more.
    fn settle(&mut self, from: u32) {
        while let Some(&Reverse((cost, place))) = self.offers.peek() {
            if self.settled.len() >= self.count || cost >= from && from != FAR {
                break;
            }
            self.offers.pop();
            if self.taken.insert(place) {
                self.settled.push(Neighbour { place, cost });
            }
        }
    }

    fn wants_beyond(&mut self, cost: u32) -> bool {
        self.settle(cost);
        self.settled.len() < self.count && cost <= self.limit
    }
}

/// The corners that a walk from this door may come to first.
fn starts(hold: &Hold) -> [(u32, u32); 2] {
    [(hold.from, hold.before), (hold.to, hold.after)]
}

pub(super) fn holds(pack: &StreetPack, network: &Network, places: &[Snap]) -> Vec<Option<Hold>> {
    places.iter().map(|place| network.hold(pack, place)).collect()
}
