//! Many good tours blended into a better one.
//!
//! Local search gets stuck where only a change far across the tour would help: between
//! clusters, along parallel streets. Several searches get stuck in different places. Where two
//! of their tours differ, what differs falls into small cycles, and one tour takes over the
//! other's edges along the cycle that gains most: the edge assembly crossover of Nagata and
//! Kobayashi (2013), one cycle at a time. A child costs a tenth of a kick.
//!
//! Edges that stay are in all tours, so no cycle holds one. Makes no edges of its own but to
//! join what falls apart: what no tour of the pool holds is not found here.

mod child;
mod cycles;

#[cfg(test)]
mod tests;

use super::candidates::Candidates;
use super::climb::climb;
use super::graph::Metric;
use super::random::Random;
use super::search::{Reach, Search};
use super::start::Starts;
use child::{Changes, Nursery};
use cycles::{Cycles, Splitter};

/// A node's two neighbours in a tour.
type Links = [u32; 2];

/// What a number of kicks is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    tours: u32,
    kicks_each: u64,
    kicks_after: u64,
}

/// With fewer tours there is nothing to blend.
const FEWEST_TOURS: u64 = 3;
/// A tour of the pool, blending it included, takes as long as one kick for so many nodes.
const NODES_PER_KICK: u64 = 4;
/// In a long tour, where kicks reach further, for so many nodes.
const LEAST_NODES_PER_KICK: u64 = 8;
/// With fewer kicks for every node, they are worth more when the tours are blended.
const FEWEST_PER_NODE: u64 = 4;
/// At most so many tours for every kick per node: three quarters of the time.
const TOURS_PER_KICK: u64 = 3;
/// The children of one pair: found by trial, more make a pool alike too soon.
const CHILDREN: usize = 30;
/// A pool is alike long before.
const MOST_GENERATIONS: u32 = 300;

impl Plan {
    /// `None` if there are too few kicks for a pool.
    pub(super) fn of(kicks: u64, nodes: u32) -> Option<Self> {
        let nodes = u64::from(nodes.max(1));
        // Ten times the root of the kicks per node: found by trial from 100 to 1,000 nodes.
        let tours = (100 * kicks / nodes).isqrt().min(TOURS_PER_KICK * kicks / nodes);
        // Fewer kicks alone would take longer than so few tours do.
        if kicks < FEWEST_TOURS * nodes / LEAST_NODES_PER_KICK {
            return None;
        }
        let tours = tours.max(FEWEST_TOURS);
        let left = kicks.saturating_sub(tours * nodes / NODES_PER_KICK);
        let after = if kicks < FEWEST_PER_NODE * nodes { left } else { 0 };
        let kicks_each = (left - after) / tours;
        Some(Self { tours: tours as u32, kicks_each, kicks_after: after })
    }
}

/// The best tour that comes of the plan; `reach` is that of the kicks after the blending.
pub(super) fn blend<M: Metric>(
    metric: &M,
    near: &Candidates,
    fixed: &[[u32; 2]],
    starts: &Starts<'_>,
    plan: Plan,
    reach: Reach,
    random: &mut Random,
) -> Vec<u32> {
    let mut pool: Vec<Links> = Vec::with_capacity(plan.tours as usize * fixed.len());
    for _ in 0..plan.tours {
        let start = starts.by_chance(metric, random);
        let search = Search::new(metric, near, fixed, start, Reach::Short);
        link(&climb(search, random, plan.kicks_each), &mut pool);
    }
    let mut pool = Pool::new(metric, near, fixed, pool);
    for _ in 0..MOST_GENERATIONS {
        if !pool.breed(random) {
            break;
        }
    }
    let search = Search::new(metric, near, fixed, pool.best(metric), reach);
    climb(search, random, plan.kicks_after)
}

/// Appends a tour's links, by node.
fn link(order: &[u32], pool: &mut Vec<Links>) {
    let from = pool.len();
    pool.resize(from + order.len(), [0; 2]);
    let (before, after) =
        (order.iter().cycle().skip(order.len() - 1), order.iter().cycle().skip(1));
    for ((&node, &before), &after) in order.iter().zip(before).zip(after) {
        pool[from + node as usize] = [before, after];
    }
}

/// The nodes of a tour in its order.
fn walk(tour: &[Links]) -> impl Iterator<Item = u32> {
    let (mut before, mut at) = (tour[0][1], 0);
    (0..tour.len()).map(move |_| {
        let (here, [one, other]) = (at, tour[at as usize]);
        (before, at) = (here, if one == before { other } else { one });
        here
    })
}

/// Tours that take over edges from each other.
struct Pool<'g, M> {
    nodes: usize,
    /// One tour after the other.
    links: Vec<Links>,
    nursery: Nursery<'g, M>,
    splitter: Splitter,
}

impl<'g, M: Metric> Pool<'g, M> {
    fn new(metric: &'g M, near: &'g Candidates, fixed: &'g [[u32; 2]], links: Vec<Links>) -> Self {
        let nursery = Nursery::new(metric, near, fixed);
        Self { nodes: fixed.len(), links, nursery, splitter: Splitter::new(fixed.len()) }
    }

    /// Every tour takes over from another what gains most; answers whether any did.
    fn breed(&mut self, random: &mut Random) -> bool {
        let nodes = self.nodes;
        let tours = self.links.len() / nodes;
        let mut round: Vec<usize> = (0..tours).collect();
        for at in (1..tours).rev() {
            round.swap(at, random.below(at as u32 + 1) as usize);
        }
        let first = self.links[round[0] * nodes..][..nodes].to_vec();
        let mut has_gained = false;
        for (at, &tour) in round.iter().enumerate() {
            let other =
                round.get(at + 1).map_or(&first[..], |&next| &self.links[next * nodes..][..nodes]);
            let own = &self.links[tour * nodes..][..nodes];
            self.splitter.split([own, other], random);
            if self.splitter.cycles.len() == 0 {
                continue;
            }
            self.nursery.take_up(own);
            let changes = best_child(&mut self.nursery, &self.splitter.cycles, random);
            has_gained |= !changes.is_empty();
            for (node, links) in changes {
                self.links[tour * nodes + node as usize] = links;
            }
        }
        has_gained
    }

    /// The order of the tour that costs least.
    fn best(&self, metric: &M) -> Vec<u32> {
        let cost = |tour: &&[Links]| -> i64 {
            let to_both = (0..).zip(tour.iter()).map(|(node, links)| {
                metric.between(node, links[0]) + metric.between(node, links[1])
            });
            to_both.sum()
        };
        let best = self.links.chunks_exact(self.nodes).min_by_key(cost);
        best.map(|tour| walk(tour).collect()).unwrap_or_default()
    }
}

/// The changes that gain most; none if nothing gains.
fn best_child<M: Metric>(
    nursery: &mut Nursery<'_, M>,
    cycles: &Cycles,
    random: &mut Random,
) -> Changes {
    let (mut best, mut most) = (Changes::new(), 0);
    for child in 0..CHILDREN.min(cycles.len()) {
        let is_each_tried = cycles.len() <= CHILDREN;
        let cycle = if is_each_tried { child } else { random.below(cycles.len() as u32) as usize };
        if let Some((gain, changes)) = nursery.child(cycles.of(cycle), most) {
            (best, most) = (changes, gain);
        }
    }
    best
}
