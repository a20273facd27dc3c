//! Files in: CSV of doors and of people, GeoJSON of turfs, streets.

mod address_line;
mod any;
mod columns;
mod coordinates;
mod doors;
mod encoding;
mod error;
mod fields;
#[cfg(feature = "forms")]
pub mod form;
mod header;
mod layout;
#[cfg(feature = "forms")]
mod osdi_script;
mod people;
mod position;
mod profile;
mod rejection;
mod rows;
mod streets;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod turfs;

pub use any::AnyReader;
pub use doors::{DoorReader, DoorRecord};
pub use encoding::Encoding;
pub use error::{FileError, ProfileCause, ProfileError};
pub(in crate::interchange) use fields::access_text;
pub use fields::{
    FieldSet, ImportedFieldError, door_fields, household_fields, known_person_fields,
    person_fields, set_household_field, set_person_field,
};
pub use header::FieldReport;
pub use layout::{DoorField, PersonField, Separator};
#[cfg(feature = "forms")]
pub use osdi_script::{OsdiScript, OsdiScriptError, read_osdi_script};
pub use people::{PersonReader, PersonRecord};
pub use profile::{DoorProfile, KeepOnly, LeaveOut, PersonProfile, Profile, UnitCounts};
pub use rejection::{Rejection, RejectionCode, SkipReason};
pub use rows::{ReadLimits, RowOutcome};
pub use streets::{
    CentreLine, OSM_ATTRIBUTION, StreetFileError, StreetReading, StreetTally, read_centre_lines,
    read_street_edges, read_street_extract,
};
pub use table::MAX_RECORD_BYTES;
pub use tally::{ImportTally, MAX_KEPT_REJECTIONS, SkipCount};
pub use turfs::{GeoJsonCause, GeoJsonError, GeoJsonPlace, MAX_GEOJSON_BYTES, read_turfs_geojson};
