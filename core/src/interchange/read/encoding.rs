//! A file's bytes as a stream of UTF-8 or Latin-1: byte order marks, UTF-16, what is no text.

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, DecoderResult, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

use super::error::FileError;

/// Bytes asked of the reader at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Room for a chunk of UTF-16 as UTF-8: three bytes for two, and one character left over.
const DECODED_BYTES: usize = CHUNK_BYTES / 2 * 3 + 16;
const UTF_8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF_16_LE_MARK: &[u8] = &[0xFF, 0xFE];
const UTF_16_BE_MARK: &[u8] = &[0xFE, 0xFF];

/// How a file without a byte order mark spells its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Latin-1 as Windows writes it (windows-1252).
    #[serde(rename = "latin-1")]
    Latin1,
}

/// The bytes of a file without its byte order mark; those of UTF-16 as UTF-8.
pub(super) struct Source<R> {
    reader: R,
    utf_16: Option<Decoder>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    used: usize,
    ended: bool,
}

/// Why there are no more bytes.
pub(super) enum SourceError {
    Unreadable(std::io::ErrorKind),
    NotText,
}

impl SourceError {
    pub(super) const fn at(self, row: u64) -> FileError {
        match self {
            Self::Unreadable(kind) => FileError::Unreadable { kind, row },
            Self::NotText => FileError::NotText { row },
        }
    }
}

impl<R: Read> Source<R> {
    /// The stream after its byte order mark, and the encoding that the mark stands for.
    pub(super) fn open(reader: R) -> Result<(Self, Option<Encoding>), SourceError> {
        let mut source = Self {
            reader,
            utf_16: None,
            raw: Vec::with_capacity(CHUNK_BYTES),
            ready: Vec::new(),
            used: 0,
            ended: false,
        };
        source.read_raw()?;
        let (mark, decoder, encoding) = if source.raw.starts_with(UTF_8_MARK) {
            (UTF_8_MARK.len(), None, Some(Encoding::Utf8))
        } else if source.raw.starts_with(UTF_16_LE_MARK) {
            (UTF_16_LE_MARK.len(), Some(UTF_16LE), Some(Encoding::Utf8))
        } else if source.raw.starts_with(UTF_16_BE_MARK) {
            (UTF_16_BE_MARK.len(), Some(UTF_16BE), Some(Encoding::Utf8))
        } else {
            (0, None, None)
        };
        source.raw.drain(..mark);
        source.utf_16 = decoder.map(encoding_rs::Encoding::new_decoder_without_bom_handling);
        source.decode()?;
        Ok((source, encoding))
    }

    /// The next bytes, at most a chunk; none at the end of the file.
    pub(super) fn bytes(&mut self) -> Result<&[u8], SourceError> {
        while self.used == self.ready.len() && !self.ended {
            self.read_raw()?;
            self.decode()?;
        }
        Ok(&self.ready[self.used..])
    }

    /// Takes the first `count` of the next bytes.
    pub(super) fn consume(&mut self, count: usize) {
        self.used = (self.used + count).min(self.ready.len());
    }

    fn read_raw(&mut self) -> Result<(), SourceError> {
        self.raw.clear();
        let read = (&mut self.reader)
            .take(CHUNK_BYTES as u64)
            .read_to_end(&mut self.raw)
            .map_err(|error| SourceError::Unreadable(error.kind()))?;
        self.ended = read < CHUNK_BYTES;
        Ok(())
    }

    fn decode(&mut self) -> Result<(), SourceError> {
        self.used = 0;
        let Some(decoder) = &mut self.utf_16 else {
            std::mem::swap(&mut self.raw, &mut self.ready);
            return Ok(());
        };
        self.ready.resize(DECODED_BYTES, 0);
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.ready, self.ended);
        self.ready.truncate(written);
        match result {
            DecoderResult::InputEmpty => Ok(()),
            DecoderResult::OutputFull | DecoderResult::Malformed(..) => Err(SourceError::NotText),
        }
    }
}

/// What a file that is no table begins with.
pub(super) fn not_a_table(start: &[u8]) -> Option<FileError> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const GZIP: &[u8] = &[0x1F, 0x8B];
    const OLD_WORKBOOK: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    if [ZIP, GZIP, OLD_WORKBOOK].iter().any(|it| start.starts_with(it)) {
        return Some(FileError::Archive);
    }
    match start.trim_ascii_start() {
        [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some(FileError::Html),
        _ => None,
    }
}

/// Appends a field's Latin-1 bytes as text. Every byte has a meaning there.
pub(super) fn push_latin_1(bytes: &[u8], text: &mut String) {
    let mut decoder = encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling();
    text.reserve(bytes.len() * 3);
    let (result, ..) = decoder.decode_to_string(bytes, text, true);
    debug_assert_eq!(result, CoderResult::InputEmpty, "three bytes hold any of them");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Option<Vec<u8>> {
        let (mut source, _) = Source::open(bytes).ok()?;
        let mut all = Vec::new();
        loop {
            let next = source.bytes().ok()?;
            if next.is_empty() {
                return Some(all);
            }
            all.extend_from_slice(next);
            let count = next.len();
            source.consume(count);
        }
    }

    fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(order).collect()
    }

    #[test]
    fn a_byte_order_mark_is_taken_off_and_obeyed() {
        // Longer than a chunk, with characters of every length astride its border.
        let text = "aé€🚪".repeat(20_000);
        let marked = [UTF_8_MARK, text.as_bytes()].concat();
        for bytes in [marked, utf_16(&text, u16::to_le_bytes), utf_16(&text, u16::to_be_bytes)] {
            assert_eq!(whole(&bytes).as_deref(), Some(text.as_bytes()));
        }
    }

    #[test]
    fn broken_utf_16_is_no_text() {
        let mut lone = utf_16("ab", u16::to_le_bytes);
        lone.extend(0xD800_u16.to_le_bytes());
        assert_eq!(whole(&lone), None);
        assert_eq!(whole(&[0xFF, 0xFE, 0x61]), None);
    }

    #[test]
    fn latin_1_has_a_letter_for_every_byte() {
        let mut text = String::new();
        push_latin_1(&(0..=255).collect::<Vec<u8>>(), &mut text);
        assert_eq!(text.chars().count(), 256);
        assert_eq!(text.chars().nth(0xE9), Some('é'));
        assert_eq!(text.chars().nth(0x80), Some('€'));
    }
}
