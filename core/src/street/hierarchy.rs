//! Shortcuts that make many costs cheap, under one set of costs.
//!
//! Corners are taken out in the pack's order, and what remains is joined so that costs stay
//! the same. The neighbours that a corner still had then lie on one line of ancestors, and the
//! cost between two places is the least, over the ancestors that they share, of the costs up
//! from both (customizable contraction: Dibbelt, Strasser and Wagner, 2016). Costs are the
//! same both ways. Does not tell which way leads there: `path` does.

use std::ops::Range;

use super::costs::NO_WAY;
use super::network::{Hold, Network};

/// More than any cost; two of them can be added.
const FAR: i32 = NO_WAY.cast_signed();

const NONE: u32 = u32::MAX;

/// More ways up than this for each corner, on average, and shortcuts do not pay. Towns have
/// three; what has more is no map, or its order is not one.
const MOST_UPS: usize = 64;

/// The corners of a network with their ancestors, counted in the order of their taking out.
#[derive(Debug)]
pub(super) struct Hierarchy {
    /// The number of each corner of the network here.
    numbers: Vec<u32>,
    /// The nearest ancestor of each, or none at the top.
    parents: Vec<u32>,
    /// How many ancestors each has.
    depths: Vec<u32>,
    /// Each before its descendants, and these in one run.
    places: Vec<u32>,
    starts: Vec<u32>,
    ups: Vec<Up>,
}

/// What leads up from a corner.
#[derive(Clone, Copy, Debug)]
struct Up {
    /// The ancestor, as how many ancestors it has itself.
    depth: u32,
    cost: i32,
}

/// The costs from a place up to all ancestors of the corner it hangs on, the top first.
#[derive(Debug)]
pub(super) struct Label {
    /// The lower one of the corners it hangs on.
    corner: u32,
    pub(super) costs: Vec<i32>,
}

impl Hierarchy {
    /// Lays the shortcuts of a network whose nodes are taken out by these ranks; none if that
    /// would take more than it could save.
    pub(super) fn of(network: &Network, ranks: &[u32]) -> Option<Self> {
        let (order, numbers) = numbered(network, ranks);
        let mut filled = Filled::of(network, &order, &numbers)?;
        filled.lower();
        let size = numbers.len();
        let (mut parents, mut depths) = (vec![NONE; size], vec![0; size]);
        for at in (0..size).rev() {
            if let Some(&parent) = filled.tos[filled.own(at)].first() {
                (parents[at], depths[at]) = (parent, depths[parent as usize] + 1);
            }
        }
        let up = |(to, cost): (u32, i32)| Up { depth: depths[to as usize], cost };
        let ups = filled.tos.into_iter().zip(filled.costs).map(up).collect();
        let places = places(&parents);
        Some(Self { numbers, parents, depths, places, starts: filled.starts, ups })
    }

    /// The label of a place on the network.
    pub(super) fn label(&self, hold: &Hold) -> Label {
        let ends = [(hold.from, hold.before), (hold.to, hold.after)]
            .map(|(corner, cost)| (self.numbers[corner as usize], capped(cost)));
        // The corners of an edge are neighbours, so one is an ancestor of the other.
        let corner = ends[0].0.min(ends[1].0);
        let mut costs = vec![FAR; self.depths[corner as usize] as usize + 1];
        for (end, cost) in ends {
            let known = &mut costs[self.depths[end as usize] as usize];
            *known = cost.min(*known);
        }
        let mut at = corner;
        for depth in (0..costs.len()).rev() {
            let cost = costs[depth];
            let own = self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize;
            for up in &self.ups[own] {
                let known = &mut costs[up.depth as usize];
                *known = (cost + up.cost).min(*known);
            }
            at = self.parents[at as usize];
        }
        Label { corner, costs }
    }

    /// What sorts labels so that those with many ancestors in common come together.
    pub(super) fn place(&self, label: &Label) -> u32 {
        self.places[label.corner as usize]
    }

    /// How many ancestors two labels share, from the top.
    pub(super) fn shared(&self, one: &Label, other: &Label) -> usize {
        let (mut a, mut b) = (one.corner, other.corner);
        while a != b {
            // The one that was taken out first is not an ancestor of the other.
            let lower = if a < b { &mut a } else { &mut b };
            match self.parents[*lower as usize] {
                NONE => return 0,
                parent => *lower = parent,
            }
        }
        self.depths[a as usize] as usize + 1
    }
}

/// The least cost by way of the first `shared` ancestors, if there is a way.
#[inline]
pub(super) fn least(one: &Label, other: &Label, shared: usize) -> Option<u32> {
    let pairs = one.costs[..shared].iter().zip(&other.costs[..shared]);
    // Both are at most FAR, so that nothing wraps; said so, the loop runs several at a time.
    let least = pairs.fold(FAR, |least, (a, b)| least.min(a.wrapping_add(*b)));
    u32::try_from(least).ok().filter(|_| least < FAR)
}

fn capped(cost: u32) -> i32 {
    i32::try_from(cost).map_or(FAR, |cost| cost.min(FAR))
}

/// The corners by the rank of their node, and the number of each in that order.
#[expect(clippy::cast_possible_truncation, reason = "corners are counted in u32")]
fn numbered(network: &Network, ranks: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let last = ranks.len().saturating_sub(1);
    let rank_of = |corner: usize| (ranks[network.nodes[corner] as usize] as usize).min(last);
    let mut starts = vec![0_u32; ranks.len() + 1];
    (0..network.size()).for_each(|corner| starts[rank_of(corner) + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let (mut order, mut numbers) = (vec![0; network.size()], vec![0; network.size()]);
    for corner in 0..network.size() {
        let next = &mut starts[rank_of(corner)];
        numbers[corner] = *next;
        order[*next as usize] = corner as u32;
        *next += 1;
    }
    (order, numbers)
}

/// Which later corners each corner is joined with when it is taken out, ascending.
struct Filled {
    starts: Vec<u32>,
    tos: Vec<u32>,
    costs: Vec<i32>,
}

impl Filled {
    fn own(&self, at: usize) -> Range<usize> {
        self.starts[at] as usize..self.starts[at + 1] as usize
    }

    /// None if the order leaves too many.
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the limit; fewer than 2^32")]
    fn of(network: &Network, order: &[u32], numbers: &[u32]) -> Option<Self> {
        let size = order.len();
        let mut filled = Self {
            starts: vec![0],
            tos: Vec::with_capacity(size * 4),
            costs: Vec::with_capacity(size * 4),
        };
        // Corners whose first ancestor is this one, as a chain.
        let (mut child, mut sibling) = (vec![NONE; size], vec![NONE; size]);
        let mut known = vec![FAR; size];
        let mut seen = vec![NONE; size];
        for (at, &corner) in (0..).zip(order) {
            let start = filled.tos.len();
            for arc in network.arcs(corner) {
                let to = numbers[arc.to as usize];
                if to > at {
                    known[to as usize] = known[to as usize].min(capped(arc.cost));
                    filled.join(at, to, &mut seen);
                }
            }
            let mut below = child[at as usize];
            while below != NONE {
                for place in filled.own(below as usize).skip(1) {
                    filled.join(at, filled.tos[place], &mut seen);
                }
                below = sibling[below as usize];
            }
            filled.tos[start..].sort_unstable();
            let cost = |to: &u32| std::mem::replace(&mut known[*to as usize], FAR);
            filled.costs.extend(filled.tos[start..].iter().map(cost));
            if let Some(&parent) = filled.tos.get(start) {
                sibling[at as usize] = child[parent as usize];
                child[parent as usize] = at;
            }
            filled.starts.push(filled.tos.len() as u32);
            if filled.tos.len() > size.saturating_mul(MOST_UPS) {
                return None;
            }
        }
        Some(filled)
    }

    fn join(&mut self, at: u32, to: u32, seen: &mut [u32]) {
        if seen[to as usize] != at {
            seen[to as usize] = at;
            self.tos.push(to);
        }
    }

    /// Lowers each cost to that by way of any corner that was taken out before.
    fn lower(&mut self) {
        let size = self.starts.len() - 1;
        let mut by = vec![FAR; size];
        for at in 0..size {
            for place in self.own(at) {
                by[self.tos[place] as usize] = self.costs[place];
            }
            for place in self.own(at) {
                let (middle, cost) = (self.tos[place] as usize, self.costs[place]);
                for onward in self.own(middle) {
                    let whole = cost + by[self.tos[onward] as usize];
                    self.costs[onward] = self.costs[onward].min(whole);
                }
            }
            for place in self.own(at) {
                by[self.tos[place] as usize] = FAR;
            }
        }
    }
}

/// Each corner before its descendants, and these without a gap.
fn places(parents: &[u32]) -> Vec<u32> {
    let mut sizes = vec![1_u32; parents.len()];
    for (at, &parent) in parents.iter().enumerate().filter(|(_, parent)| **parent != NONE) {
        sizes[parent as usize] += sizes[at];
    }
    let (mut places, mut next) = (vec![0; parents.len()], vec![0; parents.len()]);
    let mut top = 0;
    for (at, &parent) in parents.iter().enumerate().rev() {
        let free = if parent == NONE { &mut top } else { &mut next[parent as usize] };
        places[at] = *free;
        *free += sizes[at];
        next[at] = places[at] + 1;
    }
    places
}
