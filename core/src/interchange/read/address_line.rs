//! Addresses in one text: `123 1/2 N Main St Apt 3` taken apart.
//!
//! It knows the usual forms of the United States and guesses at no others: what is not
//! recognised as a number or a unit stays part of the street.

use super::columns::Columns;
use super::layout::{DoorField, Field, PersonField};
use super::rows::Refusal;
use super::table::Record;
use crate::walklist::Address;

/// Words that begin a unit when a value follows (USPS Publication 28, appendix C2).
const UNIT_WORDS: [&str; 11] =
    ["APT", "APARTMENT", "UNIT", "STE", "SUITE", "LOT", "TRLR", "SPC", "RM", "FL", "BLDG"];
/// Words that are a unit by themselves at the end of a line (the same appendix).
const LONE_UNITS: [&str; 6] = ["BSMT", "FRNT", "LOWR", "PH", "REAR", "UPPR"];

/// The fields that make up an address.
pub(super) trait AddressField: Field {
    const LINE: Self;
    const HOUSE_NUMBER: Self;
    const STREET: Self;
    const UNIT: Self;
    const TOWN: Self;
    const ZIP: Self;
}

macro_rules! address_fields {
    ($($fields:ty),*) => {$(
        impl AddressField for $fields {
            const LINE: Self = Self::AddressLine;
            const HOUSE_NUMBER: Self = Self::HouseNumber;
            const STREET: Self = Self::Street;
            const UNIT: Self = Self::Unit;
            const TOWN: Self = Self::Town;
            const ZIP: Self = Self::Zip;
        }
    )*};
}

address_fields!(DoorField, PersonField);

/// The address that a row gives, in parts or in one text; the parts win.
pub(super) fn address<F: AddressField>(
    columns: &Columns<F>,
    record: &Record,
) -> Result<Address, Refusal> {
    let mut address = Address {
        house_number: columns.text(F::HOUSE_NUMBER, record)?,
        street: columns.text(F::STREET, record)?,
        unit: columns.text(F::UNIT, record)?,
        town: columns.text(F::TOWN, record)?,
        zip: columns.text(F::ZIP, record)?,
    };
    if columns.has(F::LINE) && address.street.is_empty() {
        let line = Line::of(&columns.text(F::LINE, record)?);
        address.street = line.street;
        for (part, from_line) in
            [(&mut address.house_number, line.house_number), (&mut address.unit, line.unit)]
        {
            if part.is_empty() {
                *part = from_line;
            }
        }
    }
    Ok(address)
}

#[derive(Debug, PartialEq, Eq)]
struct Line {
    house_number: String,
    street: String,
    unit: String,
}

impl Line {
    fn of(text: &str) -> Self {
        let plain = text.replace(',', " ");
        let words: Vec<&str> = plain.split_whitespace().collect();
        let (number, rest) = words.split_at(number_words(&words));
        let (street, unit) = rest.split_at(unit_start(rest));
        Self { house_number: number.join(" "), street: street.join(" "), unit: unit.join(" ") }
    }
}

/// How many words at the beginning are the house number: `12`, `12A`, `12-34`, `W180N8085`,
/// `123 1/2`; none in `5th Ave`.
fn number_words(words: &[&str]) -> usize {
    let [first, second, rest @ ..] = words else {
        return 0;
    };
    if !first.contains(|c: char| c.is_ascii_digit()) || is_ordinal(first) {
        return 0;
    }
    let half = second.contains('/') || matches!(*second, "½" | "¼" | "¾");
    if half && !rest.is_empty() { 2 } else { 1 }
}

fn is_ordinal(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    let number = ["ST", "ND", "RD", "TH"].iter().find_map(|ending| word.strip_suffix(ending));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Where the unit begins; the street keeps at least one word.
fn unit_start(words: &[&str]) -> usize {
    let begins = |at: usize| {
        let word = words[at].to_ascii_uppercase();
        let last = at + 1 == words.len();
        match word.as_bytes() {
            [b'#'] => !last,
            [b'#', ..] => true,
            _ if last => LONE_UNITS.contains(&word.as_str()),
            _ => UNIT_WORDS.contains(&word.trim_end_matches('.')),
        }
    };
    (1..words.len()).find(|at| begins(*at)).unwrap_or(words.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> [String; 3] {
        let line = Line::of(text);
        [line.house_number, line.street, line.unit]
    }

    #[test]
    fn lines_come_apart_as_people_read_them() {
        for (text, expected) in [
            ("123 N Main St", ["123", "N Main St", ""]),
            ("123 1/2 N Main St Apt 3", ["123 1/2", "N Main St", "Apt 3"]),
            ("12-34 41st Ave, #A", ["12-34", "41st Ave", "#A"]),
            ("9 Elm St # 4", ["9", "Elm St", "# 4"]),
            ("W180N8085 Town Hall Rd", ["W180N8085", "Town Hall Rd", ""]),
            ("5th Ave", ["", "5th Ave", ""]),
            ("7 Unit St", ["7", "Unit St", ""]),
            ("7 Elm St REAR", ["7", "Elm St", "REAR"]),
            ("7 Elm St FL 2", ["7", "Elm St", "FL 2"]),
            ("Rural Route", ["", "Rural Route", ""]),
            ("", ["", "", ""]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(words in proptest::collection::vec("[A-Za-z0-9#/.½-]{1,9}|APT|1/2|#", 0..9)) {
            let text = words.join(" ");
            let whole = parts(&text).join(" ");
            prop_assert_eq!(whole.split_whitespace().collect::<Vec<_>>(), words);
        }
    }
}
