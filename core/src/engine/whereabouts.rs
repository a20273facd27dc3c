//! Where a record is safe: on this phone, on another one, at the campaign.
//!
//! What is known without asking anyone: what the campaign has acknowledged to this phone, its
//! signed receipts that others handed on, and what other phones have said they hold.

use std::collections::BTreeMap;

use crate::engine::Main;
use crate::engine::error::Error;
use crate::engine::view::SavedWhere;
use crate::id::{ChangeId, DeviceId};

/// How far this phone's work, and what it carries for others, is known to have come.
pub(super) struct Whereabouts {
    device: DeviceId,
    incarnation: u32,
    /// The campaign has each author up to here.
    received: BTreeMap<(DeviceId, u32), u64>,
    /// Some other phone has this phone's present changes up to here.
    elsewhere: u64,
}

impl Whereabouts {
    pub(super) fn of(main: &Main) -> Result<Self, Error> {
        let identity = main.identity()?;
        let (device, incarnation) = (identity.device, identity.incarnation);
        let receipts = main.db.receipts()?.into_iter();
        let mut received: BTreeMap<(DeviceId, u32), u64> =
            receipts.map(|receipt| ((receipt.device, receipt.incarnation), receipt.seq)).collect();
        let own = received.entry((device, incarnation)).or_default();
        *own = identity.acked_seq.max(*own);
        Ok(Self { device, incarnation, received, elsewhere: main.db.held_elsewhere()? })
    }

    /// The campaign has this phone's present changes up to here.
    pub(super) fn own_received(&self) -> u64 {
        self.received.get(&(self.device, self.incarnation)).copied().unwrap_or(0)
    }

    /// Some other phone has them up to here.
    pub(super) const fn own_elsewhere(&self) -> u64 {
        self.elsewhere
    }

    /// Where a change that has not come down as an event is safe.
    fn unsequenced(&self, change: ChangeId) -> SavedWhere {
        let author = (change.device, change.incarnation);
        let is_present = author == (self.device, self.incarnation);
        if self.received.get(&author).is_some_and(|seq| change.seq <= *seq) {
            SavedWhere::AtCampaign
        } else if change.device != self.device || (is_present && change.seq <= self.elsewhere) {
            SavedWhere::OnAnotherPhone
        } else {
            SavedWhere::OnThisPhone
        }
    }

    /// Where a record in a view is safe.
    pub(super) fn saved(&self, change: ChangeId, sequenced: bool) -> SavedWhere {
        if sequenced { SavedWhere::AtCampaign } else { self.unsequenced(change) }
    }
}
