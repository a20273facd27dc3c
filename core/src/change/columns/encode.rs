//! Rows into columns.

use crate::change::body::kind;
use crate::change::bytes::{Out, zigzag};
use crate::change::columns::{
    Before, COLUMNS, Column, DeviceTable, TAG_BASE, TAG_EXTRA, TAG_OTHER, TAG_SAME_DOOR,
    TAG_SAME_MEMBER, TAG_WAS, VALUE_CHOICE, VALUE_CHOICE_BELOW, VALUE_CHOICES, VALUE_DATE,
    VALUE_DECIMAL, VALUE_INTEGER, VALUE_NONE, VALUE_SCALE, VALUE_SCALE_FROM, VALUE_TEXT,
    time_column, write_tables,
};
use crate::change::{AnswerBody, AttemptBody, Body, DoorRef, MemberRef, WireChange, blocks};
use crate::id::{ChangeId, ScriptHash};
use crate::survey::AnswerCode;
use crate::walklist::CanvassResult;

/// Takes rows one by one and gives the uncompressed body.
pub(in crate::change) struct RowEncoder {
    pub(in crate::change) devices: DeviceTable,
    columns: [Out; COLUMNS],
    scripts: Vec<ScriptHash>,
    before: Before,
}

impl RowEncoder {
    pub(in crate::change) fn new(devices: DeviceTable, first_second: i64) -> Self {
        Self {
            devices,
            columns: Default::default(),
            scripts: Vec::new(),
            before: Before { seconds: first_second, ..Before::default() },
        }
    }

    pub(in crate::change) fn column(&mut self, column: Column) -> &mut Out {
        &mut self.columns[column as usize]
    }

    pub(in crate::change) fn finish(self) -> Vec<u8> {
        let mut out = Out::default();
        write_tables(&mut out, &self.scripts);
        for column in &self.columns {
            out.block(&column.0);
        }
        out.0
    }

    pub(in crate::change) fn push(&mut self, row: &WireChange) {
        if let Some(was) = row.was {
            self.column(Column::Tag).byte(TAG_WAS);
            self.reference(Column::Other, row.id, was);
        }
        let mut tag = u8::try_from(row.body.kind()).ok().filter(|k| *k <= LAST_COLUMN_KIND);
        let mut tag = tag.take().unwrap_or(TAG_OTHER);
        tag |= self.push_place(row);
        if !row.base.is_empty() {
            tag |= TAG_BASE;
            self.columns[Column::Base as usize].varint(row.base.len() as u64);
            for base in &row.base {
                self.reference(Column::Base, row.id, *base);
            }
        }
        let seconds = row.recorded_at.seconds();
        let delta = seconds.wrapping_sub(self.before.seconds);
        self.column(time_column(tag)).signed(delta);
        self.before.seconds = seconds;
        if self.push_body(row) {
            tag |= TAG_EXTRA;
        }
        self.column(Column::Tag).byte(tag);
    }

    fn reference(&mut self, column: Column, row: ChangeId, id: ChangeId) {
        self.devices.write(&mut self.columns[column as usize], row, id);
    }

    /// Writes door and member unless they are those of the row before; returns the tag's bits.
    fn push_place(&mut self, row: &WireChange) -> u8 {
        let mut bits = 0;
        if self.before.door == Some(row.door) {
            bits |= TAG_SAME_DOOR;
        } else {
            self.push_door(row.id, row.door);
        }
        if self.before.member == row.member {
            bits |= TAG_SAME_MEMBER;
        } else {
            self.push_member(Column::Member, row.id, row.member);
        }
        self.before.door = Some(row.door);
        self.before.member = row.member;
        bits
    }

    /// Even: a step in the same cell. 1: another cell. 3: a door that a change added.
    fn push_door(&mut self, row: ChangeId, door: DoorRef) {
        match door {
            DoorRef::Number { cell, ordinal } => {
                let step = i64::from(ordinal) - i64::from(self.before.ordinal);
                let same_cell = cell == self.before.cell;
                let out = self.column(Column::Door);
                if same_cell {
                    out.varint(zigzag(step) << 1);
                } else {
                    out.varint(1);
                    out.varint(u64::from(cell));
                    out.varint(u64::from(ordinal));
                }
                (self.before.cell, self.before.ordinal) = (cell, ordinal);
            }
            DoorRef::Met(change) => {
                self.column(Column::Door).varint(3);
                self.reference(Column::Door, row, change);
            }
        }
    }

    /// 0: the household as a whole. Even: a number. 1: a person whom a change added.
    fn push_member(&mut self, column: Column, row: ChangeId, member: Option<MemberRef>) {
        match member {
            None => self.column(column).varint(0),
            Some(MemberRef::Number(number)) => self.column(column).varint(u64::from(number) << 1),
            Some(MemberRef::Met(change)) => {
                self.column(column).varint(1);
                self.reference(column, row, change);
            }
        }
    }

    /// Writes the body; returns whether the tag's extra bit is to be set.
    fn push_body(&mut self, row: &WireChange) -> bool {
        match &row.body {
            Body::Attempt(attempt) => self.push_attempt(row, attempt),
            Body::Answer(answer) => self.push_answer(row, answer),
            Body::Suppression(mark) => !mark.set,
            Body::Note(note) => {
                self.column(Column::Text).text(&note.text);
                if let Some(edited) = note.edits {
                    self.reference(Column::Attempt, row.id, edited);
                }
                note.edits.is_some()
            }
            Body::Undo(target) => {
                self.reference(Column::Attempt, row.id, *target);
                false
            }
            other => {
                let kind = u64::from(other.kind());
                let block = blocks::encoded(row.id, other);
                let out = self.column(Column::Other);
                out.varint(kind);
                out.block(&block);
                false
            }
        }
    }

    fn push_attempt(&mut self, row: &WireChange, attempt: &AttemptBody<MemberRef>) -> bool {
        self.before.attempt = Some(row.id);
        let door = attempt.door.map_or(0, CanvassResult::number);
        self.column(Column::Result).byte(door);
        if attempt.people.is_empty() && attempt.corrects.is_none() {
            return false;
        }
        self.column(Column::Result).varint(attempt.people.len() as u64);
        for (person, result) in &attempt.people {
            self.push_member(Column::Result, row.id, Some(*person));
            self.column(Column::Result).byte(result.number());
        }
        self.column(Column::Attempt).byte(u8::from(attempt.corrects.is_some()));
        if let Some(corrected) = attempt.corrects {
            self.reference(Column::Attempt, row.id, corrected);
        }
        true
    }

    fn push_answer(&mut self, row: &WireChange, answer: &AnswerBody) -> bool {
        let script = self.scripts.iter().position(|s| *s == answer.script).unwrap_or_else(|| {
            self.scripts.push(answer.script);
            self.scripts.len() - 1
        });
        let switch = script != self.before.script;
        let step = i64::from(answer.question) - i64::from(self.before.question);
        let out = &mut self.columns[Column::Question as usize];
        out.varint(zigzag(step) << 1 | u64::from(switch));
        if switch {
            out.varint(script as u64);
        }
        (self.before.script, self.before.question) = (script, answer.question);
        self.push_value(answer.value.as_ref());
        if self.before.implied_attempt(row.id.device) == Some(answer.attempt) {
            return false;
        }
        self.reference(Column::Attempt, row.id, answer.attempt);
        true
    }

    fn push_value(&mut self, value: Option<&AnswerCode>) {
        let out = &mut self.columns[Column::Value as usize];
        match value {
            None => out.byte(VALUE_NONE),
            Some(AnswerCode::Choice(option)) => match u8::try_from(*option) {
                Ok(option) if option < VALUE_CHOICE_BELOW => out.byte(option),
                _ => {
                    out.byte(VALUE_CHOICE);
                    out.varint(u64::from(*option));
                }
            },
            Some(AnswerCode::Choices(options)) => {
                out.byte(VALUE_CHOICES);
                out.varint(options.len() as u64);
                for option in options {
                    out.varint(u64::from(*option));
                }
            }
            Some(AnswerCode::Number(number)) => push_number(out, *number),
            Some(AnswerCode::Text(text)) => {
                out.byte(VALUE_TEXT);
                self.columns[Column::Text as usize].text(text);
            }
            Some(AnswerCode::Date(days)) => {
                out.byte(VALUE_DATE);
                out.signed(i64::from(*days));
            }
            Some(AnswerCode::Scale(value)) => {
                match u8::try_from(*value).ok().and_then(|v| v.checked_add(VALUE_SCALE_FROM)) {
                    Some(byte) => out.byte(byte),
                    None => {
                        out.byte(VALUE_SCALE);
                        out.signed(i64::from(*value));
                    }
                }
            }
        }
    }
}

/// The last kind that has columns of its own.
const LAST_COLUMN_KIND: u8 = {
    assert!(kind::UNDO < TAG_WAS as u16);
    4
};

/// Whole numbers that a double holds exactly go as integers, all others as their bits.
#[expect(clippy::cast_possible_truncation, reason = "guarded: whole, and below 2^53")]
fn push_number(out: &mut Out, number: f64) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0
        && number.abs() < EXACT
        && !(number == 0.0 && number.is_sign_negative())
    {
        out.byte(VALUE_INTEGER);
        out.signed(number as i64);
    } else {
        out.byte(VALUE_DECIMAL);
        out.raw(&number.to_bits().to_be_bytes());
    }
}
