//! Pull: what a device may see and does not hold yet, in parts.
//!
//! An answer reads one moment of the database. Each list goes on from where the device is; the
//! checkpoint with its digests comes with the last part, so that it speaks of that very moment.

use std::collections::BTreeMap;

use canvass_core::change::{Body, DoorRef, Event, EventPage, MemberRef, PageEvent};
use canvass_core::geometry::Point;
use canvass_core::id::{CampaignId, CanvasserId, DeviceId, HouseholdId, ListId, PersonId};
use canvass_core::merge::Digest;
use canvass_core::sync::wire::{
    self, CellCursor, ListCheckpoint, ListCursor, ListHead, Name, Part, PullReply, PullRequest,
    ScriptPart, Source, part,
};
use canvass_core::sync::{
    SnapshotDoor, SnapshotPerson, doors_to_bytes, people_to_bytes, share_key, told_file,
    told_person,
};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{self, all, first, from_sql, to_sql};
use crate::sqlite::{keys, leases, turfs};
use crate::storage::DeviceScope;

/// Rows in one part of doors or people.
const ROWS_PER_PART: u32 = 500;
/// Events in one page: a few kilobytes, and the more the better they compress.
const EVENTS_PER_PAGE: u32 = 2_000;
/// An answer is never asked to be smaller than this.
const MIN_REPLY_BYTES: u32 = 16 << 10;
/// Nor may it be larger.
const MAX_REPLY_BYTES: u32 = 1 << 20;

/// A list as the device has it.
pub(super) struct ListRow {
    pub(super) number: u32,
    id: [u8; 16],
    pub(super) epoch: u32,
    name: String,
    pub(super) with_contacts: bool,
}

/// Gives what the device may see and does not hold yet.
pub(super) fn pull(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    request: &PullRequest,
    now: Timestamp,
) -> Result<PullReply, Error> {
    let max_bytes = request.max_bytes.clamp(MIN_REPLY_BYTES, MAX_REPLY_BYTES) as usize;
    let mut reply = Answer::new(tx, scope.campaign, max_bytes);
    let lists = lists(tx, scope)?;
    let mut complete = true;
    for list in &lists {
        let cursor = request.lists.iter().find(|cursor| cursor.number == list.number);
        let fresh = ListCursor { number: list.number, ..ListCursor::default() };
        let cursor = cursor.filter(|cursor| cursor.epoch == list.epoch).unwrap_or(&fresh);
        complete = complete && reply.list(list, cursor)?;
    }
    if !complete {
        reply.urgent(scope.device, &lists, &request.lists)?;
    }
    let checkpoint = if complete { Some(checkpoints(tx, scope, &lists, now)?) } else { None };
    Ok(PullReply {
        protocol: wire::PROTOCOL,
        parts: reply.parts,
        checkpoint,
        server_ms: now.millis(),
        mark: super::push::mark(tx, scope.campaign, scope.device, request.incarnation)?,
        orders: leases::open_orders(tx, scope)?,
        capabilities: Some(wire::capability::ALL),
    })
}

/// The lists that the device has now.
pub(super) fn lists(tx: &Transaction<'_>, scope: DeviceScope) -> Result<Vec<ListRow>, Error> {
    let sql = "SELECT l.number, l.id, l.epoch, l.name, l.with_contacts
               FROM device_list d JOIN list l ON l.campaign = d.campaign AND l.number = d.list
               WHERE d.campaign = ?1 AND d.device = ?2 AND NOT d.taken AND NOT l.withdrawn
               ORDER BY l.number";
    let key = params![scope.campaign.to_bytes(), scope.device.to_bytes()];
    all(tx, sql, key, |row| {
        Ok(ListRow {
            number: row.get(0)?,
            id: row.get(1)?,
            epoch: row.get(2)?,
            name: row.get(3)?,
            with_contacts: row.get(4)?,
        })
    })
}

fn checkpoints(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    lists: &[ListRow],
    now: Timestamp,
) -> Result<Vec<ListCheckpoint>, Error> {
    let keys = keys::of(tx, scope.campaign)?;
    lists
        .iter()
        .map(|list| {
            Ok(ListCheckpoint {
                number: list.number,
                epoch: list.epoch,
                digest: digest(tx, scope.campaign, list.number)?.to_bytes().into(),
                lease: leases::lease(
                    &keys,
                    scope,
                    (list.number, ListId::from_bytes(list.id), list.epoch),
                    now,
                ),
                streets: super::streets::hash_of(tx, scope.campaign, list.number)?.map(Into::into),
            })
        })
        .collect()
}

/// The digest of a list's members.
pub(super) fn digest(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    list: u32,
) -> Result<Digest, Error> {
    let sql = "SELECT h.digest FROM list_member m
               JOIN household h ON h.campaign = m.campaign AND h.id = m.household
               WHERE m.campaign = ?1 AND m.list = ?2";
    let digests = all(tx, sql, params![campaign.to_bytes(), list], |row| {
        Ok(Digest::from_bytes(row.get(0)?))
    })?;
    Ok(digests.into_iter().sum())
}

/// An answer being made.
pub(super) struct Answer<'a> {
    tx: &'a Transaction<'a>,
    campaign: CampaignId,
    parts: Vec<Part>,
    bytes: usize,
    max_bytes: usize,
}

impl<'a> Answer<'a> {
    pub(super) const fn new(
        tx: &'a Transaction<'a>,
        campaign: CampaignId,
        max_bytes: usize,
    ) -> Self {
        Self { tx, campaign, parts: Vec::new(), bytes: 0, max_bytes }
    }

    pub(super) fn into_parts(self) -> Vec<Part> {
        self.parts
    }
}

impl Answer<'_> {
    fn is_full(&self) -> bool {
        self.bytes >= self.max_bytes
    }

    pub(super) fn add(
        &mut self,
        list: u32,
        kind: u8,
        rows: usize,
        (cell, upto): (u32, u64),
        body: Vec<u8>,
    ) {
        self.bytes += body.len();
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        self.parts.push(Part { list, kind, rows, cell, upto, body: body.into() });
    }

    /// Adds what a device lacks of a list; whether that is all.
    fn list(&mut self, list: &ListRow, cursor: &ListCursor) -> Result<bool, Error> {
        if cursor.epoch == 0 {
            self.head(list)?;
        }
        self.scripts(list, cursor.scripts)?;
        Ok(self.doors(list, cursor.doors)?
            && self.people(list, cursor.people)?
            && self.events(list, cursor)?)
    }

    fn head(&mut self, list: &ListRow) -> Result<(), Error> {
        let sources = rows::sources(self.tx, self.campaign)?;
        let share_key =
            share_key(&keys::of(self.tx, self.campaign)?.share, list.number, list.epoch);
        let head = ListHead {
            id: list.id.into(),
            number: list.number,
            epoch: list.epoch,
            name: list.name.clone(),
            sources: sources
                .into_iter()
                .map(|source| Source {
                    number: source.number,
                    device: source.device.to_bytes().into(),
                    name: source.name,
                })
                .collect(),
            share_key: (*share_key.bytes()).into(),
            outline: Some(ListHead::outline_of(&self.outline(list.number)?)),
        };
        self.add(list.number, part::HEAD, 1, (0, 0), wire::encoded(&head));
        Ok(())
    }

    /// The rings of the turf that a list is of.
    fn outline(&self, list: u32) -> Result<Vec<Vec<Point>>, Error> {
        let sql = "SELECT t.outline FROM list l
                   JOIN turf t ON t.campaign = l.campaign AND t.number = l.turf
                   WHERE l.campaign = ?1 AND l.number = ?2";
        let key = params![self.campaign.to_bytes(), list];
        let outline: Option<String> = first(self.tx, sql, key, |row| row.get(0))?;
        outline.map_or(Ok(Vec::new()), |rings| turfs::rings(&rings))
    }

    fn scripts(&mut self, list: &ListRow, held: u32) -> Result<(), Error> {
        let sql = "SELECT number, json FROM script WHERE campaign = ?1
                   ORDER BY number LIMIT -1 OFFSET ?2";
        let scripts = all(self.tx, sql, params![self.campaign.to_bytes(), held], |row| {
            Ok(ScriptPart { number: row.get(0)?, json: row.get(1)? })
        })?;
        for script in scripts {
            self.add(list.number, part::SCRIPT, 1, (0, 0), wire::encoded(&script));
        }
        Ok(())
    }

    fn doors(&mut self, list: &ListRow, held: u32) -> Result<bool, Error> {
        let sql = "SELECT h.*, m.stop, m.place FROM list_member m
                   JOIN household h ON h.campaign = m.campaign AND h.id = m.household
                   WHERE m.campaign = ?1 AND m.list = ?2
                   ORDER BY m.cell, m.ordinal LIMIT ?3 OFFSET ?4";
        let mut held = held;
        loop {
            if self.is_full() {
                return Ok(false);
            }
            let key = params![self.campaign.to_bytes(), list.number, ROWS_PER_PART, held];
            let doors = all(self.tx, sql, key, snapshot_door)?;
            if doors.is_empty() {
                return Ok(true);
            }
            held += u32::try_from(doors.len()).unwrap_or(u32::MAX);
            self.add(list.number, part::DOORS, doors.len(), (0, 0), doors_to_bytes(&doors));
        }
    }

    fn people(&mut self, list: &ListRow, held: u32) -> Result<bool, Error> {
        let sql = "SELECT p.*, m.cell, m.ordinal FROM list_member m
                   JOIN person p ON p.campaign = m.campaign AND p.household = m.household
                   WHERE m.campaign = ?1 AND m.list = ?2
                   ORDER BY m.cell, m.ordinal, p.member LIMIT ?3 OFFSET ?4";
        let mut held = held;
        loop {
            if self.is_full() {
                return Ok(false);
            }
            let key = params![self.campaign.to_bytes(), list.number, ROWS_PER_PART, held];
            let people = all(self.tx, sql, key, |row| {
                let (cell, ordinal) = (row.get("cell")?, row.get("ordinal")?);
                let row = rows::person_of(row)?;
                Ok(SnapshotPerson {
                    person: told_person(row.person, list.with_contacts),
                    cell,
                    ordinal,
                    member: row.member,
                    source: row.source,
                    file: row.file,
                })
            })?;
            if people.is_empty() {
                return Ok(true);
            }
            held += u32::try_from(people.len()).unwrap_or(u32::MAX);
            self.add(list.number, part::PEOPLE, people.len(), (0, 0), people_to_bytes(&people));
        }
    }

    fn events(&mut self, list: &ListRow, cursor: &ListCursor) -> Result<bool, Error> {
        let sql = "SELECT c.cell, c.head FROM cell c WHERE c.campaign = ?1 AND c.cell IN
                     (SELECT cell FROM list_member WHERE campaign = ?1 AND list = ?2)
                   ORDER BY c.cell";
        let key = params![self.campaign.to_bytes(), list.number];
        let cells: Vec<(u32, u64)> =
            all(self.tx, sql, key, |row| Ok((row.get(0)?, from_sql(row.get(1)?))))?;
        for (cell, head) in cells {
            let held = cursor.cells.iter().find(|known| known.cell == cell);
            if !self.cell(list, cell, held.map_or(0, |known| known.seq), head)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Adds the events of one cell from after `held` on, up to its head; whether that is all.
    fn cell(&mut self, list: &ListRow, cell: u32, held: u64, head: u64) -> Result<bool, Error> {
        let sql = "SELECT e.* FROM event e JOIN list_member m
                     ON m.campaign = e.campaign AND m.list = ?3 AND m.household = e.household
                   WHERE e.campaign = ?1 AND e.cell = ?2 AND e.seq > ?4 ORDER BY e.seq LIMIT ?5";
        let mut held = held;
        while held < head {
            if self.is_full() {
                return Ok(false);
            }
            let campaign = self.campaign.to_bytes();
            let key = params![campaign, cell, list.number, to_sql(held), EVENTS_PER_PAGE];
            let events = rows::events_of(self.tx, sql, key)?;
            let last = events.len() < EVENTS_PER_PAGE as usize;
            let upto = match events.last() {
                Some((_, event)) if !last => event.cell_seq,
                _ => head,
            };
            self.names(list, events.iter().map(|(_, event)| event.canvasser))?;
            let events = self.page_events(events, list.with_contacts)?;
            let rows = events.len();
            let page = EventPage { cell, events, upto };
            self.add(list.number, part::EVENTS, rows, (cell, upto), page.to_bytes());
            held = upto;
        }
        Ok(true)
    }

    /// Puts at the front whom not to contact, of what the device shows until it has all of this:
    /// doors that are no longer on its list included.
    fn urgent(
        &mut self,
        device: DeviceId,
        lists: &[ListRow],
        cursors: &[ListCursor],
    ) -> Result<(), Error> {
        let sql = "SELECT e.* FROM event e
                   WHERE e.campaign = ?1 AND e.cell = ?2 AND e.seq > ?4 AND e.urgent AND (
                     EXISTS (SELECT 1 FROM list_member m
                             WHERE m.campaign = ?1 AND m.list = ?3 AND m.household = e.household)
                     OR EXISTS (SELECT 1 FROM list_member_past p JOIN device_list d
                                  ON d.campaign = p.campaign AND d.list = p.list AND d.device = ?6
                                WHERE p.campaign = ?1 AND p.list = ?3
                                  AND p.household = e.household AND p.last_epoch >= d.given))
                   ORDER BY e.seq LIMIT ?5";
        let device = device.to_bytes();
        let all_parts = std::mem::take(&mut self.parts);
        for cursor in cursors {
            let Some(list) = lists.iter().find(|list| list.number == cursor.number) else {
                continue;
            };
            for CellCursor { cell, seq } in &cursor.urgent {
                let campaign = self.campaign.to_bytes();
                let seq = to_sql(*seq);
                let key = params![campaign, cell, list.number, seq, EVENTS_PER_PAGE, device];
                let events = rows::events_of(self.tx, sql, key)?;
                let Some(upto) = events.last().map(|(_, event)| event.cell_seq) else { continue };
                let events = self.page_events(events, list.with_contacts)?;
                let rows = events.len();
                let page = EventPage { cell: *cell, events, upto };
                self.add(list.number, part::URGENT, rows, (*cell, upto), page.to_bytes());
            }
        }
        self.parts.extend(all_parts);
        Ok(())
    }

    /// Events with doors and people named by their numbers.
    pub(super) fn page_events(
        &self,
        events: Vec<(HouseholdId, Event)>,
        with_contacts: bool,
    ) -> Result<Vec<PageEvent>, Error> {
        let mut doors = BTreeMap::new();
        let mut named = Vec::with_capacity(events.len());
        for (household, event) in events {
            if let std::collections::btree_map::Entry::Vacant(vacant) = doors.entry(household) {
                let row = rows::household(self.tx, self.campaign, household)?;
                let row = row.ok_or(Error::Inconsistent("an event's household"))?;
                vacant.insert(rows::door(self.tx, self.campaign, row)?);
            }
            let door = &doors[&household];
            let place = DoorRef::Number { cell: door.row.cell, ordinal: door.row.ordinal };
            let member = |person: &PersonId| member_ref(door, *person);
            let Event { cell_seq, canvasser, effective, marks, mut change } = event;
            if let Body::Imported(file) = &mut change.body {
                let is_exempt = |id: PersonId| {
                    door.people.iter().any(|row| row.person.id == id && row.person.standing.exempt)
                };
                told_file(file, is_exempt, with_contacts);
            }
            let change = change.renamed(|_| Some(place), member);
            let change = change.ok_or(Error::Inconsistent("an event's people"))?;
            named.push(PageEvent { cell_seq, canvasser, effective, marks, change });
        }
        Ok(named)
    }

    pub(super) fn names(
        &mut self,
        list: &ListRow,
        canvassers: impl Iterator<Item = CanvasserId>,
    ) -> Result<(), Error> {
        let mut ids: Vec<CanvasserId> = canvassers.collect();
        ids.sort_unstable();
        ids.dedup();
        let mut names = Vec::new();
        for id in ids {
            let sql = "SELECT name FROM canvasser WHERE campaign = ?1 AND id = ?2";
            let key = params![self.campaign.to_bytes(), id.to_bytes()];
            if let Some(name) = first(self.tx, sql, key, |row| row.get(0))? {
                names.push(Name { canvasser: id.to_bytes().into(), name });
            }
        }
        if !names.is_empty() {
            let body = wire::encoded(&names);
            self.add(list.number, part::NAMES, names.len(), (0, 0), body);
        }
        Ok(())
    }
}

/// A row of `household` with its place on a list.
pub(super) fn snapshot_door(row: &rusqlite::Row<'_>) -> rusqlite::Result<SnapshotDoor> {
    let (stop, place) = (row.get("stop")?, row.get("place")?);
    let row = rows::household_of(row)?;
    Ok(SnapshotDoor {
        cell: row.cell,
        ordinal: row.ordinal,
        household: row.household,
        source: row.source,
        file: row.file,
        stop,
        place,
    })
}

fn member_ref(door: &rows::Door, person: PersonId) -> Option<MemberRef> {
    let known = door.people.iter().find(|row| row.person.id == person);
    let met = || {
        let ids = door.writes.iter().map(|write| write.change.id);
        ids.into_iter().find(|change| PersonId::met(*change) == person).map(MemberRef::Met)
    };
    known.map(|row| MemberRef::Number(row.member)).or_else(met)
}
