//! Exports: what is in the file, and what is said to be missing.

mod changes;
mod contacts;
mod maps;

use super::*;
use crate::id::{ChangeId, DeviceId, HouseholdId, PersonId};
use crate::interchange::{Backend, ResultCodes};
use crate::merge::ReachState;
use crate::survey::{AnswerValue, AskKind, AskState, ContactChannel};
use crate::walklist::CanvassResult;

/// Saturday evening, 3 October 2026, by the clocks of Vermont.
pub(super) fn evening() -> Timestamp {
    Timestamp::parse("2026-10-04T00:04:00Z").expect("a moment")
}

pub(super) fn change_id(seq: u64) -> ChangeId {
    ChangeId { device: DeviceId::derive(&[b"phone"]), incarnation: 1, seq }
}

pub(super) fn person(name: &str) -> PersonAtDoor {
    PersonAtDoor {
        person: PersonId::derive(&[name.as_bytes()]),
        key: Some(format!("van-{name}")),
        name: name.to_owned(),
        result: None,
        answers: Vec::new(),
    }
}

pub(super) fn attempt(door: Option<CanvassResult>, people: Vec<PersonAtDoor>) -> AttemptFacts {
    AttemptFacts {
        attempt: change_id(1),
        at: evening(),
        canvasser: "Sam".to_owned(),
        household: HouseholdId::derive(&[b"h"]),
        door_key: "d1".to_owned(),
        door,
        literature: false,
        reach: None,
        people,
    }
}

pub(super) fn answer(question: &str, answer: AnswerValue) -> ContactAnswer {
    ContactAnswer { question: question.to_owned(), answer }
}

pub(super) fn choice(option: &str) -> AnswerValue {
    AnswerValue::Choice { option: option.to_owned() }
}

/// Losses as `field count why`.
pub(super) fn told(loss: &LossReport) -> Vec<String> {
    let why = |loss: &Loss| serde_json::to_value(loss.why).expect("a name");
    let losses = loss.losses().iter();
    losses
        .map(|it| format!("{} {} {}", it.field, it.count, why(it).as_str().expect("a text")))
        .collect()
}
