//! The account of an import: what came in, what was left out, what was wrong.

use serde::{Deserialize, Serialize};

use super::header::FieldReport;
use super::rejection::{Rejection, SkipReason};
use super::rows::RowOutcome;

/// Rejections that a tally keeps; the others are only counted.
pub const MAX_KEPT_REJECTIONS: usize = 1000;

/// What an import has come to. Its JSON form is that of the `import` command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ImportTally {
    /// Rows read, the header not counted: taken, skipped and rejected.
    pub rows: u64,
    /// People taken.
    pub people: u64,
    /// Households that were taken or got people.
    pub households: u64,
    /// Doors taken.
    pub doors: u64,
    /// Columns whose content is kept.
    pub kept_fields: u32,
    /// Columns whose content is not kept.
    pub reported_fields: u32,
    /// The names of both.
    pub fields: FieldReport,
    /// Rows left out, by reason.
    pub skipped: Vec<SkipCount>,
    /// The first rows that were rejected.
    pub rejected: Vec<Rejection>,
    /// How many more were rejected.
    pub rejected_more: u64,
}

/// How many rows were left out for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SkipCount {
    /// The reason.
    pub reason: SkipReason,
    /// How many.
    pub count: u64,
}

impl ImportTally {
    /// The account of a file with these columns, before its first row.
    #[must_use]
    pub fn new(fields: &FieldReport) -> Self {
        let count = |names: &[String]| u32::try_from(names.len()).unwrap_or(u32::MAX);
        Self {
            kept_fields: count(&fields.kept),
            reported_fields: count(&fields.reported),
            fields: fields.clone(),
            ..Self::default()
        }
    }

    /// Counts a row that was taken.
    pub const fn take(&mut self) {
        self.rows += 1;
    }

    /// Counts a row that was left out.
    pub fn skip(&mut self, reason: SkipReason) {
        self.rows += 1;
        match self.skipped.binary_search_by_key(&reason, |it| it.reason) {
            Ok(at) => self.skipped[at].count += 1,
            Err(at) => self.skipped.insert(at, SkipCount { reason, count: 1 }),
        }
    }

    /// Counts a row that was rejected, and keeps it if it is among the first.
    pub fn reject(&mut self, rejection: Rejection) {
        self.rows += 1;
        if self.rejected.len() < MAX_KEPT_REJECTIONS {
            self.rejected.push(rejection);
        } else {
            self.rejected_more += 1;
        }
    }

    /// The record that a row is, if it is one; otherwise the row is counted.
    pub fn admit<T>(&mut self, outcome: RowOutcome<T>) -> Option<T> {
        match outcome {
            RowOutcome::Row(record) => return Some(record),
            RowOutcome::Skipped(reason) => self.skip(reason),
            RowOutcome::Rejected(rejection) => self.reject(rejection),
        }
        None
    }

    /// Whether no row was rejected: only then may anything be imported.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.rejected.is_empty()
    }
}
