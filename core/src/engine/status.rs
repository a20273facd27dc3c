//! The Sync screen: what is safe where, and what needs attention.

use crate::engine::Engine;
use crate::engine::error::Error;
use crate::engine::view::SyncStatus;
use crate::engine::whereabouts::Whereabouts;
use crate::id::ListId;
use crate::merge::Digest;
use crate::say::{self, StatusFacts};
use crate::store::{ClosedBecause, Counter, ListEntry};

/// Whether a list is closed here and may come anew with the next sync.
fn comes_anew(entry: &ListEntry) -> bool {
    let why = entry.closed.filter(|_| !entry.withdrawn);
    matches!(why, Some(ClosedBecause::Expired | ClosedBecause::KeyLost))
}

impl Engine {
    /// What is safe where, and what needs attention.
    pub fn sync_status(&self) -> Result<SyncStatus, Error> {
        let lists = self.walk_lists()?;
        let mut conflicts = 0_u32;
        for list in &lists {
            conflicts += self.count_conflicts(list.list)?;
        }
        let opened = self.opened()?;
        let main = opened.main();
        let known = Whereabouts::of(&main)?;
        let counts = main.db.pending_counts(known.own_received(), known.own_elsewhere())?;
        let lists_closed = main.db.lists()?.iter().filter(|entry| comes_anew(entry)).count();
        let identity = main.identity()?;
        let server = identity.server.as_ref();
        let has_server = server.is_some();
        let enrolled = server.is_some_and(|server| server.token.is_some());
        let lists_closed = u32::try_from(lists_closed).unwrap_or(u32::MAX);
        let facts = StatusFacts {
            on_this_phone: counts.on_this_phone,
            on_another_phone: counts.on_another_phone,
            at_campaign: counts.at_campaign,
            set_aside: counts.set_aside,
            conflicts,
            lists_closed,
            has_server,
            enrolled,
        };
        Ok(SyncStatus {
            on_this_phone: counts.on_this_phone,
            on_another_phone: counts.on_another_phone,
            at_campaign: counts.at_campaign,
            set_aside: counts.set_aside,
            conflicts,
            lists_close_at: lists.iter().filter_map(|list| list.readable_until).min(),
            lists_closed,
            diverged: main.db.counted(Counter::Diverged)?,
            has_server,
            enrolled,
            last_sync: identity.last_sync,
            last_sync_sentence: say::last_exchange(
                self.words(),
                identity.last_sync.map(|at| self.now().millis_since(at)),
            ),
            next_try: (identity.attempts > 0).then_some(identity.next_sync),
            clock_is_off: self.is_clock_off(&main)?,
            sentence: say::status(self.words(), facts),
        })
    }

    /// The digest of what this phone holds of a list and the server has sequenced. Two phones
    /// and the server that hold the same say the same.
    pub fn state_digest(&self, list: ListId) -> Result<Digest, Error> {
        self.read(list, |reader| Ok(reader.rows().digest()?))
    }
}
