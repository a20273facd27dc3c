//! Scripts: what a canvasser says and asks, as data, and which answers it takes.
//!
//! A script is written as JSON (see [`ScriptSource`]) or put together by an importer, checked
//! as a whole ([`Script::parse`], [`Script::new`]) and then never changes: its hash names it,
//! and stored answers use its numbers. Branching is by expressions, a part of ODK's XPath:
//! which elements are relevant, which options are offered, which answers are allowed.
//!
//! It does not store answers, say when a conversation begins or ends, or step through it; it
//! says what a script makes of a set of answers.
//!
//! Invariant: a script that has been checked cannot fail. Every view of it exists in each of
//! its languages, every expression has a value, within bounded time and stack; an answer that
//! it encodes decodes to the same answer.
//!
//! ```
//! use canvass_core::survey::{AnswerValue, Answers, LocalTime, Script};
//! use canvass_core::time::Timestamp;
//!
//! let script = Script::parse(include_str!("example.json")).expect("the script is sound");
//! let now = LocalTime::at(Timestamp::parse("2026-10-03T21:04:00Z").expect("a moment"), -240);
//!
//! let mut answers = Answers::new();
//! let strong = AnswerValue::Choice { option: "1".into() };
//! let (question_no, code) = script.code("support", &strong).expect("an option of the question");
//! script.check_answer(question_no, &code, &answers, now).expect("asked now, constraint kept");
//! answers.insert(question_no, code);
//!
//! let view = script.view(&answers, "es-MX", now);
//! assert_eq!(view.next.as_deref(), Some("issues"));
//! let sign = view.questions.iter().find(|it| it.name == "sign").expect("a question");
//! assert!(sign.relevant, "only supporters are asked for a yard sign");
//! assert_eq!(sign.headings, ["Para quienes apoyan"]);
//!
//! let errors = Script::parse(r#"{"name": "x", "version": "1", "languages": ["en"], "elements": [
//!     {"question": {"name": "sign", "label": {"en": "A sign?"}, "relevant": "${suport} = '1'",
//!                   "kind": "acknowledge"}}]}"#).unwrap_err();
//! assert_eq!(errors[0].to_string(), "sign, relevant: nothing is named suport at character 1");
//! assert_eq!(errors[0].problem.hint(), "Check the spelling; names tell capitals apart.");
//! ```

mod answer;
mod check;
mod date;
mod error;
mod expression;
mod flow;
mod hint;
pub mod limits;
mod model;
mod name;
mod script;
#[cfg(test)]
mod tests;
mod view;

pub use answer::{ACKNOWLEDGED, AnswerCause, AnswerCode, AnswerError, AnswerValue, Answers};
pub use date::{Date, LocalTime};
pub use error::{
    Counted, ExpressionCause, ExpressionError, JsonCause, Place, ScriptError, ScriptField,
    ScriptProblem, ValueType,
};
pub use model::{
    Bounds, Calculation, Choices, Group, Kind, Note, Question, ResponseOption, Scale,
    ScriptElement, ScriptSource, TextLimit, Texts,
};
pub use script::Script;
pub use view::{NoteView, OptionView, QuestionKind, QuestionView, SurveyView};
