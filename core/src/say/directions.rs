//! The way to the next doors, as one sentence.

use crate::say::{Language, counted, listed};
use crate::street::RoadSide;
use crate::walk::{Heading, Parity, Turn, WalkMove, WalkStep};

/// What distances are told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LengthUnit {
    /// Metres.
    #[default]
    Metres,
    /// Feet, as people in the United States expect.
    Feet,
}

/// Feet in a metre (the international foot of 1959: 0.3048 m).
const FEET_PER_METRE: f64 = 1.0 / 0.3048;

/// The way to some doors and which doors they are: "Cross Elm Street, then 3 doors on the left,
/// even side: 12 to 16."
#[must_use]
pub fn walk_step(language: Language, unit: LengthUnit, step: &WalkStep) -> String {
    let Language::En = language;
    let mut clauses: Vec<String> = step.moves.iter().map(|to| walked(to, unit)).collect();
    let doors = doors(step);
    let told = if clauses.is_empty() {
        doors
    } else {
        clauses.push(format!("then {doors}"));
        clauses.join(", ")
    };
    format!("{}.", capitalised(&told))
}

fn walked(to: &WalkMove, unit: LengthUnit) -> String {
    match to {
        WalkMove::Along { way, turn, distance_m } => {
            let (way, far) = (named(way, "the path"), length(*distance_m, unit));
            match turn {
                Turn::SetOut { heading } => {
                    format!("walk {} along {way} for {far}", heading_name(*heading))
                }
                Turn::Ahead => format!("go on along {way} for {far}"),
                Turn::Left => format!("turn left along {way} for {far}"),
                Turn::Right => format!("turn right along {way} for {far}"),
                Turn::Back => format!("turn round and go back along {way} for {far}"),
            }
        }
        WalkMove::Cross { way } => format!("cross {}", named(way, "the street")),
        WalkMove::Stairs { .. } => "take the stairs".to_owned(),
        WalkMove::Straight { heading, distance_m } => {
            format!(
                "go {} for about {}, in a straight line because no street is known here",
                heading_name(*heading),
                length(*distance_m, unit)
            )
        }
    }
}

/// "3 doors on the left, even side: 12 to 16".
fn doors(step: &WalkStep) -> String {
    let mut told = counted(step.doors, "door", "doors");
    match step.side {
        Some(RoadSide::Left) => told += " on the left",
        Some(RoadSide::Right) => told += " on the right",
        None => {}
    }
    let one_number = step.first_number == step.last_number;
    match step.parity {
        Some(Parity::Even) if !one_number => told += ", even side",
        Some(Parity::Odd) if !one_number => told += ", odd side",
        _ => {}
    }
    let numbers = numbers(step);
    if numbers.is_empty() { told } else { format!("{told}: {numbers}") }
}

fn numbers(step: &WalkStep) -> String {
    let (first, last) = (step.first_number.as_str(), step.last_number.as_str());
    let numbers = match (first, last) {
        ("", "") => String::new(),
        (number, "") | ("", number) => number.to_owned(),
        (first, last) if first == last => first.to_owned(),
        (first, last) if step.first_stop + 1 == step.last_stop => {
            listed(&[first.to_owned(), last.to_owned()])
        }
        (first, last) => format!("{first} to {last}"),
    };
    format!("{numbers} {}", step.street).trim().to_owned()
}

fn named<'w>(way: &'w str, unnamed: &'w str) -> &'w str {
    if way.is_empty() { unnamed } else { way }
}

/// A length as people estimate it: to five below fifty, to ten below two hundred, to fifty
/// beyond.
fn length(metres: f64, unit: LengthUnit) -> String {
    let (amount, name) = match unit {
        LengthUnit::Metres => (metres, "metres"),
        LengthUnit::Feet => (metres * FEET_PER_METRE, "feet"),
    };
    let grain = match amount {
        ..50.0 => 5.0,
        ..200.0 => 10.0,
        _ => 50.0,
    };
    format!("{} {name}", (amount / grain).round().max(1.0) * grain)
}

const fn heading_name(heading: Heading) -> &'static str {
    match heading {
        Heading::North => "north",
        Heading::NorthEast => "north-east",
        Heading::East => "east",
        Heading::SouthEast => "south-east",
        Heading::South => "south",
        Heading::SouthWest => "south-west",
        Heading::West => "west",
        Heading::NorthWest => "north-west",
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step_to(moves: Vec<WalkMove>) -> WalkStep {
        WalkStep {
            moves,
            first_stop: 4,
            last_stop: 6,
            doors: 3,
            street: "Elm Street".to_owned(),
            first_number: "12".to_owned(),
            last_number: "16".to_owned(),
            side: Some(RoadSide::Left),
            parity: Some(Parity::Even),
            distance_m: 60.0,
        }
    }

    fn said(step: &WalkStep) -> String {
        walk_step(Language::En, LengthUnit::Metres, step)
    }

    #[test]
    fn a_step_is_one_sentence_with_the_way_first() {
        let across = step_to(vec![WalkMove::Cross { way: "Elm Street".to_owned() }]);
        assert_eq!(
            said(&across),
            "Cross Elm Street, then 3 doors on the left, even side: 12 to 16 Elm Street."
        );
        let along = step_to(vec![
            WalkMove::Along {
                way: "Oak Street".to_owned(),
                turn: Turn::SetOut { heading: Heading::NorthEast },
                distance_m: 43.0,
            },
            WalkMove::Along { way: String::new(), turn: Turn::Right, distance_m: 118.0 },
        ]);
        assert_eq!(
            said(&along),
            "Walk north-east along Oak Street for 45 metres, turn right along the path for 120 \
             metres, then 3 doors on the left, even side: 12 to 16 Elm Street."
        );
        assert_eq!(
            walk_step(Language::En, LengthUnit::Feet, &along),
            "Walk north-east along Oak Street for 140 feet, turn right along the path for 400 \
             feet, then 3 doors on the left, even side: 12 to 16 Elm Street."
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let here = WalkStep {
            last_stop: 4,
            doors: 24,
            last_number: "12".to_owned(),
            side: None,
            ..step_to(Vec::new())
        };
        assert_eq!(said(&here), "24 doors: 12 Elm Street.");
        let nameless = WalkStep {
            street: String::new(),
            first_number: String::new(),
            last_number: String::new(),
            parity: None,
            doors: 1,
            ..step_to(vec![WalkMove::Straight { heading: Heading::West, distance_m: 512.0 }])
        };
        assert_eq!(
            said(&nameless),
            "Go west for about 500 metres, in a straight line because no street is known here, \
             then 1 door on the left."
        );
    }
}
