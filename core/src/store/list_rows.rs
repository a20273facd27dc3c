//! `list-<id>.db`: what readers and writers alike look up: single households, their people and
//! their events, and what the file says of itself.
//!
//! Nothing here is filtered by a purpose: what a person sees is read in `list_read`.

use rusqlite::{OptionalExtension, Row, params};

use crate::canvass::Purpose;
use crate::change::Event;
use crate::geometry::Point;
use crate::id::{BuildingId, ChangeId, DeviceId, HouseholdId, PersonId};
use crate::merge::Digest;
use crate::store::error::{InFile, StoreError};
use crate::store::list_columns::{
    InOrder, access_of, address_of, event_columns, event_of, household_columns, household_of,
    person_columns, person_of, point_of,
};
use crate::store::list_db::{FILE, HouseholdRow, PersonRow, SourceRow, StagedPart};
use crate::store::main_db::{from_sql, to_sql};
use crate::walklist::Door;
/// What readers and writers alike look up: single households, their people, their events.
#[derive(Clone, Copy)]
pub struct ListRows<'a>(pub(super) &'a rusqlite::Connection);

impl ListRows<'_> {
    /// A household by id.
    pub fn household(&self, id: HouseholdId) -> Result<Option<HouseholdRow>, StoreError> {
        let sql = concat!("SELECT ", household_columns!(), " FROM household WHERE id = ?1");
        self.first(sql, [id.to_bytes()], household_of)
    }

    /// A household by its number in this file.
    pub fn household_num(&self, num: i64) -> Result<Option<HouseholdRow>, StoreError> {
        let sql = concat!("SELECT ", household_columns!(), " FROM household WHERE num = ?1");
        self.first(sql, [num], household_of)
    }

    /// A household by the number the server gave it.
    pub fn household_at(
        &self,
        cell: u32,
        ordinal: u32,
    ) -> Result<Option<HouseholdRow>, StoreError> {
        let sql = concat!(
            "SELECT ",
            household_columns!(),
            " FROM household WHERE cell = ?1 AND ordinal = ?2"
        );
        self.first(sql, [cell, ordinal], household_of)
    }

    /// The people of a household whom files know.
    pub fn people(&self, household: &HouseholdRow) -> Result<Vec<PersonRow>, StoreError> {
        let sql = concat!(
            "SELECT ",
            person_columns!(),
            " FROM person WHERE household = ?1 ORDER BY member"
        );
        let id = household.household.id;
        rows(self.0, sql, [household.num], |row| person_of(&mut InOrder::of(row), id))
    }

    /// A person by id, at the household they belong to now, with its number in this file.
    pub fn person(&self, id: PersonId) -> Result<Option<(i64, PersonRow)>, StoreError> {
        let sql = concat!(
            "SELECT household, (SELECT h.id FROM household h WHERE h.num = household), ",
            person_columns!(),
            " FROM person WHERE id = ?1 ORDER BY num"
        );
        let people = rows(self.0, sql, [id.to_bytes()], |row| {
            let mut row = InOrder::of(row);
            let (num, household) = (row.get()?, HouseholdId::from_bytes(row.get()?));
            Ok((num, person_of(&mut row, household)?))
        })?;
        Ok(people.into_iter().find(|(_, row)| !row.person.standing.moved))
    }

    /// The household that a doors file calls by this key.
    pub fn household_of_key(&self, key: &str) -> Result<Option<HouseholdId>, StoreError> {
        let sql = "SELECT id FROM household WHERE key = ?1 AND key <> ''";
        self.first(sql, [key], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))
    }

    /// The only household at this address, by its matching key.
    pub fn household_at_address(&self, key: &str) -> Result<Option<HouseholdId>, StoreError> {
        let sql = "SELECT id FROM household WHERE address_key = ?1 AND address_key <> '' LIMIT 2";
        let found = rows(self.0, sql, [key], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))?;
        Ok(found.first().copied().filter(|_| found.len() == 1))
    }

    /// The position and the cell of every household.
    pub fn places(&self) -> Result<Vec<(Point, u32)>, StoreError> {
        let sql = "SELECT lat, lon, cell FROM household ORDER BY cell, ordinal";
        rows(self.0, sql, [], |row| Ok((Point::from_e7(row.get(0)?, row.get(1)?), row.get(2)?)))
    }

    /// Every door, for grouping into stops.
    pub fn doors_to_order(&self, purpose: Purpose) -> Result<Vec<Door>, StoreError> {
        let sql = "SELECT id, building, house_number, street, unit, town, zip, lat, lon, access
                   FROM household WHERE mask & ?1 ORDER BY num";
        rows(self.0, sql, [purpose.bit()], |row| {
            let row = &mut InOrder::of(row);
            Ok(Door {
                household: HouseholdId::from_bytes(row.get()?),
                building: BuildingId::from_bytes(row.get()?),
                address: address_of(row)?,
                point: point_of(row)?,
                access: access_of(row)?,
            })
        })
    }

    /// The sequenced events of a household, in the order of their cell.
    pub fn events(&self, household: i64) -> Result<Vec<Event>, StoreError> {
        let sql = concat!(
            "SELECT ",
            event_columns!(),
            " FROM event WHERE household = ?1 ORDER BY cell, seq"
        );
        let events = rows(self.0, sql, [household], event_of)?;
        Ok(events.into_iter().flatten().collect())
    }

    /// Whether a change has come down as an event.
    pub fn has_event(&self, id: ChangeId) -> Result<bool, StoreError> {
        let sql =
            concat!("SELECT ", event_columns!(), " FROM event WHERE author = ?1 AND number = ?2");
        let key = params![id.device.to_bytes(), to_sql(id.seq)];
        let events = rows(self.0, sql, key, event_of)?;
        Ok(events.into_iter().flatten().any(|event| event.change.id == id))
    }

    /// The number of every household in this file, by its id.
    pub fn household_ids(&self) -> Result<Vec<(HouseholdId, i64)>, StoreError> {
        rows(self.0, "SELECT id, num FROM household", [], |row| {
            Ok((HouseholdId::from_bytes(row.get(0)?), row.get(1)?))
        })
    }

    /// Households that events speak of, by number.
    pub fn households_with_events(&self) -> Result<Vec<HouseholdId>, StoreError> {
        let sql = "SELECT DISTINCT h.id FROM event e JOIN household h ON h.num = e.household
                   ORDER BY h.num";
        rows(self.0, sql, [], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))
    }

    /// All households by number.
    pub fn household_nums(&self) -> Result<Vec<i64>, StoreError> {
        rows(self.0, "SELECT num FROM household ORDER BY num", [], |row| row.get(0))
    }

    /// All import sources.
    pub fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        rows(self.0, "SELECT num, name, device, files FROM source ORDER BY num", [], |row| {
            Ok(SourceRow {
                num: row.get(0)?,
                name: row.get(1)?,
                device: DeviceId::from_bytes(row.get(2)?),
                files: from_sql(row.get(3)?),
            })
        })
    }

    /// The parts of the server's answer that are kept so far, in their order.
    pub fn staged(&self) -> Result<Vec<StagedPart>, StoreError> {
        rows(self.0, "SELECT kind, rows, cell, upto, body FROM staged ORDER BY num", [], |row| {
            Ok(StagedPart {
                kind: row.get(0)?,
                rows: row.get(1)?,
                cell: row.get(2)?,
                upto: from_sql(row.get(3)?),
                body: row.get(4)?,
            })
        })
    }

    /// The content of the parts of one kind that are kept so far.
    pub fn staged_of(&self, kind: u8) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT body FROM staged WHERE kind = ?1 ORDER BY num";
        rows(self.0, sql, [kind], |row| row.get(0))
    }

    /// Each cell of the doors that are here, with the number up to which its visible events are.
    pub fn shown_cursors(&self) -> Result<Vec<(u32, u64)>, StoreError> {
        let sql = "SELECT DISTINCT h.cell, coalesce(c.cursor, 0) FROM household h
                   LEFT JOIN cell c ON c.cell = h.cell ORDER BY h.cell";
        rows(self.0, sql, [], |row| Ok((row.get(0)?, from_sql(row.get(1)?))))
    }

    /// Each cell with the number up to which its visible events are in.
    pub fn cursors(&self) -> Result<Vec<(u32, u64)>, StoreError> {
        rows(self.0, "SELECT cell, cursor FROM cell ORDER BY cell", [], |row| {
            Ok((row.get(0)?, from_sql(row.get(1)?)))
        })
    }

    /// The numbers of the first `limit` households after this one.
    pub fn household_nums_after(&self, num: i64, limit: u32) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT num FROM household WHERE num > ?1 ORDER BY num LIMIT ?2";
        rows(self.0, sql, params![num, limit], |row| row.get(0))
    }

    /// Up to which household, by number, the doors have been looked through.
    pub fn audited(&self) -> Result<i64, StoreError> {
        Ok(self.first("SELECT audited FROM about", [], |row| row.get(0))?.unwrap_or(0))
    }

    /// The digest kept of a household.
    pub fn digest_of(&self, num: i64) -> Result<Digest, StoreError> {
        let sql = "SELECT digest FROM household WHERE num = ?1";
        let digest = self.first(sql, [num], |row| Ok(Digest::from_bytes(row.get(0)?)))?;
        Ok(digest.unwrap_or_default())
    }

    /// Every household's place, by cell and ordinal, with its digest.
    pub fn digests(&self) -> Result<Vec<(u32, u32, Digest)>, StoreError> {
        let sql = "SELECT cell, ordinal, digest FROM household";
        rows(self.0, sql, [], |row| Ok((row.get(0)?, row.get(1)?, Digest::from_bytes(row.get(2)?))))
    }

    /// The digest of everything in the file that has been sequenced.
    pub fn digest(&self) -> Result<Digest, StoreError> {
        let digests = rows(self.0, "SELECT digest FROM household", [], |row| {
            Ok(Digest::from_bytes(row.get(0)?))
        })?;
        Ok(digests.into_iter().sum())
    }

    /// The next free ordinal of a cell.
    pub fn next_ordinal(&self, cell: u32) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(ordinal) + 1, 0) FROM household WHERE cell = ?1";
        Ok(self.first(sql, [cell], |row| row.get(0))?.unwrap_or(0))
    }

    /// The next free number of a person within a household.
    pub fn next_member(&self, household: i64) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(member) + 1, 1) FROM person WHERE household = ?1";
        Ok(self.first(sql, [household], |row| row.get(0))?.unwrap_or(1))
    }

    /// The next free number in a cell's sequence: only where there is no server to give it.
    pub fn next_cell_seq(&self, cell: u32) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(seq) + 1, 1) FROM event WHERE cell = ?1";
        Ok(self.first(sql, [cell], |row| row.get(0).map(from_sql))?.unwrap_or(1))
    }

    pub(super) fn first<T>(
        self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.0
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, read).optional())
            .in_file(FILE)
    }
}

pub(super) fn rows<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    values: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).in_file(FILE)?;
    let rows = statement.query_map(values, read).in_file(FILE)?;
    rows.collect::<rusqlite::Result<_>>().in_file(FILE)
}

/// The device of an import source, by the source's number in a file.
#[must_use]
pub fn source_device(sources: &[SourceRow], num: i64) -> Option<DeviceId> {
    sources.iter().find(|source| source.num == num).map(|source| source.device)
}
