//! Conflicts: fields on which people disagree, as values.

use crate::change::{
    AnswerBody, AskBody, Body, ContactBody, ContactMark, CorrectedField, CorrectionBody,
    ImportedField,
};
use crate::id::{CampaignId, CanvasserId, ChangeId, ConflictId, HouseholdId, PersonId};
use crate::merge::{FieldId, FieldKey, Write};
use crate::survey::{AnswerCode, AskState};
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
    /// The clock of the device was more than five minutes off: the moment is the server's guess.
    pub clock_was_off: bool,
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
    /// How an ask stands.
    Ask(AskState),
    /// What a file says in this field.
    Imported(ImportedField, String),
}

impl Conflict {
    /// The body of the change that settles this in favour of one of its values: that value,
    /// written anew. Its base must be the field's heads, so that it has seen all of them.
    ///
    /// Nothing when `chosen` is none of the candidates, or when only files write the field: that
    /// is settled by the next file. What settles a field of files is an organiser's correction.
    /// `writes` are the household's.
    #[must_use]
    pub fn decision(&self, chosen: ChangeId, writes: &[Write]) -> Option<Body<PersonId>> {
        let candidate = self.candidates.iter().find(|known| known.change == chosen)?;
        match (&self.field.key, &candidate.value) {
            (FieldKey::Answer { script, question }, CandidateValue::Answer(value)) => {
                let original = writes.iter().find(|write| write.change.id == chosen)?;
                let Body::Answer(AnswerBody { attempt, .. }) = original.change.body else {
                    return None;
                };
                let (script, question, value) = (*script, *question, value.clone());
                Some(Body::Answer(AnswerBody { script, question, value, attempt }))
            }
            (FieldKey::PrimaryContact(medium), CandidateValue::Contact(value)) => {
                let (medium, value) = (*medium, value.clone());
                Some(Body::Contact(ContactBody { medium, mark: ContactMark::Primary, value }))
            }
            (FieldKey::Ask(kind), CandidateValue::Ask(state)) => {
                let original = writes.iter().find(|write| write.change.id == chosen)?;
                let Body::Ask(AskBody { during, .. }) = original.change.body else { return None };
                let (kind, state) = (kind.clone(), Some(*state));
                Some(Body::Ask(AskBody { kind, state, consent: None, during }))
            }
            (FieldKey::Imported(field), CandidateValue::Imported(_, value)) => {
                let (field, value) = (CorrectedField::of(*field)?, value.clone());
                Some(Body::Correction(CorrectionBody { field, value }))
            }
            _ => None,
        }
    }
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
