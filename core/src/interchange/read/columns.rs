//! The columns in which a file's profile finds its fields.

use std::collections::BTreeMap;

use super::error::FileError;
use super::fields::FieldSet;
use super::header::{Header, collapsed};
use super::layout::{Field, Join};
use super::rejection::RejectionCode;
use super::rows::Refusal;
use super::table::Record;

/// Where one file has each field.
pub(super) struct Columns<F> {
    places: BTreeMap<F, Vec<usize>>,
    constants: BTreeMap<F, String>,
    told: FieldSet,
}

impl<F: Field> Columns<F> {
    /// Finds the columns that `fields` names. A field of which the header has no column is not
    /// read, unless it is among `required`.
    pub(super) fn find(
        header: &Header,
        fields: &BTreeMap<F, Vec<String>>,
        constants: &BTreeMap<F, String>,
        required: &[F],
    ) -> Result<Self, FileError> {
        let mut places = BTreeMap::new();
        for (field, names) in fields {
            let mut found = Vec::new();
            for name in names {
                found.extend(header.find(name)?);
            }
            if !found.is_empty() {
                places.insert(*field, found);
            }
        }
        if places.is_empty() {
            return Err(FileError::NoHeader);
        }
        if let Some(field) = required.iter().find(|it| !places.contains_key(it)) {
            let named = fields.get(field).and_then(|names| names.first());
            let column = named.map_or(field.name(), String::as_str);
            return Err(FileError::MissingColumn { column: column.to_owned() });
        }
        let fields = places.keys().chain(constants.keys());
        let told = fields.flat_map(|field| field.tells()).copied().collect();
        Ok(Self { places, constants: constants.clone(), told })
    }

    /// The fields of a record that this file tells.
    pub(super) const fn told(&self) -> FieldSet {
        self.told
    }

    /// The columns that are read.
    pub(super) fn kept(&self) -> Vec<usize> {
        self.places.values().flatten().copied().collect()
    }

    pub(super) fn has(&self, field: F) -> bool {
        self.places.contains_key(&field) || self.constants.contains_key(&field)
    }

    /// The first column of a field, to say where something is wrong.
    pub(super) fn place(&self, field: F) -> Option<usize> {
        self.places.get(&field)?.first().copied()
    }

    /// A field as the file writes it, one column's text; the constant where that is empty.
    pub(super) fn first<'a>(&'a self, field: F, record: &'a Record) -> &'a str {
        let columns = self.places.get(&field).into_iter().flatten();
        let filled = columns.map(|column| record.field(*column)).find(|text| !text.is_empty());
        let constant = || self.constants.get(&field).map_or("", String::as_str);
        filled.unwrap_or_else(constant)
    }

    /// A field's text, of one column or several, with single blanks.
    pub(super) fn text(&self, field: F, record: &Record) -> Result<String, Refusal> {
        let text = match self.places.get(&field) {
            Some(columns) if columns.len() > 1 && field.join() != Join::First => {
                joined(columns.iter().map(|column| record.field(*column)), field)
            }
            _ => collapsed(self.first(field, record)),
        };
        if text.len() > field.max_bytes() {
            return Err(self.refuse(field, RejectionCode::ValueTooLong));
        }
        Ok(text)
    }

    pub(super) fn refuse(&self, field: F, code: RejectionCode) -> Refusal {
        Refusal::Reject(self.place(field), code)
    }
}

fn joined<'a, F: Field>(parts: impl Iterator<Item = &'a str>, field: F) -> String {
    let mut text = String::new();
    for part in parts.map(collapsed).filter(|part| !part.is_empty()) {
        let digits = text.ends_with(|c: char| c.is_ascii_digit())
            && part.starts_with(|c: char| c.is_ascii_digit());
        if !text.is_empty() && (field.join() == Join::Blank || digits) {
            text.push(' ');
        }
        text.push_str(&part);
    }
    text
}
