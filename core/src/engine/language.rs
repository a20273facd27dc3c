//! The languages that whoever holds this phone speaks.
//!
//! They are the phone's setting, told anew after each opening, and stand in no file.

use std::sync::PoisonError;

use crate::engine::Engine;
use crate::language::{is_same_language, tag_of};
use crate::say::Language;

/// Most languages that are kept of those told: more are not asked for, one after another.
const MOST_LANGUAGES: usize = 16;

/// What the canvasser speaks.
#[derive(Clone, Debug, Default)]
pub(super) struct Languages {
    /// BCP 47 tags, the preferred one first.
    pub(super) spoken: Vec<String>,
    /// The language of the sentences that this phone says.
    pub(super) words: Language,
}

impl Languages {
    /// Whether someone who prefers this language, as a file spells it, may not be understood.
    /// Nobody is warned while it is not known what either speaks.
    pub(super) fn lack(&self, preferred: &str) -> bool {
        let Some(tag) = tag_of(preferred).filter(|_| !self.spoken.is_empty()) else { return false };
        !self.spoken.iter().any(|spoken| is_same_language(spoken, &tag))
    }
}

impl Engine {
    /// Tells which languages the canvasser speaks, as BCP 47 tags (`es-US`, `en`), the preferred
    /// one first: the phone's own list. Sentences are made in the first of them that the core
    /// speaks, English or Spanish, else in English; a script is shown in one of them where it has
    /// none that the person prefers. Not kept: tell it after each opening. At most 16 count.
    pub fn set_languages(&self, tags: &[String]) {
        let spoken: Vec<String> = tags.iter().take(MOST_LANGUAGES).cloned().collect();
        let words = Language::first_of(&spoken);
        *self.languages.lock().unwrap_or_else(PoisonError::into_inner) =
            Languages { spoken, words };
    }

    pub(super) fn languages(&self) -> Languages {
        self.languages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The language of the sentences that this phone says.
    pub(super) fn words(&self) -> Language {
        self.languages.lock().unwrap_or_else(PoisonError::into_inner).words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_lacking_only_where_both_sides_are_known() {
        let spoken = |tags: &[&str]| Languages {
            spoken: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            words: Language::En,
        };
        assert!(spoken(&["en-US"]).lack("Spanish"));
        assert!(!spoken(&["en-US", "es"]).lack("SPA"));
        assert!(!spoken(&["en"]).lack("") && !spoken(&["en"]).lack("Unknown"));
        assert!(!spoken(&[]).lack("Spanish"));
    }
}
