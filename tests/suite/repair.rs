//! A phone's list file that differs from the campaign: only the doors that differ are fetched
//! again, both sides agree afterwards, and unsent work is where it was.

use canvass_core::engine::{AttemptInput, SyncOutcome, SyncReport, SyncRequest};
use canvass_core::ports::SeededIds;
use canvass_core::seal::FileKeyVault;
use canvass_core::store::database::{self, Migrations};
use canvass_core::store::{Directory, MainDb, StoreFile, list_key};
use canvass_core::sync::wire::{self, CompareReply, part};
use canvass_core::walklist::CanvassResult;
use canvass_tests::author::Author;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::json;

const SCHEMA: [&str; 5] = [
    include_str!("../../core/src/store/sql/list_001.sql"),
    include_str!("../../core/src/store/sql/list_002.sql"),
    include_str!("../../core/src/store/sql/list_003.sql"),
    include_str!("../../core/src/store/sql/list_004.sql"),
    include_str!("../../core/src/store/sql/list_005.sql"),
];

/// Does something to the file of a phone's list behind the engine's back, while the app is
/// closed.
fn damage(campaign: &TestCampaign, phone: &mut TestPhone, name: &str, what: impl Fn(&Connection)) {
    phone.engine().close();
    let path = campaign.folder.path().join(name);
    let vault = FileKeyVault::new(&path.join("keys"), SeededIds::new(9, "vault"));
    let directory = Directory::lock(&path).expect("the app is closed");
    let keys = directory.keys(&vault, &SeededIds::new(9, "reader")).expect("keys");
    let lists = MainDb::open(&directory, &keys.main).expect("main.db").lists().expect("lists");
    let entry = lists.first().expect("a list");
    let key = list_key(entry, &vault).expect("a key");
    let migrations = Migrations { file: StoreFile::List, steps: &SCHEMA };
    let file = path.join(format!("list-{}.db", entry.id));
    let file = database::open(&file, &key, &migrations).expect("the list");
    file.execute_batch("PRAGMA foreign_keys = OFF").expect("a setting");
    what(&file);
    drop(file);
    drop(directory);
    phone.phone.restart().expect("opened again");
}

fn knock(phone: &TestPhone, address: &str) {
    let door = Some(CanvassResult::NotHome);
    let input = AttemptInput::at_door(phone.list(), phone.door(address), door);
    phone.engine().record_attempt(&input).expect("a knock");
}

/// A knock at some door where nobody knocked before.
fn knock_somewhere_new(phone: &TestPhone) {
    let page = phone.engine().doors(phone.list(), None, 500).expect("doors");
    let new = page.doors.iter().find(|door| door.knocks == 0).expect("a door");
    let door = Some(CanvassResult::NotHome);
    let input = AttemptInput::at_door(phone.list(), new.household, door);
    phone.engine().record_attempt(&input).expect("a knock");
}

const STREET: [&str; 3] = ["2 Willow St", "6 Willow St", "14 Willow St"];

/// A campaign in which something was recorded at some doors, and a phone that holds it all.
fn walked(seed: u64) -> (TestCampaign, TestPhone) {
    let campaign = TestCampaign::small(seed);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    for address in STREET {
        knock(&birch, address);
        birch.say(birch.door(address), "2");
    }
    let sent = birch.sync(&campaign).sent;
    assert!(sent >= 6);
    assert_eq!(ash.sync(&campaign).received, sent);
    (campaign, ash)
}

/// What went over the line in comparisons: doors told of, bytes down.
#[derive(Debug, Default)]
struct Compared {
    requests: usize,
    doors: u32,
    bytes: usize,
    pulls: usize,
}

fn sync(campaign: &TestCampaign, phone: &TestPhone) -> (SyncReport, Compared) {
    let mut seen = Compared::default();
    let send = |request: &SyncRequest| {
        let reply = campaign.server.phone(request);
        seen.pulls += usize::from(request.url.ends_with("/v1/pull"));
        if request.url.ends_with("/v1/compare") {
            assert_eq!(reply.status, 200);
            let told: CompareReply = wire::decoded(&reply.body).expect("an answer");
            let doors = told.parts.iter().filter(|part| part.kind == part::DOORS);
            seen.requests += 1;
            seen.doors += doors.map(|part| part.rows).sum::<u32>();
            seen.bytes += reply.body.len() + request.body.len();
        }
        Some(reply)
    };
    let report = phone.phone.sync(send).expect("no error");
    (report, seen)
}

fn assert_agrees(campaign: &TestCampaign, phone: &TestPhone) {
    let digest = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(digest));
}

/// Every household as a screen shows it.
fn screens(phone: &TestPhone) -> Vec<String> {
    let page = phone.engine().doors(phone.list(), None, 500).expect("doors");
    let view = |door| phone.engine().household(phone.list(), door).expect("a household");
    page.doors.iter().map(|door| format!("{:?}", view(door.household))).collect()
}

const KNOCKED: &str = "(SELECT min(household) FROM event WHERE household <> 0)";

/// Kinds of damage that a digest sees, as SQL; and the doors that differ by it.
const DAMAGES: [(&str, u32); 6] = [
    ("DELETE FROM event WHERE (cell, seq) IN (SELECT cell, seq FROM event LIMIT 1)", 1),
    ("DELETE FROM event", 3),
    ("DELETE FROM person WHERE num = (SELECT min(num) FROM person)", 1),
    ("DELETE FROM household WHERE num = KNOCKED", 1),
    ("UPDATE household SET id = randomblob(16) WHERE num = KNOCKED", 1),
    (
        "INSERT INTO household SELECT NULL, randomblob(16), key, address_key, cell, 5000, building,
           house_number, street, unit, town, zip, lat, lon, unit_count, control, source, file,
           stop, place + 100, mask, people, result, knocks, done, contacted, last_at, digest,
           access
         FROM household WHERE num = KNOCKED",
        0,
    ),
];

#[test]
fn only_the_doors_that_differ_are_fetched_again() {
    for (sql, doors) in DAMAGES {
        let (campaign, mut ash) = walked(1);
        let before = screens(&ash);
        damage(&campaign, &mut ash, "Ash", |file| {
            let sql = sql.replace("KNOCKED", KNOCKED);
            assert!(file.execute(&sql, []).expect(&sql) > 0, "{sql}");
        });
        // Work that has not been sent must not be touched.
        knock_somewhere_new(&ash);
        let (report, seen) = sync(&campaign, &ash);
        assert_eq!(report.outcome, SyncOutcome::Complete, "{sql}");
        assert_eq!((report.sent, report.diverged, report.repaired), (1, 1, 0), "{sql}");
        assert_eq!(seen.doors, doors, "{sql}");
        assert_eq!((seen.requests, seen.pulls), (2, 2), "{sql}: two round trips");
        assert_agrees(&campaign, &ash);
        let mut after = screens(&ash);
        let knocked = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!(knocked, 1, "{sql}: only the door that was knocked on since");
        after.truncate(before.len());
        assert_eq!(after.len(), screens(&ash).len(), "{sql}: no door too many");
        assert_eq!(ash.engine().sync_status().expect("a status").diverged, 1);
        let (report, seen) = sync(&campaign, &ash);
        assert_eq!((report.diverged, seen.requests), (0, 0), "{sql}: and that is that");
    }
}

#[test]
fn a_digest_that_was_kept_wrong_costs_nothing() {
    let (campaign, mut ash) = walked(2);
    damage(&campaign, &mut ash, "Ash", |file| {
        let sql = "UPDATE household SET digest = randomblob(16), result = 0, knocks = 77";
        assert!(file.execute(sql, []).expect("damage") > 3);
    });
    let before = screens(&ash);
    let (report, seen) = sync(&campaign, &ash);
    assert_eq!((report.repaired_doors, report.repaired, seen.requests), (0, 0, 0));
    assert_agrees(&campaign, &ash);
    assert_eq!(screens(&ash), before);
}

#[test]
fn unsent_work_at_the_damaged_door_itself_is_kept() {
    let (campaign, mut ash) = walked(3);
    let before = ash.engine().household(ash.list(), ash.door(STREET[0])).expect("a household");
    ash.engine().record_note(ash.list(), ash.door(STREET[0]), "Side door.").expect("a note");
    damage(&campaign, &mut ash, "Ash", |file| {
        let sql = format!("DELETE FROM event WHERE household = {KNOCKED}");
        assert!(file.execute(&sql, []).expect("damage") >= 2);
    });
    // The push does not get through: the note is still here only when the door is replaced.
    let (list, door) = (ash.list(), ash.door(STREET[0]));
    let report = ash.phone.sync(|request| {
        let mut request = request.clone();
        if request.url.ends_with("/v1/push") {
            request.url = request.url.replace("/v1/push", "/healthz-not");
        }
        Some(campaign.server.phone(&request))
    });
    assert_ne!(report.expect("no error").outcome, SyncOutcome::Complete);
    assert_eq!(ash.engine().sync_status().expect("a status").on_this_phone, 1);
    let (report, _) = sync(&campaign, &ash);
    assert_eq!((report.sent, report.repaired_doors), (1, 1));
    let after = ash.engine().household(list, door).expect("a household");
    assert_eq!(after.attempts, before.attempts);
    assert_eq!(after.notes.len(), before.notes.len() + 1);
    assert_agrees(&campaign, &ash);
}

#[test]
fn what_arrives_between_checkpoint_and_comparison_does_no_harm() {
    let (campaign, mut ash) = walked(4);
    let birch = campaign.joined("Cedar");
    damage(&campaign, &mut ash, "Ash", |file| {
        let sql = format!("DELETE FROM event WHERE household = {KNOCKED}");
        file.execute(&sql, []).expect("damage");
    });
    let mut comparisons = 0;
    let report = ash.phone.sync(|request| {
        if request.url.ends_with("/v1/compare") {
            comparisons += 1;
            // Before the groups are compared, and again before the doors are given.
            knock_somewhere_new(&birch);
            knock(&birch, STREET[0]);
            birch.sync(&campaign);
        }
        Some(campaign.server.phone(request))
    });
    let report = report.expect("no error");
    assert_eq!((report.outcome, report.repaired), (SyncOutcome::Complete, 0));
    assert_eq!((comparisons, report.repaired_doors), (2, 2), "the damaged one and the new one");
    assert_agrees(&campaign, &ash);
    assert_eq!(screens(&ash), screens_of_a_new_phone(&campaign, &ash));
}

/// What a phone that has just joined shows, its own name apart.
fn screens_of_a_new_phone(campaign: &TestCampaign, like: &TestPhone) -> Vec<String> {
    let fresh = campaign.joined("Fresh");
    let status = like.engine().sync_status().expect("a status");
    assert_eq!(status.on_this_phone + status.at_campaign, 0);
    screens(&fresh)
}

#[test]
fn a_list_that_is_damaged_all_over_is_fetched_anew_or_door_by_door_and_agrees() {
    let (campaign, mut ash) = walked(5);
    let before = screens(&ash);
    damage(&campaign, &mut ash, "Ash", |file| {
        file.execute_batch("DELETE FROM event; DELETE FROM person; DELETE FROM household")
            .expect("damage");
    });
    let (report, seen) = sync(&campaign, &ash);
    assert_eq!((report.outcome, report.diverged), (SyncOutcome::Complete, 1));
    assert_eq!(seen.doors, 22, "two of the 24 are not given out");
    assert_eq!(screens(&ash), before);
    assert_agrees(&campaign, &ash);
}

#[test]
fn a_server_that_cannot_compare_gives_the_list_anew_once() {
    let (campaign, mut ash) = walked(6);
    let before = screens(&ash);
    damage(&campaign, &mut ash, "Ash", |file| {
        file.execute("DELETE FROM event", []).expect("damage");
    });
    // A server of an earlier build tells no capabilities.
    let report = ash.phone.sync(|request| {
        assert!(!request.url.ends_with("/v1/compare"));
        let mut reply = campaign.server.phone(request);
        if request.url.ends_with("/v1/pull") {
            let mut told: wire::PullReply = wire::decoded(&reply.body).expect("an answer");
            told.capabilities = None;
            reply.body = wire::encoded(&told);
        }
        Some(reply)
    });
    assert_eq!(report.expect("no error").repaired, 1);
    assert_eq!(screens(&ash), before);
    assert_agrees(&campaign, &ash);
}

#[test]
fn capabilities_that_nobody_knows_mean_nothing() {
    let campaign = TestCampaign::small(7);
    let ash = campaign.joined("Ash");
    knock(&ash, STREET[0]);
    let report = ash.phone.sync(|request| {
        let mut request = request.clone();
        if request.url.ends_with("/v1/push") {
            let mut push: wire::PushRequest = wire::decoded(&request.body).expect("a push");
            push.capabilities = Some(u32::MAX);
            request.body = wire::encoded(&push);
        }
        Some(campaign.server.phone(&request))
    });
    assert_eq!(report.expect("no error").sent, 1);
}

#[test]
fn a_device_compares_its_own_lists_only() {
    let campaign = TestCampaign::small(8);
    let stranger = Author::enrolled(&campaign, "Stranger", &[]);
    let request = wire::CompareRequest {
        protocol: wire::PROTOCOL,
        list: 1,
        epoch: 1,
        cells: Vec::new(),
        doors: vec![wire::DoorAt { cell: 0, ordinal: 0 }, wire::DoorAt { cell: 1, ordinal: 1 }],
        capabilities: None,
    };
    let (status, body) = stranger.post(&campaign, "/v1/compare", wire::encoded(&request));
    let reply: CompareReply = wire::decoded(&body).expect("an answer");
    assert_eq!((status, reply.epoch, reply.answered), (200, 0, 0));
    assert!(reply.parts.is_empty() && reply.groups.is_empty() && reply.heads.is_empty());
}

/// A campaign of this many doors on one list.
fn large(doors: u32) -> TestCampaign {
    let campaign = TestCampaign::empty(9);
    let mut csv = "door_id,house_number,street,unit,town,zip,lat,lon\n".to_owned();
    for door in 0..doors {
        let (row, place) = (door / 50, door % 50);
        let lat = 44.2 + f64::from(row) * 0.002;
        let lon = -73.4 + f64::from(place) * 0.0004;
        csv +=
            &format!("d{door},{},Street {row},,Lakewater,00000,{lat:.6},{lon:.6}\n", place * 2 + 2);
    }
    campaign.import("doors", "doors", csv.as_bytes());
    campaign.post("/turfs", &json!({ "turfs": 1 }));
    campaign.post("/lists", &json!({ "turf": 1 }));
    campaign
}

#[test]
fn the_cost_is_proportional_to_the_damage() {
    let campaign = large(2000);
    let mut ash = campaign.joined("Ash");
    let mut costs = Vec::new();
    for lost in [1_u32, 20] {
        damage(&campaign, &mut ash, "Ash", |file| {
            let sql = "DELETE FROM household WHERE num IN
                         (SELECT num FROM household ORDER BY num DESC LIMIT ?1)";
            assert_eq!(file.execute(sql, [lost]).expect("damage"), lost as usize);
        });
        let (report, seen) = sync(&campaign, &ash);
        assert_eq!((report.repaired_doors, report.repaired), (lost, 0));
        assert_agrees(&campaign, &ash);
        costs.push(seen.bytes);
    }
    assert!(costs[0] < 6_000, "{costs:?}");
    assert!(costs[1] < 60_000, "{costs:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_that_a_digest_sees_is_repaired(
        wounds in proptest::collection::vec((0_u8..7, any::<u32>()), 1..6)
    ) {
        let (campaign, mut ash) = walked(11);
        let before = screens(&ash);
        damage(&campaign, &mut ash, "Ash", |file| {
            for (kind, at) in &wounds {
                let of = |table: &str| format!(
                    "(SELECT num FROM {table} ORDER BY num LIMIT 1 OFFSET {at} % max(1, (SELECT count(*) FROM {table})))"
                );
                let sql = match kind {
                    0 => format!("DELETE FROM household WHERE num = {}", of("household")),
                    1 => format!("DELETE FROM person WHERE num = {}", of("person")),
                    2 => format!("DELETE FROM event WHERE seq = 1 + {at} % 6"),
                    3 => format!("UPDATE household SET ordinal = {at} WHERE num = {}", of("household")),
                    4 => format!("UPDATE event SET household = {} WHERE seq = 1 + {at} % 6", of("household")),
                    5 => format!("UPDATE household SET digest = randomblob(16) WHERE num = {}", of("household")),
                    _ => format!("UPDATE cell SET cursor = {at}"),
                };
                file.execute(&sql, []).expect("damage");
            }
        });
        let (report, _) = sync(&campaign, &ash);
        prop_assert_eq!((report.outcome, report.repaired), (SyncOutcome::Complete, 0));
        assert_agrees(&campaign, &ash);
        prop_assert_eq!(screens(&ash), before);
        // A cursor that was beyond the end is back: what comes next is seen.
        let next = campaign.joined("Next");
        knock(&next, STREET[1]);
        next.sync(&campaign);
        sync(&campaign, &ash);
        assert_agrees(&campaign, &ash);
    }
}

#[test]
fn any_door_that_is_lost_comes_back_alone() {
    let (campaign, mut ash) = walked(12);
    let before = screens(&ash);
    for place in 0..u32::try_from(before.len()).expect("a small list") {
        damage(&campaign, &mut ash, "Ash", |file| {
            let sql = "DELETE FROM household
                       WHERE num = (SELECT num FROM household ORDER BY num LIMIT 1 OFFSET ?1)";
            assert_eq!(file.execute(sql, [place]).expect("damage"), 1);
        });
        let (report, _) = sync(&campaign, &ash);
        assert_eq!((report.repaired_doors, report.repaired), (1, 0), "door {place}");
        assert_eq!(screens(&ash), before);
    }
}
