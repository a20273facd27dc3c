//! Conflicts: shown with every value, settled with one call.

use crate::change::Body;
use crate::engine::Engine;
use crate::engine::door::Door;
use crate::engine::error::{Error, What};
use crate::engine::lists::ListReader;
use crate::engine::record::Draft;
use crate::engine::view::{CandidateView, ConflictSubject, ConflictView, Saved};
use crate::id::{ChangeId, ConflictId, HouseholdId, ListId, ScriptHash};
use crate::merge::{CandidateValue, Conflict, FieldKey};
use crate::say::{self, Language, Said};
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
    door.state.conflicts.iter().map(|conflict| view(reader, conflict, told)).collect()
}

fn view(
    reader: &ListReader,
    conflict: &Conflict,
    (now, language): (Timestamp, Language),
) -> ConflictView {
    let mut view = ConflictView {
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
            })
            .collect(),
        shown: conflict.shown,
    };
    let said: Vec<Said> = view.candidates.iter().map(|one| said(one, now, language)).collect();
    view.sentence = say::conflict(language, &said);
    view
}

fn said(candidate: &CandidateView, now: Timestamp, language: Language) -> Said {
    Said {
        value: candidate.value.clone(),
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
