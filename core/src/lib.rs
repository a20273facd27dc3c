//! Offline canvassing: walk lists, turf, walking order, scripts and answers, and sync that
//! never loses or silently overwrites what a canvasser wrote.
//!
//! The modules stand in layers; each uses only those named above it, and a test enforces it
//! (`docs/architecture.md`).

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!("canvass_core");

// 1: words
pub mod geometry;
pub mod id;
pub mod language;
mod sets;
pub mod time;
#[cfg(feature = "uniffi")]
mod uniffi_support;

// 2: domain
pub mod survey;
pub mod turf;
pub mod walklist;

// 3
pub mod canvass;
pub mod change;
pub mod route;
pub mod street;

// 4
pub mod walk;

// 5
pub mod cut;

// 6: rules
pub mod merge;

// 7: words for people
pub mod say;

// 8: seams to the outside
pub mod ports;
pub mod seal;

// 9: files
pub mod interchange;

// 10: shell
pub mod engine;
pub mod store;
pub mod sync;
