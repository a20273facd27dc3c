//! Records of a separated-values file (RFC 4180, read leniently), one at a time.
//!
//! Lines end in CR, LF or both. A quotation mark counts at the beginning of a field; doubled
//! inside one it stands for itself. Empty lines are passed over but counted.
//!
//! Invariant: no input makes a record, or the memory it takes, larger than a few times
//! [`MAX_RECORD_BYTES`].

use std::io::Read;

use super::encoding::{Encoding, Source, not_a_table, push_latin_1};
use super::error::FileError;
use super::layout::Separator;
use super::rejection::RejectionCode;

/// Longest record, in bytes: a row of 700 columns takes about 10,000.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;
/// Most columns: the widest voter files have about 700.
const MAX_COLUMNS: usize = 4096;

/// The records of one file, after its header.
pub(super) struct Table<R> {
    source: Source<R>,
    separator: u8,
    spelling: Spelling,
    /// Most rows after the header, empty lines included.
    limit: u64,
    row: u64,
    after_cr: bool,
}

/// One record: its fields' texts.
#[derive(Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    byte_ends: Vec<usize>,
    text: String,
    ends: Vec<usize>,
}

/// What is known of a file's encoding.
#[derive(Clone, Copy)]
enum Spelling {
    /// By its byte order mark or by its profile.
    Told(Encoding),
    /// By the first record that has a byte beyond ASCII.
    Guessed(Encoding),
    /// ASCII so far.
    Unknown,
}

/// What stands on a line.
pub(super) enum Line {
    /// A record of at least one field.
    Record,
    /// A record that cannot be taken, with the number of the field at fault; after these
    /// reading may go on.
    Bad(Option<usize>, RejectionCode),
    /// A record without an end in sight; nothing after it can be told apart.
    Lost(RejectionCode),
    /// The end of the file.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted field: its end, or the first half of a double.
    QuoteSeen,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field without the blanks around it; empty when the record is too short to have it.
    pub(super) fn field(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else {
            return "";
        };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text[start..end].trim()
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.field(index))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.byte_ends.clear();
        self.text.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.byte_ends.push(self.bytes.len());
    }

    fn raw_fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.byte_ends.iter().copied());
        starts.zip(&self.byte_ends).map(|(start, end)| &self.bytes[start..*end])
    }
}

impl<R: Read> Table<R> {
    /// Begins a file: finds out encoding and separator where they are not told, and reads the
    /// header into `header`.
    pub(super) fn open(
        reader: R,
        encoding: Option<Encoding>,
        separator: Option<Separator>,
        limit: u64,
        header: &mut Record,
    ) -> Result<Self, FileError> {
        let (mut source, marked) = Source::open(reader).map_err(|error| error.at(1))?;
        let start = source.bytes().map_err(|error| error.at(1))?;
        if let Some(error) = not_a_table(start) {
            return Err(error);
        }
        let separator = separator.unwrap_or_else(|| likely_separator(start));
        let mut table = Self {
            source,
            separator: separator.byte(),
            spelling: marked.or(encoding).map_or(Spelling::Unknown, Spelling::Told),
            limit,
            row: 0,
            after_cr: false,
        };
        match table.read(header)? {
            Line::Record if header.len() > MAX_COLUMNS => Err(FileError::TooManyColumns {
                limit: u32::try_from(MAX_COLUMNS).unwrap_or(u32::MAX),
            }),
            Line::Record => Ok(table),
            Line::Bad(..) => Err(FileError::NotText { row: table.row }),
            Line::Lost(RejectionCode::UnclosedQuote) => Err(FileError::UnclosedQuote),
            Line::Lost(_) => Err(FileError::HeaderTooLong {
                limit: u32::try_from(MAX_RECORD_BYTES).unwrap_or(u32::MAX),
            }),
            Line::End => Err(FileError::Empty),
        }
    }

    /// The row that was read last, as a spreadsheet counts.
    pub(super) const fn row(&self) -> u64 {
        self.row
    }

    /// Reads the next record that is not an empty line.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<Line, FileError> {
        loop {
            self.row += 1;
            match self.split(record)? {
                Line::End => return Ok(Line::End),
                _ if self.row - 1 > self.limit => {
                    return Err(FileError::TooManyRows { limit: self.limit, row: self.row });
                }
                Line::Record if record.byte_ends.is_empty() => {}
                Line::Record => return Ok(self.decode(record)),
                other => return Ok(other),
            }
        }
    }

    /// Reads one line's bytes and finds its fields; an empty line has none.
    fn split(&mut self, record: &mut Record) -> Result<Line, FileError> {
        record.clear();
        let (mut state, mut size) = (State::FieldStart, 0);
        loop {
            let row = self.row;
            let mut bytes = self.source.bytes().map_err(|error| error.at(row))?;
            if std::mem::take(&mut self.after_cr) && bytes.first() == Some(&b'\n') {
                self.source.consume(1);
                bytes = self.source.bytes().map_err(|error| error.at(row))?;
            }
            if bytes.is_empty() {
                return Ok(at_end(state, size, record));
            }
            let (taken, end) = advance(bytes, self.separator, &mut state, record);
            size += taken;
            self.source.consume(taken);
            if size > MAX_RECORD_BYTES {
                return Ok(Line::Lost(match state {
                    State::Quoted => RejectionCode::UnclosedQuote,
                    _ => RejectionCode::RecordTooLong,
                }));
            }
            if let Some(end) = end {
                self.after_cr = end == b'\r';
                return Ok(Line::Record);
            }
        }
    }

    /// Turns the fields' bytes into texts.
    fn decode(&mut self, record: &mut Record) -> Line {
        let encoding = match self.spelling.of(record) {
            Ok(encoding) => encoding,
            Err(field) => return Line::Bad(Some(field), RejectionCode::NotText),
        };
        let Record { bytes, byte_ends, text, ends } = record;
        let mut start = 0;
        for &mut end in byte_ends {
            let from = text.len();
            match (encoding, std::str::from_utf8(&bytes[start..end])) {
                (Encoding::Utf8, Ok(field)) => text.push_str(field),
                _ => push_latin_1(&bytes[start..end], text),
            }
            let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
            if text[from..].contains(odd) {
                return Line::Bad(Some(ends.len()), RejectionCode::NotText);
            }
            ends.push(text.len());
            start = end;
        }
        Line::Record
    }
}

impl Spelling {
    /// How this record is spelled; the number of the field at fault when that is not how its
    /// file is. Each field is looked at alone: the end of one and the beginning of the next may
    /// look like one letter.
    fn of(&mut self, record: &Record) -> Result<Encoding, usize> {
        let foreign = record.raw_fields().position(|field| !field.is_ascii());
        let not_utf_8 = foreign.and_then(|first| {
            let bad = |field: &[u8]| std::str::from_utf8(field).is_err();
            let rest = record.raw_fields().skip(first).position(bad);
            rest.map(|after| first + after)
        });
        if let (Self::Unknown, Some(_)) = (*self, foreign) {
            *self = Self::Guessed(match not_utf_8 {
                Some(_) => Encoding::Latin1,
                None => Encoding::Utf8,
            });
        }
        match (*self, foreign, not_utf_8) {
            (Self::Told(Encoding::Latin1), ..) | (Self::Guessed(Encoding::Latin1), _, Some(_)) => {
                Ok(Encoding::Latin1)
            }
            // Letters of both encodings in one file: a guess would garble some of them.
            (Self::Guessed(Encoding::Latin1), Some(field), None) | (_, _, Some(field)) => {
                Err(field)
            }
            _ => Ok(Encoding::Utf8),
        }
    }
}

/// Takes bytes up to the end of the record or of the bytes; the byte that ended it, if one did.
fn advance(
    bytes: &[u8],
    separator: u8,
    state: &mut State,
    record: &mut Record,
) -> (usize, Option<u8>) {
    let is_end = |byte: u8| byte == separator || byte == b'\n' || byte == b'\r';
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        *state = match *state {
            State::FieldStart | State::QuoteSeen | State::Plain if is_end(byte) => {
                let empty_line = *state == State::FieldStart && record.byte_ends.is_empty();
                if byte == separator || !empty_line {
                    record.end_field();
                }
                if byte != separator {
                    return (at + 1, Some(byte));
                }
                at += 1;
                State::FieldStart
            }
            State::FieldStart if byte == b'"' => {
                at += 1;
                State::Quoted
            }
            State::QuoteSeen if byte == b'"' => {
                record.bytes.push(byte);
                at += 1;
                State::Quoted
            }
            State::Quoted => {
                let run = run_until(&bytes[at..], |byte| byte == b'"');
                record.bytes.extend_from_slice(&bytes[at..at + run]);
                at += run;
                if at == bytes.len() {
                    State::Quoted
                } else {
                    at += 1;
                    State::QuoteSeen
                }
            }
            State::FieldStart | State::QuoteSeen | State::Plain => {
                let run = run_until(&bytes[at..], is_end);
                record.bytes.extend_from_slice(&bytes[at..at + run]);
                at += run;
                State::Plain
            }
        };
    }
    (at, None)
}

fn run_until(bytes: &[u8], found: impl Fn(u8) -> bool) -> usize {
    let position = bytes.iter().position(|byte| found(*byte));
    position.unwrap_or(bytes.len())
}

/// What the end of the file makes of what was read of a line.
fn at_end(state: State, size: usize, record: &mut Record) -> Line {
    if size == 0 {
        return Line::End;
    }
    if state == State::Quoted {
        return Line::Lost(RejectionCode::UnclosedQuote);
    }
    record.end_field();
    Line::Record
}

/// The separator that the first line has most of, outside quotation marks; a comma if none.
fn likely_separator(start: &[u8]) -> Separator {
    let mut counts = [(Separator::Comma, 0), (Separator::Tab, 0), (Separator::Semicolon, 0)];
    let mut quoted = false;
    let blank_lines = run_until(start, |byte| byte != b'\n' && byte != b'\r');
    for &byte in &start[blank_lines..] {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                let count = counts.iter_mut().find(|(it, _)| it.byte() == byte);
                if let Some((_, count)) = count {
                    *count += 1;
                }
            }
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(Separator::Comma, |(separator, _)| separator)
}
