//! Storage that fails while the engine works on it, and the app started anew after a crash.

use canvass_core::engine::{AttemptView, Engine, Error};

use crate::simulate::Trouble;
use crate::simulate::disk::DiskFault;
use crate::simulate::phone::Own;
use crate::simulate::world::{World, is_refusal};

impl World {
    /// A storage fault that will happen within so many events.
    pub(super) fn storage_fault(&mut self, within: u64) -> StorageFault {
        let after = u32::try_from(1 + self.chance.below(within)).unwrap_or(1);
        let kind = match self.chance.below(8) {
            0..3 => StorageFaultKind::PowerCut,
            3..5 => StorageFaultKind::Kill,
            5..7 => StorageFaultKind::Full,
            _ => StorageFaultKind::Once,
        };
        StorageFault { after, kind }
    }

    /// Calls the engine while a fault is due; whether it happened. After a crash the app has
    /// been started anew.
    pub(super) fn with_fault<T>(
        &mut self,
        phone: usize,
        fault: Option<StorageFault>,
        call: impl FnOnce(&Engine) -> Result<T, Error>,
    ) -> Result<(Result<T, Error>, bool), Trouble> {
        self.arm(phone, fault);
        let result = self.phones[phone].engine().ok_or(Error::Closed).and_then(call);
        Ok((result, self.disarm(phone, fault)?))
    }

    /// Lets a fault be due on a phone's disk.
    pub(super) fn arm(&self, phone: usize, fault: Option<StorageFault>) {
        if let Some(fault) = fault {
            self.phones[phone].arm(fault.after, fault.kind.on_disk());
        }
    }

    /// Whether the fault happened; what had to follow from it has.
    pub(super) fn disarm(
        &mut self,
        phone: usize,
        fault: Option<StorageFault>,
    ) -> Result<bool, Trouble> {
        let fired = self.phones[phone].disarm();
        if let Some(fault) = fault.filter(|_| fired) {
            self.fault(fault.kind.name());
            self.after_fault(phone, fault.kind)?;
        }
        Ok(fired)
    }

    fn after_fault(&mut self, phone: usize, kind: StorageFaultKind) -> Result<(), Trouble> {
        let this = &mut self.phones[phone];
        match kind {
            StorageFaultKind::PowerCut | StorageFaultKind::Kill => {
                let power = kind == StorageFaultKind::PowerCut;
                this.crash(power, &mut self.chance)?;
                this.open()?;
                self.reads_back(phone)
            }
            // There is no room for a while, or it was this once.
            StorageFaultKind::Full | StorageFaultKind::Once => {
                this.heal();
                Ok(())
            }
        }
    }

    /// What was saved is still there after a crash.
    fn reads_back(&mut self, phone: usize) -> Result<(), Trouble> {
        let this = &self.phones[phone];
        let Some(engine) = this.engine() else { return Ok(()) };
        let knocks = this.own.iter().rev().filter(|own| own.attempt == Some(own.change));
        let knocks = knocks.filter(|own| !self.truth.is_erased(own.household));
        // A phone that was copied has another incarnation by now, and its knocks other numbers.
        let is_anew = |own: &Own| this.author.is_some_and(|(_, now)| now != own.change.incarnation);
        let is_it = |own: &Own, seen: &AttemptView| {
            seen.attempt == own.change
                || is_anew(own) && seen.own && seen.at.seconds() == own.at.seconds()
        };
        for own in knocks.take(3) {
            match engine.household(own.list, own.household) {
                Ok(view) if view.attempts.iter().any(|seen| is_it(own, seen)) => {}
                Ok(_) => return Err(Trouble::NotReadBack),
                Err(error) if is_refusal(&error) => {}
                Err(error) => return Err(Trouble::engine("read", &error)),
            }
        }
        Ok(())
    }
}

/// A storage fault that is due.
#[derive(Clone, Copy)]
pub(super) struct StorageFault {
    after: u32,
    kind: StorageFaultKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StorageFaultKind {
    PowerCut,
    Kill,
    Full,
    Once,
}

impl StorageFaultKind {
    const fn on_disk(self) -> DiskFault {
        match self {
            Self::PowerCut | Self::Kill => DiskFault::Dead,
            Self::Full => DiskFault::Full,
            Self::Once => DiskFault::Once,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::PowerCut => "power_cut",
            Self::Kill => "kill",
            Self::Full => "disk_full",
            Self::Once => "io_error",
        }
    }
}
