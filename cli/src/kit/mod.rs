//! The conformance kit: what an embedder needs to prove a shell of their own.
//!
//! It holds days of work (scenarios), the files that they name, the digests that come out, and a
//! script that starts the backend behind a bad network. A shell replays the days and writes a
//! line for each digest; [`check`] compares. It judges by digests alone: what a shell shows is
//! the shell's own.

mod day;
mod results;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use canvass_core::time::Timestamp;
use serde_json::{Value, json};

pub use results::{Difference, check};

use crate::clock::SetClock;
use crate::local_server::LocalServer;
use crate::scenario::{Replay, Told};
use crate::town::Town;

const README: &str = include_str!("README.md");
/// How often a sync is tried behind a bad network.
pub const PATIENCE: u32 = 30;

/// A day that is replayed from all languages.
macro_rules! day {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../tests/scenarios/", $name, ".json")))
    };
}

/// The days that the project's own tests replay from Rust, Kotlin and Swift.
const DAYS: [(&str, &str); 9] = [
    day!("offline_day"),
    day!("phone_to_phone"),
    day!("claims"),
    day!("asks_and_follow_ups"),
    day!("conversation"),
    day!("script_versions"),
    day!("two_languages"),
    day!("channels"),
    day!("access"),
];

/// A file that days name.
macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../tests/fixtures/", $name)))
    };
}

const FILES: [(&str, &[u8]); 5] = [
    file!("offline_day/doors.csv"),
    file!("offline_day/people.csv"),
    file!("offline_day/script.json"),
    file!("scripts/noon.json"),
    file!("access/doors.csv"),
];

/// Why a kit could not be written or run.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file of the kit, or of results, is not what it should be.
    #[error("{file}: {what}")]
    Bad {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A step of a day failed.
    #[error("{day}: {what}")]
    Failed {
        /// The day.
        day: String,
        /// What failed.
        what: String,
    },
}

fn bad(file: &Path, what: &dyn std::fmt::Display) -> KitError {
    KitError::Bad { file: file.display().to_string(), what: what.to_string() }
}

/// Reads a JSON file of a kit.
fn read_json(path: &Path) -> Result<Value, KitError> {
    let text = fs::read_to_string(path).map_err(|error| bad(path, &error))?;
    serde_json::from_str(&text).map_err(|error| bad(path, &error))
}

/// Writes a kit into a folder, which is made if it is absent; the names of its days.
pub fn write(folder: &Path, seed: u64, doors: u32) -> Result<Vec<String>, KitError> {
    let (scenarios, files) = (folder.join("scenarios"), folder.join("files"));
    let town_folder = files.join(day::TOWN);
    for made in [&scenarios, &town_folder] {
        fs::create_dir_all(made)?;
    }
    for (name, bytes) in FILES {
        let path = files.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, bytes)?;
    }
    let town = Town::generate(seed, doors);
    town.write_files(&town_folder)?;
    let mut days: Vec<Value> = Vec::new();
    for (name, text) in DAYS {
        days.push(serde_json::from_str(text).map_err(|error| bad(Path::new(name), &error))?);
    }
    days.push(day::scenario(&town));
    let mut expected = Vec::new();
    let mut names = Vec::new();
    for mut day in days {
        let name = day["name"].as_str().unwrap_or_default().to_owned();
        keep_what_every_shell_does(&mut day);
        expected.extend(results_of(&mut day, &files, None)?);
        fs::write(scenarios.join(format!("{name}.json")), one_step_a_line(&day))?;
        names.push(name);
    }
    let expected = json!({ "version": 1, "results": expected });
    fs::write(folder.join("expected.json"), format!("{expected:#}\n"))?;
    fs::write(folder.join("README.md"), README)?;
    write_serve(folder, &names, &scenarios)?;
    Ok(names)
}

/// Replays every day of a kit with this build's own engine, behind the faults of a seed if one is
/// given; what a shell would have written.
pub fn run(folder: &Path, faults: Option<u64>) -> Result<Vec<Value>, KitError> {
    let mut results = Vec::new();
    let mut paths: Vec<_> =
        fs::read_dir(folder.join("scenarios"))?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        results.extend(results_of(&mut read_json(&path)?, &folder.join("files"), faults)?);
    }
    Ok(results)
}

/// Leaves out exports, whose bytes are compared in the project itself, and what the digests are.
fn keep_what_every_shell_does(day: &mut Value) {
    let Some(steps) = day["steps"].as_array_mut() else { return };
    steps.retain(|step| step["do"] != "export" && step.get("file_equals").is_none());
    for step in steps.iter_mut().filter(|step| step["do"] == "digest") {
        if let Some(step) = step.as_object_mut() {
            step.remove("equals");
        }
    }
}

/// Replays one day; a line for each of its digests.
fn results_of(day: &mut Value, files: &Path, faults: Option<u64>) -> Result<Vec<Value>, KitError> {
    let name = day["name"].as_str().unwrap_or_default().to_owned();
    let failed = |what: &dyn std::fmt::Display| KitError::Failed {
        day: name.clone(),
        what: what.to_string(),
    };
    let work = Scratch::new()?;
    let seed = day["server"]["test_seed"].as_u64().ok_or_else(|| failed(&"no test_seed"))?;
    let now = day["server"]["test_clock_ms"].as_i64().ok_or_else(|| failed(&"no test_clock_ms"))?;
    let clock = Arc::new(SetClock::at(Timestamp::from_millis(now)));
    let server = LocalServer::start(&work.0.join("server"), seed, clock);
    let mut server = server.map_err(|error| failed(&error))?;
    if let Some(faults) = faults {
        server = server.behind_faults(faults);
    }
    let mut replay = Replay::new(&work.0, files, server).patient(PATIENCE);
    let steps = day["steps"].as_array_mut().ok_or_else(|| failed(&"no steps"))?;
    let mut results = Vec::new();
    for (number, step) in steps.iter_mut().enumerate() {
        match replay
            .step(step)
            .map_err(|error| failed(&format!("step {number} {step}: {error}")))?
        {
            Told::Digest(digest) => {
                results.push(json!({
                    "scenario": name, "step": number, "phone": step["phone"], "digest": digest,
                }));
            }
            Told::Nothing => {}
        }
    }
    Ok(results)
}

/// A scenario as a file, one step a line.
#[must_use]
pub fn one_step_a_line(scenario: &Value) -> String {
    let steps = scenario["steps"].as_array().into_iter().flatten();
    let steps: Vec<String> = steps.map(|step| format!("    {step}")).collect();
    format!(
        "{{\n  \"name\": {},\n  \"server\": {},\n  \"steps\": [\n{}\n  ]\n}}\n",
        scenario["name"],
        scenario["server"],
        steps.join(",\n")
    )
}

/// Writes the script that starts the backend as a day wants it, behind faults.
fn write_serve(folder: &Path, names: &[String], scenarios: &Path) -> Result<(), KitError> {
    let mut cases = String::new();
    for name in names {
        let day = read_json(&scenarios.join(format!("{name}.json")))?;
        let (seed, clock) = (&day["server"]["test_seed"], &day["server"]["test_clock_ms"]);
        cases += &format!("  {name}) seed={seed} clock={clock} ;;\n");
    }
    let script = include_str!("serve.sh").replace("# DAYS\n", &cases);
    let path = folder.join("serve.sh");
    fs::write(&path, script)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// A folder for one replay, which goes with it.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("canvass-kit-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _left_behind = fs::remove_dir_all(&self.0);
    }
}
