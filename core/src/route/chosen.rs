//! Some of the stops, as if there were no others.

use super::RouteError;
use super::costs::Costs;

/// The costs between some stops, which are numbered anew in the order given.
pub(super) struct Chosen<'c, C> {
    costs: &'c C,
    stops: &'c [u32],
}

impl<'c, C: Costs> Chosen<'c, C> {
    /// The stops must exist.
    pub(super) fn new(costs: &'c C, stops: &'c [u32]) -> Self {
        Self { costs, stops }
    }
}

impl<C: Costs> Costs for Chosen<'_, C> {
    fn len(&self) -> u32 {
        self.stops.len() as u32
    }

    #[inline]
    fn cost(&self, from: u32, to: u32) -> u32 {
        self.costs.cost(self.stops[from as usize], self.stops[to as usize])
    }
}

/// Stops that are marked once each; refuses those that do not exist or come twice.
pub(super) struct Marks(Vec<bool>);

impl Marks {
    pub(super) fn none(stops: u32) -> Self {
        Self(vec![false; stops as usize])
    }

    pub(super) fn mark(&mut self, stop: u32) -> Result<(), RouteError> {
        let stops = self.0.len() as u32;
        let mark = self.0.get_mut(stop as usize).ok_or(RouteError::NoSuchStop { stop, stops })?;
        if std::mem::replace(mark, true) { Err(RouteError::StopTwice { stop }) } else { Ok(()) }
    }

    pub(super) fn has(&self, stop: u32) -> bool {
        self.0[stop as usize]
    }
}
