//! The end of a list on this phone: when it may not be read any more, and erasing it.
//!
//! Whatever comes over a list (its time, an order, a lost key), its unsent changes leave all the
//! same: they are sealed to the campaign before the list's key goes. Erasing is a row of steps,
//! each of which may be done twice; the mark in `main.db` is written first, so that a crash at
//! any point is taken up again at the next opening or call.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::change::Segment;
use crate::engine::error::Error;
use crate::engine::lists::OpenList;
use crate::engine::{Engine, Main, Opened, Ports, comes_anew, has_server, incarnation, segments};
use crate::id::ListId;
use crate::seal::enclose;
use crate::store::{
    CampaignKeys, ClosedBecause, ListEntry, MainDb, OrderDoneRow, StoreError, StoreFile,
    delete_list_key,
};
use crate::sync::{Order, OrderDone, Signed};
use crate::time::TrustedTime;

/// The trusted time: as it stands, and as it was last kept.
pub(super) struct Time(RefCell<Option<(TrustedTime, TrustedTime)>>);

impl Time {
    pub(super) fn kept(db: &MainDb) -> Result<Self, StoreError> {
        let kept = db.trusted_time()?;
        Ok(Self(RefCell::new(kept.map(|kept| (kept.clone(), kept)))))
    }
}

impl Main {
    /// The trusted time now; nothing before the campaign has signed a moment.
    pub(super) fn trusted(&self, ports: &Ports) -> Result<Option<TrustedTime>, Error> {
        let mut state = self.time.0.borrow_mut();
        let Some((time, kept)) = &mut *state else { return Ok(None) };
        time.observe(&ports.clock.boot_id(), ports.clock.since_boot_ms());
        if time.is_news_since(kept) {
            self.db.put_trusted_time(time)?;
            kept.clone_from(time);
        }
        Ok(Some(time.clone()))
    }

    /// Hears a moment that the campaign has signed.
    pub(super) fn signed_moment(&self, ports: &Ports, signed_ms: i64) -> Result<(), Error> {
        let (boot, since_boot_ms) = (ports.clock.boot_id(), ports.clock.since_boot_ms());
        let mut state = self.time.0.borrow_mut();
        let time = match state.take() {
            Some((mut time, _)) => {
                time.observe(&boot, since_boot_ms);
                time.signed(signed_ms);
                time
            }
            None => TrustedTime::begin(signed_ms, &boot, since_boot_ms),
        };
        self.db.put_trusted_time(&time)?;
        *state = Some((time.clone(), time));
        Ok(())
    }
}

/// Whether a list's lease has ended.
fn is_over(main: &Main, ports: &Ports, entry: &ListEntry) -> Result<bool, Error> {
    let Some(loan) = &entry.loan else { return Ok(false) };
    let time = main.trusted(ports)?;
    Ok(time.is_none_or(|time| !time.allows(loan.terms)))
}

impl Opened {
    /// Lets a list be read or written, or says why not. One that is seen here to have ended is
    /// erased before this returns.
    pub(super) fn admit(&self, main: &Main, ports: &Ports, entry: &ListEntry) -> Result<(), Error> {
        let why = match entry.closed {
            Some(why) => why,
            None if is_over(main, ports, entry)? => ClosedBecause::Expired,
            None => return Ok(()),
        };
        Err(self.closed(main, ports, entry, why))
    }

    /// Erases a list and says so.
    pub(super) fn closed(
        &self,
        main: &Main,
        ports: &Ports,
        entry: &ListEntry,
        why: ClosedBecause,
    ) -> Error {
        match self.erase(main, ports, entry, why) {
            // Something of it is neither readable nor sealed any more: the next sync sees to it.
            Ok(()) | Err(Error::Store(StoreError::KeyLost { .. })) => Error::ListClosed { why },
            Err(error) => error,
        }
    }

    /// Erases a list, or goes on erasing it.
    pub(super) fn erase(
        &self,
        main: &Main,
        ports: &Ports,
        entry: &ListEntry,
        why: ClosedBecause,
    ) -> Result<(), Error> {
        if entry.erased {
            return Ok(());
        }
        // The mark: from here on nobody reads it, whatever happens to the rest.
        let mut entry = ListEntry { closed: Some(why), ..entry.clone() };
        main.db.put_list(&entry)?;
        self.seal_unsent(main, ports, &entry)?;
        self.forget(entry.id);
        delete_list_key(entry.id, &*ports.vault)?;
        main.db.strip_list(entry.id)?;
        self.directory.remove_list(entry.id)?;
        main.db.empty_log()?;
        entry = main.db.list(entry.id)?.unwrap_or(entry);
        entry.erased = true;
        Ok(main.db.put_list(&entry)?)
    }

    /// Sees to it that every unsent change of a list is sealed to the campaign, while the
    /// list's key is still there.
    fn seal_unsent(&self, main: &Main, ports: &Ports, entry: &ListEntry) -> Result<(), Error> {
        if !main.db.has_unsealed(entry.id)? {
            return Ok(());
        }
        let identity = main.identity()?;
        let keys = identity.keys.as_ref().ok_or(StoreError::KeyLost { file: StoreFile::List })?;
        match self.open_list(main, ports, entry) {
            Ok(list) => {
                segments::make_all(self, main, ports)?;
                enclose_segments(main, ports, keys, &list)
            }
            // The copies that were made when it was saved leave in its place.
            Err(Error::Store(StoreError::KeyLost { file })) => {
                main.db.drop_unsealed_segments(entry.id)?;
                segments::make_all(self, main, ports)?;
                if main.db.has_unsealed(entry.id)? {
                    return Err(StoreError::KeyLost { file }.into());
                }
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Closes the lists whose keys are lost: a sync gets on without them, and they come anew.
    /// A change that neither its list's key nor a sealed copy tells any more is given up, so
    /// that it does not hold back the others; the call that recorded it had failed, or the
    /// sealed copy was damaged as well.
    pub(super) fn sweep_lost_keys(&self, main: &mut Main, ports: &Ports) -> Result<(), Error> {
        let is_lost = |result: Result<(), Error>| match result {
            Err(Error::Store(StoreError::KeyLost { .. })) => Ok(true),
            result => result.map(|()| false),
        };
        for entry in main.db.lists()?.iter().filter(|entry| !entry.erased) {
            // Whatever else it is, whoever needs the list is told.
            let opened = self.open_list(main, ports, entry).map(drop);
            if !comes_anew(main, entry) || !is_lost(opened).unwrap_or(false) {
                continue;
            }
            let why = entry.closed.unwrap_or(ClosedBecause::KeyLost);
            if is_lost(self.erase(main, ports, entry, why))? {
                incarnation::begin(self, main, ports)?;
                self.erase(main, ports, entry, why)?;
            }
        }
        Ok(())
    }

    /// Erases what has ended and takes up what was broken off. What cannot be done now is tried
    /// again at every call that asks for that list.
    pub(super) fn sweep(&self, main: &Main, ports: &Ports) -> Result<(), Error> {
        for entry in main.db.lists()?.iter().filter(|entry| !entry.erased) {
            match self.admit(main, ports, entry) {
                Ok(()) | Err(Error::ListClosed { .. } | Error::Store(StoreError::Locked)) => {}
                Err(error) => return Err(error),
            }
        }
        self.sweep_forgotten(main, ports)
    }

    /// Erases the lists that a database which was put back does not know of: they came since, and
    /// come anew. What no server gives out stays, for the newer database may be put back as well.
    fn sweep_forgotten(&self, main: &Main, ports: &Ports) -> Result<(), Error> {
        if !has_server(main) {
            return Ok(());
        }
        let known: BTreeSet<ListId> = main.db.lists()?.iter().map(|entry| entry.id).collect();
        for list in self.directory.lists()?.into_iter().filter(|list| !known.contains(list)) {
            match delete_list_key(list, &*ports.vault) {
                Err(StoreError::Locked) => return Ok(()),
                deleted => deleted?,
            }
            self.directory.remove_list(list)?;
        }
        Ok(())
    }
}

/// Puts envelopes in the place of a list's segments.
fn enclose_segments(
    main: &Main,
    ports: &Ports,
    keys: &CampaignKeys,
    list: &OpenList,
) -> Result<(), Error> {
    const CORRUPT: Error = Error::Store(StoreError::Corrupt { file: StoreFile::Main });
    let of_list = main.db.segments()?.into_iter();
    for mut row in of_list.filter(|row| row.list == list.entry.id && !row.enclosed) {
        let segment = Segment::read(list.unseal_segment(&row)?).map_err(|_| CORRUPT)?;
        let envelope = enclose(&segment, &keys.sealing, None, &*ports.ids).map_err(|_| CORRUPT)?;
        (row.sealed, row.enclosed) = (envelope.to_bytes(), true);
        main.db.put_segment(&row)?;
    }
    Ok(())
}

impl Engine {
    /// Carries out the campaign's orders to this device, each once; whether any was new. What
    /// is not signed by the campaign for this device is as if it had not come.
    pub(super) fn obey(&self, opened: &Opened, orders: &[Signed]) -> Result<bool, Error> {
        let mut any = false;
        for signed in orders {
            any |= self.obey_one(opened, signed)?;
        }
        if any {
            self.listeners.tell(None, None);
        }
        Ok(any)
    }

    fn obey_one(&self, opened: &Opened, signed: &Signed) -> Result<bool, Error> {
        let main = opened.main();
        let identity = main.identity()?;
        let (campaign, device) = (identity.campaign, identity.device);
        let keys = identity.keys.as_ref();
        let order = keys.and_then(|keys| Order::of(signed, campaign, device, &keys.signing));
        let Some(order) = order else { return Ok(false) };
        let is_new = order.number > main.db.last_order()?;
        if is_new {
            let why = match order.list {
                Some(_) => ClosedBecause::Withdrawn,
                None => ClosedBecause::Wiped,
            };
            for entry in main.db.lists()?.iter().filter(|entry| entry.closed.is_none()) {
                let lent_ms = entry.loan.as_ref().map(|loan| loan.issued_ms);
                if order.means(entry.number, entry.epoch, lent_ms) {
                    opened.erase(&main, &self.ports, entry, why)?;
                }
            }
        }
        let done = OrderDone::make(order.number, signed, &opened.signing);
        main.db
            .put_order_done(&OrderDoneRow { number: done.number, signature: *done.signature })?;
        Ok(is_new)
    }
}
