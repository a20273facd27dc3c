//! `canvass recover`: what a phone had not sent, from its sealed copy into the campaign.

use std::path::{Path, PathBuf};

use canvass_backend::sqlite::SqliteStorage;
use canvass_backend::storage::{Recovered, Storage};
use canvass_core::change::Envelope;
use canvass_core::id::CampaignId;
use canvass_core::ports::{Clock, SystemIds};
use canvass_core::seal::{FileKeyVault, Key, OpeningKey, open_for_campaign};
use canvass_core::store::{StoreError, sealed_segments};
use canvass_core::time::Timestamp;
use serde_json::json;

use crate::clock::SystemClock;
use crate::output::{BadInput, Done, Failure};

/// Bring a phone's sealed copy of its unsent work into the campaign. What the campaign has
/// already is not taken in twice.
///
/// Example: canvass recover unsent.seal --key opening.key --data campaign
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The sealed copy: the file `unsent.seal` of the phone's engine directory.
    pub(crate) seal: PathBuf,
    /// The campaign's opening key, as the operator's route `opening-key` tells it.
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// The backend's data directory; the backend must not be running.
    #[arg(long)]
    pub(crate) data: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    let recovered = recovered(args, SystemClock::new().wall())?;
    let Recovered { changes, duplicates, refused } = recovered;
    let json = json!({ "changes": changes, "duplicates": duplicates, "refused": refused });
    let text = format!("{changes} changes recovered, {duplicates} were there already");
    Ok(Done { json, text })
}

/// Takes in what the sealed copy holds, as received `now`.
pub(crate) fn recovered(args: &Args, now: Timestamp) -> Result<Recovered, Failure> {
    let key = OpeningKey::from_seed(&read_key(&args.key)?);
    let segments = sealed_segments(&args.seal).map_err(|e| unreadable(&args.seal, &e))?;
    match check(args, &segments, &key)? {
        Some(campaign) => recover(args, campaign, segments, now),
        None => Ok(Recovered::default()),
    }
}

fn bad(file: &Path, code: &str, hint: &str) -> Failure {
    let file = file.display().to_string();
    Failure::Input(BadInput { code: code.into(), file, hint: hint.into(), ..BadInput::default() })
}

fn unreadable(file: &Path, error: &StoreError) -> Failure {
    match error {
        StoreError::Corrupt { .. } => bad(file, "not_a_sidecar", "This is no sealed copy."),
        _ => bad(file, "unreadable", "Is the path right?"),
    }
}

fn read_key(file: &Path) -> Result<Key, Failure> {
    let hint = "An opening key is 64 hexadecimal digits.";
    let text = std::fs::read_to_string(file).map_err(|_| bad(file, "unreadable_key", hint))?;
    let text = text.trim();
    let digits = (0..text.len())
        .step_by(2)
        .map(|at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    let bytes = digits.collect::<Option<Vec<u8>>>().map(zeroize_on_drop);
    let key = bytes.and_then(|bytes| Key::from_slice(&bytes));
    key.ok_or_else(|| bad(file, "not_a_key", hint))
}

/// Key bytes that do not stay in memory.
fn zeroize_on_drop(bytes: Vec<u8>) -> zeroize::Zeroizing<Vec<u8>> {
    zeroize::Zeroizing::new(bytes)
}

/// The campaign that all of it is sealed to, if the key opens it; nothing is changed before.
fn check(
    args: &Args,
    segments: &[Vec<u8>],
    key: &OpeningKey,
) -> Result<Option<CampaignId>, Failure> {
    let mut campaign = None;
    for bytes in segments {
        let opened = Envelope::read(bytes).ok().and_then(|e| open_for_campaign(&e, key).ok());
        let of = opened.map(|segment| segment.header.campaign);
        let same = of.is_some() && campaign.is_none_or(|known| Some(known) == of);
        if !same {
            let hint = "The key is of another campaign than the sealed copy.";
            return Err(bad(&args.key, "wrong_key", hint));
        }
        campaign = of;
    }
    Ok(campaign)
}

fn recover(
    args: &Args,
    campaign: CampaignId,
    segments: Vec<Vec<u8>>,
    now: Timestamp,
) -> Result<Recovered, Failure> {
    let system = |error: &dyn std::fmt::Display| Failure::System(error.to_string());
    let vault = FileKeyVault::new(&args.data.join("keys"), SystemIds);
    let storage = SqliteStorage::open(&args.data, &vault, &SystemIds).map_err(|e| system(&e))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|e| system(&e))?;
    runtime.block_on(storage.recover(campaign, segments, now)).map_err(|error| match error {
        canvass_backend::Error::NotFound(_) => {
            bad(&args.data, "no_such_campaign", "This directory has another campaign.")
        }
        other => system(&other),
    })
}
