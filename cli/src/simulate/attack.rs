//! What someone can read who has a phone after a list was erased on it: every file of every
//! moment before, and every key that the key store still holds.
//!
//! A moment is a copy of the phone's files as they were before one of its steps, write-ahead log
//! included. What a list that is still lent may be read with is not counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use canvass_core::id::ListId;
use canvass_core::ports::{KeyVault, SeededIds};
use canvass_core::seal::Key;
use canvass_core::store::{Directory, MainDb, list_key};
use rusqlite::types::ValueRef;

use crate::simulate::Trouble;
use crate::simulate::vault::SimVault;

/// What the library derives from a list's key.
const PURPOSES: [&str; 3] =
    ["canvass pending change v1", "canvass unsent segment v1", "canvass lease v1"];
/// What stands in a list and may not stand anywhere in the clear.
const MARKS: [&str; 3] = ["Willow", "Nuthatch", "Likes buses"];
/// The bytes of a database by which it is told from others of the same name: its salt.
const SALT_BYTES: usize = 16;

/// What was kept of one phone.
pub(super) struct Watch {
    folder: PathBuf,
    moments: Vec<PathBuf>,
    /// The newest copy of each list's file that there ever was, by name and salt.
    lists: BTreeMap<(String, Vec<u8>), PathBuf>,
}

/// A sealed blob and what it was sealed for.
type Sealed = (Vec<u8>, Vec<u8>);

/// What the databases of all moments hold.
#[derive(Default)]
struct Found {
    blobs: BTreeSet<Vec<u8>>,
    sealed: BTreeSet<Sealed>,
}

impl Watch {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), moments: Vec::new(), lists: BTreeMap::new() }
    }

    /// Keeps how the phone's files are now. Nothing may be writing.
    pub(super) fn keep(&mut self, phone: &Path) -> Result<(), Trouble> {
        let moment = self.folder.join(self.moments.len().to_string());
        fs::create_dir_all(&moment)?;
        for entry in fs::read_dir(phone)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let is_database = Path::new(&name).extension().is_some_and(|end| end == "db");
            if name.starts_with("list-") && is_database {
                self.keep_list(phone, &name)?;
            } else if ["keys.bin", "main.db", "main.db-wal"].contains(&name.as_str()) {
                fs::copy(phone.join(&name), moment.join(&name))?;
            }
        }
        self.moments.push(moment);
        Ok(())
    }

    fn keep_list(&mut self, phone: &Path, name: &str) -> Result<(), Trouble> {
        let bytes = fs::read(phone.join(name))?;
        let Some(salt) = bytes.get(..SALT_BYTES) else { return Ok(()) };
        let number = self.lists.len();
        let place = self.lists.entry((name.to_owned(), salt.to_vec()));
        let copy = place.or_insert_with(|| self.folder.join(format!("list {number}.db")));
        fs::write(&*copy, bytes)?;
        let log = phone.join(format!("{name}-wal"));
        let log_copy = copy.with_extension("db-wal");
        if log.exists() {
            fs::copy(log, log_copy)?;
        } else if log_copy.exists() {
            fs::remove_file(log_copy)?;
        }
        Ok(())
    }

    /// What of erased lists can be read with what the key store still holds; nothing to tell
    /// while a list is still being erased.
    pub(super) fn readable(
        &self,
        vault: &SimVault,
        phone: &Path,
    ) -> Result<Option<Vec<String>>, Trouble> {
        let Some(last) = self.moments.last() else { return Ok(None) };
        let broken = |_| Trouble::Attack;
        let directory = Directory::lock(last).map_err(broken)?;
        let ids = SeededIds::new(0, "attack");
        let own = directory.keys(vault, &ids).map_err(broken)?;
        let mut found = Found::default();
        for moment in &self.moments {
            found.read(&moment.join("main.db"), &own.main)?;
        }
        let main = MainDb::open(&directory, &own.main).map_err(broken)?;
        let entries = main.lists().map_err(broken)?;
        if entries.iter().any(|entry| entry.closed.is_some() && !entry.erased) {
            return Ok(None);
        }
        let mut lent: BTreeMap<ListId, Key> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.closed.is_none()) {
            if let Ok(key) = list_key(entry, vault) {
                lent.insert(entry.id, key);
            }
        }
        let mut keys = vec![own.main, own.signing_seed];
        keys.extend(found.unwrapped(vault).into_iter().filter_map(|key| Key::from_slice(&key)));
        let mut told = self.files(&keys, &lent, phone)?;
        told.extend(found.opened(&keys, &lent));
        Ok(Some(told))
    }

    /// Files of erased lists that open.
    fn files(
        &self,
        keys: &[Key],
        lent: &BTreeMap<ListId, Key>,
        phone: &Path,
    ) -> Result<Vec<String>, Trouble> {
        let mut told = Vec::new();
        for ((name, salt), copy) in &self.lists {
            let id = name.strip_prefix("list-").and_then(|name| name.strip_suffix(".db"));
            let key = id.and_then(|id| id.parse().ok()).and_then(|id: ListId| lent.get(&id));
            let now = fs::read(phone.join(name)).unwrap_or_default();
            if key.is_some() && now.get(..SALT_BYTES) == Some(salt) {
                // The attack is one that reads: it would find what it looks for.
                if key.is_none_or(|key| connected(copy, key).is_none()) {
                    return Err(Trouble::Attack);
                }
            } else if keys.iter().any(|key| connected(copy, key).is_some()) {
                told.push(format!("{name} opens after it was erased"));
            }
        }
        Ok(told)
    }
}

impl Found {
    /// Reads whatever a database holds; what its key does not open is no loss to anyone.
    fn read(&mut self, database: &Path, key: &Key) -> Result<(), Trouble> {
        let Some(open) = connected(database, key) else { return Ok(()) };
        let mut read = || -> rusqlite::Result<()> {
            let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
            let mut statement = open.prepare(tables)?;
            let names = statement.query_map([], |row| row.get::<_, String>(0))?;
            for name in names.collect::<rusqlite::Result<Vec<_>>>()? {
                self.read_table(&open, &name)?;
            }
            self.read_sealed(&open)
        };
        read().map_err(|_| Trouble::Attack)
    }

    fn read_table(&mut self, open: &rusqlite::Connection, name: &str) -> rusqlite::Result<()> {
        let mut statement = open.prepare(&format!("SELECT * FROM {name}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                if let ValueRef::Text(bytes) | ValueRef::Blob(bytes) = row.get_ref(column)? {
                    self.blobs.insert(bytes.to_vec());
                }
            }
        }
        Ok(())
    }

    fn read_sealed(&mut self, open: &rusqlite::Connection) -> rusqlite::Result<()> {
        let sql = "SELECT list, incarnation, seq, sealed FROM pending
                   UNION ALL SELECT list, 0, first_seq, sealed FROM segment WHERE NOT enclosed";
        let mut statement = open.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let list: [u8; 16] = row.get(0)?;
            let (incarnation, seq): (u32, i64) = (row.get(1)?, row.get(2)?);
            let context = [&list[..], &incarnation.to_be_bytes(), &seq.to_be_bytes()].concat();
            self.sealed.insert((context, row.get(3)?));
        }
        let mut statement = open.prepare("SELECT id, lease FROM list WHERE lease IS NOT NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in rows {
            let (list, lease): ([u8; 16], Vec<u8>) = row?;
            self.sealed.insert((list.to_vec(), lease));
        }
        Ok(())
    }

    /// Every key that the key store still unwraps.
    fn unwrapped(&self, vault: &SimVault) -> BTreeSet<Vec<u8>> {
        let mut keys = BTreeSet::new();
        for alias in vault.aliases() {
            for blob in &self.blobs {
                if let Ok(bytes) = vault.unwrap(&alias, blob) {
                    keys.extend(bytes.chunks(32).map(<[u8]>::to_vec));
                }
            }
        }
        keys
    }

    /// Sealed blobs that open though their list was erased, and what stands in the clear.
    fn opened(&self, keys: &[Key], lent: &BTreeMap<ListId, Key>) -> Vec<String> {
        let all = |key: &Key| {
            let derived = PURPOSES.map(|purpose| key.derived(purpose));
            derived.into_iter().chain(Key::from_slice(key.bytes())).collect::<Vec<_>>()
        };
        let keys: Vec<Key> = keys.iter().flat_map(all).collect();
        let lent: Vec<Key> = lent.values().flat_map(all).collect();
        let opens = |keys: &[Key], (context, blob): &Sealed| {
            keys.iter().any(|key| key.open(context, blob).is_ok())
        };
        let sealed = self.sealed.iter().filter(|sealed| !opens(&lent, sealed));
        let opened = sealed.filter(|sealed| opens(&keys, sealed));
        let mut told: Vec<String> = opened.map(|_| "a sealed change opens".to_owned()).collect();
        for mark in MARKS {
            let bytes = mark.as_bytes();
            if self.blobs.iter().any(|blob| blob.windows(bytes.len()).any(|at| at == bytes)) {
                told.push(format!("{mark} stands in main.db"));
            }
        }
        told
    }
}

/// A database, if this key opens it.
fn connected(database: &Path, key: &Key) -> Option<rusqlite::Connection> {
    let open = rusqlite::Connection::open(database).ok()?;
    let digits: Vec<String> = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    open.execute_batch("PRAGMA cipher_log_level = NONE").ok()?;
    open.execute_batch(&format!("PRAGMA key = \"x'{}'\"", digits.concat())).ok()?;
    open.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).ok()?;
    Some(open)
}
