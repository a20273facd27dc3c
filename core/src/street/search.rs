//! Dijkstra's search from one place, with arrays that are never cleared.
//!
//! Stops as soon as its caller has what it came for.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::network::Network;

pub(super) const FAR: u32 = u32::MAX;

/// The arrays of a search, used again by the next one.
#[derive(Debug)]
pub(super) struct Search {
    costs: Vec<u32>,
    before: Vec<u32>,
    stamps: Vec<u32>,
    stamp: u32,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Search {
    pub(super) fn new(network: &Network) -> Self {
        let size = network.size();
        Self {
            costs: vec![FAR; size],
            before: vec![FAR; size],
            stamps: vec![0; size],
            stamp: 0,
            queue: BinaryHeap::new(),
        }
    }

    /// Visits corners in order of their cost from the given ones, until `visit` says to stop.
    pub(super) fn run(
        &mut self,
        network: &Network,
        from: &[(u32, u32)],
        mut visit: impl FnMut(u32, u32) -> bool,
    ) {
        self.stamp += 1;
        self.queue.clear();
        for &(corner, cost) in from {
            self.offer(corner, cost, FAR);
        }
        while let Some(Reverse((cost, corner))) = self.queue.pop() {
            if cost > self.costs[corner as usize] {
                continue;
            }
            if !visit(corner, cost) {
                break;
            }
            for arc in network.arcs(corner) {
                self.offer(arc.to, cost.saturating_add(arc.cost), corner);
            }
        }
    }

    #[inline]
    fn offer(&mut self, corner: u32, cost: u32, before: u32) {
        let at = corner as usize;
        if self.stamps[at] != self.stamp || cost < self.costs[at] {
            self.stamps[at] = self.stamp;
            self.costs[at] = cost;
            self.before[at] = before;
            self.queue.push(Reverse((cost, corner)));
        }
    }

    /// The cost of a corner that the last run has come to, if it has.
    pub(super) fn cost(&self, corner: u32) -> u32 {
        let at = corner as usize;
        if self.stamps[at] == self.stamp { self.costs[at] } else { FAR }
    }

    /// The corners on the way to this one, from the first.
    pub(super) fn way_to(&self, corner: u32) -> Vec<u32> {
        let mut way = vec![corner];
        let mut at = corner;
        while self.before[at as usize] != FAR {
            at = self.before[at as usize];
            way.push(at);
        }
        way.reverse();
        way
    }
}
