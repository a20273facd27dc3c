//! The engine's own files, damaged, or under another key, or in use: each is a typed error
//! that names the file, and the files are left as they are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_core::engine::{Engine, Error, Ports};
use canvass_core::ports::{IdSource, KeyVault, SeededIds, VaultError};
use canvass_core::store::{StoreError, StoreFile};
use canvass_tests::campaign::MORNING;
use canvass_tests::files::files;
use canvass_tests::solo::Solo;

/// A vault that answers in its own way for some aliases.
struct OddVault {
    inner: Arc<dyn KeyVault>,
    alias: &'static str,
    answer: Answer,
}

impl KeyVault for OddVault {
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.inner.wrap(alias, key)
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.inner.unwrap(alias, wrapped)?;
        if alias.starts_with(self.alias) { (self.answer)(key) } else { Ok(key) }
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        self.inner.delete(alias)
    }
}

fn open(directory: &Path, vault: Arc<dyn KeyVault>) -> Result<Engine, Error> {
    let ids: Arc<dyn IdSource> = Arc::new(SeededIds::new(8, "again"));
    Engine::open(directory, Ports { clock: Arc::new(SetClock::at(MORNING)), ids, vault })
}

/// All files but the lock, which says whether an engine was cut short.
fn kept(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(directory);
    files.retain(|path, _| !path.ends_with("engine.lock"));
    files
}

/// A closed campaign with unsent work in it.
fn closed() -> Solo {
    let mut solo = Solo::small();
    let household = solo.door("6 Willow St");
    solo.engine().record_note(solo.list, household, "Quetzalcoatl").expect("a note");
    solo.close();
    solo
}

fn odd(solo: &Solo, alias: &'static str, answer: Answer) -> Arc<dyn KeyVault> {
    Arc::new(OddVault { inner: Arc::new(solo.vault()), alias, answer })
}

type Answer = fn(Vec<u8>) -> Result<Vec<u8>, VaultError>;
type Expected = fn(&StoreError) -> bool;

#[track_caller]
fn error_of<T>(result: Result<T, Error>, about: &str) -> StoreError {
    match result {
        Err(Error::Store(error)) => error,
        Err(other) => panic!("{about}: {other:?}"),
        Ok(_) => panic!("{about}: it opened"),
    }
}

#[test]
fn a_wrong_key() {
    let solo = closed();
    let before = kept(&solo.directory());
    let others: [(Answer, Expected); 5] = [
        (|key| Ok(vec![7; key.len()]), |e| matches!(e, StoreError::WrongKey { .. })),
        (|key| Ok(key[1..].to_vec()), |e| matches!(e, StoreError::WrongKey { .. })),
        (|_| Err(VaultError::Lost), |e| matches!(e, StoreError::KeyLost { .. })),
        (|_| Err(VaultError::Locked), |e| matches!(e, StoreError::Locked)),
        (|_| Err(VaultError::Failed), |e| matches!(e, StoreError::Vault)),
    ];
    for (number, (answer, is_expected)) in others.into_iter().enumerate() {
        let error =
            error_of(open(&solo.directory(), odd(&solo, "canvass.main", answer)), "the files");
        assert!(is_expected(&error), "{number}: {error:?}");
        assert_eq!(kept(&solo.directory()), before, "{number}");
        let engine = open(&solo.directory(), odd(&solo, "canvass.list.", answer));
        let engine = engine.expect("main.db has its key");
        let error = error_of(engine.doors(solo.list, None, 1), "the files");
        assert!(is_expected(&error), "{number}: {error:?}");
        engine.close();
        drop(engine);
        assert_eq!(kept(&solo.directory()), before, "{number}");
    }
    let file_named = |error: &StoreError, alias| match error {
        StoreError::WrongKey { file } | StoreError::KeyLost { file } => assert_eq!(*file, alias),
        other => panic!("{other:?}"),
    };
    let other: Answer = |key| Ok(vec![7; key.len()]);
    let vault = odd(&solo, "canvass.main", other);
    file_named(&error_of(open(&solo.directory(), vault), "the files"), StoreFile::Main);
    assert_whole(&solo);
}

/// With its own key and its own files everything is there.
fn assert_whole(solo: &Solo) {
    let engine = open(&solo.directory(), Arc::new(solo.vault())).expect("it opens");
    let page = engine.doors(solo.list, None, 500).expect("doors");
    let notes = page
        .doors
        .iter()
        .map(|door| engine.household(solo.list, door.household).expect("a household").notes.len());
    assert_eq!(notes.sum::<usize>(), 1);
}

#[test]
fn a_database_without_its_keys_is_not_made_anew() {
    let solo = closed();
    let keys = solo.directory().join("keys.bin");
    let bytes = std::fs::read(&keys).expect("keys");
    std::fs::remove_file(&keys).expect("removed");
    let before = kept(&solo.directory());
    let error = error_of(open(&solo.directory(), Arc::new(solo.vault())), "the files");
    assert!(matches!(error, StoreError::KeyLost { file: StoreFile::Main }), "{error:?}");
    assert_eq!(kept(&solo.directory()), before);
    std::fs::write(&keys, &bytes[..bytes.len() / 2]).expect("written");
    let error = error_of(open(&solo.directory(), Arc::new(solo.vault())), "the files");
    assert!(matches!(error, StoreError::KeyLost { .. } | StoreError::Corrupt { .. }), "{error:?}");
    std::fs::write(&keys, b"nonsense").expect("written");
    let error = error_of(open(&solo.directory(), Arc::new(solo.vault())), "the files");
    assert!(matches!(error, StoreError::Corrupt { file: StoreFile::Keys }), "{error:?}");
    std::fs::write(&keys, bytes).expect("written");
    assert_whole(&solo);
}

/// Lengths to which a file of this length is cut: in pages, at their borders, within the first.
fn cuts(length: usize) -> Vec<usize> {
    let mut cuts = vec![length / 2, length - 4096, length - 1, 4096 + 100, 4096, 600];
    cuts.retain(|cut| *cut < length);
    cuts
}

#[test]
fn a_truncated_main_database() {
    let solo = closed();
    let path = solo.directory().join("main.db");
    let whole = std::fs::read(&path).expect("main.db");
    for cut in cuts(whole.len()).into_iter().chain([100, 1, 0]) {
        std::fs::write(&path, &whole[..cut]).expect("cut");
        let before = kept(&solo.directory());
        let about = format!("cut to {cut} of {}", whole.len());
        let error = error_of(open(&solo.directory(), Arc::new(solo.vault())), &about);
        let expected = matches!(error, StoreError::Corrupt { file: StoreFile::Main });
        assert!(expected, "{cut} of {}: {error:?}", whole.len());
        assert_eq!(kept(&solo.directory()), before, "cut to {cut}: left as it is");
    }
    std::fs::remove_file(&path).expect("removed");
    let error = error_of(open(&solo.directory(), Arc::new(solo.vault())), "the files");
    assert!(matches!(error, StoreError::Corrupt { file: StoreFile::Main }), "{error:?}");
    std::fs::write(&path, &whole).expect("restored");
    assert_whole(&solo);
}

#[test]
fn a_truncated_list() {
    let solo = closed();
    let path = solo.directory().join(format!("list-{}.db", solo.list));
    let whole = std::fs::read(&path).expect("the list's file");
    for cut in cuts(whole.len()).into_iter().chain([100, 0]) {
        std::fs::write(&path, &whole[..cut]).expect("cut");
        let before = kept(&solo.directory());
        let engine = open(&solo.directory(), Arc::new(solo.vault())).expect("main.db is whole");
        let about = format!("cut to {cut} of {}", whole.len());
        let error = error_of(engine.doors(solo.list, None, 500), &about);
        let expected = matches!(error, StoreError::Corrupt { file: StoreFile::List });
        assert!(expected, "{cut} of {}: {error:?}", whole.len());
        engine.close();
        drop(engine);
        assert_eq!(kept(&solo.directory()), before, "cut to {cut}: left as it is");
    }
    std::fs::write(&path, &whole).expect("restored");
    assert_whole(&solo);
}

#[test]
fn a_bit_that_turned_in_any_page() {
    let solo = closed();
    // As after a power cut: the lock still says that an engine is open.
    let path = solo.directory().join("main.db");
    let whole = std::fs::read(&path).expect("main.db");
    for page in 0..whole.len() / 4096 {
        let mut altered = whole.clone();
        altered[page * 4096 + 2048] ^= 1;
        std::fs::write(&path, &altered).expect("altered");
        match open(&solo.directory(), Arc::new(solo.vault())) {
            Err(Error::Store(StoreError::Corrupt { file: StoreFile::Main })) => {}
            Err(other) => panic!("page {page}: {other:?}"),
            Ok(_) => panic!("page {page}: it opened"),
        }
        assert_eq!(std::fs::read(&path).expect("main.db"), altered, "left as it is");
    }
    std::fs::write(&path, &whole).expect("restored");
    assert_whole(&solo);
}

#[test]
fn two_engines_on_one_directory() {
    let solo = Solo::small();
    let before = solo.snapshot();
    for _ in 0..2 {
        let error = error_of(open(&solo.directory(), Arc::new(solo.vault())), "the files");
        assert!(matches!(error, StoreError::InUse), "{error:?}");
    }
    assert_eq!(solo.snapshot(), before);
    let household = solo.door("6 Willow St");
    solo.engine().record_note(solo.list, household, "Still mine.").expect("a note");
}

#[test]
fn two_backends_on_one_directory() {
    let campaign = canvass_tests::campaign::TestCampaign::small(1);
    let before = campaign.get("");
    let directory = campaign.folder.path().join("server");
    let started = canvass_cli::local_server::LocalServer::start(
        &directory,
        2,
        Arc::new(SetClock::at(MORNING)),
    );
    match started {
        Err(canvass_cli::local_server::StartError::Store(StoreError::InUse)) => {}
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it started"),
    }
    assert_eq!(campaign.get(""), before);
}
