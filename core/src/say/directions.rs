//! The way to the next doors, as one sentence.

use crate::say::Language;
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
    let said = Directions { language, unit };
    let way: Vec<String> = step.moves.iter().map(|to| said.walked(to)).collect();
    let doors = said.doors(step);
    let told = if way.is_empty() {
        doors
    } else {
        let way = language.enumerated(&way);
        language.text("walk-then", [("way", way.into()), ("doors", doors.into())])
    };
    language.text("sentence", [("text", told.into())])
}

/// How ways are told.
struct Directions {
    language: Language,
    unit: LengthUnit,
}

impl Directions {
    fn walked(&self, to: &WalkMove) -> String {
        let language = self.language;
        match to {
            WalkMove::Along { way, turn, distance_m } => {
                let way = self.named(way, "walk-path");
                self.along(*turn, way, self.length(*distance_m))
            }
            WalkMove::Cross { way } => {
                language.text("walk-cross", [("way", self.named(way, "walk-street").into())])
            }
            WalkMove::Stairs { .. } => language.fixed("walk-stairs"),
            WalkMove::Straight { heading, distance_m } => {
                let heading = language.fixed(heading_key(*heading));
                let length = self.length(*distance_m);
                language
                    .text("walk-straight", [("heading", heading.into()), ("length", length.into())])
            }
        }
    }

    fn along(&self, turn: Turn, way: String, length: String) -> String {
        let key = match turn {
            Turn::SetOut { heading } => {
                let heading = self.language.fixed(heading_key(heading));
                let facts =
                    [("heading", heading.into()), ("way", way.into()), ("length", length.into())];
                return self.language.text("walk-set-out", facts);
            }
            Turn::Ahead => "walk-ahead",
            Turn::Left => "walk-left",
            Turn::Right => "walk-right",
            Turn::Back => "walk-back",
        };
        self.language.text(key, [("way", way.into()), ("length", length.into())])
    }

    /// "3 doors on the left, even side: 12 to 16".
    fn doors(&self, step: &WalkStep) -> String {
        let language = self.language;
        let more = |key, doors: String| language.text(key, [("doors", doors.into())]);
        let mut told = language.text("walk-doors", [("count", step.doors.into())]);
        match step.side {
            Some(RoadSide::Left) => told = more("walk-doors-left", told),
            Some(RoadSide::Right) => told = more("walk-doors-right", told),
            None => {}
        }
        let one_number = step.first_number == step.last_number;
        match step.parity {
            Some(Parity::Even) if !one_number => told = more("walk-doors-even", told),
            Some(Parity::Odd) if !one_number => told = more("walk-doors-odd", told),
            _ => {}
        }
        let numbers = self.numbers(step);
        if numbers.is_empty() {
            return told;
        }
        language.text("walk-doors-numbers", [("doors", told.into()), ("numbers", numbers.into())])
    }

    fn numbers(&self, step: &WalkStep) -> String {
        let language = self.language;
        let street = language.written(&step.street);
        let [first, last] = [&step.first_number, &step.last_number].map(|it| language.written(it));
        let numbers = match (first.as_str(), last.as_str()) {
            ("", "") => return street,
            (_, "") => first,
            ("", _) => last,
            (one, other) if one == other => first,
            _ if step.first_stop + 1 == step.last_stop => language.listed(&[first, last]),
            _ => return self.range(first, last, street),
        };
        if street.is_empty() {
            return numbers;
        }
        let facts = [("numbers", numbers.into()), ("street", street.into())];
        language.text("walk-numbers-street", facts)
    }

    fn range(&self, first: String, last: String, street: String) -> String {
        let [first, last] = [("first", first.into()), ("last", last.into())];
        if street.is_empty() {
            return self.language.text("walk-numbers-from-to", [first, last]);
        }
        let facts = [first, last, ("street", street.into())];
        self.language.text("walk-numbers-from-to-street", facts)
    }

    fn named(&self, way: &str, unnamed: &'static str) -> String {
        let way = self.language.written(way);
        if way.is_empty() { self.language.fixed(unnamed) } else { way }
    }

    /// A length as people estimate it: to five below fifty, to ten below two hundred, to fifty
    /// beyond.
    fn length(&self, metres: f64) -> String {
        let (amount, key) = match self.unit {
            LengthUnit::Metres => (metres, "length-metres"),
            LengthUnit::Feet => (metres * FEET_PER_METRE, "length-feet"),
        };
        let grain = match amount {
            ..50.0 => 5.0,
            ..200.0 => 10.0,
            _ => 50.0,
        };
        let amount = (amount / grain).round().max(1.0) * grain;
        self.language.text(key, [("amount", amount.into())])
    }
}

const fn heading_key(heading: Heading) -> &'static str {
    match heading {
        Heading::North => "heading-north",
        Heading::NorthEast => "heading-north-east",
        Heading::East => "heading-east",
        Heading::SouthEast => "heading-south-east",
        Heading::South => "heading-south",
        Heading::SouthWest => "heading-south-west",
        Heading::West => "heading-west",
        Heading::NorthWest => "heading-north-west",
    }
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
