use super::*;

/// Two types of contact as a database gives them: `CB` stands for two codes.
const FETCHED: &str = r#"{
  "backend": "van",
  "channels": [
    {"channel": "door", "contactTypeId": 2, "inputTypeId": 11, "resultCodes": [
      {"resultCodeId": 14, "name": "Canvassed", "mediumName": "Canv", "shortName": "CV"},
      {"resultCodeId": 13, "name": "Come Back", "mediumName": "Back", "shortName": "CB"},
      {"resultCodeId": 4, "name": "Deceased", "mediumName": "Dec", "shortName": "DC"}]},
    {"channel": "phone", "contactTypeId": 1, "inputTypeId": 11, "resultCodes": [
      {"resultCodeId": 14, "name": "Canvassed", "mediumName": "Canv", "shortName": "CV"},
      {"resultCodeId": 17, "name": "Call Back", "mediumName": "Back", "shortName": "CB"},
      {"resultCodeId": 18, "name": "BUSY", "mediumName": "Busy", "shortName": "BZ"},
      {"resultCodeId": 9001, "name": "Line dead", "mediumName": "Dead", "shortName": "WX"}],
     "results": {"disconnected": 9001}}],
  "questions": {"support": {"surveyQuestionId": 50, "responses": {"1": 501}}},
  "activistCodes": {"volunteer": 18917}
}"#;

fn fault_of(json: &str) -> (String, CodesProblem) {
    let error = ResultCodes::parse(Backend::Van, json).expect_err("refused");
    (error.place, error.problem)
}

fn id(codes: &ResultCodes, channel: ContactChannel, result: CanvassResult) -> Option<u32> {
    codes.channel(channel).and_then(|codes| codes.code(result)).and_then(|code| code.id)
}

#[test]
fn a_code_is_known_by_channel_and_full_name_or_by_the_number_chosen() {
    let codes = ResultCodes::parse(Backend::Van, FETCHED).expect("a table");
    assert_eq!(id(&codes, ContactChannel::Door, CanvassResult::ComeBack), Some(13));
    assert_eq!(id(&codes, ContactChannel::Phone, CanvassResult::CallBack), Some(17));
    assert_eq!(id(&codes, ContactChannel::Phone, CanvassResult::Busy), Some(18));
    assert_eq!(id(&codes, ContactChannel::Phone, CanvassResult::Disconnected), Some(9001));
    // Nothing is guessed: not from another channel, and not for a channel that was not fetched.
    assert_eq!(id(&codes, ContactChannel::Phone, CanvassResult::Deceased), None);
    assert_eq!(id(&codes, ContactChannel::Text, CanvassResult::Contacted), None);
    for result in [CanvassResult::NotHome, CanvassResult::Refused, CanvassResult::Moved] {
        assert_eq!(id(&codes, ContactChannel::Door, result), None, "{result}");
    }
    assert!(codes.channel(ContactChannel::Email).is_none());
}

#[test]
fn by_itself_no_backend_has_a_number() {
    for backend in [Backend::Van, Backend::Osdi, Backend::Generic] {
        let codes = ResultCodes::usual(backend);
        for channel in [ContactChannel::Door, ContactChannel::Phone, ContactChannel::Text] {
            let table = codes.channel(channel).expect("a channel");
            for result in crate::canvass::offered(channel) {
                let named = table.code(result);
                assert!(named.is_none_or(|code| code.id.is_none()), "{result}");
                let lacks = matches!(result, CanvassResult::WrongPerson);
                assert_eq!(named.is_none(), lacks && backend == Backend::Van, "{result}");
            }
        }
    }
    let door = ResultCodes::usual(Backend::Van);
    let door = door.channel(ContactChannel::Door).expect("a channel");
    let nameless = CanvassResult::all().filter(|it| !it.is_of_calls() && door.code(*it).is_none());
    assert_eq!(
        nameless.collect::<Vec<_>>(),
        [CanvassResult::WrongPerson, CanvassResult::Vacant, CanvassResult::NotResidential]
    );
}

#[test]
fn a_table_that_cannot_be_used_says_where_and_why() {
    let door =
        |rest: &str| format!(r#"{{"backend": "van", "channels": [{{"channel": "door"{rest}}}]}}"#);
    let codes = r#", "resultCodes": [{"resultCodeId": 1, "name": "Moved"},
                                      {"resultCodeId": 1, "name": "moved"}]"#;
    for (json, place, problem) in [
        (
            door(r#", "results": {"gone": 1}"#),
            "channels[0].results.gone",
            CodesProblem::UnknownResult,
        ),
        (door(r#", "names": {"busy": "x"}"#), "channels[0].names.busy", CodesProblem::NotOffered),
        (door(codes), "channels[0].resultCodes Moved", CodesProblem::CodeTwice),
        (
            door(r#", "resultCodes": [], "results": {"moved": 7}"#),
            "channels[0].results.moved",
            CodesProblem::NotFetched,
        ),
        (door(r#"}, {"channel": "door""#), "channels[1]", CodesProblem::ChannelTwice),
        (door(r#"}, {"channel": "fax""#), "channels[1]", CodesProblem::UnknownChannel),
        (door(r#", "contactTypeId": 1"#), "phone", CodesProblem::TypesTwice),
        (
            r#"{"backend": "osdi", "channels": []}"#.to_owned(),
            "backend",
            CodesProblem::OtherBackend,
        ),
    ] {
        assert_eq!(fault_of(&json), (place.to_owned(), problem), "{json}");
    }
    let (place, problem) = fault_of("{\"backend\": \"van\",\n \"chanels\": []}");
    assert_eq!(place, "table");
    assert!(matches!(problem, CodesProblem::Shape { line: 2, .. }), "{problem:?}");
    assert!(matches!(fault_of("").1, CodesProblem::Shape { .. }));
}
