//! The engine's directory: its lock, its keys, and the names of its files.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::id::ListId;
use crate::ports::{IdSource, KeyVault};
use crate::seal::{KEY_BYTES, Key};
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::store::files;

/// The vault's alias for the main key.
const MAIN_ALIAS: &str = "canvass.main";
const KEYS_MAGIC: &[u8; 4] = b"CVK1";
const FINGERPRINT_BYTES: usize = 4;
/// What is shorter than the smallest page of SQLite counts as an empty database to it.
const LEAST_DATABASE_BYTES: u64 = 512;
/// What the lock file says while an engine is open; another text means it was closed in order.
const OPEN: &[u8] = b"open\n";
const CLOSED: &[u8] = b"closed\n";

/// The keys that `keys.bin` keeps wrapped.
pub struct DeviceKeys {
    /// The key of `main.db`.
    pub main: Key,
    /// The seed of the device's signing key.
    pub signing_seed: Key,
}

/// An engine's directory, locked for as long as this value lives.
pub struct Directory {
    path: PathBuf,
    lock: File,
    /// The last engine here was not closed in order.
    pub was_cut_short: bool,
}

impl Directory {
    /// Locks the directory, which is made if it is absent.
    pub fn lock(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path).in_file(StoreFile::Directory)?;
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join("engine.lock"))
            .in_file(StoreFile::Directory)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => {
                return Err(StoreError::of_io(&error, StoreFile::Directory));
            }
        }
        let mut left = Vec::new();
        lock.read_to_end(&mut left).in_file(StoreFile::Directory)?;
        let directory = Self { path: path.to_owned(), lock, was_cut_short: left == OPEN };
        directory.mark(OPEN).in_file(StoreFile::Directory)?;
        Ok(directory)
    }

    /// Notes that the engine was closed in order.
    pub fn mark_closed(&self) -> Result<(), StoreError> {
        self.mark(CLOSED).in_file(StoreFile::Directory)
    }

    fn mark(&self, text: &[u8]) -> std::io::Result<()> {
        use std::io::Seek;
        self.lock.set_len(0)?;
        let mut lock = &self.lock;
        lock.rewind()?;
        lock.write_all(text)
    }

    /// The path of `main.db`.
    #[must_use]
    pub fn main_db(&self) -> PathBuf {
        self.path.join("main.db")
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of the sealed second copy of unsent work.
    #[must_use]
    pub fn sidecar(&self) -> PathBuf {
        self.path.join("unsent.seal")
    }

    pub(super) fn list_db(&self, list: ListId) -> PathBuf {
        self.path.join(format!("list-{list}.db"))
    }

    fn streets_file(&self, list: ListId) -> PathBuf {
        self.path.join(format!("list-{list}.streets"))
    }

    /// The street pack that came with a list; none if there is none.
    pub fn streets(&self, list: ListId) -> Result<Option<Vec<u8>>, StoreError> {
        match fs::read(self.streets_file(list)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::of_io(&error, StoreFile::Streets)),
        }
    }

    /// Keeps a list's street pack, whole or not at all. It goes with the list.
    pub fn put_streets(&self, list: ListId, pack: &[u8]) -> Result<(), StoreError> {
        files::write_aside(&self.path, &self.streets_file(list), pack).in_file(StoreFile::Streets)
    }

    /// How many bytes each file of the engine's takes, by what it is. A file that goes while this
    /// looks is passed over, as is what is not the engine's.
    pub fn sizes(&self) -> Result<Vec<(StoreFile, u64)>, StoreError> {
        let mut sizes = Vec::new();
        for entry in fs::read_dir(&self.path).in_file(StoreFile::Directory)? {
            let entry = entry.in_file(StoreFile::Directory)?;
            let (Some(file), Ok(about)) =
                (file_named(&entry.file_name().to_string_lossy()), entry.metadata())
            else {
                continue;
            };
            sizes.push((file, about.len()));
        }
        sizes.sort_unstable_by_key(|(file, bytes)| (*file as u8, *bytes));
        Ok(sizes)
    }

    /// Whether nothing is left of a list's file, or it was never made.
    pub fn lacks_list_db(&self, list: ListId) -> bool {
        is_too_short(&self.list_db(list))
    }

    /// The lists that have a file.
    pub fn lists(&self) -> Result<Vec<ListId>, StoreError> {
        let mut lists = Vec::new();
        for entry in fs::read_dir(&self.path).in_file(StoreFile::Directory)? {
            let name = entry.in_file(StoreFile::Directory)?.file_name();
            let name = name.to_string_lossy();
            let list = name.strip_prefix("list-").and_then(|name| name.strip_suffix(".db"));
            lists.extend(list.and_then(|list| list.parse::<ListId>().ok()));
        }
        Ok(lists)
    }

    /// Removes whatever files a list has; it may have none.
    pub fn remove_list(&self, list: ListId) -> Result<(), StoreError> {
        let prefix = format!("list-{list}.");
        for entry in fs::read_dir(&self.path).in_file(StoreFile::Directory)? {
            let entry = entry.in_file(StoreFile::Directory)?;
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                match files::remove(&entry.path()) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(StoreError::of_io(&error, StoreFile::List));
                    }
                    _ => {}
                }
            }
        }
        files::sync_folder(&self.path).in_file(StoreFile::Directory)
    }

    /// Whether `main.db` has gone although there are lists, or a sealed copy, which only an
    /// enrolled phone has: then it is not a new directory, and an empty database in its place
    /// would forget them and whatever was unsent.
    pub(super) fn lost_main_db(&self) -> Result<bool, StoreError> {
        if !is_too_short(&self.main_db()) {
            return Ok(false);
        }
        if self.sidecar().exists() {
            return Ok(true);
        }
        for entry in fs::read_dir(&self.path).in_file(StoreFile::Directory)? {
            let name = entry.in_file(StoreFile::Directory)?.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("list-") && name.ends_with(".db") {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The keys of this device; made and kept before anything else if the directory is new.
    ///
    /// A database without its keys is [`StoreError::KeyLost`]: nothing is made anew in its
    /// place, for it may hold the only copy of a day's work.
    pub fn keys(&self, vault: &dyn KeyVault, ids: &dyn IdSource) -> Result<DeviceKeys, StoreError> {
        let path = self.path.join("keys.bin");
        if path.exists() {
            let bytes = fs::read(&path).in_file(StoreFile::Keys)?;
            return read_keys(&bytes, vault);
        }
        if self.main_db().exists() {
            return Err(StoreError::KeyLost { file: StoreFile::Main });
        }
        let keys = DeviceKeys { main: Key::random(ids), signing_seed: Key::random(ids) };
        let both = Zeroizing::new([&keys.main.bytes()[..], keys.signing_seed.bytes()].concat());
        let wrapped = vault
            .wrap(MAIN_ALIAS, &both)
            .map_err(|error| StoreError::of_vault(error, StoreFile::Keys))?;
        let bytes = [&KEYS_MAGIC[..], &keys.main.fingerprint(), &wrapped].concat();
        files::write_aside(&self.path, &path, &bytes).in_file(StoreFile::Keys)?;
        Ok(keys)
    }
}

/// What a file of this name is; a database's log is a part of it.
fn file_named(name: &str) -> Option<StoreFile> {
    match name {
        "keys.bin" => Some(StoreFile::Keys),
        "unsent.seal" => Some(StoreFile::Sidecar),
        "engine.lock" => Some(StoreFile::Directory),
        _ if name.starts_with("main.db") => Some(StoreFile::Main),
        _ if !name.starts_with("list-") => None,
        _ if name.ends_with(".streets") => Some(StoreFile::Streets),
        _ => Some(StoreFile::List),
    }
}

fn is_too_short(database: &Path) -> bool {
    fs::metadata(database).map_or(0, |about| about.len()) < LEAST_DATABASE_BYTES
}

fn read_keys(bytes: &[u8], vault: &dyn KeyVault) -> Result<DeviceKeys, StoreError> {
    const CORRUPT: StoreError = StoreError::Corrupt { file: StoreFile::Keys };
    let rest = bytes.strip_prefix(KEYS_MAGIC).ok_or(CORRUPT)?;
    let (fingerprint, wrapped) = rest.split_at_checked(FINGERPRINT_BYTES).ok_or(CORRUPT)?;
    let both = vault
        .unwrap(MAIN_ALIAS, wrapped)
        .map_err(|error| StoreError::of_vault(error, StoreFile::Main))?;
    let both = Zeroizing::new(both);
    let wrong = StoreError::WrongKey { file: StoreFile::Main };
    let Some((main, seed)) = both.split_at_checked(KEY_BYTES) else {
        return Err(wrong);
    };
    match (Key::from_slice(main), Key::from_slice(seed)) {
        (Some(main), Some(signing_seed)) if main.fingerprint() == fingerprint => {
            Ok(DeviceKeys { main, signing_seed })
        }
        _ => Err(wrong),
    }
}

/// The vault's alias for a list's key. A list that comes anew after it was erased has the same
/// one: whatever state the database was put back to, destroying it destroys every key there was.
pub(super) fn list_alias(list: ListId) -> String {
    format!("canvass.list.{list}")
}

impl Drop for Directory {
    /// Unlocks, and does not only close: a process that is just being started elsewhere in this
    /// one has a copy of every open file for a moment, and would hold the lock as long.
    fn drop(&mut self) {
        let _closed_all_the_same = self.lock.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_was_let_go_is_free_though_someone_has_a_copy_of_its_lock() {
        let folder = std::env::temp_dir().join(format!("canvass-lock-{}", std::process::id()));
        let first = Directory::lock(&folder).expect("locked");
        assert!(matches!(Directory::lock(&folder), Err(StoreError::InUse)));
        let copy = first.lock.try_clone().expect("a copy");
        drop(first);
        Directory::lock(&folder).expect("free again");
        drop(copy);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
