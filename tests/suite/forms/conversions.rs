//! Scripts in other forms: XLSForm sheets and OSDI, out and in again.

use canvass_core::interchange::{
    FormSheets, LossWhy, osdi_script, read_form_sheets, read_osdi_script, write_form_sheets,
};
use canvass_core::survey::{Script, ScriptElement, ScriptSource};
use canvass_tests::forms::all;

const EXAMPLE: &str = include_str!("../../../core/src/survey/example.json");

fn again(script: &Script) -> Script {
    let files = write_form_sheets(script).expect("memory");
    let sheets = FormSheets {
        survey: &files.survey,
        choices: Some(&files.choices),
        settings: Some(&files.settings),
    };
    let read = read_form_sheets(sheets, None);
    let form = read.unwrap_or_else(|refused| panic!("{}: {refused:?}", script.source().name));
    form.script
}

/// Without the conditions of options, which come back said in another way.
fn without_filters(script: &Script) -> ScriptSource {
    fn strip(elements: &mut [ScriptElement]) {
        for element in elements {
            match element {
                ScriptElement::Group(group) => strip(&mut group.elements),
                ScriptElement::Question(question) => {
                    use canvass_core::survey::Kind::{Multiple, Single};
                    if let Single(choices) | Multiple(choices) = &mut question.kind {
                        choices.options.iter_mut().for_each(|option| option.relevant = None);
                    }
                }
                _ => {}
            }
        }
    }
    let mut source = script.source().clone();
    strip(&mut source.elements);
    source
}

#[test]
fn sheets_that_are_written_come_back_as_the_same_script() {
    let (mut same, mut filtered) = (0, 0);
    for form in all() {
        let Ok(read) = form.read() else { continue };
        let script = again(&read.script);
        assert_eq!(without_filters(&script), without_filters(&read.script), "{}", form.name);
        if script.hash() == read.script.hash() {
            same += 1;
        } else {
            filtered += 1;
        }
    }
    assert!(same >= 20 && filtered >= 2, "{same} and {filtered}");
}

#[test]
fn bounds_and_lengths_become_conditions() {
    let script = again(&Script::parse(EXAMPLE).expect("the example"));
    let voters = script.question(script.question_no("voters").expect("asked")).expect("there");
    assert_eq!(voters.constraint.as_deref(), Some(". >= 0 and . <= 20"));
    let comment = script.question(script.question_no("comment").expect("asked")).expect("there");
    assert_eq!(comment.constraint.as_deref(), Some("string-length(.) <= 500"));
}

#[test]
fn osdi_holds_questions_and_tells_what_it_cannot_hold() {
    let script = Script::parse(EXAMPLE).expect("the example");
    let (value, loss) = osdi_script(&script);
    let steps = value["_embedded"]["osdi:script_questions"].as_array().expect("questions");
    assert_eq!(steps.len(), usize::from(script.question_count()));
    let support = &steps[0]["_embedded"]["osdi:question"];
    assert_eq!((&steps[0]["sequence"], &support["name"]), (&1.into(), &"support".into()));
    assert_eq!(support["question_type"], "SingleChoice");
    let first =
        serde_json::json!({"key": "1", "name": "Strong support", "title": "Strong support"});
    assert_eq!(support["responses"][0], first);
    let lost = |field: &str| loss.losses().iter().find(|it| it.field == field).map(|it| it.count);
    assert_eq!(lost("relevant"), Some(4), "main_issue, the group, sign_date, consent");
    assert_eq!(lost("choice filter"), Some(4));
    assert_eq!(lost("note"), Some(2));
    assert_eq!(lost("kind scale"), Some(1));
    assert_eq!(lost("languages beside the first"), Some(1));
    assert!(loss.losses().iter().all(|it| it.why == LossWhy::NotInFormat));
}

#[test]
fn what_osdi_can_hold_comes_back() {
    for form in all() {
        let Ok(read) = form.read() else { continue };
        let (value, _) = osdi_script(&read.script);
        let Ok(back) = read_osdi_script(&value.to_string(), "en") else {
            assert_eq!(read.script.question_count(), 0, "{}", form.name);
            continue;
        };
        assert!(back.loss.is_empty(), "{}: {:?}", form.name, back.loss);
        assert_eq!(back.script.question_count(), read.script.question_count());
        let language = read.script.languages()[0].clone();
        for no in 0..read.script.question_count() {
            let (was, is) = (read.script.question(no), back.script.question(no));
            let (was, is) = (was.expect("a question"), is.expect("the same"));
            assert_eq!((&was.name, was.label.text(&language)), (&is.name, is.label.text("en")));
            let names = |it: &canvass_core::survey::Question| -> Vec<String> {
                it.kind.options().iter().map(|option| option.name.clone()).collect()
            };
            if !was.kind.options().is_empty() {
                assert_eq!(names(was), names(is), "{}: answers are told by key", was.name);
            }
        }
    }
}

#[test]
fn questions_of_another_server_are_taken_with_their_losses_or_refused_with_their_number() {
    let script = r#"{"name": "GOTV", "summary": "x", "_embedded": {"osdi:script_questions": [
        {"sequence": 2, "_embedded": {"osdi:question": {"name": "Best time?", "question_type": "Paragraph"}}},
        {"sequence": 1, "_embedded": {"osdi:question": {"name": "pbank", "title": "pbank",
            "description": "Will you phone bank?", "question_type": "SingleChoice", "default": "no",
            "responses": [{"key": "856278", "name": "Yes"}, {"key": "8 5", "name": "No"}]}}}]}}"#;
    let read = read_osdi_script(script, "en").expect("a script");
    let first = read.script.question(0).expect("the first by its sequence");
    assert_eq!(first.name, "pbank");
    assert_eq!(first.hint.as_ref().map(|it| it.text("en")), Some("Will you phone bank?"));
    assert_eq!(read.script.question(1).expect("the other").name, "Best_time_");
    let lost: Vec<&str> = read.loss.losses().iter().map(|it| it.field.as_str()).collect();
    assert_eq!(lost, ["question default", "question name", "response key", "script summary"]);
    for (json, code) in [
        ("{", "json"),
        (r#"{"name": "x"}"#, "no_questions"),
        (r#"{"_embedded": {"osdi:questions": [{"question_type": "Paragraph"}]}}"#, "bad_question"),
        (
            r#"{"_embedded": {"osdi:questions": [{"name": "a", "question_type": "Slider"}]}}"#,
            "bad_question",
        ),
        (
            r#"{"_embedded": {"osdi:questions": [{"name": "a", "question_type": "MultiChoice"}]}}"#,
            "bad_question",
        ),
        (r#"{"_embedded": {"osdi:questions": []}}"#, "empty"),
    ] {
        assert_eq!(read_osdi_script(json, "en").expect_err(json).code(), code);
    }
}
