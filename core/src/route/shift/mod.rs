//! The stops that are worth most within a budget: what a shift has time for.
//!
//! The orienteering problem (Golden, Levy and Vohra 1987): stops are put in by worth for cost,
//! some are taken out again, and what remains is put in anew, over and over, counted. A few
//! stops are chosen exactly. An upper bound says how much more there could be at most.
//!
//! Knows no minutes and no chances: the caller brings values, costs of stopping and a budget.

mod bound;
mod exact;
mod field;
mod tour;

use super::costs::Costs;
use super::ends::Ends;
use super::random::Random;
use super::replan::{KICKS, better_order, cost_of};
use super::{Effort, RouteError, solve};
use field::Field;
use tour::{Tour, Work};

/// What a shift is chosen from.
#[derive(Clone, Copy, Debug)]
pub struct Shift<'a> {
    /// What each stop is worth, in any unit: a door's value times the chance of an answer. A
    /// stop that is worth nothing is walked to only as an end.
    pub values: &'a [u32],
    /// What stopping there costs, in the unit of the costs.
    pub service: &'a [u32],
    /// What walking and stopping may cost together.
    pub budget: u64,
    /// Where the walk begins and ends. Given ends belong to it; a closed walk begins and ends
    /// at stop 0, which belongs to it too.
    pub ends: Ends,
}

/// The stops of a shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftPlan {
    /// The chosen stops in walking order, ends included.
    pub order: Vec<u32>,
    /// What they are worth together.
    pub value: u64,
    /// What walking and stopping cost; never above the budget.
    pub cost: u64,
    /// No choice within the budget is worth more than this.
    pub bound: u64,
    /// What the best beginning of the order of all stops is worth. Never above `value`.
    pub plain_value: u64,
}

/// How many places for a stop are looked at, before the search ends.
const fn places(effort: Effort) -> u64 {
    match effort {
        Effort::Quick => 3_000_000,
        Effort::Thorough => 30_000_000,
    }
}

/// Chooses the stops that are worth most within a budget, and orders them.
///
/// The direct way from a given start to a given end must fit. Never worse than walking the plain order of all stops ([`solve`] with the same effort and
/// seed) until the budget is spent. The same question gets the same answer.
pub fn choose(
    costs: &impl Costs,
    shift: &Shift,
    effort: Effort,
    seed: u64,
) -> Result<ShiftPlan, RouteError> {
    let field = Field::new(costs, shift)?;
    let least = field.least();
    if least > shift.budget {
        return Err(RouteError::BudgetTooSmall { budget: shift.budget, least });
    }
    if costs.is_empty() {
        return Ok(ShiftPlan { order: Vec::new(), value: 0, cost: 0, bound: 0, plain_value: 0 });
    }
    let plain = solve(costs, shift.ends, effort, seed)?;
    let prefix = best_prefix(costs, shift, &plain);
    let plain_value = field.value_of(&prefix);
    if costs.len() <= exact::EXACT_STOPS {
        let order = exact::best(costs, shift);
        return Ok(planned(costs, shift, order, None, plain_value));
    }
    let order = searched(&field, shift, &prefix, places(effort), seed);
    let bound = bound::upper(&field, shift.budget);
    Ok(planned(costs, shift, order, Some(bound), plain_value))
}

fn planned(
    costs: &impl Costs,
    shift: &Shift,
    order: Vec<u32>,
    bound: Option<u64>,
    plain_value: u64,
) -> ShiftPlan {
    let value = sum(shift.values, &order);
    let cost = cost_of(costs, &order, shift.ends) + sum(shift.service, &order);
    let bound = bound.unwrap_or(value).max(value);
    ShiftPlan { order, value, cost, bound, plain_value }
}

fn sum(of: &[u32], stops: &[u32]) -> u64 {
    stops.iter().map(|stop| u64::from(of[*stop as usize])).sum()
}

/// The beginning of an order that is worth most within the budget, with the given end.
fn best_prefix(costs: &impl Costs, shift: &Shift, plain: &[u32]) -> Vec<u32> {
    let (start, end) = shift.ends.given();
    let body = &plain[..plain.len() - usize::from(end.is_some() && plain.len() > 1)];
    let forced = usize::from(start.is_some() || shift.ends == Ends::Closed);
    let (mut best, mut best_value) = (None, 0);
    let (mut legs, mut service, mut value) = (0_u64, 0_u64, 0_u64);
    for (at, &stop) in body.iter().enumerate() {
        if let Some(before) = at.checked_sub(1) {
            legs += u64::from(costs.cost(body[before], stop));
        }
        service += u64::from(shift.service[stop as usize]);
        value += u64::from(shift.values[stop as usize]);
        let last = end.filter(|&end| end != stop);
        let to = if shift.ends == Ends::Closed { Some(body[0]).filter(|_| at > 0) } else { last };
        let home = to.map_or(0, |to| u64::from(costs.cost(stop, to)));
        let there = last.map_or(0, |end| u64::from(shift.service[end as usize]));
        let fits = legs + home + service + there <= shift.budget;
        if fits && (best.is_none() || value > best_value) {
            (best, best_value) = (Some(at + 1), value);
        }
    }
    let mut prefix = body[..best.unwrap_or(forced)].to_vec();
    prefix.extend(end.filter(|end| prefix.last() != Some(end)));
    prefix
}

/// The share of its value, in thousandths, that a trial may lose at first and still be gone on
/// from. Found by trial: with none the search gets stuck, with more it forgets.
const LOSS_PER_MILLE: u64 = 30;
/// So many trials in a row without a new best, and the search goes on from the best again.
const PATIENCE: u32 = 200;

/// A good choice, found from a prefix and from nothing.
fn searched<C: Costs>(
    field: &Field<'_, C>,
    shift: &Shift,
    prefix: &[u32],
    places: u64,
    seed: u64,
) -> Vec<u32> {
    let mut random = Random::new(seed);
    let mut work = Work::new(field, shift.budget);
    let mut best = polished(field, shift, &mut work, Tour::of(field, prefix));
    let mut fresh = Tour::of(field, &field.forced());
    work.fill(&mut fresh, None);
    let fresh = polished(field, shift, &mut work, fresh);
    if fresh.is_better_than(&best) {
        best = fresh;
    }
    let (mut now, mut idle) = (best.clone(), 0);
    while work.looked_at < places {
        let left = places - work.looked_at;
        let mut trial = now.clone();
        work.take_out_some(&mut trial, &mut random);
        work.fill(&mut trial, Some(&mut random));
        let loss = u128::from(now.value) * u128::from(LOSS_PER_MILLE) * u128::from(left)
            / u128::from(places)
            / 1_000;
        idle += 1;
        // Without a stop in between a leg may be dearer.
        if trial.cost > work.budget {
            continue;
        }
        if trial.is_better_than(&best) {
            best = polished(field, shift, &mut work, trial);
            (now, idle) = (best.clone(), 0);
        } else if idle > PATIENCE {
            (now, idle) = (best.clone(), 0);
        } else if trial.is_better_than(&now)
            || u128::from(trial.value) + loss >= u128::from(now.value)
        {
            now = trial;
        }
    }
    best.stops(field)
}

/// Orders what is chosen better and fills what that leaves, until nothing comes of it.
fn polished<C: Costs>(
    field: &Field<'_, C>,
    shift: &Shift,
    work: &mut Work<'_, '_, C>,
    mut tour: Tour,
) -> Tour {
    work.fill(&mut tour, None);
    loop {
        let order = better_order(field.costs, &tour.stops(field), shift.ends, KICKS);
        let mut better = Tour::of(field, &order);
        work.fill(&mut better, None);
        if better.cost > work.budget || !better.is_better_than(&tour) {
            return tour;
        }
        tour = better;
    }
}

/// What the search finds, and the bound, also for few stops.
#[cfg(test)]
pub(super) fn searched_and_bound(
    costs: &impl Costs,
    shift: &Shift,
) -> Result<(u64, u64), RouteError> {
    let field = Field::new(costs, shift)?;
    let order = searched(&field, shift, &field.forced(), 200_000, 0);
    Ok((field.value_of(&order), bound::upper(&field, shift.budget)))
}
