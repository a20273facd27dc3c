//! Conversations at the door: each step durable before the call returns.
//!
//! Answers are recorded as changes as they are tapped. An answer that an earlier one has made
//! irrelevant is taken back by a change of its own, so that neither the campaign nor another
//! phone counts it, and its value is kept here, with the conversation; once it is relevant again
//! another change records it anew. So what stands follows from changes alone, and merging,
//! digests and undo know nothing of conversations.

use std::sync::Arc;

use crate::canvass::is_one_knock;
use crate::change::{AnswerBody, Body};
use crate::engine::Engine;
use crate::engine::door::Door;
use crate::engine::draft::{At, Draft, Drafted};
use crate::engine::error::{Error, What};
use crate::engine::kept::KeptConversation;
use crate::engine::language::Languages;
use crate::engine::lists::ListReader;
use crate::engine::survey::{answers_of, local};
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::survey::{Conversation, ConversationStep, ConversationView, Script, Stepped};
use crate::time::Timestamp;

/// A step of a conversation.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConversationInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// The person who is asked.
    pub person: PersonId,
    /// What the canvasser did.
    pub step: ConversationStep,
    /// The language that the canvasser asks for, as a BCP 47 tag; empty for the one that is best
    /// for the person (see `survey`).
    pub language: String,
    /// The knock to which the answers belong; nothing to go on with the one the conversation has,
    /// or to begin one with the first answer.
    #[cfg_attr(feature = "uniffi", uniffi(default = None))]
    pub attempt: Option<ChangeId>,
}

/// The Conversation screen.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConversationScreen {
    /// What to show.
    pub view: ConversationView,
    /// The knock to which its answers belong, once there is one.
    pub attempt: Option<ChangeId>,
    /// The version of the script that new conversations follow, if this one follows an earlier
    /// one to its end.
    pub newer_version: Option<String>,
    /// The changes that this step recorded; none for a step that only moved.
    pub recorded: Vec<ChangeId>,
}

impl Engine {
    /// Where the conversation with a person stands: the same question as when it was left, also
    /// after the app was killed. One that goes on follows the version of the script with which it
    /// began; one that ended, or was left half a day ago, begins anew with the version in use.
    /// `language` is as in [`Engine::survey`].
    pub fn conversation(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: &str,
    ) -> Result<ConversationScreen, Error> {
        let now = self.now();
        let opened = self.opened()?;
        let (open, kept) = {
            let main = opened.main();
            let open = opened.list(&main, &self.ports, list)?;
            let kept = open.kept_conversation(&main, household, person)?;
            (open, kept)
        };
        let reader = open.read();
        let door = reader.door(household)?;
        if !door.person_ids().contains(&person) {
            return Err(Error::NotFound(What::Person));
        }
        let talk = Talk::take_up(&reader, &door, person, kept, now)?;
        let answers = answers_of(&door.state, person, talk.script.hash());
        let (script, known) = (&talk.script, self.languages());
        let chosen = script.choose_language(language, door.language_of(person), &known.spoken);
        let now = local(now);
        let view = script.conversation_view_in(&talk.conversation, &answers, chosen, now);
        Ok(talk.screen(&reader, view, &known))
    }

    /// Takes a conversation one step on, and returns once that is durable: the answers as
    /// changes, and where it stands.
    ///
    /// A step that is refused changes nothing: [`Error::Answer`] names the question and says why.
    pub fn converse(&self, input: &ConversationInput) -> Result<ConversationScreen, Error> {
        let mut screen = None;
        let known = self.languages();
        let recorded = self.record_doors(input.list, &[input.household], |at| {
            at.check_person(input.person)?;
            let kept = at.list.kept_conversation(at.main, input.household, input.person)?;
            let mut talk = Talk::take_up(at.reader, at.door, input.person, kept, at.now)?;
            if let Some(named) = input.attempt {
                at.check_attempt(named)?;
                talk.attempt = Some(named);
            }
            let (drafts, view) = talk.step(at, input, &known)?;
            screen = Some(talk.screen(at.reader, view, &known));
            let conversation = Some(KeptConversation {
                household: input.household,
                person: input.person,
                attempt: talk.attempt,
                at: at.now,
                conversation: talk.conversation,
            });
            Ok(Drafted { drafts, conversation })
        })?;
        let screen = screen.ok_or(Error::NotFound(What::Household))?;
        Ok(ConversationScreen { recorded, ..screen })
    }
}

/// A conversation taken up.
struct Talk {
    script: Arc<Script>,
    attempt: Option<ChangeId>,
    conversation: Conversation,
}

impl Talk {
    fn take_up(
        reader: &ListReader,
        door: &Door,
        person: PersonId,
        kept: Option<KeptConversation>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let in_use = reader.script()?;
        let goes_on = |kept: &KeptConversation| {
            kept.conversation.ended().is_none() && is_one_knock(kept.at, now)
        };
        if let Some(kept) = kept {
            let goes_on = goes_on(&kept);
            let known = reader.script_version(kept.conversation.script());
            // What ended on the version in use goes on from there, as part of another knock.
            if let Some(script) = known.filter(|it| goes_on || it.hash() == in_use.hash()) {
                let stands = |id: &ChangeId| {
                    let id = door.state.names.change(*id);
                    goes_on && door.state.attempts.iter().any(|attempt| attempt.id == id)
                };
                let attempt = kept.attempt.filter(stands);
                let conversation = kept.conversation;
                return Ok(Self { script: Arc::clone(script), attempt, conversation });
            }
        }
        let script = Arc::clone(in_use);
        let answers = answers_of(&door.state, person, script.hash());
        let conversation = Conversation::begin(&script, &answers, local(now));
        Ok(Self { script, attempt: None, conversation })
    }

    /// Takes the step; what is to be recorded, and what is shown then.
    fn step(
        &mut self,
        at: &At<'_>,
        input: &ConversationInput,
        known: &Languages,
    ) -> Result<(Vec<Draft>, ConversationView), Error> {
        let (script, hash) = (&self.script, self.script.hash());
        let before = answers_of(&at.door.state, input.person, hash);
        let prefers = at.door.language_of(input.person);
        let chosen = script.choose_language(&input.language, prefers, &known.spoken);
        let now = local(at.now);
        let (stepped, view) =
            script.script_step_in(&self.conversation, &before, &input.step, chosen, now)?;
        let Stepped { conversation, answers } = stepped;
        self.conversation = conversation;
        let tapped = tapped(&input.step).and_then(|name| self.script.question_no(name));
        let conflicted = |question: u16| {
            let stands = at.door.state.answers.get(&(input.person, hash, question));
            stands.is_some_and(|answer| answer.conflicted)
        };
        let is_written = |question: &u16| {
            let differs = before.get(question) != answers.get(question);
            // Only a tap on the question itself settles what people disagree on.
            if conflicted(*question) { tapped == Some(*question) } else { differs }
        };
        let mut questions: Vec<u16> = before.keys().chain(answers.keys()).copied().collect();
        questions.sort_unstable();
        questions.dedup();
        questions.retain(is_written);
        if questions.is_empty() {
            return Ok((Vec::new(), view));
        }
        let mut drafts = Vec::with_capacity(questions.len() + 1);
        let attempt = *self.attempt.get_or_insert_with(|| {
            drafts.push(Draft::of_new_knock());
            at.first
        });
        drafts.extend(questions.into_iter().map(|question| {
            let value = answers.get(&question).cloned();
            let answer = AnswerBody { script: hash, question, value, attempt };
            Draft::of_person(input.person, Body::Answer(answer))
        }));
        Ok((drafts, view))
    }

    fn screen(
        &self,
        reader: &ListReader,
        mut view: ConversationView,
        known: &Languages,
    ) -> ConversationScreen {
        if let Some(question) = &mut view.question {
            super::survey::frame(question, known.words, (view.place, view.asked));
        }
        let in_use = reader.script().ok().filter(|script| script.hash() != self.script.hash());
        ConversationScreen {
            view,
            attempt: self.attempt,
            newer_version: in_use.map(|script| script.source().version.clone()),
            recorded: Vec::new(),
        }
    }
}

/// The question that a step answers.
fn tapped(step: &ConversationStep) -> Option<&str> {
    match step {
        ConversationStep::Answer { question, .. } | ConversationStep::Clear { question } => {
            Some(question)
        }
        _ => None,
    }
}
