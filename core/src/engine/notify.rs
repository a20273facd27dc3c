//! Telling the app that something changed: once per commit, with no lock held.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::id::{HouseholdId, ListId};

/// What a commit changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ChangeNotice {
    /// Counts the commits of this engine.
    pub revision: u64,
    /// The list, if it was about one.
    pub list: Option<ListId>,
    /// The household, if it was about one only.
    pub household: Option<HouseholdId>,
}

/// Is told of each commit.
pub trait ChangeListener: Send + Sync {
    /// Something was committed. Called on the thread that committed, after its locks are given
    /// back: reading from the engine in here is allowed.
    fn changed(&self, notice: &ChangeNotice);
}

/// Everyone who wants to be told.
#[derive(Default)]
pub(super) struct Listeners {
    all: Mutex<Vec<(u64, Arc<dyn ChangeListener>)>>,
    next: AtomicU64,
    revision: AtomicU64,
}

impl Listeners {
    pub(super) fn add(&self, listener: Arc<dyn ChangeListener>) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().push((id, listener));
        id
    }

    pub(super) fn remove(&self, id: u64) {
        self.lock().retain(|(known, _)| *known != id);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn tell(&self, list: Option<ListId>, household: Option<HouseholdId>) {
        let revision = self.revision.fetch_add(1, Ordering::Relaxed) + 1;
        let notice = ChangeNotice { revision, list, household };
        // Copied out, so that a listener may subscribe, close, or call back into the engine.
        let all: Vec<_> = self.lock().iter().map(|(_, listener)| Arc::clone(listener)).collect();
        for listener in all {
            listener.changed(&notice);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Arc<dyn ChangeListener>)>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
