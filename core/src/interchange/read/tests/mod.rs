//! Files of every make, whole and broken.

mod doors;
mod people;
mod profiles;
mod streams;
mod table;

use std::io::{Error, ErrorKind, Read};

use super::*;

/// A spelling of one and the same table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Make {
    pub(super) separator: char,
    pub(super) line_end: &'static str,
    pub(super) always_quote: bool,
    pub(super) encode: fn(&str) -> Vec<u8>,
}

pub(super) fn makes() -> Vec<Make> {
    let encodings: [fn(&str) -> Vec<u8>; 5] = [
        |text| text.as_bytes().to_vec(),
        |text| [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
        |text| utf_16(text, u16::to_le_bytes),
        |text| utf_16(text, u16::to_be_bytes),
        latin_1,
    ];
    let mut makes = Vec::new();
    for separator in [',', '\t', ';'] {
        for line_end in ["\n", "\r\n", "\r"] {
            for always_quote in [true, false] {
                makes.extend(encodings.map(|encode| Make {
                    separator,
                    line_end,
                    always_quote,
                    encode,
                }));
            }
        }
    }
    makes
}

impl Make {
    pub(super) fn file(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let cell = |text: &String| {
            let special = |c| c == self.separator || matches!(c, '"' | '\n' | '\r');
            if self.always_quote || text.contains(special) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text.clone()
            }
        };
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().map(cell).collect();
            cells.join(&self.separator.to_string()) + self.line_end
        };
        (self.encode)(&rows.iter().map(line).collect::<String>())
    }
}

fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(order).collect()
}

/// Only for texts of U+0000 to U+007F and U+00A0 to U+00FF.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect()
}

pub(super) fn strings(row: &[&str]) -> Vec<String> {
    row.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Gives its bytes one at a time, as a slow pipe might.
pub(super) struct Drip<'a>(pub(super) &'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(1);
        self.0.read(&mut buffer[..count])
    }
}

/// Gives its bytes and then breaks.
pub(super) struct Breaks<'a>(pub(super) &'a [u8]);

impl Read for Breaks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(Error::from(ErrorKind::ConnectionReset)),
            count => Ok(count),
        }
    }
}

pub(super) fn read_doors(file: impl Read) -> Result<Vec<RowOutcome<DoorRecord>>, FileError> {
    DoorReader::open(file, None, ReadLimits::default())?.collect()
}

pub(super) const REFERENCE_YEAR: u32 = 2026;

pub(super) fn read_people(file: impl Read) -> Result<Vec<RowOutcome<PersonRecord>>, FileError> {
    PersonReader::open(file, None, ReadLimits::default(), REFERENCE_YEAR)?.collect()
}

/// What is wrong with the one row that is rejected: row, column, code.
pub(super) fn rejection<T>(outcomes: &[RowOutcome<T>]) -> (u64, Option<&str>, RejectionCode) {
    let mut all = outcomes.iter().filter_map(|outcome| match outcome {
        RowOutcome::Rejected(it) => Some((it.row, it.column.as_deref(), it.code)),
        _ => None,
    });
    let one = all.next().expect("a rejected row");
    assert_eq!(all.next(), None, "one row is rejected");
    one
}
