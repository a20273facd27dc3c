//! Prices that push a shortest spanning tree towards a tour.
//!
//! A tour is a tree with one more edge in which every node has two. The ascent of Held and
//! Karp (1971) raises the price of a node where the tree branches and lowers it where the
//! tree ends, which leaves the cheapest tour what it is; the step shrinks as Volgenant and
//! Jonker (1982) do. What remains is a tree that shares most edges with good tours.

use super::graph::{Metric, NONE};
use crate::sets::Sets;

/// One price per stop node.
pub(super) struct Prices {
    pub(super) nodes: Vec<i64>,
}

/// Rounds of the ascent: with more the candidates hardly change any more.
const ROUNDS: u32 = 40;

/// A spanning tree: nodes from the root outwards, each with its parent and edge.
pub(super) struct Tree {
    outwards: Vec<(u32, u32, i64)>,
    /// For each node its parent and its edge to it.
    parent: Vec<(u32, i64)>,
}

struct Edge {
    a: u32,
    b: u32,
    cost: i64,
}

/// The work space of the ascent.
struct Ascent<'f> {
    edges: Vec<Edge>,
    fixed: &'f [[u32; 2]],
    stops: u32,
    keys: Vec<i64>,
    sets: Sets,
    degree: Vec<i32>,
    spare: Vec<u32>,
    taken: Vec<u32>,
    prices: Vec<i64>,
}

impl Prices {
    /// Prices for the graph of the given lists, and the tree they end with.
    pub(super) fn ascend(
        metric: &impl Metric,
        stops: u32,
        lists: &[Vec<u32>],
        fixed: &[[u32; 2]],
    ) -> (Self, Tree) {
        let mut ascent = Ascent::new(metric, stops, lists, fixed);
        let mut best = Self { nodes: ascent.prices.clone() };
        let mut best_bound = i64::MIN;
        let mut last: Vec<i32> = Vec::new();
        let mut first_step = 0.0;
        for round in 0..ROUNDS {
            let bound = ascent.build();
            if round == 0 {
                first_step = bound.max(0) as f64 / f64::from(stops);
                last.clone_from(&ascent.degree);
            }
            if bound > best_bound {
                best_bound = bound;
                best.nodes.copy_from_slice(&ascent.prices);
            }
            let left = 1.0 - f64::from(round) / f64::from(ROUNDS);
            ascent.raise(first_step * left * left, &last);
            last.copy_from_slice(&ascent.degree);
        }
        ascent.prices.copy_from_slice(&best.nodes);
        ascent.build();
        let tree = ascent.tree();
        (best, tree)
    }

    /// The prices of the stops' nodes and of the depot's, which are free.
    pub(super) fn of_all_nodes(&self, nodes: u32) -> Vec<i64> {
        let mut all = self.nodes.clone();
        all.resize(nodes as usize, 0);
        all
    }
}

impl<'f> Ascent<'f> {
    fn new(metric: &impl Metric, stops: u32, lists: &[Vec<u32>], fixed: &'f [[u32; 2]]) -> Self {
        let mut pairs: Vec<(u32, u32)> = (0..stops)
            .flat_map(|a| lists[a as usize].iter().map(move |&b| (a.min(b), a.max(b))))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let edges: Vec<Edge> =
            pairs.into_iter().map(|(a, b)| Edge { a, b, cost: metric.between(a, b) }).collect();
        Self {
            keys: Vec::with_capacity(edges.len()),
            edges,
            fixed,
            stops,
            sets: Sets::of(stops as usize),
            degree: vec![0; stops as usize],
            spare: vec![NONE; stops as usize],
            taken: Vec::new(),
            prices: vec![0; stops as usize],
        }
    }

    /// Builds the shortest tree at the present prices, with the edges that make every node's
    /// degree even on average; its cost less all prices bounds the cheapest tour from below.
    fn build(&mut self) -> i64 {
        // An edge's number stands in the lowest bits of its key.
        let bits = self.edges.len().checked_ilog2().map_or(0, |bits| bits + 1);
        self.keys.clear();
        let prices = &self.prices;
        self.keys.extend((0..).zip(&self.edges).map(|(at, e): (i64, &Edge)| {
            (e.cost + prices[e.a as usize] + prices[e.b as usize]) << bits | at
        }));
        self.keys.sort_unstable();
        self.sets.part();
        self.degree.fill(-2);
        self.spare.fill(NONE);
        self.taken.clear();
        let mut total = 0;
        for node in 0..self.stops {
            for &mate in &self.fixed[node as usize] {
                if mate != NONE {
                    self.degree[node as usize] += 1;
                }
                if mate < node {
                    self.sets.join(node, mate);
                }
            }
        }
        for &key in &self.keys {
            let (cost, at) = (key >> bits, (key & ((1 << bits) - 1)) as u32);
            let Edge { a, b, .. } = self.edges[at as usize];
            if self.sets.join(a, b) {
                total += cost;
                self.degree[a as usize] += 1;
                self.degree[b as usize] += 1;
                self.taken.push(at);
            } else {
                for end in [a, b] {
                    let spare = &mut self.spare[end as usize];
                    if *spare == NONE {
                        *spare = at;
                    }
                }
            }
        }
        total += self.close();
        total - 2 * self.prices.iter().sum::<i64>()
    }

    /// Turns the tree into a one-tree, or joins the depot to it.
    fn close(&mut self) -> i64 {
        let depots = self.fixed.len() as u32 - self.stops;
        if depots > 0 {
            return (self.stops..self.stops + depots)
                .map(|depot| self.join_depot(depot, depots))
                .sum();
        }
        let priced = |at: u32| {
            let Edge { a, b, cost } = self.edges[at as usize];
            cost + self.prices[a as usize] + self.prices[b as usize]
        };
        let extra = (0..self.stops)
            .filter(|&node| self.degree[node as usize] == -1)
            .map(|node| self.spare[node as usize])
            .filter(|&at| at != NONE)
            .max_by_key(|&at| priced(at));
        let Some(at) = extra else { return 0 };
        let cost = priced(at);
        let Edge { a, b, .. } = self.edges[at as usize];
        self.degree[a as usize] += 1;
        self.degree[b as usize] += 1;
        cost
    }

    /// Gives a depot node the edges it lacks: to the stops with the lowest prices.
    fn join_depot(&mut self, depot: u32, depots: u32) -> i64 {
        let mates = self.fixed[depot as usize];
        let lacking = mates.iter().filter(|&&mate| mate == NONE).count();
        let mut cost: i64 = 0;
        let mut joined = mates;
        for slot in (0..2).skip(2 - lacking) {
            let fits =
                |&node: &u32| (depots == 1 || (node ^ depot) & 1 == 1) && !joined.contains(&node);
            let cheapest = (0..self.stops).filter(fits).min_by_key(|&n| self.prices[n as usize]);
            if let Some(node) = cheapest {
                cost += self.prices[node as usize];
                self.degree[node as usize] += 1;
                joined[slot] = node;
            }
        }
        // Edges that stay cost the price of the stop, as every edge to the depot does.
        cost + mates
            .iter()
            .filter(|&&m| m < self.stops)
            .map(|&m| self.prices[m as usize])
            .sum::<i64>()
    }

    fn raise(&mut self, step: f64, last: &[i32]) {
        for ((price, &degree), &last) in self.prices.iter_mut().zip(&self.degree).zip(last) {
            *price += (step * (0.7 * f64::from(degree) + 0.3 * f64::from(last))) as i64;
        }
    }

    /// The tree last built.
    fn tree(&self) -> Tree {
        let stops = self.stops as usize;
        let mut around: Vec<Vec<(u32, i64)>> = vec![Vec::new(); stops];
        for &at in &self.taken {
            let Edge { a, b, cost } = self.edges[at as usize];
            let cost = cost + self.prices[a as usize] + self.prices[b as usize];
            around[a as usize].push((b, cost));
            around[b as usize].push((a, cost));
        }
        for node in 0..self.stops {
            for &mate in &self.fixed[node as usize] {
                if mate < self.stops {
                    around[node as usize].push((mate, i64::MIN));
                }
            }
        }
        let mut tree = Tree { outwards: Vec::with_capacity(stops), parent: vec![(NONE, 0); stops] };
        let mut reached = vec![false; stops];
        for root in 0..self.stops {
            if reached[root as usize] {
                continue;
            }
            reached[root as usize] = true;
            let mut open = vec![root];
            while let Some(node) = open.pop() {
                for &(next, cost) in &around[node as usize] {
                    if !reached[next as usize] {
                        reached[next as usize] = true;
                        tree.parent[next as usize] = (node, cost);
                        tree.outwards.push((next, node, cost));
                        open.push(next);
                    }
                }
            }
        }
        tree
    }
}

impl Tree {
    /// The longest edge on the way through the tree from `node` to each node.
    pub(super) fn longest_edges(&self, node: u32) -> Vec<i64> {
        let mut longest = vec![i64::MAX; self.parent.len()];
        longest[node as usize] = i64::MIN;
        let (mut at, mut so_far) = (node, i64::MIN);
        loop {
            let (parent, cost) = self.parent[at as usize];
            if parent == NONE {
                break;
            }
            so_far = so_far.max(cost);
            longest[parent as usize] = so_far;
            at = parent;
        }
        for &(next, parent, cost) in &self.outwards {
            if longest[next as usize] == i64::MAX {
                let before = longest[parent as usize];
                if before != i64::MAX {
                    longest[next as usize] = before.max(cost);
                }
            }
        }
        longest
    }
}
