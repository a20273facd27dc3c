//! What a household's changes amount to.

use std::collections::{BTreeMap, BTreeSet};

use crate::canvass::{
    DoorFacts, DoorStanding, Eligibility, PersonFacts, Purpose, closed_channels, eligible_door,
    eligible_person,
};
use crate::change::{ContactMark, ContactMedium, CorrectedField, ImportedField, ImportedWrite};
use crate::id::{CanvasserId, ChangeId, PersonId, ScriptHash};
use crate::merge::{
    Ask, ClaimState, Conflict, Digest, DoubleKnock, Erased, FieldId, FieldKey, FollowUpState,
    Names, SoftConflict,
};
use crate::survey::{AnswerCode, AskKind, Channels, ContactChannel};
use crate::time::Timestamp;
use crate::walklist::{Access, CanvassResult, Standing};

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
    /// People who, called, asked never to be called again.
    pub people_do_not_call: BTreeSet<PersonId>,
    /// People who, sent a message, asked never to be sent one again.
    pub people_do_not_text: BTreeSet<PersonId>,
    /// The notes that stand, oldest first.
    pub notes: Vec<NoteState>,
    /// Phone numbers and addresses, by person and value.
    pub contacts: Vec<ContactState>,
    /// People met at this door.
    pub people_met: Vec<PersonMetState>,
    /// What stands in the fields of files, where a later file or a correction wrote to them.
    pub imported: BTreeMap<(Option<PersonId>, ImportedField), String>,
    /// Who has claimed the door and not taken it back, in the order in which they come. Who holds
    /// it at a moment is [`crate::merge::holder`]'s to say.
    pub claims: Vec<ClaimState>,
    /// What people here want, and what they agree to.
    pub asks: BTreeMap<(PersonId, AskKind), Ask>,
    /// The windows in which somebody is to come back that were not taken back, those that were
    /// kept included; the earliest first.
    pub follow_ups: Vec<FollowUpState>,
    /// How the door is reached, if anybody or any file said so.
    pub access: Option<AccessState>,
    /// What is proposed to be put right in them, and nobody has decided.
    pub proposals: Vec<Proposal>,
    /// Fields on which people disagree.
    pub conflicts: Vec<Conflict>,
    /// Knocks at this door by different people within hours of each other.
    pub double_knocks: Vec<DoubleKnock>,
    /// What two people did side by side and someone may want to look at; sorted.
    pub soft_conflicts: Vec<SoftConflict>,
    /// Changes that were taken back, and corrections by someone who may not make them; sorted.
    pub taken_back: Vec<ChangeId>,
    /// Who was erased: nothing of what was said of them is here, and they are not contacted.
    pub erased: Erased,
    /// The names of changes that a phone wrote anew. Everything else here goes by the change that
    /// counts.
    pub names: Names,
    /// The standing changes of each field, sorted: what a new change must name as its base.
    pub heads: BTreeMap<FieldId, Vec<ChangeId>>,
    /// The digest of the fields.
    pub digest: Digest,
}

/// What lists and counts are made from, beside a household's row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// The purposes for which the door may be seen.
    pub eligibility: Eligibility,
    /// People behind it who may be walked to.
    pub people: u32,
    /// What its attempts amount to.
    pub standing: DoorStanding,
    /// How it is reached.
    pub access: Access,
}

/// How a door is reached: the latest word on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessState {
    /// How.
    pub access: Access,
    /// The change that says so.
    pub change: ChangeId,
    /// Who said so; nobody if it was a file.
    pub canvasser: Option<CanvasserId>,
    /// When.
    pub at: Timestamp,
    /// Whether the server has sequenced it.
    pub sequenced: bool,
}

/// How someone was reached at an attempt that was no knock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachState {
    /// Who.
    pub person: PersonId,
    /// By which channel.
    pub channel: ContactChannel,
    /// The number that was called.
    pub number: String,
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
    /// Literature was left, beside whatever the result is.
    pub literature: bool,
    /// How someone was reached, if it was no knock.
    pub reach: Option<ReachState>,
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
    /// The change that wrote this text.
    pub written: ChangeId,
    /// Whether the server has sequenced it.
    pub sequenced: bool,
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

/// One value that is proposed for a field of files, by everyone who says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The person, or nobody: then it is the household's field.
    pub member: Option<PersonId>,
    /// The field.
    pub field: CorrectedField,
    /// The value.
    pub value: String,
    /// The changes that propose it.
    pub changes: Vec<ChangeId>,
    /// Who wrote them, each once.
    pub canvassers: Vec<CanvasserId>,
    /// When it was last proposed.
    pub at: Timestamp,
}

impl HouseholdState {
    /// The base for a new change to this field: what stands in it now.
    #[must_use]
    pub fn base(&self, field: &FieldId) -> Vec<ChangeId> {
        self.heads.get(field).cloned().unwrap_or_default()
    }

    /// The base for an organiser's correction: what stands in the field, and what is proposed.
    #[must_use]
    pub fn correction_base(
        &self,
        member: Option<PersonId>,
        field: CorrectedField,
    ) -> Vec<ChangeId> {
        let mut base = self.base(&FieldId::of_imported(member, field.imported()));
        base.extend(self.base(&FieldId { member, key: FieldKey::Proposal(field) }));
        base.sort_unstable();
        base.dedup();
        base
    }

    /// What stands in the fields of files, as a later file would write it.
    #[must_use]
    pub fn imported_writes(&self) -> Vec<ImportedWrite<PersonId>> {
        let writes = self.imported.iter().map(|((member, field), value)| ImportedWrite {
            member: *member,
            field: *field,
            previous: None,
            value: value.clone(),
        });
        writes.collect()
    }

    /// What lists and counts show of the household, given what the files say: whether it is a
    /// control door, and who lives there.
    #[must_use]
    pub fn project(&self, control: bool, people: &[(PersonId, Standing)]) -> Projection {
        let met = self.people_met.iter().map(|met| (met.person, Standing::default()));
        let verdicts: Vec<Eligibility> = people
            .iter()
            .copied()
            .chain(met)
            .map(|(person, standing)| self.eligible_person(person, standing))
            .collect();
        let facts = DoorFacts { do_not_contact: self.do_not_contact, control };
        let walkable = verdicts.iter().filter(|verdict| verdict.allows(Purpose::Walk)).count();
        Projection {
            eligibility: eligible_door(facts, &verdicts),
            people: u32::try_from(walkable).unwrap_or(u32::MAX),
            standing: self.standing,
            access: self.access.map_or(Access::Open, |said| said.access),
        }
    }

    /// For which purposes a person of this household may be seen, given what the files say.
    #[must_use]
    pub fn eligible_person(&self, person: PersonId, file: Standing) -> Eligibility {
        eligible_person(PersonFacts {
            do_not_contact: self.do_not_contact
                || file.do_not_contact
                || self.people_do_not_contact.contains(&person),
            deceased: file.deceased || self.people_deceased.contains(&person),
            exempt: file.exempt,
            moved: file.moved,
            voted: file.voted,
        })
    }

    /// By which channels a person of this household is not to be reached, given what the files
    /// say.
    #[must_use]
    pub fn closed_channels(&self, person: PersonId, file: Standing) -> Channels {
        closed_channels(
            self.eligible_person(person, file),
            file.do_not_call || self.people_do_not_call.contains(&person),
            file.do_not_text || self.people_do_not_text.contains(&person),
        )
    }
}
