//! What a screen says around a script's question, in the canvasser's language: the question
//! itself is the script's, in a language of its own.

use crate::say::Language;
use crate::survey::{AnswerCause, QuestionKind, QuestionView};

/// What a screen reader says before a question is read: which of how many it is, whether it has
/// to be answered, and how.
#[must_use]
pub fn question_frame(
    language: Language,
    question: &QuestionView,
    number: u32,
    count: u32,
) -> String {
    let place = [("number", number.into()), ("count", count.into())];
    let mut said = vec![language.text("question-place", place)];
    if question.required {
        said.push(language.fixed("question-required"));
    }
    said.extend(how_to_answer(language, &question.kind));
    said.join(" ")
}

fn how_to_answer(language: Language, kind: &QuestionKind) -> Vec<String> {
    match kind {
        QuestionKind::SingleChoice => vec![language.fixed("question-single")],
        QuestionKind::MultipleChoice => vec![language.fixed("question-multiple")],
        QuestionKind::Integer { min, max } => {
            with_bounds(language, "question-integer", (*min, *max))
        }
        QuestionKind::Decimal { min, max } => {
            with_bounds(language, "question-decimal", (*min, *max))
        }
        QuestionKind::Text { max_length } => {
            vec![language.text("question-text", [("count", (*max_length).into())])]
        }
        QuestionKind::Scale { min, max, min_label, max_label } => {
            let [min, max] = [*min, *max].map(f64::from);
            let ends = [(min, min_label), (max, max_label)];
            let between = [("min", min.into()), ("max", max.into())];
            let ends = ends.into_iter().filter_map(|(number, label)| {
                let meaning = language.written(label.as_ref()?);
                let facts = [("number", number.into()), ("meaning", meaning.into())];
                Some(language.text("question-scale-end", facts))
            });
            [language.text("question-scale", between)].into_iter().chain(ends).collect()
        }
        QuestionKind::Date => vec![language.fixed("question-date")],
        QuestionKind::Acknowledge => vec![language.fixed("question-acknowledge")],
    }
}

fn with_bounds(
    language: Language,
    key: &'static str,
    bounds: (Option<f64>, Option<f64>),
) -> Vec<String> {
    let bounds = match bounds {
        (Some(min), Some(max)) => {
            Some(language.text("question-from-to", [("min", min.into()), ("max", max.into())]))
        }
        (Some(min), None) => Some(language.text("question-at-least", [("min", min.into())])),
        (None, Some(max)) => Some(language.text("question-at-most", [("max", max.into())])),
        (None, None) => None,
    };
    [language.fixed(key)].into_iter().chain(bounds).collect()
}

/// What is wrong with an answer, and so what would be right. A script's own words for a broken
/// constraint say more, where it has some.
#[must_use]
pub fn answer_fault(language: Language, cause: &AnswerCause) -> String {
    let key = match cause {
        AnswerCause::TooSmall { min } => {
            return language.text("answer-too-small", [("min", (*min).into())]);
        }
        AnswerCause::TooLarge { max } => {
            return language.text("answer-too-large", [("max", (*max).into())]);
        }
        AnswerCause::TooLong { max_length } => {
            return language.text("answer-too-long", [("count", (*max_length).into())]);
        }
        AnswerCause::UnknownQuestion => "answer-unknown-question",
        AnswerCause::WrongKind => "answer-wrong-kind",
        AnswerCause::UnknownOption => "answer-unknown-option",
        AnswerCause::Empty => "answer-empty",
        AnswerCause::NotFinite => "answer-not-finite",
        AnswerCause::NotWhole => "answer-not-whole",
        AnswerCause::NotADate => "answer-not-a-date",
        AnswerCause::NotAsked => "answer-not-asked",
        AnswerCause::OptionNotOffered => "answer-option-not-offered",
        AnswerCause::ConstraintBroken => "answer-constraint-broken",
        AnswerCause::Required => "answer-required",
    };
    language.fixed(key)
}
