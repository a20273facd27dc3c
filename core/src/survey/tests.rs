//! A script as a whole: its example, its hash, its answers, its flow.

use std::fmt::Write;

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::time::Timestamp;

const EXAMPLE: &str = include_str!("example.json");

fn example() -> Script {
    Script::parse(EXAMPLE).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn now() -> LocalTime {
    LocalTime::at(Timestamp::parse("2026-10-03T18:00:00Z").unwrap(), -240)
}

fn choice(option: &str) -> AnswerValue {
    AnswerValue::Choice { option: option.into() }
}

fn choices(options: &[&str]) -> AnswerValue {
    AnswerValue::Choices { options: options.iter().map(|it| (*it).into()).collect() }
}

/// The answers to the example after these were given.
fn answered(given: &[(&str, AnswerValue)]) -> Answers {
    given.iter().map(|(name, value)| example().code(name, value).unwrap()).collect()
}

fn view(answers: &Answers) -> SurveyView {
    example().view(answers, "en", now())
}

fn shown<'v>(view: &'v SurveyView, name: &str) -> &'v QuestionView {
    view.questions.iter().find(|it| it.name == name).unwrap()
}

/// The same JSON with other white space and another order of keys.
fn scrambled(json: &Json, seed: &mut u64) -> String {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    let space = [" ", "", "\n\t", "  "][usize::try_from(*seed >> 62).unwrap()];
    match json {
        Json::Object(fields) => {
            let mut fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{space}\"{key}\"{space}:{}", scrambled(value, seed)))
                .collect();
            let middle = usize::try_from(*seed >> 33).unwrap() % fields.len().max(1);
            fields.rotate_left(middle);
            format!("{{{}{space}}}", fields.join(","))
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| scrambled(item, seed)).collect();
            format!("[{}]", items.join(&format!(",{space}")))
        }
        other => format!("{space}{other}"),
    }
}

fn decimals(min: f64) -> ScriptSource {
    ScriptSource {
        name: "s".into(),
        version: "1".into(),
        languages: vec!["en".into()],
        elements: vec![ScriptElement::Question(Question {
            name: "q".into(),
            label: Texts::from([("en", "How much?")]),
            hint: None,
            required: false,
            relevant: None,
            constraint: None,
            constraint_message: None,
            tag: None,
            kind: Kind::Decimal(Bounds { min: Some(min), max: None }),
        })],
    }
}

proptest! {
    #[test]
    fn arbitrary_text_is_no_script_and_no_panic(text in "\\PC{0,200}") {
        prop_assert!(Script::parse(&text).is_err());
    }

    #[test]
    fn a_damaged_script_is_refused_or_sound(
        at in 0..EXAMPLE.len(), cut in 0_usize..6, insert in "[ -~é]{0,4}|\\$\\{|\\}|'|\\(|\\."
    ) {
        let mut bytes = EXAMPLE.as_bytes().to_vec();
        bytes.splice(at..(at + cut).min(EXAMPLE.len()), insert.bytes());
        let text = String::from_utf8_lossy(&bytes);
        match Script::parse(&text) {
            Ok(script) => prop_assert_eq!(script.view(&Answers::new(), "es", now()).language, "es"),
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }

    #[test]
    fn the_hash_hangs_on_the_content_alone(seed in any::<u64>()) {
        let json: Json = serde_json::from_str(EXAMPLE).unwrap();
        let other = scrambled(&json, &mut seed.clone());
        prop_assert_ne!(other.as_str(), EXAMPLE);
        let (script, other) = (example(), Script::parse(&other).unwrap());
        prop_assert_eq!(script.hash(), other.hash());
        prop_assert_eq!(script.to_json(), other.to_json());
    }

    #[test]
    fn canonical_json_reads_back_as_the_same_script(min in any::<f64>()) {
        match Script::new(decimals(min)) {
            Ok(script) => {
                let again = Script::parse(&script.to_json()).unwrap();
                prop_assert_eq!(again.hash(), script.hash());
                prop_assert_eq!(again.source(), script.source());
            }
            Err(errors) => prop_assert!(!min.is_finite(), "{:?}", errors),
        }
    }
}

#[test]
fn every_content_has_its_own_hash() {
    let hash = example().hash();
    for (from, to) in [
        ("\"2026-10-03\"", "\"2026-10-04\""),
        ("Strong support", "Strong Support"),
        ("\"required\": true,", ""),
        ("<= 3 and", "<= 4 and"),
        ("\"max\": 20", "\"max\": 21"),
        ("\"en\", \"es\"", "\"es\", \"en\""),
    ] {
        let changed = EXAMPLE.replacen(from, to, 1);
        assert_ne!(changed, EXAMPLE, "{from}");
        assert_ne!(Script::parse(&changed).unwrap().hash(), hash, "{from}");
    }
    let same = EXAMPLE.replacen("\"voters\",", "\"voters\", \"required\": false,", 1);
    assert_eq!(Script::parse(&same).unwrap().hash(), hash);
    let zero = |min| Script::new(decimals(min)).unwrap().hash();
    assert_eq!(zero(0.0), zero(-0.0));
}

fn values() -> impl Strategy<Value = AnswerValue> {
    let option = proptest::sample::select(
        &["1", "3", "schools", "roads", "safety", "none", "yes", "no", "OK", "nowhere"][..],
    );
    prop_oneof![
        option.clone().prop_map(choice),
        proptest::collection::vec(option, 0..4).prop_map(|it| choices(&it)),
        prop_oneof![any::<f64>(), (-2_i32..23).prop_map(f64::from)]
            .prop_map(|value| AnswerValue::Number { value }),
        "\\PC{0,10}|x{490,510}".prop_map(|text| AnswerValue::Text { text }),
        (-1_i32..7).prop_map(|value| AnswerValue::Scale { value }),
        prop_oneof!["2026-(09|10)-[0-3][0-9]", "\\PC{0,10}"]
            .prop_map(|date| AnswerValue::Date { date }),
    ]
}

fn codes() -> impl Strategy<Value = AnswerCode> {
    prop_oneof![
        (0_u16..7).prop_map(AnswerCode::Choice),
        proptest::collection::vec(0_u16..7, 0..4).prop_map(AnswerCode::Choices),
        any::<f64>().prop_map(AnswerCode::Number),
        "\\PC{0,5}".prop_map(AnswerCode::Text),
        any::<i32>().prop_map(AnswerCode::Scale),
        prop_oneof![any::<i32>(), 20_000..21_000].prop_map(AnswerCode::Date),
    ]
}

/// Any answers to the example, most of them of the right kind.
fn some_answers() -> impl Strategy<Value = Answers> {
    let given = proptest::collection::vec((0_u16..9, values()), 0..60);
    let stray = proptest::collection::btree_map(0_u16..12, codes(), 0..3);
    (given, stray).prop_map(|(given, stray)| {
        let script = example();
        let name = |no: u16| script.question(no).map(|it| it.name.clone());
        let mut answers = stray;
        answers.extend(given.iter().filter_map(|(no, value)| script.code(&name(*no)?, value).ok()));
        answers
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn an_answer_that_is_taken_decodes_to_itself(no in 0_u16..9, value in values()) {
        let script = example();
        let name = script.question(no).unwrap().name.clone();
        if let Ok((question_no, code)) = script.code(&name, &value) {
            prop_assert_eq!(question_no, no);
            let (same_name, again) = script.value(no, &code).unwrap();
            prop_assert_eq!(same_name, name.as_str());
            prop_assert_eq!(script.code(&name, &again), Ok((no, code)));
            match (&value, again) {
                (AnswerValue::Choices { options }, AnswerValue::Choices { options: again }) => {
                    prop_assert!(options.iter().all(|it| again.contains(it)));
                    prop_assert!(again.iter().all(|it| options.contains(it)));
                }
                (value, again) => prop_assert_eq!(value, &again),
            }
        }
    }

    #[test]
    fn a_stored_answer_that_can_be_shown_encodes_to_itself(no in 0_u16..12, code in codes()) {
        let script = example();
        if let Some((name, value)) = script.value(no, &code) {
            prop_assert_eq!(script.code(name, &value), Ok((no, code)));
        }
    }

    #[test]
    fn a_view_keeps_its_promises(answers in some_answers()) {
        let script = example();
        let view = script.view(&answers, "en", now());
        let open: Vec<_> = view.questions.iter().filter(|it| it.relevant && it.answer.is_none()).collect();
        prop_assert_eq!(view.next.as_deref(), open.first().map(|it| it.name.as_str()));
        let faulty = view.questions.iter().any(|it| it.error.is_some());
        prop_assert_eq!(view.complete, !faulty && !open.iter().any(|it| it.required));
        for (question, no) in view.questions.iter().zip(0_u16..) {
            prop_assert!(question.relevant || question.error.is_none() && question.options.is_empty());
            let code = answers.get(&no);
            let checked = code.map(|code| script.check_answer(no, code, &answers, now()));
            match checked {
                None => prop_assert!(question.error.is_none() && question.answer.is_none()),
                Some(Ok(())) => prop_assert!(question.relevant && question.error.is_none()),
                Some(Err(error)) if question.relevant => prop_assert_eq!(Some(error.cause), question.error.clone()),
                Some(Err(error)) => prop_assert_eq!(error.cause, AnswerCause::NotAsked),
            }
        }
    }

    #[test]
    fn what_does_not_count_decides_nothing(answers in some_answers()) {
        let script = example();
        let counting = script.relevant_answers(&answers, now());
        prop_assert_eq!(&script.relevant_answers(&counting, now()), &counting);
        let asked = |answers: &Answers| -> Vec<(bool, Vec<OptionView>)> {
            let view = script.view(answers, "en", now());
            view.questions.into_iter().map(|it| (it.relevant, it.options)).collect()
        };
        prop_assert_eq!(asked(&answers), asked(&counting));
        prop_assert!(counting.keys().all(|no| answers.contains_key(no)));
    }
}

#[test]
fn each_kind_of_answer_has_its_rules() {
    let script = example();
    let number = |value| AnswerValue::Number { value };
    let text = |text: &str| AnswerValue::Text { text: text.into() };
    let date = |date: &str| AnswerValue::Date { date: date.into() };
    for (question, answer, cause) in [
        ("nothing", choice("1"), AnswerCause::UnknownQuestion),
        ("support", choice("6"), AnswerCause::UnknownOption),
        ("support", choice("OK"), AnswerCause::UnknownOption),
        ("support", choices(&["1"]), AnswerCause::WrongKind),
        ("issues", choices(&["roads", "rods"]), AnswerCause::UnknownOption),
        ("issues", choices(&[]), AnswerCause::Empty),
        ("consent", choice("ok"), AnswerCause::UnknownOption),
        ("voters", number(1.5), AnswerCause::NotWhole),
        ("voters", number(-1.0), AnswerCause::TooSmall { min: 0.0 }),
        ("voters", number(21.0), AnswerCause::TooLarge { max: 20.0 }),
        ("voters", number(f64::NAN), AnswerCause::NotFinite),
        ("voters", number(f64::NEG_INFINITY), AnswerCause::NotFinite),
        ("voters", text("3"), AnswerCause::WrongKind),
        ("mood", AnswerValue::Scale { value: 0 }, AnswerCause::TooSmall { min: 1.0 }),
        ("mood", AnswerValue::Scale { value: 6 }, AnswerCause::TooLarge { max: 5.0 }),
        ("comment", text(" \n"), AnswerCause::Empty),
        ("comment", text(&"é".repeat(501)), AnswerCause::TooLong { max_length: 500 }),
        ("sign_date", date("2026-02-30"), AnswerCause::NotADate),
    ] {
        let error = AnswerError { question: question.into(), cause };
        assert_eq!(script.code(question, &answer), Err(error), "{answer:?}");
    }
    for (question, answer, no, code) in [
        ("support", choice("5"), 0, AnswerCode::Choice(4)),
        ("issues", choices(&["safety", "schools", "safety"]), 1, AnswerCode::Choices(vec![0, 3])),
        ("sign_date", date("2026-10-03"), 4, AnswerCode::Date(20_729)),
        ("consent", choice(ACKNOWLEDGED), 5, AnswerCode::Choice(0)),
        ("voters", number(-0.0), 6, AnswerCode::Number(0.0)),
        ("mood", AnswerValue::Scale { value: 5 }, 7, AnswerCode::Scale(5)),
        ("comment", text(" two  words "), 8, AnswerCode::Text(" two  words ".into())),
    ] {
        let found = script.code(question, &answer).unwrap();
        // Debug tells 0 from -0.
        assert_eq!(format!("{found:?}"), format!("{:?}", (no, code)));
    }
    assert_eq!(script.value(1, &AnswerCode::Choices(vec![3, 0])), None);
    assert_eq!(script.value(1, &AnswerCode::Choices(vec![0, 0])), None);
    assert_eq!(script.value(9, &AnswerCode::Choice(0)), None);
}

#[test]
fn errors_name_the_question_and_never_the_answer() {
    let secret = AnswerValue::Choice { option: "Mx Roe told me so".into() };
    let error = example().code("support", &secret).unwrap_err();
    assert_eq!(error.to_string(), "support: no such option in this question");
    assert!(!format!("{error:?}").contains("Roe"));
}

#[test]
fn a_conversation_unfolds() {
    let mut answers = Answers::new();
    let first = view(&answers);
    assert_eq!(first.next.as_deref(), Some("support"));
    assert!(!first.complete);
    let notes: Vec<_> =
        first.notes.iter().map(|it| (it.name.as_str(), it.before.as_deref())).collect();
    assert_eq!(notes, [("greeting", Some("support")), ("thanks", None)]);
    assert!(!shown(&first, "sign").relevant && !shown(&first, "main_issue").relevant);

    answers
        .extend(answered(&[("support", choice("2")), ("issues", choices(&["roads", "housing"]))]));
    let second = view(&answers);
    assert_eq!(second.next.as_deref(), Some("main_issue"));
    assert!(second.complete, "everything else is optional");
    let offered: Vec<&str> =
        shown(&second, "main_issue").options.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(offered, ["roads", "housing"]);
    assert_eq!(shown(&second, "sign").headings, ["For supporters"]);

    answers.extend(answered(&[("sign", choice("yes"))]));
    assert!(!view(&answers).complete, "consent is required with a sign");
    answers.extend(answered(&[("consent", choice("OK"))]));
    assert!(view(&answers).complete);
}

#[test]
fn what_a_changed_answer_made_irrelevant_is_kept_and_does_not_count() {
    let script = example();
    let mut answers = answered(&[
        ("support", choice("1")),
        ("sign", choice("yes")),
        ("consent", choice("OK")),
        ("issues", choices(&["roads", "housing"])),
        ("main_issue", choice("housing")),
    ]);
    assert_eq!(script.relevant_answers(&answers, now()), answers);

    answers
        .extend(answered(&[("support", choice("4")), ("issues", choices(&["roads", "schools"]))]));
    let changed = view(&answers);
    assert!(!shown(&changed, "sign").relevant);
    assert_eq!(shown(&changed, "sign").answer, Some(choice("yes")));
    assert_eq!(shown(&changed, "main_issue").error, Some(AnswerCause::OptionNotOffered));
    assert_eq!(shown(&changed, "main_issue").constraint_message, None);
    assert!(!changed.complete);
    let counting: Vec<u16> = script.relevant_answers(&answers, now()).into_keys().collect();
    assert_eq!(counting, [0, 1]);

    answers.extend(answered(&[("support", choice("1"))]));
    assert_eq!(shown(&view(&answers), "sign").answer, Some(choice("yes")));
    assert!(shown(&view(&answers), "sign").relevant);
}

#[test]
fn constraints_see_the_answer_and_the_day() {
    let script = example();
    let mut answers = answered(&[("issues", choices(&["roads", "none"]))]);
    let broken = shown(&view(&answers), "issues").clone();
    assert_eq!(broken.error, Some(AnswerCause::ConstraintBroken));
    let message = "Choose up to three, or only “nothing special”.";
    assert_eq!(broken.constraint_message.as_deref(), Some(message));
    let (no, code) = script.code("issues", &choices(&["none"])).unwrap();
    assert_eq!(script.check_answer(no, &code, &answers, now()), Ok(()));

    answers.extend(answered(&[("support", choice("1")), ("sign", choice("yes"))]));
    for (date, expected) in [
        ("2026-10-02", Err(AnswerCause::ConstraintBroken)),
        ("2026-10-03", Ok(())),
        ("2027-01-01", Ok(())),
    ] {
        let (no, code) =
            script.code("sign_date", &AnswerValue::Date { date: date.into() }).unwrap();
        let checked = script.check_answer(no, &code, &answers, now());
        assert_eq!(checked.map_err(|error| error.cause), expected, "{date}");
    }
    let unknown = script.check_answer(99, &AnswerCode::Scale(1), &answers, now());
    assert_eq!(unknown.unwrap_err().cause, AnswerCause::UnknownQuestion);
}

#[test]
fn a_choice_with_nothing_to_offer_is_not_asked() {
    let json = r#"{"name": "s", "version": "1", "languages": ["en"], "elements": [
        {"question": {"name": "n", "label": {"en": "?"}, "kind": {"integer": {}}}},
        {"question": {"name": "c", "label": {"en": "?"}, "required": true, "kind": {"single": {"options": [
            {"name": "a", "label": {"en": "A"}, "relevant": "${n} > 1"},
            {"name": "b", "label": {"en": "B"}, "relevant": "${n} > 2"}]}}}},
        {"question": {"name": "d", "label": {"en": "?"}, "relevant": "${c} = ''", "kind": "date"}}]}"#;
    let script = Script::parse(json).unwrap();
    let asked = |n: f64| {
        let mut answers = Answers::from([(0, AnswerCode::Number(n))]);
        answers.insert(1, AnswerCode::Choice(1));
        let view = script.view(&answers, "en", now());
        (view.questions[1].relevant, view.questions[1].error.clone(), view.questions[2].relevant)
    };
    assert_eq!(asked(1.0), (false, None, true));
    assert_eq!(asked(2.0), (true, Some(AnswerCause::OptionNotOffered), true));
    assert_eq!(asked(3.0), (true, None, false));
    assert!(script.view(&Answers::from([(0, AnswerCode::Number(1.0))]), "en", now()).complete);
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_reads_as_unanswered() {
    let json = r#"{"name": "s", "version": "1", "languages": ["en"], "elements": [
        {"question": {"name": "n", "label": {"en": "?"}, "kind": {"integer": {}}}},
        {"question": {"name": "m", "label": {"en": "?"}, "relevant": "${n} > 1",
            "kind": {"integer": {}}}},
        {"note": {"name": "told", "text": {"en": "!"}, "relevant": "${m} != ''"}}]}"#;
    let script = Script::parse(json).unwrap();
    let told = |n: f64| {
        let answers = Answers::from([(0, AnswerCode::Number(n)), (1, AnswerCode::Number(7.0))]);
        !script.view(&answers, "en", now()).notes.is_empty()
    };
    assert!(told(2.0));
    assert!(!told(1.0));
}

#[test]
fn languages_fall_back_to_the_nearest() {
    let script = example();
    for (wanted, found) in
        [("es", "es"), ("ES", "es"), ("es-MX", "es"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
    {
        assert_eq!(script.nearest_language(wanted), found);
    }
    let view = script.view(&Answers::new(), "es-MX", now());
    assert_eq!(view.language, "es");
    assert_eq!(shown(&view, "support").hint.as_deref(), Some("No lea las opciones."));
    let scale = QuestionKind::Scale {
        min: 1,
        max: 5,
        min_label: Some("Mal".into()),
        max_label: Some("Muy bien".into()),
    };
    assert_eq!(shown(&view, "mood").kind, scale);
}

#[test]
fn calculations_feed_conditions_and_fall_silent_with_their_group() {
    let json = r#"{"name": "s", "version": "1", "languages": ["en"], "elements": [
        {"question": {"name": "n", "label": {"en": "?"}, "kind": {"integer": {}}}},
        {"group": {"name": "g", "relevant": "not(${n} >= 10)", "elements": [
            {"calculation": {"name": "twice", "expression": "${n} * 2"}},
            {"calculation": {"name": "size", "expression": "if(${twice} > 8, 'large', 'small')"}}]}},
        {"question": {"name": "large", "label": {"en": "?"}, "relevant": "${size} = 'large'", "kind": "date"}},
        {"question": {"name": "none", "label": {"en": "?"}, "relevant": "${twice} = ''", "kind": "date"}}]}"#;
    let script = Script::parse(json).unwrap();
    let asked = |n: Option<f64>| {
        let answers = n.map(|n| (0, AnswerCode::Number(n))).into_iter().collect();
        let view = script.view(&answers, "en", now());
        (view.questions[1].relevant, view.questions[2].relevant)
    };
    assert_eq!(asked(Some(4.0)), (false, false));
    assert_eq!(asked(Some(5.0)), (true, false));
    assert_eq!(asked(Some(10.0)), (false, true));
    assert_eq!(asked(None), (false, true));
}

#[test]
fn codes_of_problems_are_stable_and_hints_end_with_a_stop() {
    let bad = r#"{"name": "", "version": "1", "languages": ["x"], "elements": [
        {"calculation": {"name": "1", "expression": "fold(1)"}}]}"#;
    let errors = Script::parse(bad).unwrap_err();
    let codes = errors.iter().fold(String::new(), |mut codes, error| {
        assert!(error.problem.hint().ends_with('.'));
        let _ = write!(codes, "{} ", error.problem.code());
        codes
    });
    assert_eq!(codes, "empty bad_language bad_name unknown_function ");
}
