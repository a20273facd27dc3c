//! Steps of conversations, one-tap results and floors.

use canvass_core::engine::{ConversationInput, ConversationScreen, Engine, ResultInput, Saved};
use canvass_core::id::{HouseholdId, ListId};
use canvass_core::survey::ConversationStep;
use serde_json::{Value, json};

use super::{Replay, Step, answer_value, door, same, text};

impl Replay {
    /// Looks at a conversation, or takes it one step on.
    pub(super) fn talk(&mut self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let person = self.person(engine, list, household, step)?;
        let language = step["language"].as_str().unwrap_or("en").to_owned();
        let screen = match step["step"].as_str() {
            None => engine.conversation(list, household, person, &language)?,
            Some(name) => {
                let taken = conversation_step(name, step)?;
                let input = ConversationInput {
                    list,
                    household,
                    person,
                    step: taken,
                    language,
                    attempt: None,
                };
                engine.converse(&input)?
            }
        };
        if let (Some(name), Some(attempt)) = (step["keep_attempt"].as_str(), screen.attempt) {
            self.changes.insert(name.to_owned(), attempt);
        }
        self.same_list(&summary(&screen), step)
    }

    pub(super) fn result(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<Saved> {
        let has_person = step["person"].is_u64() || step["met"].is_string();
        let person = has_person.then(|| self.person(engine, list, household, step)).transpose()?;
        let attempt = step["attempt"].as_str().map(|name| self.change(name)).transpose()?;
        let result = text(step, "result")?.parse()?;
        Ok(engine.record_result(&ResultInput { list, household, person, result, attempt })?)
    }

    /// Records a result at the open doors of a floor.
    pub(super) fn floor(&mut self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let wanted = step["floor"].as_u64();
        let floors = engine.floors(list, household)?;
        let floor = floors.into_iter().find(|it| it.floor.map(u64::from) == wanted);
        let open = floor.ok_or("no such floor")?.open;
        let saved = engine.record_results(list, &open, text(step, "result")?.parse()?)?;
        if self.bless {
            step["recorded"] = saved.len().into();
        }
        same("recorded", &Some(saved.len() as u64), &step["recorded"].as_u64())?;
        self.floors.insert(text(step, "keep")?.to_owned(), saved);
        Ok(())
    }

    pub(super) fn undo_floor(&mut self, phone: &str, step: &Value) -> Step<()> {
        let saved = self.floors.remove(text(step, "kept")?).ok_or("nothing kept")?;
        Ok(self.engine(phone)?.undo_results(self.list(phone)?, &saved)?)
    }
}

fn conversation_step(name: &str, step: &Value) -> Step<ConversationStep> {
    let question = || text(step, "question").map(str::to_owned);
    Ok(match name {
        "answer" => ConversationStep::Answer { question: question()?, value: answer_value(step)? },
        "clear" => ConversationStep::Clear { question: question()? },
        "skip" => ConversationStep::Skip { question: question()? },
        "go_to" => ConversationStep::GoTo { question: question()? },
        "back" => ConversationStep::Back,
        "next" => ConversationStep::Next,
        "finish" => ConversationStep::Finish,
        "stop" => ConversationStep::Stop,
        other => return Err(format!("no step {other}").into()),
    })
}

/// What a screen shows, as texts: version, newer version, question at hand and its label, how
/// far, what is set aside, how many changes were recorded.
fn summary(screen: &ConversationScreen) -> Value {
    let view = &screen.view;
    let (name, label) =
        view.question.as_ref().map_or(("", ""), |it| (it.name.as_str(), it.label.as_str()));
    let aside = view.given.iter().filter(|given| !given.counts);
    let aside: Vec<&str> = aside.map(|given| given.question.as_str()).collect();
    json!([
        view.version,
        screen.newer_version.as_deref().unwrap_or_default(),
        name,
        label,
        format!("{} of {}", view.done, view.asked),
        aside.join(" "),
        screen.recorded.len().to_string(),
    ])
}
