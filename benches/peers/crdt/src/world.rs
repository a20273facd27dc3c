//! One campaign day, from a seed: 50 phones, 200 writes each, and 300 planned disagreements.
//!
//! Every engine gets these same writes. Nothing here knows how any of them stores or sends.

use std::collections::HashSet;

/// Phones, and what each writes: 200 in all.
pub const PHONES: usize = 50;
pub const WRITES: usize = ANSWERS + ATTEMPTS + NOTES + MARKS;
pub const ANSWERS: usize = 120;
const ATTEMPTS: usize = 68;
const NOTES: usize = 10;
const MARKS: usize = 2;
/// Answers of each phone that the next phone contradicts.
const MOVED: usize = 6;
pub const CONFLICTS: usize = PHONES * MOVED;
pub const HOUSEHOLDS: usize = 1_000;
/// The most people who live in one household.
pub const MEMBERS: usize = 4;
pub const QUESTIONS: u8 = 12;
/// When the day begins, in milliseconds.
const MORNING_MS: i64 = 1_791_036_000_000;

/// Randomness as the day's description fixes it.
pub struct Chance(u64);

impl Chance {
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to - from + 1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }

    pub fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.next().to_be_bytes());
        id[8..].copy_from_slice(&self.next().to_be_bytes());
        id
    }
}

/// What stands at a household.
pub struct Household {
    pub id: [u8; 16],
    pub people: Vec<[u8; 16]>,
}

/// The day's two shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turf {
    /// Each phone has 20 households and writes in door order.
    Walked,
    /// Each write at a household or person anywhere in the campaign.
    Scattered,
}

/// What a write says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Answer {
        member: usize,
        question: u8,
        value: u8,
    },
    /// A result number from 1, or 0 where somebody talked.
    Attempt {
        result: u8,
    },
    Note(String),
    DoNotContact,
}

/// One write of one phone.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub at_ms: i64,
    pub household: usize,
    pub said: Said,
}

impl Write {
    /// The field that an answer writes to.
    pub fn field(&self) -> Option<(usize, usize, u8)> {
        match self.said {
            Said::Answer { member, question, .. } => Some((self.household, member, question)),
            _ => None,
        }
    }
}

/// Everybody's writes, by phone.
pub struct Day {
    pub households: Vec<Household>,
    pub phones: Vec<Vec<Write>>,
    pub devices: Vec<[u8; 16]>,
}

impl Day {
    pub fn of(seed: u64, turf: Turf) -> Self {
        let mut chance = Chance::of(seed);
        let mut sizes: Vec<usize> = (0..HOUSEHOLDS).map(|n| n % MEMBERS + 1).collect();
        chance.shuffle(&mut sizes);
        let household = |chance: &mut Chance, size: usize| Household {
            id: chance.id(),
            people: (0..size).map(|_| chance.id()).collect(),
        };
        let households: Vec<_> = sizes.into_iter().map(|s| household(&mut chance, s)).collect();
        let devices = (0..PHONES).map(|_| chance.id()).collect();
        let mut open = Open { households: &households, taken: HashSet::new() };
        let mut phones: Vec<Vec<Write>> = (0..PHONES)
            .map(|phone| match turf {
                Turf::Walked => walked(phone, &mut open, &mut chance),
                Turf::Scattered => scattered(&mut open, &mut chance),
            })
            .collect();
        disagree(&mut phones, &mut chance);
        Self { households, phones, devices }
    }
}

/// Which fields nobody has answered yet.
struct Open<'a> {
    households: &'a [Household],
    taken: HashSet<(usize, usize, u8)>,
}

impl Open<'_> {
    fn take(&mut self, household: usize, member: usize, question: u8) -> bool {
        self.taken.insert((household, member, question))
    }

    /// The next consecutive open questions of somebody at the household.
    fn questions(&mut self, household: usize, count: usize) -> Vec<(usize, u8)> {
        let people = self.households[household].people.len();
        let all = (0..people).flat_map(|member| (0..QUESTIONS).map(move |q| (member, q)));
        let mut found = Vec::new();
        for (member, question) in all {
            if found.len() < count && self.take(household, member, question) {
                found.push((member, question));
            }
        }
        found
    }
}

/// How many values a question has.
const fn values(question: u8) -> usize {
    [2, 5, 7][question as usize / 4]
}

fn answer((member, question): (usize, u8), chance: &mut Chance) -> Said {
    let value = u8::try_from(chance.below(values(question))).unwrap_or(0);
    Said::Answer { member, question, value }
}

fn walked(phone: usize, open: &mut Open<'_>, chance: &mut Chance) -> Vec<Write> {
    const TURF: usize = HOUSEHOLDS / PHONES;
    const TALKS: usize = ANSWERS / 5;
    let mut round: Vec<usize> = (phone * TURF..(phone + 1) * TURF).collect();
    chance.shuffle(&mut round);
    // Which visits find somebody: those with enough open questions.
    let mut visits: Vec<usize> = (0..ATTEMPTS).collect();
    chance.shuffle(&mut visits);
    let mut left: Vec<usize> =
        (0..HOUSEHOLDS).map(|h| open.households[h].people.len() * 12).collect();
    let mut talks = HashSet::new();
    for visit in &visits {
        let household = round[visit % TURF];
        if talks.len() < TALKS && left[household] >= 5 {
            left[household] -= 5;
            talks.insert(*visit);
        }
    }
    let notes: HashSet<usize> = visits[..NOTES].iter().copied().collect();
    let marks: HashSet<usize> = visits[NOTES..NOTES + MARKS].iter().copied().collect();
    let mut at_ms = MORNING_MS + i64::try_from(chance.below(600_000)).unwrap_or(0);
    let mut writes = Vec::new();
    for visit in 0..ATTEMPTS {
        let household = round[visit % TURF];
        at_ms += pause(chance, 60_000, 240_000);
        let talk = talks.contains(&visit);
        let result = if talk { 0 } else { u8::try_from(chance.between(1, 5)).unwrap_or(1) };
        writes.push(Write { at_ms, household, said: Said::Attempt { result } });
        if talk {
            for field in open.questions(household, 5) {
                at_ms += pause(chance, 2_000, 20_000);
                writes.push(Write { at_ms, household, said: answer(field, chance) });
            }
        }
        if notes.contains(&visit) {
            at_ms += pause(chance, 2_000, 20_000);
            writes.push(Write { at_ms, household, said: Said::Note(note(chance)) });
        }
        if marks.contains(&visit) {
            at_ms += pause(chance, 2_000, 20_000);
            writes.push(Write { at_ms, household, said: Said::DoNotContact });
        }
    }
    writes
}

fn scattered(open: &mut Open<'_>, chance: &mut Chance) -> Vec<Write> {
    let mut kinds: Vec<u8> = [(0, ANSWERS), (1, ATTEMPTS), (2, NOTES), (3, MARKS)]
        .into_iter()
        .flat_map(|(kind, count)| std::iter::repeat_n(kind, count))
        .collect();
    chance.shuffle(&mut kinds);
    let mut at_ms = MORNING_MS;
    let write = |kind: u8| {
        at_ms += pause(chance, 2_000, 122_000);
        let mut household = chance.below(HOUSEHOLDS);
        let said = match kind {
            0 => loop {
                let member = chance.below(open.households[household].people.len());
                let question = u8::try_from(chance.below(12)).unwrap_or(0);
                if open.take(household, member, question) {
                    break answer((member, question), chance);
                }
                household = chance.below(HOUSEHOLDS);
            },
            1 => Said::Attempt { result: u8::try_from(chance.below(6)).unwrap_or(0) },
            2 => Said::Note(note(chance)),
            _ => Said::DoNotContact,
        };
        Write { at_ms, household, said }
    };
    kinds.into_iter().map(write).collect()
}

fn pause(chance: &mut Chance, from_ms: usize, to_ms: usize) -> i64 {
    i64::try_from(chance.between(from_ms, to_ms)).unwrap_or(0)
}

/// Moves six answers of each phone to fields that the next phone answers otherwise.
fn disagree(phones: &mut [Vec<Write>], chance: &mut Chance) {
    let chosen: Vec<Vec<usize>> = phones
        .iter()
        .map(|writes| {
            let mut answers: Vec<usize> =
                (0..writes.len()).filter(|n| writes[*n].field().is_some()).collect();
            chance.shuffle(&mut answers);
            answers.truncate(2 * MOVED);
            answers
        })
        .collect();
    for phone in 0..phones.len() {
        let next = (phone + 1) % phones.len();
        // The first six of a phone move; the other six are what its neighbour's move to.
        for n in 0..MOVED {
            let target = phones[next][chosen[next][MOVED + n]].clone();
            let Said::Answer { member, question, value } = target.said else { continue };
            let other = 1 + chance.below(values(question) - 1);
            let value = (usize::from(value) + other) % values(question);
            let value = u8::try_from(value).unwrap_or(0);
            let moved = &mut phones[phone][chosen[phone][n]];
            moved.household = target.household;
            moved.said = Said::Answer { member, question, value };
        }
    }
}

/// 20 to 60 characters of words that canvassers write.
fn note(chance: &mut Chance) -> String {
    let length = chance.between(20, 60);
    let mut text = String::new();
    loop {
        let word = WORDS[chance.below(WORDS.len())];
        if text.len() + 1 + word.len() > length {
            return if text.len() < 20 { format!("{text} {word}") } else { text };
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
}

const WORDS: [&str; 100] = [
    "dog",
    "gate",
    "back",
    "door",
    "side",
    "bell",
    "broken",
    "knock",
    "loud",
    "come",
    "after",
    "six",
    "evening",
    "weekend",
    "works",
    "nights",
    "call",
    "first",
    "text",
    "only",
    "speaks",
    "spanish",
    "needs",
    "ride",
    "polls",
    "absentee",
    "ballot",
    "sent",
    "already",
    "voted",
    "early",
    "moved",
    "away",
    "new",
    "tenant",
    "student",
    "away",
    "until",
    "november",
    "supports",
    "leaning",
    "undecided",
    "wants",
    "sign",
    "yard",
    "took",
    "leaflet",
    "asked",
    "about",
    "taxes",
    "schools",
    "roads",
    "rent",
    "housing",
    "clinic",
    "water",
    "bus",
    "friendly",
    "angry",
    "do",
    "not",
    "mention",
    "neighbour",
    "mother",
    "father",
    "son",
    "daughter",
    "sick",
    "hospital",
    "wheelchair",
    "stairs",
    "steep",
    "third",
    "floor",
    "left",
    "right",
    "buzzer",
    "code",
    "ask",
    "for",
    "landlord",
    "no",
    "soliciting",
    "return",
    "tomorrow",
    "morning",
    "busy",
    "dinner",
    "baby",
    "sleeping",
    "car",
    "driveway",
    "lights",
    "on",
    "answered",
    "window",
    "will",
    "volunteer",
    "donate",
    "maybe",
];
