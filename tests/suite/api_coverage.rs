//! Every function, interface and error of the public API is used by a test, in each language.
//!
//! What there is stands in `bindings/api.txt`; what tests use, in their sources. Records and enums
//! are not looked for by name: they are made by what the functions take and give, and the compiler
//! of each language checks their fields where scenarios use them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A public item: where it is declared, and what it is called in Kotlin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    group: String,
    name: String,
}

/// A language, and where its tests are.
struct Language {
    name: &'static str,
    folders: &'static [&'static str],
    extension: &'static str,
    spelled: fn(&Item) -> Vec<String>,
    /// Items that this language's tests do not use, each with the reason.
    exceptions: &'static [(&'static str, &'static str)],
}

/// What the packages' own functions are made of.
const UNDERNEATH: [(&str, &str); 3] = [
    ("errorCode", "`code` calls it"),
    ("errorSentence", "`userSentence` calls it"),
    ("syncNext", "`sync` and `keepSyncing` call it, step by step"),
];

const LANGUAGES: [Language; 3] = [
    Language {
        name: "Kotlin",
        folders: &["bindings/kotlin/src/test"],
        extension: "kt",
        spelled: |item| vec![item.name.clone()],
        exceptions: &UNDERNEATH,
    },
    Language {
        name: "Swift",
        folders: &["bindings/swift/Tests"],
        extension: "swift",
        spelled: swift,
        exceptions: &UNDERNEATH,
    },
    Language {
        name: "Rust",
        folders: &[
            "tests/suite",
            "tests/support",
            "cli/src/phone.rs",
            "cli/src/scenario",
            "bindings/src/documented.rs",
        ],
        extension: "rs",
        spelled: rust,
        exceptions: &[
            ("keepSyncing", "the loop is the packages' own, for apps; `sync_next` is tested"),
            ("observeConflicts", "built on `subscribe` in the packages"),
            ("observeHousehold", "built on `subscribe` in the packages"),
            ("observeSurvey", "built on `subscribe` in the packages"),
            ("observeSyncStatus", "built on `subscribe` in the packages"),
            ("observeWalkList", "built on `subscribe` in the packages"),
            ("observeWalkLists", "built on `subscribe` in the packages"),
            ("panicInNextCall", "`panics` has every port panic, which is more"),
            ("inMemory", "written in each package"),
            ("TEST_MORNING", "written in each package"),
        ],
    },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the project").to_owned()
}

/// The name of a function as a member of the listing tells it.
fn function_name(member: &str) -> Option<&str> {
    let member = member.strip_prefix("suspend ").unwrap_or(member);
    let kinds = ["fun ", "val ", "var "];
    let name = kinds.iter().find_map(|kind| member.strip_prefix(kind)).unwrap_or(member);
    let name = name.split(['(', ':']).next()?;
    let name = name.rsplit('.').next()?.trim();
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(name)
}

/// What the listing says there is.
fn items() -> BTreeSet<Item> {
    let listing = fs::read_to_string(root().join("bindings/api.txt")).expect("readable");
    let mut items = BTreeSet::new();
    let mut group = String::new();
    for line in listing.lines().filter(|line| !line.starts_with('#')) {
        let Some(member) = line.strip_prefix("    ") else {
            line.clone_into(&mut group);
            if let Some(class) = group.strip_prefix("class ") {
                let class = class.split(['(', ' ', ':']).next().expect("a name");
                let name = class.rsplit('.').next().expect("a name").to_owned();
                items.insert(Item { group: group.clone(), name });
            }
            continue;
        };
        let kind = group.split(' ').next().unwrap_or_default();
        let is_looked_for = matches!(kind, "class" | "object" | "interface" | "error" | "top");
        let name = function_name(member).filter(|_| is_looked_for && member != "companion object");
        items.extend(name.map(|name| Item { group: group.clone(), name: name.to_owned() }));
    }
    items
}

/// Swift says `advance(to:)` where Kotlin says `advanceTo`, and names values as it names all else.
fn swift(item: &Item) -> Vec<String> {
    match item.name.as_str() {
        "advanceTo" => vec!["advance(to".to_owned()],
        "TEST_MORNING" => vec!["testMorning".to_owned()],
        name => vec![name.to_owned()],
    }
}

/// Rust has the same functions in its own spelling; what Kotlin writes for itself has a
/// counterpart in the core.
fn rust(item: &Item) -> Vec<String> {
    let own: &[&str] = match item.name.as_str() {
        "Canvass" | "CanvassEngine" => &["Engine"],
        "importFile" => &["import_path"],
        "HttpSyncTransport" | "sync" | "send" => &["sync_next"],
        "SyncReply" => &["Reply"],
        "FakeNetwork" => &["sync_faults"],
        "qrFrames" | "FrameCollector" => &["to_frames", "FrameCollector"],
        "shutDown" => &["close"],
        "cancel" => &["unsubscribe", "cancel"],
        "TestClock" | "advance" | "advanceTo" => &["SetClock"],
        "MemoryKeyVault" => &["FileKeyVault"],
        "code" | "userSentence" => &["error_code", "error_sentence"],
        "take" | "progress" => &["take", "progress"],
        "wallMs" => &["wall"],
        "changed" | "goOn" => &["changed", "go_on"],
        _ => &[],
    };
    if !own.is_empty() {
        return own.iter().map(|name| (*name).to_owned()).collect();
    }
    // A case is written as it is; a function in snake case.
    if item.name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return vec![item.name.clone()];
    }
    let mut snake = String::new();
    for c in item.name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    vec![snake]
}

fn sources(language: &Language) -> String {
    let mut text = String::new();
    let mut paths: Vec<PathBuf> = language.folders.iter().map(|it| root().join(it)).collect();
    while let Some(path) = paths.pop() {
        let Ok(entries) = fs::read_dir(&path) else {
            text.push_str(&fs::read_to_string(&path).unwrap_or_default());
            continue;
        };
        let entries = entries.flatten().map(|entry| entry.path());
        let ours = |path: &PathBuf| {
            path.is_dir() || path.extension().is_some_and(|it| it == language.extension)
        };
        // This file names what it looks for.
        paths.extend(entries.filter(ours).filter(|path| !path.ends_with("api_coverage.rs")));
    }
    text
}

/// Whether a name stands in a text by itself.
fn uses(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_part);
        let after = text[at + name.len()..].chars().next().is_some_and(is_part);
        !before && !after
    })
}

#[test]
fn every_public_item_is_used_by_a_test_in_each_language() {
    let items = items();
    assert!(items.len() > 150, "the listing was read: {}", items.len());
    for language in &LANGUAGES {
        let text = sources(language);
        assert!(text.len() > 10_000, "{}: its tests were read", language.name);
        let unused: Vec<&Item> = items
            .iter()
            .filter(|item| !(language.spelled)(item).iter().any(|name| uses(&text, name)))
            .collect();
        let excused = |item: &Item| language.exceptions.iter().any(|(name, _)| *name == item.name);
        let missing: Vec<&&Item> = unused.iter().filter(|item| !excused(item)).collect();
        assert!(missing.is_empty(), "no {} test uses {missing:#?}", language.name);
        for (name, why) in language.exceptions {
            let still = unused.iter().any(|item| item.name == *name);
            assert!(still, "{}: {name} is no exception any more ({why})", language.name);
        }
    }
}

#[test]
fn the_test_that_looks_for_names_finds_what_is_missing() {
    assert!(uses("canvass.editNote(list)", "editNote"));
    assert!(!uses("canvass.editNotes(list) creditNote", "editNote"));
    assert_eq!(function_name("suspend fun open(config: Config): Canvass"), Some("open"));
    assert_eq!(function_name("val CanvassException.code: String"), Some("code"));
    assert_eq!(function_name("StorageFull"), Some("StorageFull"));
    let item = |name: &str| Item { group: String::new(), name: name.to_owned() };
    assert_eq!(rust(&item("recordNote")), ["record_note"]);
    assert_eq!(rust(&item("NotYours")), ["NotYours"]);
}

/// The listing's groups: kind, name, and everything that stands in them.
fn groups() -> Vec<(String, String, String)> {
    let listing = fs::read_to_string(root().join("bindings/api.txt")).expect("readable");
    let groups = listing.split("\n\n").filter(|group| !group.starts_with('#'));
    let group = |group: &str| {
        let (kind, rest) = group.trim().split_once(' ')?;
        let name = rest.split(['(', ' ', '\n', ':']).next()?.rsplit('.').next()?;
        Some((kind.to_owned(), name.to_owned(), group.to_owned()))
    };
    groups.filter_map(group).collect()
}

#[test]
fn every_public_type_is_taken_or_given_by_a_function() {
    let groups = groups();
    let is_root = |kind: &str| matches!(kind, "class" | "object" | "interface" | "error" | "top");
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = groups
        .iter()
        .filter(|(kind, ..)| is_root(kind))
        .map(|(_, _, text)| text.as_str())
        .collect();
    while let Some(text) = open.pop() {
        let named = groups.iter().filter(|(_, name, _)| uses(text, name));
        for (_, name, text) in named {
            if reached.insert(name) {
                open.push(text);
            }
        }
    }
    let idle: Vec<&str> = groups
        .iter()
        .filter(|(kind, name, _)| !is_root(kind) && !reached.contains(name.as_str()))
        .map(|(_, name, _)| name.as_str())
        // A door's access is a word of a file, until a screen shows it.
        .filter(|name| *name != "Access")
        .collect();
    assert!(idle.is_empty(), "an app sees these types and can do nothing with them: {idle:?}");
}
