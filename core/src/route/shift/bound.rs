//! How much a shift could be worth at most.
//!
//! Every stop of a closed walk has one leg in and one leg out, so half of its two cheapest
//! legs, from and to different stops, is a share of the walk that it costs at least; what
//! fits into the budget at these shares, the last stop in part, bounds the value from above.
//! Prices on legs out and in move the shares between stops without changing what any walk
//! costs; rounds of a subgradient method (Held, Wolfe and Crowder 1974) look for prices that
//! make the bound low. Every bound on the way is valid.

use super::super::costs::Costs;
use super::field::{Field, NO_WAY};

/// At most so many rounds, and at most so many legs looked at, but one round always.
const ROUNDS: u32 = 150;
const MOST_LEGS: u64 = 20_000_000;

/// The cheapest leg and the next one, with where they lead.
#[derive(Clone, Copy)]
struct Two {
    first: (f64, u32),
    second: (f64, u32),
}

impl Two {
    const NONE: Self = Self { first: (f64::INFINITY, 0), second: (f64::INFINITY, 0) };

    #[inline]
    fn hear(&mut self, cost: f64, node: u32) {
        if cost < self.first.0 {
            self.second = self.first;
            self.first = (cost, node);
        } else if cost < self.second.0 {
            self.second = (cost, node);
        }
    }
}

/// The prices, and what they make of every node.
struct Shares<'f, 'c, C> {
    field: &'f Field<'c, C>,
    forced: Vec<bool>,
    price_out: Vec<f64>,
    price_in: Vec<f64>,
    /// What each node costs at least.
    share: Vec<f64>,
    /// The two legs behind each share: where the one out leads, where the one in comes from.
    legs: Vec<(u32, u32)>,
    /// How far each node is part of the best choice at these shares.
    part: Vec<f64>,
}

/// No choice within the budget is worth more than this.
pub(super) fn upper<C: Costs>(field: &Field<'_, C>, budget: u64) -> u64 {
    let nodes = u64::from(field.nodes);
    let rounds = (MOST_LEGS / (nodes * nodes).max(1)).clamp(1, ROUNDS.into()) as u32;
    let mut shares = Shares::new(field);
    let mut least = f64::INFINITY;
    let mut step = 0.0;
    for round in 0..rounds {
        shares.measure();
        if round == 0 {
            step = shares.mean_share();
        }
        least = least.min(shares.fill(budget as f64));
        let left = 1.0 - f64::from(round) / f64::from(rounds);
        shares.raise(step * left * left);
    }
    // A little more for what rounding may have taken away.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
    let bound = (least * (1.0 + 1e-9) + 1e-6) as u64;
    bound.max(alone(field, budget))
}

/// The most that a walk past a single stop is worth: both its legs lead to the depot, which
/// the shares do not allow for.
fn alone<C: Costs>(field: &Field<'_, C>, budget: u64) -> u64 {
    let depot = field.depot;
    let fits = |&node: &u32| {
        let legs = field.leg(depot, node) + field.leg(node, depot);
        let cost = legs + field.service(node) + field.service(depot);
        u64::try_from(cost).is_ok_and(|cost| cost <= budget)
    };
    let others = (0..field.nodes).filter(|&node| node != depot);
    let best = others.filter(fits).map(|node| field.value(node)).max().unwrap_or(0);
    best + field.value(depot)
}

impl<'f, 'c, C: Costs> Shares<'f, 'c, C> {
    fn new(field: &'f Field<'c, C>) -> Self {
        let nodes = field.nodes as usize;
        Self {
            field,
            forced: field.is_forced(),
            price_out: vec![0.0; nodes],
            price_in: vec![0.0; nodes],
            share: vec![0.0; nodes],
            legs: vec![(0, 0); nodes],
            part: vec![0.0; nodes],
        }
    }

    /// Works out every node's share.
    fn measure(&mut self) {
        let nodes = self.field.nodes;
        let mut out = vec![Two::NONE; nodes as usize];
        let mut inward = vec![Two::NONE; nodes as usize];
        for from in 0..nodes {
            for to in (0..nodes).filter(|&to| to != from) {
                let leg = self.field.leg(from, to);
                if leg < NO_WAY {
                    let priced =
                        leg as f64 + self.price_out[from as usize] + self.price_in[to as usize];
                    out[from as usize].hear(priced, to);
                    inward[to as usize].hear(priced, from);
                }
            }
        }
        for node in 0..nodes as usize {
            let (cost, to, from) = cheapest_pair(out[node], inward[node]);
            let own = self.price_out[node] + self.price_in[node];
            self.share[node] = self.field.service(node as u32) as f64 + cost / 2.0 - own;
            self.legs[node] = (to, from);
        }
    }

    fn mean_share(&self) -> f64 {
        let finite = self.share.iter().filter(|share| share.is_finite());
        let (sum, count) =
            finite.fold((0.0, 0.0), |(sum, count), share| (sum + share, count + 1.0));
        sum / f64::max(count, 1.0) / 2.0
    }

    /// Fills the budget with what is worth most for its share; answers what that is worth.
    fn fill(&mut self, budget: f64) -> f64 {
        let (mut left, mut value) = (budget, 0.0);
        let mut order: Vec<u32> = Vec::new();
        for node in 0..self.field.nodes {
            let (at, share) = (node as usize, self.share[node as usize]);
            let is_in = self.forced[at] || share <= 0.0;
            self.part[at] = f64::from(u8::from(is_in));
            if is_in {
                // A node that cannot be reached bounds nothing.
                left -= if share.is_finite() { share } else { 0.0 };
                value += self.field.value(node) as f64;
            } else if share.is_finite() && self.field.value(node) > 0 {
                order.push(node);
            }
        }
        let worth = |node: u32| self.field.value(node) as f64 / self.share[node as usize];
        order.sort_by(|&a, &b| worth(b).total_cmp(&worth(a)).then(a.cmp(&b)));
        for node in order {
            let share = self.share[node as usize];
            let part = (left / share).clamp(0.0, 1.0);
            if part <= 0.0 {
                break;
            }
            self.part[node as usize] = part;
            value += self.field.value(node) as f64 * part;
            left -= share * part;
        }
        value
    }

    /// Moves prices so that what is chosen costs more.
    fn raise(&mut self, step: f64) {
        let mut out: Vec<f64> = self.part.iter().map(|part| -part / 2.0).collect();
        let mut inward = out.clone();
        for (&part, &(to, from)) in self.part.iter().zip(&self.legs) {
            inward[to as usize] += part / 2.0;
            out[from as usize] += part / 2.0;
        }
        self.price_out.iter_mut().zip(out).for_each(|(price, slope)| *price += step * slope);
        self.price_in.iter_mut().zip(inward).for_each(|(price, slope)| *price += step * slope);
    }
}

/// The cheapest leg out and leg in that lead to different nodes, where there are such.
fn cheapest_pair(out: Two, inward: Two) -> (f64, u32, u32) {
    let pair = |a: (f64, u32), b: (f64, u32)| (a.0 + b.0, a.1, b.1);
    let first = pair(out.first, inward.first);
    if out.first.1 != inward.first.1 {
        return first;
    }
    let (a, b) = (pair(out.first, inward.second), pair(out.second, inward.first));
    let apart = if a.0 <= b.0 { a } else { b };
    if apart.0.is_finite() { apart } else { first }
}
