//! `main.db`, where conversations at doors stand.
//!
//! Sealed rows in and out; what is in them is decided elsewhere.

use rusqlite::{Connection, OptionalExtension, params};

use crate::id::ListId;
use crate::store::MainDb;
use crate::store::error::{InFile, StoreError, StoreFile};

const FILE: StoreFile = StoreFile::Main;

/// Where one conversation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRow {
    /// Which one; says nothing without the list's key.
    pub name: [u8; 16],
    /// Where it stands, sealed under the list's key.
    pub sealed: Vec<u8>,
}

impl ConversationRow {
    pub(super) fn put(&self, connection: &Connection, list: ListId) -> rusqlite::Result<()> {
        connection
            .prepare_cached("INSERT OR REPLACE INTO conversation VALUES (?1, ?2, ?3)")?
            .execute(params![list.to_bytes(), self.name, self.sealed])
            .map(|_| ())
    }
}

impl MainDb {
    /// A conversation of a list, if one was begun.
    pub fn conversation(
        &self,
        list: ListId,
        name: [u8; 16],
    ) -> Result<Option<ConversationRow>, StoreError> {
        let sql = "SELECT sealed FROM conversation WHERE list = ?1 AND name = ?2";
        self.0
            .prepare_cached(sql)
            .and_then(|mut statement| {
                let row = |row: &rusqlite::Row<'_>| row.get(0);
                statement.query_row(params![list.to_bytes(), name], row).optional()
            })
            .in_file(FILE)
            .map(|sealed| sealed.map(|sealed| ConversationRow { name, sealed }))
    }

    /// All conversations of a list.
    pub fn conversations(&self, list: ListId) -> Result<Vec<ConversationRow>, StoreError> {
        let sql = "SELECT name, sealed FROM conversation WHERE list = ?1";
        let mut statement = self.0.prepare_cached(sql).in_file(FILE)?;
        let rows = statement.query_map([list.to_bytes()], |row| {
            Ok(ConversationRow { name: row.get(0)?, sealed: row.get(1)? })
        });
        rows.in_file(FILE)?.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// Drops a conversation.
    pub fn drop_conversation(&self, list: ListId, name: [u8; 16]) -> Result<(), StoreError> {
        let sql = "DELETE FROM conversation WHERE list = ?1 AND name = ?2";
        self.0.execute(sql, params![list.to_bytes(), name]).in_file(FILE).map(|_| ())
    }
}
