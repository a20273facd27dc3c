//! Another incarnation: what a phone does when its database was put back or copied.
//!
//! Numbers that were given already must not be given again for something else. So unsent
//! changes are written anew under new numbers, each naming the one it had (`was`); whoever has
//! been told the old number still knows it. Nothing is dropped, and a person sees nothing of it.

use std::collections::BTreeMap;

use crate::change::{Body, Change, PendingChange, SegmentHeader};
use crate::engine::error::Error;
use crate::engine::{Main, Opened, Ports, segments};
use crate::id::{ChangeId, ListId};
use crate::store::Sidecar;

/// Begins another incarnation if the sealed copy knows of numbers that this database has not
/// given: it is an older copy of itself.
pub(super) fn check_restored(opened: &Opened, main: &mut Main, ports: &Ports) -> Result<(), Error> {
    let Some((incarnation, seq)) = main.sidecar.borrow().as_ref().and_then(Sidecar::highest) else {
        return Ok(());
    };
    let now = main.identity()?.incarnation;
    let is_older = if incarnation == now {
        seq >= main.db.next_seq()?
    } else {
        // Power may have gone before the copy had heard of the present one.
        incarnation != main.db.was_incarnation()?
    };
    if is_older { begin(opened, main, ports) } else { Ok(()) }
}

/// Writes all unsent changes anew, as another incarnation.
pub(super) fn begin(opened: &Opened, main: &mut Main, ports: &Ports) -> Result<(), Error> {
    let identity = main.identity()?.clone();
    let next = another(identity.incarnation, ports);
    let mut kept: Vec<(ListId, PendingChange)> = Vec::new();
    let mut names: BTreeMap<ChangeId, ChangeId> = BTreeMap::new();
    for row in main.db.unsent()? {
        // What cannot be read here leaves as the sealed copy, under its old number.
        let Ok(list) = segments::of(opened, main, ports, row.list) else { continue };
        let pending = list.unseal(&row)?;
        let seq = kept.len() as u64 + 1;
        names.insert(pending.change.id, ChangeId { seq, incarnation: next, ..pending.change.id });
        kept.push((row.list, pending));
    }
    let mut sealed = Vec::with_capacity(kept.len());
    for (list, pending) in kept {
        let change = renumbered(pending.change, &names);
        let open = segments::of(opened, main, ports, list)?;
        sealed.push((list, open.seal(&*ports.ids, &PendingChange { change, ..pending })));
    }
    main.db.begin_incarnation(next, &sealed)?;
    main.identity = main.db.identity()?;
    if let Some(sidecar) = main.sidecar.borrow_mut().as_mut() {
        let is_renumbered = |seq| {
            let id = ChangeId { seq, incarnation: identity.incarnation, device: identity.device };
            names.contains_key(&id)
        };
        // Copies of what is gone from here are sent under their old numbers, and for that those
        // before them must not be missing: what arrives twice counts once.
        let is_gone = |header: &SegmentHeader| {
            header.incarnation == identity.incarnation
                && !(header.first_seq..header.end_seq()).all(is_renumbered)
        };
        let gone = sidecar.frames().iter().map(|frame| frame.header).filter(is_gone);
        let last_gone = gone.map(|header| header.first_seq).max().unwrap_or(0);
        sidecar.keep(|header| {
            header.incarnation != identity.incarnation || header.first_seq <= last_gone
        })?;
    }
    super::sealed::complete(opened, main, ports)?;
    let lists: Vec<ListId> = main.db.lists()?.into_iter().map(|entry| entry.id).collect();
    lists.into_iter().for_each(|list| opened.forget(list));
    Ok(())
}

/// A number for the next incarnation: by chance, because a copy of this phone may choose one at
/// the same time.
fn another(now: u32, ports: &Ports) -> u32 {
    let mut bytes = [0; 4];
    ports.ids.fill(&mut bytes);
    let chosen = u32::from_le_bytes(bytes).max(2);
    if chosen == now { chosen ^ 2 } else { chosen }
}

/// A change under its new number, with what it names of the others under theirs.
fn renumbered(change: Change, names: &BTreeMap<ChangeId, ChangeId>) -> Change {
    let new = |id: ChangeId| names.get(&id).copied().unwrap_or(id);
    let mut base: Vec<ChangeId> = change.base.iter().map(|id| new(*id)).collect();
    base.sort_unstable();
    let body = match change.body {
        Body::Attempt(mut attempt) => {
            attempt.corrects = attempt.corrects.map(new);
            Body::Attempt(attempt)
        }
        Body::Answer(mut answer) => {
            answer.attempt = new(answer.attempt);
            Body::Answer(answer)
        }
        Body::Note(mut note) => {
            note.edits = note.edits.map(new);
            Body::Note(note)
        }
        Body::Undo(target) => Body::Undo(new(target)),
        other => other,
    };
    Change { id: new(change.id), base, body, was: Some(change.id), ..change }
}
