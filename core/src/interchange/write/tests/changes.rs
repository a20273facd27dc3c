//! The record of changes: one row each, readable again to the last letter.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::change::*;
use crate::geometry::Point;
use crate::id::{CanvasserId, ScriptHash};
use crate::merge::Write;
use crate::survey::AnswerCode;
use crate::walklist::Address;

fn write(seq: u64, member: Option<PersonId>, body: Body<PersonId>) -> Write {
    let change = Change {
        id: change_id(seq),
        was: None,
        door: HouseholdId::derive(&[b"h"]),
        member,
        base: vec![change_id(1), change_id(2)],
        recorded_at: evening(),
        body,
    };
    Write::pending(change, CanvasserId::derive(&[b"sam"]), EventMarks::default())
}

fn read(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).into_deserialize().collect::<Result<_, _>>().unwrap()
}

/// The file's rows of these bodies, in order.
fn rows(bodies: Vec<Body<PersonId>>) -> Vec<BTreeMap<String, String>> {
    let member = Some(PersonId::derive(&[b"ana"]));
    let rows = (7..)
        .zip(bodies)
        .map(|(seq, body)| ChangeRow::of(&write(seq, member, body), ChangeState::Standing));
    let mut bytes = Vec::new();
    let exported = write_changes_csv(&mut bytes, rows).unwrap();
    let all = read(&bytes);
    assert_eq!((exported.records, exported.loss.is_empty()), (all.len() as u64, true));
    all
}

/// A change of every kind.
fn one_of_each(ana: PersonId, attempt: ChangeId) -> Vec<Body<PersonId>> {
    let people = vec![(ana, CanvassResult::Moved)];
    let script = ScriptHash::derive(&[b"s"]);
    let answered = |value| Body::Answer(AnswerBody { script, question: 4, value, attempt });
    let contact = ContactBody {
        medium: ContactMedium::Phone,
        mark: ContactMark::Wrong,
        value: "+18025550100".to_owned(),
    };
    let imported = ImportedWrite {
        member: Some(ana),
        field: ImportedField::Party,
        previous: Some(1),
        value: "D".to_owned(),
    };
    let met = DoorMetBody { address: Address::default(), point: Point::from_e7(445_000_000, 1) };
    vec![
        Body::Attempt(AttemptBody {
            door: Some(CanvassResult::Contacted),
            people,
            corrects: Some(attempt),
        }),
        answered(Some(AnswerCode::Choices(vec![1, 3]))),
        answered(None),
        Body::Suppression(SuppressionBody { set: true }),
        Body::Note(NoteBody { edits: Some(attempt), text: "=\"dog\"\nat 2".to_owned() }),
        Body::Undo(attempt),
        Body::Contact(contact),
        Body::PersonMet(PersonMetBody { given_name: "Ana".into(), ..PersonMetBody::default() }),
        Body::DoorMet(met),
        Body::Imported(ImportedBody { writes: vec![imported] }),
        Body::Unknown { kind: 99, bytes: vec![0, 255] },
    ]
}

#[test]
fn every_kind_of_change_is_one_row() {
    let (ana, attempt) = (PersonId::derive(&[b"ana"]), change_id(3));
    let rows = rows(one_of_each(ana, attempt));
    let cells = |columns: &[&str]| -> Vec<String> {
        let cell = |row: &BTreeMap<String, String>| {
            columns.iter().map(|column| row[*column].clone()).collect::<Vec<_>>().join("|")
        };
        rows.iter().map(cell).collect()
    };
    let kinds = [
        "attempt",
        "answer",
        "answer",
        "suppression",
        "note",
        "undo",
        "contact",
        "person_met",
        "door_met",
        "imported",
        "unknown",
    ];
    assert_eq!(cells(&["kind"]), kinds);
    let target = attempt.to_string();
    let expected = [
        format!("contacted|{{\"{ana}\":\"moved\"}}||{target}|{target}"),
        format!("||1 3|{target}|"),
        format!("|||{target}|"),
        "||set||".to_owned(),
        format!("||||{target}"),
        format!("||||{target}"),
        "||+18025550100||".to_owned(),
        "||||".to_owned(),
        "||||".to_owned(),
        "||||".to_owned(),
        "||00ff||".to_owned(),
    ];
    let columns = ["result", "person_results", "value", "attempt_id", "target"];
    assert_eq!(cells(&columns), expected);
    assert_eq!(plain_cell(&rows[4]["text"]), "=\"dog\"\nat 2");
    assert_eq!((&rows[6]["field"][..], &rows[6]["text"][..]), ("phone", "wrong"));
    assert!(rows[7]["text"].contains("\"given_name\":\"Ana\""));
    assert_eq!(rows[7]["person_uuid"], PersonId::met(change_id(14)).to_string());
    assert!(rows[8]["text"].contains("44.5"));
    assert!(rows[9]["text"].contains("\"field\":\"party\""));
    assert_eq!(rows[10]["field"], "99");
    let first = &rows[0];
    assert_eq!(first["change_id"], change_id(7).to_string());
    assert_eq!(first["base"], format!("{} {}", change_id(1), change_id(2)));
    assert_eq!(
        (&first["recorded_at"][..], &first["effective_at"][..]),
        ("2026-10-04T00:04:00Z", "")
    );
    assert_eq!((&first["sent_as"][..], &first["state"][..]), ("", "standing"));
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_again(
        texts in proptest::collection::vec("[a-c,;\"'=+@ \r\n\t-]{0,9}|\\PC{0,9}", 5),
    ) {
        let [note, canvasser, door, question, value] = <[String; 5]>::try_from(texts).unwrap();
        let body = Body::Note(NoteBody { edits: None, text: note.clone() });
        let row = ChangeRow {
            canvasser: canvasser.clone(),
            door_id: door.clone(),
            question: question.clone(),
            value: value.clone(),
            ..ChangeRow::of(&write(7, None, body), ChangeState::Replaced)
        };
        let mut bytes = Vec::new();
        write_changes_csv(&mut bytes, [&row, &row]).unwrap();
        let rows = read(&bytes);
        prop_assert_eq!(rows.len(), 2);
        let columns = ["text", "canvasser", "door_id", "question", "value"];
        for (column, text) in columns.into_iter().zip([note, canvasser, door, question, value]) {
            prop_assert_eq!(plain_cell(&rows[1][column]), text);
        }
    }
}

#[test]
fn a_full_disk_is_told() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let full = Err(ExportError::Unwritable(std::io::ErrorKind::StorageFull));
    assert_eq!(write_changes_csv(Full, Vec::<ChangeRow>::new()), full);
    assert_eq!(write_route_gpx(Full, "x", Vec::<RouteStop>::new()), full);
    assert_eq!(write_doors_geojson(Full, Vec::<DoorFeature>::new()), full);
}
