//! Doors into turfs of equal work, and a town into cells.
//!
//! [`cut`] makes turfs that take about the same minutes, at doors and between them, and that
//! need little walking in all. A turf hangs together: from each of its doors to each other one
//! gets by doors of its own that stand next to each other, and no barrier lies between. It
//! begins with straight lines and goes on by exchanging doors at the borders. [`recut`] evens
//! out the turfs around a few doors that an organiser moved by hand.
//!
//! Doors at one position, a unit stack, stay together unless they are more than half a turf's
//! work; then consecutive units go to different turfs. [`cells`] cuts by doors alone.
//!
//! The same doors and the same seed give the same turfs on every device.
//!
//! Invariant: each door is in exactly one turf, and in the outline of that turf alone; only a
//! building that turfs share lies in the outline of each.

mod assemble;
mod bisect;
mod cells;
mod cutting;
mod ground;
mod improve;
mod large;
mod measure;
mod mesh;
mod network;
mod outline;
mod places;
mod recut;
mod relieve;
mod search;
mod stack;
mod start;
mod town;
mod walls;

#[cfg(test)]
mod tests;

pub use cells::cells;
pub use cutting::cut;
pub use recut::recut;

use crate::geometry::Point;
use crate::street::{Barrier, StreetPack};
use crate::turf::TurfPolygon;
use crate::walk::{StopWork, WorkCosts};
use crate::walklist::{Access, Address};

/// A door to be cut.
#[derive(Clone, Copy, Debug)]
pub struct CutDoor<'a> {
    /// Where it is.
    pub point: Point,
    /// Minutes of work at it, the way there left out; what is negative or not a number counts
    /// as none. If no door has any, all count alike.
    pub minutes: f64,
    /// Its address, if it is known: units of a building are split in the order of their
    /// numbers, else in the order given.
    pub address: Option<&'a Address>,
}

impl<'a> CutDoor<'a> {
    /// An address with so many dwellings, and the work there that walks count with
    /// ([`WorkCosts`]).
    #[must_use]
    pub fn new(point: Point, dwellings: u32, address: &'a Address) -> Self {
        Self::behind(Access::Open, point, dwellings, address)
    }

    /// The same where something may stand in the way: a gate takes its time, and a door that is
    /// left out of walks is no work, and in a turf all the same.
    #[must_use]
    pub fn behind(access: Access, point: Point, dwellings: u32, address: &'a Address) -> Self {
        let work = StopWork { dwellings: dwellings.max(1), floors: 0, access };
        let seconds = WorkCosts::default().seconds_at(work).unwrap_or_default();
        Self { point, minutes: seconds / 60.0, address: Some(address) }
    }
}

/// How large turfs are to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CutSize {
    /// So many turfs; one for each door if there are fewer doors than that.
    Turfs(u32),
    /// As few turfs as are found with at most so many minutes each, walking included. Only a
    /// door with more than that is beyond it.
    Minutes(f64),
}

/// What turfs are cut on.
#[derive(Clone, Copy, Debug, Default)]
pub struct CutGround<'a> {
    /// The streets, if they are known: walks follow them then, and doors are neighbours if the
    /// walk between them is short. Without them, straight lines and a detour.
    pub streets: Option<&'a StreetPack>,
    /// What no turf reaches across, beside the barriers of the streets.
    pub barriers: &'a [Barrier],
}

/// What is asked of a cut.
#[derive(Clone, Copy, Debug)]
pub struct CutOrder<'a> {
    /// How large the turfs are to be; pinned ones are not counted.
    pub size: CutSize,
    /// Turfs that stay as they are, for example because they are assigned: their doors, by
    /// number.
    pub pinned: &'a [Vec<u32>],
    /// Streets and barriers. A turf reaches across a barrier only if there are fewer turfs than
    /// parts between barriers.
    pub ground: CutGround<'a>,
    /// Another seed gives another cut, about as good.
    pub seed: u64,
}

impl CutOrder<'_> {
    /// Turfs of this size: nothing pinned, no streets, no barriers.
    #[must_use]
    pub fn of(size: CutSize) -> Self {
        Self { size, pinned: &[], ground: CutGround::default(), seed: 0 }
    }
}

/// Doors that one team works, and their part of the map.
#[derive(Clone, Debug)]
pub struct CutTurf {
    /// The doors, numbered as they were given, in rising order.
    pub doors: Vec<u32>,
    /// A border around them that keeps out all other turfs' doors.
    pub outline: TurfPolygon,
    /// Metres of walking past all doors, from the first to the last.
    pub walk_m: f64,
    /// Minutes at the doors and between them.
    pub minutes: f64,
}

/// Turfs.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The pinned turfs in the order given, then the new ones.
    pub turfs: Vec<CutTurf>,
    /// Doors behind a barrier that had to join a turf on its other side, because there are
    /// fewer turfs than parts between barriers.
    pub across: Vec<u32>,
    /// Doors on no street, or on an island of the streets: straight lines lead to them. Empty
    /// without streets.
    pub off_network: Vec<u32>,
}

/// Why doors cannot be cut.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CutError {
    /// No turf was asked for.
    #[error("0 turfs: ask for one at least")]
    NoTurfs,
    /// Minutes that are not above zero.
    #[error("{minutes} minutes: ask for more than none")]
    NoMinutes {
        /// What was asked for.
        minutes: f64,
    },
    /// A pinned or moved door that is none.
    #[error("door {door} of {doors}")]
    NoSuchDoor {
        /// The door.
        door: u32,
        /// How many there are, from 0.
        doors: u32,
    },
    /// A door in two turfs, or twice in one.
    #[error("door {door} is in two turfs")]
    DoorTwice {
        /// The door.
        door: u32,
    },
    /// A door in no turf.
    #[error("door {door} is in no turf")]
    InNoTurf {
        /// The door.
        door: u32,
    },
    /// A door moved to a turf that is none.
    #[error("turf {turf} of {turfs}")]
    NoSuchTurf {
        /// The turf.
        turf: u32,
        /// How many there are, from 0.
        turfs: u32,
    },
}
