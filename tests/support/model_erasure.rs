//! By the book: what is left of the changes once the campaign has erased someone.

use std::collections::BTreeSet;

use canvass_core::change::{Body, EventMarks};
use canvass_core::id::PersonId;
use canvass_core::merge::Write;

use crate::model_names::first;

/// Who was erased; nobody in particular is the whole household.
type Erased = BTreeSet<Option<PersonId>>;

/// The changes without what was erased, and who that was.
pub(crate) fn without_erased(writes: &[&Write]) -> (Vec<Write>, Erased) {
    let is_order = |write: &&&Write| {
        write.change.body == Body::Erasure && write.marks.has(EventMarks::ORGANISER)
    };
    let named: Erased = writes.iter().filter(is_order).map(|write| write.change.member).collect();
    let mut erased = named.clone();
    let names = || writes.iter().flat_map(|write| [Some(write.change.id), write.change.was]);
    for name in names().flatten() {
        let root = first(writes, name).0;
        let same = names().flatten().filter(|other| first(writes, *other).0 == root);
        let same = || same.clone().map(PersonId::met);
        if same().any(|person| named.contains(&Some(person))) {
            erased.extend(same().map(Some));
            erased.insert(Some(PersonId::met(root)));
        }
    }
    let left = writes.iter().map(|write| left_of(write, &erased)).collect();
    (left, erased)
}

fn left_of(write: &Write, erased: &Erased) -> Write {
    let mut write = write.clone();
    let whole = erased.contains(&None);
    let gone = |person: &PersonId| whole || erased.contains(&Some(*person));
    let of_them = write.change.member.as_ref().is_some_and(gone);
    let met = PersonId::met(write.change.id);
    match &mut write.change.body {
        Body::Erasure | Body::Erased | Body::DoorMet(_) => {}
        Body::Correction(_) if write.change.member.is_none() => {}
        Body::Imported(file) => file.writes.retain(|it| !it.member.as_ref().is_some_and(gone)),
        body if whole || of_them => *body = Body::Erased,
        body @ Body::PersonMet(_) if gone(&met) => *body = Body::Erased,
        Body::Attempt(attempt) => attempt.people.retain(|(person, _)| !gone(person)),
        _ => {}
    }
    write
}
