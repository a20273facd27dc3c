//! The figures that the project promises, each beside its goal, and the same work done by other
//! software in the same run.
//!
//! `cargo xtask bench [NAME..]`: all, or those named. Times are CPU time. It fails when a goal
//! is missed, or when an answer differs from a peer's.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod barriers;
mod campaign;
mod chance;
mod cut;
mod figures;
mod import;
mod open;
mod order;
mod peers;
mod save;
mod scratch;
mod scripts;
mod shape;
mod sync;
mod talk;
mod tours;
mod turfs;
mod walk;

use std::collections::BTreeSet;
use std::process::ExitCode;

use figures::Figures;

/// What keeps a bench from being run.
type Failure = Box<dyn std::error::Error>;

/// The names that ask for a bench, and the bench.
type Bench = (&'static [&'static str], fn(&mut Figures) -> Result<(), Failure>);

const BENCHES: [Bench; 12] = [
    (&["import"], import::run),
    (&["open"], open::run),
    (&["save"], save::run),
    (&["talk"], talk::run),
    (&["order"], order::run),
    (&["turfs"], turfs::run),
    (&["walk"], walk::run),
    (&["walk", "tours"], tours::run),
    (&["walk", "cut"], cut::run),
    (&["walk", "barriers"], barriers::run),
    (&["sync"], sync::run),
    (&["scripts"], scripts::run),
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let known: BTreeSet<&str> = BENCHES.iter().flat_map(|(names, _)| *names).copied().collect();
    if let Some(name) = asked.iter().find(|name| !known.contains(name.as_str())) {
        let known: Vec<&str> = known.into_iter().collect();
        eprintln!("there is no bench {name}: there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let mut figures = Figures::default();
    for (names, run) in BENCHES {
        if asked.is_empty() || asked.iter().any(|asked| names.contains(&asked.as_str())) {
            let name = names.join(" ");
            println!("\n{name}");
            if let Err(error) = run(&mut figures) {
                eprintln!("{name}: {error}");
                return ExitCode::from(4);
            }
        }
    }
    println!();
    if figures.missed() == 0 {
        return ExitCode::SUCCESS;
    }
    eprintln!("{} goal(s) missed", figures.missed());
    ExitCode::FAILURE
}
