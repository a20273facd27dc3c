//! Ports: what the core needs from outside to stay deterministic inside.
//!
//! Time, randomness and the keeping of keys come in here and nowhere else. The app implements
//! [`Clock`] and [`KeyVault`] with what the platform offers; tests give their own.

use std::sync::{Mutex, PoisonError};

use crate::time::Timestamp;

/// Tells the time. Nothing orders changes by it.
pub trait Clock: Send + Sync {
    /// The wall clock, as the phone shows it. It may be wrong, and may jump.
    fn wall(&self) -> Timestamp;
    /// Names the time since the last boot: another text after each restart.
    fn boot_id(&self) -> String;
    /// Milliseconds since boot, those asleep included. Never runs backwards within a boot.
    fn since_boot_ms(&self) -> u64;
}

/// Gives bytes for new ids, keys and nonces.
pub trait IdSource: Send + Sync {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);

    /// A random array.
    fn array<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// Keeps keys: wraps them with a key that never leaves the platform's own store.
///
/// `wrap` makes the platform key of this alias when it is absent. Aliases must be readable
/// after the phone's first unlock, not only while it is unlocked.
pub trait KeyVault: Send + Sync {
    /// Encrypts `key` under the platform key of `alias`.
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError>;
    /// Gives back what `wrap` encrypted.
    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError>;
    /// Destroys the platform key of `alias`: nothing it wrapped can be read again. It is no error
    /// that there is none.
    fn delete(&self, alias: &str) -> Result<(), VaultError>;
}

/// Why a vault could not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The platform key of this alias is gone for good.
    #[error("the key is lost")]
    Lost,
    /// The phone has not been unlocked since it was started: try later.
    #[error("the key store is locked")]
    Locked,
    /// The vault failed in another way.
    #[error("the key store failed")]
    Failed,
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness comes in")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has random bytes to give");
    }
}

/// Random-looking bytes that follow from a seed: for tests and replays only.
#[derive(Debug)]
pub struct SeededIds(Mutex<blake3::OutputReader>);

impl SeededIds {
    /// The sequence of this seed. Different `stream` names give unrelated sequences.
    #[must_use]
    pub fn new(seed: u64, stream: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("canvass-core 2026 seeded test bytes v1");
        hasher.update(&seed.to_le_bytes());
        hasher.update(stream.as_bytes());
        Self(Mutex::new(hasher.finalize_xof()))
    }
}

impl IdSource for SeededIds {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }
}
