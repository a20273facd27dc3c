//! Clocks: the machine's, and one that is moved by hand.

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use canvass_core::ports::Clock;
use canvass_core::time::Timestamp;

/// The machine's own clock.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// The machine's clock, counting from now on.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the command line's one source of time")]
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the command line's one source of time")]
    fn wall(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn boot_id(&self) -> String {
        fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
    }

    fn since_boot_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A clock that stands still until it is moved.
///
/// Time that passes moves the wall clock and the time since boot alike. Someone who sets the
/// clock moves the wall alone; a boot begins the count anew and leaves the wall as it is.
#[derive(Debug)]
pub struct SetClock(Mutex<Times>);

#[derive(Clone, Copy, Debug)]
struct Times {
    wall: Timestamp,
    boot: u32,
    since_boot_ms: u64,
}

impl SetClock {
    /// A clock that says `now`, on a machine that has just started.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(Times { wall: now, boot: 1, since_boot_ms: 0 }))
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the wall clock, as a person does, or a network.
    pub fn set(&self, now: Timestamp) {
        self.times().wall = now;
    }

    /// Lets time pass. Less than nothing turns the wall clock back: the time since boot never
    /// runs backwards.
    pub fn advance_ms(&self, millis: i64) {
        let mut times = self.times();
        times.wall = times.wall.plus_millis(millis);
        times.since_boot_ms += u64::try_from(millis).unwrap_or(0);
    }

    /// Lets time pass until the wall clock says `then`.
    pub fn pass_until(&self, then: Timestamp) {
        let millis = then.millis_since(self.times().wall);
        self.advance_ms(millis);
    }

    /// Starts the machine anew.
    pub fn reboot(&self) {
        let mut times = self.times();
        times.boot += 1;
        times.since_boot_ms = 0;
    }
}

impl Clock for SetClock {
    fn wall(&self) -> Timestamp {
        self.times().wall
    }

    fn boot_id(&self) -> String {
        format!("boot {}", self.times().boot)
    }

    fn since_boot_ms(&self) -> u64 {
        self.times().since_boot_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_moves_both_clocks_and_a_hand_moves_the_wall_alone() {
        let clock = SetClock::at(Timestamp::from_seconds(1_000));
        clock.advance_ms(5_000);
        clock.set(Timestamp::from_seconds(10));
        assert_eq!((clock.wall(), clock.since_boot_ms()), (Timestamp::from_seconds(10), 5_000));
        clock.pass_until(Timestamp::from_seconds(11));
        assert_eq!(clock.since_boot_ms(), 6_000);
        let before = clock.boot_id();
        clock.reboot();
        assert_ne!(clock.boot_id(), before);
        assert_eq!((clock.wall(), clock.since_boot_ms()), (Timestamp::from_seconds(11), 0));
    }
}
