//! A canvasser on their round: from door to door, offline, saying what they find.

use std::cell::Cell;
use std::sync::Arc;

use canvass_core::engine::{
    AttemptInput, ConversationInput, ConversationScreen, Engine, FollowUpInput, HouseholdView,
    PersonMetInput, PersonResult, PersonView, Saved,
};
use canvass_core::id::{ChangeId, HouseholdId, ListId, PersonId};
use canvass_core::ports::Clock;
use canvass_core::survey::{
    ACKNOWLEDGED, AnswerValue, ConversationStep, QuestionKind, QuestionView,
};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{CanvassResult, TimeWindow};

use crate::clock::SetClock;
use crate::demo::chance::Chance;
use crate::demo::{DayError, UTC_OFFSET_MINUTES};
use crate::phone::Phone;

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Doors of one shift.
const SHIFT_DOORS: usize = 60;

/// The parts of a shift: at noon the campaign changes its script.
#[derive(Clone, Copy)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

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
    /// The version with which a conversation ended that was begun before noon, when that was not
    /// the one in use any more.
    pub(super) ended_on: Option<String>,
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

    /// Walks half a shift: in the list's order, or from its end when the list is shared.
    pub(super) fn walk(
        &mut self,
        chance: &mut Chance,
        notes: &mut Notes,
        half: Half,
        from_the_end: bool,
    ) -> Result<(), DayError> {
        let list = self.list()?;
        let mut doors = self.all_doors(list)?;
        if from_the_end {
            doors.reverse();
        }
        doors.truncate(SHIFT_DOORS);
        let afternoon = doors.split_off(doors.len() / 2);
        let doors = match half {
            Half::Morning => doors,
            Half::Afternoon => {
                // The app is closed and opened again: everything is still there.
                self.phone.restart()?;
                afternoon
            }
        };
        for household in doors {
            self.clock.advance_ms(chance.pause_ms(40, 130));
            self.visit(list, household, chance, notes)?;
        }
        Ok(())
    }

    /// The doors of the list in walking order.
    pub(super) fn all_doors(&self, list: ListId) -> Result<Vec<HouseholdId>, DayError> {
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
            (40..44, _) => self.come_back(&view, chance, notes),
            _ => self.nobody_home(&view, chance, notes),
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

    /// Nobody opens; a leaflet is left at some of these doors.
    fn nobody_home(
        &self,
        view: &HouseholdView,
        chance: &mut Chance,
        notes: &mut Notes,
    ) -> Result<(), DayError> {
        let saved = self.knock(view, Some(CanvassResult::NotHome), vec![], notes)?;
        if chance.percent(25) {
            let (list, household, knock) = (view.list, view.household, saved.change);
            notes.note(self.engine().set_literature(list, household, knock, true)?);
        }
        Ok(())
    }

    /// Someone asks to come back later: a window of two hours is agreed on.
    fn come_back(
        &self,
        view: &HouseholdView,
        chance: &mut Chance,
        notes: &mut Notes,
    ) -> Result<(), DayError> {
        let saved = self.knock(view, Some(CanvassResult::ComeBack), vec![], notes)?;
        let from = self.clock.wall().plus_millis(HOUR_MS + chance.pause_ms(0, 3_600));
        let until = from.plus_millis(2 * HOUR_MS);
        let window = TimeWindow { from, until, utc_offset_minutes: UTC_OFFSET_MINUTES };
        let (list, household, attempt) = (view.list, view.household, saved.attempt);
        let input = FollowUpInput { list, household, person: None, window, attempt };
        notes.note(self.engine().record_follow_up(&input)?);
        Ok(())
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

    /// A conversation along the script, in the person's language; some end early, and some take
    /// back what they said first.
    fn talk(
        &self,
        view: &HouseholdView,
        person: &PersonView,
        chance: &mut Chance,
        notes: &mut Notes,
    ) -> Result<(), DayError> {
        let attempt = self.knock(view, None, Vec::new(), notes)?.attempt;
        let talk = Talk::with(view, person, attempt);
        let mut asked = 0;
        let mut screen = talk.screen(self)?;
        while let Some(question) = screen.view.question.filter(|_| asked == 0 || chance.percent(80))
        {
            self.clock.advance_ms(chance.pause_ms(5, 25));
            screen = talk.answer(self, &question, chance, notes)?;
            asked += 1;
        }
        if chance.percent(10) {
            talk.step(self, ConversationStep::GoTo { question: FIRST_QUESTION.to_owned() }, notes)?;
            let first = talk.screen(self)?.view.question;
            if let Some(question) = first {
                talk.answer(self, &question, chance, notes)?;
            }
        }
        talk.step(self, ConversationStep::Stop, notes)?;
        notes.conversations += u32::from(asked > 0);
        if chance.percent(15) {
            let text = *chance.pick(&REMARKS).unwrap_or(&"");
            notes.note(self.engine().record_note(view.list, view.household, text)?);
        }
        Ok(())
    }
}

/// The question that decides which others are asked.
pub(super) const FIRST_QUESTION: &str = "support";

/// A conversation with one person.
pub(super) struct Talk {
    list: ListId,
    household: HouseholdId,
    person: PersonId,
    language: String,
    attempt: Option<ChangeId>,
}

impl Talk {
    pub(super) fn with(
        view: &HouseholdView,
        person: &PersonView,
        attempt: Option<ChangeId>,
    ) -> Self {
        let HouseholdView { list, household, .. } = *view;
        let language = if person.language == "es" { "es" } else { "en" };
        Self { list, household, person: person.person, language: language.to_owned(), attempt }
    }

    pub(super) fn screen(&self, canvasser: &Canvasser) -> Result<ConversationScreen, DayError> {
        let Self { list, household, person, language, .. } = self;
        Ok(canvasser.engine().conversation(*list, *household, *person, language)?)
    }

    pub(super) fn step(
        &self,
        canvasser: &Canvasser,
        step: ConversationStep,
        notes: &mut Notes,
    ) -> Result<ConversationScreen, DayError> {
        let input = ConversationInput {
            list: self.list,
            household: self.household,
            person: self.person,
            step,
            language: self.language.clone(),
            attempt: self.attempt,
        };
        let screen = canvasser.engine().converse(&input)?;
        notes.saved.extend(&screen.recorded);
        Ok(screen)
    }

    pub(super) fn answer(
        &self,
        canvasser: &Canvasser,
        question: &QuestionView,
        chance: &mut Chance,
        notes: &mut Notes,
    ) -> Result<ConversationScreen, DayError> {
        let value = some_answer(question, chance);
        let step = ConversationStep::Answer { question: question.name.clone(), value };
        let screen = self.step(canvasser, step, notes)?;
        notes.answers += 1;
        Ok(screen)
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
