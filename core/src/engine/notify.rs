//! Telling the app that something changed: once per commit, with no lock held.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    all: Mutex<BTreeMap<u64, Arc<dyn ChangeListener>>>,
    next: AtomicU64,
    revision: AtomicU64,
}

impl Listeners {
    pub(super) fn add(&self, listener: Arc<dyn ChangeListener>) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id, listener);
        id
    }

    pub(super) fn remove(&self, id: u64) {
        self.lock().remove(&id);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn tell(&self, list: Option<ListId>, household: Option<HouseholdId>) {
        let revision = self.revision.fetch_add(1, Ordering::Relaxed) + 1;
        let notice = ChangeNotice { revision, list, household };
        // Looked up one by one, with no lock held while it is told: a listener may subscribe, close
        // or call back into the engine, and one that was let go meanwhile is told nothing.
        let all: Vec<u64> = self.lock().keys().copied().collect();
        for id in all {
            let listener = self.lock().get(&id).cloned();
            if let Some(listener) = listener {
                listener.changed(&notice);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<dyn ChangeListener>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use super::*;

    /// Lets all listeners go when it is told something.
    struct LetsGo {
        listeners: Weak<Listeners>,
        told: AtomicU64,
    }

    impl ChangeListener for LetsGo {
        fn changed(&self, _: &ChangeNotice) {
            self.told.fetch_add(1, Ordering::Relaxed);
            self.listeners.upgrade().expect("listeners").clear();
        }
    }

    #[test]
    fn a_listener_that_was_let_go_while_others_are_told_is_told_nothing() {
        let listeners = Arc::new(Listeners::default());
        let one = || LetsGo { listeners: Arc::downgrade(&listeners), told: AtomicU64::new(0) };
        let all = [Arc::new(one()), Arc::new(one())];
        for one in &all {
            listeners.add(Arc::<LetsGo>::clone(one));
        }
        listeners.tell(None, None);
        let told = all.each_ref().map(|it| it.told.load(Ordering::Relaxed));
        assert_eq!(told, [1, 0]);
    }
}
