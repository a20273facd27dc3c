//! A canvasser on their round: from door to door, offline, saying what they find.

use std::cell::Cell;
use std::sync::Arc;

use canvass_core::engine::{
    AnswerInput, AttemptInput, Engine, HouseholdView, PersonMetInput, PersonResult, PersonView,
    Saved,
};
use canvass_core::id::{ChangeId, HouseholdId, ListId};
use canvass_core::ports::Clock;
use canvass_core::survey::{ACKNOWLEDGED, AnswerValue, QuestionKind, QuestionView};
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;

use crate::clock::SetClock;
use crate::demo::DayError;
use crate::demo::chance::Chance;
use crate::phone::Phone;

/// Doors of one shift.
const SHIFT_DOORS: usize = 60;

/// What the driver notes of a day: from outside, as the recording calls return.
#[derive(Default)]
pub(super) struct Notes {
    /// Ids that a call returned, and that are therefore saved.
    pub(super) saved: Vec<ChangeId>,
    /// Knocks.
    pub(super) attempts: u32,
    /// Answers.
    pub(super) answers: u32,
    /// Doors where someone answered a question.
    pub(super) conversations: u32,
}

impl Notes {
    fn note(&mut self, saved: Saved) -> Saved {
        self.saved.push(saved.change);
        saved
    }
}

/// A canvasser with their phone.
pub(super) struct Canvasser {
    pub(super) name: String,
    pub(super) phone: Phone,
    pub(super) clock: Arc<SetClock>,
    /// The number of the list they were given.
    pub(super) list_number: u32,
    /// Whom they knocked for, and when.
    pub(super) knocked: Vec<(HouseholdId, Timestamp)>,
    /// Changes sent, and events received, over all syncs.
    pub(super) sent: Cell<u64>,
    pub(super) received: Cell<u64>,
}

impl Canvasser {
    pub(super) fn engine(&self) -> &Engine {
        self.phone.engine()
    }

    pub(super) fn list(&self) -> Result<ListId, DayError> {
        let lists = self.engine().walk_lists()?;
        lists.first().map(|list| list.list).ok_or(DayError::Answer("a list"))
    }

    /// Walks a shift: in the list's order, or from its end when the list is shared.
    pub(super) fn walk(
        &mut self,
        chance: &mut Chance,
        notes: &mut Notes,
        from_the_end: bool,
    ) -> Result<(), DayError> {
        let list = self.list()?;
        let mut doors = self.all_doors(list)?;
        if from_the_end {
            doors.reverse();
        }
        doors.truncate(SHIFT_DOORS);
        for (number, household) in doors.into_iter().enumerate() {
            if number == SHIFT_DOORS / 2 {
                // The app is closed and opened again: everything is still there.
                self.phone.restart()?;
            }
            self.clock.advance_ms(chance.pause_ms(40, 130));
            self.visit(list, household, chance, notes)?;
        }
        Ok(())
    }

    /// The doors of the list in walking order.
    fn all_doors(&self, list: ListId) -> Result<Vec<HouseholdId>, DayError> {
        let mut doors = Vec::new();
        let mut from = None;
        loop {
            let page = self.engine().doors(list, from.as_deref(), 500)?;
            doors.extend(page.doors.into_iter().map(|door| door.household));
            from = page.next;
            if from.is_none() {
                return Ok(doors);
            }
        }
    }

    fn visit(
        &mut self,
        list: ListId,
        household: HouseholdId,
        chance: &mut Chance,
        notes: &mut Notes,
    ) -> Result<(), DayError> {
        let view = self.engine().household(list, household)?;
        if view.do_not_knock {
            return Ok(());
        }
        self.knocked.push((household, self.clock.wall()));
        let at_home: Vec<&PersonView> =
            view.people.iter().filter(|person| person.not_contacted.is_none()).collect();
        match (chance.below(100), chance.pick(&at_home)) {
            (0..20, Some(person)) => self.talk(&view, person, chance, notes),
            (20..24, Some(person)) => {
                let results = [CanvassResult::Moved, CanvassResult::Refused];
                let result = *chance.pick(&results).unwrap_or(&CanvassResult::Refused);
                let people = vec![PersonResult { person: person.person, result }];
                self.knock(&view, None, people, notes).map(|_| ())
            }
            (24, Some(person)) => {
                let result = CanvassResult::DoNotContact;
                let people = vec![PersonResult { person: person.person, result }];
                self.knock(&view, None, people, notes).map(|_| ())
            }
            (25..27, _) => self.someone_new(&view, notes),
            (27..32, _) => {
                self.knock(&view, Some(CanvassResult::Inaccessible), vec![], notes).map(|_| ())
            }
            (32..38, _) => {
                self.knock(&view, Some(CanvassResult::LeftLiterature), vec![], notes).map(|_| ())
            }
            (38..40, _) => self.mistaken(&view, notes),
            _ => self.knock(&view, Some(CanvassResult::NotHome), vec![], notes).map(|_| ()),
        }
    }

    fn knock(
        &self,
        view: &HouseholdView,
        door: Option<CanvassResult>,
        people: Vec<PersonResult>,
        notes: &mut Notes,
    ) -> Result<Saved, DayError> {
        let (list, household) = (view.list, view.household);
        let input = AttemptInput { people, ..AttemptInput::at_door(list, household, door) };
        let saved = notes.note(self.engine().record_attempt(&input)?);
        notes.attempts += 1;
        Ok(saved)
    }

    /// A tap on the wrong result, put right at once.
    fn mistaken(&self, view: &HouseholdView, notes: &mut Notes) -> Result<(), DayError> {
        let saved = self.knock(view, Some(CanvassResult::Vacant), vec![], notes)?;
        self.clock.advance_ms(5_000);
        let (list, household) = (view.list, view.household);
        let not_home = AttemptInput::at_door(list, household, Some(CanvassResult::NotHome));
        let input = AttemptInput { corrects: saved.attempt, ..not_home };
        notes.note(self.engine().record_attempt(&input)?);
        Ok(())
    }

    /// Someone opens whom no file knew.
    fn someone_new(&self, view: &HouseholdView, notes: &mut Notes) -> Result<(), DayError> {
        let input = PersonMetInput {
            list: view.list,
            household: view.household,
            given_name: "New".to_owned(),
            family_name: "Neighbour".to_owned(),
            language: String::new(),
        };
        let met = notes.note(self.engine().add_person(&input)?);
        let Some(person) = met.person else { return Ok(()) };
        let people = vec![PersonResult { person, result: CanvassResult::Contacted }];
        self.knock(view, None, people, notes).map(|_| ())
    }

    /// A conversation along the script; some end early.
    fn talk(
        &self,
        view: &HouseholdView,
        person: &PersonView,
        chance: &mut Chance,
        notes: &mut Notes,
    ) -> Result<(), DayError> {
        let language = if person.language == "es" { "es" } else { "en" };
        let attempt = self.knock(view, None, Vec::new(), notes)?.attempt;
        let mut asked = 0;
        loop {
            let survey =
                self.engine().survey(view.list, view.household, person.person, language)?;
            let next = survey.next.and_then(|next| {
                survey.questions.into_iter().find(|question| question.name == next)
            });
            let Some(question) = next.filter(|_| asked == 0 || chance.percent(80)) else { break };
            self.clock.advance_ms(chance.pause_ms(5, 25));
            let input = AnswerInput {
                list: view.list,
                household: view.household,
                person: person.person,
                question: question.name.clone(),
                value: Some(some_answer(&question, chance)),
                attempt,
                script: None,
            };
            notes.note(self.engine().record_answer(&input)?);
            notes.answers += 1;
            asked += 1;
        }
        notes.conversations += u32::from(asked > 0);
        if chance.percent(15) {
            let text = *chance.pick(&REMARKS).unwrap_or(&"");
            notes.note(self.engine().record_note(view.list, view.household, text)?);
        }
        Ok(())
    }
}

const REMARKS: [&str; 5] = [
    "Side door is quicker.",
    "Friendly dog.",
    "Asked about the bus line, wants a call back.",
    "Prefers evenings.",
    "Bell is broken, knock.",
];

/// Any answer that the question takes.
pub(super) fn some_answer(question: &QuestionView, chance: &mut Chance) -> AnswerValue {
    let options: Vec<String> = question.options.iter().map(|option| option.name.clone()).collect();
    let option = |chance: &mut Chance| chance.pick(&options).cloned().unwrap_or_default();
    match &question.kind {
        QuestionKind::MultipleChoice => AnswerValue::Choices { options: vec![option(chance)] },
        QuestionKind::Scale { min, max, .. } => {
            let steps = usize::try_from(max - min + 1).unwrap_or(1);
            let up = i32::try_from(chance.below(steps)).unwrap_or(0);
            AnswerValue::Scale { value: min + up }
        }
        QuestionKind::Integer { .. } | QuestionKind::Decimal { .. } => {
            AnswerValue::Number { value: 1.0 + chance.below(4) as f64 }
        }
        QuestionKind::Text { .. } => AnswerValue::Text { text: "Wants to hear more.".to_owned() },
        QuestionKind::Date => AnswerValue::Date { date: "2026-10-10".to_owned() },
        QuestionKind::Acknowledge => AnswerValue::Choice { option: ACKNOWLEDGED.to_owned() },
        _ => AnswerValue::Choice { option: option(chance) },
    }
}
