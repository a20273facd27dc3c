//! Calls and text messages: recorded beside knocks, and what leaves of them.

use axum::http::Method;
use canvass_core::canvass::RecordError;
use canvass_core::change::ContactMark;
use canvass_core::engine::{
    AnswerInput, CallInput, Error, ExportFormat, HouseholdView, NotContacted, NoticeKind,
    PersonMetInput,
};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_core::interchange::{CodesProblem, WarningWhy};
use canvass_core::survey::{AnswerValue, ContactChannel, LanguageReason};
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::TestCampaign;
use canvass_tests::solo::Solo;

use serde_json::Value;

const DOOR: &str = "6 Willow St";
const NUMBER: &str = "206 555 0100";
const CODES: &str = r#"{"backend": "van", "channels": [{"channel": "phone", "resultCodes": [
    {"resultCodeId": 18, "name": "Busy", "shortName": "BZ"},
    {"resultCodeId": 25, "name": "Disconnected", "shortName": "WX"}]}],
  "questions": {"support": {"surveyQuestionId": 50, "responses": {"2": 502}}}}"#;

struct Phoning {
    solo: Solo,
    household: HouseholdId,
    person: PersonId,
}

impl Phoning {
    fn new() -> Self {
        let solo = Solo::small();
        let household = solo.door(DOOR);
        let view = solo.engine().household(solo.list, household).expect("a household");
        Self { person: view.people[0].person, household, solo }
    }

    fn input(&self, channel: ContactChannel, result: Option<CanvassResult>) -> CallInput {
        CallInput {
            list: self.solo.list,
            household: self.household,
            person: self.person,
            channel,
            number: NUMBER.to_owned(),
            result,
        }
    }

    fn view(&self) -> HouseholdView {
        self.solo.engine().household(self.solo.list, self.household).expect("a household")
    }
}

#[test]
fn a_call_is_no_knock_and_says_what_it_learnt_of_the_number() {
    let day = Phoning::new();
    let (engine, list) = (day.solo.engine(), day.solo.list);
    let before = engine.progress(list).expect("progress");
    let gone = day.input(ContactChannel::Phone, Some(CanvassResult::Disconnected));
    let saved = engine.record_call(&gone).expect("a call");
    let view = day.view();
    let call = &view.attempts[0];
    assert_eq!((call.channel, call.number.as_str()), (ContactChannel::Phone, NUMBER));
    assert_eq!((call.door, call.people[0].result), (None, CanvassResult::Disconnected));
    let contact = view.people[0].contacts.iter().find(|it| it.value == NUMBER).expect("a number");
    assert_eq!(contact.mark, ContactMark::Wrong);
    assert_eq!(
        engine.progress(list).expect("progress"),
        before,
        "the door is still to be walked to"
    );
    let doors = engine.doors(list, None, 500).expect("doors").doors;
    let door = doors.iter().find(|door| door.household == day.household).expect("the door");
    assert_eq!((door.knocks, door.done), (0, false));

    engine.undo(list, day.household, saved.attempt.expect("an attempt")).expect("taken back");
    assert!(day.view().attempts.is_empty());
}

#[test]
fn what_cannot_come_of_a_call_is_refused() {
    let day = Phoning::new();
    let refused = |input: &CallInput| match day.solo.engine().record_call(input) {
        Err(Error::Record(error)) => error,
        other => panic!("{other:?}"),
    };
    let at_door = day.input(ContactChannel::Door, None);
    assert_eq!(refused(&at_door), RecordError::NotACall);
    let come_back = day.input(ContactChannel::Phone, Some(CanvassResult::ComeBack));
    assert_eq!(refused(&come_back), RecordError::NotForChannel(CanvassResult::ComeBack));
    let busy = day.input(ContactChannel::Text, Some(CanvassResult::Busy));
    assert_eq!(refused(&busy), RecordError::NotForChannel(CanvassResult::Busy));
    let nowhere = CallInput { number: " ".to_owned(), ..day.input(ContactChannel::Phone, None) };
    assert_eq!(refused(&nowhere), RecordError::EmptyText);
    let nobody = PersonId::derive(&[b"nobody"]);
    let stranger = CallInput { person: nobody, ..day.input(ContactChannel::Phone, None) };
    assert_eq!(refused(&stranger), RecordError::NotOfHousehold);
    assert!(day.view().attempts.is_empty(), "nothing half-applied");
}

#[test]
fn calls_leave_with_their_channels_codes() {
    let day = Phoning::new();
    let (engine, list) = (day.solo.engine(), day.solo.list);
    let begun = engine.record_call(&day.input(ContactChannel::Phone, None)).expect("a call");
    let input = AnswerInput {
        list,
        household: day.household,
        person: day.person,
        question: "support".into(),
        value: Some(AnswerValue::Choice { option: "2".into() }),
        attempt: begun.attempt,
        script: None,
    };
    engine.record_answer(&input).expect("an answer");
    for result in [CanvassResult::Busy, CanvassResult::Disconnected, CanvassResult::LeftMessage] {
        engine.record_call(&day.input(ContactChannel::Phone, Some(result))).expect("a call");
    }
    let file = engine.export_with_codes(list, ExportFormat::VanApi, Some(CODES)).expect("a file");
    let text = String::from_utf8(file.bytes).expect("text");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((lines.len(), file.records), (3, 3));
    for line in &lines {
        let body = &line["canvassResponses"];
        assert_eq!(body["canvassContext"]["contactTypeId"], 1);
        assert_eq!(body["canvassContext"]["phone"]["phoneNumber"], "2065550100");
        assert_ne!(body["resultCodeId"].is_null(), body["responses"].is_null());
    }
    assert_eq!(lines[0]["canvassResponses"]["responses"][0]["surveyResponseId"], 502);
    let lost = |field: &str| file.loss.iter().any(|loss| loss.field == field);
    assert!(lost("result left_message"), "no code, and none is made up");
    assert_eq!(file.warnings.len(), 1);
    assert_eq!(file.warnings[0].why, WarningWhy::NumberSuppressed);

    let bare = engine.export(list, ExportFormat::VanApi).expect("a file");
    assert_eq!(bare.records, 0);
    for result in ["busy", "disconnected", "left_message", "contacted"] {
        let field = format!("result {result}");
        assert!(bare.loss.iter().any(|loss| loss.field == field), "{result}");
    }
    let wrong = engine.export_with_codes(list, ExportFormat::Osdi, Some(CODES));
    assert!(
        matches!(wrong, Err(Error::Codes(error)) if error.problem == CodesProblem::OtherBackend)
    );
}

#[test]
fn what_is_said_follows_the_canvassers_languages() {
    let day = Phoning::new();
    let (engine, list) = (day.solo.engine(), day.solo.list);
    let named = |result| {
        let offered = engine.offered_results(ContactChannel::Phone);
        offered.into_iter().find(|it| it.result == result).map(|it| it.name)
    };
    assert_eq!(named(CanvassResult::Busy).as_deref(), Some("Line was busy"));
    assert_eq!(named(CanvassResult::DoNotText), None);
    let met = PersonMetInput {
        list,
        household: day.household,
        given_name: "Wren".into(),
        family_name: String::new(),
        language: String::new(),
    };
    let met = engine.add_person(&met).expect("a person").person.expect("a person");
    let chosen = |person, asked| {
        let view = engine.survey(list, day.household, person, asked).expect("a survey");
        (view.language, view.language_reason)
    };
    let en = |reason| ("en".to_owned(), reason);
    assert_eq!(chosen(day.person, ""), en(LanguageReason::Person));
    assert_eq!(chosen(met, ""), en(LanguageReason::ScriptDefault));
    assert!(!day.view().people[0].language_not_spoken, "nobody has told what is spoken");
    engine.set_languages(&["es-US".to_owned()]);
    assert_eq!(named(CanvassResult::Busy).as_deref(), Some("Línea ocupada"));
    let sentence = engine.sync_status().expect("a status").sentence;
    assert_eq!(sentence, "Todo está guardado en este teléfono.");
    assert_eq!(chosen(day.person, ""), en(LanguageReason::Person));
    assert_eq!(chosen(met, ""), ("es".to_owned(), LanguageReason::Canvasser));
    assert_eq!(chosen(met, "en"), en(LanguageReason::Asked));
    let people = day.view().people;
    let warned = people.iter().map(|person| person.language_not_spoken).collect::<Vec<_>>();
    assert!(warned[0] && !warned[people.len() - 1], "{warned:?}");
    let survey = engine.survey(list, day.household, met, "").expect("a survey");
    let question = &survey.questions[0];
    assert!(question.frame.starts_with("Pregunta 1 de "), "{}", question.frame);
    let talk = engine.conversation(list, day.household, met, "").expect("a conversation").view;
    assert_eq!((talk.language.as_str(), talk.language_reason), ("es", LanguageReason::Canvasser));
    assert!(talk.question.is_some_and(|it| it.frame.starts_with("Pregunta 1 de ")));
}

#[test]
fn who_asked_not_to_be_called_is_shown_so_and_a_call_all_the_same_is_kept() {
    let day = Phoning::new();
    let engine = day.solo.engine();
    let person = |day: &Phoning| day.view().people[0].clone();
    assert_eq!((person(&day).closed_channels, person(&day).closed_note), (vec![], String::new()));
    let never = day.input(ContactChannel::Phone, Some(CanvassResult::DoNotCall));
    let asked = engine.record_call(&never).expect("a call").change;
    assert_eq!(person(&day).closed_channels, [ContactChannel::Phone]);
    assert_eq!(person(&day).closed_note, "Do not call this person.");
    assert!(person(&day).not_contacted.is_none(), "the door is still to be walked to");
    assert!(day.view().notices.is_empty());

    // A text message is another matter; a second call is not, and is kept.
    engine.record_call(&day.input(ContactChannel::Text, None)).expect("a message");
    assert!(day.view().notices.is_empty());
    let again = day.input(ContactChannel::Phone, Some(CanvassResult::Busy));
    let again = engine.record_call(&again).expect("nothing that happened is refused").change;
    let notices = day.view().notices;
    assert_eq!((notices.len(), notices[0].kind), (1, NoticeKind::ReachedThough));
    assert_eq!(notices[0].changes, [asked, again]);
    assert_eq!(day.view().attempts.len(), 3);

    let no_text = day.input(ContactChannel::Text, Some(CanvassResult::DoNotText));
    engine.record_call(&no_text).expect("a message");
    engine.set_languages(&["es".to_owned()]);
    assert_eq!(
        person(&day).closed_note,
        "No llame a esta persona. No envíe mensajes de texto a esta persona."
    );

    // Taken back, it was never said.
    engine.undo(day.solo.list, day.household, asked).expect("taken back");
    assert_eq!(person(&day).closed_channels, [ContactChannel::Text]);
    assert!(day.view().notices.is_empty());

    engine.set_do_not_contact(day.solo.list, day.household, Some(day.person)).expect("a mark");
    assert_eq!(person(&day).closed_channels, ContactChannel::ALL);
    assert_eq!(person(&day).closed_note, "No contacte a esta persona.");
}

#[test]
fn files_close_channels_and_open_them_again() {
    let day = Phoning::new();
    let file = |marks: &str, key: &str| {
        let text = format!(
            "person_id,door_id,given_name,family_name,do_not_call,do_not_text,voted\n\
             {key},d02,Rowan,Moss,{marks}\n"
        );
        day.solo.import(text.as_bytes()).expect("an import")
    };
    let rowan = |day: &Phoning| {
        let people = day.view().people;
        people.into_iter().find(|it| it.given_name == "Rowan").expect("Rowan")
    };
    assert_eq!(file("1,,", "rowan").added, 1);
    assert_eq!(rowan(&day).closed_channels, [ContactChannel::Phone]);
    // What both sorts of builds know, and what only later ones do, in one file.
    assert_eq!(file(",x,1", "rowan").altered, 1);
    assert_eq!(rowan(&day).closed_channels, [ContactChannel::Text]);
    assert_eq!(rowan(&day).not_contacted, Some(NotContacted::Voted));
    assert_eq!(file(",1,yes", "rowan").file, None, "it says nothing new");
    assert_eq!(file(",,1", "rowan").altered, 1);
    assert_eq!(rowan(&day).closed_channels, []);
}

#[test]
fn the_campaign_keeps_a_backends_codes_and_exports_by_them() {
    let campaign = TestCampaign::small(81);
    let ash = campaign.joined("Ash");
    let household = ash.door(DOOR);
    let call = CallInput {
        list: ash.list(),
        household,
        person: ash.person(household, 0),
        channel: ContactChannel::Phone,
        number: NUMBER.to_owned(),
        result: Some(CanvassResult::Busy),
    };
    ash.engine().record_call(&call).expect("a call");
    ash.sync(&campaign);
    let exported = |format: &str| {
        let path = format!("{}/export/{format}", campaign.path);
        let (status, file) = campaign.server.operator_bytes(Method::GET, &path, Vec::new());
        assert_eq!(status, 200);
        String::from_utf8(file).expect("text")
    };
    let put = |backend: &str, table: &str| {
        let path = format!("{}/result-codes/{backend}", campaign.path);
        let table = table.as_bytes().to_vec();
        let (status, told) = campaign.server.operator_bytes(Method::POST, &path, table);
        (status, String::from_utf8(told).expect("text"))
    };
    assert_eq!(exported("van_api"), "", "no number is made up");
    assert_eq!(put("van", CODES).0, 200);
    let line: Value = serde_json::from_str(&exported("van_api")).expect("one line");
    assert_eq!(line["canvassResponses"]["resultCodeId"], 18);

    // What cannot be used changes nothing.
    for (backend, table, code) in [
        ("van", "{", "codes_shape"),
        ("osdi", CODES, "codes_other_backend"),
        ("van", &CODES.replace("phone", "fax"), "codes_unknown_channel"),
    ] {
        let (status, told) = put(backend, table);
        assert!(status == 422 && told.contains(code), "{status} {told}");
    }
    let own = r#"{"backend": "osdi", "channels": [{"channel": "phone", "names": {"busy": "line-engaged"}}]}"#;
    assert_eq!(put("osdi", own).0, 200);
    assert!(exported("osdi").contains("line-engaged"));
    assert!(exported("van_api").contains("18"), "each backend has its own");
    assert!(exported("contacts").contains(",busy,,"), "its own name, and no number");
    let other =
        own.replace("osdi", "generic").replace(r#""names""#, r#""results": {"busy": 7}, "names""#);
    assert_eq!(put("generic", &other).0, 200);
    assert!(exported("contacts").contains(",line-engaged,7,"), "{}", exported("contacts"));
}
