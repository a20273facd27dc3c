//! Doors as the stops of a walk, with the addresses by which streets find them.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::id::HouseholdId;
use crate::street::Place;
use crate::walk::order::WalkStop;
use crate::walk::work::{StopWork, WorkCosts};
use crate::walklist::{Access, Address, Door, Stop, stops_of};

/// A stop with the address of its first door.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressedStop {
    /// The stop.
    pub stop: Stop,
    /// The address that it is found by.
    pub address: Address,
    /// How each of its doors is reached.
    pub access: Vec<Access>,
}

impl AddressedStop {
    /// The stops of some doors, as [`stops_of`] groups them.
    #[must_use]
    pub fn all_of(doors: Vec<Door>) -> Vec<Self> {
        let known: BTreeMap<HouseholdId, (Address, Access)> = doors
            .iter()
            .map(|door| (door.household, (door.address.clone(), door.access)))
            .collect();
        let address = |stop: &Stop| {
            let first = stop.doors.first().and_then(|door| known.get(door));
            first.map(|(address, _)| address.clone()).unwrap_or_default()
        };
        let access = |stop: &Stop| {
            let doors = stop.doors.iter().filter_map(|door| known.get(door));
            doors.map(|(_, access)| *access).collect()
        };
        stops_of(doors)
            .into_iter()
            .map(|stop| Self { address: address(&stop), access: access(&stop), stop })
            .collect()
    }

    /// The stop as walks are made of it: one dwelling behind each door.
    #[must_use]
    pub fn walk_stop(&self, costs: &WorkCosts) -> WalkStop<'_> {
        let work = costs.behind(self.access.iter().copied());
        WalkStop { work, ..WalkStop::at_address(self.stop.point, &self.address, 0) }
    }
}

impl<'a> WalkStop<'a> {
    /// A stop at an address with so many dwellings.
    #[must_use]
    pub fn at_address(point: Point, address: &'a Address, dwellings: usize) -> Self {
        let street = Some(address.street.as_str()).filter(|street| !street.is_empty());
        let dwellings = u32::try_from(dwellings).unwrap_or(u32::MAX);
        Self {
            place: Place { point, street, number: address.number() },
            work: StopWork { dwellings, ..StopWork::default() },
        }
    }
}
