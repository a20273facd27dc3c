//! Kick, improve, keep or undo: iterated local search.

use super::graph::Metric;
use super::random::Random;
use super::search::{Kick, Search};

/// With fewer nodes a kick has nothing to break.
const FEWEST_NODES: u32 = 8;

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
