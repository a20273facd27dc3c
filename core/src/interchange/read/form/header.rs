//! What a sheet's columns mean.

use std::collections::BTreeMap;

use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::grid::{Grid, Row, Text, letters};
use crate::survey::authoring::is_language;

/// The meaning of a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// A column with one value, by its XLSForm name.
    Plain(&'static str),
    /// A column of texts in one language; none for that of the form's default language.
    Text(&'static str, Option<String>),
    /// A column that choice filters may read, by its header.
    Extra(String),
}

impl Field {
    /// The column's XLSForm name, without a language.
    pub(super) fn base(&self) -> &str {
        match self {
            Self::Plain(base) | Self::Text(base, _) => base,
            Self::Extra(header) => header,
        }
    }
}

/// The columns of a sheet that are understood.
#[derive(Debug, Default)]
pub(super) struct Columns {
    fields: BTreeMap<u32, Field>,
    places: BTreeMap<Field, (u32, String)>,
    /// Languages as the headers name them, with their codes, in the order of the columns.
    pub(super) languages: Vec<(String, String)>,
    sheet_and_row: Option<(FormSheet, u32)>,
}

/// Columns of the sheet `survey` that are no texts.
pub(in crate::interchange) const SURVEY: [&str; 9] = [
    "type",
    "name",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "parameters",
    "tag",
];
const CHOICES: [&str; 3] = ["list_name", "name", "tag"];
const SETTINGS: [&str; 4] = ["form_title", "form_id", "version", "default_language"];
/// Columns of the sheet `survey` that are texts, each in any number of languages.
pub(in crate::interchange) const SURVEY_TEXTS: [&str; 5] =
    ["label", "hint", "constraint_message", "min_label", "max_label"];
const CHOICE_TEXTS: [&str; 1] = ["label"];

/// Columns of XLSForm, or of software around it, that scripts do not have.
const UNSUPPORTED: [&str; 41] = [
    "accuracythreshold",
    "allow_choice_duplicates",
    "appearance",
    "attribute",
    "audio",
    "auto_delete",
    "auto_send",
    "autoplay",
    "big-image",
    "bind",
    "body",
    "client_editable",
    "count",
    "default",
    "default_choice_name",
    "disabled",
    "guidance_hint",
    "image",
    "instance",
    "instance_id",
    "instance_name",
    "instance_xmlns",
    "intent",
    "media",
    "namespaces",
    "omit_instanceid",
    "public_key",
    "query",
    "read_only",
    "readonly",
    "repeat_count",
    "required_message",
    "requiredmsg",
    "rows",
    "save_to",
    "sms_keyword",
    "style",
    "submission_url",
    "trigger",
    "video",
    "prefix",
];

/// Other names of the same columns, as XLSForm has them.
fn unaliased(sheet: FormSheet, base: &str) -> &str {
    match (sheet, base) {
        (FormSheet::Survey, "command") => "type",
        (FormSheet::Survey | FormSheet::Choices, "caption") => "label",
        (FormSheet::Survey | FormSheet::Choices, "value") => "name",
        (FormSheet::Survey, "relevance") => "relevant",
        (FormSheet::Survey, "calculate") => "calculation",
        (FormSheet::Survey, "constraining_message") => "constraint_message",
        (FormSheet::Settings, "set_form_id" | "id_string") => "form_id",
        (FormSheet::Settings, "set_form_title" | "title") => "form_title",
        _ => base,
    }
}

/// A language's code: of `Spanish (es)`, or of `es`, in the usual capitals (`pt-BR`, `zh-Hant`).
pub(super) fn language_code(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = || Some(text.strip_suffix(')')?.rsplit_once('(')?.1.trim());
    let code = Some(text).filter(|it| is_language(it)).or_else(inner)?;
    let capitals = |(no, part): (usize, &str)| match (no, part.len()) {
        (0, _) => part.to_ascii_lowercase(),
        (_, 2) => part.to_ascii_uppercase(),
        (_, 4) => format!("{}{}", part[..1].to_ascii_uppercase(), part[1..].to_ascii_lowercase()),
        _ => part.to_ascii_lowercase(),
    };
    let usual = || code.split('-').enumerate().map(capitals).collect::<Vec<_>>().join("-");
    is_language(code).then(usual)
}

/// Words of the column `appearance` that say how a question looks, and nothing of what it asks.
const LOOKS: [&str; 24] = [
    "compact",
    "compact-n",
    "columns",
    "columns-pack",
    "field-list",
    "horizontal",
    "horizontal-compact",
    "hidden-answer",
    "label",
    "likert",
    "list-nolabel",
    "masked",
    "minimal",
    "multiline",
    "no-buttons",
    "no-ticks",
    "numbers",
    "picker",
    "quick",
    "quickcompact",
    "table-list",
    "thousands-sep",
    "vertical",
    "big-text",
];
/// Columns that only say in which words an app speaks to whoever fills in the form: ours speaks
/// in its own, in the canvasser's language.
const OWN_WORDS: [&str; 3] = ["required_message", "requiredmsg", "guidance_hint"];

/// What is not taken over and does no harm by that.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// How a question looks: shown plainly.
    Look,
    /// Words.
    Words,
}

impl Shown {
    /// Of a column with this header.
    fn of(sheet: FormSheet, header: &str) -> Option<Self> {
        let base = header.split("::").next().unwrap_or_default();
        let base = base.trim().to_lowercase().replace(' ', "_");
        match base.as_str() {
            _ if sheet != FormSheet::Survey => None,
            "appearance" if !header.contains("::") => Some(Self::Look),
            base => OWN_WORDS.contains(&base).then_some(Self::Words),
        }
    }

    /// Whether a cell does no harm: a look that is a search, or a map, is more than a look.
    fn is_harmless(self, cell: &str) -> bool {
        let is_look = |word: &str| {
            let word = word.to_lowercase();
            let width = word.strip_prefix('w').or(word.strip_prefix("columns-"));
            LOOKS.contains(&word.as_str())
                || width.is_some_and(|number| number.parse::<u8>().is_ok())
        };
        self == Self::Words || cell.split([' ', ',']).filter(|it| !it.is_empty()).all(is_look)
    }
}

/// What a header means; nothing for one that is left out.
fn meaning(sheet: FormSheet, header: &str) -> Result<Option<Field>, FormProblem> {
    if header.starts_with('#') {
        return Ok(None);
    }
    let (base, language) = match header.split_once("::") {
        Some((base, language)) => (base, Some(language)),
        None => (header, None),
    };
    let base = base.trim().to_lowercase().replace(' ', "_");
    let base = unaliased(sheet, &base);
    let (plain, texts): (&[&'static str], &[&'static str]) = match sheet {
        FormSheet::Survey => (&SURVEY, &SURVEY_TEXTS),
        FormSheet::Choices => (&CHOICES, &CHOICE_TEXTS),
        FormSheet::Settings => (&SETTINGS, &[]),
    };
    if let Some(text) = texts.iter().find(|it| **it == base) {
        return match language.map(language_code) {
            None => Ok(Some(Field::Text(text, None))),
            Some(Some(code)) => Ok(Some(Field::Text(text, Some(code)))),
            Some(None) => Err(FormProblem::LanguageWithoutCode),
        };
    }
    match (plain.iter().find(|it| **it == base), language) {
        (Some(plain), None) => Ok(Some(Field::Plain(plain))),
        (Some(_), Some(_)) => Err(FormProblem::UnsupportedColumn),
        _ if UNSUPPORTED.contains(&base) => Err(FormProblem::UnsupportedColumn),
        (None, None) if sheet == FormSheet::Choices => Ok(Some(Field::Extra(header.to_owned()))),
        _ => Err(FormProblem::UnknownColumn),
    }
}

impl Columns {
    /// Understands the header of `grid`; what is wrong with it, or with cells under it, is noted.
    pub(super) fn of(grid: &Grid, faults: &mut Faults) -> Self {
        let sheet_and_row = Some((grid.sheet, grid.header_row));
        let mut columns = Self { sheet_and_row, ..Self::default() };
        let mut faulty: BTreeMap<u32, FormProblem> = BTreeMap::new();
        for (column, header) in &grid.headers {
            match meaning(grid.sheet, header) {
                Ok(None) => {}
                Ok(Some(field)) => columns.add(grid, *column, header, field, faults),
                Err(problem @ FormProblem::LanguageWithoutCode) => {
                    faults.error(At::cell(grid.sheet, grid.header_row, header), problem);
                }
                Err(problem) => {
                    faulty.insert(*column, problem);
                }
            }
        }
        for row in &grid.rows {
            columns.look_at(grid, row, &mut faulty, faults);
        }
        columns
    }

    fn add(&mut self, grid: &Grid, column: u32, header: &str, field: Field, faults: &mut Faults) {
        if let Field::Text(_, Some(code)) = &field {
            let name = header.split_once("::").map_or("", |(_, language)| language.trim());
            if !self.languages.iter().any(|(_, known)| known == code) {
                self.languages.push((name.to_owned(), code.clone()));
            }
        }
        if self.places.contains_key(&field) {
            let at = At::cell(grid.sheet, grid.header_row, header);
            faults.error(at, FormProblem::DoubledColumn);
            return;
        }
        self.fields.insert(column, field.clone());
        self.places.insert(field, (column, header.to_owned()));
    }

    /// Faults of single cells that have to do with their columns: each faulty column once.
    fn look_at(
        &self,
        grid: &Grid,
        row: &Row,
        faulty: &mut BTreeMap<u32, FormProblem>,
        faults: &mut Faults,
    ) {
        for (column, text) in &row.cells {
            let header = grid.headers.get(column);
            let at = || {
                let header = header.cloned().unwrap_or_else(|| letters(*column));
                At::cell(grid.sheet, row.row, header)
            };
            if header.is_none() {
                faults.error(at(), FormProblem::NoHeader);
            } else if let Some(shown) = header.and_then(|it| Shown::of(grid.sheet, it)) {
                // Told once where it does no harm, and wherever it does.
                if !shown.is_harmless(&text.text) {
                    faults.error(at(), FormProblem::UnsupportedColumn);
                } else if faulty.remove(column).is_some() {
                    faults.warning(at(), FormProblem::NotKept);
                }
            } else if let Some(problem) = faulty.remove(column) {
                faults.error(at(), problem);
            } else if text.is_date
                && self.fields.get(column).is_some_and(|it| *it != Field::Plain("version"))
            {
                faults.error(at(), FormProblem::DateCell);
            }
        }
    }

    /// The header of a field's column as it is written, else as it would be.
    pub(super) fn header(&self, field: &Field) -> String {
        match (self.places.get(field), field) {
            (Some((_, header)), _) => header.clone(),
            (None, Field::Text(base, Some(language))) => format!("{base}::{language}"),
            (None, _) => field.base().to_owned(),
        }
    }

    /// A text given both under a bare header and under that of the default language.
    pub(super) fn note_doubled(&self, default: &str, faults: &mut Faults) {
        let Some((sheet, row)) = self.sheet_and_row else { return };
        for base in SURVEY_TEXTS {
            let own = Field::Text(base, Some(default.to_owned()));
            if self.has(&own) && self.has(&Field::Text(base, None)) {
                faults.error(At::cell(sheet, row, self.header(&own)), FormProblem::DoubledColumn);
            }
        }
    }

    pub(super) fn has(&self, field: &Field) -> bool {
        self.places.contains_key(field)
    }

    pub(super) fn cell<'r>(&self, row: &'r Row, field: &Field) -> Option<&'r Text> {
        row.cells.get(&self.places.get(field)?.0)
    }

    pub(super) fn plain<'r>(&self, row: &'r Row, name: &'static str) -> Option<&'r str> {
        self.cell(row, &Field::Plain(name)).map(|it| it.text.as_str())
    }

    /// The cells of a row that are understood.
    pub(super) fn cells<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = (&'r Field, &'r Text)> {
        let field = |column: &u32| self.fields.get(column);
        row.cells.iter().filter_map(move |(column, text)| Some((field(column)?, text)))
    }

    /// The columns that only choice filters read.
    pub(super) fn extras(&self) -> impl Iterator<Item = &str> {
        self.places.keys().filter_map(|field| match field {
            Field::Extra(header) => Some(header.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_does_no_harm_and_a_search_does() {
        let look = Shown::of(FormSheet::Survey, "Appearance").expect("a look");
        for cell in ["minimal", "w4 horizontal", "columns-2", "field-list", "Quick, compact"] {
            assert!(look.is_harmless(cell), "{cell}");
        }
        for cell in ["search('streets')", "map", "minimal search(x)", "wide", "w", "columns-"] {
            assert!(!look.is_harmless(cell), "{cell}");
        }
        assert!(Shown::of(FormSheet::Survey, "required message::es").is_some());
        assert!(Shown::of(FormSheet::Survey, "default").is_none());
        assert!(Shown::of(FormSheet::Choices, "appearance").is_none());
    }

    #[test]
    fn headers_are_understood_or_refused() {
        let text = |base, code: Option<&str>| Ok(Some(Field::Text(base, code.map(str::to_owned))));
        for (sheet, header, expected) in [
            (FormSheet::Survey, "Type", Ok(Some(Field::Plain("type")))),
            (FormSheet::Survey, "relevance", Ok(Some(Field::Plain("relevant")))),
            (FormSheet::Survey, "label", text("label", None)),
            (FormSheet::Survey, "label::Spanish (es)", text("label", Some("es"))),
            (
                FormSheet::Survey,
                "constraint message :: pt-BR",
                text("constraint_message", Some("pt-BR")),
            ),
            (FormSheet::Survey, "label::Spanish", Err(FormProblem::LanguageWithoutCode)),
            (FormSheet::Survey, "relevent", Err(FormProblem::UnknownColumn)),
            (FormSheet::Survey, "media::image", Err(FormProblem::UnsupportedColumn)),
            (FormSheet::Survey, "bind::relevant", Err(FormProblem::UnsupportedColumn)),
            (FormSheet::Survey, "# for me", Ok(None)),
            (FormSheet::Choices, "list name", Ok(Some(Field::Plain("list_name")))),
            (FormSheet::Choices, "Region", Ok(Some(Field::Extra("Region".into())))),
            (FormSheet::Settings, "id_string", Ok(Some(Field::Plain("form_id")))),
            (FormSheet::Settings, "region", Err(FormProblem::UnknownColumn)),
        ] {
            assert_eq!(meaning(sheet, header), expected, "{header}");
        }
    }
}
