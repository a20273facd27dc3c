//! The script as data: what a spreadsheet importer writes and a file holds, before any check.
//!
//! The JSON form is what these types say to serde; `example.json` beside this file is a whole
//! script.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// One text in every language of the script: `{"en": "Hello", "es": "Hola"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// The text in `language`; empty when there is none, which a checked script excludes.
    #[must_use]
    pub fn text(&self, language: &str) -> &str {
        self.0.get(language).map_or("", String::as_str)
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Texts {
    fn from(texts: [(&str, &str); N]) -> Self {
        Self(texts.into_iter().map(|(language, text)| (language.into(), text.into())).collect())
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TextsVisitor)
    }
}

/// Reads a map and refuses a language given twice, which a plain map would swallow.
struct TextsVisitor;

impl<'de> serde::de::Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object from language code to text")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((language, text)) = map.next_entry::<String, String>()? {
            if texts.insert(language, text).is_some() {
                return Err(serde::de::Error::custom("a language is given twice"));
            }
        }
        Ok(Texts(texts))
    }
}

/// A script as written: not checked, and of no use to a canvasser until
/// [`Script::new`](super::Script::new) has checked it.
///
/// In a file it is one JSON object with these fields as keys. An element, and a question's
/// kind, is an object with one key, which says what it is: `{"question": {..}}`,
/// `{"note": {..}}`, `{"group": {..}}`, `{"calculation": {..}}`; `{"single": {..}}`,
/// `{"multiple": {..}}`, `{"integer": {..}}`, `{"decimal": {..}}`, `{"text": {..}}`,
/// `{"scale": {..}}`, and without fields `"date"` and `"acknowledge"`. Unknown keys and keys
/// given twice are refused; optional fields may be left out. Every text is an object from
/// language code to text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptSource {
    /// What the campaign calls this script; the same in every version.
    pub name: String,
    /// What the campaign calls this version, such as `3` or `2026-10-03`.
    pub version: String,
    /// Language codes such as `en`, `es`, `pt-BR`; the first is the default.
    pub languages: Vec<String>,
    /// What is said and asked, in order.
    pub elements: Vec<ScriptElement>,
}

/// One element of a script. Every name is unique among all elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ScriptElement {
    /// Something to ask.
    Question(Question),
    /// Something to read out or to know; nothing is answered.
    Note(Note),
    /// Elements that are asked, or left out, together.
    Group(Group),
    /// A value worked out from earlier answers, for use in later expressions.
    Calculation(Calculation),
}

impl ScriptElement {
    /// The element's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Question(it) => &it.name,
            Self::Note(it) => &it.name,
            Self::Group(it) => &it.name,
            Self::Calculation(it) => &it.name,
        }
    }

    /// The condition under which the element is part of the conversation.
    #[must_use]
    pub fn relevant(&self) -> Option<&str> {
        match self {
            Self::Question(it) => it.relevant.as_deref(),
            Self::Note(it) => it.relevant.as_deref(),
            Self::Group(it) => it.relevant.as_deref(),
            Self::Calculation(it) => it.relevant.as_deref(),
        }
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable name: a letter or `_`, then letters, digits and `_`. Expressions read the answer
    /// as `${name}`.
    pub name: String,
    /// What to ask.
    pub label: Texts,
    /// What helps the canvasser to ask it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Texts>,
    /// Whether the conversation is incomplete without an answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Asked only while this expression over earlier answers is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// Must be true of an answer, which it reads as `.`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
    /// What to say when the constraint is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint_message: Option<Texts>,
    /// A code by which exports and follow-ups know the question, such as `support_score`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// What kind of answer it takes.
    pub kind: Kind,
}

/// What kind of answer a question takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// One of the options.
    Single(Choices),
    /// Any of the options, at least one.
    Multiple(Choices),
    /// A whole number.
    Integer(Bounds),
    /// A number.
    Decimal(Bounds),
    /// Words.
    Text(TextLimit),
    /// A whole number from `min` to `max`, both with a meaning.
    Scale(Scale),
    /// A calendar day.
    Date,
    /// Something to confirm. Its one option is named `OK`.
    Acknowledge,
}

impl Kind {
    /// The options of a choice question; none for other kinds.
    #[must_use]
    pub fn options(&self) -> &[ResponseOption] {
        match self {
            Self::Single(choices) | Self::Multiple(choices) => &choices.options,
            _ => &[],
        }
    }
}

/// The options of a choice question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// In the order in which they are shown.
    pub options: Vec<ResponseOption>,
}

/// A possible answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseOption {
    /// Stable name, unique within the question: letters, digits, `_`, `-` and `.`.
    pub name: String,
    /// What is shown.
    pub label: Texts,
    /// Offered only while this expression over earlier answers is true (a choice filter).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// A code by which exports know the option, such as `undecided`. One that begins with `ask.`
    /// makes an ask of whoever is answered so: see [`AskTag`](super::AskTag).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// The least and the greatest number allowed, both included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Least; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// How long a text may be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextLimit {
    /// Characters allowed; none means [`MAX_ANSWER_CHARS`](super::limits::MAX_ANSWER_CHARS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}

/// A scale of whole numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The least point.
    pub min: i32,
    /// The greatest point.
    pub max: i32,
    /// What the least point means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_label: Option<Texts>,
    /// What the greatest point means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_label: Option<Texts>,
}

/// Text without an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Stable name, like a question's.
    pub name: String,
    /// What to read.
    pub text: Texts,
    /// Shown only while this expression over earlier answers is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
}

/// Elements that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Stable name, like a question's.
    pub name: String,
    /// A heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Texts>,
    /// The whole group counts only while this expression over earlier answers is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// What it holds, in order.
    pub elements: Vec<ScriptElement>,
}

/// A named value worked out from earlier answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calculation {
    /// Stable name; later expressions read the value as `${name}`.
    pub name: String,
    /// How it is worked out.
    pub expression: String,
    /// Empty while this expression over earlier answers is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
