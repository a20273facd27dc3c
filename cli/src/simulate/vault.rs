//! A phone's key store in memory: it can be locked, and an alias can be lost.
//!
//! It stands outside of the phone's directory, as a platform's key store does.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use canvass_core::ports::{IdSource, KeyVault, SeededIds, VaultError};
use canvass_core::seal::Key;

/// Keys by alias.
pub(super) struct SimVault {
    ids: SeededIds,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: BTreeMap<String, Key>,
    is_locked: bool,
}

impl SimVault {
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let ids = SeededIds::new(seed, &format!("vault of {name}"));
        Self { ids, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of the keys that it holds.
    pub(super) fn aliases(&self) -> Vec<String> {
        self.state().keys.keys().cloned().collect()
    }

    /// Loses a key, as platforms do when someone removes their screen lock.
    pub(super) fn lose(&self, alias: &str) {
        self.state().keys.remove(alias);
    }

    /// A copy with the same keys, as of a phone that was copied whole.
    pub(super) fn copied(&self, seed: u64, name: &str) -> Self {
        let copy = Self::new(seed, name);
        copy.state().keys = {
            let state = self.state();
            let keys = state.keys.iter();
            keys.filter_map(|(alias, key)| Some((alias.clone(), Key::from_slice(key.bytes())?)))
                .collect()
        };
        copy
    }

    /// The phone has been started and not unlocked yet; or unlocked.
    pub(super) fn lock(&self, is_locked: bool) {
        self.state().is_locked = is_locked;
    }
}

impl KeyVault for SimVault {
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut state = self.state();
        if state.is_locked {
            return Err(VaultError::Locked);
        }
        let made = state.keys.entry(alias.to_owned()).or_insert_with(|| Key::random(&self.ids));
        Ok(made.seal(&self.ids, alias.as_bytes(), key))
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        let state = self.state();
        if state.is_locked {
            return Err(VaultError::Locked);
        }
        let key = state.keys.get(alias).ok_or(VaultError::Lost)?;
        key.open(alias.as_bytes(), wrapped).map_err(|_| VaultError::Lost)
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        let mut state = self.state();
        if state.is_locked {
            return Err(VaultError::Locked);
        }
        state.keys.remove(alias);
        Ok(())
    }
}

/// Bytes for ids that go on where they were when the app is started anew.
pub(super) fn ids_of(seed: u64, name: &str) -> impl IdSource + use<> {
    SeededIds::new(seed, &format!("phone of {name}"))
}
