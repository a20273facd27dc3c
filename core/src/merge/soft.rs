//! Soft conflicts: what someone may want to look at. Both sides are kept, nothing waits for them.

use std::collections::BTreeMap;

use crate::change::Body;
use crate::id::ChangeId;
use crate::merge::fold::{Registers, may_take_back};
use crate::merge::state::{AttemptState, HouseholdState};
use crate::merge::{FieldId, FieldKey, Write};
use crate::survey::ContactChannel;
use crate::walklist::CanvassResult;

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
    /// Two people, or a file and somebody, say differently how the door is reached.
    AccessDiffers {
        /// What is not shown.
        other: ChangeId,
        /// What is.
        shown: ChangeId,
    },
    /// Someone was called, or sent a text message, after they had asked not to be.
    ReachedThough {
        /// The attempt at which they asked.
        asked: ChangeId,
        /// The later one.
        reached: ChangeId,
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
            Self::AccessDiffers { other, shown } => [other, shown],
            Self::ReachedThough { asked, reached } => [asked, reached],
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
    access_differs(&mut found, registers);
    reached_though(&mut found, state);
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

/// The word that is shown, and the latest of those that differ from it.
fn access_differs(found: &mut Vec<SoftConflict>, registers: &Registers<'_>) {
    let field = FieldId::of_household(FieldKey::Access);
    let Some(register) = registers.fields.get(&field) else { return };
    let Some((heads, shown)) = register.conflict().zip(register.shown()) else { return };
    let others = heads.into_iter().filter(|head| head.value != shown.value);
    if let Some(other) = others.max_by_key(|head| head.rank()) {
        found.push(SoftConflict::AccessDiffers { other: other.id, shown: shown.id });
    }
}

/// Attempts are there by time, the earliest first.
fn reached_though(found: &mut Vec<SoftConflict>, state: &HouseholdState) {
    for (place, attempt) in state.attempts.iter().enumerate() {
        let Some(reach) = &attempt.reach else { continue };
        let no_more = match reach.channel {
            ContactChannel::Phone => CanvassResult::DoNotCall,
            ContactChannel::Text => CanvassResult::DoNotText,
            ContactChannel::Door | ContactChannel::Email => continue,
        };
        let asked = |earlier: &&AttemptState| earlier.people.contains(&(reach.person, no_more));
        if let Some(earlier) = state.attempts[..place].iter().find(asked) {
            let (asked, reached) = (earlier.id, attempt.id);
            found.push(SoftConflict::ReachedThough { asked, reached });
        }
    }
}
