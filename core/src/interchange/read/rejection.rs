//! What becomes of a row that is not taken: skipped for a reason, or rejected with a code.

use serde::{Deserialize, Serialize};

/// Why a row was left out although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum SkipReason {
    /// A shop, an office, a school: nobody lives there.
    NotResidential,
    /// An inn or a hotel: whoever sleeps there lives elsewhere.
    Lodging,
    /// A parking space or garage with a record of its own.
    Parking,
    /// A lot without a dwelling on it.
    Land,
    /// The record of a building whose units have records of their own.
    BuildingRecord,
    /// A shed, a barn, an access road: belongs to an address that has its own record.
    Accessory,
    /// Nobody lives there any more.
    Abandoned,
    /// A registration that is no longer valid.
    Inactive,
    /// A value that the profile does not list among those it keeps.
    Unlisted,
    /// An exempt (confidential) record without a door and without an address.
    ExemptWithoutPlace,
    /// A row of nothing but blanks.
    BlankRow,
}

/// What is wrong with a row. The codes are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum RejectionCode {
    /// No `door_id`.
    MissingDoorId,
    /// A `door_id` that an earlier row has.
    DoubledDoorId,
    /// No latitude or no longitude.
    MissingPosition,
    /// A latitude or longitude that is not a finite number.
    NotANumber,
    /// A latitude beyond 90 or a longitude beyond 180 degrees.
    PositionOutOfRange,
    /// Latitude and longitude have changed places.
    PositionSwapped,
    /// Exactly 0, 0: what a geocoder writes when it found nothing.
    PositionZero,
    /// A count of dwellings that is not a whole number from 0 to 10,000.
    BadUnitCount,
    /// No `person_id`.
    MissingPersonId,
    /// A `person_id` that an earlier row has.
    DoubledPersonId,
    /// Neither a given nor a family name.
    MissingName,
    /// Neither a `door_id` nor an address.
    NoPlace,
    /// A `door_id` or address that no door has. The importer finds this, not the reader.
    NoDoor,
    /// A birth year, birth date or age that cannot be read, or lies in the future.
    BadBirthYear,
    /// A mark that is neither yes nor no.
    NotAFlag,
    /// An obstacle that is none of those there are.
    BadAccess,
    /// A text above its limit: 200 bytes, 254 for a phone number or an e-mail address.
    ValueTooLong,
    /// More fields than the header has columns.
    TooManyFields,
    /// A record above 64 KiB. Reading ends here.
    RecordTooLong,
    /// A quotation mark that is never closed. Reading ends here.
    UnclosedQuote,
    /// Bytes that are no text in the file's encoding, or control characters.
    NotText,
}

impl RejectionCode {
    /// The code as JSON spells it, for programs and for translated texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingDoorId => "missing_door_id",
            Self::DoubledDoorId => "doubled_door_id",
            Self::MissingPosition => "missing_position",
            Self::NotANumber => "not_a_number",
            Self::PositionOutOfRange => "position_out_of_range",
            Self::PositionSwapped => "position_swapped",
            Self::PositionZero => "position_zero",
            Self::BadUnitCount => "bad_unit_count",
            Self::MissingPersonId => "missing_person_id",
            Self::DoubledPersonId => "doubled_person_id",
            Self::MissingName => "missing_name",
            Self::NoPlace => "no_place",
            Self::NoDoor => "no_door",
            Self::BadBirthYear => "bad_birth_year",
            Self::NotAFlag => "not_a_flag",
            Self::BadAccess => "bad_access",
            Self::ValueTooLong => "value_too_long",
            Self::TooManyFields => "too_many_fields",
            Self::RecordTooLong => "record_too_long",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NotText => "not_text",
        }
    }

    /// What to do about it, in one English sentence for the organiser.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::MissingDoorId | Self::MissingPersonId => "Give every row an id of its own.",
            Self::DoubledDoorId | Self::DoubledPersonId => {
                "Remove the row, or give it an id of its own."
            }
            Self::MissingPosition | Self::PositionZero => "Geocode the address, or remove the row.",
            Self::NotANumber => "Write degrees as 44.5025, with a point.",
            Self::PositionOutOfRange => "Write WGS 84 degrees, not metres or feet.",
            Self::PositionSwapped => "Exchange the two columns: lat is degrees north.",
            Self::BadUnitCount => "Write a whole number of dwellings.",
            Self::MissingName => "Give a given or a family name.",
            Self::NoPlace => "Give a door_id or an address.",
            Self::NoDoor => "Import the door first, or correct the address.",
            Self::BadBirthYear => "Write the year of birth as 1980, or leave it empty.",
            Self::NotAFlag => "Write 1 or leave it empty.",
            Self::BadAccess => "Write gate, dog or locked, or leave it empty.",
            Self::ValueTooLong => "Shorten the text.",
            Self::TooManyFields => "Put texts that hold the separator in quotation marks.",
            Self::RecordTooLong => "Check that the file has one record on each line.",
            Self::UnclosedQuote => "Close the quotation mark, or double it inside a text.",
            Self::NotText => "Save the file as UTF-8.",
        }
    }
}

/// A row that is not taken, with its place. It never holds what the row says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Rejection {
    /// The row as a spreadsheet counts: the header is row 1.
    pub row: u64,
    /// The column's name in the header; none when it is the row as a whole.
    pub column: Option<String>,
    /// What is wrong.
    pub code: RejectionCode,
}
