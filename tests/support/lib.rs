//! What tests share: folders that vanish, phones, a server, all seeded.

pub mod author;
pub mod campaign;
pub mod extract;
pub mod files;
pub mod forms;
pub mod gate;
pub mod listening;
pub mod model;
mod model_erasure;
mod model_names;
mod model_soft;
mod model_talk;
pub mod process;
pub mod scenario;
pub mod solo;
pub mod temp;
pub mod workbook;

use std::path::{Path, PathBuf};

/// A file of the suite's own.
#[must_use]
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The folder of real addresses beside the checkout; a suite that needs it says so when it is
/// absent.
#[must_use]
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name);
    path.exists().then_some(path)
}
