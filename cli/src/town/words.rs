//! Words that a town is named with: trees, birds and trades. No name of a real place or of a
//! real person stands here, and none is made but by joining these.

use super::random::Random;

const PLANTS: [&str; 36] = [
    "Alder", "Aspen", "Bayberry", "Beech", "Birch", "Bramble", "Catalpa", "Cedar", "Clover",
    "Dogwood", "Elder", "Fern", "Hawthorn", "Hazel", "Heather", "Hickory", "Ironwood", "Juniper",
    "Larch", "Laurel", "Linden", "Locust", "Maple", "Moss", "Mulberry", "Nettle", "Pine", "Rowan",
    "Rush", "Sorrel", "Spruce", "Sumac", "Sycamore", "Tamarack", "Thistle", "Willow",
];

const BIRDS: [&str; 22] = [
    "Bittern", "Bobolink", "Crane", "Curlew", "Dipper", "Egret", "Finch", "Grebe", "Grouse",
    "Heron", "Kestrel", "Lark", "Loon", "Merlin", "Osprey", "Plover", "Raven", "Siskin", "Snipe",
    "Swallow", "Thrush", "Wren",
];

const WORKS: [&str; 16] = [
    "Brickyard",
    "Chandlery",
    "Cooperage",
    "Creamery",
    "Dyeworks",
    "Ferry",
    "Forge",
    "Foundry",
    "Granary",
    "Limekiln",
    "Ropewalk",
    "Sawmill",
    "Smithy",
    "Tannery",
    "Tollgate",
    "Weir",
];

const LANDS: [&str; 14] = [
    "Bend", "Brook", "Crest", "Field", "Glen", "Grove", "Hill", "Hollow", "Meadow", "Orchard",
    "Pond", "Ridge", "Spring", "View",
];

const CRAFTS: [&str; 16] = [
    "binder", "caster", "cooper", "dyer", "fletcher", "glazier", "joiner", "mason", "miller",
    "potter", "sawyer", "tanner", "thatcher", "turner", "weaver", "wright",
];

/// Beginnings and endings of given names, in plain letters and as written.
const FIRST: [(&str, &str); 24] = [
    ("Bri", "Bri"),
    ("Cal", "Cal"),
    ("Dor", "Dor"),
    ("Eri", "Éri"),
    ("Fen", "Fen"),
    ("Gar", "Gar"),
    ("Hal", "Hal"),
    ("Ilo", "Ilo"),
    ("Jor", "Jor"),
    ("Kel", "Kel"),
    ("Lum", "Lum"),
    ("Mer", "Mer"),
    ("Nan", "Ñan"),
    ("Oli", "Óli"),
    ("Pel", "Pel"),
    ("Quo", "Quo"),
    ("Ros", "Ros"),
    ("Sil", "Sil"),
    ("Tam", "Tam"),
    ("Ulu", "Ulu"),
    ("Ves", "Ves"),
    ("Wil", "Wil"),
    ("Yar", "Yar"),
    ("Zel", "Zel"),
];
const LAST: [&str; 14] = [
    "bix", "dop", "fip", "gru", "mup", "nox", "plo", "rilo", "sket", "twig", "vum", "wob", "zap",
    "zim",
];

/// What a town's name ends with.
const PLACES: [&str; 8] = ["bridge", "ford", "haven", "mere", "mouth", "water", "weir", "wick"];

/// A name for the town: `Heronford`.
pub(super) fn town_name(random: &mut Random) -> String {
    let start = if random.chance(500) { random.pick(&PLANTS) } else { random.pick(&BIRDS) };
    format!("{start}{}", random.pick(&PLACES))
}

/// A family name: a plant or a bird, and a craft: `Ploverjoiner`.
pub(super) fn family_name(random: &mut Random) -> String {
    let start = if random.chance(600) { random.pick(&PLANTS) } else { random.pick(&BIRDS) };
    format!("{start}{}", random.pick(&CRAFTS))
}

/// A given name as written, and in plain letters: `Ñantwig`, `Nantwig`.
pub(super) fn given_name(random: &mut Random) -> (String, String) {
    let (plain, written) = *random.pick(&FIRST);
    let last = random.pick(&LAST);
    (format!("{written}{last}"), format!("{plain}{last}"))
}

/// Names for streets without their suffix, each given out once.
pub(super) struct StreetWords {
    left: Vec<String>,
}

impl StreetWords {
    pub(super) fn new(random: &mut Random) -> Self {
        let all = || PLANTS.iter().chain(&BIRDS).chain(&WORKS);
        let mut single: Vec<String> = all().map(|&word| word.to_owned()).collect();
        let mut joined: Vec<String> =
            all().flat_map(|word| LANDS.iter().map(move |land| format!("{word} {land}"))).collect();
        random.shuffle(&mut single);
        random.shuffle(&mut joined);
        // The plain names are taken first, as the oldest streets have them: from the end.
        joined.extend(single);
        Self { left: joined }
    }

    /// The next name. A town of more streets than names numbers the rest.
    pub(super) fn next(&mut self, streets: usize) -> String {
        self.left.pop().unwrap_or_else(|| format!("County Road {streets}"))
    }
}

/// `1st`, `2nd`, `3rd`, `11th`, `22nd`.
pub(super) fn ordinal(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_street_word_is_given_twice() {
        let mut words = StreetWords::new(&mut Random::stream(1, "words"));
        let names: Vec<String> = (0..3_000).map(|at| words.next(at)).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(!names[0].contains(' '), "plain names come first: {}", names[0]);
    }

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let all = [1, 2, 3, 4, 11, 12, 13, 21, 22, 111].map(ordinal);
        let expected =
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "111th"];
        assert_eq!(all, expected);
    }
}
