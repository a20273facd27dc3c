//! Directions as plain facts: each step leads to the doors of one side of one block.
//!
//! Facts only: `say` makes sentences of them, so that they can be read aloud.

use crate::street::RoadSide;

/// One instruction: how to get to some doors, and which doors they are.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WalkStep {
    /// How to get there, in order; empty when they are right here.
    pub moves: Vec<WalkMove>,
    /// The stops, as places in the walk's order, from the first to the last.
    pub first_stop: u32,
    /// The last of them.
    pub last_stop: u32,
    /// The doors at these stops.
    pub doors: u32,
    /// Their street; empty when it is not known.
    pub street: String,
    /// The first stop's house number; empty when it is not known.
    pub first_number: String,
    /// The last stop's house number.
    pub last_number: String,
    /// On which side they are, for someone who walks past them in this order.
    pub side: Option<RoadSide>,
    /// Whether their house numbers are all even or all odd.
    pub parity: Option<Parity>,
    /// Metres from the step before to the last of these stops.
    pub distance_m: f64,
}

/// Even or odd house numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Parity {
    /// 2, 4, 6.
    Even,
    /// 1, 3, 5.
    Odd,
}

/// One part of the way to some doors.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum WalkMove {
    /// Walk along a way.
    Along {
        /// The way; empty when it has no name.
        way: String,
        /// Which way to turn into it.
        turn: Turn,
        /// Metres along it.
        distance_m: f64,
    },
    /// Cross a street.
    Cross {
        /// The street; empty when it has no name.
        way: String,
    },
    /// Take stairs.
    Stairs {
        /// Metres along them.
        distance_m: f64,
    },
    /// Walk in a straight line, because no street is known there.
    Straight {
        /// Where to.
        heading: Heading,
        /// Metres.
        distance_m: f64,
    },
}

/// Which way to turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Turn {
    /// The walk begins here: set out in this direction.
    SetOut {
        /// Where to.
        heading: Heading,
    },
    /// Go on ahead.
    Ahead,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Turn round.
    Back,
}

/// Eight directions of the compass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Heading {
    /// North.
    North,
    /// North-east.
    NorthEast,
    /// East.
    East,
    /// South-east.
    SouthEast,
    /// South.
    South,
    /// South-west.
    SouthWest,
    /// West.
    West,
    /// North-west.
    NorthWest,
}

impl Heading {
    /// The heading of a way that leads so far to the east and to the north.
    #[must_use]
    pub fn of(east: f64, north: f64) -> Self {
        /// The tangent of 22.5 degrees: half an eighth of a turn.
        const HALF_EIGHTH: f64 = 0.414_213_562_373_095;
        let (sideways, upwards) = (east.abs(), north.abs());
        if sideways <= upwards * HALF_EIGHTH {
            if north >= 0.0 { Self::North } else { Self::South }
        } else if upwards <= sideways * HALF_EIGHTH {
            if east >= 0.0 { Self::East } else { Self::West }
        } else {
            match (north >= 0.0, east >= 0.0) {
                (true, true) => Self::NorthEast,
                (true, false) => Self::NorthWest,
                (false, true) => Self::SouthEast,
                (false, false) => Self::SouthWest,
            }
        }
    }
}

impl Turn {
    /// The turn from one direction into another, both as metres east and north.
    ///
    /// Within 35 degrees it is ahead, beyond 150 back: a walker says no more than that.
    #[must_use]
    pub fn between(from: (f64, f64), to: (f64, f64)) -> Self {
        /// The cosine of 35 degrees.
        const AHEAD: f64 = 0.819;
        /// The cosine of 150 degrees.
        const BACK: f64 = -0.866;
        let lengths = ((from.0 * from.0 + from.1 * from.1) * (to.0 * to.0 + to.1 * to.1)).sqrt();
        if lengths == 0.0 {
            return Self::Ahead;
        }
        let along = (from.0 * to.0 + from.1 * to.1) / lengths;
        let leftwards = from.0 * to.1 - from.1 * to.0;
        if along >= AHEAD {
            Self::Ahead
        } else if along <= BACK {
            Self::Back
        } else if leftwards > 0.0 {
            Self::Left
        } else {
            Self::Right
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_eight_equal_parts_of_a_turn() {
        let names = [
            (0, Heading::North),
            (45, Heading::NorthEast),
            (90, Heading::East),
            (135, Heading::SouthEast),
            (180, Heading::South),
            (225, Heading::SouthWest),
            (270, Heading::West),
            (315, Heading::NorthWest),
        ];
        for (centre, heading) in names {
            for off in [-22, 0, 22] {
                let angle = f64::from(centre + off).to_radians();
                assert_eq!(
                    Heading::of(libm::sin(angle), libm::cos(angle)),
                    heading,
                    "{centre}{off:+}"
                );
            }
        }
    }

    #[test]
    fn turns_are_told_from_where_one_comes() {
        let north = (0.0, 1.0);
        assert_eq!(Turn::between(north, (0.3, 1.0)), Turn::Ahead);
        assert_eq!(Turn::between(north, (1.0, 0.0)), Turn::Right);
        assert_eq!(Turn::between(north, (-1.0, 0.2)), Turn::Left);
        assert_eq!(Turn::between(north, (0.1, -1.0)), Turn::Back);
        assert_eq!(Turn::between((1.0, 0.0), (0.0, 1.0)), Turn::Left);
        assert_eq!(Turn::between((0.0, 0.0), north), Turn::Ahead);
    }
}
