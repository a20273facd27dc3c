//! From a folded household to the rows of exports: the same on the phone and on the server.
//!
//! What comes in has been folded (`merge`) and has passed the read gate for results; here it is
//! only put into words: keys for ids, names for numbers.

use crate::canvass::Purpose;
use crate::change::Body;
use crate::id::{CanvasserId, ChangeId, HouseholdId, PersonId, ScriptHash};
use crate::interchange::write::{
    AttemptFacts, Beside, ChangeKind, ChangeRow, ChangeState, Contact, ContactAnswer, ContactAsk,
    LossReport, LossWhy, PersonAtDoor, answer_text, contacts_of,
};
use crate::merge::{Ask, HouseholdState, Write};
use crate::survey::{AnswerCode, AnswerValue, Script};
use crate::walklist::{Person, Standing};

/// A household with all that was written to it.
pub struct HouseholdResults<'a> {
    /// The household.
    pub household: HouseholdId,
    /// The source's key of the door; empty if no file gave one.
    pub door_key: &'a str,
    /// The people whom files know.
    pub people: Vec<PersonResults>,
    /// Everything written to it.
    pub writes: &'a [Write],
    /// What that amounts to.
    pub state: &'a HouseholdState,
}

/// A person whom files know.
#[derive(Clone, Debug)]
pub struct PersonResults {
    /// The person.
    pub person: PersonId,
    /// The source's key; empty if no file gave one.
    pub key: String,
    /// Their name.
    pub name: String,
    /// What files say of their standing.
    pub standing: Standing,
}

impl PersonResults {
    /// Of a person, whom their source calls by this key.
    #[must_use]
    pub fn of(person: &Person, key: &str) -> Self {
        Self {
            person: person.id,
            key: key.to_owned(),
            name: format!("{} {}", person.given_name, person.family_name),
            standing: person.standing,
        }
    }
}

/// What numbers and ids are called.
pub struct ResultNames<'a> {
    /// Names of canvassers.
    pub canvassers: &'a dyn Fn(CanvasserId) -> String,
    /// Versions of the script.
    pub script: &'a dyn Fn(ScriptHash) -> Option<&'a Script>,
}

impl HouseholdResults<'_> {
    /// One row for each change, in the order given. What a phone wrote anew stands under the id
    /// that it had before; a copy of what is there has no row.
    #[must_use]
    pub fn change_rows(&self, names: &ResultNames<'_>) -> Vec<ChangeRow> {
        self.writes
            .iter()
            .filter(|write| !self.state.names.is_copy(write.change.id))
            .map(|write| {
                let mut row = self.change_row(write);
                row.canvasser = match row.kind {
                    ChangeKind::Imported => String::new(),
                    _ => (names.canvassers)(write.canvasser),
                };
                if !self.door_key.is_empty() {
                    self.door_key.clone_into(&mut row.door_id);
                }
                if let Some(key) = row.person_uuid.and_then(|person| self.person_key(person)) {
                    row.person_id = key;
                }
                for (person, _) in &mut row.person_results {
                    if let Some(key) = person.parse().ok().and_then(|id| self.person_key(id)) {
                        *person = key;
                    }
                }
                name_answer(&mut row, write, names);
                row
            })
            .collect()
    }

    /// The row of a change, everything in it under the name that others know.
    fn change_row(&self, write: &Write) -> ChangeRow {
        let names = &self.state.names;
        let change = names.resolve(&write.change);
        let sent_as = Some(change.id).filter(|id| names.known_as(*id) != *id);
        let mut row = ChangeRow::of(&Write { change, ..write.clone() }, self.change_state(write));
        if self.withholds(write) {
            row.withhold();
        }
        row.sent_as = sent_as;
        let known_as = |id: &mut ChangeId| *id = names.known_as(*id);
        known_as(&mut row.change_id);
        row.attempt_id.iter_mut().chain(&mut row.target).chain(&mut row.base).for_each(known_as);
        row
    }

    /// Whether a change says what someone wants who has not agreed to that leaving, or is not to
    /// be contacted any more.
    fn withholds(&self, write: &Write) -> bool {
        let change = self.state.names.resolve(&write.change);
        let (Body::Ask(ask), Some(person)) = (change.body, change.member) else { return false };
        let known = self.state.asks.get(&(person, ask.kind));
        let may_leave = known.is_some_and(Ask::may_leave) && self.allows(person, Purpose::ListOut);
        ask.state.is_some() && !may_leave
    }

    /// The contacts of every attempt that stands: per person a result or answers.
    #[must_use]
    pub fn contacts(&self, names: &ResultNames<'_>, loss: &mut LossReport) -> Vec<Contact> {
        loss.add_beside(self.beside());
        let attempts = self.state.attempts.iter().map(|attempt| AttemptFacts {
            attempt: self.state.names.known_as(attempt.id),
            at: attempt.at,
            canvasser: (names.canvassers)(attempt.canvasser),
            household: self.household,
            door_key: self.door_key.to_owned(),
            door: attempt.door,
            literature: attempt.literature,
            reach: attempt.reach.clone(),
            people: self.people_at(attempt.id, &attempt.people, names),
        });
        let mut contacts: Vec<Contact> =
            attempts.flat_map(|attempt| contacts_of(&attempt, loss)).collect();
        self.add_asks(&mut contacts, loss);
        contacts
    }

    /// Puts what people want to their last contact, of those who agreed to it and may still be
    /// contacted; the others are counted.
    fn add_asks(&self, contacts: &mut [Contact], loss: &mut LossReport) {
        for ((person, kind), ask) in &self.state.asks {
            let Some(state) = ask.state else { continue };
            if !ask.may_leave() {
                loss.add("asks", 1, LossWhy::NoConsent);
            } else if !self.allows(*person, Purpose::ListOut) {
                loss.add("asks", 1, LossWhy::NotToBeContacted);
            } else if let Some(last) = contacts.iter_mut().rfind(|it| it.person == *person) {
                last.asks.push(ContactAsk { kind: kind.clone(), state });
            } else {
                loss.add("asks", 1, LossWhy::NoOutcome);
            }
        }
    }

    /// Whether a person here may be seen for this.
    fn allows(&self, person: PersonId, purpose: Purpose) -> bool {
        let file = self.people.iter().find(|known| known.person == person);
        let standing = file.map_or(Standing::default(), |known| known.standing);
        !self.state.erased.has(person)
            && self.state.eligible_person(person, standing).allows(purpose)
    }

    fn people_at(
        &self,
        attempt: ChangeId,
        results: &[(PersonId, crate::walklist::CanvassResult)],
        names: &ResultNames<'_>,
    ) -> Vec<PersonAtDoor> {
        let known = self.people.iter().map(|person| PersonAtDoor {
            person: person.person,
            key: Some(person.key.clone()).filter(|key| !key.is_empty()),
            name: person.name.clone(),
            result: None,
            answers: Vec::new(),
        });
        let met = self.state.people_met.iter().map(|met| PersonAtDoor {
            person: met.person,
            key: None,
            name: format!("{} {}", met.given_name, met.family_name).trim().to_owned(),
            result: None,
            answers: Vec::new(),
        });
        let may_leave = |person: &PersonAtDoor| self.allows(person.person, Purpose::ResultsOut);
        known
            .chain(met)
            .filter(may_leave)
            .map(|person| PersonAtDoor {
                result: results
                    .iter()
                    .find(|(who, _)| *who == person.person)
                    .map(|(_, result)| *result),
                answers: self.answers_at(attempt, person.person, names),
                ..person
            })
            .collect()
    }

    fn answers_at(
        &self,
        attempt: ChangeId,
        person: PersonId,
        names: &ResultNames<'_>,
    ) -> Vec<ContactAnswer> {
        self.state
            .answers
            .iter()
            .filter(|((who, ..), answer)| *who == person && answer.attempt == attempt)
            .filter_map(|((_, script, question), answer)| {
                let (question, answer) = named(names, *script, *question, answer.value.as_ref()?)?;
                Some(ContactAnswer { question, answer })
            })
            .collect()
    }

    fn person_key(&self, person: PersonId) -> Option<String> {
        let known = self.people.iter().find(|known| known.person == person)?;
        Some(known.key.clone()).filter(|key| !key.is_empty())
    }

    fn change_state(&self, write: &Write) -> ChangeState {
        let id = write.change.id;
        if write.marks.has(crate::change::EventMarks::SET_ASIDE) {
            return ChangeState::SetAside;
        }
        if self.state.taken_back.binary_search(&id).is_ok() {
            return ChangeState::Undone;
        }
        let in_conflict = self
            .state
            .conflicts
            .iter()
            .any(|conflict| conflict.candidates.iter().any(|known| known.change == id));
        let stands = self.state.heads.values().any(|heads| heads.contains(&id));
        match (in_conflict, stands) {
            (true, _) => ChangeState::Conflicted,
            (false, true) => ChangeState::Standing,
            (false, false) => ChangeState::Replaced,
        }
    }

    fn beside(&self) -> Beside {
        let counted = self.writes.iter().filter(|write| !self.state.names.is_copy(write.change.id));
        let kinds = counted.map(|write| ChangeKind::of(&write.change.body));
        let mut beside =
            Beside { conflicts: self.state.conflicts.len() as u64, ..Beside::default() };
        let open = self.state.follow_ups.iter().filter(|it| it.kept_by.is_none());
        beside.follow_ups = open.count() as u64;
        for kind in kinds {
            match kind {
                ChangeKind::Note => beside.notes += 1,
                ChangeKind::Suppression => beside.suppressions += 1,
                ChangeKind::Contact => beside.contact_details += 1,
                ChangeKind::Correction => beside.corrections += 1,
                ChangeKind::PersonMet => beside.people_met += 1,
                ChangeKind::DoorMet => beside.doors_met += 1,
                ChangeKind::Unknown => beside.unknown += 1,
                _ => {}
            }
        }
        beside
    }
}

fn named(
    names: &ResultNames<'_>,
    script: ScriptHash,
    question: u16,
    code: &AnswerCode,
) -> Option<(String, AnswerValue)> {
    let (name, value) = (names.script)(script)?.value(question, code)?;
    Some((name.to_owned(), value))
}

/// Puts an answer's question and options into words, if its version of the script is known.
fn name_answer(row: &mut ChangeRow, write: &Write, names: &ResultNames<'_>) {
    let Body::Answer(answer) = &write.change.body else { return };
    let Some(script) = (names.script)(answer.script) else { return };
    row.script_version.clone_from(&script.source().version);
    if let Some(question) = script.question(answer.question) {
        row.question.clone_from(&question.name);
    }
    let value = answer.value.as_ref().and_then(|code| script.value(answer.question, code));
    if let Some((_, value)) = value {
        row.value = answer_text(&value);
    }
}
