//! Visiting order (under construction).
pub mod anneal;
pub mod candidates;
mod costs;
mod ends;
mod exact;
mod graph;
mod prices;
mod random;
mod search;
mod start;
mod tour;

pub use costs::{Costs, Matrix};
pub use ends::Ends;

/// Why
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// x
    #[error("no such stop")]
    NoSuchStop { stop: u32, stops: u32 },
    /// x
    #[error("same ends")]
    SameEnds { stop: u32 },
    /// x
    #[error("not square")]
    NotSquare { stops: u32, cells: u64 },
}

pub struct Out { pub order: Vec<u32>, pub kicks: u64, pub bound: i64 }

pub fn solve(costs: &impl Costs, ends: Ends, seed: u64, tuning: candidates::Tuning, cooling: anneal::Cooling, breadth: [usize; 3], mut spent: impl FnMut(u64, i64) -> f64) -> Out {
    if costs.len() <= exact::EXACT_STOPS { return Out { order: exact::best_order(costs, ends), kicks: 0, bound: 0 }; }
    let graph = graph::Graph::new(costs, ends);
    let fixed = graph.fixed();
    let mut random = random::Random::new(seed);
    let mut kicks = 0;
    let order;
    if graph.nodes() <= 1600 {
        let (mut table, scale) = graph::Table::of(&graph, graph.nodes()).unwrap();
        let (cand, shift) = candidates::from_table(&graph, &mut table, &fixed, tuning);
        let start = start::greedy(&cand, &fixed, graph.stop_nodes(), &table);
        let mut search = search::Search::new(&table, &cand, &fixed, start);
        search.breadth = breadth; search.walk = cooling.walk; search.mean = (search.cost() - shift) as f64 / f64::from(graph.nodes());
        order = anneal::anneal(&mut search, &mut random, cooling, |k, c| { kicks = k; spent(k, (c - shift) / scale) });
    } else {
        let lists: Vec<Vec<u32>> = (0..graph.nodes()).map(|i| costs.neighbours(i, tuning.wide).unwrap()).collect();
        let (metric, cand) = candidates::from_neighbours(&graph, lists, &fixed, tuning);
        let shift = 2 * metric.prices.iter().sum::<i64>(); let scale = metric.scale;
        let start = start::greedy(&cand, &fixed, graph.stop_nodes(), &metric);
        let mut search = search::Search::new(&metric, &cand, &fixed, start);
        search.breadth = breadth; search.walk = cooling.walk; search.mean = (search.cost() - shift) as f64 / f64::from(graph.nodes());
        order = anneal::anneal(&mut search, &mut random, cooling, |k, c| { kicks = k; spent(k, (c - shift) / scale) });
    }
    Out { order: graph.stops_in_order(&order), kicks, bound: 0 }
}
