//! The engine's error: what each module below could not do, and what only the engine knows.

use crate::canvass::RecordError;
use crate::interchange::{CodesError, ExportError, FileError};
use crate::store::{ClosedBecause, StoreError, StoreFile};
use crate::street::StreetError;
use crate::survey::{AnswerError, ScriptError};

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum What {
    /// A walk list that this phone holds.
    List,
    /// A household of that list.
    Household,
    /// A person of that household.
    Person,
    /// A change that was recorded.
    Change,
    /// A conflict that is still open.
    Conflict,
    /// A script for this list.
    Script,
    /// A place to go on reading from.
    Page,
    /// A place on the earth, or a distance from it.
    Place,
}

/// Why the engine could not do what it was asked. Nothing was half done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Files or keys.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was to be recorded does not fit.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// An answer does not fit its question.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that cannot be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A table of a backend's codes that cannot be used.
    #[error(transparent)]
    Codes(#[from] CodesError),
    /// A script that is not sound.
    #[error("the script is not sound")]
    Script(Vec<ScriptError>),
    /// Bytes that are no street pack.
    #[error(transparent)]
    Streets(StreetError),
    /// There is no such thing.
    #[error("there is no such {0:?}")]
    NotFound(What),
    /// It was cancelled. Nothing of it stays.
    #[error("cancelled")]
    Cancelled,
    /// The engine has been closed.
    #[error("the engine is closed")]
    Closed,
    /// The directory belongs to no campaign yet: import a file, or join with an invitation.
    #[error("this directory belongs to no campaign yet")]
    NoCampaign,
    /// The directory belongs to a campaign already.
    #[error("this directory belongs to a campaign already")]
    AlreadyInCampaign,
    /// An invitation or a server's address that is not one.
    #[error("not an invitation")]
    BadInvitation,
    /// Bytes that are no bundle or summary of this campaign.
    #[error("not a bundle of this campaign")]
    BadBundle,
    /// The server's address is not protected by TLS, and is not this very machine.
    #[error("the server's address is not protected by TLS")]
    InsecureServer,
    /// The list has not arrived yet: sync first.
    #[error("the list has not arrived yet")]
    NotArrived,
    /// The list may not be read any more, and is erased. What was unsent of it still leaves.
    #[error("the list is closed: {why:?}")]
    ListClosed {
        /// Why.
        why: ClosedBecause,
    },
    /// Not even the way from the start to the end fits into the time that was given.
    #[error("the way from start to end takes longer than the time given")]
    TooLittleTime,
    /// Only the campaign decides this.
    #[error("only the campaign decides this")]
    NotYours,
    /// A defect of this library stopped the engine in the middle of a call. What was saved is
    /// safe: close the engine and open it again.
    #[error("a defect stopped the engine: close it and open it again")]
    Panicked,
}

impl Error {
    /// Whether a list cannot be read any more, for good.
    pub(super) const fn is_of_closed_list(&self) -> bool {
        matches!(
            self,
            Self::NotFound(What::List) | Self::Store(StoreError::KeyLost { file: StoreFile::List })
        )
    }
}
