//! Where things are in the project's tree.

use std::path::{Path, PathBuf};

/// The root of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the project's root")
}

/// A path below the root.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Where cargo puts what it builds. The Swift root sees nothing outside the project, so this
/// does not follow `CARGO_TARGET_DIR`.
pub(crate) fn target() -> PathBuf {
    path("target")
}

/// Where the native library and the programs are.
pub(crate) fn release() -> PathBuf {
    target().join("release")
}
