//! Blending against the definition: cycles hold what differs, children are tours.

use proptest::prelude::*;

use super::super::graph::{Graph, Table};
use super::super::tests::{cost_of, is_every_stop_once, matrix};
use super::super::{Effort, Ends, Matrix, candidates, solve};
use super::*;

fn shuffled(nodes: u32, random: &mut Random) -> Vec<u32> {
    let mut order: Vec<u32> = (0..nodes).collect();
    for at in (1..nodes).rev() {
        order.swap(at as usize, random.below(at + 1) as usize);
    }
    order
}

fn links_of(order: &[u32]) -> Vec<Links> {
    let mut links = Vec::new();
    link(order, &mut links);
    links
}

fn edges(tour: &[Links]) -> Vec<(u32, u32)> {
    let ends = (0..).zip(tour).flat_map(|(node, links)| links.map(|mate| (node, mate)));
    let mut edges: Vec<_> = ends.filter(|(a, b)| a < b).collect();
    edges.sort_unstable();
    edges
}

/// The edges of cycles that are the first tour's, or the second's.
fn edges_of_side(cycles: &[Vec<u32>], side: usize) -> Vec<(u32, u32)> {
    let mut edges = Vec::new();
    for cycle in cycles {
        let ends = cycle.iter().zip(cycle.iter().cycle().skip(1));
        let own = ends.skip(side).step_by(2);
        edges.extend(own.map(|(&a, &b)| (a.min(b), a.max(b))));
    }
    edges.sort_unstable();
    edges
}

fn without(edges: &[(u32, u32)], others: &[(u32, u32)]) -> Vec<(u32, u32)> {
    edges.iter().copied().filter(|edge| others.binary_search(edge).is_err()).collect()
}

fn cost(metric: &impl Metric, tour: &[Links]) -> i64 {
    edges(tour).into_iter().map(|(a, b)| metric.between(a, b)).sum()
}

fn changed(tour: &[Links], changes: Changes) -> Vec<Links> {
    let mut tour = tour.to_vec();
    changes.into_iter().for_each(|(node, links)| tour[node as usize] = links);
    tour
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_child_is_a_tour_that_gains_what_it_says(
        stops in 8_u32..60, seed: u64, likeness in 0_usize..8,
    ) {
        let random = &mut Random::new(seed);
        let costs = matrix(stops, true, seed);
        let graph = Graph::new(&costs, Ends::Closed);
        let fixed = graph.fixed();
        let mut table = Table::of(&graph, stops).expect("small costs");
        let near = candidates::from_table(&graph, &mut table, &fixed);
        let one = shuffled(stops, random);
        let mut other = one.clone();
        match likeness {
            0 => other = shuffled(stops, random),
            _ => other[..likeness.min(stops as usize)].reverse(),
        }
        let (one, other) = (links_of(&one), links_of(&other));

        let mut splitter = Splitter::new(stops as usize);
        splitter.split([&one, &other], random);
        let cycles: Vec<Vec<u32>> =
            (0..splitter.cycles.len()).map(|cycle| splitter.cycles.of(cycle).to_vec()).collect();
        prop_assert_eq!(edges_of_side(&cycles, 0), without(&edges(&one), &edges(&other)));
        prop_assert_eq!(edges_of_side(&cycles, 1), without(&edges(&other), &edges(&one)));

        let mut nursery = Nursery::new(&table, &near, &fixed);
        nursery.take_up(&one);
        let least = -(1 << 40);
        for cycle in &cycles {
            let Some((gain, changes)) = nursery.child(cycle, least) else { continue };
            let child = changed(&one, changes);
            prop_assert!(is_every_stop_once(&walk(&child).collect::<Vec<_>>(), stops));
            prop_assert_eq!(cost(&table, &child), cost(&table, &one) - gain);
        }
    }
}

/// Where a cycle of the second tour leaves one tour, the child is cheaper by the difference.
#[test]
fn a_cycle_that_gains_is_taken_over() {
    // Eight stops on a circle; one tour goes over cross and back.
    let place = |stop: u32| -> (f64, f64) {
        let turn = f64::from(stop) / 8.0 * std::f64::consts::TAU;
        (libm::cos(turn) * 1e3, libm::sin(turn) * 1e3)
    };
    let cell = |a: u32, b: u32| {
        let ((x, y), (to_x, to_y)) = (place(a), place(b));
        (x - to_x).hypot(y - to_y).round() as u32
    };
    let cells = (0..8).flat_map(|a| (0..8).map(move |b| cell(a, b))).collect();
    let costs = Matrix::new(8, cells).expect("a cell for each pair");
    let graph = Graph::new(&costs, Ends::Closed);
    let fixed = graph.fixed();
    let mut table = Table::of(&graph, 8).expect("small costs");
    let near = candidates::from_table(&graph, &mut table, &fixed);
    let crossed = links_of(&[0, 1, 2, 5, 4, 3, 6, 7]);
    let round = links_of(&[0, 1, 2, 3, 4, 5, 6, 7]);
    let mut splitter = Splitter::new(8);
    splitter.split([&crossed, &round], &mut Random::new(1));
    assert_eq!(splitter.cycles.len(), 1);
    let mut nursery = Nursery::new(&table, &near, &fixed);
    nursery.take_up(&crossed);
    let (_, changes) = nursery.child(splitter.cycles.of(0), 0).expect("a gain");
    assert_eq!(edges(&changed(&crossed, changes)), edges(&round));
}

/// Clusters far apart: a search from one start alone gets stuck between them.
#[test]
fn tours_past_clusters_agree_whatever_the_seed() {
    let random = &mut Random::new(5);
    let places: Vec<(f64, f64)> = (0..6)
        .flat_map(|_| {
            let (x, y) = (random.unit() * 1e4, random.unit() * 1e4);
            let near: Vec<_> =
                (0..20).map(|_| (x + random.unit() * 5e2, y + random.unit() * 5e2)).collect();
            near
        })
        .collect();
    let cell = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1).round() as u32;
    let cells = places.iter().flat_map(|a| places.iter().map(move |b| cell(a, b))).collect();
    let costs = Matrix::new(120, cells).expect("a cell for each pair");
    let ends = Ends::Open { start: Some(3), end: None };
    let found = |seed| {
        let order = solve(&costs, ends, Effort::Thorough, seed).expect("an order");
        cost_of(&costs, &order, ends)
    };
    let first = found(0);
    assert!((1..6).all(|seed| found(seed) == first));
}
