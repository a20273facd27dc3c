//! The one fold: what all changes to a household mean together.
//!
//! State is a pure function of the set of changes and of the facts that the server attached to
//! them. Phone, server and simulator call [`fold`] and nothing else; neither the order in which
//! changes arrive nor repeats matter. There is no SQL here and no clock.
//!
//! - Two people writing one field unseen by each other is a [`Conflict`], a value like any
//!   other; nothing is overwritten. Equal values do not conflict.
//! - Knocks and notes are added, never merged. Several choices merge option by option.
//! - What two people did side by side without anything being lost is a [`SoftConflict`].
//! - Erasure wins over everything: what it covers is taken out first.
//! - Of several who claim a door, the first that the server sequenced holds it.
//! - Consent that is withdrawn stays so for whoever had not seen the withdrawal.
//! - Of several windows in which to come back, each is kept on its own.
//! - Do-not-contact wins over everything, an offline clearing of it included.

mod ask;
mod claim;
mod conflict;
mod digest;
mod erasure;
mod field;
mod fold;
mod follow_up;
mod import;
mod names;
mod register;
mod rules;
mod soft;
mod state;
#[cfg(test)]
mod tests;

pub use ask::{Ask, ConsentState};
pub use claim::{CLAIM_MS, ClaimState, holder};
pub use conflict::{Candidate, CandidateValue, Conflict, DoubleKnock, conflict_id};
pub use digest::Digest;
pub use erasure::Erased;
pub use field::{FieldId, FieldKey};
pub use fold::{ImportedValue, fold};
pub use follow_up::FollowUpState;
pub use import::{Altered, FIRST_VALUES, LATER_FIELDS, altered, first_values, rows_digest};
pub use names::Names;
pub use register::{Entry, Register};
pub use rules::{Outcome, SetAsideReason, is_urgent, outcome};
pub use soft::SoftConflict;
pub use state::{
    AccessState, AnswerState, AttemptState, ContactState, HouseholdState, NoteState,
    PersonMetState, Projection, Proposal, ReachState,
};

use crate::change::{Change, Event, EventMarks};
use crate::id::CanvasserId;
use crate::time::Timestamp;

/// A change as the fold sees it: with who wrote it, and what the server attached, if it has
/// sequenced it already.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The change.
    pub change: Change,
    /// Who held the phone.
    pub canvasser: CanvasserId,
    /// When it happened, as the server reckons; nothing while it has not been sequenced.
    pub effective: Option<Timestamp>,
    /// What the server noticed.
    pub marks: EventMarks,
    /// Its place in its cell's sequence; nothing while it has not been sequenced. It says which
    /// of two claims came first, and nothing else.
    pub cell_seq: Option<u64>,
}

impl Write {
    /// A change that only this phone knows so far.
    #[must_use]
    pub const fn pending(change: Change, canvasser: CanvasserId, marks: EventMarks) -> Self {
        Self { change, canvasser, effective: None, marks, cell_seq: None }
    }

    /// When it happened, by the best reckoning there is.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.effective.unwrap_or(self.change.recorded_at)
    }

    /// Whether the same canvasser, or the same phone, wrote both.
    fn is_own(&self, other: &Self) -> bool {
        self.canvasser == other.canvasser || self.change.id.device == other.change.id.device
    }

    fn by_organiser(&self) -> bool {
        self.marks.has(EventMarks::ORGANISER)
    }
}

impl From<Event> for Write {
    fn from(event: Event) -> Self {
        Self {
            change: event.change,
            canvasser: event.canvasser,
            effective: Some(event.effective),
            marks: event.marks,
            cell_seq: Some(event.cell_seq),
        }
    }
}
