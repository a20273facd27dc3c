//! Canvassing rules: what may be recorded at a door, what follows for the door's standing, and
//! who may be seen for which purpose.
//!
//! Pure rules over plain facts. How a record travels is `change`'s business, and what two
//! records of the same thing mean together is `merge`'s.

mod channel;
mod eligible;
mod knock;
mod record;

pub use channel::{closed_channels, is_offered, offered, spoils_number};
pub use eligible::{DoorFacts, Eligibility, PersonFacts, Purpose, eligible_door, eligible_person};
pub use knock::{DOUBLE_KNOCK_WINDOW_MS, DoorStanding, Knock, Promise, double_knocks, standing};
pub use record::{
    AttemptCheck, MAX_ATTEMPT_PEOPLE, MAX_CONTACT_BYTES, MAX_DOORS_AT_ONCE, MAX_NAME_BYTES,
    MAX_NOTE_BYTES, RecordError, UNDO_WINDOW_MS, check_ask, check_attempt, check_consent,
    check_contact, check_correction, check_many_doors, check_note, check_person_met, check_window,
    fits_door, fits_many_doors, fits_person, is_often, is_one_knock, may_undo,
};
