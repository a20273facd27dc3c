//! A hash over everything that happened, in order: the same seed must give the same one.

use std::fmt::Debug;

/// What happened so far, as a hash.
#[derive(Default)]
pub(super) struct Trace(blake3::Hasher);

impl Trace {
    /// Adds bytes under a name.
    pub(super) fn bytes(&mut self, what: &str, bytes: &[u8]) {
        for part in [what.as_bytes(), bytes] {
            self.0.update(&(part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    /// Adds a value, as it prints.
    pub(super) fn value(&mut self, what: &str, value: &impl Debug) {
        self.bytes(what, format!("{value:?}").as_bytes());
    }

    pub(super) fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}
