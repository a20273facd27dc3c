//! The rows of the sheet `survey`, as elements of a script.
//!
//! A row that cannot be taken over stands in as a text question, so that what reads it is still
//! looked at; its name is remembered, and what else is wrong because of it is not told.

use std::collections::BTreeSet;

use super::choices::{Choice, Lists, texts};
use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::filter::{Filter, Offered, Said, unknown_column};
use super::grid::{Grid, Row};
use super::header::{Columns, Field};
use super::kinds::{RowKind, range};
use super::settings::Languages;
use crate::survey::limits::{MAX_ELEMENTS, MAX_GROUP_DEPTH, MAX_SCRIPT_BYTES};
use crate::survey::{
    Bounds, Calculation, Choices, Group, Kind, Note, Question, ResponseOption, Scale,
    ScriptElement, ScriptProblem, TextLimit, Texts,
};

/// For each option of a question, its row of the sheet `choices` and the filter as it reads there.
type OptionOrigins = Vec<(u32, Said)>;

/// Where an element of the script comes from.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) row: u32,
    /// Of its options.
    pub(super) options: OptionOrigins,
    /// Whether the row could not be taken over.
    pub(super) stands_in: bool,
}

/// What the sheet came to.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) elements: Vec<ScriptElement>,
    /// Of all elements, a group before what it holds.
    pub(super) origins: Vec<Origin>,
    /// Names of rows that could not be taken over.
    pub(super) poisoned: BTreeSet<String>,
}

/// Something that cannot be taken over, which is noted.
struct Faulty;

/// A group that is open.
struct Open {
    group: Group,
    row: u32,
    /// Deeper than groups may be: its rows count as those of the group around it.
    too_deep: bool,
}

struct Builder<'f> {
    columns: &'f Columns,
    languages: &'f Languages,
    lists: &'f mut Lists,
    faults: &'f mut Faults,
    built: Built,
    open: Vec<Open>,
    /// Bytes of names and labels of options taken so far.
    bytes: usize,
}

/// Reads the sheet.
pub(super) fn build(
    grid: &Grid,
    columns: &Columns,
    languages: &Languages,
    lists: &mut Lists,
    faults: &mut Faults,
) -> Built {
    for needed in ["type", "name"] {
        if !columns.has(&Field::Plain(needed)) {
            let problem = FormProblem::MissingColumn { column: needed };
            faults.error(At::cell(grid.sheet, grid.header_row.max(1), needed), problem);
        }
    }
    let (built, open) = (Built::default(), Vec::new());
    let mut builder = Builder { columns, languages, lists, faults, built, open, bytes: 0 };
    if !columns.has(&Field::Plain("type")) {
        return builder.built;
    }
    for row in &grid.rows {
        if builder.built.origins.len() > MAX_ELEMENTS {
            // The script's own check says how many there may be.
            break;
        }
        builder.row(row);
    }
    builder.done()
}

impl Builder<'_> {
    fn at(&self, row: &Row, name: &'static str) -> At {
        let field = match name {
            "label" | "hint" => Field::Text(name, None),
            _ => Field::Plain(name),
        };
        At::cell(FormSheet::Survey, row.row, self.columns.header(&field))
    }

    fn row(&mut self, row: &Row) {
        if self.columns.cells(row).next().is_none() {
            return;
        }
        let Some(text) = self.columns.plain(row, "type") else {
            self.faults.error(self.at(row, "type"), FormProblem::MissingType);
            return;
        };
        let kind = match RowKind::of(text) {
            Ok(kind) => kind,
            Err(problem) => {
                self.faults.error(self.at(row, "type"), problem);
                match RowKind::bracket(text) {
                    Some(RowKind::EndGroup) => self.end_group(row, false),
                    Some(_) => self.begin_group(row),
                    None => self.stand_in(row),
                }
                return;
            }
        };
        self.check_cells(row, &kind);
        if kind == RowKind::EndGroup {
            self.end_group(row, true);
            return;
        }
        if self.columns.plain(row, "name").is_none() {
            self.faults.error(self.at(row, "name"), FormProblem::MissingName);
        }
        match kind {
            RowKind::BeginGroup => self.begin_group(row),
            RowKind::Note => self.note(row),
            RowKind::Calculate => self.calculate(row),
            kind => self.question(row, &kind),
        }
    }

    /// Cells that do not go with the row's type.
    fn check_cells(&mut self, row: &Row, kind: &RowKind) {
        for (field, text) in self.columns.cells(row) {
            let base = field.base();
            let says_no = base == "required" && yes_or_no(&text.text) == Some(false);
            if kind.takes(base) || says_no {
                continue;
            }
            let at = At::cell(FormSheet::Survey, row.row, self.columns.header(field));
            match (kind, field) {
                // Common in forms, for those who read them.
                (RowKind::Calculate, Field::Text("label", _)) => {
                    self.faults.warning(at, FormProblem::NotKept);
                }
                (_, Field::Plain(column) | Field::Text(column, _)) => {
                    let problem = FormProblem::NotForType { kind: kind.name(), column };
                    self.faults.error(at, problem);
                }
                (_, Field::Extra(_)) => {}
            }
        }
    }

    fn name(&self, row: &Row) -> String {
        self.columns.plain(row, "name").unwrap_or_default().to_owned()
    }

    fn relevant(&self, row: &Row) -> Option<String> {
        self.columns.plain(row, "relevant").map(str::to_owned)
    }

    fn texts(&self, row: &Row, base: &'static str) -> Texts {
        texts(self.columns, row, base, self.languages)
    }

    fn some_texts(&self, row: &Row, base: &'static str) -> Option<Texts> {
        Some(self.texts(row, base)).filter(|texts| !texts.0.is_empty())
    }

    fn push(&mut self, row: &Row, element: ScriptElement, options: OptionOrigins, whole: bool) {
        if !whole {
            self.built.poisoned.insert(element.name().to_owned());
        }
        self.built.origins.push(Origin { row: row.row, options, stands_in: !whole });
        match self.open.last_mut() {
            Some(open) => open.group.elements.push(element),
            None => self.built.elements.push(element),
        }
    }

    fn stand_in(&mut self, row: &Row) {
        let question = Question {
            name: self.name(row),
            label: self.texts(row, "label"),
            hint: None,
            required: false,
            relevant: self.relevant(row),
            constraint: None,
            constraint_message: None,
            tag: None,
            kind: Kind::Text(TextLimit::default()),
        };
        self.push(row, ScriptElement::Question(question), Vec::new(), false);
    }

    fn note(&mut self, row: &Row) {
        let note = Note {
            name: self.name(row),
            text: self.texts(row, "label"),
            relevant: self.relevant(row),
        };
        self.push(row, ScriptElement::Note(note), Vec::new(), true);
    }

    fn calculate(&mut self, row: &Row) {
        let expression = self.columns.plain(row, "calculation").unwrap_or_default().to_owned();
        if expression.is_empty() {
            self.faults.error(self.at(row, "calculation"), ScriptProblem::Empty);
            return self.stand_in(row);
        }
        let (name, relevant) = (self.name(row), self.relevant(row));
        let calculation = Calculation { name, expression, relevant };
        self.push(row, ScriptElement::Calculation(calculation), Vec::new(), true);
    }

    fn begin_group(&mut self, row: &Row) {
        let group = Group {
            name: self.name(row),
            label: self.some_texts(row, "label"),
            relevant: self.relevant(row),
            elements: Vec::new(),
        };
        let too_deep = self.open.len() >= MAX_GROUP_DEPTH;
        if too_deep {
            let limit = u32::try_from(MAX_GROUP_DEPTH).unwrap_or(u32::MAX);
            self.faults.error(self.at(row, "type"), ScriptProblem::TooDeep { limit });
        } else {
            self.built.origins.push(Origin { row: row.row, options: vec![], stands_in: false });
        }
        self.open.push(Open { group, row: row.row, too_deep });
    }

    /// Puts an innermost group that is no longer open where it belongs.
    fn close(&mut self, Open { group, too_deep, .. }: Open) {
        let around = match self.open.last_mut() {
            Some(open) => &mut open.group.elements,
            None => &mut self.built.elements,
        };
        if too_deep {
            around.extend(group.elements);
        } else {
            around.push(ScriptElement::Group(group));
        }
    }

    /// Closes the innermost group; `checked` is false for the end of what is not supported.
    fn end_group(&mut self, row: &Row, checked: bool) {
        let name = self.columns.plain(row, "name");
        let fits = |open: &Open| !checked || name.is_none_or(|name| name == open.group.name);
        if !self.open.last().is_some_and(fits) {
            let column = if self.open.is_empty() { "type" } else { "name" };
            self.faults.error(self.at(row, column), FormProblem::UnopenedGroup);
        }
        if let Some(open) = self.open.pop() {
            self.close(open);
        }
    }

    fn question(&mut self, row: &Row, kind: &RowKind) {
        let required = self.columns.plain(row, "required").map(yes_or_no);
        if required == Some(None) {
            self.faults.error(self.at(row, "required"), FormProblem::NotYesOrNo);
        }
        let Some((answer, options)) = self.answer(row, kind) else {
            return self.stand_in(row);
        };
        let question = Question {
            name: self.name(row),
            label: self.texts(row, "label"),
            hint: self.some_texts(row, "hint"),
            required: required.flatten().unwrap_or(false),
            relevant: self.relevant(row),
            constraint: self.columns.plain(row, "constraint").map(str::to_owned),
            constraint_message: self.some_texts(row, "constraint_message"),
            tag: self.columns.plain(row, "tag").map(str::to_owned),
            kind: answer,
        };
        self.push(row, ScriptElement::Question(question), options, true);
    }

    /// What kind of answer a question takes, and where its options come from.
    fn answer(&mut self, row: &Row, kind: &RowKind) -> Option<(Kind, OptionOrigins)> {
        let kind = match kind {
            RowKind::SelectOne(list) => {
                let (options, rows) = self.options(row, list.as_deref())?;
                return Some((Kind::Single(Choices { options }), rows));
            }
            RowKind::SelectMultiple(list) => {
                let (options, rows) = self.options(row, list.as_deref())?;
                return Some((Kind::Multiple(Choices { options }), rows));
            }
            RowKind::Integer => Kind::Integer(Bounds::default()),
            RowKind::Decimal => Kind::Decimal(Bounds::default()),
            RowKind::Date => Kind::Date,
            RowKind::Acknowledge => Kind::Acknowledge,
            RowKind::Range => {
                let ends = self.columns.plain(row, "parameters").and_then(range);
                if ends.is_none() {
                    self.faults.error(self.at(row, "parameters"), FormProblem::BadRange);
                }
                let (min, max) = ends?;
                let min_label = self.some_texts(row, "min_label");
                let max_label = self.some_texts(row, "max_label");
                Kind::Scale(Scale { min, max, min_label, max_label })
            }
            _ => Kind::Text(TextLimit::default()),
        };
        Some((kind, Vec::new()))
    }

    fn options(
        &mut self,
        row: &Row,
        list: Option<&str>,
    ) -> Option<(Vec<ResponseOption>, OptionOrigins)> {
        let Some(list) = list else {
            self.faults.error(self.at(row, "type"), FormProblem::NoList);
            return None;
        };
        let filter = self.filter(row).ok()?;
        let at = (self.at(row, "type"), self.at(row, "choice_filter"));
        let Some(choices) = self.lists.used(list) else {
            self.faults.error(at.0, FormProblem::UnknownList { list: list.to_owned() });
            return None;
        };
        let (mut options, mut rows) = (Vec::new(), Vec::new());
        for choice in choices {
            let said = match filter.as_ref().map_or(Offered::Always, |it| it.offered(choice)) {
                Offered::Always => None,
                Offered::Never => continue,
                Offered::If(said) => Some(said),
                Offered::Unsayable(column) => {
                    let at = At::cell(FormSheet::Choices, choice.row, column);
                    self.faults.error(at, FormProblem::UnquotableValue);
                    continue;
                }
            };
            self.bytes += bytes_of(choice) + said.as_ref().map_or(0, |it| it.text.len());
            if self.bytes > MAX_SCRIPT_BYTES {
                let limit = u32::try_from(MAX_SCRIPT_BYTES).unwrap_or(u32::MAX);
                self.faults.error(at.0, ScriptProblem::FileTooLarge { limit });
                return None;
            }
            options.push(ResponseOption {
                name: choice.name.clone(),
                label: choice.label.clone(),
                relevant: said.as_ref().map(|it| it.text.clone()),
                tag: choice.tag.clone(),
            });
            rows.push((choice.row, said.unwrap_or_default()));
        }
        if options.is_empty() {
            self.faults.error(at.1, FormProblem::NothingOffered);
            return None;
        }
        Some((options, rows))
    }

    /// The row's choice filter, if it has one; a faulty one is noted.
    fn filter(&mut self, row: &Row) -> Result<Option<Filter>, Faulty> {
        let Some(text) = self.columns.plain(row, "choice_filter") else { return Ok(None) };
        let at = self.at(row, "choice_filter");
        let filter = match Filter::of(text) {
            Ok(filter) => filter,
            Err(error) => {
                self.faults.error(at, ScriptProblem::from(error));
                return Err(Faulty);
            }
        };
        let mut whole = true;
        for column in filter.columns() {
            if column != "name" && !self.lists.columns.extras().any(|it| it == column) {
                self.faults.error(at.clone(), unknown_column(column));
                whole = false;
            }
            self.lists.reads(column);
        }
        if whole { Ok(Some(filter)) } else { Err(Faulty) }
    }

    fn done(mut self) -> Built {
        while let Some(open) = self.open.pop() {
            let header = self.columns.header(&Field::Plain("type"));
            let at = At::cell(FormSheet::Survey, open.row, header);
            self.faults.error(at, FormProblem::UnclosedGroup);
            self.close(open);
        }
        self.built
    }
}

/// About what an option takes in a script's JSON.
fn bytes_of(choice: &Choice) -> usize {
    let labels: usize = choice.label.0.iter().map(|(code, text)| code.len() + text.len() + 6).sum();
    choice.name.len() + labels + 30
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "true()" => Some(true),
        "no" | "false" | "false()" => Some(false),
        _ => None,
    }
}
