//! A pass-through file layer that hears every write and sync, and may refuse it: of `SQLite`, and
//! of the engine's files beside its databases.
//!
//! What it hears goes on to the system's own layer. [`Recording::disk_at`] then says what a
//! disk may hold if the power had failed at any moment of the record; a [`WatchedFolder`] lets
//! it fail while the engine runs. Only files below such a folder are heard; it knows no
//! databases.
#![expect(unsafe_code, reason = "the file layer is a table of C functions")]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use canvass_core::store::{FileLayer, FileOperation, put_under_files};
use rusqlite::ffi;

use crate::simulate::disk::{self, Disk, DiskFault, Operation, Verdict};

type Heard = (PathBuf, Operation);

enum Ear {
    Recording(Vec<Heard>),
    Disk(Disk),
}

struct Watched {
    folder: PathBuf,
    ear: Mutex<Ear>,
}

static WATCHED: Mutex<Vec<Arc<Watched>>> = Mutex::new(Vec::new());
static LAYER: Once = Once::new();

fn watched() -> MutexGuard<'static, Vec<Arc<Watched>>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn watch(folder: &Path, ear: Ear) -> Arc<Watched> {
    LAYER.call_once(|| {
        register();
        put_under_files(Box::new(BesideDatabases));
    });
    let one = Arc::new(Watched { folder: folder.to_owned(), ear: Mutex::new(ear) });
    watched().push(Arc::clone(&one));
    one
}

fn watcher_of(path: &Path) -> Option<Arc<Watched>> {
    watched().iter().find(|one| path.starts_with(&one.folder)).cloned()
}

impl Watched {
    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, path: &Path, operation: Operation) -> Verdict {
        match &mut *self.ear() {
            Ear::Recording(heard) => {
                heard.push((path.to_owned(), operation));
                Verdict::Done
            }
            Ear::Disk(disk) => disk.hear(path, operation),
        }
    }

    fn opened(&self, path: &Path) {
        if let Ear::Disk(disk) = &mut *self.ear() {
            disk.opened(path);
        }
    }
}

/// The engine's own files, which are no databases.
struct BesideDatabases;

impl FileLayer for BesideDatabases {
    fn before(&self, path: &Path, operation: FileOperation<'_>) -> std::io::Result<()> {
        let Some(watched) = watcher_of(path) else { return Ok(()) };
        let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        let operation = match operation {
            FileOperation::Write { offset, bytes } => {
                Operation::Write { offset: size(offset), bytes: bytes.to_vec() }
            }
            FileOperation::Truncate { size: to } => Operation::Truncate { size: size(to) },
            FileOperation::Sync => Operation::Sync,
            FileOperation::Delete => Operation::Delete,
            FileOperation::Rename { to } => Operation::Rename { to: to.to_owned() },
            FileOperation::SyncFolder => Operation::SyncFolder,
        };
        if operation != Operation::SyncFolder {
            watched.opened(path);
        }
        match watched.hear(path, operation) {
            Verdict::Done => Ok(()),
            Verdict::Full => Err(std::io::ErrorKind::StorageFull.into()),
            Verdict::Failed => Err(std::io::ErrorKind::Other.into()),
        }
    }
}

/// The record of one folder; ends when it is dropped.
pub struct Recording(Arc<Watched>);

impl Recording {
    /// Begins to record what is written below `folder`, which should not exist yet.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self(watch(folder, Ear::Recording(Vec::new())))
    }

    fn with<T>(&self, look: impl FnOnce(&[Heard]) -> T) -> T {
        match &*self.0.ear() {
            Ear::Recording(heard) => look(heard),
            Ear::Disk(_) => unreachable!("made to record"),
        }
    }

    /// How many writes and syncs there were so far: the moments at which power may fail.
    #[must_use]
    pub fn moments(&self) -> usize {
        self.with(<[Heard]>::len)
    }

    /// How many syncs there were so far: each waits for the disk.
    #[must_use]
    pub fn syncs(&self) -> usize {
        let is_sync =
            |(_, operation): &&Heard| matches!(operation, Operation::Sync | Operation::SyncFolder);
        self.with(|heard| heard.iter().filter(is_sync).count())
    }

    /// The files that a disk may hold if power fails after `moments` operations: what was
    /// synced is there; of what was not, `tear` says which sectors are.
    pub fn disk_at(
        &self,
        moments: usize,
        mut tear: impl FnMut() -> bool,
    ) -> BTreeMap<PathBuf, Vec<u8>> {
        let heard = self.with(|heard| heard[..moments].to_vec());
        let mut files: BTreeMap<PathBuf, Option<Vec<u8>>> = BTreeMap::new();
        for (number, (path, operation)) in heard.iter().enumerate() {
            let is_synced = is_durable(path, operation, &heard[number..]);
            if let Operation::Rename { to } = operation {
                if is_synced || tear() {
                    let file = files.insert(path.clone(), None);
                    files.insert(to.clone(), file.flatten());
                }
            } else if *operation != Operation::SyncFolder {
                let file = files.entry(path.clone()).or_insert_with(|| Some(Vec::new()));
                disk::apply(file, operation.clone(), &mut || is_synced || tear());
            }
        }
        files.into_iter().filter_map(|(path, file)| Some((path, file?))).collect()
    }
}

/// Whether an operation is durable by what came `later`: bytes by their file's sync, names by
/// their folder's.
fn is_durable(path: &Path, operation: &Operation, later: &[Heard]) -> bool {
    let of_name = matches!(operation, Operation::Delete | Operation::Rename { .. });
    later.iter().any(|(other, heard)| match heard {
        Operation::Sync => other == path,
        Operation::SyncFolder => of_name && path.parent() == Some(other),
        _ => false,
    })
}

impl Drop for Recording {
    fn drop(&mut self) {
        watched().retain(|one| !Arc::ptr_eq(one, &self.0));
    }
}

/// A folder whose disk can fail while its files are in use; ends when it is dropped.
pub struct WatchedFolder(Arc<Watched>);

impl WatchedFolder {
    /// Begins to watch `folder`, which should not exist yet.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self(watch(folder, Ear::Disk(Disk::default())))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Disk) -> T) -> T {
        match &mut *self.0.ear() {
            Ear::Disk(disk) => act(disk),
            Ear::Recording(_) => unreachable!("made with a disk"),
        }
    }

    /// Lets `fault` happen at the event that is `after` events away; 1 is the next one.
    pub fn arm(&self, after: u32, fault: DiskFault) {
        self.with(|disk| disk.arm(after, fault));
    }

    /// Takes back what has not happened; whether it has.
    #[must_use]
    pub fn disarm(&self) -> bool {
        self.with(Disk::disarm)
    }

    /// The disk works again.
    pub fn heal(&self) {
        self.with(Disk::heal);
    }

    /// The power has gone, and nothing runs any more: files are put to what was synced, and of
    /// the rest to what `survives` says, sector by sector.
    pub fn power_cut(&self, survives: impl FnMut() -> bool) -> std::io::Result<()> {
        self.with(|disk| disk.power_cut(survives))
    }

    /// Someone has put other files in their place, while nothing runs.
    pub fn forget(&self) {
        self.with(Disk::forget);
    }
}

impl Drop for WatchedFolder {
    fn drop(&mut self) {
        watched().retain(|one| !Arc::ptr_eq(one, &self.0));
    }
}

/// A file of this layer; the system's own lies right behind it.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    place: *mut Place,
}

/// Which file it is, and who hears of it.
struct Place {
    path: PathBuf,
    watched: Arc<Watched>,
}

const OWN_SIZE: usize = size_of::<File>();

unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<u8>().add(OWN_SIZE).cast() }
}

unsafe fn place_of<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a Place> {
    unsafe { (*file.cast::<File>()).place.as_ref() }
}

impl Place {
    fn hear(&self, operation: Operation) -> Verdict {
        self.watched.hear(&self.path, operation)
    }

    /// Nothing has to reach the real disk: what a cut leaves is reckoned here.
    fn is_simulated(&self) -> bool {
        matches!(&*self.watched.ear(), Ear::Disk(_))
    }
}

/// What `SQLite` is told of an operation that was not done.
const fn refusal(verdict: Verdict, failure: c_int) -> Option<c_int> {
    match verdict {
        Verdict::Done => None,
        Verdict::Full => Some(ffi::SQLITE_FULL),
        Verdict::Failed => Some(failure),
    }
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
        let place = path.map(PathBuf::from).and_then(|path| {
            let watched = watcher_of(&path)?;
            watched.opened(&path);
            Some(Box::into_raw(Box::new(Place { path, watched })))
        });
        (*file.cast::<File>()).place = place.unwrap_or(std::ptr::null_mut());
        let open = (*system).xOpen.expect("every layer opens");
        let code = open(system, name, real(file), flags, out_flags);
        (*file).pMethods =
            if (*real(file)).pMethods.is_null() { std::ptr::null() } else { &raw const METHODS };
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    unsafe {
        let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
        let watched = watcher_of(&path).filter(|_| path.exists());
        let verdict = watched.map_or(Verdict::Done, |watched| {
            let deleted = watched.hear(&path, Operation::Delete);
            match path.parent().filter(|_| deleted == Verdict::Done && sync & 1 != 0) {
                Some(folder) => watched.hear(folder, Operation::SyncFolder),
                None => deleted,
            }
        });
        if let Some(code) = refusal(verdict, ffi::SQLITE_IOERR_DELETE) {
            return code;
        }
        let system = system();
        (*system).xDelete.expect("every layer deletes")(system, name, sync)
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let code = (*(*real(file)).pMethods).xClose.expect("a method")(real(file));
        let place = &mut (*file.cast::<File>()).place;
        if !place.is_null() {
            drop(Box::from_raw(*place));
            *place = std::ptr::null_mut();
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
        if let (Some(place), Ok(count), Ok(offset)) =
            (place_of(file), usize::try_from(amount), usize::try_from(offset))
        {
            let bytes = std::slice::from_raw_parts(bytes.cast(), count).to_vec();
            let verdict = place.hear(Operation::Write { offset, bytes });
            if let Some(code) = refusal(verdict, ffi::SQLITE_IOERR_WRITE) {
                return code;
            }
        }
        (*(*real(file)).pMethods).xWrite.expect("a method")(real(file), bytes, amount, offset)
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    unsafe {
        if let (Some(place), Ok(size)) = (place_of(file), usize::try_from(size)) {
            let verdict = place.hear(Operation::Truncate { size });
            if let Some(code) = refusal(verdict, ffi::SQLITE_IOERR_TRUNCATE) {
                return code;
            }
        }
        (*(*real(file)).pMethods).xTruncate.expect("a method")(real(file), size)
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        if let Some(place) = place_of(file) {
            if let Some(code) = refusal(place.hear(Operation::Sync), ffi::SQLITE_IOERR_FSYNC) {
                return code;
            }
            if place.is_simulated() {
                return ffi::SQLITE_OK;
            }
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
