//! What a screen shows of a script, given the answers.

use super::answer::{AnswerCause, AnswerValue, Answers};
use super::date::LocalTime;
use super::flow::Flow;
use super::language::LanguageReason;
use super::limits::MAX_ANSWER_CHARS;
use super::model::{Kind, Question, Texts};
use super::script::{Body, CheckedQuestion, Script};
use crate::id::ScriptHash;
use crate::language::{TextDirection, direction_of};

/// A script and its answers in one language, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SurveyView {
    /// The version of the script, by its content: an answer names it.
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
    /// All questions in order, also those that are not asked now.
    pub questions: Vec<QuestionView>,
    /// The notes to read now, in order.
    pub notes: Vec<NoteView>,
    /// The name of the first question that is asked now and has no answer. Questions that are
    /// not required are among them; whether to pass over one is the canvasser's choice.
    pub next: Option<String>,
    /// Whether every required question that is asked has an answer and no answer is faulty.
    pub complete: bool,
}

/// One question as it stands now.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct QuestionView {
    /// The name by which it is answered.
    pub name: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// What to ask.
    pub label: String,
    /// What helps to ask it.
    pub hint: Option<String>,
    /// The headings of the groups around it, outermost first.
    pub headings: Vec<String>,
    /// Whether the conversation is incomplete without an answer.
    pub required: bool,
    /// Whether it is asked now. If not, an answer is kept but does not count.
    pub relevant: bool,
    /// The options offered now; empty if it is not asked or is not a choice.
    pub options: Vec<OptionView>,
    /// The current answer.
    pub answer: Option<AnswerValue>,
    /// What is wrong with the current answer. Questions not asked have no error.
    pub error: Option<AnswerCause>,
    /// What the script says when the constraint is broken; set only while it is.
    pub constraint_message: Option<String>,
    /// The code by which exports and follow-ups know the question.
    pub tag: Option<String>,
    /// What a screen reader says before the question is read, in the canvasser's language: which
    /// of how many it is, and how to answer. Empty if it is not asked now. The engine's words, as
    /// is `fault`: a script has none of its own.
    pub frame: String,
    /// What is wrong with the current answer, in the canvasser's language; empty if nothing is.
    pub fault: String,
}

/// What kind of answer a question takes, and its limits.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum QuestionKind {
    /// One of the options.
    SingleChoice,
    /// At least one of the options.
    MultipleChoice,
    /// A whole number.
    Integer {
        /// The least allowed.
        min: Option<f64>,
        /// The greatest allowed.
        max: Option<f64>,
    },
    /// A number.
    Decimal {
        /// The least allowed.
        min: Option<f64>,
        /// The greatest allowed.
        max: Option<f64>,
    },
    /// Words.
    Text {
        /// Characters allowed.
        max_length: u32,
    },
    /// A point of a scale.
    Scale {
        /// The least point.
        min: i32,
        /// The greatest point.
        max: i32,
        /// What the least point means.
        min_label: Option<String>,
        /// What the greatest point means.
        max_label: Option<String>,
    },
    /// A calendar day.
    Date,
    /// Something to confirm: the answer is the choice `OK`.
    Acknowledge,
}

/// An option that is offered.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OptionView {
    /// The name by which it is chosen.
    pub name: String,
    /// What is shown.
    pub label: String,
    /// The code by which exports and follow-ups know it.
    pub tag: Option<String>,
}

/// A note to read.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NoteView {
    /// The note's name.
    pub name: String,
    /// What to read.
    pub text: String,
    /// The headings of the groups around it, outermost first.
    pub headings: Vec<String>,
    /// The name of the first question after it that is asked now; none at the end.
    pub before: Option<String>,
}

impl Script {
    /// What to show: every question with its state, the notes to read, and what comes next.
    ///
    /// `language` is the one wanted, see [`Script::nearest_language`]; `now` is the time where
    /// the canvasser stands. Answers that this script version does not know are passed over.
    #[must_use]
    pub fn view(&self, answers: &Answers, language: &str, now: LocalTime) -> SurveyView {
        self.view_in(answers, self.choose_language(language, "", &[]), now)
    }

    /// The same, in a language that [`Script::choose_language`] has chosen.
    #[must_use]
    pub fn view_in(
        &self,
        answers: &Answers,
        (language, language_reason): (&str, LanguageReason),
        now: LocalTime,
    ) -> SurveyView {
        let viewer = Viewer::new(self, Flow::new(self, answers, now), language);
        let questions: Vec<QuestionView> = (0..self.question_count())
            .filter_map(|no| Some(viewer.question(no, self.checked_question(no)?)))
            .collect();
        let open = |it: &&QuestionView| it.relevant && it.answer.is_none();
        SurveyView {
            script: self.hash(),
            name: self.source().name.clone(),
            version: self.source().version.clone(),
            language: viewer.language.to_owned(),
            language_reason,
            direction: direction_of(viewer.language),
            notes: viewer.notes(|_| true),
            next: questions.iter().find(open).map(|it| it.name.clone()),
            complete: !questions.iter().any(|it| it.error.is_some() || it.required && open(&it)),
            questions,
        }
    }
}

/// Puts what a flow has settled into words.
pub(super) struct Viewer<'a> {
    script: &'a Script,
    flow: Flow<'a>,
    language: &'a str,
}

impl<'a> Viewer<'a> {
    /// `language` is the one wanted.
    pub(super) fn new(script: &'a Script, flow: Flow<'a>, language: &str) -> Self {
        Self { script, flow, language: script.nearest_language(language) }
    }

    /// The language of what it says.
    pub(super) const fn language(&self) -> &'a str {
        self.language
    }
    fn text(&self, texts: &Texts) -> String {
        texts.text(self.language).to_owned()
    }

    fn optional(&self, texts: Option<&Texts>) -> Option<String> {
        texts.map(|texts| self.text(texts))
    }

    pub(super) fn question(&self, no: u16, checked: &CheckedQuestion) -> QuestionView {
        let question = &checked.question;
        let error = self.flow.fault(no);
        let message = question.constraint_message.as_ref();
        let answer = self.flow.fitting_answer(no).and_then(|code| self.script.value(no, code));
        QuestionView {
            name: question.name.clone(),
            kind: self.kind(question),
            label: self.text(&question.label),
            hint: self.optional(question.hint.as_ref()),
            headings: self.script.question_step(no).map_or(Vec::new(), |it| self.headings(it)),
            required: question.required,
            relevant: self.flow.asks(no),
            options: self.options(no, question),
            answer: answer.map(|(_, value)| value),
            constraint_message: self
                .optional(message.filter(|_| error == Some(AnswerCause::ConstraintBroken))),
            error,
            tag: question.tag.clone(),
            frame: String::new(),
            fault: String::new(),
        }
    }

    fn options(&self, no: u16, question: &Question) -> Vec<OptionView> {
        let options = question.kind.options();
        let offered = self.flow.offered(no).into_iter();
        let offered = offered.filter_map(|it| options.get(usize::from(it)));
        offered
            .map(|option| OptionView {
                name: option.name.clone(),
                label: self.text(&option.label),
                tag: option.tag.clone(),
            })
            .collect()
    }

    fn kind(&self, question: &Question) -> QuestionKind {
        match &question.kind {
            Kind::Single(_) => QuestionKind::SingleChoice,
            Kind::Multiple(_) => QuestionKind::MultipleChoice,
            Kind::Integer(bounds) => QuestionKind::Integer { min: bounds.min, max: bounds.max },
            Kind::Decimal(bounds) => QuestionKind::Decimal { min: bounds.min, max: bounds.max },
            Kind::Text(limit) => {
                QuestionKind::Text { max_length: limit.max_length.unwrap_or(MAX_ANSWER_CHARS) }
            }
            Kind::Scale(scale) => QuestionKind::Scale {
                min: scale.min,
                max: scale.max,
                min_label: self.optional(scale.min_label.as_ref()),
                max_label: self.optional(scale.max_label.as_ref()),
            },
            Kind::Date => QuestionKind::Date,
            Kind::Acknowledge => QuestionKind::Acknowledge,
        }
    }

    /// The headings around a step, outermost first.
    fn headings(&self, step: u16) -> Vec<String> {
        let steps = self.script.steps();
        let parent = |step: u16| steps.get(usize::from(step)).and_then(|step| step.parent);
        let mut headings: Vec<String> = std::iter::successors(parent(step), |it| parent(*it))
            .filter_map(|group| match &steps.get(usize::from(group))?.body {
                Body::Group(label) => self.optional(label.as_ref()),
                _ => None,
            })
            .collect();
        headings.reverse();
        headings
    }

    /// The notes to read before a question, or at the end.
    pub(super) fn notes_before(&self, question: Option<&str>) -> Vec<NoteView> {
        self.notes(|before| before == question)
    }

    /// The notes to read before some questions, found from the last to the first: each knows the
    /// question it precedes.
    fn notes(&self, is_wanted: impl Fn(Option<&str>) -> bool) -> Vec<NoteView> {
        let (mut notes, mut before): (_, Option<&str>) = (Vec::new(), None);
        let steps: Vec<_> = self.script.steps().iter().zip(0_u16..).collect();
        for (step, no) in steps.into_iter().rev() {
            if !self.flow.is_relevant(no) {
                continue;
            }
            match &step.body {
                Body::Question(question) => before = Some(&question.question.name),
                Body::Note { name, text } if is_wanted(before) => notes.push(NoteView {
                    name: name.clone(),
                    text: self.text(text),
                    headings: self.headings(no),
                    before: before.map(str::to_owned),
                }),
                Body::Note { .. } | Body::Group(_) | Body::Calculation(_) => {}
            }
        }
        notes.reverse();
        notes
    }
}
