//! Changes: what an author writes, and how it travels as bytes.
//!
//! A change writes one field of one household or person and names, in `base`, the changes
//! whose value its author saw. An event is a change that the server has sequenced. This module
//! knows the kinds of change and their encoding; whether a change may be recorded is
//! `canvass`'s business, and what it means is `merge`'s.

mod blocks;
mod body;
pub(crate) mod bytes;
mod columns;
mod envelope;
mod model;
mod pack;
mod page;
mod pending;
mod segment;
mod stored;
mod talk;
#[cfg(test)]
mod tests;
mod typical;

pub use body::{
    AnswerBody, AskBody, AttemptBody, Body, ConsentWord, ContactBody, ContactMark, ContactMedium,
    CorrectedField, CorrectionBody, DoorMetBody, FollowUpBody, ImportedBody, ImportedField,
    ImportedWrite, NoteBody, PersonMetBody, ReachBody, SuppressionBody,
};
pub use bytes::CodecError;
pub use envelope::Envelope;
pub use page::{EventPage, PageEvent};
pub use pending::PendingChange;
pub use segment::{
    MAX_SEGMENT_BYTES, MAX_SEGMENT_CHANGES, SIGNATURE_BYTES, SIGNATURE_DOMAIN, Segment,
    SegmentHeader,
};

use crate::id::{CanvasserId, ChangeId, HouseholdId, PersonId};
use crate::time::Timestamp;

/// One change to one field of a household or of a person in it.
///
/// `D` and `P` are how doors and people are named: by id in a store, by [`DoorRef`] and
/// [`MemberRef`] on the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<D = HouseholdId, P = PersonId> {
    /// Who wrote it, and as which of their changes.
    pub id: ChangeId,
    /// The id it had before its phone's database was restored or cloned, and the phone wrote it
    /// anew as a new incarnation; nothing for nearly all changes.
    pub was: Option<ChangeId>,
    /// The household it speaks of.
    pub door: D,
    /// The person in it, or nobody: then it speaks of the household as a whole.
    pub member: Option<P>,
    /// The changes whose value the author saw, sorted; empty when the field had no value.
    pub base: Vec<ChangeId>,
    /// When the author's clock said it happened, in whole seconds.
    pub recorded_at: Timestamp,
    /// What it says.
    pub body: Body<P>,
}

/// A change as the wire spells it.
pub type WireChange = Change<DoorRef, MemberRef>;

/// A door, as a segment or a page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoorRef {
    /// The number that the server gave it: its cell, and its place in the cell's append-only row.
    Number {
        /// The cell.
        cell: u32,
        /// The ordinal within the cell, from 0.
        ordinal: u32,
    },
    /// A door that a change added.
    Met(ChangeId),
}

/// A person, as a segment or a page names them within their household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberRef {
    /// The number that the server gave them within the household, from 1.
    Number(u32),
    /// A person whom a change added.
    Met(ChangeId),
}

/// A change that the server has sequenced, with the facts it attached.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<D = HouseholdId, P = PersonId> {
    /// Its place in its cell's gapless sequence: delivery order, and nothing else.
    pub cell_seq: u64,
    /// Who held the phone.
    pub canvasser: CanvasserId,
    /// When it happened, by the server's reckoning: the device's time corrected by the offset
    /// of its clock, never later than the server received it.
    pub effective: Timestamp,
    /// What the server noticed about it.
    pub marks: EventMarks,
    /// The change.
    pub change: Change<D, P>,
}

/// What the server noticed when it sequenced a change. Unknown bits travel untouched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventMarks(pub u8);

impl EventMarks {
    /// The device's clock was more than five minutes off.
    pub const SKEWED: u8 = 1;
    /// The list had been withdrawn or cut anew before the change was recorded.
    pub const STALE_SCOPE: u8 = 2;
    /// The change writes what the rules do not allow; it is kept and shown to nobody.
    pub const SET_ASIDE: u8 = 4;
    /// An organiser wrote it.
    pub const ORGANISER: u8 = 8;

    /// Whether any of these bits is set.
    #[must_use]
    pub const fn has(self, bits: u8) -> bool {
        self.0 & bits != 0
    }
}

impl<D, P> Change<D, P> {
    /// The same change with its door and people named in another way; nothing when a name is
    /// not known there.
    pub fn renamed<D2, P2>(
        self,
        door: impl FnOnce(&D) -> Option<D2>,
        member: impl Fn(&P) -> Option<P2>,
    ) -> Option<Change<D2, P2>> {
        Some(Change {
            id: self.id,
            was: self.was,
            door: door(&self.door)?,
            member: match &self.member {
                Some(person) => Some(member(person)?),
                None => None,
            },
            base: self.base,
            recorded_at: self.recorded_at,
            body: self.body.renamed(member)?,
        })
    }
}
