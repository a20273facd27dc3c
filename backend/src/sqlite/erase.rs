//! Erasure: what the campaign promised to forget is overwritten here, and everywhere by the event
//! that says so.
//!
//! What an erasure covers is decided by the core's rules; here it is carried out on what is
//! stored: events, rows of people, and segments, whether they came before or come after. Of a
//! segment the header, the hash and the other changes stay, encoded anew; its signature does not.
//! Segments that cannot be read are left as they are.

use canvass_core::change::{Body, Change, DoorRef, SIGNATURE_BYTES, Segment, WireChange};
use canvass_core::id::{CampaignId, ChangeId, HouseholdId, PersonId};
use canvass_core::merge::{Erased, FieldId};
use canvass_core::store::{StoreFile, database};
use canvass_core::time::Timestamp;
use rusqlite::{Connection, Transaction, params};

use crate::error::Error;
use crate::sqlite::conflicts;
use crate::sqlite::rows::{self, Door, SourceRow, all, execute, first, to_sql};
use crate::storage::ErasureOrder;

/// Erases a person, wherever they have a row, or everything that was said at a household.
pub(super) fn erase(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    order: ErasureOrder,
    now: Timestamp,
) -> Result<ChangeId, Error> {
    super::campaign::check(tx, campaign)?;
    let sources = rows::sources(tx, campaign)?;
    let mut change = erase_at(tx, campaign, &sources, order, now)?;
    // Someone who moved has a row at either door.
    let Some(person) = order.person else { return Ok(change) };
    let sql = "SELECT household FROM person WHERE campaign = ?1 AND id = ?2 AND household <> ?3";
    let key = params![campaign.to_bytes(), person.to_bytes(), order.household.to_bytes()];
    for household in all(tx, sql, key, |row| Ok(HouseholdId::from_bytes(row.get(0)?)))? {
        change = erase_at(tx, campaign, &sources, ErasureOrder { household, ..order }, now)?;
    }
    Ok(change)
}

fn erase_at(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    sources: &[SourceRow],
    order: ErasureOrder,
    now: Timestamp,
) -> Result<ChangeId, Error> {
    let mut door = conflicts::door(tx, campaign, order.household)?;
    let state = door.state(campaign, sources);
    let is_known = |person: PersonId| {
        door.is_in_file(person) || door.was_met(&state, person) || state.erased.names(person)
    };
    if order.person.is_some_and(|person| !is_known(person)) {
        return Err(Error::NotFound("person"));
    }
    let mut change = Change {
        id: conflicts::organiser_change(tx, campaign)?,
        was: None,
        door: order.household,
        member: order.person,
        base: Vec::new(),
        recorded_at: now.whole_second(),
        body: Body::Erasure,
    };
    change.base = state.base(&FieldId::of(&change));
    let id = change.id;
    conflicts::sequence(tx, campaign, &mut door, change, now)?;
    note(tx, campaign, &door)?;
    stored_segments(tx, campaign, &door)?;
    events(tx, campaign, &door)?;
    people(tx, campaign, &door)?;
    let door = conflicts::door(tx, campaign, order.household)?;
    let state = door.state(campaign, sources);
    conflicts::keep_state(tx, campaign, &door, &state, sources, now)?;
    Ok(id)
}

fn note(tx: &Transaction<'_>, campaign: CampaignId, door: &Door) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO erasure VALUES (?1, ?2, ?3, ?4, 1)";
    let (cell, ordinal) = (door.row.cell, door.row.ordinal);
    let household = door.row.household.id.to_bytes();
    execute(tx, sql, params![campaign.to_bytes(), household, cell, ordinal]).map(|_| ())
}

/// Whether someone was erased at a household, or everything was.
pub(super) fn is_noted(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM erasure WHERE campaign = ?1 AND household = ?2";
    Ok(first(tx, sql, params![campaign.to_bytes(), household.to_bytes()], |_| Ok(()))?.is_some())
}

/// Writes the file anew if earlier copies of what was erased may be left in it.
pub(super) fn drop_remains(connection: &Connection) -> Result<(), Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM erasure WHERE has_remains)";
    if connection.query_row(sql, [], |row| row.get(0))? {
        database::compact(connection, StoreFile::Main)?;
        connection.execute("UPDATE erasure SET has_remains = 0 WHERE has_remains", [])?;
    }
    Ok(())
}

fn events(tx: &Transaction<'_>, campaign: CampaignId, door: &Door) -> Result<(), Error> {
    let erased = Erased::of(&door.writes);
    for write in &door.writes {
        let Some(redacted) = erased.redacted(&write.change) else { continue };
        let ChangeId { device, incarnation, seq } = redacted.id;
        let sql = "UPDATE event SET change = ?6 WHERE campaign = ?1 AND household = ?2
                     AND device = ?3 AND incarnation = ?4 AND number = ?5";
        let household = redacted.door.to_bytes();
        let (device, seq) = (device.to_bytes(), to_sql(seq));
        let key =
            params![campaign.to_bytes(), household, device, incarnation, seq, redacted.to_bytes()];
        execute(tx, sql, key)?;
    }
    Ok(())
}

/// Their rows stay, so that numbers mean the same; nothing is in them.
fn people(tx: &Transaction<'_>, campaign: CampaignId, door: &Door) -> Result<(), Error> {
    let erased = Erased::of(&door.writes);
    for row in door.people.iter().filter(|row| erased.has(row.person.id)) {
        let sql = "UPDATE person SET key = '', given_name = '', family_name = '', birth_year = 0,
                     party = '', phone = '', email = '', language = '', standing = ?4
                   WHERE campaign = ?1 AND household = ?2 AND id = ?3";
        let (household, person) = (row.person.household.to_bytes(), row.person.id.to_bytes());
        let standing = row.person.standing.erased().bits();
        execute(tx, sql, params![campaign.to_bytes(), household, person, standing])?;
    }
    Ok(())
}

/// Overwrites what stored segments say of those who were erased at this door.
fn stored_segments(tx: &Transaction<'_>, campaign: CampaignId, door: &Door) -> Result<(), Error> {
    let sql = "SELECT hash, bytes FROM segment WHERE campaign = ?1 AND state <> 0";
    let stored = all(tx, sql, [campaign.to_bytes()], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    for (hash, bytes) in stored {
        let Ok(segment) = Segment::read(bytes) else { continue };
        let Ok(changes) = segment.changes() else { continue };
        let Some(left) = redacted(std::slice::from_ref(door), &segment, changes) else { continue };
        let header = &left.header;
        let sql = "UPDATE segment SET bytes = ?6, erased = 1 WHERE campaign = ?1 AND device = ?2
                     AND incarnation = ?3 AND first_seq = ?4 AND hash = ?5";
        let (device, first_seq) = (header.device.to_bytes(), to_sql(header.first_seq));
        let (campaign, incarnation) = (campaign.to_bytes(), header.incarnation);
        execute(tx, sql, params![campaign, device, incarnation, first_seq, hash, left.bytes()])?;
    }
    Ok(())
}

/// What may be kept of a segment that has just come, if it speaks of someone who was erased.
pub(super) fn left_of(
    tx: &Transaction<'_>,
    segment: &Segment,
    changes: &[WireChange],
) -> Result<Option<Segment>, Error> {
    let campaign = segment.header.campaign;
    let sql = "SELECT cell, ordinal FROM erasure WHERE campaign = ?1";
    let places = all(tx, sql, [campaign.to_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut doors = Vec::new();
    for (cell, ordinal) in places {
        let here = DoorRef::Number { cell, ordinal };
        if changes.iter().any(|change| change.door == here) {
            let row = rows::household_at(tx, campaign, cell, ordinal)?;
            let row = row.ok_or(Error::Inconsistent("an erased household"))?;
            doors.push(rows::door(tx, campaign, row)?);
        }
    }
    Ok(redacted(&doors, segment, changes.to_vec()))
}

/// The segment without what was erased at these doors, and without a signature; nothing when
/// there is nothing to take out.
fn redacted(doors: &[Door], segment: &Segment, mut changes: Vec<WireChange>) -> Option<Segment> {
    let mut any = false;
    for door in doors {
        let erased = Erased::of(&door.writes);
        let here = DoorRef::Number { cell: door.row.cell, ordinal: door.row.ordinal };
        for change in changes.iter_mut().filter(|change| change.door == here) {
            // What names someone unknown here cannot be told apart: it is taken out as well.
            if named(door, change).is_none_or(|named| erased.redacted(&named).is_some()) {
                change.body = Body::Erased;
                any = true;
            }
        }
    }
    let make = || Segment::make(segment.header, &changes, |_| [0; SIGNATURE_BYTES]);
    any.then(make).flatten()
}

/// A change at this door, by ids.
fn named(door: &Door, change: &WireChange) -> Option<Change> {
    change.clone().renamed(|_| Some(door.row.household.id), |member| door.person(member))
}
