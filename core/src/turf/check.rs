//! What makes rings a turf, and the place where they fail.
//!
//! The places are found exactly, on the grid; how rings lie to each other is asked of `geo`,
//! and so is a last opinion on the whole.

use geo::Validation;
use geo::validation::{InvalidPolygon, RingRole};

use super::grid::{Side, Spot, is_spike, segments_meet};
use crate::geometry::{Point, PointError};

/// The most points of all rings together: drawn turfs have tens, traced ones hundreds.
pub const MAX_TURF_POINTS: u32 = 5_000;

/// A point of a turf's border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BorderPlace {
    /// 0 for the outer ring, then the holes in the order given.
    pub ring: u32,
    /// The point's number within its ring as given, from 0.
    pub point: u32,
}

/// Why rings are not a turf, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TurfError {
    /// There is no outer ring.
    #[error("no outer ring")]
    NoRing,
    /// More than [`MAX_TURF_POINTS`] points.
    #[error("too many points")]
    TooManyPoints {
        /// How many there are.
        count: u32,
    },
    /// A point that is no position.
    #[error("ring {}, point {}: {reason}", place.ring, place.point)]
    NoPosition {
        /// Which point.
        place: BorderPlace,
        /// What is wrong with it.
        reason: PointError,
    },
    /// A ring with fewer than three different points.
    #[error("ring {}: fewer than three points", place.ring)]
    TooFewPoints {
        /// The ring, and its last point.
        place: BorderPlace,
    },
    /// A border that turns straight back on itself.
    #[error("ring {}, point {}: spike", place.ring, place.point)]
    Spike {
        /// The tip.
        place: BorderPlace,
    },
    /// Two sides of one ring that cross or touch.
    #[error("ring {}, point {}: crosses its own side at point {other}", place.ring, place.point)]
    SelfCrossing {
        /// Where the first of the two sides begins.
        place: BorderPlace,
        /// Where the second begins, in the same ring.
        other: u32,
    },
    /// A hole that does not lie within the outer ring.
    #[error("ring {}, point {}: outside the outer ring", place.ring, place.point)]
    HoleOutside {
        /// The hole's first point outside, or its first point if only a side leaves.
        place: BorderPlace,
    },
    /// Two rings that overlap or share a stretch of border.
    #[error("ring {}: overlaps ring {other}", place.ring)]
    RingsOverlap {
        /// The later ring, and its first point within the other (or its first point).
        place: BorderPlace,
        /// The earlier ring.
        other: u32,
    },
}

/// A ring without repeated points, each with its number in the ring as given.
pub(super) struct Ring {
    pub(super) spots: Vec<Spot>,
    numbers: Vec<u32>,
    index: u32,
}

impl Ring {
    pub(super) fn read(index: u32, points: &[Point]) -> Result<Self, TurfError> {
        let mut read = Self { spots: Vec::new(), numbers: Vec::new(), index };
        for (point, &given) in (0..).zip(points) {
            let place = BorderPlace { ring: index, point };
            let valid = Point::new(given.lat, given.lon)
                .map_err(|reason| TurfError::NoPosition { place, reason })?;
            let spot = Spot::of(valid);
            if read.spots.last() != Some(&spot) {
                read.spots.push(spot);
                read.numbers.push(point);
            }
        }
        if read.spots.len() > 1 && read.spots.first() == read.spots.last() {
            read.spots.pop();
            read.numbers.pop();
        }
        if read.spots.len() < 3 {
            let point = u32::try_from(points.len().saturating_sub(1)).unwrap_or(u32::MAX);
            return Err(TurfError::TooFewPoints { place: BorderPlace { ring: index, point } });
        }
        Ok(read)
    }

    fn place(&self, at: usize) -> BorderPlace {
        BorderPlace { ring: self.index, point: self.numbers[at] }
    }

    fn side(&self, at: usize) -> (Spot, Spot) {
        (self.spots[at], self.spots[(at + 1) % self.spots.len()])
    }

    /// Refuses spikes, and sides that meet elsewhere than at their common end.
    pub(super) fn check_alone(&self) -> Result<(), TurfError> {
        let count = self.spots.len();
        for at in 0..count {
            let before = self.spots[(at + count - 1) % count];
            let (here, after) = self.side(at);
            if is_spike(before, here, after) {
                return Err(TurfError::Spike { place: self.place(at) });
            }
        }
        for one in 0..count {
            for other in one + 2..count {
                let adjacent = one == 0 && other + 1 == count;
                if !adjacent && segments_meet(self.side(one), self.side(other)) {
                    let other = self.numbers[other];
                    return Err(TurfError::SelfCrossing { place: self.place(one), other });
                }
            }
        }
        Ok(())
    }

    fn holds(&self, spot: Spot) -> bool {
        (0..self.spots.len())
            .filter_map(|at| Side::between(self.side(at).0, self.side(at).1))
            .filter(|side| side.counts_for(spot))
            .count()
            % 2
            == 1
    }

    /// The first point for which `other` answers `held`, else the first point.
    fn first_point(&self, other: &Self, held: bool) -> BorderPlace {
        let at = self.spots.iter().position(|&spot| other.holds(spot) == held).unwrap_or(0);
        self.place(at)
    }

    fn line(&self) -> geo::LineString {
        #[expect(clippy::cast_precision_loss, reason = "steps of 1e-7 degree are below 2^53")]
        let corner = |spot: &Spot| geo::Coord { x: spot.x as f64, y: spot.y as f64 };
        self.spots.iter().map(corner).collect()
    }
}

/// Refuses rings that together are no polygon.
pub(super) fn check_together(rings: &[Ring]) -> Result<(), TurfError> {
    let mut lines = rings.iter().map(Ring::line);
    let outer = lines.next().ok_or(TurfError::NoRing)?;
    let polygon = geo::Polygon::new(outer, lines.collect());
    polygon.check_validation().map_err(|invalid| placed(&invalid, rings))
}

/// Gives geo's verdict its place.
fn placed(invalid: &InvalidPolygon, rings: &[Ring]) -> TurfError {
    let ring = |role: &RingRole| match role {
        RingRole::Exterior => &rings[0],
        RingRole::Interior(hole) => &rings[hole + 1],
    };
    match invalid {
        InvalidPolygon::InteriorRingNotContainedInExteriorRing(role) => {
            TurfError::HoleOutside { place: ring(role).first_point(&rings[0], false) }
        }
        InvalidPolygon::IntersectingRingsOnALine(one, other)
        | InvalidPolygon::IntersectingRingsOnAnArea(one, other) => TurfError::RingsOverlap {
            place: ring(other).first_point(ring(one), true),
            other: ring(one).index,
        },
        InvalidPolygon::TooFewPointsInRing(role) => {
            TurfError::TooFewPoints { place: ring(role).place(0) }
        }
        InvalidPolygon::SelfIntersection(role) | InvalidPolygon::NonFiniteCoord(role, _) => {
            TurfError::SelfCrossing { place: ring(role).place(0), other: 0 }
        }
    }
}
