//! What the README shows is what compiles and runs.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_core::engine::{Engine, Ports};
use canvass_core::ports::{KeyVault, SeededIds};
use canvass_core::seal::FileKeyVault;
use canvass_tests::campaign::MORNING;
use canvass_tests::fixture;
use canvass_tests::temp::TempDir;

// The README shows these very lines.
// readme:begin
use canvass_core::engine::{AttemptInput, Error, ExportFormat, ImportOptions, NewCampaign};
use canvass_core::walklist::CanvassResult;

fn first_knock(directory: &Path, ports: Ports, doors: &Path) -> Result<Vec<u8>, Error> {
    let engine = Engine::open(directory, ports)?; // clock, ids, key vault
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    let list = engine.create_campaign(&about)?; // without a server; `join` with one
    engine.import_path(doors, &ImportOptions::default(), None)?; // all of the file, or nothing

    let screen = engine.walk_list(list, None)?; // progress, the next stop, the first doors
    let household = screen.page.doors[0].household;
    let door = Some(CanvassResult::NotHome);
    let knock = AttemptInput::at_door(list, household, door);
    engine.record_attempt(&knock)?; // returns once it is durable on this phone
    Ok(engine.export(list, ExportFormat::Csv)?.bytes)
}
// readme:end

#[test]
fn the_rust_example_runs() {
    let folder = TempDir::new();
    let vault: Arc<dyn KeyVault> =
        Arc::new(FileKeyVault::new(&folder.path().join("keys"), SeededIds::new(1, "vault")));
    let ports = Ports {
        clock: Arc::new(SetClock::at(MORNING)),
        ids: Arc::new(SeededIds::new(1, "readme")),
        vault,
    };
    let doors = fixture("offline_day/doors.csv");
    let file = first_knock(&folder.path().join("phone"), ports, &doors).expect("a knock");
    assert!(String::from_utf8(file).expect("text").contains("not_home"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

/// The lines of a file that the README shows.
fn shown(path: &str) -> String {
    let text = fs::read_to_string(root().join(path)).expect("readable");
    let (_, rest) = text.split_once("// readme:begin\n").expect("a beginning");
    let (shown, _) = rest.split_once("// readme:end").expect("an end");
    shown.to_owned()
}

#[test]
fn the_readme_shows_what_is_compiled() {
    let readme = fs::read_to_string(root().join("README.md")).expect("readable");
    for path in [
        "tests/suite/readme.rs",
        "bindings/kotlin/src/test/kotlin/org/canvasscore/ReadmeExample.kt",
        "bindings/swift/Tests/CanvassCoreTests/ReadmeExample.swift",
    ] {
        assert!(readme.contains(&shown(path)), "README.md shows other lines than {path}");
    }
}

/// A guide, the language of its blocks, and the compiled files that these stand in.
const GUIDES: [(&str, &str, &[&str]); 2] = [
    (
        "docs/embedding-android.md",
        "kotlin",
        &[
            "bindings/android/src/test/kotlin/org/canvasscore/android/GuideExamples.kt",
            "bindings/kotlin/src/test/kotlin/org/canvasscore/GuideTestingExample.kt",
            "tests/consumer-jvm/src/main/kotlin/Consumer.kt",
            "tests/consumer-jvm/pom.xml",
        ],
    ),
    (
        "docs/embedding-ios.md",
        "swift",
        &[
            "bindings/swift/Tests/CanvassCoreTests/GuideExamples.swift",
            "tests/consumer-swift/Package.swift",
            "tests/consumer-swift/Sources/Consumer/main.swift",
        ],
    ),
];

#[test]
fn the_guides_show_what_is_compiled() {
    for (guide, language, files) in GUIDES {
        let text = fs::read_to_string(root().join(guide)).expect("readable");
        let read = |path: &&str| fs::read_to_string(root().join(path)).expect("readable");
        let compiled: Vec<String> = files.iter().map(read).map(|text| flush(&text)).collect();
        let languages = [language, "xml"];
        let blocks: Vec<&str> = blocks(&text, &languages).collect();
        assert!(blocks.len() > 8, "{guide} has examples");
        for block in blocks {
            let shown = flush(block);
            let found = compiled.iter().any(|text| text.contains(&shown));
            assert!(found, "{guide} shows what is not compiled:\n{block}");
        }
    }
}

/// What stands in a page's fenced blocks of these languages.
fn blocks<'a>(page: &'a str, languages: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|fence| {
        let (language, block) = fence.split_once('\n')?;
        languages.contains(&language).then_some(block)
    })
}

/// A text whose lines begin at the margin: an example may be indented in its file.
fn flush(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut pages = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    for folder in ["docs", "docs/adr"] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder").flatten();
        let names = entries.map(|entry| format!("{folder}/{}", entry.file_name().display()));
        pages.extend(names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "md")));
    }
    let mut broken = Vec::new();
    for page in pages {
        let text = fs::read_to_string(root().join(&page)).expect("readable");
        let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let is_local = !path.is_empty() && !path.contains("://");
            if is_local && !root().join(folder).join(path).exists() {
                broken.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
