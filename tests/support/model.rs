//! What a household's changes mean, by the book: a plain model that shares no code with the
//! core's fold, and is compared with it.
//!
//! Slow and short: everything is looked for again each time. It knows no digests, no rows and
//! no eligibility.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::change::{
    AttemptBody, Body, ConsentWord, ContactMark, ContactMedium, EventMarks, ImportedField,
    NoteBody, ReachBody,
};
use canvass_core::id::{ChangeId, PersonId};
use canvass_core::merge::{FieldId, FieldKey, HouseholdState, Write, holder};
use canvass_core::survey::{AnswerCode, AskState, ContactChannel};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{Access, CanvassResult};

use crate::model_erasure::without_erased;
use crate::model_names::one_name_each;
use crate::model_soft;
use crate::model_talk::{self, Asked};

/// A field's name: whose, and what.
pub type Field = String;

/// The results for the people of an attempt.
type Results = BTreeMap<PersonId, CanvassResult>;

/// What is compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// The standing changes of each field.
    pub heads: BTreeMap<Field, Vec<ChangeId>>,
    /// Fields on which people disagree: the changes, and the one that is shown.
    pub conflicts: BTreeMap<Field, (Vec<ChangeId>, ChangeId)>,
    /// Who is not to be contacted; nobody in particular is the whole household.
    pub suppressed: BTreeSet<Option<PersonId>>,
    /// The attempts that stand.
    pub attempts: BTreeMap<ChangeId, (Option<CanvassResult>, Results)>,
    /// The answers that are shown.
    pub answers: BTreeMap<Field, (ChangeId, Option<AnswerCode>)>,
    /// The notes that stand.
    pub notes: BTreeMap<ChangeId, String>,
    /// Phone numbers and addresses.
    pub contacts: BTreeMap<(PersonId, ContactMedium, String), ContactMark>,
    /// People met at the door, by their given names.
    pub people_met: BTreeMap<ChangeId, String>,
    /// What stands in the fields of files.
    pub imported: BTreeMap<Field, String>,
    /// What is proposed for them and not decided, and by which changes.
    pub proposals: BTreeMap<(Field, String), Vec<ChangeId>>,
    /// What was done side by side: which kind, and the two changes.
    pub soft: BTreeSet<(&'static str, ChangeId, ChangeId)>,
    /// Claims that were not taken back, in the order in which they come.
    pub claims: Vec<ChangeId>,
    /// Who holds the door at moments that matter.
    pub holders: BTreeMap<i64, ChangeId>,
    /// What people want, and agree to.
    pub asks: BTreeMap<(PersonId, String), Asked>,
    /// When to come back, and by which attempt that was kept.
    pub follow_ups: BTreeMap<ChangeId, Option<ChangeId>>,
    /// Attempts at which literature was left.
    pub literature: BTreeSet<ChangeId>,
    /// Attempts that were calls: who was reached, how, and at which number.
    pub calls: BTreeMap<ChangeId, (PersonId, ContactChannel, String)>,
    /// Who asked, by a call or a message, not to be reached so any more.
    pub closed: BTreeSet<(PersonId, CanvassResult)>,
    /// How the door is reached, and the change that says so.
    pub access: Option<(ChangeId, Access)>,
    /// Who was erased.
    pub erased: BTreeSet<Option<PersonId>>,
    /// What was taken back, or written by someone who may not.
    pub taken_back: BTreeSet<ChangeId>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Attempt(Option<CanvassResult>, Vec<(PersonId, CanvassResult)>),
    Answer(Option<AnswerCode>),
    Suppressed(bool),
    Text(String),
    Judged(ContactMark),
    Access(Access),
    Asked(AskState),
    Agreed(ConsentWord),
    Fact,
}

/// One change's word on one field.
pub(crate) struct Word<'a> {
    pub(crate) write: &'a Write,
    pub(crate) field: Field,
    pub(crate) base: Vec<ChangeId>,
    pub(crate) value: Value,
}

pub(crate) fn name(member: Option<PersonId>, what: &str) -> Field {
    member.map_or_else(|| format!("door {what}"), |person| format!("{person} {what}"))
}

fn words_of(write: &Write) -> Vec<Word<'_>> {
    let change = &write.change;
    let (id, member) = (change.id, change.member);
    if let Body::Imported(file) = &change.body {
        let word = |w: &canvass_core::change::ImportedWrite<PersonId>| Word {
            write,
            field: name(w.member, &imported_name(w.field)),
            base: w.previous.map(|seq| ChangeId { seq, ..id }).into_iter().collect(),
            value: match w.field {
                ImportedField::Access => Value::Access(Access::named(&w.value).unwrap_or_default()),
                _ => Value::Text(w.value.clone()),
            },
        };
        return file.writes.iter().map(word).collect();
    }
    if change.body == Body::Erased {
        return Vec::new();
    }
    if let Body::Correction(c) = &change.body {
        let (proposal, file) = (format!("proposal {:?}", c.field), c.field.imported());
        let word = |what: &str, value| Word {
            write,
            field: name(member, what),
            base: change.base.clone(),
            value,
        };
        let text = Value::Text(c.value.clone());
        return if write.marks.has(EventMarks::ORGANISER) {
            vec![word(&imported_name(file), text), word(&proposal, Value::Fact)]
        } else {
            vec![word(&proposal, text)]
        };
    }
    if let Body::Ask(_) = &change.body {
        return model_talk::words_of(write);
    }
    let (what, value) = match &change.body {
        Body::Attempt(a) => (
            format!("attempt {}", a.corrects.unwrap_or(id)),
            Value::Attempt(a.door, a.people.clone()),
        ),
        Body::Answer(a) => {
            (format!("answer {} {}", a.script, a.question), Value::Answer(a.value.clone()))
        }
        Body::Suppression(s) => ("suppression".to_owned(), Value::Suppressed(s.set)),
        Body::Note(n) => (format!("note {}", n.edits.unwrap_or(id)), Value::Text(n.text.clone())),
        Body::Undo(target) => (format!("undo {target}"), Value::Fact),
        Body::Contact(c) if c.mark == ContactMark::Primary => {
            (format!("primary {:?}", c.medium), Value::Text(c.value.clone()))
        }
        Body::Contact(c) => (format!("contact {:?} {}", c.medium, c.value), Value::Judged(c.mark)),
        Body::PersonMet(_) => (format!("met {id}"), Value::Fact),
        Body::DoorMet(_) => (format!("door met {id}"), Value::Fact),
        Body::Erasure => ("erasure".to_owned(), Value::Fact),
        Body::Claim => (format!("claim {id}"), Value::Fact),
        Body::FollowUp(_) => (format!("follow-up {id}"), Value::Fact),
        Body::Literature(attempt) => (format!("literature {attempt}"), Value::Fact),
        Body::Reach(reach) => (format!("reach {}", reach.attempt), Value::Fact),
        Body::Access(access) => ("access".to_owned(), Value::Access(*access)),
        _ => (format!("unknown {id}"), Value::Fact),
    };
    vec![Word { write, field: name(member, &what), base: change.base.clone(), value }]
}

fn imported_name(field: ImportedField) -> String {
    match field {
        ImportedField::Phone => format!("primary {:?}", ContactMedium::Phone),
        ImportedField::Email => format!("primary {:?}", ContactMedium::Email),
        ImportedField::Access => "access".to_owned(),
        other => format!("imported {other:?}"),
    }
}

/// The field that the core means, by this model's name.
fn name_of(field: &FieldId) -> Field {
    let what = match &field.key {
        FieldKey::Attempt(first) => format!("attempt {first}"),
        FieldKey::Answer { script, question } => format!("answer {script} {question}"),
        FieldKey::Suppression => "suppression".to_owned(),
        FieldKey::Note(first) => format!("note {first}"),
        FieldKey::Undo(target) => format!("undo {target}"),
        FieldKey::Contact(medium, value) => format!("contact {medium:?} {value}"),
        FieldKey::PrimaryContact(medium) => format!("primary {medium:?}"),
        FieldKey::PersonMet(change) => format!("met {change}"),
        FieldKey::DoorMet(change) => format!("door met {change}"),
        FieldKey::Imported(field) => format!("imported {field:?}"),
        FieldKey::Proposal(field) => format!("proposal {field:?}"),
        FieldKey::Erasure => "erasure".to_owned(),
        FieldKey::Claim(change) => format!("claim {change}"),
        FieldKey::Ask(kind) => format!("ask {kind}"),
        FieldKey::Consent(kind) => format!("consent {kind}"),
        FieldKey::FollowUp(change) => format!("follow-up {change}"),
        FieldKey::Literature(attempt) => format!("literature {attempt}"),
        FieldKey::Reach(attempt) => format!("reach {attempt}"),
        FieldKey::Access => "access".to_owned(),
        FieldKey::Unknown(change) => format!("unknown {change}"),
    };
    name(field.member, &what)
}

/// The household's changes, each once, and every word of them.
pub(crate) struct Book<'a> {
    pub(crate) writes: BTreeMap<ChangeId, &'a Write>,
    pub(crate) words: Vec<Word<'a>>,
    struck: BTreeSet<(Field, ChangeId)>,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl<'a> Book<'a> {
    fn of(writes: &'a [Write]) -> Self {
        let writes: BTreeMap<ChangeId, &Write> =
            writes.iter().map(|write| (write.change.id, write)).collect();
        let words = writes.values().flat_map(|write| words_of(write)).collect();
        let mut book = Self { writes, words, struck: BTreeSet::new() };
        book.struck = book.struck();
        book
    }

    /// One's own within a day, or by an organiser.
    pub(crate) fn may(&self, write: &Write, target: ChangeId) -> bool {
        self.writes.get(&target).is_some_and(|before| {
            let own = before.canvasser == write.canvasser
                || before.change.id.device == write.change.id.device;
            let apart = write.change.recorded_at.millis() - before.change.recorded_at.millis();
            write.marks.has(EventMarks::ORGANISER) || own && apart.abs() <= DAY_MS
        })
    }

    fn struck(&self) -> BTreeSet<(Field, ChangeId)> {
        let mut targets: BTreeSet<ChangeId> = BTreeSet::new();
        for write in self.writes.values() {
            match &write.change.body {
                Body::Undo(target) if self.may(write, *target) => {
                    targets.insert(*target);
                }
                Body::Attempt(AttemptBody { corrects: Some(target), .. })
                | Body::Note(NoteBody { edits: Some(target), .. })
                | Body::Literature(target)
                | Body::Reach(ReachBody { attempt: target, .. })
                    if self.writes.contains_key(target) && !self.may(write, *target) =>
                {
                    targets.insert(write.change.id);
                }
                _ => {}
            }
        }
        let is_struck = |word: &&Word<'_>| {
            let mut along = model_talk::goes_with(self, word.write);
            along.insert(word.write.change.id);
            along.iter().any(|id| targets.contains(id))
        };
        let struck = self.words.iter().filter(is_struck);
        struck.map(|word| (word.field.clone(), word.write.change.id)).collect()
    }

    pub(crate) fn is_live(&self, word: &Word<'_>) -> bool {
        !self.struck.contains(&(word.field.clone(), word.write.change.id))
    }

    pub(crate) fn live(&self, field: &str) -> Vec<&Word<'a>> {
        self.words.iter().filter(|word| word.field == field && self.is_live(word)).collect()
    }

    /// Whether a chain of bases within the field leads from one change to another.
    pub(crate) fn has_seen(&self, field: &str, from: ChangeId, to: ChangeId) -> bool {
        let word = self.words.iter().find(|w| w.field == field && w.write.change.id == from);
        word.is_some_and(|word| {
            word.base.iter().any(|base| *base == to || self.has_seen(field, *base, to))
        })
    }

    pub(crate) fn heads(&self, field: &str) -> Vec<&Word<'a>> {
        let live = self.live(field);
        let id = |word: &Word<'_>| word.write.change.id;
        let is_head =
            |word: &&&Word<'a>| !live.iter().any(|other| self.has_seen(field, id(other), id(word)));
        let mut heads: Vec<&Word<'a>> = live.iter().filter(is_head).copied().collect();
        heads.sort_by_key(|word| id(word));
        heads
    }
}

/// Pending ones last, then by effective time, then by id.
pub(crate) fn rank(word: &Word<'_>) -> (bool, Option<Timestamp>, ChangeId) {
    (word.write.effective.is_none(), word.write.effective, word.write.change.id)
}

/// What a file said first may have been sequenced later, under an incarnation of its own: it is
/// the file's word all the same.
fn as_the_file_said(write: &Write) -> Write {
    let mut write = write.clone();
    if matches!(write.change.body, Body::Imported(_)) {
        write.change.id.incarnation = 0;
    }
    write
}

/// What these changes mean, by the book.
#[must_use]
pub fn meaning(writes: &[Write]) -> Meaning {
    let usable = writes.iter().filter(|write| !write.marks.has(EventMarks::SET_ASIDE));
    let once: BTreeMap<ChangeId, &Write> = usable.map(|write| (write.change.id, write)).collect();
    let once: Vec<Write> = once.into_values().map(as_the_file_said).collect();
    let (writes, erased) = without_erased(&once.iter().collect::<Vec<_>>());
    let writes = one_name_each(&writes.iter().collect::<Vec<_>>());
    let book = Book::of(&writes);
    let mut meaning = Meaning {
        taken_back: book.struck.iter().map(|(_, id)| *id).collect(),
        ..Meaning::default()
    };
    let fields: BTreeSet<&Field> = book.words.iter().map(|word| &word.field).collect();
    for field in fields {
        let heads = book.heads(field);
        if let Some(shown) = heads.iter().copied().max_by_key(|word| rank(word)) {
            let ids = heads.iter().map(|word| word.write.change.id).collect();
            meaning.heads.insert(field.clone(), ids);
            tell(&mut meaning, &book, field, &heads, shown);
        }
    }
    model_talk::tell_calls(&mut meaning, &book);
    imply_contacted(&mut meaning, &book);
    for (id, given_name) in &mut meaning.people_met {
        let field = name(Some(PersonId::met(*id)), "imported GivenName");
        if let Some(said) = meaning.imported.get(&field) {
            given_name.clone_from(said);
        }
    }
    model_talk::tell(&mut meaning, &book);
    tell_claims(&mut meaning, &book);
    meaning.soft = model_soft::soft(&book, &meaning);
    meaning.suppressed.extend(&erased);
    meaning.erased = erased;
    meaning
}

fn tell(
    meaning: &mut Meaning,
    book: &Book<'_>,
    field: &Field,
    heads: &[&Word<'_>],
    shown: &Word<'_>,
) {
    let live = book.live(field);
    let latest = live.iter().copied().max_by_key(|word| rank(word)).unwrap_or(shown);
    let member = latest.write.change.member;
    let conflict = || (heads.iter().map(|w| w.write.change.id).collect(), shown.write.change.id);
    let differ = heads.iter().any(|word| word.value != shown.value);
    match (&latest.write.change.body, &latest.value) {
        (Body::Attempt(a), Value::Attempt(door, people)) => {
            let first = a.corrects.unwrap_or(latest.write.change.id);
            if book.writes.contains_key(&first) {
                let people = people.iter().copied().collect();
                meaning.attempts.insert(first, (*door, people));
            }
        }
        (Body::Note(n), Value::Text(text)) if !text.is_empty() => {
            let first = n.edits.unwrap_or(latest.write.change.id);
            if book.writes.contains_key(&first) {
                meaning.notes.insert(first, text.clone());
            }
        }
        (Body::Answer(_), _) => {
            let merged = merged(book, field, heads);
            let Value::Answer(value) = &shown.value else { return };
            if merged.is_none() && differ {
                meaning.conflicts.insert(field.clone(), conflict());
            }
            let value = merged.map(AnswerCode::Choices).or_else(|| value.clone());
            meaning.answers.insert(field.clone(), (shown.write.change.id, value));
        }
        (Body::Suppression(_), _) if is_suppressed(book, field, &live) => {
            meaning.suppressed.insert(member);
        }
        (Body::PersonMet(met), _) => {
            meaning.people_met.insert(latest.write.change.id, met.given_name.clone());
        }
        (Body::Contact(c), Value::Judged(_)) => {
            let wrong = heads.iter().any(|word| word.value == Value::Judged(ContactMark::Wrong));
            let mark = if wrong { ContactMark::Wrong } else { ContactMark::Good };
            if let Some(person) = member {
                know(meaning, (person, c.medium, c.value.clone()), mark);
            }
        }
        (_, Value::Access(_)) => meaning.access = reached(shown),
        (Body::Ask(_), Value::Asked(_)) if differ => {
            meaning.conflicts.insert(field.clone(), conflict());
        }
        _ if field.contains(" primary ") => {
            if differ {
                meaning.conflicts.insert(field.clone(), conflict());
            }
            tell_numbers(meaning, field, &live, shown);
        }
        _ if field.contains(" imported ") => {
            if differ {
                meaning.conflicts.insert(field.clone(), conflict());
            }
            if let Value::Text(value) = &shown.value {
                meaning.imported.insert(field.clone(), value.clone());
            }
        }
        _ if field.contains(" proposal ") => tell_proposals(meaning, field, heads),
        _ => {}
    }
}

/// How a door is reached: by the word that is shown.
fn reached(shown: &Word<'_>) -> Option<(ChangeId, Access)> {
    match shown.value {
        Value::Access(access) => Some((shown.write.change.id, access)),
        _ => None,
    }
}

/// Those who propose the same are counted together.
fn tell_proposals(meaning: &mut Meaning, field: &Field, heads: &[&Word<'_>]) {
    for head in heads {
        let Value::Text(value) = &head.value else { continue };
        let proposal = (field.clone(), value.clone());
        meaning.proposals.entry(proposal).or_default().push(head.write.change.id);
    }
}

/// Whatever was ever called primary is known; the one that is shown is primary.
fn tell_numbers(meaning: &mut Meaning, field: &Field, live: &[&Word<'_>], shown: &Word<'_>) {
    for word in live {
        let Value::Text(value) = &word.value else { continue };
        let medium =
            if field.ends_with("Phone") { ContactMedium::Phone } else { ContactMedium::Email };
        let person = field.split(' ').next().and_then(|person| person.parse().ok());
        let (Some(person), false) = (person, value.is_empty()) else { continue };
        let is_shown = word.write.change.id == shown.write.change.id;
        let mark = if is_shown { ContactMark::Primary } else { ContactMark::Good };
        know(meaning, (person, medium, value.clone()), mark);
    }
}

/// Of what is said of one number, wrong beats primary beats good.
fn know(meaning: &mut Meaning, number: (PersonId, ContactMedium, String), mark: ContactMark) {
    let strength = |mark: ContactMark| match mark {
        ContactMark::Wrong => 2,
        ContactMark::Primary => 1,
        ContactMark::Good => 0,
    };
    let known = meaning.contacts.entry(number).or_insert(mark);
    if strength(mark) > strength(*known) {
        *known = mark;
    }
}

/// A mark stands unless an organiser who had seen it lifted it.
fn is_suppressed(book: &Book<'_>, field: &str, live: &[&Word<'_>]) -> bool {
    let marks = live.iter().filter(|word| word.value == Value::Suppressed(true));
    marks.into_iter().any(|mark| {
        !live.iter().any(|lift| {
            lift.value == Value::Suppressed(false)
                && lift.write.marks.has(EventMarks::ORGANISER)
                && book.has_seen(field, lift.write.change.id, mark.write.change.id)
        })
    })
}

/// Option by option: what all have, and what someone added to what they saw.
fn merged(book: &Book<'_>, field: &str, heads: &[&Word<'_>]) -> Option<Vec<u16>> {
    let options = |word: &Word<'_>| match &word.value {
        Value::Answer(Some(AnswerCode::Choices(options))) => Some(options.clone()),
        _ => None,
    };
    let all: Vec<Vec<u16>> = heads.iter().map(|word| options(word)).collect::<Option<_>>()?;
    if all.len() < 2 {
        return None;
    }
    let mut merged: BTreeSet<u16> = BTreeSet::new();
    for (head, own) in heads.iter().zip(&all) {
        let bases = book.words.iter().filter(|w| w.field == field);
        let bases = bases.filter(|w| head.base.contains(&w.write.change.id));
        let saw: BTreeSet<u16> = bases.filter_map(options).flatten().collect();
        let stays =
            |option: &&u16| !saw.contains(option) || all.iter().all(|other| other.contains(option));
        merged.extend(own.iter().filter(stays));
    }
    Some(merged.into_iter().collect())
}

/// Who gave an answer was spoken with, at the attempt that the answer names.
fn imply_contacted(meaning: &mut Meaning, book: &Book<'_>) {
    for (shown, value) in meaning.answers.values() {
        let Some(write) = book.writes.get(shown) else { continue };
        let (Body::Answer(answer), Some(person)) = (&write.change.body, write.change.member) else {
            continue;
        };
        let attempt = meaning.attempts.get_mut(&answer.attempt).filter(|_| value.is_some());
        if let Some((_, people)) = attempt {
            people.entry(person).or_insert(CanvassResult::Contacted);
        }
    }
}

/// Four hours.
const CLAIM_MS: i64 = 14_400_000;

/// The moments at which a claim begins, is nearly over, and is over.
fn moments(at: impl Iterator<Item = Timestamp>) -> BTreeSet<i64> {
    at.flat_map(|at| [0, CLAIM_MS - 1, CLAIM_MS].map(|after| at.millis() + after)).collect()
}

/// The first that the server numbered goes first; what it has not numbered yet goes last, by the
/// phones' clocks. The first whose four hours are not over has the door, while nobody has
/// knocked there, or somebody is still to come back: no result here asks for that.
fn tell_claims(meaning: &mut Meaning, book: &Book<'_>) {
    let is_claim = |word: &&Word<'_>| word.write.change.body == Body::Claim && book.is_live(word);
    let mut left: Vec<&Write> = book.words.iter().filter(is_claim).map(|w| w.write).collect();
    let at = |write: &Write| write.effective.unwrap_or(write.change.recorded_at);
    let moments = moments(left.iter().map(|write| at(write)));
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let numbered = (0..left.len()).filter(|n| left[*n].cell_seq.is_some());
        let first = numbered.min_by_key(|n| left[*n].cell_seq);
        let told = (0..left.len()).min_by_key(|n| (at(left[*n]), left[*n].change.id));
        ordered.extend(first.or(told).map(|place| left.remove(place)));
    }
    meaning.claims = ordered.iter().map(|write| write.change.id).collect();
    let to_come_back = meaning.follow_ups.values().any(Option::is_none);
    // A door that was only called is still to be walked to.
    let mut knocks = meaning.attempts.keys().filter(|id| !meaning.calls.contains_key(id));
    let is_done = knocks.next().is_some() && !to_come_back;
    for moment in moments.into_iter().filter(|_| !is_done) {
        let holder = ordered.iter().find(|write| moment < at(write).millis() + CLAIM_MS);
        meaning.holders.extend(holder.map(|write| (moment, write.change.id)));
    }
}

/// Who holds a door, by the core.
fn holders(state: &HouseholdState) -> BTreeMap<i64, ChangeId> {
    let at_moment = |moment| {
        let now = Timestamp::from_millis(moment);
        let held = holder(&state.claims, state.standing.is_done(), |claim| claim.holds(now));
        held.map(|claim| (moment, claim.change))
    };
    moments(state.claims.iter().map(|claim| claim.at)).into_iter().filter_map(at_moment).collect()
}

fn erased(state: &HouseholdState) -> BTreeSet<Option<PersonId>> {
    let whole = state.erased.is_household().then_some(None);
    let people = state.people_do_not_contact.iter().map(|person| Some(*person));
    let one_by_one = people.filter(|who| who.is_some_and(|who| state.erased.names(who)));
    whole.into_iter().chain(one_by_one).collect()
}

/// What the core's fold says, in the words of the model.
#[must_use]
pub fn told(state: &HouseholdState) -> Meaning {
    let whole = state.do_not_contact.then_some(None);
    let conflicts = state.conflicts.iter().map(|conflict| {
        let ids = conflict.candidates.iter().map(|candidate| candidate.change).collect();
        (name_of(&conflict.field), (ids, conflict.shown))
    });
    let answers = state.answers.iter().map(|((person, script, question), answer)| {
        let field = name(Some(*person), &format!("answer {script} {question}"));
        (field, (answer.change, answer.value.clone()))
    });
    let attempts = state
        .attempts
        .iter()
        .map(|attempt| (attempt.id, (attempt.door, attempt.people.iter().copied().collect())));
    let contacts = state
        .contacts
        .iter()
        .map(|contact| ((contact.person, contact.medium, contact.value.clone()), contact.mark));
    let imported = state
        .imported
        .iter()
        .map(|((member, field), value)| (name(*member, &imported_name(*field)), value.clone()));
    let proposals = state.proposals.iter().map(|proposal| {
        let field = name(proposal.member, &format!("proposal {:?}", proposal.field));
        ((field, proposal.value.clone()), proposal.changes.clone())
    });
    let literature = state.attempts.iter().filter(|it| it.literature).map(|it| it.id);
    Meaning {
        heads: state.heads.iter().map(|(field, ids)| (name_of(field), ids.clone())).collect(),
        conflicts: conflicts.collect(),
        suppressed: whole
            .into_iter()
            .chain(state.people_do_not_contact.iter().map(|person| Some(*person)))
            .collect(),
        attempts: attempts.collect(),
        answers: answers.collect(),
        notes: state.notes.iter().map(|note| (note.id, note.text.clone())).collect(),
        contacts: contacts.collect(),
        soft: state.soft_conflicts.iter().map(|soft| model_soft::told(*soft)).collect(),
        claims: state.claims.iter().map(|claim| claim.change).collect(),
        holders: holders(state),
        asks: model_talk::told(state),
        follow_ups: state.follow_ups.iter().map(|it| (it.change, it.kept_by)).collect(),
        literature: literature.collect(),
        calls: model_talk::calls(state),
        closed: model_talk::closed(state),
        access: state.access.map(|said| (said.change, said.access)),
        erased: erased(state),
        people_met: state.people_met.iter().map(|it| (it.change, it.given_name.clone())).collect(),
        imported: imported.collect(),
        proposals: proposals.collect(),
        taken_back: state.taken_back.iter().copied().collect(),
    }
}
