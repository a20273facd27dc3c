//! Maven. It works online, and asks for nothing that it has: every version is named.

use std::path::{Path, PathBuf};

use crate::project;
use crate::run::{Run, TaskError};

/// Builds the Kotlin package, what Android adds to it and the sample together.
const REACTOR: &str = "xtask/pom.xml";
/// The Kotlin package alone. What the other modules need of it could not be resolved before it is
/// built.
const PACKAGE: &str = "bindings/kotlin/pom.xml";
/// What the Android modules have in common: the framework, Robolectric, every plugin.
const ANDROID: &str = "xtask/android.xml";
/// The resources of the framework, which aapt2 links an app's with.
pub(crate) const ANDROID_RESOURCES: &str = "/usr/share/android-framework-res/framework-res.apk";

/// Compiles the Kotlin package, its Android part and the sample, and runs their tests.
pub(crate) fn test() -> Run {
    maven(REACTOR).args(&["verify"])
}

/// Fetches plugins and libraries, Robolectric's framework among them (about 500 MB). What only
/// shows during a build is fetched by the first one; no test fetches anything.
pub(crate) fn fetch() -> Result<(), TaskError> {
    resolve(PACKAGE).go_quietly()?;
    resolve(ANDROID).go_quietly()?;
    maven(ANDROID).args(&["--quiet", "generate-test-resources"]).go_quietly()
}

/// Whether plugins and libraries are there already.
pub(crate) fn is_fetched() -> bool {
    let is_resolved = |pom| resolve(pom).args(&["--offline"]).succeeds();
    is_resolved(PACKAGE) && is_resolved(ANDROID) && framework().is_dir()
}

/// Where Maven keeps the framework that tests run on.
fn framework() -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    home.join(".m2/repository/org/robolectric/android-all-instrumented")
}

fn resolve(pom: &str) -> Run {
    maven(pom).args(&["--quiet", "dependency:resolve-plugins", "dependency:resolve"])
}

/// Maven on one project.
pub(crate) fn maven(pom: &str) -> Run {
    // In the process itself: the compiler's daemon would stay behind.
    let arguments = ["--batch-mode", "--no-transfer-progress", "-Dkotlin.compiler.daemon=false"];
    Run::program("mvn").args(&arguments).args(&["--file", pom])
}

/// Compiles the Kotlin package and what Android adds to it, with their documentation.
pub(crate) fn android_classes(nothing: &Path) -> Run {
    maven(REACTOR)
        .args(&["--activate-profiles", "package", "--quiet", "-DskipTests"])
        .args(&["--projects", "../bindings/android", "--also-make"])
        .args(&[format!("-Dcanvass.package.resources={}", nothing.display())])
        .args(&["package"])
}

/// A property of the Kotlin package's POM: the versions that it is built with.
pub(crate) fn property(name: &str) -> Result<String, TaskError> {
    let path = project::path(PACKAGE);
    let pom = std::fs::read_to_string(&path).map_err(TaskError::file(&path))?;
    let after = pom.split_once(&format!("<{name}>"));
    let value = after.and_then(|(_, rest)| rest.split_once('<')).map(|(value, _)| value.to_owned());
    value.ok_or_else(|| TaskError::Wrong(format!("{PACKAGE} has no property {name}")))
}

/// Fetches JNA as Android takes it, into a folder.
pub(crate) fn fetch_jna_for_android(version: &str, to: &Path) -> Run {
    maven(PACKAGE)
        .args(&["--quiet", "dependency:copy"])
        .args(&[format!("-Dartifact=net.java.dev.jna:jna:{version}:aar")])
        .args(&[format!("-DoutputDirectory={}", to.display())])
}
