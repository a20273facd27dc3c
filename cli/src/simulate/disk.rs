//! What a disk holds of a phone's files: what was synced, and what may still be lost.
//!
//! Hears every write, truncation, sync, renaming and deletion of the files below one folder. At a
//! chosen event the power goes, the disk is full, or one operation fails. What is written and
//! not synced may be torn; a name that was taken away may be back until its folder is synced.
//! The engine's lock is not heard here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A disk writes whole sectors, and in any order until it is told to sync.
const SECTOR: usize = 512;

/// One thing that is asked of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Bytes at a place.
    Write {
        /// Where.
        offset: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// Cut off at a size.
    Truncate {
        /// The size.
        size: usize,
    },
    /// Everything so far is to be durable.
    Sync,
    /// The file is to go.
    Delete,
    /// The file is to stand in another's place.
    Rename {
        /// Whose place.
        to: PathBuf,
    },
    /// Another file has taken this one's place, with these bytes.
    Replaced {
        /// What was synced of it.
        bytes: Option<Vec<u8>>,
    },
    /// All names in this folder are to be durable.
    SyncFolder,
}

impl Operation {
    /// Whether it is about a file's name rather than its bytes.
    pub(super) const fn is_of_name(&self) -> bool {
        matches!(self, Self::Delete | Self::Replaced { .. })
    }
}

/// What goes wrong at a chosen event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// Nothing more is written: the process is gone, or the power.
    Dead,
    /// No file grows until there is room again.
    Full,
    /// This one operation fails.
    Once,
}

/// What becomes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is done.
    Done,
    /// There is no room.
    Full,
    /// The device fails.
    Failed,
}

#[derive(Default)]
struct Image {
    durable: Option<Vec<u8>>,
    unsynced: Vec<Operation>,
}

/// The files below one folder, as a disk holds them.
#[derive(Default)]
pub(super) struct Disk {
    files: BTreeMap<PathBuf, Image>,
    armed: Option<(u32, DiskFault)>,
    broken: Option<DiskFault>,
    has_fired: bool,
}

impl Disk {
    /// A file is opened: what is there already, and was never heard of, is durable.
    pub(super) fn opened(&mut self, path: &Path) {
        if !self.files.contains_key(path) {
            let durable = fs::read(path).ok();
            self.files.insert(path.to_owned(), Image { durable, unsynced: Vec::new() });
        }
    }

    pub(super) fn hear(&mut self, path: &Path, operation: Operation) -> Verdict {
        if let Some((left, fault)) = &mut self.armed {
            *left -= 1;
            if *left == 0 {
                let fault = *fault;
                self.armed = None;
                self.has_fired = true;
                if fault == DiskFault::Once {
                    return Verdict::Failed;
                }
                self.broken = Some(fault);
            }
        }
        match (self.broken, &operation) {
            (Some(DiskFault::Full), Operation::Write { offset, bytes })
                if grows(path, *offset, bytes.len()) =>
            {
                return Verdict::Full;
            }
            (Some(DiskFault::Dead), _) => return Verdict::Failed,
            _ => {}
        }
        match operation {
            Operation::Sync => self.sync(path),
            Operation::SyncFolder => self.sync_names(path),
            Operation::Rename { to } => self.rename(path, to),
            other => self.files.entry(path.to_owned()).or_default().unsynced.push(other),
        }
        Verdict::Done
    }

    /// A file's own sync keeps its bytes.
    fn sync(&mut self, path: &Path) {
        let image = self.files.entry(path.to_owned()).or_default();
        for operation in image.unsynced.drain(..) {
            apply(&mut image.durable, operation, &mut || true);
        }
    }

    /// The sync of a folder keeps the names in it.
    fn sync_names(&mut self, folder: &Path) {
        let inside = self.files.iter_mut().filter(|(path, _)| path.parent() == Some(folder));
        for (_, image) in inside {
            let last = image.unsynced.iter().rposition(Operation::is_of_name);
            for operation in image.unsynced.drain(..last.map_or(0, |at| at + 1)) {
                apply(&mut image.durable, operation, &mut || true);
            }
        }
    }

    fn rename(&mut self, path: &Path, to: PathBuf) {
        let from = self.files.entry(path.to_owned()).or_default();
        let bytes = from.durable.clone();
        from.unsynced.push(Operation::Delete);
        self.opened(&to);
        self.files.entry(to).or_default().unsynced.push(Operation::Replaced { bytes });
    }

    /// Lets `fault` happen at the event that is `after` events away; 1 is the next one.
    pub(super) fn arm(&mut self, after: u32, fault: DiskFault) {
        self.armed = Some((after.max(1), fault));
        self.has_fired = false;
    }

    /// Takes back what has not happened; whether it has.
    pub(super) fn disarm(&mut self) -> bool {
        self.armed = None;
        std::mem::take(&mut self.has_fired)
    }

    /// The disk works again.
    pub(super) fn heal(&mut self) {
        self.armed = None;
        self.broken = None;
    }

    /// Puts the files to what a disk holds after the power has gone: what was synced, and of
    /// the rest what `survives` says, sector by sector.
    pub(super) fn power_cut(&mut self, mut survives: impl FnMut() -> bool) -> std::io::Result<()> {
        for (path, image) in &mut self.files {
            for operation in image.unsynced.drain(..) {
                apply(&mut image.durable, operation, &mut survives);
            }
            put_back(path, image.durable.as_deref())?;
        }
        Ok(())
    }

    /// Forgets what it knew of the files: someone has put other ones in their place.
    pub(super) fn forget(&mut self) {
        self.files.clear();
    }
}

/// Whether a write needs room that the file does not have yet.
fn grows(path: &Path, offset: usize, length: usize) -> bool {
    fs::metadata(path).map_or(true, |file| (offset + length) as u64 > file.len())
}

fn put_back(path: &Path, bytes: Option<&[u8]>) -> std::io::Result<()> {
    let result = match bytes {
        Some(bytes) => fs::write(path, bytes),
        None => fs::remove_file(path),
    };
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // An index of the log that is only ever in memory.
    let mut index = path.as_os_str().to_owned();
    index.push("-shm");
    match fs::remove_file(PathBuf::from(index)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Applies an operation, as far as it survives.
pub(super) fn apply(
    file: &mut Option<Vec<u8>>,
    operation: Operation,
    survives: &mut impl FnMut() -> bool,
) {
    match operation {
        Operation::Write { offset, bytes } => {
            for (sector, bytes) in sectors(offset, &bytes) {
                if survives() {
                    put(file.get_or_insert_default(), sector, bytes);
                }
            }
        }
        Operation::Truncate { size } if survives() => {
            file.get_or_insert_default().truncate(size);
        }
        Operation::Delete if survives() => *file = None,
        Operation::Replaced { bytes } if survives() => *file = bytes,
        _ => {}
    }
}

/// The pieces of a write that a disk writes at once.
fn sectors(offset: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let first = (SECTOR - offset % SECTOR).min(bytes.len());
    let rest = bytes[first..].chunks(SECTOR).enumerate();
    let rest = rest.map(move |(n, piece)| (offset + first + n * SECTOR, piece));
    std::iter::once((offset, &bytes[..first])).chain(rest)
}

fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if file.len() < offset {
        file.resize(offset, 0);
    }
    // Most of what is written is written behind the end.
    let (within, behind) = bytes.split_at(bytes.len().min(file.len() - offset));
    file[offset..][..within.len()].copy_from_slice(within);
    file.extend_from_slice(behind);
}
