//! Canvass Core for Kotlin and Swift.
//!
//! Objects, the traits that an app implements, and the one error. Everything else that crosses
//! is a plain record of `canvass_core`. There is no decision about canvassing in here: what is
//! smarter than handing on a call belongs to the engine.

mod engine;
mod error;
mod frames;
mod ports;
mod told;

pub use engine::{CanvassEngine, ChangeListener, EngineConfig, ProgressListener, Subscription};
pub use error::CanvassError;
pub use frames::{FrameCollector, FrameProgress};
pub use ports::{CallbackError, Clock, KeyVault};
pub use told::{error_code, error_sentence};

#[cfg(test)]
mod documented;

uniffi::setup_scaffolding!("canvass");
