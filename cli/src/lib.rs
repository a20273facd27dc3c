//! The `canvass` command, and what it is made of: a generated town, a backend in the same
//! process, phones that walk, and the report of a day.
//!
//! No rule of canvassing is decided here; tests and benches use these parts as well.

pub mod clock;
pub mod commands;
pub mod cpu;
pub mod demo;
mod doors_file;
pub mod faults;
pub mod kit;
pub mod local_server;
pub mod output;
pub mod phone;
pub mod report;
pub mod scenario;
pub mod simulate;
mod street_pack;
mod streets_file;
pub mod town;
pub mod tsplib;
