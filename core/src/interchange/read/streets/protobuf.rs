//! Fields of a protocol buffer's message, one after the other, where they lie.
//!
//! Knows the wire format only: numbers, lengths and bytes. Nothing is copied or kept, so that a
//! message takes no more memory than it is long, whatever it claims.

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// A field's value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// A fixed-length number; no field that is read here is one.
    Fixed,
}

/// The fields of one message: their numbers and values.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) const fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn next_field(&mut self) -> Result<(u64, Value<'a>), Broken> {
        let key = number(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Number(number(&mut self.0)?),
            1 => self.fixed(8)?,
            2 => {
                let length = usize::try_from(number(&mut self.0)?).map_err(|_| Broken)?;
                let (bytes, rest) = self.0.split_at_checked(length).ok_or(Broken)?;
                self.0 = rest;
                Value::Bytes(bytes)
            }
            5 => self.fixed(4)?,
            _ => return Err(Broken),
        };
        Ok((key >> 3, value))
    }

    fn fixed(&mut self, length: usize) -> Result<Value<'a>, Broken> {
        self.0 = self.0.get(length..).ok_or(Broken)?;
        Ok(Value::Fixed)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.next_field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// The numbers of a packed field.
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl Iterator for Packed<'_> {
    type Item = Result<u64, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let read = number(&mut self.0);
        if read.is_err() {
            self.0 = &[];
        }
        Some(read)
    }
}

/// Packed numbers that are each told as what is added to the one before.
pub(super) struct Deltas<'a> {
    packed: Packed<'a>,
    current: i64,
}

impl<'a> Deltas<'a> {
    pub(super) const fn of(bytes: &'a [u8]) -> Self {
        Self { packed: Packed(bytes), current: 0 }
    }
}

impl Iterator for Deltas<'_> {
    type Item = Result<i64, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let delta = match self.packed.next()? {
            Ok(number) => signed(number),
            Err(broken) => return Some(Err(broken)),
        };
        let next = self.current.checked_add(delta);
        self.current = next.unwrap_or(0);
        Some(next.ok_or(Broken))
    }
}

/// A signed number, zigzag-coded.
pub(super) fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// A number of seven bits a byte, the lowest first.
fn number(bytes: &mut &[u8]) -> Result<u64, Broken> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(Broken)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        bytes.push(value.to_le_bytes()[0]);
        bytes
    }

    proptest! {
        #[test]
        fn numbers_come_back(values in prop::collection::vec(any::<u64>(), 0..20)) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| written(*value)).collect();
            let read: Result<Vec<u64>, Broken> = Packed(&bytes).collect();
            prop_assert_eq!(read, Ok(values));
        }

        #[test]
        fn zigzag_is_undone(value in any::<i64>()) {
            let coded = ((value << 1) ^ (value >> 63)).cast_unsigned();
            prop_assert_eq!(signed(coded), value);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Fields::of(&bytes).count() <= bytes.len());
            prop_assert!(Deltas::of(&bytes).count() <= bytes.len());
        }
    }

    #[test]
    fn a_sum_beyond_64_bits_is_broken() {
        let largest = (i64::MAX << 1).cast_unsigned();
        let bytes = [written(largest), written(2)].concat();
        assert_eq!(Deltas::of(&bytes).collect::<Vec<_>>(), [Ok(i64::MAX), Err(Broken)]);
    }
}
