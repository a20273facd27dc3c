//! Buildings: what stands on a lot, how many homes are in it, and the room it needs.

use super::random::Random;

/// What stands on a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Building {
    /// One home.
    House,
    /// A small home behind a house, with the house's number and a half.
    Rear,
    /// A home of a trailer row, the nth of its lane.
    Trailer(u32),
    /// Two or three homes.
    Family(u32),
    /// Apartments on each of some floors.
    Block { floors: u32, per_floor: u32 },
}

impl Building {
    pub(super) const fn homes(self) -> u32 {
        match self {
            Self::House | Self::Rear | Self::Trailer(_) => 1,
            Self::Family(homes) => homes,
            Self::Block { floors, per_floor } => floors * per_floor,
        }
    }

    /// Half the room it needs, in metres, and how far back from its street it stands.
    pub(super) fn size(self, random: &mut Random, centrality: f64) -> (f64, f64) {
        let open = 1.0 - centrality;
        match self {
            Self::House | Self::Family(_) => {
                (5.5 + 1.5 * open, 11.5 + 9.0 * open + random.between(-1.0, 1.0 + 4.0 * open))
            }
            Self::Rear | Self::Trailer(_) => (4.8, 11.5),
            Self::Block { per_floor: MANY_PER_FLOOR.., .. } => (20.0, 30.0),
            Self::Block { .. } => (10.0, 17.0),
        }
    }
}

/// Apartments on one floor of a large block, at least.
pub(super) const MANY_PER_FLOOR: u32 = 12;
