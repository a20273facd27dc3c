//! Conflicts: shown with every value, settled with one call.

use crate::canvass::Purpose;
use crate::change::{Body, ContactMedium};
use crate::engine::Engine;
use crate::engine::door::Door;
use crate::engine::draft::Draft;
use crate::engine::error::{Error, What};
use crate::engine::lists::ListReader;
use crate::engine::view::{CandidateView, ConflictSubject, ConflictView, Saved};
use crate::id::{ChangeId, ConflictId, HouseholdId, ListId, PersonId, ScriptHash};
use crate::merge::{CandidateValue, Conflict, FieldKey};
use crate::say::{self, About, Language, Said};
use crate::survey::AnswerCode;
use crate::time::Timestamp;

impl Engine {
    /// The fields of a list on which people disagree.
    pub fn conflicts(&self, list: ListId) -> Result<Vec<ConflictView>, Error> {
        let told = (self.now(), self.words());
        self.read(list, |reader| {
            let known: Vec<HouseholdId> =
                reader.db.conflicted()?.into_iter().map(|(household, _)| household).collect();
            // Unsent work may disagree, or agree at last, with what is in the mirror.
            let others = reader.pending_households().filter(|other| !known.contains(other));
            let mut conflicts = Vec::new();
            for household in known.iter().copied().chain(others) {
                if let Some(door) = door_at(reader, household)? {
                    conflicts.extend(views(reader, &door, told));
                }
            }
            Ok(conflicts)
        })
    }

    /// How many conflicts a list has, as [`Engine::conflicts`] would give them: doors without
    /// unsent work are counted as they are kept, not folded anew.
    pub(super) fn count_conflicts(&self, list: ListId) -> Result<u32, Error> {
        self.read(list, |reader| {
            let mut count = 0;
            for (household, conflicts) in reader.db.conflicted()? {
                count += if reader.has_pending(household) { 0 } else { conflicts };
            }
            for household in reader.pending_households() {
                let door = door_at(reader, household)?;
                let conflicts = door.map_or(0, |door| door.state.conflicts.len());
                count += u32::try_from(conflicts).unwrap_or(u32::MAX);
            }
            Ok(count)
        })
    }

    /// Settles a conflict in favour of one of its values. The decision is a change that has
    /// seen all of them, so it settles the matter for everyone.
    pub fn resolve_conflict(
        &self,
        list: ListId,
        household: HouseholdId,
        conflict: ConflictId,
        chosen: ChangeId,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            let conflict = at.door.state.conflicts.iter().find(|known| known.id == conflict);
            let conflict = conflict.ok_or(Error::NotFound(What::Conflict))?;
            let writes = at.reader.writes(at.door)?;
            let body = conflict.decision(chosen, &writes).ok_or(Error::NotFound(What::Change))?;
            if matches!(body, Body::Correction(_)) && !at.reader.me.organiser {
                return Err(Error::NotYours);
            }
            Ok(vec![Draft { member: conflict.field.member, body }])
        })
        .map(Saved::from)
    }
}

/// A door, if it may be seen.
fn door_at(reader: &ListReader, household: HouseholdId) -> Result<Option<Door>, Error> {
    match reader.door(household) {
        Err(Error::NotFound(_)) => Ok(None),
        door => door.map(Some),
    }
}

/// A household's conflicts as a screen shows them at a moment, in a language.
pub(super) fn views(
    reader: &ListReader,
    door: &Door,
    told: (Timestamp, Language),
) -> Vec<ConflictView> {
    door.state.conflicts.iter().map(|conflict| view(reader, door, conflict, told)).collect()
}

fn view(
    reader: &ListReader,
    door: &Door,
    conflict: &Conflict,
    (now, language): (Timestamp, Language),
) -> ConflictView {
    let key = &conflict.field.key;
    let mut view = ConflictView {
        title: String::new(),
        sentence: String::new(),
        conflict: conflict.id,
        household: conflict.household,
        person: conflict.field.member,
        subject: subject(reader, &conflict.field.key),
        candidates: conflict
            .candidates
            .iter()
            .map(|candidate| CandidateView {
                change: candidate.change,
                value: value(reader, &conflict.field.key, &candidate.value),
                by: candidate.canvasser.map(|who| reader.name(who)).unwrap_or_default(),
                own: candidate.canvasser == Some(reader.me.canvasser),
                from_file: candidate.canvasser.is_none(),
                at: candidate.at,
                clock_was_off: candidate.clock_was_off,
                sentence: String::new(),
            })
            .collect(),
        shown: conflict.shown,
    };
    let values = conflict.candidates.iter().map(|one| in_words(reader, key, &one.value, language));
    let values: Vec<Vec<String>> = values.collect();
    let told = view.candidates.iter().zip(values);
    let said: Vec<Said> = told.map(|(one, value)| said(one, value, now, language)).collect();
    for (candidate, said) in view.candidates.iter_mut().zip(&said) {
        candidate.sentence = say::said(language, said);
    }
    view.sentence = say::conflict(language, &said);
    let name = view.person.and_then(|person| name_of(door, person, language));
    let about = about(reader, key, language);
    view.title = say::conflict_title(language, &name.unwrap_or_default(), &about);
    view
}

/// What people disagree on, as a person would call it.
fn about(reader: &ListReader, key: &FieldKey, language: Language) -> About {
    match key {
        FieldKey::PrimaryContact(medium) | FieldKey::Contact(medium, _) => match medium {
            ContactMedium::Phone => About::Phone,
            ContactMedium::Email => About::Email,
        },
        FieldKey::Ask(kind) => About::Named(say::ask_name(language, kind)),
        FieldKey::Answer { script, question } => {
            let label = reader
                .script_version(*script)
                .and_then(|it| it.question_label(*question, language.tag()));
            label.map_or(About::Field, About::Named)
        }
        _ => About::Field,
    }
}

/// The name of someone at a door who may be shown.
fn name_of(door: &Door, person: PersonId, language: Language) -> Option<String> {
    let may_view = door.state.eligible_person(person, door.standing(person));
    if door.state.erased.has(person) || !may_view.allows(Purpose::View) {
        return None;
    }
    let known = door.people.iter().find(|row| row.person.id == person).map(|row| &row.person);
    let known = known.map(|it| (it.given_name.as_str(), it.family_name.as_str()));
    let met = door.state.people_met.iter().find(|met| met.person == person);
    let met = met.map(|it| (it.given_name.as_str(), it.family_name.as_str()));
    known.or(met).map(|(given, family)| say::person_name(language, given, family))
}

/// A value as people read it: an option by its label.
fn in_words(
    reader: &ListReader,
    key: &FieldKey,
    candidate: &CandidateValue,
    language: Language,
) -> Vec<String> {
    match (candidate, key) {
        (CandidateValue::Answer(Some(code)), FieldKey::Answer { script, question }) => {
            let script = reader.script_version(*script);
            script.map_or_else(Vec::new, |it| it.answer_words(*question, code, language.tag()))
        }
        _ => value(reader, key, candidate),
    }
}

fn said(candidate: &CandidateView, value: Vec<String>, now: Timestamp, language: Language) -> Said {
    Said {
        value,
        by: candidate.by.clone(),
        own: candidate.own,
        from_file: candidate.from_file,
        when: say::ago(language, now.millis_since(candidate.at)),
    }
}

fn subject(reader: &ListReader, key: &FieldKey) -> ConflictSubject {
    match key {
        FieldKey::PrimaryContact(medium) | FieldKey::Contact(medium, _) => {
            ConflictSubject::Contact { medium: *medium }
        }
        FieldKey::Ask(kind) => ConflictSubject::Ask { kind: kind.clone() },
        FieldKey::Imported(field) => ConflictSubject::File { field: field.name().to_owned() },
        FieldKey::Answer { script, question } => {
            let question = reader.script_version(*script).and_then(|s| s.question(*question));
            let question = question.map(|q| q.name.clone()).unwrap_or_default();
            ConflictSubject::Answer { question }
        }
        _ => ConflictSubject::Answer { question: String::new() },
    }
}

fn value(reader: &ListReader, key: &FieldKey, value: &CandidateValue) -> Vec<String> {
    match (value, key) {
        (CandidateValue::Answer(Some(code)), FieldKey::Answer { script, question }) => {
            answer_texts(reader, *script, *question, code)
        }
        (CandidateValue::Answer(_), _) => Vec::new(),
        (CandidateValue::Ask(state), _) => vec![state.name().to_owned()],
        (CandidateValue::Contact(value) | CandidateValue::Imported(_, value), _) => {
            vec![value.clone()]
        }
    }
}

/// An answer as the script's option names, or as it was typed.
pub(super) fn answer_texts(
    reader: &ListReader,
    script: ScriptHash,
    question: u16,
    code: &AnswerCode,
) -> Vec<String> {
    let script = reader.script_version(script);
    let value = script.and_then(|script| script.value(question, code));
    value.map(|(_, value)| value.texts()).unwrap_or_default()
}
