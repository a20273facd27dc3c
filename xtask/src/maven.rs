//! Maven: online until everything is fetched, offline from then on.

use std::fs;
use std::path::PathBuf;

use crate::project;
use crate::run::{Run, TaskError};

/// Builds the Kotlin package and the Android sample together.
const REACTOR: &str = "xtask/pom.xml";
const PACKAGE: &str = "bindings/kotlin/pom.xml";
/// What decides which artefacts are needed.
const POMS: [&str; 3] = [REACTOR, PACKAGE, "android-sample/pom.xml"];

/// Compiles the Kotlin package and the Android sample and runs their tests.
pub(crate) fn test() -> Run {
    let offline: &[&str] = if is_fetched() { &["--offline"] } else { &[] };
    maven(REACTOR).args(offline).args(&["verify"])
}

fn maven(pom: &str) -> Run {
    // In the process itself: the compiler's daemon would stay behind.
    let arguments = ["--batch-mode", "--no-transfer-progress", "-Dkotlin.compiler.daemon=false"];
    Run::program("mvn").args(&arguments).args(&["--file", pom])
}

/// Fetches plugins and libraries. What only shows during a build is fetched by the first one.
pub(crate) fn fetch() -> Result<(), TaskError> {
    // The sample needs nothing more, and could not be resolved before the package is built.
    let arguments = ["--quiet", "dependency:resolve-plugins", "dependency:resolve"];
    maven(PACKAGE).args(&arguments).go_quietly()
}

/// Whether a whole build has run with these very poms: nothing more is to be fetched.
pub(crate) fn is_fetched() -> bool {
    mark().is_some_and(|mark| mark.exists())
}

/// Notes that a whole build has run.
pub(crate) fn note_fetched() -> Result<(), TaskError> {
    let Some(mark) = mark() else { return Ok(()) };
    if let Some(folder) = mark.parent() {
        fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
    }
    fs::write(&mark, "").map_err(TaskError::file(&mark))
}

/// The note lies beside the artefacts, so that it goes when they go.
#[expect(clippy::disallowed_methods, reason = "Maven keeps its artefacts in the home folder")]
fn mark() -> Option<PathBuf> {
    let home = std::env::var("HOME").ok()?;
    let poms: Vec<u8> =
        POMS.iter().flat_map(|pom| fs::read(project::path(pom)).unwrap_or_default()).collect();
    let name = format!(".canvass-core-{:016x}", fingerprint(&poms));
    Some(PathBuf::from(home).join(".m2/repository").join(name))
}

/// FNV-1a, 64 bits: it only tells one set of poms from the next.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
