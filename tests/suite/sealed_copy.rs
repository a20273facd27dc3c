//! The sealed second copy of unsent work: what it survives, who can read it, and that nothing
//! of it counts twice.

use std::fs;
use std::path::Path;
use std::process::Command;

use axum::http::Method;
use canvass_core::change::Envelope;
use canvass_core::engine::{AttemptInput, SyncOutcome};
use canvass_core::ports::SeededIds;
use canvass_core::seal::{Key, OpeningKey, open_for_campaign};
use canvass_core::store::sealed_segments;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::{Value, json};

const DOORS: [&str; 3] = ["2 Willow St", "6 Willow St", "40 Heron Ave 2A"];

fn knock(phone: &TestPhone, address: &str) -> String {
    let door = Some(CanvassResult::NotHome);
    let input = AttemptInput::at_door(phone.list(), phone.door(address), door);
    phone.engine().record_attempt(&input).expect("a knock").change.to_string()
}

fn note(phone: &TestPhone, text: &str) -> String {
    let household = phone.door(DOORS[0]);
    let saved = phone.engine().record_note(phone.list(), household, text).expect("a note");
    saved.change.to_string()
}

fn directory(campaign: &TestCampaign, name: &str) -> std::path::PathBuf {
    campaign.folder.path().join(name)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Puts `main.db` back as it was in another folder.
fn put_back(directory: &Path, older: &Path) {
    for name in ["main.db", "main.db-wal", "main.db-shm"] {
        let _absent = fs::remove_file(directory.join(name));
        if older.join(name).exists() {
            fs::copy(older.join(name), directory.join(name)).expect("put back");
        }
    }
}

#[test]
fn every_save_adds_a_frame_that_only_the_campaign_opens() {
    let campaign = TestCampaign::small(21);
    let ash = campaign.joined("Ash");
    let saved: Vec<String> = DOORS.iter().map(|door| knock(&ash, door)).collect();
    note(&ash, "Canary in the coal mine");
    let path = ash.engine().sealed_copy().expect("a path");
    let frames = sealed_segments(&path).expect("a sidecar");
    assert_eq!(frames.len(), saved.len() + 1);
    let bytes = fs::read(&path).expect("bytes");
    assert!(!bytes.windows(6).any(|window| window == b"Canary"));
    let key = opening_key(&campaign);
    let stranger = OpeningKey::from_seed(&Key::random(&SeededIds::new(9, "stranger")));
    let ids: Vec<String> = frames
        .iter()
        .map(|frame| {
            let envelope = Envelope::read(frame).expect("an envelope");
            assert!(open_for_campaign(&envelope, &stranger).is_err());
            let segment = open_for_campaign(&envelope, &key).expect("opened");
            segment.changes().expect("changes")[0].id.to_string()
        })
        .collect();
    assert_eq!(ids[..3], saved);
    // What the campaign has is kept no longer.
    assert_eq!(ash.sync(&campaign).sent, 4);
    assert_eq!(sealed_segments(&path).expect("a sidecar").len(), 0);
}

fn opening_key_text(campaign: &TestCampaign) -> String {
    campaign.get("/opening-key")["opening_key"].as_str().expect("a key").to_owned()
}

fn opening_key(campaign: &TestCampaign) -> OpeningKey {
    let text = opening_key_text(campaign);
    let bytes: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
        .collect();
    OpeningKey::from_seed(&Key::from_slice(&bytes).expect("a key"))
}

#[test]
fn a_frame_that_power_cut_short_is_made_up_for() {
    let campaign = TestCampaign::small(22);
    let mut ash = campaign.joined("Ash");
    knock(&ash, DOORS[0]);
    let path = ash.engine().sealed_copy().expect("a path");
    let before = fs::read(&path).expect("bytes");
    knock(&ash, DOORS[1]);
    let whole = fs::read(&path).expect("bytes");
    for cut in [before.len(), before.len() + 1, before.len() + 40, whole.len() - 1] {
        ash.engine().close();
        fs::write(&path, &whole[..cut]).expect("cut");
        ash.phone.restart().expect("opened again");
        assert_eq!(changes_in(&path), 2, "cut at {cut}");
    }
    ash.engine().close();
    fs::remove_file(&path).expect("gone");
    ash.phone.restart().expect("opened again");
    assert_eq!(changes_in(&path), 2);
    assert_eq!(ash.sync(&campaign).sent, 2);
}

fn changes_in(sidecar: &Path) -> u32 {
    let frames = sealed_segments(sidecar).expect("a sidecar");
    frames.iter().map(|f| Envelope::read(f).expect("an envelope").header.count).sum()
}

#[test]
fn a_database_put_back_gives_no_number_twice_and_loses_nothing() {
    let campaign = TestCampaign::small(23);
    let mut ash = campaign.joined("Ash");
    let mut saved = vec![knock(&ash, DOORS[0])];
    assert_eq!(ash.sync(&campaign).sent, 1);
    saved.push(knock(&ash, DOORS[1]));
    ash.engine().close();
    let (live, older) = (directory(&campaign, "Ash"), directory(&campaign, "older"));
    copy(&live, &older);
    ash.phone.restart().expect("opened");
    saved.push(note(&ash, "After the copy."));
    saved.push(knock(&ash, DOORS[2]));
    ash.engine().close();
    put_back(&live, &older);
    ash.phone.restart().expect("opened");
    saved.push(note(&ash, "After it was put back."));
    let report = ash.sync(&campaign);
    assert_eq!(report.outcome, SyncOutcome::Complete);
    check(&campaign, &saved);
    agrees(&campaign, &ash);
}

/// All that was saved is exported, once each.
fn check(campaign: &TestCampaign, saved: &[String]) {
    let mut rows = campaign.exported();
    rows.sort();
    let mut expected = saved.to_vec();
    expected.sort();
    assert_eq!(rows, expected);
}

fn agrees(campaign: &TestCampaign, phone: &TestPhone) {
    let digest = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(digest));
    let status = phone.engine().sync_status().expect("a status");
    assert_eq!((status.on_this_phone, status.set_aside), (0, 0));
}

#[test]
fn a_copied_phone_and_its_original_both_keep_their_work() {
    let campaign = TestCampaign::small(24);
    let mut ash = campaign.joined("Ash");
    let mut saved = vec![knock(&ash, DOORS[0])];
    ash.engine().close();
    copy(&directory(&campaign, "Ash"), &directory(&campaign, "Ash copy"));
    ash.phone.restart().expect("opened");
    let clock = ash.clock.clone();
    let open = canvass_cli::phone::Phone::seeded;
    let copied = open(&directory(&campaign, "Ash copy"), 2, "Ash", clock.clone());
    let copied = TestPhone { phone: copied.expect("opened"), clock };
    let original = note(&ash, "From the original.");
    let other = note(&copied, "From the copy.");
    assert_eq!(original, other, "the same number was given for two things");
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(copied.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    saved.push(original);
    let view = ash.engine().household(ash.list(), ash.door(DOORS[0])).expect("a household");
    let mut notes: Vec<&str> = view.notes.iter().map(|note| note.text.as_str()).collect();
    notes.sort_unstable();
    assert_eq!(notes, ["From the copy.", "From the original."]);
    assert_eq!(view.attempts.len(), 1, "what both held counts once");
    let rows = campaign.exported();
    assert_eq!(rows.len(), 3);
    assert!(saved.iter().all(|id| rows.contains(id)));
    agrees(&campaign, &ash);
    agrees(&campaign, &copied);
}

#[test]
fn a_phone_that_lost_its_keys_is_recovered_by_the_campaign_once() {
    let campaign = TestCampaign::small(25);
    let ash = campaign.joined("Ash");
    let mut saved: Vec<String> = vec![knock(&ash, DOORS[0])];
    assert_eq!(ash.sync(&campaign).sent, 1);
    saved.extend([knock(&ash, DOORS[1]), note(&ash, "Side door.")]);
    let seal = ash.engine().sealed_copy().expect("a path");
    ash.engine().close();
    let kept = directory(&campaign, "kept.seal");
    fs::copy(seal, &kept).expect("copied");
    fs::remove_dir_all(directory(&campaign, "Ash")).expect("the phone is gone");
    let key = directory(&campaign, "opening.key");
    fs::write(&key, opening_key_text(&campaign)).expect("written");
    let server = directory(&campaign, "server");
    let stopped = directory(&campaign, "stopped");
    // The backend must not be running: its files are looked at from a copy.
    copy(&server, &stopped);
    assert_eq!(
        recover(&kept, &key, &stopped),
        json!({ "changes": 2, "duplicates": 0, "refused": 0 })
    );
    assert_eq!(
        recover(&kept, &key, &stopped),
        json!({ "changes": 0, "duplicates": 2, "refused": 0 })
    );
    fs::write(&key, "0".repeat(64)).expect("written");
    assert_eq!(run_recover(&kept, &key, &stopped).0, Some(3), "another key opens nothing");
}

fn run_recover(seal: &Path, key: &Path, data: &Path) -> (Option<i32>, String) {
    let output = Command::new(canvass())
        .args(["--json", "recover"])
        .arg(seal)
        .arg("--key")
        .arg(key)
        .arg("--data")
        .arg(data)
        .output()
        .expect("the command runs");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

fn recover(seal: &Path, key: &Path, data: &Path) -> Value {
    let (code, out) = run_recover(seal, key, data);
    assert_eq!(code, Some(0), "{out}");
    serde_json::from_str(out.lines().last().expect("a line")).expect("JSON")
}

/// The real command, built beside this test.
fn canvass() -> std::path::PathBuf {
    let test = std::env::current_exe().expect("this test");
    test.parent().and_then(Path::parent).expect("the target folder").join("canvass")
}

#[test]
fn a_phone_shut_out_joins_anew_with_all_that_it_holds() {
    let campaign = TestCampaign::small(26);
    let ash = campaign.joined("Ash");
    let saved = vec![knock(&ash, DOORS[0]), note(&ash, "Before it was shut out.")];
    let mut replies = 0;
    let refused = ash.phone.sync(|_| {
        replies += 1;
        let body = Vec::new();
        Some(canvass_core::sync::Reply { status: 401, retry_after_s: None, body })
    });
    assert_eq!(refused.expect("no error").outcome, SyncOutcome::NotEnrolled);
    let order = json!({ "canvasser": "Ash", "lists": [1] });
    let made = campaign.post("/invitations", &order);
    let link =
        format!("{}{}", canvass_cli::local_server::ADDRESS, made["path"].as_str().expect("a path"));
    ash.engine().join(&link).expect("the same campaign");
    let report = ash.sync(&campaign);
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 2));
    check(&campaign, &saved);
    // Someone else's invitation is not for this phone; it goes on as it was.
    let other = campaign.post("/invitations", &json!({ "canvasser": "Birch", "lists": [1] }));
    let link = format!(
        "{}{}",
        canvass_cli::local_server::ADDRESS,
        other["path"].as_str().expect("a path")
    );
    ash.engine().join(&link).expect("taken for now");
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::InvitationRefused);
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    let (status, _) = campaign.server.operator_bytes(Method::GET, "/healthz", Vec::new());
    assert_eq!(status, 200);
}
