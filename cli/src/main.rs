//! `canvass`: see `canvass --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    canvass_cli::commands::main()
}
