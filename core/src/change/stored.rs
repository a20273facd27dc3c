//! One change on its own, as bytes: the form in which stores keep it.
//!
//! It names households and people by id, so that it stays readable when numbers are given anew.

use crate::change::bytes::{CodecError, In, Out};
use crate::change::columns::{DeviceTable, RowDecoder, RowEncoder};
use crate::change::{Change, DoorRef, MemberRef};
use crate::id::{ChangeId, DeviceId, HouseholdId, PersonId};

const VERSION: u8 = 1;
/// The one door of the row inside.
const THE_DOOR: DoorRef = DoorRef::Number { cell: 0, ordinal: 0 };

impl Change {
    /// The change as bytes, its id included.
    ///
    /// # Panics
    /// Never: a change names fewer than 2^32 people.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut people: Vec<PersonId> = Vec::new();
        let household = self.door;
        let numbered = {
            let table = std::cell::RefCell::new(&mut people);
            let number = |person: &PersonId| {
                let mut table = table.borrow_mut();
                let place = table.iter().position(|p| p == person).unwrap_or_else(|| {
                    table.push(*person);
                    table.len() - 1
                });
                u32::try_from(place + 1).ok().map(MemberRef::Number)
            };
            self.clone().renamed(|_| Some(THE_DOOR), number).expect("every person has a number")
        };
        let mut rows = RowEncoder::new(DeviceTable::default(), 0);
        rows.push(&numbered);
        let devices = rows.devices.clone();

        let mut out = Out::default();
        out.byte(VERSION);
        out.raw(&self.id.to_bytes());
        out.raw(&household.to_bytes());
        out.varint(people.len() as u64);
        people.iter().for_each(|person| out.raw(&person.to_bytes()));
        out.varint(devices.0.len() as u64);
        devices.0.iter().for_each(|device| out.raw(&device.to_bytes()));
        out.raw(&rows.finish());
        out.0
    }

    /// The change that `to_bytes` wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut input = In(bytes);
        let version = input.byte()?;
        if version != VERSION {
            return Err(CodecError::NewerFormat { found: version, supported: VERSION });
        }
        let id = ChangeId::from_bytes(&input.array()?);
        let household = HouseholdId::from_bytes(input.array()?);
        let count = input.count()?;
        let people = (0..count).map(|_| input.array().map(PersonId::from_bytes));
        let people = people.collect::<Result<Vec<_>, _>>()?;
        let count = input.count()?;
        let devices = (0..count).map(|_| input.array().map(DeviceId::from_bytes));
        let devices = DeviceTable(devices.collect::<Result<_, _>>()?);
        let mut rows = RowDecoder::new(devices, 0, input.0)?;
        let change = rows.next(id)?;
        rows.end()?;
        let person = |member: &MemberRef| match member {
            MemberRef::Number(number) => {
                let place = usize::try_from(*number).ok()?.checked_sub(1)?;
                people.get(place).copied()
            }
            MemberRef::Met(_) => None,
        };
        change
            .renamed(|_| Some(household), person)
            .ok_or(CodecError::Malformed { what: "person of a stored change" })
    }
}
