//! Varints and columns: the byte-level grammar of segments and pages.
//!
//! A reader never trusts a length: every read is checked, every count is bounded by the bytes
//! that are really there.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// Why bytes are not what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The bytes end in the middle of something.
    #[error("bytes end early")]
    EndsEarly,
    /// There are bytes after the end.
    #[error("bytes left over")]
    LeftOver,
    /// A format version this build does not read.
    #[error("format version {found} is newer than {supported}")]
    NewerFormat {
        /// The version found.
        found: u8,
        /// The newest version this build reads.
        supported: u8,
    },
    /// A number, length or reference that cannot be.
    #[error("malformed {what}")]
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// More than the stated limit.
    #[error("{what} above the limit of {limit}")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// A growing column of bytes.
#[derive(Debug, Default)]
pub(crate) struct Out(pub(crate) Vec<u8>);

impl Out {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// LEB128, seven bits at a time.
    #[expect(clippy::cast_possible_truncation, reason = "the low seven bits are what is meant")]
    pub(crate) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Zigzag, so that small negative numbers stay short.
    pub(crate) fn signed(&mut self, value: i64) {
        self.varint(zigzag(value));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.varint(text.len() as u64);
        self.raw(text.as_bytes());
    }

    pub(crate) fn block(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }
}

#[expect(clippy::cast_sign_loss, reason = "zigzag maps the sign into the lowest bit")]
pub(crate) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[expect(clippy::cast_possible_wrap, reason = "the inverse of zigzag")]
pub(crate) const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// A place in bytes being read.
#[derive(Debug, Clone)]
pub(crate) struct In<'a>(pub(crate) &'a [u8]);

impl<'a> In<'a> {
    pub(crate) fn byte(&mut self) -> Result<u8, CodecError> {
        let (first, rest) = self.0.split_first().ok_or(CodecError::EndsEarly)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn raw(&mut self, length: usize) -> Result<&'a [u8], CodecError> {
        let (head, rest) = self.0.split_at_checked(length).ok_or(CodecError::EndsEarly)?;
        self.0 = rest;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let mut array = [0; N];
        array.copy_from_slice(self.raw(N)?);
        Ok(array)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, CodecError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(CodecError::Malformed { what: "number" })
    }

    pub(crate) fn varint_u32(&mut self) -> Result<u32, CodecError> {
        u32::try_from(self.varint()?).map_err(|_| CodecError::Malformed { what: "number" })
    }

    pub(crate) fn signed(&mut self) -> Result<i64, CodecError> {
        self.varint().map(unzigzag)
    }

    /// A count of things that each take at least one byte of what is left.
    pub(crate) fn count(&mut self) -> Result<usize, CodecError> {
        let count = self.varint()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.0.len() => Ok(count),
            _ => Err(CodecError::EndsEarly),
        }
    }

    pub(crate) fn block(&mut self) -> Result<&'a [u8], CodecError> {
        let length = self.count()?;
        self.raw(length)
    }

    pub(crate) fn text(&mut self) -> Result<String, CodecError> {
        let bytes = self.block()?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(CodecError::Malformed { what: "text" }),
        }
    }

    pub(crate) fn end(self) -> Result<(), CodecError> {
        if self.0.is_empty() { Ok(()) } else { Err(CodecError::LeftOver) }
    }
}

/// Bytes compressed with DEFLATE, the fixed level that makes equal content equal bytes.
///
/// Raw DEFLATE rather than gzip: the eighteen bytes of gzip's frame buy a checksum, and
/// segments are signed.
pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(9));
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("writing to memory does not fail")
}

/// The content of `deflated`; refuses to grow beyond `limit` bytes, or beyond [`FREE_BYTES`]
/// by more than [`MAX_RATIO`], before it has done so.
pub(crate) fn inflated(deflated: &[u8], limit: usize) -> Result<Vec<u8>, CodecError> {
    let limit = grown_limit(deflated.len(), limit);
    let mut bytes = Vec::new();
    DeflateDecoder::new(deflated)
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| CodecError::Malformed { what: "compressed body" })?;
    if bytes.len() > limit {
        return Err(CodecError::TooLarge { what: "inflated body", limit: limit as u64 });
    }
    Ok(bytes)
}

/// How large so many compressed bytes may become, where `limit` is the most there may be.
pub(crate) fn grown_limit(compressed: usize, limit: usize) -> usize {
    limit.min(compressed.saturating_mul(MAX_RATIO).max(FREE_BYTES))
}

/// How many times larger a body may become when it is inflated.
///
/// A day's columns compress two- to fivefold; a hundredfold is a decompression bomb.
const MAX_RATIO: usize = 100;

/// Up to here the ratio does not count: a short body of equal rows may compress a thousandfold.
const FREE_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_survive(value: u64, signed: i64) {
            let mut out = Out::default();
            out.varint(value);
            out.signed(signed);
            let mut bytes = In(&out.0);
            prop_assert_eq!(bytes.varint(), Ok(value));
            prop_assert_eq!(bytes.signed(), Ok(signed));
            prop_assert_eq!(bytes.end(), Ok(()));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let mut input = In(&bytes);
            while !input.0.is_empty() {
                if input.varint().is_err() || input.block().is_err() || input.text().is_err() {
                    break;
                }
            }
        }

        #[test]
        fn bodies_survive(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(inflated(&deflated(&bytes), 4096), Ok(bytes));
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_grows() {
        let bomb = deflated(&vec![0; 4 << 20]);
        let refused = CodecError::TooLarge { what: "inflated body", limit: 1000 };
        assert_eq!(inflated(&bomb, 1000), Err(refused));
        let ratio = bomb.len() as u64 * 100;
        let refused = CodecError::TooLarge { what: "inflated body", limit: ratio };
        assert_eq!(inflated(&bomb, 64 << 20), Err(refused));
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_malformed() {
        assert_eq!(In(&[0xff; 10]).varint(), Err(CodecError::Malformed { what: "number" }));
    }
}
