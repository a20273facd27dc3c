//! Maven. It works online, and asks for nothing that it has: every version is named.

use crate::run::{Run, TaskError};

/// Builds the Kotlin package and the Android sample together.
const REACTOR: &str = "xtask/pom.xml";
/// The Kotlin package alone. The sample needs nothing more, and could not be resolved before the
/// package is built.
const PACKAGE: &str = "bindings/kotlin/pom.xml";

/// Compiles the Kotlin package and the Android sample and runs their tests.
pub(crate) fn test() -> Run {
    maven(REACTOR).args(&["verify"])
}

/// Fetches plugins and libraries. What only shows during a build is fetched by the first one.
pub(crate) fn fetch() -> Result<(), TaskError> {
    resolve().go_quietly()
}

/// Whether plugins and libraries are there already.
pub(crate) fn is_fetched() -> bool {
    resolve().args(&["--offline"]).succeeds()
}

fn resolve() -> Run {
    maven(PACKAGE).args(&["--quiet", "dependency:resolve-plugins", "dependency:resolve"])
}

fn maven(pom: &str) -> Run {
    // In the process itself: the compiler's daemon would stay behind.
    let arguments = ["--batch-mode", "--no-transfer-progress", "-Dkotlin.compiler.daemon=false"];
    Run::program("mvn").args(&arguments).args(&["--file", pom])
}
