//! Swift, in the root of its own that `swift-root.sh` makes.

use crate::project;
use crate::run::{Run, TaskError};

/// The packages, in the order in which they build on each other.
pub(crate) const PACKAGES: [&str; 2] = ["bindings/swift", "ios-sample"];

/// What a list costs through Swift.
const BENCH: &str = "benches/swift-shell";

/// A package of an app developer's, which knows nothing of this tree but one dependency.
const CONSUMER: &str = "tests/consumer-swift";

/// Where the project is mounted in the root.
const MOUNTED: &str = "/src";

/// What a caller may tell the tests.
const TOLD: [&str; 2] = ["CANVASS_KILLS", "CANVASS_HAMMER_SECONDS"];

fn script() -> Run {
    Run::program("bash").args(&["xtask/swift-root.sh"])
}

/// Makes the root; says nothing and is quick when it is there.
pub(crate) fn install() -> Result<(), TaskError> {
    script().args(&["install"]).go_quietly()
}

/// Whether the root is there.
pub(crate) fn is_installed() -> bool {
    script().args(&["is-installed"]).succeeds()
}

fn in_root(arguments: &[&str]) -> Run {
    script()
        .args(&["run"])
        .args(arguments)
        .env("SWIFT_SRC", project::root())
        .env("SWIFT_LD_LIBRARY_PATH", format!("{MOUNTED}/target/release"))
        .env("SWIFT_ENV", told())
}

/// How long and how often the tests try, where that is set: the root's environment is empty.
fn told() -> String {
    let set = |name: &&str| Some(format!("{name}={}", std::env::var_os(name)?.display()));
    TOLD.iter().filter_map(set).collect::<Vec<_>>().join(" ")
}

/// Builds a package and runs its tests.
pub(crate) fn test(package: &str) -> Run {
    linked("test", package)
}

/// Measures what a list of 2,000 doors costs through Swift.
pub(crate) fn bench() -> Result<(), TaskError> {
    let town = "target/bench-town";
    let path = project::path(town);
    if path.exists() {
        std::fs::remove_dir_all(&path).map_err(TaskError::file(&path))?;
    }
    let canvass = ["run", "--release", "-p", "canvass-cli", "--", "town"];
    Run::cargo(&canvass).args(&["--seed", "5", "--doors", "2000", "--out", town]).go()?;
    linked("run", BENCH).args(&["-c", "release", "CanvassBench", town]).go()
}

/// Builds and runs the package that an app developer would write first.
pub(crate) fn consume() -> Result<(), TaskError> {
    linked("run", CONSUMER).env("SWIFT_ENV", format!("CANVASS={MOUNTED}")).go()
}

/// A command of the package manager's that links the native library.
fn linked(command: &str, package: &str) -> Run {
    let library = format!("-L{MOUNTED}/target/release");
    // The default linker leaves a symbol of Observation undefined.
    let linker = "-use-ld=lld";
    let arguments =
        ["swift", command, "--package-path", package, "-Xlinker", &library, "-Xswiftc", linker];
    in_root(&arguments)
}

/// Parses a package's hand-written Swift, what only Apple's systems compile with it: it is all
/// that can be said of a view here.
pub(crate) fn parse(package: &str) -> Result<(), TaskError> {
    in_root(&["swiftc", "-frontend", "-parse", "-swift-version", "6"])
        .args(&hand_written(package)?)
        .go_quietly()
}

/// Type-checks the iOS sample's views against outlines of `SwiftUI`; its package was built before.
pub(crate) fn check_views() -> Result<(), TaskError> {
    in_root(&["sh", "ios-sample/Sketch/check.sh"]).go_quietly()
}

/// Checks how the hand-written Swift is laid out.
pub(crate) fn lint() -> Result<(), TaskError> {
    for package in PACKAGES.into_iter().chain([BENCH, CONSUMER]) {
        let sources = hand_written(package)?;
        let configuration = "bindings/swift/.swift-format";
        in_root(&["swift-format", "lint", "--strict", "--configuration", configuration])
            .args(&sources)
            .go()?;
    }
    Ok(())
}

/// The package's Swift files that no generator wrote, as paths from the project's root. Outlines
/// of Apple's own libraries (`Sketch`) keep to no layout of ours.
fn hand_written(package: &str) -> Result<Vec<String>, TaskError> {
    let mut files = Vec::new();
    let mut folders = vec![project::path(package)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(TaskError::file(&folder))? {
            let path = entry.map_err(TaskError::file(&folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !is_skipped(&name) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "swift") {
                let relative = path.strip_prefix(project::root()).unwrap_or(&path);
                files.push(relative.display().to_string());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_skipped(folder: &str) -> bool {
    folder == "Generated" || folder == "Sketch" || folder.starts_with('.')
}

/// Whether SwiftPM can read a package's manifest.
pub(crate) fn reads_manifest(package: &str) -> Result<(), TaskError> {
    in_root(&["swift", "package", "dump-package", "--package-path", package]).reading(|_| ())?;
    println!("package: SwiftPM reads its manifest");
    Ok(())
}
