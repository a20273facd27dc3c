//! By the book: what two people did side by side, pair by pair.

use std::collections::BTreeSet;

use canvass_core::change::Body;
use canvass_core::id::ChangeId;
use canvass_core::merge::{SoftConflict, Write};
use canvass_core::survey::ContactChannel;
use canvass_core::walklist::CanvassResult;

use crate::model::{Book, Meaning, name, rank};
use crate::model_talk::at;

type Soft = (&'static str, ChangeId, ChangeId);

fn is_other(one: &Write, other: &Write) -> bool {
    one.canvasser != other.canvasser && one.change.id.device != other.change.id.device
}

pub(crate) fn soft(book: &Book<'_>, meaning: &Meaning) -> BTreeSet<Soft> {
    let mut found = BTreeSet::new();
    for undo in book.writes.values() {
        let Body::Undo(target) = undo.change.body else { continue };
        if !book.may(undo, target) {
            continue;
        }
        let id = undo.change.id;
        for word in book.words.iter().filter(|word| is_other(word.write, undo)) {
            let later = word.write.change.id;
            if book.is_live(word) && book.has_seen(&word.field, later, target) {
                found.insert(("written on", id, later));
            }
        }
        for write in book.writes.values().filter(|write| is_other(write, undo)) {
            if matches!(&write.change.body, Body::Answer(answer) if answer.attempt == target) {
                found.insert(("answer", id, write.change.id));
            }
        }
    }
    let met: Vec<(&ChangeId, &String)> = meaning.people_met.iter().collect();
    for (second, name) in &met {
        let first = met.iter().find(|(_, other)| other == name).map_or(**second, |(id, _)| **id);
        if is_other(book.writes[&first], book.writes[*second]) {
            found.insert(("met", first, **second));
        }
    }
    let heads = book.heads(&name(None, "access"));
    if let Some(shown) = heads.iter().max_by_key(|word| rank(word)) {
        let others = heads.iter().filter(|word| word.value != shown.value);
        if let Some(other) = others.max_by_key(|word| rank(word)) {
            found.insert(("access", other.write.change.id, shown.write.change.id));
        }
    }
    for (call, (who, channel, _)) in &meaning.calls {
        let word = match channel {
            ContactChannel::Phone => CanvassResult::DoNotCall,
            _ => CanvassResult::DoNotText,
        };
        let when = |id: &ChangeId| (at(book.writes[id]), *id);
        let asked =
            meaning.attempts.iter().filter(|(_, (_, people))| people.get(who) == Some(&word));
        let first = asked.map(|(id, _)| when(id)).min();
        if let Some((_, asked)) = first.filter(|first| *first < when(call)) {
            found.insert(("reached", asked, *call));
        }
    }
    found
}

/// What the core found, in the words of the model.
pub(crate) fn told(soft: SoftConflict) -> Soft {
    let [one, other] = soft.changes();
    match soft {
        SoftConflict::WrittenOnSince { .. } => ("written on", one, other),
        SoftConflict::AnswerWentToo { .. } => ("answer", one, other),
        SoftConflict::MetTwice { .. } => ("met", one, other),
        SoftConflict::AccessDiffers { .. } => ("access", one, other),
        SoftConflict::ReachedThough { .. } => ("reached", one, other),
    }
}
