//! A change of this phone with the numbers under which it will travel.
//!
//! The numbers are noted when the change is recorded: its list may be cut anew, and its row
//! gone, before it is sent.

use crate::change::bytes::{CodecError, In, Out};
use crate::change::{Change, DoorRef, MemberRef, WireChange};
use crate::id::{ChangeId, PersonId};

/// A change that waits to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingChange {
    /// The change.
    pub change: Change,
    /// The epoch of its list when it was recorded.
    pub epoch: u32,
    /// How segments name its door.
    pub door: DoorRef,
    /// How segments name the people it speaks of.
    pub people: Vec<(PersonId, MemberRef)>,
}

impl PendingChange {
    /// The change as it travels; nothing when it speaks of someone it has no number for.
    #[must_use]
    pub fn to_wire(&self) -> Option<WireChange> {
        let member = |person: &PersonId| {
            self.people.iter().find(|(known, _)| known == person).map(|(_, member)| *member)
        };
        self.change.clone().renamed(|_| Some(self.door), member)
    }

    /// The bytes to be sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Out::default();
        out.varint(u64::from(self.epoch));
        match self.door {
            DoorRef::Number { cell, ordinal } => {
                out.byte(0);
                out.varint(u64::from(cell));
                out.varint(u64::from(ordinal));
            }
            DoorRef::Met(change) => {
                out.byte(1);
                out.raw(&change.to_bytes());
            }
        }
        out.varint(self.people.len() as u64);
        for (person, member) in &self.people {
            out.raw(&person.to_bytes());
            match member {
                MemberRef::Number(number) => {
                    out.byte(0);
                    out.varint(u64::from(*number));
                }
                MemberRef::Met(change) => {
                    out.byte(1);
                    out.raw(&change.to_bytes());
                }
            }
        }
        out.raw(&self.change.to_bytes());
        out.0
    }

    /// The change in these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut input = In(bytes);
        let epoch = input.varint_u32()?;
        let met = |input: &mut In<'_>| input.array().map(|bytes| ChangeId::from_bytes(&bytes));
        let door = match input.byte()? {
            0 => DoorRef::Number { cell: input.varint_u32()?, ordinal: input.varint_u32()? },
            _ => DoorRef::Met(met(&mut input)?),
        };
        let count = input.count()?;
        let mut people = Vec::with_capacity(count);
        for _ in 0..count {
            let person = PersonId::from_bytes(input.array()?);
            let member = match input.byte()? {
                0 => MemberRef::Number(input.varint_u32()?),
                _ => MemberRef::Met(met(&mut input)?),
            };
            people.push((person, member));
        }
        Ok(Self { change: Change::from_bytes(input.0)?, epoch, door, people })
    }
}
