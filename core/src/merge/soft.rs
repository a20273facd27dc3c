//! Soft conflicts: what someone may want to look at. Both sides are kept, nothing waits for them.

use std::collections::BTreeMap;

use crate::change::Body;
use crate::id::ChangeId;
use crate::merge::Write;
use crate::merge::fold::{Registers, may_take_back};
use crate::merge::state::HouseholdState;

/// Something that two people did side by side and that cannot be told from a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SoftConflict {
    /// Something was taken back that someone else had written on since: what they wrote stays.
    WrittenOnSince {
        /// The taking back.
        undo: ChangeId,
        /// What stays.
        later: ChangeId,
    },
    /// A knock was taken back, and an answer that someone else had from it went with it.
    AnswerWentToo {
        /// The taking back.
        undo: ChangeId,
        /// The answer.
        answer: ChangeId,
    },
    /// Two people added someone of the same name.
    MetTwice {
        /// One of them.
        first: ChangeId,
        /// The other.
        second: ChangeId,
    },
}

impl SoftConflict {
    /// The two changes.
    #[must_use]
    pub const fn changes(self) -> [ChangeId; 2] {
        match self {
            Self::WrittenOnSince { undo, later } => [undo, later],
            Self::AnswerWentToo { undo, answer } => [undo, answer],
            Self::MetTwice { first, second } => [first, second],
        }
    }
}

/// What there is of them, sorted. Fields and people are as they stand.
pub(super) fn soft_conflicts(
    registers: &Registers<'_>,
    state: &HouseholdState,
) -> Vec<SoftConflict> {
    let mut found = Vec::new();
    for undo in registers.writes.values() {
        let Body::Undo(target) = undo.change.body else { continue };
        if registers.author(target).is_some_and(|author| may_take_back(undo, author)) {
            written_on(&mut found, registers, undo, target);
            answers_gone(&mut found, registers, undo, target);
        }
    }
    met_twice(&mut found, registers, state);
    found.sort_unstable();
    found.dedup();
    found
}

fn written_on(
    found: &mut Vec<SoftConflict>,
    registers: &Registers<'_>,
    undo: &Write,
    target: ChangeId,
) {
    for register in registers.fields.values() {
        let others = register.live().filter(|entry| {
            registers.author(entry.id).is_some_and(|author| !author.is_own(undo))
                && register.has_seen(entry, target)
        });
        let undo = undo.change.id;
        found.extend(others.map(|later| SoftConflict::WrittenOnSince { undo, later: later.id }));
    }
}

fn answers_gone(
    found: &mut Vec<SoftConflict>,
    registers: &Registers<'_>,
    undo: &Write,
    target: ChangeId,
) {
    for write in registers.writes.values().filter(|write| !write.is_own(undo)) {
        let Body::Answer(answer) = &write.change.body else { continue };
        if answer.attempt == target {
            let (undo, answer) = (undo.change.id, write.change.id);
            found.push(SoftConflict::AnswerWentToo { undo, answer });
        }
    }
}

fn met_twice(found: &mut Vec<SoftConflict>, registers: &Registers<'_>, state: &HouseholdState) {
    let mut by_name: BTreeMap<String, &Write> = BTreeMap::new();
    for met in &state.people_met {
        let Some(write) = registers.author(met.change) else { continue };
        let name = format!("{} {}", met.given_name, met.family_name);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let first = *by_name.entry(name).or_insert(write);
        if !first.is_own(write) {
            let (first, second) = (first.change.id, write.change.id);
            found.push(SoftConflict::MetTwice { first, second });
        }
    }
}
