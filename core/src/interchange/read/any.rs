//! A file of doors or of people, told apart by its profile or its header.

use std::io::{BufRead, Read};

use super::doors::DoorReader;
use super::error::FileError;
use super::people::PersonReader;
use super::profile::Profile;
use super::rows::ReadLimits;

/// A file of doors, or one of people.
pub enum AnyReader<R> {
    /// Doors.
    Doors(DoorReader<R>),
    /// People.
    People(PersonReader<R>),
}

impl<R: Read> AnyReader<R> {
    /// Reads the header. Without a profile, the file is what its header looks like, by looking
    /// at what the reader has buffered and without taking it; a file that is neither is read
    /// as doors, whose error is the one to show.
    pub fn open(
        mut reader: R,
        profile: Option<&Profile>,
        limits: ReadLimits,
        reference_year: u32,
    ) -> Result<Self, FileError>
    where
        R: BufRead,
    {
        match profile {
            Some(Profile::Doors(profile)) => {
                DoorReader::open(reader, Some(profile), limits).map(Self::Doors)
            }
            Some(Profile::People(profile)) => {
                PersonReader::open(reader, Some(profile), limits, reference_year).map(Self::People)
            }
            None if is_people(&mut reader)? => {
                PersonReader::open(reader, None, limits, reference_year).map(Self::People)
            }
            None => DoorReader::open(reader, None, limits).map(Self::Doors),
        }
    }
}

fn is_people(reader: &mut impl BufRead) -> Result<bool, FileError> {
    let head =
        reader.fill_buf().map_err(|error| FileError::Unreadable { kind: error.kind(), row: 1 })?;
    let limits = ReadLimits::default();
    let doors = DoorReader::open(head, None, limits).is_ok();
    Ok(!doors && PersonReader::open(head, None, limits, 0).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<AnyReader<&[u8]>, FileError> {
        AnyReader::open(text.as_bytes(), None, ReadLimits::default(), 2026)
    }

    #[test]
    fn the_header_tells_doors_from_people() {
        assert!(matches!(open("door_id,lat,lon\n"), Ok(AnyReader::Doors(_))));
        let people = "person_id,door_id,given_name,family_name\n";
        assert!(matches!(open(people), Ok(AnyReader::People(_))));
        assert!(matches!(
            open("a,b\n"),
            Err(FileError::NoHeader | FileError::MissingColumn { .. })
        ));
    }
}
