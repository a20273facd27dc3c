//! One whole canvassing day: a campaign imports addresses, cuts turf, hands lists to phones;
//! canvassers walk them offline, two of them knock on the same door; phones sync; the conflict
//! is seen and settled; results leave as a file. At noon the campaign changes its script.
//!
//! Everything runs through the real engine and the real backend. What is counted as lost or
//! doubled is counted from outside: each id is noted as the recording call returns it, and the
//! notes are compared with the ids in the exported file.

mod campaign;
mod chance;
mod left_behind;
mod noon;
mod page;
mod story;
mod tally;
mod versions;
mod walk;

pub use tally::Day;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_core::engine::SyncOutcome;
use canvass_core::time::Timestamp;

use crate::clock::SetClock;
use crate::demo::campaign::Campaign;
use crate::demo::chance::Chance;
use crate::demo::walk::{Canvasser, Half, Notes};
use crate::local_server::LocalServer;

/// What a day is made of.
#[derive(Clone, Debug)]
pub struct DayPlan {
    /// The same seed gives the same day.
    pub seed: u64,
    /// A file of real doors; a generated town without it.
    pub doors: Option<PathBuf>,
    /// The profile of that file; by its header without it.
    pub profile: Option<String>,
    /// How many canvassers; at least two, for two of them share a list.
    pub phones: u32,
    /// A street pack that rides with the lists, if there is one.
    pub streets: Option<Vec<u8>>,
    /// A folder for the phones' and the backend's files.
    pub directory: PathBuf,
}

/// Why a day could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum DayError {
    /// A phone.
    #[error("a phone: {0}")]
    Phone(#[from] canvass_core::engine::Error),
    /// The backend could not be started.
    #[error("the backend: {0}")]
    Start(#[from] crate::local_server::StartError),
    /// The backend refused an operator's request.
    #[error(transparent)]
    Refused(#[from] crate::local_server::Refused),
    /// The file of doors.
    #[error("the doors: {0}")]
    Doors(String),
    /// The system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A sync did not complete.
    #[error("a sync ended {0:?}")]
    Sync(SyncOutcome),
    /// The backend's answer lacks what it should hold.
    #[error("the backend's answer lacks {0}")]
    Answer(&'static str),
}

/// Clocks are four hours behind UTC: the towns lie in the east of North America.
const UTC_OFFSET_MINUTES: i32 = -240;
/// The day begins at this moment: Saturday, 3 October 2026, 14:00 UTC.
const MORNING: Timestamp = Timestamp::from_seconds(1_791_036_000);
/// The campaign changes its script: noon where the towns lie, four hours behind UTC.
const NOON: Timestamp = Timestamp::from_seconds(1_791_036_000 + 2 * 3600);
/// By then everyone is back.
const EVENING: Timestamp = Timestamp::from_seconds(1_791_036_000 + 6 * 3600);

/// Plays the day. `told` is called with the steps done and the steps there are.
pub fn play(plan: &DayPlan, told: &dyn Fn(u64, u64)) -> Result<Day, DayError> {
    let steps = u64::from(plan.phones) + 5;
    let clock = Arc::new(SetClock::at(MORNING));
    let server = LocalServer::start(&plan.directory.join("server"), plan.seed, clock.clone())?;
    let mut chance = Chance::new(plan.seed, "day");
    let campaign = Campaign::set_up(plan, &server)?;
    told(1, steps);

    let mut canvassers = campaign.hand_out(plan, &server)?;
    for canvasser in &canvassers {
        canvasser.sync(&server)?;
    }
    told(2, steps);

    let mut notes = Notes::default();
    let last = canvassers.len() - 1;
    for (number, canvasser) in canvassers.iter_mut().enumerate() {
        canvasser.walk(&mut chance, &mut notes, Half::Morning, number == last)?;
    }
    noon::noon(&campaign, &server, &mut canvassers, &mut chance, &mut notes)?;
    for (number, canvasser) in canvassers.iter_mut().enumerate() {
        canvasser.walk(&mut chance, &mut notes, Half::Afternoon, number == last)?;
        told(3 + number as u64, steps);
    }
    let meeting = story::double_knock(&mut canvassers, &mut chance, &mut notes)?;

    clock.pass_until(EVENING);
    let settled = story::evening(&campaign, &server, &mut canvassers, &mut notes, meeting)?;
    told(steps - 1, steps);
    let day = tally::close(plan, &campaign, &server, &canvassers, &notes, &settled)?;
    told(steps, steps);
    Ok(day)
}

/// Folders of the day, below one that the caller names.
fn phone_directory(directory: &Path, number: usize) -> PathBuf {
    directory.join(format!("phone-{}", number + 1))
}

impl Canvasser {
    /// Syncs to the end; anything but that is an error of the day.
    fn sync(&self, server: &LocalServer) -> Result<(), DayError> {
        let report = self.phone.sync(|request| Some(server.phone(request)))?;
        self.sent.set(self.sent.get() + u64::from(report.sent));
        self.received.set(self.received.get() + u64::from(report.received));
        match report.outcome {
            SyncOutcome::Complete => Ok(()),
            other => Err(DayError::Sync(other)),
        }
    }
}
