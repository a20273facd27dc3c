//! The house rules that a program can check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The layers of the core, top row first. Modules of one row do not use each other.
const LAYERS: [&[&str]; 12] = [
    &["id", "time", "geometry", "language", "sets", "error", "uniffi_support"],
    &["walklist", "survey", "turf"],
    &["change", "canvass", "street", "route"],
    &["walk"],
    &["cut", "people", "trial"],
    &["merge"],
    &["say"],
    &["ports", "seal"],
    &["interchange"],
    &["store"],
    &["sync"],
    &["engine"],
];

/// Modules of row 1 and of the seams that may use a neighbour: ids map to FFI types, seals use the port.
const NEIGHBOURS: [(&str, &str); 4] =
    [("uniffi_support", "id"), ("uniffi_support", "time"), ("seal", "ports"), ("id", "time")];

const MAX_FILE_LINES: usize = 800;
const MAX_FUNCTION_LINES: usize = 70;
/// Crates of which a second copy would be a defect: types would not fit, links would clash.
const ONE_COPY: [&str; 2] = ["rstar", "libsqlite3-sys"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace").to_owned()
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let made = ["target", ".build", "Generated", "generated", ".git"];
            if path.is_dir() && !made.iter().any(|m| name == *m) {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn rust_files() -> Vec<(PathBuf, String)> {
    let crates = ["core", "bindings", "backend", "cli", "tests", "benches", "xtask"];
    let paths = crates.iter().flat_map(|name| files_below(&root().join(name), "rs"));
    paths.map(|path| (path.clone(), fs::read_to_string(&path).expect("readable"))).collect()
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn modules_use_only_rows_above_them() {
    let row: BTreeMap<&str, usize> = LAYERS
        .iter()
        .enumerate()
        .flat_map(|(row, modules)| modules.iter().map(move |module| (*module, row)))
        .collect();
    let source = root().join("core/src");
    let mut wrong = Vec::new();
    for path in files_below(&source, "rs") {
        let inside = path.strip_prefix(&source).expect("below core/src");
        let first = inside.components().next().expect("a name").as_os_str();
        let module = Path::new(first).file_stem().expect("a name").to_string_lossy().to_string();
        if module == "lib" {
            continue;
        }
        let Some(&own) = row.get(module.as_str()) else {
            wrong.push(format!("{}: module {module} is in no row", short(&path)));
            continue;
        };
        let text = fs::read_to_string(&path).expect("readable");
        for used in used_modules(&text) {
            let neighbour = NEIGHBOURS.contains(&(module.as_str(), used.as_str()));
            match row.get(used.as_str()) {
                Some(&other) if other < own || used == module || neighbour => {}
                Some(_) => wrong.push(format!("{}: {module} uses {used}", short(&path))),
                None => wrong.push(format!("{}: {used} is in no row", short(&path))),
            }
        }
    }
    assert_none("layers", &wrong);
}

/// The modules after `crate::` in code, tests and doc links included.
fn used_modules(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
        .filter(|module: &String| !module.is_empty())
        .collect()
}

#[test]
fn files_and_functions_stay_small() {
    let mut wrong = Vec::new();
    for (path, text) in rust_files() {
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > MAX_FILE_LINES {
            wrong.push(format!("{}: {} lines", short(&path), lines.len()));
        }
        for (name, length) in functions(&lines) {
            if length > MAX_FUNCTION_LINES {
                wrong.push(format!("{}: fn {name} has {length} lines", short(&path)));
            }
        }
    }
    assert_none("too long", &wrong);
}

/// Functions with their lengths, from `fn` to the brace that closes at its indentation.
fn functions(lines: &[&str]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let starts = ["fn ", "pub fn ", "pub(", "const fn ", "pub const fn ", "async fn "];
        let is_function = starts.iter().any(|start| code.starts_with(start))
            && code.contains("fn ")
            && !code.ends_with(';');
        if !is_function {
            continue;
        }
        let closing = format!("{}}}", " ".repeat(indent));
        let end = lines[at..].iter().position(|line| *line == closing);
        let name = code.split("fn ").nth(1).unwrap_or_default();
        let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        found.extend(end.map(|length| (name, length + 1)));
    }
    found
}

#[test]
fn every_test_file_is_run() {
    let main = fs::read_to_string(root().join("tests/suite/main.rs")).expect("readable");
    let mut forgotten = Vec::new();
    for path in files_below(&root().join("tests/suite"), "rs") {
        let name = path.file_stem().expect("a name").to_string_lossy().to_string();
        let nested = path.parent() != Some(&root().join("tests/suite"));
        let named = main.contains(&format!("mod {name};")) || nested || name == "main";
        if !named {
            forgotten.push(short(&path));
        }
    }
    assert_none("test files that main.rs does not name", &forgotten);
}

#[test]
fn names_are_the_glossarys_words() {
    let glossary = fs::read_to_string(root().join("docs/glossary.md")).expect("readable");
    let banned: BTreeSet<String> = glossary
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | "))
        .flat_map(|(_, not)| not.split(','))
        .filter_map(|word| word.trim().strip_prefix("**")?.strip_suffix("**"))
        .map(str::to_owned)
        .collect();
    assert!(banned.contains("voter") && banned.len() > 20, "the glossary's table was read");
    let mut wrong = Vec::new();
    for (path, text) in rust_files() {
        let is_ours =
            ["core/src", "bindings/src"].iter().any(|ours| short(&path).starts_with(ours));
        if !is_ours {
            continue;
        }
        for name in text.lines().filter_map(declared) {
            let word = words(&name).into_iter().find(|word| banned.contains(word));
            wrong.extend(word.map(|word| format!("{}: {name} ({word})", short(&path))));
        }
    }
    assert_none("names with words that the glossary does not use", &wrong);
}

/// The name that a line declares, if it declares a public type, function or field.
fn declared(line: &str) -> Option<String> {
    let code = line.trim_start().strip_prefix("pub ")?;
    let code = ["const fn ", "fn ", "struct ", "enum ", "trait ", "type "]
        .iter()
        .find_map(|keyword| code.strip_prefix(keyword))
        .unwrap_or(code);
    let name: String = code.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The words of a name, snake or camel case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            words.push(String::new());
        }
        if c != '_' {
            words.last_mut().expect("one at least").extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn there_is_one_copy_of_what_must_not_be_doubled() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--prefix", "none", "--edges", "normal,build", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout);
    for name in ONE_COPY {
        let copies: BTreeSet<&str> = tree
            .lines()
            .filter(|line| line.split(' ').next() == Some(name))
            .filter_map(|line| line.split(' ').nth(1))
            .collect();
        assert_eq!(copies.len(), 1, "{name}: {copies:?}");
    }
}

#[test]
fn unsafe_code_is_where_it_is_known_to_be() {
    let expected = ["cli/src/simulate/vfs.rs"];
    let wrong: Vec<String> = rust_files()
        .iter()
        .filter(|(_, text)| {
            text.lines().any(|line| line.contains("unsafe") && !line.contains("unsafe_code"))
        })
        .map(|(path, _)| short(path))
        .filter(|path| !expected.contains(&path.as_str()) && !path.ends_with("suite/tidy.rs"))
        .collect();
    assert_none("unsafe code", &wrong);
}

#[test]
fn doc_comments_survive_generation() {
    // uniffi copies them into block comments: these marks would end or nest one.
    let mut wrong = Vec::new();
    for (path, text) in rust_files() {
        if short(&path).starts_with("core/src") || short(&path).starts_with("bindings/src") {
            let docs = text.lines().filter(|line| line.trim_start().starts_with("///"));
            let bad = docs.filter(|line| line.contains("*/") || line.contains("/*"));
            wrong.extend(bad.map(|line| format!("{}: {line}", short(&path))));
        }
    }
    assert_none("doc comments with block comment marks", &wrong);
}
