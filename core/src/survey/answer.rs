//! Answers: as an app gives them, as they are stored, and what a question accepts.
//!
//! An app speaks in names ([`AnswerValue`]); what is stored and sent speaks in the numbers of
//! one script version ([`AnswerCode`]). Whether an answer also fits the *other* answers (a
//! constraint, an option that is not offered) is [`Script::check_answer`]'s question.

use std::collections::BTreeMap;

use super::date::Date;
use super::limits::{MAX_ANSWER_CHARS, MAX_INTEGER};
use super::model::{Bounds, Kind, Question, ResponseOption};
use super::script::Script;

/// The name of the one option of an `acknowledge` question, as in ODK.
pub const ACKNOWLEDGED: &str = "OK";

/// Stored answers by question number. Answers to questions that are not relevant now may be
/// among them: what a changed answer made irrelevant is kept.
pub type Answers = BTreeMap<u16, AnswerCode>;

/// An answer as an app gives and shows it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum AnswerValue {
    /// One option, to a single choice; `OK`, to an acknowledgement.
    Choice {
        /// The option's name.
        option: String,
    },
    /// At least one option, to a multiple choice.
    Choices {
        /// The options' names, in any order.
        options: Vec<String>,
    },
    /// A number, to an integer or decimal question.
    Number {
        /// Finite; whole for an integer question.
        value: f64,
    },
    /// Words.
    Text {
        /// Not blank.
        text: String,
    },
    /// A point of a scale.
    Scale {
        /// From the scale's least to its greatest point.
        value: i32,
    },
    /// A calendar day.
    Date {
        /// Written as `2026-10-03`.
        date: String,
    },
}

impl AnswerValue {
    /// The answer as texts: option names, or what was typed. One text but for several choices.
    #[must_use]
    pub fn texts(self) -> Vec<String> {
        match self {
            Self::Choice { option } => vec![option],
            Self::Choices { options } => options,
            Self::Number { value } => vec![value.to_string()],
            Self::Text { text } => vec![text],
            Self::Scale { value } => vec![value.to_string()],
            Self::Date { date } => vec![date],
        }
    }
}

/// An answer as it is stored and sent, in the numbers of one script version.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerCode {
    /// An option's number.
    Choice(u16),
    /// Options' numbers, ascending, each once, at least one.
    Choices(Vec<u16>),
    /// A finite number.
    Number(f64),
    /// Words.
    Text(String),
    /// A point of a scale.
    Scale(i32),
    /// Days since 1970-01-01.
    Date(i32),
}

/// Why an answer is not taken. It names the question, never the answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{question}: {cause}")]
pub struct AnswerError {
    /// The question's name, as it was asked for.
    pub question: String,
    /// Why.
    pub cause: AnswerCause,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum AnswerCause {
    /// The script has no such question.
    #[error("no such question in this script")]
    UnknownQuestion,
    /// The question takes another kind of answer.
    #[error("not the kind of answer this question takes")]
    WrongKind,
    /// The question has no such option.
    #[error("no such option in this question")]
    UnknownOption,
    /// Blank, or no option at all. To take an answer back, remove it.
    #[error("an empty answer")]
    Empty,
    /// Infinite or not a number.
    #[error("not a finite number")]
    NotFinite,
    /// Not a whole number, or too large to be told from the next one.
    #[error("not a whole number")]
    NotWhole,
    /// Below the least number allowed.
    #[error("below {min}")]
    TooSmall {
        /// The least number allowed.
        min: f64,
    },
    /// Above the greatest number allowed.
    #[error("above {max}")]
    TooLarge {
        /// The greatest number allowed.
        max: f64,
    },
    /// More characters than allowed.
    #[error("longer than {max_length} characters")]
    TooLong {
        /// Characters allowed.
        max_length: u32,
    },
    /// Not a day of the calendar written as `2026-10-03`.
    #[error("not a calendar day")]
    NotADate,
    /// The question is not asked, given the other answers.
    #[error("not asked, given the other answers")]
    NotAsked,
    /// The option is not offered, given the other answers.
    #[error("an option that is not offered, given the other answers")]
    OptionNotOffered,
    /// The answer breaks the question's constraint.
    #[error("breaks the question's constraint")]
    ConstraintBroken,
    /// The question must be answered: it cannot be passed over.
    #[error("must be answered")]
    Required,
}

impl AnswerCause {
    /// A stable code for apps and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownQuestion => "unknown_question",
            Self::WrongKind => "wrong_kind",
            Self::UnknownOption => "unknown_option",
            Self::Empty => "empty_answer",
            Self::NotFinite => "not_finite",
            Self::NotWhole => "not_whole",
            Self::TooSmall { .. } => "too_small",
            Self::TooLarge { .. } => "too_large",
            Self::TooLong { .. } => "too_long",
            Self::NotADate => "not_a_date",
            Self::NotAsked => "not_asked",
            Self::OptionNotOffered => "option_not_offered",
            Self::ConstraintBroken => "constraint_broken",
            Self::Required => "required",
        }
    }
}

impl Script {
    /// The number of a question and the stored form of an answer to it, if the question takes
    /// this answer: kind, options, range and length.
    pub fn code(
        &self,
        question: &str,
        answer: &AnswerValue,
    ) -> Result<(u16, AnswerCode), AnswerError> {
        let error = |cause| AnswerError { question: question.to_owned(), cause };
        let no = self.question_no(question).ok_or(error(AnswerCause::UnknownQuestion))?;
        let asked = self.question(no).ok_or(error(AnswerCause::UnknownQuestion))?;
        let code = encoded(asked, answer).map_err(error)?;
        fits(asked, &code).map_err(error)?;
        Ok((no, code))
    }

    /// The name of a question and a stored answer to it as apps show it. None if this script
    /// version has no such question or the question does not take this answer.
    #[must_use]
    pub fn value(&self, question_no: u16, code: &AnswerCode) -> Option<(&str, AnswerValue)> {
        let question = self.question(question_no)?;
        fits(question, code).ok()?;
        Some((&question.name, decoded(question, code)?))
    }
}

/// The options of a question, by name and number; an acknowledgement has one.
fn option_no(question: &Question, name: &str) -> Result<u16, AnswerCause> {
    let found = match question.kind {
        Kind::Acknowledge => (name == ACKNOWLEDGED).then_some(0),
        _ => question.kind.options().iter().position(|option| option.name == name),
    };
    found.and_then(|no| u16::try_from(no).ok()).ok_or(AnswerCause::UnknownOption)
}

pub(super) fn option_name(question: &Question, no: u16) -> Option<&str> {
    match question.kind {
        Kind::Acknowledge => (no == 0).then_some(ACKNOWLEDGED),
        _ => question.kind.options().get(usize::from(no)).map(|option| option.name.as_str()),
    }
}

fn encoded(question: &Question, answer: &AnswerValue) -> Result<AnswerCode, AnswerCause> {
    Ok(match (&question.kind, answer) {
        (Kind::Single(_) | Kind::Acknowledge, AnswerValue::Choice { option }) => {
            AnswerCode::Choice(option_no(question, option)?)
        }
        (Kind::Multiple(_), AnswerValue::Choices { options }) => {
            let nos = options.iter().map(|name| option_no(question, name));
            let mut nos = nos.collect::<Result<Vec<u16>, _>>()?;
            nos.sort_unstable();
            nos.dedup();
            AnswerCode::Choices(nos)
        }
        // One form for zero: -0 becomes 0.
        (Kind::Integer(_) | Kind::Decimal(_), AnswerValue::Number { value }) => {
            AnswerCode::Number(value + 0.0)
        }
        (Kind::Text(_), AnswerValue::Text { text }) => AnswerCode::Text(text.clone()),
        (Kind::Scale(_), AnswerValue::Scale { value }) => AnswerCode::Scale(*value),
        (Kind::Date, AnswerValue::Date { date }) => {
            AnswerCode::Date(Date::parse(date).ok_or(AnswerCause::NotADate)?.days())
        }
        _ => return Err(AnswerCause::WrongKind),
    })
}

pub(super) fn decoded(question: &Question, code: &AnswerCode) -> Option<AnswerValue> {
    let name = |no: &u16| option_name(question, *no).map(str::to_owned);
    Some(match code {
        AnswerCode::Choice(no) => AnswerValue::Choice { option: name(no)? },
        AnswerCode::Choices(nos) => {
            AnswerValue::Choices { options: nos.iter().map(name).collect::<Option<_>>()? }
        }
        AnswerCode::Number(value) => AnswerValue::Number { value: *value },
        AnswerCode::Text(text) => AnswerValue::Text { text: text.clone() },
        AnswerCode::Scale(value) => AnswerValue::Scale { value: *value },
        AnswerCode::Date(days) => AnswerValue::Date { date: Date::from_days(*days)?.to_string() },
    })
}

/// Whether a question takes a stored answer: the one rule for answers given and answers read.
pub(super) fn fits(question: &Question, code: &AnswerCode) -> Result<(), AnswerCause> {
    match (&question.kind, code) {
        (Kind::Single(_) | Kind::Acknowledge, AnswerCode::Choice(no)) => {
            option_name(question, *no).map(|_| ()).ok_or(AnswerCause::UnknownOption)
        }
        (Kind::Multiple(choices), AnswerCode::Choices(nos)) => choices_fit(&choices.options, nos),
        (Kind::Integer(bounds), AnswerCode::Number(value)) => {
            number_fits(bounds, *value)?;
            let whole = value.fract() == 0.0 && value.abs() <= MAX_INTEGER;
            if whole { Ok(()) } else { Err(AnswerCause::NotWhole) }
        }
        (Kind::Decimal(bounds), AnswerCode::Number(value)) => number_fits(bounds, *value),
        (Kind::Text(limit), AnswerCode::Text(text)) => {
            text_fits(text, limit.max_length.unwrap_or(MAX_ANSWER_CHARS))
        }
        (Kind::Scale(scale), AnswerCode::Scale(value)) => {
            let (min, max) = (Some(scale.min.into()), Some(scale.max.into()));
            number_fits(&Bounds { min, max }, f64::from(*value))
        }
        (Kind::Date, AnswerCode::Date(days)) => {
            Date::from_days(*days).map(|_| ()).ok_or(AnswerCause::NotADate)
        }
        _ => Err(AnswerCause::WrongKind),
    }
}

fn choices_fit(options: &[ResponseOption], nos: &[u16]) -> Result<(), AnswerCause> {
    if nos.iter().any(|no| usize::from(*no) >= options.len()) {
        return Err(AnswerCause::UnknownOption);
    }
    if nos.is_empty() {
        return Err(AnswerCause::Empty);
    }
    let ascending = nos.iter().zip(&nos[1..]).all(|(one, next)| one < next);
    if ascending { Ok(()) } else { Err(AnswerCause::WrongKind) }
}

fn number_fits(bounds: &Bounds, value: f64) -> Result<(), AnswerCause> {
    if !value.is_finite() {
        return Err(AnswerCause::NotFinite);
    }
    if let Some(min) = bounds.min.filter(|min| value < *min) {
        return Err(AnswerCause::TooSmall { min });
    }
    match bounds.max.filter(|max| value > *max) {
        Some(max) => Err(AnswerCause::TooLarge { max }),
        None => Ok(()),
    }
}

fn text_fits(text: &str, max_length: u32) -> Result<(), AnswerCause> {
    if text.trim().is_empty() {
        return Err(AnswerCause::Empty);
    }
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if length > max_length { Err(AnswerCause::TooLong { max_length }) } else { Ok(()) }
}
