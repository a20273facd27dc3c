//! Making drafts durable: sealed under the list's key, with a second copy sealed to the campaign,
//! all of them or none.

use crate::change::PendingChange;
use crate::engine::draft::{At, Draft, Drafted, number};
use crate::engine::error::{Error, What};
use crate::engine::view::Saved;
use crate::engine::{Engine, Main, asks, sealed};
use crate::id::{ChangeId, HouseholdId, ListId};
use crate::store::StoreError;

/// The ids of what was recorded in one transaction.
#[derive(Clone, Copy)]
pub(super) struct Recorded {
    pub(super) first: ChangeId,
    pub(super) last: ChangeId,
}

impl From<Recorded> for Saved {
    fn from(recorded: Recorded) -> Self {
        Self { change: recorded.last, attempt: None, person: None }
    }
}

impl Engine {
    /// Makes the drafts' changes durable, all of them or none.
    pub(super) fn record(
        &self,
        list: ListId,
        household: HouseholdId,
        draft: impl FnOnce(&At<'_>) -> Result<Vec<Draft>, Error>,
    ) -> Result<Recorded, Error> {
        let (mut draft, mut count) = (Some(draft), 0);
        let recorded = self.record_doors(list, &[household], |at| {
            let drafts = draft.take().map_or(Ok(Vec::new()), |draft| draft(at))?;
            count = drafts.len();
            Ok(Drafted { drafts, conversation: None })
        })?;
        // What answers lead to comes after what was drafted.
        let last = recorded.get(count.saturating_sub(1));
        let (first, last) = recorded.first().zip(last).ok_or(NOTHING_RECORDED)?;
        Ok(Recorded { first: *first, last: *last })
    }

    /// Makes durable what is drafted for several doors, each once, all of it or nothing; gives
    /// the ids of the changes, in order.
    pub(super) fn record_doors(
        &self,
        list: ListId,
        households: &[HouseholdId],
        mut draft: impl FnMut(&At<'_>) -> Result<Drafted, Error>,
    ) -> Result<Vec<ChangeId>, Error> {
        let opened = self.opened()?;
        let mut main = opened.main();
        sealed::open_for_saving(&opened, &mut main, &self.ports)?;
        let open = opened.list(&main, &self.ports, list)?;
        let mut reader = open.read();
        let (mut next, now) = (next_change(&main)?, self.now());
        let spoken = &self.languages().spoken;
        let first_seq = next.seq;
        let (mut written, mut pending, mut conversations) = (Vec::new(), Vec::new(), Vec::new());
        for household in households {
            let door = reader.door(*household)?;
            let (reader, list) = (&*reader, &*open);
            let at = At { reader, list, main: &main, door: &door, now, spoken, first: next };
            let Drafted { mut drafts, conversation } = draft(&at)?;
            drafts.extend(asks::of_answers(&at, &drafts));
            let changes = number(&at, drafts);
            next.seq += changes.len() as u64;
            for change in &changes {
                pending.push(open.pending(reader, &door, change)?);
            }
            conversations
                .extend(conversation.map(|kept| open.seal_conversation(&self.ports, &kept)));
            written.push((door, changes));
        }
        let seal = |change: &PendingChange| open.seal(&*self.ports.ids, change);
        let sealed: Vec<Vec<u8>> = pending.iter().map(seal).collect();
        let room = match sealed::make_room(&opened, &main, &self.ports, &open, &pending) {
            // Told while nothing is saved yet: what is saved has two copies.
            Err(full @ Error::Store(StoreError::Full)) => return Err(full),
            room => room.ok().flatten(),
        };
        if let Err(error) = main.db.record(list, first_seq, &sealed, &conversations) {
            sealed::leave(&main);
            return Err(error.into());
        }
        // Saved is saved. A second copy that fails is written once more, or made up for later.
        let is_behind = || room.is_none_or(|room| sealed::fill(&main, room).is_err());
        if !pending.is_empty() && is_behind() {
            let _behind = sealed::complete(&opened, &main, &self.ports);
        }
        for (door, changes) in written.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            reader.recorded(door, changes)?;
        }
        drop((reader, main));
        self.listeners.tell(Some(list), only(households));
        Ok(pending.into_iter().map(|pending| pending.change.id).collect())
    }
}

/// A recording call drafts something, or fails before.
const NOTHING_RECORDED: Error = Error::NotFound(What::Change);

/// The household, if there is one only.
const fn only(households: &[HouseholdId]) -> Option<HouseholdId> {
    match households {
        [household] => Some(*household),
        _ => None,
    }
}

/// The id of the next change of this phone.
fn next_change(main: &Main) -> Result<ChangeId, Error> {
    let identity = main.identity()?;
    Ok(ChangeId {
        device: identity.device,
        incarnation: identity.incarnation,
        seq: main.db.next_seq()?,
    })
}
