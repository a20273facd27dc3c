//! A shift that fits the time: the stops worth most within so many minutes, in walking order.

use crate::route::{Effort, RouteError, Shift, choose};
use crate::walk::order::{Terrain, Walk};

/// What a shift has time for.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftWalk {
    /// The chosen stops in walking order.
    pub walk: Walk,
    /// What they are worth together, in the unit of the values given.
    pub value: u64,
    /// No choice within the time is worth more than this: how far `value` can be from the best.
    pub bound: u64,
    /// What the best beginning of the plain order of all stops is worth within the time; never
    /// above `value`.
    pub plain_value: u64,
}

/// No shift is longer: a day, in milliseconds.
const LONGEST_MS: f64 = 24.0 * 3_600_000.0;

impl Terrain<'_, '_> {
    /// Chooses the stops that are worth most within `seconds` of walking and work, from the start
    /// to the end that were given.
    ///
    /// `values` are the stops' worth, in any unit: what an answer there is worth times the
    /// chance of one; a stop beyond the end of `values` is worth nothing. A walk that leads back
    /// begins and ends at the start, or at the first stop where none is given. Fails if not even
    /// the way from the start to the end fits.
    ///
    /// The walk is over time: where the fewest metres were asked for, this chooses nothing.
    pub fn shift(
        &self,
        seconds: f64,
        values: &[u32],
        effort: Effort,
        seed: u64,
    ) -> Result<ShiftWalk, RouteError> {
        let nodes = self.nodes.len();
        let worth = |stop: &u32| values.get(*stop as usize).copied().unwrap_or(0);
        let mut node_values: Vec<u32> = self
            .stops_at
            .iter()
            .map(|stops| stops.iter().map(worth).fold(0, u32::saturating_add))
            .collect();
        node_values.resize(nodes, 0);
        let mut service: Vec<u32> = self.stops_at.iter().map(|stops| self.work_ms(stops)).collect();
        service.resize(nodes, 0);
        let budget = millis(seconds);
        let shift = Shift { values: &node_values, service: &service, budget, ends: self.ends };
        let chosen = choose(&self.legs, &shift, effort, seed)?;
        let stops = chosen.order.iter().filter_map(|node| self.stops_at.get(*node as usize));
        Ok(ShiftWalk {
            walk: self.measured(stops.flatten().copied().collect()),
            value: chosen.value,
            bound: chosen.bound,
            plain_value: chosen.plain_value,
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a day")]
pub(super) fn millis(seconds: f64) -> u64 {
    // A cast makes nothing of what is not a number.
    (seconds * 1_000.0).clamp(0.0, LONGEST_MS) as u64
}
