//! One tour changed along a cycle of edges of another, and made whole again.
//!
//! Taking out a tour's edges of the cycle and putting in the other's leaves every node with
//! two edges, but often several closed tours. The smallest is joined to another at the place
//! where that costs least, until one is left.

use super::super::candidates::Candidates;
use super::super::graph::Metric;
use super::{Links, walk};

/// Nodes with their new links; a node may come twice, with the same.
pub(super) type Changes = Vec<(u32, Links)>;

/// A tour that is changed and put back again, with the work space for it.
pub(super) struct Nursery<'g, M> {
    metric: &'g M,
    candidates: &'g Candidates,
    fixed: &'g [[u32; 2]],
    order: Vec<u32>,
    position: Vec<u32>,
    links: Vec<Links>,
    /// Nodes whose links were changed, with those they had before.
    changed: Vec<(u32, Links)>,
    /// The positions after which the tour is cut, in order.
    cuts: Vec<u32>,
    /// For each piece before a cut, which of the closed tours it is in.
    piece_of: Vec<u32>,
    /// How many nodes each closed tour has; 0 once it is joined to another.
    sizes: Vec<u32>,
}

/// Two edges, one of each of two closed tours, and how they are exchanged.
#[derive(Clone, Copy)]
struct Join {
    cost: i64,
    /// `a` and `a_mate` part, `b` and `b_mate` too; `a` joins `b`, and the mates each other.
    a: u32,
    a_mate: u32,
    b: u32,
    b_mate: u32,
}

impl<'g, M: Metric> Nursery<'g, M> {
    pub(super) fn new(metric: &'g M, candidates: &'g Candidates, fixed: &'g [[u32; 2]]) -> Self {
        Self {
            metric,
            candidates,
            fixed,
            order: vec![0; fixed.len()],
            position: vec![0; fixed.len()],
            links: Vec::new(),
            changed: Vec::new(),
            cuts: Vec::new(),
            piece_of: Vec::new(),
            sizes: Vec::new(),
        }
    }

    /// Takes up the tour to be changed.
    pub(super) fn take_up(&mut self, links: &[Links]) {
        self.links.clear();
        self.links.extend_from_slice(links);
        for (position, (node, slot)) in (0..).zip(walk(links).zip(&mut self.order)) {
            *slot = node;
            self.position[node as usize] = position;
        }
    }

    /// What the tour would gain by the cycle, if that is more than `least`, and what would
    /// change.
    pub(super) fn child(&mut self, cycle: &[u32], least: i64) -> Option<(i64, Changes)> {
        let gain = self.cycle_gain(cycle);
        if gain <= least {
            return None;
        }
        self.exchange(cycle);
        self.find_tours();
        let joined = self.join_tours(gain, least).map(|gain| {
            let now = |&(node, _): &(u32, Links)| (node, self.links[node as usize]);
            (gain, self.changed.iter().map(now).collect())
        });
        while let Some((node, before)) = self.changed.pop() {
            self.links[node as usize] = before;
        }
        joined
    }

    fn cycle_gain(&self, cycle: &[u32]) -> i64 {
        let (mut gain, mut from) = (0, cycle[cycle.len() - 1]);
        for (at, &to) in cycle.iter().enumerate() {
            let cost = self.metric.between(from, to);
            gain += if at % 2 == 1 { cost } else { -cost };
            from = to;
        }
        gain
    }

    fn relink(&mut self, node: u32, from: u32, to: u32) {
        let links = &mut self.links[node as usize];
        self.changed.push((node, *links));
        links[usize::from(links[0] != from)] = to;
    }

    /// Exchanges the cycle's edges, and notes where that cuts the tour.
    fn exchange(&mut self, cycle: &[u32]) {
        self.cuts.clear();
        let mut from = cycle[cycle.len() - 1];
        for pair in cycle.chunks_exact(2) {
            let (one, other) = (self.position[pair[0] as usize], self.position[pair[1] as usize]);
            let (low, high) = (one.min(other), one.max(other));
            self.cuts.push(if high == low + 1 { low } else { high });
        }
        for (at, pair) in cycle.chunks_exact(2).enumerate() {
            let next = cycle.get(2 * at + 2).copied().unwrap_or(cycle[0]);
            self.relink(pair[0], pair[1], from);
            self.relink(pair[1], pair[0], next);
            from = pair[1];
        }
        self.cuts.sort_unstable();
    }

    /// The piece that a node lies in.
    #[inline]
    fn piece(&self, node: u32) -> usize {
        let position = self.position[node as usize];
        let piece = self.cuts.partition_point(|&cut| cut < position);
        if piece == self.cuts.len() { 0 } else { piece }
    }

    /// A piece's first and last position; the first piece may go over the end of the array.
    fn ends(&self, piece: usize) -> (u32, u32) {
        let before = if piece == 0 { self.cuts[self.cuts.len() - 1] } else { self.cuts[piece - 1] };
        let first = if before as usize + 1 == self.order.len() { 0 } else { before + 1 };
        (first, self.cuts[piece])
    }

    fn size(&self, (first, last): (u32, u32)) -> u32 {
        if last >= first { last - first + 1 } else { last + self.order.len() as u32 - first + 1 }
    }

    /// Follows the links from piece to piece, and numbers the closed tours.
    fn find_tours(&mut self) {
        const OPEN: u32 = u32::MAX;
        self.sizes.clear();
        self.piece_of.clear();
        self.piece_of.resize(self.cuts.len(), OPEN);
        for start in 0..self.cuts.len() {
            if self.piece_of[start] != OPEN {
                continue;
            }
            let tour = self.sizes.len() as u32;
            let mut size = 0;
            let (mut piece, mut entered) = (start, self.order[self.ends(start).0 as usize]);
            let mut came_from = None;
            while self.piece_of[piece] == OPEN {
                self.piece_of[piece] = tour;
                let (first, last) = self.ends(piece);
                size += self.size((first, last));
                let (first, last) = (self.order[first as usize], self.order[last as usize]);
                let left = if entered == first { last } else { first };
                let next = self.way_out(left, first == last, came_from);
                (piece, entered, came_from) = (self.piece(next), next, Some(left));
            }
            self.sizes.push(size);
        }
    }

    /// Where the link leads that leaves a piece at its end `left`.
    fn way_out(&self, left: u32, is_alone: bool, came_from: Option<u32>) -> u32 {
        let links = self.links[left as usize];
        if is_alone {
            return links[usize::from(came_from.is_none_or(|from| links[0] == from))];
        }
        // The other link goes on inside the piece, as the tour did.
        let position = self.position[left as usize] as usize;
        let last = self.order.len() - 1;
        let before = self.order[if position == 0 { last } else { position - 1 }];
        let after = self.order[if position == last { 0 } else { position + 1 }];
        let stays = |link: u32| link == before || link == after;
        links[usize::from(stays(links[0]))]
    }

    fn stays(&self, a: u32, b: u32) -> bool {
        self.fixed[a as usize].contains(&b)
    }

    /// Joins the smallest tour to another until one is left; answers the gain that then
    /// remains, if it is more than `least`.
    fn join_tours(&mut self, mut gain: i64, least: i64) -> Option<i64> {
        for _ in 1..self.sizes.len() {
            let alive = (0..).zip(&self.sizes).filter(|(_, size)| **size > 0);
            let (smallest, _) = alive.min_by_key(|(_, size)| **size)?;
            let join = self.best_join(smallest, gain - least)?;
            gain -= join.cost;
            let Join { a, a_mate, b, b_mate, .. } = join;
            let into = self.piece_of[self.piece(b)];
            self.relink(a, a_mate, b);
            self.relink(b, b_mate, a);
            self.relink(a_mate, a, b_mate);
            self.relink(b_mate, b, a_mate);
            self.sizes[into as usize] += self.sizes[smallest as usize];
            self.sizes[smallest as usize] = 0;
            for tour in self.piece_of.iter_mut().filter(|tour| **tour == smallest) {
                *tour = into;
            }
        }
        (gain > least).then_some(gain)
    }

    /// The cheapest way to join a tour to another, if it costs less than `most`.
    fn best_join(&self, tour: u32, most: i64) -> Option<Join> {
        let mut best = Join { cost: most, a: 0, a_mate: 0, b: 0, b_mate: 0 };
        for piece in (0..self.cuts.len()).filter(|&piece| self.piece_of[piece] == tour) {
            let ends = self.ends(piece);
            let (mut at, size) = (ends.0 as usize, self.size(ends));
            for _ in 0..size {
                self.join_at(self.order[at], tour, &mut best);
                at = if at + 1 == self.order.len() { 0 } else { at + 1 };
            }
        }
        (best.cost < most).then_some(best)
    }

    #[inline]
    fn join_at(&self, a: u32, tour: u32, best: &mut Join) {
        let mates = self.links[a as usize].map(|mate| (mate, self.metric.between(a, mate)));
        let longest = mates[0].1.max(mates[1].1);
        for &(b, joined) in self.candidates.of(a) {
            if joined - longest >= best.cost {
                return;
            }
            if self.piece_of[self.piece(b)] == tour {
                continue;
            }
            for b_mate in self.links[b as usize] {
                let parted = joined - self.metric.between(b, b_mate);
                for (a_mate, cost) in mates {
                    let cost = parted - cost + self.metric.between(a_mate, b_mate);
                    if cost < best.cost && !self.stays(a, a_mate) && !self.stays(b, b_mate) {
                        *best = Join { cost, a, a_mate, b, b_mate };
                    }
                }
            }
        }
    }
}
