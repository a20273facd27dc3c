//! What every handler has: the storage, the time, and secrets to give.

use std::sync::Arc;

use canvass_core::ports::{Clock, IdSource};
use canvass_core::time::Timestamp;

/// The backend around its storage.
#[derive(Clone)]
pub struct App<S> {
    /// The storage.
    pub storage: S,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives bytes for ids and secrets.
    pub ids: Arc<dyn IdSource>,
}

impl<S> App<S> {
    /// The server's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.wall()
    }
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Anyone: it tells nothing and changes nothing.
    Anyone,
    /// Whoever holds an invitation, or work sealed to the campaign: the request is the proof.
    Invited,
    /// An enrolled device, within its campaign and its lists.
    Device,
    /// The operator.
    Operator,
}
