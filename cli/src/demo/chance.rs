//! Chance that follows from a seed.

use canvass_core::ports::{IdSource, SeededIds};

/// A stream of chance.
pub(super) struct Chance(SeededIds);

impl Chance {
    pub(super) fn new(seed: u64, stream: &str) -> Self {
        Self(SeededIds::new(seed, stream))
    }

    /// A number below `limit`; 0 if the limit is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let number = u64::from_le_bytes(self.0.array());
        usize::try_from(number % (limit.max(1) as u64)).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(super) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of these; nothing of nothing.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// Milliseconds between two numbers of seconds.
    pub(super) fn pause_ms(&mut self, from_s: usize, to_s: usize) -> i64 {
        let seconds = from_s + self.below(to_s - from_s);
        i64::try_from(seconds).unwrap_or(0) * 1000
    }
}
