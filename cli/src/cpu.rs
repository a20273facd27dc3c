//! The process's own CPU time, what figures are measured in on a machine that others use too; and
//! the most memory it has had.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Counts CPU time from when it was started.
#[derive(Debug, Clone, Copy)]
pub struct CpuClock {
    started: Duration,
}

impl CpuClock {
    /// Starts counting.
    #[must_use]
    pub fn start() -> Self {
        Self { started: cpu_time() }
    }

    /// CPU milliseconds since, of all threads.
    #[must_use]
    pub fn millis(self) -> f64 {
        cpu_time().saturating_sub(self.started).as_secs_f64() * 1e3
    }
}

/// The most memory that this process has had, in KiB; none where the system does not tell.
#[must_use]
pub fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}
