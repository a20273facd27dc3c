//! A pass-through file layer for `SQLite` that keeps a record of every write and sync.
//!
//! It changes nothing: what it hears goes on to the system's own layer. [`Recording::disk_at`]
//! then says what a disk may hold if the power had failed at any moment of the record. Only
//! files below a recorded folder are heard; it knows no databases.
#![expect(unsafe_code, reason = "the file layer is a table of C functions")]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};

use rusqlite::ffi;

/// A disk writes whole sectors, and in any order until it is told to sync.
const SECTOR: usize = 512;

/// One thing that was asked of a file.
#[derive(Clone, Debug)]
enum Operation {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { size: usize },
    Sync,
    Delete,
}

type Heard = (PathBuf, Operation);

static HEARD: Mutex<Vec<(PathBuf, Vec<Heard>)>> = Mutex::new(Vec::new());
static LAYER: Once = Once::new();

/// The record of one folder; ends when it is dropped.
pub struct Recording {
    folder: PathBuf,
}

impl Recording {
    /// Begins to record what is written below `folder`, which should not exist yet.
    ///
    /// # Panics
    /// When the layer cannot be put in place.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        LAYER.call_once(register);
        HEARD.lock().expect("not poisoned").push((folder.to_owned(), Vec::new()));
        Self { folder: folder.to_owned() }
    }

    fn heard(&self) -> Vec<Heard> {
        let all = HEARD.lock().expect("not poisoned");
        all.iter().find(|(folder, _)| *folder == self.folder).map_or_else(Vec::new, |f| f.1.clone())
    }

    /// How many writes and syncs there were so far: the moments at which power may fail.
    ///
    /// # Panics
    /// When another test's thread panicked while it was heard.
    #[must_use]
    pub fn moments(&self) -> usize {
        self.heard().len()
    }

    /// The files that a disk may hold if power fails after `moments` operations: what was
    /// synced is there; of what was not, `tear` says which sectors are.
    ///
    /// # Panics
    /// When another test's thread panicked while it was heard.
    pub fn disk_at(
        &self,
        moments: usize,
        mut tear: impl FnMut() -> bool,
    ) -> BTreeMap<PathBuf, Vec<u8>> {
        let heard = self.heard();
        let heard = &heard[..moments];
        let mut disk: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        for (number, (path, operation)) in heard.iter().enumerate() {
            let later = &heard[number..];
            // A file's own sync keeps its bytes; any sync keeps names, as file systems with a
            // journal do.
            let of_names = matches!(operation, Operation::Delete);
            let is_synced = later
                .iter()
                .any(|(p, op)| matches!(op, Operation::Sync) && (of_names || p == path));
            let mut survives = || is_synced || tear();
            let file = disk.entry(path.clone()).or_default();
            match operation {
                Operation::Write { offset, bytes } => {
                    for (sector, bytes) in sectors(*offset, bytes) {
                        if survives() {
                            put(file, sector, bytes);
                        }
                    }
                }
                Operation::Truncate { size } if survives() => file.truncate(*size),
                Operation::Delete if survives() => {
                    disk.remove(path);
                }
                _ => {}
            }
        }
        disk
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Ok(mut heard) = HEARD.lock() {
            heard.retain(|(folder, _)| *folder != self.folder);
        }
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
    file.resize(file.len().max(offset + bytes.len()), 0);
    file[offset..][..bytes.len()].copy_from_slice(bytes);
}

fn hear(path: &Path, operation: Operation) {
    if let Ok(mut heard) = HEARD.lock() {
        let of = heard.iter_mut().find(|(folder, _)| path.starts_with(folder));
        if let Some((_, heard)) = of {
            heard.push((path.to_owned(), operation));
        }
    }
}

/// A file of this layer; the system's own lies right behind it.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    path: *mut PathBuf,
}

const OWN_SIZE: usize = size_of::<File>();

unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<u8>().add(OWN_SIZE).cast() }
}

unsafe fn path_of<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a Path> {
    unsafe { (*file.cast::<File>()).path.as_ref().map(PathBuf::as_path) }
}

unsafe fn system() -> *mut ffi::sqlite3_vfs {
    unsafe { ffi::sqlite3_vfs_find(c"unix".as_ptr()) }
}

fn register() {
    unsafe {
        let system = system();
        assert!(!system.is_null(), "the system's file layer");
        let mut layer = *system;
        layer.zName = c"recording".as_ptr();
        layer.szOsFile += c_int::try_from(OWN_SIZE).expect("a few bytes");
        layer.pNext = std::ptr::null_mut();
        layer.xOpen = Some(open);
        layer.xDelete = Some(delete);
        // Registered for as long as the process lives.
        let code = ffi::sqlite3_vfs_register(Box::leak(Box::new(layer)), 1);
        assert_eq!(code, ffi::SQLITE_OK);
    }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    unsafe {
        let system = system();
        let path = (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned());
        (*file.cast::<File>()).path =
            path.map_or(std::ptr::null_mut(), |path| Box::into_raw(Box::new(path.into())));
        let open = (*system).xOpen.expect("every layer opens");
        let code = open(system, name, real(file), flags, out_flags);
        (*file).pMethods =
            if (*real(file)).pMethods.is_null() { std::ptr::null() } else { &raw const METHODS };
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    unsafe {
        let path = CStr::from_ptr(name).to_string_lossy().into_owned();
        hear(Path::new(&path), Operation::Delete);
        let system = system();
        (*system).xDelete.expect("every layer deletes")(system, name, sync)
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let code = (*(*real(file)).pMethods).xClose.expect("a method")(real(file));
        let path = &mut (*file.cast::<File>()).path;
        if !path.is_null() {
            drop(Box::from_raw(*path));
            *path = std::ptr::null_mut();
        }
        code
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    unsafe {
        if let (Some(path), Ok(count), Ok(at)) =
            (path_of(file), usize::try_from(amount), usize::try_from(offset))
        {
            let bytes = std::slice::from_raw_parts(bytes.cast(), count).to_vec();
            hear(path, Operation::Write { offset: at, bytes });
        }
        (*(*real(file)).pMethods).xWrite.expect("a method")(real(file), bytes, amount, offset)
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    unsafe {
        if let (Some(path), Ok(size)) = (path_of(file), usize::try_from(size)) {
            hear(path, Operation::Truncate { size });
        }
        (*(*real(file)).pMethods).xTruncate.expect("a method")(real(file), size)
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        if let Some(path) = path_of(file) {
            hear(path, Operation::Sync);
        }
        (*(*real(file)).pMethods).xSync.expect("a method")(real(file), flags)
    }
}

/// Methods that only go on to the system's own.
macro_rules! forward {
    ($($name:ident = $method:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {$(
        unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $argument: $kind)*) -> $answer {
            unsafe { (*(*real(file)).pMethods).$method.expect("a method")(real(file) $(, $argument)*) }
        }
    )*};
}

forward! {
    read = xRead(to: *mut c_void, count: c_int, offset: i64) -> c_int;
    file_size = xFileSize(size: *mut i64) -> c_int;
    lock = xLock(level: c_int) -> c_int;
    unlock = xUnlock(level: c_int) -> c_int;
    is_reserved = xCheckReservedLock(out: *mut c_int) -> c_int;
    control = xFileControl(code: c_int, argument: *mut c_void) -> c_int;
    sector_size = xSectorSize() -> c_int;
    traits = xDeviceCharacteristics() -> c_int;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int;
    shm_barrier = xShmBarrier() -> ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int;
    fetch = xFetch(offset: i64, count: c_int, out: *mut *mut c_void) -> c_int;
    unfetch = xUnfetch(offset: i64, page: *mut c_void) -> c_int;
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(traits),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};
