//! Steps of languages, of calls, and of what is in the way of doors.

use canvass_core::engine::{CallInput, Engine, Saved};
use canvass_core::id::{HouseholdId, ListId};
use canvass_core::survey::{ContactChannel, LanguageReason};
use serde_json::{Value, json};

use super::{Replay, Step, door, text};

impl Replay {
    /// Tells which languages the canvasser speaks.
    pub(super) fn languages(&self, phone: &str, step: &Value) -> Step<()> {
        let tags: Vec<String> = serde_json::from_value(step["tags"].clone())?;
        self.engine(phone)?.set_languages(&tags);
        Ok(())
    }

    /// In which language a person is asked, why, and what is said around the first question.
    pub(super) fn survey(&self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let person = self.person(engine, list, household, step)?;
        let asked = step["language"].as_str().unwrap_or_default();
        let view = engine.survey(list, household, person, asked)?;
        let people = engine.household(list, household)?.people;
        let not_spoken = people.iter().find(|it| it.person == person);
        let first = view.questions.first().ok_or("no question")?;
        let told = json!([
            view.language,
            reason(view.language_reason),
            first.label,
            first.frame,
            not_spoken.is_some_and(|it| it.language_not_spoken).to_string(),
        ]);
        self.same_list(&told, step)
    }

    /// What the phone says of its work.
    pub(super) fn status(&self, phone: &str, step: &mut Value) -> Step<()> {
        let status = self.engine(phone)?.sync_status()?;
        self.same_list(&json!([status.sentence]), step)
    }

    /// The names of the results that a channel offers.
    pub(super) fn offered(&self, phone: &str, step: &mut Value) -> Step<()> {
        let offered = self.engine(phone)?.offered_results(channel(step)?);
        let names: Vec<String> = offered.into_iter().map(|it| it.name).collect();
        self.same_list(&json!(names), step)
    }

    /// How a door is reached, in words, who says so, and how many things there are worth a look.
    pub(super) fn reached(&self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let view = engine.household(list, household)?;
        let notices = view.notices.len().to_string();
        let (sentence, by) = view.access.map(|it| (it.sentence, it.by)).unwrap_or_default();
        self.same_list(&json!([sentence, by, notices]), step)
    }

    pub(super) fn call(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<Saved> {
        let result = step["result"].as_str().map(str::parse).transpose()?;
        Ok(engine.record_call(&CallInput {
            list,
            household,
            person: self.person(engine, list, household, step)?,
            channel: channel(step)?,
            number: text(step, "number")?.to_owned(),
            result,
        })?)
    }
}

fn channel(step: &Value) -> Step<ContactChannel> {
    Ok(ContactChannel::named(text(step, "channel")?).ok_or("no such channel")?)
}

const fn reason(reason: LanguageReason) -> &'static str {
    match reason {
        LanguageReason::Asked => "asked",
        LanguageReason::Person => "person",
        LanguageReason::Canvasser => "canvasser",
        LanguageReason::ScriptDefault => "script_default",
    }
}
