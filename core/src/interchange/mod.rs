//! Files in and out: addresses and people in; results, turfs and routes out.
//!
//! Reading is one pass over a stream in bounded memory, whatever the stream holds. Every row of
//! a file comes out as exactly one [`RowOutcome`], every column of its header is in exactly one
//! half of the [`FieldReport`], and whatever an export's format cannot hold is in its
//! [`LossReport`]: nothing vanishes in silence.
//!
//! It does not open files, keep what it read, decide who may leave in a file (the read gate,
//! `canvass::eligible`, has done so before a row comes here), or join a person to a door (the
//! importer does, which knows the doors).
//!
//! ```
//! use canvass_core::interchange::{DoorReader, ReadLimits, RowOutcome};
//!
//! let file = "door_id,lat,lon,street\n7,44.5025,-73.1827,Main St\n8,-73.1827,44.5025,Main St\n";
//! let doors = DoorReader::open(file.as_bytes(), None, ReadLimits::default())?;
//! assert!(doors.fields().reported.is_empty());
//! for outcome in doors {
//!     match outcome? {
//!         RowOutcome::Row(door) => assert_eq!(door.key, "7"),
//!         RowOutcome::Rejected(why) => {
//!             assert_eq!((why.row, why.code.code()), (3, "position_swapped"));
//!         }
//!         RowOutcome::Skipped(_) => unreachable!("the file has homes only"),
//!     }
//! }
//! # Ok::<(), canvass_core::interchange::FileError>(())
//! ```

mod codes;
pub mod import;
mod read;
mod results;
mod write;

pub use codes::{
    Backend, ChannelCodes, CodesError, CodesProblem, QuestionCodes, ResultCode, ResultCodes,
};
#[cfg(feature = "forms")]
pub use read::form::{
    self, FormError, FormProblem, FormRefused, FormSheet, FormSheets, ImportedForm,
    read_form_sheets, read_form_workbook,
};
pub use read::{
    AnyReader, CentreLine, DoorField, DoorProfile, DoorReader, DoorRecord, Encoding, FieldReport,
    FieldSet, FileError, GeoJsonCause, GeoJsonError, GeoJsonPlace, ImportTally, ImportedFieldError,
    KeepOnly, LeaveOut, MAX_GEOJSON_BYTES, MAX_KEPT_REJECTIONS, MAX_RECORD_BYTES, OSM_ATTRIBUTION,
    PersonField, PersonProfile, PersonReader, PersonRecord, Profile, ProfileCause, ProfileError,
    ReadLimits, Rejection, RejectionCode, RowOutcome, Separator, SkipCount, SkipReason,
    StreetFileError, StreetReading, StreetTally, UnitCounts, door_fields, household_fields,
    known_person_fields, person_fields, read_centre_lines, read_street_edges, read_street_extract,
    read_turfs_geojson, set_household_field, set_person_field,
};
#[cfg(feature = "forms")]
pub use read::{OsdiScript, OsdiScriptError, read_osdi_script};
pub use results::{HouseholdResults, PersonResults, ResultNames};
pub use write::{
    AttemptFacts, Beside, ChangeKind, ChangeRow, ChangeState, Contact, ContactAnswer,
    ContactAnswers, ContactAsk, ContactOutcome, DoorFeature, ExportError, ExportWarning, Exported,
    Loss, LossReport, LossWhy, OsdiNames, PersonAtDoor, RouteStop, TurfFeature, UTC_OFFSET_MINUTES,
    VanRecord, WarningWhy, answer_text, contacts_of, plain_cell, safe_cell, van_records,
    write_changes_csv, write_contacts_csv, write_doors_geojson, write_osdi_jsonl, write_route_gpx,
    write_turfs_geojson, write_van_csv, write_van_jsonl,
};

#[cfg(feature = "forms")]
pub use write::{FormFiles, osdi_script, write_form_sheets};

use crate::geometry::Point;

/// A turf as GeoJSON draws it: a name and one or more polygons.
#[derive(Clone, Debug, PartialEq)]
pub struct TurfOutline {
    /// What the file calls it.
    pub name: String,
    /// Its polygons: each an outer ring, then holes. Rings are open: the last point is not the
    /// first one again.
    pub polygons: Vec<Vec<Vec<Point>>>,
}
