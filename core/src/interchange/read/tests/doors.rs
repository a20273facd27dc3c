//! Doors: what rows say, and what is wrong with them.

use proptest::prelude::*;

use super::*;
use crate::change::ImportedField;

const COLUMNS: &str = "door_id,lat,lon,house_number,street,unit,town,zip,unit_count,note\n";

fn outcomes(rows: &str) -> Vec<RowOutcome<DoorRecord>> {
    read_doors((COLUMNS.to_owned() + rows).as_bytes()).unwrap()
}

fn doors(file: &[u8]) -> Vec<DoorRecord> {
    let outcomes = read_doors(file).unwrap();
    let door = |outcome| match outcome {
        RowOutcome::Row(door) => door,
        other => panic!("{other:?}"),
    };
    outcomes.into_iter().map(door).collect()
}

#[test]
fn a_row_says_where_the_door_is() {
    let outcomes = outcomes("7a,44.5025,-73.1827, 12 ,  N  MAIN   ST ,3,Winooski,05404,2,blue\n");
    let [RowOutcome::Row(door)] = &outcomes[..] else {
        panic!("{outcomes:?}");
    };
    assert_eq!((door.row, door.key.as_str(), door.unit_count), (2, "7a", 2));
    assert_eq!(door.point.to_e7(), (445_025_000, -731_827_000));
    let address = &door.address;
    let parts = [&address.house_number, &address.street, &address.unit, &address.town];
    assert_eq!(parts, ["12", "N MAIN ST", "3", "Winooski"]);
    assert_eq!(address.zip, "05404");
    let fields = door_fields(door);
    assert_eq!(fields.len(), 7);
    assert!(fields.contains(&(ImportedField::Position, "445025000 -731827000".to_owned())));
}

#[test]
fn a_file_says_nothing_of_columns_that_it_lacks() {
    let all = doors(b"door_id,lat,lon,street\n1,44.5,-73.2,\n");
    let fields: Vec<ImportedField> = door_fields(&all[0]).iter().map(|(it, _)| *it).collect();
    assert_eq!(fields, [ImportedField::Street, ImportedField::Position]);
    assert_eq!(all[0].unit_count, 1);
}

#[test]
fn each_fault_has_its_code_and_place() {
    use RejectionCode as Code;
    let good = "1,44.5,-73.2,12,Elm St,,,,,\n";
    let long = format!("2,44.5,-73.2,12,{},,,,,\n", "x".repeat(201));
    for (row, column, code) in [
        (" ,44.5,-73.2,12,Elm St,,,,,\n", Some("door_id"), Code::MissingDoorId),
        ("1,44.5,-73.2,14,Elm St,,,,,\n", Some("door_id"), Code::DoubledDoorId),
        ("2,,-73.2,12,Elm St,,,,,\n", Some("lat"), Code::MissingPosition),
        ("2,44.5", Some("lon"), Code::MissingPosition),
        ("2,44.5,73 W,12,Elm St,,,,,\n", Some("lon"), Code::NotANumber),
        ("2,NaN,-73.2,12,Elm St,,,,,\n", Some("lat"), Code::NotANumber),
        ("2,44.5,inf,12,Elm St,,,,,\n", Some("lon"), Code::NotANumber),
        ("2,445025,-731827,12,Elm St,,,,,\n", Some("lat"), Code::PositionOutOfRange),
        ("2,44.5,-273.2,12,Elm St,,,,,\n", Some("lon"), Code::PositionOutOfRange),
        ("2,-73.2,44.5,12,Elm St,,,,,\n", Some("lat"), Code::PositionSwapped),
        ("2,-122.4,37.8,12,Elm St,,,,,\n", Some("lat"), Code::PositionSwapped),
        ("2,0,0.0,12,Elm St,,,,,\n", Some("lat"), Code::PositionZero),
        ("2,44.5,-73.2,12,Elm St,,,,-1,\n", Some("unit_count"), Code::BadUnitCount),
        ("2,44.5,-73.2,12,Elm St,,,,2.5,\n", Some("unit_count"), Code::BadUnitCount),
        ("2,44.5,-73.2,12,Elm St,,,,10001,\n", Some("unit_count"), Code::BadUnitCount),
        ("2,44.5,-73.2,12,Elm St,,,,,,more\n", None, Code::TooManyFields),
        (&long, Some("street"), Code::ValueTooLong),
        ("2,44.5,-73.2,12,Elm\u{7} St,,,,,\n", Some("street"), Code::NotText),
        ("2,44.5,-73.2,12,\"Elm St,,,,,\n", None, Code::UnclosedQuote),
    ] {
        let outcomes = outcomes(&(good.to_owned() + row));
        assert_eq!(rejection(&outcomes), (3, column, code), "{row}");
        assert_eq!(outcomes.len(), 2);
    }
}

#[test]
fn a_key_is_doubled_even_if_its_first_row_is_rejected() {
    let codes: Vec<RejectionCode> = outcomes("1,,,\n1,44.5,-73.2\n")
        .into_iter()
        .filter_map(|outcome| match outcome {
            RowOutcome::Rejected(it) => Some(it.code),
            _ => None,
        })
        .collect();
    assert_eq!(codes, [RejectionCode::MissingPosition, RejectionCode::DoubledDoorId]);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_does() {
    let outcomes =
        outcomes("1,44.5,-73.2,12,\"Elm\nSt\",,,,,\n\n,,,,,,,,,\n2,44.5,-73.2,,,,,,,,,,\n\n3,x,\n");
    assert_eq!(rejection(&outcomes), (6 + 1, Some("lat"), RejectionCode::NotANumber));
    let blank = RowOutcome::Skipped(SkipReason::BlankRow);
    assert_eq!(outcomes.iter().filter(|it| **it == blank).count(), 1);
    assert!(matches!(&outcomes[0], RowOutcome::Row(it) if it.address.street == "Elm St"));
}

fn cell() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 éñü,;\"'=+@-]{0,8}|a\nb"
}

proptest! {
    #[test]
    fn the_make_of_a_file_changes_nothing(
        rows in proptest::collection::vec((cell(), cell(), cell(), -599_999_999..899_999_999), 0..6),
    ) {
        let mut table = vec![strings(&["unit", "Door_ID ", "LON", "street", "", "lat", "town"])];
        for (number, (unit, street, town, lat)) in (1..).zip(&rows) {
            let lat = (f64::from(*lat) / 1e7).to_string();
            // The number keeps the ids apart.
            let key = format!("{number}{unit}");
            table.push(strings(&[unit, &key, "-73.25", street, "x", &lat, town]));
        }
        let expected = doors(&makes()[0].file(&table));
        prop_assert_eq!(expected.len(), rows.len());
        for make in makes() {
            let file = make.file(&table);
            prop_assert_eq!(&doors(&file), &expected, "{:?}", make);
            prop_assert_eq!(&doors_from_a_pipe(&file), &expected, "{:?}", make);
        }
    }

    #[test]
    fn every_column_is_kept_or_reported(
        mut names in proptest::collection::hash_set("[a-z]{1,6}( [a-z]{1,3})?", 0..12),
        known in proptest::sample::subsequence(vec!["street", "unit", "zip", "unit_count"], 0..4),
        blanks in 0_usize..3,
    ) {
        names.extend(["door_id", "lat", "lon"].into_iter().chain(known.iter().copied()).map(str::to_owned));
        let mut header: Vec<String> = names.into_iter().collect();
        header.extend(vec![String::new(); blanks]);
        let file = header.join(",") + "\n";
        let reader = DoorReader::open(file.as_bytes(), None, ReadLimits::default()).unwrap();
        let FieldReport { kept, reported } = reader.fields();
        prop_assert_eq!(kept.len() + reported.len(), header.len());
        prop_assert!(kept.iter().all(|name| !reported.contains(name)));
        for name in header.iter().filter(|name| !name.is_empty()) {
            prop_assert!(kept.contains(name) || reported.contains(name));
        }
        prop_assert!(known.iter().all(|name| kept.iter().any(|it| it == name)));
    }
}

fn doors_from_a_pipe(file: &[u8]) -> Vec<DoorRecord> {
    let outcomes = read_doors(Drip(file)).unwrap().into_iter();
    outcomes
        .filter_map(|outcome| match outcome {
            RowOutcome::Row(door) => Some(door),
            _ => None,
        })
        .collect()
}
