//! CSV cells that no spreadsheet takes for a formula.
//!
//! RFC 4180 with LF line ends, quotation marks only where needed. A text that a spreadsheet
//! might run, because it begins with `=`, `+`, `-`, `@`, a full-width form of these, a tab or a
//! line end, gets an apostrophe in front; so does one that only differs from such a text by
//! apostrophes in front, so that [`plain_cell`] can take them off again. Plain numbers, signed
//! ones and phone numbers like `+18025550100` among them, stay as they are.

use std::borrow::Cow;
use std::io::Write;

use super::ExportError;

/// The text as a cell that is shown and never run.
#[must_use]
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    if is_risky(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`safe_cell`] made into this cell.
#[must_use]
pub fn plain_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_risky(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

fn is_risky(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let begins = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    text.trim_start().starts_with(begins) && !is_number(text)
}

/// A sign, digits, and at most one point among them.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Writes rows of safe cells.
pub(super) struct CsvFile<W: Write> {
    writer: csv::Writer<W>,
    pub(super) rows: u64,
}

impl<W: Write> CsvFile<W> {
    pub(super) fn new(out: W, header: &[&str]) -> Result<Self, ExportError> {
        let mut builder = csv::WriterBuilder::new();
        let terminator = csv::Terminator::Any(b'\n');
        let mut writer = builder.terminator(terminator).from_writer(out);
        writer.write_record(header).map_err(unwritable)?;
        Ok(Self { writer, rows: 0 })
    }

    pub(super) fn row<'a>(
        &mut self,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), ExportError> {
        for cell in cells {
            let cell = safe_cell(cell);
            self.writer.write_field(cell.as_bytes()).map_err(unwritable)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(unwritable)?;
        self.rows += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<u64, ExportError> {
        self.writer.flush()?;
        Ok(self.rows)
    }
}

fn unwritable(error: csv::Error) -> ExportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        // The other kinds are about reading, and about rows of unequal length.
        _ => ExportError::Unwritable(std::io::ErrorKind::InvalidInput),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_get_an_apostrophe_and_numbers_do_not() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "+1-802-555-0100",
            "-1+cmd|' /C calc'!A0",
            "\t=1",
            "\r=1",
            " =1",
            "＝1",
            "-",
            "+.5",
            "'=1",
            "''+x",
            "--5",
            "+1 802",
        ] {
            assert_eq!(safe_cell(text), format!("'{text}"));
        }
        for text in ["", "-73.1827", "+18025550100", "12A", "O'Hara", "'t Hooft", "a=b", "5-6"] {
            assert_eq!(safe_cell(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_safe_cell_gives_its_text_back(text in "['=+@0-9. \ta-]{0,6}|\\PC{0,6}") {
            let cell = safe_cell(&text);
            prop_assert_eq!(plain_cell(&cell), &text);
            prop_assert!(cell.starts_with('\'') || !is_risky(&cell));
        }

        #[test]
        fn rows_are_read_as_they_were_written(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a-c,;\"'=+@ \r\n\t]{0,6}|\\PC{0,6}", 3), 0..6),
        ) {
            let mut bytes = Vec::new();
            let mut file = CsvFile::new(&mut bytes, &["a", "b", "c"]).unwrap();
            for row in &rows {
                file.row(row.iter().map(String::as_str)).unwrap();
            }
            prop_assert_eq!(file.finish().unwrap(), rows.len() as u64);
            let read = csv::Reader::from_reader(bytes.as_slice()).into_records();
            let read: Vec<Vec<String>> = read
                .map(|row| row.unwrap().iter().map(|cell| plain_cell(cell).to_owned()).collect())
                .collect();
            prop_assert_eq!(read, rows);
        }
    }
}
