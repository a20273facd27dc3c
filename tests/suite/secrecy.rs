//! No personal data in the clear: a day with marked names, numbers, notes and answers, then a
//! search for each mark in every error, every debug text, and every byte of every file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use canvass_core::change::{ContactMark, ContactMedium};
use canvass_core::engine::{
    AnswerInput, AttemptInput, ContactInput, Engine, Error, ExportFormat, ImportOptions,
    ListCondition, PersonMetInput, PersonResult, SyncInput, SyncOutcome, SyncStep, VaultCondition,
};
use canvass_core::id::{ChangeId, ConflictId, HouseholdId, ListId, PersonId};
use canvass_core::ports::SeededIds;
use canvass_core::seal::FileKeyVault;
use canvass_core::store::{Directory, MainDb, StoreFile, list_key};
use canvass_core::survey::AnswerValue;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use canvass_tests::files::{files, files_with};
use serde_json::json;

/// What a file says, what is typed at a door, who holds the phone, and what the campaign is.
const MARKS: [&str; 15] = [
    "Quillfeather",
    "Zanzibarian",
    "Hollyhockington",
    "Party-of-Larks",
    "+18025550911",
    "quill@larks.example",
    "Marzipan Terrace",
    "Noteworthy-gate-code",
    "Amaranthine-opinion",
    "Metalmark-Fritillary",
    "+18025550922",
    "Ashgrove-Canvasser",
    CAMPAIGN,
    "Lakewatertown",
    "05499-7777",
];

const CAMPAIGN: &str = "Campaign-of-Curlews";

const DOORS: &str = "door_id,house_number,street,unit,town,zip,lat,lon\n\
                     d1,1,Marzipan Terrace,,Lakewatertown,05499-7777,44.2,-73.4\n\
                     d2,2,Marzipan Terrace,,Lakewatertown,05499-7777,44.201,-73.4\n";
const PEOPLE: &str = "person_id,door_id,given_name,family_name,birth_year,party,phone,email,\
                      language\n\
                      p1,d1,Quillfeather,Zanzibarian,1961,Party-of-Larks,+18025550911,\
                      quill@larks.example,en\n\
                      p2,d2,Hollyhockington,Zanzibarian,1962,,,,en\n";
/// A later file that says something new, so that marks are in events and not only in rows.
const LATER: &str = "person_id,door_id,given_name,family_name,birth_year,party,phone,email,\
                     language\n\
                     p1,d1,Quillfeather,Zanzibarian,1961,Party-of-Larks,+18025550922,\
                     quill@larks.example,en\n";
const SCRIPT: &str = r#"{"name": "porch", "version": "1", "languages": ["en"], "elements": [
    {"question": {"name": "opinion", "label": {"en": "What do you think?"},
                  "kind": {"text": {"max_length": 60}}}},
    {"question": {"name": "support", "label": {"en": "Support?"},
                  "kind": {"single": {"options": [{"name": "yes", "label": {"en": "Yes"}}]}}}}]}"#;

fn assert_unmarked(told: &str) {
    for mark in MARKS {
        assert!(!told.contains(mark), "{mark} in: {told}");
    }
}

/// A campaign, and a phone in the middle of a day on it.
fn day() -> (TestCampaign, TestPhone) {
    let campaign = TestCampaign::empty(1);
    let order = json!({ "name": CAMPAIGN });
    let made = campaign.server.operator(axum::http::Method::POST, "/v1/campaigns", &order);
    let made = made.expect("a campaign");
    let path = format!("/v1/campaigns/{}", made["campaign"].as_str().expect("an id"));
    let campaign = TestCampaign { path, ..campaign };
    campaign.import("doors", "doors", DOORS.as_bytes());
    campaign.import("people", "people", PEOPLE.as_bytes());
    campaign.post("/scripts", &serde_json::from_str(SCRIPT).expect("JSON"));
    campaign.post("/turfs", &json!({ "turfs": 1 }));
    campaign.post("/lists", &json!({ "turf": 1, "with_contacts": true }));
    let phone = campaign.joined("Ashgrove-Canvasser");
    record(&phone);
    phone.sync(&campaign);
    campaign.import("people", "people", LATER.as_bytes());
    phone.sync(&campaign);
    // And once more, so that there is unsent work as well.
    record(&phone);
    (campaign, phone)
}

fn record(phone: &TestPhone) {
    let (engine, list, household) =
        (phone.engine(), phone.list(), phone.door("1 Marzipan Terrace"));
    let person = phone.person(household, 0);
    engine.record_note(list, household, "Noteworthy-gate-code").expect("a note");
    let answer = answer(list, household, person, text("Amaranthine-opinion"));
    engine.record_answer(&answer).expect("an answer");
    let met = PersonMetInput {
        list,
        household,
        given_name: "Metalmark-Fritillary".to_owned(),
        family_name: String::new(),
        language: String::new(),
    };
    engine.add_person(&met).expect("a person");
    engine.record_contact(&contact(list, household, person, "+18025550922")).expect("a number");
}

fn text(text: &str) -> AnswerValue {
    AnswerValue::Text { text: text.to_owned() }
}

fn answer(
    list: ListId,
    household: HouseholdId,
    person: PersonId,
    value: AnswerValue,
) -> AnswerInput {
    let question = "opinion".to_owned();
    AnswerInput {
        list,
        household,
        person,
        question,
        value: Some(value),
        attempt: None,
        script: None,
    }
}

fn contact(list: ListId, household: HouseholdId, person: PersonId, value: &str) -> ContactInput {
    let (medium, mark) = (ContactMedium::Phone, ContactMark::Primary);
    ContactInput { list, household, person, medium, mark, value: value.to_owned() }
}

/// Every mark is there to be read with the keys: the search below is for something.
fn assert_marked(phone: &TestPhone) {
    let (engine, list) = (phone.engine(), phone.list());
    let view = engine.household(list, phone.door("1 Marzipan Terrace")).expect("a household");
    let other = engine.household(list, phone.door("2 Marzipan Terrace")).expect("a household");
    let export = engine.export(list, ExportFormat::Csv).expect("a file");
    let export = String::from_utf8(export.bytes).expect("text");
    let readable = format!("{view:?} {other:?} {export}");
    // No screen shows the campaign's own name yet; it is in both databases all the same.
    for mark in MARKS.iter().filter(|mark| **mark != CAMPAIGN) {
        assert!(readable.contains(mark), "{mark} is nowhere: {readable}");
    }
}

fn assert_unreadable(files: &BTreeMap<PathBuf, Vec<u8>>, secrets: &[Vec<u8>]) {
    assert!(files.len() > 6, "{:?}", files.keys());
    let utf_16 = |mark: &str| mark.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marks = MARKS.iter().flat_map(|mark| [mark.as_bytes().to_vec(), utf_16(mark)]);
    for needle in marks.chain(secrets.iter().cloned()) {
        let told = String::from_utf8_lossy(&needle).into_owned();
        assert_eq!(files_with(files, &needle), Vec::<PathBuf>::new(), "{told}");
    }
}

/// The token that stands for a phone, as it sends it.
fn token(phone: &TestPhone) -> Vec<u8> {
    let step = phone.engine().sync_next(SyncInput::Begin { now: true }).expect("a step");
    let SyncStep::Send { request } = &step else { panic!("{step:?}") };
    let bearer = request.authorization.as_deref().expect("a token");
    let token = bearer.strip_prefix("Bearer ").expect("a token").to_owned();
    assert!(!format!("{step:?}").contains(&token), "the token is not for logs");
    assert_unmarked(&format!("{step:?}"));
    token.into_bytes()
}

#[test]
fn no_byte_on_any_disk_is_readable() {
    let (campaign, phone) = day();
    assert_marked(&phone);
    let token = token(&phone);
    let folder = campaign.folder.path().to_owned();
    // While everything is open, write-ahead logs included; then closed.
    assert_unreadable(&files(&folder), std::slice::from_ref(&token));
    phone.engine().close();
    drop((phone, campaign.server));
    let secrets = [keys(&folder.join("Ashgrove-Canvasser")), vec![token]].concat();
    assert!(secrets.len() >= 4);
    let mut left = files(&folder);
    // A directory of the test bears the canvasser's name; no file of the engine does.
    let named = left.keys().filter(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        MARKS.iter().any(|mark| name.contains(mark))
    });
    assert_eq!(named.count(), 0);
    // The operator's own token is handed out in a file of its own, on purpose.
    left.retain(|path, _| !path.ends_with("operator.token"));
    assert_unreadable(&left, &secrets);
}

/// The keys of a phone whose app is closed: its main key, its signing seed and its list's.
fn keys(directory: &std::path::Path) -> Vec<Vec<u8>> {
    let vault = FileKeyVault::new(&directory.join("keys"), SeededIds::new(9, "vault"));
    let directory = Directory::lock(directory).expect("the app is closed");
    let keys = directory.keys(&vault, &SeededIds::new(9, "keys")).expect("keys");
    let main = MainDb::open(&directory, &keys.main).expect("main.db");
    let lists = main.lists().expect("lists");
    let lists = lists.iter().map(|entry| list_key(entry, &vault).expect("a key"));
    let lists: Vec<Vec<u8>> = lists.map(|key| key.bytes().to_vec()).collect();
    directory.mark_closed().expect("closed");
    [vec![keys.main.bytes().to_vec(), keys.signing_seed.bytes().to_vec()], lists].concat()
}

/// Everything that can be got wrong with marked words in hand.
fn errors(phone: &TestPhone) -> Vec<Error> {
    let (engine, list) = (phone.engine(), phone.list());
    let household = phone.door("1 Marzipan Terrace");
    let person = phone.person(household, 0);
    let nobody = PersonId::derive(&[b"nobody"]);
    let change: ChangeId =
        ChangeId { device: canvass_core::id::DeviceId::derive(&[b"no"]), incarnation: 1, seq: 1 };
    let long = "Noteworthy-gate-code ".repeat(1000);
    let option = || AnswerValue::Choice { option: "Amaranthine-opinion".to_owned() };
    let support =
        AnswerInput { question: "support".to_owned(), ..answer(list, household, person, option()) };
    let knock =
        |door, people| AttemptInput { people, ..AttemptInput::at_door(list, household, door) };
    let met = |given_name: &str| PersonMetInput {
        list,
        household,
        given_name: given_name.to_owned(),
        family_name: String::new(),
        language: "Amaranthine-opinion".repeat(100),
    };
    let stranger = vec![PersonResult { person: nobody, result: CanvassResult::Refused }];
    let twice = vec![PersonResult { person, result: CanvassResult::Refused }; 2];
    let not_for_person = vec![PersonResult { person, result: CanvassResult::Vacant }];
    [
        engine.record_note(list, household, &long).map(|_| ()),
        engine.record_note(list, household, " ").map(|_| ()),
        engine.edit_note(list, household, change, "Noteworthy-gate-code").map(|_| ()),
        engine
            .record_answer(&answer(list, household, person, text(&"Amaranthine-opinion".repeat(9))))
            .map(|_| ()),
        engine.record_answer(&answer(list, household, person, option())).map(|_| ()),
        engine.record_answer(&support).map(|_| ()),
        engine.record_answer(&answer(list, household, nobody, text("Quillfeather"))).map(|_| ()),
        engine
            .record_contact(&contact(list, household, person, &"+18025550911".repeat(50)))
            .map(|_| ()),
        engine.record_contact(&contact(list, household, nobody, "+18025550911")).map(|_| ()),
        engine.add_person(&met(&"Metalmark-Fritillary".repeat(50))).map(|_| ()),
        engine.add_person(&met("  ")).map(|_| ()),
        engine.record_attempt(&knock(None, stranger)).map(|_| ()),
        engine.record_attempt(&knock(None, twice)).map(|_| ()),
        engine.record_attempt(&knock(None, not_for_person)).map(|_| ()),
        engine.record_attempt(&knock(Some(CanvassResult::Deceased), Vec::new())).map(|_| ()),
        engine.undo(list, household, change).map(|_| ()),
        engine.lift_do_not_contact(list, household, Some(person)).map(|_| ()),
        engine.resolve_conflict(list, household, ConflictId::derive(&[b"no"]), change).map(|_| ()),
        engine.doors(list, Some("Quillfeather"), 1).map(|_| ()),
        engine.survey(list, household, nobody, "Quillfeather").map(|_| ()),
        engine.household(list, HouseholdId::derive(&[b"no"])).map(|_| ()),
        engine.join("https://Ashgrove-Canvasser.example/j/Quillfeather"),
        engine.put_script(&SCRIPT.replace("text", "Quillfeather")).map(|_| ()),
        import(engine, phone, PEOPLE),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, result)| result.expect_err(&format!("case {number} is an error")))
    .collect()
}

fn import(engine: &Engine, phone: &TestPhone, csv: &str) -> Result<(), Error> {
    let path = std::env::temp_dir().join(format!("canvass-secrecy-{:?}.csv", phone.list()));
    std::fs::write(&path, csv).expect("a file");
    let imported = engine.import_path(&path, &ImportOptions::default(), None);
    std::fs::remove_file(&path).expect("removed");
    imported.map(|_| ())
}

#[test]
fn no_error_and_no_status_tells_what_somebody_said() {
    let (campaign, phone) = day();
    for error in errors(&phone) {
        assert_unmarked(&format!("{error}"));
        assert_unmarked(&format!("{error:?}"));
        let causes = std::iter::successors(std::error::Error::source(&error), |e| e.source());
        causes.for_each(|cause| assert_unmarked(&format!("{cause} {cause:?}")));
    }
    assert_unmarked(&format!("{:?}", phone.engine().sync_status().expect("a status")));
    let report = phone.sync(&campaign);
    assert_unmarked(&format!("{report:?}"));
}

#[test]
fn no_refusal_of_the_backend_tells_what_a_file_said() {
    let (campaign, _phone) = day();
    let bad_person = "p3,nowhere,Quillfeather,Zanzibarian,1961,Party-of-Larks,+18025550911,\
                      quill@larks.example,en\n";
    let bad_year = "p3,d1,Quillfeather,Zanzibarian,Hollyhockington,,,,en\n";
    let bad_door = "d3,1,Marzipan Terrace,,Lakewatertown,05499-7777,Quillfeather,-73.4\n";
    let doubled = "d1,9,Marzipan Terrace,,Lakewatertown,05499-7777,44.2,-73.4\n";
    for (kind, csv) in [
        ("people", format!("{PEOPLE}{bad_person}{bad_year}")),
        ("doors", format!("{DOORS}{bad_door}{doubled}")),
        ("doors", "Quillfeather,Zanzibarian\n1,2\n".to_owned()),
        ("people", DOORS.to_owned()),
    ] {
        let (status, told) = campaign.try_import(kind, kind, csv.as_bytes());
        assert_eq!(status, 422, "{told}");
        assert_unmarked(&told.to_string());
    }
    let orders = [
        ("/lists", json!({ "turf": 99, "name": "Marzipan Terrace" })),
        ("/turfs", json!({ "outline": [[[44.2, -73.4]]], "name": "Marzipan Terrace" })),
        ("/invitations", json!({ "canvasser": "Ashgrove-Canvasser".repeat(50), "lists": [] })),
        ("/invitations", json!({ "canvasser": "Ashgrove-Canvasser", "lists": [99] })),
        ("/invitations", json!({ "canvasser": "Ashgrove-Canvasser", "Quillfeather": 1 })),
    ];
    for (path, order) in orders {
        let path = format!("{}{path}", campaign.path);
        let refused = campaign.server.operator(axum::http::Method::POST, &path, &order);
        assert_unmarked(&refused.expect_err("an error").to_string());
    }
}

#[test]
fn diagnostics_tell_how_it_goes_and_nothing_of_anybody() {
    let (campaign, phone) = day();
    assert_marked(&phone);
    let (engine, list) = (phone.engine(), phone.list());
    let household = phone.door("1 Marzipan Terrace");
    phone.sync(&campaign);
    record(&phone);
    let refused = engine.record_note(list, household, "").expect_err("an empty note");
    assert!(matches!(refused, Error::Record(_)));
    engine.note_trouble("empty_text");
    let told = engine.diagnostics().expect("diagnostics");
    let json: serde_json::Value = serde_json::from_str(&told.json).expect("JSON");
    assert_eq!(told.lists.len(), 1);
    assert_eq!((told.lists[0].condition, told.lists[0].doors), (ListCondition::Ready, 2));
    let unsent = engine.sync_status().expect("a status").on_this_phone;
    assert!(unsent >= 4, "{unsent}");
    assert_eq!((told.on_this_phone, told.enrolled, told.has_server), (unsent, true, true));
    assert_eq!(told.last_outcome, Some(SyncOutcome::Complete));
    assert_eq!((told.vault, told.clock_fails), (VaultCondition::Working, false));
    assert_eq!(told.errors.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["empty_text"]);
    let known: Vec<StoreFile> = told.files.iter().map(|it| it.file).collect();
    assert!(known.contains(&StoreFile::Main) && known.contains(&StoreFile::List), "{known:?}");
    assert!(told.files.iter().map(|it| it.bytes).sum::<u64>() > 10_000);
    let shown = (&json["last_outcome"], &json["on_this_phone"]);
    assert_eq!(shown, (&json!("complete"), &json!(unsent)));
    let person = phone.person(household, 0);
    let ids = [campaign.path.rsplit('/').next().expect("an id").to_owned(), list.to_string()];
    let ids = ids.into_iter().chain([household.to_string(), person.to_string()]);
    let shown = format!("{told:?}");
    assert_unmarked(&shown);
    for id in ids {
        assert!(!shown.contains(&id), "{id} in {shown}");
    }
    let same = campaign.joined("Hollyhockington").engine().diagnostics().expect("diagnostics");
    assert_eq!(same.campaign, told.campaign, "reports of one campaign are told together");
}
