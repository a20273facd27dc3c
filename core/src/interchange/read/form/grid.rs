//! A sheet as cells: what both kinds of files are read into before anything is understood.

use std::collections::BTreeMap;

use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::limits::{
    MAX_CELL_CHARS, MAX_FORM_COLUMNS, MAX_FORM_ROWS, MAX_FORM_TEXT_BYTES, MAX_HEADER_CHARS,
};

/// The cells of one sheet that are not blank.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) sheet: FormSheet,
    /// The row of the header, as a spreadsheet counts.
    pub(super) header_row: u32,
    /// Headers by column, from 0.
    pub(super) headers: BTreeMap<u32, String>,
    /// Rows with something in them, in order.
    pub(super) rows: Vec<Row>,
}

/// One row with something in it.
#[derive(Debug)]
pub(super) struct Row {
    /// As a spreadsheet counts.
    pub(super) row: u32,
    /// Texts by column.
    pub(super) cells: BTreeMap<u32, Text>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// Without the blanks around it; not empty.
    pub(super) text: String,
    /// Whether the spreadsheet made a date or a time of it.
    pub(super) is_date: bool,
}

/// How much text there may still be in all sheets together.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    pub(super) fn new() -> Self {
        Self(MAX_FORM_TEXT_BYTES)
    }
}

/// A sheet that is being read, cell by cell.
#[derive(Debug)]
pub(super) struct Filling {
    grid: Grid,
}

/// Nothing more is to be read of this form: a limit is passed.
#[derive(Debug)]
pub(super) struct Full;

impl Filling {
    pub(super) fn new(sheet: FormSheet) -> Self {
        let (headers, rows) = (BTreeMap::new(), Vec::new());
        Self { grid: Grid { sheet, header_row: 0, headers, rows } }
    }

    /// A cell's place before headers are understood: by its header if that is known.
    pub(super) fn at(&self, row: u32, column: u32) -> At {
        let name = self.grid.headers.get(&column).cloned();
        At::cell(self.grid.sheet, row, name.unwrap_or_else(|| letters(column)))
    }

    /// Takes a cell; rows come in any order a file has them, which is ascending in all that
    /// spreadsheets write.
    pub(super) fn add(
        &mut self,
        (row, column): (u32, u32),
        text: &Text,
        room: &mut Room,
        faults: &mut Faults,
    ) -> Result<(), Full> {
        let sheet = self.grid.sheet;
        let trimmed = text.text.trim();
        if trimmed.is_empty() {
            return Ok(());
        }
        let too_much = |what, limit| FormProblem::TooMuch { what, limit };
        if row > MAX_FORM_ROWS {
            let problem = too_much("rows", u64::from(MAX_FORM_ROWS));
            faults.error(At::row(sheet, row), problem);
            return Err(Full);
        }
        if column >= MAX_FORM_COLUMNS {
            let problem = too_much("columns", u64::from(MAX_FORM_COLUMNS));
            faults.error(At::cell(sheet, row, letters(column)), problem);
            return Err(Full);
        }
        let is_header = self.grid.header_row == 0 || self.grid.header_row == row;
        let limit = if is_header { MAX_HEADER_CHARS } else { MAX_CELL_CHARS };
        if trimmed.chars().count() > limit {
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            faults.error(self.at(row, column), FormProblem::CellTooLong { limit });
            return Ok(());
        }
        if trimmed.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            faults.error(self.at(row, column), FormProblem::NotText);
            return Ok(());
        }
        let Some(left) = room.0.checked_sub(trimmed.len()) else {
            let problem = too_much("bytes of text", MAX_FORM_TEXT_BYTES as u64);
            faults.error(self.at(row, column), problem);
            return Err(Full);
        };
        room.0 = left;
        self.put(row, column, Text { text: trimmed.to_owned(), is_date: text.is_date });
        Ok(())
    }

    fn put(&mut self, row: u32, column: u32, text: Text) {
        let grid = &mut self.grid;
        if grid.header_row == 0 {
            grid.header_row = row;
        }
        if row == grid.header_row {
            grid.headers.insert(column, text.text);
            return;
        }
        if grid.rows.last().is_none_or(|last| last.row != row) {
            grid.rows.push(Row { row, cells: BTreeMap::new() });
        }
        if let Some(last) = grid.rows.last_mut() {
            last.cells.insert(column, text);
        }
    }

    pub(super) fn done(mut self) -> Grid {
        self.grid.rows.sort_by_key(|row| row.row);
        self.grid
    }
}

/// A column's letters: A, B, .., Z, AA.
pub(super) fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
