//! Calls and text messages: recorded beside knocks, and what leaves of them.

use canvass_core::canvass::RecordError;
use canvass_core::change::ContactMark;
use canvass_core::engine::{
    AnswerInput, CallInput, Error, ExportFormat, HouseholdView, PersonMetInput,
};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_core::interchange::{CodesProblem, WarningWhy};
use canvass_core::survey::{AnswerValue, ContactChannel, LanguageReason};
use canvass_core::walklist::CanvassResult;
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
