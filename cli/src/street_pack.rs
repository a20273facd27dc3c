//! Street packs from files, for the commands that take one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use canvass_core::street::{StreetError, StreetPack};

use crate::output::{BadInput, Failure};

/// Opens a pack of `canvass streets build`.
pub(crate) fn open(path: &Path) -> Result<StreetPack, Failure> {
    let bytes = fs::read(path).map_err(|error| bad(path, "unreadable", &error.kind()))?;
    StreetPack::open(Arc::from(bytes)).map_err(|error| bad_pack(path, &error))
}

/// What is wrong with a pack, or with the streets that should make one.
pub(crate) fn bad_pack(path: &Path, error: &StreetError) -> Failure {
    let code = match error {
        StreetError::NoWays => "no_walkable_way",
        StreetError::NotAPack => "not_a_pack",
        StreetError::NewerFormat { .. } => "newer_file",
        StreetError::TooLarge { .. } => "too_large",
        StreetError::BadPoint { .. } => "position_out_of_range",
        _ => "damaged_file",
    };
    bad(path, code, error)
}

fn bad(path: &Path, code: &str, why: &dyn std::fmt::Display) -> Failure {
    Failure::Input(BadInput {
        code: code.to_owned(),
        file: path.display().to_string(),
        hint: format!("{why}: `canvass streets build` makes a pack."),
        ..BadInput::default()
    })
}
