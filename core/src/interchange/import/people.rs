//! People: joined to a door, new ones added, known ones compared with what their source said.

use std::collections::BTreeMap;
use std::io::Read;

use crate::change::{ImportedField, ImportedWrite};
use crate::id::{HouseholdId, PersonId};
use crate::interchange::import::{FileRef, Imported, Roster, device, writes_of};
use crate::interchange::{
    ImportTally, PersonReader, PersonRecord, Rejection, RejectionCode, RowOutcome, person_fields,
};
use crate::merge::altered;
use crate::walklist::Person;

/// What a file does to one household.
#[derive(Default)]
struct AtHousehold {
    new: Vec<PersonRecord>,
    writes: Vec<ImportedWrite<PersonId>>,
}

/// Imports people. A row joins a door by the doors file's key, else by its exact address with
/// unit; otherwise it is rejected.
pub fn import_people<R: Roster>(
    roster: &mut R,
    mut reader: PersonReader<impl Read>,
    source: Option<&str>,
) -> Result<Imported, R::Error> {
    let source = source.unwrap_or(reader.source()).to_owned();
    let campaign = roster.campaign();
    let device = device(campaign, &source);
    let mut tally = ImportTally::new(reader.fields());
    let mut households: BTreeMap<HouseholdId, AtHousehold> = BTreeMap::new();
    for outcome in &mut reader {
        let person = match outcome? {
            RowOutcome::Row(person) => person,
            RowOutcome::Skipped(reason) => {
                tally.skip(reason);
                continue;
            }
            RowOutcome::Rejected(rejection) => {
                tally.reject(rejection);
                continue;
            }
        };
        let Some(household) = home(roster, &person)? else {
            let column = None;
            tally.reject(Rejection { row: person.row, column, code: RejectionCode::NoDoor });
            continue;
        };
        tally.take();
        tally.people += 1;
        if !tally.is_clean() {
            continue;
        }
        let id = PersonId::of_row(campaign, &source, &person.key);
        let Some(known) = roster.person(id, device)? else {
            households.entry(household).or_default().new.push(person);
            continue;
        };
        let changed = altered(&known.said, &person_fields(&person));
        if known.household == household {
            let writes = writes_of(Some(id), changed);
            households.entry(household).or_default().writes.extend(writes);
        } else {
            // Gone from there, new here: what was learnt at either door stays with it.
            let left = ImportedWrite {
                member: Some(id),
                field: ImportedField::Household,
                previous: None,
                value: household.to_string(),
            };
            households.entry(known.household).or_default().writes.push(left);
            households.entry(household).or_default().new.push(person);
        }
    }
    tally.households = households.len() as u64;
    households.retain(|_, at| !at.new.is_empty() || !at.writes.is_empty());
    if !tally.is_clean() || households.is_empty() {
        return Ok(Imported { tally, file: None, added: 0, altered: 0 });
    }
    let number = roster.files(&source)? + 1;
    roster.accept_file(&source, number)?;
    let (added, altered) = store(roster, &source, number, households)?;
    Ok(Imported { tally, file: Some(number), added, altered })
}

/// Writes what a file does; answers the people it added and the households it altered.
fn store<R: Roster>(
    roster: &mut R,
    source: &str,
    number: u64,
    households: BTreeMap<HouseholdId, AtHousehold>,
) -> Result<(u64, u64), R::Error> {
    let campaign = roster.campaign();
    let file = FileRef::new(campaign, source, number);
    let (mut added, mut altered) = (0, 0);
    for (household, AtHousehold { new, writes }) in households {
        added += new.len() as u64;
        for record in new {
            let key = record.key.clone();
            let id = PersonId::of_row(campaign, source, &key);
            roster.add_person(&person_of(id, household, record), &key, file)?;
        }
        if !writes.is_empty() {
            altered += 1;
            roster.alter(household, file, writes)?;
        }
    }
    Ok((added, altered))
}

fn home<R: Roster>(
    roster: &mut R,
    person: &PersonRecord,
) -> Result<Option<HouseholdId>, R::Error> {
    if let Some(key) = &person.door_key {
        return roster.household_of_key(key);
    }
    roster.household_at(&person.address.matching_key())
}

fn person_of(id: PersonId, household: HouseholdId, record: PersonRecord) -> Person {
    let PersonRecord { given_name, family_name, birth_year, party, phone, email, .. } = record;
    Person {
        id,
        household,
        given_name,
        family_name,
        birth_year,
        party,
        phone,
        email,
        language: record.language,
        standing: record.standing,
    }
}
