//! What the organiser does about who may read what, and lists that come to their end.

use canvass_core::engine::Error;
use canvass_core::id::ListId;
use canvass_core::store::ClosedBecause;

use crate::simulate::Trouble;
use crate::simulate::attack::Watch;
use crate::simulate::world::World;

/// The share of phones that are shut out in one seed, at most: one in so many.
const SHUT_OUT: usize = 4;

impl World {
    /// A list is withdrawn, once in a seed; another one of the same turf takes its place.
    pub(super) fn withdraw(&mut self) -> Result<(), Trouble> {
        if self.campaign.lists.len() < 3 || self.campaign.has_withdrawn {
            return Ok(());
        }
        self.fault("withdrawn");
        self.campaign.withdraw_last()
    }

    /// A list is cut anew.
    pub(super) fn cut_anew(&mut self) -> Result<(), Trouble> {
        let Some(list) = self.chance.one_of(&self.campaign.lists).copied() else { return Ok(()) };
        self.fault("cut_anew");
        self.campaign.cut_anew(list)
    }

    /// A phone is given a list, or one is taken from it.
    pub(super) fn give(&mut self, phone: usize) -> Result<(), Trouble> {
        let Some((device, _)) = self.phones[phone].author else { return Ok(()) };
        let list = self.chance.one_of(&self.campaign.lists).copied();
        let Some(list) = list.filter(|_| !self.phones[phone].is_revoked) else { return Ok(()) };
        let gives = self.chance.below(3) > 0;
        self.fault(if gives { "given" } else { "taken" });
        self.campaign.give(list, device, gives)
    }

    /// What was said of some household is to be forgotten.
    pub(super) fn forget(&mut self) -> Result<(), Trouble> {
        self.fault("erasure");
        self.campaign.erase(&mut self.truth, &mut self.chance)
    }

    /// All lists of a phone are to be erased; what is still its own comes anew.
    pub(super) fn wipe(&mut self, phone: usize) -> Result<(), Trouble> {
        let phone = self.whom(phone);
        let Some((device, _)) = self.phones[phone].author else { return Ok(()) };
        self.fault("wiped");
        self.campaign.order(device, "erase")
    }

    /// A phone is shut out.
    pub(super) fn revoke(&mut self, phone: usize) -> Result<(), Trouble> {
        let phone = self.whom(phone);
        let shut_out = self.phones.iter().filter(|phone| phone.is_revoked).count();
        let Some((device, _)) = self.phones[phone].author else { return Ok(()) };
        if self.phones[phone].is_revoked || (shut_out + 1) * SHUT_OUT > self.phones.len() {
            return Ok(());
        }
        self.fault("revoked");
        self.phones[phone].is_revoked = true;
        self.campaign.order(device, "revoke")
    }

    /// This phone, or the one whose files are kept for the attack.
    fn whom(&mut self, phone: usize) -> usize {
        if self.chance.below(2) == 0 { self.watched } else { phone }
    }

    /// Notes that a list turned out to be closed, and tries to read it all the same.
    pub(super) fn closed(
        &mut self,
        phone: usize,
        list: ListId,
        error: &Error,
    ) -> Result<(), Trouble> {
        let Error::ListClosed { why } = error else { return Ok(()) };
        if !self.phones[phone].closed.insert(list) {
            return Ok(());
        }
        match why {
            ClosedBecause::Expired => self.fault("lease_expired"),
            ClosedBecause::KeyLost => self.fault("list_closed_without_key"),
            ClosedBecause::Withdrawn | ClosedBecause::Wiped => {}
        }
        if phone == self.watched { self.attack() } else { Ok(()) }
    }

    /// Keeps how the watched phone's files are, and tries to read what was erased there.
    pub(super) fn attack(&mut self) -> Result<(), Trouble> {
        let phone = &self.phones[self.watched];
        self.watch.keep(phone.directory())?;
        let told = self.watch.readable(&phone.vault, phone.directory())?;
        self.readable.extend(told.unwrap_or_default());
        Ok(())
    }

    /// The watched phone goes: another one is watched in its place.
    pub(super) fn watch_anew(&mut self) {
        self.watch = Watch::new(&self.folder.join(format!("watch {}", self.copies)));
    }
}
