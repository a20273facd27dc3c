//! Kick, improve, keep or undo: iterated local search that cools down.
//!
//! A result that is a little worse is kept at first and less and less often as the budget is
//! spent, so that the search leaves one valley for another and settles in the end.

use super::graph::Metric;
use super::random::Random;
use super::search::Search;

pub const POLL: u32 = 16;

#[derive(Clone, Copy, Debug)]
pub struct Cooling { pub temperature: f64, pub window: u32, pub walks: u32, pub full: f64, pub wide: u32, pub walk: u32 }

pub(super) fn anneal<M: Metric>(
    search: &mut Search<'_, M>,
    random: &mut Random,
    cooling: Cooling,
    mut spent: impl FnMut(u64, i64) -> f64,
) -> Vec<u32> {
    for at in 0..search.tour.len() {
        search.push(search.tour.at(at));
    }
    search.descend(false);
    let mut cost = search.cost();
    let nodes = search.tour.len();
    let mut best = cost;
    let mut best_order = search.tour.order().to_vec();
    let mut saved = true;
    let mut kicks = 0;
    if nodes < 8 { return best_order; }
    loop {
        let share = spent(kicks, best);
        if share >= 1.0 { break; }
        let projected = if share > 0.0 { kicks as f64 / share / f64::from(nodes) } else { 0.0 };
        let heat = (projected / cooling.full).min(1.0);
        let heat = if heat < 0.05 { 0.0 } else { heat };
        let mean = search.mean_edge();
        let warmth = cooling.temperature * heat * (1.0 - share) * mean;
        for _ in 0..POLL {
            kicks += 1;
            let die = random.below(100);
            let walks = die < cooling.walks;
            let window = if die >= 100 - cooling.wide { u32::MAX } else { cooling.window };
            let mut change = search.kick(random, window, walks);
            change -= search.descend(true);
            let accept = change <= 0 || warmth > 0.0 && (change as f64) <= -libm::log(random.unit()) * warmth;
            if !accept {
                search.tour.undo();
                continue;
            }
            if change > 0 && cost == best && !saved {
                search.tour.swap_out(&mut best_order);
                saved = true;
            }
            cost += change;
            search.tour.commit();
            if cost < best {
                best = cost;
                saved = false;
            }
        }
    }
    if !saved { best_order.copy_from_slice(search.tour.order()); }
    best_order
}
