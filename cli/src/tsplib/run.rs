//! Runs of the solver on an instance within a budget of CPU time.

use canvass_core::route::{Ends, RouteError, solve_counted};

use super::Instance;
use crate::cpu::CpuClock;

/// A tour, and what it took to find it.
pub struct Run {
    /// The seed of the run.
    pub seed: u64,
    /// The length of the tour, added up from the instance.
    pub length: u64,
    /// CPU milliseconds, from the instance to the tour.
    pub cpu_ms: f64,
    /// Positions in the instance's numbers.
    pub tour: Vec<u32>,
}

impl Run {
    /// Orders an instance with so many kicks.
    pub fn of(instance: &Instance, kicks: u64, seed: u64) -> Result<Self, RouteError> {
        let clock = CpuClock::start();
        let tour = solve_counted(instance, Ends::Closed, kicks, seed)?;
        let cpu_ms = clock.millis();
        Ok(Self { seed, length: instance.length(&tour), cpu_ms, tour })
    }
}

/// The share of a budget that is planned for: what is left covers a machine that is slower
/// at one time than at another.
const PLANNED: f64 = 0.94;

/// How many kicks this machine makes within a budget, found by trying.
pub fn kicks_within(instance: &Instance, budget_ms: f64) -> Result<u64, RouteError> {
    let time = |kicks| Run::of(instance, kicks, 0).map(|run| run.cpu_ms);
    // The first run also pays for memory that later ones find ready.
    time(0)?;
    let planned = budget_ms * PLANNED;
    let start_ms = time(0)?;
    // Kicks do not all take the same time: with many of them each one reaches further.
    let (mut fits, mut too_many) = (0_u64, u64::MAX);
    let mut kicks = 64;
    while too_many - fits > fits / 50 + 1 && fits < MOST_KICKS {
        let taken = time(kicks)?;
        if taken > planned {
            too_many = kicks;
        } else {
            fits = kicks;
        }
        if taken <= planned && taken > planned * NEAR {
            break;
        }
        let per_kick = (taken - start_ms).max(1e-6) / kicks as f64;
        let aim = whole((planned - start_ms).max(0.0) / per_kick * AIM);
        let between = if too_many == u64::MAX { fits * 16 } else { fits + (too_many - fits) / 2 };
        let inside = fits < aim && aim < too_many;
        kicks = if inside { aim.min(fits * 16 + 64) } else { between.max(1) };
    }
    Ok(fits)
}

/// A few nodes are ordered exactly, whatever the number of kicks: no more are tried.
const MOST_KICKS: u64 = 1 << 40;
/// The share of the planned time from which on a trial is near enough.
const NEAR: f64 = 0.95;
/// The share of the planned time that a trial aims at.
const AIM: f64 = 0.975;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of kicks; casts saturate"
)]
fn whole(kicks: f64) -> u64 {
    kicks as u64
}
