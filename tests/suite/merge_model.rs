//! The core's fold against a model that shares no code with it, on histories as phones, an
//! organiser and files make them.

use std::collections::BTreeSet;

use canvass_core::change::{
    AnswerBody, AskBody, AttemptBody, Body, Change, ConsentWord, ContactBody, ContactMark,
    ContactMedium, CorrectedField, CorrectionBody, EventMarks, FollowUpBody, ImportedBody,
    ImportedField, ImportedWrite, NoteBody, PersonMetBody, ReachBody, SuppressionBody,
};
use canvass_core::id::{
    CampaignId, CanvasserId, ChangeId, DeviceId, HouseholdId, PersonId, ScriptHash,
};
use canvass_core::merge::{FIRST_VALUES, FieldId, LATER_FIELDS, Write, fold};
use canvass_core::survey::{
    AnswerCode, AskKind, AskState, Channels, Consent, ConsentWords, ContactChannel,
};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{Access, CanvassResult, TimeWindow};
use canvass_tests::model::{meaning, told};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

const ORGANISER: u8 = 3;
const FILE: u8 = 4;

/// One step of a history: who writes, what, about which earlier change, and what they have
/// learnt of the others before.
#[derive(Clone, Debug)]
struct Step {
    author: u8,
    kind: u8,
    pick: u16,
    learns: u32,
    minutes: i64,
    is_sequenced: bool,
    is_set_aside: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let minutes = prop_oneof![8 => 0_i64..90, 1 => 1_300_i64..1_600];
    let step = (0..=FILE, 0_u8..30, any::<u16>(), any::<u32>(), minutes, any::<u8>());
    let step = step.prop_map(|(author, kind, pick, learns, minutes, chance)| Step {
        author,
        kind,
        pick,
        learns,
        minutes,
        is_sequenced: chance % 4 != 0,
        is_set_aside: chance % 29 == 0,
    });
    proptest::collection::vec(step, 1..24)
}

fn campaign() -> CampaignId {
    CampaignId::derive(&[b"campaign"])
}

fn household() -> HouseholdId {
    HouseholdId::derive(&[b"household"])
}

fn device(author: u8) -> DeviceId {
    DeviceId::derive(&[&[author]])
}

fn person(number: u16) -> PersonId {
    PersonId::derive(&[b"person", &number.to_be_bytes()])
}

/// Everyone's changes so far, and which of them each author knows.
#[derive(Default)]
struct History {
    writes: Vec<Write>,
    known: Vec<Vec<bool>>,
    /// Changes that never reached anybody: their phone's database was lost first.
    lost: BTreeSet<ChangeId>,
    minute: i64,
}

impl History {
    fn of(steps: &[Step]) -> Vec<Write> {
        let mut history =
            Self { known: vec![Vec::new(); usize::from(FILE) + 1], ..Self::default() };
        steps.iter().for_each(|step| history.take(step));
        history.writes.retain(|write| !history.lost.contains(&write.change.id));
        history.writes
    }

    fn take(&mut self, step: &Step) {
        let count = self.writes.len();
        let known = &mut self.known[usize::from(step.author)];
        known.resize(count, false);
        for (number, known) in known.iter_mut().enumerate() {
            *known |= step.learns >> (number % 32) & 1 == 1;
        }
        self.minute += step.minutes;
        let mut write = self.blank(step);
        let own = self.own(step);
        if step.author == FILE && (13..19).contains(&step.kind) {
            write.change.id.incarnation = FIRST_VALUES;
        }
        if step.author == FILE && step.pick % 7 > 4 {
            write.change.id.incarnation = LATER_FIELDS;
        }
        if let (12, Some(old)) = (step.kind, &own) {
            return self.write_anew(step, &write, old);
        }
        if step.kind == 14 && step.author == ORGANISER {
            return self.erase(step, write);
        }
        if step.kind > 18 && step.author != FILE {
            return self.talk(step, write);
        }
        if step.kind > 16 && step.author != FILE {
            return self.claim(write, step.author);
        }
        if step.kind > 14 && step.author != FILE {
            return self.correct(step, write);
        }
        if step.kind == 13 {
            // A clone of the phone used the old number for something else.
            write.change.was = own.map(|old| old.change.id);
        }
        write.change.body = self.body(step, write.change.id);
        let of_household = matches!(
            write.change.body,
            Body::Attempt(_)
                | Body::Note(_)
                | Body::Undo(_)
                | Body::PersonMet(_)
                | Body::Imported(_)
        );
        let whole =
            matches!(write.change.body, Body::Suppression(_)) && step.pick.is_multiple_of(3);
        write.change.member = (!of_household && !whole).then(|| person(step.pick % 2));
        write.change.base = self.base(step.author, &write.change);
        self.writes.push(write);
        self.known[usize::from(step.author)].push(true);
    }

    fn erase(&mut self, step: &Step, mut write: Write) {
        let is_met = |body: &Body<PersonId>| matches!(body, Body::PersonMet(_));
        write.change.body = Body::Erasure;
        write.change.member = match step.pick % 5 {
            0 => None,
            1 | 2 => {
                self.earlier(step, is_met).map_or(Some(person(0)), |id| Some(PersonId::met(id)))
            }
            number => Some(person(number % 2)),
        };
        write.change.base = self.base(step.author, &write.change);
        self.writes.push(write);
        self.known[usize::from(step.author)].push(true);
    }

    fn claim(&mut self, mut write: Write, author: u8) {
        write.change.body = Body::Claim;
        self.writes.push(write);
        self.known[usize::from(author)].push(true);
    }

    /// What someone wants or agrees to, when to come back, where literature was left.
    fn talk(&mut self, step: &Step, mut write: Write) {
        let is_talk = |body: &Body<PersonId>| matches!(body, Body::Attempt(_) | Body::Answer(_));
        let is_first = |body: &Body<PersonId>| {
            matches!(body, Body::Attempt(AttemptBody { corrects: None, .. }))
        };
        let during = self.earlier(step, is_talk).filter(|_| step.pick.is_multiple_of(3));
        write.change.body = match step.kind {
            28.. => Body::Access(Access::ALL[usize::from(step.pick % 4)]),
            25.. => {
                // Of attempts that others made, it counts for nothing.
                let known = self.known(step.author);
                let firsts: Vec<&Write> =
                    known.iter().filter(|known| is_first(&known.change.body)).collect();
                let picked = firsts.get(usize::from(step.pick / 16) % firsts.len().max(1));
                let attempt = picked.map_or(write.change.id, |known| known.change.id);
                Body::Reach(reach(step.pick, attempt))
            }
            23 | 24 => Body::Literature(self.earlier(step, is_first).unwrap_or(write.change.id)),
            22 => {
                let minutes = self.minute + i64::from(step.pick % 200) - 60;
                let from = (1_790_000_000 + 60 * minutes) / 60;
                let window = TimeWindow::from_minutes(from, 90, -240).expect("a window");
                Body::FollowUp(FollowUpBody { window, during })
            }
            _ => Body::Ask(ask(step.pick, during)),
        };
        let of_person = !matches!(write.change.body, Body::Literature(_) | Body::Access(_));
        let whole = matches!(write.change.body, Body::FollowUp(_)) && step.pick.is_multiple_of(2);
        write.change.member = (of_person && !whole).then(|| person(step.pick % 2));
        let known = self.known(step.author);
        let state = fold(campaign(), household(), &[], &known);
        write.change.base = match (&write.change.body, write.change.member) {
            (Body::Ask(ask), Some(person)) => state.ask_base(person, ask),
            _ => state.base(&FieldId::of(&write.change)),
        };
        self.writes.push(write);
        self.known[usize::from(step.author)].push(true);
    }

    /// The unit of the door, or someone's given name, is put right or proposed to be.
    fn correct(&mut self, step: &Step, mut write: Write) {
        let is_met = |body: &Body<PersonId>| matches!(body, Body::PersonMet(_));
        let met = self.earlier(step, is_met).map(PersonId::met);
        let (field, member) = match step.pick % 4 {
            0 | 1 => (CorrectedField::Unit, None),
            2 => (CorrectedField::GivenName, Some(person(0))),
            _ => (CorrectedField::GivenName, met.or(Some(person(1)))),
        };
        let value = format!("value {}", step.pick % 3);
        write.change.member = member;
        write.change.body = Body::Correction(CorrectionBody { field, value });
        write.change.base = if step.author == ORGANISER {
            let known = self.known(step.author);
            fold(campaign(), household(), &[], &known).correction_base(member, field)
        } else {
            self.base(step.author, &write.change)
        };
        self.writes.push(write);
        self.known[usize::from(step.author)].push(true);
    }

    fn life(&self) -> u32 {
        u32::try_from(self.writes.len()).unwrap_or(u32::MAX)
    }

    /// One of the author's own changes.
    fn own(&self, step: &Step) -> Option<Write> {
        let own = |write: &&Write| {
            write.change.id.device == device(step.author) && step.author < ORGANISER
        };
        let own: Vec<&Write> = self.writes.iter().filter(own).collect();
        (!own.is_empty()).then(|| own[usize::from(step.pick) % own.len()].clone())
    }

    /// A phone that was restored writes an own change anew; the old one may have arrived.
    fn write_anew(&mut self, step: &Step, blank: &Write, old: &Write) {
        let anew = |id: ChangeId| {
            let latest = self.writes.iter().rev().find(|write| write.change.was == Some(id));
            latest.map_or(id, |write| write.change.id)
        };
        let mut change = Change { was: Some(old.change.id), ..old.change.clone() };
        change.id = blank.change.id;
        match &mut change.body {
            Body::Attempt(attempt) => attempt.corrects = attempt.corrects.map(anew),
            Body::Answer(answer) => answer.attempt = anew(answer.attempt),
            Body::Note(note) => note.edits = note.edits.map(anew),
            Body::Undo(target) | Body::Literature(target) => *target = anew(*target),
            Body::Ask(ask) => ask.during = ask.during.map(anew),
            Body::FollowUp(follow_up) => follow_up.during = follow_up.during.map(anew),
            Body::Reach(reach) => reach.attempt = anew(reach.attempt),
            _ => {}
        }
        change.base = change.base.into_iter().map(anew).collect();
        change.base.sort_unstable();
        if step.learns.is_multiple_of(3) {
            self.lost.insert(old.change.id);
        }
        self.writes.push(Write { change, ..blank.clone() });
        self.known[usize::from(step.author)].push(true);
    }

    /// What stands in the field, as far as the author knows.
    fn base(&self, author: u8, change: &Change) -> Vec<ChangeId> {
        let known = self.known(author);
        let state = fold(campaign(), household(), &[], &known);
        state.base(&FieldId::of(change))
    }

    fn known(&self, author: u8) -> Vec<Write> {
        let known = &self.known[usize::from(author)];
        let writes = self.writes.iter().zip(known).filter(|(_, known)| **known);
        writes.map(|(write, _)| write.clone()).collect()
    }

    fn blank(&self, step: &Step) -> Write {
        let at = Timestamp::from_seconds(1_790_000_000 + self.minute * 60);
        let seq = self.writes.len() as u64 + 1;
        let organiser = if step.author == ORGANISER { EventMarks::ORGANISER } else { 0 };
        let set_aside = if step.is_set_aside { EventMarks::SET_ASIDE } else { 0 };
        Write {
            change: Change {
                id: ChangeId {
                    device: device(step.author),
                    // Every change may be the first of a phone that was restored.
                    incarnation: if step.author < ORGANISER { self.life() } else { 0 },
                    seq,
                },
                was: None,
                door: household(),
                member: None,
                base: Vec::new(),
                recorded_at: at,
                body: Body::Unknown { kind: 99, bytes: vec![1] },
            },
            // Two phones may be one canvasser's.
            canvasser: CanvasserId::derive(&[&[step.author.min(1)]]),
            effective: step.is_sequenced.then_some(at),
            // The server hears of phones in another order than they wrote.
            cell_seq: step.is_sequenced.then_some(u64::from(step.learns % 8) * 100 + seq),
            marks: EventMarks(organiser | set_aside),
        }
    }

    /// An earlier change that the author knows, of the kind that is asked for.
    fn earlier(
        &self,
        step: &Step,
        is_wanted: impl Fn(&Body<PersonId>) -> bool,
    ) -> Option<ChangeId> {
        let known: Vec<ChangeId> = self
            .known(step.author)
            .iter()
            .filter(|write| is_wanted(&write.change.body))
            .map(|write| write.change.id)
            .collect();
        (!known.is_empty()).then(|| known[usize::from(step.pick) % known.len()])
    }

    fn body(&self, step: &Step, own: ChangeId) -> Body<PersonId> {
        if step.author == FILE {
            return self.file(step);
        }
        let pick = step.pick;
        let result =
            if pick.is_multiple_of(2) { CanvassResult::NotHome } else { CanvassResult::Refused };
        let attempt = self.earlier(step, |body| matches!(body, Body::Attempt(_)));
        let is_first = |body: &Body<PersonId>| {
            matches!(body, Body::Attempt(AttemptBody { corrects: None, .. }))
        };
        match step.kind {
            0 | 1 => {
                let people = if pick.is_multiple_of(5) {
                    vec![(person(0), CanvassResult::Moved)]
                } else {
                    vec![]
                };
                let corrects = (step.kind == 1).then(|| self.earlier(step, is_first)).flatten();
                Body::Attempt(AttemptBody { door: Some(result), people, corrects })
            }
            2..=4 => Body::Answer(AnswerBody {
                script: ScriptHash::derive(&[b"script"]),
                question: u16::from(step.kind),
                value: match step.kind {
                    2 => {
                        (!pick.is_multiple_of(7)).then_some(AnswerCode::Choices(vec![1 + pick % 3]))
                    }
                    _ => Some(choices(pick)),
                },
                attempt: attempt.unwrap_or(own),
            }),
            5 => Body::Suppression(SuppressionBody { set: true }),
            6 => Body::Suppression(SuppressionBody { set: pick.is_multiple_of(4) }),
            7 => {
                let is_note = |body: &Body<PersonId>| {
                    matches!(body, Body::Note(NoteBody { edits: None, .. }))
                };
                let edits = if pick.is_multiple_of(2) { self.earlier(step, is_note) } else { None };
                let text =
                    if pick.is_multiple_of(9) { String::new() } else { format!("note {pick}") };
                Body::Note(NoteBody { edits, text })
            }
            8 => self
                .earlier(step, |_| true)
                .map_or_else(|| Body::Suppression(SuppressionBody { set: true }), Body::Undo),
            9 | 10 => {
                let marks = [ContactMark::Good, ContactMark::Wrong, ContactMark::Primary];
                let mark = if step.kind == 10 {
                    ContactMark::Primary
                } else {
                    marks[usize::from(pick % 3)]
                };
                let value = format!("+1802555010{}", pick % 4);
                Body::Contact(ContactBody { medium: ContactMedium::Phone, mark, value })
            }
            _ if pick.is_multiple_of(3) => Body::Unknown { kind: 99, bytes: vec![0, 1] },
            _ => {
                Body::PersonMet(PersonMetBody { given_name: "Robin".into(), ..Default::default() })
            }
        }
    }

    /// A later file: what it alters, it knows the file before to have said.
    fn file(&self, step: &Step) -> Body<PersonId> {
        let fields = [
            ImportedField::Phone,
            ImportedField::Party,
            ImportedField::Language,
            ImportedField::Unit,
            ImportedField::GivenName,
            ImportedField::DoNotCall,
            ImportedField::Access,
        ];
        let field = fields[usize::from(step.pick % 7)];
        let of_door = matches!(field, ImportedField::Unit | ImportedField::Access);
        let member = (!of_door).then(|| person(step.pick % 2));
        let before = self.writes.iter().rev().find_map(|write| match &write.change.body {
            Body::Imported(file) if file.writes[0].field == field => {
                (file.writes[0].member == member).then_some(write.change.id.seq)
            }
            _ => None,
        });
        // Now and then two files came to the campaign side by side.
        let previous = before.filter(|_| !step.pick.is_multiple_of(4));
        let value = match field {
            ImportedField::Unit | ImportedField::GivenName => format!("value {}", step.pick % 3),
            ImportedField::DoNotCall => "1".repeat(usize::from(step.pick / 7 % 2)),
            ImportedField::Access => Access::ALL[usize::from(step.pick / 7 % 4)].name().to_owned(),
            _ => format!("+1802555010{}", step.pick % 4),
        };
        Body::Imported(ImportedBody {
            writes: vec![ImportedWrite { member, field, previous, value }],
        })
    }
}

/// One of two kinds of ask: wanted, declined, agreed to, withdrawn, or several of these at once.
fn ask(pick: u16, during: Option<ChangeId>) -> AskBody {
    let kind = if pick.is_multiple_of(4) {
        AskKind::own("host").expect("a name")
    } else {
        AskKind::Volunteer
    };
    let states = [AskState::Wanted, AskState::Declined, AskState::Done];
    let state = (!pick.is_multiple_of(5)).then(|| states[usize::from(pick / 4 % 3)]);
    let channels = u8::try_from(1 + pick / 8 % 15).expect("four bits");
    let consent = Consent {
        words: ConsentWords::of_text("May we call you?"),
        language: String::from(if pick.is_multiple_of(2) { "en" } else { "es" }),
        channels: Channels::from_bits(channels).expect("four bits"),
    };
    let consent = match pick / 3 % 4 {
        0 => Some(ConsentWord::Withdrawn),
        1 | 2 => Some(ConsentWord::Given(consent)),
        _ if state.is_none() => Some(ConsentWord::Withdrawn),
        _ => None,
    };
    AskBody { kind, state, consent, during }
}

/// A call or a text message, mostly with a result that only those have.
fn reach(pick: u16, attempt: ChangeId) -> ReachBody {
    let is_call = (pick / 2).is_multiple_of(2);
    let channel = if is_call { ContactChannel::Phone } else { ContactChannel::Text };
    let result = match pick / 4 % 4 {
        0 => None,
        1 => Some(CanvassResult::Busy),
        _ if is_call => Some(CanvassResult::DoNotCall),
        _ => Some(CanvassResult::DoNotText),
    };
    ReachBody { attempt, channel, number: format!("+1802555010{}", pick % 3), result }
}

fn choices(pick: u16) -> AnswerCode {
    AnswerCode::Choices((1..5).filter(|option| pick >> option & 1 == 1).collect())
}

fn agree(writes: &[Write]) -> TestCaseResult {
    let state = fold(campaign(), household(), &[], writes);
    prop_assert_eq!(told(&state), meaning(writes));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn the_fold_says_what_the_model_says(steps in steps()) {
        agree(&History::of(&steps))?;
    }

    #[test]
    fn what_any_author_knows_on_the_way_means_the_same_to_both(
        steps in steps(), order: prop::sample::Index,
    ) {
        let mut writes = History::of(&steps);
        let turn = order.index(writes.len());
        writes.rotate_left(turn);
        writes.truncate(1 + turn);
        agree(&writes)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// A phone may have overwritten what was erased, and another not yet.
    #[test]
    fn what_was_erased_means_the_same_overwritten_or_not(steps in steps(), which: u32) {
        let writes = History::of(&steps);
        let whole = fold(campaign(), household(), &[], &writes);
        let overwritten = writes.iter().enumerate().map(|(number, write)| {
            let chosen = which >> (number % 32) & 1 == 1;
            let redacted = whole.erased.redacted(&write.change).filter(|_| chosen);
            Write { change: redacted.unwrap_or_else(|| write.change.clone()), ..write.clone() }
        });
        let overwritten: Vec<Write> = overwritten.collect();
        prop_assert_eq!(fold(campaign(), household(), &[], &overwritten), whole);
    }
}

#[test]
fn both_tell_of_a_call_to_somebody_who_had_asked_not_to_be_called() {
    let step = |kind, pick| Step {
        author: ORGANISER,
        kind,
        pick,
        learns: u32::MAX,
        minutes: 1,
        is_sequenced: true,
        is_set_aside: false,
    };
    // Two attempts: at the first the person says so, at the second they are called.
    let writes = History::of(&[step(0, 2), step(0, 2), step(25, 8), step(25, 16)]);
    agree(&writes).expect("both say the same");
    assert!(meaning(&writes).soft.iter().any(|(kind, ..)| *kind == "reached"));
}

/// The histories hold what the model is for: otherwise agreement would say little.
#[test]
fn histories_hold_conflicts_marks_and_things_taken_back() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut conflicts, mut suppressed, mut taken_back, mut people) = (0, 0, 0, 0);
    let (mut copies, mut stand_ins, mut erased) = (0, 0, 0);
    let (mut proposed, mut decided, mut disputed) = (0, 0, 0);
    let (mut contested, mut held) = (0, 0);
    let (mut agreed, mut withdrawn, mut kept, mut open, mut literature) = (0, 0, 0, 0, 0);
    let (mut called, mut closed) = (0, 0);
    let mut soft: BTreeSet<&str> = BTreeSet::new();
    for _ in 0..2_500 {
        let steps = steps().new_tree(&mut runner).expect("steps").current();
        let writes = History::of(&steps);
        let names = fold(campaign(), household(), &[], &writes).names;
        let ids = || writes.iter().map(|write| write.change.id);
        copies += ids().filter(|id| names.is_copy(*id)).count();
        stand_ins += ids().filter(|id| !names.is_copy(*id) && names.known_as(*id) != *id).count();
        let found = meaning(&writes);
        contested += usize::from(found.claims.len() > 1);
        held += found.holders.len();
        agreed += found.asks.values().filter(|ask| ask.is_agreed()).count();
        withdrawn += found.asks.values().filter(|ask| ask.is_withdrawn()).count();
        kept += found.follow_ups.values().flatten().count();
        open += found.follow_ups.values().filter(|kept| kept.is_none()).count();
        literature += found.literature.len();
        called += found.calls.len();
        closed += found.closed.len();
        erased += found.erased.len();
        soft.extend(found.soft.iter().map(|(kind, ..)| *kind));
        proposed += found.proposals.values().filter(|changes| changes.len() > 1).count();
        decided += found.imported.keys().filter(|field| field.ends_with("Unit")).count();
        let units = found.conflicts.keys().filter(|field| field.ends_with("imported Unit"));
        disputed += units.count();
        conflicts += found.conflicts.len();
        suppressed += found.suppressed.len();
        taken_back += found.taken_back.len();
        people += found.people_met.len();
    }
    assert!(
        conflicts > 50 && suppressed > 50 && taken_back > 50 && people > 50,
        "{conflicts} conflicts, {suppressed} marks, {taken_back} taken back, {people} met"
    );
    // A call to whoever asked not to be called is too rare for chance: it has a test of its own.
    assert!(soft.len() >= 4, "{soft:?}");
    assert!(called > 50 && closed > 20, "{called} calls, {closed} channels closed");
    assert!(
        agreed > 50 && withdrawn > 50 && kept > 50 && open > 50 && literature > 20,
        "{agreed} agreed, {withdrawn} withdrawn, {kept} kept, {open} open, {literature} left"
    );
    assert!(contested > 50 && held > 50, "{contested} doors contested, {held} moments held");
    assert!(
        proposed > 5 && decided > 50 && disputed > 20,
        "{proposed} proposed alike, {decided} decided, {disputed} disputed"
    );
    assert!(
        copies > 50 && stand_ins > 20 && erased > 20,
        "{copies} copies, {stand_ins} in place of what never came, {erased} erased"
    );
}
