//! The order in which nodes are taken out when shortcuts are laid: found once, kept in the pack.
//!
//! A node with few neighbours goes first, and those whose neighbourhood has been taken out
//! often go later, so that lines of ancestors stay short (Geisberger and others, 2008, weigh
//! both). Any order gives right costs; this one makes them cheap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What one neighbour weighs beside one level.
const NEIGHBOUR: u32 = 4;

/// The rank of each node; the lowest is taken out first.
pub(super) fn ranks(nodes: u32, edges: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
    let mut rest = Rest::of(nodes, edges);
    let mut ranks = vec![0; nodes as usize];
    for rank in 0..nodes {
        let Some(node) = rest.first() else { break };
        ranks[node as usize] = rank;
        rest.take_out(node);
    }
    ranks
}

/// What is left of the network, with what was joined in place of what is gone.
struct Rest {
    neighbours: Vec<Vec<u32>>,
    levels: Vec<u32>,
    gone: Vec<bool>,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Rest {
    fn of(nodes: u32, edges: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut neighbours = vec![Vec::new(); nodes as usize];
        for (a, b) in edges.filter(|(a, b)| a != b) {
            join(&mut neighbours[a as usize], b);
            join(&mut neighbours[b as usize], a);
        }
        let size = neighbours.len();
        let (levels, gone, queue) = (vec![0; size], vec![false; size], BinaryHeap::new());
        let mut rest = Self { neighbours, levels, gone, queue };
        (0..nodes).for_each(|node| rest.queue.push(Reverse((rest.weight(node), node))));
        rest
    }

    #[expect(clippy::cast_possible_truncation, reason = "fewer neighbours than nodes")]
    fn weight(&self, node: u32) -> u32 {
        let node = node as usize;
        self.neighbours[node].len() as u32 * NEIGHBOUR + self.levels[node]
    }

    fn first(&mut self) -> Option<u32> {
        while let Some(Reverse((weight, node))) = self.queue.pop() {
            if self.gone[node as usize] {
                continue;
            }
            let now = self.weight(node);
            if now <= weight {
                return Some(node);
            }
            self.queue.push(Reverse((now, node)));
        }
        None
    }

    fn take_out(&mut self, node: u32) {
        self.gone[node as usize] = true;
        let own = std::mem::take(&mut self.neighbours[node as usize]);
        let level = self.levels[node as usize] + 1;
        for &a in &own {
            let of = &mut self.neighbours[a as usize];
            of.retain(|other| *other != node);
            own.iter().filter(|b| **b != a).for_each(|b| join(of, *b));
            self.levels[a as usize] = level.max(self.levels[a as usize]);
            // It may weigh less now than it did: an entry that is too heavy would come late.
            self.queue.push(Reverse((self.weight(a), a)));
        }
    }
}

fn join(of: &mut Vec<u32>, to: u32) {
    if !of.contains(&to) {
        of.push(to);
    }
}
