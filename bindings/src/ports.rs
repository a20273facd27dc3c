//! What an app implements for the engine, and the adapters to the core's ports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use canvass_core::ports::{self, VaultError};
use canvass_core::time::Timestamp;

/// What an app's own code may throw.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum CallbackError {
    /// The platform key of this alias is gone for good.
    #[error("the key is lost")]
    Lost,
    /// The phone has not been unlocked since it was started.
    #[error("the key store is locked")]
    Locked,
    /// It failed in another way.
    #[error("failed: {reason}")]
    Failed {
        /// A fixed phrase for developers. No secrets, no personal data.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for CallbackError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Wraps keys with the platform's own key store: Android Keystore, iOS Keychain.
///
/// Keys are made in the core; the app only encrypts and decrypts them under a platform key of
/// the given alias, which must be readable after the first unlock of the phone.
#[uniffi::export(foreign)]
pub trait KeyVault: Send + Sync {
    /// Encrypts `key` under the platform key of `alias`, which is made when it is absent.
    fn wrap(&self, alias: String, key: Vec<u8>) -> Result<Vec<u8>, CallbackError>;
    /// Gives back what `wrap` encrypted.
    fn unwrap(&self, alias: String, wrapped: Vec<u8>) -> Result<Vec<u8>, CallbackError>;
    /// Destroys the platform key of `alias`: nothing it wrapped can be read again. It is no error
    /// that there is none.
    fn delete(&self, alias: String) -> Result<(), CallbackError>;
}

/// Tells the time. Nothing orders changes by it.
#[uniffi::export(foreign)]
pub trait Clock: Send + Sync {
    /// The wall clock, in milliseconds since 1970.
    fn wall_ms(&self) -> Result<i64, CallbackError>;
    /// A text that is another one after each boot.
    fn boot_id(&self) -> Result<String, CallbackError>;
    /// Milliseconds since boot, those asleep included.
    fn since_boot_ms(&self) -> Result<u64, CallbackError>;
}

/// The app's vault as the core's port.
pub(crate) struct Vault(pub(crate) Arc<dyn KeyVault>);

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn vault_error(error: CallbackError) -> VaultError {
    match error {
        CallbackError::Lost => VaultError::Lost,
        CallbackError::Locked => VaultError::Locked,
        CallbackError::Failed { .. } => VaultError::Failed,
    }
}

impl ports::KeyVault for Vault {
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.0.wrap(alias.to_owned(), key.to_vec()).map_err(vault_error)
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.0.unwrap(alias.to_owned(), wrapped.to_vec()).map_err(vault_error)
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        self.0.delete(alias.to_owned()).map_err(vault_error)
    }
}

/// A panic that a test has asked for.
#[derive(Default)]
pub(crate) struct Defect(AtomicBool);

impl Defect {
    /// Has the next reading of the clock panic.
    pub(crate) fn arm(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn strike(&self) {
        assert!(!self.0.swap(false, Ordering::Relaxed), "a test asked for this defect");
    }
}

/// The app's clock as the core's port. A clock that fails tells the start of time: what is
/// recorded meanwhile is kept, and the server corrects its time.
pub(crate) struct AppClock {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) defect: Option<Arc<Defect>>,
}

impl ports::Clock for AppClock {
    fn wall(&self) -> Timestamp {
        if let Some(defect) = &self.defect {
            defect.strike();
        }
        Timestamp::from_millis(self.clock.wall_ms().unwrap_or(0))
    }

    fn boot_id(&self) -> String {
        self.clock.boot_id().unwrap_or_default()
    }

    fn since_boot_ms(&self) -> u64 {
        self.clock.since_boot_ms().unwrap_or(0)
    }
}
