//! `canvass bench`: figures against known optima.

use crate::output::{Done, Failure};

/// Measure against known optima.
#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<String>,
}

pub(super) fn run(_args: &Args) -> Result<Done, Failure> {
    Err(super::not_yet("canvass bench"))
}
