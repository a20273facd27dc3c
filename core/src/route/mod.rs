//! The order in which to walk to the stops of a list.
//!
//! [`solve`] orders the stops of any [`Costs`]. It takes open and closed walks, given ends, and
//! a seed: the same stops and the same seed give the same order on every device, because moves
//! are counted, not seconds.
//! A few stops are ordered exactly; more are improved by exchanges of two to four edges
//! among likely neighbours (2-opt, Or-opt and Or-3opt are among them), kicked and cooled.
//!
//! [`replan`] goes on from an order that was made, and changes it as little as it can.
//! [`solve_legibly`] finishes street faces where that costs little. [`choose`] takes the stops
//! that are worth most within a budget.
//!
//! Knows no streets, no doors, no time of day: `walk` brings the costs.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "nodes and positions are u32, so that tables stay small; there are fewer stops"
)]

mod anneal;
mod candidates;
mod chosen;
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
/// From so many kicks per stop on exchanges reach further. Found by trial: below, the time is
/// better spent on more kicks.
const LONG_KICKS_PER_STOP: u64 = 16;
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
    /// Some five times as long, and mostly the best order there is.
    Thorough,
}

impl Effort {
    fn kicks(self, stops: u32) -> u64 {
        let per_stop = match self {
            Self::Quick => 8,
            Self::Thorough => 16,
        };
        (u64::from(stops) * per_stop).min(MOST_KICKS)
    }
}

/// An order of all stops that costs little.
///
/// The answer holds each stop once, in walking order; a closed walk begins at stop 0.
pub fn solve(
    costs: &impl Costs,
    ends: Ends,
    effort: Effort,
    seed: u64,
) -> Result<Vec<u32>, RouteError> {
    solve_counted(costs, ends, effort.kicks(costs.len()), seed)
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
    ends.check(costs.len())?;
    if costs.len() <= exact::EXACT_STOPS {
        return Ok(exact::best_order(costs, ends));
    }
    let graph = Graph::new(costs, ends);
    let fixed = graph.fixed();
    // With many kicks to come it pays that each one gets further; in a long tour, where there
    // is no time for many, that the first descent does.
    let stops = costs.len();
    let is_long = stops > TABLE_NODES || kicks >= LONG_KICKS_PER_STOP * u64::from(stops);
    let reach = if is_long { Reach::Long } else { Reach::Short };
    let table = if graph.nodes() <= TABLE_NODES { Table::of(&graph, graph.nodes()) } else { None };
    let tour = if let Some(mut table) = table {
        let near = candidates::from_table(&graph, &mut table, &fixed);
        improve(&table, &near, &fixed, graph.stop_nodes(), reach, kicks, seed)
    } else {
        let (priced, near) = candidates::from_neighbours(&graph, &fixed);
        improve(&priced, &near, &fixed, graph.stop_nodes(), reach, kicks, seed)
    };
    Ok(graph.stops_in_order(&tour))
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
    let start = start::greedy(near, fixed, stops, metric);
    let search = search::Search::new(metric, near, fixed, start, reach);
    anneal::anneal(search, &mut Random::new(seed), kicks)
}
