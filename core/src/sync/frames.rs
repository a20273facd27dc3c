//! Bytes as a row of QR codes, shown one after the other and read in any order.
//!
//! Each frame is a text of the QR alphanumeric set (Base45, RFC 9285), so that every scanner
//! gives it back unharmed. A frame names the whole by its hash; frames of something else are
//! told apart. Nothing here draws or scans.

use std::collections::BTreeMap;

const VERSION: u8 = 1;
const HASH_BYTES: usize = 8;
/// Version, hash, place, count.
const HEAD_BYTES: usize = 1 + HASH_BYTES + 2 + 2;
/// Most frames of one text: more than anyone holds a phone still for.
const MAX_FRAMES: usize = 1_000;

/// A text that is no frame, or one of something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not a frame of this version.
    #[error("not a frame")]
    NotAFrame,
    /// A frame of another whole than those before.
    #[error("a frame of something else")]
    OfSomethingElse,
    /// So much does not fit into frames of this size.
    #[error("too large for frames of this size")]
    TooLarge,
}

/// Cuts bytes into frames that hold at most `frame_bytes` bytes each (300 is read well from a
/// phone's screen).
pub fn to_frames(bytes: &[u8], frame_bytes: usize) -> Result<Vec<String>, FrameError> {
    let chunks: Vec<&[u8]> =
        if bytes.is_empty() { vec![&[]] } else { bytes.chunks(frame_bytes.max(1)).collect() };
    let count = u16::try_from(chunks.len()).ok().filter(|count| usize::from(*count) <= MAX_FRAMES);
    let count = count.ok_or(FrameError::TooLarge)?;
    let hash = hash_of(bytes);
    let frame = |(chunk, place): (&&[u8], u16)| {
        let head = [&[VERSION][..], &hash, &place.to_be_bytes(), &count.to_be_bytes()].concat();
        base45::encode([&head[..], chunk].concat())
    };
    Ok(chunks.iter().zip(0_u16..).map(frame).collect())
}

fn hash_of(bytes: &[u8]) -> [u8; HASH_BYTES] {
    let mut hash = [0; HASH_BYTES];
    hash.copy_from_slice(&blake3::hash(bytes).as_bytes()[..HASH_BYTES]);
    hash
}

/// Collects frames until the whole is there.
#[derive(Clone, Debug, Default)]
pub struct FrameCollector {
    of: Option<([u8; HASH_BYTES], u16)>,
    chunks: BTreeMap<u16, Vec<u8>>,
}

impl FrameCollector {
    /// Takes a frame as it was scanned; one that came before changes nothing. The whole, once
    /// every frame is there.
    pub fn take(&mut self, text: &str) -> Result<Option<Vec<u8>>, FrameError> {
        let bytes = base45::decode(text).map_err(|_| FrameError::NotAFrame)?;
        let (head, chunk) = bytes.split_at_checked(HEAD_BYTES).ok_or(FrameError::NotAFrame)?;
        let (hash, numbers) = head[1..].split_at(HASH_BYTES);
        let hash: [u8; HASH_BYTES] = hash.try_into().map_err(|_| FrameError::NotAFrame)?;
        let place = u16::from_be_bytes([numbers[0], numbers[1]]);
        let count = u16::from_be_bytes([numbers[2], numbers[3]]);
        let is_sound = head[0] == VERSION && place < count && usize::from(count) <= MAX_FRAMES;
        if !is_sound {
            return Err(FrameError::NotAFrame);
        }
        if *self.of.get_or_insert((hash, count)) != (hash, count) {
            return Err(FrameError::OfSomethingElse);
        }
        self.chunks.insert(place, chunk.to_vec());
        if self.chunks.len() < usize::from(count) {
            return Ok(None);
        }
        let whole: Vec<u8> = self.chunks.values().flatten().copied().collect();
        if hash_of(&whole) == hash {
            return Ok(Some(whole));
        }
        // Some frame was not what it said: begin again.
        *self = Self::default();
        Err(FrameError::NotAFrame)
    }

    /// How many of how many frames are there.
    #[must_use]
    pub fn progress(&self) -> (u32, u32) {
        let count = self.of.map_or(0, |(_, count)| u32::from(count));
        (u32::try_from(self.chunks.len()).unwrap_or(u32::MAX), count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn frames_in_any_order_and_twice_give_the_whole(
            bytes in proptest::collection::vec(any::<u8>(), 0..2_000), size in 1_usize..400,
            turn: prop::sample::Index,
        ) {
            let Ok(mut frames) = to_frames(&bytes, size) else {
                prop_assert!(bytes.len() > size * MAX_FRAMES);
                return Ok(());
            };
            let turn = turn.index(frames.len());
            frames.rotate_left(turn);
            let mut collector = FrameCollector::default();
            let again = frames[0].clone();
            if frames.len() > 1 {
                prop_assert_eq!(collector.take(&again), Ok(None));
            }
            let told: Vec<_> = frames.iter().map(|frame| collector.take(frame)).collect();
            prop_assert_eq!(told.last(), Some(&Ok(Some(bytes))));
        }

        #[test]
        fn any_text_is_a_frame_or_refused(text in ".{0,80}", bytes: Vec<u8>) {
            let _ = FrameCollector::default().take(&text);
            let _ = FrameCollector::default().take(&base45::encode(bytes));
        }
    }

    #[test]
    fn frames_of_something_else_are_told_apart() {
        let (one, other) = (to_frames(b"one of two", 5), to_frames(b"something else", 5));
        let (one, other) = (one.expect("frames"), other.expect("frames"));
        let mut collector = FrameCollector::default();
        assert_eq!(collector.take(&one[0]), Ok(None));
        assert_eq!(collector.take(&other[1]), Err(FrameError::OfSomethingElse));
        assert_eq!(collector.progress(), (1, 2));
        assert_eq!(collector.take(&one[1]), Ok(Some(b"one of two".to_vec())));
    }
}
