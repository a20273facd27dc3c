//! Forms that campaigns write: every fixture, good and bad, and what other software makes of
//! them.

mod answers;
mod chance;
mod conversions;
mod expressions;
mod fixtures;
mod python;
mod schema;
mod structure;
mod workbooks;
