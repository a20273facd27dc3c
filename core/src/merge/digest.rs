//! Digests: whether two stores hold the same, in sixteen bytes.
//!
//! A digest is the sum, modulo 2^128, of one hash for each field that has heads, and of one for
//! each imported row. Sums need no order, and a household's share can be replaced without
//! looking at the others. Digests cover sequenced changes only: unsent work is outside them.
//! They cover the kinds of change known to protocol version 1, so that builds of different age
//! compare alike.

use std::fmt;
use std::ops::{Add, Sub};

use crate::id::{ChangeId, HouseholdId, PersonId};
use crate::merge::field::{FieldId, FieldKey};

/// The digest of some set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(u128);

impl Digest {
    /// The 16 bytes to store and send.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The digest with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// One field with its sorted heads. Kinds this build does not know count nothing, and nor do
    /// claims, asks, follow-ups, literature, ways of reaching someone or a door, and later fields
    /// of files, which the first builds of version 1 do not know.
    #[must_use]
    pub(super) fn of_field(household: HouseholdId, field: &FieldId, heads: &[ChangeId]) -> Self {
        let is_later = matches!(field.key, FieldKey::Imported(field) if field.is_later());
        let is_outside = is_later
            || matches!(
                field.key,
                FieldKey::Unknown(_)
                    | FieldKey::Claim(_)
                    | FieldKey::Ask(_)
                    | FieldKey::Consent(_)
                    | FieldKey::FollowUp(_)
                    | FieldKey::Literature(_)
                    | FieldKey::Reach(_)
                    | FieldKey::Access
            );
        if heads.is_empty() || is_outside {
            return Self::default();
        }
        let mut hasher = blake3::Hasher::new_derive_key("canvass-core 2026 row hash v1");
        field.hash_into(&mut hasher, household, heads);
        Self::of_hash(&hasher)
    }

    /// A household's or person's row, as this file of this source first brought it.
    #[must_use]
    pub(super) fn of_row(household: HouseholdId, person: Option<PersonId>, file: ChangeId) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("canvass-core 2026 imported row v1");
        hasher.update(&household.to_bytes());
        if let Some(person) = person {
            hasher.update(&person.to_bytes());
        }
        hasher.update(&file.to_bytes());
        Self::of_hash(&hasher)
    }

    fn of_hash(hasher: &blake3::Hasher) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self::from_bytes(bytes)
    }
}

impl Add for Digest {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl Sub for Digest {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

impl std::iter::Sum for Digest {
    fn sum<I: Iterator<Item = Self>>(digests: I) -> Self {
        digests.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
