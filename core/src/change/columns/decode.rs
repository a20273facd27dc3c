//! Columns into rows.

use crate::change::body::kind;
use crate::change::bytes::{CodecError, In, unzigzag};
use crate::change::columns::{
    Before, COLUMNS, Column, DeviceTable, TAG_BASE, TAG_EXTRA, TAG_OTHER, TAG_SAME_DOOR,
    TAG_SAME_MEMBER, TAG_WAS, VALUE_CHOICE, VALUE_CHOICE_BELOW, VALUE_CHOICES, VALUE_DATE,
    VALUE_DECIMAL, VALUE_INTEGER, VALUE_NONE, VALUE_SCALE, VALUE_SCALE_FROM, VALUE_TEXT,
    read_tables, time_column,
};
use crate::change::{
    AnswerBody, AttemptBody, Body, DoorRef, MemberRef, NoteBody, SuppressionBody, WireChange,
    blocks,
};
use crate::id::{ChangeId, ScriptHash};
use crate::survey::AnswerCode;
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

const MALFORMED_PLACE: CodecError = CodecError::Malformed { what: "door or member" };
const MALFORMED_VALUE: CodecError = CodecError::Malformed { what: "answer value" };

/// Reads rows one by one from an uncompressed body.
pub(in crate::change) struct RowDecoder<'a> {
    devices: DeviceTable,
    columns: [In<'a>; COLUMNS],
    scripts: Vec<ScriptHash>,
    before: Before,
}

impl<'a> RowDecoder<'a> {
    pub(in crate::change) fn new(
        devices: DeviceTable,
        first_second: i64,
        body: &'a [u8],
    ) -> Result<Self, CodecError> {
        let mut bytes = In(body);
        let scripts = read_tables(&mut bytes)?;
        let mut columns = [const { In(&[]) }; COLUMNS];
        for column in &mut columns {
            *column = In(bytes.block()?);
        }
        bytes.end()?;
        let before = Before { seconds: first_second, ..Before::default() };
        Ok(Self { devices, columns, scripts, before })
    }

    pub(in crate::change) fn column(&mut self, column: Column) -> &mut In<'a> {
        &mut self.columns[column as usize]
    }

    /// The most rows that can be left, by the tags that are left: none when it is none.
    pub(in crate::change) fn left(&self) -> usize {
        self.columns[Column::Tag as usize].0.len()
    }

    pub(in crate::change) fn end(self) -> Result<(), CodecError> {
        self.columns.into_iter().try_for_each(In::end)
    }

    pub(in crate::change) fn next(&mut self, id: ChangeId) -> Result<WireChange, CodecError> {
        let mut tag = self.column(Column::Tag).byte()?;
        let mut was = None;
        if tag == TAG_WAS {
            was = Some(self.reference(Column::Other, id)?);
            tag = self.column(Column::Tag).byte()?;
        }
        if tag & TAG_SAME_DOOR == 0 {
            self.before.door = Some(self.door(id)?);
        }
        let door = self.before.door.ok_or(MALFORMED_PLACE)?;
        if tag & TAG_SAME_MEMBER == 0 {
            self.before.member = self.member(Column::Member, id)?;
        }
        let member = self.before.member;
        let base = if tag & TAG_BASE == 0 { Vec::new() } else { self.base(id)? };
        let step = self.column(time_column(tag)).signed()?;
        let seconds = self.before.seconds.wrapping_add(step);
        self.before.seconds = seconds;
        let recorded_at = Timestamp::from_seconds(seconds);
        if recorded_at.seconds() != seconds {
            return Err(CodecError::Malformed { what: "time" });
        }
        let body = self.body(tag, id)?;
        Ok(WireChange { id, was, door, member, base, recorded_at, body })
    }

    fn reference(&mut self, column: Column, row: ChangeId) -> Result<ChangeId, CodecError> {
        self.devices.read(&mut self.columns[column as usize], row)
    }

    fn base(&mut self, row: ChangeId) -> Result<Vec<ChangeId>, CodecError> {
        let count = self.column(Column::Base).count()?;
        let base: Vec<_> =
            (0..count).map(|_| self.reference(Column::Base, row)).collect::<Result<_, _>>()?;
        if base.is_empty() || !base.is_sorted_by(|a, b| a < b) {
            return Err(CodecError::Malformed { what: "base" });
        }
        Ok(base)
    }

    fn door(&mut self, row: ChangeId) -> Result<DoorRef, CodecError> {
        let head = self.column(Column::Door).varint()?;
        match head {
            1 => {
                let cell = self.column(Column::Door).varint_u32()?;
                let ordinal = self.column(Column::Door).varint_u32()?;
                (self.before.cell, self.before.ordinal) = (cell, ordinal);
            }
            3 => return self.reference(Column::Door, row).map(DoorRef::Met),
            _ if head & 1 == 0 => {
                let ordinal = i64::from(self.before.ordinal).checked_add(unzigzag(head >> 1));
                let ordinal = ordinal.and_then(|o| u32::try_from(o).ok());
                self.before.ordinal = ordinal.ok_or(MALFORMED_PLACE)?;
            }
            _ => return Err(MALFORMED_PLACE),
        }
        Ok(DoorRef::Number { cell: self.before.cell, ordinal: self.before.ordinal })
    }

    fn member(&mut self, column: Column, row: ChangeId) -> Result<Option<MemberRef>, CodecError> {
        let head = self.column(column).varint()?;
        match head {
            0 => Ok(None),
            1 => self.reference(column, row).map(|change| Some(MemberRef::Met(change))),
            _ if head & 1 == 0 => {
                let number = u32::try_from(head >> 1).map_err(|_| MALFORMED_PLACE)?;
                Ok(Some(MemberRef::Number(number)))
            }
            _ => Err(MALFORMED_PLACE),
        }
    }

    fn body(&mut self, tag: u8, row: ChangeId) -> Result<Body<MemberRef>, CodecError> {
        let extra = tag & TAG_EXTRA != 0;
        match u16::from(tag & 0x0f) {
            kind::ATTEMPT => self.attempt(row, extra).map(Body::Attempt),
            kind::ANSWER => self.answer(row, extra).map(Body::Answer),
            kind::SUPPRESSION => Ok(Body::Suppression(SuppressionBody { set: !extra })),
            kind::NOTE => {
                let text = self.column(Column::Text).text()?;
                let edits = if extra { Some(self.reference(Column::Attempt, row)?) } else { None };
                Ok(Body::Note(NoteBody { edits, text }))
            }
            kind::UNDO => self.reference(Column::Attempt, row).map(Body::Undo),
            kind if kind == u16::from(TAG_OTHER) => {
                let kind = self.column(Column::Other).varint()?;
                // A kind that has columns of its own stands in them and nowhere else: it would be
                // written back as one of them, empty.
                let kind = u16::try_from(kind).ok().filter(|kind| *kind > kind::UNDO);
                let kind = kind.ok_or(CodecError::Malformed { what: "kind of change" })?;
                let block = self.column(Column::Other).block()?;
                Ok(blocks::decoded(row, kind, block))
            }
            _ => Err(CodecError::Malformed { what: "kind of change" }),
        }
    }

    fn attempt(
        &mut self,
        row: ChangeId,
        extra: bool,
    ) -> Result<AttemptBody<MemberRef>, CodecError> {
        self.before.attempt = Some(row);
        let mut attempt = AttemptBody { door: None, people: Vec::new(), corrects: None };
        let number = self.column(Column::Result).byte()?;
        if number != 0 {
            attempt.door = Some(result(number)?);
        }
        if !extra {
            return Ok(attempt);
        }
        for _ in 0..self.column(Column::Result).count()? {
            let person = self.member(Column::Result, row)?.ok_or(MALFORMED_PLACE)?;
            let number = self.column(Column::Result).byte()?;
            attempt.people.push((person, result(number)?));
        }
        if self.column(Column::Attempt).byte()? != 0 {
            attempt.corrects = Some(self.reference(Column::Attempt, row)?);
        }
        Ok(attempt)
    }

    fn answer(&mut self, row: ChangeId, extra: bool) -> Result<AnswerBody, CodecError> {
        const MALFORMED: CodecError = CodecError::Malformed { what: "question" };
        let head = self.column(Column::Question).varint()?;
        if head & 1 == 1 {
            let script = self.column(Column::Question).varint()?;
            self.before.script = usize::try_from(script).map_err(|_| MALFORMED)?;
        }
        let question = i64::from(self.before.question).checked_add(unzigzag(head >> 1));
        let question = question.and_then(|q| u16::try_from(q).ok()).ok_or(MALFORMED)?;
        self.before.question = question;
        let script = *self.scripts.get(self.before.script).ok_or(MALFORMED)?;
        let value = self.value()?;
        let attempt = if extra {
            self.reference(Column::Attempt, row)?
        } else {
            let implied = self.before.implied_attempt(row.device);
            implied.ok_or(CodecError::Malformed { what: "attempt of an answer" })?
        };
        Ok(AnswerBody { script, question, value, attempt })
    }

    fn value(&mut self) -> Result<Option<AnswerCode>, CodecError> {
        let column = self.column(Column::Value);
        let byte = column.byte()?;
        Ok(Some(match byte {
            VALUE_NONE => return Ok(None),
            VALUE_CHOICE => AnswerCode::Choice(option(column)?),
            VALUE_CHOICES => {
                let count = column.count()?;
                let options: Vec<u16> =
                    (0..count).map(|_| option(column)).collect::<Result<_, _>>()?;
                if !options.is_sorted_by(|a, b| a < b) {
                    return Err(MALFORMED_VALUE);
                }
                AnswerCode::Choices(options)
            }
            VALUE_INTEGER => AnswerCode::Number(column.signed()? as f64),
            VALUE_DECIMAL => {
                let number = f64::from_bits(u64::from_be_bytes(column.array()?));
                if !number.is_finite() {
                    return Err(MALFORMED_VALUE);
                }
                AnswerCode::Number(number)
            }
            VALUE_TEXT => AnswerCode::Text(self.column(Column::Text).text()?),
            VALUE_SCALE => AnswerCode::Scale(small(column)?),
            VALUE_DATE => AnswerCode::Date(small(column)?),
            _ if byte < VALUE_CHOICE_BELOW => AnswerCode::Choice(u16::from(byte)),
            _ if byte >= VALUE_SCALE_FROM => AnswerCode::Scale(i32::from(byte - VALUE_SCALE_FROM)),
            _ => return Err(MALFORMED_VALUE),
        }))
    }
}

fn result(number: u8) -> Result<CanvassResult, CodecError> {
    // An attempt carries none of calls: builds that do not know those could not read it.
    let result = CanvassResult::from_number(number).filter(|result| !result.is_of_calls());
    result.ok_or(CodecError::Malformed { what: "canvass result" })
}

fn small(column: &mut In<'_>) -> Result<i32, CodecError> {
    i32::try_from(column.signed()?).map_err(|_| MALFORMED_VALUE)
}

fn option(column: &mut In<'_>) -> Result<u16, CodecError> {
    u16::try_from(column.varint()?).map_err(|_| MALFORMED_VALUE)
}
