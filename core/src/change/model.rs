//! Entropy coding that learns: a range coder over half bytes.
//!
//! Each half byte is written with as many bits as the bytes before it made it unlikely. Both
//! sides keep the same tables and alter them in the same way, in integers, so that equal
//! content gives equal bytes on every machine. This module does not know what the bytes mean.

use crate::change::bytes::CodecError;

/// The sum of the shares of all sixteen half bytes.
const ONE: u16 = 1 << SHARE_BITS;
const SHARE_BITS: u32 = 15;
/// The share that even the most unlikely half byte tends to. With steps of at most a 32nd, it
/// keeps every share above nothing.
const LEAST: u16 = 32;
/// By how much a table moves towards what it has just seen, as a shift: at first by half.
const STEPS: [u8; 12] = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 5];
/// What a table counts as having seen when it was taught before: it still learns fast.
const TAUGHT: u8 = 5;

/// How likely each half byte is at one place.
#[derive(Clone, Copy, Debug)]
struct Table {
    /// For each half byte, the sum of the shares of those below it.
    below: [u16; 16],
    seen: u8,
}

impl Table {
    const NEW: Self = {
        let mut below = [0; 16];
        let mut at = 1;
        while at < 16 {
            below[at] = below[at - 1] + ONE / 16;
            at += 1;
        }
        Self { below, seen: 0 }
    };

    /// Where the share of a half byte begins, and how large it is.
    #[inline]
    fn share(&self, half: usize) -> (u16, u16) {
        let from = self.below[half];
        let to = if half == 15 { ONE } else { self.below[half + 1] };
        (from, to.wrapping_sub(from))
    }

    /// The half byte in whose share a value lies: the last whose share begins at or below it.
    ///
    /// All sixteen are compared, which a processor does at once; a search goes step by step.
    #[inline]
    fn find(&self, value: u16) -> usize {
        // Signed: the comparison that every processor has for many numbers at once.
        let value = value.cast_signed();
        let mut begun = 0_u16;
        for at in 0..16 {
            begun |= u16::from(self.below[at].cast_signed() <= value) << at;
        }
        // The first one always has begun.
        (begun.trailing_ones().wrapping_sub(1) & 15) as usize
    }

    #[inline]
    fn learn(&mut self, half: usize) {
        let step = u32::from(STEPS[usize::from(self.seen).min(STEPS.len() - 1)]);
        self.seen = self.seen.saturating_add(1);
        let targets = &TARGETS[half & 15];
        self.below = std::array::from_fn(|at| {
            let away = targets[at].wrapping_sub(self.below[at]).cast_signed();
            self.below[at].wrapping_add((away >> step).cast_unsigned())
        });
    }
}

/// What a table tends to while it sees nothing but one half byte.
const TARGETS: [[u16; 16]; 16] = {
    let mut targets = [[0; 16]; 16];
    let mut at = 0;
    while at < 256 {
        let (seen, half) = (at >> 4, at & 15);
        if half > 0 {
            let share = if half == seen + 1 { ONE - 15 * LEAST } else { LEAST };
            targets[seen][half] = targets[seen][half - 1] + share;
        }
        at += 1;
    }
    targets
};

/// The tables for one byte: its upper half, and its lower half after each upper one.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByteTables {
    upper: Table,
    lower: [Table; 16],
}

impl ByteTables {
    pub(super) const NEW: Self = Self { upper: Table::NEW, lower: [Table::NEW; 16] };

    /// Keeps what was learned, and is ready to learn anew.
    pub(super) fn taught(&mut self) {
        for table in self.lower.iter_mut().chain([&mut self.upper]) {
            table.seen = table.seen.min(TAUGHT);
        }
    }
}

/// Writes bytes.
#[derive(Debug)]
pub(super) struct Encoder {
    low: u64,
    range: u32,
    out: Vec<u8>,
}

impl Encoder {
    pub(super) const fn new() -> Self {
        Self { low: 0, range: u32::MAX, out: Vec::new() }
    }

    pub(super) fn byte(&mut self, tables: &mut ByteTables, byte: u8) {
        let (upper, lower) = (usize::from(byte >> 4), usize::from(byte & 15));
        self.half(&mut tables.upper, upper);
        self.half(&mut tables.lower[upper], lower);
    }

    fn half(&mut self, table: &mut Table, half: usize) {
        let (from, size) = table.share(half);
        let unit = self.range >> SHARE_BITS;
        self.low += u64::from(unit) * u64::from(from);
        self.range = unit * u32::from(size);
        self.carry();
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
        table.learn(half);
    }

    /// Adds what has grown out of the lower 32 bits to the bytes already written.
    fn carry(&mut self) {
        if self.low >> 32 != 0 {
            self.low &= u64::from(u32::MAX);
            for byte in self.out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the highest of four bytes")]
    fn shift(&mut self) {
        self.out.push((self.low >> 24) as u8);
        self.low = self.low << 8 & u64::from(u32::MAX);
    }

    /// The bytes, without up to four zeros at the end that a reader adds in its mind.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // Any number in the range will do: the one with the most zeros at its end.
        let top = self.low + u64::from(self.range) - 1;
        for zeros in (0..32).rev() {
            let rounded = top >> zeros << zeros;
            if rounded >= self.low {
                self.low = rounded;
                break;
            }
        }
        self.carry();
        for _ in 0..4 {
            self.shift();
        }
        for _ in 0..4 {
            if self.out.last() == Some(&0) {
                self.out.pop();
            }
        }
        self.out
    }
}

/// Reads what an [`Encoder`] wrote; of other bytes it makes other bytes, and never fails before
/// it has read them all.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    code: u32,
    range: u32,
    bytes: &'a [u8],
    /// Zeros read after the end.
    beyond: u8,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self { code: 0, range: u32::MAX, bytes, beyond: 0 };
        for _ in 0..4 {
            decoder.shift();
        }
        decoder
    }

    #[inline]
    pub(super) fn byte(&mut self, tables: &mut ByteTables) -> Result<u8, CodecError> {
        let upper = self.half(&mut tables.upper);
        let lower = self.half(&mut tables.lower[usize::from(upper)]);
        // An encoder leaves out at most the four bytes of its end.
        if self.beyond > 4 { Err(CodecError::EndsEarly) } else { Ok(upper << 4 | lower) }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a half byte, and a share of 2^15")]
    #[inline]
    fn half(&mut self, table: &mut Table) -> u8 {
        let unit = self.range >> SHARE_BITS;
        let value = (self.code / unit).min(u32::from(ONE) - 1) as u16;
        let half = table.find(value);
        let (from, size) = table.share(half);
        self.code = self.code.wrapping_sub(unit.wrapping_mul(u32::from(from)));
        self.range = unit.wrapping_mul(u32::from(size));
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
        table.learn(half);
        half as u8
    }

    #[inline]
    fn shift(&mut self) {
        let byte = match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                *first
            }
            None => {
                self.beyond = self.beyond.saturating_add(1);
                0
            }
        };
        self.code = self.code << 8 | u32::from(byte);
    }

    /// That nothing is left.
    pub(super) fn end(self) -> Result<(), CodecError> {
        if self.bytes.is_empty() { Ok(()) } else { Err(CodecError::LeftOver) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn coded(bytes: &[u8]) -> Vec<u8> {
        let (mut encoder, mut tables) = (Encoder::new(), ByteTables::NEW);
        bytes.iter().for_each(|byte| encoder.byte(&mut tables, *byte));
        encoder.finish()
    }

    fn decoded(coded: &[u8], count: usize) -> Result<Vec<u8>, CodecError> {
        let (mut decoder, mut tables) = (Decoder::new(coded), ByteTables::NEW);
        let bytes = (0..count).map(|_| decoder.byte(&mut tables)).collect::<Result<_, _>>()?;
        decoder.end()?;
        Ok(bytes)
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>, few in proptest::collection::vec(0_u8..3, 0..3000)) {
            for bytes in [bytes, few] {
                prop_assert_eq!(decoded(&coded(&bytes), bytes.len()), Ok(bytes));
            }
        }

        #[test]
        fn every_share_stays_above_nothing(halves in proptest::collection::vec(0_usize..16, 0..4000)) {
            let mut table = Table::NEW;
            for half in halves {
                table.learn(half);
                prop_assert!((0..16).all(|half| (1..ONE).contains(&table.share(half).1)));
            }
        }
    }

    #[test]
    fn what_repeats_costs_little_and_what_does_not_little_more_than_itself() {
        assert!(coded(&[7; 4000]).len() < 30);
        let mixed: Vec<u8> =
            (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(coded(&mixed).len() < 5000);
    }
}
