//! The fields that a profile finds in a file's columns.

use serde::{Deserialize, Serialize};

use crate::canvass::{MAX_CONTACT_BYTES, MAX_NAME_BYTES};
use crate::change::ImportedField;

/// What stands between two fields of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Separator {
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`
    Semicolon,
}

impl Separator {
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Semicolon => b';',
        }
    }
}

/// A field of a door. JSON spells it `door_id`, `house_number` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorField {
    /// The source's own name for the door; different in every row.
    DoorId,
    /// House number, street and unit in one text.
    AddressLine,
    /// House number. Several columns are set together: `12`, `A` to `12A`; `12`, `1/2` to
    /// `12 1/2`.
    HouseNumber,
    /// Street. Several columns are set together with blanks.
    Street,
    /// Apartment or unit.
    Unit,
    /// Town or city.
    Town,
    /// Postal code.
    Zip,
    /// Degrees north, WGS 84.
    Lat,
    /// Degrees east, WGS 84.
    Lon,
    /// Dwellings behind the door.
    UnitCount,
    /// What is in the way: `gate`, `dog`, `locked`, or `open` or nothing.
    Access,
}

/// A field of a person. JSON spells it `person_id`, `given_name` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonField {
    /// The source's own name for the person; different in every row.
    PersonId,
    /// The name of the door, as the doors file has it.
    DoorId,
    /// Given name. Several columns are set together with blanks.
    GivenName,
    /// Family name. Several columns are set together with blanks.
    FamilyName,
    /// Year of birth.
    BirthYear,
    /// Date of birth, `1980-05-17` or `5/17/1980`; only its year is kept.
    BirthDate,
    /// Age in years at the end of the reference year.
    Age,
    /// Party.
    Party,
    /// Phone number. Of several columns the first that is filled counts.
    Phone,
    /// E-mail address. Of several columns the first that is filled counts.
    Email,
    /// Preferred language.
    Language,
    /// Has voted already: `1`, `y`, `yes`, `t`, `true` or `x`; or `0`, `n`, `no`, `f`, `false`
    /// or nothing.
    Voted,
    /// Is deceased; spelled as `voted`.
    Deceased,
    /// Has an exempt (confidential) record; spelled as `voted`.
    Exempt,
    /// Asked not to be contacted; spelled as `voted`.
    DoNotContact,
    /// Asked not to be called; spelled as `voted`.
    DoNotCall,
    /// Asked not to be sent text messages; spelled as `voted`.
    DoNotText,
    /// House number, street and unit in one text.
    AddressLine,
    /// House number, as [`DoorField::HouseNumber`].
    HouseNumber,
    /// Street, as [`DoorField::Street`].
    Street,
    /// Apartment or unit.
    Unit,
    /// Town or city.
    Town,
    /// Postal code.
    Zip,
}

/// How the columns of one field become one text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// The first that is filled.
    First,
    /// All, with blanks between.
    Blank,
    /// All, with a blank only between two digits.
    Digits,
}

/// What reading needs to know of a field.
pub(super) trait Field: Copy + Ord {
    /// Its name in profiles.
    fn name(self) -> &'static str;
    /// How several columns become one text.
    fn join(self) -> Join;
    /// The fields of the record that it tells.
    fn tells(self) -> &'static [ImportedField];
    /// Longest text, in bytes.
    fn max_bytes(self) -> usize;
}

const ADDRESS_LINE: &[ImportedField] =
    &[ImportedField::HouseNumber, ImportedField::Street, ImportedField::Unit];

impl Field for DoorField {
    fn name(self) -> &'static str {
        match self {
            Self::DoorId => "door_id",
            Self::AddressLine => "address_line",
            Self::HouseNumber => "house_number",
            Self::Street => "street",
            Self::Unit => "unit",
            Self::Town => "town",
            Self::Zip => "zip",
            Self::Lat => "lat",
            Self::Lon => "lon",
            Self::UnitCount => "unit_count",
            Self::Access => "access",
        }
    }

    fn join(self) -> Join {
        match self {
            Self::HouseNumber => Join::Digits,
            Self::AddressLine | Self::Street | Self::Unit => Join::Blank,
            _ => Join::First,
        }
    }

    fn tells(self) -> &'static [ImportedField] {
        match self {
            Self::DoorId => &[],
            Self::AddressLine => ADDRESS_LINE,
            Self::HouseNumber => &[ImportedField::HouseNumber],
            Self::Street => &[ImportedField::Street],
            Self::Unit => &[ImportedField::Unit],
            Self::Town => &[ImportedField::Town],
            Self::Zip => &[ImportedField::Zip],
            Self::Lat | Self::Lon => &[ImportedField::Position],
            Self::UnitCount => &[ImportedField::UnitCount],
            Self::Access => &[ImportedField::Access],
        }
    }

    fn max_bytes(self) -> usize {
        MAX_NAME_BYTES
    }
}

impl Field for PersonField {
    fn name(self) -> &'static str {
        match self {
            Self::PersonId => "person_id",
            Self::DoorId => "door_id",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::BirthYear => "birth_year",
            Self::BirthDate => "birth_date",
            Self::Age => "age",
            Self::Party => "party",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Language => "language",
            Self::Voted => "voted",
            Self::Deceased => "deceased",
            Self::Exempt => "exempt",
            Self::DoNotContact => "do_not_contact",
            Self::DoNotCall => "do_not_call",
            Self::DoNotText => "do_not_text",
            Self::AddressLine => "address_line",
            Self::HouseNumber => "house_number",
            Self::Street => "street",
            Self::Unit => "unit",
            Self::Town => "town",
            Self::Zip => "zip",
        }
    }

    fn join(self) -> Join {
        match self {
            Self::HouseNumber => Join::Digits,
            Self::GivenName | Self::FamilyName | Self::AddressLine | Self::Street | Self::Unit => {
                Join::Blank
            }
            _ => Join::First,
        }
    }

    fn tells(self) -> &'static [ImportedField] {
        match self {
            // Which household they belong to is the importer's to say: it knows the doors.
            Self::PersonId
            | Self::DoorId
            | Self::AddressLine
            | Self::HouseNumber
            | Self::Street
            | Self::Unit
            | Self::Town
            | Self::Zip => &[],
            Self::GivenName => &[ImportedField::GivenName],
            Self::FamilyName => &[ImportedField::FamilyName],
            Self::BirthYear | Self::BirthDate | Self::Age => &[ImportedField::BirthYear],
            Self::Party => &[ImportedField::Party],
            Self::Phone => &[ImportedField::Phone],
            Self::Email => &[ImportedField::Email],
            Self::Language => &[ImportedField::Language],
            Self::Voted => &[ImportedField::Voted],
            Self::Deceased => &[ImportedField::Deceased],
            Self::Exempt => &[ImportedField::Exempt],
            Self::DoNotContact => &[ImportedField::DoNotContact],
            Self::DoNotCall => &[ImportedField::DoNotCall],
            Self::DoNotText => &[ImportedField::DoNotText],
        }
    }

    fn max_bytes(self) -> usize {
        match self {
            Self::Phone | Self::Email => MAX_CONTACT_BYTES,
            _ => MAX_NAME_BYTES,
        }
    }
}
