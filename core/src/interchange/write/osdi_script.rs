//! A script as OSDI servers take it: a script with its questions embedded.
//!
//! OSDI has choices and words, in one language, and nothing is left out by an answer. What it
//! cannot hold is in the loss report; a question whose branching is lost would be asked of
//! everyone.

use serde_json::{Value, json};

use super::loss::{LossReport, LossWhy};
use crate::survey::{Kind, Question, Script, ScriptElement, Texts};

/// What `origin_system` says, and the first half of identifiers.
const ORIGIN_SYSTEM: &str = "canvass";

/// The script in its default language, and what the format cannot hold.
#[must_use]
pub fn osdi_script(script: &Script) -> (Value, LossReport) {
    let source = script.source();
    let mut writing = Writing {
        language: source.languages.first().map_or("", String::as_str),
        questions: Vec::new(),
        loss: LossReport::default(),
    };
    writing.elements(&source.elements);
    writing.lose("version", 1);
    writing.lose("languages beside the first", source.languages.len().saturating_sub(1));
    let steps: Vec<Value> = (1..)
        .zip(writing.questions)
        .map(|(sequence, question): (u32, Value)| {
            json!({ "sequence": sequence, "_embedded": { "osdi:question": question } })
        })
        .collect();
    let value = json!({
        "origin_system": ORIGIN_SYSTEM,
        "identifiers": [format!("{ORIGIN_SYSTEM}:{}", script.hash())],
        "name": source.name,
        "title": source.name,
        "_embedded": { "osdi:script_questions": steps },
    });
    (value, writing.loss)
}

struct Writing<'s> {
    language: &'s str,
    questions: Vec<Value>,
    loss: LossReport,
}

impl Writing<'_> {
    fn lose(&mut self, field: &str, count: usize) {
        self.loss.add(field, count as u64, LossWhy::NotInFormat);
    }

    fn elements(&mut self, elements: &[ScriptElement]) {
        for element in elements {
            self.lose("relevant", usize::from(element.relevant().is_some()));
            match element {
                ScriptElement::Question(question) => self.question(question),
                ScriptElement::Note(_) => self.lose("note", 1),
                ScriptElement::Calculation(_) => self.lose("calculation", 1),
                ScriptElement::Group(group) => {
                    self.lose("group", 1);
                    self.elements(&group.elements);
                }
            }
        }
    }

    fn question(&mut self, question: &Question) {
        let options = question.kind.options();
        self.lose("required", usize::from(question.required));
        self.lose("constraint", usize::from(question.constraint.is_some()));
        self.lose("choice filter", options.iter().filter(|it| it.relevant.is_some()).count());
        let tags = options.iter().filter(|it| it.tag.is_some()).count();
        self.lose("tag", tags + usize::from(question.tag.is_some()));
        let (question_type, responses) = self.kind(&question.kind);
        let label = question.label.text(self.language);
        let hint = question.hint.as_ref().map_or("", |hint| hint.text(self.language));
        self.questions.push(json!({
            "origin_system": ORIGIN_SYSTEM,
            "name": question.name,
            "title": label,
            "description": if hint.is_empty() { label } else { hint },
            "question_type": question_type,
            "responses": responses,
        }));
    }

    fn kind(&mut self, kind: &Kind) -> (&'static str, Vec<Value>) {
        let response = |key: &str, text: &str| json!({ "key": key, "name": text, "title": text });
        let label = |label: &Texts| label.text(self.language).to_owned();
        match kind {
            Kind::Single(choices) | Kind::Multiple(choices) => {
                let options = choices.options.iter();
                let responses = options.map(|it| response(&it.name, &label(&it.label))).collect();
                let many = matches!(kind, Kind::Multiple(_));
                (if many { "MultiChoice" } else { "SingleChoice" }, responses)
            }
            Kind::Scale(scale) => {
                let end = |point: i32| match point {
                    point if point == scale.min => scale.min_label.as_ref(),
                    point if point == scale.max => scale.max_label.as_ref(),
                    _ => None,
                };
                let text = |point: i32| match end(point).map(label) {
                    Some(meaning) => format!("{point}: {meaning}"),
                    None => point.to_string(),
                };
                let points = scale.min..=scale.max;
                let responses =
                    points.map(|point| response(&point.to_string(), &text(point))).collect();
                self.lose("kind scale", 1);
                ("SingleChoice", responses)
            }
            Kind::Acknowledge => {
                self.lose("kind acknowledge", 1);
                let name = crate::survey::ACKNOWLEDGED;
                ("SingleChoice", vec![response(name, name)])
            }
            Kind::Text(limit) => {
                self.lose("max_length", usize::from(limit.max_length.is_some()));
                ("Paragraph", Vec::new())
            }
            other => {
                self.lose(
                    match other {
                        Kind::Integer(_) => "kind integer",
                        Kind::Decimal(_) => "kind decimal",
                        _ => "kind date",
                    },
                    1,
                );
                ("Paragraph", Vec::new())
            }
        }
    }
}
