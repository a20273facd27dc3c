//! Compare: where a list that a device holds differs from what the server has, and the doors
//! that differ.
//!
//! Read-only, and only about lists that the device has now. An answer may be of a later moment
//! than the checkpoint it follows: what changed in between looks like a difference, and is simply
//! given.

use std::collections::BTreeMap;

use canvass_core::change::EventPage;
use canvass_core::merge::Digest;
use canvass_core::sync::wire::{
    self, CellCursor, CompareReply, CompareRequest, DoorAt, DoorDigest, GROUPS, GroupDoors,
    capability, group_of, part,
};
use canvass_core::sync::{SnapshotPerson, doors_to_bytes, people_to_bytes, told_person};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::pull::{Answer, ListRow, lists, snapshot_door};
use crate::sqlite::rows::{self, all, first, from_sql};
use crate::storage::DeviceScope;

/// Most doors given at once.
const MAX_DOORS: usize = 500;
/// No further door is added to an answer with this many events.
const MAX_EVENTS: usize = 5000;

/// Answers a comparison.
pub(super) fn compare(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    request: &CompareRequest,
) -> Result<CompareReply, Error> {
    let list = lists(tx, scope)?.into_iter().find(|list| list.number == request.list);
    let mut reply = CompareReply {
        protocol: wire::PROTOCOL,
        epoch: list.as_ref().map_or(0, |list| list.epoch),
        heads: Vec::new(),
        groups: Vec::new(),
        answered: 0,
        parts: Vec::new(),
        capabilities: Some(capability::ALL),
    };
    // A list that has been taken back or cut anew is not compared: the next pull tells.
    let Some(list) = list.filter(|list| list.epoch == request.epoch) else {
        return Ok(reply);
    };
    reply.heads = heads(tx, scope, &list)?;
    if request.doors.is_empty() {
        reply.groups = differing(tx, scope, &list, request)?;
    } else {
        (reply.answered, reply.parts) = doors(tx, scope, &list, &request.doors)?;
    }
    Ok(reply)
}

fn heads(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    list: &ListRow,
) -> Result<Vec<CellCursor>, Error> {
    let sql = "SELECT cell, head FROM cell WHERE campaign = ?1 AND cell IN
                 (SELECT cell FROM list_member WHERE campaign = ?1 AND list = ?2) ORDER BY cell";
    all(tx, sql, params![scope.campaign.to_bytes(), list.number], |row| {
        Ok(CellCursor { cell: row.get(0)?, seq: from_sql(row.get(1)?) })
    })
}

/// The groups that differ, with what the server has of them.
fn differing(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    list: &ListRow,
    request: &CompareRequest,
) -> Result<Vec<GroupDoors>, Error> {
    let sql = "SELECT m.cell, m.ordinal, h.digest FROM list_member m
               JOIN household h ON h.campaign = m.campaign AND h.id = m.household
               WHERE m.campaign = ?1 AND m.list = ?2 ORDER BY m.cell, m.ordinal";
    let members = all(tx, sql, params![scope.campaign.to_bytes(), list.number], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    let mut cells: BTreeMap<u32, [Vec<DoorDigest>; GROUPS]> = BTreeMap::new();
    for told in &request.cells {
        cells.entry(told.cell).or_default();
    }
    for (cell, ordinal, digest) in members {
        let digest: [u8; 16] = digest;
        let door = DoorDigest { ordinal, digest: digest.into() };
        cells.entry(cell).or_default()[group_of(ordinal)].push(door);
    }
    let mut differing = Vec::new();
    for (cell, groups) in cells {
        let told = request.cells.iter().find(|told| told.cell == cell);
        for (place, doors) in groups.into_iter().enumerate() {
            let here: Digest = doors.iter().map(|door| Digest::from_bytes(*door.digest)).sum();
            let there = told.and_then(|told| told.groups.get(place));
            let there = there.map_or_else(Digest::default, |digest| Digest::from_bytes(**digest));
            if here != there {
                let group = u8::try_from(place).expect("there are sixteen groups");
                differing.push(GroupDoors { cell, group, doors });
            }
        }
    }
    Ok(differing)
}

/// Everything the device may know of these doors; how many of them the answer speaks of.
fn doors(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    list: &ListRow,
    asked: &[DoorAt],
) -> Result<(u32, Vec<wire::Part>), Error> {
    let campaign = scope.campaign;
    let mut doors = Vec::new();
    let mut people = Vec::new();
    let mut events: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    let (mut answered, mut count) = (0, 0);
    for at in asked.iter().take(MAX_DOORS) {
        if count > MAX_EVENTS {
            break;
        }
        answered += 1;
        let sql = "SELECT h.*, m.stop, m.place FROM list_member m
                   JOIN household h ON h.campaign = m.campaign AND h.id = m.household
                   WHERE m.campaign = ?1 AND m.list = ?2 AND m.cell = ?3 AND m.ordinal = ?4";
        let key = params![campaign.to_bytes(), list.number, at.cell, at.ordinal];
        let Some(door) = first(tx, sql, key, snapshot_door)? else { continue };
        let household = door.household.id;
        for row in rows::people(tx, campaign, household)? {
            people.push(SnapshotPerson {
                person: told_person(row.person, list.with_contacts),
                cell: at.cell,
                ordinal: at.ordinal,
                member: row.member,
                source: row.source,
                file: row.file,
            });
        }
        let of_door = rows::events(tx, campaign, household)?;
        count += of_door.len();
        let of_door = of_door.into_iter().map(|event| (household, event));
        events.entry(at.cell).or_default().extend(of_door);
        doors.push(door);
    }
    let mut answer = Answer::new(tx, campaign, usize::MAX);
    let number = list.number;
    answer.add(number, part::DOORS, doors.len(), (0, 0), doors_to_bytes(&doors));
    answer.add(number, part::PEOPLE, people.len(), (0, 0), people_to_bytes(&people));
    for (cell, mut events) in events {
        events.sort_unstable_by_key(|(_, event)| event.cell_seq);
        let upto = events.last().map_or(0, |(_, event)| event.cell_seq);
        answer.names(list, events.iter().map(|(_, event)| event.canvasser))?;
        let events = answer.page_events(events, list.with_contacts)?;
        let rows = events.len();
        let page = EventPage { cell, events, upto };
        answer.add(number, part::EVENTS, rows, (cell, upto), page.to_bytes());
    }
    Ok((answered, answer.into_parts()))
}
