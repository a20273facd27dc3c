//! The engine: everything a canvassing app asks for, in whole steps.
//!
//! One engine directory is one campaign on one phone. Calls may come from any thread. A call
//! that records returns once the change is durable. Long work never holds up reading: a pull is
//! written beside the readers and shown when it is whole.
//!
//! Locks are always taken in this order, and none is held while the app is called:
//! conversation, main, lists, one list's reader.
//!
//! A panic is a defect of this library. Whatever was saved stays saved. After one in a read the
//! engine goes on; after one in a call that writes it answers [`Error::Panicked`] until it is
//! closed and opened again.

mod access;
mod ahead;
mod apply;
mod asks;
mod bundle;
mod calls;
mod claims;
mod conflict;
mod converse;
mod diagnostics;
mod door;
mod draft;
mod error;
mod export;
mod follow_ups;
mod import;
mod incarnation;
mod join;
mod kept;
mod language;
mod lists;
mod map;
mod notify;
mod offers;
mod order;
mod read;
mod record;
mod recording;
mod repair;
mod results;
mod sealed;
mod segments;
mod set_aside;
mod shift;
mod status;
mod streets;
mod survey;
mod sync;
mod view;
mod whereabouts;
mod wipe;
mod words;

pub use ahead::{DirectionStep, DirectionsView};
pub use asks::{AskInput, ConsentInput};
pub use bundle::BundleReport;
pub use calls::{CallInput, OfferedResult};
pub use converse::{ConversationInput, ConversationScreen};
pub use diagnostics::{
    Diagnostics, ErrorDiagnostics, FileDiagnostics, ListCondition, ListDiagnostics, VaultCondition,
};
pub use error::{Error, What};
pub use export::{ExportFormat, ExportedFile};
pub use follow_ups::FollowUpInput;
pub use import::{ImportOptions, NewCampaign, ProgressListener};
pub use map::MapFeatures;
pub use notify::{ChangeListener, ChangeNotice};
pub use order::PlannedOrder;
pub use record::{AnswerInput, AttemptInput, ContactInput, CorrectionInput, PersonMetInput};
pub use results::{DoorSaved, FloorView, ResultInput};
pub use set_aside::SetAsideView;
pub use shift::{OrderAgain, PlannedShift, ShiftInput};
pub use sync::{SyncInput, SyncOutcome, SyncReport, SyncRequest, SyncStep};
pub use view::{
    AccessView, AskChoice, AskView, AttemptView, CandidateView, ClaimOutcome, ClaimResult,
    ClaimView, ConflictSubject, ConflictView, ConsentView, ContactView, CorrectionView, DoorPage,
    DoorView, DoorWindow, FollowUpView, HouseholdNote, HouseholdView, NearbyDoor, NextStop,
    NotContacted, NoticeKind, NoticeView, PersonResult, PersonView, ResultChoice, Saved,
    SavedWhere, SyncStatus, WalkListSummary, WalkListView,
};

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::lists::OpenList;
use crate::engine::notify::Listeners;
use crate::id::ListId;
use crate::ports::{Clock, IdSource, KeyVault};
use crate::seal::SigningKey;
use crate::store::{ClosedBecause, Directory, Identity, ListEntry, MainDb, Sidecar, StoreError};
use crate::sync::Machine;
use crate::time::Timestamp;

/// What the engine needs from outside.
#[derive(Clone)]
pub struct Ports {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives bytes for ids, keys and nonces.
    pub ids: Arc<dyn IdSource>,
    /// Keeps keys.
    pub vault: Arc<dyn KeyVault>,
}

/// One campaign on one phone.
pub struct Engine {
    ports: Ports,
    listeners: Listeners,
    languages: Mutex<language::Languages>,
    health: Mutex<diagnostics::Health>,
    opened: Mutex<Option<Arc<Opened>>>,
}

/// What is there between opening and closing.
struct Opened {
    directory: Directory,
    signing: SigningKey,
    conversation: Mutex<sync::Conversation>,
    main: Mutex<Main>,
    lists: Mutex<BTreeMap<ListId, Arc<OpenList>>>,
}

struct Main {
    db: MainDb,
    identity: Option<Identity>,
    time: wipe::Time,
    /// The sealed second copy of unsent work, once this phone is enrolled.
    sidecar: RefCell<Option<Sidecar>>,
}

impl Main {
    fn identity(&self) -> Result<&Identity, Error> {
        self.identity.as_ref().ok_or(Error::NoCampaign)
    }

    fn put(&mut self, identity: Identity) -> Result<(), Error> {
        self.db.put_identity(&identity)?;
        self.identity = Some(identity);
        Ok(())
    }

    /// Becomes part of a campaign and holds its list, both or neither.
    fn put_with_list(&mut self, identity: Identity, list: &ListEntry) -> Result<(), Error> {
        self.db.put_identity_and_list(&identity, list)?;
        self.identity = Some(identity);
        Ok(())
    }
}

impl Engine {
    /// Opens the engine in a directory, which is made if it is absent.
    ///
    /// The directory must not be backed up to a cloud, and no other engine may have it open.
    /// A damaged file, a newer file, a lost key or a wrong one is a typed error; nothing is
    /// deleted or made anew in its place. Lists whose time is over are erased.
    pub fn open(directory: &Path, ports: Ports) -> Result<Self, Error> {
        let directory = Directory::lock(directory)?;
        let keys = directory.keys(&*ports.vault, &*ports.ids)?;
        let db = MainDb::open(&directory, &keys.main)?;
        let identity = db.identity()?;
        let time = wipe::Time::kept(&db)?;
        let opened = Opened {
            directory,
            signing: SigningKey::from_seed(&keys.signing_seed),
            conversation: Mutex::new(sync::Conversation::new(Machine::default())),
            main: Mutex::new(Main { db, identity, time, sidecar: RefCell::default() }),
            lists: Mutex::new(BTreeMap::new()),
        };
        {
            let mut main = opened.main();
            sealed::open(&opened, &mut main, &ports)?;
            // What does not succeed now is tried again by each call that asks for the list.
            let _later = opened.sweep(&main, &ports);
        }
        Ok(Self {
            ports,
            listeners: Listeners::default(),
            languages: Mutex::default(),
            health: Mutex::default(),
            opened: Mutex::new(Some(Arc::new(opened))),
        })
    }

    /// Closes the engine. Every later call is [`Error::Closed`], a second close does nothing;
    /// no listener is told anything after this returns.
    pub fn close(&self) {
        self.listeners.clear();
        if let Some(opened) = self.lock_opened().take().filter(|opened| !opened.is_broken()) {
            // The mark only spares the next opening a check of every page.
            let _unmarked = opened.directory.mark_closed();
        }
    }

    /// Has `listener` told of every commit from now on; gives a number for
    /// [`Engine::unsubscribe`].
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Result<u64, Error> {
        self.opened()?;
        Ok(self.listeners.add(listener))
    }

    /// Stops telling this listener.
    pub fn unsubscribe(&self, subscription: u64) {
        self.listeners.remove(subscription);
    }

    fn lock_opened(&self) -> MutexGuard<'_, Option<Arc<Opened>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> Result<Arc<Opened>, Error> {
        let opened = self.lock_opened().clone().ok_or(Error::Closed)?;
        if opened.is_broken() { Err(Error::Panicked) } else { Ok(opened) }
    }

    /// Says why no call is answered, if none is: the engine is closed, or a defect stopped it.
    pub fn check_open(&self) -> Result<(), Error> {
        self.opened().map(drop)
    }

    /// Whether calls are answered: the engine is open, and no defect of this library has stopped
    /// it. One that is stopped says [`Error::Panicked`] to every call; closed and opened again it
    /// goes on with everything that was saved.
    #[must_use]
    pub fn can_go_on(&self) -> bool {
        self.opened().is_ok()
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.wall()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
    }
}

impl Opened {
    /// Whether a call panicked while it held what all calls share: what is in memory may be half
    /// changed. What is in the files is not, for a transaction that is not committed is undone.
    fn is_broken(&self) -> bool {
        self.main.is_poisoned() || self.conversation.is_poisoned() || self.lists.is_poisoned()
    }

    fn main(&self) -> MutexGuard<'_, Main> {
        self.main.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A list that this phone holds and may read now, opened if it is not. Every call that
    /// reads or records comes by here.
    fn list(&self, main: &Main, ports: &Ports, id: ListId) -> Result<Arc<OpenList>, Error> {
        let entry = main.db.list(id)?.ok_or(Error::NotFound(What::List))?;
        self.admit(main, ports, &entry)?;
        match self.open_list(main, ports, &entry) {
            // Without its key it cannot be read: the same as erased.
            Err(Error::Store(StoreError::KeyLost { .. })) if comes_anew(main, &entry) => {
                Err(self.closed(main, ports, &entry, ClosedBecause::KeyLost))
            }
            list => list,
        }
    }

    /// A list that this phone holds, whether it may be read or is about to be erased.
    fn open_list(
        &self,
        main: &Main,
        ports: &Ports,
        entry: &ListEntry,
    ) -> Result<Arc<OpenList>, Error> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        // One that a call panicked in while it read is opened anew from its file.
        if let Some(list) = lists.get(&entry.id).filter(|list| !list.is_broken()) {
            return Ok(Arc::clone(list));
        }
        let key = crate::store::list_key(entry, &*ports.vault)?;
        let entry = entry.clone();
        let id = entry.id;
        let list =
            Arc::new(OpenList::open(&self.directory, &main.db, main.identity()?, entry, key)?);
        lists.insert(id, Arc::clone(&list));
        Ok(list)
    }

    /// Makes a list with a key of its own; its file is made when it is first opened.
    fn new_list(&self, main: &Main, ports: &Ports, about: NewList) -> Result<Arc<OpenList>, Error> {
        let id = about.id;
        // A file that a database put back has forgotten is of another key.
        self.forget(id);
        self.directory.remove_list(id)?;
        main.db.put_list(&about.entry(ports)?)?;
        self.list(main, ports, id)
    }

    /// Closes the connections with which a conversation wrote to lists.
    fn end_writing(&self) {
        let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.values().for_each(|list| list.end_writing());
    }

    /// Forgets an open list, so that it is opened anew with what is known of it now.
    fn forget(&self, id: ListId) {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// Whether the phone is in a campaign that has a server.
fn has_server(main: &Main) -> bool {
    main.identity.as_ref().is_some_and(|identity| identity.server.is_some())
}

/// Whether a campaign's server gives a list out, so that it comes anew when it is erased here:
/// also one whose first sync was broken off before its lease came.
fn comes_anew(main: &Main, entry: &ListEntry) -> bool {
    has_server(main) || entry.loan.is_some()
}

/// A list to be made.
struct NewList {
    id: ListId,
    number: u32,
    epoch: u32,
    name: String,
}

impl NewList {
    /// What is known of the list from now on, its new key with it.
    fn entry(self, ports: &Ports) -> Result<ListEntry, Error> {
        let (key, wrapped_key) = crate::store::new_list_key(self.id, &*ports.vault, &*ports.ids)?;
        Ok(ListEntry {
            id: self.id,
            number: self.number,
            epoch: self.epoch,
            name: self.name,
            wrapped_key,
            fingerprint: key.fingerprint(),
            withdrawn: false,
            loan: None,
            closed: None,
            erased: false,
        })
    }
}
