//! What a canvasser walks: buildings, households, the people in them, and the stops of a list.
//!
//! Plain facts and their natural order. This module does not decide what may be recorded
//! (`canvass`), in which order stops are walked (`route`), or who may be seen (`canvass`).

mod access;
mod address;
mod progress;
mod result;
mod stop;
mod window;

pub use access::Access;
pub(crate) use address::street_key;
pub use address::{Address, NaturalKey};
pub use progress::Progress;
pub use result::CanvassResult;
pub use stop::{Door, Stop, stops_of};
pub use window::{MAX_WINDOW_MINUTES, TimeWindow, WindowPhase};

use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::id::{BuildingId, HouseholdId, PersonId};

/// A door and the household behind it, as the campaign's files describe it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Household {
    /// Its id, derived from the file's row.
    pub id: HouseholdId,
    /// The building whose address it shares.
    pub building: BuildingId,
    /// Where it is, in words.
    pub address: Address,
    /// Where it is, on the map.
    pub point: Point,
    /// Dwellings the file counts behind this one door; 1 for an ordinary home.
    pub unit_count: u32,
    /// A control door of an experiment: never walked, counted apart.
    pub control: bool,
}

/// Someone on the list, with the few fields a canvasser needs at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person's id, derived from the file's row or the change that added them.
    pub id: PersonId,
    /// The household they belong to.
    pub household: HouseholdId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Year of birth, 0 when unknown. Never a full date: a canvasser needs no more.
    pub birth_year: u32,
    /// Party as the file spells it, empty when unknown.
    pub party: String,
    /// Phone number as the file spells it, empty when unknown.
    pub phone: String,
    /// E-mail address, empty when unknown.
    pub email: String,
    /// Preferred language (BCP 47), empty when unknown.
    pub language: String,
    /// What the file says that keeps them from being canvassed.
    pub standing: Standing,
}

/// What a file says about whether someone may still be canvassed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Has voted already in this election.
    pub voted: bool,
    /// Is recorded as deceased.
    pub deceased: bool,
    /// Has an exempt (confidential) record.
    pub exempt: bool,
    /// Asked not to be contacted, before the file was made.
    pub do_not_contact: bool,
    /// Belongs to another household now.
    pub moved: bool,
    /// Asked not to be called.
    #[serde(default)]
    pub do_not_call: bool,
    /// Asked not to be sent text messages.
    #[serde(default)]
    pub do_not_text: bool,
}

impl Standing {
    /// What is left to say of someone who was erased: that nobody is to look for them.
    #[must_use]
    pub const fn erased(self) -> Self {
        Self { exempt: true, do_not_contact: true, ..self }
    }

    /// The bits to store and send: voted 1, deceased 2, exempt 4, do not contact 8, moved 16, do
    /// not call 32, do not text 64.
    #[must_use]
    pub fn bits(self) -> u8 {
        u8::from(self.voted)
            | u8::from(self.deceased) << 1
            | u8::from(self.exempt) << 2
            | u8::from(self.do_not_contact) << 3
            | u8::from(self.moved) << 4
            | u8::from(self.do_not_call) << 5
            | u8::from(self.do_not_text) << 6
    }

    /// The standing with these bits; others are ignored.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self {
            voted: bits & 1 != 0,
            deceased: bits & 2 != 0,
            exempt: bits & 4 != 0,
            do_not_contact: bits & 8 != 0,
            moved: bits & 16 != 0,
            do_not_call: bits & 32 != 0,
            do_not_text: bits & 64 != 0,
        }
    }
}
