//! What may be recorded: limits, and which result fits a door and which a person.

use std::collections::BTreeSet;

use crate::id::{HouseholdId, PersonId};
use crate::survey::{AskKind, Channels, MAX_LANGUAGE_BYTES, MAX_WORDS_BYTES};
use crate::time::Timestamp;
use crate::walklist::{CanvassResult, TimeWindow, WindowPhase};

/// Most people one attempt speaks of: more live behind no single door.
pub const MAX_ATTEMPT_PEOPLE: usize = 64;
/// Most doors recorded with one tap: more are on no floor, and in few buildings.
pub const MAX_DOORS_AT_ONCE: usize = 500;
/// Longest note, in bytes of UTF-8: about a page, and a fraction of a segment.
pub const MAX_NOTE_BYTES: usize = 4000;
/// Longest given or family name, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 200;
/// Longest phone number or e-mail address (RFC 5321 allows 254).
pub const MAX_CONTACT_BYTES: usize = 254;
/// No window in which to come back is further away: a year.
const MAX_AHEAD_MS: i64 = 366 * 24 * 60 * 60 * 1000;
/// For this long a canvasser may take back what they recorded.
pub const UNDO_WINDOW_MS: i64 = 24 * 60 * 60 * 1000;

/// Why something may not be recorded. Names the part, never its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A result that only fits a person, given for the door.
    #[error("this result is for a person, not for the door")]
    NotForDoor(CanvassResult),
    /// A result that only fits the door, given for a person.
    #[error("this result is for the door, not for a person")]
    NotForPerson(CanvassResult),
    /// A result that says something of those who live there, given for many doors at once.
    #[error("this result is for one door, not for many at once")]
    NotForManyDoors(CanvassResult),
    /// The same door twice in one call.
    #[error("the door is named twice")]
    DoorTwice,
    /// More doors than are recorded at once.
    #[error("more than {limit} doors at once")]
    TooManyDoors {
        /// The limit.
        limit: u32,
    },
    /// A result that this channel does not have.
    #[error("this result cannot come of a call or message of this kind")]
    NotForChannel(CanvassResult),
    /// A way of reaching someone that is no call and no text message.
    #[error("only calls and text messages are recorded so")]
    NotACall,
    /// A person who is not of this household.
    #[error("the person is not of this household")]
    NotOfHousehold,
    /// The same person twice in one attempt.
    #[error("the person is named twice")]
    PersonTwice,
    /// More people than one attempt holds.
    #[error("more people than one attempt holds")]
    TooManyPeople,
    /// A text that must not be empty.
    #[error("the text is empty")]
    EmptyText,
    /// A text above its limit in bytes.
    #[error("the text is longer than {limit} bytes")]
    TextTooLong {
        /// The limit.
        limit: u32,
    },
    /// A name that no kind of ask may have.
    #[error("this is no name of a kind of ask")]
    NoSuchAsk,
    /// A consent that allows no channel.
    #[error("the consent names no channel")]
    NoChannel,
    /// A window that is empty, over, too long, or too far away.
    #[error("the window is empty, over, longer than a week, or more than a year away")]
    BadWindow,
    /// Someone else's record, or one older than a day.
    #[error("only one's own record of the last day can be taken back")]
    NotYoursToUndo,
    /// There is no such record, or it was taken back before.
    #[error("there is no such record to take back")]
    NothingToUndo,
}

impl RecordError {
    /// A stable code for apps and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotForDoor(_) => "not_for_door",
            Self::NotForPerson(_) => "not_for_person",
            Self::NotForManyDoors(_) => "not_for_many_doors",
            Self::DoorTwice => "door_twice",
            Self::TooManyDoors { .. } => "too_many_doors",
            Self::NotForChannel(_) => "not_for_channel",
            Self::NotACall => "not_a_call",
            Self::NotOfHousehold => "not_of_household",
            Self::PersonTwice => "person_twice",
            Self::TooManyPeople => "too_many_people",
            Self::EmptyText => "empty_text",
            Self::TextTooLong { .. } => "text_too_long",
            Self::NoSuchAsk => "no_such_ask",
            Self::NoChannel => "no_channel",
            Self::BadWindow => "bad_window",
            Self::NotYoursToUndo => "not_yours_to_undo",
            Self::NothingToUndo => "nothing_to_undo",
        }
    }
}

/// What an attempt must be checked against.
#[derive(Clone, Copy, Debug)]
pub struct AttemptCheck<'a> {
    /// The result for the door as a whole.
    pub door: Option<CanvassResult>,
    /// The results for single people.
    pub people: &'a [(PersonId, CanvassResult)],
    /// The people known at the household.
    pub household: &'a [PersonId],
}

/// Whether a result of a knock may be recorded for the door as a whole.
#[must_use]
pub const fn fits_door(result: CanvassResult) -> bool {
    !result.is_of_calls()
        && !matches!(
            result,
            CanvassResult::Moved | CanvassResult::Deceased | CanvassResult::WrongPerson
        )
}

/// Whether a result is tapped at many doors of a shift: a screen offers it first.
#[must_use]
pub const fn is_often(result: CanvassResult) -> bool {
    matches!(
        result,
        CanvassResult::Contacted
            | CanvassResult::NotHome
            | CanvassResult::Refused
            | CanvassResult::Inaccessible
            | CanvassResult::ComeBack
            | CanvassResult::LeftLiterature
            | CanvassResult::Moved
    )
}

/// Whether a result may be recorded for many doors with one tap: one that nobody has to be
/// asked for. What someone said is recorded at their door.
#[must_use]
pub const fn fits_many_doors(result: CanvassResult) -> bool {
    matches!(
        result,
        CanvassResult::NotHome
            | CanvassResult::LeftLiterature
            | CanvassResult::Inaccessible
            | CanvassResult::NoSuchAddress
            | CanvassResult::Vacant
            | CanvassResult::NotResidential
    )
}

/// Whether a result of a knock may be recorded for one person.
#[must_use]
pub const fn fits_person(result: CanvassResult) -> bool {
    !result.is_of_calls()
        && !matches!(
            result,
            CanvassResult::Inaccessible
                | CanvassResult::NoSuchAddress
                | CanvassResult::Vacant
                | CanvassResult::NotResidential
        )
}

/// Whether an attempt may be recorded. A door result and person results may stand side by
/// side, and neither is required: a conversation begins without a result.
pub fn check_attempt(attempt: AttemptCheck<'_>) -> Result<(), RecordError> {
    if let Some(result) = attempt.door.filter(|result| !fits_door(*result)) {
        return Err(RecordError::NotForDoor(result));
    }
    if attempt.people.len() > MAX_ATTEMPT_PEOPLE {
        return Err(RecordError::TooManyPeople);
    }
    for (place, (person, result)) in attempt.people.iter().enumerate() {
        if !fits_person(*result) {
            return Err(RecordError::NotForPerson(*result));
        }
        if !attempt.household.contains(person) {
            return Err(RecordError::NotOfHousehold);
        }
        if attempt.people[..place].iter().any(|(other, _)| other == person) {
            return Err(RecordError::PersonTwice);
        }
    }
    Ok(())
}

/// Whether these doors may be recorded with one tap: each once, and not too many.
pub fn check_many_doors(households: &[HouseholdId]) -> Result<(), RecordError> {
    if households.len() > MAX_DOORS_AT_ONCE {
        let limit = u32::try_from(MAX_DOORS_AT_ONCE).unwrap_or(u32::MAX);
        return Err(RecordError::TooManyDoors { limit });
    }
    let different: BTreeSet<&HouseholdId> = households.iter().collect();
    if different.len() < households.len() { Err(RecordError::DoorTwice) } else { Ok(()) }
}

/// Whether what happens at `now` still belongs to the knock at which something was last said at
/// `last`: half a day later it is another visit.
#[must_use]
pub const fn is_one_knock(last: Timestamp, now: Timestamp) -> bool {
    now.millis_since(last).abs() < super::knock::DOUBLE_KNOCK_WINDOW_MS
}

/// Whether a note may be recorded.
pub fn check_note(text: &str) -> Result<(), RecordError> {
    check_text(text, MAX_NOTE_BYTES)
}

/// Whether a person met at the door may be recorded: one name is enough.
pub fn check_person_met(given_name: &str, family_name: &str) -> Result<(), RecordError> {
    if given_name.trim().is_empty() {
        return check_text(family_name, MAX_NAME_BYTES);
    }
    check_text(given_name, MAX_NAME_BYTES)?;
    if family_name.is_empty() { Ok(()) } else { check_text(family_name, MAX_NAME_BYTES) }
}

/// Whether a phone number or e-mail address may be recorded.
pub fn check_contact(value: &str) -> Result<(), RecordError> {
    check_text(value, MAX_CONTACT_BYTES)
}

/// Whether a field of files may be put right so; of some fields it may be that nothing stands.
pub fn check_correction(value: &str, may_be_empty: bool) -> Result<(), RecordError> {
    if may_be_empty && value.trim().is_empty() {
        return Ok(());
    }
    check_text(value, MAX_NAME_BYTES)
}

/// Whether an ask of this kind may be recorded.
pub fn check_ask(kind: &AskKind) -> Result<(), RecordError> {
    if kind.is_sound() { Ok(()) } else { Err(RecordError::NoSuchAsk) }
}

/// Whether a consent to these words may be recorded.
pub fn check_consent(words: &str, language: &str, channels: Channels) -> Result<(), RecordError> {
    check_text(words, MAX_WORDS_BYTES)?;
    check_text(language, MAX_LANGUAGE_BYTES)?;
    if channels.is_empty() { Err(RecordError::NoChannel) } else { Ok(()) }
}

/// The window to be recorded: in whole minutes, not over yet, and not more than a year away.
pub fn check_window(window: TimeWindow, now: Timestamp) -> Result<TimeWindow, RecordError> {
    let window = window.checked().ok_or(RecordError::BadWindow)?;
    let is_near = window.from.millis_since(now) <= MAX_AHEAD_MS;
    let is_over = window.phase(now) == WindowPhase::Over;
    if is_near && !is_over { Ok(window) } else { Err(RecordError::BadWindow) }
}

fn check_text(text: &str, limit: usize) -> Result<(), RecordError> {
    if text.trim().is_empty() {
        return Err(RecordError::EmptyText);
    }
    if text.len() > limit {
        return Err(RecordError::TextTooLong { limit: u32::try_from(limit).unwrap_or(u32::MAX) });
    }
    Ok(())
}

/// Whether a record of `recorded_at` may still be taken back at `now`: one's own, within a day
/// either way (a clock may have been set back); an organiser may always.
#[must_use]
pub const fn may_undo(own: bool, organiser: bool, recorded_at: Timestamp, now: Timestamp) -> bool {
    let age_ms = now.millis_since(recorded_at);
    organiser || own && age_ms <= UNDO_WINDOW_MS && age_ms >= -UNDO_WINDOW_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn door_and_person_results_stand_side_by_side() {
        let spouse = PersonId::derive(&[b"spouse"]);
        let check = AttemptCheck {
            door: Some(CanvassResult::Contacted),
            people: &[(spouse, CanvassResult::NotHome)],
            household: &[spouse],
        };
        assert_eq!(check_attempt(check), Ok(()));
        assert_eq!(check_attempt(AttemptCheck { door: None, people: &[], ..check }), Ok(()));
    }

    #[test]
    fn what_does_not_fit_says_why() {
        let (a, b) = (PersonId::derive(&[b"a"]), PersonId::derive(&[b"b"]));
        let open = AttemptCheck { door: None, people: &[], household: &[a] };
        let door = AttemptCheck { door: Some(CanvassResult::Deceased), ..open };
        let person = AttemptCheck { people: &[(a, CanvassResult::Vacant)], ..open };
        let other = AttemptCheck { people: &[(b, CanvassResult::Refused)], ..open };
        let moved = (a, CanvassResult::Moved);
        let twice = AttemptCheck { people: &[moved, moved], ..open };
        assert_eq!(check_attempt(door), Err(RecordError::NotForDoor(CanvassResult::Deceased)));
        assert_eq!(check_attempt(person), Err(RecordError::NotForPerson(CanvassResult::Vacant)));
        assert_eq!(check_attempt(other), Err(RecordError::NotOfHousehold));
        assert_eq!(check_attempt(twice), Err(RecordError::PersonTwice));
        assert_eq!(check_note(" "), Err(RecordError::EmptyText));
        assert_eq!(check_contact(&"1".repeat(255)), Err(RecordError::TextTooLong { limit: 254 }));
        assert_eq!(check_person_met("", "Only"), Ok(()));
        assert_eq!(check_person_met("", " "), Err(RecordError::EmptyText));
    }

    #[test]
    fn asks_consents_and_windows_have_limits() {
        let own = |name: &str| AskKind::Own { name: name.to_owned() };
        assert_eq!(check_ask(&AskKind::YardSign), Ok(()));
        assert_eq!(check_ask(&own("host")), Ok(()));
        assert_eq!(check_ask(&own("Host a party")), Err(RecordError::NoSuchAsk));
        let door = Channels::of(&[crate::survey::ContactChannel::Door]);
        assert_eq!(check_consent("May we?", "en", door), Ok(()));
        let none = Channels::default();
        assert_eq!(check_consent("May we?", "en", none), Err(RecordError::NoChannel));
        assert_eq!(check_consent(" ", "en", door), Err(RecordError::EmptyText));
        let long = "x".repeat(36);
        let refused = check_consent("May we?", &long, door);
        assert_eq!(refused, Err(RecordError::TextTooLong { limit: 35 }));
        let now = Timestamp::from_seconds(1_790_000_000);
        let window = |from, until| {
            let [from, until] = [from, until].map(|s| Timestamp::from_seconds(now.seconds() + s));
            check_window(TimeWindow { from, until, utc_offset_minutes: -240 }, now)
        };
        assert!(window(-600, 600).is_ok() && window(0, 7200).is_ok());
        let year = 366 * 24 * 3600;
        for (from, until) in
            [(-7200, -3600), (600, 600), (0, 8 * 24 * 3600), (year + 60, year + 120)]
        {
            assert_eq!(window(from, until), Err(RecordError::BadWindow), "{from} to {until}");
        }
    }

    #[test]
    fn a_record_is_ones_own_to_undo_for_a_day() {
        let at = Timestamp::from_seconds(1_000_000);
        let late = at.plus_millis(UNDO_WINDOW_MS + 1);
        assert!(may_undo(true, false, at, at.plus_millis(UNDO_WINDOW_MS)));
        assert!(!may_undo(true, false, at, late));
        assert!(!may_undo(false, false, at, at));
        assert!(may_undo(false, true, at, late));
    }
}
