//! Noon: the campaign changes its script while everyone is out.

use axum::http::Method;
use canvass_core::survey::ConversationStep;
use serde_json::Value;

use crate::demo::campaign::Campaign;
use crate::demo::chance::Chance;
use crate::demo::walk::{Canvasser, Notes, Talk};
use crate::demo::{DayError, NOON};
use crate::local_server::LocalServer;
use crate::town::NOON_SCRIPT_JSON;

/// A new version is uploaded and comes with the next sync. Someone is in the middle of a talk
/// then: it ends on the version with which it began.
pub(super) fn noon(
    campaign: &Campaign,
    server: &LocalServer,
    canvassers: &mut [Canvasser],
    chance: &mut Chance,
    notes: &mut Notes,
) -> Result<(), DayError> {
    for canvasser in canvassers.iter() {
        canvasser.clock.pass_until(NOON);
    }
    let talk = begin(canvassers, chance, notes)?;
    let script: Value =
        serde_json::from_str(NOON_SCRIPT_JSON).map_err(|_| DayError::Answer("a script"))?;
    server.operator(Method::POST, &campaign.path("/scripts"), &script)?;
    for canvasser in canvassers.iter() {
        canvasser.sync(server)?;
    }
    let (Some(talk), Some(canvasser)) = (talk, canvassers.first()) else { return Ok(()) };
    let mut screen = talk.screen(canvasser)?;
    while let Some(question) = screen.view.question {
        canvasser.clock.advance_ms(chance.pause_ms(5, 25));
        screen = talk.answer(canvasser, &question, chance, notes)?;
    }
    let ended = talk.step(canvasser, ConversationStep::Finish, notes)?;
    notes.ended_on = ended.newer_version.is_some().then_some(ended.view.version);
    Ok(())
}

/// The first canvasser begins a talk with someone whom nobody has asked.
fn begin(
    canvassers: &[Canvasser],
    chance: &mut Chance,
    notes: &mut Notes,
) -> Result<Option<Talk>, DayError> {
    let Some(canvasser) = canvassers.first() else { return Ok(None) };
    let list = canvasser.list()?;
    for household in canvasser.all_doors(list)? {
        let view = canvasser.engine().household(list, household)?;
        let open = view.people.iter().find(|it| it.answers == 0 && it.not_contacted.is_none());
        let Some(person) = open.filter(|_| !view.do_not_knock && view.attempts.is_empty()) else {
            continue;
        };
        let talk = Talk::with(&view, person, None);
        if let Some(question) = talk.screen(canvasser)?.view.question {
            talk.answer(canvasser, &question, chance, notes)?;
            notes.attempts += 1;
            return Ok(Some(talk));
        }
    }
    Ok(None)
}
