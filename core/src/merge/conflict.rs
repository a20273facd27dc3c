//! Conflicts: fields on which people disagree, as values.

use crate::change::ImportedField;
use crate::id::{CampaignId, CanvasserId, ChangeId, ConflictId, HouseholdId};
use crate::merge::FieldId;
use crate::survey::AnswerCode;
use crate::time::Timestamp;

/// Two or more differing values of one field, whose authors had not seen each other's.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Derived from the field and the changes in it, so that everyone who sees the same
    /// disagreement calls it the same.
    pub id: ConflictId,
    /// The household.
    pub household: HouseholdId,
    /// The field.
    pub field: FieldId,
    /// The values that stand, by change id.
    pub candidates: Vec<Candidate>,
    /// The change whose value is shown while nobody has decided.
    pub shown: ChangeId,
}

/// One of the values.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The change that wrote it.
    pub change: ChangeId,
    /// Who wrote it; nobody, if it was a file.
    pub canvasser: Option<CanvasserId>,
    /// When, by the best reckoning there is.
    pub at: Timestamp,
    /// The value.
    pub value: CandidateValue,
}

/// A value in dispute.
#[derive(Clone, Debug, PartialEq)]
pub enum CandidateValue {
    /// An answer; nothing when it was taken back.
    Answer(Option<AnswerCode>),
    /// A phone number or e-mail address.
    Contact(String),
    /// What a file says in this field.
    Imported(ImportedField, String),
}

/// Two knocks at one door by different people within hours of each other: both are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoubleKnock {
    /// The earlier one.
    pub first: ChangeId,
    /// The later one.
    pub second: ChangeId,
}

/// The id of the disagreement between these heads of a field.
#[must_use]
pub fn conflict_id(
    campaign: CampaignId,
    household: HouseholdId,
    field: &FieldId,
    heads: &[ChangeId],
) -> ConflictId {
    let mut hasher = blake3::Hasher::new_derive_key("canvass-core 2026 conflict id v1");
    hasher.update(&campaign.to_bytes());
    field.hash_into(&mut hasher, household, heads);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    ConflictId::from_bytes(bytes)
}
