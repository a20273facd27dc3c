//! Consent: in which words, in which language, and for which channels someone has agreed to be
//! contacted.
//!
//! The words themselves are kept by the campaign, or stand in the script; a record names them,
//! so that they can be shown to have been the same. When it was given is the record's own time.

use std::fmt;

use crate::id::ScriptHash;

/// Longest language tag, in bytes (RFC 5646 advises 35).
pub const MAX_LANGUAGE_BYTES: usize = 35;
/// Longest words that are agreed to, in bytes of UTF-8.
pub const MAX_WORDS_BYTES: usize = 4000;

/// A way in which someone may be contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum ContactChannel {
    /// At the door.
    Door = 1,
    /// By a call.
    Phone = 2,
    /// By a text message.
    Text = 4,
    /// By e-mail.
    Email = 8,
}

impl ContactChannel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Door, Self::Phone, Self::Text, Self::Email];

    /// Its name in files and tags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Phone => "phone",
            Self::Text => "text",
            Self::Email => "email",
        }
    }

    /// The channel of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// Several channels, each at most once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Channels(u8);

impl Channels {
    /// These channels.
    #[must_use]
    pub fn of(channels: &[ContactChannel]) -> Self {
        Self(channels.iter().fold(0, |bits, channel| bits | *channel as u8))
    }

    /// The bits to store: door 1, phone 2, text 4, e-mail 8.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The channels with these bits; nothing if another bit is set.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits < 16 { Some(Self(bits)) } else { None }
    }

    /// Those that both have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The channels, in their order.
    #[must_use]
    pub fn list(self) -> Vec<ContactChannel> {
        ContactChannel::ALL.into_iter().filter(|channel| self.0 & *channel as u8 != 0).collect()
    }
}

/// The words that someone agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentWords {
    /// By the hash of the text that was read out or shown ([`ConsentWords::of_text`]).
    Hash([u8; 16]),
    /// The words of a question in a version of a script.
    Question {
        /// The version.
        script: ScriptHash,
        /// The question's number in it.
        question: u16,
    },
}

impl ConsentWords {
    /// A text as a record names it: the first half of its BLAKE3 hash, white space at its ends
    /// left out.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut hash = [0; 16];
        hash.copy_from_slice(&blake3::hash(text.trim().as_bytes()).as_bytes()[..16]);
        Self::Hash(hash)
    }
}

impl fmt::Display for ConsentWords {
    /// `blake3:` and 32 digits, or `script:HASH#QUESTION`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash(hash) => {
                f.write_str("blake3:")?;
                hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Self::Question { script, question } => write!(f, "script:{script}#{question}"),
        }
    }
}

/// What someone agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Consent {
    /// The words.
    pub words: ConsentWords,
    /// Their language (BCP 47); empty when it was not told.
    pub language: String,
    /// By which channels they may be contacted; at least one.
    pub channels: Channels,
}

impl Consent {
    /// Whether it may be stored: it allows something, and its language is short enough to be one.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.channels.is_empty() && self.language.len() <= MAX_LANGUAGE_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_bits_and_names() {
        for channel in ContactChannel::ALL {
            assert_eq!(ContactChannel::named(channel.name()), Some(channel));
            assert_eq!(Channels::of(&[channel, channel]).list(), [channel]);
        }
        let both = Channels::of(&[ContactChannel::Text, ContactChannel::Door]);
        assert_eq!(Channels::from_bits(both.bits()), Some(both));
        assert_eq!(both.and(Channels::of(&[ContactChannel::Text])).list(), [ContactChannel::Text]);
        assert_eq!(Channels::from_bits(16), None);
    }

    #[test]
    fn words_are_named_by_their_hash() {
        let words = ConsentWords::of_text(" May we call you? ");
        assert_eq!(words, ConsentWords::of_text("May we call you?"));
        assert_ne!(words, ConsentWords::of_text("May we text you?"));
        assert!(words.to_string().starts_with("blake3:") && words.to_string().len() == 39);
    }
}
