//! People: invented ones, behind any door.
//!
//! Who lives at a door depends on the seed, the door's id and its dwellings alone, so that a
//! file in another order, or with more doors, holds the same people. Phone numbers are of the
//! range kept for fiction (555-0100 to 555-0199), e-mail addresses at the domain kept for
//! examples; names are joined of words that nobody is called by.

use canvass_core::walklist::Standing;

use super::random::Random;
use super::words::{family_name, given_name};

/// The parties on the ballot of every generated town.
pub const PARTIES: [&str; 2] = ["Lantern", "Orchard"];

/// The year in which the ages of generated people are reckoned.
pub const REFERENCE_YEAR: u32 = 2026;

/// One generated person, as a row of `people.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TownPerson {
    /// The door's id, a dash, and a number from 1.
    pub person_id: String,
    /// The door behind which they live.
    pub door_id: String,
    /// Given name; some have letters beyond ASCII.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Year of birth: an adult's in [`REFERENCE_YEAR`].
    pub birth_year: u32,
    /// One of [`PARTIES`], or empty.
    pub party: String,
    /// `555-0100` to `555-0199`, or empty.
    pub phone: String,
    /// An address at `example.org`, or empty.
    pub email: String,
    /// `en` or `es`.
    pub language: String,
    /// Marks of the file: voted, deceased, exempt, do not contact. Nobody is marked as moved.
    pub standing: Standing,
}

/// Invents people for doors that come from elsewhere: each an id and how many dwellings the
/// file counts behind it (0 counts as 1).
///
/// No door has more than five people for each dwelling; some have none.
pub fn people_for(seed: u64, doors: &[(String, u32)]) -> Vec<TownPerson> {
    let mut people = Vec::with_capacity(doors.len() * 2);
    for (door_id, dwellings) in doors {
        let mut random = Random::stream(seed, door_id);
        let mut number = 0;
        for _ in 0..(*dwellings).max(1) {
            household(&mut random, door_id, &mut number, &mut people);
        }
    }
    people
}

fn household(random: &mut Random, door_id: &str, number: &mut u32, people: &mut Vec<TownPerson>) {
    let size = random.weighted(&[(70, 0), (310, 1), (390, 2), (130, 3), (75, 4), (0, 5)]);
    let family = family_name(random);
    let language = if random.chance(120) { "es" } else { "en" };
    let leaning = party(random);
    let eldest = random.whole(22, 92);
    for member in 0..size {
        *number += 1;
        // A household mostly shares a name, often a party; grown children follow a couple.
        let age = match member {
            0 => eldest,
            1 => (eldest + random.below(9)).saturating_sub(4),
            _ => (eldest.saturating_sub(24 + random.below(12))).max(18 + random.below(6)),
        };
        let family = if random.chance(180) { family_name(random) } else { family.clone() };
        let party = if random.chance(700) { leaning } else { party(random) };
        people.push(person(random, door_id, *number, family, age.max(18), party, language));
    }
}

fn party(random: &mut Random) -> &'static str {
    random.weighted(&[(340, PARTIES[0]), (310, PARTIES[1]), (0, "")])
}

fn person(
    random: &mut Random,
    door_id: &str,
    number: u32,
    family: String,
    age: u32,
    party: &str,
    language: &str,
) -> TownPerson {
    let (given, plain) = given_name(random);
    let email = format!("{plain}.{family}{number}@example.org").to_lowercase();
    let phone = format!("555-01{:02}", random.below(100));
    TownPerson {
        person_id: format!("{door_id}-{number}"),
        door_id: door_id.to_owned(),
        given_name: given,
        family_name: family,
        birth_year: REFERENCE_YEAR - age,
        party: party.to_owned(),
        phone: if random.chance(620) { phone } else { String::new() },
        email: if random.chance(310) { email } else { String::new() },
        language: language.to_owned(),
        standing: Standing {
            voted: random.chance(45),
            deceased: random.chance(7),
            exempt: random.chance(6),
            do_not_contact: random.chance(12),
            ..Standing::default()
        },
    }
}
