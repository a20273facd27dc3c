//! The order in which to walk to the stops of a list.
//!
//! [`solve`] orders the stops of any [`Costs`]. It takes open and closed walks, given ends, and
//! a seed: the same stops and the same seed give the same order on every device, because moves
//! are counted, not seconds.
//! A few stops are ordered exactly; more are improved by exchanges of two to four edges
//! among likely neighbours (2-opt, Or-opt and Or-3opt are among them), from many starts, and the
//! orders found are blended.
//!
//! [`replan`] goes on from an order that was made, and changes it as little as it can.
//! [`solve_legibly`] finishes street faces where that costs little. [`choose`] takes the stops
//! that are worth most within a budget.
//!
//! Knows no streets, no doors, no time of day: `walk` brings the costs.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "nodes and positions are u32, so that tables stay small; there are fewer stops"
)]

mod blend;
mod candidates;
mod chosen;
mod climb;
mod costs;
mod ends;
mod exact;
mod faces;
mod graph;
mod prices;
mod random;
mod replan;
mod search;
mod shift;
mod soonest;
mod start;
mod tour;

#[cfg(test)]
mod tests;

pub use costs::{Costs, Matrix};
pub use ends::Ends;
pub use faces::{FACE_SWITCH_M, Faces, LegibleOrder, NO_FACE, face_returns, solve_legibly};
pub(crate) use random::Random;
pub use replan::{Replan, Replanned, WORTH_PER_MILLE, replan};
pub use shift::{Shift, ShiftPlan, choose};

use graph::{Graph, Metric, Table};
use search::Reach;

/// Up to so many nodes all costs are put in a table: 10 MB at most.
const TABLE_NODES: u32 = 1_600;
/// However many stops there are, no more kicks than these: some seconds of work.
const MOST_KICKS: u64 = 400_000;

/// Why stops cannot be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// A given end is no stop.
    #[error("stop {stop} of {stops} as an end of the walk")]
    NoSuchStop {
        /// The end that was asked for.
        stop: u32,
        /// How many stops there are, from 0.
        stops: u32,
    },
    /// A walk over several stops cannot begin and end at one of them and be open.
    #[error("stop {stop} as both ends of an open walk")]
    SameEnds {
        /// The stop that was asked for twice.
        stop: u32,
    },
    /// A stop stands twice in an order, or is added to one that it is in.
    #[error("stop {stop} for the second time")]
    StopTwice {
        /// The stop.
        stop: u32,
    },
    /// What is given for each stop must be given for each.
    #[error("{given} values, costs of stopping or faces for {stops} stops")]
    NotEach {
        /// How many stops there are.
        stops: u32,
        /// How many were given.
        given: u64,
    },
    /// The direct way past its given ends costs more than there is.
    #[error("a budget of {budget}, and {least} for the ends of the walk alone")]
    BudgetTooSmall {
        /// What there is.
        budget: u64,
        /// What is needed at least.
        least: u64,
    },
    /// A table of costs needs a cell for every pair.
    #[error("{cells} costs for {stops} stops")]
    NotSquare {
        /// How many stops there are.
        stops: u32,
        /// How many costs were given.
        cells: u64,
    },
}

/// How long to look for a good order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Good at once: under 10 ms for 120 stops, mostly within 0.2 % of the best order.
    #[default]
    Quick,
    /// Some four times as long, and mostly the best order there is.
    Thorough,
}

impl Effort {
    fn kicks(self, nodes: u32) -> u64 {
        let per_node = match self {
            Self::Quick => 8,
            Self::Thorough => 32,
        };
        (u64::from(nodes) * per_node).min(MOST_KICKS)
    }
}

/// An order of all stops that costs little.
///
/// The answer holds each stop once, in walking order; a closed walk begins at stop 0. Of orders
/// that cost the same it prefers one in which a stop is done when it is first passed.
pub fn solve(
    costs: &impl Costs,
    ends: Ends,
    effort: Effort,
    seed: u64,
) -> Result<Vec<u32>, RouteError> {
    searched(costs, ends, |nodes| effort.kicks(nodes), seed)
}

/// As [`solve`], with so many kicks: for whoever knows how long one takes.
///
/// A kick breaks the order at a few places and mends it; its cost hardly depends on how many
/// stops there are. More kicks give better orders, and another number of them another order.
pub fn solve_counted(
    costs: &impl Costs,
    ends: Ends,
    kicks: u64,
    seed: u64,
) -> Result<Vec<u32>, RouteError> {
    searched(costs, ends, |_| kicks, seed)
}

/// As [`solve_counted`], with a number of kicks for the number of nodes that there are.
fn searched(
    costs: &impl Costs,
    ends: Ends,
    kicks: impl FnOnce(u32) -> u64,
    seed: u64,
) -> Result<Vec<u32>, RouteError> {
    ends.check(costs.len())?;
    let mut order = if costs.len() <= exact::EXACT_STOPS {
        exact::best_order(costs, ends)
    } else {
        found(costs, ends, kicks, seed)
    };
    soonest::do_soonest(costs, ends, &mut order);
    Ok(order)
}

fn found(costs: &impl Costs, ends: Ends, kicks: impl FnOnce(u32) -> u64, seed: u64) -> Vec<u32> {
    let graph = Graph::new(costs, ends);
    let fixed = graph.fixed();
    let kicks = kicks(graph.nodes());
    // In a long tour, where there is no time for many kicks, it pays that each gets further.
    let reach = if graph.nodes() > TABLE_NODES { Reach::Long } else { Reach::Short };
    let table = if graph.nodes() <= TABLE_NODES { Table::of(&graph, graph.nodes()) } else { None };
    let tour = if let Some(mut table) = table {
        let near = candidates::from_table(&graph, &mut table, &fixed);
        improve(&table, &near, &fixed, graph.stop_nodes(), reach, kicks, seed)
    } else {
        let (priced, near) = candidates::from_neighbours(&graph, &fixed);
        improve(&priced, &near, &fixed, graph.stop_nodes(), reach, kicks, seed)
    };
    graph.stops_in_order(&tour)
}

fn improve(
    metric: &impl Metric,
    near: &candidates::Candidates,
    fixed: &[[u32; 2]],
    stops: u32,
    reach: Reach,
    kicks: u64,
    seed: u64,
) -> Vec<u32> {
    let starts = start::Starts::new(near, fixed, stops);
    let mut random = Random::new(seed);
    if let Some(plan) = blend::Plan::of(kicks, fixed.len() as u32) {
        return blend::blend(metric, near, fixed, &starts, plan, reach, &mut random);
    }
    let search = search::Search::new(metric, near, fixed, starts.greedy(metric), reach);
    climb::climb(search, &mut random, kicks)
}
