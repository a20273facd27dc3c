//! The project's own tasks, so that people and CI run the same commands.
//!
//! `cargo xtask setup` makes a fresh machine ready; `cargo xtask test` is what must be green.
//! A task that cannot do its whole work fails and says what is missing: nothing is left out in
//! silence.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod api;
mod bindings;
mod check;
mod count;
mod maven;
mod package;
mod project;
mod run;
mod setup;
mod soak;
mod swift;
mod test;

use std::process::ExitCode;

use crate::run::{Run, TaskError};

const USAGE: &str = "\
cargo xtask TASK

  setup             install what this machine lacks, and fetch what builds need
  bindings          build the native library, generate Kotlin and Swift, compare the API listing
    --bless         accept the API as it is now into bindings/api.txt
  check             formatting, lints, documentation, dependencies, the API listing
  test              setup, build, and every test in Rust, Kotlin and Swift, then check
  bench [NAME..]    the benches; `sync` also runs the merge engines beside ours,
                    `swift` measures a list through Swift
  soak [PART..]     the long matrices: simulate, power-cut, fuzz, kill, kill-kotlin, kill-swift,
                    hammer-swift
  package PLATFORM  jvm, android or apple: what an app developer installs; `sizes`: how large it is
    --library release   around the library that tests use, which is quicker
";

/// It ran, and something it exists for failed.
const FAILED: u8 = 1;
/// Wrong usage.
const USAGE_ERROR: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["setup"] => setup::setup(),
        ["bindings"] => bindings::bindings(bindings::Listing::Compare),
        ["bindings", "--bless"] => bindings::bindings(bindings::Listing::Bless),
        ["check"] => check::check(),
        ["test"] => test::test(),
        ["bench", rest @ ..] => bench(rest),
        ["soak", parts @ ..] => soak::soak(parts),
        ["package", rest @ ..] => package::package(rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(USAGE_ERROR);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn bench(arguments: &[&str]) -> Result<(), TaskError> {
    if arguments == ["swift"] {
        return bindings::generate().and_then(|()| swift::bench());
    }
    let own = Run::cargo(&["run", "--release", "-p", "canvass-benches", "--"]).args(arguments).go();
    if !arguments.is_empty() && !arguments.contains(&"sync") {
        return own;
    }
    // A workspace of its own, so that nothing else ever compiles the merge engines.
    let peers = ["run", "--release", "--manifest-path", "benches/peers/crdt/Cargo.toml"];
    own.and(Run::cargo(&peers).go())
}
