//! Every kind of walk as one symmetric closed tour.
//!
//! An open walk gets a depot that costs nothing to reach and joins its two ends. Where costs
//! differ by direction, each stop becomes an entry and an exit that stay together, and only
//! an exit and an entry of another stop may be joined (Jonker and Volgenant 1983). A given
//! start or end is an edge to the depot that stays.

use super::costs::Costs;
use super::ends::Ends;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// The cost of an edge that no tour may use: more than any exchange can gain.
pub(super) const FORBIDDEN: i64 = 1 << 44;

/// Costs between nodes, the same in both directions.
pub(super) trait Metric {
    fn between(&self, a: u32, b: u32) -> i64;
}

/// The nodes that stand for the stops of a walk.
pub(super) struct Graph<'c, C> {
    costs: &'c C,
    ends: Ends,
    stops: u32,
    doubled: bool,
}

impl<'c, C: Costs> Graph<'c, C> {
    pub(super) fn new(costs: &'c C, ends: Ends) -> Self {
        Self { costs, ends, stops: costs.len(), doubled: !costs.is_symmetric() }
    }

    fn places(&self) -> u32 {
        self.stops + u32::from(self.ends != Ends::Closed)
    }

    pub(super) fn nodes(&self) -> u32 {
        if self.doubled { 2 * self.places() } else { self.places() }
    }

    /// The nodes that stand for stops; those above are the depot's.
    pub(super) fn stop_nodes(&self) -> u32 {
        if self.doubled { 2 * self.stops } else { self.stops }
    }

    /// About `count` stops' nodes that are likely to come next to a stop's node: those that
    /// the costs name, else the nearest of all.
    pub(super) fn neighbours(&self, node: u32, count: u32) -> Vec<u32> {
        if !self.doubled
            && let Some(named) = self.costs.neighbours(node, count)
        {
            return named;
        }
        let others = (0..self.stop_nodes()).filter(|&other| self.may_join(node, other));
        let mut all: Vec<(i64, u32)> =
            others.map(|other| (self.between(node, other), other)).collect();
        let count = (count as usize).min(all.len());
        if count < all.len() {
            all.select_nth_unstable(count);
        }
        all[..count].iter().map(|&(_, other)| other).collect()
    }

    /// Whether an edge between these nodes may be in a tour at all.
    pub(super) fn may_join(&self, a: u32, b: u32) -> bool {
        a != b && (!self.doubled || (a ^ b) & 1 == 1 && a / 2 != b / 2)
    }

    /// For each node the edges that stay, at most two.
    pub(super) fn fixed(&self) -> Vec<[u32; 2]> {
        let mut fixed = vec![[NONE; 2]; self.nodes() as usize];
        let mut fix = |a: u32, b: u32| {
            for (from, to) in [(a, b), (b, a)] {
                let held = &mut fixed[from as usize];
                held[usize::from(held[0] != NONE)] = to;
            }
        };
        if self.doubled {
            (0..self.places()).for_each(|place| fix(2 * place, 2 * place + 1));
        }
        if let Ends::Open { start, end } = self.ends {
            let depot = self.stops;
            if let Some(start) = start {
                if self.doubled { fix(2 * depot + 1, 2 * start) } else { fix(depot, start) }
            }
            if let Some(end) = end {
                if self.doubled { fix(2 * end + 1, 2 * depot) } else { fix(end, depot) }
            }
        }
        fixed
    }

    /// The tour that visits the stops as they are numbered.
    pub(super) fn tour_as_numbered(&self) -> Vec<u32> {
        (0..self.nodes()).collect()
    }

    /// The stops in the order of a tour of all nodes.
    pub(super) fn stops_in_order(&self, tour: &[u32]) -> Vec<u32> {
        let place = |node: u32| if self.doubled { node / 2 } else { node };
        let mut places: Vec<u32> = tour.iter().map(|&node| place(node)).collect();
        if self.doubled && tour.len() > 1 {
            let exits_follow = tour[1] == tour[0] ^ 1;
            let backwards = (tour[0] & 1 == 1) == exits_follow;
            if backwards {
                places.reverse();
            }
            let pairs_apart = places[0] != places[1];
            places.rotate_left(usize::from(pairs_apart));
            places.dedup();
        }
        let first = if self.ends == Ends::Closed { 0 } else { self.stops };
        let at = places.iter().position(|&place| place == first).unwrap_or(0);
        places.rotate_left(at);
        if !self.doubled {
            self.turn(&mut places);
        }
        if self.ends != Ends::Closed {
            places.remove(0);
        }
        places
    }

    /// Of the two ways round, takes the one that the ends ask for, else always the same.
    fn turn(&self, places: &mut [u32]) {
        let (Some(&second), Some(&last)) = (places.get(1), places.last()) else {
            return;
        };
        let backwards = match self.ends {
            Ends::Open { start: Some(start), .. } => second != start,
            Ends::Open { end: Some(end), .. } => last != end,
            _ => last < second,
        };
        if backwards {
            places[1..].reverse();
        }
    }
}

impl<C: Costs> Metric for Graph<'_, C> {
    #[inline]
    fn between(&self, a: u32, b: u32) -> i64 {
        if !self.doubled {
            let to_depot = a == self.stops || b == self.stops;
            return if to_depot { 0 } else { i64::from(self.costs.cost(a, b)) };
        }
        let (from, to) = if a & 1 == 1 { (a / 2, b / 2) } else { (b / 2, a / 2) };
        if (a ^ b) & 1 == 0 {
            FORBIDDEN
        } else if from == to || from == self.stops || to == self.stops {
            0
        } else {
            i64::from(self.costs.cost(from, to))
        }
    }
}

/// A metric with a price on every node: it moves all tours' costs by the same amount, but
/// makes the edges of good tours stand out. Costs are scaled up so that prices can be finer
/// than one unit.
pub(super) struct Priced<'g, M> {
    pub(super) metric: &'g M,
    pub(super) scale: i64,
    pub(super) prices: Vec<i64>,
}

impl<M: Metric> Metric for Priced<'_, M> {
    #[inline]
    fn between(&self, a: u32, b: u32) -> i64 {
        let raw = self.metric.between(a, b);
        raw * self.scale + self.prices[a as usize] + self.prices[b as usize]
    }
}

/// A priced metric as a table.
pub(super) struct Table {
    nodes: usize,
    cells: Vec<i32>,
}

/// The largest scaled cost in a table: an exchange of three edges stays below [`CLOSED`].
const LARGEST: i64 = 1 << 28;
/// [`FORBIDDEN`] in a table.
const CLOSED: i32 = 1 << 30;

/// How much finer prices are than costs, at most.
pub(super) const FINEST: i64 = 32;

impl Table {
    /// The table of a graph's costs, scaled up as far as they fit; `None` if they are too
    /// large for it.
    pub(super) fn of(graph: &impl Metric, nodes: u32) -> Option<Self> {
        let raw = |a: u32, b: u32| if a == b { 0 } else { graph.between(a, b) };
        let pairs = || (0..nodes).flat_map(|a| (0..nodes).map(move |b| (a, b)));
        let raw: Vec<i64> = pairs().map(|(a, b)| raw(a, b)).collect();
        let largest = raw.iter().copied().filter(|&cost| cost < FORBIDDEN).max().unwrap_or(0);
        let scale = (LARGEST / largest.max(1)).min(FINEST);
        let cell = |cost: i64| {
            if cost < FORBIDDEN { i32::try_from(cost * scale).unwrap_or(CLOSED) } else { CLOSED }
        };
        let cells = raw.into_iter().map(cell).collect();
        (scale > 0).then_some(Self { nodes: nodes as usize, cells })
    }

    /// The costs from `node` to each node.
    pub(super) fn row(&self, node: u32) -> &[i32] {
        &self.cells[node as usize * self.nodes..][..self.nodes]
    }

    /// Adds a price per node to all costs.
    pub(super) fn charge(&mut self, prices: &[i64]) {
        for (row, &own) in self.cells.chunks_exact_mut(self.nodes).zip(prices) {
            for (cell, &other) in row.iter_mut().zip(prices) {
                let priced = i64::from(*cell) + own + other;
                if *cell != CLOSED {
                    *cell = i32::try_from(priced).unwrap_or(CLOSED).min(CLOSED);
                }
            }
        }
    }
}

impl Metric for Table {
    #[inline]
    fn between(&self, a: u32, b: u32) -> i64 {
        i64::from(self.cells[a as usize * self.nodes + b as usize])
    }
}
