//! What a shell wrote, compared with what comes out of the days.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{KitError, bad, read_json};

/// A digest that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The scenario.
    pub scenario: String,
    /// The step's place in it, from 0.
    pub step: u64,
    /// What should have come out; nothing for a step that has no digest.
    pub expected: Option<String>,
    /// What the shell wrote; nothing if it wrote nothing.
    pub found: Option<String>,
}

type Digests = BTreeMap<(String, u64), String>;

/// One result as a line of JSON tells it.
fn read(line: &Value) -> Option<((String, u64), String)> {
    let scenario = line["scenario"].as_str()?.to_owned();
    Some(((scenario, line["step"].as_u64()?), line["digest"].as_str()?.to_owned()))
}

/// Compares a shell's results (a JSON object on each line) with a kit's; how many were expected,
/// and what differs. A result that is written twice with two digests is bad input.
pub fn check(folder: &Path, results: &Path) -> Result<(usize, Vec<Difference>), KitError> {
    let path = folder.join("expected.json");
    let expected = read_json(&path)?;
    let lines = expected["results"].as_array().ok_or_else(|| bad(&path, &"no results"))?;
    let expected: Option<Digests> = lines.iter().map(read).collect();
    let expected = expected.ok_or_else(|| bad(&path, &"a result lacks a field"))?;
    let found = found(results)?;
    let keys = expected.keys().chain(found.keys().filter(|key| !expected.contains_key(*key)));
    let differs = |key: &&(String, u64)| expected.get(*key) != found.get(*key);
    let differences = keys.filter(differs).map(|key| Difference {
        scenario: key.0.clone(),
        step: key.1,
        expected: expected.get(key).cloned(),
        found: found.get(key).cloned(),
    });
    Ok((expected.len(), differences.collect()))
}

fn found(results: &Path) -> Result<Digests, KitError> {
    let text = fs::read_to_string(results).map_err(|error| bad(results, &error))?;
    let mut found = Digests::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| bad(results, &format!("line {}: {what}", number + 1));
        let line: Value = serde_json::from_str(line).map_err(|_| wrong("not a JSON object"))?;
        let (key, digest) = read(&line).ok_or_else(|| wrong("lacks scenario, step or digest"))?;
        if found.insert(key, digest.clone()).is_some_and(|before| before != digest) {
            return Err(wrong("this step has another digest already"));
        }
    }
    Ok(found)
}
