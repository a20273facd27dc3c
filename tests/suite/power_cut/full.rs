//! A full disk: from each write on, the app is told that the storage is full, nothing is half
//! done, and the same thing succeeds once there is room.

use std::path::Path;
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_cli::simulate::DiskFault;
use canvass_cli::simulate::vfs::WatchedFolder;
use canvass_core::engine::{AttemptInput, Error, NewCampaign, Ports, SyncOutcome};
use canvass_core::ports::{KeyVault, SeededIds};
use canvass_core::store::StoreError;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone};
use canvass_tests::temp::TempDir;
use serde_json::Value;

use super::watched::{TimedVault, device, invitation};
use super::{WORK, knock, ready_for_work, state};

/// Nothing here writes more often than this; what does is a loop.
const MOST_EVENTS: u32 = 5_000;

fn open(directory: &Path) -> Result<TestPhone, Error> {
    let clock = Arc::new(SetClock::at(MORNING));
    let ids = Arc::new(SeededIds::new(1, &directory.to_string_lossy()));
    let vault = Arc::new(TimedVault::new(None));
    let phone = Phone::open(directory, Ports { clock: clock.clone(), ids, vault })?;
    Ok(TestPhone { phone, clock })
}

fn is_full(error: &Error) -> bool {
    matches!(error, Error::Store(StoreError::Full))
}

/// Runs something with the disk full from the event `event` on; whether that came to pass, and
/// that the app was told nothing else.
fn with_full_disk(
    disk: &WatchedFolder,
    event: u32,
    what: &str,
    act: impl FnOnce() -> Result<(), Error>,
) -> (bool, bool) {
    disk.arm(event, DiskFault::Full);
    let result = act();
    let happened = disk.disarm();
    disk.heal();
    if let Err(error) = &result {
        assert!(is_full(error) && happened, "{what}, event {event}: {error:?}");
    }
    (happened, result.is_ok())
}

#[test]
fn a_full_disk_at_any_event_of_any_work_leaves_it_not_begun() {
    let folder = TempDir::new();
    let directory = folder.path().join("phone");
    let disk = WatchedFolder::of(&directory);
    let phone = super::open(&directory);
    let list = ready_for_work(&phone, folder.path());
    for (number, work) in WORK.into_iter().enumerate() {
        let what = format!("work {number}");
        let before = state(&phone, list);
        let mut refused = 0;
        for event in 1..MOST_EVENTS {
            let (_, done) = with_full_disk(&disk, event, &what, || work(&phone, list));
            // What a commit leaves to do later may fail without harm.
            if done {
                break;
            }
            assert_eq!(state(&phone, list), before, "{what}, event {event}: half done");
            refused += 1;
        }
        assert!(refused > 0, "{what} writes");
        assert_ne!(state(&phone, list), before, "{what} is done once there is room");
    }
}

#[test]
fn a_full_disk_while_a_campaign_is_made_leaves_nothing_of_it() {
    let folder = TempDir::new();
    for event in 1..MOST_EVENTS {
        let directory = folder.path().join(format!("phone {event}"));
        let disk = WatchedFolder::of(&directory);
        let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
        let vault = Arc::new(TimedVault::new(None));
        let clock = Arc::new(SetClock::at(MORNING));
        let ids = Arc::new(SeededIds::new(1, "full"));
        let ports = Ports { clock, ids, vault };
        let make = || {
            let phone = Phone::open(&directory, ports.clone())?;
            phone.engine().create_campaign(&about).map(drop)
        };
        let (happened, done) = with_full_disk(&disk, event, "a campaign", make);
        let phone = Phone::open(&directory, ports.clone()).expect("there is room again");
        if !done {
            phone.engine().create_campaign(&about).expect("there is room again");
        }
        assert_eq!(phone.engine().walk_lists().expect("lists").len(), 1, "event {event}");
        if !happened {
            assert!(event > 10, "making a campaign writes");
            return;
        }
    }
}

/// A phone that has joined, with work that is unsent, for each event at which its disk is full:
/// none of that work is lost, and all of it is at the campaign once there is room.
fn on_a_phone_with_work(
    campaign: &TestCampaign,
    (what, brings): (&str, usize),
    prepare: impl Fn(&TestPhone),
    act: impl Fn(&TestPhone) -> Result<(), Error>,
) {
    for event in 1..MOST_EVENTS {
        let directory = campaign.folder.path().join(format!("{what} {event}"));
        let disk = WatchedFolder::of(&directory);
        let phone = open(&directory).expect("a phone");
        phone.engine().join(&invitation(campaign)).expect("an invitation");
        assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete);
        knock(&phone.phone, phone.list(), phone.door("2 Willow St"));
        prepare(&phone);
        let known = campaign.exported().len();
        let (happened, done) = with_full_disk(&disk, event, what, || act(&phone));
        let unsent = phone.engine().sync_status().expect("a status").on_this_phone as usize;
        let arrived = campaign.exported().len() - known;
        assert!(unsent + arrived >= 1, "{what}, event {event}: lost");
        if !done {
            act(&phone).expect("there is room again");
        }
        assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete, "{what}, event {event}");
        let left = phone.engine().sync_status().expect("a status").on_this_phone;
        let all = known + 1 + brings;
        assert_eq!((left, campaign.exported().len()), (0, all), "{what}, event {event}");
        if !happened {
            assert!(event > 3, "{what} writes");
            return;
        }
    }
}

fn sync(phone: &TestPhone, campaign: &TestCampaign) -> Result<(), Error> {
    phone.phone.sync(|request| Some(campaign.server.phone(request))).map(drop)
}

#[test]
fn a_full_disk_during_a_sync_loses_nothing() {
    let campaign = TestCampaign::small(1);
    on_a_phone_with_work(&campaign, ("a sync", 0), |_| {}, |phone| sync(phone, &campaign));
}

#[test]
fn a_full_disk_during_a_wipe_loses_nothing() {
    let campaign = TestCampaign::small(2);
    let order = |phone: &TestPhone| {
        campaign.clock.advance_ms(1_000);
        phone.clock.advance_ms(1_000);
        drop(campaign.post(&format!("/devices/{}/erase", device(phone)), &Value::Null));
    };
    on_a_phone_with_work(&campaign, ("a wipe", 0), order, |phone| sync(phone, &campaign));
}

#[test]
fn a_full_disk_while_a_list_expires_loses_nothing() {
    let campaign = TestCampaign::small(3);
    let expire = |phone: &TestPhone| {
        phone.clock.advance_ms(37 * 60 * 60 * 1000);
        phone.engine().walk_lists().map(drop)
    };
    on_a_phone_with_work(&campaign, ("an expiry", 0), |_| {}, expire);
}

#[test]
fn a_full_disk_while_a_bundle_is_taken_in_loses_nothing() {
    let campaign = TestCampaign::small(4);
    let ash = campaign.joined("Ash");
    let holds_nothing = campaign.joined("Dogwood").engine().peer_summary().expect("a summary");
    let say = |_: &TestPhone| {
        assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
        ash.say(ash.door("6 Willow St"), "1");
    };
    let take = |phone: &TestPhone| {
        let bundle = ash.engine().make_bundle(&holds_nothing).expect("a bundle");
        phone.engine().apply_bundle(&bundle).map(drop)
    };
    // An attempt and an answer of Ash's, which reach the campaign by each phone in turn.
    on_a_phone_with_work(&campaign, ("a bundle", 2), say, take);
}

/// When the disk of a phone fails.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    Enrolment,
    Save,
}

/// A phone whose disk fails at an event of that moment, which knocks at a door and then loses the
/// key of its list: whether it came to pass, and how many of the saved changes are missing at the
/// campaign.
fn missing_after_loss(
    campaign: &TestCampaign,
    moment: Moment,
    fault: DiskFault,
    event: u32,
) -> (bool, usize) {
    let directory = campaign.folder.path().join(format!("{moment:?} {fault:?} {event}"));
    let disk = WatchedFolder::of(&directory);
    let clock = Arc::new(SetClock::at(MORNING));
    let ids = Arc::new(SeededIds::new(1, &directory.to_string_lossy()));
    let vault = Arc::new(TimedVault::new(None));
    let ports = Ports { clock: clock.clone(), ids, vault: vault.clone() };
    let phone = Phone::open(&directory, ports.clone()).expect("a phone");
    let phone = TestPhone { phone, clock: clock.clone() };
    let known = campaign.exported().len();
    let join = |phone: &TestPhone| {
        phone.engine().join(&invitation(campaign)).map(drop)?;
        sync(phone, campaign)
    };
    let mut happened = false;
    let mut during = |now: Moment, act: &mut dyn FnMut()| {
        if now == moment {
            disk.arm(event, fault);
        }
        act();
        if now == moment {
            happened = disk.disarm();
            disk.heal();
        }
    };
    during(Moment::Enrolment, &mut || drop(join(&phone)));
    // Whoever joins again opens the sealed copy with it.
    if !phone.engine().sync_status().is_ok_and(|status| status.enrolled) {
        join(&phone).expect("there is room again");
    }
    assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete, "{fault:?}, event {event}");
    let (list, door) = (phone.list(), phone.door("2 Willow St"));
    knock(&phone.phone, list, door);
    let input = AttemptInput::at_door(list, door, Some(CanvassResult::NotHome));
    let mut saved = 1;
    during(Moment::Save, &mut || {
        saved += usize::from(phone.engine().record_attempt(&input).is_ok());
    });
    vault.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.engine().close();
    let phone = Phone::open(&directory, ports).expect("started anew");
    let phone = TestPhone { phone, clock };
    assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete);
    (happened, saved.saturating_sub(campaign.exported().len() - known))
}

fn assert_survives_the_loss(campaign: &TestCampaign, moment: Moment) {
    for fault in [DiskFault::Full, DiskFault::Once] {
        for event in 1..MOST_EVENTS {
            let (happened, missing) = missing_after_loss(campaign, moment, fault, event);
            assert_eq!(missing, 0, "{moment:?}, {fault:?}, event {event}");
            if !happened {
                assert!(event > 3, "{moment:?} writes");
                break;
            }
        }
    }
}

#[test]
fn what_is_saved_on_a_full_disk_survives_the_loss_of_its_key() {
    assert_survives_the_loss(&TestCampaign::small(5), Moment::Save);
}

#[test]
fn what_is_saved_after_an_enrolment_on_a_full_disk_survives_the_loss_of_its_key() {
    assert_survives_the_loss(&TestCampaign::small(6), Moment::Enrolment);
}
