//! Bad input, line by line: each gets a typed error with its place, changes nothing, and tells
//! nothing of what the input says. (Answers that are web pages, and changes of unknown kinds,
//! are in `sync_faults` and `segments`; files of a gigabyte in `large_files`.)

use canvass_core::change::{AnswerBody, AttemptBody, Body, DoorRef, MemberRef};
use canvass_core::engine::{AnswerInput, Error};
use canvass_core::id::{ChangeId, HouseholdId, ScriptHash};
use canvass_core::interchange::{FileError, RejectionCode};
use canvass_core::merge::SetAsideReason;
use canvass_core::survey::{AnswerCause, AnswerValue};
use canvass_core::sync::people_of_bytes;
use canvass_core::sync::wire::{exception, part};
use canvass_core::walklist::CanvassResult;
use canvass_tests::author::Author;
use canvass_tests::campaign::{TestCampaign, read};
use canvass_tests::solo::Solo;
use serde_json::json;

/// What no error may repeat.
const PRIVATE: [&str; 4] = ["Quetzalcoatl", "Xylophone", "+18025550777", "zzz@example.org"];

fn assert_tells_nothing(told: &str) {
    for private in PRIVATE {
        assert!(!told.contains(private), "{told}");
    }
}

const DOORS: &str = "door_id,house_number,street,unit,town,zip,lat,lon\n";
const PEOPLE: &str = "person_id,door_id,given_name,family_name,birth_year,party,phone,email,\
                      language,voted,deceased,exempt,do_not_contact\n";

/// A row that is wrong in one way, among good ones.
struct BadRow {
    header: &'static str,
    good: &'static str,
    bad: &'static str,
    column: Option<&'static str>,
    code: RejectionCode,
}

const GOOD_DOOR: &str = "n1,1,Xylophone St,,Lakewater,00000,44.21,-73.41\n";
const GOOD_PERSON: &str = "n1,d01,Quetzalcoatl,Wren,1980,,+18025550777,,en,,,,\n";

/// The phone and the server refuse it alike: with row, column and code; nothing of the file
/// stays, and nothing is told of what it says.
fn assert_refused(row: &BadRow) {
    let BadRow { header, good, bad, column, code } = row;
    let csv = format!("{header}{good}{bad}").into_bytes();
    let solo = Solo::small();
    let before = solo.snapshot();
    let imported = solo.import(&csv).expect("an account");
    assert_eq!((imported.file, imported.added, imported.altered), (None, 0, 0));
    let first = &imported.tally.rejected[0];
    assert_eq!((first.row, first.column.as_deref(), first.code), (3, *column, *code));
    assert_eq!(imported.tally.rejected.len(), 1);
    assert_tells_nothing(&format!("{:?}", imported.tally.rejected));
    assert_eq!(solo.snapshot(), before, "the phone's files");

    let campaign = TestCampaign::small(1);
    let (counts, digest) = (campaign.get(""), campaign.get("/lists/1/digest"));
    let kind = if *header == DOORS { "doors" } else { "people" };
    let (status, told) = campaign.try_import(kind, kind, &csv);
    assert_eq!((status, &told["error"]["code"]), (422, &json!("rows_rejected")));
    let expected = json!({ "row": 3, "column": column, "code": code.code() });
    assert_eq!(told["error"]["details"]["rejected"], json!([expected]));
    assert_tells_nothing(&told.to_string());
    assert_eq!((campaign.get(""), campaign.get("/lists/1/digest")), (counts, digest));
}

fn door(bad: &'static str, column: Option<&'static str>, code: RejectionCode) -> BadRow {
    BadRow { header: DOORS, good: GOOD_DOOR, bad, column, code }
}

#[test]
fn a_missing_door_id() {
    let bad = ",2,Quetzalcoatl St,,Lakewater,00000,44.2,-73.4\n";
    assert_refused(&door(bad, Some("door_id"), RejectionCode::MissingDoorId));
}

#[test]
fn a_doubled_door_id() {
    let bad = "n1,2,Quetzalcoatl St,,Lakewater,00000,44.2,-73.4\n";
    assert_refused(&door(bad, Some("door_id"), RejectionCode::DoubledDoorId));
}

#[test]
fn swapped_coordinates() {
    let bad = "n2,2,Quetzalcoatl St,,Lakewater,00000,-73.4,44.2\n";
    assert_refused(&door(bad, Some("lat"), RejectionCode::PositionSwapped));
}

#[test]
fn coordinates_out_of_range() {
    let bad = "n2,2,Quetzalcoatl St,,Lakewater,00000,4420000,-734000\n";
    assert_refused(&door(bad, Some("lat"), RejectionCode::PositionOutOfRange));
    let bad = "n2,2,Quetzalcoatl St,,Lakewater,00000,44.2,-181\n";
    assert_refused(&door(bad, Some("lon"), RejectionCode::PositionOutOfRange));
    let bad = "n2,2,Quetzalcoatl St,,Lakewater,00000,0,0\n";
    assert_refused(&door(bad, Some("lat"), RejectionCode::PositionZero));
    let bad = "n2,2,Quetzalcoatl St,,Lakewater,00000,north,-73.4\n";
    assert_refused(&door(bad, Some("lat"), RejectionCode::NotANumber));
}

#[test]
fn a_quotation_mark_that_is_never_closed() {
    let bad = "n2,2,\"Quetzalcoatl St,,Lakewater,00000,44.2,-73.4\n";
    assert_refused(&door(bad, None, RejectionCode::UnclosedQuote));
}

#[test]
fn bytes_that_are_no_text() {
    let bad = "n2,2,Quetzal\u{1}coatl St,,Lakewater,00000,44.2,-73.4\n";
    assert_refused(&door(bad, Some("street"), RejectionCode::NotText));
}

#[test]
fn a_person_at_no_door() {
    let row = BadRow {
        header: PEOPLE,
        good: GOOD_PERSON,
        bad: "n2,nowhere,Quetzalcoatl,Wren,1980,,+18025550777,,en,,,,\n",
        column: None,
        code: RejectionCode::NoDoor,
    };
    assert_refused(&row);
}

#[test]
fn a_person_twice() {
    let row = BadRow {
        header: PEOPLE,
        good: GOOD_PERSON,
        bad: "n1,d02,Quetzalcoatl,Wren,1980,,,zzz@example.org,en,,,,\n",
        column: Some("person_id"),
        code: RejectionCode::DoubledPersonId,
    };
    assert_refused(&row);
}

/// The doors as a list shows them, after importing this file into an empty campaign.
fn shown(csv: &[u8]) -> Vec<String> {
    let solo = Solo::empty();
    let imported = solo.import(csv).expect("an account");
    assert_eq!(imported.tally.rejected, [], "all rows are taken");
    let page = solo.engine().doors(solo.list, None, 500).expect("doors");
    let doors = page.doors.iter();
    let mut shown: Vec<String> =
        doors.map(|door| format!("{:?} {:?}", door.address, door.point)).collect();
    shown.sort();
    shown
}

/// Two streets whose names need quoting and letters beyond ASCII.
const PLAIN: &str = "door_id,house_number,street,unit,town,zip,lat,lon\n\
                     a1,1,Rue de l'Église,2,\"Lakewater, VT\",00000,44.21,-73.41\n\
                     a2,2,\"The \"\"Old\"\" Mill Rd\",,Lakewater,00000,44.22,-73.42\n";

#[test]
fn line_ends_marks_and_encodings_make_no_difference() {
    let expected = shown(PLAIN.as_bytes());
    assert!(expected[0].contains("Rue de l'Église") && expected[0].contains("Lakewater, VT"));
    assert!(expected[1].contains(r#"The \"Old\" Mill Rd"#), "{expected:?}");
    let crlf = PLAIN.replace('\n', "\r\n");
    let cr = PLAIN.replace('\n', "\r");
    let marked = format!("\u{feff}{PLAIN}");
    let latin_1: Vec<u8> = PLAIN.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf_16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let unended = PLAIN.trim_end();
    for (name, file) in [
        ("CRLF", crlf.as_bytes()),
        ("CR", cr.as_bytes()),
        ("a byte order mark", marked.as_bytes()),
        ("Latin-1", &latin_1),
        ("UTF-16", &utf_16),
        ("no last line end", unended.as_bytes()),
    ] {
        assert_eq!(shown(file), expected, "{name}");
    }
}

#[test]
fn letters_of_two_encodings_in_one_file() {
    let mut csv = DOORS.as_bytes().to_vec();
    csv.extend_from_slice(b"n1,1,\xC9glise St,,Lakewater,00000,44.21,-73.41\n");
    csv.extend_from_slice("n2,2,Quetzalcoatl Église St,,Lakewater,00000,44.2,-73.4\n".as_bytes());
    let solo = Solo::small();
    let before = solo.snapshot();
    let imported = solo.import(&csv).expect("an account");
    let first = &imported.tally.rejected[0];
    assert_eq!((first.row, first.column.as_deref()), (3, Some("street")));
    assert_eq!(first.code, RejectionCode::NotText);
    assert_tells_nothing(&format!("{:?}", imported.tally.rejected));
    assert_eq!(solo.snapshot(), before);
}

#[test]
fn a_file_that_is_no_table() {
    let solo = Solo::small();
    let before = solo.snapshot();
    let cases: [(&[u8], FileError); 5] = [
        (b"", FileError::Empty),
        (b"<!DOCTYPE html><html>Quetzalcoatl</html>", FileError::Html),
        (b"PK\x03\x04Quetzalcoatl", FileError::Archive),
        (b"Quetzalcoatl,Xylophone\n1,2\n", FileError::NoHeader),
        (b"door_id,lat,lat,lon\n", FileError::DoubledColumn { column: "lat".to_owned() }),
    ];
    for (csv, expected) in cases {
        match solo.import(csv) {
            Err(Error::File(error)) => {
                assert_tells_nothing(&format!("{error} {error:?}"));
                assert_eq!(error, expected);
                let has_place = error.row() == Some(1) || error == FileError::Empty;
                assert!(has_place, "{error}");
            }
            other => panic!("{expected:?}: {other:?}"),
        }
    }
    assert_eq!(solo.snapshot(), before);
}

#[test]
fn a_self_crossing_turf() {
    let campaign = TestCampaign::small(2);
    let before = campaign.get("/turfs/all");
    let bow_tie = json!([[[44.20, -73.41], [44.21, -73.40], [44.21, -73.41], [44.20, -73.40]]]);
    let order = json!({ "outline": bow_tie, "name": "Quetzalcoatl" });
    let path = format!("{}/turfs", campaign.path);
    let refused =
        campaign.server.operator(axum::http::Method::POST, &path, &order).expect_err("no turf");
    assert_eq!((refused.status, &refused.body["error"]["code"]), (422, &json!("bad_turf")));
    let told = refused.body["error"]["details"].as_str().expect("a sentence");
    assert!(told.starts_with("ring 0, point 0: crosses its own side at point 2"), "{told}");
    assert_tells_nothing(&refused.body.to_string());
    assert_eq!(campaign.get("/turfs/all"), before);
}

#[test]
fn an_unknown_script_question() {
    let solo = Solo::small();
    let household = solo.door("6 Willow St");
    let person = solo.person(household, 0);
    let before = solo.snapshot();
    let text = AnswerValue::Text { text: "Quetzalcoatl".to_owned() };
    for value in [Some(text), None] {
        let input = AnswerInput {
            list: solo.list,
            household,
            person,
            question: "shoe_size".to_owned(),
            value,
            attempt: None,
            script: None,
        };
        match solo.engine().record_answer(&input) {
            Err(Error::Answer(error)) => {
                assert_eq!(error.question, "shoe_size");
                assert_eq!(error.cause, AnswerCause::UnknownQuestion);
                assert_tells_nothing(&format!("{error} {error:?}"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(solo.snapshot(), before);
}

/// A script one of whose conditions names a question that is not there.
const UNSOUND: &str = r#"{"name": "unsound", "version": "1", "languages": ["en"], "elements": [
    {"question": {"name": "support", "label": {"en": "Support?"}, "kind": {"text": {}}}},
    {"question": {"name": "sign", "label": {"en": "A sign?"}, "relevant": "${suport} = 'yes'",
                  "kind": {"text": {}}}}]}"#;

#[test]
fn a_script_that_names_an_unknown_question() {
    let solo = Solo::small();
    let before = solo.snapshot();
    let place = "sign, relevant: nothing is named suport at character 1";
    match solo.engine().put_script(UNSOUND) {
        Err(Error::Script(errors)) => {
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert_eq!(told, [place]);
            assert_eq!(errors[0].place.element_no, Some(1));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(solo.snapshot(), before);

    let campaign = TestCampaign::small(3);
    let path = format!("{}/scripts", campaign.path);
    let (status, told) = campaign.server.operator_bytes(
        axum::http::Method::POST,
        &path,
        UNSOUND.as_bytes().to_vec(),
    );
    let told: serde_json::Value = serde_json::from_slice(&told).expect("JSON");
    assert_eq!((status, &told["error"]["code"]), (422, &json!("bad_script")));
    assert_eq!(told["error"]["details"][0]["what"], json!(place));
}

/// Somebody on the list, as the wire names them.
fn someone(campaign: &TestCampaign, author: &Author) -> (DoorRef, MemberRef) {
    let reply = author.pull(campaign, Vec::new()).expect("an answer");
    let people = reply.parts.iter().find(|sent| sent.kind == part::PEOPLE).expect("people");
    let anywhere = |_, _| Some(HouseholdId::derive(&[b"anywhere"]));
    let people = people_of_bytes(&people.body, anywhere).expect("people");
    let first = people.first().expect("somebody");
    let door = DoorRef::Number { cell: first.cell, ordinal: first.ordinal };
    (door, MemberRef::Number(first.member))
}

#[test]
fn an_answer_from_a_phone_to_an_unknown_question_is_set_aside() {
    let campaign = TestCampaign::small(4);
    let mut author = Author::enrolled(&campaign, "Ash", &[1]);
    let (door, person) = someone(&campaign, &author);
    let attempt = ChangeId { device: author.device, incarnation: 1, seq: 1 };
    let knock =
        AttemptBody { door: Some(CanvassResult::NotHome), people: Vec::new(), corrects: None };
    let answer = AnswerBody {
        script: ScriptHash::derive(&[b"no script"]),
        question: 0,
        value: None,
        attempt,
    };
    let said = vec![(door, None, Body::Attempt(knock)), (door, Some(person), Body::Answer(answer))];
    let segment = author.segment(1, said);
    let reply = author.push(&campaign, &[segment]).expect("an answer");
    let told: Vec<_> =
        reply.exceptions.iter().map(|told| (told.seq, told.code, told.reason)).collect();
    let reason = Some(SetAsideReason::UnknownQuestion as u8);
    assert_eq!(told, [(2, exception::SET_ASIDE, reason)]);
    assert_eq!(campaign.get("")["changes"], json!(1), "the knock stands");
}

#[test]
fn the_fixtures_are_good_input() {
    // What the tests above alter is taken as it stands.
    let solo = Solo::small();
    for csv in [format!("{DOORS}{GOOD_DOOR}"), format!("{PEOPLE}{GOOD_PERSON}")] {
        assert_eq!(solo.import(csv.as_bytes()).expect("an account").added, 1);
    }
    assert!(!read("doors.csv").is_empty());
}
