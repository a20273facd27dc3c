//! People: what rows say, and what is wrong with them.

use super::*;
use crate::change::ImportedField;
use crate::walklist::Standing;

const COLUMNS: &str = "person_id,door_id,given_name,family_name,birth_year,phone,voted,deceased,exempt,do_not_contact,street\n";

fn outcomes(rows: &str) -> Vec<RowOutcome<PersonRecord>> {
    read_people((COLUMNS.to_owned() + rows).as_bytes()).unwrap()
}

fn only(outcomes: &[RowOutcome<PersonRecord>]) -> &PersonRecord {
    match outcomes {
        [RowOutcome::Row(person)] => person,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_row_says_who_lives_where() {
    let outcomes = outcomes("p1,d7, Ana ,de  la Cruz,1980,802-555-0100,x,,N,Yes,\n");
    let person = only(&outcomes);
    assert_eq!((person.row, person.key.as_str()), (2, "p1"));
    assert_eq!(person.door_key.as_deref(), Some("d7"));
    assert_eq!((person.given_name.as_str(), person.family_name.as_str()), ("Ana", "de la Cruz"));
    assert_eq!((person.birth_year, person.phone.as_str()), (1980, "802-555-0100"));
    let standing = Standing { voted: true, do_not_contact: true, ..Standing::default() };
    assert_eq!(person.standing, standing);
    let fields = person_fields(person);
    let of = |field| fields.iter().find(|(it, _)| *it == field).map(|(_, text)| text.as_str());
    assert_eq!(of(ImportedField::Voted), Some("1"));
    assert_eq!(of(ImportedField::Exempt), Some(""));
    assert_eq!(of(ImportedField::Party), None, "the file has no such column");
}

#[test]
fn each_fault_has_its_code_and_place() {
    use RejectionCode as Code;
    let good = "p1,d7,Ana,Cruz,1980,,,,,,\n";
    let long = format!("p2,d7,Ana,Cruz,,{},,,,,\n", "5".repeat(255));
    for (row, column, code) in [
        (",d7,Ana,Cruz,1980,,,,,,\n", Some("person_id"), Code::MissingPersonId),
        ("p1,d8,Ben,Cruz,1980,,,,,,\n", Some("person_id"), Code::DoubledPersonId),
        ("p2,d7, , ,1980,,,,,,\n", Some("family_name"), Code::MissingName),
        ("p2,,Ana,Cruz,1980,,,,,,\n", None, Code::NoPlace),
        ("p2,d7,Ana,Cruz,198O,,,,,,\n", Some("birth_year"), Code::BadBirthYear),
        ("p2,d7,Ana,Cruz,2027,,,,,,\n", Some("birth_year"), Code::BadBirthYear),
        ("p2,d7,Ana,Cruz,4294967295,,,,,,\n", Some("birth_year"), Code::BadBirthYear),
        ("p2,d7,Ana,Cruz,,,maybe,,,,\n", Some("voted"), Code::NotAFlag),
        (&long, Some("phone"), Code::ValueTooLong),
    ] {
        assert_eq!(rejection(&outcomes(&(good.to_owned() + row))), (3, column, code), "{row}");
    }
}

#[test]
fn protected_names_are_a_mark_and_not_a_name() {
    let row = "p1,d7,*** Protected ***,*** Protected ***,,,,,,,*** Protected ***\n";
    let all = outcomes(row);
    let person = only(&all);
    assert!(person.standing.exempt && person.told.has(ImportedField::Exempt));
    assert_eq!((person.given_name.as_str(), person.address.street.as_str()), ("", ""));
    let without_place = outcomes("p1,,*** Protected ***,,,,,,,,*** Protected ***\n");
    let skipped = RowOutcome::Skipped(SkipReason::ExemptWithoutPlace);
    assert_eq!(without_place, [skipped]);
    let file =
        "person_id,given_name,family_name,street\n1,*** PROTECTED ***,,Elm St\n2,Ana,,Elm St\n";
    let told: Vec<bool> = read_people(file.as_bytes())
        .unwrap()
        .iter()
        .map(|outcome| matches!(outcome, RowOutcome::Row(it) if it.told.has(ImportedField::Exempt)))
        .collect();
    assert_eq!(told, [true, false], "a row without the mark does not lift it");
}

#[test]
fn a_list_from_van_is_recognised() {
    let header = "Voter File VANID,FirstName,MiddleName,LastName,Suffix,Sex,Party,Age,vAddress,City,\
                  State,Zip5,Latitude,Longitude,Pref Phone ,Cell Phone\n";
    let row = "123,Ana,M,Cruz,Jr,F,D,46,\"12 1/2 N Main St, Apt 3\",Winooski,VT,05404,44.5,-73.2,\
               802-555-0100,\n";
    let file = header.to_owned() + row;
    let limits = ReadLimits::default();
    let mut reader = PersonReader::open(file.as_bytes(), None, limits, REFERENCE_YEAR).unwrap();
    assert_eq!(reader.source(), "van");
    assert_eq!(reader.fields().reported.len(), 6);
    assert!(reader.fields().kept.contains(&"Pref Phone".to_owned()));
    let Some(Ok(RowOutcome::Row(person))) = reader.next() else {
        panic!("a person");
    };
    assert_eq!((person.key.as_str(), person.birth_year), ("123", 1980));
    assert_eq!(person.phone, "802-555-0100");
    let address = &person.address;
    let parts = [&address.house_number, &address.street, &address.unit, &address.town];
    assert_eq!(parts, ["12 1/2", "N Main St", "Apt 3", "Winooski"]);
}

#[test]
fn years_come_from_years_dates_and_ages() {
    let profile = r#"{"records": "people", "name": "t", "source": "t", "fields": {
        "person_id": ["id"], "family_name": ["name"], "street": ["street"],
        "birth_year": ["year"], "birth_date": ["date"], "age": ["age"]}}"#;
    let Ok(Profile::People(profile)) = Profile::parse(profile) else {
        panic!("a profile of people");
    };
    for (cells, year) in [
        ("1980,,", 1980),
        ("1980,1990-01-01,20", 1980),
        ("0,,", 0),
        ("1800,,", 0),
        (",1990-02-28,", 1990),
        (",1990-02-28T00:00:00,", 1990),
        (",2/28/1990,", 1990),
        (",12/31/1990 0:00,", 1990),
        (",,26", 2000),
        (",,0", 0),
        (",,", 0),
        (",*** Protected ***,26", 2000),
    ] {
        let file = format!("id,name,street,year,date,age\n1,Cruz,Elm St,{cells}\n");
        let limits = ReadLimits::default();
        let reader = PersonReader::open(file.as_bytes(), Some(&profile), limits, REFERENCE_YEAR);
        let all: Vec<_> = reader.unwrap().map(Result::unwrap).collect();
        assert_eq!(only(&all).birth_year, year, "{cells}");
    }
    for (cells, column) in [
        (",1990-02-30,", "date"),
        (",28/2/1990,", "date"),
        (",90,", "date"),
        (",,old", "age"),
        (",,3000", "age"),
    ] {
        let file = format!("id,name,street,year,date,age\n1,Cruz,Elm St,{cells}\n");
        let limits = ReadLimits::default();
        let reader = PersonReader::open(file.as_bytes(), Some(&profile), limits, REFERENCE_YEAR);
        let all: Vec<_> = reader.unwrap().map(Result::unwrap).collect();
        let expected = (2, Some(column), RejectionCode::BadBirthYear);
        assert_eq!(rejection(&all), expected, "{cells}");
    }
}
