//! proto
mod random;
pub mod search;
mod tour;
pub mod proto;
