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

/// Writes a file so that it is there whole or not at all, whenever the process is killed: half a
/// key is a lost one.
fn write_private(directory: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    let part = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    fs::File::open(directory)?.sync_all()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededIds;

    #[test]
    fn a_key_whose_making_was_cut_short_is_made_anew() {
        let folder = std::env::temp_dir().join(format!("canvass-vault-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("main.part"), [7; 9]).expect("a part");
        let vault = FileKeyVault::new(&folder, SeededIds::new(1, "vault"));
        let wrapped = vault.wrap("main", b"secret").expect("wrapped");
        assert_eq!(vault.unwrap("main", &wrapped).as_deref(), Ok(&b"secret"[..]));
        let names = fs::read_dir(&folder).expect("a folder").map(|it| it.expect("a file").path());
        assert_eq!(names.collect::<Vec<_>>(), [folder.join("main.key")]);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
