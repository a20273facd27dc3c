//! How large the library is, and the bars that it must stay below.

use std::fs;
use std::path::{Path, PathBuf};

use super::{emptied, folder, library};
use crate::project;
use crate::run::{Run, TaskError};

/// What a phone's library may take, stripped, with SQLCipher and OpenSSL in it.
const MOST: u64 = 7_000_000;
/// The same without encryption, to know what the rest takes. Never shipped.
const MOST_PLAIN: u64 = 2_500_000;

/// Builds both and prints them beside their bars.
pub(super) fn print() -> Result<(), TaskError> {
    let mobile = library::for_host(super::Library::Mobile);
    let plain = plain().and_then(|built| under(&built, "without encryption", MOST_PLAIN));
    mobile.map(drop).and(plain)
}

/// Refuses a library that is too large.
pub(super) fn check(built: &Path) -> Result<(), TaskError> {
    under(built, "SQLCipher and OpenSSL in it", MOST)
}

fn under(built: &Path, what: &str, most: u64) -> Result<(), TaskError> {
    let bytes = fs::metadata(built).map_err(TaskError::file(built))?.len();
    println!("size: {bytes} bytes, {what} (bar {most})");
    if bytes <= most {
        return Ok(());
    }
    Err(TaskError::Wrong(format!("the library has {bytes} bytes, {what}; the bar is {most}")))
}

/// Builds the library on plain SQLite, in a workspace of its own over the same sources.
fn plain() -> Result<PathBuf, TaskError> {
    let scratch = folder().join("plain");
    emptied(&scratch)?;
    let manifest = project::path("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(TaskError::file(&manifest))?;
    let encrypted = "\"bundled-sqlcipher-vendored-openssl\"";
    if !text.contains(encrypted) {
        return Err(TaskError::Wrong(format!("Cargo.toml does not name {encrypted}")));
    }
    let text = text.replace(encrypted, "\"bundled\"");
    super::written(&scratch.join("Cargo.toml"), &text)?;
    // A copy: Cargo leaves out of it what plain `SQLite` does not need.
    super::copied(&project::path("Cargo.lock"), &scratch.join("Cargo.lock"))?;
    for name in ["core", "bindings", "backend", "cli", "tests", "benches", "xtask"] {
        let (from, to) = (project::path(name), scratch.join(name));
        std::os::unix::fs::symlink(&from, &to).map_err(TaskError::file(&to))?;
    }
    let manifest = scratch.join("Cargo.toml").display().to_string();
    Run::cargo(&["rustc", "--profile", "release-mobile", "--package", "canvass-bindings"])
        .args(&["--lib", "--crate-type", "cdylib", "--manifest-path", &manifest, "--"])
        .args(&library::linking(None))
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .go()?;
    Ok(scratch.join("target/release-mobile/libcanvass_bindings.so"))
}
