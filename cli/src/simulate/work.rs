//! What a canvasser does on a phone, one record at a time, and what is noted of it.

use canvass_core::change::{ContactMark, ContactMedium, CorrectedField};
use canvass_core::engine::{
    AnswerInput, AskInput, AttemptInput, CallInput, ConsentInput, ContactInput, CorrectionInput,
    Engine, Error, FollowUpInput, PersonMetInput, Saved, What,
};
use canvass_core::id::{ChangeId, ConflictId, HouseholdId, ListId, PersonId};
use canvass_core::ports::Clock;
use canvass_core::survey::{AnswerValue, AskKind, AskState, ContactChannel};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{Access, CanvassResult, TimeWindow};

use crate::simulate::chance::Chance;
use crate::simulate::phone::{Own, Place, SimPhone};
use crate::simulate::truth::{Field, Noted, Subject, Truth};

/// For so long a record may be taken back, kept well within what the engine allows.
const UNDO_WITHIN_MS: i64 = 20 * 60 * 60 * 1000;
/// How far someone looks for a free door, in metres: all over the town.
const NEAR_M: f64 = 5_000.0;
/// Doors of a list at which most of the work is done, so that people meet.
const BUSY_DOORS: usize = 12;
const CONSENT: &str = "May we call or text you?";
/// The number that is called: nobody's.
const NUMBER: &str = "+1 802 555 0100";
pub(super) const COMMENTS: [&str; 3] = ["Likes buses.", "Asked about rents.", "No opinion."];

/// A record that is about to be made.
pub(super) struct Job {
    place: Place,
    work: Work,
}

enum Work {
    Knock {
        result: CanvassResult,
        literature: bool,
        come_back: Option<TimeWindow>,
    },
    Correct(ChangeId, CanvassResult),
    Answer {
        person: PersonId,
        question: &'static str,
        value: Option<String>,
        attempt: Option<ChangeId>,
    },
    Contact {
        person: PersonId,
        value: String,
        mark: ContactMark,
    },
    Ask {
        person: PersonId,
        kind: AskKind,
        state: AskState,
        agrees: bool,
        attempt: Option<ChangeId>,
    },
    Withdraw(PersonId, AskKind),
    Call {
        person: PersonId,
        channel: ContactChannel,
        result: Option<CanvassResult>,
    },
    Access(Access),
    ComeBack(Option<PersonId>, TimeWindow),
    Note(String),
    EditNote(ChangeId, String),
    DoNotContact(Option<PersonId>),
    Met(String),
    CorrectAddress(String),
    Claim,
    Undo(ChangeId),
    Resolve {
        pick: (u64, u64),
    },
}

/// Chooses what is done next; nothing where there is nothing to do it to.
pub(super) fn choose(phone: &SimPhone, chance: &mut Chance) -> Option<Job> {
    let place = somewhere(phone, chance)?;
    let person = chance.one_of(&place.people).copied();
    let now = phone.clock.wall();
    let own: Vec<&Own> =
        phone.own.iter().filter(|own| now.millis_since(own.at).abs() < UNDO_WITHIN_MS).collect();
    let own = chance.one_of(&own).map(|own| **own);
    let work = match (chance.below(100), person, own) {
        (20..56, Some(person), _) => answer(phone, &place, person, chance),
        (56..64, Some(person), _) => contact(person, chance),
        (64..72, _, _) => Work::Note(COMMENTS[chance.place(COMMENTS.len())].to_owned()),
        (72..80, _, Some(own)) => return Some(mine(place, own, chance)),
        (80..84, person, _) if chance.below(4) == 0 => Work::DoNotContact(person),
        (84..86, _, _) => Work::Met(format!("Robin{}", chance.below(100))),
        (93..96, _, _) => Work::Claim,
        (96..98, Some(person), _) => call(person, chance),
        (98..100, _, _) => Work::Access(Access::ALL[chance.place(Access::ALL.len())]),
        (10..17, Some(person), _) => ask(phone, &place, person, chance),
        (17..18, Some(person), _) => Work::Withdraw(person, kind(chance)),
        (18..20, person, _) => Work::ComeBack(person, window(now, chance)),
        (91..93, _, _) => Work::CorrectAddress(format!("{}B", chance.below(4))),
        (86..91, _, _) => Work::Resolve { pick: (chance.below(1 << 32), chance.below(1 << 32)) },
        _ => knock(now, chance),
    };
    Some(Job { place, work })
}

/// A door, mostly one of those at which most of the work is done.
pub(super) fn somewhere(phone: &SimPhone, chance: &mut Chance) -> Option<Place> {
    let any = chance.one_of(&phone.roster)?;
    if chance.below(3) == 0 {
        return Some(any.clone());
    }
    let of_list = phone.roster.iter().filter(|place| place.list == any.list);
    let doors: Vec<&Place> = of_list.take(BUSY_DOORS).collect();
    chance.one_of(&doors).map(|place| (*place).clone())
}

/// A knock, with what is left or agreed on beside its result.
fn knock(now: Timestamp, chance: &mut Chance) -> Work {
    let (result, literature) = (result(chance), chance.below(3) == 0);
    let come_back = (chance.below(5) == 0).then(|| window(now, chance));
    Work::Knock { result, literature, come_back }
}

/// A call or a text message; some people have had enough of either.
fn call(person: PersonId, chance: &mut Chance) -> Work {
    use CanvassResult as R;
    let by_phone =
        [None, Some(R::Busy), Some(R::LeftMessage), Some(R::Disconnected), Some(R::DoNotCall)];
    let by_text = [None, Some(R::LeftMessage), Some(R::Refused), Some(R::DoNotText)];
    let is_text = chance.below(3) == 0;
    let results = if is_text { &by_text[..] } else { &by_phone[..] };
    let channel = if is_text { ContactChannel::Text } else { ContactChannel::Phone };
    Work::Call { person, channel, result: results[chance.place(results.len())] }
}

/// A window of one to two hours that has begun lately or begins within hours.
fn window(now: Timestamp, chance: &mut Chance) -> TimeWindow {
    const HALF_HOUR_MS: i64 = 30 * 60 * 1000;
    let mut halves = |end| i64::try_from(chance.below(end)).unwrap_or(0) * HALF_HOUR_MS;
    let from = now.plus_millis(halves(10) - HALF_HOUR_MS);
    let until = from.plus_millis(2 * HALF_HOUR_MS + halves(3));
    TimeWindow { from, until, utc_offset_minutes: -240 }
}

fn kind(chance: &mut Chance) -> AskKind {
    let own = AskKind::own("host").unwrap_or(AskKind::ContactMe);
    let kinds = [AskKind::Volunteer, AskKind::YardSign, own];
    kinds[chance.place(kinds.len())].clone()
}

fn ask(phone: &SimPhone, place: &Place, person: PersonId, chance: &mut Chance) -> Work {
    let states = [AskState::Wanted, AskState::Wanted, AskState::Declined, AskState::Done];
    let (kind, state) = (kind(chance), states[chance.place(states.len())]);
    let agrees = chance.below(2) == 0;
    let attempt = open_attempt(phone, place, chance);
    Work::Ask { person, kind, state, agrees, attempt }
}

/// Now and then the last knock of one's own at this door.
fn open_attempt(phone: &SimPhone, place: &Place, chance: &mut Chance) -> Option<ChangeId> {
    let mut open = phone.own.iter().rev().filter(|own| own.attempt == Some(own.change));
    let open = open.find(|own| own.household == place.household);
    open.filter(|_| chance.below(2) == 0).map(|own| own.change)
}

fn result(chance: &mut Chance) -> CanvassResult {
    let results = [
        CanvassResult::NotHome,
        CanvassResult::Refused,
        CanvassResult::LeftLiterature,
        CanvassResult::ComeBack,
        CanvassResult::Inaccessible,
    ];
    results[chance.place(results.len())]
}

fn answer(phone: &SimPhone, place: &Place, person: PersonId, chance: &mut Chance) -> Work {
    let (question, value) = if chance.below(5) == 0 {
        ("comment", COMMENTS[chance.place(COMMENTS.len())].to_owned())
    } else {
        ("support", (1 + chance.below(5)).to_string())
    };
    let value = (chance.below(25) > 0).then_some(value);
    let attempt = open_attempt(phone, place, chance);
    Work::Answer { person, question, value, attempt }
}

fn contact(person: PersonId, chance: &mut Chance) -> Work {
    let value = format!("+180255599{:02}", chance.below(6));
    let marks = [ContactMark::Primary, ContactMark::Primary, ContactMark::Good, ContactMark::Wrong];
    Work::Contact { person, value, mark: marks[chance.place(marks.len())] }
}

/// Takes back or puts right something of one's own.
fn mine(place: Place, own: Own, chance: &mut Chance) -> Job {
    let place = Place { list: own.list, household: own.household, ..place };
    let work = if own.is_note && chance.below(2) == 0 {
        Work::EditNote(own.change, COMMENTS[chance.place(COMMENTS.len())].to_owned())
    } else if own.attempt == Some(own.change) && chance.below(2) == 0 {
        Work::Correct(own.change, result(chance))
    } else {
        Work::Undo(own.change)
    };
    Job { place, work }
}

impl Job {
    /// The list it is for.
    pub(super) const fn list(&self) -> ListId {
        self.place.list
    }

    /// A name for the trace.
    pub(super) const fn name(&self) -> &'static str {
        match self.work {
            Work::Knock { .. } => "knock",
            Work::Ask { .. } => "ask",
            Work::Withdraw(..) => "withdraw",
            Work::Call { .. } => "call",
            Work::Access(_) => "access",
            Work::ComeBack(..) => "come_back",
            Work::Correct(..) => "correct",
            Work::Answer { .. } => "answer",
            Work::Contact { .. } => "contact",
            Work::Note(_) => "note",
            Work::EditNote(..) => "edit",
            Work::DoNotContact(_) => "do_not_contact",
            Work::Met(_) => "met",
            Work::CorrectAddress(_) => "correct_address",
            Work::Claim => "claim",
            Work::Undo(_) => "undo",
            Work::Resolve { .. } => "resolve",
        }
    }

    /// Settles what is only known when the phone is asked: which conflict is open, and which
    /// door is near and free. Nothing if there is nothing to do.
    pub(super) fn ready(
        self,
        engine: &Engine,
        truth: &mut Truth,
    ) -> Result<Option<ReadyJob>, Error> {
        if let Work::Claim = self.work {
            let Place { list, household, .. } = self.place;
            let here = engine.household(list, household)?.point;
            let near = engine.nearest_unclaimed(list, here, 1, NEAR_M)?;
            let Some(near) = near.first() else { return Ok(None) };
            let place = Place { household: near.door.household, ..self.place };
            return Ok(Some(ReadyJob { job: Self { place, ..self }, decision: None }));
        }
        let Work::Resolve { pick } = self.work else {
            return Ok(Some(ReadyJob { job: self, decision: None }));
        };
        let open = engine.conflicts(self.place.list)?;
        let Some(conflict) = open.get(index(pick.0, open.len())) else { return Ok(None) };
        let Some(chosen) = conflict.candidates.get(index(pick.1, conflict.candidates.len())) else {
            return Ok(None);
        };
        let field = truth.written(chosen.change, conflict.candidates.iter().map(|c| c.change));
        let place = Place { household: conflict.household, ..self.place };
        let attempt = truth.attempt_of(chosen.change);
        let decision =
            Some(Decision { conflict: conflict.conflict, chosen: chosen.change, field, attempt });
        Ok(Some(ReadyJob { job: Self { place, work: self.work }, decision }))
    }
}

fn index(pick: u64, count: usize) -> usize {
    usize::try_from(pick % (count.max(1) as u64)).unwrap_or(0)
}

/// A record that can be made now.
pub(super) struct ReadyJob {
    job: Job,
    decision: Option<Decision>,
}

/// A conflict, the change that is chosen, and what that wrote at which attempt.
struct Decision {
    conflict: ConflictId,
    chosen: ChangeId,
    field: Option<(Field, String)>,
    attempt: Option<ChangeId>,
}

/// What the simulation answers: an option to the question of support, words to any other.
pub(super) fn answer_value(question: &str, value: String) -> AnswerValue {
    match question {
        "support" => AnswerValue::Choice { option: value },
        _ => AnswerValue::Text { text: value },
    }
}

impl ReadyJob {
    /// Makes the record.
    pub(super) fn run(&self, engine: &Engine) -> Result<Saved, Error> {
        let Place { list, household, .. } = self.job.place;
        match &self.job.work {
            Work::Knock { result, literature, come_back } => engine.record_attempt(&AttemptInput {
                literature: *literature,
                come_back: *come_back,
                ..AttemptInput::at_door(list, household, Some(*result))
            }),
            Work::Correct(attempt, result) => {
                let input = AttemptInput::at_door(list, household, Some(*result));
                engine.record_attempt(&AttemptInput { corrects: Some(*attempt), ..input })
            }
            Work::Ask { .. }
            | Work::Withdraw(..)
            | Work::ComeBack(..)
            | Work::Contact { .. }
            | Work::Call { .. }
            | Work::Access(_) => self.talk(engine),
            Work::Answer { person, question, value, attempt } => {
                let value = value.clone().map(|value| answer_value(question, value));
                let (person, attempt, question) = (*person, *attempt, (*question).to_owned());
                engine.record_answer(&AnswerInput {
                    list,
                    household,
                    person,
                    question,
                    value,
                    attempt,
                    script: None,
                })
            }
            Work::Note(text) => engine.record_note(list, household, text),
            Work::EditNote(note, text) => engine.edit_note(list, household, *note, text),
            Work::DoNotContact(person) => engine.set_do_not_contact(list, household, *person),
            Work::Met(name) => engine.add_person(&PersonMetInput {
                list,
                household,
                given_name: name.clone(),
                family_name: "Newcomer".to_owned(),
                language: String::new(),
            }),
            Work::CorrectAddress(unit) => engine.record_correction(&CorrectionInput {
                list,
                household,
                person: None,
                field: CorrectedField::Unit,
                value: unit.clone(),
            }),
            Work::Claim => {
                let results = engine.claim(list, &[household])?;
                let claimed = results.first().and_then(|result| result.change);
                // Someone else's claim, which has come in since it was looked for.
                let change = claimed.ok_or(Error::NotFound(What::Household))?;
                Ok(Saved { change, attempt: None, person: None })
            }
            Work::Undo(change) => engine.undo(list, household, *change),
            Work::Resolve { .. } => {
                let decision = self.decision.as_ref().ok_or(Error::NotFound(What::Conflict))?;
                engine.resolve_conflict(list, household, decision.conflict, decision.chosen)
            }
        }
    }

    /// What a talk leaves behind, a number, a call, and what is in the way of a door.
    fn talk(&self, engine: &Engine) -> Result<Saved, Error> {
        let Place { list, household, .. } = self.job.place;
        match &self.job.work {
            Work::Ask { person, kind, state, agrees, attempt } => {
                let consent = agrees.then(|| ConsentInput {
                    words: CONSENT.to_owned(),
                    language: "en".to_owned(),
                    channels: vec![ContactChannel::Phone, ContactChannel::Text],
                });
                let (person, kind, state, attempt) = (*person, kind.clone(), *state, *attempt);
                engine.record_ask(&AskInput {
                    list,
                    household,
                    person,
                    kind,
                    state,
                    consent,
                    attempt,
                })
            }
            Work::Withdraw(person, kind) => engine.withdraw_consent(list, household, *person, kind),
            Work::Contact { person, value, mark } => {
                let (person, mark, value) = (*person, *mark, value.clone());
                let medium = ContactMedium::Phone;
                engine.record_contact(&ContactInput {
                    list,
                    household,
                    person,
                    medium,
                    mark,
                    value,
                })
            }
            Work::Call { person, channel, result } => engine.record_call(&CallInput {
                list,
                household,
                person: *person,
                channel: *channel,
                number: NUMBER.to_owned(),
                result: *result,
            }),
            Work::Access(access) => engine.record_access(list, household, *access),
            Work::ComeBack(person, window) => {
                let (person, window) = (*person, *window);
                let attempt = None;
                engine.record_follow_up(&FollowUpInput { list, household, person, window, attempt })
            }
            _ => Err(Error::NotFound(What::Change)),
        }
    }

    /// What is to be noted of it, if its first change has this id: one to three changes.
    fn notes(&self, phone: &SimPhone, first: ChangeId) -> Vec<Noted> {
        let list = self.job.place.list;
        let seen = phone.seen.get(&list).cloned().unwrap_or_default();
        let household = Some(self.job.place.household);
        let own = |id, field| Noted { seen: seen.clone(), household, ..Noted::sure(id, field) };
        let field = |person: PersonId, subject| {
            let household: HouseholdId = self.job.place.household;
            Field { household, person, subject }
        };
        match &self.job.work {
            Work::Answer { person, question, value, attempt } => {
                let script = phone.scripts.get(&list).copied().unwrap_or_default();
                let subject = Subject::Answer(script, question);
                let of = Some((field(*person, subject), value.clone().unwrap_or_default()));
                match attempt {
                    Some(attempt) => vec![Noted { attempt: Some(*attempt), ..own(first, of) }],
                    None => {
                        let second = ChangeId { seq: first.seq + 1, ..first };
                        let answer = Noted { attempt: Some(first), ..own(second, of) };
                        vec![own(first, None), answer]
                    }
                }
            }
            Work::Contact { person, value, mark: ContactMark::Primary } => {
                vec![own(first, Some((field(*person, Subject::Phone), value.clone())))]
            }
            Work::Knock { literature, come_back, .. } => {
                let beside = u64::from(*literature) + u64::from(come_back.is_some());
                let beside = (1..=beside).map(|after| ChangeId { seq: first.seq + after, ..first });
                let beside = beside.map(|id| Noted { attempt: Some(first), ..own(id, None) });
                std::iter::once(own(first, None)).chain(beside).collect()
            }
            Work::Call { result, .. } => {
                let attempt = Some(first);
                let reach =
                    Noted { attempt, ..own(ChangeId { seq: first.seq + 1, ..first }, None) };
                // That the number is out of service stays true without the call.
                let number = (*result == Some(CanvassResult::Disconnected))
                    .then(|| own(ChangeId { seq: first.seq + 2, ..first }, None));
                [own(first, None), reach].into_iter().chain(number).collect()
            }
            Work::Ask { person, kind, state, attempt, .. } => {
                let subject = Subject::Ask(kind.clone());
                let of = Some((field(*person, subject), state.name().to_owned()));
                vec![Noted { attempt: *attempt, ..own(first, of) }]
            }
            Work::Undo(target) => vec![Noted { takes_back: Some(*target), ..own(first, None) }],
            Work::Resolve { .. } => {
                let decision = self.decision.as_ref();
                let of = decision.and_then(|decision| decision.field.clone());
                let attempt = decision.and_then(|decision| decision.attempt);
                vec![Noted { attempt, ..own(first, of) }]
            }
            _ => vec![own(first, None)],
        }
    }

    /// The household it is for.
    pub(super) const fn household(&self) -> HouseholdId {
        self.job.place.household
    }

    /// What is about to be taken back is no longer one's own, whatever comes of the call.
    pub(super) fn begun(&self, phone: &mut SimPhone) {
        if let Work::Undo(target) = self.job.work {
            phone.own.retain(|own| own.change != target && own.attempt != Some(target));
        }
    }

    /// Notes what was saved.
    pub(super) fn saved(&self, phone: &mut SimPhone, truth: &mut Truth, saved: &Saved) {
        let begins = matches!(self.job.work, Work::Answer { attempt: None, .. });
        let first = ChangeId { seq: saved.change.seq - u64::from(begins), ..saved.change };
        settle_doubts(phone, truth, first);
        for noted in self.notes(phone, first) {
            phone.recorded(noted.id);
            truth.note(noted);
        }
        self.keep_own(phone, saved);
    }

    fn keep_own(&self, phone: &mut SimPhone, saved: &Saved) {
        let Place { list, household, .. } = self.job.place;
        let at = phone.clock.wall();
        let mut keep = |change, attempt, is_note| {
            phone.own.push(Own { list, household, change, attempt, is_note, at });
        };
        match &self.job.work {
            Work::Knock { .. } | Work::Call { .. } => {
                keep(saved.change, Some(saved.change), false);
            }
            Work::Ask { attempt, .. } => keep(saved.change, *attempt, false),
            Work::Answer { .. } => {
                let first = saved.attempt.filter(|attempt| attempt.seq + 1 == saved.change.seq);
                if let Some(attempt) = first {
                    keep(attempt, Some(attempt), false);
                }
                keep(saved.change, saved.attempt, false);
            }
            Work::Contact { .. }
            | Work::Claim
            | Work::Withdraw(..)
            | Work::ComeBack(..)
            | Work::Access(_) => keep(saved.change, None, false),
            Work::Note(_) => keep(saved.change, None, true),
            Work::Met(_) => {
                keep(saved.change, None, false);
                let place = phone.roster.iter_mut().find(|place| place.household == household);
                if let (Some(place), Some(person)) = (place, saved.person) {
                    place.people.push(person);
                }
            }
            _ => {}
        }
    }

    /// A call failed or never returned: it may have saved all the same, and nobody knows.
    pub(super) fn doubtful(&self, phone: &mut SimPhone) {
        if let Some(next) = phone.next_id() {
            let notes = self.notes(phone, next);
            phone.doubtful.push(notes);
        }
    }
}

/// The next number tells whether a call that failed had saved. Of several it cannot be told
/// which, so that nothing can be said of their fields.
fn settle_doubts(phone: &mut SimPhone, truth: &mut Truth, next: ChangeId) {
    let calls = std::mem::take(&mut phone.doubtful);
    let is_one = calls.len() == 1;
    for noted in calls.into_iter().flatten() {
        // Under other numbers since: the number tells nothing.
        if !is_one || noted.id.incarnation != next.incarnation {
            truth.doubt(&noted);
        } else if noted.id.seq < next.seq {
            phone.recorded(noted.id);
            truth.note(noted);
        }
    }
}

/// A record that tells whether the ones before it were saved.
pub(super) fn probe(place: Option<&Place>) -> Option<Job> {
    let place = place?.clone();
    Some(Job { place, work: Work::Note("Still here.".to_owned()) })
}
