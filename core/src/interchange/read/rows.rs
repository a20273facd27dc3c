//! The walk over a file's rows: what every kind of record has in common.

use std::collections::BTreeSet;
use std::io::Read;

use super::error::FileError;
use super::header::Header;
use super::profile::RowRules;
use super::rejection::{Rejection, RejectionCode, SkipReason};
use super::table::{Line, Record, Table};

/// How much of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// Most rows, the header not counted and empty lines included. Each row's key is remembered
    /// in about 30 bytes: the 300,000 rows of the default take 9 MB.
    pub rows: u64,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { rows: 300_000 }
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowOutcome<T> {
    /// It is this record.
    Row(T),
    /// It is left out, and nothing is wrong with it.
    Skipped(SkipReason),
    /// It cannot be taken.
    Rejected(Rejection),
}

/// Why a row does not become a record, in terms of the file's columns.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Skip(SkipReason),
    Reject(Option<usize>, RejectionCode),
}

/// How the rows of one file become records of one kind.
pub(super) trait Layout {
    type Output;

    /// The row's own name for what it describes, and the column at fault if an earlier row has
    /// the same.
    fn key(&self, record: &Record) -> Result<Key, Refusal>;
    /// The rest of the row.
    fn read(&self, record: &Record, key: String, row: u64) -> Result<Self::Output, Refusal>;
}

/// A row's key.
pub(super) struct Key {
    pub(super) text: String,
    /// The refusal of a later row with the same key.
    pub(super) doubled: Refusal,
}

/// The rows of one file.
pub(super) struct Rows<R, L> {
    table: Table<R>,
    record: Record,
    header: Header,
    rules: RowRules,
    pub(super) layout: L,
    keys: BTreeSet<u128>,
    ended: bool,
}

impl<R: Read, L: Layout> Rows<R, L> {
    pub(super) fn new(table: Table<R>, header: Header, rules: RowRules, layout: L) -> Self {
        Self {
            table,
            record: Record::default(),
            header,
            rules,
            layout,
            keys: BTreeSet::new(),
            ended: false,
        }
    }

    fn outcome(&mut self, row: u64) -> Result<L::Output, Refusal> {
        check(&self.record, &self.header)?;
        if let Some(reason) = self.rules.skips(&self.record) {
            return Err(Refusal::Skip(reason));
        }
        let key = self.layout.key(&self.record)?;
        if !self.keys.insert(digest(&key.text)) {
            return Err(key.doubled);
        }
        self.layout.read(&self.record, key.text, row)
    }

    fn refused(&self, row: u64, refusal: Refusal) -> RowOutcome<L::Output> {
        match refusal {
            Refusal::Skip(reason) => RowOutcome::Skipped(reason),
            Refusal::Reject(column, code) => RowOutcome::Rejected(Rejection {
                row,
                column: column.and_then(|it| self.header.name(it)).cloned(),
                code,
            }),
        }
    }
}

impl<R: Read, L: Layout> Iterator for Rows<R, L> {
    type Item = Result<RowOutcome<L::Output>, FileError>;

    /// The next row; nothing after the last one, or after an error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let line = self.table.read(&mut self.record);
        let row = self.table.row();
        self.ended = matches!(line, Ok(Line::End | Line::Lost(_)) | Err(_));
        let record = match line {
            Ok(Line::End) => return None,
            Ok(Line::Record) => self.outcome(row),
            Ok(Line::Bad(column, code)) => Err(Refusal::Reject(column, code)),
            Ok(Line::Lost(code)) => Err(Refusal::Reject(None, code)),
            Err(error) => return Some(Err(error)),
        };
        Some(Ok(match record {
            Ok(record) => RowOutcome::Row(record),
            Err(refusal) => self.refused(row, refusal),
        }))
    }
}

/// What can be said of a row before its fields are read.
fn check(record: &Record, header: &Header) -> Result<(), Refusal> {
    let last_filled = (0..record.len()).rfind(|index| !record.field(*index).is_empty());
    match last_filled {
        None => Err(Refusal::Skip(SkipReason::BlankRow)),
        Some(last) if last >= header.len() => {
            Err(Refusal::Reject(None, RejectionCode::TooManyFields))
        }
        Some(_) => Ok(()),
    }
}

/// What stands for a key in memory: 128 bits, so that different keys never meet.
fn digest(key: &str) -> u128 {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(key.as_bytes()).as_bytes()[..16]);
    u128::from_le_bytes(bytes)
}
