//! Ids: who and what a record speaks of.
//!
//! Everything that can be met again has a 16-byte id that is *derived* from what it stands
//! for, so that the same file imported twice, or on two phones, names the same household.
//! Nothing here makes random ids; those come from the `IdSource` port.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that should have been an id and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind} id")]
pub struct IdError {
    /// Which kind of id was expected.
    pub kind: &'static str,
}

/// Derives a 16-byte id (UUID version 8) from named parts.
///
/// Parts are length-prefixed before they are hashed with BLAKE3, so `("ab", "c")` and
/// `("a", "bc")` differ. `kind` keeps a household and a person with equal parts apart.
fn derived(kind: &'static str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_derive_key("canvass-core 2026 derived id v1");
    for part in std::iter::once(kind.as_bytes()).chain(parts.iter().copied()) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    *uuid::Builder::from_custom_bytes(bytes).as_uuid().as_bytes()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with these bytes, as stored and sent.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes to store and send.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The id derived from `parts`; the same parts always give the same id.
            #[must_use]
            pub fn derive(parts: &[&[u8]]) -> Self {
                Self::from_bytes(derived($kind, parts))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError { kind: $kind })
            }
        }
    )*};
}

ids! {
    /// One campaign: the border no data crosses.
    CampaignId = "campaign";
    /// One phone's installation (or an organiser's seat): the author of changes.
    DeviceId = "device";
    /// The person who holds the phone.
    CanvasserId = "canvasser";
    /// The people behind one door, and the door itself.
    HouseholdId = "household";
    /// Someone who lives, or was met, at a household.
    PersonId = "person";
    /// A house or block: the households that share one street address.
    BuildingId = "building";
    /// A walk list: the stops of one turf, in order.
    ListId = "list";
    /// A polygon and the households frozen inside it.
    TurfId = "turf";
    /// One field on which two people disagree, unseen by each other.
    ConflictId = "conflict";
    /// The content of one version of a script.
    ScriptHash = "script";
}

/// The id of one change: its author's device, that device's incarnation, and a number that
/// device gives without gaps.
///
/// It is written as `device.incarnation.seq`. An imported file is an author too: its device
/// is derived from the campaign and the source's name, its incarnation is 0, and its number
/// counts that source's files. The order is device, incarnation, number; it breaks ties and
/// means nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId {
    /// The author's device, or the import source.
    pub device: DeviceId,
    /// How often that device's database was started anew.
    pub incarnation: u32,
    /// 1 for the first change, then without gaps.
    pub seq: u64,
}

impl ChangeId {
    /// The id of the `n`th accepted file of a source.
    #[must_use]
    pub fn import(campaign: CampaignId, source: &str, n: u64) -> Self {
        Self { device: source_device(campaign, source), incarnation: 0, seq: n }
    }

    /// The 28 bytes that stand for this id in hashes and keys.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 28] {
        let mut bytes = [0; 28];
        bytes[..16].copy_from_slice(&self.device.to_bytes());
        bytes[16..20].copy_from_slice(&self.incarnation.to_be_bytes());
        bytes[20..].copy_from_slice(&self.seq.to_be_bytes());
        bytes
    }

    /// The id with these 28 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 28]) -> Self {
        let mut device = [0; 16];
        device.copy_from_slice(&bytes[..16]);
        let mut incarnation = [0; 4];
        incarnation.copy_from_slice(&bytes[16..20]);
        let mut seq = [0; 8];
        seq.copy_from_slice(&bytes[20..]);
        Self {
            device: DeviceId::from_bytes(device),
            incarnation: u32::from_be_bytes(incarnation),
            seq: u64::from_be_bytes(seq),
        }
    }
}

/// The device id that stands for an import source.
#[must_use]
pub fn source_device(campaign: CampaignId, source: &str) -> DeviceId {
    DeviceId::derive(&[b"source", &campaign.to_bytes(), source.as_bytes()])
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.device, self.incarnation, self.seq)
    }
}

impl fmt::Debug for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "change:{self}")
    }
}

impl FromStr for ChangeId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parsed = || {
            let mut parts = text.split('.');
            let device = parts.next()?.parse().ok()?;
            let incarnation = parts.next()?.parse().ok()?;
            let seq = parts.next()?.parse().ok()?;
            parts.next().is_none().then_some(Self { device, incarnation, seq })
        };
        parsed().ok_or(IdError { kind: "change" })
    }
}

impl Serialize for ChangeId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChangeId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl HouseholdId {
    /// The household of one row of a source's file: the same row gives the same id again.
    #[must_use]
    pub fn of_row(campaign: CampaignId, source: &str, key: &str) -> Self {
        Self::derive(&[&campaign.to_bytes(), source.as_bytes(), key.as_bytes()])
    }

    /// The household a canvasser added at a door that no file knew.
    #[must_use]
    pub fn met(change: ChangeId) -> Self {
        Self::derive(&[b"met", &change.to_bytes()])
    }
}

impl PersonId {
    /// The person of one row of a source's file.
    #[must_use]
    pub fn of_row(campaign: CampaignId, source: &str, key: &str) -> Self {
        Self::derive(&[&campaign.to_bytes(), source.as_bytes(), key.as_bytes()])
    }

    /// The person a canvasser met at a door.
    #[must_use]
    pub fn met(change: ChangeId) -> Self {
        Self::derive(&[b"met", &change.to_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_depend_on_every_part_and_on_the_kind() {
        let household = HouseholdId::derive(&[b"ab", b"c"]);
        assert_eq!(household, HouseholdId::derive(&[b"ab", b"c"]));
        assert_ne!(household, HouseholdId::derive(&[b"a", b"bc"]));
        assert_ne!(household.to_bytes(), PersonId::derive(&[b"ab", b"c"]).to_bytes());
    }

    #[test]
    fn change_ids_survive_text_and_bytes() {
        let id = ChangeId { device: DeviceId::derive(&[b"x"]), incarnation: 3, seq: 71 };
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(ChangeId::from_bytes(&id.to_bytes()), id);
        assert_eq!("1.2".parse::<ChangeId>(), Err(IdError { kind: "change" }));
    }
}
