//! What keeps a map from being packed or a pack from being opened.

/// Why a street map cannot be packed, or a pack cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreetError {
    /// The map has no way that can be walked.
    #[error("no walkable way in the map: take a larger extract, or one with footways and streets")]
    NoWays,
    /// A way names a point that the map does not have.
    #[error("way {way} names a point that is not in the map: read the file anew")]
    NoSuchPoint {
        /// The way's place in the map.
        way: usize,
    },
    /// A point is not a position.
    #[error("point {point} of the map is not a position: check the file's coordinates")]
    BadPoint {
        /// The point's place in the map; of a barrier, the barrier's.
        point: usize,
    },
    /// More than a pack can hold.
    #[error("too many {what} for one pack: cut the extract smaller")]
    TooLarge {
        /// Which part.
        what: &'static str,
    },
    /// The bytes are not a street pack.
    #[error("not a street pack: build one with `canvass streets build`")]
    NotAPack,
    /// Written by a newer version of this library.
    #[error("street pack of version {found}, newer than {supported}: update the app")]
    NewerFormat {
        /// The version found.
        found: u16,
        /// The newest version this build reads.
        supported: u16,
    },
    /// The bytes are not those that were written.
    #[error("the street pack is damaged ({what}): fetch it again")]
    Damaged {
        /// Where it shows.
        what: &'static str,
    },
}
