//! The streets that ride with a list: a plain file beside the list's own, gone with it.
//!
//! A pack holds nothing of people and is not encrypted; its hash is checked whenever it is
//! opened. What is damaged is taken for absent: a list without streets is walked by straight
//! lines until the next sync brings them anew.

use std::sync::Arc;

use crate::engine::error::Error;
use crate::engine::import::own_list;
use crate::engine::lists::OpenList;
use crate::engine::{Engine, Opened};
use crate::id::ListId;
use crate::street::StreetPack;

/// What is known of a list's streets.
#[derive(Default)]
pub(super) enum HeldStreets {
    /// Nobody has asked yet.
    #[default]
    Unread,
    /// What their file held; nothing if there is none.
    Read(Option<Arc<StreetPack>>),
}

impl Engine {
    /// Gives the campaign's own list its streets: the bytes of a pack that `canvass streets
    /// build` made. Only without a server; with one, each list brings its own.
    pub fn put_streets(&self, pack: &[u8]) -> Result<(), Error> {
        let opened = self.opened()?;
        let list = own_list(&opened.main())?;
        let open = opened.list(&opened.main(), &self.ports, list)?;
        open.keep_streets(&opened, pack)?;
        self.refresh(&opened, list)
    }

    /// The streets of a list, if it came with them: for an app that draws them itself. Orders,
    /// directions and the map use them as it is.
    pub fn streets(&self, list: ListId) -> Result<Option<Arc<StreetPack>>, Error> {
        let opened = self.opened()?;
        let open = opened.list(&opened.main(), &self.ports, list)?;
        Ok(open.streets(&opened))
    }
}

impl OpenList {
    /// Keeps a pack beside the list's file, whole or not at all.
    pub(super) fn keep_streets(&self, opened: &Opened, pack: &[u8]) -> Result<(), Error> {
        let streets = StreetPack::open(Arc::from(pack)).map_err(Error::Streets)?;
        let mut held = self.held_streets();
        opened.directory.put_streets(self.entry.id, pack)?;
        *held = HeldStreets::Read(Some(Arc::new(streets)));
        Ok(())
    }

    /// The streets, read from their file at the first question.
    pub(super) fn streets(&self, opened: &Opened) -> Option<Arc<StreetPack>> {
        let mut held = self.held_streets();
        if let HeldStreets::Read(streets) = &*held {
            return streets.clone();
        }
        let bytes = opened.directory.streets(self.entry.id).ok().flatten();
        let streets = bytes.and_then(|bytes| StreetPack::open(Arc::from(bytes)).ok());
        let streets = streets.map(Arc::new);
        *held = HeldStreets::Read(streets.clone());
        streets
    }
}
