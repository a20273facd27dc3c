//! Shapes: places in metres, how the town is bent and turned, and how far it reaches.

use std::f64::consts::TAU;

use libm::{atan2, cos, hypot, sin};

use super::grid::Rank;
use super::random::Random;

/// A place in metres east and north of the town's centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Metres {
    pub(super) east: f64,
    pub(super) north: f64,
}

impl Metres {
    pub(super) fn distance_m(self, other: Self) -> f64 {
        hypot(self.east - other.east, self.north - other.north)
    }

    /// The place `share` of the way to `other`.
    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        Self {
            east: self.east + (other.east - self.east) * share,
            north: self.north + (other.north - self.north) * share,
        }
    }
}

/// The crossing of the two main streets.
pub(super) const CENTRE: Metres = Metres { east: 0.0, north: 0.0 };

/// How far the main streets lead out of town, in radii of the town.
pub(super) const MAIN_REACH: f64 = 1.28;
const THROUGH_REACH: f64 = 1.14;

/// The bends of the town: two shears after another and a turn, so that no two blocks overlap.
pub(super) struct Bend {
    east: [(f64, f64, f64); 2],
    north: [(f64, f64, f64); 2],
    turn_sin: f64,
    turn_cos: f64,
}

impl Bend {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut wave = |low_m: f64, high_m: f64| {
            let length_m = random.between(low_m, high_m);
            (length_m * random.between(0.12, 0.21), length_m, random.between(0.0, TAU))
        };
        let east = [wave(150.0, 240.0), wave(420.0, 700.0)];
        let north = [wave(170.0, 260.0), wave(480.0, 800.0)];
        let turn = random.between(-0.3, 0.3);
        Self { east, north, turn_sin: sin(turn), turn_cos: cos(turn) }
    }

    pub(super) fn at(&self, x: f64, y: f64) -> Metres {
        let shift = |waves: &[(f64, f64, f64)], along: f64| -> f64 {
            waves.iter().map(|(height, length, phase)| height * sin(along / length + phase)).sum()
        };
        let x = x + shift(&self.east, y) - shift(&self.east, 0.0);
        let y = y + shift(&self.north, x) - shift(&self.north, 0.0);
        Metres {
            east: x * self.turn_cos - y * self.turn_sin,
            north: x * self.turn_sin + y * self.turn_cos,
        }
    }
}

/// The town's outline: a circle with two gentle waves on it.
pub(super) struct Outline {
    pub(super) radius_m: f64,
    pub(super) phases: [f64; 2],
}

impl Outline {
    pub(super) fn reaches(&self, x: f64, y: f64, rank: Rank) -> bool {
        let angle = atan2(y, x);
        let wave =
            0.15 * sin(2.0 * angle + self.phases[0]) + 0.08 * sin(3.0 * angle + self.phases[1]);
        let reach = match rank {
            Rank::Main => MAIN_REACH,
            Rank::Through => THROUGH_REACH,
            Rank::Side => 1.0,
        };
        hypot(x, y) <= self.radius_m * (1.0 + wave) * reach
    }
}
