//! What walking costs: decimetres alone, or time with crossings and steps.
//!
//! Every parameter can be set; where no better source is known, the default says that it is an
//! assumption. Knows nothing of stops: minutes at a door belong to `walk`.

use super::map::WayKind;

/// What legs are measured in, and what they take.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum WalkCosts {
    /// Decimetres along the ways; crossing is free. What routers call shortest.
    #[default]
    Distance,
    /// Milliseconds, with a side of the street to walk on.
    Time {
        /// What takes how long.
        times: WalkTimes,
    },
}

/// What takes how long. A negative number counts as zero, one that is none as zero too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkTimes {
    /// Walking speed on the level in metres per second, at least 0.1. Default 1.3: between the
    /// comfortable speeds of women and men below sixty (1.24 to 1.43; Bohannon and Andrews,
    /// Physiotherapy 97, 2011).
    pub speed_m_per_s: f64,
    /// How many times longer a metre of stairs takes. Default 2: about 0.6 m/s along the slope
    /// (Fujiyama and Tyler, 2004), rounded.
    pub steps_factor: f64,
    /// Seconds to cross a driveway or alley. Default 1: nobody waits. An assumption.
    pub service_s: f64,
    /// Seconds to cross a residential street. Default 6: 8 m at walking speed. An assumption.
    pub residential_s: f64,
    /// Seconds to cross a tertiary road. Default 20: 10 m and a wait. An assumption.
    pub tertiary_s: f64,
    /// Seconds to cross a secondary road, at junctions only. Default 35. An assumption.
    pub secondary_s: f64,
    /// Seconds to cross a primary road, at junctions only. Default 60: a cycle of a signal. An
    /// assumption.
    pub primary_s: f64,
    /// The most that crossing takes at a node where a marked crossing is mapped. Default 15.
    /// An assumption.
    pub marked_crossing_s: f64,
}

impl Default for WalkTimes {
    fn default() -> Self {
        Self {
            speed_m_per_s: 1.3,
            steps_factor: 2.0,
            service_s: 1.0,
            residential_s: 6.0,
            tertiary_s: 20.0,
            secondary_s: 35.0,
            primary_s: 60.0,
            marked_crossing_s: 15.0,
        }
    }
}

/// What costs as much or more counts as unreachable: twelve days, or round the Earth twice.
pub(super) const NO_WAY: u32 = (1 << 30) - 1;

/// No single arc costs more: sums of two stay far below what 32 bits hold.
pub(super) const MOST: u32 = 1 << 29;

/// Costs by kind of way, ready to add.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tariff {
    per_dm: [f64; WayKind::ALL.len()],
    crossing: [u32; WayKind::ALL.len()],
    marked: u32,
    /// Whether streets have two sides.
    pub(super) sides: bool,
}

impl Tariff {
    pub(super) fn of(costs: &WalkCosts) -> Self {
        match costs {
            WalkCosts::Distance => {
                let none = [0; WayKind::ALL.len()];
                let per_dm = [1.0; WayKind::ALL.len()];
                Self { per_dm, crossing: none, marked: 0, sides: false }
            }
            WalkCosts::Time { times } => Self::of_times(times),
        }
    }

    fn of_times(times: &WalkTimes) -> Self {
        // `max` takes the other number where one is none.
        let per_dm = 100.0 / times.speed_m_per_s.max(0.1);
        let crossing = WayKind::ALL.map(|kind| match kind {
            WayKind::Service => millis(times.service_s),
            WayKind::Residential => millis(times.residential_s),
            WayKind::Tertiary => millis(times.tertiary_s),
            WayKind::Secondary => millis(times.secondary_s),
            WayKind::Primary => millis(times.primary_s),
            WayKind::Path | WayKind::Sidewalk | WayKind::Crossing | WayKind::Steps => 0,
        });
        let mut by_kind = [per_dm; WayKind::ALL.len()];
        by_kind[WayKind::Steps as usize] = per_dm * times.steps_factor.max(0.0);
        Self { per_dm: by_kind, crossing, marked: millis(times.marked_crossing_s), sides: true }
    }

    /// What walking so far along a way of this kind costs.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    pub(super) fn along(&self, kind: WayKind, length_dm: u32) -> u32 {
        let cost = (f64::from(length_dm) * self.per_dm[kind as usize]).round();
        (cost as u32).min(MOST)
    }

    /// What passing the mouth of a way at a junction costs.
    pub(super) fn crossing(&self, kind: WayKind, marked: bool) -> u32 {
        let cost = self.crossing[kind as usize];
        if marked { cost.min(self.marked) } else { cost }
    }

    /// What crossing between two doors costs, where people do.
    pub(super) fn mid_block(&self, kind: WayKind) -> Option<u32> {
        let nobody_does = matches!(kind, WayKind::Secondary | WayKind::Primary);
        (!(self.sides && nobody_does)).then(|| self.crossing(kind, false))
    }

    /// Whether the two sides of a way are one.
    pub(super) fn is_one(&self, kind: WayKind) -> bool {
        !self.sides || kind.is_for_walkers()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
fn millis(seconds: f64) -> u32 {
    ((seconds.max(0.0) * 1000.0).round() as u32).min(MOST)
}
