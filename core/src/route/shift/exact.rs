//! The best choice of a few stops, by the table of all sets of them.

use super::super::costs::Costs;
use super::super::ends::Ends;
use super::super::exact::{Table, UNREACHED};
use super::Shift;

/// Up to this many stops the best choice is computed.
pub(super) const EXACT_STOPS: u32 = 10;

/// The choice that is worth most, and of those the one that costs least. The given ends alone
/// must fit.
pub(super) fn best(costs: &impl Costs, shift: &Shift) -> Vec<u32> {
    let stops = costs.len() as usize;
    let (start, end) = shift.ends.given();
    let is_closed = shift.ends == Ends::Closed;
    let begin = if is_closed { Some(0) } else { start };
    let table = Table::fill(costs, stops, begin.map(|begin| begin as usize));
    let held = |set: usize, stop: Option<u32>| stop.is_none_or(|stop| set & 1 << stop != 0);
    let mut best = (0, u64::MAX, 0, 0);
    for set in 1_usize..1 << stops {
        let of = |of: &[u32]| -> u64 {
            (0..stops).filter(|stop| set & 1 << stop != 0).map(|stop| u64::from(of[stop])).sum()
        };
        let (value, service) = (of(shift.values), of(shift.service));
        for last in (0..stops).filter(|last| set & 1 << last != 0 && held(set, begin)) {
            let home = if is_closed { u64::from(costs.cost(last as u32, 0)) } else { 0 };
            let home = if last == 0 { 0 } else { home };
            let walk = table.cost(set, last);
            let cost = walk.saturating_add(home + service);
            let is_end = walk < UNREACHED && end.is_none_or(|end| end as usize == last);
            let is_better = value > best.0 || value == best.0 && cost < best.1;
            if is_end && cost <= shift.budget && is_better {
                best = (value, cost, set, last);
            }
        }
    }
    if best.2 == 0 { Vec::new() } else { table.read_back(best.2, best.3) }
}
