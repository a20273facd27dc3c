//! The best order of a few stops, by dynamic programming over sets of visited stops
//! (Bellman 1962; Held and Karp 1962).

use super::costs::Costs;
use super::ends::Ends;

/// Up to this many stops the best order is computed, not searched for: the table below then
/// has 49,152 entries.
pub(super) const EXACT_STOPS: u32 = 12;

/// What a walk costs that cannot be: more than any other, and far from where a sum overflows.
pub(super) const UNREACHED: u64 = u64::MAX / 4;

/// The cheapest order of at most [`EXACT_STOPS`] stops; of equally cheap ones always the same.
pub(super) fn best_order(costs: &impl Costs, ends: Ends) -> Vec<u32> {
    let stops = costs.len() as usize;
    let Some(last_stop) = stops.checked_sub(1) else {
        return Vec::new();
    };
    let begin = match ends {
        Ends::Closed => Some(0),
        Ends::Open { start, .. } => start.map(|start| start as usize),
    };
    let table = Table::fill(costs, stops, begin);
    let all = (1_usize << stops) - 1;
    let closing = |last: usize| match ends {
        Ends::Closed => u64::from(costs.cost(last as u32, 0)),
        Ends::Open { end, .. } if end.is_some_and(|end| end as usize != last) => UNREACHED,
        Ends::Open { .. } => 0,
    };
    let best = (0..stops)
        .min_by_key(|&last| table.cost[all * stops + last].saturating_add(closing(last)))
        .unwrap_or(last_stop);
    table.read_back(all, best)
}

/// For each set of stops and the last of them: the least cost, and the stop before the last.
pub(super) struct Table {
    stops: usize,
    cost: Vec<u64>,
    before: Vec<u8>,
}

impl Table {
    pub(super) fn fill(costs: &impl Costs, stops: usize, begin: Option<usize>) -> Self {
        let size = (1 << stops) * stops;
        let mut table = Self { stops, cost: vec![UNREACHED; size], before: vec![u8::MAX; size] };
        for first in 0..stops {
            if begin.is_none_or(|begin| begin == first) {
                table.cost[(1 << first) * stops + first] = 0;
            }
        }
        // By where they lead to, so that what is compared stands side by side.
        let leg = |to: usize, from: usize| u64::from(costs.cost(from as u32, to as u32));
        let legs: Vec<u64> = (0..stops * stops).map(|at| leg(at / stops, at % stops)).collect();
        for set in 1_usize..1 << stops {
            for last in (0..stops).filter(|last| set & (1 << last) != 0) {
                table.reach(set, last, &legs[last * stops..][..stops]);
            }
        }
        table
    }

    /// Finds from where `last` is best reached, if the others of the set come first; of several
    /// such stops it takes the first.
    fn reach(&mut self, set: usize, last: usize, legs: &[u64]) {
        let others = (set & !(1 << last)) * self.stops;
        let so_far = &self.cost[others..][..self.stops];
        let (mut least, mut from) = (UNREACHED, u8::MAX);
        for (before, (so_far, leg)) in (0..).zip(so_far.iter().zip(legs)) {
            if so_far + leg < least {
                (least, from) = (so_far + leg, before);
            }
        }
        if from != u8::MAX {
            (self.cost[set * self.stops + last], self.before[set * self.stops + last]) =
                (least, from);
        }
    }

    /// The least cost of walking past a set of stops, ending at `last`; [`UNREACHED`] if no walk
    /// does.
    pub(super) fn cost(&self, set: usize, last: usize) -> u64 {
        self.cost[set * self.stops + last]
    }

    pub(super) fn read_back(&self, mut set: usize, mut last: usize) -> Vec<u32> {
        let mut order = Vec::with_capacity(self.stops);
        loop {
            order.push(last as u32);
            let before = self.before[set * self.stops + last];
            if before == u8::MAX {
                order.reverse();
                return order;
            }
            set &= !(1 << last);
            last = usize::from(before);
        }
    }
}
