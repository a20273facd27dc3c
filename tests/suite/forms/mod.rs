//! Forms that campaigns write: every fixture, good and bad, and what other software makes of
//! them.

mod fixtures;
mod workbooks;
