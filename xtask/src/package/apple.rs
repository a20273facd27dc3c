//! The Swift package for iOS and macOS: sources, headers, privacy manifest, XCFramework.
//!
//! Everything but the XCFramework is made on any machine. That one needs Apple's SDK and
//! `xcodebuild`, so a Mac; here the task stops when only it is missing, and says so.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Library, copied, emptied, folder, library, licences, tree, written};
use crate::run::{Run, TaskError};
use crate::{bindings, project, swift};

const SOURCES: &str = "bindings/swift/Sources";
/// iPhones, the simulator on Macs of both kinds, and macOS for an app's own tests.
const TARGETS: [&[&str]; 3] = [
    &["aarch64-apple-ios"],
    &["aarch64-apple-ios-sim", "x86_64-apple-ios"],
    &["aarch64-apple-darwin", "x86_64-apple-darwin"],
];
/// Where the release's framework will be: a variable, since a fork has its own.
const URL: &str = "CANVASS_RELEASE_URL";

/// Lays the package out in `target/package/apple`, and on a Mac builds the framework.
pub(super) fn package(library: Library) -> Result<(), TaskError> {
    if library == Library::Release {
        let message = "an XCFramework is always built as it is shipped: leave --library out";
        return Err(TaskError::Wrong(message.to_owned()));
    }
    bindings::generate()?;
    let made = folder().join("apple");
    emptied(&made)?;
    for target in ["CanvassCore", "CanvassCoreTesting"] {
        tree(&project::path(SOURCES).join(target), &made.join("Sources").join(target))?;
    }
    headers(&made.join("include"))?;
    copied(&licences::write()?, &made.join(licences::NAME))?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copied(&project::path(name), &made.join(name))?;
    }
    manifest(&made, true, "")?;
    println!("package: sources, headers, manifest, licences: target/package/apple");
    if !cfg!(target_os = "macos") {
        swift::reads_manifest("target/package/apple")?;
        let message = "the XCFramework needs Apple's SDK: run `cargo xtask package apple` on a \
            Mac with Xcode 16 or later; all else is made";
        return Err(TaskError::Wrong(message.to_owned()));
    }
    framework(&made)
}

/// The C headers and the module that Swift imports them by.
fn headers(to: &Path) -> Result<(), TaskError> {
    let from = project::path(SOURCES).join("CanvassFFI");
    tree(&from.join("Generated"), to)?;
    let map = "module CanvassFFI {\n    header \"CanvassEngineFFI.h\"\n    \
               header \"CanvassModelFFI.h\"\n    export *\n}\n";
    written(&to.join("module.modulemap"), map)
}

fn manifest(made: &Path, local: bool, checksum: &str) -> Result<(), TaskError> {
    let url = std::env::var_os(URL).map(|url| url.to_string_lossy().into_owned());
    let url = url.unwrap_or_else(|| format!("set {URL} to the release's address"));
    let text = include_str!("Package.swift.in")
        .replace("@LOCAL@", if local { "true" } else { "false" })
        .replace("@URL@", &url)
        .replace("@CHECKSUM@", checksum);
    written(&made.join("Package.swift"), &text)
}

/// Builds each slice, joins them, and writes the checksum that SwiftPM will ask for.
fn framework(made: &Path) -> Result<(), TaskError> {
    let output = made.join("CanvassFFI.xcframework");
    let mut join = Run::program("xcodebuild").args(&["-create-xcframework"]);
    for slices in TARGETS {
        let archive = fat(made, slices)?;
        let (archive, headers) = (archive.display(), made.join("include"));
        join = join.args(&["-library", &archive.to_string()]);
        join = join.args(&["-headers", &headers.display().to_string()]);
    }
    join.args(&["-output", &output.display().to_string()]).go()?;
    let zip = made.join("CanvassFFI.xcframework.zip").display().to_string();
    let from = output.display().to_string();
    Run::program("ditto").args(&["-c", "-k", "--keepParent", &from, &zip]).go()?;
    let mut checksum = String::new();
    let compute = ["package", "compute-checksum", &zip];
    Run::program("swift").args(&compute).reading(|line| line.trim().clone_into(&mut checksum))?;
    manifest(made, std::env::var_os(URL).is_none(), &checksum)?;
    println!("package: {zip}, checksum {checksum}");
    Ok(())
}

/// One archive for machines of several kinds.
fn fat(made: &Path, triples: &[&str]) -> Result<PathBuf, TaskError> {
    let mut archives = Vec::new();
    for triple in triples {
        let archive = library::archive_for_target(triple)?;
        archives.push(archive.display().to_string());
    }
    let joined = made.join("slices").join(triples[0]).join("libcanvass_bindings.a");
    if let Some(folder) = joined.parent() {
        fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
    }
    let output = joined.display().to_string();
    Run::program("lipo").args(&["-create", "-output", &output]).args(&archives).go()?;
    Ok(joined)
}
