//! The package for Android: an AAR with its POM, sources and documentation.
//!
//! The AAR holds the classes of `bindings/kotlin` and `bindings/android`, rules for R8, backup
//! rules, licences, and a library for each ABI. The libraries need Android's NDK; without one the
//! task makes all the rest, and says what is missing.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Library, copied, elf, emptied, folder, library, licences, tree, written};
use crate::run::{Run, TaskError};
use crate::{bindings, maven, project, setup};

/// The ABIs that are shipped, with Rust's name for each. 32-bit x86 is not among them.
const ABIS: [(&str, &str); 3] = [
    ("arm64-v8a", "aarch64-linux-android"),
    ("armeabi-v7a", "armv7-linux-androideabi"),
    ("x86_64", "x86_64-linux-android"),
];
/// The oldest Android that the package runs on: 8.0, which has `java.time`.
const API: &str = "26";
const NDK: &str = "ANDROID_NDK_HOME";
const SOURCES: [&str; 3] = [
    "bindings/kotlin/src/main/kotlin",
    "bindings/kotlin/target/generated",
    "bindings/android/src/main/kotlin",
];
const CLASSES: [&str; 2] = ["bindings/kotlin/target/classes", "bindings/android/target/classes"];

/// Lays the package out in `target/package/android`.
pub(super) fn package(library: Library) -> Result<(), TaskError> {
    if library == Library::Release {
        let message = "an AAR is always built as it is shipped: leave --library out";
        return Err(TaskError::Wrong(message.to_owned()));
    }
    setup::require(&["javac", "jar", "mvn", "readelf"])?;
    bindings::generate()?;
    let made = folder().join("android");
    emptied(&made)?;
    maven::android_classes(&made).go()?;
    let aar = made.join("aar");
    lay_out(&made, &aar)?;
    sources_and_documentation(&made)?;
    jna(&made)?;
    println!(
        "package: manifest, classes, rules, licences, sources, docs, POM: target/package/android"
    );
    libraries(&aar)?;
    zip(&aar, &made.join(name("aar")), "aar")?;
    println!("package: target/package/android/{}", name("aar"));
    Ok(())
}

fn name(ending: &str) -> String {
    format!("canvass-core-android-{}.{ending}", env!("CARGO_PKG_VERSION"))
}

fn lay_out(made: &Path, aar: &Path) -> Result<(), TaskError> {
    let android = project::path("bindings/android");
    copied(&android.join("src/main/AndroidManifest.xml"), &aar.join("AndroidManifest.xml"))?;
    copied(&android.join("consumer-rules.pro"), &aar.join("proguard.txt"))?;
    tree(&android.join("src/main/res"), &aar.join("res"))?;
    // Resources have no ids of their own here: an app names them in its manifest.
    written(&aar.join("R.txt"), "")?;
    let classes = made.join("classes");
    for from in CLASSES {
        // Not the library for the JVM, which an earlier package may have left beside them.
        for part in ["org", "META-INF"] {
            tree(&project::path(from).join(part), &classes.join(part))?;
        }
    }
    let texts = classes.join("META-INF/org.canvasscore");
    copied(&licences::write()?, &texts.join(licences::NAME))?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copied(&project::path(name), &texts.join(name))?;
    }
    zip(&classes, &aar.join("classes.jar"), "jar")?;
    let pom =
        include_str!("canvass-core-android.pom.in").replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    written(&made.join(name("pom")), &pom)
}

fn sources_and_documentation(made: &Path) -> Result<(), TaskError> {
    let sources = made.join("sources");
    for from in SOURCES {
        tree(&project::path(from), &sources)?;
    }
    zip(&sources, &made.join(name("jar").replace(".jar", "-sources.jar")), "jar")?;
    let documentation = format!("canvass-android-{}-javadoc.jar", env!("CARGO_PKG_VERSION"));
    let from = project::path("bindings/android/target").join(documentation);
    copied(&from, &made.join(name("jar").replace(".jar", "-javadoc.jar")))
}

/// JNA comes as a package of its own; what it brings to phones has to pass the same gate.
fn jna(made: &Path) -> Result<(), TaskError> {
    let unpacked = made.join("jna");
    let version = maven::property("jna.version")?;
    maven::fetch_jna_for_android(&version, &unpacked).go()?;
    let archive = format!("jna-{version}.aar");
    Run::program("jar").args(&["--extract", "--file", &archive]).within(&unpacked).go()?;
    for (abi, _) in ABIS {
        elf::check_alignment(&unpacked.join("jni").join(abi).join("libjnidispatch.so"))?;
    }
    Ok(())
}

/// Builds the library for each ABI into the AAR.
fn libraries(aar: &Path) -> Result<(), TaskError> {
    let Some(ndk) = std::env::var_os(NDK).map(PathBuf::from) else {
        let message = format!(
            "the libraries need Android's NDK, r28 or later: set {NDK} to its folder, run `rustup \
             target add {}`, then `cargo xtask package android` again; all else is made",
            ABIS.map(|(_, triple)| triple).join(" ")
        );
        return Err(TaskError::Wrong(message));
    };
    let tools = tools(&ndk)?;
    for (abi, triple) in ABIS {
        let built = library::for_target(triple, &compilers(&tools, triple))?;
        copied(&built, &aar.join("jni").join(abi).join("libcanvass_bindings.so"))?;
    }
    Ok(())
}

/// Where the NDK has its programs: in a folder named after the machine that they run on.
fn tools(ndk: &Path) -> Result<PathBuf, TaskError> {
    let hosts = ndk.join("toolchains/llvm/prebuilt");
    let host = fs::read_dir(&hosts).map_err(TaskError::file(&hosts))?.flatten().next();
    let missing = || TaskError::Wrong(format!("{NDK}: there is no toolchain in it"));
    host.map(|host| host.path().join("bin")).ok_or_else(missing)
}

/// The variables by which cargo and C's build scripts find the NDK's compilers.
fn compilers(tools: &Path, triple: &str) -> Vec<(String, PathBuf)> {
    // Clang's name for 32-bit ARM differs from Rust's.
    let clang = triple.replace("armv7-", "armv7a-");
    let compiler = tools.join(format!("{clang}{API}-clang"));
    let variable = triple.replace('-', "_");
    vec![
        (format!("CC_{variable}"), compiler.clone()),
        (format!("AR_{variable}"), tools.join("llvm-ar")),
        (format!("RANLIB_{variable}"), tools.join("llvm-ranlib")),
        (format!("CARGO_TARGET_{}_LINKER", variable.to_uppercase()), compiler),
    ]
}

/// Zips a folder. An AAR has no manifest of Java's.
fn zip(folder: &Path, to: &Path, kind: &str) -> Result<(), TaskError> {
    let (from, to) = (folder.display().to_string(), to.display().to_string());
    let manifest: &[&str] = if kind == "aar" { &["--no-manifest"] } else { &[] };
    Run::program("jar")
        .args(&["--create", "--date=1980-01-01T00:00:02Z"])
        .args(manifest)
        .args(&["--file", &to, "-C", &from, "."])
        .go()
}
