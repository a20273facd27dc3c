//! Workbooks as spreadsheet programs make them, and as nobody should: each is read, or refused
//! with its place, within its memory.

use std::fmt::Write;

use canvass_core::interchange::form::limits::MAX_FORM_FILE_BYTES;
use canvass_core::interchange::{
    FormError, FormRefused, FormSheets, ImportedForm, read_form_sheets, read_form_workbook,
};
use canvass_tests::forms::FormFolder;
use canvass_tests::workbook::{Cell, Sheet, archive, parts, too_large, workbook};

#[expect(clippy::unnecessary_wraps, reason = "a cell of a row, where some are missing")]
fn text(text: &str) -> Option<Cell> {
    Some(Cell::Text(text.to_owned()))
}

/// A survey sheet with these rows below a header of type, name, label and relevant.
fn survey(rows: Vec<Vec<Option<Cell>>>) -> Sheet {
    let header = ["type", "name", "label::en", "relevant"].iter().map(|it| text(it)).collect();
    let rows = [vec![header], rows].concat();
    Sheet { name: "survey".into(), rows, after: String::new() }
}

fn question(name: &str) -> Vec<Option<Cell>> {
    vec![text("text"), text(name), text("A?")]
}

fn read(bytes: &[u8]) -> Result<ImportedForm, FormRefused> {
    read_form_workbook(bytes, Some("f"))
}

/// The errors as `sheet row column code`.
fn errors(bytes: &[u8]) -> Vec<String> {
    let refused = read(bytes).expect_err("a bad workbook");
    let told = |error: &FormError| {
        let sheet = error.sheet.map_or("-", |it| it.name());
        let row = error.row.map_or_else(|| "-".into(), |it| it.to_string());
        let column = error.column.as_deref().unwrap_or("-");
        format!("{sheet} {row} {column} {}", error.problem.code())
    };
    refused.errors.iter().map(told).collect()
}

#[test]
fn cells_of_every_kind_are_read_as_they_show() {
    let label =
        r#"<r><t>Rich </t></r><r><t xml:space="preserve">&amp; plain</t></r><rPh><t>aid</t></rPh>"#;
    let mut choices = Sheet::of_texts(
        "choices",
        &[vec!["list_name".into(), "name".into(), "label::en".into(), "big".into()]],
    );
    let number = |value| Some(Cell::Number(value, 0));
    choices.rows.push(vec![
        text("l"),
        number("1"),
        number("0.1"),
        Some(Cell::Raw(r#" t="b"><v>1</v></c>"#.into())),
    ]);
    choices.rows.push(vec![
        text("l"),
        number("1E3"),
        Some(Cell::Shared(0)),
        Some(Cell::Raw(r#" t="b"><v>0</v></c>"#.into())),
    ]);
    let formula = Cell::Raw(r#" t="str"><f>A1&amp;"x"</f><v>Made_x000A_of parts</v></c>"#.into());
    let rows = vec![
        vec![text("select_one l"), text("a"), Some(Cell::Shared(0))],
        Vec::new(),
        vec![text("text"), text("b"), Some(formula)],
    ];
    let mut settings = Sheet::of_texts("settings", &[vec!["form_id".into(), "version".into()]]);
    settings.rows.push(vec![text("f"), Some(Cell::Number("46298", 1))]);
    let bytes = archive(&parts(&[survey(rows), choices, settings], &[label]));
    let form = read(&bytes).unwrap_or_else(|refused| panic!("{refused:?}"));
    let source = form.script.source();
    assert_eq!(source.version, "2026-10-03", "a date is a version like any other");
    let question = form.script.question(0).expect("the first");
    assert_eq!(question.label.text("en"), "Rich & plain");
    let options: Vec<(&str, &str)> = question
        .kind
        .options()
        .iter()
        .map(|option| (option.name.as_str(), option.label.text("en")))
        .collect();
    assert_eq!(options, [("1", "0.1"), ("1000", "Rich & plain")]);
    let second = form.script.question(1).expect("the second");
    assert_eq!(second.label.text("en"), "Made\nof parts");
    let codes: Vec<&str> = form.warnings.iter().map(|it| it.problem.code()).collect();
    assert_eq!(codes, ["formula", "unused_column"]);
}

#[test]
fn cells_that_cannot_be_trusted_are_named() {
    let cell = |raw: &str| Some(Cell::Raw(raw.to_owned()));
    let rows = vec![
        vec![text("text"), cell(r#" t="e"><v>#REF!</v></c>"#), text("A?")],
        vec![text("text"), text("b"), cell("><f>A1</f></c>")],
        vec![text("text"), text("c"), Some(Cell::Number("46298", 1))],
        vec![text("text"), text("d"), Some(Cell::Number("46298.5", 2))],
        vec![text("text"), text("e"), cell(r#" t="s"><v>77</v></c>"#)],
        vec![text("text"), text("f"), cell(r#" t="inlineStr"><is><t>a&#1;b</t></is></c>"#)],
        vec![text("text"), text("g"), text(&"x".repeat(40_000))],
        vec![text("text"), text("h"), cell("><v>1e999</v></c>")],
    ];
    let found = errors(&workbook(&[survey(rows)]));
    let expected = [
        "survey 2 name cell_error",
        "survey 2 name missing_name",
        "survey 3 label::en formula_without_value",
        "survey 3 label::en missing_label",
        "survey 4 label::en date_cell",
        "survey 5 label::en date_cell",
        "survey 6 label::en damaged_workbook",
        "survey 6 label::en missing_label",
        "survey 8 label::en cell_too_long",
        "survey 8 label::en missing_label",
        "survey 9 label::en cell_error",
        "survey 9 label::en missing_label",
    ];
    let without_control: Vec<&String> =
        found.iter().filter(|it| !it.contains("survey 7")).collect();
    assert_eq!(without_control, expected.iter().collect::<Vec<_>>());
    assert!(found.iter().any(|it| it.starts_with("survey 7")), "{found:?}");
}

#[test]
fn joined_cells_are_refused_where_they_hide_something() {
    let mut sheet = survey(vec![question("a"), question("b")]);
    sheet.after =
        r#"<mergeCells><mergeCell ref="C2:C3"/><mergeCell ref="H1:J9"/></mergeCells>"#.into();
    assert_eq!(errors(&workbook(&[sheet.clone()])), ["survey 2 label::en merged_cell"]);
    sheet.after =
        r#"<mergeCells><mergeCell ref="H1:J9"/><mergeCell ref="zz"/></mergeCells>"#.into();
    assert!(read(&workbook(&[sheet])).is_ok(), "beside the columns that are read");
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let good = parts(&[survey(vec![question("a")])], &[]);
    let with = |path: &str| {
        let mut parts = good.clone();
        parts.push((path.to_owned(), b"x".to_vec()));
        archive(&parts)
    };
    let without = |path: &str| {
        let kept: Vec<_> = good.iter().filter(|(it, _)| it != path).cloned().collect();
        archive(&kept)
    };
    for (bytes, code) in [
        (Vec::new(), "not_a_workbook"),
        (b"type,name\n".to_vec(), "not_a_workbook"),
        (b"PK".to_vec(), "damaged_workbook"),
        (vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "old_workbook"),
        (with("xl/vbaProject.bin"), "macros"),
        (with("xl/macrosheets/sheet1.xml"), "macros"),
        (
            archive(&[("content.xml".into(), vec![]), ("META-INF/manifest.xml".into(), vec![])]),
            "open_document",
        ),
        (archive(&[("a.txt".into(), b"hello".to_vec())]), "not_a_workbook"),
        (without("xl/workbook.xml"), "damaged_workbook"),
        (without("xl/worksheets/sheet1.xml"), "damaged_workbook"),
        (vec![b'P'; MAX_FORM_FILE_BYTES + 1], "too_much"),
        (workbook(&[Sheet::of_texts("Sheet1", &[])]), "missing_sheet"),
        (
            workbook(&[survey(vec![question("a")]), Sheet::of_texts("entities", &[])]),
            "unsupported_sheet",
        ),
        (
            workbook(&[
                survey(vec![question("a")]),
                Sheet { name: "SURVEY".into(), ..Sheet::default() },
            ]),
            "doubled_sheet",
        ),
    ] {
        let found = errors(&bytes);
        assert!(found[0].ends_with(code), "{found:?} is not {code}");
    }
    let spare = workbook(&[
        survey(vec![question("a")]),
        Sheet::of_texts("Print", &[]),
        Sheet::of_texts("_mine", &[]),
    ]);
    let codes: Vec<&str> =
        read(&spare).expect("sound").warnings.iter().map(|it| it.problem.code()).collect();
    assert_eq!(codes, ["unused_sheet", "no_version"]);
}

#[test]
fn damaged_xml_and_entities_are_refused() {
    let good = parts(&[survey(vec![question("a")])], &[]);
    for (path, text) in [
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row></sheetData>"),
        ("xl/workbook.xml", "<workbook><sheets>"),
        (
            "xl/worksheets/sheet1.xml",
            r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>"#,
        ),
        ("xl/sharedStrings.xml", r#"<sst uniqueCount="99999999999"><si><t>x</t></si>"#),
    ] {
        let altered = |(at, bytes): &(String, Vec<u8>)| {
            (at.clone(), if at == path { text.as_bytes().to_vec() } else { bytes.clone() })
        };
        let bytes = archive(&good.iter().map(altered).collect::<Vec<_>>());
        match read(&bytes) {
            // An end that is missing at the very end says nothing of what was before it.
            Ok(form) => assert_eq!(form.script.question_count(), 1, "{path}"),
            Err(refused) => assert!(!refused.errors.is_empty(), "{path}"),
        }
    }
}

#[test]
fn a_hundred_thousand_rows_and_bombs_end_at_a_stated_limit() {
    for (what, bytes, expected) in too_large() {
        let found = errors(&bytes);
        assert!(found.iter().any(|it| it.ends_with(expected)), "{what}: {found:?}");
    }
}

#[test]
fn a_form_that_grows_beyond_a_script_is_refused() {
    let mut survey = String::from("type,name,label::en\n");
    let mut choices = String::from("list_name,name,label::en\n");
    for no in 0..400 {
        let _ = writeln!(survey, "select_one l,q{no},Q?");
    }
    for no in 0..200 {
        let _ = writeln!(choices, "l,o{no},{}", "long ".repeat(200));
    }
    let sheets =
        FormSheets { survey: survey.as_bytes(), choices: Some(choices.as_bytes()), settings: None };
    let refused = read_form_sheets(sheets, Some("f")).expect_err("80 MB of labels");
    assert_eq!(refused.errors[0].problem.code(), "file_too_large");
}

#[test]
fn an_expression_nested_ten_thousand_deep_and_a_pattern_that_explodes_are_errors() {
    let deep = format!("{}1{} = 1", "(".repeat(10_000), ")".repeat(10_000));
    for (constraint, code) in [
        (deep.as_str(), "expression_too_long"),
        (&"not(".repeat(900), "expression_too_deep"),
        ("regex(., '(a{1000}){1000}')", "bad_pattern"),
        ("regex(., '(((((a+)+)+)+)+)+b')", ""),
    ] {
        let survey = format!("type,name,label::en,constraint\ntext,a,A?,\"{constraint}\"\n");
        let sheets = FormSheets { survey: survey.as_bytes(), ..FormSheets::default() };
        let codes: Vec<&str> = match read_form_sheets(sheets, Some("f")) {
            Ok(_) => vec![""],
            Err(refused) => refused.errors.iter().map(|it| it.problem.code()).collect(),
        };
        assert_eq!(codes, [code]);
    }
}

#[test]
fn nothing_of_a_form_is_in_its_errors_but_names_and_types() {
    let form = FormFolder::named("bad_texts");
    let refused = form.read().expect_err("a bad form");
    for error in &refused.errors {
        assert!(!error.to_string().contains("Hello"), "{error}: a label's text");
    }
}
