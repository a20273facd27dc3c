//! Who goes to a door that several may have claimed.

use super::Language;

/// What is to be said of a claimed door.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    let named = |name: &String| {
        let name = language.written(name);
        if name.is_empty() { language.fixed("someone-else") } else { name }
    };
    if !facts.own {
        let key = if facts.lost { "claim-lost" } else { "claim-other" };
        return language.text(key, [("name", named(&facts.by).into())]);
    }
    let also: Vec<String> = facts.also.iter().map(named).collect();
    if also.is_empty() {
        return language.fixed("claim-own");
    }
    let count = u32::try_from(also.len()).unwrap_or(u32::MAX);
    let names = language.listed(&also);
    language.text("claim-own-and-others", [("count", count.into()), ("names", names.into())])
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
        let dicho = |facts| claim(Language::Es, &facts);
        assert_eq!(
            dicho(facts("Kim", true, false, &["Ben", ""])),
            "Esta puerta le toca a usted. Ben y alguien más también la apartaron, después de usted."
        );
        assert_eq!(
            dicho(facts("Kim", true, false, &[""])),
            "Esta puerta le toca a usted. Alguien más también la apartó, después de usted."
        );
        assert_eq!(dicho(facts("", false, false, &[])), "Esta puerta le toca a alguien más.");
    }
}
