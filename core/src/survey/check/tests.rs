//! One script for each fault, and scripts beyond each limit.

use super::super::error::{JsonCause, ScriptProblem};
use super::super::limits::{
    MAX_ELEMENTS, MAX_ERRORS, MAX_GROUP_DEPTH, MAX_LANGUAGES, MAX_OPTIONS, MAX_QUESTIONS,
    MAX_SCRIPT_BYTES, MAX_TEXT_CHARS,
};
use super::super::script::Script;

fn script(elements: &str) -> String {
    format!(r#"{{"name": "s", "version": "1", "languages": ["en"], "elements": [{elements}]}}"#)
}

fn problems(json: &str) -> Vec<String> {
    match Script::parse(json) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

/// The faults of a script with these elements, after the good ones every case may read.
fn faults(elements: &str) -> Vec<String> {
    let good = [
        question(
            "colour",
            r#""kind": {"single": {"options": [
            {"name": "red", "label": {"en": "Red"}}, {"name": "blue", "label": {"en": "Blue"}}]}}"#,
        ),
        question("num", r#""kind": {"integer": {}}"#),
        r#"{"note": {"name": "hello", "text": {"en": "Hello"}}}"#.into(),
    ];
    assert_eq!(problems(&script(&good.join(","))), [""; 0]);
    problems(&script(&format!("{},{elements}", good.join(","))))
}

fn question(name: &str, rest: &str) -> String {
    format!(r#"{{"question": {{"name": "{name}", "label": {{"en": "?"}}, {rest}}}}}"#)
}

fn relevant(name: &str, expression: &str) -> String {
    question(name, &format!(r#""relevant": "{expression}", "kind": "date""#))
}

fn group(name: &str, rest: &str, elements: &str) -> String {
    format!(r#"{{"group": {{"name": "{name}", {rest} "elements": [{elements}]}}}}"#)
}

fn options(options: &str) -> String {
    question("q", &format!(r#""kind": {{"multiple": {{"options": [{options}]}}}}"#))
}

#[test]
fn tags_that_begin_like_an_ask_are_one() {
    let tagged = |tag: &str| {
        let option = r#"{"name": "a", "label": {"en": "1"}, "tag": "#;
        faults(&options(&format!("{option}\"{tag}\"}}")))
    };
    let none: [String; 0] = [];
    for tag in ["volunteer", "ask", "ask.volunteer.phone", "ask.own.host_a-party"] {
        assert_eq!(tagged(tag), none, "{tag}");
    }
    for tag in ["ask.volunter", "ask.own.Host", "ask.yard_sign.fax"] {
        assert_eq!(tagged(tag), ["q, option 1, tag: no such ask or channel"], "{tag}");
    }
}

#[test]
fn names_must_be_valid_and_unique() {
    assert_eq!(faults(&relevant("a-b", "true()")), ["a-b, name: not a valid name"]);
    let twice =
        group("g", "", &format!("{},{}", relevant("x", "true()"), relevant("num", "true()")));
    assert_eq!(faults(&twice), ["g/num, name: already the name of num"]);
    let notes = [r#"{"note": {"name": "g", "text": {"en": "1"}}}"#; 2].join(",");
    assert_eq!(faults(&notes), ["g, name: already the name of g"]);
    assert_eq!(
        faults(&options(
            r#"{"name": "a b", "label": {"en": "1"}}, {"name": "c", "label": {"en": "2"}},
               {"name": "c", "label": {"en": "3"}, "tag": "x y"}"#
        )),
        [
            "q, option 1, name: not a valid name",
            "q, option 3, tag: not a valid name",
            "q, option 3, name: already the name of option 2",
        ]
    );
}

#[test]
fn names_in_expressions_must_exist_and_come_earlier() {
    for (expression, fault) in [
        ("${colours} = 'red'", "q, relevant: nothing is named colours at character 1"),
        ("${num} > 1 and ${hello} = ''", "q, relevant: hello has no value at character 16"),
        ("${q} = ''", "q, relevant: q hangs on this element itself at character 1"),
        (". = ''", "q, relevant: '.' outside a constraint at character 1"),
        ("${num} >", "q, relevant: a value is missing at character 9"),
        ("sum(${num}) > 1", "q, relevant: no function sum() at character 1"),
    ] {
        assert_eq!(faults(&relevant("q", expression)), [fault]);
    }
    let later = format!("{},{}", relevant("q", "${r} = ''"), relevant("r", "true()"));
    assert_eq!(faults(&later), ["q, relevant: r comes later at character 1"]);
    let constraint = question(
        "q",
        r#""constraint": ". > 0 and ${q} < 9 and ${r} = 1", "kind": {"integer": {}}"#,
    );
    let later = format!("{constraint},{}", relevant("r", "true()"));
    assert_eq!(faults(&later), ["q, constraint: r comes later at character 24"]);
}

#[test]
fn circles_are_told_from_forward_references() {
    let pair = format!("{},{}", relevant("a", "${b} = ''"), relevant("b", "${a} = ''"));
    assert_eq!(faults(&pair), ["a, relevant: b hangs on this element itself at character 1"]);
    let inner = group("g", r#""relevant": "${x} = ''","#, &relevant("x", "true()"));
    assert_eq!(faults(&inner), ["g, relevant: x hangs on this element itself at character 1"]);
    let calculation = r#"{"calculation": {"name": "c", "expression": "${d} + 1"}},
        {"calculation": {"name": "d", "expression": "${c} + 1"}}"#;
    assert_eq!(
        faults(calculation),
        ["c, expression: d hangs on this element itself at character 1"]
    );
    let filter = format!(
        "{},{}",
        options(r#"{"name": "a", "label": {"en": "1"}, "relevant": "${late} = ''"}"#),
        relevant("late", "selected(${q}, 'a')")
    );
    assert_eq!(
        faults(&filter),
        ["q, option 1, relevant: late hangs on this element itself at character 1"]
    );
    // A constraint decides nothing about other elements, so it closes no circle.
    let harmless = format!(
        "{},{}",
        question("a", r#""constraint": ". > ${b}", "kind": {"integer": {}}"#),
        question("b", r#""relevant": "${a} = 1", "kind": {"integer": {}}"#)
    );
    assert_eq!(faults(&harmless), ["a, constraint: b comes later at character 5"]);
}

#[test]
fn types_and_options_must_match() {
    for (expression, fault) in [
        ("${num}", "q, relevant: a number where a condition belongs at character 1"),
        ("${colour} = 'green'", "q, relevant: the question has no option green at character 13"),
        ("${colour} > 2", "q, relevant: a choice where a number belongs at character 1"),
        ("${num} = 'three'", "q, relevant: a text where a number belongs at character 10"),
    ] {
        assert_eq!(faults(&relevant("q", expression)), [fault]);
    }
    let constraint =
        question("q", r#""constraint": ". = 'x'", "kind": {"scale": {"min": 1, "max": 5}}"#);
    assert_eq!(
        faults(&constraint),
        ["q, constraint: a text where a number belongs at character 5"]
    );
    // The type of a calculation is known where it is read.
    let read = format!(
        r#"{{"calculation": {{"name": "c", "expression": "if(${{num}} > 2, ${{colour}}, '')"}}}},{}"#,
        relevant("q", "${c} = 'green'")
    );
    assert_eq!(faults(&read), ["q, relevant: the question has no option green at character 8"]);
    let ok = format!(
        "{},{}",
        question("ok", r#""kind": "acknowledge""#),
        relevant("q", "${ok} = 'yes'")
    );
    assert_eq!(faults(&ok), ["q, relevant: the question has no option yes at character 9"]);
}

#[test]
fn what_can_never_be_reached_is_a_fault() {
    assert_eq!(faults(&relevant("q", "1 = 2 and ${num} = 1")), ["q, relevant: can never be true"]);
    let inner = group("g", r#""relevant": "false()","#, &relevant("q", "${num} = 1"));
    assert_eq!(faults(&inner), ["g, relevant: can never be true"]);
    let option = options(r#"{"name": "a", "label": {"en": "1"}, "relevant": "not(true())"}"#);
    assert_eq!(faults(&option), ["q, option 1, relevant: can never be true"]);
    let constraint = question("q", r#""constraint": "1 > 2", "kind": "date""#);
    assert_eq!(faults(&constraint), ["q, constraint: can never be true"]);
}

#[test]
fn every_text_exists_in_every_language_and_no_other() {
    let json = r#"{"name": "s", "version": "1", "languages": ["en", "es"], "elements": [
        {"question": {"name": "q", "label": {"en": "Yes?"}, "hint": {"en": "a", "es": " "},
            "constraint_message": {"en": "a", "es": "b", "fr": "c"},
            "kind": {"scale": {"min": 0, "max": 1, "min_label": {"en": "a", "es": "b"}, "max_label": {}}}}},
        {"group": {"name": "g", "label": {"es": "Hola ${q}"}, "elements": [
            {"note": {"name": "n", "text": {"en": "LONG", "es": "b"}}}]}}]}"#;
    let json = json.replace("LONG", &"x".repeat(MAX_TEXT_CHARS + 1));
    assert_eq!(
        problems(&json),
        [
            "q, label: no text in language es",
            "q, hint: no text in language es",
            "q, constraint_message: language fr is not one of the script's",
            "q, constraint_message: a message without a constraint",
            "q, max_label: no text in language en",
            "q, max_label: no text in language es",
            "g, label: no text in language en",
            "g, label: a name in the text in language es",
            "g/n, text: longer than 4000 characters in language en",
        ]
    );
}

#[test]
fn the_header_is_checked() {
    let header = |name: &str, version: &str, languages: &str| {
        problems(&format!(
            r#"{{"name": "{name}", "version": "{version}", "languages": [{languages}], "elements": [
                {{"calculation": {{"name": "c", "expression": "1"}}}}]}}"#
        ))
    };
    assert_eq!(header("s", "1", r#""en", "pt-BR""#), [""; 0]);
    assert_eq!(header(" ", "", r#""en""#), ["name: empty", "version: empty"]);
    assert_eq!(header("s", &"1".repeat(65), r#""en""#), ["version: not a valid name"]);
    assert_eq!(header("s", "1", ""), ["languages: empty"]);
    assert_eq!(
        header("s", "1", r#""en", "english", "EN""#),
        ["languages: not a language code", "languages: language EN is listed twice"]
    );
    let many = vec![r#""en""#; MAX_LANGUAGES + 1].join(",");
    assert_eq!(header("s", "1", &many), ["languages: more than 24 languages"]);
    assert_eq!(problems(&script("")), ["elements: empty"]);
}

#[test]
fn options_and_bounds_must_leave_an_answer() {
    assert_eq!(faults(&options("")), ["q, options: empty"]);
    for (kind, fault) in [
        (r#"{"integer": {"min": 5, "max": 4}}"#, "q, max: bounds that fit no answer"),
        (r#"{"integer": {"min": 0.5}}"#, "q, min: bounds that fit no answer"),
        (r#"{"integer": {"max": 1e16}}"#, "q, max: bounds that fit no answer"),
        (r#"{"scale": {"min": 1, "max": 1}}"#, "q, max: bounds that fit no answer"),
        (r#"{"scale": {"min": -2147483648, "max": 2147483647}}"#, "q, max: more than 101 points"),
        (r#"{"text": {"max_length": 0}}"#, "q, max_length: bounds that fit no answer"),
        (r#"{"text": {"max_length": 4001}}"#, "q, max_length: bounds that fit no answer"),
    ] {
        assert_eq!(faults(&question("q", &format!(r#""kind": {kind}"#))), [fault]);
    }
    for kind in
        [r#"{"decimal": {"min": -0.5, "max": -0.5}}"#, r#"{"scale": {"min": 0, "max": 100}}"#]
    {
        assert_eq!(faults(&question("q", &format!(r#""kind": {kind}"#))), [""; 0]);
    }
}

#[test]
fn json_faults_have_a_line_and_a_column() {
    let cause = |json: &str| match Script::parse(json).unwrap_err().remove(0).problem {
        ScriptProblem::Json { line, column, cause } => (line, column, cause),
        other => panic!("{other:?}"),
    };
    assert_eq!(cause("{\n  \"name\": nope}"), (2, 12, JsonCause::Syntax));
    assert_eq!(cause("{\"name\": \"s\""), (1, 12, JsonCause::End));
    assert_eq!(cause(""), (1, 0, JsonCause::End));
    assert_eq!(cause("{\n\"nam\": \"s\"}"), (2, 5, JsonCause::Shape));
    let deep = script(&r#"{"group": {"name": "g", "elements": ["#.repeat(10_000));
    assert_eq!(cause(&deep).2, JsonCause::Syntax);
    for elements in [
        relevant("q", "true()").replace("\"relevant\"", "\"relevent\""),
        r#"{"note": {"name": "n", "text": {"en": "1", "en": "2"}}}"#.into(),
        r#"{"note": {"name": "n", "name": "n", "text": {"en": "1"}}}"#.into(),
        r#"{"note": {"name": "n", "text": {"en": "1"}}, "group": {}}"#.into(),
        r#"{"note": {"name": "n", "text": "plain"}}"#.into(),
        r#"{"note": {"name": 7, "text": {"en": "1"}}}"#.into(),
        r#"{"page": {"name": "n"}}"#.into(),
        question("q", r#""kind": {"geopoint": {}}"#),
        question("q", r#""kind": {"integer": {"step": 1}}"#),
        question("q", r#""kind": {"integer": {"min": 1e999}}"#),
        question("q", r#""kind": {"scale": {"min": 1.5, "max": 3}}"#),
    ] {
        let json = script(&format!("\n{elements}"));
        let (line, column, cause) = cause(&json);
        assert_eq!(line, 2, "{elements}");
        assert!(
            column > 0
                && (cause == JsonCause::Shape
                    || elements.contains("}, \"group")
                    || elements.contains("1e999")),
            "{elements}"
        );
    }
}

#[test]
fn lists_that_are_too_long_are_refused() {
    let many = |count: usize, each: &dyn Fn(usize) -> String| {
        problems(&script(&(0..count).map(each).collect::<Vec<_>>().join(",")))
    };
    let ask = |no: usize| question(&format!("q{no}"), r#""kind": "date""#);
    let note = |no: usize| format!(r#"{{"calculation": {{"name": "c{no}", "expression": "1"}}}}"#);
    assert_eq!(many(MAX_QUESTIONS, &ask), [""; 0]);
    assert_eq!(many(MAX_QUESTIONS + 1, &ask), ["elements: more than 500 questions"]);
    assert_eq!(many(MAX_ELEMENTS, &note), [""; 0]);
    assert_eq!(many(MAX_ELEMENTS + 1, &note), ["elements: more than 2000 elements"]);
    let choice = |count: usize| {
        let option = |no| format!(r#"{{"name": "{no}", "label": {{"en": "x"}}}}"#);
        options(&(0..count).map(option).collect::<Vec<_>>().join(","))
    };
    assert_eq!(faults(&choice(MAX_OPTIONS)), [""; 0]);
    assert_eq!(faults(&choice(MAX_OPTIONS + 1)), ["q, options: more than 300 options"]);
    let wide = |no: usize| choice(MAX_OPTIONS).replacen("\"q\"", &format!("\"q{no}\""), 1);
    assert_eq!(many(34, &wide), ["elements: more than 10000 options in all"]);
    let nested =
        |depth: usize| (0..depth).fold(ask(0), |inner, no| group(&format!("g{no}"), "", &inner));
    assert_eq!(problems(&script(&nested(MAX_GROUP_DEPTH))), [""; 0]);
    let path = "g8/g7/g6/g5/g4/g3/g2/g1/g0";
    assert_eq!(
        problems(&script(&nested(MAX_GROUP_DEPTH + 1))),
        [format!("{path}, elements: groups more than 8 deep")]
    );
    let huge = " ".repeat(MAX_SCRIPT_BYTES + 1);
    assert_eq!(problems(&huge), ["file: larger than 2097152 bytes"]);
}

#[test]
fn the_work_of_all_expressions_is_bounded() {
    let calculations = |count: usize, expression: &str| {
        let one =
            |no| format!(r#"{{"calculation": {{"name": "c{no}", "expression": "{expression}"}}}}"#);
        problems(&script(&(0..count).map(one).collect::<Vec<_>>().join(",")))
    };
    let wide = vec!["true()"; 400].join(" or ");
    assert_eq!(calculations(125, &wide), [""; 0]);
    assert_eq!(
        calculations(126, &wide),
        ["elements: more than 100000 parts of expressions in all"]
    );
    assert_eq!(calculations(100, "regex('a', 'b')"), [""; 0]);
    assert_eq!(calculations(101, "regex('a', 'b')"), ["elements: more than 100 patterns in all"]);
}

#[test]
fn a_flood_of_errors_is_cut_and_counted() {
    let bad = |no: usize| format!(r#"{{"calculation": {{"name": "c{no}", "expression": "("}}}}"#);
    let errors = problems(&script(&(0..MAX_ERRORS + 7).map(bad).collect::<Vec<_>>().join(",")));
    assert_eq!(errors.len(), MAX_ERRORS + 1);
    assert_eq!(errors[0], "c0, expression: a value is missing at character 2");
    assert_eq!(errors[MAX_ERRORS], "file: 7 more errors");
}

#[test]
fn places_let_an_importer_find_the_row() {
    let elements = format!(
        "{},{}",
        group("g", "", &relevant("x", "true()")),
        options(r#"{"name": "a", "label": {"en": "1"}}, {"name": "b", "label": {"en": ""}}"#)
    );
    let place = Script::parse(&script(&elements)).unwrap_err().remove(0).place;
    assert_eq!((place.element_no, place.option_no), (Some(2), Some(1)));
}

#[test]
fn a_later_version_keeps_the_meaning_of_its_names() {
    let example = include_str!("../example.json");
    let first = Script::parse(example).unwrap();
    let changed = |from: &str, to: &str| {
        let json = example.replacen("2026-10-03", "2026-10-04", 1).replacen(from, to, 1);
        Script::parse(&json).unwrap()
    };
    let told = |script: &Script, earlier: &[&Script]| -> Vec<String> {
        let all = script.check_after(earlier).unwrap_or_else(|errors| errors);
        all.iter().map(|error| format!("{error} [{}]", error.problem.code())).collect()
    };
    let spaces = changed("Anything to add?", "Anything  to add? ");
    assert_eq!(told(&spaces, &[&first]), Vec::<String>::new());
    let option = changed("\"en\": \"Strong support\"", "\"en\": \"Strongly against\"");
    let warned = "support, option 1, label: read otherwise in version 2026-10-03 in language en \
                  [text_changed]";
    assert!(option.check_after(&[&first]).is_ok(), "a warning");
    assert_eq!(told(&option, &[&first]), [warned]);
    assert_eq!(told(&option, &[&option, &first]), [warned], "the last version that had it counts");
    assert_eq!(told(&option, &[&first, &option]), Vec::<String>::new());
    let kind = changed("{\"integer\": {\"min\": 0, \"max\": 20}}", "{\"text\": {}}");
    assert!(kind.check_after(&[&first]).is_err());
    assert_eq!(
        told(&kind, &[&first]),
        ["voters, name: took another kind of answer in version 2026-10-03 [kind_changed]"]
    );
    let scale = changed("\"min\": 1, \"max\": 5", "\"min\": 1, \"max\": 10");
    assert!(scale.check_after(&[&first]).is_err(), "a 5 means something else then");
    assert!(scale.check_after(&[]).is_ok());
}
