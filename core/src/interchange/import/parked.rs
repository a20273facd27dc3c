//! Rows that wait for the end of their file.
//!
//! A file is taken whole or not at all, and a phone has little memory. So rows wait as the
//! bytes of their texts and little more, and are unpacked a few at a time. What is kept of a
//! row is what a campaign keeps of it.

use std::marker::PhantomData;

use crate::change::CodecError;
use crate::change::bytes::{In, Out};
use crate::geometry::Point;
use crate::interchange::{DoorRecord, PersonRecord};
use crate::walklist::{Access, Address, Standing};

/// What can wait packed.
pub(super) trait Park: Sized {
    fn pack(&self, out: &mut Out);
    fn unpack(input: &mut In<'_>) -> Result<Self, CodecError>;
}

/// Records, packed one after another.
pub(super) struct Parked<T> {
    bytes: Out,
    starts: Vec<usize>,
    records: PhantomData<T>,
}

impl<T> Default for Parked<T> {
    fn default() -> Self {
        Self { bytes: Out::default(), starts: Vec::new(), records: PhantomData }
    }
}

impl<T: Park> Parked<T> {
    pub(super) fn push(&mut self, record: &T) {
        self.starts.push(self.bytes.0.len());
        record.pack(&mut self.bytes);
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The record that was pushed at this place.
    pub(super) fn get(&self, place: usize) -> T {
        let mut input = In(&self.bytes.0[self.starts[place]..]);
        T::unpack(&mut input).expect("these bytes were packed here and nobody else has them")
    }
}

/// A door that was not there before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewDoor {
    pub(super) key: String,
    pub(super) address: Address,
    pub(super) point: Point,
    pub(super) unit_count: u32,
    pub(super) access: Access,
}

impl From<DoorRecord> for NewDoor {
    fn from(door: DoorRecord) -> Self {
        let DoorRecord { key, address, point, unit_count, access, .. } = door;
        Self { key, address, point, unit_count, access }
    }
}

impl Park for NewDoor {
    fn pack(&self, out: &mut Out) {
        let Address { house_number, street, unit, town, zip } = &self.address;
        for text in [&self.key, house_number, street, unit, town, zip] {
            out.text(text);
        }
        let (lat, lon) = self.point.to_e7();
        out.signed(lat.into());
        out.signed(lon.into());
        out.varint(self.unit_count.into());
        out.byte(self.access.number());
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, CodecError> {
        let key = input.text()?;
        let address = Address {
            house_number: input.text()?,
            street: input.text()?,
            unit: input.text()?,
            town: input.text()?,
            zip: input.text()?,
        };
        let mut degrees = || {
            i32::try_from(input.signed()?).map_err(|_| CodecError::Malformed { what: "degrees" })
        };
        let (lat, lon) = (degrees()?, degrees()?);
        Ok(Self {
            key,
            address,
            point: Point::from_e7(lat, lon),
            unit_count: input.varint_u32()?,
            access: Access::from_number(input.byte()?).unwrap_or_default(),
        })
    }
}

/// A person who was not there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewPerson {
    pub(super) key: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) birth_year: u32,
    pub(super) party: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) language: String,
    pub(super) standing: Standing,
}

impl From<PersonRecord> for NewPerson {
    fn from(person: PersonRecord) -> Self {
        let PersonRecord { key, given_name, family_name, birth_year, party, .. } = person;
        let PersonRecord { phone, email, language, standing, .. } = person;
        Self { key, given_name, family_name, birth_year, party, phone, email, language, standing }
    }
}

impl Park for NewPerson {
    fn pack(&self, out: &mut Out) {
        let Self { key, given_name, family_name, party, phone, email, language, .. } = self;
        for text in [key, given_name, family_name, party, phone, email, language] {
            out.text(text);
        }
        out.varint(self.birth_year.into());
        out.byte(self.standing.bits());
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, CodecError> {
        Ok(Self {
            key: input.text()?,
            given_name: input.text()?,
            family_name: input.text()?,
            party: input.text()?,
            phone: input.text()?,
            email: input.text()?,
            language: input.text()?,
            birth_year: input.varint_u32()?,
            standing: Standing::from_bits(input.byte()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn door() -> impl Strategy<Value = NewDoor> {
        let access = (0_u8..4).prop_map(|n| Access::from_number(n).expect("an access"));
        let parts = (proptest::array::uniform6(".*"), any::<(i32, i32, u32)>(), access);
        parts.prop_map(|(texts, numbers, access)| {
            let [key, house_number, street, unit, town, zip] = texts;
            let address = Address { house_number, street, unit, town, zip };
            let (lat, lon, unit_count) = numbers;
            NewDoor { key, address, point: Point::from_e7(lat, lon), unit_count, access }
        })
    }

    fn person() -> impl Strategy<Value = NewPerson> {
        (proptest::array::uniform7(".*"), any::<u32>(), 0_u8..128).prop_map(
            |([key, given_name, family_name, party, phone, email, language], birth_year, bits)| {
                let standing = Standing::from_bits(bits);
                NewPerson {
                    key,
                    given_name,
                    family_name,
                    birth_year,
                    party,
                    phone,
                    email,
                    language,
                    standing,
                }
            },
        )
    }

    fn assert_kept<T: Park + PartialEq + std::fmt::Debug>(records: &[T]) {
        let mut parked = Parked::default();
        records.iter().for_each(|record| parked.push(record));
        assert_eq!((parked.len(), parked.is_empty()), (records.len(), records.is_empty()));
        for (place, record) in records.iter().enumerate().rev() {
            assert_eq!(&parked.get(place), record);
        }
    }

    proptest! {
        #[test]
        fn doors_come_out_as_they_went_in(doors in proptest::collection::vec(door(), 0..5)) {
            assert_kept(&doors);
        }

        #[test]
        fn people_come_out_as_they_went_in(people in proptest::collection::vec(person(), 0..5)) {
            assert_kept(&people);
        }
    }
}
