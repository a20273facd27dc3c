//! From a file's rows to what a campaign holds: all of it, or nothing.
//!
//! A file is an author. What a row says is compared with what the same source said before;
//! what it repeats writes nothing, what it alters is a change of that file. A single rejected
//! row, and nothing is imported. Where rows are kept, and how a transaction is undone, is the
//! [`Roster`]'s business.

mod doors;
mod later;
mod parked;
mod people;

pub use doors::import_doors;
pub use later::take_in;
pub use people::import_people;

use crate::change::{Body, ImportedField, ImportedWrite};
use crate::geometry::Point;
use crate::id::{CampaignId, ChangeId, DeviceId, HouseholdId, PersonId};
use crate::interchange::{FileError, ImportTally};
use crate::merge::{Altered, Write};
use crate::walklist::{Household, Person};

/// What one source last said of a household or person: field, value, and the number of the
/// file that said it.
pub type Said = Vec<(ImportedField, String, u64)>;

/// A person whom a campaign knows already.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownPerson {
    /// The household they belong to.
    pub household: HouseholdId,
    /// What the source last said of them.
    pub said: Said,
    /// They were erased: no file says anything of them any more.
    pub erased: bool,
}

/// What a campaign holds, as an import sees and changes it. All calls of one import are one
/// transaction: an error undoes them.
pub trait Roster {
    /// The error of the store.
    type Error: From<FileError>;

    /// The campaign.
    fn campaign(&self) -> CampaignId;
    /// How many files of this source have been accepted.
    fn files(&mut self, source: &str) -> Result<u64, Self::Error>;
    /// Notes that one more has been.
    fn accept_file(&mut self, source: &str, number: u64) -> Result<(), Self::Error>;

    /// What a source last said of a household; nothing when there is no such household.
    fn household(&mut self, id: HouseholdId, source: DeviceId)
    -> Result<Option<Said>, Self::Error>;
    /// The household that a doors file calls by this key.
    fn household_of_key(&mut self, key: &str) -> Result<Option<HouseholdId>, Self::Error>;
    /// The household at this address, by its matching key; nothing when there are several.
    fn household_at(&mut self, address: &str) -> Result<Option<HouseholdId>, Self::Error>;
    /// Positions of the doors that have a cell already, with their cells.
    fn placed(&mut self) -> Result<Vec<(Point, u32)>, Self::Error>;
    /// Adds a household to a cell.
    fn add_household(
        &mut self,
        household: &Household,
        key: &str,
        cell: u32,
        file: FileRef<'_>,
    ) -> Result<(), Self::Error>;

    /// A person by id; nothing when there is no such person.
    fn person(
        &mut self,
        id: PersonId,
        source: DeviceId,
    ) -> Result<Option<KnownPerson>, Self::Error>;
    /// Adds a person to their household.
    fn add_person(
        &mut self,
        person: &Person,
        key: &str,
        file: FileRef<'_>,
    ) -> Result<(), Self::Error>;

    /// Takes in what a file alters at one household.
    fn alter(
        &mut self,
        household: HouseholdId,
        file: FileRef<'_>,
        writes: Vec<ImportedWrite<PersonId>>,
    ) -> Result<(), Self::Error>;
}

/// A file, as an author.
#[derive(Clone, Copy, Debug)]
pub struct FileRef<'a> {
    /// The source's name.
    pub source: &'a str,
    /// The id under which the file writes.
    pub id: ChangeId,
}

impl<'a> FileRef<'a> {
    fn new(campaign: CampaignId, source: &'a str, number: u64) -> Self {
        Self { source, id: ChangeId::import(campaign, source, number) }
    }
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Imported {
    /// The account.
    pub tally: ImportTally,
    /// The number of the file; nothing when it said nothing new, or was rejected.
    pub file: Option<u64>,
    /// Households and people that were not there before.
    pub added: u64,
    /// Households where something was altered.
    pub altered: u64,
}

/// What a source last said, from the values in a row and the later files among the changes.
///
/// `row` holds the row's values, brought by file `first`; `writes` are the household's.
#[must_use]
pub fn said(
    source: DeviceId,
    row: Vec<(ImportedField, String)>,
    first: u64,
    member: Option<PersonId>,
    writes: &[Write],
) -> Said {
    let mut said: Said = row.into_iter().map(|(field, value)| (field, value, first)).collect();
    for write in writes.iter().filter(|write| write.change.id.device == source) {
        let Body::Imported(file) = &write.change.body else { continue };
        let number = write.change.id.seq;
        for altered in file.writes.iter().filter(|altered| altered.member == member) {
            let known = said.iter_mut().find(|(field, _, _)| *field == altered.field);
            match known {
                Some((_, value, last)) if *last <= number => {
                    value.clone_from(&altered.value);
                    *last = number;
                }
                Some(_) => {}
                None => said.push((altered.field, altered.value.clone(), number)),
            }
        }
    }
    said
}

fn writes_of(member: Option<PersonId>, altered: Vec<Altered>) -> Vec<ImportedWrite<PersonId>> {
    altered
        .into_iter()
        .map(|Altered { field, previous, value }| ImportedWrite { member, field, previous, value })
        .collect()
}
