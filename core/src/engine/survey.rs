//! The Survey screen: the script as one person is asked it.

use crate::engine::Engine;
use crate::engine::error::{Error, What};
use crate::id::{HouseholdId, ListId, PersonId, ScriptHash};
use crate::merge::HouseholdState;
use crate::say;
use crate::survey::{Answers, LocalTime, QuestionView, SurveyView};
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

/// Puts words of the canvasser's language around a question, which is one of so many.
pub(super) fn frame(
    question: &mut QuestionView,
    language: say::Language,
    (number, count): (u32, u32),
) {
    question.frame = say::question_frame(language, question, number, count);
    let fault = question.error.as_ref().map(|cause| say::answer_fault(language, cause));
    question.fault = fault.unwrap_or_default();
}

fn frame_all(view: &mut SurveyView, language: say::Language) {
    let asked = |question: &&mut QuestionView| question.relevant;
    let asked: Vec<&mut QuestionView> = view.questions.iter_mut().filter(asked).collect();
    let count = u32::try_from(asked.len()).unwrap_or(u32::MAX);
    for (question, number) in asked.into_iter().zip(1..) {
        frame(question, language, (number, count));
    }
}

impl Engine {
    /// What the script in use asks a person: notes, questions with the answers so far, and the
    /// next question.
    ///
    /// `language` is the BCP 47 tag that the canvasser asks for; empty for the one that is best
    /// for this person: theirs if the script has it, else the canvasser's
    /// ([`Engine::set_languages`]), else the script's first. The view says which it is and why.
    pub fn survey(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        language: &str,
    ) -> Result<SurveyView, Error> {
        let known = self.languages();
        self.read(list, |reader| {
            let door = reader.door(household)?;
            if !door.person_ids().contains(&person) {
                return Err(Error::NotFound(What::Person));
            }
            let script = reader.script()?;
            let answers = answers_of(&door.state, person, script.hash());
            let chosen = script.choose_language(language, door.language_of(person), &known.spoken);
            let mut view = script.view_in(&answers, chosen, local(self.now()));
            frame_all(&mut view, known.words);
            Ok(view)
        })
    }
}
