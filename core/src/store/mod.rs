//! The store: domain values into SQLCipher files and back.
//!
//! One `main.db` for identity and unsent work, one `list-<id>.db` per walk list, each under a
//! key of its own, `synchronous=FULL` everywhere. It decides nothing: rows in, rows out, whole
//! transactions. A damaged or newer file is refused with a typed error and left as it is.
//!
//! A function that must be in a transaction hangs on [`ListWriter`]; what a person sees is read
//! from [`ListDb`]; what both look up, from [`ListRows`].

mod conversation_db;
pub mod database;
mod directory;
mod error;
mod files;
mod list_columns;
mod list_db;
mod list_read;
mod list_rows;
mod list_windows;
mod main_db;
mod main_leases;
mod main_lists;
mod outbox;
mod relay_db;
mod sidecar;

pub use conversation_db::ConversationRow;
pub use directory::{DeviceKeys, Directory};
pub use error::{StoreError, StoreFile};
pub use files::{FileLayer, FileOperation, put_under_files};
pub use list_db::{HouseholdRow, ListAbout, ListDb, ListWriter, PersonRow, SourceRow, StagedPart};
pub use list_read::{DoorPlace, DoorRow, ScriptRow, StopRow};
pub use list_rows::{ListRows, source_device};
pub use main_db::{CampaignKeys, Counter, Identity, MainDb, ServerLink};
pub use main_leases::OrderDoneRow;
pub use main_lists::{ClosedBecause, ListEntry, Loan};
pub use outbox::{PendingCounts, PendingRow, PendingState, SegmentRow};
pub use relay_db::{ReceiptRow, RelayRow};
pub use sidecar::{FrameAt, Room, Sidecar, sealed_segments};

use crate::id::ListId;
use crate::ports::{IdSource, KeyVault};
use crate::seal::Key;

/// The newest versions of `main.db` and of a walk list's file that this build writes.
#[must_use]
pub fn schema_versions() -> (u32, u32) {
    (main_db::MIGRATIONS.newest(), list_db::MIGRATIONS.newest())
}

/// Makes a list's key and wraps it under an alias of its own. What was wrapped under that alias
/// before, by a database that was put back since, is not readable any more.
pub fn new_list_key(
    list: ListId,
    vault: &dyn KeyVault,
    ids: &dyn IdSource,
) -> Result<(Key, Vec<u8>), StoreError> {
    let (key, alias) = (Key::random(ids), directory::list_alias(list));
    let wrapped = vault
        .delete(&alias)
        .and_then(|()| vault.wrap(&alias, key.bytes()))
        .map_err(|error| StoreError::of_vault(error, StoreFile::List))?;
    Ok((key, wrapped))
}

/// Unwraps a list's key.
pub fn list_key(entry: &ListEntry, vault: &dyn KeyVault) -> Result<Key, StoreError> {
    let bytes = vault
        .unwrap(&directory::list_alias(entry.id), &entry.wrapped_key)
        .map_err(|error| StoreError::of_vault(error, StoreFile::List))?;
    let bytes = zeroize::Zeroizing::new(bytes);
    Key::from_slice(&bytes)
        .filter(|key| key.fingerprint() == entry.fingerprint)
        .ok_or(StoreError::WrongKey { file: StoreFile::List })
}

/// Destroys the platform key of a list: nothing that its key has sealed can be read again.
pub fn delete_list_key(list: ListId, vault: &dyn KeyVault) -> Result<(), StoreError> {
    vault
        .delete(&directory::list_alias(list))
        .map_err(|error| StoreError::of_vault(error, StoreFile::List))
}
