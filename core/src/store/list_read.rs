//! `list-<id>.db`: reading it.
//!
//! Rows that a person sees are asked for with a [`Purpose`] and filtered by the stored verdict,
//! in `door_now`: the mirror with what this phone recorded since laid over it. What a single
//! household's changes mean is decided elsewhere, from the rows and events read here.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::canvass::{Eligibility, Purpose};
use crate::geometry::Point;
use crate::id::{BuildingId, CampaignId, CanvasserId, ChangeId, HouseholdId, ListId, ScriptHash};
use crate::merge::{ClaimState, Projection};
use crate::store::error::{InFile, StoreError};
use crate::store::list_columns::{InOrder, door_columns, door_of, point_of, rings};
use crate::store::list_db::{FILE, ListAbout, ListDb};
use crate::store::list_rows::{ListRows, rows};
use crate::store::main_db::from_sql;
use crate::time::Timestamp;
use crate::walklist::{Access, Address, CanvassResult, Progress};

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
