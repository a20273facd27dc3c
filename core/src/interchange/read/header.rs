//! The header: which column has which name, and which columns are read.

use serde::{Deserialize, Serialize};

use super::error::FileError;
use super::table::Record;

/// What became of a file's columns: each is in exactly one of the two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FieldReport {
    /// Columns whose content is kept.
    pub kept: Vec<String>,
    /// Columns whose content is not kept: those that no field is found in, and those that are
    /// read only to tell which rows are left out.
    pub reported: Vec<String>,
}

/// The names of a file's columns.
pub(super) struct Header {
    names: Vec<String>,
    folded: Vec<String>,
}

impl Header {
    /// A column without a name is called by its number.
    pub(super) fn new(record: &Record) -> Result<Self, FileError> {
        if record.fields().all(str::is_empty) {
            return Err(FileError::NoHeader);
        }
        let name = |(field, number): (&str, u32)| match field {
            "" => format!("column {number}"),
            name => name.to_owned(),
        };
        Ok(Self {
            names: record.fields().zip(1..).map(name).collect(),
            folded: record.fields().map(folded).collect(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn name(&self, column: usize) -> Option<&String> {
        self.names.get(column)
    }

    /// The place of the column with this name; capitals and the number of blanks do not count.
    pub(super) fn find(&self, name: &str) -> Result<Option<usize>, FileError> {
        let wanted = folded(name);
        let mut places = (0..self.len()).filter(|column| self.folded[*column] == wanted);
        let first = places.next();
        match places.next() {
            Some(_) => Err(FileError::DoubledColumn { column: name.to_owned() }),
            None => Ok(first),
        }
    }

    /// The place of a column that must be there.
    pub(super) fn require(&self, name: &str) -> Result<usize, FileError> {
        self.find(name)?.ok_or_else(|| FileError::MissingColumn { column: name.to_owned() })
    }

    pub(super) fn has_all(&self, names: &[String]) -> bool {
        names.iter().all(|name| self.folded.contains(&folded(name)))
    }

    pub(super) fn report(&self, kept: &[usize]) -> FieldReport {
        let mut report = FieldReport::default();
        for (column, name) in self.names.iter().enumerate() {
            if kept.contains(&column) {
                report.kept.push(name.clone());
            } else {
                report.reported.push(name.clone());
            }
        }
        report
    }
}

/// Lower case, single blanks: the form in which names of columns and listed values compare.
pub(super) fn folded(text: &str) -> String {
    let mut text = collapsed(text);
    if text.is_ascii() {
        text.make_ascii_lowercase();
        text
    } else {
        text.to_lowercase()
    }
}

/// Without outer blanks, and with single ones inside.
pub(super) fn collapsed(text: &str) -> String {
    if is_collapsed(text) {
        return text.to_owned();
    }
    let mut words = text.split_whitespace();
    let mut collapsed = String::with_capacity(text.len());
    collapsed.push_str(words.next().unwrap_or(""));
    for word in words {
        collapsed.push(' ');
        collapsed.push_str(word);
    }
    collapsed
}

/// Whether the text surely has no blanks to take away: almost all texts of a file.
fn is_collapsed(text: &str) -> bool {
    let mut after_blank = true;
    for &byte in text.as_bytes() {
        let blank = byte == b' ';
        if blank && after_blank || byte < b' ' || !byte.is_ascii() {
            return false;
        }
        after_blank = blank;
    }
    text.is_empty() || !after_blank
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn blanks_are_taken_away(text in "( |\t|\n|\u{a0}|a|é|b){0,8}") {
            let words: Vec<&str> = text.split_whitespace().collect();
            prop_assert_eq!(collapsed(&text), words.join(" "));
            prop_assert_eq!(folded(&text), words.join(" ").to_lowercase());
        }
    }
}
