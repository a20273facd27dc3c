//! From a household's changes to its state.

use std::collections::{BTreeMap, BTreeSet};

use crate::canvass::may_undo;
use crate::change::{
    AttemptBody, Body, ConsentWord, ContactBody, EventMarks, ImportedField, NoteBody, ReachBody,
};
use crate::id::{CampaignId, ChangeId, HouseholdId, PersonId};
use crate::merge::register::{Entry, Register};
use crate::merge::rules;
use crate::merge::soft::soft_conflicts;
use crate::merge::state::HouseholdState;
use crate::merge::{Digest, Erased, FieldId, FieldKey, Names, Write};
use crate::survey::{AnswerCode, AskState};
use crate::walklist::Access;

/// A field's value as a file first set it: kept with the row, not as an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedValue {
    /// The person, or nobody: then it is the household's.
    pub member: Option<PersonId>,
    /// The field.
    pub field: ImportedField,
    /// The file, as an author.
    pub file: ChangeId,
    /// The value.
    pub value: String,
}

/// What a change wrote to its field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Content<'a> {
    Attempt(&'a AttemptBody<PersonId>),
    Answer(Option<&'a AnswerCode>),
    Suppression(bool),
    Note(&'a NoteBody),
    Contact(&'a ContactBody),
    /// A primary phone number or address, by whomever it was set.
    Primary(&'a str),
    Imported(&'a str),
    /// What someone proposes to put in a field of files.
    Proposed(&'a str),
    /// An organiser has decided on what was proposed.
    Decided,
    /// How a door is reached; a word that this build does not know counts as nothing.
    Access(Access),
    Ask(AskState),
    Consent(&'a ConsentWord),
    /// Something that is only ever there or not.
    Fact,
}

/// The registers of a household, and the writes behind them.
pub(super) struct Registers<'a> {
    pub(super) campaign: CampaignId,
    pub(super) household: HouseholdId,
    pub(super) fields: BTreeMap<FieldId, Register<Content<'a>>>,
    pub(super) writes: BTreeMap<ChangeId, &'a Write>,
}

impl<'a> Registers<'a> {
    /// Who wrote a change; nobody for the first value of an imported row.
    pub(super) fn author(&self, change: ChangeId) -> Option<&'a Write> {
        self.writes.get(&change).copied()
    }

    fn insert(&mut self, field: FieldId, entry: Entry<Content<'a>>) {
        self.fields.entry(field).or_default().insert(entry);
    }
}

/// What all of a household's changes mean together.
///
/// `imported` holds the first values of those imported fields that canvassers write to as well
/// (phone numbers and addresses) or that a later file altered. `writes` may come in any order
/// and more than once; those that the server set aside are kept out.
#[must_use]
pub fn fold<'a>(
    campaign: CampaignId,
    household: HouseholdId,
    imported: &[ImportedValue],
    writes: impl IntoIterator<Item = &'a Write>,
) -> HouseholdState {
    let writes: Vec<&Write> =
        writes.into_iter().filter(|write| !write.marks.has(EventMarks::SET_ASIDE)).collect();
    let erased = Erased::of(writes.iter().copied());
    let redacted = erased.redact(&writes);
    let writes = redacted.as_ref().map_or(writes, |writes| writes.iter().collect());
    let imported: Vec<&ImportedValue> = imported
        .iter()
        .filter(|value| !value.member.is_some_and(|person| erased.has(person)))
        .collect();
    let names = Names::of(&writes);
    let resolved = names.resolved(&writes);
    let writes = resolved.as_ref().map_or(writes, |writes| writes.iter().collect());
    let mut state = fold_resolved(campaign, household, &imported, &writes);
    state.do_not_contact |= erased.is_household();
    state.people_do_not_contact.extend(erased.people());
    HouseholdState { erased, names, ..state }
}

/// The fold of changes that each have one name.
fn fold_resolved(
    campaign: CampaignId,
    household: HouseholdId,
    imported: &[&ImportedValue],
    writes: &[&Write],
) -> HouseholdState {
    let mut registers =
        Registers { campaign, household, fields: BTreeMap::new(), writes: BTreeMap::new() };
    for value in imported {
        let content = imported_content(value.field, &value.value);
        let entry = Entry {
            id: value.file,
            base: Vec::new(),
            // A file's first values are older than anything a canvasser says.
            effective: Some(crate::time::Timestamp(i64::MIN)),
            undone: false,
            value: content,
        };
        registers.insert(FieldId::of_imported(value.member, value.field), entry);
    }
    for write in writes {
        registers.writes.entry(write.change.id).or_insert(write);
        insert_write(&mut registers, write);
    }
    let taken_back = strike_out(&mut registers);
    HouseholdState { taken_back, ..state(&registers) }
}

fn imported_content(field: ImportedField, value: &str) -> Content<'_> {
    match field {
        ImportedField::Phone | ImportedField::Email => Content::Primary(value),
        ImportedField::Access => Content::Access(Access::named(value).unwrap_or_default()),
        _ => Content::Imported(value),
    }
}

fn insert_write<'a>(registers: &mut Registers<'a>, write: &'a Write) {
    let change = &write.change;
    if change.body == Body::Erased {
        return;
    }
    let entry = |base: &[ChangeId], value| Entry {
        id: change.id,
        base: base.to_vec(),
        effective: write.effective,
        undone: false,
        value,
    };
    if let Body::Imported(file) = &change.body {
        // First values that were sequenced later are still what the file itself had said.
        let file_id = ChangeId { incarnation: 0, ..change.id };
        for field in &file.writes {
            let previous = field.previous.map(|seq| ChangeId { seq, ..file_id });
            let value = imported_content(field.field, &field.value);
            let target = FieldId::of_imported(field.member, field.field);
            let entry = Entry { id: file_id, ..entry(previous.as_slice(), value) };
            registers.insert(target, entry);
        }
        return;
    }
    if let (Body::Correction(correction), true) = (&change.body, write.by_organiser()) {
        let target = FieldId::of_imported(change.member, correction.field.imported());
        registers.insert(target, entry(&change.base, Content::Imported(&correction.value)));
    }
    if let Body::Ask(ask) = &change.body {
        let mut insert = |key, value| {
            let field = FieldId { member: change.member, key };
            registers.insert(field, entry(&change.base, value));
        };
        if let Some(state) = ask.state {
            insert(FieldKey::Ask(ask.kind.clone()), Content::Ask(state));
        }
        if let Some(consent) = &ask.consent {
            insert(FieldKey::Consent(ask.kind.clone()), Content::Consent(consent));
        }
        return;
    }
    let value = match &change.body {
        Body::Attempt(attempt) => Content::Attempt(attempt),
        Body::Answer(answer) => Content::Answer(answer.value.as_ref()),
        Body::Suppression(mark) => Content::Suppression(mark.set),
        Body::Access(access) => Content::Access(*access),
        Body::Note(note) => Content::Note(note),
        Body::Correction(_) if write.by_organiser() => Content::Decided,
        Body::Correction(correction) => Content::Proposed(&correction.value),
        Body::Contact(contact) => match contact.mark {
            crate::change::ContactMark::Primary => Content::Primary(&contact.value),
            _ => Content::Contact(contact),
        },
        _ => Content::Fact,
    };
    registers.insert(FieldId::of(change), entry(&change.base, value));
}

/// Marks as undone what was rightly taken back: by its author within a day, or by an organiser.
/// An attempt that is taken back takes its corrections and its answers with it, and the asks,
/// follow-ups and literature that came of them. A correction, an edit of a note, or a word on
/// literature, by someone who may not make it, counts as undone from the start. Gives all that
/// is undone.
fn strike_out(registers: &mut Registers<'_>) -> Vec<ChangeId> {
    let mut struck: BTreeSet<ChangeId> = BTreeSet::new();
    for write in registers.writes.values() {
        let allowed = |target: &ChangeId| {
            registers.author(*target).is_some_and(|author| may_take_back(write, author))
        };
        match &write.change.body {
            Body::Undo(target) if allowed(target) => {
                struck.insert(*target);
            }
            Body::Attempt(AttemptBody { corrects: Some(target), .. })
            | Body::Note(NoteBody { edits: Some(target), .. })
            | Body::Literature(target)
            | Body::Reach(ReachBody { attempt: target, .. })
                if registers.author(*target).is_some() && !allowed(target) =>
            {
                struck.insert(write.change.id);
            }
            _ => {}
        }
    }
    if struck.is_empty() {
        return Vec::new();
    }
    let gone = came_of(registers, &struck);
    for (field, register) in &mut registers.fields {
        let whole = match &field.key {
            FieldKey::Attempt(first)
            | FieldKey::Note(first)
            | FieldKey::Literature(first)
            | FieldKey::Reach(first) => struck.contains(first),
            _ => false,
        };
        register.strike(|id| whole || struck.contains(&id) || gone.contains(&id));
    }
    let undone = registers.fields.values().flat_map(Register::entries).filter(|e| e.undone);
    undone.map(|entry| entry.id).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What came of these changes: the answers of an attempt, and what was asked or agreed with
/// either.
fn came_of(registers: &Registers<'_>, struck: &BTreeSet<ChangeId>) -> BTreeSet<ChangeId> {
    let bodies = || registers.writes.values().map(|write| (write.change.id, &write.change.body));
    let answers = bodies().filter_map(|(id, body)| match body {
        Body::Answer(answer) if struck.contains(&answer.attempt) => Some(id),
        _ => None,
    });
    let mut gone: BTreeSet<ChangeId> = answers.collect();
    let along: Vec<ChangeId> = bodies()
        .filter_map(|(id, body)| {
            let during = match body {
                Body::Ask(ask) => ask.during?,
                Body::FollowUp(follow_up) => follow_up.during?,
                _ => return None,
            };
            (struck.contains(&during) || gone.contains(&during)).then_some(id)
        })
        .collect();
    gone.extend(along);
    gone
}

pub(super) fn may_take_back(write: &Write, target: &Write) -> bool {
    let own = write.is_own(target);
    let (then, now) = (target.change.recorded_at, write.change.recorded_at);
    may_undo(own, write.by_organiser(), then, now)
}

fn state(registers: &Registers<'_>) -> HouseholdState {
    let mut state = HouseholdState::default();
    for (field, register) in &registers.fields {
        let heads: Vec<ChangeId> = register.heads().iter().map(|head| head.id).collect();
        if heads.is_empty() {
            continue;
        }
        // First values are in the rows' digest; a phone may hold the row without them.
        let changes: Vec<ChangeId> =
            heads.iter().copied().filter(|head| registers.author(*head).is_some()).collect();
        state.digest = state.digest + Digest::of_field(registers.household, field, &changes);
        state.heads.insert(field.clone(), heads);
        rules::apply(&mut state, registers, field, register);
    }
    rules::finish(&mut state);
    state.soft_conflicts = soft_conflicts(registers, &state);
    state
}
