//! What stands between a walker and a door.

use serde::{Deserialize, Serialize};

/// How a door is reached, as the campaign's files or whoever stood there tell. The numbers are
/// stored and sent; they are never reused.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum Access {
    /// Nothing is known to be in the way.
    #[default]
    Open = 0,
    /// A gate to open, or a bell to ring first.
    Gate = 1,
    /// A dog is loose there.
    Dog = 2,
    /// Nobody gets in: a locked lobby, a closed compound.
    Locked = 3,
}

impl Access {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Gate, Self::Dog, Self::Locked];

    /// The number to store and send.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The access with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.number() == number)
    }

    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Gate => "gate",
            Self::Dog => "dog",
            Self::Locked => "locked",
        }
    }

    /// The access of this name; nothing written is open.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Open);
        }
        Self::ALL.into_iter().find(|access| access.name().eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for (place, access) in Access::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(access.number()), place);
            assert_eq!(Access::from_number(access.number()), Some(access));
            assert_eq!(Access::named(access.name()), Some(access));
        }
        assert_eq!(Access::named("Dog"), Some(Access::Dog));
        assert_eq!((Access::named(""), Access::named("moat")), (Some(Access::Open), None));
        assert_eq!(Access::from_number(4), None);
    }
}
