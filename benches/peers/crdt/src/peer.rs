//! What each peer does in the same way.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::world::Day;

/// A merge engine at the day's work. `of` makes the document that everybody begins with.
pub trait Peer: Sized {
    const NAME: &'static str;
    fn of(day: &Day) -> Self;
    /// One phone's day: what it sends.
    fn phone(&self, day: &Day, phone: usize) -> Vec<u8>;
    /// The hub merges all batches one by one, inside `timed`; then a replica catches up.
    fn hub(&self, day: &Day, batches: &[Vec<u8>], timed: impl FnOnce(&mut dyn FnMut())) -> Sent;
}

/// What a replica got, and what can be read there.
pub struct Sent {
    pub catch_up: Vec<u8>,
    /// Fields with an answer.
    pub answered: usize,
    /// Disagreements of which both values can be read.
    pub readable: usize,
}

pub fn key(id: &[u8; 16]) -> String {
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

pub fn question(number: u8) -> String {
    format!("q{number}")
}

/// Time, result: eight bytes.
pub fn attempt_bytes(at_ms: i64, result: u8) -> Vec<u8> {
    let mut bytes = at_ms.to_be_bytes()[1..].to_vec();
    bytes.push(result);
    bytes
}

pub fn gzip(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory").len()
}
