//! What is checked without running the product: layout, lints, documentation, dependencies.

use crate::bindings::{self, Listing};
use crate::run::{Run, TaskError};
use crate::{setup, swift};

/// What is checked, and how.
type Check = (&'static str, fn() -> Result<(), TaskError>);

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

/// Checks everything, also after something failed, and then fails.
pub(crate) fn check() -> Result<(), TaskError> {
    bindings::generate()?;
    check_built()
}

/// Checks everything, given that the bindings are there.
pub(crate) fn check_built() -> Result<(), TaskError> {
    let checks: [Check; 7] = [
        ("Rust's layout", layout),
        ("lints of core on its own", || clippy(&["--package", "canvass-core"])),
        ("lints of everything", || clippy(&["--workspace"])),
        ("documentation", documentation),
        ("licences, bans and sources", dependencies),
        ("the API listing", || bindings::list(Listing::Compare)),
        ("Swift's layout", swift::lint),
    ];
    let mut failed = Vec::new();
    for (what, check) in checks {
        if let Err(error) = check() {
            eprintln!("check: {what}: {error}");
            failed.push(what);
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(TaskError::Wrong(format!("check failed: {}", failed.join(", "))))
    }
}

fn layout() -> Result<(), TaskError> {
    Run::cargo(&["fmt", "--all", "--check"]).go()
}

/// Core is also checked alone, because a build of everything turns its feature `uniffi` on.
fn clippy(which: &[&str]) -> Result<(), TaskError> {
    Run::cargo(&["clippy", "--release", "--all-targets"]).args(which).args(&DENY_WARNINGS).go()
}

fn documentation() -> Result<(), TaskError> {
    Run::cargo(&["doc", "--release", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .go()
}

fn dependencies() -> Result<(), TaskError> {
    if !setup::has_cargo_deny() {
        let missing = "cargo-deny is missing: run `cargo xtask setup`";
        return Err(TaskError::Wrong(missing.to_owned()));
    }
    Run::cargo(&["deny", "--workspace", "check", "licenses", "bans", "sources"]).go()
}
