//! What a screen shows of a conversation.

use super::super::answer::{
    AnswerCause, AnswerCode, AnswerValue, Answers, decoded, fits, option_name,
};
use super::super::date::LocalTime;
use super::super::flow::Flow;
use super::super::language::LanguageReason;
use super::super::model::Question;
use super::super::script::Script;
use super::super::view::{NoteView, QuestionView, Viewer};
use super::{Conversation, ConversationEnd};
use crate::id::ScriptHash;
use crate::language::{TextDirection, direction_of};

/// A conversation in one language, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConversationView {
    /// The version of the script that it follows, by its content.
    pub script: ScriptHash,
    /// The script's name.
    pub name: String,
    /// The script's version.
    pub version: String,
    /// The language of all texts below, one of the script's.
    pub language: String,
    /// Why it is this one.
    pub language_reason: LanguageReason,
    /// Which way all texts below run.
    pub direction: TextDirection,
    /// The question at hand; none at the end of the script.
    pub question: Option<QuestionView>,
    /// What to read before it; at the end, what to read last.
    pub notes: Vec<NoteView>,
    /// What was answered, in the script's order.
    pub given: Vec<GivenAnswer>,
    /// Questions that are asked, as the answers are now.
    pub asked: u32,
    /// Of these, the ones that are answered or were passed over.
    pub done: u32,
    /// The place of the question at hand among those asked, from 1; at the end their number.
    pub place: u32,
    /// There is something to go back to.
    pub may_go_back: bool,
    /// The question at hand may be passed over.
    pub may_skip: bool,
    /// Nothing that must be answered is left open, and no answer is faulty.
    pub may_finish: bool,
    /// Names of questions that must be answered, or answered otherwise, before it may finish.
    pub missing: Vec<String>,
    /// What these questions ask, in the same order.
    pub missing_labels: Vec<String>,
    /// The script's languages, as BCP 47 tags.
    pub languages: Vec<String>,
    /// How it ended; nothing while it goes on.
    pub ended: Option<ConversationEnd>,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct GivenAnswer {
    /// The question's name.
    pub question: String,
    /// What was asked.
    pub label: String,
    /// The answer, as it was given.
    pub value: AnswerValue,
    /// The answer as people read it: an option by its label.
    pub words: Vec<String>,
    /// Whether it counts. If not, another answer has made it irrelevant: it is kept on this
    /// phone and not sent.
    pub counts: bool,
}

impl Script {
    /// What to show of a conversation. `language` is the one wanted, see
    /// [`Script::nearest_language`]; `now` is the time where the canvasser stands.
    #[must_use]
    pub fn conversation_view(
        &self,
        conversation: &Conversation,
        answers: &Answers,
        language: &str,
        now: LocalTime,
    ) -> ConversationView {
        let chosen = self.choose_language(language, "", &[]);
        self.conversation_view_in(conversation, answers, chosen, now)
    }

    /// The same, in a language that [`Script::choose_language`] has chosen.
    #[must_use]
    pub fn conversation_view_in(
        &self,
        conversation: &Conversation,
        answers: &Answers,
        (language, language_reason): (&str, LanguageReason),
        now: LocalTime,
    ) -> ConversationView {
        let all = conversation.all(answers);
        self.shown(conversation, Flow::new(self, &all, now), (language, language_reason))
    }

    /// What to show of a conversation whose answers have been looked at.
    pub(super) fn shown(
        &self,
        conversation: &Conversation,
        flow: Flow<'_>,
        (language, language_reason): (&str, LanguageReason),
    ) -> ConversationView {
        let at = conversation.place(&flow, self);
        let asked: Vec<u16> = (0..self.question_count()).filter(|no| flow.asks(*no)).collect();
        let is_done = |no: &&u16| flow.is_settled(**no) || conversation.skipped.contains(*no);
        let done = asked.iter().filter(is_done).count();
        let missing = self.missing(&flow, &asked);
        let nearest = self.nearest_language(language);
        let given =
            (0..self.question_count()).filter_map(|no| self.given(&flow, no, nearest)).collect();
        let is_required = |no| self.keeps_open(&flow, no) == Some(AnswerCause::Required);
        let may_skip = at.is_some_and(|no| !is_required(no));
        let place = at.map_or(asked.len(), |at| asked.partition_point(|no| *no <= at));
        let viewer = Viewer::new(self, flow, language);
        let question = at.and_then(|no| Some(viewer.question(no, self.checked_question(no)?)));
        let language = viewer.language().to_owned();
        ConversationView {
            script: self.hash(),
            name: self.source().name.clone(),
            version: self.source().version.clone(),
            direction: direction_of(&language),
            language,
            language_reason,
            notes: viewer.notes_before(question.as_ref().map(|it| it.name.as_str())),
            question,
            given,
            asked: small(asked.len()),
            done: small(done),
            place: small(place),
            may_go_back: !conversation.trail.is_empty(),
            may_skip,
            may_finish: missing.is_empty(),
            missing_labels: missing.iter().map(|it| it.label.text(nearest).to_owned()).collect(),
            missing: missing.iter().map(|it| it.name.clone()).collect(),
            languages: self.languages().to_vec(),
            ended: conversation.ended,
        }
    }

    fn missing(&self, flow: &Flow<'_>, asked: &[u16]) -> Vec<&Question> {
        let is_missing = |no: &&u16| self.keeps_open(flow, **no).is_some();
        asked.iter().filter(is_missing).filter_map(|no| self.question(*no)).collect()
    }

    fn given(&self, flow: &Flow<'_>, no: u16, language: &str) -> Option<GivenAnswer> {
        let question = self.question(no)?;
        let given = flow.fitting_answer(no)?;
        Some(GivenAnswer {
            question: question.name.clone(),
            label: question.label.text(language).to_owned(),
            words: words(question, given, language)?,
            value: decoded(question, given)?,
            counts: flow.counts_whole(no),
        })
    }
}

impl Script {
    /// What a question asks, in the script's language nearest to the one wanted.
    #[must_use]
    pub fn question_label(&self, no: u16, language: &str) -> Option<String> {
        let language = self.nearest_language(language);
        self.question(no).map(|question| question.label.text(language).to_owned())
    }

    /// An answer as people read it: options by their labels, in the script's language nearest to
    /// the one wanted; anything else as it was given.
    #[must_use]
    pub fn answer_words(&self, no: u16, code: &AnswerCode, language: &str) -> Vec<String> {
        let question = self.question(no).filter(|question| fits(question, code).is_ok());
        let language = self.nearest_language(language);
        question.and_then(|question| words(question, code, language)).unwrap_or_default()
    }
}

/// An answer that the question takes as people read it, in a language that the script has.
fn words(question: &Question, code: &AnswerCode, language: &str) -> Option<Vec<String>> {
    let label = |no: &u16| match question.kind.options().get(usize::from(*no)) {
        Some(option) => Some(option.label.text(language).to_owned()),
        None => option_name(question, *no).map(str::to_owned),
    };
    match code {
        AnswerCode::Choice(no) => Some(vec![label(no)?]),
        AnswerCode::Choices(nos) => nos.iter().map(label).collect(),
        _ => decoded(question, code).map(AnswerValue::texts),
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
