//! A new order from an old one: stops are gone, others are added, the walker is elsewhere.
//!
//! What the walker expects stays, unless a better order is worth the surprise. Knows nothing
//! of why a stop is gone.

use super::chosen::{Chosen, Marks};
use super::costs::Costs;
use super::ends::Ends;
use super::graph::{Graph, Table};
use super::random::Random;
use super::{RouteError, candidates, climb, exact, search};

/// How much cheaper, in thousandths, an order must be before stops that nothing has happened
/// to change places.
///
/// Three in a hundred is two minutes of an hour's walk: an assumption, to be set by the app.
pub const WORTH_PER_MILLE: u32 = 30;

/// An order that was made, and what has happened since.
#[derive(Clone, Copy, Debug)]
pub struct Replan<'a> {
    /// The stops in the order that was made.
    pub before: &'a [u32],
    /// Stops that are done or skipped. Those that are not in the order do not matter.
    pub gone: &'a [u32],
    /// Stops to be walked to as well. One that is gone too is put in afresh.
    pub added: &'a [u32],
    /// Where the walk begins and ends now. Where the walker stands is a stop of the costs like
    /// any other; an end that is not in the order joins it.
    pub ends: Ends,
    /// How much cheaper, in thousandths, an order must be before other stops change places;
    /// usually [`WORTH_PER_MILLE`].
    pub worth_per_mille: u32,
}

/// A new order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replanned {
    /// The stops in walking order, ends included.
    pub order: Vec<u32>,
    /// What the walk costs.
    pub cost: u64,
    /// What the walk would cost in the old order, without the stops that are gone and with the
    /// others put in where they cost least. Never below [`Self::cost`].
    pub kept_cost: u64,
    /// Whether stops that nothing has happened to changed places.
    pub is_new: bool,
}

/// Kicks of the search for a better order: what a millisecond holds for 120 stops.
pub(super) const KICKS: u64 = 32;
/// Up to so many stops the best order is computed.
const EXACT_STOPS: u32 = 8;
/// With more stops the search would look at too many pairs: the old order is kept.
const MOST_STOPS: usize = 800;

/// Makes a new order from an old one.
///
/// It is never worse than the old order without what is gone and with what is added put in
/// where it costs least. Other stops keep their places among each other, unless an order is
/// found that is cheaper by `worth_per_mille`. The same question gets the same answer.
pub fn replan(costs: &impl Costs, asked: &Replan) -> Result<Replanned, RouteError> {
    asked.ends.check(costs.len())?;
    let kept = Kept::of(costs, asked)?;
    let kept_cost = cost_of(costs, &kept.order, asked.ends);
    let found = better_order(costs, &kept.order, asked.ends, KICKS);
    let cost = cost_of(costs, &found, asked.ends);
    let saved = u128::from(kept_cost.saturating_sub(cost)) * 1_000;
    let worth = u128::from(kept_cost) * u128::from(asked.worth_per_mille);
    if cost < kept_cost && saved >= worth {
        let is_new = !kept.holds_in(&found);
        return Ok(Replanned { order: found, cost, kept_cost, is_new });
    }
    Ok(Replanned { order: kept.order, cost: kept_cost, kept_cost, is_new: false })
}

/// What a walk costs.
pub(super) fn cost_of(costs: &impl Costs, order: &[u32], ends: Ends) -> u64 {
    let legs: u64 = order.windows(2).map(|leg| u64::from(costs.cost(leg[0], leg[1]))).sum();
    match (ends, order) {
        (Ends::Closed, [first, .., last]) => legs + u64::from(costs.cost(*last, *first)),
        _ => legs,
    }
}

/// The old order as far as it can be kept.
struct Kept {
    order: Vec<u32>,
    /// The stops that nothing has happened to, in their old order.
    untouched: Vec<u32>,
}

impl Kept {
    fn of(costs: &impl Costs, asked: &Replan) -> Result<Self, RouteError> {
        let stops = costs.len();
        let mut gone = Marks::none(stops);
        for &stop in asked.gone {
            match gone.mark(stop) {
                Ok(()) | Err(RouteError::StopTwice { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut held = Marks::none(stops);
        let mut order = Vec::with_capacity(asked.before.len() + asked.added.len() + 2);
        for &stop in asked.before {
            held.mark(stop)?;
            if !gone.has(stop) {
                order.push(stop);
            }
        }
        let mut joined = Marks::none(stops);
        order.iter().try_for_each(|&stop| joined.mark(stop))?;
        asked.added.iter().try_for_each(|&stop| joined.mark(stop))?;
        let (start, end) = asked.ends.given();
        let is_end = |stop: u32| Some(stop) == start || Some(stop) == end;
        order.retain(|&stop| !is_end(stop));
        let untouched = order.clone();
        if let Some(start) = start {
            order.insert(0, start);
        }
        if end != start {
            order.extend(end);
        }
        let mut kept = Self { order, untouched };
        let added: Vec<u32> = asked.added.iter().copied().filter(|&stop| !is_end(stop)).collect();
        kept.put_in(costs, asked.ends, &added);
        Ok(kept)
    }

    /// Puts stops in where they cost least, each once, and once more when all are in.
    fn put_in(&mut self, costs: &impl Costs, ends: Ends, added: &[u32]) {
        for &stop in added {
            let (at, _) = cheapest_place(costs, ends, &self.order, stop);
            self.order.insert(at, stop);
        }
        for &stop in added.iter().filter(|_| added.len() > 1) {
            let before = cost_of(costs, &self.order, ends);
            let Some(was) = self.order.iter().position(|&held| held == stop) else { continue };
            self.order.remove(was);
            let (at, _) = cheapest_place(costs, ends, &self.order, stop);
            self.order.insert(at, stop);
            if cost_of(costs, &self.order, ends) > before {
                self.order.remove(at);
                self.order.insert(was, stop);
            }
        }
    }

    /// Whether the untouched stops stand in their old order.
    fn holds_in(&self, order: &[u32]) -> bool {
        let mut left = self.untouched.iter().peekable();
        order.iter().for_each(|stop| {
            left.next_if_eq(&stop);
        });
        left.next().is_none()
    }
}

/// A good order of the same stops, found by starting from this one; never a dearer one.
pub(super) fn better_order(costs: &impl Costs, order: &[u32], ends: Ends, kicks: u64) -> Vec<u32> {
    if !(3..=MOST_STOPS).contains(&order.len()) {
        return order.to_vec();
    }
    let chosen = Chosen::new(costs, order);
    let last = order.len() as u32 - 1;
    let (start, end) = ends.given();
    let ends = match ends {
        Ends::Closed => Ends::Closed,
        Ends::Open { .. } => Ends::Open { start: start.map(|_| 0), end: end.map(|_| last) },
    };
    let better = if chosen.len() <= EXACT_STOPS {
        exact::best_order(&chosen, ends)
    } else {
        searched(&chosen, ends, kicks).unwrap_or_else(|| (0..=last).collect())
    };
    better.into_iter().map(|stop| order[stop as usize]).collect()
}

/// Improves the order 0, 1, 2 and so on; `None` if the costs are too large for a table.
fn searched(costs: &impl Costs, ends: Ends, kicks: u64) -> Option<Vec<u32>> {
    let graph = Graph::new(costs, ends);
    let fixed = graph.fixed();
    let table = Table::of(&graph, graph.nodes())?;
    let near = candidates::nearest_alone(&graph, &table, &fixed);
    let search =
        search::Search::new(&table, &near, &fixed, graph.tour_as_numbered(), search::Reach::Short);
    let tour = climb::climb(search, &mut Random::new(0), kicks);
    Some(graph.stops_in_order(&tour))
}

/// Where in an order another stop costs least, and how much.
fn cheapest_place(costs: &impl Costs, ends: Ends, order: &[u32], stop: u32) -> (usize, i64) {
    let (start, end) = ends.given();
    let cost = |from: Option<&u32>, to: Option<&u32>| match (from, to) {
        (Some(&from), Some(&to)) => i64::from(costs.cost(from, to)),
        _ => 0,
    };
    let is_closed = ends == Ends::Closed;
    let from = usize::from(start.is_some());
    let to = order.len() - usize::from(end.is_some() && end != start);
    let places = (from..=to).map(|at| {
        let before = match at.checked_sub(1) {
            Some(before) => order.get(before),
            None => order.last().filter(|_| is_closed),
        };
        let after = order.get(at).or_else(|| order.first().filter(|_| is_closed));
        let detour = cost(before, Some(&stop)) + cost(Some(&stop), after) - cost(before, after);
        (at, detour)
    });
    places.min_by_key(|&(_, detour)| detour).unwrap_or((from, 0))
}
