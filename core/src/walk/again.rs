//! An order planned anew on the way: a stop is done, skipped or added, or the walker is
//! elsewhere.

use crate::route::{Replan, RouteError, WORTH_PER_MILLE, replan};
use crate::walk::due::{Due, InTime};
use crate::walk::order::{Terrain, Walk};

/// A walk that goes on from an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkAgain {
    /// The walk past the stops that are left.
    pub walk: Walk,
    /// Whether stops that nothing happened to changed places, because that saves a good part of
    /// the way ([`WORTH_PER_MILLE`]), or because a window closes.
    pub is_new: bool,
    /// Stops that were brought forward because a window closes.
    pub forward: Vec<u32>,
}

impl Terrain<'_, '_> {
    /// Goes on from an order: without the stops that are `gone`, with those `added` where they
    /// cost least, from the start to the end that were given.
    ///
    /// What need not change stays as the walker expects it. Stops at one position are walked to
    /// together; a position is gone when all its stops in the order are. A stop whose window would
    /// close before the walker is there is brought forward ([`Due`]). Fails for a stop that stands
    /// twice in the order, or is added to one that it is in.
    pub fn again(
        &self,
        before: &[u32],
        (gone, added): (&[u32], &[u32]),
        due: &[Due],
    ) -> Result<WalkAgain, RouteError> {
        let left: Vec<u32> =
            before.iter().chain(added).filter(|stop| !gone.contains(stop)).copied().collect();
        let nodes = |stops: &[u32]| -> Vec<u32> {
            let mut nodes = Vec::new();
            for node in stops.iter().filter_map(|stop| self.node_of(*stop)) {
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
            nodes
        };
        let stay = nodes(&left);
        let old = nodes(before);
        let gone: Vec<u32> = old.iter().filter(|node| !stay.contains(node)).copied().collect();
        let new: Vec<u32> = stay.iter().filter(|node| !old.contains(node)).copied().collect();
        let asked = Replan {
            before: &old,
            gone: &gone,
            added: &new,
            ends: self.ends,
            worth_per_mille: WORTH_PER_MILLE,
        };
        let found = replan(&self.legs, &asked)?;
        let stops = found.order.iter().filter_map(|node| self.stops_at.get(*node as usize));
        let order: Vec<u32> = stops.flatten().filter(|stop| left.contains(stop)).copied().collect();
        let InTime { order, mut forward } = self.in_time(&order, due);
        let stays = |stop: &&u32| left.contains(stop) && self.node_of(**stop).is_some();
        let was: Vec<u32> = before.iter().filter(stays).copied().collect();
        let is_as_it_was = added.is_empty() && order == was;
        if is_as_it_was {
            forward.clear();
        }
        let is_new = !is_as_it_was && (found.is_new || !forward.is_empty());
        Ok(WalkAgain { walk: self.measured(order), is_new, forward })
    }

    pub(super) fn node_of(&self, stop: u32) -> Option<u32> {
        let at = self.stops_at.iter().position(|stops| stops.contains(&stop))?;
        u32::try_from(at).ok()
    }
}
