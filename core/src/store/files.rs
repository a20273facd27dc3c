//! The files beside the databases: written, synced, renamed and removed in one place.
//!
//! A layer may be put under it, once in a process: it hears each operation before it is done and
//! may refuse it, as a file layer of SQLite's does for the databases. Without one this is the
//! file system as it is. What the files mean is decided elsewhere; the lock is not heard.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::OnceLock;

/// What is about to be done to a file, or to a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileOperation<'a> {
    /// Bytes at a place.
    Write {
        /// Where.
        offset: u64,
        /// What.
        bytes: &'a [u8],
    },
    /// The file is cut off at a size.
    Truncate {
        /// The size.
        size: u64,
    },
    /// Everything in the file so far is to be durable.
    Sync,
    /// The file is to go.
    Delete,
    /// The file is to stand in another's place.
    Rename {
        /// Whose place.
        to: &'a Path,
    },
    /// Everything about names in this folder is to be durable.
    SyncFolder,
}

/// Hears what is done to files.
pub trait FileLayer: Send + Sync {
    /// Hears an operation before it is done; an error keeps it from being done.
    fn before(&self, path: &Path, operation: FileOperation<'_>) -> std::io::Result<()>;
}

static LAYER: OnceLock<Box<dyn FileLayer>> = OnceLock::new();

/// Puts a layer under all file operations of this process: for tests of what a disk may do. The
/// first one stays.
pub fn put_under_files(layer: Box<dyn FileLayer>) {
    let _first_stays = LAYER.set(layer);
}

fn before(path: &Path, operation: FileOperation<'_>) -> std::io::Result<()> {
    LAYER.get().map_or(Ok(()), |layer| layer.before(path, operation))
}

/// Writes bytes at a place of an open file.
pub(super) fn write_at(
    path: &Path,
    mut file: &File,
    offset: u64,
    bytes: &[u8],
) -> std::io::Result<()> {
    before(path, FileOperation::Write { offset, bytes })?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

/// Cuts an open file off.
pub(super) fn truncate(path: &Path, file: &File, size: u64) -> std::io::Result<()> {
    before(path, FileOperation::Truncate { size })?;
    file.set_len(size)
}

/// Makes the bytes of an open file durable.
pub(super) fn sync(path: &Path, file: &File) -> std::io::Result<()> {
    before(path, FileOperation::Sync)?;
    file.sync_data()
}

/// Removes a file; the folder is still to be synced.
pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    before(path, FileOperation::Delete)?;
    fs::remove_file(path)
}

/// Puts a file in another's place; the folder is still to be synced.
pub(super) fn rename(path: &Path, to: &Path) -> std::io::Result<()> {
    before(path, FileOperation::Rename { to })?;
    fs::rename(path, to)
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    before(folder, FileOperation::SyncFolder)?;
    File::open(folder)?.sync_all()
}

/// Writes a file so that it is there whole or not at all, even if the power goes.
pub(super) fn write_aside(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let aside = path.with_extension("part");
    before(&aside, FileOperation::Truncate { size: 0 })?;
    let file = File::create(&aside)?;
    write_at(&aside, &file, 0, bytes)?;
    sync(&aside, &file)?;
    rename(&aside, path)?;
    sync_folder(folder)
}
