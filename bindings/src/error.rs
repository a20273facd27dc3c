//! The one error that an app sees.

use canvass_core::engine::{Error, What};
use canvass_core::say::Trouble;
use canvass_core::store::{ClosedBecause, StoreError, StoreFile};

/// Why a call did nothing. Each case is something that an app does differently; `code` is
/// stable and tells more for a log. No case carries personal data.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum CanvassError {
    /// What was given does not fit: tell the person, and let them change it.
    #[error("{code}")]
    InvalidInput {
        /// What is wrong with it, as a stable code.
        code: String,
        /// The question, if it is about an answer; empty otherwise.
        question: String,
    },
    /// A file that cannot be read, and where.
    #[error("{code}")]
    BadFile {
        /// What is wrong with it, as a stable code.
        code: String,
        /// The row, counted as a spreadsheet does.
        row: Option<u64>,
        /// The column.
        column: Option<String>,
    },
    /// A script that is not sound, and where.
    #[error("{code}")]
    BadScript {
        /// What is wrong with it, as a stable code.
        code: String,
        /// The first question or element at fault.
        place: String,
    },
    /// It was cancelled. Nothing of it stays.
    #[error("cancelled")]
    Cancelled,
    /// There is no such thing here.
    #[error("there is no such {what:?}")]
    NotFound {
        /// What was looked for.
        what: What,
    },
    /// Only the campaign decides this.
    #[error("only the campaign decides this")]
    NotYours,
    /// The directory belongs to no campaign yet: import a file, or join with an invitation.
    #[error("this directory belongs to no campaign yet")]
    NoCampaign,
    /// The directory belongs to a campaign already.
    #[error("this directory belongs to a campaign already")]
    AlreadyInCampaign,
    /// The list has not arrived yet: sync first.
    #[error("the list has not arrived yet")]
    NotArrived,
    /// The list may not be read any more, and is erased. What was unsent of it still leaves.
    #[error("the list is closed: {why:?}")]
    ListClosed {
        /// Why.
        why: ClosedBecause,
    },
    /// The key store is locked until the phone is first unlocked. Nothing changed: try later.
    #[error("the key store is locked: try later")]
    TryLater,
    /// The key of a file is lost. The file is left as it is.
    #[error("the key of {file:?} is lost")]
    KeyLost {
        /// The file.
        file: StoreFile,
    },
    /// The key store gave another key than the file was made with.
    #[error("the key of {file:?} is not the one it was made with")]
    WrongKey {
        /// The file.
        file: StoreFile,
    },
    /// A file is damaged. It is left as it is.
    #[error("{file:?} is damaged")]
    StorageCorrupt {
        /// The file.
        file: StoreFile,
    },
    /// A file was written by a newer build: update the app.
    #[error("{file:?} has version {found}, this build reads up to {supported}")]
    NewerDatabase {
        /// The file.
        file: StoreFile,
        /// The version found.
        found: u32,
        /// The newest version this build reads.
        supported: u32,
    },
    /// The disk is full. Nothing was half written.
    #[error("the disk is full")]
    StorageFull,
    /// The directory or a file in it may not be read or written.
    #[error("{file:?} may not be read or written")]
    StorageForbidden {
        /// The file.
        file: StoreFile,
    },
    /// Another engine has this directory open.
    #[error("another engine has this directory open")]
    InUse,
    /// The engine has been closed.
    #[error("the engine is closed")]
    Closed,
    /// A defect of this library stopped the call. What was saved is safe.
    #[error("a defect stopped the call")]
    Panicked {
        /// Whether the engine goes on; if not, every call says this until it is closed and
        /// opened again.
        can_go_on: bool,
    },
    /// A defect, in this library or in what the app implements for it.
    #[error("internal: {code}")]
    Internal {
        /// What failed, as a stable code.
        code: String,
    },
}

impl CanvassError {
    /// What it is, as a stable code: `docs/errors.md` lists them all.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::InvalidInput { code, .. }
            | Self::BadFile { code, .. }
            | Self::BadScript { code, .. }
            | Self::Internal { code } => code,
            Self::Cancelled => "cancelled",
            Self::NotFound { .. } => "not_found",
            Self::NotYours => "not_yours",
            Self::NoCampaign => "no_campaign",
            Self::AlreadyInCampaign => "already_in_campaign",
            Self::NotArrived => "not_arrived",
            Self::ListClosed { .. } => "list_closed",
            Self::TryLater => "try_later",
            Self::KeyLost { .. } => "key_lost",
            Self::WrongKey { .. } => "wrong_key",
            Self::StorageCorrupt { .. } => "storage_corrupt",
            Self::NewerDatabase { .. } => "newer_database",
            Self::StorageFull => "storage_full",
            Self::StorageForbidden { .. } => "storage_forbidden",
            Self::InUse => "in_use",
            Self::Closed => "closed",
            Self::Panicked { .. } => "panicked",
        }
    }

    /// What it is to whoever holds the phone.
    pub(crate) fn trouble(&self) -> Trouble<'_> {
        match self {
            Self::InvalidInput { code, .. } => Trouble::Input(code),
            Self::BadFile { row, .. } => Trouble::File(*row),
            Self::BadScript { .. } => Trouble::Script,
            Self::Cancelled => Trouble::Cancelled,
            Self::NotFound { .. } => Trouble::NotFound,
            Self::NotYours => Trouble::NotYours,
            Self::NoCampaign => Trouble::NoCampaign,
            Self::AlreadyInCampaign => Trouble::AlreadyInCampaign,
            Self::NotArrived => Trouble::NotArrived,
            Self::ListClosed { why } => Trouble::ListClosed {
                comes_back: matches!(why, ClosedBecause::Expired | ClosedBecause::KeyLost),
            },
            Self::TryLater => Trouble::TryLater,
            Self::KeyLost { .. } | Self::WrongKey { .. } => Trouble::KeyLost,
            Self::StorageCorrupt { .. } => Trouble::Damaged,
            Self::NewerDatabase { .. } => Trouble::Newer,
            Self::StorageFull => Trouble::Full,
            Self::StorageForbidden { .. } => Trouble::Forbidden,
            Self::InUse => Trouble::InUse,
            Self::Closed => Trouble::Closed,
            Self::Panicked { can_go_on } => Trouble::Defect { goes_on: *can_go_on },
            Self::Internal { .. } => Trouble::Defect { goes_on: true },
        }
    }
}

impl From<Error> for CanvassError {
    /// The only place that narrows.
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => Self::from(error),
            Error::Answer(error) => {
                Self::InvalidInput { code: error.cause.code().to_owned(), question: error.question }
            }
            Error::Record(error) => invalid(error.code()),
            Error::File(error) => Self::BadFile {
                code: error.code().to_owned(),
                row: error.row(),
                column: error.column().map(str::to_owned),
            },
            Error::Script(errors) => {
                let first = errors.first();
                let code = first.map_or("bad_script", |error| error.problem.code());
                let place = first.map(|error| error.place.to_string()).unwrap_or_default();
                Self::BadScript { code: code.to_owned(), place }
            }
            Error::Codes(error) => invalid(error.problem.code()),
            Error::Cancelled => Self::Cancelled,
            Error::BadInvitation => invalid("bad_invitation"),
            Error::InsecureServer => invalid("insecure_server"),
            Error::BadBundle => invalid("bad_bundle"),
            Error::NotFound(what) => Self::NotFound { what },
            Error::Closed => Self::Closed,
            Error::NoCampaign => Self::NoCampaign,
            Error::AlreadyInCampaign => Self::AlreadyInCampaign,
            Error::NotArrived => Self::NotArrived,
            Error::ListClosed { why } => Self::ListClosed { why },
            Error::Streets(_) => invalid("bad_street_pack"),
            Error::TooLittleTime => invalid("too_little_time"),
            Error::NotYours => Self::NotYours,
            Error::Panicked => Self::Panicked { can_go_on: false },
            _ => Self::Internal { code: "unknown".to_owned() },
        }
    }
}

pub(crate) fn invalid(code: &str) -> CanvassError {
    CanvassError::InvalidInput { code: code.to_owned(), question: String::new() }
}

impl From<StoreError> for CanvassError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::KeyLost { file } => Self::KeyLost { file },
            StoreError::Locked => Self::TryLater,
            StoreError::Vault => Self::Internal { code: "key_vault".to_owned() },
            StoreError::WrongKey { file } => Self::WrongKey { file },
            StoreError::Corrupt { file } => Self::StorageCorrupt { file },
            StoreError::Newer { file, found, supported } => {
                Self::NewerDatabase { file, found, supported }
            }
            StoreError::InUse => Self::InUse,
            StoreError::Full => Self::StorageFull,
            StoreError::Forbidden { file } => Self::StorageForbidden { file },
            StoreError::Device { file: _ } => Self::Internal { code: "device".to_owned() },
            StoreError::Database { code } => Self::Internal { code: format!("database_{code}") },
            _ => Self::Internal { code: "storage".to_owned() },
        }
    }
}
