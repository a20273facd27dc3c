//! Files out: changes as CSV, contacts for VAN, OSDI and any other backend, turfs, doors and routes for maps.
//!
//! Whatever comes here has passed the read gate; nothing is left out but what a format cannot
//! hold, and that is counted in the [`LossReport`]. Same rows, same bytes.

mod cells;
mod changes;
mod contact;
#[cfg(feature = "forms")]
mod form;
mod generic;
mod geojson;
mod gpx;
mod loss;
mod osdi;
#[cfg(feature = "forms")]
mod osdi_script;
#[cfg(test)]
mod tests;
mod van;

pub use cells::{plain_cell, safe_cell};
pub use changes::{ChangeKind, ChangeRow, ChangeState, answer_text, write_changes_csv};
pub use contact::{
    AttemptFacts, Contact, ContactAnswer, ContactAnswers, ContactAsk, ContactOutcome, PersonAtDoor,
    contacts_of,
};
#[cfg(feature = "forms")]
pub use form::{FormFiles, write_form_sheets};
pub use generic::write_contacts_csv;
pub use geojson::{DoorFeature, TurfFeature, write_doors_geojson, write_turfs_geojson};
pub use gpx::{RouteStop, write_route_gpx};
pub use loss::{Beside, ExportWarning, Loss, LossReport, LossWhy, WarningWhy};
pub use osdi::{OsdiNames, write_osdi_jsonl};
#[cfg(feature = "forms")]
pub use osdi_script::osdi_script;
pub use van::{UTC_OFFSET_MINUTES, VanRecord, van_records, write_van_csv, write_van_jsonl};

use chrono::{DateTime, FixedOffset, SecondsFormat};

use crate::time::Timestamp;

/// Why a file could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The system failed to take the bytes.
    #[error("writing failed")]
    Unwritable(std::io::ErrorKind),
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        Self::Unwritable(error.kind())
    }
}

/// What an export has come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Rows, lines or features written.
    pub records: u64,
    /// What the format could not hold.
    pub loss: LossReport,
    /// What follows at the backend from what is in it.
    pub warnings: Vec<ExportWarning>,
}

/// A moment as its place's clocks showed it: `2026-10-03T17:04:00-04:00`. An offset that no
/// place has counts as UTC.
fn local_time(at: Timestamp, utc_offset_minutes: i32) -> String {
    let offset = utc_offset_minutes.checked_mul(60).and_then(FixedOffset::east_opt);
    match (DateTime::from_timestamp_micros(at.0), offset) {
        (Some(moment), Some(offset)) => {
            moment.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Secs, false)
        }
        _ => at.to_string(),
    }
}
