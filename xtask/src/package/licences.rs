//! The licences of what is compiled into the library, as one text that goes into every package.

use std::path::PathBuf;

use super::folder;
use crate::run::{Run, TaskError};
use crate::setup;

/// The text's name in a package.
pub(super) const NAME: &str = "THIRD_PARTY.txt";

/// Writes the text and says where it is.
pub(super) fn write() -> Result<PathBuf, TaskError> {
    if !setup::has_cargo_about() {
        let missing = "cargo-about is missing: run `cargo xtask setup`";
        return Err(TaskError::Wrong(missing.to_owned()));
    }
    let path = folder().join(NAME);
    let output = path.display().to_string();
    Run::cargo(&["about", "generate", "--manifest-path", "bindings/Cargo.toml"])
        // Texts come from the crates themselves: the same sources give the same file anywhere.
        .args(&["--config", "xtask/about/about.toml", "--fail", "--offline"])
        .args(&["--output-file", &output, "xtask/about/third-party.hbs"])
        .go()?;
    Ok(path)
}
