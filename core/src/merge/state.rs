//! What a household's changes amount to.

use std::collections::BTreeMap;

use crate::canvass::{DoorStanding, Eligibility};
use crate::change::{ContactMark, ContactMedium};
use crate::id::{CanvasserId, ChangeId, PersonId, ScriptHash};
use crate::merge::{Conflict, Digest, DoubleKnock, FieldId};
use crate::survey::AnswerCode;
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

/// The state of one household: a pure function of its changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HouseholdState {
    /// The attempts that stand, oldest first.
    pub attempts: Vec<AttemptState>,
    /// What the attempts amount to.
    pub standing: DoorStanding,
    /// The answers that stand, by person, version of the script and question.
    pub answers: BTreeMap<(PersonId, ScriptHash, u16), AnswerState>,
    /// The household as a whole asked not to be contacted.
    pub do_not_contact: bool,
    /// People who asked not to be contacted.
    pub people_do_not_contact: Vec<PersonId>,
    /// People whom a result at the door calls deceased.
    pub people_deceased: Vec<PersonId>,
    /// The notes that stand, oldest first.
    pub notes: Vec<NoteState>,
    /// Phone numbers and addresses, by person and value.
    pub contacts: Vec<ContactState>,
    /// People met at this door.
    pub people_met: Vec<PersonMetState>,
    /// Fields on which people disagree.
    pub conflicts: Vec<Conflict>,
    /// Knocks at this door by different people within hours of each other.
    pub double_knocks: Vec<DoubleKnock>,
    /// The standing changes of each field, sorted: what a new change must name as its base.
    pub heads: BTreeMap<FieldId, Vec<ChangeId>>,
    /// The digest of the fields.
    pub digest: Digest,
}

/// One attempt, corrections applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptState {
    /// Its id: that of the change that first recorded it.
    pub id: ChangeId,
    /// Who knocked.
    pub canvasser: CanvasserId,
    /// When.
    pub at: Timestamp,
    /// The result for the door as a whole.
    pub door: Option<CanvassResult>,
    /// The results for single people; `contacted` for those who gave an answer.
    pub people: Vec<(PersonId, CanvassResult)>,
    /// Whether the server has sequenced it.
    pub sequenced: bool,
}

/// One answer: the value shown, and what stands behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerState {
    /// The change that wrote the value shown.
    pub change: ChangeId,
    /// The value shown; nothing when the answer was taken back.
    pub value: Option<AnswerCode>,
    /// Who gave it to us: the canvasser.
    pub canvasser: CanvasserId,
    /// When.
    pub at: Timestamp,
    /// The attempt during which it was given.
    pub attempt: ChangeId,
    /// Whether people disagree on it.
    pub conflicted: bool,
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteState {
    /// Its id: that of the change that first wrote it.
    pub id: ChangeId,
    /// Who wrote it.
    pub canvasser: CanvasserId,
    /// When it was last written.
    pub at: Timestamp,
    /// The text.
    pub text: String,
}

/// One phone number or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactState {
    /// Whose it is.
    pub person: PersonId,
    /// Phone or e-mail.
    pub medium: ContactMedium,
    /// The number or address.
    pub value: String,
    /// Good or wrong; `primary` for the good one to use first.
    pub mark: ContactMark,
}

/// A person met at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonMetState {
    /// The id that the change gives them.
    pub person: PersonId,
    /// The change.
    pub change: ChangeId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Preferred language, empty when unknown.
    pub language: String,
}

impl HouseholdState {
    /// The base for a new change to this field: what stands in it now.
    #[must_use]
    pub fn base(&self, field: &FieldId) -> Vec<ChangeId> {
        self.heads.get(field).cloned().unwrap_or_default()
    }

    /// For which purposes a person of this household may be seen, given what the files say.
    #[must_use]
    pub fn eligible_person(
        &self,
        person: PersonId,
        file: crate::walklist::Standing,
    ) -> Eligibility {
        crate::canvass::eligible_person(crate::canvass::PersonFacts {
            do_not_contact: self.do_not_contact
                || file.do_not_contact
                || self.people_do_not_contact.contains(&person),
            deceased: file.deceased || self.people_deceased.contains(&person),
            exempt: file.exempt,
            voted: file.voted,
        })
    }
}
