//! What benches work on: folders of their own, and the real addresses beside the checkout.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_cli::clock::SystemClock;
use canvass_cli::phone::Phone;
use canvass_cli::town::Town;
use canvass_core::engine::{ImportOptions, NewCampaign};
use canvass_core::id::ListId;

use crate::Failure;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder that benches may fill.
pub(crate) fn target() -> PathBuf {
    root().join("target/benches")
}

/// An empty folder of this name.
pub(crate) fn folder(name: &str) -> Result<PathBuf, Failure> {
    let path = target().join(name);
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir_all(&path)?;
    Ok(path)
}

/// A file of real addresses, beside the checkout.
pub(crate) fn shared_data(name: &str) -> Result<PathBuf, Failure> {
    let path = root().join("../shared/data").join(name);
    let absent = || format!("{name} is not in ../shared/data beside the checkout").into();
    if path.exists() { Ok(path) } else { Err(absent()) }
}

/// A campaign on a phone, without a server.
pub(crate) fn campaign(folder: &Path) -> Result<(Phone, ListId), Failure> {
    let phone = Phone::system(folder, Arc::new(SystemClock::default()))?;
    let about = NewCampaign { name: "Bench".to_owned(), canvasser: "Bench".to_owned() };
    let list = phone.engine().create_campaign(&about)?;
    Ok((phone, list))
}

/// A campaign with a generated town of about so many doors and its people.
pub(crate) fn town_campaign(name: &str, doors: u32) -> Result<(Phone, ListId), Failure> {
    let folder = folder(name)?;
    let files = folder.join("town");
    fs::create_dir_all(&files)?;
    Town::generate(1, doors).write_files(&files)?;
    let (phone, list) = campaign(&folder.join("phone"))?;
    for file in ["doors.csv", "people.csv"] {
        let options = ImportOptions::default();
        phone.engine().import_path(&files.join(file), &options, None)?;
    }
    Ok((phone, list))
}
