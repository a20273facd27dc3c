//! Rows of a list's snapshot as bytes: doors and people, with what a canvasser needs at the
//! door and nothing more.
//!
//! Each kind of value stands in a stream of its own, so that neighbours are alike, and all are
//! compressed together. Ids do not compress; they are half of what a snapshot costs.

use crate::change::bytes::{CodecError, In, Out, deflated, inflated};
use crate::geometry::Point;
use crate::id::{CampaignId, HouseholdId, PersonId};
use crate::walklist::{Address, Household, Person, Standing};

const VERSION: u8 = 1;
/// The largest a part may inflate to.
const MAX_BODY_BYTES: usize = 8 << 20;

/// A door of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotDoor {
    /// Its cell.
    pub cell: u32,
    /// Its ordinal within the cell.
    pub ordinal: u32,
    /// The household. Its building follows from its address.
    pub household: Household,
    /// The import source that brought it.
    pub source: u32,
    /// That source's file.
    pub file: u64,
    /// The place of its stop in the walking order.
    pub stop: u32,
    /// Its place within the stop.
    pub place: u32,
}

/// A person of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotPerson {
    /// The person; the household is told by cell and ordinal.
    pub person: Person,
    /// The cell of their household.
    pub cell: u32,
    /// Its ordinal within the cell.
    pub ordinal: u32,
    /// Their number within the household.
    pub member: u32,
    /// The import source that brought them.
    pub source: u32,
    /// That source's file.
    pub file: u64,
}

/// Bytes of an id.
const ID_BYTES: usize = 16;

const NUMBERS: usize = 0;
const PLACES: usize = 1;
const IDS: usize = 2;
const TEXTS: usize = 3;
const MORE_TEXTS: usize = 4;
const STREAMS: usize = 5;

#[derive(Default)]
struct Streams([Out; STREAMS]);

impl Streams {
    fn bytes(self, count: usize) -> Vec<u8> {
        let mut body = Out::default();
        body.varint(count as u64);
        self.0.iter().for_each(|stream| body.block(&stream.0));
        let mut out = Out::default();
        out.byte(VERSION);
        out.varint(body.0.len() as u64);
        out.raw(&deflated(&body.0));
        out.0
    }
}

/// The inflated body, and how to find its streams again.
fn body_of(bytes: &[u8]) -> Result<Vec<u8>, CodecError> {
    let mut input = In(bytes);
    let version = input.byte()?;
    if version != VERSION {
        return Err(CodecError::NewerFormat { found: version, supported: VERSION });
    }
    let length = usize::try_from(input.varint()?).unwrap_or(usize::MAX);
    if length > MAX_BODY_BYTES {
        return Err(CodecError::TooLarge { what: "inflated body", limit: MAX_BODY_BYTES as u64 });
    }
    let body = inflated(input.0, length)?;
    if body.len() == length { Ok(body) } else { Err(CodecError::EndsEarly) }
}

fn streams_of(body: &[u8]) -> Result<(usize, [In<'_>; STREAMS]), CodecError> {
    let mut input = In(body);
    let count = input.count()?;
    let mut streams = [const { In(&[]) }; STREAMS];
    for stream in &mut streams {
        *stream = In(input.block()?);
    }
    input.end()?;
    // Each row has an id: a count that the ids do not bear out would reserve room for nothing.
    if streams[IDS].0.len() != count.saturating_mul(ID_BYTES) {
        return Err(CodecError::Malformed { what: "count of rows" });
    }
    Ok((count, streams))
}

/// Doors as bytes; they should come in the order of the list.
#[must_use]
pub fn doors_to_bytes(doors: &[SnapshotDoor]) -> Vec<u8> {
    let mut streams = Streams::default();
    let [numbers, places, ids, texts, more_texts] = &mut streams.0;
    let (mut before, mut before_at) = ([0_i64; 4], (0_i64, 0_i64));
    let mut before_address = Address::default();
    for door in doors {
        let now = [door.cell, door.ordinal, door.stop, door.place].map(i64::from);
        for (now, before) in now.iter().zip(before) {
            numbers.signed(now - before);
        }
        before = now;
        let Household { id, address, point, unit_count, control, .. } = &door.household;
        numbers.varint(u64::from(*unit_count) << 1 | u64::from(*control));
        numbers.varint(u64::from(door.source));
        numbers.varint(door.file);
        let (lat, lon) = point.to_e7();
        let at = (i64::from(lat), i64::from(lon));
        places.signed(at.0 - before_at.0);
        places.signed(at.1 - before_at.1);
        before_at = at;
        ids.raw(&id.to_bytes());
        texts.text(&address.house_number);
        texts.text(&address.unit);
        let repeated = [
            (&address.street, &before_address.street),
            (&address.town, &before_address.town),
            (&address.zip, &before_address.zip),
        ];
        for (now, before) in repeated {
            more_texts.byte(u8::from(now != before));
            if now != before {
                more_texts.text(now);
            }
        }
        before_address = address.clone();
    }
    streams.bytes(doors.len())
}

/// The doors in these bytes.
pub fn doors_of_bytes(campaign: CampaignId, bytes: &[u8]) -> Result<Vec<SnapshotDoor>, CodecError> {
    let body = body_of(bytes)?;
    let (count, mut streams) = streams_of(&body)?;
    let (mut before, mut at) = ([0_i64; 4], (0_i64, 0_i64));
    let mut address = Address::default();
    let mut doors = Vec::with_capacity(count);
    for _ in 0..count {
        let mut now = [0; 4];
        for (now, before) in now.iter_mut().zip(&mut before) {
            *before = before.wrapping_add(streams[NUMBERS].signed()?);
            *now = u32::try_from(*before)
                .map_err(|_| CodecError::Malformed { what: "number of a door" })?;
        }
        let units = streams[NUMBERS].varint()?;
        let source = streams[NUMBERS].varint_u32()?;
        let file = streams[NUMBERS].varint()?;
        at.0 = at.0.wrapping_add(streams[PLACES].signed()?);
        at.1 = at.1.wrapping_add(streams[PLACES].signed()?);
        address.house_number = streams[TEXTS].text()?;
        address.unit = streams[TEXTS].text()?;
        for part in [&mut address.street, &mut address.town, &mut address.zip] {
            if streams[MORE_TEXTS].byte()? != 0 {
                *part = streams[MORE_TEXTS].text()?;
            }
        }
        let [cell, ordinal, stop, place] = now;
        let household = Household {
            id: HouseholdId::from_bytes(streams[IDS].array()?),
            building: address.building(campaign),
            address: address.clone(),
            point: point(at)?,
            unit_count: u32::try_from(units >> 1)
                .map_err(|_| CodecError::Malformed { what: "unit count" })?,
            control: units & 1 == 1,
        };
        doors.push(SnapshotDoor { cell, ordinal, household, source, file, stop, place });
    }
    streams.into_iter().try_for_each(In::end)?;
    Ok(doors)
}

fn point((lat, lon): (i64, i64)) -> Result<Point, CodecError> {
    let malformed = CodecError::Malformed { what: "position" };
    let (Ok(lat), Ok(lon)) = (i32::try_from(lat), i32::try_from(lon)) else {
        return Err(malformed);
    };
    let point = Point::from_e7(lat, lon);
    Point::new(point.lat, point.lon).map_err(|_| malformed)
}

/// People as bytes; they should come in the order of their doors.
#[must_use]
pub fn people_to_bytes(people: &[SnapshotPerson]) -> Vec<u8> {
    let mut streams = Streams::default();
    let [numbers, places, ids, texts, more_texts] = &mut streams.0;
    let mut before = [0_i64; 2];
    for row in people {
        let person = &row.person;
        let now = [row.cell, row.ordinal].map(i64::from);
        for (now, before) in now.iter().zip(before) {
            places.signed(now - before);
        }
        before = now;
        places.varint(u64::from(row.member));
        numbers.byte(person.standing.bits());
        numbers.varint(u64::from(person.birth_year));
        numbers.varint(u64::from(row.source));
        numbers.varint(row.file);
        ids.raw(&person.id.to_bytes());
        texts.text(&person.given_name);
        texts.text(&person.family_name);
        for text in [&person.party, &person.phone, &person.email, &person.language] {
            more_texts.text(text);
        }
    }
    streams.bytes(people.len())
}

/// The people in these bytes. `household_at` gives the household's id by cell and ordinal.
pub fn people_of_bytes(
    bytes: &[u8],
    household_at: impl Fn(u32, u32) -> Option<HouseholdId>,
) -> Result<Vec<SnapshotPerson>, CodecError> {
    const MALFORMED: CodecError = CodecError::Malformed { what: "person" };
    let body = body_of(bytes)?;
    let (count, mut streams) = streams_of(&body)?;
    let mut before = [0_i64; 2];
    let mut people = Vec::with_capacity(count);
    for _ in 0..count {
        let mut now = [0; 2];
        for (now, before) in now.iter_mut().zip(&mut before) {
            *before = before.wrapping_add(streams[PLACES].signed()?);
            *now = u32::try_from(*before).map_err(|_| MALFORMED)?;
        }
        let [cell, ordinal] = now;
        let member = streams[PLACES].varint_u32()?;
        let standing = Standing::from_bits(streams[NUMBERS].byte()?);
        let birth_year = streams[NUMBERS].varint_u32()?;
        let source = streams[NUMBERS].varint_u32()?;
        let file = streams[NUMBERS].varint()?;
        let person = Person {
            id: PersonId::from_bytes(streams[IDS].array()?),
            household: household_at(cell, ordinal).ok_or(MALFORMED)?,
            given_name: streams[TEXTS].text()?,
            family_name: streams[TEXTS].text()?,
            birth_year,
            party: streams[MORE_TEXTS].text()?,
            phone: streams[MORE_TEXTS].text()?,
            email: streams[MORE_TEXTS].text()?,
            language: streams[MORE_TEXTS].text()?,
            standing,
        };
        people.push(SnapshotPerson { person, cell, ordinal, member, source, file });
    }
    streams.into_iter().try_for_each(In::end)?;
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn campaign() -> CampaignId {
        CampaignId::derive(&[b"c"])
    }

    prop_compose! {
        fn doors()(
            n: u64, numbers in any::<[u32; 5]>(), control: bool, file: u64,
            lat in 1_i32..900_000_000, lon in -1_800_000_000_i32..1_800_000_000,
            texts in proptest::array::uniform5(".{0,6}"),
        ) -> SnapshotDoor {
            let [house_number, street, unit, town, zip] = texts;
            let address = Address { house_number, street, unit, town, zip };
            let [cell, ordinal, stop, place, source] = numbers;
            let household = Household {
                id: HouseholdId::derive(&[&n.to_be_bytes()]),
                building: address.building(campaign()),
                address,
                point: Point::from_e7(lat, lon),
                unit_count: source,
                control,
            };
            SnapshotDoor { cell, ordinal, household, source, file, stop, place }
        }
    }

    prop_compose! {
        fn people()(
            n: u64, numbers in any::<[u32; 5]>(), standing in 0_u8..32, file: u64,
            texts in proptest::array::uniform6(".{0,6}"),
        ) -> SnapshotPerson {
            let [given_name, family_name, party, phone, email, language] = texts;
            let [cell, ordinal, member, birth_year, source] = numbers;
            let person = Person {
                id: PersonId::derive(&[&n.to_be_bytes()]),
                household: household_at(cell, ordinal),
                given_name, family_name, birth_year, party, phone, email, language,
                standing: Standing::from_bits(standing),
            };
            SnapshotPerson { person, cell, ordinal, member, source, file }
        }
    }

    fn household_at(cell: u32, ordinal: u32) -> HouseholdId {
        HouseholdId::derive(&[&cell.to_be_bytes(), &ordinal.to_be_bytes()])
    }

    #[test]
    fn a_count_that_the_ids_do_not_bear_out_is_refused() {
        let mut streams = Streams::default();
        streams.0[TEXTS].raw(&[0; 5_000]);
        let bytes = streams.bytes(5_000);
        let refused = CodecError::Malformed { what: "count of rows" };
        assert_eq!(doors_of_bytes(campaign(), &bytes), Err(refused));
        assert_eq!(people_of_bytes(&bytes, |_, _| None), Err(refused));
    }

    proptest! {
        #[test]
        fn rows_come_back(doors in vec(doors(), 0..20), people in vec(people(), 0..20)) {
            prop_assert_eq!(doors_of_bytes(campaign(), &doors_to_bytes(&doors)), Ok(doors));
            let read = people_of_bytes(&people_to_bytes(&people), |c, o| Some(household_at(c, o)));
            prop_assert_eq!(read, Ok(people));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300), body in vec(any::<u8>(), 0..300)) {
            let framed = [&[VERSION, 0xac, 0x02][..], &deflated(&body)].concat();
            for bytes in [bytes, framed] {
                let _ = doors_of_bytes(campaign(), &bytes);
                let _ = people_of_bytes(&bytes, |_, _| None);
            }
        }
    }
}
