//! Rows into domain values and back: households, people, events.

use canvass_core::change::{Body, Change, Event, EventMarks, MemberRef};
use canvass_core::geometry::Point;
use canvass_core::id::{
    BuildingId, CampaignId, CanvasserId, ChangeId, DeviceId, HouseholdId, PersonId,
};
use canvass_core::merge::{
    Digest, HouseholdState, ImportedValue, Projection, Write, first_values, fold, rows_digest,
};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{Access, Address, Household, Person, Standing};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::error::Error;

/// A household as the backend keeps it.
#[derive(Clone, Debug)]
pub(super) struct HouseholdRow {
    pub(super) household: Household,
    pub(super) key: String,
    pub(super) cell: u32,
    pub(super) ordinal: u32,
    pub(super) source: u32,
    pub(super) file: u64,
    /// How it is reached now.
    pub(super) access: Access,
}

/// A person as the backend keeps them.
#[derive(Clone, Debug)]
pub(super) struct PersonRow {
    pub(super) person: Person,
    pub(super) key: String,
    pub(super) member: u32,
    pub(super) source: u32,
    pub(super) file: u64,
}

/// A household with its people and all that was written to it.
pub(super) struct Door {
    pub(super) row: HouseholdRow,
    pub(super) people: Vec<PersonRow>,
    pub(super) writes: Vec<Write>,
}

/// An import source.
#[derive(Clone, Debug)]
pub(super) struct SourceRow {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) device: DeviceId,
    pub(super) files: u64,
}

/// Sequence numbers and counters stay far below 2^63.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// All rows of a query.
pub(super) fn all<T>(
    tx: &Transaction<'_>,
    sql: &str,
    values: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(values, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first row of a query.
pub(super) fn first<T>(
    tx: &Transaction<'_>,
    sql: &str,
    values: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, Error> {
    Ok(tx.prepare_cached(sql)?.query_row(values, read).optional()?)
}

/// Executes a statement; gives the rows it changed.
pub(super) fn execute(
    tx: &Transaction<'_>,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<usize, Error> {
    Ok(tx.prepare_cached(sql)?.execute(values)?)
}

pub(super) fn sources(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<SourceRow>, Error> {
    let sql = "SELECT number, name, device, files FROM source WHERE campaign = ?1 ORDER BY number";
    all(tx, sql, [campaign.to_bytes()], |row| {
        Ok(SourceRow {
            number: row.get(0)?,
            name: row.get(1)?,
            device: DeviceId::from_bytes(row.get(2)?),
            files: from_sql(row.get(3)?),
        })
    })
}

pub(super) fn household(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    id: HouseholdId,
) -> Result<Option<HouseholdRow>, Error> {
    let sql = "SELECT * FROM household WHERE campaign = ?1 AND id = ?2";
    first(tx, sql, params![campaign.to_bytes(), id.to_bytes()], household_of)
}

pub(super) fn household_at(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    cell: u32,
    ordinal: u32,
) -> Result<Option<HouseholdRow>, Error> {
    let sql = "SELECT * FROM household WHERE campaign = ?1 AND cell = ?2 AND ordinal = ?3";
    first(tx, sql, params![campaign.to_bytes(), cell, ordinal], household_of)
}

pub(super) fn people(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
) -> Result<Vec<PersonRow>, Error> {
    let sql = "SELECT * FROM person WHERE campaign = ?1 AND household = ?2 ORDER BY member";
    all(tx, sql, params![campaign.to_bytes(), household.to_bytes()], person_of)
}

pub(super) fn events(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
) -> Result<Vec<Event>, Error> {
    let sql = "SELECT change, seq, canvasser, effective, marks FROM event
               WHERE campaign = ?1 AND household = ?2 ORDER BY cell, seq";
    all(tx, sql, params![campaign.to_bytes(), household.to_bytes()], event_of)?
        .into_iter()
        .collect()
}

/// Reads a household with all that was written to it.
pub(super) fn door(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    row: HouseholdRow,
) -> Result<Door, Error> {
    let people = people(tx, campaign, row.household.id)?;
    let events = events(tx, campaign, row.household.id)?;
    Ok(Door { row, people, writes: events.into_iter().map(Write::from).collect() })
}

impl Door {
    /// What its changes amount to, by the one fold.
    pub(super) fn state(&self, campaign: CampaignId, sources: &[SourceRow]) -> HouseholdState {
        let imported: Vec<ImportedValue> = self
            .people
            .iter()
            .filter_map(|row| Some((row, file(sources, row.source, row.file)?)))
            .flat_map(|(row, file)| first_values(&row.person, file))
            .collect();
        fold(campaign, self.row.household.id, &imported, &self.writes)
    }

    pub(super) fn projection(&self, state: &HouseholdState) -> Projection {
        let people: Vec<(PersonId, Standing)> =
            self.people.iter().map(|row| (row.person.id, row.person.standing)).collect();
        state.project(self.row.household.control, &people)
    }

    /// The digest of the household: of its changes, and of the rows that files brought.
    pub(super) fn digest(&self, state: &HouseholdState, sources: &[SourceRow]) -> Digest {
        let HouseholdRow { source, file: number, .. } = &self.row;
        let Some(own) = file(sources, *source, *number) else { return state.digest };
        let people = self
            .people
            .iter()
            .filter_map(|row| Some((row.person.id, file(sources, row.source, row.file)?)));
        state.digest + rows_digest(self.row.household.id, own, people)
    }

    /// Everyone at this household: whom files know, then those met.
    pub(super) fn is_member(&self, state: &HouseholdState, person: PersonId) -> bool {
        let person = state.names.person(person);
        self.is_in_file(person) || state.people_met.iter().any(|met| met.person == person)
    }

    /// Whether somebody was met at this household, even if their addition was taken back since:
    /// what others said of them stays, whoever is heard first.
    pub(super) fn was_met(&self, state: &HouseholdState, person: PersonId) -> bool {
        let named = |person| state.names.person(person);
        let additions =
            self.writes.iter().filter(|write| matches!(write.change.body, Body::PersonMet(_)));
        let mut met = additions.map(|write| PersonId::met(write.change.id));
        met.any(|met| named(met) == named(person))
    }

    /// The id of a person whom a change of this household names.
    pub(super) fn person(&self, member: &MemberRef) -> Option<PersonId> {
        match member {
            MemberRef::Number(number) => {
                let row = self.people.iter().find(|row| row.member == *number);
                row.map(|row| row.person.id)
            }
            MemberRef::Met(change) => Some(PersonId::met(*change)),
        }
    }

    /// Whether a file knows someone at this household.
    pub(super) fn is_in_file(&self, person: PersonId) -> bool {
        self.people.iter().any(|row| row.person.id == person)
    }
}

/// A source's file as an author.
pub(super) fn file(sources: &[SourceRow], source: u32, seq: u64) -> Option<ChangeId> {
    let source = sources.iter().find(|known| known.number == source)?;
    Some(ChangeId { device: source.device, incarnation: 0, seq })
}

/// Keeps what a household's changes amount to.
pub(super) fn put_state(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
    projection: &Projection,
    digest: Digest,
) -> Result<(), Error> {
    let standing = &projection.standing;
    execute(
        tx,
        "UPDATE household SET mask = ?3, people = ?4, result = ?5, knocks = ?6, done = ?7,
           contacted = ?8, last_at = ?9, digest = ?10, access = ?11 WHERE campaign = ?1 AND id = ?2",
        params![
            campaign.to_bytes(),
            household.to_bytes(),
            projection.eligibility.mask(),
            projection.people,
            standing.result.map_or(0, canvass_core::walklist::CanvassResult::number),
            standing.knocks,
            standing.is_done(),
            standing.contacted,
            standing.last_at.map(Timestamp::seconds),
            digest.to_bytes(),
            projection.access.number(),
        ],
    )
    .map(|_| ())
}

pub(super) fn household_of(row: &Row<'_>) -> rusqlite::Result<HouseholdRow> {
    Ok(HouseholdRow {
        household: Household {
            id: HouseholdId::from_bytes(row.get("id")?),
            building: BuildingId::from_bytes(row.get("building")?),
            address: Address {
                house_number: row.get("house_number")?,
                street: row.get("street")?,
                unit: row.get("unit")?,
                town: row.get("town")?,
                zip: row.get("zip")?,
            },
            point: Point::from_e7(row.get("lat")?, row.get("lon")?),
            unit_count: row.get("unit_count")?,
            control: row.get("control")?,
        },
        key: row.get("key")?,
        cell: row.get("cell")?,
        ordinal: row.get("ordinal")?,
        source: row.get("source")?,
        file: from_sql(row.get("file")?),
        access: Access::from_number(row.get("access")?).unwrap_or_default(),
    })
}

pub(super) fn person_of(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    let bits: u8 = row.get("standing")?;
    Ok(PersonRow {
        person: Person {
            id: PersonId::from_bytes(row.get("id")?),
            household: HouseholdId::from_bytes(row.get("household")?),
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            birth_year: row.get("birth_year")?,
            party: row.get("party")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            language: row.get("language")?,
            standing: Standing::from_bits(bits),
        },
        key: row.get("key")?,
        member: row.get("member")?,
        source: row.get("source")?,
        file: from_sql(row.get("file")?),
    })
}

fn event_of(row: &Row<'_>) -> rusqlite::Result<Result<Event, Error>> {
    let bytes: Vec<u8> = row.get("change")?;
    let Ok(change) = Change::from_bytes(&bytes) else {
        return Ok(Err(Error::Inconsistent("a stored change")));
    };
    Ok(Ok(Event {
        cell_seq: from_sql(row.get("seq")?),
        canvasser: CanvasserId::from_bytes(row.get("canvasser")?),
        effective: Timestamp::from_millis(row.get("effective")?),
        marks: EventMarks(row.get("marks")?),
        change,
    }))
}

/// Reads events of a query over the table of events.
pub(super) fn events_of(
    tx: &Transaction<'_>,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<(HouseholdId, Event)>, Error> {
    let rows = all(tx, sql, values, |row| {
        Ok((HouseholdId::from_bytes(row.get("household")?), event_of(row)?))
    })?;
    rows.into_iter().map(|(household, event)| Ok((household, event?))).collect()
}
