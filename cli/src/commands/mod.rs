//! The commands, as `docs/cli.md` of the project names them. Names, flags, JSON fields and
//! exit codes are stable.

mod bench;
mod cut;
mod demo;
mod export;
mod import;
mod kit;
mod matrix;
pub(crate) mod recover;
mod route;
mod script;
mod serve;
mod simulate;
mod streets;
mod town;

use std::process::ExitCode;

use canvass_core::engine::Error;
use canvass_core::store::StoreError;
use clap::{Parser, Subcommand};

use crate::output::{BadInput, Ended, Failure, print};

/// Offline canvassing: walk lists, turf, walking order, answers, and sync that loses nothing.
#[derive(Parser)]
#[command(name = "canvass", version, arg_required_else_help = true)]
struct Cli {
    /// Print one JSON object on the last line of standard output.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One whole canvassing day on an embedded backend, with a report.
    Demo(demo::Args),
    /// Generate a town: streets, doors, apartment blocks, people.
    Town(town::Args),
    /// Take doors or people into a campaign directory: all of the file, or nothing.
    Import(import::Args),
    /// Write a campaign's results to a file.
    Export(export::Args),
    /// Put doors into a walking order.
    Route(route::Args),
    /// Cut doors into balanced turfs.
    Cut(cut::Args),
    /// Look at a script.
    Script(script::Args),
    /// Run the backend.
    Serve(serve::Args),
    /// Measure against known optima.
    Bench(bench::Args),
    /// Build a street pack.
    Streets(streets::Args),
    /// Walking metres between all doors.
    Matrix(matrix::Args),
    /// Bring a phone's sealed copy of its unsent work into the campaign.
    Recover(recover::Args),
    /// Write the conformance kit, run it, or compare a shell's results with it.
    Kit(kit::Args),
    /// Simulate phones, server, network and faults.
    Simulate(simulate::Args),
}

/// Runs the command that was asked for.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _unread = error.print();
            return ExitCode::from(code);
        }
    };
    let json = cli.json;
    print(run(cli.command, json), json)
}

fn run(command: Command, json: bool) -> Ended {
    match command {
        Command::Demo(args) => demo::run(&args, json),
        Command::Town(args) => town::run(&args).into(),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args).into(),
        Command::Route(args) => route::run(&args).into(),
        Command::Cut(args) => cut::run(&args).into(),
        Command::Script(args) => script::run(&args),
        Command::Serve(args) => serve::run(&args).into(),
        Command::Bench(args) => bench::run(&args, json).into(),
        Command::Streets(args) => streets::run(&args, json).into(),
        Command::Matrix(args) => matrix::run(&args).into(),
        Command::Recover(args) => recover::run(&args).into(),
        Command::Kit(args) => kit::run(&args),
        Command::Simulate(args) => simulate::run(&args, json),
    }
}

/// What the engine could not do, as the command tells it.
fn engine_failure(error: &Error) -> Failure {
    let (code, hint) = match error {
        Error::Store(StoreError::Newer { .. }) => ("newer_file", "Use a newer build."),
        Error::Store(StoreError::Corrupt { .. }) => {
            ("damaged_file", "The file is left as it is: keep a copy before anything else.")
        }
        Error::Store(StoreError::KeyLost { .. } | StoreError::WrongKey { .. }) => {
            ("key_lost", "The campaign's folder `keys` belongs to it: put it back.")
        }
        Error::Store(error) => return Failure::System(error.to_string()),
        Error::Codes(error) => {
            let (code, hint) = (error.problem.code().to_owned(), error.to_string());
            return Failure::Input(BadInput { code, hint, ..BadInput::default() });
        }
        Error::NotYours => ("not_yours", "This directory gets its rows from a server."),
        other => return Failure::System(other.to_string()),
    };
    let (code, hint) = (code.to_owned(), hint.to_owned());
    Failure::Input(BadInput { code, hint, ..BadInput::default() })
}
