//! Records as fields, so that a later file of the same source can be merged three ways.
//!
//! Each field's text has one form ([`ImportedField`] says which); setting the fields that a
//! record gives makes the household or person that the record describes.

use crate::change::ImportedField;
use crate::geometry::Point;
use crate::id::{CampaignId, HouseholdId};
use crate::walklist::{Access, Address, Household, Person, Standing};

use super::doors::DoorRecord;
use super::people::PersonRecord;

/// A set of the fields that files set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(u64);

impl FieldSet {
    /// Whether the field is in it.
    #[must_use]
    pub const fn has(self, field: ImportedField) -> bool {
        self.0 & Self::bit(field) != 0
    }

    /// Puts the field in.
    pub const fn insert(&mut self, field: ImportedField) {
        self.0 |= Self::bit(field);
    }

    /// Fields' numbers stay below 64: they are given out by the dozen in 30 years.
    const fn bit(field: ImportedField) -> u64 {
        1 << (field.number() & 63)
    }
}

impl FromIterator<ImportedField> for FieldSet {
    fn from_iter<I: IntoIterator<Item = ImportedField>>(fields: I) -> Self {
        let mut set = Self::default();
        for field in fields {
            set.insert(field);
        }
        set
    }
}

/// Why a field cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportedFieldError {
    /// A person's field, set at a household, or the other way round.
    #[error("not a field of this kind of record")]
    OtherRecord,
    /// A text that this field cannot have.
    #[error("not a value of this field")]
    BadValue,
}

/// What a door's row says, field by field: those that its file tells, empty ones included.
#[must_use]
pub fn door_fields(door: &DoorRecord) -> Vec<(ImportedField, String)> {
    let all = place_fields(&door.address, door.point, door.unit_count);
    let all = all.into_iter().chain([(ImportedField::Access, access_text(door.access))]);
    all.filter(|(field, _)| door.told.has(*field)).collect()
}

/// What is said of how a door is reached; nothing where nothing is in the way.
pub(in crate::interchange) fn access_text(access: Access) -> String {
    if access == Access::Open { String::new() } else { access.name().to_owned() }
}

/// What files may have said of a household's row, field by field. How it is reached is in no row:
/// it is said by changes alone.
#[must_use]
pub fn household_fields(household: &Household) -> Vec<(ImportedField, String)> {
    let place = place_fields(&household.address, household.point, household.unit_count);
    place.into_iter().chain([(ImportedField::Control, mark(household.control))]).collect()
}

/// What a person's row says, field by field: those that its file tells, empty ones included.
/// The household ([`ImportedField::Household`]) is not among them: whoever joins people to
/// doors adds it.
#[must_use]
pub fn person_fields(person: &PersonRecord) -> Vec<(ImportedField, String)> {
    let names = [&person.given_name, &person.family_name];
    let texts = [&person.party, &person.phone, &person.email, &person.language];
    let all = own_fields(names, person.birth_year, texts, person.standing);
    all.into_iter().filter(|(field, _)| person.told.has(*field)).collect()
}

/// What files may have said of a person, field by field; the household is not among them.
#[must_use]
pub fn known_person_fields(person: &Person) -> Vec<(ImportedField, String)> {
    let names = [&person.given_name, &person.family_name];
    let texts = [&person.party, &person.phone, &person.email, &person.language];
    own_fields(names, person.birth_year, texts, person.standing).into()
}

fn place_fields(address: &Address, point: Point, unit_count: u32) -> [(ImportedField, String); 7] {
    let (lat, lon) = point.to_e7();
    [
        (ImportedField::HouseNumber, address.house_number.clone()),
        (ImportedField::Street, address.street.clone()),
        (ImportedField::Unit, address.unit.clone()),
        (ImportedField::Town, address.town.clone()),
        (ImportedField::Zip, address.zip.clone()),
        (ImportedField::Position, format!("{lat} {lon}")),
        (ImportedField::UnitCount, unit_count.to_string()),
    ]
}

fn own_fields(
    [given_name, family_name]: [&String; 2],
    birth_year: u32,
    [party, phone, email, language]: [&String; 4],
    standing: Standing,
) -> [(ImportedField, String); 13] {
    let year = match birth_year {
        0 => String::new(),
        year => year.to_string(),
    };
    [
        (ImportedField::GivenName, given_name.clone()),
        (ImportedField::FamilyName, family_name.clone()),
        (ImportedField::BirthYear, year),
        (ImportedField::Party, party.clone()),
        (ImportedField::Phone, phone.clone()),
        (ImportedField::Email, email.clone()),
        (ImportedField::Language, language.clone()),
        (ImportedField::Voted, mark(standing.voted)),
        (ImportedField::Deceased, mark(standing.deceased)),
        (ImportedField::Exempt, mark(standing.exempt)),
        (ImportedField::DoNotContact, mark(standing.do_not_contact)),
        (ImportedField::DoNotCall, mark(standing.do_not_call)),
        (ImportedField::DoNotText, mark(standing.do_not_text)),
    ]
}

fn mark(set: bool) -> String {
    if set { "1".to_owned() } else { String::new() }
}

/// Sets one field of a household from its text. An altered address also alters the building.
pub fn set_household_field(
    household: &mut Household,
    campaign: CampaignId,
    field: ImportedField,
    value: &str,
) -> Result<(), ImportedFieldError> {
    let text = value.to_owned();
    match field {
        ImportedField::HouseNumber => household.address.house_number = text,
        ImportedField::Street => household.address.street = text,
        ImportedField::Unit => household.address.unit = text,
        ImportedField::Town => household.address.town = text,
        ImportedField::Zip => household.address.zip = text,
        ImportedField::Position => {
            household.point = point(value).ok_or(ImportedFieldError::BadValue)?;
        }
        ImportedField::UnitCount => household.unit_count = number(value)?,
        ImportedField::Control => household.control = flag(value)?,
        // No row holds it.
        ImportedField::Access => {
            Access::named(value).ok_or(ImportedFieldError::BadValue)?;
        }
        _ => return Err(ImportedFieldError::OtherRecord),
    }
    household.building = household.address.building(campaign);
    Ok(())
}

/// Sets one field of a person from its text.
pub fn set_person_field(
    person: &mut Person,
    field: ImportedField,
    value: &str,
) -> Result<(), ImportedFieldError> {
    let text = value.to_owned();
    match field {
        ImportedField::GivenName => person.given_name = text,
        ImportedField::FamilyName => person.family_name = text,
        ImportedField::BirthYear if value.is_empty() => person.birth_year = 0,
        ImportedField::BirthYear => person.birth_year = number(value)?,
        ImportedField::Party => person.party = text,
        ImportedField::Phone => person.phone = text,
        ImportedField::Email => person.email = text,
        ImportedField::Language => person.language = text,
        ImportedField::Voted => person.standing.voted = flag(value)?,
        ImportedField::Deceased => person.standing.deceased = flag(value)?,
        ImportedField::Exempt => person.standing.exempt = flag(value)?,
        ImportedField::DoNotContact => person.standing.do_not_contact = flag(value)?,
        ImportedField::DoNotCall => person.standing.do_not_call = flag(value)?,
        ImportedField::DoNotText => person.standing.do_not_text = flag(value)?,
        ImportedField::Household => {
            let parsed = value.parse::<HouseholdId>();
            person.household = parsed.map_err(|_| ImportedFieldError::BadValue)?;
        }
        _ => return Err(ImportedFieldError::OtherRecord),
    }
    Ok(())
}

fn point(value: &str) -> Option<Point> {
    let (lat, lon) = value.split_once(' ')?;
    let point = Point::from_e7(lat.parse().ok()?, lon.parse().ok()?);
    Point::new(point.lat, point.lon).ok()
}

fn number(value: &str) -> Result<u32, ImportedFieldError> {
    value.parse().map_err(|_| ImportedFieldError::BadValue)
}

fn flag(value: &str) -> Result<bool, ImportedFieldError> {
    match value {
        "1" => Ok(true),
        "" => Ok(false),
        _ => Err(ImportedFieldError::BadValue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use proptest::prelude::*;

    fn campaign() -> CampaignId {
        CampaignId::derive(&[b"c"])
    }

    fn empty_household() -> Household {
        let address = Address::default();
        Household {
            id: HouseholdId::derive(&[]),
            building: address.building(campaign()),
            address,
            point: Point::from_e7(1, 1),
            unit_count: 1,
            control: false,
        }
    }

    fn empty_person() -> Person {
        Person {
            id: PersonId::derive(&[]),
            household: HouseholdId::derive(&[]),
            given_name: String::new(),
            family_name: String::new(),
            birth_year: 0,
            party: String::new(),
            phone: String::new(),
            email: String::new(),
            language: String::new(),
            standing: Standing::default(),
        }
    }

    const TEXT: &str = "[^\\p{C}]{0,12}";

    proptest! {
        #[test]
        fn a_doors_fields_make_the_door_again(
            parts in proptest::array::uniform5(TEXT),
            (lat, lon) in (-599_999_999_i32..900_000_000, -1_800_000_000_i32..1_800_000_000),
            unit_count in 1_u32..10_000,
        ) {
            let [house_number, street, unit, town, zip] = parts;
            let address = Address { house_number, street, unit, town, zip };
            prop_assume!((lat, lon) != (0, 0));
            let told = (1..=7).filter_map(ImportedField::from_number).collect();
            let point = Point::from_e7(lat, lon);
            let key = String::new();
            let access = Access::Open;
            let door = DoorRecord { row: 2, key, address, point, unit_count, access, told };
            let mut household = empty_household();
            for (field, value) in door_fields(&door) {
                set_household_field(&mut household, campaign(), field, &value).unwrap();
            }
            prop_assert_eq!(&household.address, &door.address);
            prop_assert_eq!(household.building, door.address.building(campaign()));
            prop_assert_eq!((household.point, household.unit_count), (point, unit_count));
            let known = household_fields(&household);
            prop_assert!(door_fields(&door).iter().all(|field| known.contains(field)));
        }

        #[test]
        fn a_persons_fields_make_the_person_again(
            texts in proptest::array::uniform6(TEXT),
            birth_year in prop_oneof![Just(0_u32), 1900_u32..2020],
            marks in proptest::array::uniform6(any::<bool>()),
        ) {
            let [given_name, family_name, party, phone, email, language] = texts;
            let [voted, deceased, exempt, do_not_contact, do_not_call, do_not_text] = marks;
            let standing = Standing {
                voted, deceased, exempt, do_not_contact, moved: false, do_not_call, do_not_text,
            };
            let person = PersonRecord {
                row: 2,
                key: String::new(),
                door_key: None,
                address: Address::default(),
                given_name, family_name, birth_year, party, phone, email, language,
                standing,
                told: (32..=45).filter_map(ImportedField::from_number).collect(),
            };
            let mut set = empty_person();
            for (field, value) in person_fields(&person) {
                set_person_field(&mut set, field, &value).unwrap();
            }
            prop_assert_eq!(known_person_fields(&set), person_fields(&person));
            prop_assert_eq!(set.standing, person.standing);
            prop_assert_eq!(
                (set.given_name, set.family_name, set.birth_year, set.party),
                (person.given_name, person.family_name, person.birth_year, person.party)
            );
            prop_assert_eq!(
                (set.phone, set.email, set.language),
                (person.phone, person.email, person.language)
            );
        }

        #[test]
        fn any_text_is_set_or_refused(number in 0_u8..64, value in "\\PC{0,20}|-?[0-9]{1,12} -?[0-9]{1,12}") {
            let Some(field) = ImportedField::from_number(number) else { return Ok(()); };
            let household = set_household_field(&mut empty_household(), campaign(), field, &value);
            let person = set_person_field(&mut empty_person(), field, &value);
            let others = [household, person].map(|it| it == Err(ImportedFieldError::OtherRecord));
            prop_assert_eq!(others.iter().filter(|other| **other).count(), 1);
        }
    }

    #[test]
    fn every_field_has_a_bit_of_its_own() {
        for a in (0..=255).filter_map(ImportedField::from_number) {
            let set: FieldSet = [a].into_iter().collect();
            for b in (0..=255).filter_map(ImportedField::from_number) {
                assert_eq!(set.has(b), a == b);
            }
        }
    }
}
