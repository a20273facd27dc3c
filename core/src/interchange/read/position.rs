//! Positions as files give them, and the usual ways in which they are wrong.

use crate::geometry::{Point, PointError};

/// South of this nobody is registered to vote (Antarctica). A "latitude" from here on is a
/// longitude of the Americas in the wrong column.
const SOUTHERNMOST_LAT: f64 = -60.0;

/// Which of the two numbers is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Lat,
    Lon,
}

/// What is wrong with two numbers that should be a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PositionFault {
    NotANumber(Axis),
    OutOfRange(Axis),
    Swapped,
    Zero,
}

/// The position at these degrees.
pub(super) fn position(lat: f64, lon: f64) -> Result<Point, PositionFault> {
    let could_be_swapped = lat.abs() <= 180.0 && lon.abs() <= 90.0;
    match Point::new(lat, lon) {
        Ok(point) if point.to_e7() == (0, 0) => Err(PositionFault::Zero),
        Ok(point) if lat >= SOUTHERNMOST_LAT => Ok(point),
        Ok(_) | Err(PointError::Latitude) if could_be_swapped => Err(PositionFault::Swapped),
        Ok(_) | Err(PointError::Latitude) => Err(PositionFault::OutOfRange(Axis::Lat)),
        Err(PointError::Longitude) => Err(PositionFault::OutOfRange(Axis::Lon)),
        Err(PointError::Zero) => Err(PositionFault::Zero),
        Err(PointError::NotFinite) if lat.is_finite() => Err(PositionFault::NotANumber(Axis::Lon)),
        Err(PointError::NotFinite) => Err(PositionFault::NotANumber(Axis::Lat)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_fault_has_its_name() {
        for (lat, lon, fault) in [
            (-71.07, 42.37, PositionFault::Swapped),
            (144.8, 13.4, PositionFault::Swapped),
            (90.1, 100.0, PositionFault::OutOfRange(Axis::Lat)),
            (-75.0, 123.0, PositionFault::OutOfRange(Axis::Lat)),
            (42.0, -180.1, PositionFault::OutOfRange(Axis::Lon)),
            (f64::NAN, 1.0, PositionFault::NotANumber(Axis::Lat)),
            (1.0, f64::INFINITY, PositionFault::NotANumber(Axis::Lon)),
            (0.0, 0.0, PositionFault::Zero),
            (0.0, 1e-9, PositionFault::Zero),
        ] {
            assert_eq!(position(lat, lon), Err(fault), "{lat} {lon}");
        }
    }

    proptest! {
        #[test]
        fn any_numbers_are_a_position_or_a_fault(lat: f64, lon: f64) {
            if let Ok(point) = position(lat, lon) {
                prop_assert!(Point::new(point.lat, point.lon).is_ok());
            }
        }

        #[test]
        fn a_position_in_the_fifty_states_never_passes_swapped(
            lat in 18.9_f64..71.4, lon in -179.9_f64..-66.9,
        ) {
            prop_assert!(position(lat, lon).is_ok());
            prop_assert_eq!(position(lon, lat), Err(PositionFault::Swapped));
        }
    }
}
