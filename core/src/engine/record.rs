//! Recording: each call returns once what it saved is durable, encrypted, on this phone.

use crate::canvass::{
    AttemptCheck, RecordError, check_attempt, check_contact, check_correction, check_note,
    check_person_met, check_window, may_undo,
};
use crate::change::{
    AnswerBody, AttemptBody, Body, Change, ContactBody, ContactMark, ContactMedium, CorrectedField,
    CorrectionBody, NoteBody, PendingChange, PersonMetBody, SuppressionBody,
};
use crate::engine::door::Door;
use crate::engine::error::{Error, What};
use crate::engine::kept::KeptConversation;
use crate::engine::lists::{ListReader, OpenList};
use crate::engine::view::{PersonResult, Saved};
use crate::engine::{Engine, Main, asks, follow_ups, sealed};
use crate::id::{ChangeId, HouseholdId, ListId, PersonId, ScriptHash};
use crate::merge::{FieldId, FieldKey};
use crate::store::StoreError;
use crate::survey::{AnswerCause, AnswerError, AnswerValue, Answers};
use crate::time::Timestamp;
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

/// The ids of what was recorded in one transaction.
#[derive(Clone, Copy)]
pub(super) struct Recorded {
    pub(super) first: ChangeId,
    pub(super) last: ChangeId,
}

impl From<Recorded> for Saved {
    fn from(recorded: Recorded) -> Self {
        Self { change: recorded.last, attempt: None, person: None }
    }
}

/// A change before it has a number: whose field it writes, and what.
pub(super) struct Draft {
    pub(super) member: Option<PersonId>,
    pub(super) body: Body<PersonId>,
}

impl Draft {
    pub(super) const fn of_household(body: Body<PersonId>) -> Self {
        Self { member: None, body }
    }

    /// A knock that begins, without a result.
    pub(super) const fn of_new_knock() -> Self {
        let begun = AttemptBody { door: None, people: Vec::new(), corrects: None };
        Self::of_household(Body::Attempt(begun))
    }

    pub(super) const fn of_person(person: PersonId, body: Body<PersonId>) -> Self {
        Self { member: Some(person), body }
    }
}

/// What is to be made durable of one door.
pub(super) struct Drafted {
    pub(super) drafts: Vec<Draft>,
    /// Where the conversation with someone there stands now.
    pub(super) conversation: Option<KeptConversation>,
}

/// What is known while a change is made.
pub(super) struct At<'a> {
    pub(super) main: &'a Main,
    pub(super) list: &'a OpenList,
    pub(super) reader: &'a ListReader,
    pub(super) door: &'a Door,
    pub(super) now: Timestamp,
    /// What the canvasser speaks.
    pub(super) spoken: &'a [String],
    /// The id that the first draft will have.
    pub(super) first: ChangeId,
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

    /// Makes the drafts' changes durable, all of them or none.
    pub(super) fn record(
        &self,
        list: ListId,
        household: HouseholdId,
        draft: impl FnOnce(&At<'_>) -> Result<Vec<Draft>, Error>,
    ) -> Result<Recorded, Error> {
        let (mut draft, mut count) = (Some(draft), 0);
        let recorded = self.record_doors(list, &[household], |at| {
            let drafts = draft.take().map_or(Ok(Vec::new()), |draft| draft(at))?;
            count = drafts.len();
            Ok(Drafted { drafts, conversation: None })
        })?;
        // What answers lead to comes after what was drafted.
        let last = recorded.get(count.saturating_sub(1));
        let (first, last) = recorded.first().zip(last).ok_or(NOTHING_RECORDED)?;
        Ok(Recorded { first: *first, last: *last })
    }

    /// Makes durable what is drafted for several doors, each once, all of it or nothing; gives
    /// the ids of the changes, in order.
    pub(super) fn record_doors(
        &self,
        list: ListId,
        households: &[HouseholdId],
        mut draft: impl FnMut(&At<'_>) -> Result<Drafted, Error>,
    ) -> Result<Vec<ChangeId>, Error> {
        let opened = self.opened()?;
        let mut main = opened.main();
        sealed::open_for_saving(&opened, &mut main, &self.ports)?;
        let open = opened.list(&main, &self.ports, list)?;
        let mut reader = open.read();
        let (mut next, now) = (next_change(&main)?, self.now());
        let spoken = &self.languages().spoken;
        let first_seq = next.seq;
        let (mut written, mut pending, mut conversations) = (Vec::new(), Vec::new(), Vec::new());
        for household in households {
            let door = reader.door(*household)?;
            let (reader, list) = (&*reader, &*open);
            let at = At { reader, list, main: &main, door: &door, now, spoken, first: next };
            let Drafted { mut drafts, conversation } = draft(&at)?;
            drafts.extend(asks::of_answers(&at, &drafts));
            let changes = number(&at, drafts);
            next.seq += changes.len() as u64;
            pending.extend(changes.iter().map(|change| open.pending(&door, change)));
            conversations
                .extend(conversation.map(|kept| open.seal_conversation(&self.ports, &kept)));
            written.push((door, changes));
        }
        let seal = |change: &PendingChange| open.seal(&*self.ports.ids, change);
        let sealed: Vec<Vec<u8>> = pending.iter().map(seal).collect();
        let room = match sealed::make_room(&opened, &main, &self.ports, &open, &pending) {
            // Told while nothing is saved yet: what is saved has two copies.
            Err(full @ Error::Store(StoreError::Full)) => return Err(full),
            room => room.ok().flatten(),
        };
        if let Err(error) = main.db.record(list, first_seq, &sealed, &conversations) {
            sealed::leave(&main);
            return Err(error.into());
        }
        // Saved is saved. A second copy that fails is written once more, or made up for later.
        let is_behind = || room.is_none_or(|room| sealed::fill(&main, room).is_err());
        if !pending.is_empty() && is_behind() {
            let _behind = sealed::complete(&opened, &main, &self.ports);
        }
        for (door, changes) in written.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            reader.recorded(door, changes)?;
        }
        drop((reader, main));
        self.listeners.tell(Some(list), only(households));
        Ok(pending.into_iter().map(|pending| pending.change.id).collect())
    }
}

/// A recording call drafts something, or fails before.
const NOTHING_RECORDED: Error = Error::NotFound(What::Change);

/// The household, if there is one only.
const fn only(households: &[HouseholdId]) -> Option<HouseholdId> {
    match households {
        [household] => Some(*household),
        _ => None,
    }
}

/// The id of the next change of this phone.
fn next_change(main: &Main) -> Result<ChangeId, Error> {
    let identity = main.identity()?;
    Ok(ChangeId {
        device: identity.device,
        incarnation: identity.incarnation,
        seq: main.db.next_seq()?,
    })
}

/// Gives each draft its id and its base: what stands in its field as this phone sees it.
fn number(at: &At<'_>, drafts: Vec<Draft>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::with_capacity(drafts.len());
    for (draft, seq) in drafts.into_iter().zip(at.first.seq..) {
        let mut change = Change {
            id: ChangeId { seq, ..at.first },
            was: None,
            door: at.door.row.household.id,
            member: draft.member,
            base: Vec::new(),
            recorded_at: at.now.whole_second(),
            body: draft.body,
        };
        change.base = match &change.body {
            Body::Correction(correction) if at.reader.me.organiser => {
                at.door.state.correction_base(change.member, correction.field)
            }
            Body::Ask(ask) => match change.member {
                Some(person) => at.door.state.ask_base(person, ask),
                None => Vec::new(),
            },
            _ => at.door.state.base(&FieldId::of(&change)),
        };
        changes.push(change);
    }
    changes
}

impl At<'_> {
    /// A knock, with the marks that its results set.
    pub(super) fn attempt(&self, input: &AttemptInput) -> Result<Vec<Draft>, Error> {
        let people: Vec<_> = input.people.iter().map(|p| (p.person, p.result)).collect();
        let household = self.door.person_ids();
        let check = AttemptCheck { door: input.door, people: &people, household: &household };
        check_attempt(check)?;
        if let Some(corrected) = input.corrects {
            self.check_own(corrected)?;
        }
        let suppressed = people
            .iter()
            .filter(|(_, result)| *result == CanvassResult::DoNotContact)
            .map(|(person, _)| Some(*person));
        let whole = (input.door == Some(CanvassResult::DoNotContact)).then_some(None);
        let marks: Vec<Draft> = suppressed
            .chain(whole)
            .map(|member| {
                let body = Body::Suppression(SuppressionBody { set: true });
                Draft { member, body }
            })
            .collect();
        let AttemptInput { door, corrects, .. } = *input;
        let attempt = Body::Attempt(AttemptBody { door, people, corrects });
        let beside = self.beside(input)?;
        Ok(std::iter::once(Draft::of_household(attempt)).chain(marks).chain(beside).collect())
    }

    /// What is recorded beside a knock's result: literature, and when to come back.
    fn beside(&self, input: &AttemptInput) -> Result<Vec<Draft>, Error> {
        let attempt = input.corrects.unwrap_or(self.first);
        let literature = input.literature.then(|| Draft::of_household(Body::Literature(attempt)));
        let window = input.come_back.map(|window| check_window(window, self.now)).transpose()?;
        let come_back = window.map(|window| follow_ups::draft(None, window, Some(attempt)));
        Ok(literature.into_iter().chain(come_back).collect())
    }

    pub(super) fn check_person(&self, person: PersonId) -> Result<(), Error> {
        let known = self.door.person_ids().contains(&person);
        if known { Ok(()) } else { Err(RecordError::NotOfHousehold.into()) }
    }

    pub(super) fn check_attempt(&self, attempt: ChangeId) -> Result<(), Error> {
        let attempt = self.door.state.names.change(attempt);
        let known = self.door.state.attempts.iter().any(|known| known.id == attempt);
        if known { Ok(()) } else { Err(Error::NotFound(What::Change)) }
    }

    fn answers(&self, person: PersonId, script: ScriptHash) -> Answers {
        super::survey::answers_of(&self.door.state, person, script)
    }

    /// Whether a change may be corrected by this canvasser: it stands, and is their own of the
    /// last day.
    pub(super) fn check_own(&self, change: ChangeId) -> Result<Option<PersonId>, Error> {
        let writes = self.reader.writes(self.door)?;
        let write = writes.iter().find(|write| write.change.id == change);
        let write = write.ok_or(RecordError::NothingToUndo)?;
        let me = self.reader.me;
        let own = write.canvasser == me.canvasser || write.change.id.device == me.device;
        if may_undo(own, me.organiser, write.change.recorded_at, self.now) {
            Ok(write.change.member)
        } else {
            Err(RecordError::NotYoursToUndo.into())
        }
    }

    pub(super) fn check_undo(&self, change: ChangeId) -> Result<Option<PersonId>, Error> {
        let member = self.check_own(change)?;
        let undone = FieldId { member, key: FieldKey::Undo(change) };
        if self.door.state.heads.contains_key(&undone) {
            return Err(RecordError::NothingToUndo.into());
        }
        Ok(member)
    }
}
