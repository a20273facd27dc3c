//! The legs between stops: along the streets where they are known, else by straight lines.
//!
//! Every two stops have a leg. Where a stop is on no street, or no way leads from one to the
//! other, the leg is a straight line made longer by [`DETOUR_PER_MILLE`], and it says so. Knows
//! nothing of what is done at a stop.
//!
//! [`DETOUR_PER_MILLE`]: crate::walk::DETOUR_PER_MILLE

use std::sync::OnceLock;

use crate::route::Costs;
use crate::street::{Distances, Place, Snap, StreetPack, WalkCosts, WalkTimes};
use crate::walk::straight::StraightLines;

/// What is walked on: the streets of a pack, or open ground when there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ground<'s> {
    /// The streets, if they are known.
    pub streets: Option<&'s StreetPack>,
    /// What walking takes.
    pub times: WalkTimes,
    /// Whether the fewest metres are wanted rather than the least time: crossings are free then.
    pub shortest: bool,
}

impl Ground<'_> {
    /// The costs that the streets are asked for.
    #[must_use]
    pub const fn costs(&self) -> WalkCosts {
        if self.shortest { WalkCosts::Distance } else { WalkCosts::Time { times: self.times } }
    }

    /// Seconds for so many metres on the level.
    #[must_use]
    pub fn seconds(&self, metres: f64) -> f64 {
        metres / self.times.speed_m_per_s.max(0.1)
    }

    /// The cost of so many metres on the level, in the unit of [`Legs`].
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    pub(super) fn cost_of(&self, metres: f64) -> u32 {
        let cost = if self.shortest { metres * 10.0 } else { self.seconds(metres) * 1_000.0 };
        ((cost + 0.5) as u32).min(FARTHEST)
    }
}

/// Seconds for so many metres of walking on the level, at the default speed.
#[must_use]
pub fn walk_time_s(length_m: f64) -> f64 {
    Ground::default().seconds(length_m)
}

/// No leg costs more: some of them can still be added up.
const FARTHEST: u32 = 1 << 29;

/// More places than this have straight legs only: a table of the ways between all of them would
/// take more than 25 MB.
pub(super) const MOST_PLACES: usize = 2_500;

/// The legs between some places, each in milliseconds of walking (in decimetres where the
/// shortest walk is wanted).
pub struct Legs<'s> {
    ground: Ground<'s>,
    straight: StraightLines,
    /// Where each place stands on the streets; none if on no street.
    snaps: Vec<Option<Snap>>,
    /// The place's row in `ways`.
    row: Vec<Option<u32>>,
    /// The ways between all of them; none without streets. Found at the first question.
    ways: OnceLock<Option<Distances>>,
}

impl<'s> Legs<'s> {
    /// The legs between all of `places`.
    #[must_use]
    pub fn between(places: &[Place<'_>], ground: Ground<'s>) -> Self {
        let straight = StraightLines::between(places.iter().map(|place| place.point).collect());
        let snaps = match ground.streets {
            Some(streets) => streets.snap_all(places),
            None => vec![None; places.len()],
        };
        let mut rows = 0..;
        let row = snaps.iter().map(|snap| snap.as_ref().and_then(|_| rows.next())).collect();
        Self { ground, straight, snaps, row, ways: OnceLock::new() }
    }

    fn ways(&self) -> Option<&Distances> {
        let find = || {
            let streets = self.ground.streets.filter(|_| self.snaps.len() <= MOST_PLACES)?;
            let snapped: Vec<Snap> = self.snaps.iter().flatten().copied().collect();
            Some(streets.matrix(&snapped, &self.ground.costs()))
        };
        self.ways.get_or_init(find).as_ref()
    }

    /// Where a place stands on the streets; none if it is on no street.
    #[must_use]
    pub fn snap(&self, place: u32) -> Option<&Snap> {
        self.snaps.get(place as usize)?.as_ref()
    }

    fn way(&self, from: u32, to: u32) -> Option<u32> {
        let (from, to) = (self.row[from as usize]?, self.row[to as usize]?);
        self.ways()?.get(from as usize, to as usize)
    }
}

impl Costs for Legs<'_> {
    fn len(&self) -> u32 {
        self.straight.len()
    }

    #[inline]
    fn cost(&self, from: u32, to: u32) -> u32 {
        let straight = || self.ground.cost_of(self.straight.walked_m(from, to));
        self.way(from, to).unwrap_or_else(straight)
    }

    fn is_symmetric(&self) -> bool {
        true
    }

    fn neighbours(&self, of: u32, count: u32) -> Option<Vec<u32>> {
        Some(self.straight.neighbours(of, count))
    }
}
