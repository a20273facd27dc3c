//! Envelopes: a segment that travels sealed, so that who carries it cannot read it.
//!
//! The header stands in clear, because carriers and the server must know whose changes these
//! are and where they follow on. The segment inside is encrypted once under a key of its own,
//! and that key is wrapped for those who may open it: the campaign, and the holders of the
//! list. Wrapping and opening is `seal`'s; this module says only how the bytes lie.
//!
//! ```text
//! version 0x81 · [campaign 16 · device 16 · incarnation · first number · count · list ·
//! list epoch] · key for the campaign · key for the list (empty if none) · body
//! ```

use crate::change::SegmentHeader;
use crate::change::bytes::{CodecError, In, Out};
use crate::change::segment::{MAX_SEGMENT_BYTES, MAX_SEGMENT_CHANGES};
use crate::id::{CampaignId, DeviceId};

/// Told apart from a plain segment's version by its highest bit.
const VERSION: u8 = 0x81;
/// A segment, and what encrypting it and its key adds, with room to spare.
const MAX_ENVELOPE_BYTES: usize = MAX_SEGMENT_BYTES + 1024;

/// A sealed segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Whose changes, which, and of which list: the header of the segment inside.
    pub header: SegmentHeader,
    /// The content key, wrapped for the campaign.
    pub for_campaign: Vec<u8>,
    /// The content key, wrapped for the holders of the list; empty when they are not to open it.
    pub for_list: Vec<u8>,
    /// The segment, encrypted.
    pub body: Vec<u8>,
}

impl Envelope {
    /// Whether these bytes are meant to be an envelope, not a plain segment.
    #[must_use]
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.first() == Some(&VERSION)
    }

    /// The bytes to store and forward.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Out::default();
        out.byte(VERSION);
        out.raw(&clear_part(&self.header));
        out.block(&self.for_campaign);
        out.block(&self.for_list);
        out.block(&self.body);
        out.0
    }

    /// Reads an envelope; what is inside stays sealed.
    pub fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        if bytes.len() > MAX_ENVELOPE_BYTES {
            let limit = MAX_ENVELOPE_BYTES as u64;
            return Err(CodecError::TooLarge { what: "envelope", limit });
        }
        let mut input = In(bytes);
        let version = input.byte()?;
        if version != VERSION {
            return Err(CodecError::NewerFormat { found: version, supported: VERSION });
        }
        let header = read_clear_part(&mut input)?;
        let for_campaign = input.block()?.to_vec();
        let for_list = input.block()?.to_vec();
        let body = input.block()?.to_vec();
        input.end()?;
        Ok(Self { header, for_campaign, for_list, body })
    }

    /// What the encryption is bound to: the header, as it stands in clear.
    #[must_use]
    pub fn context(header: &SegmentHeader) -> Vec<u8> {
        clear_part(header)
    }
}

fn clear_part(header: &SegmentHeader) -> Vec<u8> {
    let mut out = Out::default();
    out.raw(&header.campaign.to_bytes());
    out.raw(&header.device.to_bytes());
    out.varint(u64::from(header.incarnation));
    out.varint(header.first_seq);
    out.varint(u64::from(header.count));
    out.varint(u64::from(header.list));
    out.varint(u64::from(header.list_epoch));
    out.0
}

fn read_clear_part(input: &mut In<'_>) -> Result<SegmentHeader, CodecError> {
    let header = SegmentHeader {
        campaign: CampaignId::from_bytes(input.array()?),
        device: DeviceId::from_bytes(input.array()?),
        incarnation: input.varint_u32()?,
        first_seq: input.varint()?,
        count: input.varint_u32()?,
        list: input.varint_u32()?,
        list_epoch: input.varint_u32()?,
        canvasser: None,
    };
    if header.count == 0 || header.count as usize > MAX_SEGMENT_CHANGES || header.first_seq == 0 {
        return Err(CodecError::Malformed { what: "count of changes" });
    }
    Ok(header)
}
