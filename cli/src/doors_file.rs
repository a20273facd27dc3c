//! Doors and people from files, for the commands that take one.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use canvass_core::interchange::{
    AnyReader, DoorRecord, FileError, ImportTally, Profile, ReadLimits, Rejection, SkipCount,
};

use crate::output::{BadInput, Failure};

/// How much of a file is looked at to see what it is: its header is in there.
const PEEK_BYTES: usize = 64 << 10;

/// A file being read, once through: it may be a pipe.
pub(crate) type Input = BufReader<Box<dyn Read>>;

/// Opens a file; `-` is standard input.
pub(crate) fn open(path: &Path) -> Result<Input, Failure> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(path, &error))?)
    };
    Ok(BufReader::with_capacity(PEEK_BYTES, reader))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(BadInput {
        code: "unreadable".to_owned(),
        file: path.display().to_string(),
        hint: format!("The file cannot be read ({}).", error.kind()),
        ..BadInput::default()
    })
}

/// Reads a file as what its profile says, or as what its header looks like.
pub(crate) fn read(
    path: &Path,
    profile: Option<&str>,
    limits: ReadLimits,
    reference_year: u32,
) -> Result<AnyReader<Input>, Failure> {
    let input = open(path)?;
    let profile = profile.map(profile_of).transpose()?;
    AnyReader::open(input, profile.as_ref(), limits, reference_year)
        .map_err(|error| bad_file(path, &error))
}

/// A built-in profile by name, or a profile file.
fn profile_of(name: &str) -> Result<Profile, Failure> {
    if let Ok(profile) = Profile::built_in(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    if !path.exists() {
        let built_in = "doors, cambridge, vermont-e911, people or van";
        return Err(Failure::Usage(format!(
            "there is no profile {name}: name a profile file, or one of {built_in}"
        )));
    }
    let json = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Profile::parse(&json).map_err(|error| {
        Failure::Input(BadInput {
            code: error.code().to_owned(),
            file: name.to_owned(),
            row: Some(u64::from(error.line)),
            column: Some(error.column.to_string()),
            hint: error.to_string(),
        })
    })
}

/// What is wrong with a file as a whole.
pub(crate) fn bad_file(path: &Path, error: &FileError) -> Failure {
    Failure::Input(BadInput {
        code: error.code().to_owned(),
        file: path.display().to_string(),
        row: error.row(),
        column: error.column().map(str::to_owned),
        hint: error.hint().to_owned(),
    })
}

/// What is wrong with a row.
pub(crate) fn bad_row(path: &Path, rejection: &Rejection) -> Failure {
    Failure::Input(BadInput {
        code: rejection.code.code().to_owned(),
        file: path.display().to_string(),
        row: Some(rejection.row),
        column: rejection.column.clone(),
        hint: rejection.code.hint().to_owned(),
    })
}

/// The doors of a file, for commands that plan over them.
pub(crate) struct Doors {
    pub(crate) doors: Vec<DoorRecord>,
    pub(crate) skipped: Vec<SkipCount>,
}

/// Reads all doors of a file; the first rejected row ends it.
pub(crate) fn all_doors(path: &Path, profile: Option<&str>) -> Result<Doors, Failure> {
    let opened = read(path, profile, ReadLimits::default(), 0)?;
    let AnyReader::Doors(mut reader) = opened else {
        return Err(Failure::Input(BadInput {
            code: "not_doors".to_owned(),
            file: path.display().to_string(),
            hint: "This is a file of people: name a file of doors.".to_owned(),
            ..BadInput::default()
        }));
    };
    let mut tally = ImportTally::new(reader.fields());
    let mut doors = Vec::new();
    for outcome in &mut reader {
        doors.extend(tally.admit(outcome.map_err(|error| bad_file(path, &error))?));
        if let Some(rejection) = tally.rejected.first() {
            return Err(bad_row(path, rejection));
        }
    }
    Ok(Doors { doors, skipped: tally.skipped })
}
