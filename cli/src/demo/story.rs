//! Two canvassers at one door, and what becomes of it in the evening.

use axum::http::Method;
use canvass_core::engine::{AnswerInput, AttemptInput, HouseholdView};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_core::ports::Clock;
use canvass_core::survey::AnswerValue;
use serde_json::{Value, json};

use crate::demo::campaign::Campaign;
use crate::demo::chance::Chance;
use crate::demo::walk::{Canvasser, Notes};
use crate::demo::{DayError, EVENING};
use crate::local_server::LocalServer;

/// The question on which the two disagree.
const QUESTION: &str = "support";

/// The door at which two people knocked.
#[derive(Clone, Copy)]
pub(super) struct Meeting {
    pub(super) household: HouseholdId,
}

/// What the organiser saw and settled.
pub(super) struct Settled {
    /// Open conflicts when everyone had synced.
    pub(super) conflicts: Vec<Value>,
    /// For each, what was kept.
    pub(super) kept: Vec<Vec<String>>,
    pub(super) meeting: Option<Meeting>,
}

/// The first and the last canvasser share a list. Neither knows that the other knocks at the
/// same door today, and hears something else.
pub(super) fn double_knock(
    canvassers: &mut [Canvasser],
    chance: &mut Chance,
    notes: &mut Notes,
) -> Result<Option<Meeting>, DayError> {
    let Some((last, others)) = canvassers.split_last_mut() else { return Ok(None) };
    let Some(first) = others.first() else { return Ok(None) };
    let options = ["1", "4"];
    for (household, at) in &first.knocked {
        let seen = first.engine().household(first.list()?, *household)?;
        let other = last.engine().household(last.list()?, *household)?;
        let Some(person) = open_to_talk(&seen, &other) else { continue };
        let gap_ms = chance.pause_ms(1_800, 5_400);
        say(first, &seen, person, options[0], notes)?;
        last.clock.pass_until(last.clock.wall().max(at.plus_millis(gap_ms)));
        say(last, &other, person, options[1], notes)?;
        last.knocked.push((*household, last.clock.wall()));
        return Ok(Some(Meeting { household: *household }));
    }
    Ok(None)
}

/// Someone whom neither of the two has asked yet.
fn open_to_talk(seen: &HouseholdView, other: &HouseholdView) -> Option<PersonId> {
    let nobody_asked = |person: PersonId| {
        [seen, other].iter().all(|view| {
            let known = view.people.iter().find(|known| known.person == person);
            known.is_some_and(|known| known.answers == 0 && known.not_contacted.is_none())
        })
    };
    seen.people.iter().map(|person| person.person).find(|person| nobody_asked(*person))
}

fn say(
    canvasser: &Canvasser,
    view: &HouseholdView,
    person: PersonId,
    option: &str,
    notes: &mut Notes,
) -> Result<(), DayError> {
    let list = canvasser.list()?;
    let household = view.household;
    let attempt =
        canvasser.engine().record_attempt(&AttemptInput::at_door(list, household, None))?;
    notes.saved.push(attempt.change);
    notes.attempts += 1;
    canvasser.clock.advance_ms(30_000);
    let answer = canvasser.engine().record_answer(&AnswerInput {
        list,
        household,
        person,
        question: QUESTION.to_owned(),
        value: Some(AnswerValue::Choice { option: option.to_owned() }),
        attempt: attempt.attempt,
        script: None,
    })?;
    notes.saved.push(answer.change);
    notes.answers += 1;
    Ok(())
}

/// Everyone syncs; the organiser sees the conflicts and settles them; everyone syncs again.
pub(super) fn evening(
    campaign: &Campaign,
    server: &LocalServer,
    canvassers: &mut [Canvasser],
    notes: &mut Notes,
    meeting: Option<Meeting>,
) -> Result<Settled, DayError> {
    for canvasser in canvassers.iter() {
        canvasser.clock.pass_until(EVENING);
    }
    sync_all(server, canvassers)?;
    let open = server.operator(Method::GET, &campaign.path("/conflicts"), &Value::Null)?;
    let conflicts = open["conflicts"].as_array().cloned().unwrap_or_default();
    let mut kept = Vec::new();
    for conflict in &conflicts {
        let candidates = conflict["candidates"].as_array().cloned().unwrap_or_default();
        // The organiser calls the house and keeps what was said last.
        let latest = candidates.iter().max_by_key(|candidate| candidate["at"].as_i64());
        let latest = latest.ok_or(DayError::Answer("candidates"))?;
        let id = conflict["conflict"].as_str().unwrap_or_default();
        let decision = json!({ "chosen": latest["change"] });
        let path = campaign.path(&format!("/conflicts/{id}"));
        let made = server.operator(Method::POST, &path, &decision)?;
        let change = made["change"].as_str().and_then(|text| text.parse().ok());
        notes.saved.push(change.ok_or(DayError::Answer("change"))?);
        kept.push(texts(&latest["value"]));
    }
    sync_all(server, canvassers)?;
    Ok(Settled { conflicts, kept, meeting })
}

/// Twice: the second time, everyone hears of what the others brought.
fn sync_all(server: &LocalServer, canvassers: &[Canvasser]) -> Result<(), DayError> {
    for _ in 0..2 {
        for canvasser in canvassers {
            canvasser.sync(server)?;
        }
    }
    Ok(())
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
