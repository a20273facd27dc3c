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
        mobile(None, "cdylib", &[])?;
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
    mobile(Some(triple), "cdylib", compilers)?;
    let built = path(Library::Mobile, Some(triple));
    elf::check(&built)?;
    Ok(built)
}

/// Builds the archive that an XCFramework is made of.
pub(super) fn archive_for_target(triple: &str) -> Result<PathBuf, TaskError> {
    mobile(Some(triple), "staticlib", &[])?;
    Ok(path(Library::Mobile, Some(triple)).with_extension("a"))
}

fn mobile(
    triple: Option<&str>,
    kind: &str,
    compilers: &[(String, PathBuf)],
) -> Result<(), TaskError> {
    let target = triple.map(|triple| vec!["--target", triple]).unwrap_or_default();
    // Cargo does not see that OpenSSL is to be built in another way than before.
    Run::cargo(&["clean", "--quiet", "--profile", "release-mobile"])
        .args(&["--package", "openssl-sys"])
        .args(&target)
        .go()?;
    let mut build = Run::cargo(&["rustc", "--profile", "release-mobile"])
        .args(&["--package", "canvass-bindings", "--lib", "--crate-type", kind])
        .args(&target)
        .args(&["--"])
        .args(&linking(triple))
        // OpenSSL is built from its sources, for the system's is not on phones, and only what
        // SQLCipher asks for.
        .env("OPENSSL_NO_VENDOR", "0")
        .env("OPENSSL_SRC_PERL", project::path("xtask/src/package/openssl-perl.sh"));
    for (name, compiler) in compilers {
        build = build.env(name, compiler);
    }
    build.go()
}

/// What makes the linker, LLVM's on Android and where Rust brings it along, lay the library out
/// small: functions of one content are there once (no code of ours or of `SQLite`'s compares
/// their addresses), and relocations are packed, on Android as all since 6.0 read them.
pub(super) fn linking(triple: Option<&str>) -> Vec<&'static str> {
    let folded = ["-C", "link-arg=-Wl,--icf=all", "-C"];
    match triple {
        Some(triple) if triple.contains("android") => {
            [&folded[..], &["link-arg=-Wl,--pack-dyn-relocs=android"]].concat()
        }
        None if cfg!(all(target_os = "linux", target_arch = "x86_64")) => {
            [&folded[..], &["link-arg=-Wl,-z,pack-relative-relocs"]].concat()
        }
        _ => Vec::new(),
    }
}

fn path(library: Library, triple: Option<&str>) -> PathBuf {
    let profile = if library == Library::Mobile { "release-mobile" } else { "release" };
    let mut folder = project::target();
    folder.extend(triple);
    let ending = if cfg!(target_os = "macos") && triple.is_none() { "dylib" } else { "so" };
    folder.join(profile).join(format!("{NAME}.{ending}"))
}
