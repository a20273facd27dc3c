//! The result codes of a knock: one neutral set, mapped to each backend's own at the border.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What came of a knock, at the door as a whole or for one person.
///
/// The numbers are stored and sent; they are never reused. Names follow the field's usage
/// (`docs/glossary.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum CanvassResult {
    /// Spoke with them. Legal without a single answer.
    Contacted = 1,
    /// Nobody came, or "busy now".
    NotHome = 2,
    /// The right person declined to talk.
    Refused = 3,
    /// They live elsewhere now.
    Moved = 4,
    /// They have died.
    Deceased = 5,
    /// A gate, a dog, a locked lobby.
    Inaccessible = 6,
    /// There is no such door.
    NoSuchAddress = 7,
    /// No common language.
    LanguageBarrier = 8,
    /// Asked to come back at another time.
    ComeBack = 9,
    /// Threatening; nobody should knock again without thought.
    Hostile = 10,
    /// Left a leaflet.
    LeftLiterature = 11,
    /// Someone else answered, and the person is not known there.
    WrongPerson = 12,
    /// Asked never to be contacted again; recording it also sets the do-not-contact mark.
    DoNotContact = 13,
    /// Nobody lives there.
    Vacant = 14,
    /// A shop, an office: not a home.
    NotResidential = 15,
    /// The line was busy.
    Busy = 16,
    /// The number is out of service: nobody is to try it again.
    Disconnected = 17,
    /// The number is someone else's: nobody is to try it again for this person.
    WrongNumber = 18,
    /// Asked to be called at another time.
    CallBack = 19,
    /// Asked never to be called again.
    DoNotCall = 20,
    /// Asked never to be sent text messages again.
    DoNotText = 21,
    /// Left a message, or sent one that is not answered yet.
    LeftMessage = 22,
}

/// All results with their stable names.
const NAMES: [(CanvassResult, &str); 22] = [
    (CanvassResult::Contacted, "contacted"),
    (CanvassResult::NotHome, "not_home"),
    (CanvassResult::Refused, "refused"),
    (CanvassResult::Moved, "moved"),
    (CanvassResult::Deceased, "deceased"),
    (CanvassResult::Inaccessible, "inaccessible"),
    (CanvassResult::NoSuchAddress, "no_such_address"),
    (CanvassResult::LanguageBarrier, "language_barrier"),
    (CanvassResult::ComeBack, "come_back"),
    (CanvassResult::Hostile, "hostile"),
    (CanvassResult::LeftLiterature, "left_literature"),
    (CanvassResult::WrongPerson, "wrong_person"),
    (CanvassResult::DoNotContact, "do_not_contact"),
    (CanvassResult::Vacant, "vacant"),
    (CanvassResult::NotResidential, "not_residential"),
    (CanvassResult::Busy, "busy"),
    (CanvassResult::Disconnected, "disconnected"),
    (CanvassResult::WrongNumber, "wrong_number"),
    (CanvassResult::CallBack, "call_back"),
    (CanvassResult::DoNotCall, "do_not_call"),
    (CanvassResult::DoNotText, "do_not_text"),
    (CanvassResult::LeftMessage, "left_message"),
];

impl CanvassResult {
    /// Every result, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|&(result, _)| result)
    }

    /// Whether there is such a result of calls and text messages only. The first builds of
    /// version 1 do not know these: no attempt carries one, but the change that says how someone
    /// was reached.
    #[must_use]
    pub const fn is_of_calls(self) -> bool {
        self.number() >= Self::Busy.number()
    }

    /// The number to store and send.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The result with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::all().find(|result| result.number() == number)
    }

    /// The stable name, as files and JSON spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.number()) - 1].1
    }
}

impl fmt::Display for CanvassResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CanvassResult {
    type Err = UnknownResult;

    fn from_str(text: &str) -> Result<Self, UnknownResult> {
        NAMES.iter().find(|(_, name)| *name == text).map(|&(result, _)| result).ok_or(UnknownResult)
    }
}

/// A text that is no result's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a canvass result")]
pub struct UnknownResult;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back_to_the_result() {
        for (index, result) in CanvassResult::all().enumerate() {
            assert_eq!(usize::from(result.number()), index + 1);
            assert_eq!(CanvassResult::from_number(result.number()), Some(result));
            assert_eq!(result.name().parse(), Ok(result));
        }
        assert_eq!(CanvassResult::from_number(0), None);
        assert_eq!("canvassed".parse::<CanvassResult>(), Err(UnknownResult));
    }
}
