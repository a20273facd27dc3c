//! What can go wrong with files and keys.

use rusqlite::ErrorCode;

use crate::ports::VaultError;

/// Which file an error speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum StoreFile {
    /// `keys.bin`: the wrapped keys.
    Keys,
    /// `main.db`: identity and unsent work.
    Main,
    /// A walk list's file.
    List,
    /// `unsent.seal`: the sealed second copy of unsent work.
    Sidecar,
    /// The street pack that came with a walk list.
    Streets,
    /// `engine.lock`, or the directory itself.
    Directory,
}

/// Why a store could not be opened, read or written. Nothing was changed or deleted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The platform's key is gone: what it protected cannot be read again.
    #[error("the key of {file:?} is lost")]
    KeyLost {
        /// The file it protected.
        file: StoreFile,
    },
    /// The key store is locked until the phone is first unlocked: try later.
    #[error("the key store is locked until the phone is first unlocked")]
    Locked,
    /// The key store failed.
    #[error("the key store failed")]
    Vault,
    /// The key store gave another key than the one that was kept.
    #[error("the key of {file:?} is not the one it was made with")]
    WrongKey {
        /// The file.
        file: StoreFile,
    },
    /// A file is damaged. It is left as it is.
    #[error("{file:?} is damaged")]
    Corrupt {
        /// The file.
        file: StoreFile,
    },
    /// A file was written by a newer build.
    #[error("{file:?} has version {found}, this build reads up to {supported}")]
    Newer {
        /// The file.
        file: StoreFile,
        /// The version found.
        found: u32,
        /// The newest version this build reads.
        supported: u32,
    },
    /// Another engine has this directory open.
    #[error("another engine has this directory open")]
    InUse,
    /// The disk is full. Nothing was half written.
    #[error("the disk is full")]
    Full,
    /// The file may not be read or written.
    #[error("{file:?} may not be read or written")]
    Forbidden {
        /// The file.
        file: StoreFile,
    },
    /// The device failed to read or write.
    #[error("the device failed on {file:?}")]
    Device {
        /// The file.
        file: StoreFile,
    },
    /// The database refused in a way that points to a defect in this library.
    #[error("the database refused ({code})")]
    Database {
        /// SQLite's extended result code.
        code: i32,
    },
}

impl StoreError {
    /// The error of a database call, told apart by what a person can do about it.
    pub(crate) fn of(error: &rusqlite::Error, file: StoreFile) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            return Self::Database { code: -1 };
        };
        match failure.code {
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Corrupt { file },
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                Self::Forbidden { file }
            }
            ErrorCode::SystemIoFailure => Self::Device { file },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::InUse,
            _ => Self::Database { code: failure.extended_code },
        }
    }

    /// The error of a file-system call.
    pub(crate) fn of_io(error: &std::io::Error, file: StoreFile) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            std::io::ErrorKind::PermissionDenied
            | std::io::ErrorKind::ReadOnlyFilesystem
            | std::io::ErrorKind::NotFound
            | std::io::ErrorKind::NotADirectory => Self::Forbidden { file },
            _ => Self::Device { file },
        }
    }

    /// The error of the vault, for the key of this file.
    pub(crate) const fn of_vault(error: VaultError, file: StoreFile) -> Self {
        match error {
            VaultError::Lost => Self::KeyLost { file },
            VaultError::Locked => Self::Locked,
            VaultError::Failed => Self::Vault,
        }
    }
}

/// Turns database errors into store errors that name the file.
pub(crate) trait InFile<T> {
    /// The result, its error told as one of `file`.
    fn in_file(self, file: StoreFile) -> Result<T, StoreError>;
}

impl<T> InFile<T> for rusqlite::Result<T> {
    fn in_file(self, file: StoreFile) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::of(&error, file))
    }
}

impl<T> InFile<T> for std::io::Result<T> {
    fn in_file(self, file: StoreFile) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::of_io(&error, file))
    }
}
