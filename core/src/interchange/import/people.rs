//! People: joined to a door, new ones added, known ones compared with what their source said.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use crate::change::{ImportedField, ImportedWrite};
use crate::id::{HouseholdId, PersonId, source_device};
use crate::interchange::import::parked::{NewPerson, Parked};
use crate::interchange::import::{FileRef, Imported, Roster, writes_of};
use crate::interchange::{
    ImportTally, PersonReader, PersonRecord, Rejection, RejectionCode, person_fields,
};
use crate::merge::altered;
use crate::walklist::Person;

/// What a file does to the households that it speaks of.
#[derive(Default)]
struct Doings {
    households: BTreeSet<HouseholdId>,
    new: Parked<NewPerson>,
    /// Where each of them lives.
    homes: Vec<HouseholdId>,
    writes: BTreeMap<HouseholdId, Vec<ImportedWrite<PersonId>>>,
}

impl Doings {
    fn add(&mut self, household: HouseholdId, person: PersonRecord) {
        self.households.insert(household);
        self.homes.push(household);
        self.new.push(&NewPerson::from(person));
    }

    fn write(&mut self, household: HouseholdId, writes: Vec<ImportedWrite<PersonId>>) {
        self.households.insert(household);
        if !writes.is_empty() {
            self.writes.entry(household).or_default().extend(writes);
        }
    }

    fn is_nothing(&self) -> bool {
        self.new.is_empty() && self.writes.is_empty()
    }

    /// Does it, household by household, new people in the file's order.
    fn carry_out<R: Roster>(mut self, roster: &mut R, file: FileRef<'_>) -> Result<(), R::Error> {
        let campaign = roster.campaign();
        let mut by_home: Vec<usize> = (0..self.new.len()).collect();
        by_home.sort_by_key(|place| self.homes[*place]);
        let mut rest = &by_home[..];
        for household in self.households {
            let here = rest.partition_point(|place| self.homes[*place] == household);
            for place in &rest[..here] {
                let person = self.new.get(*place);
                let id = PersonId::of_row(campaign, file.source, &person.key);
                let key = person.key.clone();
                roster.add_person(&person_of(id, household, person), &key, file)?;
            }
            rest = &rest[here..];
            if let Some(writes) = self.writes.remove(&household) {
                roster.alter(household, file, writes)?;
            }
        }
        Ok(())
    }
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
    let device = source_device(campaign, &source);
    let mut tally = ImportTally::new(reader.fields());
    let mut doings = Doings::default();
    for outcome in &mut reader {
        let Some(person) = tally.admit(outcome?) else { continue };
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
            doings.add(household, person);
            continue;
        };
        if known.erased {
            continue;
        }
        if known.household == household {
            let changed = altered(&known.said, &person_fields(&person));
            doings.write(household, writes_of(Some(id), changed));
        } else {
            // Gone from there, new here: what was learnt at either door stays with it.
            let left = ImportedWrite {
                member: Some(id),
                field: ImportedField::Household,
                previous: None,
                value: household.to_string(),
            };
            doings.write(known.household, vec![left]);
            doings.add(household, person);
        }
    }
    tally.households = doings.households.len() as u64;
    if !tally.is_clean() || doings.is_nothing() {
        return Ok(Imported { tally, file: None, added: 0, altered: 0 });
    }
    let number = roster.files(&source)? + 1;
    roster.accept_file(&source, number)?;
    let (added, altered) = (doings.new.len() as u64, doings.writes.len() as u64);
    doings.carry_out(roster, FileRef::new(campaign, &source, number))?;
    Ok(Imported { tally, file: Some(number), added, altered })
}

fn home<R: Roster>(roster: &mut R, person: &PersonRecord) -> Result<Option<HouseholdId>, R::Error> {
    if let Some(key) = &person.door_key {
        return roster.household_of_key(key);
    }
    roster.household_at(&person.address.matching_key())
}

fn person_of(id: PersonId, household: HouseholdId, person: NewPerson) -> Person {
    let NewPerson { given_name, family_name, birth_year, party, phone, email, .. } = person;
    Person {
        id,
        household,
        given_name,
        family_name,
        birth_year,
        party,
        phone,
        email,
        language: person.language,
        standing: person.standing,
    }
}
