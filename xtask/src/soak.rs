//! The long matrices: what `test` samples, at length. Each part with its time.
//!
//! It runs once per piece of work on sync or storage, and takes hours; a part can be run by
//! itself. What a part tries and how it judges is the suites' own.

use std::time::Duration;

use crate::count::{OfXctest, Tests, of_cargo, of_maven};
use crate::run::{Run, TaskError, now};
use crate::test::{FUZZ, minutes};
use crate::{bindings, maven, setup, swift};

/// Kills of each language's processes.
const KILLS: (&str, &str) = ("CANVASS_KILLS", "2000");
/// Ways of tearing at each moment.
const TORN_VARIANTS: (&str, &str) = ("CANVASS_TORN_VARIANTS", "16");
/// Seconds for which eight threads hammer one engine.
const HAMMER_SECONDS: (&str, &str) = ("CANVASS_HAMMER_SECONDS", "600");
/// Seconds for which each decoder is fuzzed.
const FUZZ_SECONDS: (&str, &str) = ("CANVASS_FUZZ_SECONDS", "600");
/// Days that are simulated, by as many phones as anywhere.
const SIMULATED: [&str; 7] = ["simulate", "--seeds", "1..2000", "--phones", "8", "--days", "3"];

struct Part {
    name: &'static str,
    work: fn() -> Result<Tests, TaskError>,
}

const PARTS: [Part; 8] = [
    Part { name: "simulate", work: simulate },
    Part { name: "power-cut", work: || suite("power_cut::", TORN_VARIANTS) },
    Part { name: "fuzz", work: || suite(FUZZ, FUZZ_SECONDS) },
    Part { name: "kill", work: || suite("kill::", KILLS) },
    Part { name: "kill-kotlin", work: || kotlin("KillTest", KILLS) },
    Part { name: "hammer-kotlin", work: || kotlin("LoadTest", HAMMER_SECONDS) },
    Part { name: "kill-swift", work: || swift_suite("KillTests", KILLS) },
    Part { name: "hammer-swift", work: || swift_suite("HammerTests", HAMMER_SECONDS) },
];

/// How one part went.
struct Outcome {
    name: &'static str,
    took: Duration,
    result: Result<Tests, TaskError>,
}

/// Runs the parts named, or all, also after one failed.
pub(crate) fn soak(asked: &[&str]) -> Result<(), TaskError> {
    let known = PARTS.map(|part| part.name);
    if let Some(unknown) = asked.iter().find(|name| !known.contains(name)) {
        let known = known.join(", ");
        return Err(TaskError::Wrong(format!("there is no part {unknown}: there are {known}")));
    }
    let is_asked = |part: &&Part| asked.is_empty() || asked.contains(&part.name);
    let outcomes: Vec<Outcome> = PARTS.iter().filter(is_asked).map(run).collect();
    summary(&outcomes)
}

fn run(part: &Part) -> Outcome {
    println!("\n=== {} ===", part.name);
    let began = now();
    let result = (part.work)();
    Outcome { name: part.name, took: began.elapsed(), result }
}

fn summary(outcomes: &[Outcome]) -> Result<(), TaskError> {
    println!();
    for Outcome { name, took, result } in outcomes {
        let verdict = match result {
            Ok(tests) if tests.run == 0 => "ok".to_owned(),
            Ok(tests) => format!("ok, {} tests", tests.run),
            Err(error) => format!("FAILED {error}"),
        };
        println!("{name:<12} {:>14}  {verdict}", minutes(*took));
    }
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    if failed == 0 { Ok(()) } else { Err(TaskError::Wrong(format!("{failed} part(s) failed"))) }
}

/// A runner that found nothing to run is green; that must not pass for tested.
fn ran(tests: Tests) -> Result<Tests, TaskError> {
    if tests.run == 0 { Err(TaskError::Wrong("no test ran".to_owned())) } else { Ok(tests) }
}

/// One module of the suites, at length.
fn suite(module: &str, (name, value): (&str, &str)) -> Result<Tests, TaskError> {
    let mut tests = Tests::default();
    let words = ["test", "--release", "--workspace", "--test", "suite", "--", module];
    Run::cargo(&words).env(name, value).go_reading(|line| {
        if let Some(counted) = of_cargo(line) {
            tests += counted;
        }
    })?;
    ran(tests)
}

fn simulate() -> Result<Tests, TaskError> {
    let words = ["run", "--release", "-p", "canvass-cli", "--"];
    Run::cargo(&words).args(&SIMULATED).args(&["--json"]).go().map(|()| Tests::default())
}

/// One class of Kotlin's tests, at length.
fn kotlin(class: &str, (name, value): (&str, &str)) -> Result<Tests, TaskError> {
    setup::require(&["javac", "mvn"])?;
    bindings::generate()?;
    let mut tests = Tests::default();
    let only = format!("-Dtest={class}");
    let only = [only.as_str(), "-Dsurefire.failIfNoSpecifiedTests=false"];
    maven::test().args(&only).env(name, value).go_reading(|line| {
        if let Some(counted) = of_maven(line) {
            tests += counted;
        }
    })?;
    ran(tests)
}

fn swift_suite(suite: &str, (name, value): (&str, &str)) -> Result<Tests, TaskError> {
    bindings::generate()?;
    let (mut tests, mut reader) = (Tests::default(), OfXctest::default());
    let environment = format!("{name}={value}");
    let package = swift::test(swift::PACKAGES[0]).args(&["--filter", suite]);
    package.env("SWIFT_ENV", environment).go_reading(|line| {
        // With a filter, the line that counts all tests is of the tests selected.
        let line = line.replace("Test Suite 'Selected tests'", "Test Suite 'All tests'");
        if let Some(counted) = reader.read(&line) {
            tests += counted;
        }
    })?;
    ran(tests)
}
