//! The conversation: one person asked one version of a script, question by question.
//!
//! [`Script::script_step`] takes a [`Conversation`], the answers that stand and one input, and
//! gives both as they are afterwards; [`Script::conversation_view`] says what to show. Nothing is
//! stored here, nothing is sent, and no clock is read.
//!
//! An answer that a changed earlier answer made irrelevant leaves the answers that stand and is
//! *set aside* in the conversation: kept, shown as not counting, never part of what may be sent.
//! Once its question is asked again it stands again.
//!
//! Invariants: the question at hand is one that is asked; an input that is refused changes
//! nothing; the size of a conversation is bounded by its script.
//!
//! ```
//! use canvass_core::survey::{AnswerValue, Answers, Conversation, ConversationStep, LocalTime, Script};
//! use canvass_core::time::Timestamp;
//!
//! let script = Script::parse(include_str!("../example.json")).expect("the script is sound");
//! let now = LocalTime::at(Timestamp::parse("2026-10-03T21:04:00Z").expect("a moment"), -240);
//! let begun = Conversation::begin(&script, &Answers::new(), now);
//!
//! let option = AnswerValue::Choice { option: "1".into() };
//! let tapped = ConversationStep::Answer { question: "support".into(), value: option };
//! let after = script.script_step(&begun, &Answers::new(), &tapped, now).expect("an option");
//! let view = script.conversation_view(&after.conversation, &after.answers, "en", now);
//! assert_eq!(view.question.expect("one more").name, "issues");
//! ```

mod bytes;
mod step;
#[cfg(test)]
mod tests;
mod view;

pub use step::{ConversationStep, Stepped};
pub use view::{ConversationView, GivenAnswer};

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::answer::{AnswerCode, Answers};
use super::date::LocalTime;
use super::flow::Flow;
use super::limits::MAX_QUESTIONS;
use super::script::Script;
use crate::id::ScriptHash;

/// So many steps can be gone back.
const MAX_TRAIL: usize = MAX_QUESTIONS;

/// Where a conversation stands. Its answers stand elsewhere, but for those set aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    script: ScriptHash,
    /// The question at hand; none at the end of the script.
    at: Option<u16>,
    /// What was at hand before, the latest last.
    trail: Vec<Option<u16>>,
    /// Questions that were passed over.
    skipped: BTreeSet<u16>,
    /// Answers that do not count now, as they were given.
    aside: Answers,
    ended: Option<ConversationEnd>,
}

/// How a conversation ended. Another input takes it up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ConversationEnd {
    /// With an answer to every question that must have one.
    Finished,
    /// Before that: the door was closed.
    Stopped,
}

impl Conversation {
    /// A conversation that begins, with the answers that the person gave to this version before.
    #[must_use]
    pub fn begin(script: &Script, answers: &Answers, now: LocalTime) -> Self {
        let begun = Self {
            script: script.hash(),
            at: None,
            trail: Vec::new(),
            skipped: BTreeSet::new(),
            aside: Answers::new(),
            ended: None,
        };
        let at = begun.first_open(&Flow::new(script, answers, now), script);
        Self { at, ..begun }
    }

    /// The version of the script that it follows to its end.
    #[must_use]
    pub const fn script(&self) -> ScriptHash {
        self.script
    }

    /// How it ended, if it has.
    #[must_use]
    pub const fn ended(&self) -> Option<ConversationEnd> {
        self.ended
    }

    /// The answers that are kept and do not count.
    #[must_use]
    pub const fn aside(&self) -> &Answers {
        &self.aside
    }

    /// Every answer that was given: those that stand, and those set aside.
    fn all<'a>(&self, answers: &'a Answers) -> Cow<'a, Answers> {
        let mut all = Cow::Borrowed(answers);
        for (question_no, kept) in &self.aside {
            match all.get(question_no) {
                // What stands is what others wrote since, unless it is a part of what is kept.
                Some(stands) if !is_part(stands, kept) => {}
                _ => drop(all.to_mut().insert(*question_no, kept.clone())),
            }
        }
        all
    }

    /// The question to show: the one at hand, or the first open one if that is not asked any
    /// more; nothing at the end.
    fn place(&self, flow: &Flow<'_>, script: &Script) -> Option<u16> {
        let at = self.at?;
        if flow.asks(at) { Some(at) } else { self.first_open(flow, script) }
    }

    /// The first question that is asked, has no sound answer and was not passed over.
    fn first_open(&self, flow: &Flow<'_>, script: &Script) -> Option<u16> {
        (0..script.question_count())
            .find(|no| flow.asks(*no) && !self.skipped.contains(no) && !flow.is_settled(*no))
    }
}

/// Whether an answer is what is left of another one without options that are not offered.
fn is_part(stands: &AnswerCode, kept: &AnswerCode) -> bool {
    match (stands, kept) {
        (AnswerCode::Choices(some), AnswerCode::Choices(all)) => {
            some.iter().all(|option| all.contains(option))
        }
        _ => false,
    }
}
