//! A body's columns, compressed: by what a typical day has taught, or by DEFLATE where that is
//! shorter.
//!
//! The tables begin as a typical day ([`crate::change::typical`]) leaves them. They are a part
//! of the format: another day would be another version.

use std::sync::LazyLock;

use crate::change::bytes::{CodecError, In, Out, deflated, grown_limit, inflated};
use crate::change::columns::{COLUMNS, Column, SCRIPT_BYTES};
use crate::change::model::{ByteTables, Decoder, Encoder};
use crate::change::typical;

const DEFLATE: u8 = 0;
const LEARNED: u8 = 1;

/// So few bytes that DEFLATE is not tried beside what a typical day has taught: it would spare
/// some of them at best, and its tables cost more than all else of a save's sealed copy.
const SHORT_BYTES: usize = 160;

/// By how many bits of the byte before it a column's byte is told apart.
const CONTEXT_BITS: [u32; COLUMNS] = {
    let mut bits = [1; COLUMNS];
    bits[Column::Tag as usize] = 4;
    bits[Column::Text as usize] = 5;
    bits[Column::Other as usize] = 5;
    bits
};

/// The tables of all columns' lengths and contents, as the typical day leaves them.
struct Taught {
    lengths: [ByteTables; COLUMNS],
    contents: [Vec<ByteTables>; COLUMNS],
}

static TAUGHT: LazyLock<Taught> = LazyLock::new(|| {
    let mut taught = Taught {
        lengths: [ByteTables::NEW; COLUMNS],
        contents: CONTEXT_BITS.map(|bits| vec![ByteTables::NEW; 1 << bits]),
    };
    for day in typical::days() {
        let (_, columns) = columns_of(&day).expect("a body of this build");
        let mut encoder = Encoder::new();
        for (at, column) in columns.into_iter().enumerate() {
            let (length, contents) = (&mut taught.lengths[at], &mut taught.contents[at]);
            write_column(&mut encoder, length, contents, at, column);
        }
    }
    let contents = taught.contents.iter_mut().flatten();
    contents.chain(&mut taught.lengths).for_each(ByteTables::taught);
    taught
});

/// Which of a column's tables are for a byte after `before`.
const fn context(column: usize, before: u8) -> usize {
    let class = match CONTEXT_BITS[column] {
        // Letters, whatever their case.
        5 => before & 31,
        // Whether a number goes on.
        1 => before >> 7,
        _ => (before ^ before >> 4) & 15,
    };
    class as usize
}

/// The head of a body, and its columns.
fn columns_of(body: &[u8]) -> Result<(&[u8], [&[u8]; COLUMNS]), CodecError> {
    let mut input = In(body);
    let scripts = input.count()?;
    input.raw(scripts * SCRIPT_BYTES)?;
    let (head, _) = body.split_at(body.len() - input.0.len());
    let mut columns = [&[][..]; COLUMNS];
    for column in &mut columns {
        *column = input.block()?;
    }
    input.end()?;
    Ok((head, columns))
}

fn write_column(
    encoder: &mut Encoder,
    length: &mut ByteTables,
    contents: &mut [ByteTables],
    at: usize,
    column: &[u8],
) {
    let mut count = Out::default();
    count.varint(column.len() as u64);
    count.0.iter().for_each(|byte| encoder.byte(length, *byte));
    let mut before = 0;
    for byte in column {
        encoder.byte(&mut contents[context(at, before)], *byte);
        before = *byte;
    }
}

/// A body as few bytes.
pub(super) fn packed(body: &[u8]) -> Vec<u8> {
    let mut out = Out::default();
    if let Ok((head, columns)) = columns_of(body) {
        out.byte(LEARNED);
        out.raw(head);
        let mut encoder = Encoder::new();
        for (at, column) in columns.into_iter().enumerate() {
            let (mut length, mut contents) = (TAUGHT.lengths[at], TAUGHT.contents[at].clone());
            write_column(&mut encoder, &mut length, &mut contents, at, column);
        }
        out.block(&encoder.finish());
    }
    // A single save's body is short, and what DEFLATE would spare on it is less than it costs.
    if !out.0.is_empty() && out.0.len() <= SHORT_BYTES {
        return out.0;
    }
    let deflated = deflated(body);
    if out.0.is_empty() || deflated.len() + 4 < out.0.len() {
        out = Out::default();
        out.byte(DEFLATE);
        out.varint(body.len() as u64);
        out.raw(&deflated);
    }
    out.0
}

/// The body in these bytes, of at most `limit` bytes.
pub(super) fn unpacked(packed: &[u8], limit: usize) -> Result<Vec<u8>, CodecError> {
    let mut input = In(packed);
    match input.byte()? {
        DEFLATE => {
            let length = usize::try_from(input.varint()?).unwrap_or(usize::MAX);
            if length > limit {
                return Err(CodecError::TooLarge { what: "inflated body", limit: limit as u64 });
            }
            let body = inflated(input.0, length)?;
            if body.len() == length { Ok(body) } else { Err(CodecError::EndsEarly) }
        }
        LEARNED => learned(input, limit),
        _ => Err(CodecError::Malformed { what: "compressed body" }),
    }
}

fn learned(mut input: In<'_>, limit: usize) -> Result<Vec<u8>, CodecError> {
    let limit = grown_limit(input.0.len(), limit);
    let mut body = Out::default();
    let scripts = input.count()?;
    body.varint(scripts as u64);
    body.raw(input.raw(scripts.saturating_mul(SCRIPT_BYTES))?);
    let coded = input.block()?;
    input.end()?;
    let mut decoder = Decoder::new(coded);
    // One column's tables at a time: few enough to stay near.
    let mut tables = Vec::new();
    for at in 0..COLUMNS {
        let length = read_length(&mut decoder, &mut TAUGHT.lengths[at].clone())?;
        if length > limit.saturating_sub(body.0.len()) {
            return Err(CodecError::TooLarge { what: "inflated body", limit: limit as u64 });
        }
        body.varint(length as u64);
        if length > 0 {
            tables.clone_from(&TAUGHT.contents[at]);
        }
        let mut before = 0;
        for _ in 0..length {
            before = decoder.byte(&mut tables[context(at, before)])?;
            body.byte(before);
        }
    }
    decoder.end()?;
    Ok(body.0)
}

/// A length of at most 2^28, in four groups of seven bits.
fn read_length(decoder: &mut Decoder<'_>, tables: &mut ByteTables) -> Result<usize, CodecError> {
    let mut length = 0;
    for shift in (0..28).step_by(7) {
        let byte = decoder.byte(tables)?;
        length |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(length);
        }
    }
    Err(CodecError::Malformed { what: "length of a column" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A body with these bytes in three of its columns.
    fn body(column: &[u8]) -> Vec<u8> {
        let mut out = Out::default();
        out.varint(1);
        out.raw(&[7; SCRIPT_BYTES]);
        for at in 0..COLUMNS {
            out.block(if at % 6 == 0 { column } else { &[] });
        }
        out.0
    }

    proptest! {
        #[test]
        fn bodies_come_back(column in proptest::collection::vec(any::<u8>(), 0..600)) {
            let body = body(&column);
            prop_assert_eq!(unpacked(&packed(&body), 1 << 20), Ok(body));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            for how in [DEFLATE, LEARNED] {
                let _ = unpacked(&[&[how][..], &bytes].concat(), 1 << 20);
            }
        }
    }

    #[test]
    fn a_body_above_the_limit_is_refused_before_it_grows() {
        let packed = packed(&body(&vec![0; 40_000]));
        assert!(packed.len() < 1_000, "{} bytes", packed.len());
        let refused = |limit| CodecError::TooLarge { what: "inflated body", limit };
        assert_eq!(unpacked(&packed, 10_000), Err(refused(10_000)));
        assert_eq!(unpacked(&packed, 1 << 20), Err(refused(64 << 10)), "a bomb");
    }

    #[test]
    fn the_typical_day_is_the_one_of_version_1() {
        let days = typical::days().concat();
        let digest = blake3::hash(&days).to_hex();
        assert_eq!(&digest[..16], "b051b8b5ee1da09d", "until v1 is frozen: note the new digest");
    }
}
