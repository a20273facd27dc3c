//! Taking in what came down: parts are kept as they arrive, and applied whole.
//!
//! Everything here is written through a connection of its own, in one transaction, while others
//! go on reading what was there before.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Body, DoorRef, Event, EventPage, MemberRef, PageEvent};
use crate::engine::door::{Campaign, Door};
use crate::engine::error::Error;
use crate::id::{CampaignId, CanvasserId, DeviceId, HouseholdId, ListId, PersonId, ScriptHash};
use crate::merge::{Digest, HouseholdState};
use crate::store::{
    HouseholdRow, ListAbout, ListDb, ListRows, ListWriter, PersonRow, SourceRow, StagedPart,
    StoreError, StoreFile,
};
use crate::survey::Script;
use crate::sync::wire::{self, ListHead, Name, ScriptPart, part};
use crate::sync::{doors_of_bytes, people_of_bytes};

/// What applying an answer led to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Applied {
    /// Events that were new here.
    pub(super) events: u32,
    /// The digest was not the server's at first.
    pub(super) diverged: bool,
    /// It is now.
    pub(super) agrees: bool,
}

/// What the server sent cannot be what it meant: the part is not readable.
pub(super) const BAD_PART: Error = Error::Store(StoreError::Corrupt { file: StoreFile::List });

/// Doors that are folded anew at each checkpoint, in turn, whether or not anything came for them:
/// what a file lost of a door that nobody touches is found as well.
const AUDITED: u32 = 64;

/// Applies the staged parts of a list and compares digests. What disagrees is applied all the
/// same: nothing is lost by looking again. Before the server is asked, every door is folded from
/// its own events: it may be only the sum that is wrong.
pub(super) fn apply(
    db: &mut ListDb,
    campaign: CampaignId,
    list: ListId,
    expected: Digest,
) -> Result<Applied, Error> {
    let writer = db.write()?;
    let parts = writer.rows().staged()?;
    let head = parts.iter().find(|part| part.kind == part::HEAD);
    if let Some(head) = head {
        put_head(&writer, campaign, list, head)?;
    }
    put_tables(&writer, campaign, &parts)?;
    let campaign = Campaign { id: campaign, sources: writer.rows().sources()? };
    let (touched, events) = put_events(&writer, campaign.id, &parts)?;
    let touched = if head.is_some() { writer.rows().household_nums()? } else { touched };
    put_states(&writer, &campaign, &touched)?;
    audit(&writer, &campaign)?;
    let diverged = writer.rows().digest()? != expected;
    if diverged {
        put_states(&writer, &campaign, &writer.rows().household_nums()?)?;
    }
    let agrees = !diverged || writer.rows().digest()? == expected;
    writer.clear_staged()?;
    writer.commit()?;
    Ok(Applied { events, diverged, agrees })
}

/// Folds the next few doors anew. One that comes out otherwise than it is kept differs from the
/// server, unless it is only the keeping that was wrong.
fn audit(writer: &ListWriter<'_>, campaign: &Campaign) -> Result<(), Error> {
    let from = writer.rows().audited()?;
    let nums = writer.rows().household_nums_after(from, AUDITED)?;
    for num in &nums {
        let door = writer.rows().household_num(*num)?;
        let Some(door) = door else { continue };
        let kept = writer.rows().digest_of(*num)?;
        if fresh_digest(writer, campaign, door)? != kept {
            put_states(writer, campaign, &[*num])?;
        }
    }
    let ended = nums.len() < AUDITED as usize;
    Ok(writer.put_audited(nums.last().copied().filter(|_| !ended).unwrap_or(0))?)
}

/// Folds doors anew, and notes it when something of them was erased.
pub(super) fn put_states(
    writer: &ListWriter<'_>,
    campaign: &Campaign,
    nums: &[i64],
) -> Result<(), StoreError> {
    let mut erased = false;
    for num in nums {
        erased |= put_state(writer, campaign, *num)?;
    }
    if erased {
        writer.note_remains()?;
    }
    Ok(())
}

fn fresh_digest(
    writer: &ListWriter<'_>,
    campaign: &Campaign,
    row: HouseholdRow,
) -> Result<Digest, StoreError> {
    Ok(campaign.door(writer.rows(), row, &[])?.digest(campaign))
}

fn put_head(
    writer: &ListWriter<'_>,
    campaign: CampaignId,
    list: ListId,
    head: &StagedPart,
) -> Result<(), Error> {
    let head: ListHead = wire::decoded(&head.body).ok_or(BAD_PART)?;
    writer.clear()?;
    let outline = head.rings();
    let about = ListAbout {
        campaign,
        list,
        number: head.number,
        epoch: head.epoch,
        name: head.name,
        share_key: Some(*head.share_key),
        outline,
    };
    writer.put_about(&about, true)?;
    for source in head.sources {
        writer.put_source(&SourceRow {
            num: i64::from(source.number),
            name: source.name,
            device: DeviceId::from_bytes(*source.device),
            files: 0,
        })?;
    }
    Ok(())
}

pub(super) fn put_tables(
    writer: &ListWriter<'_>,
    campaign: CampaignId,
    parts: &[StagedPart],
) -> Result<(), Error> {
    let mut households: BTreeMap<(u32, u32), (i64, HouseholdId)> = BTreeMap::new();
    for staged in parts {
        match staged.kind {
            part::DOORS => put_doors(writer, campaign, &staged.body, &mut households)?,
            part::PEOPLE => put_people(writer, &staged.body, &households)?,
            part::SCRIPT => put_script(writer, &staged.body)?,
            part::NAMES => {
                let names: Vec<Name> = wire::decoded(&staged.body).ok_or(BAD_PART)?;
                for Name { canvasser, name } in names {
                    writer.put_canvasser(CanvasserId::from_bytes(*canvasser), &name)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn put_doors(
    writer: &ListWriter<'_>,
    campaign: CampaignId,
    body: &[u8],
    households: &mut BTreeMap<(u32, u32), (i64, HouseholdId)>,
) -> Result<(), Error> {
    let nothing_yet = HouseholdState::default().project(false, &[]);
    for door in doors_of_bytes(campaign, body).map_err(|_| BAD_PART)? {
        let id = door.household.id;
        let place = (door.cell, door.ordinal);
        let row = HouseholdRow {
            num: 0,
            household: door.household,
            key: String::new(),
            cell: door.cell,
            ordinal: door.ordinal,
            source: i64::from(door.source),
            file: door.file,
            stop: door.stop,
            place: door.place,
        };
        let num = writer.add_household(&row, &nothing_yet, Digest::default())?;
        households.insert(place, (num, id));
    }
    Ok(())
}

fn put_people(
    writer: &ListWriter<'_>,
    body: &[u8],
    households: &BTreeMap<(u32, u32), (i64, HouseholdId)>,
) -> Result<(), Error> {
    let household_at = |cell, ordinal| households.get(&(cell, ordinal)).map(|(_, id)| *id);
    for person in people_of_bytes(body, household_at).map_err(|_| BAD_PART)? {
        let (household, _) = households.get(&(person.cell, person.ordinal)).ok_or(BAD_PART)?;
        let row = PersonRow {
            num: 0,
            person: person.person,
            key: String::new(),
            member: person.member,
            source: i64::from(person.source),
            file: person.file,
        };
        writer.add_person(*household, &row)?;
    }
    Ok(())
}

fn put_script(writer: &ListWriter<'_>, body: &[u8]) -> Result<(), Error> {
    let script: ScriptPart = wire::decoded(body).ok_or(BAD_PART)?;
    // A script that this build cannot read is kept under a name of its own: a later one can.
    let hash = Script::parse(&script.json).map_or_else(
        |_| ScriptHash::derive(&[b"unread", script.json.as_bytes()]),
        |parsed| parsed.hash(),
    );
    Ok(writer.put_script(hash, script.number, &script.json)?)
}

/// Adds the events of all pages; gives the households that they touch, and how many were new.
fn put_events(
    writer: &ListWriter<'_>,
    campaign: CampaignId,
    parts: &[StagedPart],
) -> Result<(Vec<i64>, u32), Error> {
    let mut touched = BTreeSet::new();
    let mut new = 0;
    for staged in parts.iter().filter(|staged| staged.kind == part::EVENTS) {
        let page = EventPage::read(&staged.body).map_err(|_| BAD_PART)?;
        let (cell, upto) = (page.cell, page.upto);
        new += put_page(writer, campaign, page, &mut touched)?;
        writer.put_cursor(cell, upto)?;
    }
    Ok((touched.into_iter().collect(), new))
}

/// Adds the events of one page; how many were new.
pub(super) fn put_page(
    writer: &ListWriter<'_>,
    campaign: CampaignId,
    page: EventPage,
    touched: &mut BTreeSet<i64>,
) -> Result<u32, Error> {
    let mut new = 0;
    // Events of one door mostly follow each other.
    let mut last: Option<(DoorRef, HouseholdRow, BTreeMap<u32, PersonId>)> = None;
    for event in page.events {
        let door = event.change.door;
        if last.as_ref().is_none_or(|(known, ..)| *known != door) {
            let Some(row) = row_of(writer.rows(), door)? else { continue };
            let people = people_of(writer.rows(), &row)?;
            last = Some((door, row, people));
        }
        let Some((_, row, people)) = &last else { continue };
        let Some(event) = named(event, row, people) else {
            continue;
        };
        let num = row.num;
        if let Body::Imported(_) = &event.change.body {
            super::import::keep_altered(writer, campaign, row, &event)?;
            // The file may have altered what is known of the door.
            last = None;
        }
        new += u32::from(writer.add_event(page.cell, Some(num), &event)?);
        touched.insert(num);
    }
    Ok(new)
}

pub(super) fn row_of(
    rows: ListRows<'_>,
    door: DoorRef,
) -> Result<Option<HouseholdRow>, StoreError> {
    match door {
        DoorRef::Number { cell, ordinal } => rows.household_at(cell, ordinal),
        DoorRef::Met(change) => rows.household(HouseholdId::met(change)),
    }
}

/// The people of a household by their numbers.
pub(super) fn people_of(
    rows: ListRows<'_>,
    row: &HouseholdRow,
) -> Result<BTreeMap<u32, PersonId>, StoreError> {
    let people = rows.people(row)?;
    Ok(people.into_iter().map(|person| (person.member, person.person.id)).collect())
}

/// The id of a person of a household, as the wire names them.
pub(super) fn person_in(
    people: &BTreeMap<u32, PersonId>,
) -> impl Fn(&MemberRef) -> Option<PersonId> + '_ {
    |member| match member {
        MemberRef::Number(number) => people.get(number).copied(),
        MemberRef::Met(change) => Some(PersonId::met(*change)),
    }
}

/// The event with its door and people named by id.
pub(super) fn named(
    event: PageEvent,
    row: &HouseholdRow,
    people: &BTreeMap<u32, PersonId>,
) -> Option<Event> {
    Some(Event {
        cell_seq: event.cell_seq,
        canvasser: event.canvasser,
        effective: event.effective,
        marks: event.marks,
        change: event.change.renamed(|_| Some(row.household.id), person_in(people))?,
    })
}

/// What was erased is overwritten in the file too, not only left out of what is shown.
fn overwrite_erased(writer: &ListWriter<'_>, door: &Door) -> Result<(), StoreError> {
    let erased = &door.state.erased;
    for event in writer.rows().events(door.row.num)? {
        if let Some(redacted) = erased.redacted(&event.change) {
            writer.replace_event(door.row.cell, event.cell_seq, &redacted)?;
        }
    }
    for row in door.people.iter().filter(|row| erased.has(row.person.id)) {
        writer.erase_person(row.num, row.person.standing.erased())?;
    }
    Ok(())
}

/// Folds a household anew and keeps what lists and counts are made from; whether someone was
/// erased there.
pub(super) fn put_state(
    writer: &ListWriter<'_>,
    campaign: &Campaign,
    num: i64,
) -> Result<bool, StoreError> {
    let Some(row) = writer.rows().household_num(num)? else {
        return Ok(false);
    };
    let door = campaign.door(writer.rows(), row, &[])?;
    let erased = !door.state.erased.is_nobody();
    if erased {
        overwrite_erased(writer, &door)?;
    }
    if !door.state.imported.is_empty() {
        writer.update_household(num, &door.row.household)?;
        door.people.iter().try_for_each(|row| writer.update_person(row.num, &row.person))?;
    }
    let digest = door.digest(campaign);
    let conflicts = door.state.conflicts.iter().map(|conflict| conflict.id);
    writer.put_state(num, &door.projection(), digest, conflicts)?;
    writer.put_claims(num, &door.state.claims)?;
    writer.put_follow_ups(num, &door.state.follow_ups)?;
    Ok(erased)
}
