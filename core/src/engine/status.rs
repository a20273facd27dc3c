//! The Sync screen: what is safe where, and what needs attention.

use crate::engine::Engine;
use crate::engine::error::Error;
use crate::engine::view::SyncStatus;
use crate::id::ListId;
use crate::merge::Digest;
use crate::say::{self, Language, StatusFacts};
use crate::store::Counter;

impl Engine {
    /// What is safe where, and what needs attention.
    pub fn sync_status(&self) -> Result<SyncStatus, Error> {
        let lists = self.walk_lists()?;
        let mut conflicts = 0_usize;
        for list in &lists {
            conflicts += self.conflicts(list.list)?.len();
        }
        let opened = self.opened()?;
        let main = opened.main();
        let (on_this_phone, at_campaign, set_aside) = main.db.pending_counts()?;
        let identity = main.identity()?;
        let server = identity.server.as_ref();
        let conflicts = u32::try_from(conflicts).unwrap_or(u32::MAX);
        let has_server = server.is_some();
        let enrolled = server.is_some_and(|server| server.token.is_some());
        let facts =
            StatusFacts { on_this_phone, at_campaign, set_aside, conflicts, has_server, enrolled };
        Ok(SyncStatus {
            on_this_phone,
            at_campaign,
            set_aside,
            conflicts,
            diverged: main.db.counted(Counter::Diverged)?,
            has_server,
            enrolled,
            last_sync: identity.last_sync,
            next_try: (identity.attempts > 0).then_some(identity.next_sync),
            clock_is_off: main
                .trusted(&self.ports)?
                .is_some_and(|time| time.is_off(self.now().millis())),
            sentence: say::status(Language::En, facts),
        })
    }

    /// The digest of what this phone holds of a list and the server has sequenced. Two phones
    /// and the server that hold the same say the same.
    pub fn state_digest(&self, list: ListId) -> Result<Digest, Error> {
        self.read(list, |reader| Ok(reader.rows().digest()?))
    }
}
