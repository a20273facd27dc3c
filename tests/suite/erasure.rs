//! Erasure: who is erased is found nowhere afterwards, on the server and on every phone, and all
//! of them still hold the same.

use std::path::Path;

use canvass_cli::local_server::LocalServer;
use canvass_core::change::{
    Body, ContactBody, ContactMark, ContactMedium, DoorRef, MemberRef, NoteBody, Segment,
};
use canvass_core::engine::{AttemptInput, ContactInput, ExportFormat, SyncOutcome};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_core::ports::SeededIds;
use canvass_core::seal::{FileKeyVault, Key, OpeningKey, enclose};
use canvass_core::store::{DeviceKeys, Directory, MainDb, list_key};
use canvass_core::sync::wire::{self, PushRequest, exception};
use canvass_core::walklist::CanvassResult;
use canvass_tests::author::{Author, Said};
use canvass_tests::campaign::{TestCampaign, TestPhone};
use rusqlite::Connection;
use serde_json::json;

const NOTE: &str = "Zebra under the porch";
const NAME: &str = "Quillfeather";
const FIRST_NUMBER: &str = "+18025550971";
const LATE_NUMBER: &str = "+18025550982";

fn tell_number(phone: &TestPhone, household: HouseholdId, person: PersonId, number: &str) {
    let input = ContactInput {
        list: phone.list(),
        household,
        person,
        medium: ContactMedium::Phone,
        mark: ContactMark::Good,
        value: number.to_owned(),
    };
    phone.engine().record_contact(&input).expect("a number");
}

/// Everything of a household that a phone shows or lets out.
fn shown(phone: &TestPhone, household: HouseholdId) -> String {
    let (engine, list) = (phone.engine(), phone.list());
    let view = engine.household(list, household).expect("a household");
    let file = engine.export(list, ExportFormat::Csv).expect("a file");
    format!("{view:?} {}", String::from_utf8_lossy(&file.bytes))
}

fn assert_agree(campaign: &TestCampaign, phone: &TestPhone) {
    let own = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(own));
}

/// A database's pages as they lie in its file, decrypted, those out of use included.
fn pages(file: &Path, key: &Key) -> (Connection, Vec<u8>) {
    let digit = |half: u8| char::from_digit(half.into(), 16).expect("a hex digit");
    let key: String = key.bytes().iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect();
    let mut database = Connection::open(file).expect("a database");
    database.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).expect("a key");
    let pages = database.serialize("main").expect("its pages").to_vec();
    (database, pages)
}

fn keys_of(path: &Path, vault: &FileKeyVault<SeededIds>) -> (Directory, DeviceKeys) {
    let directory = Directory::lock(path).expect("nobody has it open");
    let keys = directory.keys(vault, &SeededIds::new(1, "again")).expect("keys");
    (directory, keys)
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// What the server's stored segments say, in words.
fn segments_said(database: &Connection) -> String {
    let mut all = database.prepare("SELECT bytes FROM segment").expect("a table");
    let all = all.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
    let said = all.map(|bytes| Segment::read(bytes.expect("bytes")).and_then(|it| it.changes()));
    format!("{:?}", said.collect::<Vec<_>>())
}

/// The first list's file on a phone that is switched off, and its pages.
fn list_file(campaign: &TestCampaign, name: &str) -> (Connection, Vec<u8>) {
    let path = campaign.folder.path().join(name);
    let vault = FileKeyVault::new(&path.join("keys"), SeededIds::new(1, &format!("vault {name}")));
    let (directory, keys) = keys_of(&path, &vault);
    let main = MainDb::open(&directory, &keys.main).expect("main.db");
    let list = main.lists().expect("lists").remove(0);
    let key = list_key(&list, &vault).expect("its key");
    pages(&path.join(format!("list-{}.db", list.id)), &key)
}

/// The server's file, once it is switched off, and its pages.
fn server_file(path: &Path, seed: u64) -> (Connection, Vec<u8>) {
    let vault = FileKeyVault::new(&path.join("keys"), SeededIds::new(seed, "vault"));
    let (directory, keys) = keys_of(path, &vault);
    pages(&directory.main_db(), &keys.main)
}

/// Leaves a file as a crash does between an erasure and the writing anew: `NOTE` stands in pages
/// that are out of use.
fn leave_remains(file: &Connection, noted_in: &str) {
    let fill = format!(
        "PRAGMA secure_delete = OFF; CREATE TABLE gone (text TEXT);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
           INSERT INTO gone SELECT '{NOTE}' || i FROM n;
         DROP TABLE gone; UPDATE {noted_in} SET has_remains = 1;"
    );
    file.execute_batch(&fill).expect("a file with remains");
}

/// Which of these a list's file on a phone still holds, pages out of use and the log included.
fn phone_holds(campaign: &TestCampaign, name: &str, gone: &[&str], kept: &str) -> Vec<String> {
    let (_, bytes) = list_file(campaign, name);
    assert!(holds(&bytes, kept.as_bytes()), "{kept} is nowhere");
    gone.iter().filter(|it| holds(&bytes, it.as_bytes())).map(ToString::to_string).collect()
}

fn log_bytes(file: &Path) -> u64 {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(0, |about| about.len())
}

/// Syncs; gives the signatures of the segments that were sent: no two are alike, and a segment
/// that is kept anywhere is found by its own.
fn sync_noting(campaign: &TestCampaign, phone: &TestPhone) -> Vec<Vec<u8>> {
    let mut signatures = Vec::new();
    let report = phone.phone.sync(|request| {
        if request.url.ends_with("/push") {
            let push: PushRequest = wire::decoded(&request.body).expect("a push");
            let segments = push.segments.iter().map(|bytes| Segment::read(bytes.to_vec()));
            signatures.extend(segments.map(|it| it.expect("a segment").signature().0.to_vec()));
        }
        Some(campaign.server.phone(request))
    });
    assert_eq!(report.expect("a report").outcome, SyncOutcome::Complete);
    signatures
}

#[test]
fn a_person_who_was_erased_is_found_nowhere_and_what_comes_late_is_not_kept() {
    let campaign = TestCampaign::small(31);
    let people = String::from_utf8(canvass_tests::campaign::read("people.csv")).expect("text");
    let renamed = |name: &str| people.replace("p01,d01,Briar", &format!("p01,d01,{name}"));
    campaign.import("people", "people", renamed(NAME).as_bytes());
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("2 Willow St");
    let person = ash.person(door, 0);
    tell_number(&ash, door, person, FIRST_NUMBER);
    ash.say(door, "1");
    ash.engine().record_note(ash.list(), door, NOTE).expect("a note");
    let mut sent = sync_noting(&campaign, &ash);
    birch.sync(&campaign);
    assert!(shown(&birch, door).contains(FIRST_NUMBER) && shown(&birch, door).contains(NAME));

    tell_number(&birch, door, person, LATE_NUMBER);
    birch.say(door, "4");
    campaign.post("/erasures", &json!({ "household": door, "person": person }));
    let database = campaign.folder.path().join("server").join("main.db");
    assert!(database.exists() && log_bytes(&database) < 4096 * 8, "the log was emptied");
    for _ in 0..2 {
        for phone in [&ash, &birch] {
            sent.extend(sync_noting(&campaign, phone));
        }
    }
    assert_eq!(sent.len(), 2, "each phone sent one segment");

    for phone in [&ash, &birch] {
        let shown = shown(phone, door);
        for gone in [FIRST_NUMBER, LATE_NUMBER, NAME] {
            assert!(!shown.contains(gone), "{gone}: {shown}");
        }
        assert!(shown.contains(NOTE), "what was said of the door stays");
        let view = phone.engine().household(phone.list(), door).expect("a household");
        assert!(!view.attempts.is_empty(), "that someone knocked stays");
        assert_eq!(phone.engine().sync_status().expect("a status").on_this_phone, 0);
        assert_agree(&campaign, phone);
    }
    let before = campaign.get("");
    for _ in 0..2 {
        campaign.import("people", "people", renamed("Quillfeather-Late").as_bytes());
    }
    assert_eq!(campaign.get(""), before, "a file brings nobody back");
    for format in ["csv", "van", "osdi"] {
        let path = format!("{}/export/{format}", campaign.path);
        let (status, file) = campaign.server.operator_bytes(axum::http::Method::GET, &path, vec![]);
        let file = String::from_utf8(file).expect("text");
        assert_eq!(status, 200);
        for gone in [FIRST_NUMBER, LATE_NUMBER, NAME] {
            assert!(!file.contains(gone), "{format} {gone}: {file}");
        }
    }
    let newcomer = campaign.joined("Cedar");
    assert!(!shown(&newcomer, door).contains(NAME));
    assert_agree(&campaign, &newcomer);
    drop((ash, birch, newcomer));
    let gone = [FIRST_NUMBER, LATE_NUMBER, NAME];
    for name in ["Ash", "Birch", "Cedar"] {
        assert_eq!(phone_holds(&campaign, name, &gone, NOTE), Vec::<String>::new(), "{name}");
    }
    let mut gone: Vec<&[u8]> = gone.iter().map(|text| text.as_bytes()).collect();
    gone.extend(sent.iter().map(Vec::as_slice));
    assert_eq!(server_holds(campaign, 31, &gone, NOTE), Vec::<String>::new());
}

#[test]
fn what_a_crash_left_behind_an_erasure_is_dropped_later() {
    let campaign = TestCampaign::small(35);
    let mut ash = campaign.joined("Ash");
    let door = ash.door("2 Willow St");
    let person = ash.person(door, 0);
    campaign.post("/erasures", &json!({ "household": door, "person": person }));
    ash.sync(&campaign);
    ash.engine().close();
    leave_remains(&list_file(&campaign, "Ash").0, "about");
    assert!(holds(&list_file(&campaign, "Ash").1, NOTE.as_bytes()));
    ash.phone.restart().expect("opened again");
    ash.sync(&campaign);
    ash.engine().close();
    assert!(!holds(&list_file(&campaign, "Ash").1, NOTE.as_bytes()));

    let TestCampaign { folder, clock, server, .. } = campaign;
    let path = folder.path().join("server");
    drop(server);
    leave_remains(&server_file(&path, 35).0, "erasure");
    assert!(holds(&server_file(&path, 35).1, NOTE.as_bytes()));
    drop(LocalServer::start(&path, 35, clock).expect("it starts again"));
    assert!(!holds(&server_file(&path, 35).1, NOTE.as_bytes()));
}

#[test]
fn someone_who_moved_is_erased_at_either_door() {
    let campaign = TestCampaign::small(34);
    let people = String::from_utf8(canvass_tests::campaign::read("people.csv")).expect("text");
    let named = people.replace("p01,d01,Briar", &format!("p01,d01,{NAME}"));
    campaign.import("people", "people", named.as_bytes());
    campaign.import("people", "people", named.replace("p01,d01", "p01,d02").as_bytes());
    let ash = campaign.joined("Ash");
    let (before, now) = (ash.door("2 Willow St"), ash.door("6 Willow St"));
    let view = ash.engine().household(ash.list(), now).expect("a household");
    let person = view.people.iter().find(|person| person.given_name == NAME).expect("moved in");
    campaign.post("/erasures", &json!({ "household": now, "person": person.person }));
    ash.sync(&campaign);
    assert_agree(&campaign, &ash);
    for door in [before, now] {
        assert!(!shown(&ash, door).contains(NAME));
    }
    drop(ash);
    assert_eq!(phone_holds(&campaign, "Ash", &[NAME], "Willow"), Vec::<String>::new());
    assert_eq!(server_holds(campaign, 34, &[NAME.as_bytes()], "Willow"), Vec::<String>::new());
}

#[test]
fn a_household_that_was_erased_keeps_its_address_and_nothing_else() {
    let campaign = TestCampaign::small(32);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door("6 Willow St");
    let knock = AttemptInput::at_door(ash.list(), door, Some(CanvassResult::Refused));
    ash.engine().record_attempt(&knock).expect("a knock");
    ash.engine().record_note(ash.list(), door, NOTE).expect("a note");
    ash.sync(&campaign);
    birch.sync(&campaign);
    birch.engine().record_note(birch.list(), door, "Zebra again").expect("a note");
    campaign.post("/erasures", &json!({ "household": door, "person": null }));
    for phone in [&ash, &birch, &ash] {
        assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    }
    for phone in [&ash, &birch] {
        let view = phone.engine().household(phone.list(), door).expect("a household");
        assert!(view.do_not_knock && view.people.is_empty());
        assert!(view.attempts.is_empty() && view.notes.is_empty());
        assert!(!shown(phone, door).contains("Zebra"));
        assert_agree(&campaign, phone);
    }
    let (status, _) = campaign.server.operator_bytes(
        axum::http::Method::POST,
        &format!("{}/erasures", campaign.path),
        json!({ "household": door, "person": door }).to_string().into_bytes(),
    );
    assert_eq!(status, 404, "nobody of that id lives there");
    drop((ash, birch));
    for name in ["Ash", "Birch"] {
        let held = phone_holds(&campaign, name, &["Zebra"], "Willow");
        assert_eq!(held, Vec::<String>::new(), "{name}");
    }
    assert_eq!(server_holds(campaign, 32, &[b"Zebra"], "Willow"), Vec::<String>::new());
}

/// 2 Willow St: the doors of Heron Ave come before it.
const DOOR: DoorRef = DoorRef::Number { cell: 0, ordinal: 10 };

fn number(value: &str) -> Said {
    let (medium, mark, value) = (ContactMedium::Phone, ContactMark::Good, value.to_owned());
    (DOOR, Some(MemberRef::Number(1)), Body::Contact(ContactBody { medium, mark, value }))
}

fn note(text: &str) -> Said {
    (DOOR, None, Body::Note(NoteBody { edits: None, text: text.to_owned() }))
}

#[test]
fn of_what_comes_after_the_erasure_nothing_is_kept_forked_sealed_or_set_aside() {
    let campaign = TestCampaign::small(33);
    let ash = campaign.joined("Ash");
    let mut author = Author::enrolled(&campaign, "Birch", &[1]);
    let before = author.segment(1, vec![note(NOTE), number(FIRST_NUMBER)]);
    author.push(&campaign, std::slice::from_ref(&before)).expect("an answer");
    ash.sync(&campaign);
    let door = ash.door("2 Willow St");
    assert!(shown(&ash, door).contains(FIRST_NUMBER), "the author means this door");
    let person = ash.person(door, 0);
    campaign.post("/erasures", &json!({ "household": door, "person": person }));

    // The same again, and something else under the same numbers.
    let told = author.push(&campaign, &[before]).expect("an answer").exceptions;
    let told: Vec<u8> = told.iter().map(|told| told.code).collect();
    assert_eq!(told, [exception::DUPLICATE; 2]);
    let forked = author.segment_at(1, 1, vec![note("Another"), number("+18025550983")]);
    assert_eq!(author.push(&campaign, &[forked]), Err(409));

    let text = campaign.get("/opening-key")["opening_key"].as_str().expect("a key").to_owned();
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    let bytes: Vec<u8> = (0..text.len()).step_by(2).map(byte).collect();
    let campaigns = OpeningKey::from_seed(&Key::from_slice(&bytes).expect("a key")).public();
    let late = Segment::read(author.segment(1, vec![number("+18025550984"), note("Late")]));
    let late = late.expect("a segment");
    let sealed = enclose(&late, &campaigns, None, &SeededIds::new(1, "seal")).expect("sealed");
    let told = author.push(&campaign, &[sealed.to_bytes()]).expect("an answer").exceptions;
    let told: Vec<(u64, u8)> = told.iter().map(|told| (told.seq, told.code)).collect();
    assert_eq!(told, [(3, exception::ERASED)]);
    // On a list that was never theirs, and of someone whom nobody knows.
    let not_theirs = author.segment(7, vec![number("+18025550985")]);
    let (_, _, body) = number("+18025550986");
    let nobody = author.segment(1, vec![(DOOR, Some(MemberRef::Number(9)), body)]);
    let told = author.push(&campaign, &[not_theirs, nobody]).expect("an answer").exceptions;
    let told: Vec<u8> = told.iter().map(|told| told.code).collect();
    assert_eq!(told, [exception::SET_ASIDE; 2]);

    ash.sync(&campaign);
    assert_agree(&campaign, &ash);
    assert!(shown(&ash, door).contains("Late") && !shown(&ash, door).contains("+1802555098"));
    let gone: [&[u8]; 2] = [FIRST_NUMBER.as_bytes(), b"+1802555098"];
    assert_eq!(server_holds(campaign, 33, &gone, "Late"), Vec::<String>::new());
}

/// Which of these the server's database still holds; `kept` must be in it, or the search is for
/// nothing.
fn server_holds(campaign: TestCampaign, seed: u64, gone: &[&[u8]], kept: &str) -> Vec<String> {
    let TestCampaign { folder, server, .. } = campaign;
    drop(server);
    let (database, bytes) = server_file(&folder.path().join("server"), seed);
    let said = segments_said(&database);
    let any = |needle: &[u8]| holds(&bytes, needle) || holds(said.as_bytes(), needle);
    assert!(any(kept.as_bytes()), "{kept} is nowhere");
    let held = gone.iter().filter(|needle| any(needle));
    held.map(|needle| String::from_utf8_lossy(needle).into_owned()).collect()
}
