//! Erasure: what the campaign has promised to forget, forgotten by everyone alike.
//!
//! An erasure is a change by the campaign. What it covers is taken out of the other changes
//! before they are folded, as a function of those changes alone: so a store that still holds
//! them whole and one that has overwritten them come to the same state and the same digest.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{AttemptBody, Body, Change, ImportedBody};
use crate::id::{ChangeId, PersonId};
use crate::merge::Write;
use crate::merge::names::first_of;

/// Who of a household was erased.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Erased {
    household: bool,
    people: BTreeSet<PersonId>,
}

impl Erased {
    /// Who was erased by these changes; those that were set aside must not be among them.
    pub fn of<'a>(writes: impl IntoIterator<Item = &'a Write> + Clone) -> Self {
        let orders = writes
            .clone()
            .into_iter()
            .filter(|write| matches!(write.change.body, Body::Erasure) && write.by_organiser());
        let mut erased = Self::default();
        for order in orders {
            match order.change.member {
                Some(person) => _ = erased.people.insert(person),
                None => erased.household = true,
            }
        }
        if !erased.people.is_empty() {
            erased.add_other_names(writes);
        }
        erased
    }

    /// Someone met at the door, whose phone wrote that anew, is known by another id as well.
    fn add_other_names<'a>(&mut self, writes: impl IntoIterator<Item = &'a Write>) {
        let was: BTreeMap<ChangeId, Option<ChangeId>> =
            writes.into_iter().map(|write| (write.change.id, write.change.was)).collect();
        let firsts: BTreeSet<ChangeId> = was
            .iter()
            .flat_map(|(id, was)| [Some(*id), *was])
            .flatten()
            .filter(|id| self.people.contains(&PersonId::met(*id)))
            .map(|id| first_of(&was, id).0)
            .collect();
        let alike = was.keys().filter(|id| firsts.contains(&first_of(&was, **id).0));
        let alike: Vec<PersonId> = alike.chain(&firsts).map(|id| PersonId::met(*id)).collect();
        self.people.extend(alike);
    }

    /// Whether nobody was.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        !self.household && self.people.is_empty()
    }

    /// Whether the household was, as a whole.
    #[must_use]
    pub const fn is_household(&self) -> bool {
        self.household
    }

    /// Whether this person was, or their household as a whole.
    #[must_use]
    pub fn has(&self, person: PersonId) -> bool {
        self.household || self.people.contains(&person)
    }

    /// Whether this person was erased by name.
    #[must_use]
    pub fn names(&self, person: PersonId) -> bool {
        self.people.contains(&person)
    }

    /// Those who were erased one by one.
    pub(super) fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.people.iter().copied()
    }

    /// The change without what was erased; nothing when there is nothing to take out.
    #[must_use]
    pub fn redacted(&self, change: &Change) -> Option<Change> {
        if self.is_nobody() {
            return None;
        }
        let body = match &change.body {
            Body::Erasure | Body::Erased | Body::DoorMet(_) => return None,
            // Where a door is says nothing of anybody.
            Body::Correction(_) if change.member.is_none() => return None,
            Body::Imported(file) => {
                let mut writes = file.writes.clone();
                writes.retain(|write| !write.member.is_some_and(|person| self.has(person)));
                Body::Imported(ImportedBody { writes })
            }
            _ if self.household || change.member.is_some_and(|person| self.has(person)) => {
                Body::Erased
            }
            Body::PersonMet(_) if self.has(PersonId::met(change.id)) => Body::Erased,
            Body::Attempt(attempt) => {
                let mut people = attempt.people.clone();
                people.retain(|(person, _)| !self.has(*person));
                Body::Attempt(AttemptBody { people, ..attempt.clone() })
            }
            _ => return None,
        };
        (body != change.body).then(|| Change { body, ..change.clone() })
    }

    /// All these changes without what was erased; nothing when there is nothing to take out.
    pub(super) fn redact(&self, writes: &[&Write]) -> Option<Vec<Write>> {
        let redacted = |write: &&Write| match self.redacted(&write.change) {
            Some(change) => Write { change, ..(*write).clone() },
            None => (*write).clone(),
        };
        (!self.is_nobody()).then(|| writes.iter().map(redacted).collect())
    }
}
