//! The Python packages that forms are compared with, in a folder of the project's own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use canvass_tests::fixture;
use canvass_tests::temp::TempDir;

/// Where `cargo xtask setup` puts them: beside what cargo builds.
fn packages() -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    let target = program.ancestors().nth(3).expect("target/release/deps");
    target.join("python")
}

/// Runs a script of this folder and gives what it prints.
///
/// # Panics
/// When Python or a package is missing: `cargo xtask setup` installs them.
pub(super) fn python(script: &str, arguments: &[&Path]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/forms").join(script);
    let packages = packages();
    let output = Command::new("python3")
        .env("PYTHONPATH", &packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(&script)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("python3: {error}; `cargo xtask setup` installs it"));
    assert!(
        output.status.success(),
        "{} failed; `cargo xtask setup` (or `python3 -m pip install --target {} pyxform==4.5.0 \
         jsonschema==4.26.0`) installs what it needs:\n{}",
        script.display(),
        packages.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The folder with what pyxform and openpyxl make of every fixture form, made once.
pub(super) fn peers() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = TempDir::new();
        python("peers.py", &[&fixture("forms"), folder.path()]);
        folder
    });
    folder.path()
}
