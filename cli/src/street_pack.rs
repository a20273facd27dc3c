//! Street packs from files, for the commands that take one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use canvass_core::street::StreetPack;

use crate::output::{BadInput, Failure};

/// Opens a pack of `canvass streets build`.
pub(crate) fn open(path: &Path) -> Result<StreetPack, Failure> {
    let bytes = fs::read(path).map_err(|error| bad(path, "unreadable", &error.kind()))?;
    StreetPack::open(Arc::from(bytes)).map_err(|error| bad(path, "street_pack", &error))
}

fn bad(path: &Path, code: &str, why: &dyn std::fmt::Display) -> Failure {
    Failure::Input(BadInput {
        code: code.to_owned(),
        file: path.display().to_string(),
        hint: format!("{why}: `canvass streets build` makes a pack."),
        ..BadInput::default()
    })
}
