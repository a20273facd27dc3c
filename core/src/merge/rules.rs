//! The rules by kind: what the heads of a field mean.

use std::collections::BTreeSet;

use crate::canvass::{Knock, double_knocks, standing};
use crate::change::{
    AttemptBody, Body, Change, ConsentWord, ContactMark, ContactMedium, CorrectedField, EventMarks,
    ImportedField,
};
use crate::id::{ChangeId, ConflictId, PersonId, ScriptHash};
use crate::merge::ask::{apply_consent, apply_state};
use crate::merge::claim::{claim, held_before, order};
use crate::merge::fold::{Content, Registers};
use crate::merge::follow_up::{follow_up, settle};
use crate::merge::register::{Entry, Register};
use crate::merge::state::{
    AccessState, AnswerState, AttemptState, ContactState, HouseholdState, NoteState,
    PersonMetState, Proposal, ReachState,
};
use crate::merge::{
    Candidate, CandidateValue, Conflict, DoubleKnock, FieldId, FieldKey, conflict_id,
};
use crate::survey::AnswerCode;
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

/// What became of a change. Every outcome is an acknowledgement: nothing is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stands.
    Applied,
    /// It stands beside others that say the same, or was merged with them.
    Merged,
    /// It stands beside others that say something else.
    AppliedWithConflict(ConflictId),
    /// It claims a door that someone else held then: it stands behind that claim.
    HeldByAnother,
    /// It was there already.
    Duplicate,
    /// It is kept, and the list had been withdrawn or cut anew before it was recorded.
    StaleScope,
    /// It spoke of someone who was erased: that it was there is kept, and nothing of it.
    Erased,
    /// It is kept and shown to nobody.
    SetAside(SetAsideReason),
}

/// Why a change is kept and shown to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum SetAsideReason {
    /// Its kind or its content cannot be read by this build.
    Unreadable = 1,
    /// It speaks of a door or person that is not known.
    UnknownEntity = 2,
    /// It answers a question that no known script asks, or with a value that does not fit.
    UnknownQuestion = 3,
    /// It is for a list that was never given to its author.
    NotTheirList = 4,
    /// It is of a kind that only the campaign writes.
    NotTheirs = 5,
    /// It came more than two weeks after its list had been taken back.
    TooLate = 6,
}

impl SetAsideReason {
    /// Its name, as the operator's API tells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::UnknownEntity => "unknown_entity",
            Self::UnknownQuestion => "unknown_question",
            Self::NotTheirList => "not_their_list",
            Self::NotTheirs => "not_theirs",
            Self::TooLate => "too_late",
        }
    }

    /// The reason with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [
            Self::Unreadable,
            Self::UnknownEntity,
            Self::UnknownQuestion,
            Self::NotTheirList,
            Self::NotTheirs,
            Self::TooLate,
        ]
        .into_iter()
        .find(|reason| *reason as u8 == number)
    }
}

/// What became of a change, by the state after it.
#[must_use]
pub fn outcome(after: &HouseholdState, change: &Change) -> Outcome {
    if change.body == Body::Erased || after.erased.redacted(change).is_some() {
        return Outcome::Erased;
    }
    if after.names.is_copy(change.id) {
        return Outcome::Duplicate;
    }
    if change.body == Body::Claim && held_before(after, change.id).is_some() {
        return Outcome::HeldByAnother;
    }
    let field = FieldId::of(&after.names.resolve(change));
    if let Some(conflict) = after.conflicts.iter().find(|conflict| conflict.field == field) {
        return Outcome::AppliedWithConflict(conflict.id);
    }
    let heads = after.heads.get(&field).map_or(0, Vec::len);
    if heads > 1 { Outcome::Merged } else { Outcome::Applied }
}

/// Whether a change may keep someone from being canvassed, or allow it again, or takes back a
/// consent: phones learn of such changes before all others.
#[must_use]
pub fn is_urgent(change: &Change) -> bool {
    use ImportedField as F;
    let standing = |field| {
        matches!(
            field,
            F::DoNotContact
                | F::Deceased
                | F::Exempt
                | F::Voted
                | F::Household
                | F::Control
                | F::DoNotCall
                | F::DoNotText
        )
    };
    match &change.body {
        Body::Suppression(_) | Body::Erasure => true,
        Body::Ask(ask) => ask.consent == Some(ConsentWord::Withdrawn),
        Body::Attempt(attempt) => {
            attempt.people.iter().any(|(_, result)| *result == CanvassResult::Deceased)
        }
        Body::Imported(file) => file.writes.iter().any(|write| standing(write.field)),
        _ => false,
    }
}

/// Adds to `state` what one field's register means.
pub(super) fn apply(
    state: &mut HouseholdState,
    registers: &Registers<'_>,
    field: &FieldId,
    register: &Register<Content<'_>>,
) {
    match &field.key {
        FieldKey::Attempt(first) => state.attempts.extend(attempt(registers, *first, register)),
        FieldKey::Answer { script, question } => {
            apply_answer(state, registers, field, register, (*script, *question));
        }
        FieldKey::Suppression if is_suppressed(registers, register) => match field.member {
            Some(person) => state.people_do_not_contact.push(person),
            None => state.do_not_contact = true,
        },
        FieldKey::Note(first) => state.notes.extend(note(registers, *first, register)),
        FieldKey::Contact(medium, value) => {
            let mark = contact_mark(register);
            if let Some(person) = field.member {
                let value = value.clone();
                state.contacts.push(ContactState { person, medium: *medium, value, mark });
            }
        }
        FieldKey::PrimaryContact(medium) => {
            apply_primary(state, registers, field, register, *medium);
        }
        FieldKey::PersonMet(change) => state.people_met.extend(person_met(registers, *change)),
        FieldKey::Imported(key) => {
            if let Some(Entry { value: Content::Imported(value), .. }) = register.shown() {
                state.imported.insert((field.member, *key), (*value).to_owned());
            }
            state.conflicts.extend(conflict(registers, field, register));
        }
        FieldKey::Proposal(corrected) => {
            state.proposals.extend(proposals(registers, field.member, *corrected, register));
        }
        FieldKey::Claim(_) => state.claims.extend(claim(registers, register)),
        FieldKey::Ask(kind) => {
            if let Some(person) = field.member {
                apply_state(state, registers, (person, kind), register);
                state.conflicts.extend(conflict(registers, field, register));
            }
        }
        FieldKey::Consent(kind) => {
            if let Some(person) = field.member {
                apply_consent(state, registers, (person, kind), register);
            }
        }
        FieldKey::FollowUp(_) => state.follow_ups.extend(follow_up(registers, register)),
        // Attempts come before the literature left at them.
        FieldKey::Literature(first) => {
            let left_at = state.attempts.iter_mut().find(|attempt| attempt.id == *first);
            left_at.into_iter().for_each(|attempt| attempt.literature = true);
        }
        FieldKey::Access => state.access = access(registers, register),
        FieldKey::Reach(first) => apply_reach(state, registers, (field.member, *first), register),
        FieldKey::Suppression
        | FieldKey::Undo(_)
        | FieldKey::DoorMet(_)
        | FieldKey::Erasure
        | FieldKey::Unknown(_) => {}
    }
}

/// What can only be said once all fields are there.
pub(super) fn finish(state: &mut HouseholdState) {
    state.attempts.sort_by_key(|attempt| (attempt.at, attempt.id));
    state.notes.sort_by_key(|note| (note.at, note.id));
    mark_contacted(state);
    correct_names(state);
    state.people_deceased = state
        .attempts
        .iter()
        .flat_map(|attempt| &attempt.people)
        .filter(|(_, result)| *result == CanvassResult::Deceased)
        .map(|(person, _)| *person)
        .collect();
    let asked_not = |result| {
        let results = state.attempts.iter().flat_map(|attempt| &attempt.people);
        let asked = results.filter(|(_, known)| *known == result).map(|(person, _)| *person);
        asked.collect::<BTreeSet<PersonId>>()
    };
    state.people_do_not_call = asked_not(CanvassResult::DoNotCall);
    state.people_do_not_text = asked_not(CanvassResult::DoNotText);
    // A call is no knock: the door stands as it stood.
    let knocks = state.attempts.iter().filter(|attempt| attempt.reach.is_none());
    let knocks: Vec<Knock> = knocks.map(knock).collect();
    state.standing = standing(&knocks);
    state.double_knocks = double_knocks(&knocks)
        .into_iter()
        .map(|(first, second)| DoubleKnock { first, second })
        .collect();
    mark_primary(&mut state.contacts);
    order(&mut state.claims);
    settle(state);
}

/// What is proposed for one field, value by value: those who say the same are counted.
fn proposals(
    registers: &Registers<'_>,
    member: Option<PersonId>,
    field: CorrectedField,
    register: &Register<Content<'_>>,
) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    for head in register.heads() {
        let (Content::Proposed(value), Some(write)) = (head.value, registers.author(head.id))
        else {
            continue;
        };
        let place = proposals.iter().position(|known| known.value == value);
        let place = place.unwrap_or_else(|| {
            let (value, changes, canvassers) = (value.to_owned(), Vec::new(), Vec::new());
            proposals.push(Proposal { member, field, value, changes, canvassers, at: write.at() });
            proposals.len() - 1
        });
        let proposal = &mut proposals[place];
        proposal.changes.push(head.id);
        proposal.at = proposal.at.max(write.at());
        if !proposal.canvassers.contains(&write.canvasser) {
            proposal.canvassers.push(write.canvasser);
        }
    }
    proposals.sort_by(|a, b| a.value.cmp(&b.value));
    proposals
}

/// The names of people met at the door, as they were put right since.
fn correct_names(state: &mut HouseholdState) {
    for met in &mut state.people_met {
        let said = |field| state.imported.get(&(Some(met.person), field));
        if let Some(name) = said(ImportedField::GivenName) {
            met.given_name.clone_from(name);
        }
        if let Some(name) = said(ImportedField::FamilyName) {
            met.family_name.clone_from(name);
        }
    }
}

/// Answers imply that the person was contacted, at the attempt that they name.
fn mark_contacted(state: &mut HouseholdState) {
    for ((person, ..), answer) in &state.answers {
        let attempt = state.attempts.iter_mut().find(|attempt| attempt.id == answer.attempt);
        let Some(attempt) = attempt.filter(|_| answer.value.is_some()) else {
            continue;
        };
        if !attempt.people.iter().any(|(known, _)| known == person) {
            attempt.people.push((*person, CanvassResult::Contacted));
        }
    }
}

fn knock(attempt: &AttemptState) -> Knock {
    Knock {
        id: attempt.id,
        canvasser: attempt.canvasser,
        at: attempt.at,
        door: attempt.door,
        people: attempt.people.iter().map(|(_, result)| *result).collect(),
    }
}

fn attempt(
    registers: &Registers<'_>,
    first: ChangeId,
    register: &Register<Content<'_>>,
) -> Option<AttemptState> {
    let original = registers.author(first)?;
    let latest = register.live().max_by_key(|entry| entry.rank())?;
    let Content::Attempt(AttemptBody { door, people, .. }) = latest.value else {
        return None;
    };
    Some(AttemptState {
        id: first,
        canvasser: original.canvasser,
        at: original.at(),
        door: *door,
        people: people.clone(),
        literature: false,
        reach: None,
        sequenced: original.effective.is_some(),
    })
}

/// How the door is reached by the latest word on it: people who differ are told so, and nobody
/// has to choose.
fn access(registers: &Registers<'_>, register: &Register<Content<'_>>) -> Option<AccessState> {
    let shown = register.shown()?;
    let Content::Access(access) = shown.value else { return None };
    let author = registers.author(shown.id);
    let by = author.filter(|write| !matches!(write.change.body, Body::Imported(_)));
    Some(AccessState {
        access,
        change: shown.id,
        canvasser: by.map(|write| write.canvasser),
        at: author.map_or(Timestamp::default(), super::Write::at),
        sequenced: shown.effective.is_some(),
    })
}

/// Says of an attempt that it was a call, and what came of it that only calls have.
fn apply_reach(
    state: &mut HouseholdState,
    registers: &Registers<'_>,
    (member, first): (Option<PersonId>, ChangeId),
    register: &Register<Content<'_>>,
) {
    let (Some(person), Some(shown)) = (member, register.shown()) else { return };
    let author = registers.author(shown.id).map(|write| &write.change.body);
    let Some(Body::Reach(reach)) = author else { return };
    // Attempts come before how they came about.
    let attempt = state.attempts.iter_mut().find(|attempt| attempt.id == first);
    let Some(attempt) = attempt.filter(|attempt| attempt.reach.is_none()) else { return };
    let (channel, number) = (reach.channel, reach.number.clone());
    attempt.reach = Some(ReachState { person, channel, number });
    if let Some(result) = reach.result {
        attempt.people.retain(|(known, _)| *known != person);
        attempt.people.push((person, result));
    }
}

fn apply_answer(
    state: &mut HouseholdState,
    registers: &Registers<'_>,
    field: &FieldId,
    register: &Register<Content<'_>>,
    (script, question): (ScriptHash, u16),
) {
    let (Some(person), Some(shown)) = (field.member, register.shown()) else {
        return;
    };
    let Some((write, Body::Answer(body))) =
        registers.author(shown.id).map(|write| (write, &write.change.body))
    else {
        return;
    };
    let merged = merged_choices(register);
    let conflict = if merged.is_none() { conflict(registers, field, register) } else { None };
    let answer = AnswerState {
        change: shown.id,
        value: merged.map(AnswerCode::Choices).or_else(|| body.value.clone()),
        canvasser: write.canvasser,
        at: write.at(),
        attempt: body.attempt,
        conflicted: conflict.is_some(),
    };
    state.answers.insert((person, script, question), answer);
    state.conflicts.extend(conflict);
}

/// Several choices merge option by option: an option stands when every head has it, or when a
/// head has added it to what its author saw. So two additions are both kept, and a removal
/// stands against someone who merely left the option alone.
fn merged_choices(register: &Register<Content<'_>>) -> Option<Vec<u16>> {
    let heads = register.heads();
    let options = |entry: &Entry<Content<'_>>| match entry.value {
        Content::Answer(Some(AnswerCode::Choices(options))) => Some(options.clone()),
        _ => None,
    };
    let chosen: Vec<Vec<u16>> = heads.iter().map(|head| options(head)).collect::<Option<_>>()?;
    if heads.len() < 2 {
        return None;
    }
    let seen_by = |head: &Entry<Content<'_>>| -> Vec<u16> {
        let bases = register.entries().filter(|entry| head.base.contains(&entry.id));
        bases.filter_map(options).flatten().collect()
    };
    let mut merged: Vec<u16> = Vec::new();
    for (head, own) in heads.iter().zip(&chosen) {
        let seen = seen_by(head);
        let stands = |option: &&u16| {
            !seen.contains(option) || chosen.iter().all(|other| other.contains(option))
        };
        merged.extend(own.iter().filter(stands));
    }
    merged.sort_unstable();
    merged.dedup();
    Some(merged)
}

/// Do-not-contact wins: a mark stands unless an organiser, having seen exactly that mark, has
/// lifted it. An offline clearing by someone else never reaches it.
fn is_suppressed(registers: &Registers<'_>, register: &Register<Content<'_>>) -> bool {
    let lifted = |mark: ChangeId| {
        register
            .live()
            .filter(|entry| entry.value == Content::Suppression(false))
            .filter(|entry| registers.author(entry.id).is_some_and(super::Write::by_organiser))
            .any(|entry| register.has_seen(entry, mark))
    };
    register
        .live()
        .filter(|entry| entry.value == Content::Suppression(true))
        .any(|entry| !lifted(entry.id))
}

fn note(
    registers: &Registers<'_>,
    first: ChangeId,
    register: &Register<Content<'_>>,
) -> Option<NoteState> {
    let original = registers.author(first)?;
    let latest = register.live().max_by_key(|entry| entry.rank())?;
    let Content::Note(body) = latest.value else {
        return None;
    };
    if body.text.is_empty() {
        return None;
    }
    let written = registers.author(latest.id)?;
    Some(NoteState {
        id: first,
        canvasser: original.canvasser,
        at: written.at(),
        text: body.text.clone(),
        written: latest.id,
        sequenced: written.effective.is_some(),
    })
}

/// A number marked wrong stays wrong unless someone who saw that mark says otherwise.
fn contact_mark(register: &Register<Content<'_>>) -> ContactMark {
    let wrong = register.heads().iter().any(|head| match head.value {
        Content::Contact(contact) => contact.mark == ContactMark::Wrong,
        _ => false,
    });
    if wrong { ContactMark::Wrong } else { ContactMark::Good }
}

/// The primary number or address is one value, on which people may disagree. Whatever was ever
/// called primary is in the set of known ones.
fn apply_primary(
    state: &mut HouseholdState,
    registers: &Registers<'_>,
    field: &FieldId,
    register: &Register<Content<'_>>,
    medium: ContactMedium,
) {
    let Some(person) = field.member else { return };
    let shown = register.shown().map(|entry| entry.id);
    let mut values: Vec<(&str, ContactMark)> = Vec::new();
    for entry in register.live() {
        let Content::Primary(value) = entry.value else {
            continue;
        };
        let is_shown = Some(entry.id) == shown;
        let mark = if is_shown { ContactMark::Primary } else { ContactMark::Good };
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, known)) if is_shown => *known = mark,
            Some(_) => {}
            None => values.push((value, mark)),
        }
    }
    values.retain(|(value, _)| !value.is_empty());
    values.sort_unstable();
    for (value, mark) in values {
        state.contacts.push(ContactState { person, medium, value: value.to_owned(), mark });
    }
    state.contacts.sort_by(|a, b| {
        (a.person, a.medium, &a.value, a.mark).cmp(&(b.person, b.medium, &b.value, b.mark))
    });
    state.conflicts.extend(conflict(registers, field, register));
}

/// One line for each number: wrong beats primary beats good.
fn mark_primary(contacts: &mut Vec<ContactState>) {
    contacts.sort_by(|a, b| {
        let weight = |mark: ContactMark| match mark {
            ContactMark::Wrong => 0,
            ContactMark::Primary => 1,
            ContactMark::Good => 2,
        };
        (a.person, a.medium, &a.value, weight(a.mark)).cmp(&(
            b.person,
            b.medium,
            &b.value,
            weight(b.mark),
        ))
    });
    contacts.dedup_by(|a, b| (a.person, a.medium, &a.value) == (b.person, b.medium, &b.value));
}

fn person_met(registers: &Registers<'_>, change: ChangeId) -> Option<PersonMetState> {
    let Body::PersonMet(body) = &registers.author(change)?.change.body else {
        return None;
    };
    Some(PersonMetState {
        person: PersonId::met(change),
        change,
        given_name: body.given_name.clone(),
        family_name: body.family_name.clone(),
        language: body.language.clone(),
    })
}

fn conflict(
    registers: &Registers<'_>,
    field: &FieldId,
    register: &Register<Content<'_>>,
) -> Option<Conflict> {
    let heads = register.conflict()?;
    let ids: Vec<ChangeId> = heads.iter().map(|head| head.id).collect();
    let candidates = heads.iter().map(|head| candidate(registers, field, head)).collect();
    Some(Conflict {
        id: conflict_id(registers.campaign, registers.household, field, &ids),
        household: registers.household,
        field: field.clone(),
        candidates,
        shown: register.shown()?.id,
    })
}

fn candidate(registers: &Registers<'_>, field: &FieldId, head: &Entry<Content<'_>>) -> Candidate {
    let author = registers.author(head.id);
    let is_file = author.is_none_or(|write| matches!(write.change.body, Body::Imported(_)));
    let value = match (head.value, &field.key) {
        (Content::Answer(value), _) => CandidateValue::Answer(value.cloned()),
        (Content::Imported(value), FieldKey::Imported(key)) => {
            CandidateValue::Imported(*key, value.to_owned())
        }
        (Content::Primary(value), _) => CandidateValue::Contact(value.to_owned()),
        (Content::Ask(state), _) => CandidateValue::Ask(state),
        _ => CandidateValue::Answer(None),
    };
    Candidate {
        change: head.id,
        canvasser: author.filter(|_| !is_file).map(|write| write.canvasser),
        at: author.map_or(Timestamp::default(), super::Write::at),
        clock_was_off: author.is_some_and(|write| write.marks.has(EventMarks::SKEWED)),
        value,
    }
}
