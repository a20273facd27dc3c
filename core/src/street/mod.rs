//! The walking network of a town: built from mapped ways, packed into bytes, asked in place.
//!
//! A [`StreetMap`] is what a file says: points, ways, barriers. It is packed once; a pack is
//! then viewed where it lies in memory, without a parsing pass, and answers where a door stands
//! on the network, how far it is from door to door, and what to draw.
//!
//! Knows no people and no order of doors, and reads no files: `interchange` does.

mod map;

pub use map::{Barrier, BarrierKind, HouseNumbers, RoadSide, StreetMap, Way, WayKind};
