//! A conversation with one person, question by question, as a canvasser leads it.
//!
//! After each step, and after whatever befell the app since, a phone must show what it showed
//! when the step returned. Which answers stop counting, or count again, because of another one is
//! the engine's to say: here it is known that there is at most one, and nothing is said of
//! conflicts over it.

use canvass_core::engine::{
    ConflictSubject, ConflictView, ConversationInput, ConversationScreen, Error,
};
use canvass_core::id::{ChangeId, HouseholdId, PersonId};
use canvass_core::ports::Clock;
use canvass_core::survey::{AnswerValue, ConversationStep, ConversationView};
use canvass_core::time::Timestamp;

use crate::simulate::Trouble;
use crate::simulate::chance::Chance;
use crate::simulate::phone::{Own, Place};
use crate::simulate::storage::StorageFault;
use crate::simulate::truth::{Field, Noted, Subject};
use crate::simulate::work::{COMMENTS, answer_value, somewhere};
use crate::simulate::world::{World, is_refusal};

const SUPPORT: &str = "support";
const COMMENT: &str = "comment";
/// The question that is asked of supporters alone.
pub(super) const HELP: &str = "help";
/// Changes of one step at most: a knock, the answer, and the one that hangs on it.
const MOST_CHANGES: u64 = 3;
/// Conversations that a canvasser has begun and not ended, at most.
const MOST_TALKS: usize = 4;
/// For so long it is the same conversation for certain, well within what the engine allows.
const SAME_TALK_MS: i64 = 3 * 60 * 60 * 1000;

/// A conversation that a canvasser is in.
#[derive(Clone)]
pub(super) struct Talk {
    place: Place,
    person: PersonId,
    /// What the phone showed last and must still show, and when that was.
    shown: Option<(Timestamp, ConversationScreen)>,
}

impl Talk {
    /// Whether it is with someone of this household.
    pub(super) fn is_at(&self, household: HouseholdId) -> bool {
        self.place.household == household
    }

    /// Others may have had their say since: another question may be the next one.
    pub(super) fn may_have_moved(&mut self) {
        self.shown = None;
    }

    fn input(&self, step: ConversationStep) -> ConversationInput {
        let Place { list, household, .. } = self.place;
        let (person, language) = (self.person, "en".to_owned());
        ConversationInput { list, household, person, step, language, attempt: None }
    }

    fn must_show(&self, screen: &ConversationScreen, now: Timestamp) -> bool {
        self.shown.as_ref().is_none_or(|(at, shown)| {
            let is_same_talk = (0..SAME_TALK_MS).contains(&now.millis_since(*at));
            !is_same_talk || (&shown.view, shown.attempt) == (&screen.view, screen.attempt)
        })
    }
}

/// What a step did, as it is known from outside.
struct Done<'a> {
    talk: &'a Talk,
    step: &'a ConversationStep,
    before: &'a ConversationScreen,
    /// Whether it says what is shown, and settles what people disagree on all the same; nothing
    /// if that is not known.
    disputed: Option<bool>,
}

impl World {
    /// One step of the conversation that goes on, or of another one.
    pub(super) fn talk(
        &mut self,
        phone: usize,
        fault: Option<StorageFault>,
    ) -> Result<(), Trouble> {
        let Some(mut talk) = self.talk_at_hand(phone) else { return Ok(()) };
        self.trace.bytes("record", b"talk");
        let Some(engine) = self.phones[phone].engine() else { return Ok(()) };
        let Place { list, household, .. } = talk.place;
        let before = match engine.conversation(list, household, talk.person, "en") {
            Ok(before) => before,
            Err(error) if is_refusal(&error) => return self.closed(phone, list, &error),
            Err(error) => return Err(Trouble::engine("conversation", &error)),
        };
        if !talk.must_show(&before, self.phones[phone].clock.wall()) {
            return Err(Trouble::NotReadBack);
        }
        let step = choose_step(&before.view, &mut self.chance);
        let disputed = self.is_disputed(phone, &talk, &step, &before.view)?;
        let input = talk.input(step.clone());
        let at = self.phones[phone].clock.wall();
        let (result, fired) = self.with_fault(phone, fault, |engine| engine.converse(&input))?;
        self.trace.value("step", &result);
        match result {
            Ok(screen) => {
                let done = Done { talk: &talk, step: &step, before: &before, disputed };
                self.stepped(phone, &done, &screen)?;
                self.only_what_counts(phone, &done, &screen)?;
                self.talked += 1;
                let goes_on = screen.view.ended.is_none();
                talk.shown = Some((at, screen));
                self.phones[phone].talks.extend(Some(talk).filter(|_| goes_on));
            }
            // A step that is refused changes nothing.
            Err(Error::Answer(_)) => self.phones[phone].talks.push(talk),
            Err(error) if is_refusal(&error) => self.closed(phone, list, &error)?,
            Err(_) if fired => {
                self.doubtful_step(phone, &talk, &before.view);
                talk.may_have_moved();
                self.phones[phone].talks.push(talk);
            }
            Err(error) => return Err(Trouble::engine("converse", &error)),
        }
        Ok(())
    }

    /// One of the conversations that go on, or another one, as often as not at the same door; it
    /// is given back unless it ended.
    fn talk_at_hand(&mut self, phone: usize) -> Option<Talk> {
        let (this, chance) = (&mut self.phones[phone], &mut self.chance);
        let any = chance.place(this.talks.len());
        let is_new = this.talks.is_empty() || this.talks.len() < MOST_TALKS && chance.below(5) == 0;
        if !is_new {
            return Some(this.talks.remove(any));
        }
        let here = this.talks.get(any).filter(|_| chance.below(2) == 0);
        let here = here.map(|talk| talk.place.clone());
        let place = here.or_else(|| somewhere(this, chance))?;
        let person = *chance.one_of(&place.people)?;
        let is_it = |talk: &Talk| talk.is_at(place.household) && talk.person == person;
        match this.talks.iter().position(is_it) {
            Some(known) => Some(this.talks.remove(known)),
            None => Some(Talk { place, person, shown: None }),
        }
    }

    /// Whether a step that says what is shown already settles what people disagree on, in the
    /// version that is asked; nothing if that is not known.
    fn is_disputed(
        &self,
        phone: usize,
        talk: &Talk,
        step: &ConversationStep,
        view: &ConversationView,
    ) -> Result<Option<bool>, Trouble> {
        let Some((name, _)) = tapped(step).filter(|(name, to)| *to == given(view, name)) else {
            return Ok(Some(false));
        };
        let field = field(talk, view, name);
        let mut disputed = Some(false);
        for conflict in self.conflicts_over(phone, talk, name)? {
            let mut known = conflict.candidates.iter().filter_map(|it| self.truth.get(it.change));
            match known.find_map(|noted| noted.field.as_ref()) {
                Some((of, _)) if Some(of) == field.as_ref() => return Ok(Some(true)),
                Some(_) => {}
                None => disputed = None,
            }
        }
        Ok(disputed)
    }

    /// Conflicts over what someone answered to a question, in any version.
    fn conflicts_over(
        &self,
        phone: usize,
        talk: &Talk,
        name: &str,
    ) -> Result<Vec<ConflictView>, Trouble> {
        let Some(engine) = self.phones[phone].engine() else { return Ok(Vec::new()) };
        let door = engine.household(talk.place.list, talk.place.household);
        let mut conflicts = door.map_err(|error| Trouble::engine("household", &error))?.conflicts;
        conflicts.retain(|it| {
            let ConflictSubject::Answer { question } = &it.subject else { return false };
            question == name && it.person == Some(talk.person)
        });
        Ok(conflicts)
    }

    /// Notes what a step recorded.
    fn stepped(
        &mut self,
        phone: usize,
        done: &Done<'_>,
        screen: &ConversationScreen,
    ) -> Result<(), Trouble> {
        let Place { list, household, .. } = done.talk.place;
        let seen = self.phones[phone].seen.get(&list).cloned().unwrap_or_default();
        let at = self.phones[phone].clock.wall();
        for (id, what) in done.recorded(screen).ok_or(Trouble::Talk)? {
            let attempt = screen.attempt.filter(|attempt| *attempt != id);
            let (of, is_sure) = match what {
                Recorded::Knock => (None, true),
                Recorded::Answer { field, value, is_sure } => (Some((field, value)), is_sure),
            };
            if let Some((field, _)) = of.as_ref().filter(|_| !is_sure) {
                self.truth.doubt_field(field.clone());
            }
            let noted = Noted {
                seen: seen.clone(),
                household: Some(household),
                attempt,
                ..Noted::sure(id, of)
            };
            self.phones[phone].recorded(id);
            self.truth.note(noted);
            let own =
                Own { list, household, change: id, attempt: screen.attempt, is_note: false, at };
            self.phones[phone].own.push(own);
        }
        Ok(())
    }

    /// What an answer made irrelevant does not stand any more, so that nobody counts it: unless
    /// people disagree on it.
    fn only_what_counts(
        &self,
        phone: usize,
        done: &Done<'_>,
        screen: &ConversationScreen,
    ) -> Result<(), Trouble> {
        let Talk { place: Place { list, household, .. }, person, .. } = done.talk;
        let decides = tapped(done.step).is_some_and(|(name, _)| name == SUPPORT);
        let engine = self.phones[phone].engine();
        let engine = engine.filter(|_| decides && screen.newer_version.is_none());
        let Some(engine) = engine else { return Ok(()) };
        let asked = match engine.survey(*list, *household, *person, "en") {
            Ok(asked) => asked,
            Err(error) if is_refusal(&error) => return Ok(()),
            Err(error) => return Err(Trouble::engine("survey", &error)),
        };
        let counts = asked.questions.iter().all(|it| it.relevant || it.answer.is_none());
        if counts || !self.conflicts_over(phone, done.talk, HELP)?.is_empty() {
            return Ok(());
        }
        Err(Trouble::Irrelevant)
    }

    /// A step failed: it may have recorded all the same, and nobody knows how much.
    fn doubtful_step(&mut self, phone: usize, talk: &Talk, view: &ConversationView) {
        for question in [SUPPORT, COMMENT, HELP] {
            if let Some(field) = field(talk, view, question) {
                self.truth.doubt_field(field);
            }
        }
        let Some(next) = self.phones[phone].next_id() else { return };
        let household = Some(talk.place.household);
        let ids = (0..MOST_CHANGES).map(|after| ChangeId { seq: next.seq + after, ..next });
        let notes = ids.map(|id| Noted { household, ..Noted::sure(id, None) }).collect();
        self.phones[phone].doubtful.push(notes);
    }
}

/// What one change of a step is.
enum Recorded {
    Knock,
    /// `is_sure`: that it is the answer to this question, with this value.
    Answer {
        field: Field,
        value: String,
        is_sure: bool,
    },
}

impl Done<'_> {
    /// What its changes are, in their order; nothing if they are more than a step can record.
    fn recorded(&self, screen: &ConversationScreen) -> Option<Vec<(ChangeId, Recorded)>> {
        let field = |name| field(self.talk, &self.before.view, name);
        let mut ids = screen.recorded.iter().copied().peekable();
        let knock = ids.next_if(|id| screen.attempt == Some(*id));
        let mut recorded: Vec<_> = knock.map(|id| (id, Recorded::Knock)).into_iter().collect();
        let others = ids.len();
        if let Some((name, value)) = tapped(self.step).filter(|(name, _)| *name != HELP) {
            let differs = value != given(&self.before.view, name);
            let is_written = match (differs, self.disputed) {
                (true, _) | (_, Some(true)) => true,
                (false, Some(false)) => false,
                (false, None) => others > 0,
            };
            if is_written {
                let is_sure = differs || self.disputed.is_some();
                let (field, value) = (field(name)?, value.unwrap_or_default());
                recorded.push((ids.next()?, Recorded::Answer { field, value, is_sure }));
            }
        }
        if let Some(id) = ids.next() {
            let (field, value) = (field(HELP)?, String::new());
            recorded.push((id, Recorded::Answer { field, value, is_sure: false }));
        }
        ids.next().is_none().then_some(recorded)
    }
}

fn field(talk: &Talk, view: &ConversationView, name: &str) -> Option<Field> {
    let question = [SUPPORT, COMMENT, HELP].into_iter().find(|known| *known == name)?;
    let version = view.version.strip_prefix('v')?.parse().ok()?;
    let subject = Subject::Answer(version, question);
    Some(Field { household: talk.place.household, person: talk.person, subject })
}

fn given(view: &ConversationView, name: &str) -> Option<String> {
    let given = view.given.iter().find(|given| given.question == name)?;
    Some(text_of(&given.value))
}

fn text_of(value: &AnswerValue) -> String {
    value.clone().texts().join(" ")
}

/// The question that a step answers, and the answer; none if it is taken back.
fn tapped(step: &ConversationStep) -> Option<(&str, Option<String>)> {
    match step {
        ConversationStep::Answer { question, value } => Some((question, Some(text_of(value)))),
        ConversationStep::Clear { question } => Some((question, None)),
        _ => None,
    }
}

/// Mostly an answer to the question at hand; now and then what people do besides.
fn choose_step(view: &ConversationView, chance: &mut Chance) -> ConversationStep {
    let given = chance.one_of(&view.given).map(|given| given.question.clone());
    let at_hand = view.question.as_ref().map(|question| question.name.clone());
    match (chance.below(16), at_hand, given) {
        (0, _, _) => ConversationStep::Back,
        (1, _, _) => ConversationStep::Next,
        (2, _, _) => ConversationStep::Stop,
        (3, Some(question), _) => ConversationStep::Skip { question },
        (4, _, Some(question)) => ConversationStep::GoTo { question },
        (5, _, Some(question)) => ConversationStep::Clear { question },
        (6..9, _, Some(question)) | (_, Some(question), _) => {
            let value = answer_value(&question, words(&question, chance));
            ConversationStep::Answer { question, value }
        }
        (_, None, _) => ConversationStep::Finish,
    }
}

fn words(question: &str, chance: &mut Chance) -> String {
    match question {
        SUPPORT => (1 + chance.below(5)).to_string(),
        _ => COMMENTS[chance.place(COMMENTS.len())].to_owned(),
    }
}
