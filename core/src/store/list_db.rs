//! `list-<id>.db`: one walk list, a mirror of what the campaign knows. Writing it.
//!
//! A pull and an import touch only this file. Rows in and out; the meaning of events, and what
//! a door's projection is, come from outside.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::change::{Change, Event};
use crate::geometry::Point;
use crate::id::{CampaignId, CanvasserId, ConflictId, DeviceId, ListId, ScriptHash};
use crate::merge::{ClaimState, Digest, Projection};
use crate::seal::Key;
use crate::store::Directory;
use crate::store::database::{self, Migrations};
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::store::list_rows::ListRows;
use crate::store::main_db::{from_sql, to_sql};
use crate::time::Timestamp;
use crate::walklist::{CanvassResult, Household, Person, Standing};

pub(super) const MIGRATIONS: Migrations = Migrations { file: StoreFile::List, steps: &STEPS };
const STEPS: [&str; 5] = [
    include_str!("sql/list_001.sql"),
    include_str!("sql/list_002.sql"),
    include_str!("sql/list_003.sql"),
    include_str!("sql/list_004.sql"),
    include_str!("sql/list_005.sql"),
];
/// Tables whose rows are about one household each.
const TABLES_OF_DOORS: [&str; 5] = ["claim", "follow_up", "conflict", "event", "person"];
pub(super) const FILE: StoreFile = StoreFile::List;

/// The open file of one list.
pub struct ListDb(pub(super) Connection);

/// What a list's file says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ListAbout {
    /// The campaign.
    pub campaign: CampaignId,
    /// The list.
    pub list: ListId,
    /// Its number within the campaign.
    pub number: u32,
    /// Counts how often it was cut anew.
    pub epoch: u32,
    /// Its name.
    pub name: String,
    /// The key that its holders share; nothing in a campaign without a server.
    pub share_key: Option<[u8; 32]>,
    /// The rings of its turf's outline, the outer one first; none where it is not known.
    pub outline: Vec<Vec<Point>>,
}

/// A household as a list's file keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdRow {
    /// Its number in this file, 0 before it is inserted.
    pub num: i64,
    /// The household.
    pub household: Household,
    /// The source's own key for it; empty in a list from a server.
    pub key: String,
    /// Its cell.
    pub cell: u32,
    /// Its ordinal within the cell.
    pub ordinal: u32,
    /// The source that brought it, by its number in this file.
    pub source: i64,
    /// That source's file, by its number.
    pub file: u64,
    /// The place of its stop in the walking order.
    pub stop: u32,
    /// Its place within the stop.
    pub place: u32,
}

/// A person as a list's file keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Their number in this file, 0 before they are inserted.
    pub num: i64,
    /// The person.
    pub person: Person,
    /// The source's own key for them; empty in a list from a server.
    pub key: String,
    /// Their number within the household.
    pub member: u32,
    /// The source that brought them, by its number in this file.
    pub source: i64,
    /// That source's file, by its number.
    pub file: u64,
}

/// An import source as a list's file keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Its number in this file.
    pub num: i64,
    /// Its name.
    pub name: String,
    /// The device id under which its files are authors.
    pub device: DeviceId,
    /// Files accepted so far.
    pub files: u64,
}

/// A part of the server's answer, kept until the answer is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedPart {
    /// What kind of part it is.
    pub kind: u8,
    /// How many rows it holds.
    pub rows: u32,
    /// The cell, for a page of events.
    pub cell: u32,
    /// The cell's number up to which the page speaks.
    pub upto: u64,
    /// Its content.
    pub body: Vec<u8>,
}

impl ListDb {
    /// Opens the file (made if it is absent) and brings it to the newest version.
    ///
    /// `check` looks at every page: after the engine was cut short.
    pub fn open(
        directory: &Directory,
        list: ListId,
        key: &Key,
        check: bool,
    ) -> Result<Self, StoreError> {
        let connection = database::open(&directory.list_db(list), key, &MIGRATIONS)?;
        if check {
            database::check(&connection, FILE)?;
        }
        Ok(Self(connection))
    }

    /// Whether something was erased, and earlier copies of it may be left.
    pub fn has_remains(&self) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM about WHERE has_remains";
        self.0.query_row(sql, [], |row| row.get(0)).in_file(FILE)
    }

    /// Writes the file anew without what was erased in it, its log included; nothing to do when
    /// nothing was.
    pub fn drop_remains(&self) -> Result<(), StoreError> {
        if self.has_remains()? {
            database::compact(&self.0, FILE)?;
            self.0.execute("UPDATE about SET has_remains = 0", []).in_file(FILE)?;
        }
        Ok(())
    }

    /// Begins to write. What is not committed is as if it had never been.
    pub fn write(&mut self) -> Result<ListWriter<'_>, StoreError> {
        let transaction =
            self.0.transaction_with_behavior(TransactionBehavior::Immediate).in_file(FILE)?;
        Ok(ListWriter(transaction))
    }
}

/// A transaction on a list's file.
pub struct ListWriter<'a>(pub(super) Transaction<'a>);

impl ListWriter<'_> {
    /// Makes what was written durable.
    pub fn commit(self) -> Result<(), StoreError> {
        self.0.commit().in_file(FILE)
    }

    pub(super) fn execute(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<usize, StoreError> {
        self.0.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).in_file(FILE)
    }

    /// Says which list this is; `complete` once its first snapshot is in.
    pub fn put_about(&self, about: &ListAbout, complete: bool) -> Result<(), StoreError> {
        let ListAbout { campaign, list, number, epoch, name, share_key, outline } = about;
        let outline = serde_json::to_string(outline).unwrap_or_default();
        let (campaign, list) = (campaign.to_bytes(), list.to_bytes());
        self.execute(
            "INSERT OR REPLACE INTO about VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7,
               coalesce((SELECT has_remains FROM about), 0), 0, ?8)",
            params![campaign, list, number, epoch, name, share_key, complete, outline],
        )
        .map(|_| ())
    }

    /// Notes that earlier copies of what was erased may be left in the file.
    pub fn note_remains(&self) -> Result<(), StoreError> {
        self.execute("UPDATE about SET has_remains = 1", []).map(|_| ())
    }

    /// Notes that what is here is to be fetched anew.
    pub fn forget_epoch(&self) -> Result<(), StoreError> {
        self.execute("UPDATE about SET epoch = 0", []).map(|_| ())
    }

    /// Removes households, people and events, so that a new snapshot can take their place.
    /// Unsent work is not in this file.
    pub fn clear(&self) -> Result<(), StoreError> {
        self.0
            .execute_batch(
                "DELETE FROM claim; DELETE FROM follow_up; DELETE FROM conflict; DELETE FROM event; DELETE FROM person;
                 DELETE FROM household; DELETE FROM source; DELETE FROM cell;",
            )
            .in_file(FILE)
    }

    /// Removes the household of this number with its people, events and conflicts.
    pub fn remove_household(&self, cell: u32, ordinal: u32) -> Result<(), StoreError> {
        let Some(row) = self.rows().household_at(cell, ordinal)? else {
            return Ok(());
        };
        for table in TABLES_OF_DOORS {
            self.execute(&format!("DELETE FROM {table} WHERE household = ?1"), [row.num])?;
        }
        self.execute("DELETE FROM household WHERE num = ?1", [row.num]).map(|_| ())
    }

    /// Removes what a household left behind that is gone without it: another one may get its
    /// number.
    pub fn remove_orphans(&self) -> Result<(), StoreError> {
        for table in TABLES_OF_DOORS {
            let sql = format!(
                "DELETE FROM {table}
                 WHERE household <> 0 AND household NOT IN (SELECT num FROM household)"
            );
            self.execute(&sql, [])?;
        }
        Ok(())
    }

    /// Removes one event, whatever it is.
    pub fn remove_event(&self, cell: u32, seq: u64) -> Result<(), StoreError> {
        self.execute("DELETE FROM event WHERE cell = ?1 AND seq = ?2", params![cell, to_sql(seq)])
            .map(|_| ())
    }

    /// Notes up to which household, by number, the doors have been looked through.
    pub fn put_audited(&self, num: i64) -> Result<(), StoreError> {
        self.execute("UPDATE about SET audited = ?1 WHERE audited <> ?1", [num]).map(|_| ())
    }

    /// Notes that one more of a source's files has been accepted.
    pub fn put_source_files(&self, name: &str, files: u64) -> Result<(), StoreError> {
        self.execute("UPDATE source SET files = ?2 WHERE name = ?1", params![name, to_sql(files)])
            .map(|_| ())
    }

    /// The source of this name, added if it is new.
    pub fn source(&self, name: &str, device: DeviceId) -> Result<SourceRow, StoreError> {
        self.execute(
            "INSERT OR IGNORE INTO source (name, device, files) VALUES (?1, ?2, 0)",
            params![name, device.to_bytes()],
        )?;
        self.0
            .prepare_cached("SELECT num, name, device, files FROM source WHERE device = ?1")
            .and_then(|mut statement| {
                statement.query_row([device.to_bytes()], |row| {
                    Ok(SourceRow {
                        num: row.get(0)?,
                        name: row.get(1)?,
                        device: DeviceId::from_bytes(row.get(2)?),
                        files: from_sql(row.get(3)?),
                    })
                })
            })
            .in_file(FILE)
    }

    /// Keeps a source as the server numbers it.
    pub fn put_source(&self, source: &SourceRow) -> Result<(), StoreError> {
        let SourceRow { num, name, device, files } = source;
        self.execute(
            "INSERT OR REPLACE INTO source VALUES (?1, ?2, ?3, ?4)",
            params![num, name, device.to_bytes(), to_sql(*files)],
        )
        .map(|_| ())
    }

    /// Adds a household with its first projection; gives its number in this file.
    pub fn add_household(
        &self,
        row: &HouseholdRow,
        projection: &Projection,
        digest: Digest,
    ) -> Result<i64, StoreError> {
        let Household { id, building, address, point, unit_count, control } = &row.household;
        let (lat, lon) = point.to_e7();
        let standing = &projection.standing;
        // A list from a server is never imported into: it needs no key to look addresses up by.
        let address_key = if row.key.is_empty() { String::new() } else { address.matching_key() };
        self.execute(
            "INSERT INTO household VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
               ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
            params![
                id.to_bytes(),
                row.key,
                address_key,
                row.cell,
                row.ordinal,
                building.to_bytes(),
                address.house_number,
                address.street,
                address.unit,
                address.town,
                address.zip,
                lat,
                lon,
                unit_count,
                control,
                row.source,
                to_sql(row.file),
                row.stop,
                row.place,
                projection.eligibility.mask(),
                projection.people,
                standing.result.map_or(0, CanvassResult::number),
                standing.knocks,
                standing.is_done(),
                standing.contacted,
                standing.last_at.map(Timestamp::seconds),
                digest.to_bytes(),
                projection.access.number(),
            ],
        )?;
        Ok(self.0.last_insert_rowid())
    }

    /// Changes what the files say of a household.
    pub fn update_household(&self, num: i64, household: &Household) -> Result<(), StoreError> {
        let Household { building, address, point, unit_count, control, .. } = household;
        let (lat, lon) = point.to_e7();
        self.execute(
            "UPDATE household SET building = ?2, house_number = ?3, street = ?4, unit = ?5,
               town = ?6, zip = ?7, lat = ?8, lon = ?9, unit_count = ?10, control = ?11,
               address_key = CASE key WHEN '' THEN '' ELSE ?12 END
             WHERE num = ?1",
            params![
                num,
                building.to_bytes(),
                address.house_number,
                address.street,
                address.unit,
                address.town,
                address.zip,
                lat,
                lon,
                unit_count,
                control,
                address.matching_key(),
            ],
        )
        .map(|_| ())
    }

    /// Adds a person.
    pub fn add_person(&self, household: i64, row: &PersonRow) -> Result<(), StoreError> {
        let person = &row.person;
        self.execute(
            "INSERT INTO person VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
               ?13, ?14)",
            params![
                person.id.to_bytes(),
                household,
                row.key,
                row.member,
                person.given_name,
                person.family_name,
                person.birth_year,
                person.party,
                person.phone,
                person.email,
                person.language,
                person.standing.bits(),
                row.source,
                to_sql(row.file),
            ],
        )
        .map(|_| ())
    }

    /// Changes what the files say of a person. Phone number and e-mail stay as first given:
    /// later ones are events.
    pub fn update_person(&self, num: i64, person: &Person) -> Result<(), StoreError> {
        self.execute(
            "UPDATE person SET given_name = ?2, family_name = ?3, birth_year = ?4, party = ?5,
               language = ?6, standing = ?7 WHERE num = ?1",
            params![
                num,
                person.given_name,
                person.family_name,
                person.birth_year,
                person.party,
                person.language,
                person.standing.bits(),
            ],
        )
        .map(|_| ())
    }

    /// Overwrites what is known of a person; their row stays, so that numbers mean the same.
    pub fn erase_person(&self, num: i64, standing: Standing) -> Result<(), StoreError> {
        let sql = "UPDATE person SET key = '', given_name = '', family_name = '', birth_year = 0,
                     party = '', phone = '', email = '', language = '', standing = ?2
                   WHERE num = ?1";
        self.execute(sql, params![num, standing.bits()]).map(|_| ())
    }

    /// Overwrites what an event said.
    pub fn replace_event(&self, cell: u32, seq: u64, change: &Change) -> Result<(), StoreError> {
        let sql = "UPDATE event SET change = ?3 WHERE cell = ?1 AND seq = ?2";
        self.execute(sql, params![cell, to_sql(seq), change.to_bytes()]).map(|_| ())
    }

    /// Adds an event; one that is there already is told by `false`.
    pub fn add_event(
        &self,
        cell: u32,
        household: Option<i64>,
        event: &Event,
    ) -> Result<bool, StoreError> {
        let change: &Change = &event.change;
        self.execute(
            "INSERT OR IGNORE INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                cell,
                to_sql(event.cell_seq),
                household.unwrap_or(0),
                event.canvasser.to_bytes(),
                event.effective.millis(),
                event.marks.0,
                change.id.device.to_bytes(),
                to_sql(change.id.seq),
                change.to_bytes(),
            ],
        )
        .map(|rows| rows > 0)
    }

    /// Notes that every visible event of a cell up to `seq` is in.
    pub fn put_cursor(&self, cell: u32, seq: u64) -> Result<(), StoreError> {
        self.execute("INSERT OR REPLACE INTO cell VALUES (?1, ?2)", params![cell, to_sql(seq)])
            .map(|_| ())
    }

    /// Keeps what a household's changes amount to.
    pub fn put_state(
        &self,
        num: i64,
        projection: &Projection,
        digest: Digest,
        conflicts: impl IntoIterator<Item = ConflictId>,
    ) -> Result<(), StoreError> {
        let standing = &projection.standing;
        self.execute(
            "UPDATE household SET mask = ?2, people = ?3, result = ?4, knocks = ?5, done = ?6,
               contacted = ?7, last_at = ?8, digest = ?9, access = ?10 WHERE num = ?1",
            params![
                num,
                projection.eligibility.mask(),
                projection.people,
                standing.result.map_or(0, CanvassResult::number),
                standing.knocks,
                standing.is_done(),
                standing.contacted,
                standing.last_at.map(Timestamp::seconds),
                digest.to_bytes(),
                projection.access.number(),
            ],
        )?;
        self.execute("DELETE FROM conflict WHERE household = ?1", [num])?;
        for conflict in conflicts {
            self.execute(
                "INSERT OR REPLACE INTO conflict VALUES (?1, ?2)",
                params![conflict.to_bytes(), num],
            )?;
        }
        Ok(())
    }

    /// Keeps who has claimed a door.
    pub fn put_claims(&self, num: i64, claims: &[ClaimState]) -> Result<(), StoreError> {
        self.execute("DELETE FROM claim WHERE household = ?1", [num])?;
        for (place, claim) in (0_u32..).zip(claims) {
            self.execute(
                "INSERT INTO claim VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    num,
                    place,
                    claim.change.to_bytes(),
                    claim.canvasser.to_bytes(),
                    claim.at.millis(),
                    to_sql(claim.cell_seq.unwrap_or(0)),
                ],
            )?;
        }
        Ok(())
    }

    /// Puts a household at its place in the walking order.
    pub fn put_order(&self, num: i64, stop: u32, place: u32) -> Result<(), StoreError> {
        self.execute(
            "UPDATE household SET stop = ?2, place = ?3 WHERE num = ?1",
            params![num, stop, place],
        )
        .map(|_| ())
    }

    /// Numbers the stops anew: these come first, in this order, the others after them as they
    /// stood.
    pub fn renumber_stops(&self, first: &[u32]) -> Result<(), StoreError> {
        self.execute(
            "CREATE TEMP TABLE IF NOT EXISTS new_stop (old INTEGER PRIMARY KEY, new INTEGER) STRICT",
            [],
        )?;
        self.execute("DELETE FROM temp.new_stop", [])?;
        for (new, old) in (0_u32..).zip(first) {
            self.execute("INSERT OR IGNORE INTO temp.new_stop VALUES (?1, ?2)", [old, &new])?;
        }
        self.execute(
            "INSERT INTO temp.new_stop
             SELECT stop, ?1 + row_number() OVER (ORDER BY stop) - 1
             FROM (SELECT DISTINCT stop FROM main.household)
             WHERE stop NOT IN (SELECT old FROM temp.new_stop)",
            [i64::try_from(first.len()).unwrap_or(i64::MAX)],
        )?;
        self.execute(
            "UPDATE household SET stop = (SELECT new FROM temp.new_stop WHERE old = stop)",
            [],
        )
        .map(|_| ())
    }

    /// Adds a version of the script; the one with the greatest number is in use.
    pub fn put_script(&self, hash: ScriptHash, number: u32, json: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO script VALUES (?1, ?2, ?3)",
            params![hash.to_bytes(), number, json],
        )
        .map(|_| ())
    }

    /// Keeps the name under which a canvasser is shown.
    pub fn put_canvasser(&self, id: CanvasserId, name: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO canvasser VALUES (?1, ?2)",
            params![id.to_bytes(), name],
        )
        .map(|_| ())
    }

    /// Keeps a part of the server's answer.
    pub fn stage(&self, part: &StagedPart) -> Result<(), StoreError> {
        let StagedPart { kind, rows, cell, upto, body } = part;
        self.execute(
            "INSERT INTO staged VALUES (NULL, ?1, ?2, ?3, ?4, ?5)",
            params![kind, rows, cell, to_sql(*upto), body],
        )
        .map(|_| ())
    }

    /// Drops the parts kept so far except those of this kind: the answer begins anew.
    pub fn clear_staged_but(&self, kind: u8) -> Result<(), StoreError> {
        self.execute("DELETE FROM staged WHERE kind <> ?1", [kind]).map(|_| ())
    }

    /// Drops the parts kept so far: applied, or of an answer that will not be completed.
    pub fn clear_staged(&self) -> Result<(), StoreError> {
        self.execute("DELETE FROM staged", []).map(|_| ())
    }

    /// What is in the file, this transaction's own writes included.
    #[must_use]
    pub fn rows(&self) -> ListRows<'_> {
        ListRows(&self.0)
    }
}
