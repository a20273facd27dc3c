//! What an app developer installs: packages for the JVM, Android and Apple's platforms.
//!
//! Each does all that this machine can do, into `target/package`, and then says plainly what it
//! lacks: Android's libraries need an NDK, Apple's a Mac. Nothing is published.

mod android;
mod apple;
mod elf;
mod jvm;
mod library;
mod licences;
mod sizes;

use std::path::{Path, PathBuf};

use crate::run::TaskError;
use crate::{project, swift};

/// Which library goes into a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    /// Small and with OpenSSL in it, as it is shipped: `release-mobile`. Minutes to build.
    Mobile,
    /// The one that tests use. For trying a package out.
    Release,
}

pub(crate) const USAGE: &str = "\
cargo xtask package jvm | android | apple | sizes  [--library mobile|release]
";

/// Makes the package that the words name.
pub(crate) fn package(words: &[&str]) -> Result<(), TaskError> {
    let (platform, library) = match words {
        [platform] | [platform, "--library", "mobile"] => (*platform, Library::Mobile),
        [platform, "--library", "release"] => (*platform, Library::Release),
        _ => return Err(TaskError::Wrong(USAGE.trim_end().to_owned())),
    };
    match platform {
        "jvm" => jvm::package(library),
        "android" => android::package(library),
        "apple" => apple::package(library),
        "sizes" => sizes::print(),
        _ => Err(TaskError::Wrong(USAGE.trim_end().to_owned())),
    }
}

/// Makes the package for the JVM around the library that tests use; and has the projects that
/// the guides begin with, in Kotlin and in Swift, resolve what they depend on and run.
pub(crate) fn test() -> Result<(), TaskError> {
    jvm::package(Library::Release)?;
    jvm::consume()?;
    swift::consume()
}

/// Where packages are made.
fn folder() -> PathBuf {
    project::target().join("package")
}

/// Makes a folder, empty.
fn emptied(folder: &Path) -> Result<(), TaskError> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(TaskError::file(folder))?;
    }
    std::fs::create_dir_all(folder).map_err(TaskError::file(folder))
}

/// Copies a file, and makes its folder.
fn copied(from: &Path, to: &Path) -> Result<(), TaskError> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
    }
    std::fs::copy(from, to).map(drop).map_err(TaskError::file(from))
}

/// Copies a folder and what is in it.
fn tree(from: &Path, to: &Path) -> Result<(), TaskError> {
    for entry in std::fs::read_dir(from).map_err(TaskError::file(from))? {
        let path = entry.map_err(TaskError::file(from))?.path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { tree(&path, &to)? } else { copied(&path, &to)? }
    }
    Ok(())
}

/// Writes a text, and makes its folder.
fn written(path: &Path, text: &str) -> Result<(), TaskError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
    }
    std::fs::write(path, text).map_err(TaskError::file(path))
}
