//! The Survey screen: the script as one person is asked it.

use crate::engine::Engine;
use crate::engine::error::{Error, What};
use crate::id::{HouseholdId, ListId, PersonId, ScriptHash};
use crate::merge::HouseholdState;
use crate::survey::{Answers, LocalTime, SurveyView};
use crate::time::Timestamp;

/// Scripts are asked in UTC until a campaign can say where it is.
pub(super) fn local(now: Timestamp) -> LocalTime {
    LocalTime::at(now, 0)
}

/// A person's answers to one version of the script.
pub(super) fn answers_of(state: &HouseholdState, person: PersonId, script: ScriptHash) -> Answers {
    let all = (person, script, 0)..=(person, script, u16::MAX);
    state
        .answers
        .range(all)
        .filter_map(|(&(_, _, question), answer)| Some((question, answer.value.clone()?)))
        .collect()
}

impl Engine {
    /// What the script in use asks a person: notes, questions with the answers so far, and the
    /// next question. `language` is a BCP 47 tag; the nearest the script has is shown.
    pub fn survey(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: &str,
    ) -> Result<SurveyView, Error> {
        self.read(list, |reader| {
            let door = reader.door(household)?;
            if !door.person_ids().contains(&person) {
                return Err(Error::NotFound(What::Person));
            }
            let script = reader.script()?;
            let answers = answers_of(&door.state, person, script.hash());
            Ok(script.view(&answers, language, local(self.now())))
        })
    }
}
