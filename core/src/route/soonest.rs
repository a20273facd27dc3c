//! Of orders that cost the same, the one in which a stop is done when it is first passed.
//!
//! Into a dead end and out again, the search does not care on which way a door is done; who
//! walks there does. Takes one stop at a time, and never makes an order dearer.

use super::costs::Costs;
use super::ends::Ends;

/// With more stops it would take longer than it is worth.
const MOST_STOPS: usize = 1_600;
/// A stop with so small a detour is passed: whole numbers of costs are rounded.
const ON_THE_WAY: i64 = 1;

/// Moves stops forwards in an order as far as that costs nothing. Given ends stay, and so does
/// the first stop of a closed walk.
pub(super) fn do_soonest(costs: &impl Costs, ends: Ends, order: &mut [u32]) {
    if order.len() > MOST_STOPS {
        return;
    }
    let (start, end) = ends.given();
    let is_closed = ends == Ends::Closed;
    let first = usize::from(is_closed || start.is_some());
    for at in first + 1..order.len() {
        let (before, stop) = (order[at - 1], order[at]);
        let after = order.get(at + 1).copied().or(is_closed.then_some(order[0]));
        let stays = end == Some(stop) || costs.cost(before, stop) == 0;
        if stays {
            continue;
        }
        let saved = detour(costs, Some(before), stop, after);
        let place = (first..at).find(|&place| {
            let before = place.checked_sub(1).map(|before| order[before]);
            detour(costs, before, stop, Some(order[place])) <= saved.min(ON_THE_WAY)
        });
        if let Some(place) = place {
            order[place..=at].rotate_right(1);
        }
    }
}

/// What a stop costs between two others.
fn detour(costs: &impl Costs, before: Option<u32>, stop: u32, after: Option<u32>) -> i64 {
    let cost = |from: Option<u32>, to: Option<u32>| match (from, to) {
        (Some(from), Some(to)) => i64::from(costs.cost(from, to)),
        _ => 0,
    };
    cost(before, Some(stop)) + cost(Some(stop), after) - cost(before, after)
}
