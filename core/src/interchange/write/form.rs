//! A script as the CSV sheets of an XLSForm, for a campaign to go on with in a spreadsheet.
//!
//! What XLSForm says another way is said so: bounds and lengths become part of the constraint,
//! an option's condition part of the question's choice filter. Read in again it asks, offers and
//! allows the same.

use std::collections::BTreeSet;

use super::ExportError;
use crate::interchange::read::form::{SURVEY, SURVEY_TEXTS};
use crate::survey::{Bounds, Kind, Question, ResponseOption, Script, ScriptElement, Texts};

/// The three sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFiles {
    /// `survey.csv`.
    pub survey: Vec<u8>,
    /// `choices.csv`.
    pub choices: Vec<u8>,
    /// `settings.csv`.
    pub settings: Vec<u8>,
}

/// Writes the sheets.
///
/// # Errors
/// None that memory does not give.
pub fn write_form_sheets(script: &Script) -> Result<FormFiles, ExportError> {
    let source = script.source();
    let mut sheets = Sheets {
        languages: &source.languages,
        survey: csv::Writer::from_writer(Vec::new()),
        choices: csv::Writer::from_writer(Vec::new()),
        lists: BTreeSet::new(),
    };
    let header = SURVEY.map(str::to_owned).into_iter();
    let texts = SURVEY_TEXTS.iter().flat_map(|base| sheets.headers(base));
    let header: Vec<String> = header.chain(texts).collect();
    sheets.survey.write_record(&header).map_err(unwritable)?;
    let header = ["list_name", "name", "tag"].map(str::to_owned).into_iter();
    let header: Vec<String> = header.chain(sheets.headers("label")).collect();
    sheets.choices.write_record(&header).map_err(unwritable)?;
    sheets.elements(&source.elements)?;
    let mut settings = csv::Writer::from_writer(Vec::new());
    let default = source.languages.first().map_or("", String::as_str);
    settings.write_record(["form_id", "version", "default_language"]).map_err(unwritable)?;
    settings.write_record([&source.name, &source.version, default]).map_err(unwritable)?;
    Ok(FormFiles {
        survey: done(sheets.survey)?,
        choices: done(sheets.choices)?,
        settings: done(settings)?,
    })
}

fn unwritable(error: csv::Error) -> ExportError {
    let kind = match error.into_kind() {
        csv::ErrorKind::Io(error) => error.kind(),
        _ => std::io::ErrorKind::Other,
    };
    ExportError::Unwritable(kind)
}

fn done(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, ExportError> {
    writer.into_inner().map_err(|error| ExportError::Unwritable(error.error().kind()))
}

struct Sheets<'s> {
    languages: &'s [String],
    survey: csv::Writer<Vec<u8>>,
    choices: csv::Writer<Vec<u8>>,
    lists: BTreeSet<String>,
}

/// A row of the sheet `survey`.
#[derive(Default)]
struct Row<'s> {
    plain: [String; SURVEY.len()],
    texts: [Option<&'s Texts>; SURVEY_TEXTS.len()],
}

impl<'s> Row<'s> {
    fn of(kind: &str, name: &str, relevant: Option<&str>) -> Self {
        let mut row = Self::default();
        row.set("type", kind);
        row.set("name", name);
        row.set("relevant", relevant.unwrap_or_default());
        row
    }

    fn set(&mut self, column: &str, text: &str) {
        for (cell, name) in self.plain.iter_mut().zip(SURVEY) {
            if name == column {
                text.clone_into(cell);
            }
        }
    }

    fn say(&mut self, column: &str, texts: Option<&'s Texts>) {
        for (cell, name) in self.texts.iter_mut().zip(SURVEY_TEXTS) {
            if name == column {
                *cell = texts;
            }
        }
    }
}

impl Sheets<'_> {
    fn headers(&self, base: &str) -> Vec<String> {
        self.languages.iter().map(|language| format!("{base}::{language}")).collect()
    }

    fn put(&mut self, row: &Row<'_>) -> Result<(), ExportError> {
        let said = |texts: Option<&Texts>| -> Vec<String> {
            let text = |language: &String| texts.map_or("", |it| it.text(language)).to_owned();
            self.languages.iter().map(text).collect()
        };
        let cells = row.plain.iter().cloned().chain(row.texts.iter().copied().flat_map(said));
        let cells: Vec<String> = cells.collect();
        self.survey.write_record(&cells).map_err(unwritable)
    }

    fn elements(&mut self, elements: &[ScriptElement]) -> Result<(), ExportError> {
        for element in elements {
            let (name, relevant) = (element.name(), element.relevant());
            match element {
                ScriptElement::Group(group) => {
                    let mut row = Row::of("begin_group", name, relevant);
                    row.say("label", group.label.as_ref());
                    self.put(&row)?;
                    self.elements(&group.elements)?;
                    self.put(&Row::of("end_group", name, None))?;
                }
                ScriptElement::Note(note) => {
                    let mut row = Row::of("note", name, relevant);
                    row.say("label", Some(&note.text));
                    self.put(&row)?;
                }
                ScriptElement::Calculation(calculation) => {
                    let mut row = Row::of("calculate", name, relevant);
                    row.set("calculation", &calculation.expression);
                    self.put(&row)?;
                }
                ScriptElement::Question(question) => self.question(question)?,
            }
        }
        Ok(())
    }

    fn question(&mut self, question: &Question) -> Result<(), ExportError> {
        let mut row = Row::of("", &question.name, question.relevant.as_deref());
        row.set("required", if question.required { "yes" } else { "" });
        row.set("tag", question.tag.as_deref().unwrap_or_default());
        row.say("label", Some(&question.label));
        row.say("hint", question.hint.as_ref());
        row.say("constraint_message", question.constraint_message.as_ref());
        let own = question.constraint.clone();
        let limits = limits(&question.kind);
        let constraint = match (own, limits.as_slice()) {
            (own, []) => own,
            (None, limits) => Some(limits.join(" and ")),
            (Some(own), limits) => Some(format!("{} and ({own})", limits.join(" and "))),
        };
        row.set("constraint", constraint.as_deref().unwrap_or_default());
        if let Kind::Scale(scale) = &question.kind {
            row.set("parameters", &format!("start={} end={} step=1", scale.min, scale.max));
            row.say("min_label", scale.min_label.as_ref());
            row.say("max_label", scale.max_label.as_ref());
        }
        let options = question.kind.options();
        if let Some(filter) = filter(options) {
            row.set("choice_filter", &filter);
        }
        let name = &question.name;
        row.set("type", &kind(&question.kind, name));
        self.put(&row)?;
        if self.lists.insert(name.clone()) {
            options.iter().try_for_each(|option| self.option(name, option))?;
        }
        Ok(())
    }

    fn option(&mut self, list: &str, option: &ResponseOption) -> Result<(), ExportError> {
        let tag = option.tag.clone().unwrap_or_default();
        let cells = [list.to_owned(), option.name.clone(), tag].into_iter();
        let labels = self.languages.iter().map(|it| option.label.text(it).to_owned());
        let cells: Vec<String> = cells.chain(labels).collect();
        self.choices.write_record(&cells).map_err(unwritable)
    }
}

fn kind(kind: &Kind, list: &str) -> String {
    match kind {
        Kind::Single(_) => format!("select_one {list}"),
        Kind::Multiple(_) => format!("select_multiple {list}"),
        Kind::Integer(_) => "integer".to_owned(),
        Kind::Decimal(_) => "decimal".to_owned(),
        Kind::Text(_) => "text".to_owned(),
        Kind::Scale(_) => "range".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Acknowledge => "acknowledge".to_owned(),
    }
}

/// Bounds and lengths as conditions of an answer.
fn limits(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Integer(Bounds { min, max }) | Kind::Decimal(Bounds { min, max }) => {
            let least = min.map(|min| format!(". >= {min}"));
            let most = max.map(|max| format!(". <= {max}"));
            [least, most].into_iter().flatten().collect()
        }
        Kind::Text(limit) => {
            limit.max_length.iter().map(|most| format!("string-length(.) <= {most}")).collect()
        }
        _ => Vec::new(),
    }
}

/// A filter that asks of each option what its own condition asks.
fn filter(options: &[ResponseOption]) -> Option<String> {
    options.iter().find(|option| option.relevant.is_some())?;
    let each = |option: &ResponseOption| match &option.relevant {
        Some(relevant) => format!("name = '{}' and ({relevant})", option.name),
        None => format!("name = '{}'", option.name),
    };
    Some(options.iter().map(each).collect::<Vec<_>>().join(" or "))
}
