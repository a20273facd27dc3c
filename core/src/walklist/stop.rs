//! Stops: the places where a walker halts. All units of a building are one stop.

use crate::geometry::Point;
use crate::id::{BuildingId, HouseholdId};
use crate::walklist::{Access, Address};

/// A door as a list needs it for grouping into stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Door {
    /// The household behind it.
    pub household: HouseholdId,
    /// The building it lies in.
    pub building: BuildingId,
    /// Its address.
    pub address: Address,
    /// Its position.
    pub point: Point,
    /// How it is reached.
    pub access: Access,
}

/// One stop: the doors reached from one halt, in the order in which they are knocked on.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Where the walker halts.
    pub point: Point,
    /// The doors, by building, then unit in natural order.
    pub doors: Vec<HouseholdId>,
}

/// Groups doors into stops: units of one building at one position stack into one stop, and so
/// do different addresses at the very same position.
///
/// The stops come in reading order (street, number); every door is in exactly one stop.
#[must_use]
pub fn stops_of(mut doors: Vec<Door>) -> Vec<Stop> {
    doors.sort_by_cached_key(|door| {
        (door.point.to_e7(), door.address.reading_order(), door.household)
    });
    let mut stops: Vec<(Stop, Address)> = Vec::new();
    for door in doors {
        match stops.last_mut() {
            Some((stop, _)) if stop.point.to_e7() == door.point.to_e7() => {
                stop.doors.push(door.household);
            }
            _ => {
                let stop = Stop { point: door.point, doors: vec![door.household] };
                stops.push((stop, door.address));
            }
        }
    }
    stops.sort_by_cached_key(|(stop, address)| (address.reading_order(), stop.point.to_e7()));
    stops.into_iter().map(|(stop, _)| stop).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CampaignId;

    fn door(number: &str, unit: &str, lat_e7: i32) -> Door {
        let address = Address {
            house_number: number.into(),
            street: "Elm St".into(),
            unit: unit.into(),
            ..Address::default()
        };
        Door {
            household: HouseholdId::derive(&[number.as_bytes(), unit.as_bytes()]),
            building: address.building(CampaignId::derive(&[])),
            point: Point::from_e7(lat_e7, -731_000_000),
            address,
            access: Access::Open,
        }
    }

    #[test]
    fn units_stack_at_one_stop_in_natural_order() {
        let doors = vec![
            door("12", "10", 445_000_100),
            door("2", "", 445_000_300),
            door("12", "2", 445_000_100),
        ];
        let (ten, two) = (doors[0].household, doors[2].household);
        let stops = stops_of(doors);
        assert_eq!(stops.len(), 2);
        assert_eq!(stops[0].point, Point::from_e7(445_000_300, -731_000_000));
        assert_eq!(stops[1].doors, [two, ten]);
    }
}
