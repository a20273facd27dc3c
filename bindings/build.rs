//! Tells the linker what phones ask of a shared library.

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its target this way")]
fn main() {
    // Google Play wants segments aligned to 16 KB, and flags in the environment would replace
    // those of a configuration file. Here they always hold, on the development machine too.
    let os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if matches!(os.as_str(), "linux" | "android") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,max-page-size=16384");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
