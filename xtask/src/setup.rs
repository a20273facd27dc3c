//! Makes a fresh machine ready: installs what is missing, fetches what builds need.
//!
//! It looks first, so that a second run takes a moment and changes nothing. It knows Debian and
//! what is made from it; elsewhere it names what to install by hand.

use std::path::Path;
use std::thread;

use crate::run::{Run, TaskError, now};
use crate::{maven, project, swift};

/// A Debian package, and how to tell that what it brings is there.
struct Package {
    name: &'static str,
    is_there: fn() -> bool,
}

const PACKAGES: [Package; 13] = [
    Package { name: "gcc", is_there: || on_path("cc") },
    Package { name: "libc6-dev", is_there: || Path::new("/usr/include/stdio.h").exists() },
    Package { name: "binutils", is_there: || on_path("readelf") },
    Package { name: "perl", is_there: || on_path("perl") },
    Package { name: "make", is_there: || on_path("make") },
    Package { name: "pkg-config", is_there: || on_path("pkg-config") },
    Package {
        name: "libssl-dev",
        is_there: || Run::program("pkg-config").args(&["--exists", "openssl"]).succeeds(),
    },
    Package { name: "openjdk-17-jdk-headless", is_there: || on_path("javac") },
    Package { name: "maven", is_there: || on_path("mvn") },
    // Has aapt2, which compiles an Android app's resources.
    Package { name: "aapt", is_there: || on_path("aapt2") },
    Package {
        name: "android-framework-res",
        is_there: || Path::new(maven::ANDROID_RESOURCES).exists(),
    },
    Package {
        name: "python3-pip",
        is_there: || Run::program("python3").args(&["-m", "pip", "--version"]).succeeds(),
    },
    Package { name: "mmdebstrap", is_there: || on_path("mmdebstrap") },
];

/// The version whose checks `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// The version that the text of licences is made with.
const CARGO_ABOUT: &str = "0.9.3";

/// What the index has of them; openpyxl comes with pyxform.
const PYTHON_PACKAGES: [&str; 2] = ["pyxform==4.5.0", "jsonschema==4.26.0"];
/// Whether they are there, in these versions.
const PYTHON_CHECK: &str = "from importlib.metadata import version as v; import openpyxl; \
     assert (v('pyxform'), v('jsonschema')) == ('4.5.0', '4.26.0')";

/// Makes this machine ready.
pub(crate) fn setup() -> Result<(), TaskError> {
    let began = now();
    let outcomes = thread::scope(|scope| {
        let rust = scope.spawn(|| rust().and_then(|()| cargo_deny()).and_then(|()| cargo_about()));
        let system = scope.spawn(|| {
            system_packages()?;
            thread::scope(|scope| {
                let swift = scope.spawn(swift_root);
                let maven = scope.spawn(maven_artefacts);
                let python = scope.spawn(python_packages);
                joined(swift).and(joined(maven)).and(joined(python))
            })
        });
        [joined(rust), joined(system)]
    });
    outcomes.into_iter().collect::<Result<(), TaskError>>()?;
    println!("setup: ready, in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn joined(step: thread::ScopedJoinHandle<'_, Result<(), TaskError>>) -> Result<(), TaskError> {
    step.join().unwrap_or_else(|_| Err(TaskError::Wrong("setup: a step panicked".to_owned())))
}

/// Does one step unless it is done, and says so.
fn step(
    what: &str,
    is_done: bool,
    work: impl FnOnce() -> Result<(), TaskError>,
) -> Result<(), TaskError> {
    if is_done {
        println!("setup: {what}: there");
        return Ok(());
    }
    println!("setup: {what} ...");
    let began = now();
    work()?;
    println!("setup: {what}: done in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn rust() -> Result<(), TaskError> {
    let tools_are_there =
        ["fmt", "clippy"].iter().all(|tool| Run::cargo(&[tool, "--version"]).succeeds());
    step("rustfmt and clippy", tools_are_there, || {
        Run::program("rustup").args(&["component", "add", "rustfmt", "clippy"]).go_quietly()
    })?;
    let crates_are_there = Run::cargo(&["fetch", "--locked", "--offline", "--quiet"]).succeeds();
    step("crates (cargo fetch)", crates_are_there, || {
        Run::cargo(&["fetch", "--locked"]).go_quietly()
    })
}

fn cargo_deny() -> Result<(), TaskError> {
    step("cargo-deny", has_cargo_deny(), || {
        // Without optimisation: it runs for a second and would take minutes more to build.
        let arguments = ["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--debug"];
        Run::program("cargo").args(&arguments).go_quietly()
    })
}

fn cargo_about() -> Result<(), TaskError> {
    step("cargo-about", has_cargo_about(), || {
        // Optimised: it compares texts for minutes otherwise.
        let version = ["install", "cargo-about", "--version", CARGO_ABOUT];
        Run::program("cargo").args(&version).args(&["--features", "cli", "--locked"]).go_quietly()
    })
}

/// Whether `cargo about` can be run.
pub(crate) fn has_cargo_about() -> bool {
    Run::cargo(&["about", "--version"]).succeeds()
}

/// Whether `cargo deny` can be run.
pub(crate) fn has_cargo_deny() -> bool {
    Run::cargo(&["deny", "--version"]).succeeds()
}

fn system_packages() -> Result<(), TaskError> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|package| !(package.is_there)())
        .map(|package| package.name)
        .collect();
    let what = if missing.is_empty() {
        "system packages".to_owned()
    } else {
        format!("system packages (apt-get install {})", missing.join(" "))
    };
    step(&what, missing.is_empty(), || {
        if !on_path("apt-get") {
            let names = missing.join(" ");
            let message =
                format!("this is no Debian: install what `apt-get install {names}` would");
            return Err(TaskError::Wrong(message));
        }
        apt_get(&["update", "--quiet"])?;
        apt_get(
            &["install", "--quiet", "--yes", "--no-install-recommends"]
                .iter()
                .chain(&missing)
                .copied()
                .collect::<Vec<_>>(),
        )
    })
}

/// Fails, and says what installs them, unless these programs are there.
pub(crate) fn require(programs: &[&str]) -> Result<(), TaskError> {
    let missing: Vec<&str> = programs.iter().copied().filter(|name| !on_path(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("missing: {}; `cargo xtask setup` installs them", missing.join(", "));
    Err(TaskError::Wrong(message))
}

fn apt_get(arguments: &[&str]) -> Result<(), TaskError> {
    let is_root = Run::program("test").args(&["-w", "/var/lib/dpkg"]).succeeds();
    let run =
        if is_root { Run::program("apt-get") } else { Run::program("sudo").args(&["apt-get"]) };
    run.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").go_quietly()
}

fn swift_root() -> Result<(), TaskError> {
    step("Swift 6 in a root of its own (about 600 MB)", swift::is_installed(), swift::install)
}

fn maven_artefacts() -> Result<(), TaskError> {
    step("Maven plugins and libraries", maven::is_fetched(), maven::fetch)
}

/// What forms are compared with: in a folder of the project's own, which nothing else sees.
fn python_packages() -> Result<(), TaskError> {
    let folder = project::target().join("python");
    let path = folder.display().to_string();
    let is_there =
        Run::program("python3").args(&["-c", PYTHON_CHECK]).env("PYTHONPATH", &path).succeeds();
    step("Python packages (pyxform, jsonschema)", is_there, || {
        let install = ["-m", "pip", "install", "--quiet", "--upgrade", "--target", &path];
        Run::program("python3").args(&install).args(&PYTHON_PACKAGES).go_quietly()
    })
}

fn on_path(program: &str) -> bool {
    Run::program("sh").args(&["-c", &format!("command -v {program}")]).succeeds()
}
