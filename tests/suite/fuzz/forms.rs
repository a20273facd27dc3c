//! Forms and scripts: they are read or refused; what is read is sound.

use canvass_core::interchange::{
    FormRefused, FormSheets, ImportedForm, read_form_sheets, read_form_workbook,
};
use canvass_core::survey::{Answers, LocalTime, Script};
use canvass_core::time::Timestamp;
use canvass_tests::forms::{FormFolder, all};

use super::feed;

/// A script that was taken reads back as itself, can be shown, and says what it never reaches.
fn assert_sound(script: &Script) {
    let again = Script::parse(&script.to_json()).expect("what is sound stays so");
    assert_eq!(again.hash(), script.hash());
    let now = LocalTime::at(Timestamp::parse("2026-10-03T18:04:00Z").expect("a moment"), -240);
    let view = script.view(&Answers::new(), "es", now);
    assert_eq!(view.questions.len(), usize::from(script.question_count()));
    let _found = script.unreachable();
}

fn assert_told(read: Result<ImportedForm, FormRefused>) {
    match read {
        Ok(form) => {
            assert_sound(&form.script);
            assert!(form.script.unreachable().is_empty(), "a form's parts are within reach");
        }
        Err(refused) => {
            assert!(!refused.errors.is_empty(), "a refusal says why");
            for error in refused.errors.iter().chain(&refused.warnings) {
                assert!(!error.problem.code().is_empty() && !error.problem.hint().is_empty());
            }
        }
    }
}

#[test]
fn fuzz_form_workbook() {
    let seeds: Vec<Vec<u8>> = all().iter().filter_map(FormFolder::workbook).collect();
    feed("form_workbook", &seeds, |bytes| assert_told(read_form_workbook(bytes, Some("f"))));
}

#[test]
fn fuzz_form_sheets() {
    // The three sheets of a form in one input, parted by a byte that no CSV has.
    let seeds: Vec<Vec<u8>> = all()
        .iter()
        .map(|form| {
            let sheets = form.sheets();
            let (choices, settings) =
                (sheets.choices.unwrap_or(b""), sheets.settings.unwrap_or(b""));
            [sheets.survey, choices, settings].join(&0)
        })
        .collect();
    feed("form_sheets", &seeds, |bytes| {
        let mut parts = bytes.split(|byte| *byte == 0);
        let mut next = || parts.next();
        let (survey, choices, settings) = (next().unwrap_or_default(), next(), next());
        assert_told(read_form_sheets(FormSheets { survey, choices, settings }, Some("f")));
    });
}

#[test]
fn fuzz_script() {
    let mut seeds: Vec<Vec<u8>> =
        all().iter().filter_map(|form| Some(form.read().ok()?.script.to_json().into())).collect();
    seeds.push(include_bytes!("../../../core/src/survey/example.json").to_vec());
    feed("script", &seeds, |bytes| {
        if let Ok(script) = Script::parse(&String::from_utf8_lossy(bytes)) {
            assert_sound(&script);
        }
    });
}

#[test]
fn fuzz_expression() {
    let seeds: Vec<Vec<u8>> = [
        "${n} > 3 and (selected(${m}, 'a') or count-selected(${m}) = 2)",
        "if(${t} = 'x', ${n} + 1, ${n} * 2 - 7 div 2 mod 3) <= string-length(coalesce(${t}, 'none'))",
        "regex(${t}, '[a-z]+(x|y){1,3}') or not(${d} < today()) and now() != ${d}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    feed("expression", &seeds, |bytes| {
        let relevant = String::from_utf8_lossy(bytes);
        let option = |name: &str| serde_json::json!({"name": name, "label": {"en": "?"}});
        let question = |name: &str, kind: serde_json::Value| serde_json::json!({"question": {"name": name, "label": {"en": "?"}, "kind": kind}});
        let json = serde_json::json!({
            "name": "s", "version": "1", "languages": ["en"], "elements": [
                question("n", serde_json::json!({"integer": {}})),
                question("t", serde_json::json!({"text": {}})),
                question("d", serde_json::json!("date")),
                question("m", serde_json::json!({"multiple": {"options": [option("a"), option("b")]}})),
                {"note": {"name": "x", "text": {"en": "!"}, "relevant": relevant}},
            ],
        });
        if let Ok(script) = Script::parse(&json.to_string()) {
            assert_sound(&script);
        }
    });
}
