//! Sentences for people: the only place with display text.
//!
//! Everything here goes from plain facts to whole sentences that a screen reader can speak: no
//! symbols, no abbreviations, every number with its noun. How a time of day is written is the
//! app's business: it is told as words.
//!
//! Each sentence is made in one function, which decides what is said; the words stand in a
//! catalogue for each language (`en.ftl`, `es.ftl`). It does not translate what campaigns and
//! people write: a script brings its own languages, and a name stays a name.

mod catalogue;
mod claim;
mod conflict;
mod directions;
mod door;
mod history;
mod question;
mod report;
mod result;
mod status;
mod talk;
mod trouble;

pub use claim::{ClaimFacts, claim};
pub use conflict::{About, Said, conflict, conflict_title, said};
pub use directions::{LengthUnit, walk_step};
pub use door::{
    DoorFacts, address_line, building_line, door_state, doors_done, floor, list_title, next_stop,
    place_line, progress, waiting,
};
pub use history::{
    KeptFrom, KnockFacts, PersonFacts, SideBySide, byline, do_not_knock, knock, notice, person,
    person_name, proposal,
};
pub use question::{answer_fault, question_frame};
pub use report::{Exchange, bundle, exchange, last_exchange};
pub use result::{access, ask_name, channel_name, closed_channels, result_name};
pub use status::{StatusFacts, set_aside, status};
pub use talk::{AskFacts, ask, follow_up};
pub use trouble::{Trouble, trouble};

use crate::language::is_same_language;

/// A language that sentences can be made in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish, as it is written in the United States.
    Es,
}

impl Language {
    /// Every language that sentences can be made in.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The first of these BCP 47 tags that sentences can be made in; English if none is.
    #[must_use]
    pub fn first_of(tags: &[String]) -> Self {
        let known = |tag: &String| Self::ALL.into_iter().find(|it| is_same_language(tag, it.tag()));
        tags.iter().find_map(known).unwrap_or_default()
    }
}

/// How long ago something was, in words; what lies ahead by a clock that is off was just now.
#[must_use]
pub fn ago(language: Language, elapsed_ms: i64) -> String {
    let minutes =
        u32::try_from(elapsed_ms / 60_000).unwrap_or(if elapsed_ms < 0 { 0 } else { u32::MAX });
    let (key, count) = match minutes {
        0 => return language.fixed("ago-now"),
        1..60 => ("ago-minutes", minutes),
        60..1440 => ("ago-hours", minutes / 60),
        _ => ("ago-days", minutes / 1440),
    };
    language.text(key, [("count", count.into())])
}

#[cfg(test)]
mod tests;
