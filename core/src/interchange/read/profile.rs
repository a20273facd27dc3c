//! Profiles: what a source's columns mean, as data. A profile is a JSON file; the built-in ones
//! are too, in `profiles/` beside this file, and serve as examples.
//!
//! - `records`: `doors` or `people`; `name`; `source`: whose file it is. Ids are derived from
//!   the source's name and the row's key, so it must stay the same from one file to the next.
//! - `fields`: from field (see [`DoorField`], [`PersonField`]) to the columns that tell it.
//! - `constants`: from field to the text that stands where a row says nothing.
//! - `recognised_by`: columns that together belong to no other source (built-in profiles only
//!   are recognised).
//! - `leave_out`: rows that are skipped: `{"column", "values", "reason"}`, each reason a
//!   [`SkipReason`]; `keep_only`: `{"column", "values", "otherwise"}`, asked after those.
//! - `unit_counts` (doors): `{"column", "values": {"TWO-FAM-RES": 2}}`, 1 for all others.
//! - `encoding`: `utf-8` or `latin-1`; `separator`: `comma`, `tab` or `semicolon`. Both are
//!   found out when not told.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::encoding::Encoding;
use super::error::{FileError, ProfileCause, ProfileError};
use super::header::{Header, folded};
use super::layout::{DoorField, Field, PersonField, Separator};
use super::rejection::SkipReason;
use super::table::Record;

/// Largest profile file; the largest built-in one has 4 KiB.
const MAX_PROFILE_BYTES: usize = 256 * 1024;

const DOOR_PROFILES: [&str; 3] = [
    include_str!("profiles/cambridge.json"),
    include_str!("profiles/vermont-e911.json"),
    include_str!("profiles/doors.json"),
];
const PERSON_PROFILES: [&str; 2] =
    [include_str!("profiles/van.json"), include_str!("profiles/people.json")];

/// What a profile describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Records {
    Doors,
    People,
}

/// A profile of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For a file of doors.
    Doors(DoorProfile),
    /// For a file of people.
    People(PersonProfile),
}

/// How a source's file of doors is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorProfile {
    records: Records,
    /// What the profile is called.
    pub name: String,
    /// Whose file it is; ids are derived from it.
    pub source: String,
    /// The encoding, where it cannot be found out.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// The separator, where it cannot be found out.
    #[serde(default)]
    pub separator: Option<Separator>,
    /// Columns that tell this source from others.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// The columns of each field.
    pub fields: BTreeMap<DoorField, Vec<String>>,
    /// What stands where a row says nothing.
    #[serde(default)]
    pub constants: BTreeMap<DoorField, String>,
    /// Rows that are skipped.
    #[serde(default)]
    pub leave_out: Vec<LeaveOut>,
    /// The only rows that are not skipped.
    #[serde(default)]
    pub keep_only: Option<KeepOnly>,
    /// Dwellings behind a door, by the value of a column.
    #[serde(default)]
    pub unit_counts: Option<UnitCounts>,
}

/// How a source's file of people is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonProfile {
    records: Records,
    /// What the profile is called.
    pub name: String,
    /// Whose file it is; ids are derived from it.
    pub source: String,
    /// The encoding, where it cannot be found out.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// The separator, where it cannot be found out.
    #[serde(default)]
    pub separator: Option<Separator>,
    /// Columns that tell this source from others.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// The columns of each field.
    pub fields: BTreeMap<PersonField, Vec<String>>,
    /// What stands where a row says nothing.
    #[serde(default)]
    pub constants: BTreeMap<PersonField, String>,
    /// Rows that are skipped.
    #[serde(default)]
    pub leave_out: Vec<LeaveOut>,
    /// The only rows that are not skipped.
    #[serde(default)]
    pub keep_only: Option<KeepOnly>,
}

/// Rows that are skipped, by the value of a column. Capitals and outer blanks do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveOut {
    /// The column; the file must have it.
    pub column: String,
    /// The values.
    pub values: Vec<String>,
    /// Why.
    pub reason: SkipReason,
}

/// The only rows that are kept, by the value of a column. Capitals and outer blanks do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepOnly {
    /// The column; the file must have it.
    pub column: String,
    /// The values.
    pub values: Vec<String>,
    /// Why the others are skipped.
    pub otherwise: SkipReason,
}

/// Dwellings behind a door, by the value of a column. Capitals and outer blanks do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitCounts {
    /// The column; the file must have it.
    pub column: String,
    /// The counts; 1 for a value that is not listed.
    pub values: BTreeMap<String, u32>,
}

impl Profile {
    /// The built-in profile of this name: `doors`, `cambridge`, `vermont-e911`, `people`, `van`.
    pub fn built_in(name: &str) -> Result<Self, FileError> {
        let doors = built_in_doors().into_iter().map(Self::Doors);
        let mut all = doors.chain(built_in_people().into_iter().map(Self::People));
        all.find(|profile| profile.name() == name).ok_or(FileError::UnknownProfile)
    }

    /// The profile in a JSON file.
    pub fn parse(json: &str) -> Result<Self, ProfileError> {
        /// What tells which kind the rest is.
        #[derive(Deserialize)]
        struct Kind {
            records: Records,
        }
        if json.len() > MAX_PROFILE_BYTES {
            return Err(ProfileError::whole(ProfileCause::TooLong {
                limit: u32::try_from(MAX_PROFILE_BYTES).unwrap_or(u32::MAX),
            }));
        }
        let kind: Kind = serde_json::from_str(json)?;
        match kind.records {
            Records::Doors => DoorProfile::parse(json).map(Self::Doors),
            Records::People => PersonProfile::parse(json).map(Self::People),
        }
    }

    /// What the profile is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Doors(profile) => &profile.name,
            Self::People(profile) => &profile.name,
        }
    }
}

impl DoorProfile {
    const REQUIRED: [DoorField; 3] = [DoorField::DoorId, DoorField::Lat, DoorField::Lon];

    fn parse(json: &str) -> Result<Self, ProfileError> {
        let profile: Self = serde_json::from_str(json)?;
        check_fields(&profile.fields, &profile.constants, &Self::REQUIRED)?;
        Ok(profile)
    }

    /// The built-in profile of this name.
    pub fn built_in(name: &str) -> Result<Self, FileError> {
        let mut all = built_in_doors().into_iter();
        all.find(|profile| profile.name == name).ok_or(FileError::UnknownProfile)
    }

    /// The built-in profile whose marks the header has; the generic one if none.
    pub(super) fn recognise(header: &Header) -> Result<Self, FileError> {
        let mut all = built_in_doors().into_iter();
        all.find(|profile| header.has_all(&profile.recognised_by)).ok_or(FileError::UnknownProfile)
    }

    /// The fields that a header must have.
    pub(super) const fn required() -> &'static [DoorField] {
        &Self::REQUIRED
    }
}

impl PersonProfile {
    const REQUIRED: [PersonField; 1] = [PersonField::PersonId];

    fn parse(json: &str) -> Result<Self, ProfileError> {
        let profile: Self = serde_json::from_str(json)?;
        check_fields(&profile.fields, &profile.constants, &Self::REQUIRED)?;
        Ok(profile)
    }

    /// The built-in profile of this name.
    pub fn built_in(name: &str) -> Result<Self, FileError> {
        let mut all = built_in_people().into_iter();
        all.find(|profile| profile.name == name).ok_or(FileError::UnknownProfile)
    }

    /// The built-in profile whose marks the header has; the generic one if none.
    pub(super) fn recognise(header: &Header) -> Result<Self, FileError> {
        let mut all = built_in_people().into_iter();
        all.find(|profile| header.has_all(&profile.recognised_by)).ok_or(FileError::UnknownProfile)
    }

    /// The fields that a header must have.
    pub(super) const fn required() -> &'static [PersonField] {
        &Self::REQUIRED
    }
}

/// The built-in profiles, the generic one last: it asks for no mark, so it fits any header.
fn built_in_doors() -> Vec<DoorProfile> {
    let parse = |json: &&str| DoorProfile::parse(json).expect("a test parses every one of them");
    DOOR_PROFILES.iter().map(parse).collect()
}

fn built_in_people() -> Vec<PersonProfile> {
    let parse = |json: &&str| PersonProfile::parse(json).expect("a test parses every one of them");
    PERSON_PROFILES.iter().map(parse).collect()
}

fn check_fields<F: Field>(
    fields: &BTreeMap<F, Vec<String>>,
    constants: &BTreeMap<F, String>,
    required: &[F],
) -> Result<(), ProfileError> {
    for field in required {
        let columns = fields.get(field).map_or(0, Vec::len);
        let cause = match (columns, constants.contains_key(field)) {
            (0, _) => ProfileCause::MissingField { field: field.name() },
            (_, true) => ProfileCause::ConstantField { field: field.name() },
            (_, false) => continue,
        };
        return Err(ProfileError::whole(cause));
    }
    Ok(())
}

/// Which rows of one file are skipped.
pub(super) struct RowRules {
    leave_out: Vec<(usize, BTreeMap<String, SkipReason>)>,
    keep_only: Option<(usize, BTreeSet<String>, SkipReason)>,
}

impl RowRules {
    pub(super) fn find(
        header: &Header,
        leave_out: &[LeaveOut],
        keep_only: Option<&KeepOnly>,
    ) -> Result<Self, FileError> {
        let mut by_column: BTreeMap<usize, BTreeMap<String, SkipReason>> = BTreeMap::new();
        for rule in leave_out {
            let values = by_column.entry(header.require(&rule.column)?).or_default();
            values.extend(rule.values.iter().map(|it| (folded(it), rule.reason)));
        }
        let keep_only = match keep_only {
            Some(rule) => {
                let values = rule.values.iter().map(|it| folded(it)).collect();
                Some((header.require(&rule.column)?, values, rule.otherwise))
            }
            None => None,
        };
        Ok(Self { leave_out: by_column.into_iter().collect(), keep_only })
    }

    pub(super) fn skips(&self, record: &Record) -> Option<SkipReason> {
        let left_out = self.leave_out.iter().find_map(|(column, values)| {
            let reason = values.get(&folded(record.field(*column)))?;
            Some(*reason)
        });
        left_out.or_else(|| {
            let (column, values, otherwise) = self.keep_only.as_ref()?;
            (!values.contains(&folded(record.field(*column)))).then_some(*otherwise)
        })
    }
}
