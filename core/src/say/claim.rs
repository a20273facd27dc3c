//! Who goes to a door that several may have claimed.

use super::{Language, listed, plain};

/// What is to be said of a claimed door.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ClaimFacts {
    /// Who holds it, by name; empty when the name is not known here.
    pub by: String,
    /// It is whoever this is said to.
    pub own: bool,
    /// Whoever this is said to claimed it too, and another came first.
    pub lost: bool,
    /// Who else claimed it and came later, by name.
    pub also: Vec<String>,
}

/// Who goes to a claimed door, in words: said to both who claimed it.
#[must_use]
pub fn claim(language: Language, facts: &ClaimFacts) -> String {
    let Language::En = language;
    let named = |name: &String| {
        let name = plain(name);
        if name.is_empty() { "someone else".to_owned() } else { name }
    };
    if facts.own {
        let also: Vec<String> = facts.also.iter().map(named).collect();
        return match also.as_slice() {
            [] => "You go to this door.".to_owned(),
            also => format!(
                "You go to this door. {} claimed it as well, after you.",
                first_upper(&listed(also))
            ),
        };
    }
    let by = first_upper(&named(&facts.by));
    if facts.lost {
        format!("{by} claimed this door before you. What you record here counts all the same.")
    } else {
        format!("{by} goes to this door.")
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_told_who_goes() {
        let facts = |by: &str, own, lost, also: &[&str]| ClaimFacts {
            by: by.to_owned(),
            own,
            lost,
            also: also.iter().map(|name| (*name).to_owned()).collect(),
        };
        let said = |facts| claim(Language::En, &facts);
        assert_eq!(said(facts("Kim", true, false, &[])), "You go to this door.");
        assert_eq!(
            said(facts("Kim", true, false, &["Ben", ""])),
            "You go to this door. Ben and someone else claimed it as well, after you."
        );
        assert_eq!(
            said(facts("Kim", false, true, &[])),
            "Kim claimed this door before you. What you record here counts all the same."
        );
        assert_eq!(said(facts("", false, false, &["Ben"])), "Someone else goes to this door.");
    }
}
