//! Scenarios of `tests/scenarios`, replayed by the runner that the conformance kit has too.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::local_server::LocalServer;
use canvass_cli::scenario::Replay;
use canvass_core::time::Timestamp;
use serde_json::Value;

use crate::fixture;
use crate::temp::TempDir;

/// Where a scenario's file is.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.json"))
}

/// Replays a scenario; with `bless`, gives it back with the values that came out.
///
/// # Panics
/// When a step fails, or says something else than expected.
pub fn replay(name: &str, bless: bool) -> Value {
    let text = fs::read_to_string(path(name)).expect("a scenario");
    let mut scenario: Value = serde_json::from_str(&text).expect("JSON");
    let seed = scenario["server"]["test_seed"].as_u64().expect("a seed");
    let now = scenario["server"]["test_clock_ms"].as_i64().expect("a clock");
    let folder = TempDir::new();
    let clock = Arc::new(SetClock::at(Timestamp::from_millis(now)));
    let server = LocalServer::start(&folder.path().join("server"), seed, clock).expect("a server");
    let mut replay = Replay::new(folder.path(), &fixture(""), server).blessing(bless);
    for (number, step) in scenario["steps"].as_array_mut().expect("steps").iter_mut().enumerate() {
        let what = step.to_string();
        replay.step(step).unwrap_or_else(|error| panic!("step {number} {what}: {error}"));
    }
    scenario
}
