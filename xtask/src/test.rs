//! Everything that must be green, in parts, each with its time.

use std::time::Duration;

use crate::count::{OfXctest, Tests, of_cargo, of_maven};
use crate::run::{Run, TaskError, now};
use crate::{bindings, check, maven, package, setup, swift};

/// Longer than this is a failure of its own.
const LIMIT: Duration = Duration::from_mins(75);

/// Suites that are a part of their own, by the module that holds them in the programs `suite`.
const POWER_CUT: &str = "power_cut::";
const KILL: &str = "kill::";
pub(crate) const FUZZ: &str = "fuzz::";

/// How long each decoder is fuzzed.
const FUZZ_SECONDS: (&str, &str) = ("CANVASS_FUZZ_SECONDS", "10");

/// The languages that tests are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    None,
    Rust,
    Kotlin,
    Swift,
}

struct Part {
    name: &'static str,
    language: Language,
    work: fn(&mut Tests) -> Result<(), TaskError>,
}

/// How one part went.
struct Outcome {
    name: &'static str,
    language: Language,
    tests: Tests,
    took: Duration,
    failure: Option<String>,
}

const PARTS: [Part; 11] = [
    Part { name: "setup", language: Language::None, work: |_| setup::setup() },
    Part { name: "build", language: Language::None, work: build },
    Part { name: "Rust", language: Language::Rust, work: rust },
    Part { name: "power cut", language: Language::Rust, work: |tests| suite(POWER_CUT, tests) },
    Part { name: "fuzz", language: Language::Rust, work: fuzz },
    Part { name: "kill", language: Language::Rust, work: |tests| suite(KILL, tests) },
    Part { name: "Kotlin and Android", language: Language::Kotlin, work: kotlin },
    Part { name: "Swift", language: Language::Swift, work: |tests| swift_package(0, tests) },
    Part { name: "iOS sample", language: Language::Swift, work: |tests| swift_package(1, tests) },
    Part { name: "package", language: Language::None, work: |_| package::test() },
    Part { name: "check", language: Language::None, work: |_| check::check_built() },
];

/// Runs every part, also after one failed, and says how each went.
pub(crate) fn test() -> Result<(), TaskError> {
    let began = now();
    let outcomes: Vec<Outcome> = PARTS.iter().map(run).collect();
    let took = began.elapsed();
    let mut failures: Vec<String> = Vec::new();
    println!();
    for outcome in &outcomes {
        let verdict = outcome.failure.as_ref().map_or("ok", |_| "FAILED");
        println!("{:<20} {:>8}  {verdict}", outcome.name, minutes(outcome.took));
        if let Some(failure) = &outcome.failure {
            failures.push(format!("{}: {failure}", outcome.name));
        }
    }
    if took > LIMIT {
        failures.push(format!("it took longer than {}", minutes(LIMIT)));
    }
    println!();
    for failure in &failures {
        println!("FAILED {failure}");
    }
    summary(&outcomes, took);
    if failures.is_empty() {
        Ok(())
    } else {
        Err(TaskError::Wrong(format!("{} part(s) failed", failures.len())))
    }
}

fn run(part: &Part) -> Outcome {
    println!("\n=== {} ===", part.name);
    let began = now();
    let mut tests = Tests::default();
    let result = (part.work)(&mut tests);
    let failure = match result {
        Err(error) => Some(error.to_string()),
        // A runner that found nothing to run is green; that must not pass for tested.
        Ok(()) if part.language != Language::None && tests.run == 0 => {
            Some("no test ran".to_owned())
        }
        Ok(()) => None,
    };
    let (name, language) = (part.name, part.language);
    Outcome { name, language, tests, took: began.elapsed(), failure }
}

fn summary(outcomes: &[Outcome], took: Duration) {
    let languages =
        [("Rust", Language::Rust), ("Kotlin", Language::Kotlin), ("Swift", Language::Swift)];
    for (name, language) in languages {
        let mut tests = Tests::default();
        let mut time = Duration::ZERO;
        for outcome in outcomes.iter().filter(|outcome| outcome.language == language) {
            tests += outcome.tests;
            time += outcome.took;
        }
        println!("{name}: {} tests run, {} ignored, {}", tests.run, tests.ignored, minutes(time));
    }
    println!("total: {}", minutes(took));
}

pub(crate) fn minutes(time: Duration) -> String {
    format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
}

fn build(_: &mut Tests) -> Result<(), TaskError> {
    bindings::generate()?;
    Run::cargo(&["test", "--release", "--workspace", "--no-run"]).go()
}

fn cargo_test(arguments: &[&str], tests: &mut Tests) -> Result<(), TaskError> {
    counted(Run::cargo(&["test", "--release"]).args(arguments), tests)
}

/// Runs tests of cargo's and counts them.
fn counted(run: Run, tests: &mut Tests) -> Result<(), TaskError> {
    run.go_reading(|line| {
        if let Some(counted) = of_cargo(line) {
            *tests += counted;
        }
    })
}

fn rust(tests: &mut Tests) -> Result<(), TaskError> {
    let others = ["--skip", POWER_CUT, "--skip", KILL, "--skip", FUZZ];
    cargo_test(&[&["--workspace", "--no-fail-fast", "--"], &others[..]].concat(), tests)
}

/// One module of the suites that go through the public API and the program `canvass`.
fn suite(module: &str, tests: &mut Tests) -> Result<(), TaskError> {
    cargo_test(&["--workspace", "--test", "suite", "--", module], tests)
}

fn fuzz(tests: &mut Tests) -> Result<(), TaskError> {
    let (name, seconds) = FUZZ_SECONDS;
    let words = ["test", "--release", "--workspace", "--test", "suite", "--", FUZZ];
    counted(Run::cargo(&words).env(name, seconds), tests)
}

fn kotlin(tests: &mut Tests) -> Result<(), TaskError> {
    setup::require(&["javac", "mvn"])?;
    maven::test().go_reading(|line| {
        if let Some(counted) = of_maven(line) {
            *tests += counted;
        }
    })
}

/// One of the packages. What no Linux machine compiles of it is parsed.
fn swift_package(number: usize, tests: &mut Tests) -> Result<(), TaskError> {
    let package = swift::PACKAGES[number];
    swift::parse(package)?;
    let mut reader = OfXctest::default();
    swift::test(package).go_reading(|line| {
        if let Some(counted) = reader.read(line) {
            *tests += counted;
        }
    })?;
    if number == 0 { Ok(()) } else { swift::check_views() }
}
