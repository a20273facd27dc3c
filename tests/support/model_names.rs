//! By the book: which changes are one and the same, written anew by a restored or cloned phone.
//!
//! Everything is looked for again each time, pair by pair.

use canvass_core::change::Body;
use canvass_core::id::{ChangeId, PersonId};
use canvass_core::merge::Write;

/// The changes that count, each under its one name, and so is everything that they refer to.
pub(crate) fn one_name_each(writes: &[&Write]) -> Vec<Write> {
    let all_names = || {
        let told = writes.iter().flat_map(|write| [Some(write.change.id), write.change.was]);
        told.flatten()
    };
    let counting = writes.iter().filter(|write| meant(writes, write.change.id) == write.change.id);
    let person = |id: PersonId| {
        let met = all_names().find(|name| PersonId::met(*name) == id);
        met.map_or(id, |name| PersonId::met(meant(writes, name)))
    };
    counting.map(|write| renamed(write, &|id| meant(writes, id), &person)).collect()
}

/// The change that an id means: the nearest to the first id among those that say the same; where
/// the id's own change never came, the nearest that leads back to it.
fn meant(writes: &[&Write], id: ChangeId) -> ChangeId {
    let own = writes.iter().find(|write| write.change.id == id);
    let alike = writes.iter().filter(|write| match own {
        Some(own) => say_the_same(writes, own, write),
        None => first(writes, write.change.id).0 == id,
    });
    let nearest = alike.map(|write| (first(writes, write.change.id).1, write.change.id)).min();
    nearest.map_or(id, |(_, id)| id)
}

fn say_the_same(writes: &[&Write], one: &Write, other: &Write) -> bool {
    let by_first = |write: &Write| {
        let name = |id: ChangeId| first(writes, id).0;
        let person = |id: PersonId| {
            let met = writes.iter().find(|write| PersonId::met(write.change.id) == id);
            met.map_or(id, |write| PersonId::met(name(write.change.id)))
        };
        let said = renamed(write, &name, &person).change;
        (name(said.id), said.member, said.recorded_at, said.body)
    };
    by_first(one) == by_first(other)
}

/// The first id that a change was written under, as far as anybody knows, and how many lives ago.
pub(crate) fn first(writes: &[&Write], id: ChangeId) -> (ChangeId, u32) {
    let own = writes.iter().find(|write| write.change.id == id);
    match own.and_then(|write| write.change.was) {
        Some(was) if was.device == id.device && was.incarnation < id.incarnation => {
            let (id, lives) = first(writes, was);
            (id, lives + 1)
        }
        _ => (id, 0),
    }
}

fn renamed(
    write: &Write,
    name: &dyn Fn(ChangeId) -> ChangeId,
    person: &dyn Fn(PersonId) -> PersonId,
) -> Write {
    let mut write = write.clone();
    let change = &mut write.change;
    change.base = change.base.iter().map(|id| name(*id)).collect();
    change.member = change.member.map(person);
    match &mut change.body {
        Body::Attempt(attempt) => {
            attempt.corrects = attempt.corrects.map(name);
            attempt.people.iter_mut().for_each(|(who, _)| *who = person(*who));
        }
        Body::Answer(answer) => answer.attempt = name(answer.attempt),
        Body::Note(note) => note.edits = note.edits.map(name),
        Body::Undo(target) | Body::Literature(target) => *target = name(*target),
        Body::Reach(reach) => reach.attempt = name(reach.attempt),
        Body::Ask(ask) => ask.during = ask.during.map(name),
        Body::FollowUp(follow_up) => follow_up.during = follow_up.during.map(name),
        Body::Imported(file) => {
            file.writes.iter_mut().for_each(|write| write.member = write.member.map(person));
        }
        _ => {}
    }
    write
}
