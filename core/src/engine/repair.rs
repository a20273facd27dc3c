//! A list that disagrees with the server: finding the doors that differ, and replacing them.
//!
//! List, cells, groups of a cell's doors, doors: two questions and answers, and what travels is
//! proportional to the damage. A door's rows and events are replaced together; unsent work is in
//! another file and is not touched. When to compare, and when to give up, `sync` says.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::EventPage;
use crate::engine::apply::{BAD_PART, put_page, put_states, put_tables};
use crate::engine::door::Campaign;
use crate::engine::error::Error;
use crate::id::CampaignId;
use crate::merge::Digest;
use crate::store::{ListDb, StagedPart};
use crate::sync::wire::{
    self, CellGroups, CompareReply, CompareRequest, DoorAt, GROUPS, Part, capability, group_of,
    part,
};

/// Doors asked for at once.
const ASKED: usize = 200;
/// More doors than this, and the list is fetched anew whole.
const MAX_DOORS: usize = 1000;

/// Which lists are being compared in a conversation, and what was found.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    queue: Vec<u32>,
    /// Doors of the first list of the queue that are still to be asked for.
    wanted: Vec<DoorAt>,
    compared: BTreeSet<u32>,
    fetched: BTreeSet<u32>,
}

impl Repairs {
    /// Puts a list up for comparison; `false` if it has been compared already.
    pub(super) fn begin(&mut self, list: u32) -> bool {
        let new = self.compared.insert(list);
        if new {
            self.queue.push(list);
        }
        new
    }

    /// Whether a list has been found to disagree in this conversation.
    pub(super) fn is_known(&self, list: u32) -> bool {
        self.compared.contains(&list) || self.fetched.contains(&list)
    }

    /// Notes that a list is fetched anew whole; `false` if it has been already.
    pub(super) fn fetch_anew(&mut self, list: u32) -> bool {
        self.fetched.insert(list)
    }

    /// The list that is being compared.
    pub(super) fn list(&self) -> Option<u32> {
        self.queue.first().copied()
    }

    /// The doors that were asked for last; none when it was the groups.
    pub(super) fn asked(&self) -> Vec<DoorAt> {
        self.wanted.iter().take(ASKED).copied().collect()
    }

    pub(super) fn want(&mut self, doors: Vec<DoorAt>) {
        self.wanted = doors;
    }

    /// The first so many doors are done with; the list too, with the last of them.
    pub(super) fn answered(&mut self, count: usize) {
        self.wanted.drain(..count.min(self.wanted.len()));
        if self.wanted.is_empty() {
            self.end();
        }
    }

    /// Done with this list.
    pub(super) fn end(&mut self) {
        self.wanted.clear();
        if !self.queue.is_empty() {
            self.queue.remove(0);
        }
    }
}

/// The question about a list: for `doors`, or where it differs; nothing if it is not here.
pub(super) fn request(
    db: &ListDb,
    number: u32,
    doors: Vec<DoorAt>,
) -> Result<Option<CompareRequest>, Error> {
    let Some((about, _)) = db.about()? else { return Ok(None) };
    let cells = if doors.is_empty() { groups(db)? } else { Vec::new() };
    Ok(Some(CompareRequest {
        protocol: wire::PROTOCOL,
        list: number,
        epoch: about.epoch,
        cells,
        doors,
        capabilities: Some(capability::ALL),
    }))
}

fn groups(db: &ListDb) -> Result<Vec<CellGroups>, Error> {
    let mut cells: BTreeMap<u32, [Digest; GROUPS]> = BTreeMap::new();
    for (cell, ordinal, digest) in db.lookup().digests()? {
        let groups = cells.entry(cell).or_default();
        groups[group_of(ordinal)] = groups[group_of(ordinal)] + digest;
    }
    let cells = cells.into_iter().map(|(cell, groups)| CellGroups {
        cell,
        groups: groups.map(|digest| digest.to_bytes().into()).to_vec(),
    });
    Ok(cells.collect())
}

/// The doors that differ, by the groups that do: missing here, different, or here and not there.
/// Nothing when they are too many. A cursor that is beyond what the server has given is put back.
pub(super) fn differences(
    db: &mut ListDb,
    reply: &CompareReply,
) -> Result<Option<Vec<DoorAt>>, Error> {
    let writer = db.write()?;
    for (cell, cursor) in writer.rows().cursors()? {
        let head = reply.heads.iter().find(|head| head.cell == cell);
        if let Some(head) = head.filter(|head| head.seq < cursor) {
            writer.put_cursor(cell, head.seq)?;
        }
    }
    let mut differing = BTreeSet::new();
    let mut here = BTreeMap::new();
    for (cell, ordinal, digest) in writer.rows().digests()? {
        here.insert(DoorAt { cell, ordinal }, digest.to_bytes());
    }
    writer.commit()?;
    for group in &reply.groups {
        let cell = group.cell;
        let of_group =
            |at: &&DoorAt| at.cell == cell && group_of(at.ordinal) == usize::from(group.group);
        let mut missing_there: BTreeSet<DoorAt> = here.keys().filter(of_group).copied().collect();
        for door in &group.doors {
            let at = DoorAt { cell, ordinal: door.ordinal };
            missing_there.remove(&at);
            if here.get(&at) != Some(&*door.digest) {
                differing.insert(at);
            }
        }
        differing.extend(missing_there);
    }
    let few = differing.len() <= MAX_DOORS;
    Ok(few.then(|| differing.into_iter().collect()))
}

/// Puts what the server has of these doors in the place of what is here: all of it, or nothing.
pub(super) fn replace(
    db: &mut ListDb,
    campaign: CampaignId,
    doors: &[DoorAt],
    parts: &[Part],
) -> Result<(), Error> {
    let writer = db.write()?;
    for at in doors {
        writer.remove_household(at.cell, at.ordinal)?;
    }
    writer.remove_orphans()?;
    let staged: Vec<StagedPart> = parts.iter().map(staged).collect();
    put_tables(&writer, campaign, &staged)?;
    let mut touched = BTreeSet::new();
    for part in staged.iter().filter(|part| part.kind == part::EVENTS) {
        let page = EventPage::read(&part.body).map_err(|_| BAD_PART)?;
        for event in &page.events {
            writer.remove_event(page.cell, event.cell_seq)?;
        }
        put_page(&writer, campaign, page, &mut touched)?;
    }
    let campaign = Campaign { id: campaign, sources: writer.rows().sources()? };
    for at in doors {
        if let Some(row) = writer.rows().household_at(at.cell, at.ordinal)? {
            put_states(&writer, &campaign, &[row.num])?;
        }
    }
    writer.commit()?;
    Ok(())
}

/// A part as the list's file keeps it until the answer is complete.
pub(super) fn staged(part: &Part) -> StagedPart {
    StagedPart {
        kind: part.kind,
        rows: part.rows,
        cell: part.cell,
        upto: part.upto,
        body: part.body.to_vec(),
    }
}
