//! Profiles: the built-in ones, and files of one's own.

use std::collections::BTreeMap;

use super::*;

#[test]
fn every_built_in_profile_is_found_by_its_name() {
    for name in ["doors", "cambridge", "vermont-e911", "people", "van"] {
        assert_eq!(Profile::built_in(name).unwrap().name(), name);
    }
    assert_eq!(Profile::built_in("texas"), Err(FileError::UnknownProfile));
    assert_eq!(DoorProfile::built_in("van").unwrap_err().code(), "unknown_profile");
    assert_eq!(PersonProfile::built_in("van").unwrap().source, "van");
}

/// What becomes of one row for each value of a column.
fn by_value(header: &str, row: &str, values: &[&str]) -> BTreeMap<String, Result<u32, SkipReason>> {
    let rows = (1..)
        .zip(values)
        .map(|(number, value)| row.replace('N', &format!("{number}")).replace('V', value));
    let file = header.to_owned() + &rows.collect::<String>();
    let outcomes = read_doors(file.as_bytes()).unwrap().into_iter();
    let verdict = |outcome| match outcome {
        RowOutcome::Row(DoorRecord { unit_count, .. }) => Ok(unit_count),
        RowOutcome::Skipped(reason) => Err(reason),
        RowOutcome::Rejected(why) => panic!("{why:?}"),
    };
    let values = values.iter().map(|value| (*value).to_owned());
    values.zip(outcomes.map(verdict)).collect()
}

#[test]
fn cambridge_takes_homes_only() {
    let verdicts = by_value(
        "door_id,parcel,house_number,street,unit,use,lon,lat\n",
        "N,1-1,4,CANAL PK,1,V,-71.07,42.37\n",
        &[
            "CONDOMINIUM",
            "CNDO LUX",
            "TWO-FAM-RES",
            ">8-UNIT-APT",
            "BOARDING-HSE",
            "CONDO-BLDG",
            "OFFICE-CONDO",
            "INN-RESORT",
            "CONDO-PKG-SP",
            "RES-DEV-LAND",
            "SOMETHING NEW",
        ],
    );
    let expected = [
        ("CONDOMINIUM", Ok(1)),
        ("CNDO LUX", Ok(1)),
        ("TWO-FAM-RES", Ok(2)),
        (">8-UNIT-APT", Ok(9)),
        ("BOARDING-HSE", Ok(1)),
        ("CONDO-BLDG", Err(SkipReason::BuildingRecord)),
        ("OFFICE-CONDO", Err(SkipReason::NotResidential)),
        ("INN-RESORT", Err(SkipReason::Lodging)),
        ("CONDO-PKG-SP", Err(SkipReason::Parking)),
        ("RES-DEV-LAND", Err(SkipReason::Land)),
        ("SOMETHING NEW", Err(SkipReason::Unlisted)),
    ];
    assert_eq!(verdicts, expected.map(|(value, it)| (value.to_owned(), it)).into());
}

#[test]
fn vermont_takes_homes_only() {
    let header = "esite_id,house_number,number_prefix,number_suffix,street,site_type,unit_count,\
                  town,zip,segment_id,lon,lat\n";
    let verdicts = by_value(
        header,
        "N,12,,,ELM ST  ,V,0,WINOOSKI,05404,9,-73.18,44.5\n",
        &[
            "SINGLE FAMILY DWELLING",
            "COMMERCIAL W/RESIDENCE",
            "CAMP",
            "NURSING HOME / LONG TERM CARE",
            "COMMERCIAL",
            "ACCESSORY BARN",
            "DEVELOPMENT SITE",
            "LODGING B&B / HOTEL / MOTEL / INN",
            "ABANDONED",
        ],
    );
    let expected = [
        ("SINGLE FAMILY DWELLING", Ok(1)),
        ("COMMERCIAL W/RESIDENCE", Ok(1)),
        ("CAMP", Ok(1)),
        ("NURSING HOME / LONG TERM CARE", Ok(1)),
        ("COMMERCIAL", Err(SkipReason::NotResidential)),
        ("ACCESSORY BARN", Err(SkipReason::Accessory)),
        ("DEVELOPMENT SITE", Err(SkipReason::Land)),
        ("LODGING B&B / HOTEL / MOTEL / INN", Err(SkipReason::Lodging)),
        ("ABANDONED", Err(SkipReason::Abandoned)),
    ];
    assert_eq!(verdicts, expected.map(|(value, it)| (value.to_owned(), it)).into());
    let numbers = "1,12,,A,ELM ST,CAMP,1,W,0,9,-73.18,44.5\n2,12,,1/2,ELM ST,CAMP,1,W,0,9,-73.18,44.5\n\
                   3,12,N,,ELM ST,CAMP,1,W,0,9,-73.18,44.5\n";
    let outcomes = read_doors((header.to_owned() + numbers).as_bytes()).unwrap();
    let numbers: Vec<&str> = outcomes
        .iter()
        .map(|outcome| match outcome {
            RowOutcome::Row(door) => door.address.house_number.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(numbers, ["12A", "12 1/2", "N12"]);
}

const OWN: &str = r#"{
    "records": "doors", "name": "own", "source": "county", "separator": "semicolon",
    "encoding": "latin-1",
    "fields": {"door_id": ["ID"], "lat": ["Y"], "lon": ["X"], "address_line": ["Address"]},
    "constants": {"town": "Ville"},
    "leave_out": [{"column": "Status", "values": ["gone"], "reason": "abandoned"}]
}"#;

#[test]
fn a_profile_of_ones_own_maps_columns() {
    let Ok(Profile::Doors(profile)) = Profile::parse(OWN) else {
        panic!("a profile of doors");
    };
    let file = b"ID;X;Y;Address;Status\n1;-73.2;44.5;12 Ren\xe9e St #4; OK\n2;-73.2;44.5;;GONE\n";
    let reader = DoorReader::open(&file[..], Some(&profile), ReadLimits::default()).unwrap();
    assert_eq!(
        (reader.source(), reader.fields().reported.as_slice()),
        ("county", &["Status".to_owned()][..])
    );
    let outcomes: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(outcomes[1], RowOutcome::Skipped(SkipReason::Abandoned));
    let RowOutcome::Row(door) = &outcomes[0] else {
        panic!("{outcomes:?}");
    };
    let address = &door.address;
    let parts = [&address.house_number, &address.street, &address.unit, &address.town];
    assert_eq!(parts, ["12", "Renée St", "#4", "Ville"]);
    let without_status = &b"ID;X;Y;Address\n1;-73.2;44.5;12 Elm St\n"[..];
    let error = DoorReader::open(without_status, Some(&profile), ReadLimits::default()).err();
    let column = "Status".to_owned();
    assert_eq!(error, Some(FileError::MissingColumn { column }));
}

#[test]
fn a_profile_that_cannot_work_says_where() {
    let fields =
        |fields: &str| format!(r#"{{"records": "doors", "name": "x", "source": "x", {fields}}}"#);
    let long = " ".repeat(300_000);
    for (json, code) in [
        ("", "profile_syntax"),
        ("{\"records\": \"doors\",\n}", "profile_syntax"),
        (r#"{"records": "cats"}"#, "profile_shape"),
        (&OWN.replace("\"source\"", "\"sauce\""), "profile_shape"),
        (&OWN.replace("door_id", "dor_id"), "profile_shape"),
        (&OWN.replace("abandoned", "because"), "profile_shape"),
        (&fields(r#""fields": {"door_id": ["a"], "lat": ["b"]}"#), "profile_missing_field"),
        (
            &fields(
                r#""fields": {"door_id": ["a"], "lat": ["b"], "lon": ["c"]}, "constants": {"lat": "1"}"#,
            ),
            "profile_constant_field",
        ),
        (&long, "profile_too_long"),
    ] {
        assert_eq!(Profile::parse(json).unwrap_err().code(), code, "{json:.200}");
    }
    let error = Profile::parse("{\"records\": \"doors\",\n}").unwrap_err();
    assert_eq!((error.line, error.column), (2, 1));
}

#[test]
fn a_tally_counts_all_and_keeps_the_first_thousand() {
    let reader = DoorReader::open(&b"door_id,lat,lon,x\n"[..], None, ReadLimits::default());
    let mut tally = ImportTally::new(reader.unwrap().fields());
    for row in 2..1502 {
        tally.reject(Rejection {
            row,
            column: Some("lat".into()),
            code: RejectionCode::NotANumber,
        });
    }
    for reason in [SkipReason::Parking, SkipReason::NotResidential, SkipReason::Parking] {
        tally.skip(reason);
    }
    tally.take();
    assert!(!tally.is_clean());
    assert_eq!((tally.rows, tally.rejected.len(), tally.rejected_more), (1504, 1000, 500));
    let json = serde_json::to_value(&tally).unwrap();
    assert_eq!(json["skipped"][0], serde_json::json!({"reason": "not_residential", "count": 1}));
    assert_eq!(json["skipped"][1], serde_json::json!({"reason": "parking", "count": 2}));
    let first = serde_json::json!({"row": 2, "column": "lat", "code": "not_a_number"});
    assert_eq!(json["rejected"][0], first);
    assert_eq!(
        (json["kept_fields"].as_u64(), json["reported_fields"].as_u64()),
        (Some(3), Some(1))
    );
    assert_eq!(serde_json::from_value::<ImportTally>(json).unwrap(), tally);
}

#[test]
fn codes_are_what_json_says() {
    for code in [
        RejectionCode::MissingDoorId,
        RejectionCode::DoubledDoorId,
        RejectionCode::MissingPosition,
        RejectionCode::NotANumber,
        RejectionCode::PositionOutOfRange,
        RejectionCode::PositionSwapped,
        RejectionCode::PositionZero,
        RejectionCode::BadUnitCount,
        RejectionCode::MissingPersonId,
        RejectionCode::DoubledPersonId,
        RejectionCode::MissingName,
        RejectionCode::NoPlace,
        RejectionCode::NoDoor,
        RejectionCode::BadBirthYear,
        RejectionCode::NotAFlag,
        RejectionCode::BadAccess,
        RejectionCode::ValueTooLong,
        RejectionCode::TooManyFields,
        RejectionCode::RecordTooLong,
        RejectionCode::UnclosedQuote,
        RejectionCode::NotText,
    ] {
        assert_eq!(serde_json::to_value(code).unwrap(), code.code());
        assert!(code.hint().ends_with('.'));
    }
}
