//! `list-<id>.db`: the columns of its rows, and the domain's types made of them.
//!
//! Each list of columns stands beside the function that reads them in that order. Asks nothing
//! of the database.

use rusqlite::Row;

use crate::change::{Change, Event, EventMarks};
use crate::geometry::Point;
use crate::id::{BuildingId, CanvasserId, HouseholdId, PersonId};
use crate::store::list_db::{HouseholdRow, PersonRow};
use crate::store::list_read::DoorRow;
use crate::store::main_db::from_sql;
use crate::time::Timestamp;
use crate::walklist::{Access, Address, CanvassResult, Household, Person, Standing};

/// The columns that `household_of` reads, in its order.
macro_rules! household_columns {
    () => {
        "num, id, building, house_number, street, unit, town, zip, lat, lon, unit_count, control, \
         key, cell, ordinal, source, file, stop, place"
    };
}

/// The columns that `person_of` reads, in its order.
macro_rules! person_columns {
    () => {
        "num, id, given_name, family_name, birth_year, party, phone, email, language, standing, \
         key, member, source, file"
    };
}

/// The columns that `event_of` reads, in its order.
macro_rules! event_columns {
    () => {
        "change, seq, canvasser, effective, marks"
    };
}

/// The columns that `door_of` reads, in its order.
macro_rules! door_columns {
    () => {
        "num, id, building, house_number, street, unit, town, zip, lat, lon, unit_count, stop, \
         place, people, result, knocks, done, last_at, access"
    };
}

/// The columns of a row one after the other: to look each up by its name costs more than to
/// read it.
pub(super) struct InOrder<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> InOrder<'a> {
    pub(super) const fn of(row: &'a Row<'a>) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn get<T: rusqlite::types::FromSql>(&mut self) -> rusqlite::Result<T> {
        let at = self.next;
        self.next += 1;
        self.row.get(at)
    }
}

pub(super) fn address_of(row: &mut InOrder<'_>) -> rusqlite::Result<Address> {
    Ok(Address {
        house_number: row.get()?,
        street: row.get()?,
        unit: row.get()?,
        town: row.get()?,
        zip: row.get()?,
    })
}

pub(super) fn point_of(row: &mut InOrder<'_>) -> rusqlite::Result<Point> {
    Ok(Point::from_e7(row.get()?, row.get()?))
}

/// What a newer build wrote there is open to this one.
pub(super) fn access_of(row: &mut InOrder<'_>) -> rusqlite::Result<Access> {
    Ok(Access::from_number(row.get()?).unwrap_or_default())
}

pub(super) fn door_of(row: &Row<'_>) -> rusqlite::Result<DoorRow> {
    let row = &mut InOrder::of(row);
    Ok(DoorRow {
        num: row.get()?,
        id: HouseholdId::from_bytes(row.get()?),
        building: BuildingId::from_bytes(row.get()?),
        address: address_of(row)?,
        point: point_of(row)?,
        unit_count: row.get()?,
        stop: row.get()?,
        place: row.get()?,
        people: row.get()?,
        result: CanvassResult::from_number(row.get()?),
        knocks: row.get()?,
        done: row.get()?,
        last_at: row.get::<Option<i64>>()?.map(Timestamp::from_seconds),
        access: access_of(row)?,
    })
}

pub(super) fn household_of(row: &Row<'_>) -> rusqlite::Result<HouseholdRow> {
    let row = &mut InOrder::of(row);
    Ok(HouseholdRow {
        num: row.get()?,
        household: Household {
            id: HouseholdId::from_bytes(row.get()?),
            building: BuildingId::from_bytes(row.get()?),
            address: address_of(row)?,
            point: point_of(row)?,
            unit_count: row.get()?,
            control: row.get()?,
        },
        key: row.get()?,
        cell: row.get()?,
        ordinal: row.get()?,
        source: row.get()?,
        file: from_sql(row.get()?),
        stop: row.get()?,
        place: row.get()?,
    })
}

pub(super) fn person_of(
    row: &mut InOrder<'_>,
    household: HouseholdId,
) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        num: row.get()?,
        person: Person {
            id: PersonId::from_bytes(row.get()?),
            household,
            given_name: row.get()?,
            family_name: row.get()?,
            birth_year: row.get()?,
            party: row.get()?,
            phone: row.get()?,
            email: row.get()?,
            language: row.get()?,
            standing: Standing::from_bits(row.get()?),
        },
        key: row.get()?,
        member: row.get()?,
        source: row.get()?,
        file: from_sql(row.get()?),
    })
}

/// A stored event; nothing when a newer build wrote it in a way this one does not read.
pub(super) fn event_of(row: &Row<'_>) -> rusqlite::Result<Option<Event>> {
    let row = &mut InOrder::of(row);
    let bytes: Vec<u8> = row.get()?;
    let Ok(change) = Change::from_bytes(&bytes) else {
        return Ok(None);
    };
    Ok(Some(Event {
        cell_seq: from_sql(row.get()?),
        canvasser: CanvasserId::from_bytes(row.get()?),
        effective: Timestamp::from_millis(row.get()?),
        marks: EventMarks(row.get()?),
        change,
    }))
}

/// The rings that a file holds as text; none where it holds nothing that is one.
pub(super) fn rings(outline: Option<String>) -> Vec<Vec<Point>> {
    outline.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

pub(super) use {door_columns, event_columns, household_columns, person_columns};
