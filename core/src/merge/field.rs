//! Fields: the places in a household that changes write to.

use crate::change::{Body, Change, ContactMedium, CorrectedField, ImportedField};
use crate::id::{ChangeId, HouseholdId, PersonId, ScriptHash};
use crate::survey::AskKind;

/// A field of a household, or of one person in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId {
    /// The person, or nobody: then it is the household's own.
    pub member: Option<PersonId>,
    /// Which field.
    pub key: FieldKey,
}

/// Which field it is. What is only ever added (knocks, notes, people) is a field of its own for
/// each addition, named by its change, so that additions never meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKey {
    /// One attempt and its corrections.
    Attempt(ChangeId),
    /// One person's answer to one question of one version of a script.
    Answer {
        /// The version.
        script: ScriptHash,
        /// The question's number in it.
        question: u16,
    },
    /// The do-not-contact mark.
    Suppression,
    /// One note and its later versions.
    Note(ChangeId),
    /// The taking back of one change.
    Undo(ChangeId),
    /// Whether one phone number or address is good.
    Contact(ContactMedium, String),
    /// The phone number or address to use first.
    PrimaryContact(ContactMedium),
    /// A person met at this door.
    PersonMet(ChangeId),
    /// This door itself, when a canvasser added it.
    DoorMet(ChangeId),
    /// A field that files set.
    Imported(ImportedField),
    /// What is proposed to stand in a field of files, and that it was decided.
    Proposal(CorrectedField),
    /// One claim of the door.
    Claim(ChangeId),
    /// How one kind of ask stands.
    Ask(AskKind),
    /// Whether the person agrees to one kind of ask.
    Consent(AskKind),
    /// One follow-up.
    FollowUp(ChangeId),
    /// That literature was left at one attempt.
    Literature(ChangeId),
    /// How the person was reached at one attempt.
    Reach(ChangeId),
    /// How the door is reached.
    Access,
    /// That everything else is erased.
    Erasure,
    /// Of a kind this build does not know, or erased.
    Unknown(ChangeId),
}

impl FieldKey {
    /// The bytes that stand for this field in digests and conflict ids.
    fn to_bytes(&self) -> Vec<u8> {
        let with_change = |tag: u8, change: &ChangeId| [&[tag][..], &change.to_bytes()].concat();
        match self {
            Self::Attempt(change) => with_change(1, change),
            Self::Answer { script, question } => {
                [&[2][..], &script.to_bytes(), &question.to_be_bytes()].concat()
            }
            Self::Suppression => vec![3],
            Self::Note(change) => with_change(4, change),
            Self::Undo(change) => with_change(5, change),
            Self::Contact(medium, value) => [&[6, *medium as u8][..], value.as_bytes()].concat(),
            Self::PrimaryContact(medium) => vec![7, *medium as u8],
            Self::PersonMet(change) => with_change(8, change),
            Self::DoorMet(change) => with_change(9, change),
            Self::Imported(field) => vec![10, field.number()],
            Self::Unknown(change) => with_change(11, change),
            Self::Erasure => vec![12],
            Self::Claim(change) => with_change(14, change),
            Self::Ask(kind) => [&[15, kind.number()], kind.name().as_bytes()].concat(),
            Self::Consent(kind) => [&[16, kind.number()], kind.name().as_bytes()].concat(),
            Self::FollowUp(change) => with_change(17, change),
            Self::Literature(attempt) => with_change(18, attempt),
            Self::Reach(attempt) => with_change(19, attempt),
            Self::Access => vec![20],
            Self::Proposal(field) => vec![13, field.imported().number()],
        }
    }
}

impl FieldId {
    /// A field of the household as a whole.
    #[must_use]
    pub const fn of_household(key: FieldKey) -> Self {
        Self { member: None, key }
    }

    /// A field of one person.
    #[must_use]
    pub const fn of_person(person: PersonId, key: FieldKey) -> Self {
        Self { member: Some(person), key }
    }

    /// The field that a change writes to. An imported file writes to many: for those, see
    /// [`FieldId::of_imported`]. An organiser's correction also writes to the field itself, and
    /// what is said of an ask may also write to the field of its consent.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        let key = match &change.body {
            Body::Attempt(attempt) => FieldKey::Attempt(attempt.corrects.unwrap_or(change.id)),
            Body::Answer(answer) => {
                FieldKey::Answer { script: answer.script, question: answer.question }
            }
            Body::Suppression(_) => FieldKey::Suppression,
            Body::Note(note) => FieldKey::Note(note.edits.unwrap_or(change.id)),
            Body::Undo(target) => FieldKey::Undo(*target),
            Body::Contact(contact) => match contact.mark {
                crate::change::ContactMark::Primary => FieldKey::PrimaryContact(contact.medium),
                _ => FieldKey::Contact(contact.medium, contact.value.clone()),
            },
            Body::PersonMet(_) => FieldKey::PersonMet(change.id),
            Body::DoorMet(_) => FieldKey::DoorMet(change.id),
            Body::Correction(correction) => FieldKey::Proposal(correction.field),
            Body::Claim => FieldKey::Claim(change.id),
            Body::Ask(ask) => match ask.state {
                Some(_) => FieldKey::Ask(ask.kind.clone()),
                None => FieldKey::Consent(ask.kind.clone()),
            },
            Body::FollowUp(_) => FieldKey::FollowUp(change.id),
            Body::Literature(attempt) => FieldKey::Literature(*attempt),
            Body::Reach(reach) => FieldKey::Reach(reach.attempt),
            Body::Access(_) => FieldKey::Access,
            Body::Erasure => FieldKey::Erasure,
            Body::Imported(_) | Body::Erased | Body::Unknown { .. } => FieldKey::Unknown(change.id),
        };
        Self { member: change.member, key }
    }

    /// The field that one field of an imported file writes to. A file's phone number and
    /// address meet what canvassers say of the primary one, and its word on how a door is reached
    /// theirs.
    #[must_use]
    pub const fn of_imported(member: Option<PersonId>, field: ImportedField) -> Self {
        let key = match field {
            ImportedField::Phone => FieldKey::PrimaryContact(ContactMedium::Phone),
            ImportedField::Email => FieldKey::PrimaryContact(ContactMedium::Email),
            ImportedField::Access => FieldKey::Access,
            other => FieldKey::Imported(other),
        };
        Self { member, key }
    }

    /// Hashes entity, field and the sorted heads: the common ground of row hashes and
    /// conflict ids.
    pub(super) fn hash_into(
        &self,
        hasher: &mut blake3::Hasher,
        household: HouseholdId,
        heads: &[ChangeId],
    ) {
        let entity = self.member.map_or(household.to_bytes(), PersonId::to_bytes);
        hasher.update(&household.to_bytes());
        hasher.update(&entity);
        let key = self.key.to_bytes();
        hasher.update(&(key.len() as u64).to_le_bytes());
        hasher.update(&key);
        for head in heads {
            hasher.update(&head.to_bytes());
        }
    }
}
