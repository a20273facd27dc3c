//! `canvass script`: what it says of every fixture form, and how it ends.

use std::fs;
use std::path::Path;
use std::process::Command;

use canvass_tests::forms::{FormFolder, all};
use canvass_tests::temp::TempDir;
use canvass_tests::workbook::too_large;
use serde_json::{Value, json};

/// The object on the last line, and the exit code.
fn canvass(args: &[&str]) -> (Value, Option<i32>) {
    let program = env!("CARGO_BIN_EXE_canvass");
    let output = Command::new(program).args(args).arg("--json").output().expect("the program");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    (serde_json::from_str(last).expect("an object on the last line"), output.status.code())
}

fn check(path: &Path) -> (Value, Option<i32>) {
    canvass(&["script", "check", &path.display().to_string()])
}

/// What the library says of the same form.
fn expected(form: &FormFolder) -> (Value, Value) {
    match form.read() {
        Ok(form) => (json!([]), json!(form.warnings)),
        Err(refused) => (json!(refused.errors), json!(refused.warnings)),
    }
}

#[test]
fn every_fixture_form_is_checked_as_a_folder_and_as_a_workbook() {
    let folder = TempDir::new();
    for form in all() {
        let good = !form.name.starts_with("bad_");
        let (errors, warnings) = expected(&form);
        let (told, code) = check(&form.path);
        assert_eq!((told["ok"].as_bool(), code), (Some(good), Some(i32::from(!good))), "{told}");
        assert_eq!((&told["errors"], &told["warnings"]), (&errors, &warnings), "{}", form.name);
        for error in told["errors"].as_array().expect("a list") {
            let keys = ["sheet", "row", "column", "code", "hint"];
            assert!(keys.iter().all(|key| error.get(key).is_some()), "{error}");
        }
        // In a workbook no quotation mark can stand open.
        let bytes = form.workbook().filter(|_| form.name != "bad_quote");
        if let Some(bytes) = bytes {
            let path = folder.path().join(format!("{}.xlsx", form.name));
            fs::write(&path, bytes).expect("written");
            let (told, code) = check(&path);
            assert_eq!((told["ok"].as_bool(), code), (Some(good), Some(i32::from(!good))));
        }
    }
}

#[test]
fn script_json_is_checked_as_before_and_for_what_is_never_reached() {
    let folder = TempDir::new();
    let path = folder.path().join("script.json");
    let example = include_str!("../../../core/src/survey/example.json");
    fs::write(&path, example).expect("written");
    let (told, code) = check(&path);
    assert_eq!((&told["ok"], &told["questions"], code), (&json!(true), &json!(9), Some(0)));

    let dead = example.replace("\"${sign} = 'yes'\"", "\"${sign} = 'yes' and ${sign} = 'no'\"");
    fs::write(&path, dead).expect("written");
    let (told, code) = check(&path);
    assert_eq!((&told["ok"], code), (&json!(false), Some(1)));
    assert_eq!(told["errors"][0]["code"], "never_true");
    assert_eq!(told["errors"][0]["column"], "asks/sign_date, relevant");

    fs::write(&path, "{").expect("written");
    let (told, code) = check(&path);
    assert_eq!((&told["errors"][0]["code"], code), (&json!("json"), Some(1)));
}

#[test]
fn what_a_new_version_breaks_is_told_beside_the_earlier_ones() {
    let folder = TempDir::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let write = |name: &str, text: &str| fs::write(path(name), text).expect("written");
    let first = include_str!("../../../core/src/survey/example.json");
    write("first.json", first);
    let after = |new: &str, old: &[&str]| {
        let mut args = vec!["script".to_owned(), "check".to_owned(), path(new)];
        old.iter().for_each(|old| args.extend(["--after".to_owned(), path(old)]));
        canvass(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (told, code) = after("first.json", &["first.json"]);
    assert_eq!((&told["ok"], &told["warnings"], code), (&json!(true), &json!([]), Some(0)));
    assert_eq!((&told["added"], &told["dropped"]), (&json!([]), &json!([])));

    // Other words: a person has to look. Another kind of answer: refused.
    write("words.json", &first.replace("a sign in your yard?", "a poster there?"));
    let (told, code) = after("words.json", &["first.json"]);
    assert_eq!((&told["ok"], code), (&json!(true), Some(0)), "{told}");
    assert_eq!(told["warnings"][0]["code"], "text_changed", "{told}");

    let kind = first.replace("{\"integer\": {\"min\": 0, \"max\": 20}}", "{\"text\": {}}");
    assert_ne!(kind, first);
    write("kind.json", &kind);
    for old in [&["first.json"][..], &["first.json", "words.json"]] {
        let (told, code) = after("kind.json", old);
        assert_eq!((&told["ok"], code), (&json!(false), Some(1)), "{told}");
        assert_eq!(told["errors"][0]["code"], "kind_changed", "{told}");
    }
    let (told, code) = check(Path::new(&path("kind.json")));
    assert_eq!((&told["ok"], code), (&json!(true), Some(0)), "by itself it is sound: {told}");

    write("broken.json", "{");
    let (told, code) = after("first.json", &["broken.json"]);
    assert_eq!((&told["error"]["code"], code), (&json!("earlier_refused"), Some(3)));
}

#[test]
fn what_is_not_there_or_no_script_ends_with_its_own_code() {
    let folder = TempDir::new();
    let (told, code) = check(&folder.path().join("nowhere.xlsx"));
    assert_eq!((&told["error"]["code"], code), (&json!("unreadable"), Some(3)));

    let path = folder.path().join("old.xls");
    fs::write(&path, [0xD0, 0xCF, 0x11, 0xE0, 0, 0]).expect("written");
    let (told, code) = check(&path);
    assert_eq!((&told["errors"][0]["code"], code), (&json!("old_workbook"), Some(1)));

    let (told, code) = check(folder.path());
    assert_eq!((&told["errors"][0]["code"], code), (&json!("missing_sheet"), Some(1)));
}

#[test]
fn what_is_beyond_a_limit_is_refused_within_64_mib() {
    let folder = TempDir::new();
    let path = folder.path().join("large.xlsx");
    for (what, bytes, _) in too_large() {
        fs::write(&path, bytes).expect("written");
        let (told, code) = check(&path);
        assert_eq!((&told["ok"], code), (&json!(false), Some(1)), "{what}: {told}");
        let peak_kb = told["peak_kb"].as_u64().expect("a figure");
        assert!(peak_kb <= 64 << 10, "{what}: {peak_kb} KiB");
    }
}

#[test]
fn a_script_is_written_in_other_forms() {
    let folder = TempDir::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let form = FormFolder::named("porch");
    let expected = form.read().expect("a good form").script;
    let form = form.path.display().to_string();
    let convert = |from: &str, to: &str, out: &str| {
        canvass(&["script", "convert", from, "--to", to, "--out", out])
    };
    let (told, code) = convert(&form, "json", &path("porch.json"));
    assert_eq!((&told["ok"], &told["loss"], code), (&json!(true), &json!([]), Some(0)));
    assert_eq!(fs::read_to_string(path("porch.json")).expect("a file"), expected.to_json());
    let (told, code) = convert(&path("porch.json"), "xlsform-csv", &path("sheets"));
    assert_eq!((&told["questions"], code), (&json!(expected.question_count()), Some(0)));
    let (told, code) = check(&folder.path().join("sheets"));
    assert_eq!((&told["questions"], code), (&json!(expected.question_count()), Some(0)), "{told}");
    let (told, code) = convert(&form, "osdi", &path("porch.osdi.json"));
    assert_eq!(code, Some(0));
    assert!(told["loss"].as_array().is_some_and(|loss| loss.len() > 5), "{told}");
    let (told, code) = check(&folder.path().join("porch.osdi.json"));
    assert_eq!((&told["questions"], code), (&json!(expected.question_count()), Some(0)), "{told}");
    let bad = FormFolder::named("bad_cycle").path.display().to_string();
    let (told, code) = convert(&bad, "json", &path("bad.json"));
    assert_eq!((&told["errors"][0]["code"], code), (&json!("cycle"), Some(1)));
    assert!(!folder.path().join("bad.json").exists(), "nothing is written");
}
