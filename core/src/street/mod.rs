//! The walking network of a town: built from mapped ways, packed into bytes, asked in place.
//!
//! A [`StreetMap`] is what a file says: points, ways, barriers. It is packed once; a pack is
//! then viewed where it lies in memory, without a parsing pass, and answers where a door stands
//! on the network, how far it is from door to door, and what to draw.
//!
//! Knows no people and no order of doors, and reads no files: `interchange` does.

mod boxes;
mod clip;
mod column;
mod costs;
mod error;
mod hierarchy;
mod layout;
mod map;
mod matrix;
mod meeting;
mod network;
mod order;
mod pack;
mod path;
mod pieces;
mod search;
mod shape;
mod snap;
mod write;

#[cfg(test)]
mod tests;

pub use costs::{WalkCosts, WalkTimes};
pub use error::StreetError;
pub use map::{Barrier, BarrierKind, HouseNumbers, RoadSide, StreetMap, Way, WayKind};
pub use matrix::{Distances, Neighbour};
pub use pack::{Edge, StreetInfo, StreetPack};
pub use path::{Leg, Path};
pub use snap::{
    FARTHEST_M, ISLAND_EDGES, ISLAND_REACH_M, NAME_REACH_M, NUMBER_REACH_M, Place, SideFrom, Snap,
};
