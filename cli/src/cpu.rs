//! The process's own CPU time: what figures are measured in, on a machine that others use too.

use std::fs;

/// Counts CPU time from when it was started.
#[derive(Debug, Clone, Copy)]
pub struct CpuClock {
    started_ns: u64,
}

impl CpuClock {
    /// Starts counting.
    #[must_use]
    pub fn start() -> Self {
        Self { started_ns: cpu_ns() }
    }

    /// CPU milliseconds since, of all threads; 0 where the system does not tell.
    #[must_use]
    pub fn millis(self) -> f64 {
        cpu_ns().saturating_sub(self.started_ns) as f64 / 1e6
    }
}

/// Linux tells the CPU time of each thread in nanoseconds; elsewhere there is no such file.
fn cpu_ns() -> u64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return 0 };
    threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok())
        .sum()
}
