//! Asks: what a person may want of a campaign, as typed tags, and the tags of a script that lead
//! to them.
//!
//! An option's tag `ask.volunteer` makes an ask of whoever is answered so; further parts name
//! channels (`ask.volunteer.phone.text`), and then the answer is a consent as well, in the words
//! of its question. Any other tag stays a code for exports. Nothing here records anything.

use std::fmt;

use crate::survey::consent::{Channels, ContactChannel};

/// Longest name of a campaign's own kind of ask, in bytes.
pub const MAX_ASK_NAME_BYTES: usize = 40;
/// Tags that begin so lead to asks.
const TAG: &str = "ask";
/// Tags of a campaign's own kinds have its name after this part.
const OWN: &str = "own";

/// What a person wants, or does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum AskKind {
    /// To volunteer.
    Volunteer,
    /// A sign in the yard.
    YardSign,
    /// To promise to vote.
    PledgeToVote,
    /// A ride to the polls.
    RideToPolls,
    /// To be contacted.
    ContactMe,
    /// What the campaign calls by a name of its own.
    Own {
        /// The name: small letters a to z, digits, `_` and `-`, at most 40 of them.
        name: String,
    },
}

/// How an ask stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum AskState {
    /// They said yes.
    Wanted = 1,
    /// They said no.
    Declined = 2,
    /// It was done: the sign stands, the ride was given.
    Done = 3,
}

impl AskState {
    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Declined => "declined",
            Self::Done => "done",
        }
    }

    /// The state with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Wanted, Self::Declined, Self::Done].into_iter().find(|state| *state as u8 == number)
    }
}

/// The kinds that every campaign has, by name. A kind's number is its place, from 1.
const KINDS: [(&str, AskKind); 5] = [
    ("volunteer", AskKind::Volunteer),
    ("yard_sign", AskKind::YardSign),
    ("pledge_to_vote", AskKind::PledgeToVote),
    ("ride_to_polls", AskKind::RideToPolls),
    ("contact_me", AskKind::ContactMe),
];

impl AskKind {
    /// The number to store and send, from 1; 0 for a campaign's own.
    #[must_use]
    pub fn number(&self) -> u8 {
        let place = KINDS.iter().position(|(_, kind)| kind == self);
        place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(0)
    }

    /// The kind with this number; none for 0, which is a campaign's own.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        let place = usize::from(number).checked_sub(1)?;
        KINDS.get(place).map(|(_, kind)| kind.clone())
    }

    /// A campaign's own kind; nothing if the name is none, or belongs to every campaign.
    #[must_use]
    pub fn own(name: &str) -> Option<Self> {
        let fits =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
        let is_name = (1..=MAX_ASK_NAME_BYTES).contains(&name.len()) && name.bytes().all(fits);
        let is_free = KINDS.iter().all(|(known, _)| *known != name);
        (is_name && is_free).then(|| Self::Own { name: name.to_owned() })
    }

    /// The kind of this name, as files have it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let known = KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| kind.clone());
        known.or_else(|| Self::own(name))
    }

    /// Its name in files.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Own { name } => name,
            other => KINDS.iter().find(|(_, kind)| kind == other).map_or("", |(name, _)| name),
        }
    }

    /// Whether it may be stored: a campaign's own has a name that [`AskKind::own`] takes.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Own { name } => Self::own(name).is_some(),
            _ => true,
        }
    }
}

impl fmt::Display for AskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an option's tag makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskTag {
    /// What is wanted.
    pub kind: AskKind,
    /// The channels to which the answer consents; none: it is no consent.
    pub channels: Channels,
}

impl AskTag {
    /// What this tag leads to: nothing if it is a code like any other, an error if it begins like
    /// an ask and is none.
    pub fn read(tag: &str) -> Result<Option<Self>, NoAsk> {
        let mut parts = tag.split('.');
        if parts.next() != Some(TAG) || tag == TAG {
            return Ok(None);
        }
        let kind = match parts.next() {
            Some(OWN) => parts.next().and_then(AskKind::own),
            Some(name) => AskKind::named(name).filter(|kind| kind.number() != 0),
            None => None,
        };
        let channels = parts.map(ContactChannel::named).collect::<Option<Vec<_>>>();
        match (kind, channels) {
            (Some(kind), Some(channels)) => {
                Ok(Some(Self { kind, channels: Channels::of(&channels) }))
            }
            _ => Err(NoAsk),
        }
    }
}

/// A tag that begins like an ask and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of ask, or no channel")]
pub struct NoAsk;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_and_numbers() {
        for (place, (name, kind)) in KINDS.iter().enumerate() {
            assert_eq!(usize::from(kind.number()), place + 1);
            assert_eq!(AskKind::from_number(kind.number()).as_ref(), Some(kind));
            assert_eq!(AskKind::named(name).as_ref(), Some(kind));
            assert_eq!(kind.name(), *name);
        }
        let own = AskKind::own("host-a_party2").expect("a name");
        assert_eq!((own.number(), own.name()), (0, "host-a_party2"));
        for name in ["", "volunteer", "Party", "a b", "a.b", &"a".repeat(41)] {
            assert_eq!(AskKind::own(name), None, "{name}");
        }
    }

    #[test]
    fn tags_lead_to_asks_or_say_that_they_do_not() {
        let read = |tag| AskTag::read(tag).expect("sound").map(|it| (it.kind, it.channels.list()));
        assert_eq!(read("volunteer"), None, "a code like any other");
        assert_eq!(read("asked"), None);
        assert_eq!(read("ask"), None);
        assert_eq!(read("ask.volunteer"), Some((AskKind::Volunteer, vec![])));
        let channels = vec![ContactChannel::Phone, ContactChannel::Text];
        assert_eq!(read("ask.yard_sign.text.phone"), Some((AskKind::YardSign, channels)));
        let own = AskKind::own("host").expect("a name");
        assert_eq!(read("ask.own.host.email"), Some((own, vec![ContactChannel::Email])));
        for tag in [
            "ask.",
            "ask.volunter",
            "ask.host",
            "ask.own",
            "ask.own.volunteer",
            "ask.volunteer.fax",
        ] {
            assert_eq!(AskTag::read(tag), Err(NoAsk), "{tag}");
        }
    }
}
