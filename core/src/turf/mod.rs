//! Turf: the part of the map that one walk list covers, and the doors in it.
//!
//! A [`TurfPolygon`] is a border that was checked; a [`DoorIndex`] finds the doors inside it,
//! those nearest to a position, and the unit stacks. Nothing here cuts a map into turfs, knows
//! people, or stores anything.
//!
//! Invariant: where turfs cover the map without overlapping, each door is in exactly one of
//! them, also a door on a shared border. All tests of position are exact on the grid of 1e-7
//! degree.

mod check;
mod grid;
mod index;
mod nearest;
mod polygon;

pub use check::{BorderPlace, MAX_TURF_POINTS, TurfError};
pub use index::DoorIndex;
pub use nearest::NearDoor;
pub use polygon::TurfPolygon;

#[cfg(test)]
mod tests;
