//! Where two tours differ: closed walks that take an edge of the one and an edge of the other
//! by turns.

use super::super::graph::NONE;
use super::super::random::Random;
use super::Links;

/// Closed walks of alternating edges, each given by its nodes; its first edge, and every other
/// one after it, is of the first tour, and none is of both.
pub(super) struct Cycles {
    nodes: Vec<u32>,
    starts: Vec<u32>,
}

impl Cycles {
    pub(super) const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn of(&self, cycle: usize) -> &[u32] {
        &self.nodes[self.starts[cycle] as usize..self.starts[cycle + 1] as usize]
    }

    /// Takes in the end of a path, which begins with an edge of tour `side`.
    fn take(&mut self, path: &[u32], side: usize) {
        self.nodes.extend_from_slice(&path[side..]);
        self.nodes.extend_from_slice(&path[..side]);
        self.starts.push(self.nodes.len() as u32);
    }
}

/// The edges at a node that are in one tour only and in no cycle yet, by tour.
#[derive(Clone, Copy)]
struct Rest {
    mates: [[u32; 2]; 2],
    left: [u8; 2],
    /// Where the path left the node by an edge of either tour.
    left_at: [u32; 2],
}

/// Finds the cycles of two tours. Kept from one pair to the next for its memory.
pub(super) struct Splitter {
    rest: Vec<Rest>,
    /// Nodes that may have edges left.
    open: Vec<u32>,
    path: Vec<u32>,
    pub(super) cycles: Cycles,
}

impl Splitter {
    pub(super) fn new(nodes: usize) -> Self {
        let none = Rest { mates: [[NONE; 2]; 2], left: [0; 2], left_at: [NONE; 2] };
        Self {
            rest: vec![none; nodes],
            open: Vec::new(),
            path: Vec::new(),
            cycles: Cycles { nodes: Vec::new(), starts: vec![0] },
        }
    }

    /// Splits what differs into cycles; by chance where there are several ways to.
    pub(super) fn split(&mut self, tours: [&[Links]; 2], random: &mut Random) {
        self.cycles.nodes.clear();
        self.cycles.starts.truncate(1);
        self.compare(tours);
        while !self.open.is_empty() {
            let slot = random.below(self.open.len() as u32) as usize;
            let node = self.open[slot];
            if self.rest[node as usize].left[0] == 0 {
                self.open.swap_remove(slot);
                continue;
            }
            self.path.push(node);
            while self.has_way_on() {
                self.step(random);
            }
            self.path.clear();
        }
    }

    fn compare(&mut self, [one, other]: [&[Links]; 2]) {
        let rests = self.rest.iter_mut().zip(one.iter().zip(other));
        for (node, (rest, (&one, &other))) in (0..).zip(rests) {
            rest.left = [0; 2];
            for (side, (own, others)) in [(one, other), (other, one)].into_iter().enumerate() {
                for mate in own.into_iter().filter(|mate| !others.contains(mate)) {
                    rest.mates[side][usize::from(rest.left[side])] = mate;
                    rest.left[side] += 1;
                }
            }
            if rest.left[0] > 0 {
                self.open.push(node);
            }
        }
    }

    fn has_way_on(&self) -> bool {
        let side = (self.path.len() + 1) % 2;
        self.path.last().is_some_and(|&node| self.rest[node as usize].left[side] > 0)
    }

    /// Goes one edge on; takes in the cycle if that closes one.
    fn step(&mut self, random: &mut Random) {
        let at = self.path.len() - 1;
        let (node, side) = (self.path[at], at % 2);
        let rest = &mut self.rest[node as usize];
        rest.left_at[side] = at as u32;
        let slot = if rest.left[side] == 2 { random.below(2) as usize } else { 0 };
        let next = rest.mates[side][slot];
        self.remove(node, next, side);
        self.remove(next, node, side);
        let from = self.rest[next as usize].left_at[1 - side];
        if from == NONE {
            self.path.push(next);
            return;
        }
        let from = from as usize;
        self.cycles.take(&self.path[from..], from % 2);
        for (at, &node) in self.path.iter().enumerate().skip(from) {
            self.rest[node as usize].left_at[at % 2] = NONE;
        }
        self.path.truncate(from + 1);
    }

    fn remove(&mut self, node: u32, mate: u32, side: usize) {
        let rest = &mut self.rest[node as usize];
        let mates = &mut rest.mates[side];
        if mates[0] == mate {
            mates[0] = mates[1];
        }
        rest.left[side] -= 1;
    }
}
