//! Other software, run for comparison: Python packages in an environment of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Failure, scratch};

/// Pinned, so that figures can be compared: LKH, GEOS, OR-tools, VROOM, METIS, and what they ask
/// for.
const PACKAGES: [&str; 7] = [
    "elkai==2.0.1",
    "shapely==2.1.2",
    "ortools==9.15.6755",
    "pyvroom==1.15.2",
    "pymetis==2025.2.2",
    "scipy",
    "numpy",
];

/// Runs `peers/SCRIPT` on this input; answers the JSON it prints.
pub(crate) fn run(script: &str, input: &Value) -> Result<Value, Failure> {
    let python = python()?;
    let path = scratch::target().join(script).with_extension("json");
    fs::write(&path, input.to_string())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script);
    // No compiled copies beside the scripts.
    let ran = Command::new(python).arg("-B").arg(script).arg(path).output()?;
    if !ran.status.success() {
        return Err(format!("the peer failed: {}", String::from_utf8_lossy(&ran.stderr)).into());
    }
    Ok(serde_json::from_slice(&ran.stdout)?)
}

/// The environment's interpreter; made on first use.
fn python() -> Result<PathBuf, Failure> {
    let environment = scratch::target().join("python");
    let python = environment.join("bin/python");
    let has_packages = || {
        let all = "import elkai, ortools, pymetis, scipy, shapely, vroom";
        let imports = Command::new(&python).args(["-c", all]).output();
        imports.is_ok_and(|ran| ran.status.success())
    };
    if !has_packages() {
        fs::create_dir_all(scratch::target())?;
        succeeds(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        succeeds(Command::new(&python).args(install).args(PACKAGES))?;
    }
    Ok(python)
}

fn succeeds(command: &mut Command) -> Result<(), Failure> {
    let ran = command.output()?;
    if ran.status.success() {
        return Ok(());
    }
    let what = "peers need python3 with venv and pip (apt-get install python3-venv)";
    Err(format!("{what}: {}", String::from_utf8_lossy(&ran.stderr)).into())
}
