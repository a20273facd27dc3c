//! Recording: each call returns once what it saved is durable, encrypted, on this phone.

use crate::canvass::{RecordError, check_contact, check_correction, check_note, check_person_met};
use crate::change::{
    AnswerBody, Body, ContactBody, ContactMark, ContactMedium, CorrectedField, CorrectionBody,
    NoteBody, PersonMetBody, SuppressionBody,
};
use crate::engine::Engine;
use crate::engine::draft::Draft;
use crate::engine::error::{Error, What};
use crate::engine::view::{PersonResult, Saved};
use crate::id::{ChangeId, HouseholdId, ListId, PersonId, ScriptHash};
use crate::survey::{AnswerCause, AnswerError, AnswerValue};
use crate::walklist::{CanvassResult, TimeWindow};

/// A knock to be recorded.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AttemptInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// The result for the door as a whole; nothing while a conversation goes on.
    pub door: Option<CanvassResult>,
    /// The results for single people.
    pub people: Vec<PersonResult>,
    /// The attempt that this one puts right; nothing for a new knock.
    pub corrects: Option<ChangeId>,
    /// Literature was left, beside whatever the result is.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub literature: bool,
    /// When to come back, if that was agreed on.
    #[cfg_attr(feature = "uniffi", uniffi(default = None))]
    pub come_back: Option<TimeWindow>,
}

impl AttemptInput {
    /// A new knock with a result for the door as a whole, or with none yet.
    #[must_use]
    pub const fn at_door(
        list: ListId,
        household: HouseholdId,
        door: Option<CanvassResult>,
    ) -> Self {
        Self {
            list,
            household,
            door,
            people: Vec::new(),
            corrects: None,
            literature: false,
            come_back: None,
        }
    }
}

/// An answer to be recorded.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AnswerInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// The person who answers.
    pub person: PersonId,
    /// The question's name in the script.
    pub question: String,
    /// What was answered; nothing to take an answer back.
    pub value: Option<AnswerValue>,
    /// The attempt during which it was given; nothing to begin one with this answer.
    pub attempt: Option<ChangeId>,
    /// The version of the script in which it was asked, as the screen that asked it said; nothing
    /// for the one in use now, which a sync may have changed meanwhile.
    #[cfg_attr(feature = "uniffi", uniffi(default = None))]
    pub script: Option<ScriptHash>,
}

/// A person met at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PersonMetInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// Given name; one of the two names is enough.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Preferred language (BCP 47), empty when unknown.
    pub language: String,
}

/// Something said about a phone number or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ContactInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// Whose it is.
    pub person: PersonId,
    /// Phone or e-mail.
    pub medium: ContactMedium,
    /// What is said of it.
    pub mark: ContactMark,
    /// The number or address.
    pub value: String,
}

/// What a file says of a door or a person, put right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CorrectionInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// The person whose name it is; nothing for a part of the address.
    pub person: Option<PersonId>,
    /// The field.
    pub field: CorrectedField,
    /// What should stand in it.
    pub value: String,
}

impl Engine {
    /// Records a knock, or puts one right. A result `do_not_contact` also sets that mark. What is
    /// left or agreed on beside the result is taken back with the knock.
    pub fn record_attempt(&self, input: &AttemptInput) -> Result<Saved, Error> {
        let saved = self.record(input.list, input.household, |at| at.attempt(input))?;
        let attempt = Some(input.corrects.unwrap_or(saved.first));
        Ok(Saved { change: saved.first, attempt, person: None })
    }

    /// Records one answer as it is tapped. It implies that the person was spoken with. An option
    /// whose tag is an ask makes one, in the same step, and taking the answer back takes it back.
    pub fn record_answer(&self, input: &AnswerInput) -> Result<Saved, Error> {
        let mut attempt = input.attempt;
        let saved = self.record(input.list, input.household, |at| {
            at.check_person(input.person)?;
            let script = match input.script {
                Some(hash) => {
                    at.reader.script_version(hash).ok_or(Error::NotFound(What::Script))?
                }
                None => at.reader.script()?,
            };
            let (question, value) = match &input.value {
                Some(value) => {
                    let (question, code) = script.code(&input.question, value)?;
                    let answers = at.answers(input.person, script.hash());
                    script.check_answer(question, &code, &answers, super::survey::local(at.now))?;
                    (question, Some(code))
                }
                None => {
                    let no = script.question_no(&input.question);
                    let (question, cause) = (input.question.clone(), AnswerCause::UnknownQuestion);
                    (no.ok_or(AnswerError { question, cause })?, None)
                }
            };
            if let Some(named) = input.attempt {
                at.check_attempt(named)?;
            }
            let mut drafts = Vec::new();
            let named = input.attempt.unwrap_or_else(|| {
                drafts.push(Draft::of_new_knock());
                at.first
            });
            attempt = Some(named);
            let answer = AnswerBody { script: script.hash(), question, value, attempt: named };
            drafts.push(Draft::of_person(input.person, Body::Answer(answer)));
            Ok(drafts)
        })?;
        Ok(Saved { change: saved.last, attempt, person: None })
    }

    /// Records a note about a household.
    pub fn record_note(
        &self,
        list: ListId,
        household: HouseholdId,
        text: &str,
    ) -> Result<Saved, Error> {
        self.record(list, household, |_| {
            check_note(text)?;
            let text = text.trim().to_owned();
            Ok(vec![Draft::of_household(Body::Note(NoteBody { edits: None, text }))])
        })
        .map(Saved::from)
    }

    /// Rewrites a note of one's own; an empty text retracts it.
    pub fn edit_note(
        &self,
        list: ListId,
        household: HouseholdId,
        note: ChangeId,
        text: &str,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            if !text.is_empty() {
                check_note(text)?;
            }
            at.check_own(note)?;
            let text = text.trim().to_owned();
            Ok(vec![Draft::of_household(Body::Note(NoteBody { edits: Some(note), text }))])
        })
        .map(Saved::from)
    }

    /// Sets the do-not-contact mark on a person, or on the household as a whole. It holds on
    /// this phone at once, and wins over everything that others record unseen.
    pub fn set_do_not_contact(
        &self,
        list: ListId,
        household: HouseholdId,
        person: Option<PersonId>,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            person.map_or(Ok(()), |person| at.check_person(person))?;
            let body = Body::Suppression(SuppressionBody { set: true });
            Ok(vec![Draft { member: person, body }])
        })
        .map(Saved::from)
    }

    /// Lifts a do-not-contact mark: for organisers, who have seen it.
    pub fn lift_do_not_contact(
        &self,
        list: ListId,
        household: HouseholdId,
        person: Option<PersonId>,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            if !at.reader.me.organiser {
                return Err(Error::NotYours);
            }
            person.map_or(Ok(()), |person| at.check_person(person))?;
            let body = Body::Suppression(SuppressionBody { set: false });
            Ok(vec![Draft { member: person, body }])
        })
        .map(Saved::from)
    }

    /// Adds a person met at the door whom no file knew.
    pub fn add_person(&self, input: &PersonMetInput) -> Result<Saved, Error> {
        let saved = self.record(input.list, input.household, |_| {
            check_person_met(&input.given_name, &input.family_name)?;
            let person = PersonMetBody {
                given_name: input.given_name.trim().to_owned(),
                family_name: input.family_name.trim().to_owned(),
                language: input.language.trim().to_owned(),
            };
            Ok(vec![Draft::of_household(Body::PersonMet(person))])
        })?;
        let person = Some(PersonId::met(saved.last));
        Ok(Saved { change: saved.last, attempt: None, person })
    }

    /// Records that a phone number or e-mail address is good, wrong, or the one to use first.
    pub fn record_contact(&self, input: &ContactInput) -> Result<Saved, Error> {
        self.record(input.list, input.household, |at| {
            at.check_person(input.person)?;
            check_contact(&input.value)?;
            let ContactInput { medium, mark, .. } = *input;
            let contact = ContactBody { medium, mark, value: input.value.trim().to_owned() };
            Ok(vec![Draft::of_person(input.person, Body::Contact(contact))])
        })
        .map(Saved::from)
    }

    /// Puts right a part of an address, or the spelling of a name. A canvasser proposes it, and
    /// the campaign decides; what an organiser says holds at once, and settles what was
    /// proposed for that field.
    pub fn record_correction(&self, input: &CorrectionInput) -> Result<Saved, Error> {
        self.record(input.list, input.household, |at| {
            let CorrectionInput { person, field, .. } = *input;
            if field.is_persons() != person.is_some() {
                return Err(RecordError::NotOfHousehold.into());
            }
            person.map_or(Ok(()), |person| at.check_person(person))?;
            check_correction(&input.value, field.may_be_empty())?;
            let value = input.value.trim().to_owned();
            let body = Body::Correction(CorrectionBody { field, value });
            Ok(vec![Draft { member: person, body }])
        })
        .map(Saved::from)
    }

    /// Takes back a change of one's own of the last day. Taking back a knock takes back its
    /// answers.
    pub fn undo(
        &self,
        list: ListId,
        household: HouseholdId,
        change: ChangeId,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            let member = at.check_undo(change)?;
            Ok(vec![Draft { member, body: Body::Undo(change) }])
        })
        .map(Saved::from)
    }
}
