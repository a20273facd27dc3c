//! What of a campaign's files leaves for a phone: no more than a canvasser needs.
//!
//! The same for the rows of a snapshot and for what a later file alters. Which doors and people
//! leave at all is the read gate's business (`canvass`), and what canvassers wrote leaves whole.

use crate::change::{ImportedBody, ImportedField};
use crate::id::PersonId;
use crate::walklist::Person;

/// Birth years leave rounded down to this many years: a canvasser needs no more.
const BIRTH_YEAR_STEP: u32 = 5;

/// A person with no more than a canvasser needs: a birth year rounded down, contact details
/// only if the list comes with them, and nothing at all of an exempt record but that it is one.
#[must_use]
pub fn told_person(person: Person, with_contacts: bool) -> Person {
    let Person { id, household, given_name, family_name, party, language, standing, .. } = person;
    let withheld = |text: String| if standing.exempt { String::new() } else { text };
    let contact = |text: String| if with_contacts { withheld(text) } else { String::new() };
    Person {
        id,
        household,
        given_name: withheld(given_name),
        family_name: withheld(family_name),
        birth_year: if standing.exempt { 0 } else { told_birth_year(person.birth_year) },
        party: withheld(party),
        phone: contact(person.phone),
        email: contact(person.email),
        language: withheld(language),
        standing,
    }
}

/// What a later file says leaves with no more than a canvasser needs, as the rows do: a change
/// whose value is withheld stays a change, so that everyone folds the same ones.
pub fn told_file(
    file: &mut ImportedBody<PersonId>,
    is_exempt: impl Fn(PersonId) -> bool,
    with_contacts: bool,
) {
    use ImportedField as F;

    for write in &mut file.writes {
        let Some(member) = write.member else { continue };
        let is_standing = matches!(
            write.field,
            F::Voted
                | F::Deceased
                | F::Exempt
                | F::DoNotContact
                | F::Household
                | F::DoNotCall
                | F::DoNotText
        );
        let is_contact = matches!(write.field, F::Phone | F::Email);
        if is_exempt(member) && !is_standing || is_contact && !with_contacts {
            write.value.clear();
        } else if write.field == F::BirthYear {
            let year = write.value.parse().map_or(0, told_birth_year);
            write.value = if year == 0 { String::new() } else { year.to_string() };
        }
    }
}

const fn told_birth_year(year: u32) -> u32 {
    year - year % BIRTH_YEAR_STEP
}

#[cfg(test)]
mod tests {
    use crate::change::ImportedWrite;

    use super::*;

    #[test]
    fn a_later_file_tells_no_more_than_the_rows_do() {
        let [ash, birch] = [PersonId::derive(&[b"ash"]), PersonId::derive(&[b"birch"])];
        let write = |member, field, value: &str| ImportedWrite {
            member: Some(member),
            field,
            previous: Some(1),
            value: value.to_owned(),
        };
        let writes = vec![
            write(ash, ImportedField::BirthYear, "1974"),
            write(ash, ImportedField::Phone, "+18025550100"),
            write(ash, ImportedField::GivenName, "Ash"),
            write(birch, ImportedField::GivenName, "Birch"),
            write(birch, ImportedField::BirthYear, "1981"),
            write(birch, ImportedField::Exempt, "1"),
        ];
        let mut file = ImportedBody { writes };
        told_file(&mut file, |person| person == birch, false);
        let values: Vec<&str> = file.writes.iter().map(|write| write.value.as_str()).collect();
        assert_eq!(values, ["1970", "", "Ash", "", "", "1"]);
    }
}
