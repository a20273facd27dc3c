//! Walks past doors: what a leg costs, in which order to go, what a shift holds, what to say on
//! the way.
//!
//! [`plan`] orders positions by straight lines over the ground, for where no street is known.
//!
//! Knows no people, no files and no database.

mod again;
mod chance;
mod directions;
mod due;
mod legs;
mod map;
mod order;
mod shift;
mod step;
mod stops;
mod straight;
mod work;

#[cfg(test)]
mod tests;

pub use again::WalkAgain;
pub use chance::AnswerChances;
pub use due::{BEFORE_CLOSING_S, Due};
pub use legs::{Ground, Legs, walk_time_s};
pub use map::{MapLabel, MapLine, MapPin, PinStop, Zoom, labels, lines, pins};
pub use order::{Legibility, Terrain, Walk, WalkEnds, WalkStop, plan};
pub use shift::ShiftWalk;
pub use step::{Heading, Parity, Turn, WalkMove, WalkStep};
pub use stops::AddressedStop;
pub use straight::DETOUR_PER_MILLE;
pub use work::{Obstacle, StopWork, WorkCosts};
