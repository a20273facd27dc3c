//! A sheet from a CSV file: encodings, separators and quotes as for lists of doors.

use super::super::error::FileError;
use super::super::rejection::RejectionCode;
use super::super::table::{Line, Record, Table};
use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::grid::{Filling, Full, Grid, Room, Text};
use super::limits::{MAX_FORM_FILE_BYTES, MAX_FORM_ROWS};

/// Reads one sheet; none if it cannot be read to its end, which is then a fault.
pub(super) fn read(
    sheet: FormSheet,
    bytes: &[u8],
    room: &mut Room,
    faults: &mut Faults,
) -> Option<Grid> {
    if bytes.len() > MAX_FORM_FILE_BYTES {
        let problem = FormProblem::TooMuch { what: "bytes", limit: MAX_FORM_FILE_BYTES as u64 };
        faults.error(At::sheet(sheet), problem);
        return None;
    }
    let mut record = Record::default();
    let rows = u64::from(MAX_FORM_ROWS);
    let mut table = match Table::open(bytes, None, None, rows, &mut record) {
        Ok(table) => table,
        Err(FileError::Empty) => return Some(Filling::new(sheet).done()),
        Err(error) => {
            refuse(sheet, &error, faults);
            return None;
        }
    };
    let mut filling = Filling::new(sheet);
    take(&mut filling, row_of(&table), &record, room, faults).ok()?;
    loop {
        match table.read(&mut record) {
            Ok(Line::End) => return Some(filling.done()),
            Ok(Line::Record) => {
                take(&mut filling, row_of(&table), &record, room, faults).ok()?;
            }
            Ok(Line::Bad(field, _)) => {
                let row = row_of(&table);
                let column = field.and_then(|field| u32::try_from(field).ok());
                let at = column.map_or(At::row(sheet, row), |it| filling.at(row, it));
                faults.error(at, FormProblem::NotText);
            }
            Ok(Line::Lost(code)) => {
                let problem = match code {
                    RejectionCode::UnclosedQuote => FormProblem::BadTable {
                        what: "an open quotation mark, or a cell that is too long",
                        code: "unclosed_quote",
                        hint: "Close the quotation mark, and shorten long texts.",
                    },
                    _ => FormProblem::CellTooLong {
                        limit: u32::try_from(super::limits::MAX_CELL_CHARS).unwrap_or(u32::MAX),
                    },
                };
                faults.error(At::row(sheet, row_of(&table)), problem);
                return None;
            }
            Err(error) => {
                refuse(sheet, &error, faults);
                return None;
            }
        }
    }
}

fn row_of<R: std::io::Read>(table: &Table<R>) -> u32 {
    u32::try_from(table.row()).unwrap_or(u32::MAX)
}

fn take(
    filling: &mut Filling,
    row: u32,
    record: &Record,
    room: &mut Room,
    faults: &mut Faults,
) -> Result<(), Full> {
    for (column, text) in (0_u32..).zip(record.fields()) {
        if !text.is_empty() {
            let text = Text { text: text.to_owned(), is_date: false };
            filling.add((row, column), &text, room, faults)?;
        }
    }
    Ok(())
}

fn refuse(sheet: FormSheet, error: &FileError, faults: &mut Faults) {
    let row = error.row().and_then(|row| u32::try_from(row).ok());
    let at = row.map_or(At::sheet(sheet), |row| At::row(sheet, row));
    let problem = match error {
        FileError::TooManyRows { limit, .. } => {
            FormProblem::TooMuch { what: "rows", limit: *limit }
        }
        FileError::NotText { .. } => FormProblem::NotText,
        FileError::TooManyColumns { limit } => {
            FormProblem::TooMuch { what: "columns", limit: u64::from(*limit) }
        }
        FileError::HeaderTooLong { .. } => FormProblem::BadTable {
            what: "the header is too long",
            code: "header_too_long",
            hint: error.hint(),
        },
        FileError::UnclosedQuote => FormProblem::BadTable {
            what: "the header has an open quotation mark",
            code: "unclosed_quote",
            hint: error.hint(),
        },
        other => FormProblem::BadTable {
            what: "not a table of text",
            code: other.code(),
            hint: "Save the sheet as CSV in UTF-8.",
        },
    };
    faults.error(at, problem);
}
