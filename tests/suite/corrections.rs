//! Corrections of addresses and names: proposed at the door, decided by the campaign, shown by
//! everyone, and merged three ways with later files.

use axum::http::Method;
use canvass_core::change::CorrectedField;
use canvass_core::engine::{
    ConflictSubject, CorrectionInput, Error, ExportFormat, HouseholdView, ImportOptions,
};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_tests::campaign::{TestCampaign, TestPhone, door, read};
use canvass_tests::solo::Solo;
use serde_json::{Value, json};

const OLD: &str = "2 Willow St";
const NEW: &str = "2 Willow Lane";

fn propose(
    phone: &TestPhone,
    household: HouseholdId,
    person: Option<PersonId>,
    field: CorrectedField,
    value: &str,
) {
    let (list, value) = (phone.list(), value.to_owned());
    let input = CorrectionInput { list, household, person, field, value };
    phone.engine().record_correction(&input).expect("a correction");
}

fn view(phone: &TestPhone, household: HouseholdId) -> HouseholdView {
    phone.engine().household(phone.list(), household).expect("a household")
}

fn corrections(campaign: &TestCampaign) -> Vec<Value> {
    campaign.get("/corrections")["corrections"].as_array().expect("corrections").clone()
}

fn decide(campaign: &TestCampaign, household: HouseholdId, value: &str) {
    let order =
        json!({ "household": household, "person": null, "field": "street", "value": value });
    campaign.post("/corrections", &order);
}

#[test]
fn proposals_add_up_and_hold_once_the_campaign_has_decided() {
    let campaign = TestCampaign::small(61);
    let [ash, birch, cedar] = ["Ash", "Birch", "Cedar"].map(|name| campaign.joined(name));
    let household = ash.door(OLD);
    propose(&ash, household, None, CorrectedField::Street, "Willow Lane");
    propose(&birch, household, None, CorrectedField::Street, " Willow Lane ");
    propose(&cedar, household, None, CorrectedField::Street, "Willow Line");
    assert_eq!(ash.door(OLD), household, "a proposal changes nothing yet");
    campaign.assert_all_agree(&[&ash, &birch, &cedar]);
    let seen = view(&cedar, household).corrections;
    let seen: Vec<(&str, usize, bool)> =
        seen.iter().map(|it| (it.value.as_str(), it.by.len(), it.own)).collect();
    assert_eq!(seen, [("Willow Lane", 2, false), ("Willow Line", 1, true)]);
    let open = corrections(&campaign);
    assert_eq!(open.len(), 2);
    assert_eq!(open[0]["canvassers"].as_array().map(Vec::len), Some(2));
    assert_eq!((&open[0]["now"], &open[0]["value"]), (&json!("Willow St"), &json!("Willow Lane")));
    assert_eq!(campaign.conflicts(), 0, "proposals are no conflict");

    // Cedar takes back hers; the campaign accepts the other, and nothing is open any more.
    decide(&campaign, household, "Willow Lane");
    assert_eq!(corrections(&campaign), Vec::<Value>::new());
    campaign.assert_all_agree(&[&ash, &birch, &cedar]);
    for phone in [&ash, &birch, &cedar, &campaign.joined("Dogwood")] {
        assert_eq!(phone.door(NEW), household);
        let shown = view(phone, household);
        assert_eq!((shown.address.street.as_str(), shown.corrections.len()), ("Willow Lane", 0));
    }
    let path = format!("{}/export/csv", campaign.path);
    let (_, csv) = campaign.server.operator_bytes(Method::GET, &path, Vec::new());
    let csv = String::from_utf8(csv).expect("text");
    let rows = csv.lines().filter(|line| line.contains("correction") && line.contains("street"));
    assert_eq!(rows.count(), 4, "{csv}");
}

#[test]
fn a_file_that_repeats_itself_is_not_new_and_one_that_does_not_is_disputed() {
    let campaign = TestCampaign::small(62);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let household = ash.door(OLD);
    decide(&campaign, household, "Willow Lane");
    decide(&campaign, ash.door("6 Willow St"), "Willow Lane");
    campaign.assert_all_agree(&[&ash, &birch]);
    let before = (campaign.get(""), campaign.get("/lists/1/digest"));
    for _ in 0..2 {
        campaign.import("doors", "doors", &read("doors.csv"));
        campaign.import("people", "people", &read("people.csv"));
    }
    assert_eq!((campaign.get(""), campaign.get("/lists/1/digest")), before);

    // Another file calls the door by the address it was filed under, and by the one that stands.
    let header = "person_id,given_name,family_name,house_number,street,unit,town,zip\n";
    let rows =
        "n1,Robin,Wren,2,Willow St,,Lakewater,00000\nn2,Jay,Wren,2,Willow Lane,,Lakewater,00000\n";
    let (status, told) =
        campaign.try_import("people", "people", [header, rows].concat().as_bytes());
    assert_eq!(status, 200, "{told}");

    // What the file says of another field is taken in; of this one, it disagrees or agrees.
    let mut file = String::from_utf8(read("doors.csv")).expect("text");
    let mut altered = |from: &str, to: &str, conflicts: usize| {
        assert!(file.contains(from), "{from}");
        file = file.replace(from, to);
        campaign.import("doors", "doors", file.as_bytes());
        assert_eq!(campaign.conflicts(), conflicts, "{to}");
    };
    altered("d01,2,Willow St,,Lakewater", "d01,2,Willow St,,Lakeside", 0);
    altered("d02,6,Willow St", "d02,6,Willow Lane", 0);
    altered("d01,2,Willow St", "d01,2,Willow Way", 1);
    campaign.assert_all_agree(&[&ash, &birch]);
    let shown = view(&ash, household);
    assert!(matches!(&shown.conflicts[..], [one] if one.candidates.len() == 2));
    assert_eq!(shown.address.street, "Willow Way", "the later one is shown");
    let [conflict] = &shown.conflicts[..] else { panic!("one conflict") };
    assert_eq!(conflict.subject, ConflictSubject::File { field: "street".to_owned() });
    let chosen = conflict.candidates.iter().find(|it| !it.from_file).expect("ours").change;
    let refused = ash.engine().resolve_conflict(ash.list(), household, conflict.conflict, chosen);
    assert!(matches!(refused, Err(Error::NotYours)), "what files say is the campaign's to decide");
    let path = format!("/conflicts/{}", conflict.conflict);
    campaign.post(&path, &json!({ "chosen": chosen }));
    assert_eq!(campaign.conflicts(), 0);
    campaign.assert_all_agree(&[&ash, &birch]);
    assert_eq!((ash.door(NEW), birch.door(NEW)), (household, household));
    let before = (campaign.get(""), campaign.get("/lists/1/digest"));
    campaign.import("doors", "doors", file.as_bytes());
    assert_eq!((campaign.get(""), campaign.get("/lists/1/digest")), before);
}

#[test]
fn names_are_put_right_too_of_people_whom_files_know_and_of_those_met() {
    let campaign = TestCampaign::small(63);
    let ash = campaign.joined("Ash");
    let household = ash.door(OLD);
    let met = canvass_core::engine::PersonMetInput {
        list: ash.list(),
        household,
        given_name: "Robyn".to_owned(),
        family_name: "Wren".to_owned(),
        language: String::new(),
    };
    let met = ash.engine().add_person(&met).expect("someone").person.expect("an id");
    let filed = ash.person(household, 0);
    propose(&ash, household, Some(filed), CorrectedField::GivenName, "Bryar");
    propose(&ash, household, Some(met), CorrectedField::GivenName, "Robin");
    ash.sync(&campaign);
    let open = corrections(&campaign);
    assert_eq!(open.len(), 2);
    for said in &open {
        let (person, value) = (&said["person"], &said["value"]);
        let order = json!({
            "household": household, "person": person, "field": "given_name", "value": value
        });
        campaign.post("/corrections", &order);
    }
    campaign.assert_all_agree(&[&ash]);
    let names: Vec<String> =
        view(&ash, household).people.into_iter().map(|person| person.given_name).collect();
    assert!(names.contains(&"Bryar".to_owned()) && names.contains(&"Robin".to_owned()));
    let before = (campaign.get(""), campaign.get("/lists/1/digest"));
    campaign.import("people", "people", &read("people.csv"));
    assert_eq!((campaign.get(""), campaign.get("/lists/1/digest")), before);
    let list = ash.list();
    let wrong = |person, field, value: &str| {
        let input = CorrectionInput { list, household, person, field, value: value.to_owned() };
        ash.engine().record_correction(&input).is_err()
    };
    assert!(wrong(None, CorrectedField::GivenName, "Robin"), "a door has no name");
    assert!(wrong(Some(filed), CorrectedField::Street, "Elm St"));
    assert!(wrong(None, CorrectedField::Street, " "), "a street cannot be nothing");
    assert!(!wrong(None, CorrectedField::Unit, ""), "a unit can");
}

#[test]
fn on_a_phone_alone_a_correction_holds_at_once_and_can_be_taken_back() {
    let solo = Solo::small();
    let (engine, list) = (solo.engine(), solo.list);
    let household = door(engine, list, OLD).expect("a door");
    let correct = |value: &str| {
        let (field, value) = (CorrectedField::Street, value.to_owned());
        let input = CorrectionInput { list, household, person: None, field, value };
        engine.record_correction(&input).expect("a correction").change
    };
    let change = correct("Willow Lane");
    assert_eq!((door(engine, list, NEW), door(engine, list, OLD)), (Some(household), None));
    let csv = engine.export(list, ExportFormat::GeoJson).expect("a file").bytes;
    assert!(String::from_utf8(csv).expect("text").contains("Willow Lane"));
    let again = canvass_tests::fixture("offline_day").join("doors.csv");
    let imported = engine.import_path(&again, &ImportOptions::default(), None).expect("a file");
    assert_eq!((imported.file, door(engine, list, NEW)), (None, Some(household)));
    engine.undo(list, household, change).expect("taken back");
    assert_eq!((door(engine, list, NEW), door(engine, list, OLD)), (None, Some(household)));
}
