//! What a talk leaves behind, as blocks: asks, follow-ups, literature, and how it came about.
//!
//! They name changes of their own author by how far back those are. A value that may not be
//! stored is malformed, so that nobody has to check it twice.

use crate::change::bytes::{CodecError, In, Out};
use crate::change::{AskBody, ConsentWord, FollowUpBody, ReachBody};
use crate::id::{ChangeId, DeviceId, ScriptHash};
use crate::survey::{AskKind, AskState, Channels, Consent, ConsentWords, ContactChannel};
use crate::walklist::{CanvassResult, TimeWindow};

const MALFORMED_ASK: CodecError = CodecError::Malformed { what: "ask" };
const MALFORMED_FOLLOW_UP: CodecError = CodecError::Malformed { what: "follow-up" };
const MALFORMED_REACH: CodecError = CodecError::Malformed { what: "way of reaching" };
const MALFORMED_REFERENCE: CodecError = CodecError::Malformed { what: "change reference" };

/// 0: none. Even: so many before the row, by its own author. 1: another author's, in full.
pub(super) fn write_reference(out: &mut Out, row: ChangeId, id: Option<ChangeId>) {
    let Some(id) = id else { return out.varint(0) };
    let is_own = id.device == row.device && id.incarnation == row.incarnation;
    if is_own && id.seq < row.seq && row.seq - id.seq < 1 << 63 {
        return out.varint((row.seq - id.seq) << 1);
    }
    out.varint(1);
    out.raw(&id.device.to_bytes());
    out.varint(u64::from(id.incarnation));
    out.varint(id.seq);
}

fn read_reference(bytes: &mut In<'_>, row: ChangeId) -> Result<Option<ChangeId>, CodecError> {
    match bytes.varint()? {
        0 => Ok(None),
        1 => Ok(Some(ChangeId {
            device: DeviceId::from_bytes(bytes.array()?),
            incarnation: bytes.varint_u32()?,
            seq: bytes.varint()?,
        })),
        head if head & 1 == 0 => {
            let seq = row.seq.checked_sub(head >> 1).ok_or(MALFORMED_REFERENCE)?;
            Ok(Some(ChangeId { seq, ..row }))
        }
        _ => Err(MALFORMED_REFERENCE),
    }
}

pub(super) fn read_attempt(bytes: &mut In<'_>, row: ChangeId) -> Result<ChangeId, CodecError> {
    read_reference(bytes, row)?.ok_or(MALFORMED_REFERENCE)
}

const NOTHING: u8 = 0;
const GIVEN: u8 = 1;
const WITHDRAWN: u8 = 2;
const BY_HASH: u8 = 1;
const BY_QUESTION: u8 = 2;

pub(super) fn write_ask(out: &mut Out, row: ChangeId, ask: &AskBody) {
    out.byte(ask.kind.number());
    if let AskKind::Own { name } = &ask.kind {
        out.text(name);
    }
    out.byte(ask.state.map_or(NOTHING, |state| state as u8));
    match &ask.consent {
        None => out.byte(NOTHING),
        Some(ConsentWord::Withdrawn) => out.byte(WITHDRAWN),
        Some(ConsentWord::Given(consent)) => {
            out.byte(GIVEN);
            write_consent(out, consent);
        }
    }
    write_reference(out, row, ask.during);
}

fn write_consent(out: &mut Out, consent: &Consent) {
    match &consent.words {
        ConsentWords::Hash(hash) => {
            out.byte(BY_HASH);
            out.raw(hash);
        }
        ConsentWords::Question { script, question } => {
            out.byte(BY_QUESTION);
            out.raw(&script.to_bytes());
            out.varint(u64::from(*question));
        }
    }
    out.text(&consent.language);
    out.byte(consent.channels.bits());
}

pub(super) fn read_ask(bytes: &mut In<'_>, row: ChangeId) -> Result<AskBody, CodecError> {
    let kind = match bytes.byte()? {
        0 => AskKind::own(&bytes.text()?),
        number => AskKind::from_number(number),
    };
    let kind = kind.ok_or(MALFORMED_ASK)?;
    let state = match bytes.byte()? {
        NOTHING => None,
        number => Some(AskState::from_number(number).ok_or(MALFORMED_ASK)?),
    };
    let consent = match bytes.byte()? {
        NOTHING => None,
        GIVEN => Some(ConsentWord::Given(read_consent(bytes)?)),
        WITHDRAWN => Some(ConsentWord::Withdrawn),
        _ => return Err(MALFORMED_ASK),
    };
    if state.is_none() && consent.is_none() {
        return Err(MALFORMED_ASK);
    }
    Ok(AskBody { kind, state, consent, during: read_reference(bytes, row)? })
}

fn read_consent(bytes: &mut In<'_>) -> Result<Consent, CodecError> {
    let words = match bytes.byte()? {
        BY_HASH => ConsentWords::Hash(bytes.array()?),
        BY_QUESTION => ConsentWords::Question {
            script: ScriptHash::from_bytes(bytes.array()?),
            question: u16::try_from(bytes.varint()?).map_err(|_| MALFORMED_ASK)?,
        },
        _ => return Err(MALFORMED_ASK),
    };
    let language = bytes.text()?;
    let channels = Channels::from_bits(bytes.byte()?).ok_or(MALFORMED_ASK)?;
    Some(Consent { words, language, channels }).filter(Consent::is_sound).ok_or(MALFORMED_ASK)
}

pub(super) fn write_follow_up(out: &mut Out, row: ChangeId, follow_up: &FollowUpBody) {
    let (from, length) = follow_up.window.minutes();
    out.signed(from);
    out.signed(length);
    out.signed(i64::from(follow_up.window.utc_offset_minutes));
    write_reference(out, row, follow_up.during);
}

pub(super) fn read_follow_up(
    bytes: &mut In<'_>,
    row: ChangeId,
) -> Result<FollowUpBody, CodecError> {
    let (from, length) = (bytes.signed()?, bytes.signed()?);
    let offset = i32::try_from(bytes.signed()?).map_err(|_| MALFORMED_FOLLOW_UP)?;
    let window = TimeWindow::from_minutes(from, length, offset).ok_or(MALFORMED_FOLLOW_UP)?;
    Ok(FollowUpBody { window, during: read_reference(bytes, row)? })
}

pub(super) fn write_reach(out: &mut Out, row: ChangeId, reach: &ReachBody) {
    write_reference(out, row, Some(reach.attempt));
    out.byte(reach.channel as u8);
    out.text(&reach.number);
    out.byte(reach.result.map_or(NOTHING, CanvassResult::number));
}

/// A result that this build does not know makes it one of a later build: kept as it came.
pub(super) fn read_reach(bytes: &mut In<'_>, row: ChangeId) -> Result<ReachBody, CodecError> {
    let attempt = read_attempt(bytes, row)?;
    let channel = match bytes.byte()? {
        2 => ContactChannel::Phone,
        4 => ContactChannel::Text,
        _ => return Err(MALFORMED_REACH),
    };
    let number = bytes.text()?;
    let result = match bytes.byte()? {
        NOTHING => None,
        number => {
            let result = CanvassResult::from_number(number).filter(|it| it.is_of_calls());
            Some(result.ok_or(MALFORMED_REACH)?)
        }
    };
    Ok(ReachBody { attempt, channel, number, result })
}
