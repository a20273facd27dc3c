//! Deterministic simulation: phones, a server, the network between them, clocks, disks, key
//! stores and an organiser, all of it decided by a seed.
//!
//! The engine, its store and the backend are the real ones, in one process. What happened is
//! counted from outside and compared at the end with what the campaign and every phone hold.
//! Nothing here decides a rule of canvassing.

mod attack;
mod campaign;
mod chance;
mod conversation;
mod disk;
mod handing;
mod invariants;
mod mishap;
mod network;
mod orders;
mod phone;
mod shrink;
mod storage;
mod talk;
mod trace;
mod truth;
mod vault;
pub mod vfs;
mod work;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use canvass_core::engine::Error;
use serde::{Deserialize, Serialize};

pub use chance::Chance;
pub use disk::DiskFault;
pub use invariants::Findings;
pub use shrink::shrunk;

use crate::local_server::{Refused, StartError};
use crate::simulate::world::World;

/// Seeds run side by side.
const THREADS: usize = 2;

/// What is simulated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedPlan {
    /// Decides everything.
    pub seed: u64,
    /// How many phones.
    pub phones: u32,
    /// How many days.
    pub days: u32,
    /// Steps that are left out: what a failing seed needs not.
    #[serde(default)]
    pub skip: BTreeSet<u32>,
}

impl SeedPlan {
    /// How many steps there are, those left out included.
    #[must_use]
    pub fn steps(&self) -> u32 {
        World::steps(self)
    }
}

/// What came of a seed.
#[derive(Clone, Debug, Default)]
pub struct SeedResult {
    /// What was found in the end.
    pub findings: Findings,
    /// Syncs that were begun.
    pub syncs: u64,
    /// Conflicts that the organiser settled on the way.
    pub settled: u64,
    /// Steps of conversations that canvassers took.
    pub talked: u64,
    /// Faults that really happened, by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// Something that was saved, and did not read back after a crash.
    pub not_read_back: u64,
    /// The engine or the backend failed where it must not.
    pub broken: Option<String>,
    /// A hash over everything that happened.
    pub trace: [u8; 32],
}

impl SeedResult {
    /// Whether everything held.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        let f = &self.findings;
        let wrong = f.lost
            + f.duplicated
            + f.diverged
            + f.conflicts_missing
            + f.conflicts_false
            + f.conflicts_unreadable
            + f.stuck
            + f.readable_after_wipe
            + self.not_read_back;
        wrong == 0 && self.broken.is_none()
    }
}

/// Why a simulation cannot go on: something failed that must not.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{what}: {error}")]
    Engine { what: &'static str, error: String },
    #[error("step {step}: {trouble}")]
    At { step: u32, trouble: Box<Trouble> },
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("the backend did not answer as expected")]
    Campaign,
    #[error("a sync does not end")]
    Endless,
    #[error("a phone opened though {0}")]
    Opened(&'static str),
    #[error("a sealed copy was not taken in: {0}")]
    Recover(String),
    #[error("the attack on an erased list reads not even what it should")]
    Attack,
    #[error("what was saved does not read back")]
    NotReadBack,
    #[error("a step of a conversation recorded what it could not have")]
    Talk,
    #[error("an answer stands that is irrelevant")]
    Irrelevant,
}

impl Trouble {
    fn engine(what: &'static str, error: &Error) -> Self {
        Self::Engine { what, error: format!("{error:?}") }
    }
}

/// Runs one seed.
#[must_use]
pub fn run_seed(plan: &SeedPlan) -> SeedResult {
    match catch_unwind(AssertUnwindSafe(|| simulate(plan))) {
        Ok(result) => result,
        Err(_) => SeedResult { broken: Some("a panic".to_owned()), ..SeedResult::default() },
    }
}

fn simulate(plan: &SeedPlan) -> SeedResult {
    let mut result = SeedResult::default();
    let ended = Scratch::new().map_err(Trouble::from).and_then(|scratch| {
        let mut world = World::new(&scratch.0, plan)?;
        let ended = world.run().and_then(|()| world.settle_and_check());
        result.syncs = world.syncs;
        result.settled = world.settled;
        result.talked = world.talked;
        result.faults = std::mem::take(&mut world.faults);
        result.trace = world.trace.finish();
        ended
    });
    match ended {
        Ok(findings) => result.findings = findings,
        Err(Trouble::NotReadBack) => result.not_read_back = 1,
        Err(trouble) => result.broken = Some(trouble.to_string()),
    }
    result
}

/// Runs seeds side by side, and hands on each result as it comes.
pub fn run_seeds(
    plans: &[SeedPlan],
    done: impl Fn(&SeedPlan, &SeedResult) + Sync,
) -> Vec<SeedResult> {
    let next = AtomicU64::new(0);
    let results: Vec<Mutex<SeedResult>> = plans.iter().map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let at =
                        usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap_or(usize::MAX);
                    let (Some(plan), Some(slot)) = (plans.get(at), results.get(at)) else { return };
                    let result = run_seed(plan);
                    done(plan, &result);
                    if let Ok(mut slot) = slot.lock() {
                        *slot = result;
                    }
                }
            });
        }
    });
    results.into_iter().map(|slot| slot.into_inner().unwrap_or_default()).collect()
}

/// A folder in memory where there is one, removed in the end: what a power cut leaves is
/// reckoned, not tried.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> std::io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = base.join(format!("canvass-simulate-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path.canonicalize()?))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _left_behind = std::fs::remove_dir_all(&self.0);
    }
}
