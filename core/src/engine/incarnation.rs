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
    for row in main.db.unsent(|_| true)? {
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
    // Before anything that can fail: what is open knows its changes by their old numbers.
    for entry in main.db.lists()? {
        opened.forget(entry.id);
    }
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
    super::sealed::complete(opened, main, ports)
}

/// A number for the next incarnation: by chance, because a copy of this phone may choose one at
/// the same time, and greater than the present one, because a name counts only when it is of an
/// earlier incarnation. There is room for some four thousand.
fn another(now: u32, ports: &Ports) -> u32 {
    let mut bytes = [0; 4];
    ports.ids.fill(&mut bytes);
    now.saturating_add(1 + (u32::from_le_bytes(bytes) >> 12))
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
        Body::Ask(mut ask) => {
            ask.during = ask.during.map(new);
            Body::Ask(ask)
        }
        Body::FollowUp(mut follow_up) => {
            follow_up.during = follow_up.during.map(new);
            Body::FollowUp(follow_up)
        }
        Body::Literature(attempt) => Body::Literature(new(attempt)),
        Body::Reach(mut reach) => {
            reach.attempt = new(reach.attempt);
            Body::Reach(reach)
        }
        other => other,
    };
    // The first name it had: under that one others may have it already.
    let was = change.was.or(Some(change.id));
    Change { id: new(change.id), base, body, was, ..change }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ports::{Clock, KeyVault, SeededIds, VaultError};
    use crate::time::Timestamp;

    struct Nothing;

    impl Clock for Nothing {
        fn wall(&self) -> Timestamp {
            Timestamp::default()
        }

        fn boot_id(&self) -> String {
            String::new()
        }

        fn since_boot_ms(&self) -> u64 {
            0
        }
    }

    impl KeyVault for Nothing {
        fn wrap(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, VaultError> {
            Err(VaultError::Failed)
        }

        fn unwrap(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, VaultError> {
            Err(VaultError::Failed)
        }

        fn delete(&self, _: &str) -> Result<(), VaultError> {
            Err(VaultError::Failed)
        }
    }

    #[test]
    fn each_incarnation_is_later_than_the_one_before() {
        let ids = Arc::new(SeededIds::new(3, "incarnations"));
        let ports = Ports { clock: Arc::new(Nothing), ids, vault: Arc::new(Nothing) };
        let mut now = 1;
        for _ in 0..1_000 {
            let next = another(now, &ports);
            assert!(next > now, "{next} after {now}");
            now = next;
        }
    }
}
