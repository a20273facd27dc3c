//! Taking in what came down: staged in the list's file, applied whole, compared.
//!
//! A list that disagrees is put right by `repair`, which is asked here.

use super::EngineWork;
use crate::engine::error::{Error, What};
use crate::engine::lists::Writer;
use crate::engine::{NewList, apply, bundle, repair, segments};
use crate::id::{ChangeId, ListId};
use crate::merge::Digest;
use crate::store::{Counter, ListDb, ListEntry, Loan, StagedPart, StoreError};
use crate::sync::Lease;
use crate::sync::wire::{
    self, CellCursor, CompareReply, CompareRequest, ListCheckpoint, ListCursor, ListHead,
    PullReply, part,
};

/// How much of a list is here: what is staged of an unfinished answer, else what is applied.
pub(super) fn cursor(db: &ListDb, number: u32) -> Result<ListCursor, Error> {
    let rows = db.lookup();
    let staged = rows.staged()?;
    let fresh = staged.iter().find(|staged| staged.kind == part::HEAD);
    let at = |(cell, seq)| CellCursor { cell, seq };
    let urgent = rows.shown_cursors()?.into_iter().map(at).collect();
    let mut cursor = ListCursor { number, urgent, ..ListCursor::default() };
    match fresh {
        Some(head) => {
            let head: Option<ListHead> = wire::decoded(&head.body);
            cursor.epoch = head.map_or(0, |head| head.epoch);
        }
        None => {
            let Some((about, _)) = db.about()? else {
                return Ok(cursor);
            };
            // What is missing of an applied snapshot is found by digests, never by counting.
            cursor.epoch = about.epoch;
            (cursor.doors, cursor.people) = (wire::ALL_ROWS, wire::ALL_ROWS);
            cursor.scripts = u32::try_from(db.scripts()?.len()).unwrap_or(u32::MAX);
            cursor.cells = rows.cursors()?.into_iter().map(at).collect();
        }
    }
    for staged in &staged {
        match staged.kind {
            part::DOORS => cursor.doors = cursor.doors.saturating_add(staged.rows),
            part::PEOPLE => cursor.people = cursor.people.saturating_add(staged.rows),
            part::SCRIPT => cursor.scripts += 1,
            part::EVENTS => put(&mut cursor.cells, staged),
            part::URGENT => put(&mut cursor.urgent, staged),
            _ => {}
        }
    }
    Ok(cursor)
}

fn put(cursors: &mut Vec<CellCursor>, staged: &StagedPart) {
    cursors.retain(|known| known.cell != staged.cell);
    cursors.push(CellCursor { cell: staged.cell, seq: staged.upto });
}

impl EngineWork<'_> {
    /// Keeps the parts of an answer, each in its list's file.
    pub(super) fn stage(&self, reply: &PullReply) -> Result<(), Error> {
        let mut numbers: Vec<u32> = reply.parts.iter().map(|part| part.list).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let parts = || reply.parts.iter().filter(move |it| it.list == number);
            let head = parts().find(|part| part.kind == part::HEAD);
            let head: Option<ListHead> = head.and_then(|head| wire::decoded(&head.body));
            let Some(list) = self.list_numbered(number, head.as_ref())? else {
                continue;
            };
            let mut open = self.writer(list)?;
            let writer = open.db.write()?;
            if head.is_some() {
                writer.clear_staged_but(part::URGENT)?;
            }
            for part in parts() {
                writer.stage(&repair::staged(part))?;
            }
            writer.commit()?;
            open.rest();
            // Whom not to contact is shown at once, not only when all of it is there.
            if parts().any(|it| it.kind == part::URGENT) {
                self.refresh(list)?;
                self.engine.listeners.tell(Some(list), None);
            }
        }
        Ok(())
    }

    /// The list of this number, made when its head is the first that is heard of it.
    pub(super) fn list_numbered(
        &self,
        number: u32,
        head: Option<&ListHead>,
    ) -> Result<Option<ListId>, Error> {
        let main = self.opened.main();
        let known = main.db.lists()?.into_iter().find(|entry| entry.number == number);
        match (known, head) {
            // It comes anew, under another key, once nothing of it is left.
            (Some(entry), head) if entry.closed.is_some() => match head {
                Some(head) if entry.erased => {
                    let (id, epoch, name) = (entry.id, head.epoch, head.name.clone());
                    let about = NewList { id, number, epoch, name };
                    self.opened.new_list(&main, &self.engine.ports, about)?;
                    Ok(Some(id))
                }
                _ => Ok(None),
            },
            (Some(entry), head) => {
                if let Some(head) = head.filter(|h| h.epoch != entry.epoch || h.name != entry.name)
                {
                    let entry = ListEntry {
                        epoch: head.epoch,
                        name: head.name.clone(),
                        withdrawn: false,
                        ..entry.clone()
                    };
                    main.db.put_list(&entry)?;
                    self.opened.forget(entry.id);
                }
                Ok(Some(entry.id))
            }
            (None, Some(head)) => {
                let id = ListId::from_bytes(*head.id);
                let (epoch, name) = (head.epoch, head.name.clone());
                let about = NewList { id, number, epoch, name };
                self.opened.new_list(&main, &self.engine.ports, about)?;
                Ok(Some(id))
            }
            (None, None) => Ok(None),
        }
    }

    /// A connection of our own to a list's file, so that nobody waits who is reading.
    pub(super) fn writer(&self, list: ListId) -> Result<Writer, Error> {
        let main = self.opened.main();
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        Writer::of(&self.opened.directory, open)
    }

    /// What was set aside and has come down since is no longer set aside: the campaign may take it
    /// in without being asked, when what it lacked arrives.
    pub(super) fn drop_taken_in(&self, list: ListId) -> Result<(), Error> {
        let main = self.opened.main();
        let device = main.identity()?.device;
        let rows = main.db.set_aside()?;
        let open = segments::of(self.opened, &main, &self.engine.ports, list)?;
        for row in rows.into_iter().filter(|row| row.list == list) {
            let id = ChangeId { device, incarnation: row.incarnation, seq: row.seq };
            if open.read().rows().has_event(id)? {
                main.db.drop_set_aside(row.incarnation, row.seq)?;
            }
        }
        Ok(())
    }

    /// Has readers see what the file of a list holds now.
    pub(super) fn refresh(&self, list: ListId) -> Result<(), Error> {
        let main = self.opened.main();
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        open.refresh(&main.db, main.identity()?)
    }

    /// Applies what is staged of a list; whether it agrees with the server now.
    pub(super) fn apply(&mut self, checkpoint: &ListCheckpoint, acked: u64) -> Result<bool, Error> {
        let Some(list) = self.list_numbered(checkpoint.number, None)? else {
            // It has been erased meanwhile: it comes anew.
            self.tally.repaired += 1;
            return Ok(false);
        };
        if !self.lend(list, checkpoint)? {
            return Ok(true);
        }
        let campaign = self.opened.main().identity()?.campaign;
        let digest = Digest::from_bytes(*checkpoint.digest);
        let mut writer = self.writer(list)?;
        let applied = match apply::apply(&mut writer.db, campaign, list, digest) {
            Err(Error::Store(StoreError::Corrupt { .. } | StoreError::Database { .. })) => {
                return self.drop_staged(&mut writer.db);
            }
            applied => applied?,
        };
        self.tally.received += applied.events;
        if applied.diverged && !self.repairs.is_known(checkpoint.number) {
            self.tally.diverged += 1;
            self.opened.main().db.count(Counter::Diverged)?;
        }
        // The file holds now what the server had acknowledged before it answered.
        {
            let main = self.opened.main();
            main.db.trim(list, acked)?;
            bundle::drop_received(&main, |relay| relay.list == checkpoint.number)?;
        }
        self.drop_taken_in(list)?;
        self.refresh(list)?;
        if writer.db.has_remains()? {
            let main = self.opened.main();
            // One that is erased meanwhile has none left.
            if let Ok(open) = self.opened.list(&main, &self.engine.ports, list) {
                open.drop_erased_conversations(&main)?;
            }
        }
        match writer.db.drop_remains() {
            Ok(()) => writer.rest(),
            // Someone else writes just now, or there is no room: tried again after the next pull.
            Err(StoreError::InUse | StoreError::Full) => {}
            Err(error) => return Err(error.into()),
        }
        self.engine.listeners.tell(Some(list), None);
        Ok(applied.agrees)
    }

    /// What came cannot be read, or does not fit what is here: it is asked for again, instead of
    /// standing in the way of every later sync. If it is the file that is damaged, this fails too.
    fn drop_staged(&mut self, db: &mut ListDb) -> Result<bool, Error> {
        let writer = db.write()?;
        writer.clear_staged()?;
        writer.commit()?;
        self.tally.diverged += 1;
        Ok(false)
    }

    /// Notes for how long a list is lent; whether the campaign has signed it. It is noted before
    /// the list is applied: no list is there without its lease.
    pub(super) fn lend(&self, list: ListId, checkpoint: &ListCheckpoint) -> Result<bool, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let keys = identity.keys.as_ref();
        let lease = keys.and_then(|keys| {
            Lease::of(&checkpoint.lease, identity.campaign, identity.device, &keys.signing)
        });
        let meant = |lease: &Lease| {
            (lease.number, lease.epoch) == (checkpoint.number, checkpoint.epoch)
                && *lease.list == list.to_bytes()
        };
        let Some(lease) = lease.filter(meant) else { return Ok(false) };
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        let sealed = open.seal_lease(&*self.engine.ports.ids, &wire::encoded(&checkpoint.lease));
        let (issued_ms, terms) = (lease.issued_ms, lease.terms());
        if entry.loan.as_ref().is_none_or(|loan| loan.issued_ms <= issued_ms) {
            main.signed_moment(&self.engine.ports, issued_ms)?;
            main.db
                .put_list(&ListEntry { loan: Some(Loan { issued_ms, terms, sealed }), ..entry })?;
        }
        Ok(true)
    }

    /// Lists of this phone that the server does not name any more are no longer walked. Their
    /// unsent work is sent all the same.
    pub(super) fn withdraw_all_but(&self, checkpoints: &[ListCheckpoint]) -> Result<(), Error> {
        let main = self.opened.main();
        for mut entry in main.db.lists()? {
            let given = checkpoints.iter().any(|checkpoint| checkpoint.number == entry.number);
            if entry.withdrawn == given {
                entry.withdrawn = !given;
                main.db.put_list(&entry)?;
                self.opened.forget(entry.id);
            }
        }
        Ok(())
    }

    /// What to ask next about lists that disagree.
    pub(super) fn next_comparison(&mut self) -> Result<Option<CompareRequest>, Error> {
        while let Some(number) = self.repairs.list() {
            let Some(list) = self.list_numbered(number, None)? else {
                self.repairs.end();
                continue;
            };
            let doors = self.repairs.asked();
            let writer = self.writer(list)?;
            if let Some(request) = repair::request(&writer.db, number, doors)? {
                return Ok(Some(request));
            }
            self.repairs.end();
        }
        Ok(None)
    }

    /// Takes in where a list differs, or the doors that were asked for.
    pub(super) fn take_comparison(&mut self, reply: &CompareReply) -> Result<(), Error> {
        let Some(number) = self.repairs.list() else { return Ok(()) };
        let Some(list) = self.list_numbered(number, None)? else { return Ok(()) };
        let mut writer = self.writer(list)?;
        let db = &mut writer.db;
        if db.about()?.is_none_or(|(about, _)| about.epoch != reply.epoch) {
            // Cut anew or taken in between: the next pull says so.
            self.repairs.end();
            return Ok(());
        }
        let asked = self.repairs.asked();
        if asked.is_empty() {
            match repair::differences(db, reply)? {
                Some(doors) if !doors.is_empty() => self.repairs.want(doors),
                Some(_) => self.repairs.end(),
                // So much that fetching the list is less.
                None => {
                    self.repairs.end();
                    self.fetch_anew(number)?;
                }
            }
            return Ok(());
        }
        let answered = asked.get(..reply.answered as usize).unwrap_or(&asked);
        if answered.is_empty() {
            self.repairs.end();
            return Ok(());
        }
        let campaign = self.opened.main().identity()?.campaign;
        match repair::replace(db, campaign, answered, &reply.parts) {
            // What came cannot be read, or does not fit: nothing was replaced.
            Err(Error::Store(StoreError::Corrupt { .. } | StoreError::Database { .. })) => {
                self.repairs.end();
                return self.fetch_anew(number).map(drop);
            }
            replaced => replaced?,
        }
        self.tally.repaired_doors += u32::try_from(answered.len()).unwrap_or(u32::MAX);
        self.repairs.answered(answered.len());
        self.refresh(list)
    }

    /// Has a list fetched anew whole with the next pull, once in a conversation; whether it is.
    pub(super) fn fetch_anew(&mut self, number: u32) -> Result<bool, Error> {
        let Some(list) = self.list_numbered(number, None)? else { return Ok(false) };
        if !self.repairs.fetch_anew(number) {
            return Ok(false);
        }
        let mut open = self.writer(list)?;
        let writer = open.db.write()?;
        writer.forget_epoch()?;
        writer.commit()?;
        self.tally.repaired += 1;
        Ok(true)
    }
}
