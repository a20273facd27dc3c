//! Imports as authors: which fields a later file sets anew.
//!
//! A file's row is compared with what the *same source* said before, not with what is shown
//! now. What it repeats writes nothing; what it alters is a change whose author had seen the
//! source's own earlier value. So the same file twice changes nothing, and a correction made at
//! the door stands against a file that merely repeats the old value, and conflicts with one
//! that says something new.

use crate::change::ImportedField;
use crate::id::{ChangeId, HouseholdId, PersonId};
use crate::merge::{Digest, ImportedValue};
use crate::walklist::Person;

/// The incarnation under which a source's first values of a household are sequenced, once what
/// its rows show may be something else. Files themselves have incarnation 0.
pub const FIRST_VALUES: u32 = 1;

/// The incarnation under which a file says what the first builds of version 1 have no field for.
pub const LATER_FIELDS: u32 = 2;

/// The first values of the fields of a person that canvassers write to as well: what `fold`
/// must be told beside the changes. `file` is the file that brought the person.
pub fn first_values(
    person: &Person,
    file: ChangeId,
) -> impl Iterator<Item = ImportedValue> + use<> {
    let member = Some(person.id);
    [(ImportedField::Phone, person.phone.clone()), (ImportedField::Email, person.email.clone())]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(move |(field, value)| ImportedValue { member, field, file, value })
}

/// The digest of the rows that files brought: a household's and its people's, each with the
/// file that brought it.
pub fn rows_digest(
    household: HouseholdId,
    file: ChangeId,
    people: impl IntoIterator<Item = (PersonId, ChangeId)>,
) -> Digest {
    let people = people.into_iter().map(|(id, file)| Digest::of_row(household, Some(id), file));
    people.chain([Digest::of_row(household, None, file)]).sum()
}

/// A field that a row alters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// The field.
    pub field: ImportedField,
    /// The number of the source's file that set it before; nothing if none did.
    pub previous: Option<u64>,
    /// What the new file says.
    pub value: String,
}

/// What a row of a source's new file alters, given what that source said before: for each field
/// the value and the number of the file that set it.
///
/// A field that the row does not mention is left alone; an empty value that replaces a filled
/// one is an alteration, one where there was none is not.
#[must_use]
pub fn altered(
    before: &[(ImportedField, String, u64)],
    row: &[(ImportedField, String)],
) -> Vec<Altered> {
    row.iter()
        .filter_map(|(field, value)| {
            let said = before.iter().find(|(known, _, _)| known == field);
            match said {
                Some((_, old, _)) if old == value => None,
                None if value.is_empty() => None,
                _ => Some(Altered {
                    field: *field,
                    previous: said.map(|(_, _, file)| *file),
                    value: value.clone(),
                }),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_source_says_anew_is_a_change() {
        let before = [
            (ImportedField::Phone, "555-0100".to_owned(), 1),
            (ImportedField::Party, "A".to_owned(), 2),
        ];
        let row = [
            (ImportedField::Phone, "555-0100".to_owned()),
            (ImportedField::Party, String::new()),
            (ImportedField::Email, String::new()),
            (ImportedField::Language, "es".to_owned()),
        ];
        let expected = [
            Altered { field: ImportedField::Party, previous: Some(2), value: String::new() },
            Altered { field: ImportedField::Language, previous: None, value: "es".into() },
        ];
        assert_eq!(altered(&before, &row), expected);
    }
}
