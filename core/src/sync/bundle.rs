//! Bundles: work handed from phone to phone, without a server, in whatever way bytes travel.
//!
//! A bundle carries every author's unacknowledged segments that its maker holds and its reader
//! does not, each sealed to the campaign and, where the maker holds the list, to its holders.
//! Whoever does not hold a list carries its segments unread. Cards say who the authors are, and
//! receipts what the campaign has already. What a bundle means for a store is `engine`'s.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::sync::Signed;
use crate::sync::wire::{self, Bytes16, Mark};

/// The largest bundle that is read: many days of many phones.
pub const MAX_BUNDLE_BYTES: usize = 8 << 20;

/// What a phone holds, told to another one so that it is given what it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PeerSummary {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The campaign.
    #[n(1)]
    pub campaign: Bytes16,
    /// The phone.
    #[n(2)]
    pub device: Bytes16,
    /// How far it holds each author's changes, or knows that the campaign has them.
    #[n(3)]
    pub held: Vec<Held>,
}

/// A phone holds every change of an author up to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Held {
    /// The author's device.
    #[n(0)]
    pub device: Bytes16,
    /// Its incarnation.
    #[n(1)]
    pub incarnation: u32,
    /// The number.
    #[n(2)]
    pub seq: u64,
}

/// Work of one or more authors, on its way from phone to phone.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
    /// What its maker holds.
    #[n(0)]
    pub from: PeerSummary,
    /// Who the authors are, signed by the campaign.
    #[n(1)]
    pub cards: Vec<Signed>,
    /// Sealed segments, each author's in order and without a gap.
    #[n(2)]
    pub envelopes: Vec<ByteVec>,
    /// What the campaign has, signed by it.
    #[n(3)]
    pub receipts: Vec<Mark>,
}

impl PeerSummary {
    /// The summary in these bytes, if it is one.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= MAX_BUNDLE_BYTES).then(|| wire::decoded(bytes)).flatten()
    }

    /// How far this phone holds an author.
    #[must_use]
    pub fn held(&self, device: &[u8; 16], incarnation: u32) -> u64 {
        let known = self.held.iter().filter(|h| *h.device == *device);
        known.filter(|h| h.incarnation == incarnation).map(|h| h.seq).max().unwrap_or(0)
    }
}

impl Bundle {
    /// The bundle in these bytes, if it is one.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= MAX_BUNDLE_BYTES).then(|| wire::decoded(bytes)).flatten()
    }
}
