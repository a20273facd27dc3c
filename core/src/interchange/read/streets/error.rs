//! Why a file of streets cannot be used, with the place and the next step.

use std::io;

use super::tally::StreetTally;

/// Why a file of streets cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreetFileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The system failed to give the file's bytes.
    #[error("reading failed")]
    Unreadable(io::ErrorKind),
    /// Neither an extract nor a list of edges.
    #[error("not a file of streets")]
    NotStreets,
    /// An archive of a kind that is not unpacked here.
    #[error("a packed file of a kind that is not read")]
    Packed,
    /// An extract with a feature that only some programs read.
    #[error("the extract needs a feature that is not read")]
    Unsupported,
    /// The bytes are not what they claim to be, or end too early.
    #[error("the file is damaged at byte {byte}")]
    Damaged {
        /// About where, counted in the unpacked file for `.osm.gz`.
        byte: u64,
    },
    /// More than is read.
    #[error("more than {limit} {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A node of an extract that is nowhere on Earth.
    #[error("node {node} has no position on Earth")]
    BadNode {
        /// The node's number in OpenStreetMap.
        node: i64,
    },
    /// A row of a list of edges that cannot be used.
    #[error("row {row} of the {list} cannot be used: {code}")]
    BadRow {
        /// The list.
        list: &'static str,
        /// The row, as a spreadsheet counts.
        row: u64,
        /// The column, where one is at fault.
        column: Option<&'static str>,
        /// What is wrong with it.
        code: &'static str,
    },
    /// A list lacks a column that is needed.
    #[error("the {list} have no column {column}")]
    MissingColumn {
        /// The list.
        list: &'static str,
        /// The column.
        column: &'static str,
    },
    /// There is nothing to walk on in it.
    #[error("no walkable way; {0}")]
    NoWalkableWay(Box<StreetTally>),
}

impl StreetFileError {
    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unreadable(_) => "unreadable",
            Self::NotStreets => "not_streets",
            Self::Packed => "packed",
            Self::Unsupported => "unsupported",
            Self::Damaged { .. } => "damaged_file",
            Self::TooLarge { .. } => "too_large",
            Self::BadNode { .. } => "position_out_of_range",
            Self::BadRow { code, .. } => code,
            Self::MissingColumn { .. } => "missing_column",
            Self::NoWalkableWay(_) => "no_walkable_way",
        }
    }

    /// The row as a spreadsheet counts, where there is one.
    #[must_use]
    pub const fn row(&self) -> Option<u64> {
        match self {
            Self::BadRow { row, .. } => Some(*row),
            Self::MissingColumn { .. } => Some(1),
            _ => None,
        }
    }

    /// The column, where there is one.
    #[must_use]
    pub const fn column(&self) -> Option<&'static str> {
        match self {
            Self::BadRow { column, .. } => *column,
            Self::MissingColumn { column, .. } => Some(column),
            _ => None,
        }
    }

    /// What to do about it, in one English sentence for the organiser.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Empty | Self::Unreadable(_) | Self::Damaged { .. } => "Get the file again.",
            Self::NotStreets => {
                "Name an OpenStreetMap extract (.osm.pbf, .osm or .osm.gz), or a list of edges."
            }
            Self::Packed => "Unpack the file first.",
            Self::Unsupported => "Write the extract as plain .osm.pbf, without history.",
            Self::TooLarge { .. } => "Cut the extract to your county or town.",
            Self::BadNode { .. } | Self::BadRow { .. } => "Put it right, or leave it out.",
            Self::MissingColumn { .. } => "Put the columns' names in the first row.",
            Self::NoWalkableWay(_) => "Take an extract that has the streets of your town.",
        }
    }
}

impl From<io::Error> for StreetFileError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.kind())
    }
}
