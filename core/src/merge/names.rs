//! Changes under several names: what a restored or cloned phone wrote anew.
//!
//! A phone whose database was restored or cloned gets a new incarnation, and writes what nobody
//! had acknowledged anew: under a new id, with `was` naming the old one. Both may arrive. Here
//! it is decided which of them counts, as a function of the set of changes alone:
//!
//! - Changes that name, step by step, the same first id, and that say the same, are one: the one
//!   nearest to the first id counts, the others are copies.
//! - When the first id itself never came, what stands nearest to it stands in its place.
//! - What says something else stands by itself: a clone used the same number for another thing.
//!
//! `was` counts only within one device, and only towards an earlier incarnation.

use std::collections::BTreeMap;

use crate::change::{
    AnswerBody, AskBody, AttemptBody, Body, Change, FollowUpBody, ImportedBody, NoteBody, ReachBody,
};
use crate::id::{ChangeId, PersonId};
use crate::merge::Write;

/// The names of a household's changes, where a change has more than one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Each other name, and the change that it means.
    means: BTreeMap<ChangeId, ChangeId>,
    /// The same for people whom such changes added.
    people: BTreeMap<PersonId, PersonId>,
    /// Changes that stand in the place of one that never came, and its name.
    stands_for: BTreeMap<ChangeId, ChangeId>,
}

impl Names {
    /// The change that this id means.
    #[must_use]
    pub fn change(&self, id: ChangeId) -> ChangeId {
        self.means.get(&id).copied().unwrap_or(id)
    }

    /// The person whom this id means.
    #[must_use]
    pub fn person(&self, id: PersonId) -> PersonId {
        self.people.get(&id).copied().unwrap_or(id)
    }

    /// Whether a change is only a copy of another one, and counts nowhere.
    #[must_use]
    pub fn is_copy(&self, change: ChangeId) -> bool {
        self.means.contains_key(&change)
    }

    /// The same change, with what it refers to under its one name.
    #[must_use]
    pub fn resolve(&self, change: &Change) -> Change {
        said(change, &|id| self.change(id), &|person| self.person(person))
    }

    /// The id under which a change is known to everyone who was told of it before its phone
    /// wrote it anew.
    #[must_use]
    pub fn known_as(&self, change: ChangeId) -> ChangeId {
        let meant = self.change(change);
        self.stands_for.get(&meant).copied().unwrap_or(meant)
    }

    /// The names of these changes; those that were set aside must not be among them.
    pub(super) fn of(writes: &[&Write]) -> Self {
        if writes.iter().all(|write| write.change.was.is_none()) {
            return Self::default();
        }
        let links = Links::of(writes);
        let mut groups: BTreeMap<ChangeId, Vec<(usize, &Write)>> = BTreeMap::new();
        for write in links.by_id.values() {
            let (first, steps) = links.first(write.change.id);
            groups.entry(first).or_default().push((steps, write));
        }
        let mut names = Self::default();
        for (first, mut group) in groups {
            group.sort_by_key(|(steps, write)| (*steps, write.change.id));
            names.add(&links, first, &group);
        }
        names
    }

    fn add(&mut self, links: &Links<'_>, first: ChangeId, group: &[(usize, &Write)]) {
        let mut counted: Vec<Change> = Vec::new();
        for (_, write) in group {
            let said = said(&write.change, &|id| links.first(id).0, &|person| links.person(person));
            let same = counted.iter().find(|other| {
                (other.member, other.recorded_at, &other.body)
                    == (said.member, said.recorded_at, &said.body)
            });
            match same {
                Some(other) => self.mean(write.change.id, other.id),
                None => counted.push(said),
            }
        }
        if let Some(nearest) = counted.first().filter(|nearest| nearest.id != first) {
            self.mean(first, nearest.id);
            self.stands_for.insert(nearest.id, first);
        }
    }

    fn mean(&mut self, name: ChangeId, change: ChangeId) {
        self.means.insert(name, change);
        self.people.insert(PersonId::met(name), PersonId::met(change));
    }

    /// The changes that count, with everything they refer to under its one name; nothing when
    /// every change has one name only.
    pub(super) fn resolved(&self, writes: &[&Write]) -> Option<Vec<Write>> {
        if self.means.is_empty() {
            return None;
        }
        let counted = writes.iter().filter(|write| !self.is_copy(write.change.id));
        let resolved =
            counted.map(|write| Write { change: self.resolve(&write.change), ..(*write).clone() });
        Some(resolved.collect())
    }
}

/// Which change was written anew as which.
struct Links<'a> {
    by_id: BTreeMap<ChangeId, &'a Write>,
    was: BTreeMap<ChangeId, Option<ChangeId>>,
    met: BTreeMap<PersonId, PersonId>,
}

impl<'a> Links<'a> {
    fn of(writes: &[&'a Write]) -> Self {
        let by_id: BTreeMap<ChangeId, &Write> =
            writes.iter().map(|write| (write.change.id, *write)).collect();
        let was = by_id.iter().map(|(id, write)| (*id, write.change.was)).collect();
        let mut links = Self { by_id, was, met: BTreeMap::new() };
        for id in links.by_id.keys() {
            let person = PersonId::met(links.first(*id).0);
            links.met.insert(PersonId::met(*id), person);
        }
        links
    }

    fn first(&self, id: ChangeId) -> (ChangeId, usize) {
        first_of(&self.was, id)
    }

    fn person(&self, person: PersonId) -> PersonId {
        self.met.get(&person).copied().unwrap_or(person)
    }
}

/// The first id that a change leads back to, and in how many steps.
pub(super) fn first_of(
    was: &BTreeMap<ChangeId, Option<ChangeId>>,
    id: ChangeId,
) -> (ChangeId, usize) {
    let before = |id: &ChangeId| {
        let was = was.get(id).copied().flatten()?;
        (was.device == id.device && was.incarnation < id.incarnation).then_some(was)
    };
    let steps = std::iter::successors(before(&id), before);
    steps.zip(1..).last().unwrap_or((id, 0))
}

/// What a change says, with what it refers to named in another way. Its own id stays.
fn said(
    change: &Change,
    name: &impl Fn(ChangeId) -> ChangeId,
    person: &impl Fn(PersonId) -> PersonId,
) -> Change {
    let mut base: Vec<ChangeId> = change.base.iter().map(|id| name(*id)).collect();
    base.sort_unstable();
    base.dedup();
    let body = match change.body.clone() {
        Body::Attempt(body) => Body::Attempt(AttemptBody {
            people: body.people.into_iter().map(|(it, result)| (person(it), result)).collect(),
            corrects: body.corrects.map(name),
            ..body
        }),
        Body::Answer(body) => Body::Answer(AnswerBody { attempt: name(body.attempt), ..body }),
        Body::Note(body) => Body::Note(NoteBody { edits: body.edits.map(name), ..body }),
        Body::Undo(target) => Body::Undo(name(target)),
        Body::Ask(body) => Body::Ask(AskBody { during: body.during.map(name), ..body }),
        Body::FollowUp(body) => {
            Body::FollowUp(FollowUpBody { during: body.during.map(name), ..body })
        }
        Body::Literature(attempt) => Body::Literature(name(attempt)),
        Body::Reach(reach) => Body::Reach(ReachBody { attempt: name(reach.attempt), ..reach }),
        Body::Imported(ImportedBody { mut writes }) => {
            for write in &mut writes {
                write.member = write.member.map(person);
            }
            Body::Imported(ImportedBody { writes })
        }
        other => other,
    };
    Change { base, member: change.member.map(person), body, ..change.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::EventMarks;
    use crate::id::{CampaignId, CanvasserId, DeviceId, HouseholdId};
    use crate::merge::{HouseholdState, Outcome, fold, outcome};
    use crate::time::Timestamp;
    use crate::walklist::CanvassResult;

    fn id(incarnation: u32, seq: u64) -> ChangeId {
        ChangeId { device: DeviceId::derive(&[b"phone"]), incarnation, seq }
    }

    fn write(id: ChangeId, was: Option<ChangeId>, body: Body<PersonId>) -> Write {
        let change = Change {
            id,
            was,
            door: HouseholdId::derive(&[b"door"]),
            member: None,
            base: Vec::new(),
            recorded_at: Timestamp::from_seconds(1_790_000_000),
            body,
        };
        Write::pending(change, CanvasserId::derive(&[b"sam"]), EventMarks::default())
    }

    fn knock(id: ChangeId, was: Option<ChangeId>, door: CanvassResult) -> Write {
        let attempt = AttemptBody { door: Some(door), people: Vec::new(), corrects: None };
        write(id, was, Body::Attempt(attempt))
    }

    fn state(writes: &[Write]) -> HouseholdState {
        let (campaign, door) =
            (CampaignId::derive(&[b"campaign"]), HouseholdId::derive(&[b"door"]));
        fold(campaign, door, &[], writes)
    }

    fn knocks(state: &HouseholdState) -> Vec<ChangeId> {
        state.attempts.iter().map(|attempt| attempt.id).collect()
    }

    #[test]
    fn a_knock_written_anew_is_one_knock_whichever_of_the_two_arrives() {
        let old = knock(id(1, 4), None, CanvassResult::NotHome);
        let anew = knock(id(2, 1), Some(id(1, 4)), CanvassResult::NotHome);
        let undo = write(id(2, 2), None, Body::Undo(id(1, 4)));

        let both = state(&[old.clone(), anew.clone()]);
        assert_eq!(knocks(&both), [id(1, 4)]);
        assert_eq!(both.digest, state(std::slice::from_ref(&old)).digest, "a copy counts nowhere");
        assert_eq!(outcome(&both, &anew.change), Outcome::Duplicate);
        assert_eq!(both.names.known_as(id(2, 1)), id(1, 4));

        let alone = state(std::slice::from_ref(&anew));
        assert_eq!(knocks(&alone), [id(2, 1)]);
        assert_eq!(alone.names.known_as(id(2, 1)), id(1, 4), "as others were told");
        assert_eq!(knocks(&state(&[anew.clone(), undo.clone()])), [], "the old name means it");
        assert_eq!(knocks(&state(&[old, anew, undo])), []);
    }

    #[test]
    fn what_a_clone_said_under_the_same_number_stands_by_itself() {
        let old = knock(id(1, 4), None, CanvassResult::NotHome);
        let clones = knock(id(2, 1), Some(id(1, 4)), CanvassResult::Refused);
        let both = state(&[old, clones]);
        assert_eq!(knocks(&both), [id(1, 4), id(2, 1)]);
        assert_eq!(both.names, Names::default());
    }

    #[test]
    fn a_phone_restored_twice_says_everything_once() {
        let lives = [
            knock(id(1, 4), None, CanvassResult::NotHome),
            knock(id(2, 1), Some(id(1, 4)), CanvassResult::NotHome),
            knock(id(3, 1), Some(id(2, 1)), CanvassResult::NotHome),
            knock(id(4, 1), Some(id(1, 4)), CanvassResult::NotHome),
        ];
        assert_eq!(knocks(&state(&lives)), [id(1, 4)]);
        assert_eq!(knocks(&state(&lives[1..])), [id(2, 1)]);
        assert_eq!(state(&lives[1..]).names.known_as(id(3, 1)), id(1, 4));
    }

    #[test]
    fn answers_follow_their_attempt_and_the_person_they_met() {
        let met = || Body::PersonMet(crate::change::PersonMetBody::default());
        let script = crate::id::ScriptHash::derive(&[b"script"]);
        let value = Some(crate::survey::AnswerCode::Choice(1));
        let answer = |own, was, attempt, met| {
            let body = AnswerBody { script, question: 0, value: value.clone(), attempt };
            let mut write = write(own, was, Body::Answer(body));
            write.change.member = Some(PersonId::met(met));
            write
        };
        let writes = [
            knock(id(1, 1), None, CanvassResult::Contacted),
            write(id(1, 2), None, met()),
            answer(id(1, 3), None, id(1, 1), id(1, 2)),
            knock(id(2, 1), Some(id(1, 1)), CanvassResult::Contacted),
            write(id(2, 2), Some(id(1, 2)), met()),
            answer(id(2, 3), Some(id(1, 3)), id(2, 1), id(2, 2)),
        ];
        let all = state(&writes);
        let first = state(&writes[..3]);
        assert_eq!(HouseholdState { names: Names::default(), ..all.clone() }, first);
        assert_eq!(all.answers.len(), 1);
        // Only the knock arrived before the phone was restored.
        let late = answer(id(2, 3), Some(id(1, 3)), id(1, 1), id(1, 2));
        let mixed = state(&[writes[0].clone(), writes[4].clone(), late]);
        assert_eq!(mixed.attempts[0].people, [(PersonId::met(id(2, 2)), CanvassResult::Contacted)]);
    }

    #[test]
    fn was_leads_only_to_an_earlier_life_of_the_same_phone() {
        let one = knock(id(1, 1), Some(id(2, 1)), CanvassResult::NotHome);
        let other = knock(id(2, 1), Some(id(2, 1)), CanvassResult::NotHome);
        assert_eq!(knocks(&state(&[one, other])), [id(1, 1), id(2, 1)]);
    }
}
