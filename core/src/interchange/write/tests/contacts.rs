//! Contacts: result or answers, never both; and what VAN and OSDI are given of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn with(result: CanvassResult, person: PersonAtDoor) -> PersonAtDoor {
    PersonAtDoor { result: Some(result), ..person }
}

fn answering(answers: Vec<ContactAnswer>, person: PersonAtDoor) -> PersonAtDoor {
    PersonAtDoor { answers, ..person }
}

/// Each contact as `name: outcome`.
fn outcomes(facts: &AttemptFacts, loss: &mut LossReport) -> Vec<String> {
    contacts_of(facts, loss)
        .iter()
        .map(|contact| match &contact.outcome {
            ContactOutcome::Result(result) => format!("{}: {result}", contact.name),
            ContactOutcome::Answers(answers) => {
                format!("{}: {} answers", contact.name, answers.all().len())
            }
        })
        .collect()
}

#[test]
fn answers_win_over_results_and_own_results_over_the_doors() {
    let support = vec![answer("support", choice("1"))];
    for (door, people, expected, losses) in [
        (
            Some(CanvassResult::NotHome),
            vec![
                person("ana"),
                with(CanvassResult::Moved, person("ben")),
                answering(support.clone(), with(CanvassResult::Contacted, person("cy"))),
            ],
            vec!["ana: not_home", "ben: moved", "cy: 1 answers"],
            vec![],
        ),
        (
            Some(CanvassResult::Contacted),
            vec![answering(support.clone(), person("ana")), person("ben")],
            vec!["ana: 1 answers"],
            vec![],
        ),
        (
            Some(CanvassResult::Refused),
            vec![person("ana"), person("ben")],
            vec![],
            vec!["door result refused 1 nobody_named"],
        ),
        (
            Some(CanvassResult::Refused),
            vec![with(CanvassResult::Refused, person("ana")), person("ben")],
            vec!["ana: refused"],
            vec![],
        ),
        (
            Some(CanvassResult::Inaccessible),
            vec![],
            vec![],
            vec!["door result inaccessible 1 nobody_named"],
        ),
        (None, vec![person("ana")], vec![], vec!["attempt 1 no_outcome"]),
        (
            None,
            vec![answering(support, with(CanvassResult::ComeBack, person("ana")))],
            vec!["ana: 1 answers"],
            vec!["result come_back 1 not_in_format"],
        ),
    ] {
        let mut loss = LossReport::default();
        assert_eq!(outcomes(&attempt(door, people), &mut loss), expected);
        assert_eq!(told(&loss), losses);
    }
}

#[test]
fn literature_where_nobody_was_home_is_one_result_and_is_lost_beside_any_other() {
    for (door, own, expected, losses) in [
        (Some(CanvassResult::NotHome), None, "ana: left_literature", vec![]),
        (Some(CanvassResult::LeftLiterature), None, "ana: left_literature", vec![]),
        (None, Some(CanvassResult::NotHome), "ana: left_literature", vec![]),
        (
            Some(CanvassResult::Contacted),
            Some(CanvassResult::Contacted),
            "ana: contacted",
            vec!["literature left 1 not_in_format"],
        ),
    ] {
        let ana = PersonAtDoor { result: own, ..person("ana") };
        let facts = AttemptFacts { literature: true, ..attempt(door, vec![ana]) };
        let mut loss = LossReport::default();
        assert_eq!(outcomes(&facts, &mut loss), [expected]);
        assert_eq!(told(&loss), losses, "{expected}");
    }
}

#[test]
fn asks_are_tags_for_osdi_and_lost_for_van() {
    let facts = attempt(None, vec![with(CanvassResult::Contacted, person("ana"))]);
    let mut contacts = contacts_of(&facts, &mut LossReport::default());
    let ask = |kind, state| ContactAsk { kind, state };
    contacts[0].asks = vec![
        ask(AskKind::YardSign, AskState::Wanted),
        ask(AskKind::Volunteer, AskState::Declined),
        ask(AskKind::own("host").expect("a name"), AskState::Done),
    ];
    let mut bytes = Vec::new();
    let names = OsdiNames::without_questions();
    let written = write_osdi_jsonl(&mut bytes, &contacts, &names, LossReport::default());
    let line: Value = serde_json::from_slice(&bytes).expect("one line");
    assert_eq!(line["record_canvass_helper"]["add_tags"], json!(["yard-sign", "host"]));
    let losses = told(&written.expect("written").loss);
    assert!(losses.contains(&"ask volunteer declined 1 not_in_format".to_owned()), "{losses:?}");
    let losses = told(&van_rows(&contacts).1.loss);
    assert!(losses.contains(&"ask yard_sign 1 not_in_format".to_owned()), "{losses:?}");
}

fn van_rows(contacts: &[Contact]) -> (Vec<BTreeMap<String, String>>, Exported) {
    let mut bytes = Vec::new();
    let exported = write_van_csv(
        &mut bytes,
        contacts,
        &ResultCodes::usual(Backend::Van),
        -240,
        LossReport::default(),
    )
    .unwrap();
    let rows = csv::Reader::from_reader(bytes.as_slice())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .unwrap();
    (rows, exported)
}

#[test]
fn vans_file_has_a_row_for_a_result_or_for_each_answer() {
    let answers = vec![
        answer("support", choice("2-Lean")),
        answer("issues", AnswerValue::Choices { options: vec!["roads".into(), "rent".into()] }),
        answer("why", AnswerValue::Text { text: "private words".into() }),
        answer("mood", AnswerValue::Scale { value: 4 }),
    ];
    let words = vec![answer("why", AnswerValue::Text { text: "private words".into() })];
    let stranger = PersonAtDoor { key: None, ..person("dee") };
    let facts = attempt(
        Some(CanvassResult::Vacant),
        vec![
            answering(answers, person("ana")),
            answering(words, person("ben")),
            with(CanvassResult::LeftLiterature, person("=cy")),
            with(CanvassResult::Refused, stranger),
            person("eve"),
        ],
    );
    let contacts = contacts_of(&facts, &mut LossReport::default());
    let (rows, exported) = van_rows(&contacts);
    let cells = |row: &BTreeMap<String, String>| {
        ["Voter File VANID", "Result", "Survey Question Name", "Survey Response"]
            .map(|column| row[column].clone())
            .join("|")
    };
    let expected = [
        "van-ana||support|2-Lean",
        "van-ana||issues|roads",
        "van-ana||issues|rent",
        "van-ana||mood|4",
        "van-ben|Canvassed||",
        "van-=cy|Left Message / Lit||",
    ];
    assert_eq!(rows.iter().map(cells).collect::<Vec<_>>(), expected);
    assert_eq!(rows[0]["Date Canvassed"], "2026-10-03T20:04:00-04:00");
    assert_eq!((&rows[0]["Canvassed By"][..], &rows[0]["Contact Type"][..]), ("Sam", "Walk"));
    assert_eq!(rows[5]["Contact Name"], "'=cy");
    assert_eq!(exported.records, 6);
    let losses = [
        "attempt_id 3 not_in_format",
        "contact 1 person_not_in_source",
        "door_id 3 not_in_format",
        "question why 2 not_a_listed_answer",
        "result vacant 1 not_in_format",
    ];
    assert_eq!(told(&exported.loss), losses);
}

/// What a database gave for doors and for calls; nothing for text messages.
const CODES: &str = r#"{
  "backend": "van",
  "channels": [
    {"channel": "door", "resultCodes": [
      {"resultCodeId": 14, "name": "Canvassed", "shortName": "CV"},
      {"resultCodeId": 13, "name": "Come Back", "shortName": "CB"},
      {"resultCodeId": 4, "name": "Deceased", "shortName": "DC"}]},
    {"channel": "phone", "resultCodes": [
      {"resultCodeId": 17, "name": "Call Back", "shortName": "CB"},
      {"resultCodeId": 25, "name": "Disconnected", "shortName": "WX"},
      {"resultCodeId": 22, "name": "Do Not Call", "shortName": "XC"}]}],
  "questions": {"support": {"surveyQuestionId": 50, "responses": {"2": 502}}},
  "activistCodes": {"volunteer": 18917}
}"#;

fn codes() -> ResultCodes {
    ResultCodes::parse(Backend::Van, CODES).expect("a table")
}

/// The bodies for one contact, what they lose, and what is warned of.
fn sent(contact: &Contact) -> (Vec<Value>, Vec<String>, Vec<String>) {
    let (mut loss, mut warnings) = (LossReport::default(), Vec::new());
    let records = van_records(contact, &codes(), -240, &mut loss, &mut warnings);
    let warned = warnings.iter().map(|it| format!("{} {} {:?}", it.field, it.count, it.why));
    (records.into_iter().map(|it| it.body).collect(), told(&loss), warned.collect())
}

fn contact_of(person: PersonAtDoor) -> Contact {
    contacts_of(&attempt(None, vec![person]), &mut LossReport::default()).remove(0)
}

fn called(result: CanvassResult, channel: ContactChannel, number: &str) -> Contact {
    let ana = with(result, person("ana"));
    let reach = ReachState { person: ana.person, channel, number: number.to_owned() };
    let facts = AttemptFacts { reach: Some(reach), ..attempt(None, vec![ana]) };
    contacts_of(&facts, &mut LossReport::default()).remove(0)
}

#[test]
fn vans_body_has_a_result_or_responses() {
    let context = json!({
        "contactTypeId": 2, "inputTypeId": 11, "dateCanvassed": "2026-10-03T20:04:00-04:00",
    });
    let (deceased, ..) = sent(&contact_of(with(CanvassResult::Deceased, person("ana"))));
    let expected = json!({"canvassContext": context, "resultCodeId": 4, "responses": null});
    assert_eq!(deceased, [expected]);
    let answers = vec![answer("support", choice("2")), answer("sign", choice("1"))];
    let (answered, losses, _) = sent(&contact_of(answering(answers, person("ana"))));
    let response =
        json!({"type": "SurveyResponse", "surveyQuestionId": 50, "surveyResponseId": 502});
    let expected =
        json!({"canvassContext": context, "resultCodeId": null, "responses": [response]});
    assert_eq!(answered, [expected]);
    assert_eq!(losses, ["question sign 1 not_mapped"]);
    let unknown = contact_of(answering(vec![answer("sign", choice("1"))], person("ana")));
    let (unknown, losses, _) = sent(&unknown);
    assert_eq!(unknown[0]["resultCodeId"], 14);
    assert_eq!(losses, ["question sign 1 not_mapped"]);
    let (none, losses, _) = sent(&contact_of(with(CanvassResult::NotHome, person("ana"))));
    assert_eq!((none, losses), (Vec::new(), vec!["result not_home 1 not_mapped".to_owned()]));
}

#[test]
fn a_code_is_its_channels_whatever_its_short_name() {
    let (door, ..) = sent(&contact_of(with(CanvassResult::ComeBack, person("ana"))));
    let call = called(CanvassResult::CallBack, ContactChannel::Phone, "555 0100");
    let (call, losses, warned) = sent(&call);
    assert_eq!((&door[0]["resultCodeId"], &call[0]["resultCodeId"]), (&json!(13), &json!(17)));
    let context = &call[0]["canvassContext"];
    assert_eq!(context["contactTypeId"], 1);
    assert_eq!(context["phone"], json!({"dialingPrefix": "1", "phoneNumber": "5550100"}));
    assert_eq!((losses, warned), (Vec::new(), Vec::new()));
    // Without a fetched table there is no code at all, and the report says for which results.
    let text = called(CanvassResult::DoNotText, ContactChannel::Text, "+1 206 555 0100");
    assert_eq!(sent(&text), (Vec::new(), vec!["result do_not_text 1 not_mapped".into()], vec![]));
}

#[test]
fn a_call_needs_its_number() {
    for channel in [ContactChannel::Phone, ContactChannel::Text] {
        let (bodies, losses, _) = sent(&called(CanvassResult::Contacted, channel, "unlisted"));
        assert_eq!((bodies, losses), (Vec::new(), vec!["contact 1 no_number".to_owned()]));
    }
    let long = called(CanvassResult::Disconnected, ContactChannel::Phone, "+52 (55) 5550-0100");
    let phone = &sent(&long).0[0]["canvassContext"]["phone"];
    assert_eq!(phone, &json!({"dialingPrefix": "52", "phoneNumber": "5555500100"}));
}

#[test]
fn what_suppresses_for_good_is_warned_of() {
    let gone = called(CanvassResult::Disconnected, ContactChannel::Phone, "555 0100");
    assert_eq!(sent(&gone).2, ["result disconnected 1 NumberSuppressed"]);
    let never = called(CanvassResult::DoNotCall, ContactChannel::Phone, "555 0100");
    assert_eq!(sent(&never).2, ["result do_not_call 1 PersonSuppressed"]);
    let exported = van_rows(&[gone.clone(), gone, never]).1;
    let counts: Vec<u64> = exported.warnings.iter().map(|warning| warning.count).collect();
    assert_eq!(counts, [2, 1]);
    assert!(told(&exported.loss).contains(&"phone number 3 not_in_format".to_owned()));
}

#[test]
fn an_activist_code_beside_a_result_is_no_second_contact() {
    let volunteer = ContactAsk { kind: AskKind::Volunteer, state: AskState::Wanted };
    let mut contact = contact_of(with(CanvassResult::ComeBack, person("ana")));
    contact.asks = vec![volunteer.clone()];
    let (bodies, losses, warned) = sent(&contact);
    let applied = json!({"type": "ActivistCode", "activistCodeId": 18917, "action": "Apply"});
    assert_eq!(bodies.len(), 2);
    assert_eq!((&bodies[0]["resultCodeId"], &bodies[0]["responses"]), (&json!(13), &Value::Null));
    assert_eq!(
        (&bodies[1]["resultCodeId"], &bodies[1]["responses"]),
        (&Value::Null, &json!([applied]))
    );
    assert_eq!(bodies[1]["canvassContext"]["omitActivistCodeContactHistory"], true);
    assert!(bodies[0]["canvassContext"].get("omitActivistCodeContactHistory").is_none());
    assert_eq!((losses, warned), (Vec::new(), vec!["asks 1 SentApart".to_owned()]));
    // With answers it is one call, which is a contact anyway.
    let mut contact = contact_of(answering(vec![answer("support", choice("2"))], person("ana")));
    contact.asks = vec![volunteer];
    let (bodies, ..) = sent(&contact);
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["responses"][1], applied);
    assert!(bodies[0]["canvassContext"].get("omitActivistCodeContactHistory").is_none());
}

#[test]
fn a_file_for_van_leaves_out_what_its_database_is_known_not_to_have() {
    let contact = contact_of(with(CanvassResult::Moved, person("ana")));
    let mut bytes = Vec::new();
    let exported =
        write_van_csv(&mut bytes, [&contact], &codes(), 0, LossReport::default()).expect("written");
    assert_eq!(
        (exported.records, told(&exported.loss)),
        (0, vec!["result moved 1 not_mapped".into()])
    );
    assert_eq!(van_rows(&[contact]).1.records, 1);
}

#[test]
fn osdi_tells_how_someone_was_reached() {
    let call = called(CanvassResult::Busy, ContactChannel::Phone, "555 0100");
    let mut bytes = Vec::new();
    let names = OsdiNames::without_questions();
    write_osdi_jsonl(&mut bytes, [&call], &names, LossReport::default()).expect("written");
    let line: Value = serde_json::from_slice(&bytes).expect("one line");
    let canvass = &line["record_canvass_helper"]["canvass"];
    assert_eq!(
        (&canvass["contact_type"], &canvass["status_code"]),
        (&json!("phone"), &json!("busy"))
    );
    assert_eq!(canvass["success"], false);
}

#[test]
fn osdi_gets_a_line_for_each_contact() {
    let names = OsdiNames {
        origin_system: "canvass".to_owned(),
        questions: [("support".to_owned(), "https://example.org/questions/1".to_owned())].into(),
        ..OsdiNames::without_questions()
    };
    let answers =
        vec![answer("support", choice("1")), answer("age", AnswerValue::Number { value: 41.5 })];
    let stranger = PersonAtDoor { key: None, ..person("dee") };
    let people = vec![answering(answers, person("ana")), person("ben"), stranger];
    let mut loss = LossReport::default();
    let contacts = contacts_of(&attempt(Some(CanvassResult::NotHome), people), &mut loss);
    let mut bytes = Vec::new();
    let exported = write_osdi_jsonl(&mut bytes, &contacts, &names, loss).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), exported.records), (2, 2));
    assert_eq!(lines[0]["person_id"], "van-ana");
    let body = &lines[0]["record_canvass_helper"];
    assert_eq!(
        (&body["canvass"]["success"], &body["canvass"]["status_code"]),
        (&json!(true), &json!(""))
    );
    assert_eq!(body["canvass"]["action_date"], "2026-10-04T00:04:00Z");
    let question = json!({"question": "https://example.org/questions/1", "responses": ["1"]});
    assert_eq!(body["add_questions_responses_uri"], json!([question]));
    let body = &lines[1]["record_canvass_helper"];
    assert_eq!(
        (&body["canvass"]["success"], &body["canvass"]["status_code"]),
        (&json!(false), &json!("not-home"))
    );
    let losses = [
        "attempt_id 2 not_in_format",
        "contact 1 person_not_in_source",
        "door_id 2 not_in_format",
        "question age 1 not_mapped",
    ];
    assert_eq!(told(&exported.loss), losses);
}

fn any_result() -> impl Strategy<Value = Option<CanvassResult>> {
    (0_u8..16).prop_map(CanvassResult::from_number)
}

fn any_answer() -> impl Strategy<Value = ContactAnswer> {
    let value = prop_oneof![
        "[1-3]".prop_map(|option| AnswerValue::Choice { option }),
        Just(AnswerValue::Choices { options: vec!["1".into(), "2".into()] }),
        Just(AnswerValue::Text { text: "x".into() }),
        (1..4).prop_map(|value| AnswerValue::Scale { value }),
    ];
    ("support|issues", value).prop_map(|(question, value)| answer(&question, value))
}

fn any_person() -> impl Strategy<Value = PersonAtDoor> {
    let answers = proptest::collection::vec(any_answer(), 0..3);
    ("[a-f]", any_result(), answers).prop_map(|(name, result, answers)| PersonAtDoor {
        result,
        answers,
        ..person(&name)
    })
}

proptest! {
    #[test]
    fn a_person_has_a_result_or_answers_never_both(
        door in any_result(), people in proptest::collection::btree_map("[a-f]", any_person(), 0..4),
    ) {
        let people: Vec<_> = people
            .into_iter()
            .map(|(name, it)| PersonAtDoor { result: it.result, answers: it.answers, ..person(&name) })
            .collect();
        let mut loss = LossReport::default();
        let contacts = contacts_of(&attempt(door, people.clone()), &mut loss);
        let (rows, _) = van_rows(&contacts);
        for row in &rows {
            prop_assert_ne!(row["Result"].is_empty(), row["Survey Response"].is_empty());
            prop_assert_eq!(row["Survey Question Name"].is_empty(), row["Survey Response"].is_empty());
        }
        for person in &people {
            let own = rows.iter().filter(|row| Some(&row["Voter File VANID"]) == person.key.as_ref());
            let results = own.clone().filter(|row| !row["Result"].is_empty()).count();
            let answers = own.filter(|row| row["Result"].is_empty()).count();
            prop_assert!(results == 0 || (results == 1 && answers == 0));
        }
        for contact in &contacts {
            for VanRecord { body, .. } in
                    van_records(contact, &codes(), 0, &mut loss, &mut Vec::new())
                {
                prop_assert_ne!(body["resultCodeId"].is_null(), body["responses"].is_null());
            }
        }
        let something = people.iter().any(|it| it.result.is_some() || !it.answers.is_empty());
        prop_assert!(!contacts.is_empty() || !something);
        prop_assert!(!contacts.is_empty() || !loss.is_empty());
    }
}
