//! Makes a failing seed small: leaves out steps while it still fails.

use std::collections::BTreeSet;

use crate::simulate::{SeedPlan, run_seed};

/// Runs that are spent on one seed.
const MOST_RUNS: u32 = 80;

/// The plan with as few steps as were found to fail still. It is the plan itself if that does
/// not fail.
#[must_use]
pub fn shrunk(plan: &SeedPlan) -> SeedPlan {
    let mut best = plan.clone();
    let mut runs = 0;
    let mut size = plan.steps().div_ceil(2);
    while size > 0 && runs < MOST_RUNS {
        let mut begin = 0;
        while begin < plan.steps() && runs < MOST_RUNS {
            let piece: BTreeSet<u32> = (begin..plan.steps().min(begin + size))
                .filter(|s| !best.skip.contains(s))
                .collect();
            begin += size;
            if piece.is_empty() {
                continue;
            }
            let skip = best.skip.union(&piece).copied().collect();
            let candidate = SeedPlan { skip, ..best.clone() };
            runs += 1;
            if !run_seed(&candidate).is_clean() {
                best = candidate;
            }
        }
        size /= 2;
    }
    best
}
