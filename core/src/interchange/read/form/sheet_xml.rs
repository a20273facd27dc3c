//! One sheet of a workbook, cell by cell.

use quick_xml::events::{BytesStart, Event};

use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::grid::{Filling, Grid, Room, Text, letters};
use super::limits::MAX_CELL_CHARS;
use super::package::{attribute, local};
use super::workbook::{Book, Reading, Xml};
use crate::survey::Date;

/// Joined cells that are looked at.
const MAX_MERGED: usize = 10_000;

/// A cell that is open.
#[derive(Default)]
struct Cell {
    row: u32,
    column: u32,
    kind: String,
    format: usize,
    text: String,
    formula: bool,
}

/// Where the next cell stands if it does not say.
#[derive(Default)]
struct Place {
    row: u32,
    column: u32,
}

/// First and last row and column, rows from 1 and columns from 0.
struct Region {
    first: (u32, u32),
    last: (u32, u32),
}

/// Reads a sheet; none if a limit is passed, which is then a fault.
pub(super) fn read(
    sheet: FormSheet,
    mut xml: Xml<'_>,
    book: &Book,
    room: &mut Room,
    faults: &mut Faults,
) -> Result<Option<Grid>, FormProblem> {
    let mut filling = Filling::new(sheet);
    let (mut place, mut open, mut reading) = (Place::default(), None, Reading::default());
    let mut merged = Vec::new();
    while let Some(event) = xml.next()? {
        match &event {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "row" => place.begin_row(tag),
                "c" => open = Some(place.begin_cell(tag)),
                "f" => open.iter_mut().for_each(|cell: &mut Cell| cell.formula = true),
                "mergeCell" if merged.len() < MAX_MERGED => merged.extend(region(tag)),
                _ => {}
            },
            Event::End(tag) if local(tag.name().as_ref()) == "c" => {
                let cell = open.take().unwrap_or_default();
                let at = filling.at(cell.row, cell.column);
                let place = (cell.row, cell.column);
                if let Some(text) = cell.text(book, at, faults)
                    && filling.add(place, &text, room, faults).is_err()
                {
                    return Ok(None);
                }
                continue;
            }
            _ => {}
        }
        if let Some(cell) = &mut open
            && cell.text.len() <= MAX_CELL_CHARS * 4
        {
            reading.take(&event, &["v", "t"], &mut cell.text);
        }
    }
    let grid = filling.done();
    note_merged(&grid, &merged, faults);
    Ok(Some(grid))
}

impl Place {
    fn begin_row(&mut self, tag: &BytesStart<'_>) {
        let told = attribute(tag, "r").and_then(|row| row.parse::<u32>().ok());
        self.row = told.unwrap_or(self.row.saturating_add(1)).max(1);
        self.column = 0;
    }

    fn begin_cell(&mut self, tag: &BytesStart<'_>) -> Cell {
        let told = attribute(tag, "r").and_then(|place| cell_place(&place));
        let (row, column) = told.unwrap_or((self.row.max(1), self.column));
        self.column = column.saturating_add(1);
        Cell {
            row,
            column,
            kind: attribute(tag, "t").unwrap_or_default(),
            format: attribute(tag, "s").and_then(|it| it.parse().ok()).unwrap_or(0),
            text: String::new(),
            formula: false,
        }
    }
}

impl Cell {
    /// What the cell holds; none if it is blank or faulty, which is then noted.
    fn text(self, book: &Book, at: At, faults: &mut Faults) -> Option<Text> {
        let blank = self.text.trim().is_empty();
        if self.formula && blank {
            faults.error(at, FormProblem::FormulaWithoutValue);
            return None;
        }
        if blank {
            return None;
        }
        if self.formula && self.kind != "e" {
            faults.warning(at.clone(), FormProblem::Formula);
        }
        let plain = |text: String| Some(Text { text, is_date: false });
        match self.kind.as_str() {
            "s" => {
                let text = self.text.trim().parse().ok().and_then(|number| book.text(number));
                if text.is_none() {
                    faults.error(at, FormProblem::Damaged { part: "texts" });
                }
                plain(unescaped(text?))
            }
            "str" | "inlineStr" => plain(unescaped(&self.text)),
            "b" => plain(if self.text.trim() == "0" { "FALSE" } else { "TRUE" }.to_owned()),
            "d" => {
                Some(Text { text: self.text.trim_end_matches("T00:00:00").into(), is_date: true })
            }
            "e" => {
                faults.error(at, FormProblem::CellError);
                None
            }
            _ => {
                let number = self.text.trim().parse::<f64>().ok().filter(|it| it.is_finite());
                if number.is_none() {
                    faults.error(at, FormProblem::CellError);
                }
                let (number, is_date) = (number?, book.is_date(self.format));
                let text = if is_date { day(number, book.day_zero) } else { number.to_string() };
                Some(Text { text, is_date })
            }
        }
    }
}

/// A date as a day; with a time, as the number it is.
fn day(number: f64, day_zero: i32) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within a few thousand years")]
    let whole = (number.fract() == 0.0 && number.abs() < 4e6).then_some(number as i32);
    let date = whole.and_then(|days| Date::from_days(days.saturating_add(day_zero)));
    date.map_or_else(|| number.to_string(), |date| date.to_string())
}

/// `_x000D_` stands for the character of this number, as spreadsheets write what XML cannot hold.
fn unescaped(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find("_x") {
        let letter = rest.get(start + 2..start + 6).filter(|_| rest[start + 6..].starts_with('_'));
        let letter = letter.and_then(|code| u32::from_str_radix(code, 16).ok());
        let end = match letter.and_then(char::from_u32) {
            Some(letter) => {
                out.push_str(&rest[..start]);
                out.push(letter);
                start + 7
            }
            None => {
                out.push_str(&rest[..start + 2]);
                start + 2
            }
        };
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// `B7` as a row from 1 and a column from 0.
fn cell_place(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (name, row) = text.split_at(digits);
    if name.is_empty() || name.len() > 3 {
        return None;
    }
    let column = name.bytes().try_fold(0_u32, |column, letter| {
        let letter = letter.to_ascii_uppercase();
        letter.is_ascii_uppercase().then(|| column * 26 + u32::from(letter - b'A') + 1)
    })?;
    let row = row.parse::<u32>().ok().filter(|row| *row > 0)?;
    Some((row, column - 1))
}

fn region(tag: &BytesStart<'_>) -> Option<Region> {
    let text = attribute(tag, "ref")?;
    let (first, last) = text.split_once(':')?;
    Some(Region { first: cell_place(first)?, last: cell_place(last)? })
}

/// Joined cells hide what stands below them; in columns that are read this is a fault.
fn note_merged(grid: &Grid, merged: &[Region], faults: &mut Faults) {
    for Region { first, last } in merged {
        let read = grid
            .headers
            .range(first.1..=last.1.max(first.1))
            .find(|(_, header)| !header.starts_with('#'));
        if let Some((column, header)) = read
            && first != last
        {
            let header = if first.0 == grid.header_row { &letters(*column) } else { header };
            faults.error(At::cell(grid.sheet, first.0, header.clone()), FormProblem::MergedCell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_cells() {
        assert_eq!(cell_place("A1"), Some((1, 0)));
        assert_eq!(cell_place("AB12"), Some((12, 27)));
        for text in ["", "A", "1", "A0", "ABCD1", "A99999999999", "é1", "A1B"] {
            assert_eq!(cell_place(text), None, "{text}");
        }
    }

    #[test]
    fn escapes_are_resolved_once() {
        assert_eq!(unescaped("a_x000D_b"), "a\rb");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        for text in ["_x", "_xé_", "a_xyz_", "_x00D_", "_xD800_"] {
            assert_eq!(unescaped(text), text, "{text}");
        }
    }

    #[test]
    fn dates_are_days() {
        assert_eq!(day(46_298.0, -25_569), "2026-10-03");
        assert_eq!(day(0.5, -25_569), "0.5");
        assert_eq!(day(1e300, -25_569), 1e300.to_string());
    }
}
