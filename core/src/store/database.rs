//! Opening a SQLCipher file: key, settings, migrations.

use std::path::Path;
use std::sync::Once;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

use crate::seal::Key;
use crate::store::error::{InFile, StoreError, StoreFile};

/// The numbered steps of one kind of file; step `n` (from 1) brings it to version `n`. A step
/// that has been released is never edited.
pub struct Migrations {
    /// The file that errors name.
    pub file: StoreFile,
    /// The steps, as SQL.
    pub steps: &'static [&'static str],
}

impl Migrations {
    /// The version that this build writes.
    #[must_use]
    pub fn newest(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }
}

/// Statements kept compiled per connection.
const STATEMENT_CACHE: usize = 128;

/// Settings of every connection. `synchronous=FULL` is the promise that a saved answer survives
/// a power cut: with NORMAL a test of every write point loses acknowledged answers. EXTRA is
/// FULL, and more only until there is a log: a new file's first journal does not come back after
/// a power cut, on file systems that forget a removal, and take the whole file back with it.
const SETTINGS: &str = "
    PRAGMA synchronous = EXTRA;
    PRAGMA journal_mode = WAL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -8192;
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_size_limit = 4194304;
";

/// Opens (or makes) the file at `path` with its raw key and brings it to the newest version.
pub fn open(path: &Path, key: &Key, migrations: &Migrations) -> Result<Connection, StoreError> {
    let mut connection = connect(path, key, migrations.file)?;
    migrate(&mut connection, migrations)?;
    Ok(connection)
}

/// Lets SQLite and SQLCipher set themselves up, before anything is opened. SQLite says that it
/// is ready while SQLCipher still is at it: of two threads that open their first files at once,
/// one could be refused.
fn start_once() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| drop(Connection::open_in_memory()));
}

fn connect(path: &Path, key: &Key, file: StoreFile) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    start_once();
    let connection = Connection::open_with_flags(path, flags).in_file(file)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    // SQLCipher tells a wrong key on stderr unless it is told not to.
    connection.execute_batch("PRAGMA cipher_log_level = NONE").in_file(file)?;
    let mut statement = Zeroizing::new(String::with_capacity(96));
    *statement += "PRAGMA key = \"x'";
    for byte in key.bytes() {
        *statement += &Zeroizing::new(format!("{byte:02x}"));
    }
    *statement += "'\"";
    connection.execute_batch(&statement).in_file(file)?;
    // The first read of the file: a wrong key or a damaged first page shows here.
    let read = connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
    read.in_file(file)?;
    connection.execute_batch(SETTINGS).in_file(file)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, migrations: &Migrations) -> Result<(), StoreError> {
    let file = migrations.file;
    let version: u32 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).in_file(file)?;
    let supported = migrations.newest();
    if version > supported {
        return Err(StoreError::Newer { file, found: version, supported });
    }
    for (step, next) in migrations.steps.iter().zip(1_u32..).skip(version as usize) {
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).in_file(file)?;
        transaction.execute_batch(step).in_file(file)?;
        transaction.pragma_update(None, "user_version", next).in_file(file)?;
        transaction.commit().in_file(file)?;
    }
    Ok(())
}

/// Writes the file anew without what was deleted or overwritten in it, and empties its log: no
/// earlier copy of anything stays. Needs to be the only one that writes.
pub fn compact(connection: &Connection, file: StoreFile) -> Result<(), StoreError> {
    connection.execute_batch("VACUUM").in_file(file)?;
    empty_log(connection, file)
}

/// Moves everything from the write-ahead log into the file and empties the log, so that no
/// older copy of a page stays in it.
pub(super) fn empty_log(connection: &Connection, file: StoreFile) -> Result<(), StoreError> {
    let busy: bool = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .in_file(file)?;
    if busy { Err(StoreError::InUse) } else { Ok(()) }
}

/// Whether every page and every index of the file is sound.
pub(super) fn check(connection: &Connection, file: StoreFile) -> Result<(), StoreError> {
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).in_file(file)?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Corrupt { file }) }
}
