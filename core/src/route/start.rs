//! Tours that searches begin with: cheapest edges first, then the ends joined.

use super::candidates::Candidates;
use super::graph::{Metric, NONE};
use super::random::Random;

/// Paths that grow together into a tour.
struct Paths {
    /// Each node's neighbours so far.
    links: Vec<[u32; 2]>,
    /// For the end of a path its other end; of no meaning inside.
    far_end: Vec<u32>,
}

/// What tours are begun with: likely edges, cheapest first.
pub(super) struct Starts<'f> {
    fixed: &'f [[u32; 2]],
    edges: Vec<(i64, u32, u32)>,
}

impl<'f> Starts<'f> {
    pub(super) fn new(candidates: &Candidates, fixed: &'f [[u32; 2]], stops: u32) -> Self {
        let mut edges: Vec<(i64, u32, u32)> = (0..stops)
            .flat_map(|a| candidates.of(a).iter().map(move |&(b, cost)| (cost, a.min(b), a.max(b))))
            .filter(|&(.., b)| b < stops)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        Self { fixed, edges }
    }

    /// A tour of all nodes that uses every edge that stays.
    pub(super) fn greedy(&self, metric: &impl Metric) -> Vec<u32> {
        self.joined(&self.edges, metric)
    }

    /// As [`Self::greedy`], with every edge up to twice as dear as it is: tours that have
    /// little in common but what all good tours have.
    pub(super) fn by_chance(&self, metric: &impl Metric, random: &mut Random) -> Vec<u32> {
        const STEPS: u32 = 1 << 10;
        let mut edges = self.edges.clone();
        for (cost, ..) in &mut edges {
            *cost += *cost * i64::from(random.below(STEPS)) / i64::from(STEPS);
        }
        edges.sort_unstable();
        self.joined(&edges, metric)
    }

    fn joined(&self, edges: &[(i64, u32, u32)], metric: &impl Metric) -> Vec<u32> {
        let mut paths = Paths::new(self.fixed);
        for &(_, a, b) in edges {
            paths.join(a, b);
        }
        paths.chain(metric)
    }
}

impl Paths {
    fn new(fixed: &[[u32; 2]]) -> Self {
        let nodes = (0..).take(fixed.len()).collect();
        let mut paths = Self { links: vec![[NONE; 2]; fixed.len()], far_end: nodes };
        for (a, mates) in (0..).zip(fixed) {
            for &b in mates.iter().filter(|&&b| b < a) {
                paths.join(a, b);
            }
        }
        paths
    }

    /// Joins two ends of different paths; does nothing for other nodes.
    fn join(&mut self, a: u32, b: u32) {
        let inner = |node: u32| self.links[node as usize][1] != NONE;
        let (a_end, b_end) = (self.far_end[a as usize], self.far_end[b as usize]);
        if inner(a) || inner(b) || a_end == b {
            return;
        }
        for (from, to) in [(a, b), (b, a)] {
            let links = &mut self.links[from as usize];
            links[usize::from(links[0] != NONE)] = to;
        }
        self.far_end[a_end as usize] = b_end;
        self.far_end[b_end as usize] = a_end;
    }

    /// Walks the paths one after the other, each time going on to the nearest end.
    fn chain(&self, metric: &impl Metric) -> Vec<u32> {
        let mut ends: Vec<u32> = (0..)
            .zip(&self.links)
            .filter(|(_, links)| links[1] == NONE)
            .map(|(node, _)| node)
            .collect();
        let mut order = Vec::with_capacity(self.links.len());
        // Without ends the edges that stay have closed the tour already.
        let mut from = ends.last().copied().unwrap_or(0);
        loop {
            let to = self.walk(from, &mut order);
            ends.retain(|&end| end != from && end != to);
            let nearest = ends.iter().copied().min_by_key(|&end| metric.between(to, end));
            match nearest {
                Some(end) => from = end,
                None => return order,
            }
        }
    }

    /// Appends the path that begins at `from`; answers its last node.
    fn walk(&self, from: u32, order: &mut Vec<u32>) -> u32 {
        let (mut before, mut at) = (NONE, from);
        loop {
            order.push(at);
            let [one, other] = self.links[at as usize];
            let next = if one == before { other } else { one };
            if next == NONE || next == from {
                return at;
            }
            (before, at) = (at, next);
        }
    }
}
