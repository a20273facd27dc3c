//! Shortcuts that make many costs cheap, under one set of costs.
//!
//! Corners are taken out in the pack's order, and what remains is joined so that costs stay
//! the same. The neighbours that a corner still had then lie on one line of ancestors, and the
//! cost between two places is the least, over the ancestors that they share, of the costs up
//! from both (customizable contraction: Dibbelt, Strasser and Wagner, 2016). Costs are the
//! same both ways. Does not tell which way leads there: `path` does.

use super::network::{Hold, Network};

/// More than any cost; two of them can be added.
pub(super) const FAR: i32 = (1 << 30) - 1;

const NONE: u32 = u32::MAX;

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
    /// Lays the shortcuts of a network whose nodes are taken out by these ranks.
    pub(super) fn of(network: &Network, ranks: &[u32]) -> Self {
        let numbers = numbered(network, ranks);
        let (starts, mut tos, arcs) = filled(network, &numbers);
        let size = numbers.len();
        let own = |at: usize| starts[at] as usize..starts[at + 1] as usize;
        let mut costs = vec![FAR; tos.len()];
        for (from, to, cost) in arcs {
            let place = own(from as usize).find(|place| tos[*place] == to);
            if let Some(known) = place.map(|place| &mut costs[place]) {
                *known = cost.min(*known);
            }
        }
        lower(&starts, &tos, &mut costs);
        let (mut parents, mut depths) = (vec![NONE; size], vec![0; size]);
        for at in (0..size).rev() {
            if let Some(&parent) = tos[own(at)].first() {
                (parents[at], depths[at]) = (parent, depths[parent as usize] + 1);
            }
        }
        tos.iter_mut().for_each(|to| *to = depths[*to as usize]);
        let ups = tos.into_iter().zip(costs).map(|(depth, cost)| Up { depth, cost }).collect();
        let places = places(&parents);
        Self { numbers, parents, depths, places, starts, ups }
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

/// The least cost by way of the first `shared` ancestors.
#[inline]
pub(super) fn least(one: &Label, other: &Label, shared: usize) -> i32 {
    let pairs = one.costs[..shared].iter().zip(&other.costs[..shared]);
    // Both are at most FAR, so that nothing wraps; said so, the loop runs several at a time.
    pairs.fold(FAR, |least, (a, b)| least.min(a.wrapping_add(*b)))
}

fn capped(cost: u32) -> i32 {
    i32::try_from(cost).map_or(FAR, |cost| cost.min(FAR))
}

/// The number of each corner: by the rank of its node.
fn numbered(network: &Network, ranks: &[u32]) -> Vec<u32> {
    let mut corners: Vec<u32> = (0..).take(network.size()).collect();
    corners.sort_by_key(|corner| (ranks[network.nodes[*corner as usize] as usize], *corner));
    let mut numbers = vec![0; corners.len()];
    for (number, corner) in (0..).zip(corners) {
        numbers[corner as usize] = number;
    }
    numbers
}

type Arcs = Vec<(u32, u32, i32)>;

/// Which later corners each is joined with when it is taken out, ascending; and the steps of
/// the network from earlier to later corners.
#[expect(clippy::cast_possible_truncation, reason = "a town's shortcuts are a few to a corner")]
fn filled(network: &Network, numbers: &[u32]) -> (Vec<u32>, Vec<u32>, Arcs) {
    let size = numbers.len();
    let mut arcs: Arcs = Vec::with_capacity(size * 2);
    for (corner, &from) in (0..).zip(numbers) {
        let later = network.arcs(corner).iter().map(|arc| (numbers[arc.to as usize], arc.cost));
        arcs.extend(later.filter(|(to, _)| *to > from).map(|(to, cost)| (from, to, capped(cost))));
    }
    arcs.sort_unstable();
    let (mut starts, mut tos): (_, Vec<u32>) = (vec![0_u32], Vec::with_capacity(size * 4));
    // Corners whose first ancestor is this one, as a chain.
    let (mut child, mut sibling) = (vec![NONE; size], vec![NONE; size]);
    let mut seen = vec![NONE; size];
    let mut direct = arcs.iter().peekable();
    for at in 0..size as u32 {
        let start = tos.len();
        while let Some((_, to, _)) = direct.next_if(|arc| arc.0 == at) {
            if seen[*to as usize] != at {
                seen[*to as usize] = at;
                tos.push(*to);
            }
        }
        let mut below = child[at as usize];
        while below != NONE {
            let own = starts[below as usize] as usize + 1..starts[below as usize + 1] as usize;
            for place in own {
                let to = tos[place];
                if seen[to as usize] != at {
                    seen[to as usize] = at;
                    tos.push(to);
                }
            }
            below = sibling[below as usize];
        }
        tos[start..].sort_unstable();
        if let Some(&parent) = tos.get(start) {
            sibling[at as usize] = child[parent as usize];
            child[parent as usize] = at;
        }
        starts.push(tos.len() as u32);
    }
    (starts, tos, arcs)
}

/// Lowers each cost to that by way of any corner that was taken out before.
fn lower(starts: &[u32], tos: &[u32], costs: &mut [i32]) {
    let size = starts.len() - 1;
    let own = |at: usize| starts[at] as usize..starts[at + 1] as usize;
    let mut by = vec![FAR; size];
    for at in 0..size {
        for place in own(at) {
            by[tos[place] as usize] = costs[place];
        }
        for place in own(at) {
            let (middle, cost) = (tos[place] as usize, costs[place]);
            for onward in own(middle) {
                let whole = cost + by[tos[onward] as usize];
                costs[onward] = costs[onward].min(whole);
            }
        }
        for place in own(at) {
            by[tos[place] as usize] = FAR;
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
