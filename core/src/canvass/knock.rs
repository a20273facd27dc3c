//! Knocks: what all attempts at one door say together.

use crate::id::{CanvasserId, ChangeId};
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

/// Two knocks at one door by different people within this time are flagged.
pub const DOUBLE_KNOCK_WINDOW_MS: i64 = 12 * 60 * 60 * 1000;

/// One attempt, with what was learnt at the door and from each person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knock {
    /// The attempt.
    pub id: ChangeId,
    /// Who knocked.
    pub canvasser: CanvasserId,
    /// When, by the best reckoning there is.
    pub at: Timestamp,
    /// The result for the door as a whole.
    pub door: Option<CanvassResult>,
    /// The results for single people, `contacted` for those who gave an answer included.
    pub people: Vec<CanvassResult>,
}

/// What the attempts at a door amount to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoorStanding {
    /// The result that counts: the strongest of the last visit's window.
    pub result: Option<CanvassResult>,
    /// How many attempts there were.
    pub knocks: u32,
    /// Somebody was spoken with, at any attempt.
    pub contacted: bool,
    /// When the last attempt was.
    pub last_at: Option<Timestamp>,
    /// What was agreed on coming back, beside the results.
    pub promise: Promise,
}

/// What was agreed on coming back to a door at a certain time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Promise {
    /// Nothing.
    #[default]
    None,
    /// To come back, and nobody has yet.
    Open,
    /// To come back, and somebody did.
    Kept,
}

impl DoorStanding {
    /// Whether this door is done with for now: someone has knocked, and was not asked to come
    /// back, or somebody did come back when it was agreed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let settled = match self.promise {
            Promise::None => self.result != Some(CanvassResult::ComeBack),
            Promise::Open => false,
            Promise::Kept => true,
        };
        self.knocks > 0 && settled
    }
}

/// Whether a result means that somebody was spoken with. Answers always do.
const fn is_contact(result: CanvassResult) -> bool {
    matches!(result, CanvassResult::Contacted)
}

/// How strongly a result speaks when several fall into one visit's window: a final word (refused,
/// moved, deceased) above a contact, a contact above an unanswered door, any of them above a
/// door that could not be reached.
const fn strength(result: CanvassResult) -> u8 {
    match result {
        CanvassResult::DoNotContact => 6,
        CanvassResult::Refused
        | CanvassResult::Moved
        | CanvassResult::Deceased
        | CanvassResult::Hostile => 5,
        CanvassResult::Contacted => 4,
        CanvassResult::LanguageBarrier | CanvassResult::ComeBack | CanvassResult::WrongPerson => 3,
        CanvassResult::LeftLiterature | CanvassResult::NotHome => 2,
        CanvassResult::Vacant
        | CanvassResult::NotResidential
        | CanvassResult::NoSuchAddress
        | CanvassResult::Inaccessible => 1,
        // Nobody stood at the door.
        CanvassResult::Busy
        | CanvassResult::Disconnected
        | CanvassResult::WrongNumber
        | CanvassResult::CallBack
        | CanvassResult::DoNotCall
        | CanvassResult::DoNotText
        | CanvassResult::LeftMessage => 0,
    }
}

/// What these attempts amount to, in whatever order they are given.
///
/// Within twelve hours of the last attempt the strongest result counts, the later of two equally
/// strong ones; what was learnt before gives way.
#[must_use]
pub fn standing(knocks: &[Knock]) -> DoorStanding {
    let Some(last_at) = knocks.iter().map(|knock| knock.at).max() else {
        return DoorStanding::default();
    };
    let results = |knock: &Knock| knock.door.into_iter().chain(knock.people.clone());
    let in_window = |knock: &&Knock| last_at.millis_since(knock.at) <= DOUBLE_KNOCK_WINDOW_MS;
    let result = knocks
        .iter()
        .filter(in_window)
        .flat_map(|knock| results(knock).map(move |result| (strength(result), knock.at, result)))
        .max()
        .map(|(_, _, result)| result);
    DoorStanding {
        result,
        knocks: u32::try_from(knocks.len()).unwrap_or(u32::MAX),
        contacted: knocks.iter().flat_map(results).any(is_contact),
        last_at: Some(last_at),
        promise: Promise::None,
    }
}

/// Pairs of attempts by different people within [`DOUBLE_KNOCK_WINDOW_MS`] of each other, each
/// with the one before it in time. Both are kept; this only says that it happened.
#[must_use]
pub fn double_knocks(knocks: &[Knock]) -> Vec<(ChangeId, ChangeId)> {
    let mut in_time: Vec<&Knock> = knocks.iter().collect();
    in_time.sort_by_key(|knock| (knock.at, knock.id));
    in_time
        .windows(2)
        .filter(|pair| pair[0].canvasser != pair[1].canvasser)
        .filter(|pair| pair[1].at.millis_since(pair[0].at) <= DOUBLE_KNOCK_WINDOW_MS)
        .map(|pair| (pair[0].id, pair[1].id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceId;
    use proptest::prelude::*;

    fn knock(seq: u64, who: &str, hour: i64, door: CanvassResult) -> Knock {
        Knock {
            id: ChangeId { device: DeviceId::derive(&[]), incarnation: 0, seq },
            canvasser: CanvasserId::derive(&[who.as_bytes()]),
            at: Timestamp::from_seconds(hour * 3600),
            door: Some(door),
            people: Vec::new(),
        }
    }

    #[test]
    fn a_contact_outlives_a_later_unanswered_knock_of_the_same_day() {
        let day = [
            knock(1, "a", 10, CanvassResult::Contacted),
            knock(2, "b", 15, CanvassResult::NotHome),
        ];
        assert_eq!(standing(&day).result, Some(CanvassResult::Contacted));
        let next_day = [
            knock(1, "a", 10, CanvassResult::Contacted),
            knock(2, "b", 30, CanvassResult::NotHome),
        ];
        assert_eq!(standing(&next_day).result, Some(CanvassResult::NotHome));
        assert!(standing(&next_day).contacted);
    }

    #[test]
    fn only_different_people_within_the_window_double_knock() {
        let not_home = CanvassResult::NotHome;
        let day = [
            knock(1, "a", 10, not_home),
            knock(2, "a", 11, not_home),
            knock(3, "b", 12, not_home),
            knock(4, "a", 30, not_home),
        ];
        assert_eq!(double_knocks(&day), [(day[1].id, day[2].id)]);
    }

    #[test]
    fn a_door_to_come_back_to_is_not_done() {
        assert!(!standing(&[knock(1, "a", 1, CanvassResult::ComeBack)]).is_done());
        assert!(standing(&[knock(1, "a", 1, CanvassResult::NotHome)]).is_done());
        assert!(!standing(&[]).is_done());
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(
            knocks in proptest::collection::vec((0_u8..3, 0_i64..60, 1_u8..16), 1..8),
            seed: u64,
        ) {
            let mut all: Vec<Knock> = knocks
                .iter()
                .zip(1..)
                .map(|(&(who, hour, result), seq)| {
                    let result = CanvassResult::from_number(result).expect("1 to 15");
                    knock(seq, &who.to_string(), hour, result)
                })
                .collect();
            let (before, pairs) = (standing(&all), double_knocks(&all));
            let turn = usize::try_from(seed % all.len() as u64).expect("small");
            all.rotate_left(turn);
            prop_assert_eq!(standing(&all), before);
            prop_assert_eq!(double_knocks(&all), pairs);
        }
    }
}
