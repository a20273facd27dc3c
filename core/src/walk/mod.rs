//! Walks past doors: what a leg costs, in which order to go, what a shift holds, what to say on
//! the way.
//!
//! [`plan`] orders positions by straight lines over the ground, for where no street is known.
//!
//! Knows no people, no files and no database.

mod map;
mod step;
mod straight;
mod work;

#[cfg(test)]
mod tests;

pub use map::{MapLabel, MapLine, MapPin, PinStop, Zoom, labels, lines, pins};
pub use step::{Heading, Parity, Turn, WalkMove, WalkStep};
pub use straight::{DETOUR_PER_MILLE, WalkEnds, WalkRoute, length_m, plan, walk_time_s};
pub use work::{Access, Obstacle, StopWork, WorkCosts};
