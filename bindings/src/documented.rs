//! `docs/errors.md` says of every error what there is, and of nothing what there is not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use canvass_core::engine::What;
use canvass_core::store::{ClosedBecause, StoreFile};

use crate::error::CanvassError;
use crate::told::{error_code, error_sentence};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the project").to_owned()
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("readable")
}

/// One of each case.
fn all() -> Vec<CanvassError> {
    let (file, code) = (StoreFile::Main, "its_own".to_owned());
    vec![
        CanvassError::InvalidInput { code: code.clone(), question: String::new() },
        CanvassError::BadFile { code: code.clone(), row: Some(2), column: None },
        CanvassError::BadScript { code: code.clone(), place: String::new() },
        CanvassError::Cancelled,
        CanvassError::NotFound { what: What::List },
        CanvassError::NotYours,
        CanvassError::NoCampaign,
        CanvassError::AlreadyInCampaign,
        CanvassError::NotArrived,
        CanvassError::ListClosed { why: ClosedBecause::Expired },
        CanvassError::TryLater,
        CanvassError::KeyLost { file },
        CanvassError::WrongKey { file },
        CanvassError::StorageCorrupt { file },
        CanvassError::NewerDatabase { file, found: 2, supported: 1 },
        CanvassError::StorageFull,
        CanvassError::StorageForbidden { file },
        CanvassError::InUse,
        CanvassError::Closed,
        CanvassError::Panicked { can_go_on: true },
        CanvassError::Internal { code },
    ]
}

/// The name of a case, as all languages write it.
fn case(error: &CanvassError) -> String {
    let text = format!("{error:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// The rows of a section's table: its cells without marks.
fn rows(page: &str, section: &str) -> Vec<Vec<String>> {
    let section = page.split("\n## ").find(|part| part.starts_with(section)).expect("a section");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = |row: &str| row.split(" | ").map(|cell| cell.replace('`', "")).collect();
    rows.map(cells).collect()
}

#[test]
fn every_case_has_its_code_and_advice_in_the_table() {
    let declared = text("bindings/src/error.rs");
    let declared = declared.split("pub enum CanvassError {").nth(1).expect("the enum");
    let declared = declared.split("\n}").next().expect("its end").lines();
    let declared: BTreeSet<String> = declared
        .filter(|line| line.starts_with("    ") && !line.starts_with("     "))
        .map(|line| line.trim().trim_end_matches([',', ' ', '{']).to_owned())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    assert_eq!(all().iter().map(case).collect::<BTreeSet<_>>(), declared, "one of each");
    let told: BTreeSet<(String, String)> = rows(&text("docs/errors.md"), "Every error")
        .into_iter()
        .inspect(|row| assert!(row.len() == 4 && row.iter().all(|cell| cell.len() > 4), "{row:?}"))
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let code = |error: &CanvassError| match error.code() {
        "its_own" => "its own".to_owned(),
        code => code.to_owned(),
    };
    let known = all().iter().map(|error| (case(error), code(error))).collect();
    assert_eq!(told, known, "left, what is documented; right, what there is");
}

/// The codes in a source's functions `code`, or what stands between these marks.
fn codes(source: &str) -> BTreeSet<String> {
    let functions =
        source.split("fn code(").skip(1).filter_map(|rest| rest.split("\n    }").next());
    let lines = functions.flat_map(str::lines);
    let quoted = lines.filter_map(|line| line.split("=> \"").nth(1)?.split('"').next());
    quoted.map(str::to_owned).collect()
}

fn quoted_after(source: &str, mark: &str) -> BTreeSet<String> {
    let quoted = source.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    quoted.map(str::to_owned).collect()
}

#[test]
fn every_code_of_a_case_with_codes_of_its_own_is_in_its_list() {
    let page = text("docs/errors.md");
    let listed = |section: &str| -> BTreeSet<String> {
        rows(&page, section)
            .into_iter()
            .flat_map(|row| row[0].split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect()
    };
    let (errors, told) = (text("bindings/src/error.rs"), text("bindings/src/frames.rs"));
    let mut input = quoted_after(&errors, "invalid(\"");
    input.extend(quoted_after(&text("bindings/src/engine.rs"), "invalid(\""));
    input.extend(
        told.lines()
            .filter(|line| line.contains("FrameError::"))
            .filter_map(|line| Some(line.split("=> \"").nth(1)?.split('"').next()?.to_owned())),
    );
    for source in ["canvass/record.rs", "survey/answer.rs", "interchange/codes/mod.rs"] {
        input.extend(codes(&text(&format!("core/src/{source}"))));
    }
    assert_eq!(listed("Codes of `InvalidInput`"), input, "InvalidInput");
    let file = text("core/src/interchange/read/error.rs");
    let file = file.split("impl FileError").nth(1).expect("its functions");
    let file = file.split("\n}").next().expect("an end");
    assert_eq!(listed("Codes of `BadFile`"), codes(file), "BadFile");
    let mut script = codes(&text("core/src/survey/hint.rs"));
    script.extend(quoted_after(&errors, "map_or(\""));
    assert_eq!(listed("Codes of `BadScript`"), script, "BadScript");
    let internal = quoted_after(&errors, "Self::Internal { code: \"");
    let mut internal: BTreeSet<String> =
        internal.into_iter().chain(quoted_after(&errors, "format!(\"")).collect();
    internal.remove("database_{code}");
    internal.insert("database_N".to_owned());
    assert_eq!(listed("Codes of `Internal`"), internal, "Internal");
}

#[test]
fn every_error_has_a_code_and_a_sentence_in_both_languages() {
    let sentence = |error, tag: &str| error_sentence(error, vec![tag.to_owned()]);
    let (english, spanish) = (all(), all());
    for (error, same) in english.into_iter().zip(spanish) {
        let name = case(&error);
        let (english, spanish) = (sentence(error, "en-GB"), sentence(same, "es-MX"));
        assert!(english.ends_with('.') && spanish.ends_with('.'), "{name}");
        assert_ne!(english, spanish, "{name}");
    }
    for error in all() {
        let code = error_code(error);
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !code.is_empty());
    }
}
