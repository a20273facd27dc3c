//! The package for the JVM: a Maven repository with jar, sources, documentation and POM.
//!
//! The jar carries the native library of the machine that made it, where JNA looks for it, so
//! that a project needs one dependency and no path.

use std::path::{Path, PathBuf};

use super::{Library, copied, emptied, folder, library, licences};
use crate::run::{Run, TaskError};
use crate::{bindings, maven, project, setup};

/// Makes the package; its repository is `target/package/maven`.
pub(super) fn package(library: Library) -> Result<(), TaskError> {
    setup::require(&["javac", "mvn", "readelf"])?;
    bindings::generate()?;
    let built = library::for_host(library)?;
    let (resources, repository) = (folder().join("jvm-resources"), repository());
    emptied(&resources)?;
    emptied(&repository)?;
    let name = built.file_name().unwrap_or_default();
    copied(&built, &resources.join(jna_folder()).join(name))?;
    let licences = licences::write()?;
    copied(&licences, &resources.join("META-INF").join(licences::NAME))?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copied(&project::path(name), &resources.join("META-INF").join(name))?;
    }
    deploy(&resources, &repository).go()?;
    println!("package: org.canvasscore:canvass-core for {}: target/package/maven", jna_folder());
    Ok(())
}

fn deploy(resources: &Path, repository: &Path) -> Run {
    maven::maven("bindings/kotlin/pom.xml")
        .args(&["--activate-profiles", "package", "--quiet", "-DskipTests"])
        .args(&[format!("-Dcanvass.package.resources={}", resources.display())])
        .args(&[format!("-DaltDeploymentRepository=package::file://{}", repository.display())])
        // Only the repository gets it, so that nothing else can be taken for it.
        .args(&["-Dmaven.install.skip=true", "deploy"])
}

/// Has a project that knows nothing but the repository resolve the package and run it.
pub(super) fn consume() -> Result<(), TaskError> {
    // Maven keeps what it has resolved once, and would not look for the new one.
    let forget =
        ["dependency:purge-local-repository", "-DreResolve=false", "-DactTransitively=false"];
    let ours = "-DmanualInclude=org.canvasscore:canvass-core";
    consuming().args(&["--quiet"]).args(&forget).args(&[ours]).go()?;
    consuming().args(&["--quiet", "verify"]).go()
}

fn consuming() -> Run {
    maven::maven("tests/consumer-jvm/pom.xml")
        .args(&[format!("-Dcanvass.repository=file://{}", repository().display())])
}

fn repository() -> PathBuf {
    folder().join("maven")
}

/// Where JNA looks in a jar for this machine's library.
fn jna_folder() -> String {
    let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{machine}")
}
