//! Kotlin and Swift, generated from the built library; and the listing of what they offer.

use std::fs;
use std::path::Path;

use crate::run::{Run, TaskError};
use crate::{api, project};

/// The listing, which is kept with the sources so that a change of the API shows in review.
const LISTING: &str = "bindings/api.txt";
const KOTLIN: &str = "bindings/kotlin/target/generated";
const SWIFT: &str = "bindings/swift/Sources/CanvassCore/Generated";
const HEADERS: &str = "bindings/swift/Sources/CanvassFFI/Generated";
const KOTLIN_BY_HAND: &str = "bindings/kotlin/src/main/kotlin";

/// What to do with the listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Fail when the API is not what the listing says.
    Compare,
    /// Write the API as it is now.
    Bless,
}

/// Builds everything, generates both languages and compares the listing.
pub(crate) fn bindings(listing: Listing) -> Result<(), TaskError> {
    generate()?;
    list(listing)
}

/// Builds everything, the native library and the backend's program among it, and generates both
/// languages.
pub(crate) fn generate() -> Result<(), TaskError> {
    // Everything at once: a package alone may be given other features of what it depends on,
    // and all of that would be compiled a second time.
    Run::cargo(&["build", "--release", "--workspace"]).go()?;
    Run::cargo(&["build", "--release", "--package", "xtask", "--features", "bindgen"])
        .args(&["--bin", "uniffi-bindgen"])
        .go()?;
    let made = project::target().join("xtask/generated");
    for language in ["kotlin", "swift"] {
        generate_one(language, &made.join(language))?;
    }
    replace(&made.join("kotlin"), &project::path(KOTLIN), "kt")?;
    replace(&made.join("swift"), &project::path(SWIFT), "swift")?;
    replace(&made.join("swift"), &project::path(HEADERS), "h")
}

fn generate_one(language: &str, to: &Path) -> Result<(), TaskError> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(TaskError::file(to))?;
    }
    let generator = project::release().join("uniffi-bindgen");
    let library = project::release().join("libcanvass_bindings.so");
    Run::program(&generator.display().to_string())
        .args(&["generate", "--no-format", "--language", language, "--out-dir"])
        .args(&[to.display().to_string(), library.display().to_string()])
        .env("RUST_BACKTRACE", "0")
        .go()
}

/// Makes `to` hold the files of `from` that end so, and no others. A file that is the same is
/// left alone, so that nothing is compiled again for it.
fn replace(from: &Path, to: &Path, extension: &str) -> Result<(), TaskError> {
    let wanted = files(from, extension)?;
    for stale in files(to, extension)?.iter().filter(|file| !wanted.contains(file)) {
        let stale = to.join(stale);
        fs::remove_file(&stale).map_err(TaskError::file(&stale))?;
    }
    for file in wanted {
        let (source, target) = (from.join(&file), to.join(&file));
        let bytes = fs::read(&source).map_err(TaskError::file(&source))?;
        if fs::read(&target).is_ok_and(|present| present == bytes) {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
        }
        fs::write(&target, bytes).map_err(TaskError::file(&target))?;
    }
    Ok(())
}

/// The files below a folder that end so, as paths from it, sorted. A folder that is not there
/// has none.
fn files(folder: &Path, extension: &str) -> Result<Vec<String>, TaskError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        if !current.exists() {
            continue;
        }
        for entry in fs::read_dir(&current).map_err(TaskError::file(&current))? {
            let path = entry.map_err(TaskError::file(&current))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == extension) {
                found.push(path.strip_prefix(folder).unwrap_or(&path).display().to_string());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Compares the API with its listing, or writes the listing anew.
pub(crate) fn list(listing: Listing) -> Result<(), TaskError> {
    let current = api::listing(&sources(KOTLIN)?, &sources(KOTLIN_BY_HAND)?);
    let path = project::path(LISTING);
    if listing == Listing::Bless {
        return fs::write(&path, current).map_err(TaskError::file(&path));
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let changes = differences(&kept, &current);
    if changes.is_empty() {
        return Ok(());
    }
    let hint = "if that is meant, run `cargo xtask bindings --bless` and commit it";
    Err(TaskError::Wrong(format!("the API is not what {LISTING} says; {hint}\n{changes}")))
}

fn sources(folder: &str) -> Result<Vec<String>, TaskError> {
    let folder = project::path(folder);
    files(&folder, "kt")?
        .iter()
        .map(|file| fs::read_to_string(folder.join(file)).map_err(TaskError::file(&folder)))
        .collect()
}

/// The lines that only one of two listings has.
fn differences(kept: &str, current: &str) -> String {
    let only = |mark: &str, these: &str, those: &str| {
        let those: Vec<&str> = those.lines().collect();
        let lines: Vec<String> = these
            .lines()
            .filter(|line| !those.contains(line))
            .map(|line| format!("{mark} {line}\n"))
            .collect();
        lines.concat()
    };
    let changes = only("-", kept, current) + &only("+", current, kept);
    if changes.is_empty() && kept != current { "the order of lines".to_owned() } else { changes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_listing_has_is_a_difference() {
        assert_eq!(differences("a\nb\n", "a\nb\n"), "");
        assert_eq!(differences("a\nb\n", "a\nc\n"), "- b\n+ c\n");
        assert_eq!(differences("a\nb\n", "b\na\n"), "the order of lines");
    }
}
