//! What is wrong with a file, or a profile, as a whole.

use std::io;

/// Why a file cannot be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Nothing in it, or nothing but blank lines.
    #[error("the file is empty")]
    Empty,
    /// The first row names none of the profile's columns.
    #[error("the first row is not a header")]
    NoHeader,
    /// The header lacks a column that is needed.
    #[error("the header has no column {column}")]
    MissingColumn {
        /// The column, as the profile spells it.
        column: String,
    },
    /// The header has a column twice that is read.
    #[error("the header has the column {column} twice")]
    DoubledColumn {
        /// The column, as the profile spells it.
        column: String,
    },
    /// More columns than a file may have.
    #[error("the header has more than {limit} columns")]
    TooManyColumns {
        /// The limit.
        limit: u32,
    },
    /// The first line does not end within the limit.
    #[error("the header is longer than {limit} bytes")]
    HeaderTooLong {
        /// The limit.
        limit: u32,
    },
    /// The first line has a quotation mark that is never closed.
    #[error("the header has an open quotation mark")]
    UnclosedQuote,
    /// No built-in profile has this name.
    #[error("there is no such profile")]
    UnknownProfile,
    /// The file has more rows than the caller allows.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: u64,
        /// The first row beyond it.
        row: u64,
    },
    /// The system failed to give the file's bytes.
    #[error("reading failed")]
    Unreadable {
        /// How it failed.
        kind: io::ErrorKind,
        /// The row that was being read.
        row: u64,
    },
    /// The bytes are no text in the file's encoding.
    #[error("not a text")]
    NotText {
        /// The row that was being read.
        row: u64,
    },
    /// A web page, such as a server's error message saved under a file's name.
    #[error("a web page, not a table")]
    Html,
    /// A workbook or other archive.
    #[error("a workbook or archive, not a text")]
    Archive,
}

impl FileError {
    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoHeader => "no_header",
            Self::MissingColumn { .. } => "missing_column",
            Self::DoubledColumn { .. } => "doubled_column",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::HeaderTooLong { .. } => "header_too_long",
            Self::UnclosedQuote => "unclosed_quote",
            Self::UnknownProfile => "unknown_profile",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Unreadable { .. } => "unreadable",
            Self::NotText { .. } => "not_text",
            Self::Html => "html",
            Self::Archive => "archive",
        }
    }

    /// The row as a spreadsheet counts (the header is row 1), where there is one.
    #[must_use]
    pub const fn row(&self) -> Option<u64> {
        match self {
            Self::NoHeader
            | Self::MissingColumn { .. }
            | Self::DoubledColumn { .. }
            | Self::TooManyColumns { .. }
            | Self::HeaderTooLong { .. }
            | Self::UnclosedQuote
            | Self::Html
            | Self::Archive => Some(1),
            Self::TooManyRows { row, .. }
            | Self::Unreadable { row, .. }
            | Self::NotText { row } => Some(*row),
            Self::Empty | Self::UnknownProfile => None,
        }
    }

    /// The column, where there is one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::MissingColumn { column } | Self::DoubledColumn { column } => Some(column),
            _ => None,
        }
    }

    /// What to do about it, in one English sentence for the organiser.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "Export the list again.",
            Self::NoHeader => "Put the columns' names in the first row.",
            Self::MissingColumn { .. } => "Add the column, or name a profile that fits the file.",
            Self::DoubledColumn { .. } => "Remove or rename one of the two columns.",
            Self::TooManyColumns { .. } => "Remove columns that are not needed.",
            Self::HeaderTooLong { .. } => "Check that the file has one record on each line.",
            Self::UnclosedQuote => "Close the quotation mark, or remove it.",
            Self::UnknownProfile => {
                "Use doors, cambridge, vermont-e911, people or van, or a profile file."
            }
            Self::TooManyRows { .. } => "Part the file in several.",
            Self::Unreadable { .. } => "Try again.",
            Self::NotText { .. } => "Save the file as UTF-8.",
            Self::Html => "Download the file again; a web page came instead.",
            Self::Archive => "Save the sheet as CSV.",
        }
    }
}

/// Why a profile file cannot be used, with the place in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("profile, line {line}, column {column}: {cause}")]
pub struct ProfileError {
    /// The line, from 1; 0 when it is the profile as a whole.
    pub line: u32,
    /// The column in that line, from 1; 0 when it is the profile as a whole.
    pub column: u32,
    /// What is wrong.
    pub cause: ProfileCause,
}

/// What is wrong with a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileCause {
    /// Larger than a profile may be.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: u32,
    },
    /// Not JSON.
    #[error("not JSON")]
    Syntax,
    /// JSON with an unknown key, a missing key, or a value of another kind.
    #[error("an unknown or missing key, or a value of another kind")]
    Shape,
    /// A profile of the other kind of records.
    #[error("a profile for other records")]
    OtherRecords,
    /// A field that every file must give has no column and no constant.
    #[error("no column for the field {field}")]
    MissingField {
        /// The field.
        field: &'static str,
    },
    /// A field that is told by a constant but must differ from row to row.
    #[error("the field {field} cannot be a constant")]
    ConstantField {
        /// The field.
        field: &'static str,
    },
}

impl ProfileError {
    pub(super) const fn whole(cause: ProfileCause) -> Self {
        Self { line: 0, column: 0, cause }
    }

    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.cause {
            ProfileCause::TooLong { .. } => "profile_too_long",
            ProfileCause::Syntax => "profile_syntax",
            ProfileCause::Shape => "profile_shape",
            ProfileCause::OtherRecords => "profile_other_records",
            ProfileCause::MissingField { .. } => "profile_missing_field",
            ProfileCause::ConstantField { .. } => "profile_constant_field",
        }
    }
}

impl From<serde_json::Error> for ProfileError {
    fn from(error: serde_json::Error) -> Self {
        let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: place(error.line()),
            column: place(error.column()),
            cause: if error.is_data() { ProfileCause::Shape } else { ProfileCause::Syntax },
        }
    }
}
