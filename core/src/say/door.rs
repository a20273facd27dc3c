//! Doors, stops and lists, as a screen shows them: where it is, and how it stands.

use crate::say::{ClaimFacts, Language, ago, claim, result_name};
use crate::walklist::{Address, CanvassResult, Progress, WindowPhase};

/// What is to be said of a door on a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoorFacts {
    /// People there who may be spoken with.
    pub people: u32,
    /// Dwellings behind the one door.
    pub unit_count: u32,
    /// The result that counts, if someone knocked, and how long ago that was.
    pub knocked: Option<(Option<CanvassResult>, i64)>,
    /// Who else goes there now, by name; empty when the name is not known here.
    pub held_by: Option<String>,
    /// Someone there is to be come back to.
    pub come_back: Option<WindowPhase>,
}

/// An address on one line: house number, street and unit.
#[must_use]
pub fn address_line(language: Language, address: &Address) -> String {
    let line = building_line(language, address);
    let unit = language.written(&address.unit);
    if unit.is_empty() {
        return line;
    }
    // Files write `4`, `4B`, `#4` and `APT 4`: a bare one is called a unit.
    let is_bare = unit.chars().all(char::is_alphanumeric);
    let key = if is_bare { "address-unit" } else { "address-named-unit" };
    language.text(key, [("line", line.into()), ("unit", unit.into())])
}

/// The address of a building: house number and street.
#[must_use]
pub fn building_line(language: Language, address: &Address) -> String {
    let (number, street) =
        (language.written(&address.house_number), language.written(&address.street));
    match (number.is_empty(), street.is_empty()) {
        (true, _) => street,
        (_, true) => number,
        _ => language.text("address-line", [("number", number.into()), ("street", street.into())]),
    }
}

/// Town and postal code, as far as they are known.
#[must_use]
pub fn place_line(language: Language, address: &Address) -> String {
    let (town, zip) = (language.written(&address.town), language.written(&address.zip));
    match (town.is_empty(), zip.is_empty()) {
        (true, _) => zip,
        (_, true) => town,
        _ => language.text("address-place", [("town", town.into()), ("zip", zip.into())]),
    }
}

/// How a door stands: who goes there, what came of the last knock, who lives there.
#[must_use]
pub fn door_state(language: Language, facts: &DoorFacts) -> String {
    let mut said = Vec::new();
    if let Some(by) = &facts.held_by {
        let held = ClaimFacts { by: by.clone(), own: false, lost: false, also: Vec::new() };
        said.push(claim(language, &held));
    }
    said.extend(facts.come_back.map(|phase| language.fixed(come_back_key(phase))));
    said.push(knocked(language, facts.knocked));
    said.push(language.text("door-people", [("count", facts.people.into())]));
    if facts.unit_count > 1 {
        said.push(language.text("door-units", [("count", facts.unit_count.into())]));
    }
    said.join(" ")
}

const fn come_back_key(phase: WindowPhase) -> &'static str {
    match phase {
        WindowPhase::Open => "door-expected",
        WindowPhase::NotYet => "door-come-back-later",
        WindowPhase::Over => "door-come-back-over",
    }
}

fn knocked(language: Language, knocked: Option<(Option<CanvassResult>, i64)>) -> String {
    match knocked {
        None => language.fixed("door-not-knocked"),
        Some((None, elapsed_ms)) => {
            language.text("door-begun", [("ago", ago(language, elapsed_ms).into())])
        }
        Some((Some(result), elapsed_ms)) => {
            let facts = [
                ("result", result_name(language, result).into()),
                ("ago", ago(language, elapsed_ms).into()),
            ];
            language.text("door-knocked", facts)
        }
    }
}

/// The next stop, with so many doors that are still to be knocked on.
#[must_use]
pub fn next_stop(language: Language, doors: u32) -> String {
    let doors = language.text("walk-doors", [("count", doors.into())]);
    language.text("next-stop", [("doors", doors.into())])
}

/// Some doors together, and how many of them are done with.
#[must_use]
pub fn doors_done(language: Language, doors: u32, done: u32) -> String {
    let counted = language.text("walk-doors", [("count", doors.into())]);
    if done == 0 {
        return language.text("sentence", [("text", counted.into())]);
    }
    language.text("doors-done", [("doors", counted.into()), ("done", done.into())])
}

/// A floor of a building; nothing for doors whose floor is not known.
#[must_use]
pub fn floor(language: Language, floor: Option<u32>, doors: u32, open: u32) -> String {
    let name = match floor {
        Some(number) => language.text("floor-number", [("number", number.into())]),
        None => language.fixed("floor-unknown"),
    };
    let facts = [("floor", name.into()), ("open", open.into()), ("count", doors.into())];
    language.text("floor-open", facts)
}

/// What a list is called.
#[must_use]
pub fn list_title(language: Language, number: u32, name: &str) -> String {
    let name = language.written(name);
    if name.is_empty() {
        return language.text("list-number", [("number", number.into())]);
    }
    language.text("list-title", [("number", number.into()), ("name", name.into())])
}

/// How far a list is walked.
#[must_use]
pub fn progress(language: Language, progress: Progress) -> String {
    let left = progress.doors.saturating_sub(progress.done);
    let facts =
        [("done", progress.done.into()), ("count", progress.doors.into()), ("left", left.into())];
    let mut said = vec![language.text("list-progress", facts)];
    if progress.contacted > 0 {
        said.push(language.text("list-contacted", [("count", progress.contacted.into())]));
    }
    said.join(" ")
}

/// Doors that it is too early for; empty if there is none.
#[must_use]
pub fn waiting(language: Language, doors: u32) -> String {
    if doors == 0 {
        return String::new();
    }
    language.text("list-waiting", [("count", doors.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(unit: &str) -> Address {
        Address {
            house_number: "12".to_owned(),
            street: "Willow St".to_owned(),
            unit: unit.to_owned(),
            town: "Lakewater".to_owned(),
            zip: String::new(),
        }
    }

    #[test]
    fn an_address_is_read_as_it_is_said() {
        let said = |unit: &str| address_line(Language::En, &address(unit));
        assert_eq!(said(""), "12 Willow St");
        assert_eq!(said("4B"), "12 Willow St, unit 4B");
        assert_eq!(said("APT 4"), "12 Willow St, APT 4");
        assert_eq!(place_line(Language::En, &address("")), "Lakewater");
    }

    #[test]
    fn a_door_says_who_goes_there_and_what_came_of_the_last_knock() {
        let facts = DoorFacts {
            people: 2,
            unit_count: 1,
            knocked: Some((Some(CanvassResult::NotHome), 7_200_000)),
            held_by: Some("Birch".to_owned()),
            come_back: Some(WindowPhase::NotYet),
        };
        assert_eq!(
            door_state(Language::En, &facts),
            "Birch goes to this door. Come back later. Nobody home, 2 hours ago. 2 people."
        );
        let untouched = DoorFacts { people: 1, unit_count: 1, ..DoorFacts::default() };
        assert_eq!(door_state(Language::En, &untouched), "Not knocked on yet. 1 person.");
        assert_eq!(door_state(Language::Es, &untouched), "Todavía nadie tocó. 1 persona.");
    }

    #[test]
    fn a_list_says_how_far_it_is_walked() {
        let at = |doors, done, contacted| {
            let apart = Progress { doors, done, contacted, ..Progress::default() };
            progress(Language::En, apart)
        };
        assert_eq!(at(24, 3, 0), "3 of 24 doors done, 21 left.");
        assert_eq!(
            at(24, 24, 1),
            "24 of 24 doors done, 0 left. Someone was spoken with at 1 door."
        );
    }
}
