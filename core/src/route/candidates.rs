//! Which nodes a good tour is likely to join: for each node a short list, best first.
//!
//! With all costs in a table the lists hold the nearest nodes and those whose edge would make
//! a shortest spanning tree little longer (the alpha-nearness of Helsgaun 2000), which also
//! finds the few long edges between clusters. Without a table the caller's geometry names the
//! neighbours.

use super::costs::Costs;
use super::graph::{Graph, Metric, NONE, Priced, Table};
use super::prices::{Prices, Tree};

/// Candidates of every node with the cost to each, cheapest first.
pub(super) struct Candidates {
    starts: Vec<u32>,
    list: Vec<(u32, i64)>,
}

impl Candidates {
    fn of_lists(lists: &mut [Vec<u32>], metric: &impl Metric) -> Self {
        let mut made = Self { starts: vec![0], list: Vec::new() };
        for (node, near) in (0..).zip(lists) {
            near.sort_unstable();
            near.dedup();
            let mut costs: Vec<(u32, i64)> =
                near.iter().map(|&other| (other, metric.between(node, other))).collect();
            costs.sort_by_key(|&(_, cost)| cost);
            made.list.extend(costs);
            made.starts.push(made.list.len() as u32);
        }
        made
    }

    #[inline]
    pub(super) fn of(&self, node: u32) -> &[(u32, i64)] {
        let (start, end) = (self.starts[node as usize], self.starts[node as usize + 1]);
        &self.list[start as usize..end as usize]
    }
}

/// Candidates by cost alone, from which the tree is built: with fewer it falls apart more often,
/// and along parallel streets the tree names too few.
const NEAREST: usize = 8;
/// Candidates by nearness to the tree.
const CLOSEST_TO_TREE: usize = 5;
/// Candidates that are asked for where there is no table.
const NAMED: u32 = 10;
/// How much finer than costs prices are where there is no table.
const SCALE: i64 = 8;

/// Lists from a table, which is charged with the prices found on the way.
pub(super) fn from_table<C: Costs>(
    graph: &Graph<C>,
    table: &mut Table,
    fixed: &[[u32; 2]],
) -> Candidates {
    let stops = graph.stop_nodes();
    let mut near: Vec<Vec<u32>> =
        (0..stops).map(|node| nearest(graph, table, node, NEAREST)).collect();
    let mut base = near.clone();
    for (a, b) in spanning_tree(table, stops, fixed) {
        base[a as usize].push(b);
        base[b as usize].push(a);
    }
    let (prices, tree) = Prices::ascend(table, stops, &base, fixed);
    table.charge(&prices.of_all_nodes(graph.nodes()));
    for (node, near) in (0..).zip(&mut near) {
        near.extend(closest_to_tree(graph, table, &tree, node, CLOSEST_TO_TREE));
    }
    join_depot(graph, fixed, &prices, &mut near);
    Candidates::of_lists(&mut near, table)
}

/// Lists of the nearest nodes, for a search that starts from a good tour: they take a tenth of
/// the time that [`from_table`] does. The depot, if an end is free, is next to all.
pub(super) fn nearest_alone<C: Costs>(
    graph: &Graph<C>,
    table: &Table,
    fixed: &[[u32; 2]],
) -> Candidates {
    let stops = graph.stop_nodes();
    let mut near: Vec<Vec<u32>> =
        (0..stops).map(|node| nearest(graph, table, node, NEAREST)).collect();
    for depot in stops..graph.nodes() {
        let is_free = fixed[depot as usize].contains(&NONE);
        let ends = (0..stops).filter(|&stop| is_free && graph.may_join(depot, stop));
        let ends: Vec<u32> = ends.collect();
        ends.iter().for_each(|&end| near[end as usize].push(depot));
        near.push(ends);
    }
    Candidates::of_lists(&mut near, table)
}

/// Lists from the neighbours that the costs name, and the costs with the prices found.
pub(super) fn from_neighbours<'g, C: Costs>(
    graph: &'g Graph<'g, C>,
    fixed: &[[u32; 2]],
) -> (Priced<'g, Graph<'g, C>>, Candidates) {
    let stops = graph.stop_nodes();
    let mut near: Vec<Vec<u32>> = (0..stops).map(|node| graph.neighbours(node, NAMED)).collect();
    let free = vec![0; graph.nodes() as usize];
    let scaled = Priced { metric: graph, scale: SCALE, prices: free };
    let (prices, _) = Prices::ascend(&scaled, stops, &near, fixed);
    join_depot(graph, fixed, &prices, &mut near);
    let priced = Priced { metric: graph, scale: SCALE, prices: prices.of_all_nodes(graph.nodes()) };
    let candidates = Candidates::of_lists(&mut near, &priced);
    (priced, candidates)
}

/// The `count` nodes of the least cost.
fn nearest<C: Costs>(graph: &Graph<C>, table: &Table, node: u32, count: usize) -> Vec<u32> {
    let mut best: Vec<(i32, u32)> = Vec::with_capacity(count + 1);
    for (other, &cost) in (0..graph.stop_nodes()).zip(table.row(node)) {
        let full = best.len() == count;
        if full && best.last().is_some_and(|worst| worst.0 <= cost) || !graph.may_join(node, other)
        {
            continue;
        }
        let at = best.partition_point(|kept| kept.0 <= cost);
        best.insert(at, (cost, other));
        best.truncate(count);
    }
    best.into_iter().map(|(_, other)| other).collect()
}

/// A shortest spanning tree of the stops' nodes (Prim), edges that stay included.
fn spanning_tree(table: &Table, stops: u32, fixed: &[[u32; 2]]) -> Vec<(u32, u32)> {
    let mut reach: Vec<(i32, u32)> = vec![(i32::MAX, NONE); stops as usize];
    let mut open: Vec<u32> = (1..stops).collect();
    let mut edges = Vec::new();
    let mut from = 0;
    while !open.is_empty() {
        let row = table.row(from);
        let (mut best, mut best_cost) = (0, i32::MAX);
        for (at, &node) in open.iter().enumerate() {
            let reach = &mut reach[node as usize];
            let stays = fixed[from as usize].contains(&node);
            let cost = if stays { i32::MIN } else { row[node as usize] };
            if cost < reach.0 {
                *reach = (cost, from);
            }
            if reach.0 < best_cost {
                (best, best_cost) = (at, reach.0);
            }
        }
        from = open.swap_remove(best);
        let (cost, to) = reach[from as usize];
        if cost != i32::MIN {
            edges.push((to, from));
        }
    }
    edges
}

/// The `count` nodes whose edge to `node` exceeds the longest on the way through the tree
/// by least.
fn closest_to_tree<C: Costs>(
    graph: &Graph<C>,
    table: &Table,
    tree: &Tree,
    node: u32,
    count: usize,
) -> Vec<u32> {
    let longest = tree.longest_edges(node);
    let mut best: Vec<(i64, i32, u32)> = Vec::with_capacity(count + 1);
    for (other, (&cost, &longest)) in (0..).zip(table.row(node).iter().zip(&longest)) {
        if !graph.may_join(node, other) {
            continue;
        }
        let key = (i64::from(cost) - longest, cost, other);
        if best.len() == count && best.last().is_some_and(|worst| *worst <= key) {
            continue;
        }
        let at = best.partition_point(|kept| *kept <= key);
        best.insert(at, key);
        best.truncate(count);
    }
    best.into_iter().map(|(.., other)| other).collect()
}

/// Puts the depot next to the stops that are cheapest to end at, if an end is free.
fn join_depot<C: Costs>(
    graph: &Graph<C>,
    fixed: &[[u32; 2]],
    prices: &Prices,
    near: &mut Vec<Vec<u32>>,
) {
    const ENDS: usize = 10;
    for depot in graph.stop_nodes()..graph.nodes() {
        near.push(Vec::new());
        if !fixed[depot as usize].contains(&NONE) {
            continue;
        }
        let mut ends: Vec<u32> =
            (0..graph.stop_nodes()).filter(|&stop| graph.may_join(depot, stop)).collect();
        ends.sort_by_key(|&stop| prices.nodes[stop as usize]);
        ends.truncate(ENDS);
        for &end in &ends {
            near[end as usize].push(depot);
        }
        near[depot as usize] = ends;
    }
}
