//! People out of a voter file or a list.

use std::io::Read;

use super::address_line::address;
use super::columns::Columns;
use super::error::FileError;
use super::fields::FieldSet;
use super::header::{FieldReport, Header};
use super::layout::PersonField;
use super::profile::{PersonProfile, RowRules};
use super::rejection::{RejectionCode, SkipReason};
use super::rows::{Key, Layout, ReadLimits, Refusal, RowOutcome, Rows};
use super::table::{Record, Table};
use crate::change::ImportedField;
use crate::survey::Date;
use crate::walklist::{Address, Standing};

/// Nobody is older. Earlier years of birth are what files write for "unknown" (1800, 1900).
const OLDEST_YEARS: u32 = 120;

/// One person, as a row tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The row as a spreadsheet counts: the header is row 1.
    pub row: u64,
    /// The source's own name for the person.
    pub key: String,
    /// The name of their door in the doors file, if the row gives one.
    pub door_key: Option<String>,
    /// Where they live, in words; empty parts are unknown.
    pub address: Address,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Year of birth, 0 when unknown.
    pub birth_year: u32,
    /// Party as the file spells it.
    pub party: String,
    /// Phone number as the file spells it.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Preferred language.
    pub language: String,
    /// What keeps them from being canvassed.
    pub standing: Standing,
    /// The fields that the file tells: those of which it has no column are not among them.
    pub told: FieldSet,
}

/// Reads people from a CSV file, one pass, in bounded memory.
///
/// Iterating gives one outcome for each row that is not an empty line, and ends after an
/// error, a record above [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES) or an open quotation
/// mark.
pub struct PersonReader<R> {
    rows: Rows<R, PersonLayout>,
    source: String,
    fields: FieldReport,
}

impl<R: Read> PersonReader<R> {
    /// Reads the header. Without a profile, the built-in one is taken that the header fits.
    /// Ages count back from the end of `reference_year`; later years of birth are rejected.
    pub fn open(
        reader: R,
        profile: Option<&PersonProfile>,
        limits: ReadLimits,
        reference_year: u32,
    ) -> Result<Self, FileError> {
        let mut record = Record::default();
        let encoding = profile.and_then(|it| it.encoding);
        let separator = profile.and_then(|it| it.separator);
        let table = Table::open(reader, encoding, separator, limits.rows, &mut record)?;
        let header = Header::new(&record)?;
        let profile = match profile {
            Some(profile) => profile.clone(),
            None => PersonProfile::recognise(&header)?,
        };
        let layout = PersonLayout::find(&header, &profile, reference_year)?;
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

impl<R: Read> Iterator for PersonReader<R> {
    type Item = Result<RowOutcome<PersonRecord>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

struct PersonLayout {
    columns: Columns<PersonField>,
    reference_year: u32,
}

/// What a row says of its person's names, and whether it says them at all.
struct Names {
    given: String,
    family: String,
    protected: bool,
}

impl PersonLayout {
    fn find(
        header: &Header,
        profile: &PersonProfile,
        reference_year: u32,
    ) -> Result<Self, FileError> {
        let (fields, constants) = (&profile.fields, &profile.constants);
        Ok(Self {
            columns: Columns::find(header, fields, constants, PersonProfile::required())?,
            reference_year,
        })
    }

    /// Florida writes `*** Protected ***` for whatever an exempt voter keeps confidential. That
    /// is a mark, not a name.
    fn names(&self, record: &Record) -> Result<Names, Refusal> {
        let mut given = self.columns.text(PersonField::GivenName, record)?;
        let mut family = self.columns.text(PersonField::FamilyName, record)?;
        let mut protected = false;
        for name in [&mut given, &mut family] {
            if is_protected(name) {
                protected = true;
                name.clear();
            }
        }
        if given.is_empty() && family.is_empty() && !protected {
            let code = RejectionCode::MissingName;
            return Err(self.columns.refuse(PersonField::FamilyName, code));
        }
        Ok(Names { given, family, protected })
    }

    /// The door's key and the address; a door can be told by either.
    fn place(&self, record: &Record, exempt: bool) -> Result<(Option<String>, Address), Refusal> {
        let door_key = self.columns.text(PersonField::DoorId, record)?;
        let mut address = address(&self.columns, record)?;
        if is_protected(&address.street) {
            address = Address::default();
        }
        if door_key.is_empty() && address.street.is_empty() {
            return Err(if exempt {
                Refusal::Skip(SkipReason::ExemptWithoutPlace)
            } else {
                Refusal::Reject(None, RejectionCode::NoPlace)
            });
        }
        Ok(((!door_key.is_empty()).then_some(door_key), address))
    }

    fn birth_year(&self, record: &Record) -> Result<u32, Refusal> {
        for field in [PersonField::BirthYear, PersonField::BirthDate, PersonField::Age] {
            let text = self.columns.first(field, record);
            if text.is_empty() || is_protected(text) {
                continue;
            }
            let year = match field {
                PersonField::BirthYear => text.parse().ok(),
                PersonField::BirthDate => year_of_date(text),
                _ => self.year_of_age(text),
            };
            return match year {
                Some(year) if year < self.reference_year.saturating_sub(OLDEST_YEARS) => Ok(0),
                Some(year) if year <= self.reference_year => Ok(year),
                _ => Err(self.columns.refuse(field, RejectionCode::BadBirthYear)),
            };
        }
        Ok(0)
    }

    /// An age of 0 is what files write for "unknown": newborns are on no list.
    fn year_of_age(&self, text: &str) -> Option<u32> {
        match text.parse::<u32>().ok()? {
            0 => Some(0),
            age => self.reference_year.checked_sub(age),
        }
    }

    fn flag(&self, field: PersonField, record: &Record) -> Result<bool, Refusal> {
        let text = self.columns.first(field, record);
        let is_one_of = |words: &[&str]| words.iter().any(|it| text.eq_ignore_ascii_case(it));
        if is_one_of(&["1", "y", "yes", "t", "true", "x"]) {
            Ok(true)
        } else if is_one_of(&["", "0", "n", "no", "f", "false"]) {
            Ok(false)
        } else {
            Err(self.columns.refuse(field, RejectionCode::NotAFlag))
        }
    }

    fn standing(&self, record: &Record) -> Result<Standing, Refusal> {
        Ok(Standing {
            voted: self.flag(PersonField::Voted, record)?,
            deceased: self.flag(PersonField::Deceased, record)?,
            exempt: self.flag(PersonField::Exempt, record)?,
            do_not_contact: self.flag(PersonField::DoNotContact, record)?,
            do_not_call: self.flag(PersonField::DoNotCall, record)?,
            do_not_text: self.flag(PersonField::DoNotText, record)?,
            // That is seen by comparing files, not said by one.
            moved: false,
        })
    }

    fn told(&self, protected: bool) -> FieldSet {
        let mut told = self.columns.told();
        if protected {
            told.insert(ImportedField::Exempt);
        }
        told
    }

    /// A text that an exempt voter's row may hide.
    fn open_text(&self, field: PersonField, record: &Record) -> Result<String, Refusal> {
        let text = self.columns.text(field, record)?;
        Ok(if is_protected(&text) { String::new() } else { text })
    }
}

impl Layout for PersonLayout {
    type Output = PersonRecord;

    fn key(&self, record: &Record) -> Result<Key, Refusal> {
        let refuse = |code| self.columns.refuse(PersonField::PersonId, code);
        let text = self.columns.text(PersonField::PersonId, record)?;
        if text.is_empty() {
            return Err(refuse(RejectionCode::MissingPersonId));
        }
        Ok(Key { text, doubled: refuse(RejectionCode::DoubledPersonId) })
    }

    fn read(&self, record: &Record, key: String, row: u64) -> Result<PersonRecord, Refusal> {
        let names = self.names(record)?;
        let mut standing = self.standing(record)?;
        standing.exempt |= names.protected;
        let (door_key, address) = self.place(record, standing.exempt)?;
        Ok(PersonRecord {
            row,
            key,
            door_key,
            address,
            given_name: names.given,
            family_name: names.family,
            birth_year: self.birth_year(record)?,
            party: self.open_text(PersonField::Party, record)?,
            phone: self.open_text(PersonField::Phone, record)?,
            email: self.open_text(PersonField::Email, record)?,
            language: self.open_text(PersonField::Language, record)?,
            standing,
            told: self.told(names.protected),
        })
    }
}

fn is_protected(text: &str) -> bool {
    text.starts_with("***") && text.to_ascii_uppercase().contains("PROTECTED")
}

/// The year of `1980-05-17`, with or without a time of day, or of `5/17/1980`.
fn year_of_date(text: &str) -> Option<u32> {
    let day = text.split(['T', ' ']).next()?;
    let iso = match day.split('/').collect::<Vec<_>>().as_slice() {
        [month, day, year] => format!("{year:0>4}-{month:0>2}-{day:0>2}"),
        _ => day.to_owned(),
    };
    Date::parse(&iso)?;
    iso[..4].parse().ok()
}
