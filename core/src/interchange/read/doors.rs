//! Doors out of a file of addresses.

use std::collections::BTreeMap;
use std::io::Read;

use super::address_line::address;
use super::columns::Columns;
use super::error::FileError;
use super::fields::FieldSet;
use super::header::{FieldReport, Header, folded};
use super::layout::DoorField;
use super::position::{Axis, PositionFault, position};
use super::profile::{DoorProfile, RowRules};
use super::rejection::RejectionCode;
use super::rows::{Key, Layout, ReadLimits, Refusal, RowOutcome, Rows};
use super::table::{Record, Table};
use crate::change::ImportedField;
use crate::geometry::Point;
use crate::walklist::{Access, Address};

/// Most dwellings that one door may stand for: the largest apartment house has about 3,000.
const MAX_UNIT_COUNT: u32 = 10_000;

/// One door, as a row tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct DoorRecord {
    /// The row as a spreadsheet counts: the header is row 1.
    pub row: u64,
    /// The source's own name for the door.
    pub key: String,
    /// Where it is, in words; empty parts are unknown.
    pub address: Address,
    /// Where it is, on the map.
    pub point: Point,
    /// Dwellings behind it; at least 1.
    pub unit_count: u32,
    /// How it is reached.
    pub access: Access,
    /// The fields that the file tells: those of which it has no column are not among them.
    pub told: FieldSet,
}

/// Reads doors from a CSV file, one pass, in bounded memory.
///
/// Iterating gives one outcome for each row that is not an empty line, and ends after an
/// error, a record above [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES) or an open quotation
/// mark.
pub struct DoorReader<R> {
    rows: Rows<R, DoorLayout>,
    source: String,
    fields: FieldReport,
}

impl<R: Read> DoorReader<R> {
    /// Reads the header. Without a profile, the built-in one is taken that the header fits.
    pub fn open(
        reader: R,
        profile: Option<&DoorProfile>,
        limits: ReadLimits,
    ) -> Result<Self, FileError> {
        let mut record = Record::default();
        let encoding = profile.and_then(|it| it.encoding);
        let separator = profile.and_then(|it| it.separator);
        let table = Table::open(reader, encoding, separator, limits.rows, &mut record)?;
        let header = Header::new(&record)?;
        let profile = match profile {
            Some(profile) => profile.clone(),
            None => DoorProfile::recognise(&header)?,
        };
        let layout = DoorLayout::find(&header, &profile)?;
        let rules = RowRules::find(&header, &profile.leave_out, profile.keep_only.as_ref())?;
        Ok(Self {
            source: profile.source,
            fields: header.report(&layout.columns.kept()),
            rows: Rows::new(table, header, rules, layout),
        })
    }

    /// Whose file it is: ids are derived from this and each row's key.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What becomes of the file's columns.
    #[must_use]
    pub const fn fields(&self) -> &FieldReport {
        &self.fields
    }
}

impl<R: Read> Iterator for DoorReader<R> {
    type Item = Result<RowOutcome<DoorRecord>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

struct DoorLayout {
    columns: Columns<DoorField>,
    unit_counts: Option<(usize, BTreeMap<String, u32>)>,
    told: FieldSet,
}

impl DoorLayout {
    fn find(header: &Header, profile: &DoorProfile) -> Result<Self, FileError> {
        let (fields, constants) = (&profile.fields, &profile.constants);
        let columns = Columns::find(header, fields, constants, DoorProfile::required())?;
        let unit_counts = match &profile.unit_counts {
            Some(counts) => {
                let values = counts.values.iter();
                let values = values.map(|(value, count)| (folded(value), *count));
                Some((header.require(&counts.column)?, values.collect()))
            }
            None => None,
        };
        let mut told = columns.told();
        if unit_counts.is_some() {
            told.insert(ImportedField::UnitCount);
        }
        Ok(Self { columns, unit_counts, told })
    }

    fn point(&self, record: &Record) -> Result<Point, Refusal> {
        let degrees = |field| {
            let refuse = |code| self.columns.refuse(field, code);
            match self.columns.first(field, record) {
                "" => Err(refuse(RejectionCode::MissingPosition)),
                text => text.parse::<f64>().map_err(|_| refuse(RejectionCode::NotANumber)),
            }
        };
        let (lat, lon) = (degrees(DoorField::Lat)?, degrees(DoorField::Lon)?);
        position(lat, lon).map_err(|fault| {
            let (field, code) = refused(fault);
            self.columns.refuse(field, code)
        })
    }

    fn access(&self, record: &Record) -> Result<Access, Refusal> {
        let access = Access::named(self.columns.first(DoorField::Access, record));
        access.ok_or_else(|| self.columns.refuse(DoorField::Access, RejectionCode::BadAccess))
    }

    fn unit_count(&self, record: &Record) -> Result<u32, Refusal> {
        let refuse = || self.columns.refuse(DoorField::UnitCount, RejectionCode::BadUnitCount);
        let told = match self.columns.first(DoorField::UnitCount, record) {
            "" => None,
            text => Some(text.parse::<u32>().map_err(|_| refuse())?),
        };
        let by_value = || {
            let (column, counts) = self.unit_counts.as_ref()?;
            counts.get(&folded(record.field(*column))).copied()
        };
        match told.or_else(by_value).unwrap_or(1) {
            count if count > MAX_UNIT_COUNT => Err(refuse()),
            // A door is somebody's: a file that counts nobody behind it counts something else.
            count => Ok(count.max(1)),
        }
    }
}

impl Layout for DoorLayout {
    type Output = DoorRecord;

    fn key(&self, record: &Record) -> Result<Key, Refusal> {
        let refuse = |code| self.columns.refuse(DoorField::DoorId, code);
        let text = self.columns.text(DoorField::DoorId, record)?;
        if text.is_empty() {
            return Err(refuse(RejectionCode::MissingDoorId));
        }
        Ok(Key { text, doubled: refuse(RejectionCode::DoubledDoorId) })
    }

    fn read(&self, record: &Record, key: String, row: u64) -> Result<DoorRecord, Refusal> {
        Ok(DoorRecord {
            row,
            key,
            address: address(&self.columns, record)?,
            point: self.point(record)?,
            unit_count: self.unit_count(record)?,
            access: self.access(record)?,
            told: self.told,
        })
    }
}

/// The field at fault, and the code.
fn refused(fault: PositionFault) -> (DoorField, RejectionCode) {
    let field = |axis| match axis {
        Axis::Lat => DoorField::Lat,
        Axis::Lon => DoorField::Lon,
    };
    match fault {
        PositionFault::NotANumber(axis) => (field(axis), RejectionCode::NotANumber),
        PositionFault::OutOfRange(axis) => (field(axis), RejectionCode::PositionOutOfRange),
        PositionFault::Swapped => (DoorField::Lat, RejectionCode::PositionSwapped),
        PositionFault::Zero => (DoorField::Lat, RejectionCode::PositionZero),
    }
}
