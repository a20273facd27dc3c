//! Kick, improve, keep or undo: iterated local search that cools down.
//!
//! A result that is a little worse is kept at first and less and less often as the budget is
//! spent, so that the search leaves one valley for another and settles in the end.

use super::graph::Metric;
use super::random::Random;
use super::search::{Kick, Search};

/// Kicks between two looks at the budget.
const BATCH: u64 = 16;
/// With fewer nodes a kick has nothing to break.
const FEWEST_NODES: u32 = 8;
/// With fewer kicks for every node nothing worse is ever kept.
const FEWEST_PER_NODE: u64 = 4;
/// How warm it is at first: so many times the mean edge may be lost with a chance of 1 in e.
/// Found by trial on generated and real towns; half and twice as much are worse.
const WARMTH: f64 = 0.3;

/// The tour after `kicks` kicks of which only those that do no harm were kept.
pub(super) fn climb<M: Metric>(
    mut search: Search<'_, M>,
    random: &mut Random,
    kicks: u64,
) -> Vec<u32> {
    search.descend_everywhere();
    if search.tour.len() >= FEWEST_NODES {
        for _ in 0..kicks {
            let kick = Kick::drawn(random, search.tour.len());
            if search.kick(random, kick) <= search.descend() {
                search.tour.commit();
            } else {
                search.tour.undo();
            }
        }
    }
    search.tour.order().to_vec()
}

/// The best tour met on `kicks` kicks.
pub(super) fn anneal<M: Metric>(
    mut search: Search<'_, M>,
    random: &mut Random,
    kicks: u64,
) -> Vec<u32> {
    search.descend_everywhere();
    let nodes = search.tour.len();
    if nodes < FEWEST_NODES {
        return search.tour.order().to_vec();
    }
    let mut best = Best::new(&search);
    // A budget that comes by every node a few times only has no time to climb.
    let heat =
        if kicks < FEWEST_PER_NODE * u64::from(nodes) { 0.0 } else { WARMTH * search.mean_edge() };
    let mut cost = best.cost;
    let mut made = 0;
    while made < kicks {
        let warmth = heat * (1.0 - made as f64 / kicks as f64);
        for _ in 0..BATCH {
            let kick = Kick::drawn(random, nodes);
            let change = search.kick(random, kick) - search.descend();
            let kept = change <= 0
                || warmth > 0.0 && (change as f64) <= -libm::log(random.unit()) * warmth;
            if !kept {
                search.tour.undo();
                continue;
            }
            if change > 0 && cost == best.cost {
                best.save_before_last_change(&search);
            }
            cost += change;
            search.tour.commit();
            best.hear(cost);
        }
        made += BATCH;
    }
    best.order(&search)
}

/// The best tour so far; its order is copied only when the search leaves it.
struct Best {
    cost: i64,
    order: Vec<u32>,
    is_saved: bool,
}

impl Best {
    fn new<M: Metric>(search: &Search<'_, M>) -> Self {
        Self { cost: search.cost(), order: search.tour.order().to_vec(), is_saved: true }
    }

    fn save_before_last_change<M: Metric>(&mut self, search: &Search<'_, M>) {
        if !self.is_saved {
            search.tour.copy_committed(&mut self.order);
            self.is_saved = true;
        }
    }

    fn hear(&mut self, cost: i64) {
        if cost < self.cost {
            self.cost = cost;
            self.is_saved = false;
        }
    }

    fn order<M: Metric>(mut self, search: &Search<'_, M>) -> Vec<u32> {
        if !self.is_saved {
            self.order.copy_from_slice(search.tour.order());
        }
        self.order
    }
}
