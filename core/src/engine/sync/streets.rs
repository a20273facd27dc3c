//! Fetching the streets that ride with a list, once all else is exchanged.
//!
//! A pack is named by the hash of its bytes, which the list's checkpoint tells; what does not have
//! that hash is not kept, and a file that was damaged is fetched again with the next sync.

use super::EngineWork;
use crate::engine::error::Error;
use crate::sync::wire::{self, ListCheckpoint, StreetsReply, StreetsRequest, capability};

/// The hash of a pack's bytes.
type Hash = [u8; 32];

/// Streets that are still to be fetched in this conversation.
#[derive(Default)]
pub(super) struct Wanted {
    /// Lists and their packs' names.
    waiting: Vec<(u32, Hash)>,
    /// What was asked for last.
    asked: Option<(u32, Hash)>,
}

impl Wanted {
    pub(super) fn next(&mut self) -> Option<StreetsRequest> {
        self.asked = self.waiting.pop();
        let (list, _) = self.asked?;
        let capabilities = Some(capability::ALL);
        Some(StreetsRequest { protocol: wire::PROTOCOL, list, capabilities })
    }
}

impl EngineWork<'_> {
    /// Notes which lists lack the streets that the server has for them.
    pub(super) fn want_streets(&mut self, checkpoints: &[ListCheckpoint]) -> Result<(), Error> {
        self.wanted.waiting.clear();
        for checkpoint in checkpoints {
            let Some(hash) = &checkpoint.streets else { continue };
            let Some(list) = self.list_numbered(checkpoint.number, None)? else { continue };
            // A file that cannot be read is as good as none: it is written anew.
            let held = self.opened.directory.streets(list).ok().flatten();
            if held.is_none_or(|bytes| *blake3::hash(&bytes).as_bytes() != **hash) {
                self.wanted.waiting.push((checkpoint.number, **hash));
            }
        }
        Ok(())
    }

    /// Keeps a pack that is what was asked for, and can be used here.
    pub(super) fn keep_streets(&mut self, reply: StreetsReply) -> Result<(), Error> {
        let Some((number, hash)) = self.wanted.asked.take() else { return Ok(()) };
        let Some(pack) = reply.pack else { return Ok(()) };
        let Some(list) = self.list_numbered(number, None)? else { return Ok(()) };
        if *blake3::hash(&pack).as_bytes() != hash {
            return Ok(());
        }
        let main = self.opened.main();
        let Some(entry) = main.db.list(list)?.filter(|entry| entry.closed.is_none()) else {
            return Ok(());
        };
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        drop(main);
        match open.keep_streets(self.opened, &pack) {
            // Of a version that this build does not read: straight lines will do.
            Err(Error::Streets(_)) => Ok(()),
            kept => {
                kept?;
                self.engine.listeners.tell(Some(list), None);
                Ok(())
            }
        }
    }
}
