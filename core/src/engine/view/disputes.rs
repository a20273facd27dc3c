//! What several people did or say of one door: side by side, or against each other.

use crate::change::{ContactMedium, CorrectedField};
use crate::id::{ChangeId, ConflictId, HouseholdId, PersonId};
use crate::survey::AskKind;
use crate::time::Timestamp;

/// What two people did side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum NoticeKind {
    /// Both knocked within hours of each other.
    DoubleKnock,
    /// One took something back that the other had written on since: what they wrote stays.
    WrittenOnSince,
    /// One took a knock back, and an answer that the other had from it went with it.
    AnswerWentToo,
    /// Both added someone of the same name.
    MetTwice,
    /// They say differently how the door is reached; the latest word is shown.
    AccessDiffers,
    /// Someone was called, or sent a text message, after they had asked not to be.
    ReachedThough,
}

/// What two people did side by side, who and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NoticeView {
    /// What it is.
    pub kind: NoticeKind,
    /// The two changes.
    pub changes: Vec<ChangeId>,
    /// Who wrote them, by name, in the same order; empty when a name is not known here.
    pub by: Vec<String>,
    /// When the later one was written.
    pub at: Timestamp,
}

/// What was proposed to be put right in one field, by everyone who says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CorrectionView {
    /// The person whose name it is; nothing for a part of the address.
    pub person: Option<PersonId>,
    /// The field.
    pub field: CorrectedField,
    /// What should stand in it.
    pub value: String,
    /// Who says so, by name; empty for someone whose name is not known here.
    pub by: Vec<String>,
    /// This canvasser is one of them.
    pub own: bool,
    /// When it was last said.
    pub at: Timestamp,
}

/// What people disagree on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ConflictSubject {
    /// The answer to a question.
    Answer {
        /// The question's name in the script; empty when that version is not known here.
        question: String,
    },
    /// The phone number or address to use first.
    Contact {
        /// Phone or e-mail.
        medium: ContactMedium,
    },
    /// How an ask stands.
    Ask {
        /// What is asked for.
        kind: AskKind,
    },
    /// What a file says of the household or person.
    File {
        /// The name of the field.
        field: String,
    },
}

/// A field on which people disagree: every value, who and when.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConflictView {
    /// The disagreement.
    pub conflict: ConflictId,
    /// The household.
    pub household: HouseholdId,
    /// The person, if it is about one.
    pub person: Option<PersonId>,
    /// What it is about.
    pub subject: ConflictSubject,
    /// The values that stand.
    pub candidates: Vec<CandidateView>,
    /// The change whose value is shown while nobody has decided.
    pub shown: ChangeId,
    /// What it is about and of whom it is said, in words.
    pub title: String,
    /// All of it in words, as a screen reader speaks it.
    pub sentence: String,
}

/// One of the values in dispute.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CandidateView {
    /// The change that wrote it.
    pub change: ChangeId,
    /// The value, as the script's option names or as it was typed; empty when taken back.
    pub value: Vec<String>,
    /// Who wrote it, by name; empty for a file, or when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// A file said so.
    pub from_file: bool,
    /// When.
    pub at: Timestamp,
    /// Their phone's clock was more than five minutes off, as the campaign noticed: the moment
    /// is a guess.
    pub clock_was_off: bool,
    /// Who wrote what, and how long ago, in words: what a button says that chooses it.
    pub sentence: String,
}
