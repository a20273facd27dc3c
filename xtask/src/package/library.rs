//! The native library of a package: built, and let through only if phones would take it.

use std::path::PathBuf;

use super::{Library, elf, sizes};
use crate::project;
use crate::run::{Run, TaskError};

const NAME: &str = "libcanvass_bindings";

/// Builds the library for this machine and checks it.
pub(super) fn for_host(library: Library) -> Result<PathBuf, TaskError> {
    // The other one is there: `bindings::generate` has built it, to read it.
    if library == Library::Mobile {
        mobile(None, &[])?;
    }
    let built = path(library, None);
    elf::check(&built)?;
    if library == Library::Mobile {
        sizes::check(&built)?;
    }
    Ok(built)
}

/// Builds the library for another machine with the compilers that these variables name.
pub(super) fn for_target(
    triple: &str,
    compilers: &[(String, PathBuf)],
) -> Result<PathBuf, TaskError> {
    mobile(Some(triple), compilers)?;
    let built = path(Library::Mobile, Some(triple));
    elf::check(&built)?;
    Ok(built)
}

/// Builds the archive that an XCFramework is made of.
pub(super) fn archive_for_target(triple: &str) -> Result<PathBuf, TaskError> {
    mobile(Some(triple), &[])?;
    Ok(path(Library::Mobile, Some(triple)).with_extension("a"))
}

fn mobile(triple: Option<&str>, compilers: &[(String, PathBuf)]) -> Result<(), TaskError> {
    let target = triple.map(|triple| vec!["--target", triple]).unwrap_or_default();
    let mut build = Run::cargo(&["build", "--profile", "release-mobile"])
        .args(&["--package", "canvass-bindings"])
        .args(&target)
        // OpenSSL is built from its sources: the system's is not on phones.
        .env("OPENSSL_NO_VENDOR", "0");
    for (name, compiler) in compilers {
        build = build.env(name, compiler);
    }
    build.go()
}

fn path(library: Library, triple: Option<&str>) -> PathBuf {
    let profile = if library == Library::Mobile { "release-mobile" } else { "release" };
    let mut folder = project::target();
    folder.extend(triple);
    let ending = if cfg!(target_os = "macos") && triple.is_none() { "dylib" } else { "so" };
    folder.join(profile).join(format!("{NAME}.{ending}"))
}
