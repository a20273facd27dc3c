//! Rows of changes as columns: the shared body of segments and event pages.
//!
//! Each column holds one kind of thing (tags, doors, times, values), so that neighbours are
//! alike and compress well. A device's id is written once, in a table; a change is named by
//! its device's place in the table and its numbers. The columns know nothing of what a change
//! means and accept any row that is well formed.

mod decode;
mod encode;

pub(super) use decode::RowDecoder;
pub(super) use encode::RowEncoder;

use crate::change::body::kind;
use crate::change::bytes::{CodecError, In, Out};
use crate::change::{DoorRef, MemberRef};
use crate::id::{ChangeId, DeviceId, ScriptHash};

/// The columns, in the order in which they are written.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(super) enum Column {
    Tag,
    Door,
    Member,
    Base,
    /// Seconds since the row before: of attempts, and of all others.
    Pause,
    Time,
    Result,
    Question,
    Value,
    Attempt,
    Text,
    Other,
    // Only pages fill these.
    Author,
    Number,
    CellSeq,
    Effective,
    Marks,
}

/// How many columns there are.
pub(super) const COLUMNS: usize = Column::Marks as usize + 1;

/// Bytes of a script's hash, as a body's head names it.
pub(super) const SCRIPT_BYTES: usize = 16;

/// The column of times that a kind of change is written to: walking takes longer than asking.
const fn time_column(tag: u8) -> Column {
    if (tag & 0x0f) as u16 == kind::ATTEMPT { Column::Pause } else { Column::Time }
}

/// The tag's lower half: the kinds that have columns of their own; all others are blocks.
const TAG_OTHER: u8 = 15;
/// A tag of its own before a row's: the row was written anew, and names its earlier id.
const TAG_WAS: u8 = 14;
/// Tag bit: the same door as the row before.
const TAG_SAME_DOOR: u8 = 1 << 4;
/// Tag bit: the same member as the row before.
const TAG_SAME_MEMBER: u8 = 1 << 5;
/// Tag bit: the base is not empty.
const TAG_BASE: u8 = 1 << 6;
/// Tag bit: an answer names its attempt; an attempt has people or corrects another; a
/// note edits another; a suppression is lifted.
const TAG_EXTRA: u8 = 1 << 7;

/// Answer values below this are a single choice by its option number.
const VALUE_CHOICE_BELOW: u8 = 192;
const VALUE_NONE: u8 = 192;
const VALUE_CHOICE: u8 = 193;
const VALUE_CHOICES: u8 = 194;
const VALUE_INTEGER: u8 = 195;
const VALUE_DECIMAL: u8 = 196;
const VALUE_TEXT: u8 = 197;
const VALUE_SCALE: u8 = 198;
const VALUE_DATE: u8 = 199;
/// Values from this one on are a scale answer from 0 on.
const VALUE_SCALE_FROM: u8 = 200;

/// The devices that a block of rows names, each once.
#[derive(Debug, Default, Clone)]
pub(super) struct DeviceTable(pub(super) Vec<DeviceId>);

impl DeviceTable {
    /// The device's place, added at the end if it is new.
    pub(super) fn place(&mut self, device: DeviceId) -> u64 {
        let place = self.0.iter().position(|d| *d == device).unwrap_or_else(|| {
            self.0.push(device);
            self.0.len() - 1
        });
        place as u64
    }

    fn device(&self, place: u64) -> Result<DeviceId, CodecError> {
        let device = usize::try_from(place).ok().and_then(|place| self.0.get(place));
        device.copied().ok_or(CodecError::Malformed { what: "device reference" })
    }

    /// Writes `id`, shortly when it is an earlier change of the row's own author.
    fn write(&mut self, out: &mut Out, row: ChangeId, id: ChangeId) {
        let own = id.device == row.device && id.incarnation == row.incarnation;
        if own && id.seq < row.seq {
            out.varint((row.seq - id.seq) << 1);
        } else {
            out.varint(self.place(id.device) << 1 | 1);
            out.varint(u64::from(id.incarnation));
            out.varint(id.seq);
        }
    }

    fn read(&self, bytes: &mut In<'_>, row: ChangeId) -> Result<ChangeId, CodecError> {
        let head = bytes.varint()?;
        if head & 1 == 1 {
            let device = self.device(head >> 1)?;
            return Ok(ChangeId { device, incarnation: bytes.varint_u32()?, seq: bytes.varint()? });
        }
        let seq = row.seq.checked_sub(head >> 1).filter(|seq| *seq < row.seq);
        let seq = seq.ok_or(CodecError::Malformed { what: "change reference" })?;
        Ok(ChangeId { seq, ..row })
    }
}

/// What a row is written relative to: the rows before it.
#[derive(Debug, Default, Clone)]
struct Before {
    door: Option<DoorRef>,
    member: Option<MemberRef>,
    cell: u32,
    ordinal: u32,
    seconds: i64,
    question: u16,
    script: usize,
    /// The last attempt: what an answer of the same author names unless it says otherwise.
    attempt: Option<ChangeId>,
}

impl Before {
    fn implied_attempt(&self, author: DeviceId) -> Option<ChangeId> {
        self.attempt.filter(|attempt| attempt.device == author)
    }
}

/// The head of a body: the tables that its columns refer to.
fn write_tables(out: &mut Out, scripts: &[ScriptHash]) {
    out.varint(scripts.len() as u64);
    for script in scripts {
        out.raw(&script.to_bytes());
    }
}

fn read_tables(bytes: &mut In<'_>) -> Result<Vec<ScriptHash>, CodecError> {
    let count = bytes.count()?;
    (0..count).map(|_| bytes.array().map(ScriptHash::from_bytes)).collect()
}
