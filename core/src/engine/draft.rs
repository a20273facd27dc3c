//! What a change is before it is recorded, and what must hold at the door for it to be.
//!
//! Makes nothing durable: that is `recording`.

use crate::canvass::{AttemptCheck, RecordError, check_attempt, check_window, may_undo};
use crate::change::{AttemptBody, Body, Change, SuppressionBody};
use crate::engine::door::Door;
use crate::engine::error::{Error, What};
use crate::engine::kept::KeptConversation;
use crate::engine::lists::{ListReader, OpenList};
use crate::engine::record::AttemptInput;
use crate::engine::{Main, follow_ups};
use crate::id::{ChangeId, PersonId, ScriptHash};
use crate::merge::{FieldId, FieldKey};
use crate::survey::Answers;
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

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

/// Gives each draft its id and its base: what stands in its field as this phone sees it.
pub(super) fn number(at: &At<'_>, drafts: Vec<Draft>) -> Vec<Change> {
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

    pub(super) fn answers(&self, person: PersonId, script: ScriptHash) -> Answers {
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
