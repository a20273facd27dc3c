//! Keys and databases that are lost or put back: nothing else is held back by it, and nothing
//! stays readable.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_core::engine::{Engine, Error, ImportOptions, NewCampaign, SyncOutcome};
use canvass_core::id::ListId;
use canvass_core::ports::KeyVault;
use canvass_core::store::{ClosedBecause, StoreError, StoreFile};
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PullReply};
use canvass_tests::campaign::{MORNING, TestCampaign};
use canvass_tests::files::files;
use canvass_tests::fixture;
use canvass_tests::temp::TempDir;
use serde_json::{Value, json};

use crate::leases::{HOUR_MS, Lent, changes, copy_folder};

/// Puts `main.db` back as it was in an older copy, and starts the app.
fn put_back(phone: &mut Lent, older: &Path) {
    phone.engine.close();
    put_main_back(&phone.directory(), older);
    phone.restart("put back");
}

/// Puts the `main.db` of a directory that nobody has open back as it was in a copy.
fn put_main_back(directory: &Path, copy: &Path) {
    let main = |file: &Path| file.to_string_lossy().contains("main.db");
    for file in files(directory).into_keys().filter(|file| main(file)) {
        fs::remove_file(file).expect("removed");
    }
    for file in files(copy).into_keys().filter(|file| main(file)) {
        fs::copy(&file, directory.join(file.file_name().expect("a name"))).expect("put back");
    }
}

/// A phone that was given a second list after a copy of its files was made; its first list, and
/// where the copy is.
fn given_a_second_list(campaign: &TestCampaign) -> (Lent, ListId, PathBuf) {
    campaign.post("/lists", &json!({ "turf": 1 }));
    let phone = Lent::joined(campaign, "Ash", &[1]);
    let (first, device) = (phone.list(), phone.device());
    let older = phone.folder.path().join("older");
    copy_folder(&phone.directory(), &older);
    campaign.post(&format!("/lists/2/devices/{device}"), &Value::Null);
    assert_eq!(phone.sync(campaign).outcome, SyncOutcome::Complete);
    (phone, first, older)
}

#[test]
fn a_list_that_an_older_database_does_not_know_comes_anew() {
    let campaign = TestCampaign::small(20);
    let (mut phone, first, older) = given_a_second_list(&campaign);
    put_back(&mut phone, &older);
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    let lists = phone.engine.walk_lists().expect("both lists");
    assert_eq!(lists.len(), 2);
    assert!(lists.iter().any(|known| known.list == first));
}

#[test]
fn a_key_lost_before_the_first_sync_has_ended_is_made_anew() {
    let campaign = TestCampaign::small(21);
    campaign.post("/lists", &json!({ "turf": 1 }));
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let (first, device) = (phone.list(), phone.device());
    campaign.post(&format!("/lists/2/devices/{device}"), &Value::Null);
    // Its rows have come, and the network goes before its lease does.
    let mut replies = 0;
    phone.sync_by(|request| {
        replies += 1;
        let reply = campaign.server.phone(request);
        let mut pulled: PullReply = wire::decoded(&reply.body)?;
        pulled.checkpoint = None;
        (replies == 1).then(|| Reply { body: wire::encoded(&pulled), ..reply })
    });
    let vault = files(&phone.folder.path().join("vault"));
    let names = vault.keys().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    let others =
        names.filter(|alias| alias.contains("list") && !alias.contains(&first.to_string()));
    let others: Vec<String> = others.collect();
    assert_eq!(others.len(), 1, "the second list has a key");
    phone.vault.inner.delete(&others[0]).expect("it is lost");
    phone.restart("after the loss");
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(phone.engine.walk_lists().expect("both lists").len(), 2);
}

#[test]
fn a_key_lost_over_unsent_work_holds_nothing_back() {
    let campaign = TestCampaign::small(14);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    // A push that did not get through: its segment is made, and sealed under the list's key.
    phone.sync_by(|_| None);
    phone.record();
    phone.vault.inner.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.restart("after the loss");
    // Nobody looks at the list: the sync runs in the background.
    let report = phone.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 4));
    assert_eq!(changes(&campaign), 4);
    assert_eq!(phone.why_closed(list), None, "fetched anew");
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 0);
    // The same, and someone looks first.
    phone.record();
    phone.vault.inner.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.restart("after the second loss");
    assert_eq!(phone.engine.walk_lists().expect("the others, if any"), Vec::new());
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::KeyLost));
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 2);
    assert_eq!(phone.sync(&campaign).sent, 2);
}

#[test]
fn a_list_whose_time_is_over_after_its_key_was_lost_holds_nothing_back() {
    let campaign = TestCampaign::small(19);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    phone.sync_by(|_| None);
    phone.vault.inner.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.clock.advance_ms(40 * HOUR_MS);
    campaign.clock.advance_ms(40 * HOUR_MS);
    phone.restart("after the loss");
    assert_eq!(phone.engine.walk_lists().expect("the others, if any"), Vec::new());
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Expired));
    let report = phone.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 2));
    assert_eq!(phone.why_closed(list), None, "it came anew");
}

#[test]
fn a_change_that_nobody_can_read_any_more_holds_back_no_other() {
    let campaign = TestCampaign::small(15);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    phone.engine.close();
    // The disk was full when the note was sealed (its call failed), and now the key is lost.
    let seal = phone.directory().join("unsent.seal");
    let bytes = fs::read(&seal).expect("a sealed copy");
    fs::write(&seal, &bytes[..bytes.len() - 1]).expect("cut short");
    phone.vault.inner.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.restart("after the loss");
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::KeyLost));
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 2);
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(changes(&campaign), 1, "what was sealed");
    assert_eq!(phone.why_closed(list), None, "fetched anew");
    assert_eq!(phone.engine.sync_status().expect("a status").on_this_phone, 0);
    phone.record();
    assert_eq!(phone.sync(&campaign).sent, 2);
    assert_eq!(changes(&campaign), 3);
}

#[test]
fn work_whose_key_is_lost_is_handed_to_another_phone() {
    let campaign = TestCampaign::small(22);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let other = Lent::joined(&campaign, "Birch", &[1]);
    phone.record();
    // A push that did not get through: its segment is made, and sealed under the list's key.
    phone.sync_by(|_| None);
    phone.record();
    let list = phone.list();
    phone.vault.inner.delete(&format!("canvass.list.{list}")).expect("it is lost");
    phone.restart("after the loss");
    let summary = other.engine.peer_summary().expect("a summary");
    let bundle = phone.engine.make_bundle(&summary).expect("a bundle");
    other.engine.apply_bundle(&bundle).expect("taken in");
    assert_eq!(other.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(changes(&campaign), 4, "carried by the other phone");
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(changes(&campaign), 4, "and not doubled");
}

#[test]
fn a_list_that_an_older_database_does_not_know_is_erased_as_it_is_opened() {
    let campaign = TestCampaign::small(23);
    let (mut phone, first, older) = given_a_second_list(&campaign);
    let kept = |folder: &Path| {
        let files = files(folder).into_keys();
        let of_lists = files.filter(|file| file.to_string_lossy().contains("list"));
        of_lists.filter(|file| !file.to_string_lossy().contains(&first.to_string())).count()
    };
    let (vault, directory) = (phone.folder.path().join("vault"), phone.directory());
    assert!(kept(&vault) == 1 && kept(&directory) > 0, "the second list is here");
    put_back(&mut phone, &older);
    assert_eq!((kept(&vault), kept(&directory)), (0, 0), "nobody reads it again");
}

#[test]
fn an_older_database_put_back_by_mistake_costs_a_campaign_without_a_server_no_list() {
    let folder = TempDir::new();
    let copy = |name: &str| folder.path().join(name);
    let directory = copy("phone");
    let clock = Arc::new(SetClock::at(MORNING));
    let mut phone = Phone::seeded(&directory, 24, "solo", clock).expect("a phone");
    phone.engine().close();
    copy_folder(&directory, &copy("older"));
    phone.restart().expect("opened again");
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    phone.engine().create_campaign(&about).expect("a campaign");
    let doors = fixture("offline_day/doors.csv");
    phone.engine().import_path(&doors, &ImportOptions::default(), None).expect("imported");
    let lists = phone.engine().walk_lists().expect("lists");
    phone.engine().close();
    copy_folder(&directory, &copy("newer"));
    put_main_back(&directory, &copy("older"));
    phone.restart().expect("the older one opens");
    phone.engine().close();
    put_main_back(&directory, &copy("newer"));
    phone.restart().expect("the newer one opens");
    assert!(lists[0].progress.doors > 0, "its doors were imported");
    assert_eq!(phone.engine().walk_lists().expect("lists"), lists);
}

#[test]
fn an_older_database_put_back_leaves_no_key_of_a_list_behind() {
    let campaign = TestCampaign::small(16);
    let mut phone = Lent::joined(&campaign, "Ash", &[1]);
    let (list, device) = (phone.list(), phone.device());
    let older = phone.folder.path().join("older");
    copy_folder(&phone.directory(), &older);
    campaign.clock.advance_ms(1_000);
    campaign.post(&format!("/devices/{device}/erase"), &Value::Null);
    phone.sync(&campaign);
    assert_eq!(phone.why_closed(list), None, "it came anew, under another key");
    put_back(&mut phone, &older);
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::KeyLost));
    let kept = files(&phone.folder.path().join("vault"));
    let of_lists = kept.keys().filter(|path| path.to_string_lossy().contains("list"));
    assert_eq!(of_lists.count(), 0, "what the database has forgotten cannot be read either");
    assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(phone.why_closed(list), None);
}

#[test]
fn a_main_database_that_is_gone_is_not_made_anew_when_no_list_is_held() {
    let campaign = TestCampaign::small(17);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let list = phone.list();
    phone.record();
    phone.clock.advance_ms(40 * HOUR_MS);
    assert_eq!(phone.why_closed(list), Some(ClosedBecause::Expired));
    phone.engine.close();
    fs::remove_file(phone.directory().join("main.db")).expect("it is gone");
    let ports = phone.ports("after the loss");
    let opened = Engine::open(&phone.directory(), ports).map(drop);
    let corrupt = Error::Store(StoreError::Corrupt { file: StoreFile::Main }).to_string();
    assert_eq!(opened.map_err(|error| error.to_string()), Err(corrupt));
}

#[test]
fn a_device_shut_out_hands_in_its_own_work_though_it_carries_that_of_others() {
    let campaign = TestCampaign::small(18);
    let phone = Lent::joined(&campaign, "Ash", &[1]);
    let other = Lent::joined(&campaign, "Birch", &[1]);
    phone.record();
    other.record();
    let summary = phone.engine.peer_summary().expect("a summary");
    let bundle = other.engine.make_bundle(&summary).expect("a bundle");
    assert_eq!(phone.engine.apply_bundle(&bundle).expect("taken in").changes, 2);
    campaign.clock.advance_ms(HOUR_MS);
    campaign.post(&format!("/devices/{}/revoke", phone.device()), &Value::Null);
    let report = phone.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::NotEnrolled, 2));
    assert_eq!(changes(&campaign), 2);
    assert_eq!(other.sync(&campaign).sent, 2);
    assert_eq!(changes(&campaign), 4);
}
