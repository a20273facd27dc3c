//! What the campaign keeps and could not use: shown with its reason, and asked for again.

use crate::engine::Engine;
use crate::engine::error::Error;
use crate::id::{ChangeId, HouseholdId, ListId};
use crate::merge::SetAsideReason;
use crate::say;
use crate::store::PendingState;
use crate::walklist::Address;

/// A change of this phone that the campaign keeps and could not use. Nothing is lost: it is here
/// and there.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SetAsideView {
    /// The change.
    pub change: ChangeId,
    /// The list on which it was recorded.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// Its address, while the list has it and it may be seen.
    pub address: Option<Address>,
    /// Why; nothing for a reason that this build does not know.
    pub reason: Option<SetAsideReason>,
    /// The reason in words.
    pub sentence: String,
    /// The address on one line; empty where it may not be seen.
    pub title: String,
}

impl Engine {
    /// The changes of this phone that the campaign keeps and could not use.
    pub fn set_aside(&self) -> Result<Vec<SetAsideView>, Error> {
        let opened = self.opened()?;
        let main = opened.main();
        let language = self.words();
        let mut views = Vec::new();
        for row in main.db.set_aside()? {
            let PendingState::SetAside(number) = row.state else { continue };
            // A list that cannot be read any more shows nothing; the campaign has the change.
            let Ok(list) = opened.list(&main, &self.ports, row.list) else { continue };
            let Ok(pending) = list.unseal(&row) else { continue };
            let change = pending.change;
            let address = match list.read().door(change.door) {
                Ok(door) => Some(door.row.household.address),
                Err(Error::NotFound(_)) => None,
                Err(error) => return Err(error),
            };
            let reason = SetAsideReason::from_number(number);
            views.push(SetAsideView {
                title: address
                    .as_ref()
                    .map_or_else(String::new, |it| say::address_line(language, it)),
                change: change.id,
                list: row.list,
                household: change.door,
                address,
                reason,
                sentence: say::set_aside(language, reason),
            });
        }
        Ok(views)
    }

    /// Asks the campaign, with the next sync, to try all of them again. What it can use then is
    /// taken in as what it was; the rest stays set aside.
    pub fn retry_set_aside(&self) -> Result<(), Error> {
        let opened = self.opened()?;
        opened.main().db.ask_for_set_aside()?;
        Ok(())
    }
}
