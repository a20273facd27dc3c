//! `list-<id>.db`: reading it.
//!
//! Rows that a person sees are asked for with a [`Purpose`] and filtered by the stored verdict,
//! in `door_now`: the mirror with what this phone recorded since laid over it. What a single
//! household's changes mean is decided elsewhere, from the rows and events read here.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::canvass::{Eligibility, Purpose};
use crate::change::Event;
use crate::geometry::Point;
use crate::id::{
    BuildingId, CampaignId, CanvasserId, ChangeId, DeviceId, HouseholdId, ListId, PersonId,
    ScriptHash,
};
use crate::merge::{ClaimState, Digest, Projection};
use crate::store::error::{InFile, StoreError};
use crate::store::list_columns::{
    InOrder, access_of, address_of, door_columns, door_of, event_columns, event_of,
    household_columns, household_of, person_columns, person_of, point_of, rings,
};
use crate::store::list_db::{
    FILE, HouseholdRow, ListAbout, ListDb, PersonRow, SourceRow, StagedPart,
};
use crate::store::main_db::{from_sql, to_sql};
use crate::time::Timestamp;
use crate::walklist::{Access, Address, CanvassResult, Door, Progress};

/// The mirror, with what this phone recorded since laid over it.
const OVERLAY: &str = "
    CREATE TEMP TABLE overlay (
      household INTEGER PRIMARY KEY, mask INTEGER NOT NULL, people INTEGER NOT NULL,
      result INTEGER NOT NULL, knocks INTEGER NOT NULL, done INTEGER NOT NULL,
      contacted INTEGER NOT NULL, last_at INTEGER, house_number TEXT NOT NULL,
      street TEXT NOT NULL, unit TEXT NOT NULL, town TEXT NOT NULL, zip TEXT NOT NULL,
      access INTEGER NOT NULL
    ) STRICT;
    CREATE TEMP VIEW door_now AS
      SELECT h.num, h.id, h.building,
             coalesce(o.house_number, h.house_number) AS house_number,
             coalesce(o.street, h.street) AS street, coalesce(o.unit, h.unit) AS unit,
             coalesce(o.town, h.town) AS town, coalesce(o.zip, h.zip) AS zip,
             h.lat, h.lon, h.unit_count, h.stop, h.place,
             coalesce(o.mask, h.mask) AS mask, coalesce(o.people, h.people) AS people,
             coalesce(o.result, h.result) AS result, coalesce(o.knocks, h.knocks) AS knocks,
             coalesce(o.done, h.done) AS done, coalesce(o.contacted, h.contacted) AS contacted,
             coalesce(o.last_at, h.last_at) AS last_at, coalesce(o.access, h.access) AS access
      FROM main.household h LEFT JOIN temp.overlay o ON o.household = h.num;";

/// A door as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct DoorRow {
    /// Its number in this file.
    pub num: i64,
    /// The household behind it.
    pub id: HouseholdId,
    /// Its building.
    pub building: BuildingId,
    /// Its address.
    pub address: Address,
    /// Its position.
    pub point: Point,
    /// Dwellings behind the one door.
    pub unit_count: u32,
    /// The place of its stop in the walking order.
    pub stop: u32,
    /// Its place within the stop.
    pub place: u32,
    /// What lists and counts are made from.
    pub people: u32,
    /// The result that counts.
    pub result: Option<CanvassResult>,
    /// How often someone knocked.
    pub knocks: u32,
    /// Done with for now.
    pub done: bool,
    /// When someone last knocked.
    pub last_at: Option<Timestamp>,
    /// How it is reached.
    pub access: Access,
}

/// A stop as maps show it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StopRow {
    /// Its place in the walking order.
    pub stop: u32,
    /// Where it is.
    pub point: Point,
    /// Its doors.
    pub doors: u32,
    /// Of these, the doors that are done with for now.
    pub done: u32,
    /// Of these, the doors with something in the way.
    pub hindered: u32,
}

/// A version of the script as a list's file keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptRow {
    /// The hash of the version.
    pub hash: ScriptHash,
    /// Counts the versions.
    pub number: u32,
    /// The script, as JSON.
    pub json: String,
}

/// Where a page of doors begins: after this door of this stop.
pub type DoorPlace = (u32, u32);

impl ListDb {
    /// Prepares the connection for reading what stands now.
    pub fn begin_reading(&self) -> Result<(), StoreError> {
        self.0.execute_batch(OVERLAY).in_file(FILE)
    }

    /// Lays a household's present state over the mirror's.
    pub fn overlay(
        &self,
        num: i64,
        projection: &Projection,
        address: &Address,
    ) -> Result<(), StoreError> {
        let standing = &projection.standing;
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO temp.overlay
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    num,
                    projection.eligibility.mask(),
                    projection.people,
                    standing.result.map_or(0, CanvassResult::number),
                    standing.knocks,
                    standing.is_done(),
                    standing.contacted,
                    standing.last_at.map(Timestamp::seconds),
                    address.house_number,
                    address.street,
                    address.unit,
                    address.town,
                    address.zip,
                    projection.access.number(),
                ])
            })
            .in_file(FILE)
            .map(|_| ())
    }

    /// Removes everything laid over the mirror.
    pub fn clear_overlay(&self) -> Result<(), StoreError> {
        self.0.execute_batch("DELETE FROM temp.overlay").in_file(FILE)
    }

    /// What the file says about itself, and whether a first snapshot is in.
    pub fn about(&self) -> Result<Option<(ListAbout, bool)>, StoreError> {
        self.0
            .prepare_cached(
                "SELECT campaign, list, number, epoch, name, complete, share_key, outline
                 FROM about",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([], |row| {
                        let about = ListAbout {
                            campaign: CampaignId::from_bytes(row.get(0)?),
                            list: ListId::from_bytes(row.get(1)?),
                            number: row.get(2)?,
                            epoch: row.get(3)?,
                            name: row.get(4)?,
                            share_key: row.get(6)?,
                            outline: rings(row.get(7)?),
                        };
                        Ok((about, row.get(5)?))
                    })
                    .optional()
            })
            .in_file(FILE)
    }

    /// Doors that may be seen for `purpose`, in walking order, from after `after` on.
    pub fn doors(
        &self,
        purpose: Purpose,
        after: Option<DoorPlace>,
        limit: u32,
    ) -> Result<Vec<DoorRow>, StoreError> {
        let (stop, place) = after.map_or((-1, -1), |(s, p)| (i64::from(s), i64::from(p)));
        self.rows(
            concat!(
                "SELECT ",
                door_columns!(),
                " FROM door_now WHERE mask & ?1 AND (stop, place) > (?2, ?3)
                 ORDER BY stop, place LIMIT ?4"
            ),
            params![purpose.bit(), stop, place, limit],
            door_of,
        )
    }

    /// The first door that is still to be knocked on, in walking order.
    ///
    /// A door for which `is_offered` says no is passed over.
    pub fn next_door(
        &self,
        purpose: Purpose,
        is_offered: impl Fn(&DoorRow) -> bool,
    ) -> Result<Option<DoorRow>, StoreError> {
        let sql = concat!(
            "SELECT ",
            door_columns!(),
            " FROM door_now WHERE mask & ?1 AND NOT done ORDER BY stop, place"
        );
        let mut statement = self.0.prepare_cached(sql).in_file(FILE)?;
        let mut rows = statement.query([purpose.bit()]).in_file(FILE)?;
        while let Some(row) = rows.next().in_file(FILE)? {
            let door = door_of(row).in_file(FILE)?;
            if is_offered(&door) {
                return Ok(Some(door));
            }
        }
        Ok(None)
    }

    /// Who has claimed which door, in the order in which the claims of a door come.
    pub fn claims(&self) -> Result<BTreeMap<HouseholdId, Vec<ClaimState>>, StoreError> {
        let sql = "SELECT h.id, c.change, c.canvasser, c.at, c.seq FROM claim c
                   JOIN household h ON h.num = c.household ORDER BY c.household, c.place";
        let rows = self.rows(sql, [], |row| {
            let claim = ClaimState {
                change: ChangeId::from_bytes(&row.get(1)?),
                canvasser: CanvasserId::from_bytes(row.get(2)?),
                at: Timestamp::from_millis(row.get(3)?),
                cell_seq: Some(from_sql(row.get(4)?)),
            };
            Ok((HouseholdId::from_bytes(row.get(0)?), claim))
        })?;
        let mut claims: BTreeMap<HouseholdId, Vec<ClaimState>> = BTreeMap::new();
        for (household, claim) in rows {
            claims.entry(household).or_default().push(claim);
        }
        Ok(claims)
    }

    /// The doors of one stop that may be seen for `purpose`.
    pub fn doors_of_stop(&self, purpose: Purpose, stop: u32) -> Result<Vec<DoorRow>, StoreError> {
        self.rows(
            concat!(
                "SELECT ",
                door_columns!(),
                " FROM door_now WHERE mask & ?1 AND stop = ?2 ORDER BY place"
            ),
            params![purpose.bit(), stop],
            door_of,
        )
    }

    /// The doors of one building that may be seen for `purpose`.
    pub fn doors_of_building(
        &self,
        purpose: Purpose,
        building: BuildingId,
    ) -> Result<Vec<DoorRow>, StoreError> {
        self.rows(
            concat!(
                "SELECT ",
                door_columns!(),
                " FROM door_now WHERE mask & ?1 AND building = ?2 ORDER BY stop, place"
            ),
            params![purpose.bit(), building.to_bytes()],
            door_of,
        )
    }

    /// The stops with doors that may be seen for `purpose`, in walking order.
    pub fn stops(&self, purpose: Purpose) -> Result<Vec<StopRow>, StoreError> {
        // All doors of a stop are at one position.
        let sql = "SELECT stop, min(lat), min(lon), count(*), sum(done), sum(access <> 0)
                   FROM door_now WHERE mask & ?1 GROUP BY stop ORDER BY stop";
        self.rows(sql, [purpose.bit()], |row| {
            let row = &mut InOrder::of(row);
            Ok(StopRow {
                stop: row.get()?,
                point: point_of(row)?,
                doors: row.get()?,
                done: row.get()?,
                hindered: row.get()?,
            })
        })
    }

    /// The households that may be seen for `purpose` now.
    pub fn households_for(&self, purpose: Purpose) -> Result<Vec<HouseholdId>, StoreError> {
        let sql = "SELECT id FROM door_now WHERE mask & ?1 ORDER BY num";
        self.rows(sql, [purpose.bit()], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))
    }

    /// How far the list is walked.
    pub fn progress(&self) -> Result<Progress, StoreError> {
        let (count, walk) = (Purpose::Count.bit(), Purpose::Walk.bit());
        self.0
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE mask & ?2),
                        count(*) FILTER (WHERE mask & ?2 AND done),
                        count(*) FILTER (WHERE mask & ?2 AND contacted),
                        coalesce(sum(people) FILTER (WHERE mask & ?2), 0),
                        count(*) FILTER (WHERE NOT mask & ?2)
                 FROM door_now WHERE mask & ?1",
            )
            .and_then(|mut statement| {
                statement.query_row([count, walk], |row| {
                    Ok(Progress {
                        doors: row.get(0)?,
                        done: row.get(1)?,
                        contacted: row.get(2)?,
                        people: row.get(3)?,
                        apart: row.get(4)?,
                    })
                })
            })
            .in_file(FILE)
    }

    /// Households on which people disagree, with the number of their conflicts.
    pub fn conflicted(&self) -> Result<Vec<(HouseholdId, u32)>, StoreError> {
        let sql = "SELECT h.id, count(*) FROM conflict c JOIN household h ON h.num = c.household
                   WHERE h.mask & ?1 GROUP BY h.num ORDER BY h.num";
        self.rows(sql, [Purpose::View.bit()], |row| {
            Ok((HouseholdId::from_bytes(row.get(0)?), row.get(1)?))
        })
    }

    /// All versions of the script, the one in use last.
    pub fn scripts(&self) -> Result<Vec<ScriptRow>, StoreError> {
        self.rows("SELECT hash, number, json FROM script ORDER BY number", [], |row| {
            Ok(ScriptRow {
                hash: ScriptHash::from_bytes(row.get(0)?),
                number: row.get(1)?,
                json: row.get(2)?,
            })
        })
    }

    /// The names under which canvassers are shown.
    pub fn canvassers(&self) -> Result<Vec<(CanvasserId, String)>, StoreError> {
        self.rows("SELECT id, name FROM canvasser ORDER BY id", [], |row| {
            Ok((CanvasserId::from_bytes(row.get(0)?), row.get(1)?))
        })
    }

    /// For which purposes a door may be seen now.
    pub fn eligibility(&self, num: i64) -> Result<Option<Eligibility>, StoreError> {
        let sql = "SELECT mask FROM door_now WHERE num = ?1";
        self.lookup().first(sql, [num], |row| Ok(Eligibility::from_mask(row.get(0)?)))
    }

    /// Single households, their people and their events.
    #[must_use]
    pub const fn lookup(&self) -> ListRows<'_> {
        ListRows(&self.0)
    }

    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        rows(&self.0, sql, values, read)
    }
}

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

    fn first<T>(
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

fn rows<T>(
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
