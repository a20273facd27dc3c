//! Every form of `fixtures/forms` against what is written beside it.
//!
//! `expected.txt` says what the importer makes of the form: its warnings and its errors, one on
//! each line as `kind sheet row column code`, or the script as it is asked.
//! `CANVASS_BLESS=1` writes them anew; read the difference before you commit it.

use std::fmt::Write;
use std::fs;

use axum::http::Method;
use canvass_core::interchange::{FormError, FormRefused, ImportedForm, read_form_workbook};
use canvass_core::survey::{Kind, ScriptElement};
use canvass_tests::campaign::TestCampaign;
use canvass_tests::forms::{FormFolder, all};

#[expect(clippy::disallowed_methods, reason = "a developer says so")]
fn blessing() -> bool {
    std::env::var("CANVASS_BLESS").is_ok()
}

fn told(kind: &str, error: &FormError) -> String {
    let sheet = error.sheet.map_or("-", |sheet| sheet.name());
    let row = error.row.map_or_else(|| "-".to_owned(), |row| row.to_string());
    let column = error.column.as_deref().unwrap_or("-");
    format!("{kind} {sheet} {row} [{column}] {}", error.problem.code())
}

fn outline(elements: &[ScriptElement], depth: usize, out: &mut String) {
    for element in elements {
        let _ = write!(out, "{}", "  ".repeat(depth + 1));
        let relevant = element.relevant().map(|it| format!(" if {it}")).unwrap_or_default();
        let name = element.name();
        match element {
            ScriptElement::Group(group) => {
                let _ = writeln!(out, "group {name}{relevant}");
                outline(&group.elements, depth + 1, out);
            }
            ScriptElement::Note(note) => {
                let _ = writeln!(out, "note {name}{relevant} {:?}", note.text.0);
            }
            ScriptElement::Calculation(calculation) => {
                let _ = writeln!(out, "calculation {name}{relevant} = {}", calculation.expression);
            }
            ScriptElement::Question(question) => {
                let kind = match &question.kind {
                    Kind::Single(_) => "single".to_owned(),
                    Kind::Multiple(_) => "multiple".to_owned(),
                    other => format!("{other:?}"),
                };
                let _ = write!(out, "{kind} {name}{relevant}");
                if question.required {
                    out.push_str(" required");
                }
                for (what, value) in [("tag", &question.tag), ("constraint", &question.constraint)]
                {
                    if let Some(value) = value {
                        let _ = write!(out, " {what} {value}");
                    }
                }
                let _ = write!(out, " {:?}", question.label.0);
                let hint = question.hint.as_ref().map(|it| format!(" hint {:?}", it.0));
                let message = question.constraint_message.as_ref();
                let message = message.map(|it| format!(" else {:?}", it.0));
                let _ =
                    writeln!(out, "{}{}", hint.unwrap_or_default(), message.unwrap_or_default());
                for option in question.kind.options() {
                    let name = &option.name;
                    let relevant = option.relevant.as_ref().map(|it| format!(" if {it}"));
                    let tag = option.tag.as_ref().map(|it| format!(" tag {it}"));
                    let (relevant, tag) = (relevant.unwrap_or_default(), tag.unwrap_or_default());
                    let indent = "  ".repeat(depth + 2);
                    let _ = writeln!(out, "{indent}- {name}{relevant}{tag} {:?}", option.label.0);
                }
            }
        }
    }
}

/// What came of a form, as `expected.txt` has it.
fn outcome(read: &Result<ImportedForm, FormRefused>) -> String {
    let mut out = String::new();
    match read {
        Ok(form) => {
            let source = form.script.source();
            let (name, version) = (&source.name, &source.version);
            let _ = writeln!(out, "script {name} {version} {:?}", source.languages);
            form.warnings.iter().for_each(|it| out.push_str(&(told("warning", it) + "\n")));
            outline(&source.elements, 0, &mut out);
        }
        Err(FormRefused { errors, warnings }) => {
            errors.iter().for_each(|it| out.push_str(&(told("error", it) + "\n")));
            warnings.iter().for_each(|it| out.push_str(&(told("warning", it) + "\n")));
        }
    }
    out
}

#[test]
fn every_form_comes_to_what_is_written_beside_it() {
    let forms = all();
    assert!(forms.len() >= 40, "{} forms", forms.len());
    for form in forms {
        let path = form.path.join("expected.txt");
        let outcome = outcome(&form.read());
        if blessing() {
            fs::write(&path, &outcome).expect("written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(outcome, expected, "{}", form.name);
        let bad = form.name.starts_with("bad_");
        assert_eq!(outcome.contains("error "), bad, "{}: named for what it is", form.name);
    }
}

#[test]
fn a_workbook_with_the_same_cells_comes_to_the_same() {
    let mut compared = 0;
    for form in all() {
        let Some(bytes) = form.workbook() else { continue };
        // What a workbook cannot be in want of.
        if ["bad_quote", "bad_nothing"].contains(&form.name.as_str()) {
            continue;
        }
        let read = read_form_workbook(&bytes, Some(&form.name));
        assert_eq!(outcome(&read), outcome(&form.read()), "{}", form.name);
        compared += 1;
    }
    assert!(compared >= 40, "{compared} forms");
}

#[test]
fn the_backend_takes_a_workbook_and_says_what_is_wrong_with_one() {
    let campaign = TestCampaign::small(1);
    let path = format!("{}/scripts", campaign.path);
    let send = |name: &str| {
        let book = FormFolder::named(name).workbook().expect("plain CSV");
        let (status, told) = campaign.server.operator_bytes(Method::POST, &path, book);
        (status, serde_json::from_slice::<serde_json::Value>(&told).expect("JSON"))
    };
    let (status, told) = send("porch");
    let script = FormFolder::named("porch").read().expect("a good form").script;
    assert_eq!((status, &told["script"]), (200, &serde_json::json!(script.hash())));
    let warnings = told["warnings"].as_array().expect("a list");
    assert!(warnings.iter().any(|warning| warning["code"] == "not_kept"), "{told}");
    let (status, told) = send("bad_never_follow_up");
    assert_eq!((status, &told["error"]["code"]), (422, &"bad_script".into()));
    assert_eq!(told["error"]["details"][0]["row"], 5, "{told}");

    let dead =
        script.to_json().replace("\"${supporter}\"", "\"${supporter} and not(${supporter})\"");
    let dead = dead.replace("count-selected(${issues}) > 1", "count-selected(${issues}) > 9");
    let (status, told) = campaign.server.operator_bytes(Method::POST, &path, dead.into_bytes());
    assert_eq!(status, 422, "{}", String::from_utf8_lossy(&told));
}

#[test]
fn every_error_has_a_code_a_hint_and_a_place() {
    let mut codes = std::collections::BTreeSet::new();
    for form in all() {
        let (errors, warnings) = match form.read() {
            Ok(form) => (Vec::new(), form.warnings),
            Err(refused) => (refused.errors, refused.warnings),
        };
        for error in errors.iter().chain(&warnings) {
            assert!(!error.problem.hint().is_empty());
            assert!(error.to_string().len() > 10);
            codes.insert(error.problem.code());
        }
        for error in errors {
            let whole = ["missing_sheet", "no_language", "empty"].contains(&error.problem.code());
            assert!(whole || error.row.is_some(), "{}: {error}", form.name);
        }
    }
    assert!(codes.len() >= 50, "{} codes: {codes:?}", codes.len());
}
