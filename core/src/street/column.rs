//! Columns of whole numbers, each as wide as its largest, read where they lie.
//!
//! Does not check what the numbers mean: `layout` does, once.

/// Bytes after the last column, so that a number can be read as part of eight bytes.
pub(super) const PADDING: usize = 8;

/// Where a column lies in a pack's bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Column {
    pub(super) start: usize,
    pub(super) bits: u8,
    pub(super) count: u32,
}

impl Column {
    /// How many bytes so many numbers of so many bits take.
    pub(super) fn bytes_of(count: u32, bits: u8) -> u64 {
        (u64::from(count) * u64::from(bits)).div_ceil(8)
    }

    /// The number at this place.
    #[expect(clippy::cast_possible_truncation, reason = "masked to at most 32 bits")]
    #[inline]
    pub(super) fn get(self, bytes: &[u8], at: u32) -> u32 {
        debug_assert!(at < self.count, "a place in the column");
        let bit = at as usize * usize::from(self.bits);
        let from = self.start + bit / 8;
        let mut word = [0; 8];
        word.copy_from_slice(&bytes[from..from + 8]);
        let mask = (1_u64 << self.bits) - 1;
        ((u64::from_le_bytes(word) >> (bit % 8)) & mask) as u32
    }

    /// All numbers in order.
    pub(super) fn iter(self, bytes: &[u8]) -> impl Iterator<Item = u32> {
        (0..self.count).map(move |at| self.get(bytes, at))
    }

    /// Whether every number is below `limit`.
    pub(super) fn below(self, bytes: &[u8], limit: u32) -> bool {
        self.iter(bytes).all(|number| number < limit)
    }
}

/// The bits that the largest of these numbers takes, and the numbers packed so.
#[expect(clippy::cast_possible_truncation, reason = "the low byte is what is meant; 32 bits")]
pub(super) fn packed(numbers: &[u32]) -> (u8, Vec<u8>) {
    let bits = (32 - numbers.iter().max().map_or(32, |max| max.leading_zeros())) as u8;
    let mut bytes = Vec::with_capacity(numbers.len() * usize::from(bits) / 8 + 1);
    let (mut word, mut filled) = (0_u64, 0_u8);
    for &number in numbers {
        word |= u64::from(number) << filled;
        filled += bits;
        while filled >= 8 {
            bytes.push(word as u8);
            word >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        bytes.push(word as u8);
    }
    (bits, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(top in 0_u32..33, raw in proptest::collection::vec(any::<u32>(), 1..99)) {
            let numbers: Vec<u32> =
                raw.iter().map(|n| n & u32::MAX.checked_shr(32 - top).unwrap_or(0)).collect();
            let (bits, mut bytes) = packed(&numbers);
            prop_assert!(u32::from(bits) <= top);
            let count = u32::try_from(numbers.len()).expect("few");
            prop_assert_eq!(bytes.len() as u64, Column::bytes_of(count, bits));
            bytes.extend([0xff; PADDING]);
            let column = Column { start: 0, bits, count };
            prop_assert_eq!(column.iter(&bytes).collect::<Vec<_>>(), numbers);
        }
    }
}
