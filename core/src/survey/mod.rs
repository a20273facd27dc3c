//! Scripts: what a canvasser says and asks, as data, and which answers it takes.
//!
//! A script is written as JSON (see [`ScriptSource`]) or put together by an importer, checked
//! as a whole ([`Script::parse`], [`Script::new`]) and then never changes: its hash names it,
//! and stored answers use its numbers. Branching is by expressions, a part of ODK's `XPath`:
//! which elements are relevant, which options are offered, which answers are allowed.
//!
//! It says what a script makes of a set of answers, and where an input takes a [`Conversation`];
//! it does not store either.
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
//!
//! # Expressions
//! The part of `XPath`, with the ODK functions, that scripts use:
//!
//! ```text
//! ${name}   .   'text'   "text"   12.5   ( )
//! or   and   = !=   < <= > >=   + -   * div mod   - (sign)
//! not(x)  selected(x, option)  count-selected(x)  if(test, then, else)  coalesce(x, y)
//! true()  false()  string-length(x)  regex(x, 'pattern')  today()  now()
//! ```
//!
//! Anything else is an error with its position, never a default. Length, depth and the number
//! of parts are bounded, nothing loops, and patterns match in linear time, so an evaluation
//! ends soon whatever the answers are; see [`limits`].
//!
//! ## The sides taken
//! ODK's two engines, `JavaRosa` (phones) and Enketo (web), differ in places. Generated
//! expressions, and the forms of `tests/fixtures/forms`, are put to `rxeval` as well, an
//! evaluator of its own kind; where it differs is held by tables in `tests/suite/forms`, so that
//! a new difference fails. Here:
//! - An unanswered or irrelevant question reads as the empty text, and an empty text as the
//!   number NaN. `<`, `<=`, `>`, `>=` and `=` with NaN are false, `!=` is true: `${age} != 5`
//!   holds without an answer, `${age} < 18` does not.
//! - `=` and `!=` compare as booleans if either side is one, else as numbers if either side is
//!   a number or a date, else as texts. The order comparisons always compare numbers.
//! - An expression reads earlier questions and calculations, a constraint also its own answer;
//!   ODK allows later ones too. A choice with no option to offer now is not asked.
//! - A multiple choice reads as its options' names in the script's order, parted by spaces.
//! - A choice that is no longer offered reads as not chosen, and a question that is not
//!   relevant as unanswered (`JavaRosa`).
//! - `regex` must match the whole text (`JavaRosa`). Its pattern is a literal without look-around
//!   and back-references; `\d`, `\w` and `\s` are ASCII.
//! - Texts turn into numbers as `XPath` 1.0 says: `-` and decimal digits only, no exponent.
//! - `coalesce` passes over NaN as over an empty text (`JavaRosa`).
//! - Days are numbers since 1970-01-01, and `now()` has the fraction of its day; a text such as
//!   `'2026-10-03'` is a day when it is compared with one (Enketo). Times carry no zone.
//! - A calculation keeps its type: a true or false one is compared with `true()`, not with
//!   `'true'`, and is a condition by itself; ODK keeps the text `false`, which is true as a
//!   condition. One that comes to NaN reads as unanswered; ODK keeps the text `NaN`.
//! - Where the engines give a bare value as a condition different meanings (`relevant: ${x}`),
//!   the checks refuse it and ask for a comparison.

mod answer;
mod ask;
pub mod authoring;
mod check;
mod consent;
mod conversation;
mod date;
mod error;
mod expression;
mod flow;
mod hint;
mod language;
pub mod limits;
mod model;
mod name;
mod script;
#[cfg(test)]
mod tests;
mod view;

pub use answer::{ACKNOWLEDGED, AnswerCause, AnswerCode, AnswerError, AnswerValue, Answers};
pub use ask::{AskKind, AskState, AskTag, MAX_ASK_NAME_BYTES, NoAsk};
pub use consent::{
    Channels, Consent, ConsentWords, ContactChannel, MAX_LANGUAGE_BYTES, MAX_WORDS_BYTES,
};
pub use conversation::{
    Conversation, ConversationEnd, ConversationStep, ConversationView, GivenAnswer, Stepped,
};
pub use date::{Date, LocalTime};
pub use error::{
    Counted, ExpressionCause, ExpressionError, JsonCause, Place, ScriptError, ScriptField,
    ScriptProblem, ValueType,
};
pub use language::LanguageReason;
pub use model::{
    Bounds, Calculation, Choices, Group, Kind, Note, Question, ResponseOption, Scale,
    ScriptElement, ScriptSource, TextLimit, Texts,
};
pub use script::Script;
pub use view::{NoteView, OptionView, QuestionKind, QuestionView, SurveyView};
