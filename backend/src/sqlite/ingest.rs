//! Taking changes in: each gets the next number of its cell and is folded with what is there.
//!
//! Rules are `canvass_core`'s; what is decided here is only whether a change may be taken for
//! what it says it is. Signatures and order are `push`'s.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use canvass_core::change::{
    Body, Change, DoorRef, EventMarks, MemberRef, SegmentHeader, WireChange,
};
use canvass_core::id::{CampaignId, CanvasserId, ChangeId, HouseholdId, PersonId};
use canvass_core::merge::{Erased, Outcome, SetAsideReason, Write, is_urgent, outcome};
use canvass_core::survey::Script;
use canvass_core::sync::wire::{Exception, exception};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{self, Door, SourceRow, execute, first, to_sql};

/// A device's clock that is further off than this is told on its events.
const SKEW_MS: i64 = 5 * 60 * 1000;

/// What taking in needs to know of a campaign, and what came of it.
pub(super) struct Ingest<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) campaign: CampaignId,
    pub(super) now: Timestamp,
    sources: Vec<SourceRow>,
    scripts: Vec<Script>,
    /// Whether what came long after its list was taken back is taken in all the same.
    pub(super) accept_late: bool,
    /// Whether it was told of someone met at a door: what others said of them may be set aside.
    pub(super) has_met: bool,
    /// What became of changes, where it is more than "applied".
    pub(super) exceptions: Vec<Exception>,
}

/// The author of a segment, as the campaign knows them.
pub(super) struct Author {
    pub(super) canvasser: CanvasserId,
    pub(super) public_key: [u8; 32],
    pub(super) offset_ms: i64,
    /// Every change of this incarnation up to here is received.
    pub(super) mark: u64,
}

/// What is recorded on a list that was taken back is taken in for this long; then it is set
/// aside, and someone decides.
const GRACE_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// Whether a list is, or ever was, the author's; if so, the epoch in which they first had it.
enum ListOf {
    Theirs { given: u32 },
    TakenBack { given: u32 },
    TooLate,
    NotTheirs,
}

/// The doors of a segment, each with its new changes and whether these are stale.
type Doors = BTreeMap<HouseholdId, (Door, Vec<(Change, bool)>)>;

/// Where a change goes.
struct Placed {
    household: HouseholdId,
    change: Change,
    /// The list had been taken back or cut anew.
    stale: bool,
}

impl<'a> Ingest<'a> {
    pub(super) fn new(
        tx: &'a Transaction<'a>,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<Self, Error> {
        Ok(Self {
            tx,
            campaign,
            now,
            sources: rows::sources(tx, campaign)?,
            scripts: super::campaign::scripts(tx, campaign)?,
            accept_late: false,
            has_met: false,
            exceptions: Vec::new(),
        })
    }

    pub(super) fn take_in(
        &mut self,
        header: &SegmentHeader,
        author: &Author,
        changes: Vec<WireChange>,
    ) -> Result<(), Error> {
        let list = self.list_of(header)?;
        let mut doors = Doors::new();
        for change in changes {
            let change_id = change.id;
            match self.place(header, &list, change, &mut doors)? {
                Ok(Placed { household, change, stale }) => {
                    self.has_met |= matches!(change.body, Body::PersonMet(_));
                    let marks = marks(stale, author);
                    let write = self.sequence(author, &doors[&household].0, change, marks)?;
                    let (door, new) = doors.get_mut(&household).expect("just placed");
                    new.push((write.change.clone(), stale));
                    door.writes.push(write);
                }
                Err(reason) => self.set_aside(change_id, reason)?,
            }
        }
        for (household, (door, new)) in doors {
            self.fold(household, &door, &new)?;
        }
        Ok(())
    }

    fn list_of(&self, header: &SegmentHeader) -> Result<ListOf, Error> {
        let sql = "SELECT l.epoch, d.given, min(coalesce(nullif(d.taken, 0), l.withdrawn),
                     coalesce(nullif(l.withdrawn, 0), d.taken))
                   FROM device_list d JOIN list l ON l.campaign = d.campaign AND l.number = d.list
                   WHERE d.campaign = ?1 AND d.device = ?2 AND d.list = ?3";
        let key = params![header.campaign.to_bytes(), header.device.to_bytes(), header.list];
        let known = first(self.tx, sql, key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let Some((epoch, given, taken_ms)): Option<(u32, u32, i64)> = known else {
            return Ok(ListOf::NotTheirs);
        };
        let is_late = taken_ms > 0 && self.now.millis().saturating_sub(taken_ms) > GRACE_MS;
        Ok(match (is_late && !self.accept_late, taken_ms > 0 || epoch != header.list_epoch) {
            (true, _) => ListOf::TooLate,
            (false, true) => ListOf::TakenBack { given },
            (false, false) => ListOf::Theirs { given },
        })
    }

    /// Finds the household and the people a change speaks of, and whether it may say what it
    /// says.
    fn place(
        &self,
        header: &SegmentHeader,
        list: &ListOf,
        change: WireChange,
        doors: &mut Doors,
    ) -> Result<Result<Placed, SetAsideReason>, Error> {
        let (given, taken_back) = match list {
            ListOf::Theirs { given } => (*given, false),
            ListOf::TakenBack { given } => (*given, true),
            ListOf::TooLate => return Ok(Err(SetAsideReason::TooLate)),
            ListOf::NotTheirs => return Ok(Err(SetAsideReason::NotTheirList)),
        };
        let campaign = self.campaign;
        let row = match change.door {
            DoorRef::Number { cell, ordinal } => {
                rows::household_at(self.tx, campaign, cell, ordinal)?
            }
            DoorRef::Met(_) => None,
        };
        let Some(row) = row else { return Ok(Err(SetAsideReason::UnknownEntity)) };
        let household = row.household.id;
        let is_on_list = self.is_on_list(header, household)?;
        if !is_on_list && !self.was_on_list(header, household, given)? {
            return Ok(Err(SetAsideReason::NotTheirList));
        }
        let stale = taken_back || !is_on_list;
        if let std::collections::btree_map::Entry::Vacant(e) = doors.entry(household) {
            let door = rows::door(self.tx, campaign, row)?;
            e.insert((door, Vec::new()));
        }
        let (door, _) = &doors[&household];
        let person = |member: &MemberRef| door.person(member);
        let Some(change) = change.renamed(|_| Some(household), person) else {
            return Ok(Err(SetAsideReason::UnknownEntity));
        };
        // What was erased stays so: of a change that comes late only that it was there is kept.
        if let Some(change) = Erased::of(&door.writes).redacted(&change) {
            return Ok(Ok(Placed { household, change, stale }));
        }
        Ok(self.check(door, &change).map(|()| Placed { household, change, stale }))
    }

    fn is_on_list(&self, header: &SegmentHeader, household: HouseholdId) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM list_member WHERE campaign = ?1 AND list = ?2 AND household = ?3";
        let key = params![header.campaign.to_bytes(), header.list, household.to_bytes()];
        Ok(first(self.tx, sql, key, |_| Ok(()))?.is_some())
    }

    /// Whether the list had this household in an epoch that its author may have seen.
    fn was_on_list(
        &self,
        header: &SegmentHeader,
        household: HouseholdId,
        given: u32,
    ) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM list_member_past
                   WHERE campaign = ?1 AND list = ?2 AND household = ?3 AND last_epoch >= ?4";
        let key = params![header.campaign.to_bytes(), header.list, household.to_bytes(), given];
        Ok(first(self.tx, sql, key, |_| Ok(()))?.is_some())
    }

    fn check(&self, door: &Door, change: &Change) -> Result<(), SetAsideReason> {
        // Folded only for somebody whom no file knows: a push may bring many changes of a door.
        let state = LazyCell::new(|| door.state(self.campaign, &self.sources));
        let known = |person: PersonId| door.is_in_file(person) || door.was_met(&state, person);
        if change.member.is_some_and(|person| !known(person)) {
            return Err(SetAsideReason::UnknownEntity);
        }
        match &change.body {
            Body::Attempt(attempt) if !attempt.people.iter().all(|(who, _)| known(*who)) => {
                Err(SetAsideReason::UnknownEntity)
            }
            Body::Answer(answer) => {
                let script = self.scripts.iter().find(|script| script.hash() == answer.script);
                let fits = script.is_some_and(|script| match &answer.value {
                    Some(value) => script.value(answer.question, value).is_some(),
                    None => script.question(answer.question).is_some(),
                });
                if fits { Ok(()) } else { Err(SetAsideReason::UnknownQuestion) }
            }
            Body::Correction(correction)
                if correction.field.is_persons() != change.member.is_some() =>
            {
                Err(SetAsideReason::UnknownEntity)
            }
            Body::Claim | Body::Literature(_) if change.member.is_some() => {
                Err(SetAsideReason::UnknownEntity)
            }
            Body::Ask(_) | Body::Reach(_) if change.member.is_none() => {
                Err(SetAsideReason::UnknownEntity)
            }
            Body::Imported(_) | Body::Erasure | Body::Erased => Err(SetAsideReason::NotTheirs),
            Body::Unknown { kind, .. } if *kind <= LAST_KNOWN_KIND => {
                Err(SetAsideReason::Unreadable)
            }
            _ => Ok(()),
        }
    }

    /// Gives a change the next number of its cell and keeps it as an event.
    fn sequence(
        &self,
        author: &Author,
        door: &Door,
        change: Change,
        marks: EventMarks,
    ) -> Result<Write, Error> {
        let told = change.recorded_at.plus_millis(author.offset_ms);
        let effective = Timestamp::from_millis(told.min(self.now).millis());
        let canvasser = author.canvasser;
        let effective = Some(effective);
        let mut write = Write { change, canvasser, effective, marks, cell_seq: None };
        sequence(self.tx, self.campaign, door, &mut write, self.now)?;
        Ok(write)
    }

    /// Folds a household and tells what became of the new changes.
    fn fold(
        &mut self,
        household: HouseholdId,
        door: &Door,
        new: &[(Change, bool)],
    ) -> Result<(), Error> {
        let state = door.state(self.campaign, &self.sources);
        for (change, stale) in new {
            match outcome(&state, change) {
                _ if *stale => self.tell(change.id, exception::STALE_SCOPE, None),
                Outcome::Duplicate => self.tell(change.id, exception::DUPLICATE, None),
                Outcome::Erased => self.tell(change.id, exception::ERASED, None),
                Outcome::Merged => self.tell(change.id, exception::MERGED, None),
                Outcome::HeldByAnother => self.tell(change.id, exception::HELD, None),
                Outcome::AppliedWithConflict(conflict) => {
                    self.tell(change.id, exception::CONFLICT, None);
                    let last = self.exceptions.last_mut().expect("just told");
                    last.conflict = Some(conflict.to_bytes().into());
                }
                _ => {}
            }
        }
        let projection = door.projection(&state);
        let digest = door.digest(&state, &self.sources);
        rows::put_state(self.tx, self.campaign, household, &projection, digest)?;
        super::conflicts::keep(self.tx, self.campaign, household, &state, self.now)
    }

    pub(super) fn tell(&mut self, id: ChangeId, code: u8, reason: Option<u8>) {
        self.exceptions.push(Exception {
            device: id.device.to_bytes().into(),
            incarnation: id.incarnation,
            seq: id.seq,
            code,
            reason,
            conflict: None,
        });
    }

    pub(super) fn set_aside(&mut self, id: ChangeId, reason: SetAsideReason) -> Result<(), Error> {
        let sql = "INSERT INTO set_aside VALUES (?1, ?2, ?3, ?4, ?5)";
        let campaign = self.campaign.to_bytes();
        let device = id.device.to_bytes();
        let values = params![campaign, device, id.incarnation, to_sql(id.seq), reason as u8];
        execute(self.tx, sql, values)?;
        self.tell(id, exception::SET_ASIDE, Some(reason as u8));
        Ok(())
    }

    pub(super) fn reason(&self, id: ChangeId) -> Result<Option<u8>, Error> {
        let sql = "SELECT reason FROM set_aside
                   WHERE campaign = ?1 AND device = ?2 AND incarnation = ?3 AND number = ?4";
        let campaign = self.campaign.to_bytes();
        let key = params![campaign, id.device.to_bytes(), id.incarnation, to_sql(id.seq)];
        first(self.tx, sql, key, |row| row.get(0))
    }
}

/// What there is to notice about a change.
fn marks(stale: bool, author: &Author) -> EventMarks {
    let skewed = author.offset_ms.abs() > SKEW_MS;
    let skewed = if skewed { EventMarks::SKEWED } else { 0 };
    let stale = if stale { EventMarks::STALE_SCOPE } else { 0 };
    EventMarks(skewed | stale)
}

/// The last kind of change that this build knows; later ones are kept and forwarded untouched.
const LAST_KNOWN_KIND: u16 = 18;

/// Gives a change the next number of its household's cell and keeps it as an event.
pub(super) fn sequence(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    door: &Door,
    write: &mut Write,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "UPDATE cell SET head = head + 1 WHERE campaign = ?1 AND cell = ?2 RETURNING head";
    let key = params![campaign.to_bytes(), door.row.cell];
    let seq: Option<i64> = first(tx, sql, key, |row| row.get(0))?;
    let seq = seq.ok_or(Error::Inconsistent("a household's cell"))?;
    write.cell_seq = u64::try_from(seq).ok();
    let change = &write.change;
    execute(
        tx,
        "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            campaign.to_bytes(),
            door.row.cell,
            seq,
            change.door.to_bytes(),
            write.canvasser.to_bytes(),
            write.at().millis(),
            now.millis(),
            write.marks.0,
            change.id.device.to_bytes(),
            change.id.incarnation,
            to_sql(change.id.seq),
            change.to_bytes(),
            is_urgent(change),
        ],
    )
    .map(|_| ())
}
