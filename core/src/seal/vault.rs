//! A key vault in a directory, for command lines and tests.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::ports::{IdSource, KeyVault, VaultError};
use crate::seal::Key;

/// Keeps one key file per alias in a directory.
///
/// It protects nothing from someone who can read the directory. Apps use Android Keystore or
/// iOS Keychain instead; this is what a command line on an organiser's own machine has.
pub struct FileKeyVault<I> {
    directory: PathBuf,
    ids: I,
}

impl<I: IdSource> FileKeyVault<I> {
    /// A vault in `directory`, which is made when the first key is wrapped.
    pub fn new(directory: &Path, ids: I) -> Self {
        Self { directory: directory.to_owned(), ids }
    }

    fn path(&self, alias: &str) -> PathBuf {
        self.directory.join(format!("{alias}.key"))
    }

    fn read(&self, alias: &str) -> Result<Key, VaultError> {
        match fs::read(self.path(alias)) {
            Ok(bytes) => Key::from_slice(&bytes).ok_or(VaultError::Lost),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(VaultError::Lost),
            Err(_) => Err(VaultError::Failed),
        }
    }

    fn read_or_make(&self, alias: &str) -> Result<Key, VaultError> {
        match self.read(alias) {
            Err(VaultError::Lost) if !self.path(alias).exists() => {
                let key = Key::random(&self.ids);
                write_private(&self.directory, &self.path(alias), key.bytes())
                    .map_err(|_| VaultError::Failed)?;
                Ok(key)
            }
            key => key,
        }
    }
}

fn write_private(directory: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

impl<I: IdSource> KeyVault for FileKeyVault<I> {
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(self.read_or_make(alias)?.seal(&self.ids, alias.as_bytes(), key))
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.read(alias)?.open(alias.as_bytes(), wrapped).map_err(|_| VaultError::Lost)
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        match fs::remove_file(self.path(alias)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(VaultError::Failed),
            _ => Ok(()),
        }
    }
}
