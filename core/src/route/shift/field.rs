//! Any shift as a closed walk from a depot and back.
//!
//! An open walk gets a depot of its own that costs nothing to leave and to reach, except that
//! a given start is the only way out and a given end the only way in.

use super::super::RouteError;
use super::super::costs::Costs;
use super::super::ends::Ends;
use super::Shift;

/// The cost of a leg that no walk may use.
pub(super) const NO_WAY: i64 = 1 << 44;

/// Nodes: the stops, and the depot where it is not one of them.
pub(super) struct Field<'c, C> {
    pub(super) costs: &'c C,
    values: &'c [u32],
    service: &'c [u32],
    start: Option<u32>,
    end: Option<u32>,
    /// Where every walk begins and ends.
    pub(super) depot: u32,
    pub(super) nodes: u32,
    stops: u32,
}

impl<'c, C: Costs> Field<'c, C> {
    pub(super) fn new(costs: &'c C, shift: &Shift<'c>) -> Result<Self, RouteError> {
        let stops = costs.len();
        shift.ends.check(stops)?;
        for given in [shift.values.len(), shift.service.len()] {
            if given != stops as usize {
                return Err(RouteError::NotEach { stops, given: given as u64 });
            }
        }
        let is_closed = shift.ends == Ends::Closed;
        let (start, end) = shift.ends.given();
        let (depot, nodes) = if is_closed { (0, stops) } else { (stops, stops + 1) };
        let (values, service) = (shift.values, shift.service);
        Ok(Self { costs, values, service, start, end, depot, nodes, stops })
    }

    #[inline]
    pub(super) fn leg(&self, from: u32, to: u32) -> i64 {
        if from < self.stops && to < self.stops {
            // Nothing comes before a given start, and nothing after a given end.
            let is_open = Some(to) != self.start && Some(from) != self.end;
            return if is_open { i64::from(self.costs.cost(from, to)) } else { NO_WAY };
        }
        let is_way_out = from == self.depot && self.start.is_none_or(|start| start == to);
        let is_way_in = to == self.depot && self.end.is_none_or(|end| end == from);
        if from != to && (is_way_out || is_way_in) { 0 } else { NO_WAY }
    }

    #[inline]
    pub(super) fn value(&self, node: u32) -> u64 {
        self.values.get(node as usize).copied().unwrap_or(0).into()
    }

    #[inline]
    pub(super) fn service(&self, node: u32) -> i64 {
        self.service.get(node as usize).copied().unwrap_or(0).into()
    }

    /// The stops that every walk holds, in order.
    pub(super) fn forced(&self) -> Vec<u32> {
        let depot = Some(self.depot).filter(|&depot| depot < self.stops);
        let end = self.end.filter(|_| self.end != self.start);
        [depot, self.start, end].into_iter().flatten().collect()
    }

    /// For each node whether every walk holds it.
    pub(super) fn is_forced(&self) -> Vec<bool> {
        let mut forced = vec![false; self.nodes as usize];
        let depot = Some(self.depot).filter(|_| self.nodes > 0);
        for node in self.forced().into_iter().chain(depot) {
            forced[node as usize] = true;
        }
        forced
    }

    /// What the walk past given ends alone costs.
    pub(super) fn least(&self) -> u64 {
        let forced = self.forced();
        let legs: u64 =
            forced.windows(2).map(|leg| u64::from(self.costs.cost(leg[0], leg[1]))).sum();
        legs + forced.iter().map(|&stop| u64::from(self.service[stop as usize])).sum::<u64>()
    }

    pub(super) fn value_of(&self, stops: &[u32]) -> u64 {
        stops.iter().map(|&stop| self.value(stop)).sum()
    }
}
