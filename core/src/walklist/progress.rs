//! How far a list is walked.

use serde::{Deserialize, Serialize};

/// Counts over one list. Doors that nobody may walk to (do-not-contact, control doors, people
/// who have voted) are counted apart and are part of no other figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Progress {
    /// Doors to walk to.
    pub doors: u32,
    /// Of those, doors where someone has knocked.
    pub done: u32,
    /// Of those, doors where someone was spoken with.
    pub contacted: u32,
    /// People at the doors to walk to.
    pub people: u32,
    /// Doors on the list that are not walked to.
    pub apart: u32,
}

impl Progress {
    /// Doors still to be knocked on.
    #[must_use]
    pub const fn left(self) -> u32 {
        self.doors - self.done
    }
}
