//! Doors as the stops of a walk, with the addresses by which streets find them.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::id::HouseholdId;
use crate::street::Place;
use crate::walk::order::WalkStop;
use crate::walk::work::StopWork;
use crate::walklist::{Address, Door, Stop, stops_of};

/// A stop with the address of its first door.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressedStop {
    /// The stop.
    pub stop: Stop,
    /// The address that it is found by.
    pub address: Address,
}

impl AddressedStop {
    /// The stops of some doors, as [`stops_of`] groups them.
    #[must_use]
    pub fn all_of(doors: Vec<Door>) -> Vec<Self> {
        let addresses: BTreeMap<HouseholdId, Address> =
            doors.iter().map(|door| (door.household, door.address.clone())).collect();
        let address =
            |stop: &Stop| stop.doors.first().and_then(|door| addresses.get(door).cloned());
        stops_of(doors)
            .into_iter()
            .map(|stop| Self { address: address(&stop).unwrap_or_default(), stop })
            .collect()
    }

    /// The stop as walks are made of it: one dwelling behind each door.
    #[must_use]
    pub fn walk_stop(&self) -> WalkStop<'_> {
        WalkStop::at_address(self.stop.point, &self.address, self.stop.doors.len())
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
