//! Addresses as campaigns' files give them: compared loosely, sorted naturally.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::id::{BuildingId, CampaignId};

/// A postal address in the parts that files give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Address {
    /// House number as written: `12`, `12A`, `123 1/2`.
    pub house_number: String,
    /// Street with its direction and suffix: `N Main St`.
    pub street: String,
    /// Apartment or unit, empty for a house.
    pub unit: String,
    /// Town or city.
    pub town: String,
    /// Postal code.
    pub zip: String,
}

impl Address {
    /// The building this address lies in: all units of one street address share it.
    #[must_use]
    pub fn building(&self, campaign: CampaignId) -> BuildingId {
        let parts = [&self.house_number, &self.street, &self.town, &self.zip].map(|p| folded(p));
        BuildingId::derive(&[
            &campaign.to_bytes(),
            parts[0].as_bytes(),
            parts[1].as_bytes(),
            parts[2].as_bytes(),
            parts[3].as_bytes(),
        ])
    }

    /// The form in which two spellings of one address are equal: case, spaces, punctuation,
    /// the usual suffix words and unit marks do not count. Town and postal code do, where given.
    #[must_use]
    pub fn matching_key(&self) -> String {
        [
            folded(&self.house_number),
            street_key(&self.street),
            bare_unit(&self.unit),
            folded(&self.town),
            folded(&self.zip),
        ]
        .join("|")
    }

    /// The house number without letters and fractions: 12 of `12A`; none where it begins with no
    /// digit.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        let text = self.house_number.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..digits].parse().ok()
    }

    /// The floor that the unit's number tells, as it is counted in the building; none where it
    /// tells none. Numbers of three digits and more are taken as the floor and two digits
    /// (`304`, `1204`), shorter ones with a letter after them as the floor and the door (`2A`,
    /// `10 B`). A plain `1` to `99` only counts doors.
    #[must_use]
    pub fn floor(&self) -> Option<u32> {
        let unit = bare_unit(&self.unit);
        let digits = unit.find(|c: char| !c.is_ascii_digit()).unwrap_or(unit.len());
        let (number, rest) = unit.split_at(digits);
        let rest = rest.trim_start_matches([' ', '-']);
        let is_door = rest.chars().count() <= 1 && rest.chars().all(char::is_alphabetic);
        match number.len() {
            1 | 2 if is_door && !rest.is_empty() => number.parse().ok(),
            3 | 4 if is_door => number[..number.len() - 2].parse().ok().filter(|floor| *floor > 0),
            _ => None,
        }
    }

    /// The order in which a person would read a list: street, number, then unit, with numbers
    /// compared as numbers.
    #[must_use]
    pub fn reading_order(&self) -> (String, NaturalKey, NaturalKey) {
        (folded(&self.street), NaturalKey::new(&self.house_number), NaturalKey::new(&self.unit))
    }
}

/// The unit without the word that says that it is one.
fn bare_unit(unit: &str) -> String {
    let unit = folded(unit);
    let bare = UNIT_MARKS.iter().find_map(|mark| unit.strip_prefix(mark)).unwrap_or(&unit);
    bare.trim_start_matches('#').trim().to_owned()
}

const UNIT_MARKS: [&str; 6] = ["APARTMENT ", "APT ", "UNIT ", "SUITE ", "STE ", "NO "];

/// Street suffixes by their postal abbreviation (USPS Publication 28, appendix C1: the common
/// ones).
const SUFFIXES: [(&str, &str); 19] = [
    ("ALLEY", "ALY"),
    ("AVENUE", "AVE"),
    ("BOULEVARD", "BLVD"),
    ("CIRCLE", "CIR"),
    ("COURT", "CT"),
    ("DRIVE", "DR"),
    ("EXTENSION", "EXT"),
    ("HEIGHTS", "HTS"),
    ("HIGHWAY", "HWY"),
    ("LANE", "LN"),
    ("PARKWAY", "PKWY"),
    ("PLACE", "PL"),
    ("PLAZA", "PLZ"),
    ("ROAD", "RD"),
    ("SQUARE", "SQ"),
    ("STREET", "ST"),
    ("TERRACE", "TER"),
    ("TRAIL", "TRL"),
    ("WAY", "WAY"),
];

/// The form in which two spellings of one street are equal.
pub(crate) fn street_key(street: &str) -> String {
    short_suffix(&folded(street))
}

/// Upper case, single spaces, no full stops or commas.
fn folded(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

fn short_suffix(street: &str) -> String {
    let Some((head, last)) = street.rsplit_once(' ') else {
        return street.to_owned();
    };
    match SUFFIXES.iter().find(|(long, _)| *long == last) {
        Some((_, short)) => format!("{head} {short}"),
        None => street.to_owned(),
    }
}

/// A text whose runs of digits compare as numbers: `2` before `10`, `9A` before `12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaturalKey(Vec<Run>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    Number(u64),
    Text(String),
}

impl NaturalKey {
    /// The key of this text; case and outer spaces do not count.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim().to_uppercase();
        let mut runs: Vec<Run> = Vec::new();
        for c in text.chars() {
            match (c.to_digit(10), runs.last_mut()) {
                (Some(digit), Some(Run::Number(n))) => {
                    *n = n.saturating_mul(10).saturating_add(u64::from(digit));
                }
                (Some(digit), _) => runs.push(Run::Number(u64::from(digit))),
                (None, Some(Run::Text(run))) => run.push(c),
                (None, _) => runs.push(Run::Text(c.to_string())),
            }
        }
        Self(runs)
    }
}

impl PartialOrd for NaturalKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for NaturalKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(house_number: &str, street: &str, unit: &str) -> Address {
        Address {
            house_number: house_number.into(),
            street: street.into(),
            unit: unit.into(),
            ..Address::default()
        }
    }

    #[test]
    fn numbers_in_a_text_compare_as_numbers() {
        let mut units = ["10", "9A", "2", "B2", "B10", "", "12½", "12"];
        units.sort_by_key(|unit| NaturalKey::new(unit));
        assert_eq!(units, ["", "2", "9A", "10", "12", "12½", "B2", "B10"]);
    }

    #[test]
    fn a_units_number_tells_its_floor_or_none() {
        let floor = |unit| address("12", "Elm St", unit).floor();
        for (unit, expected) in [
            ("2A", 2),
            ("10 b", 10),
            ("Apt 3-C", 3),
            ("#304", 3),
            ("304B", 3),
            ("1204", 12),
            ("Unit 101", 1),
            ("110", 1),
        ] {
            assert_eq!(floor(unit), Some(expected), "{unit}");
        }
        for unit in ["", "2", "14", "A2", "PH", "001", "12345", "2nd", "2 Rear", "３０４"] {
            assert_eq!(floor(unit), None, "{unit}");
        }
    }

    #[test]
    fn spellings_of_one_address_match() {
        let key = address("12", "N Main Street", "Apt 3").matching_key();
        assert_eq!(key, address("12", "n. main st ", "#3").matching_key());
        assert_ne!(key, address("12", "S Main St", "3").matching_key());
        assert_ne!(key, address("123", "N Main St", "").matching_key());
    }

    #[test]
    fn units_of_one_address_share_a_building() {
        let campaign = CampaignId::derive(&[b"c"]);
        let building = address("12", "Elm St", "1").building(campaign);
        assert_eq!(building, address("12", "ELM ST", "2").building(campaign));
        assert_ne!(building, address("12A", "Elm St", "1").building(campaign));
    }
}
