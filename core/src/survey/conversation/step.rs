//! One input, and where it takes the conversation.

use super::super::answer::{AnswerCause, AnswerCode, AnswerError, AnswerValue, Answers};
use super::super::date::LocalTime;
use super::super::flow::Flow;
use super::super::language::LanguageReason;
use super::super::script::Script;
use super::{Conversation, ConversationEnd, ConversationView, MAX_TRAIL};

/// What the canvasser does.
///
/// Steps name their question, so that a second tap never falls on the next one.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ConversationStep {
    /// Answers a question that is asked, and goes on to the first open one.
    Answer {
        /// The question's name.
        question: String,
        /// The answer.
        value: AnswerValue,
    },
    /// Takes an answer back.
    Clear {
        /// The question's name.
        question: String,
    },
    /// Passes over a question that needs no answer, and goes on to the first open one.
    Skip {
        /// The question's name.
        question: String,
    },
    /// Back to what was shown before; at the beginning nothing happens. Answers stay, a question
    /// that was passed over is open again.
    Back,
    /// To any question that is asked, to look at its answer or change it.
    GoTo {
        /// The question's name.
        question: String,
    },
    /// On to the first open question, without an answer to the one at hand.
    Next,
    /// Ends the conversation; refused while a question that must be answered is not.
    Finish,
    /// Ends the conversation wherever it is.
    Stop,
}

/// A conversation and its answers after a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Stepped {
    /// Where it stands.
    pub conversation: Conversation,
    /// The answers that stand: those that count and may be sent.
    pub answers: Answers,
}

impl Script {
    /// Takes a conversation one step on.
    ///
    /// `answers` are those that stand, whoever recorded them; what they were before the step and
    /// are after it is what a store has to record.
    ///
    /// # Errors
    /// What is wrong with the input, by its question. Nothing is changed then.
    pub fn script_step(
        &self,
        conversation: &Conversation,
        answers: &Answers,
        step: &ConversationStep,
        now: LocalTime,
    ) -> Result<Stepped, AnswerError> {
        self.stepped(conversation, answers, step, now, |_, _| ()).map(|(stepped, ())| stepped)
    }

    /// The same, with what to show then, in a language that [`Script::choose_language`] has
    /// chosen: one pass over the script for both.
    ///
    /// # Errors
    /// As [`Script::script_step`].
    pub fn script_step_in(
        &self,
        conversation: &Conversation,
        answers: &Answers,
        step: &ConversationStep,
        language: (&str, LanguageReason),
        now: LocalTime,
    ) -> Result<(Stepped, ConversationView), AnswerError> {
        let show = |next: &Conversation, flow: Flow<'_>| self.shown(next, flow, language);
        self.stepped(conversation, answers, step, now, show)
    }

    /// Takes the step; `show` sees the conversation and the script as they are after it.
    fn stepped<T>(
        &self,
        conversation: &Conversation,
        answers: &Answers,
        step: &ConversationStep,
        now: LocalTime,
        show: impl FnOnce(&Conversation, Flow<'_>) -> T,
    ) -> Result<(Stepped, T), AnswerError> {
        let mut next = Conversation { ended: None, ..conversation.clone() };
        let mut all = conversation.all(answers);
        let mut given = None;
        match step {
            ConversationStep::Answer { question, value } => {
                given = Some(self.code(question, value)?);
            }
            ConversationStep::Clear { question } => {
                let no = self.named(question)?;
                all.to_mut().remove(&no);
                next.skipped.remove(&no);
            }
            _ => {}
        }
        let flow = Flow::with(self, &all, given.as_ref().map(|(no, code)| (*no, code)), now);
        next.at = conversation.place(&flow, self);
        self.take(&mut next, step, &flow)?;
        let answered = given.iter().map(|(no, _)| *no);
        let partly = |no: &u16| !flow.counts_whole(*no);
        let partly: Vec<(u16, Option<AnswerCode>)> = all
            .keys()
            .copied()
            .chain(answered)
            .filter(partly)
            .map(|no| (no, flow.counting_answer(no)))
            .collect();
        let shown = show(&next, flow);
        let mut answers = all.into_owned();
        answers.extend(given);
        next.set_aside(&mut answers, partly);
        Ok((Stepped { conversation: next, answers }, shown))
    }

    /// Moves a conversation as the step says, if that may be.
    fn take(
        &self,
        next: &mut Conversation,
        step: &ConversationStep,
        flow: &Flow<'_>,
    ) -> Result<(), AnswerError> {
        match step {
            ConversationStep::Answer { question, .. } => {
                let no = self.named(question)?;
                check_asked(flow, no, question)?;
                flow.fault(no).map_or(Ok(()), |cause| Err(self.error(no, cause)))?;
                next.skipped.remove(&no);
                next.move_to(next.first_open(flow, self));
            }
            ConversationStep::Skip { question } => {
                let no = self.named(question)?;
                check_asked(flow, no, question)?;
                self.check_not_required(flow, no)?;
                next.skipped.insert(no);
                next.move_to(next.first_open(flow, self));
            }
            ConversationStep::GoTo { question } => {
                let no = self.named(question)?;
                check_asked(flow, no, question)?;
                next.move_to(Some(no));
            }
            ConversationStep::Clear { .. } | ConversationStep::Next => {
                next.move_to(next.first_open(flow, self));
            }
            ConversationStep::Back => next.go_back(flow),
            ConversationStep::Finish => {
                self.check_whole(flow)?;
                next.move_to(None);
                next.ended = Some(ConversationEnd::Finished);
            }
            ConversationStep::Stop => next.ended = Some(ConversationEnd::Stopped),
        }
        Ok(())
    }

    fn named(&self, question: &str) -> Result<u16, AnswerError> {
        let error =
            || AnswerError { question: question.to_owned(), cause: AnswerCause::UnknownQuestion };
        self.question_no(question).ok_or_else(error)
    }

    /// A question that must be answered is passed over only once it is.
    fn check_not_required(&self, flow: &Flow<'_>, no: u16) -> Result<(), AnswerError> {
        match self.keeps_open(flow, no) {
            Some(AnswerCause::Required) => Err(self.error(no, AnswerCause::Required)),
            _ => Ok(()),
        }
    }

    fn check_whole(&self, flow: &Flow<'_>) -> Result<(), AnswerError> {
        let mut asked = (0..self.question_count()).filter(|no| flow.asks(*no));
        let open = asked.find_map(|no| Some(self.error(no, self.keeps_open(flow, no)?)));
        open.map_or(Ok(()), Err)
    }

    /// Why a question that is asked keeps the conversation from being finished. An answer that
    /// only chose what is not offered any more counts as none.
    pub(super) fn keeps_open(&self, flow: &Flow<'_>, no: u16) -> Option<AnswerCause> {
        match flow.fault(no) {
            None | Some(AnswerCause::OptionNotOffered) => {
                let required = self.question(no).is_some_and(|question| question.required);
                let open = required && flow.counting_answer(no).is_none();
                open.then_some(AnswerCause::Required)
            }
            fault => fault,
        }
    }

    fn error(&self, no: u16, cause: AnswerCause) -> AnswerError {
        let question = self.question(no).map_or(String::new(), |it| it.name.clone());
        AnswerError { question, cause }
    }
}

fn check_asked(flow: &Flow<'_>, no: u16, question: &str) -> Result<(), AnswerError> {
    let error = || AnswerError { question: question.to_owned(), cause: AnswerCause::NotAsked };
    if flow.asks(no) { Ok(()) } else { Err(error()) }
}

impl Conversation {
    fn move_to(&mut self, place: Option<u16>) {
        if place == self.at {
            return;
        }
        if self.trail.len() == MAX_TRAIL {
            self.trail.remove(0);
        }
        self.trail.push(self.at);
        self.at = place;
    }

    /// To the last place that is still there.
    fn go_back(&mut self, flow: &Flow<'_>) {
        while let Some(before) = self.trail.pop() {
            let is_there = before.is_none_or(|no| flow.asks(no));
            if is_there && before != self.at {
                self.at = before;
                self.skipped.retain(|no| Some(*no) != before);
                return;
            }
        }
    }

    /// Parts the answers that count from those to be set aside: of these, `partly` tells what is
    /// left to count.
    fn set_aside(&mut self, answers: &mut Answers, partly: Vec<(u16, Option<AnswerCode>)>) {
        self.aside.clear();
        for (no, counting) in partly {
            self.aside.extend(answers.remove(&no).map(|given| (no, given)));
            answers.extend(counting.map(|code| (no, code)));
        }
    }
}
