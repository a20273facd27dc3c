//! The published JSON Schema: every sound script fits it, and what it can see the parser sees.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use canvass_core::survey::Script;
use canvass_tests::forms::all;
use canvass_tests::temp::TempDir;

use super::python::python;

const EXAMPLE: &str = include_str!("../../../core/src/survey/example.json");

/// Alterations of the example that the parser refuses: what is put in place of what.
const BAD: [(&str, &str, &str); 27] = [
    ("unknown_key", r#""version":"#, r#""colour": 1, "version":"#),
    ("no_version", r#""version": "2026-10-03","#, ""),
    ("empty_name", r#""name": "front_porch""#, r#""name": " ""#),
    (
        "long_version",
        r#""2026-10-03""#,
        r#""22222222222222222222222222222222222222222222222222222222222222222""#,
    ),
    ("no_languages", r#"["en", "es"]"#, "[]"),
    ("a_language_twice", r#"["en", "es"]"#, r#"["en", "es", "en"]"#),
    ("no_language_code", r#"["en", "es"]"#, r#"["en", "es", "english"]"#),
    ("elements_no_list", r#""elements": ["#, r#""elements": 1, "more": ["#),
    ("unknown_element", r#"{"note": {"#, r#"{"remark": {"#),
    ("a_name_with_a_space", r#""name": "support""#, r#""name": "sup port""#),
    ("a_name_with_a_digit_first", r#""name": "support""#, r#""name": "1st""#),
    (
        "a_label_as_text",
        r#"{"en": "From which day?", "es": "¿Desde qué día?"}"#,
        r#""From which day?""#,
    ),
    ("no_label", r#""label": {"en": "From which day?", "es": "¿Desde qué día?"},"#, ""),
    ("a_blank_label", r#""en": "From which day?""#, r#""en": " ""#),
    ("a_name_in_a_label", "From which day?", "From ${day}?"),
    ("required_as_text", r#""required": true"#, r#""required": "yes""#),
    ("a_number_as_expression", r#""relevant": "${supporter}""#, r#""relevant": 1"#),
    ("an_empty_expression", r#""relevant": "${supporter}""#, r#""relevant": """#),
    ("unknown_kind", r#""kind": "date""#, r#""kind": "day""#),
    ("two_kinds", r#"{"integer": {"min": 0, "max": 20}}"#, r#"{"integer": {}, "decimal": {}}"#),
    ("half_a_bound", r#""min": 0, "max": 20"#, r#""min": 0.5, "max": 20"#),
    ("a_bound_as_text", r#""min": 0, "max": 20"#, r#""min": "0", "max": 20"#),
    ("a_scale_without_end", r#""min": 1, "max": 5,"#, r#""min": 1,"#),
    ("a_text_too_long", r#""max_length": 500"#, r#""max_length": 5000"#),
    (
        "an_option_with_a_space",
        r#""name": "schools", "label": {"en": "Schools", "es": "Escuelas"}}"#,
        r#""name": "our schools", "label": {"en": "Schools", "es": "Escuelas"}}"#,
    ),
    ("a_tag_with_a_space", r#""tag": "support_score""#, r#""tag": "support score""#),
    ("a_message_without_constraint", r#""constraint": ". >= today()","#, ""),
];

/// What the schema says of scripts, by name.
fn verdicts(scripts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let folder = TempDir::new();
    for (name, json) in scripts {
        fs::write(folder.path().join(format!("{name}.json")), json).expect("written");
    }
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/script.schema.json");
    let told = python("schema.py", &[&schema, folder.path()]);
    let line =
        |line: &str| line.split_once(' ').map(|(name, verdict)| (name.into(), verdict.into()));
    told.lines().filter_map(line).collect()
}

#[test]
fn every_sound_script_fits_the_schema() {
    let mut scripts = BTreeMap::from([("example".to_owned(), EXAMPLE.to_owned())]);
    for form in all() {
        if let Ok(read) = form.read() {
            scripts.insert(form.name, read.script.to_json());
        }
    }
    let verdicts = verdicts(&scripts);
    assert_eq!(verdicts.len(), scripts.len());
    let unfit: Vec<_> = verdicts.iter().filter(|(_, verdict)| *verdict != "fits").collect();
    assert!(unfit.is_empty(), "{unfit:#?}");
}

#[test]
fn what_does_not_fit_is_what_the_parser_refuses_too() {
    let mut scripts = BTreeMap::new();
    for (name, from, to) in BAD {
        assert!(EXAMPLE.contains(from), "{name}: {from} is in the example");
        let json = EXAMPLE.replacen(from, to, 1);
        assert!(Script::parse(&json).is_err(), "{name}: the parser takes it");
        scripts.insert(name.to_owned(), json);
    }
    let fitting: Vec<_> =
        verdicts(&scripts).into_iter().filter(|(_, verdict)| verdict == "fits").collect();
    assert!(fitting.is_empty(), "{fitting:?}");
}
