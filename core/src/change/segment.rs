//! Segments: the form in which one device's changes go up.
//!
//! A segment holds consecutive changes of one device for one list. It is made once, signed
//! once, and from then on stored and forwarded byte for byte: the signature covers the bytes as
//! they are. Signing and checking is `seal`'s; this module says which bytes are signed.
//!
//! ```text
//! version 1 · algorithm 1 · signature 64 · [flags 1 · campaign 16 · device 16 · incarnation ·
//! first sequence · count · first second · list · list epoch · (canvasser 16) · devices ·
//! packed body]                          everything in [ ] is signed; numbers are LEB128
//! ```

use crate::change::WireChange;
use crate::change::bytes::{CodecError, In, Out};
use crate::change::columns::{DeviceTable, RowDecoder, RowEncoder};
use crate::change::pack::{packed, unpacked};
use crate::id::{CampaignId, CanvasserId, ChangeId, DeviceId};

/// Most changes a segment holds.
pub const MAX_SEGMENT_CHANGES: usize = 256;
/// Most bytes a segment has, compressed and signed.
pub const MAX_SEGMENT_BYTES: usize = 64 << 10;
/// Bytes of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;
/// What is put before the signed bytes, so that a signature over a segment is good for
/// nothing else.
pub const SIGNATURE_DOMAIN: &[u8] = b"canvass segment v1\0";

/// The largest body a segment may inflate to.
const MAX_BODY_BYTES: usize = 8 << 20;
/// Most devices a segment may name.
const MAX_DEVICES: usize = 1024;

const VERSION: u8 = 1;
const ED25519: u8 = 1;
const FLAG_CANVASSER: u8 = 1;

/// The head of a segment: who wrote it, for which list, and which of their changes it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The campaign.
    pub campaign: CampaignId,
    /// The author's device.
    pub device: DeviceId,
    /// The incarnation of that device's database.
    pub incarnation: u32,
    /// The number of the first change.
    pub first_seq: u64,
    /// How many changes there are, at most [`MAX_SEGMENT_CHANGES`].
    pub count: u32,
    /// The list's number within the campaign.
    pub list: u32,
    /// The list's epoch when the changes were recorded.
    pub list_epoch: u32,
    /// Who held the phone, if not the one to whom the device is enrolled.
    pub canvasser: Option<CanvasserId>,
}

impl SegmentHeader {
    /// The number after the last change.
    #[must_use]
    pub fn end_seq(&self) -> u64 {
        self.first_seq.saturating_add(u64::from(self.count))
    }

    fn id(&self, offset: u32) -> ChangeId {
        ChangeId {
            device: self.device,
            incarnation: self.incarnation,
            seq: self.first_seq.saturating_add(u64::from(offset)),
        }
    }
}

/// A segment whose header has been read and whose body has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The header.
    pub header: SegmentHeader,
    bytes: Vec<u8>,
    first_second: i64,
    devices: Vec<DeviceId>,
    body_at: usize,
}

/// Where the signature ends and the signed bytes begin.
const SIGNED_FROM: usize = 2 + SIGNATURE_BYTES;

impl Segment {
    /// Encodes as many of `changes` as one segment holds, in the device's order, and signs the
    /// bytes with `sign`. The header's `count` is set; what did not fit is for the next one.
    ///
    /// Nothing comes of no changes, or of one that alone exceeds the limit.
    pub fn make(
        mut header: SegmentHeader,
        changes: &[WireChange],
        sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
    ) -> Option<Self> {
        let mut take = changes.len().min(MAX_SEGMENT_CHANGES);
        loop {
            header.count = u32::try_from(take).ok().filter(|count| *count > 0)?;
            let signed = signed_part(&header, &changes[..take]);
            if SIGNED_FROM + signed.len() <= MAX_SEGMENT_BYTES {
                let mut bytes = vec![VERSION, ED25519];
                bytes.extend_from_slice(&sign(&signed));
                bytes.extend_from_slice(&signed);
                return Self::read(bytes).ok();
            }
            take /= 2;
        }
    }

    /// Reads the header; the body and the signature are not looked at.
    pub fn read(bytes: Vec<u8>) -> Result<Self, CodecError> {
        if bytes.len() > MAX_SEGMENT_BYTES {
            return Err(CodecError::TooLarge { what: "segment", limit: MAX_SEGMENT_BYTES as u64 });
        }
        let mut input = In(&bytes);
        let version = input.byte()?;
        if version != VERSION {
            return Err(CodecError::NewerFormat { found: version, supported: VERSION });
        }
        if input.byte()? != ED25519 {
            return Err(CodecError::Malformed { what: "signature algorithm" });
        }
        input.raw(SIGNATURE_BYTES)?;
        let (header, first_second) = read_header(&mut input)?;
        let count = input.count()?;
        if count > MAX_DEVICES {
            return Err(CodecError::TooLarge { what: "devices", limit: MAX_DEVICES as u64 });
        }
        let devices = (0..count).map(|_| input.array().map(DeviceId::from_bytes));
        let devices = devices.collect::<Result<Vec<_>, _>>()?;
        let body_at = bytes.len() - input.0.len();
        Ok(Self { header, bytes, first_second, devices, body_at })
    }

    /// The bytes to store and forward.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes to store and forward.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The signature and the bytes it signs (to be preceded by [`SIGNATURE_DOMAIN`]).
    #[must_use]
    pub fn signature(&self) -> ([u8; SIGNATURE_BYTES], &[u8]) {
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(&self.bytes[2..SIGNED_FROM]);
        (signature, &self.bytes[SIGNED_FROM..])
    }

    /// The changes, in the device's order.
    pub fn changes(&self) -> Result<Vec<WireChange>, CodecError> {
        let body = unpacked(&self.bytes[self.body_at..], MAX_BODY_BYTES)?;
        let table = DeviceTable(self.devices.clone());
        let mut rows = RowDecoder::new(table, self.first_second, &body)?;
        let mut changes = Vec::with_capacity(self.header.count as usize);
        for offset in 0..self.header.count {
            changes.push(rows.next(self.header.id(offset))?);
        }
        rows.end()?;
        Ok(changes)
    }
}

fn signed_part(header: &SegmentHeader, changes: &[WireChange]) -> Vec<u8> {
    let first_second = changes.first().map_or(0, |change| change.recorded_at.seconds());
    let mut rows = RowEncoder::new(DeviceTable::default(), first_second);
    changes.iter().for_each(|change| rows.push(change));
    let devices = rows.devices.clone();
    let body = rows.finish();

    let mut out = Out::default();
    out.byte(if header.canvasser.is_some() { FLAG_CANVASSER } else { 0 });
    out.raw(&header.campaign.to_bytes());
    out.raw(&header.device.to_bytes());
    out.varint(u64::from(header.incarnation));
    out.varint(header.first_seq);
    out.varint(u64::from(header.count));
    out.signed(first_second);
    out.varint(u64::from(header.list));
    out.varint(u64::from(header.list_epoch));
    if let Some(canvasser) = header.canvasser {
        out.raw(&canvasser.to_bytes());
    }
    out.varint(devices.0.len() as u64);
    devices.0.iter().for_each(|device| out.raw(&device.to_bytes()));
    out.raw(&packed(&body));
    out.0
}

fn read_header(input: &mut In<'_>) -> Result<(SegmentHeader, i64), CodecError> {
    let flags = input.byte()?;
    if flags & !FLAG_CANVASSER != 0 {
        return Err(CodecError::Malformed { what: "segment flags" });
    }
    let campaign = CampaignId::from_bytes(input.array()?);
    let device = DeviceId::from_bytes(input.array()?);
    let incarnation = input.varint_u32()?;
    let first_seq = input.varint()?;
    let count = input.varint_u32()?;
    if count == 0 || count as usize > MAX_SEGMENT_CHANGES || first_seq == 0 {
        return Err(CodecError::Malformed { what: "count of changes" });
    }
    let first_second = input.signed()?;
    let list = input.varint_u32()?;
    let list_epoch = input.varint_u32()?;
    let canvasser = match flags & FLAG_CANVASSER {
        0 => None,
        _ => Some(CanvasserId::from_bytes(input.array()?)),
    };
    let header = SegmentHeader {
        campaign,
        device,
        incarnation,
        first_seq,
        count,
        list,
        list_epoch,
        canvasser,
    };
    Ok((header, first_second))
}
