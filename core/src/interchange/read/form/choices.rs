//! The lists of the sheet `choices`.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::grid::{Grid, Row};
use super::header::{Columns, Field};
use super::settings::Languages;
use crate::survey::{ScriptProblem, Texts};

/// One row of the sheet.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) row: u32,
    pub(super) name: String,
    pub(super) label: Texts,
    pub(super) tag: Option<String>,
    /// What choice filters may read, by column.
    pub(super) extras: BTreeMap<String, String>,
}

/// All lists, by name, and the columns they were read from.
#[derive(Debug, Default)]
pub(super) struct Lists {
    by_name: BTreeMap<String, Vec<Choice>>,
    pub(super) columns: Columns,
    used: BTreeSet<String>,
    used_columns: BTreeSet<String>,
}

impl Lists {
    pub(super) fn of(
        grid: Option<&Grid>,
        columns: Columns,
        languages: &Languages,
        faults: &mut Faults,
    ) -> Self {
        let mut lists = Self { columns, ..Self::default() };
        let Some(grid) = grid else { return lists };
        for needed in ["list_name", "name"] {
            if !grid.rows.is_empty() && !lists.columns.has(&Field::Plain(needed)) {
                let problem = FormProblem::MissingColumn { column: needed };
                faults.error(At::cell(grid.sheet, grid.header_row, needed), problem);
            }
        }
        if faults.any() && !lists.columns.has(&Field::Plain("list_name")) {
            return lists;
        }
        for row in &grid.rows {
            lists.add(row, languages, faults);
        }
        lists
    }

    fn add(&mut self, row: &Row, languages: &Languages, faults: &mut Faults) {
        let columns = &self.columns;
        if columns.cells(row).next().is_none() {
            return;
        }
        let at = |name: &'static str| {
            At::cell(FormSheet::Choices, row.row, columns.header(&Field::Plain(name)))
        };
        let Some(list) = columns.plain(row, "list_name") else {
            faults.error(at("list_name"), FormProblem::NoList);
            return;
        };
        let name = columns.plain(row, "name");
        if name.is_none() {
            faults.error(at("name"), FormProblem::MissingName);
        }
        let extra = |(field, text): (&Field, &super::grid::Text)| match field {
            Field::Extra(header) => Some((header.clone(), text.text.clone())),
            _ => None,
        };
        let choice = Choice {
            row: row.row,
            name: name.unwrap_or_default().to_owned(),
            label: texts(columns, row, "label", languages),
            tag: columns.plain(row, "tag").map(str::to_owned),
            extras: columns.cells(row).filter_map(extra).collect(),
        };
        let (list, at) = (list.to_owned(), at("name"));
        let list = self.by_name.entry(list).or_default();
        let twin = list.iter().find(|it| it.name == choice.name && !choice.name.is_empty());
        if let Some(twin) = twin {
            let first = format!("row {}", twin.row);
            faults.error(at, ScriptProblem::DuplicateName { first });
        }
        list.push(choice);
    }

    /// The list of this name, which is then used.
    pub(super) fn used(&mut self, name: &str) -> Option<&[Choice]> {
        let list = self.by_name.get(name)?;
        if !self.used.contains(name) {
            self.used.insert(name.to_owned());
        }
        Some(list)
    }

    /// Notes that a choice filter reads the column.
    pub(super) fn reads(&mut self, column: &str) {
        self.used_columns.insert(column.to_owned());
    }

    /// What no question uses.
    pub(super) fn note_unused(&self, faults: &mut Faults) {
        for (name, list) in self.by_name.iter().filter(|(name, _)| !self.used.contains(*name)) {
            let row = list.first().map_or(1, |choice| choice.row);
            let header = self.columns.header(&Field::Plain("list_name"));
            let problem = FormProblem::UnusedList { list: name.clone() };
            faults.warning(At::cell(FormSheet::Choices, row, header), problem);
        }
        for column in self.columns.extras().filter(|it| !self.used_columns.contains(*it)) {
            let at = At { row: None, ..At::cell(FormSheet::Choices, 0, column) };
            faults.warning(at, FormProblem::UnusedColumn);
        }
    }
}

/// The texts of a row under the columns of this name, by language.
pub(super) fn texts(
    columns: &Columns,
    row: &Row,
    base: &'static str,
    languages: &Languages,
) -> Texts {
    let text = |language: &String| {
        let fields = languages.fields(base, language);
        let found = fields.iter().find_map(|field| columns.cell(row, field))?;
        Some((language.clone(), found.text.clone()))
    };
    Texts(languages.0.iter().filter_map(text).collect())
}
