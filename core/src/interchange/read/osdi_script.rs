//! Scripts and questions as OSDI servers tell them (HAL and JSON), as a script.
//!
//! A script with its questions embedded, in the order of their `sequence`, or a collection of
//! questions. OSDI has no branching, no kinds of answers beyond choices and words, and one
//! language; what it has and scripts have not is counted in the loss report.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::id::ScriptHash;
use crate::interchange::write::{LossReport, LossWhy};
use crate::survey::limits::{MAX_NAME_CHARS, MAX_QUESTIONS, MAX_SCRIPT_BYTES};
use crate::survey::{
    Choices, Kind, Question, ResponseOption, Script, ScriptElement, ScriptError, ScriptSource,
    TextLimit, Texts,
};

/// A script that was read, and what of the file is not in it.
#[derive(Clone, Debug)]
pub struct OsdiScript {
    /// The script: questions in order, all of them asked.
    pub script: Script,
    /// What scripts have no place for, and names that had to be altered.
    pub loss: LossReport,
}

/// Why an OSDI script cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OsdiScriptError {
    /// Larger than a script may be.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: u32,
    },
    /// Not JSON.
    #[error("not JSON at line {line}, column {column}")]
    Syntax {
        /// Counted from 1.
        line: u32,
        /// Counted from 1.
        column: u32,
    },
    /// Neither a script with its questions nor a collection of questions.
    #[error("no questions are embedded")]
    NoQuestions,
    /// A question that lacks what it needs, or is only linked to.
    #[error("question {number}: {what}")]
    Question {
        /// Counted from 1.
        number: u32,
        /// What is wrong.
        what: &'static str,
    },
    /// The script that it makes is not sound.
    #[error("{}", .0.first().map_or_else(String::new, ToString::to_string))]
    Script(Vec<ScriptError>),
}

impl OsdiScriptError {
    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Syntax { .. } => "json",
            Self::NoQuestions => "no_questions",
            Self::Question { .. } => "bad_question",
            Self::Script(errors) => errors.first().map_or("bad_script", |it| it.problem.code()),
        }
    }

    /// What to do about it, in one English sentence.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "Split the script in two.",
            Self::Syntax { .. } => "Fetch it again.",
            Self::NoQuestions => "Fetch the script with its questions embedded.",
            Self::Question { .. } => "Correct the question where it was made, and fetch it again.",
            Self::Script(errors) => errors.first().map_or("", |it| it.problem.hint()),
        }
    }
}

/// Reads an OSDI script or a collection of questions, whose texts are in `language`.
///
/// # Errors
/// The first thing that keeps it from being a script.
pub fn read_osdi_script(json: &str, language: &str) -> Result<OsdiScript, OsdiScriptError> {
    if json.len() > MAX_SCRIPT_BYTES {
        let limit = u32::try_from(MAX_SCRIPT_BYTES).unwrap_or(u32::MAX);
        return Err(OsdiScriptError::TooLarge { limit });
    }
    let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let value: Value = serde_json::from_str(json).map_err(|error| OsdiScriptError::Syntax {
        line: place(error.line()),
        column: place(error.column()),
    })?;
    let questions = embedded(&value).ok_or(OsdiScriptError::NoQuestions)?;
    let mut reading = Reading { language, loss: LossReport::default(), names: BTreeMap::new() };
    let mut elements = Vec::new();
    for (number, question) in (1..).zip(questions.iter().take(MAX_QUESTIONS + 1)) {
        elements.push(reading.question(number, question)?);
    }
    let known = [
        "name",
        "title",
        "identifiers",
        "origin_system",
        "created_date",
        "modified_date",
        "_embedded",
        "_links",
    ];
    reading.count_others(&value, &known, "script");
    let title = text(&value, "name").or_else(|| text(&value, "title")).unwrap_or("OSDI");
    let mut source = ScriptSource {
        name: title.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect(),
        version: text(&value, "modified_date").unwrap_or_default().to_owned(),
        languages: vec![language.to_owned()],
        elements,
    };
    if source.version.is_empty() {
        let content = serde_json::to_vec(&source).unwrap_or_default();
        source.version = ScriptHash::derive(&[&content]).to_string().chars().take(8).collect();
    }
    let script = Script::new(source).map_err(OsdiScriptError::Script)?;
    Ok(OsdiScript { script, loss: reading.loss })
}

/// The questions of a script, in order, or of a collection.
fn embedded(value: &Value) -> Option<Vec<&Value>> {
    let inside = value.get("_embedded")?;
    // The specification's own example has the second spelling.
    for key in ["osdi:script_questions", "osdi:scipt_questions", "script_questions"] {
        if let Some(steps) = inside.get(key).and_then(Value::as_array) {
            let mut steps: Vec<&Value> = steps.iter().collect();
            steps.sort_by_key(|step| step.get("sequence").and_then(Value::as_i64));
            return Some(steps.into_iter().map(question_of).collect());
        }
    }
    let questions = inside.get("osdi:questions").or_else(|| inside.get("questions"))?;
    Some(questions.as_array()?.iter().collect())
}

fn question_of(step: &Value) -> &Value {
    let inside = step.get("_embedded");
    inside.and_then(|it| it.get("osdi:question").or_else(|| it.get("question"))).unwrap_or(step)
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

struct Reading<'l> {
    language: &'l str,
    loss: LossReport,
    /// How often each name has been given.
    names: BTreeMap<String, u32>,
}

impl Reading<'_> {
    fn texts(&self, text: &str) -> Texts {
        // Braces would be taken for a name that stands in the text.
        Texts([(self.language.to_owned(), text.replace("${", "{"))].into())
    }

    fn question(&mut self, number: u32, value: &Value) -> Result<ScriptElement, OsdiScriptError> {
        let fault = |what| OsdiScriptError::Question { number, what };
        let name = text(value, "name").or_else(|| text(value, "title"));
        let name =
            name.ok_or_else(|| fault("neither a name nor a title: it may only be linked to"))?;
        let label = text(value, "title").or_else(|| text(value, "description")).unwrap_or(name);
        let hint = text(value, "description").filter(|it| *it != label);
        let kind = match text(value, "question_type") {
            Some("SingleChoice") => Kind::Single(self.choices(value, &fault)?),
            Some("MultiChoice") => Kind::Multiple(self.choices(value, &fault)?),
            Some("Paragraph") => Kind::Text(TextLimit::default()),
            _ => {
                return Err(fault(
                    "the question_type is not Paragraph, SingleChoice or MultiChoice",
                ));
            }
        };
        let known = [
            "name",
            "title",
            "description",
            "summary",
            "question_type",
            "responses",
            "identifiers",
            "origin_system",
            "created_date",
            "modified_date",
            "_links",
            "_embedded",
        ];
        self.count_others(value, &known, "question");
        let (label, hint) = (self.texts(label), hint.map(|hint| self.texts(hint)));
        Ok(ScriptElement::Question(Question {
            name: self.name(name),
            label,
            hint,
            required: false,
            relevant: None,
            constraint: None,
            constraint_message: None,
            tag: None,
            kind,
        }))
    }

    fn choices(
        &mut self,
        value: &Value,
        fault: &impl Fn(&'static str) -> OsdiScriptError,
    ) -> Result<Choices, OsdiScriptError> {
        let responses = value.get("responses").and_then(Value::as_array);
        let responses = responses.ok_or_else(|| fault("a choice without responses"))?;
        let mut options = Vec::new();
        for response in responses {
            let title = text(response, "title").or_else(|| text(response, "name"));
            let key = text(response, "key").or_else(|| text(response, "name"));
            let (Some(title), Some(key)) = (title, key) else {
                return Err(fault("a response without key and name"));
            };
            let name = code_of(key);
            if name != key {
                self.loss.add("response key", 1, LossWhy::NotInFormat);
            }
            self.count_others(response, &["key", "name", "title"], "response");
            options.push(ResponseOption {
                name,
                label: self.texts(title),
                relevant: None,
                tag: None,
            });
        }
        Ok(Choices { options })
    }

    /// A name as scripts have them, of one that may hold anything; the same name twice is told
    /// apart by a number.
    fn name(&mut self, text: &str) -> String {
        let mut name: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .take(MAX_NAME_CHARS - 8)
            .collect();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            name.insert(0, '_');
        }
        let count = self.names.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            name = format!("{name}_{count}");
        }
        if name != text {
            self.loss.add("question name", 1, LossWhy::NotInFormat);
        }
        name
    }

    /// Fields with something in them that are not taken over.
    fn count_others(&mut self, value: &Value, known: &[&str], of: &str) {
        let empty = Map::new();
        for (key, value) in value.as_object().unwrap_or(&empty) {
            let blank = value.is_null() || value.as_str().is_some_and(str::is_empty);
            if !known.contains(&key.as_str()) && !blank {
                let field: String = format!("{of} {key}").chars().take(MAX_NAME_CHARS).collect();
                self.loss.add(&field, 1, LossWhy::NotInFormat);
            }
        }
    }
}

/// A response's key as the name of an option.
fn code_of(key: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    key.chars().map(|c| if kept(c) { c } else { '_' }).take(MAX_NAME_CHARS).collect()
}
