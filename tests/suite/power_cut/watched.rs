//! A phone whose every write is recorded, and its key store, which is no part of the disk and
//! remembers what it held at each moment.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use canvass_cli::clock::SetClock;
use canvass_cli::local_server::ADDRESS;
use canvass_cli::phone::Phone;
use canvass_cli::simulate::vfs::Recording;
use canvass_core::engine::{Ports, SyncOutcome};
use canvass_core::id::DeviceId;
use canvass_core::ports::{KeyVault, SeededIds, VaultError};
use canvass_core::seal::Key;
use canvass_core::sync::PeerSummary;
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone};
use serde_json::json;

use super::each_cut;

type Keys = BTreeMap<String, Arc<Key>>;

/// Keys by alias. What it did is for good at once, as a platform's key store promises.
pub(super) struct TimedVault {
    ids: SeededIds,
    keys: Mutex<Keys>,
    recording: Option<Arc<Recording>>,
    /// How many writes and syncs there had been when it came to hold these keys.
    past: Mutex<Vec<(usize, Keys)>>,
}

impl TimedVault {
    pub(super) fn new(recording: Option<Arc<Recording>>) -> Self {
        let (keys, past) = (Mutex::default(), Mutex::default());
        Self { ids: SeededIds::new(1, "timed vault"), keys, recording, past }
    }

    /// The key store as it was when power failed; `late` has what it did just then done as well.
    fn at(&self, moment: usize, late: bool) -> Self {
        let past = self.past.lock().expect("a lock");
        let mut held = past.iter().rev();
        let held = held.find(|(when, _)| *when < moment || late && *when == moment);
        let keys = held.map(|(_, keys)| keys.clone()).unwrap_or_default();
        Self { keys: Mutex::new(keys), ..Self::new(None) }
    }

    /// The key of an alias, to be told from another that comes after it.
    pub(super) fn key(&self, alias: &str) -> Option<[u8; 32]> {
        self.keys.lock().expect("a lock").get(alias).map(|key| *key.bytes())
    }

    fn note(&self, keys: &Keys) {
        if let Some(recording) = &self.recording {
            self.past.lock().expect("a lock").push((recording.moments(), keys.clone()));
        }
    }
}

impl KeyVault for TimedVault {
    fn wrap(&self, alias: &str, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut keys = self.keys.lock().expect("a lock");
        if !keys.contains_key(alias) {
            keys.insert(alias.to_owned(), Arc::new(Key::random(&self.ids)));
            self.note(&keys);
        }
        Ok(keys[alias].seal(&self.ids, alias.as_bytes(), bytes))
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        let keys = self.keys.lock().expect("a lock");
        let key = keys.get(alias).ok_or(VaultError::Lost)?;
        key.open(alias.as_bytes(), wrapped).map_err(|_| VaultError::Lost)
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        let mut keys = self.keys.lock().expect("a lock");
        keys.remove(alias);
        self.note(&keys);
        Ok(())
    }
}

/// A phone, and the record of its disk.
pub(super) struct Watched {
    directory: PathBuf,
    pub(super) recording: Arc<Recording>,
    pub(super) vault: Arc<TimedVault>,
    pub(super) clock: Arc<SetClock>,
}

impl Watched {
    /// Nothing is there yet.
    pub(super) fn new(directory: &Path) -> Self {
        let recording = Arc::new(Recording::of(directory));
        let vault = Arc::new(TimedVault::new(Some(recording.clone())));
        let clock = Arc::new(SetClock::at(MORNING));
        Self { directory: directory.to_owned(), recording, vault, clock }
    }

    fn opened(&self, directory: &Path, vault: Arc<TimedVault>, ids: &str) -> TestPhone {
        let ids = Arc::new(SeededIds::new(1, ids));
        let ports = Ports { clock: self.clock.clone(), ids, vault };
        let phone = Phone::open(directory, ports).expect("the engine opens");
        TestPhone { phone, clock: self.clock.clone() }
    }

    pub(super) fn open(&self) -> TestPhone {
        self.opened(&self.directory, self.vault.clone(), "first")
    }

    /// A phone that has joined and holds the first list.
    pub(super) fn joined(&self, campaign: &TestCampaign) -> TestPhone {
        let phone = self.open();
        phone.engine().join(&invitation(campaign)).expect("an invitation");
        assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete);
        phone
    }

    /// The phone as it may be after power failed at each of the moments.
    pub(super) fn each_cut(
        &self,
        moments: RangeInclusive<usize>,
        look: impl Fn(&TestPhone, &TimedVault, usize),
    ) {
        let mut variant = 0;
        each_cut(&self.recording, &self.directory, moments, |cut, moment| {
            variant += 1;
            let vault = Arc::new(self.vault.at(moment, variant % 2 == 0));
            let phone = self.opened(cut, vault.clone(), &format!("cut {variant}"));
            look(&phone, &vault, moment);
        });
    }
}

/// The link of a new invitation to the first list.
pub(super) fn invitation(campaign: &TestCampaign) -> String {
    let made = campaign.post("/invitations", &json!({ "canvasser": "Birch", "lists": [1] }));
    format!("{ADDRESS}{}", made["path"].as_str().expect("a path"))
}

pub(super) fn device(phone: &TestPhone) -> DeviceId {
    let summary = phone.engine().peer_summary().expect("a summary");
    DeviceId::from_bytes(*PeerSummary::read(&summary).expect("a summary").device)
}
