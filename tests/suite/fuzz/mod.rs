//! Fuzzing: no bytes hurt a decoder, the server or the engine.
//!
//! Each target is fed what is kept under `fuzz/<target>`, valid inputs as they are, and then,
//! for as long as `CANVASS_FUZZ_SECONDS` says, what bolero makes of them: bytes by chance, and
//! valid inputs cut, doubled, spliced and altered. `cargo xtask test` gives each target ten
//! seconds, `cargo xtask soak fuzz` ten minutes.

mod decoders;
mod forms;
mod messages;
mod statements;
mod street_files;
mod streets;
mod whole;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::Duration;

/// Names the seconds that each target gets.
const SECONDS: &str = "CANVASS_FUZZ_SECONDS";

/// By how much the process may grow while a target is fed: all that a bomb of the largest body
/// that is read could fill, and other tests beside it.
const MAX_GROWTH_KIB: u64 = 1 << 20;

/// How long each target is fed.
#[expect(clippy::disallowed_methods, reason = "a soak asks for more")]
fn time() -> Duration {
    let asked = std::env::var(SECONDS).ok();
    let seconds = asked.map_or(1, |seconds| seconds.parse().expect("a number of seconds"));
    Duration::from_secs(seconds)
}

/// Feeds a target: what is kept, the seeds as they are, and what comes of them.
#[expect(clippy::print_stderr, reason = "bolero tells its choices, and not what was made of them")]
fn feed(name: &str, seeds: &[Vec<u8>], target: impl Fn(&[u8])) {
    assert!(!seeds.is_empty(), "{name}: nothing to begin with");
    let before = peak_kib();
    kept(name).iter().chain(seeds).for_each(|bytes| target(bytes));
    // What a target holds is looked at again after a panic only to make the input small.
    let target = AssertUnwindSafe(|bytes: &[u8]| {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(bytes))) {
            eprintln!("{name}: to be kept under fuzz/{name}: {bytes:02x?}");
            resume_unwind(panic);
        }
    });
    bolero::check!().with_test_time(time()).with_max_len(512).for_each(move |choices: &[u8]| {
        let target = &target;
        target(&made(seeds, choices));
    });
    let grown = peak_kib().saturating_sub(before);
    assert!(grown < MAX_GROWTH_KIB, "{name}: {grown} KiB more at the peak");
}

/// The most memory that this process has had.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Inputs that once were trouble, or that nobody should have to find again.
fn kept(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| fs::read(entry.expect("an entry").path()).expect("a file")).collect()
}

/// The choices, read one after the other; zero when there are no more.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, end: usize) -> usize {
        let value = usize::from(self.byte()) << 8 | usize::from(self.byte());
        value % end.max(1)
    }
}

/// What these choices make of the seeds; every eighth time the choices themselves.
fn made(seeds: &[Vec<u8>], choices: &[u8]) -> Vec<u8> {
    let mut choices = Choices(choices);
    let first = choices.byte();
    if first % 8 == 7 {
        return choices.0.to_vec();
    }
    let mut bytes = seeds[usize::from(first / 8) % seeds.len()].clone();
    for _ in 0..=choices.byte() % 4 {
        alter(&mut bytes, seeds, &mut choices);
    }
    bytes
}

fn alter(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], choices: &mut Choices<'_>) {
    let how = choices.byte() % 8;
    let at = choices.below(bytes.len() + 1);
    let count = usize::from(choices.byte() % 32);
    let end = (at + count).min(bytes.len());
    match how {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= choices.byte().max(1);
            }
        }
        2 => bytes.truncate(at),
        3 => {
            let twice = bytes[at..end].to_vec();
            bytes.splice(at..at, twice);
        }
        4 => drop(bytes.drain(at..end)),
        5 => {
            let other = &seeds[choices.below(seeds.len())];
            let from = choices.below(other.len() + 1);
            let to = (from + count).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        6 => drop(bytes.splice(at..end, [0xff; 9])),
        _ => drop(bytes.splice(at..at, (0..count).map(|_| choices.byte()))),
    }
}
