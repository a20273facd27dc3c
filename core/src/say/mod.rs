//! Sentences for people: the only place with display text.
//!
//! Everything here goes from plain facts to whole sentences that a screen reader can speak: no
//! symbols, no abbreviations, every number with its noun. How a time of day is written is the
//! app's business: it is told as words. One language so far; each sentence is made in one
//! function, so that catalogues can take their place.

mod claim;
mod conflict;
mod directions;
mod status;

pub use claim::{ClaimFacts, claim};
pub use conflict::{Said, conflict};
pub use directions::{LengthUnit, walk_step};
pub use status::{StatusFacts, set_aside, status};

/// A language that sentences can be made in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Language {
    /// English.
    #[default]
    En,
}

/// How long ago something was, in words; what lies ahead by a clock that is off was just now.
#[must_use]
pub fn ago(language: Language, elapsed_ms: i64) -> String {
    let Language::En = language;
    let minutes =
        u32::try_from(elapsed_ms / 60_000).unwrap_or(if elapsed_ms < 0 { 0 } else { u32::MAX });
    let told = match minutes {
        0 => return "just now".to_owned(),
        1..60 => counted(minutes, "minute", "minutes"),
        60..1440 => counted(minutes / 60, "hour", "hours"),
        _ => counted(minutes / 1440, "day", "days"),
    };
    format!("{told} ago")
}

/// A number with its noun.
fn counted(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Words as a list in a sentence.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Text that people wrote, on one line and without a full stop of its own.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ' ']).replace('_', " ")
}

#[cfg(test)]
mod tests;
