//! The end of a list on a phone: its time is over, it is taken back, wiped, or its key is lost.
//! Nothing of it can be read again, and what was unsent reaches the campaign all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use canvass_cli::clock::SetClock;
use canvass_cli::local_server::ADDRESS;
use canvass_core::engine::{
    AttemptInput, Engine, Error, Ports, SyncInput, SyncOutcome, SyncReport, SyncStep,
};
use canvass_core::id::{CampaignId, DeviceId, ListId};
use canvass_core::ports::{Clock, KeyVault, SeededIds, VaultError};
use canvass_core::seal::{FileKeyVault, Key, SigningKey};
use canvass_core::store::{ClosedBecause, Directory, MainDb, StoreError};
use canvass_core::sync::wire::{self, DropRequest, PROTOCOL, PullReply, RevokedReply};
use canvass_core::sync::{Lease, Order, Reply};
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{MORNING, TestCampaign, door};
use canvass_tests::files::{files, files_with};
use canvass_tests::temp::TempDir;
use serde_json::{Value, json};

pub(crate) const HOUR_MS: i64 = 60 * 60 * 1000;
const DOOR: &str = "6 Willow St";
const NOTE: &str = "Noteworthy-gate-code";

/// A key store that can be locked, can lose a key, and can fail when a key is to be destroyed.
pub(crate) struct TryingVault {
    pub(crate) inner: FileKeyVault<SeededIds>,
    state: AtomicU8,
    /// Looks on just before and just after a key is destroyed.
    watch: Mutex<Option<Box<dyn FnMut() + Send>>>,
    /// What is put in the way of removing files, once the key is destroyed.
    stuck: Mutex<Option<PathBuf>>,
}

const SOUND: u8 = 0;
const LOCKED: u8 = 1;
const KEEPS: u8 = 2;
const BLOCKS: u8 = 3;

impl TryingVault {
    fn check(&self, alias: &str) -> Result<(), VaultError> {
        let locked = self.state.load(Ordering::Relaxed) == LOCKED && alias.contains("list");
        if locked { Err(VaultError::Locked) } else { Ok(()) }
    }

    fn looked_at(&self) {
        if let Some(watch) = &mut *self.watch.lock().expect("a lock") {
            watch();
        }
    }
}

impl KeyVault for TryingVault {
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.check(alias)?;
        self.inner.wrap(alias, key)
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.check(alias)?;
        self.inner.unwrap(alias, wrapped)
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        self.check(alias)?;
        if self.state.load(Ordering::Relaxed) == KEEPS {
            return Err(VaultError::Failed);
        }
        self.looked_at();
        let deleted = self.inner.delete(alias);
        self.looked_at();
        if self.state.swap(SOUND, Ordering::Relaxed) == BLOCKS
            && let Some(stuck) = self.stuck.lock().expect("a lock").take()
        {
            fs::create_dir(stuck).expect("a folder in the way");
        }
        deleted
    }
}

/// A phone with its key store beside its directory, so that either can be copied alone.
pub(crate) struct Lent {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) vault: Arc<TryingVault>,
    pub(crate) engine: Engine,
}

fn vault_at(folder: &Path, seed: u64) -> TryingVault {
    TryingVault {
        inner: FileKeyVault::new(&folder.join("vault"), SeededIds::new(seed, "vault")),
        state: AtomicU8::new(SOUND),
        watch: Mutex::new(None),
        stuck: Mutex::new(None),
    }
}

impl Lent {
    /// A phone that has joined with these lists and holds them.
    pub(crate) fn joined(campaign: &TestCampaign, name: &str, lists: &[u32]) -> Self {
        let folder = TempDir::new();
        let clock = Arc::new(SetClock::at(campaign.clock.wall()));
        let vault = Arc::new(vault_at(folder.path(), 1));
        let ids = Arc::new(SeededIds::new(2, name));
        let ports = Ports { clock: clock.clone(), ids, vault: vault.clone() };
        let engine = Engine::open(&folder.path().join("phone"), ports).expect("a phone");
        let order = json!({ "canvasser": name, "lists": lists });
        let made = campaign.post("/invitations", &order);
        let path = made["path"].as_str().expect("a path");
        engine.join(&format!("{ADDRESS}{path}")).expect("an invitation");
        let phone = Self { folder, clock, vault, engine };
        assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete);
        phone
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.folder.path().join("phone")
    }

    pub(crate) fn ports(&self, stream: &str) -> Ports {
        let ids = Arc::new(SeededIds::new(3, stream));
        Ports { clock: self.clock.clone(), ids, vault: self.vault.clone() }
    }

    /// The app's process ends, and it starts anew.
    pub(crate) fn restart(&mut self, stream: &str) {
        self.engine.close();
        self.engine = Engine::open(&self.directory(), self.ports(stream)).expect("it opens");
    }

    pub(crate) fn sync(&self, campaign: &TestCampaign) -> SyncReport {
        self.sync_by(|request| Some(campaign.server.phone(request)))
    }

    pub(crate) fn sync_by(
        &self,
        mut send: impl FnMut(&canvass_core::engine::SyncRequest) -> Option<Reply>,
    ) -> SyncReport {
        let mut input = SyncInput::Begin { now: true };
        loop {
            input = match self.engine.sync_next(input).expect("the engine syncs") {
                SyncStep::Send { request } => match send(&request) {
                    Some(Reply { status, retry_after_s, body }) => {
                        SyncInput::Reply { status, retry_after_s, body }
                    }
                    None => SyncInput::NoAnswer,
                },
                SyncStep::Wait { .. } => SyncInput::Waited,
                SyncStep::Done { report } => return report,
            };
        }
    }

    pub(crate) fn list(&self) -> ListId {
        self.engine.walk_lists().expect("lists").first().expect("a list").list
    }

    /// A knock and a note, unsent.
    pub(crate) fn record(&self) {
        let list = self.list();
        let household = door(&self.engine, list, DOOR).expect("a door");
        let knock = AttemptInput::at_door(list, household, Some(CanvassResult::NotHome));
        self.engine.record_attempt(&knock).expect("a knock");
        self.engine.record_note(list, household, NOTE).expect("a note");
    }

    pub(crate) fn why_closed(&self, list: ListId) -> Option<ClosedBecause> {
        match self.engine.progress(list) {
            Ok(_) => None,
            Err(Error::ListClosed { why }) => Some(why),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.main_db(|main| main.identity().expect("a row").expect("an identity").device)
    }

    /// Looks into `main.db` of a copy: the engine has the directory locked.
    fn main_db<T>(&self, look: impl FnOnce(&MainDb) -> T) -> T {
        let copy = TempDir::new();
        copy_folder(&self.directory(), copy.path());
        let directory = Directory::lock(copy.path()).expect("a directory");
        let ids = SeededIds::new(9, "look");
        let keys = directory.keys(&self.vault.inner, &ids).expect("the main key");
        look(&MainDb::open(&directory, &keys.main).expect("main.db"))
    }
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        if entry.path().is_dir() {
            continue;
        }
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

/// Changes of canvassers that the campaign holds.
pub(crate) fn changes(campaign: &TestCampaign) -> u64 {
    campaign.get("")["changes"].as_u64().expect("a count")
}

fn orders(campaign: &TestCampaign) -> Vec<(bool, bool)> {
    let orders = campaign.get("/orders");
    let orders = orders["orders"].as_array().expect("orders").iter();
    orders.map(|o| (o["list"].is_null(), o["done"].as_bool().expect("a flag"))).collect()
}

#[test]
fn a_lease_that_ends_offline_closes_the_list_and_a_sync_brings_it_anew() {
    let campaign = TestCampaign::small(1);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    let until = phone.engine.walk_lists().expect("lists")[0].readable_until;
    assert_eq!(until, Some(MORNING.plus_millis(36 * HOUR_MS)));
    phone.record();
    phone.clock.advance_ms(36 * HOUR_MS - 1);
    assert_eq!(phone.why_closed(list), None, "the last moment");
    let alias = format!("canvass.list.{list}.key");
    assert!(phone.folder.path().join("vault").join(&alias).exists());
    phone.clock.advance_ms(1);
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Expired));
    assert_eq!(phone.engine.walk_lists().expect("lists"), Vec::new());
    assert!(!phone.folder.path().join("vault").join(&alias).exists());
    let left = files(&phone.directory());
    assert!(left.keys().all(|path| !path.to_string_lossy().contains("list-")));
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 2);
    // Its work leaves, and the list comes anew under another key.
    campaign.clock.advance_ms(37 * HOUR_MS);
    let report = phone.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 2));
    assert_eq!(changes(&campaign), 2);
    assert_eq!(phone.list(), list);
    let household = door(&phone.engine, list, DOOR).expect("the door is back");
    let view = phone.engine.household(list, household).expect("a household");
    assert_eq!(view.attempts.len(), 1, "with what had been recorded");
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 0);
    phone.record();
    assert_eq!(phone.sync(&campaign).sent, 2, "and it is worked on as before");
    assert_eq!(changes(&campaign), 4);
}

#[test]
fn a_wall_clock_that_is_set_opens_nothing_and_closes_nothing() {
    let campaign = TestCampaign::small(2);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    let is_off = || phone.engine.sync_status().expect("a status").clock_is_off;
    assert!(!is_off());
    for year in [2099 - 1970, 0, 1] {
        phone.clock.set(Timestamp::from_seconds(year * 365 * 24 * 3600));
        assert_eq!(phone.why_closed(list), None, "set to {year} years after 1970");
        assert!(is_off());
    }
    phone.clock.set(MORNING);
    assert!(!is_off());
    for hour in 0..40 {
        phone.clock.advance_ms(HOUR_MS);
        phone.clock.set(MORNING);
        let closed = phone.why_closed(list);
        assert_eq!(closed.is_some(), hour >= 35, "hour {hour}, the clock always set back");
    }
}

#[test]
fn restarts_do_not_reset_the_count() {
    let campaign = TestCampaign::small(3);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    let mut on_ms = 0;
    for round in 0..200 {
        phone.clock.advance_ms(20 * 60_000);
        on_ms += 20 * 60_000;
        if phone.why_closed(list).is_some() {
            break;
        }
        assert!(on_ms <= 36 * HOUR_MS, "read beyond the budget");
        phone.clock.reboot();
        phone.clock.set(MORNING);
        phone.clock.advance_ms(20_000);
        on_ms += 20_000;
        phone.restart(&format!("restart {round}"));
    }
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Expired));
    assert!(on_ms > 33 * HOUR_MS, "an honest phone has nearly all of it: {on_ms}");
}

#[test]
fn a_list_that_is_withdrawn_is_erased_and_the_device_signs_for_it() {
    let campaign = TestCampaign::small(4);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    campaign.post("/lists/1/withdraw", &Value::Null);
    assert_eq!(orders(&campaign), [(false, false)]);
    let report = phone.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 2));
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Withdrawn));
    assert_eq!(orders(&campaign), [(false, true)]);
    assert_eq!(changes(&campaign), 2, "late, and accepted");
    let left = files(&phone.directory());
    assert!(left.keys().all(|path| !path.to_string_lossy().contains("list-")));
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Withdrawn));
}

#[test]
fn an_order_to_erase_all_is_carried_out_once_and_the_lists_come_anew() {
    let campaign = TestCampaign::small(5);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let (list, device) = (phone.list(), phone.device());
    let first = phone.main_db(|main| main.lists().expect("rows")[0].fingerprint);
    phone.record();
    campaign.clock.advance_ms(1_000);
    campaign.post(&format!("/devices/{device}/erase"), &Value::Null);
    let mut replies = Vec::new();
    let report = phone.sync_by(|request| {
        let reply = campaign.server.phone(request);
        replies.push(reply.clone());
        Some(reply)
    });
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 2));
    assert_eq!(orders(&campaign), [(true, true)]);
    assert_eq!(phone.why_closed(list), None, "it is still its own, and came anew");
    let key = || phone.main_db(|main| main.lists().expect("rows")[0].fingerprint);
    let second = key();
    assert_ne!(second, first);
    // The same answers again: the order is old, and nothing is erased.
    let mut old = replies.into_iter();
    phone.sync_by(|_| old.next());
    assert_eq!(phone.why_closed(list), None);
    assert_eq!(key(), second);
}

#[test]
fn orders_that_the_campaign_has_not_signed_for_this_device_are_as_if_they_had_not_come() {
    let campaign = TestCampaign::small(6);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let other = Lent::joined(&campaign, "Birch", &[1]);
    let (list, device) = (phone.list(), phone.device());
    let of_campaign = phone.main_db(|main| main.identity().expect("a row").expect("one").campaign);
    let thief = SigningKey::from_seed(&Key::random(&SeededIds::new(7, "thief")));
    let forged = |device| Order::new(of_campaign, device, 9, None, i64::MAX).signed(&thief);
    campaign.post(&format!("/devices/{}/erase", other.device()), &Value::Null);
    let mut others = Vec::new();
    other.sync_by(|request| {
        let reply = campaign.server.phone(request);
        let pulled: Option<PullReply> = wire::decoded(&reply.body);
        others.extend(pulled.into_iter().flat_map(|reply| reply.orders));
        Some(reply)
    });
    assert!(!others.is_empty(), "there is an order to replay");
    phone.sync_by(|request| {
        let reply = campaign.server.phone(request);
        let mut pulled: PullReply = wire::decoded(&reply.body)?;
        pulled.orders.push(forged(device));
        pulled.orders.extend(others.iter().cloned());
        Some(Reply { body: wire::encoded(&pulled), ..reply })
    });
    assert_eq!(phone.why_closed(list), None);
    assert_eq!(phone.main_db(|main| main.last_order().expect("a number")), 0);
    // Nor does a 403 with a forged order erase anything.
    let told = wire::encoded(&RevokedReply { protocol: PROTOCOL, order: forged(device) });
    let report =
        phone.sync_by(|_| Some(Reply { status: 403, retry_after_s: None, body: told.clone() }));
    assert_eq!(report.outcome, SyncOutcome::NotEnrolled);
    assert_eq!(phone.why_closed(list), None);
}

#[test]
fn a_lease_that_the_campaign_has_not_signed_for_this_device_lends_nothing() {
    let campaign = TestCampaign::small(7);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    let first = phone.main_db(|main| main.lists().expect("rows")[0].loan.clone());
    let thief = SigningKey::from_seed(&Key::random(&SeededIds::new(7, "thief")));
    let share = Key::random(&SeededIds::new(8, "share"));
    let (of_campaign, device) = phone.main_db(|main| {
        let identity = main.identity().expect("a row").expect("one");
        (identity.campaign, identity.device)
    });
    let later = MORNING.millis() + 1000 * HOUR_MS;
    let lease = |of: CampaignId, device| Lease::usual(of, device, (1, list, 1), later, &share);
    campaign.clock.advance_ms(HOUR_MS);
    phone.sync_by(|request| {
        let reply = campaign.server.phone(request);
        let mut pulled: PullReply = wire::decoded(&reply.body)?;
        for checkpoint in pulled.checkpoint.iter_mut().flatten() {
            checkpoint.lease = lease(of_campaign, device).signed(&thief);
        }
        Some(Reply { body: wire::encoded(&pulled), ..reply })
    });
    assert_eq!(phone.main_db(|main| main.lists().expect("rows")[0].loan.clone()), first);
    phone.sync(&campaign);
    assert_ne!(phone.main_db(|main| main.lists().expect("rows")[0].loan.clone()), first);
}

#[test]
fn a_device_that_is_revoked_erases_everything_and_its_work_leaves_through_the_drop() {
    let campaign = TestCampaign::small(8);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let late = Lent::joined(&campaign, "Birch", &[1]);
    let (list, device) = (phone.list(), phone.device());
    phone.record();
    late.record();
    campaign.clock.advance_ms(HOUR_MS);
    campaign.post(&format!("/devices/{device}/revoke"), &Value::Null);
    campaign.post(&format!("/devices/{}/revoke", late.device()), &Value::Null);
    let mut paths = Vec::new();
    let report = phone.sync_by(|request| {
        paths.push(request.url.clone());
        let with_token = request.authorization.is_some();
        assert_eq!(with_token, !request.url.ends_with("/v1/drop"), "no token with a drop");
        Some(campaign.server.phone(request))
    });
    assert_eq!((report.outcome, report.sent), (SyncOutcome::NotEnrolled, 2));
    assert!(paths.iter().any(|path| path.ends_with("/v1/drop")), "{paths:?}");
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Wiped));
    assert_eq!(changes(&campaign), 2);
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 0);
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::NotEnrolled);
    assert_eq!(changes(&campaign), 2, "once");
    // Two weeks later it is too late, and told so; the phone keeps what it has, sealed.
    campaign.clock.advance_ms(14 * 24 * HOUR_MS + 1);
    let mut statuses = Vec::new();
    let report = late.sync_by(|request| {
        let reply = campaign.server.phone(request);
        statuses.push(reply.status);
        Some(reply)
    });
    assert_eq!((report.outcome, report.sent), (SyncOutcome::NotEnrolled, 0));
    assert_eq!(statuses.last(), Some(&410));
    assert_eq!(late.engine.sync_status().expect("a status").on_this_phone, 2);
}

#[test]
fn the_drop_takes_only_what_the_device_itself_has_sealed() {
    let campaign = TestCampaign::small(9);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let other = Lent::joined(&campaign, "Birch", &[1]);
    phone.record();
    let of_campaign = phone.main_db(|main| main.identity().expect("a row").expect("one").campaign);
    campaign.clock.advance_ms(HOUR_MS);
    campaign.post(&format!("/devices/{}/revoke", phone.device()), &Value::Null);
    let mut dropped: Option<DropRequest> = None;
    phone.sync_by(|request| {
        if request.url.ends_with("/v1/drop") {
            dropped = wire::decoded(&request.body);
            return None;
        }
        Some(campaign.server.phone(request))
    });
    let dropped = dropped.expect("a drop");
    let send = |request: &DropRequest| {
        let (method, path) = (axum::http::Method::POST, "/v1/drop");
        campaign.server.send(method, path, None, wire::encoded(request)).0
    };
    let elsewhere = DropRequest { campaign: [1; 16].into(), ..dropped.clone() };
    assert_eq!(send(&elsewhere), 403);
    let as_other = DropRequest { device: other.device().to_bytes().into(), ..dropped.clone() };
    assert_eq!(send(&as_other), 403);
    let plain = DropRequest { segments: vec![vec![1, 2, 3].into()], ..dropped.clone() };
    assert_eq!(send(&plain), 400);
    assert_eq!(*dropped.campaign, of_campaign.to_bytes());
    assert_eq!(changes(&campaign), 0);
    assert_eq!((send(&dropped), changes(&campaign)), (200, 2));
    assert_eq!((send(&dropped), changes(&campaign)), (200, 2), "twice is once");
}

#[test]
fn a_key_that_is_lost_is_a_list_erased() {
    let campaign = TestCampaign::small(10);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.vault.inner.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.restart("after the loss");
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::KeyLost));
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(phone.why_closed(list), None, "fetched anew");
    assert!(door(&phone.engine, list, DOOR).is_some());
}

#[test]
fn a_lease_that_is_over_when_it_comes_closes_the_list_and_not_the_sync() {
    let campaign = TestCampaign::small(17);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    // More time has passed here than the server knows of.
    phone.clock.advance_ms(40 * HOUR_MS);
    let report = phone.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 2));
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Expired));
}

#[test]
fn a_locked_key_store_says_try_later_and_changes_nothing() {
    let campaign = TestCampaign::small(11);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    phone.vault.state.store(LOCKED, Ordering::Relaxed);
    phone.restart("locked");
    let locked = |result: Result<_, Error>| matches!(result, Err(Error::Store(StoreError::Locked)));
    assert!(locked(phone.engine.progress(list)));
    phone.vault.state.store(SOUND, Ordering::Relaxed);
    assert_eq!(phone.why_closed(list), None);
    // Nor does it help to keep it locked beyond the end.
    phone.vault.state.store(LOCKED, Ordering::Relaxed);
    phone.restart("locked again");
    phone.clock.advance_ms(40 * HOUR_MS);
    assert!(locked(phone.engine.progress(list)));
    phone.vault.state.store(SOUND, Ordering::Relaxed);
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Expired));
    campaign.clock.advance_ms(40 * HOUR_MS);
    assert_eq!(phone.sync(&campaign).sent, 2);
}

/// States of the directory in which a process may have died while it erased a list, once its
/// unsent work was sealed. The state before that is the one with a locked key store, above.
fn cut_short(phone: &Lent, list: ListId) -> Vec<PathBuf> {
    let keep = |name: &str| phone.folder.path().join(name);
    // The key store fails to destroy the key.
    phone.vault.state.store(KEEPS, Ordering::Relaxed);
    assert!(matches!(phone.engine.progress(list), Err(Error::Store(StoreError::Vault))));
    copy_folder(&phone.directory(), &keep("failed"));
    phone.vault.state.store(SOUND, Ordering::Relaxed);
    // Just before and just after the key is destroyed.
    let (directory, folder) = (phone.directory(), phone.folder.path().to_owned());
    let mut looks = 0;
    *phone.vault.watch.lock().expect("a lock") = Some(Box::new(move || {
        copy_folder(&directory, &folder.join(format!("look {looks}")));
        looks += 1;
    }));
    // With a file that cannot be removed, it stops after `main.db` is stripped.
    let stuck = phone.directory().join(format!("list-{list}.db-stuck"));
    phone.vault.state.store(BLOCKS, Ordering::Relaxed);
    *phone.vault.stuck.lock().expect("a lock") = Some(stuck.clone());
    assert!(phone.engine.progress(list).is_err());
    fs::remove_dir(&stuck).expect("out of the way");
    copy_folder(&phone.directory(), &keep("stripped"));
    ["failed", "look 0", "look 1", "stripped"].map(keep).to_vec()
}

#[test]
fn an_erasure_that_is_cut_short_is_taken_up_again() {
    let campaign = TestCampaign::small(12);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    phone.clock.advance_ms(40 * HOUR_MS);
    campaign.clock.advance_ms(40 * HOUR_MS);
    let states = cut_short(&phone, list);
    phone.engine.close();
    for (at, state) in states.into_iter().enumerate() {
        let folder = TempDir::new();
        copy_folder(&state, &folder.path().join("phone"));
        copy_folder(&phone.folder.path().join("vault"), &folder.path().join("vault"));
        let ids = Arc::new(SeededIds::new(5, &format!("resumed {at}")));
        let vault = Arc::new(vault_at(folder.path(), 6));
        let ports = Ports { clock: phone.clock.clone(), ids, vault: vault.clone() };
        let engine = Engine::open(&folder.path().join("phone"), ports).expect("it opens");
        let resumed = Lent { folder, clock: phone.clock.clone(), vault, engine };
        assert_eq!(resumed.why_closed(list), Some(ClosedBecause::Expired), "{}", state.display());
        let left = files(&resumed.directory());
        assert!(left.keys().all(|path| !path.to_string_lossy().contains("list-")));
        assert_eq!(resumed.engine.sync_status().expect("a status").on_this_phone, 2);
        assert_eq!(resumed.sync(&campaign).outcome, SyncOutcome::Complete);
        assert_eq!(changes(&campaign), 2, "each state sends the same, once");
    }
}

/// Everything that whoever has the phone after the end can try: every file of every moment
/// before, and the key store as it is now.
struct Attack {
    /// Copies of the directory.
    moments: Vec<PathBuf>,
    /// The vault's own directory.
    vault: PathBuf,
}

impl Attack {
    fn aliases(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.vault).expect("the key store").flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter_map(|name| Some(name.strip_suffix(".key")?.to_owned())).collect()
    }

    /// Every row of every table of a database, as bytes; nothing if the key does not open it.
    fn blobs(database: &Path, key: &Key) -> Option<Vec<Vec<u8>>> {
        let open = rusqlite::Connection::open(database).ok()?;
        let digits: Vec<String> = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = digits.concat();
        open.execute_batch("PRAGMA cipher_log_level = NONE").ok()?;
        open.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).ok()?;
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let mut statement = open.prepare(sql).ok()?;
        let tables: Vec<String> =
            statement.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()?;
        let mut blobs = Vec::new();
        for table in tables {
            let mut statement = open.prepare(&format!("SELECT * FROM {table}")).ok()?;
            let columns = statement.column_count();
            let mut rows = statement.query([]).ok()?;
            while let Some(row) = rows.next().ok()? {
                for column in 0..columns {
                    match row.get_ref(column).ok()? {
                        rusqlite::types::ValueRef::Text(bytes)
                        | rusqlite::types::ValueRef::Blob(bytes) => blobs.push(bytes.to_vec()),
                        _ => {}
                    }
                }
            }
        }
        Some(blobs)
    }

    /// Every key that can be had: what the key store unwraps of any blob there is, and what
    /// follows from it by the purposes of this library.
    fn keys(&self, blobs: &BTreeSet<Vec<u8>>, ids: &SeededIds) -> Vec<Key> {
        let vault = FileKeyVault::new(&self.vault, SeededIds::new(1, "attack"));
        let mut keys = Vec::new();
        for moment in &self.moments {
            let directory = Directory::lock(moment).expect("a directory");
            let own = directory.keys(&vault, ids).expect("the main key is still there");
            keys.extend([own.main, own.signing_seed]);
        }
        for alias in self.aliases() {
            for blob in blobs {
                if let Ok(bytes) = vault.unwrap(&alias, blob) {
                    keys.extend(bytes.chunks(32).filter_map(Key::from_slice));
                }
            }
        }
        let purposes =
            ["canvass pending change v1", "canvass unsent segment v1", "canvass lease v1"];
        let derived: Vec<Key> =
            keys.iter().flat_map(|key| purposes.map(|purpose| key.derived(purpose))).collect();
        keys.extend(derived);
        keys
    }

    /// What can be read of a list's files and of what was sealed under its key.
    fn read(&self, list: ListId, changes: u64, ids: &SeededIds) -> Vec<String> {
        let mut read = Vec::new();
        let mut blobs = BTreeSet::new();
        for key in self.keys(&BTreeSet::new(), ids) {
            for moment in &self.moments {
                blobs.extend(Self::blobs(&moment.join("main.db"), &key).into_iter().flatten());
            }
        }
        assert!(!blobs.is_empty(), "main.db itself is open to who has the main key");
        let keys = self.keys(&blobs, ids);
        for key in &keys {
            for moment in &self.moments {
                let file = moment.join(format!("list-{list}.db"));
                if file.exists() && Self::blobs(&file, key).is_some() {
                    read.push(format!("{} opens", file.display()));
                }
            }
            for blob in &blobs {
                let contexts =
                    (0..=changes).map(|seq| [&list.to_bytes()[..], &seq.to_be_bytes()].concat());
                for context in contexts.chain([list.to_bytes().to_vec()]) {
                    if key.open(&context, blob).is_ok() {
                        read.push("a sealed blob opens".to_owned());
                    }
                }
            }
        }
        for mark in [NOTE, "Willow", "Hazel"] {
            if blobs.iter().any(|blob| blob.windows(mark.len()).any(|at| at == mark.as_bytes())) {
                read.push(format!("{mark} stands in main.db"));
            }
        }
        read
    }
}

/// A day of a phone, copied at many moments; and everything that was ever written.
fn watched_day(campaign: &TestCampaign, phone: &Lent) -> Vec<PathBuf> {
    let mut moments = Vec::new();
    let mut keep = |phone: &Lent| {
        let copy = phone.folder.path().join(format!("moment {}", moments.len()));
        copy_folder(&phone.directory(), &copy);
        moments.push(copy);
    };
    keep(phone);
    phone.record();
    keep(phone);
    phone.sync(campaign);
    keep(phone);
    phone.record();
    // A push whose answer is lost: segments are made and stay.
    phone.sync_by(|request| {
        campaign.server.phone(request);
        None
    });
    keep(phone);
    phone.record();
    keep(phone);
    moments
}

/// How a list comes to its end.
type Ending = fn(&TestCampaign, &Lent);

#[test]
fn nothing_of_an_erased_list_can_be_read_again() {
    let endings: [(&str, Ending); 3] = [
        ("expired", |_, phone| phone.clock.advance_ms(40 * HOUR_MS)),
        ("withdrawn", |campaign, phone| {
            campaign.post("/lists/1/withdraw", &Value::Null);
            phone.sync(campaign);
        }),
        ("revoked", |campaign, phone| {
            campaign.clock.advance_ms(HOUR_MS);
            campaign.post(&format!("/devices/{}/revoke", phone.device()), &Value::Null);
            phone.sync_by(|request| {
                (!request.url.ends_with("/v1/drop")).then(|| campaign.server.phone(request))
            });
        }),
    ];
    for (name, end) in endings {
        let campaign = TestCampaign::small(13);
        let phone = Lent::joined(&campaign, "Ash", &[1]);
        let list = phone.list();
        let mut moments = watched_day(&campaign, &phone);
        let (vault, ids) = (phone.folder.path().join("vault"), SeededIds::new(4, "attack"));
        let attack = Attack { moments: moments.clone(), vault: vault.clone() };
        let before = attack.read(list, 8, &ids);
        assert!(before.iter().any(|what| what.contains("opens")), "the attack sees it before");
        end(&campaign, &phone);
        assert!(phone.why_closed(list).is_some(), "{name}");
        let last = phone.folder.path().join("moment last");
        copy_folder(&phone.directory(), &last);
        moments.push(last);
        let attack = Attack { moments: moments.clone(), vault };
        assert_eq!(attack.read(list, 8, &ids), Vec::<String>::new(), "{name}");
        let written: BTreeMap<PathBuf, Vec<u8>> = files(phone.folder.path());
        assert_eq!(files_with(&written, NOTE.as_bytes()), Vec::<PathBuf>::new());
        // An older copy put back in place, with the key store as it is: nothing to read there.
        phone.engine.close();
        for moment in moments {
            let ids = Arc::new(SeededIds::new(5, "restored"));
            let ports = Ports { clock: phone.clock.clone(), ids, vault: phone.vault.clone() };
            let engine = Engine::open(&moment, ports).expect("main.db opens");
            assert!(engine.progress(list).is_err(), "{name}: {}", moment.display());
        }
    }
}
