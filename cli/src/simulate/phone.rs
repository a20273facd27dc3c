//! A phone: the real engine on a disk that can fail, with a clock and a key store of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_core::engine::{Engine, Error, Ports};
use canvass_core::id::{ChangeId, DeviceId, HouseholdId, ListId, PersonId};
use canvass_core::store::StoreError;
use canvass_core::time::Timestamp;

use crate::clock::SetClock;
use crate::simulate::Trouble;
use crate::simulate::chance::Chance;
use crate::simulate::disk::DiskFault;
use crate::simulate::mishap::Older;
use crate::simulate::talk::Talk;
use crate::simulate::truth::{Noted, Seen};
use crate::simulate::vault::{SimVault, ids_of};
use crate::simulate::vfs::WatchedFolder;
use crate::simulate::work::{Job, probe};

/// A door that the phone knows, with its people.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) list: ListId,
    pub(super) household: HouseholdId,
    pub(super) people: Vec<PersonId>,
}

/// Something of one's own that may be taken back or put right.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) list: ListId,
    pub(super) household: HouseholdId,
    pub(super) change: ChangeId,
    pub(super) attempt: Option<ChangeId>,
    pub(super) is_note: bool,
    pub(super) at: Timestamp,
}

/// A phone.
pub(super) struct SimPhone {
    pub(super) clock: Arc<SetClock>,
    pub(super) vault: Arc<SimVault>,
    /// The device and incarnation, once something was recorded.
    pub(super) author: Option<(DeviceId, u32)>,
    /// The number of the last change that was recorded, or may have been.
    pub(super) last_seq: u64,
    /// What was seen of each list.
    pub(super) seen: BTreeMap<ListId, Seen>,
    /// The version of the script that is asked, by list: a pull that broke off may have brought
    /// it to one list and not to another.
    pub(super) scripts: BTreeMap<ListId, u32>,
    pub(super) roster: Vec<Place>,
    pub(super) own: Vec<Own>,
    /// The conversations that its canvasser is in.
    pub(super) talks: Vec<Talk>,
    /// What calls that failed would have recorded: they may have done so.
    pub(super) doubtful: Vec<Vec<Noted>>,
    /// No network until then.
    pub(super) offline_until: Timestamp,
    /// The campaign has shut it out.
    pub(super) is_revoked: bool,
    /// Lists that turned out to be closed and have not come anew.
    pub(super) closed: BTreeSet<ListId>,
    /// An older state of its main database.
    pub(super) older: Option<Older>,
    directory: PathBuf,
    disk: WatchedFolder,
    ports: Ports,
    engine: Option<Engine>,
}

impl SimPhone {
    pub(super) fn new(folder: &Path, seed: u64, name: &str, now: Timestamp) -> Self {
        let clock = Arc::new(SetClock::at(now));
        let vault = Arc::new(SimVault::new(seed, name));
        let ids = Arc::new(ids_of(seed, name));
        let directory = folder.join(name);
        let disk = WatchedFolder::of(&directory);
        let ports = Ports { clock: clock.clone(), ids, vault: vault.clone() };
        Self {
            clock,
            vault,
            author: None,
            last_seq: 0,
            seen: BTreeMap::new(),
            scripts: BTreeMap::new(),
            roster: Vec::new(),
            own: Vec::new(),
            talks: Vec::new(),
            doubtful: Vec::new(),
            offline_until: now,
            is_revoked: false,
            closed: BTreeSet::new(),
            older: None,
            directory,
            disk,
            ports,
            engine: None,
        }
    }

    /// The engine, if the app runs.
    pub(super) const fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// Opens the app if it does not run; whether it runs then.
    pub(super) fn open(&mut self) -> Result<bool, Trouble> {
        if self.engine.is_none() {
            match Engine::open(&self.directory, self.ports.clone()) {
                Ok(engine) => self.engine = Some(engine),
                Err(Error::Store(StoreError::Locked)) => return Ok(false),
                Err(error) => return Err(Trouble::engine("open", &error)),
            }
        }
        Ok(true)
    }

    /// Where its files are.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// What its engine is given.
    pub(super) fn ports(&self) -> Ports {
        self.ports.clone()
    }

    /// Takes another key store.
    pub(super) fn with_vault(&mut self, vault: Arc<SimVault>) {
        self.ports.vault = vault.clone();
        self.vault = vault;
    }

    /// Someone has put other files in the place of its own.
    pub(super) fn forget_disk(&self) {
        self.disk.forget();
    }

    /// A record that can be made, if any list is open: at a door that was not cut off it since.
    pub(super) fn probe(&self) -> Result<Option<Job>, Error> {
        let (Some(engine), shown) = (&self.engine, self.shown_lists()?) else { return Ok(None) };
        let is_there = |place: &&Place| engine.household(place.list, place.household).is_ok();
        let mut places = self.roster.iter().filter(|place| shown.contains(&place.list));
        Ok(probe(places.find(is_there)))
    }

    /// Closes the app in order.
    pub(super) fn close(&mut self) {
        self.engine = None;
    }

    /// Lets a fault happen `after` storage events from now.
    pub(super) fn arm(&self, after: u32, fault: DiskFault) {
        self.disk.arm(after, fault);
    }

    /// Whether the fault happened; it will not any more.
    pub(super) fn disarm(&self) -> bool {
        self.disk.disarm()
    }

    /// There is room again.
    pub(super) fn heal(&self) {
        self.disk.heal();
    }

    /// The process is gone in the middle of what it did; the power too, if `power`.
    pub(super) fn crash(&mut self, power: bool, chance: &mut Chance) -> Result<(), Trouble> {
        self.engine = None;
        if power {
            // Everything that was not synced stays, or nothing, or what chance says.
            let way = chance.below(4);
            self.disk.power_cut(|| way == 0 || way > 1 && chance.below(2) == 1)?;
            self.clock.reboot();
        }
        self.disk.heal();
        // The mark of an engine that was not closed in order.
        let lock = self.directory.join("engine.lock");
        if lock.exists() {
            fs::write(lock, b"open\n")?;
        }
        Ok(())
    }

    /// The next change's id, by what is known from outside.
    pub(super) fn next_id(&self) -> Option<ChangeId> {
        let (device, incarnation) = self.author?;
        Some(ChangeId { device, incarnation, seq: self.last_seq + 1 })
    }

    /// Others may have had their say since the last step of its conversations.
    pub(super) fn talks_may_have_moved(&mut self) {
        self.talks.iter_mut().for_each(Talk::may_have_moved);
    }

    /// Notes a change of one's own: it is seen from now on.
    pub(super) fn recorded(&mut self, change: ChangeId) {
        self.author = Some((change.device, change.incarnation));
        self.last_seq = self.last_seq.max(change.seq);
        for seen in self.seen.values_mut() {
            seen.see(change);
        }
    }

    /// Reads which doors there are.
    pub(super) fn read_roster(&mut self) -> Result<(), Error> {
        let Some(engine) = &self.engine else { return Ok(()) };
        let mut roster = Vec::new();
        for list in engine.walk_lists()? {
            for door in engine.doors(list.list, None, 500)?.doors {
                let view = engine.household(list.list, door.household)?;
                let people = view.people.iter().map(|person| person.person).collect();
                roster.push(Place { list: list.list, household: door.household, people });
            }
        }
        self.roster = roster;
        Ok(())
    }

    /// Reads who is at the doors that it shows.
    pub(super) fn read_people(&mut self) {
        let Some(engine) = &self.engine else { return };
        for place in &mut self.roster {
            if let Ok(view) = engine.household(place.list, place.household) {
                place.people = view.people.iter().map(|person| person.person).collect();
            }
        }
    }

    /// Whether it shows a door.
    pub(super) fn knows(&self, household: HouseholdId) -> bool {
        let mut places = self.roster.iter().filter(|place| place.household == household);
        places.any(|place| {
            let view = self.engine.as_ref().map(|e| e.household(place.list, household));
            view.is_some_and(|view| view.is_ok())
        })
    }

    /// Reads which version of the script is asked on each list.
    pub(super) fn read_scripts(&mut self) {
        let Some(engine) = &self.engine else { return };
        for list in self.seen.keys() {
            let mut places = self.roster.iter().filter(|place| place.list == *list);
            let asked = places.find_map(|place| {
                let person = place.people.first()?;
                engine.survey(*list, place.household, *person, "en").ok()
            });
            let version = asked.and_then(|asked| asked.version.strip_prefix('v')?.parse().ok());
            if let Some(version) = version {
                self.scripts.insert(*list, version);
            }
        }
    }

    /// The lists that the phone shows.
    pub(super) fn shown_lists(&self) -> Result<Vec<ListId>, Error> {
        let Some(engine) = &self.engine else { return Ok(Vec::new()) };
        Ok(engine.walk_lists()?.into_iter().map(|list| list.list).collect())
    }
}
