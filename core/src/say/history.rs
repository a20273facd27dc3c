//! People at a door, and what was done there before.

use crate::say::{Language, ago, result_name};
use crate::walklist::CanvassResult;

/// What is to be said of a person beside their name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonFacts<'a> {
    /// Year of birth, 0 when it is not known.
    pub birth_year: u32,
    /// Party as the file spells it.
    pub party: &'a str,
    /// Their language as the file spells it, if the canvasser does not speak it.
    pub language_not_spoken: Option<&'a str>,
    /// They were added at the door.
    pub met: bool,
    /// Why they are not to be spoken with.
    pub kept_from: Option<KeptFrom>,
    /// The last result recorded for them.
    pub result: Option<CanvassResult>,
    /// How many answers they have given.
    pub answers: u32,
}

/// Why someone is not to be spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptFrom {
    /// They asked for it.
    Asked,
    /// They have died.
    Deceased,
    /// Their record is exempt.
    Exempt,
    /// They live elsewhere.
    Moved,
    /// They have voted.
    Voted,
}

/// A person's name.
#[must_use]
pub fn person_name(language: Language, given: &str, family: &str) -> String {
    let (given, family) = (language.written(given), language.written(family));
    match (given.is_empty(), family.is_empty()) {
        (true, true) => language.fixed("person-nameless"),
        (true, false) => family,
        (false, true) => given,
        _ => language.text("person-name", [("given", given.into()), ("family", family.into())]),
    }
}

/// What is known of a person, and what came of it so far.
#[must_use]
pub fn person(language: Language, facts: PersonFacts<'_>) -> String {
    let mut said = Vec::new();
    said.extend(facts.kept_from.map(|why| language.fixed(kept_from_key(why))));
    if facts.met {
        said.push(language.fixed("person-met"));
    }
    if facts.birth_year > 0 {
        said.push(language.text("person-born", [("year", facts.birth_year.to_string().into())]));
    }
    said.extend(sentence(language, language.written(facts.party)));
    if let Some(tongue) = facts.language_not_spoken {
        said.push(language.text("person-speaks", [("language", language.written(tongue).into())]));
    }
    let result = facts.result.map(|result| result_name(language, result));
    said.extend(sentence(language, result.unwrap_or_default()));
    if facts.answers > 0 {
        said.push(language.text("person-answers", [("count", facts.answers.into())]));
    }
    said.join(" ")
}

const fn kept_from_key(why: KeptFrom) -> &'static str {
    match why {
        KeptFrom::Asked => "person-do-not-contact",
        KeptFrom::Deceased => "person-deceased",
        KeptFrom::Exempt => "person-exempt",
        KeptFrom::Moved => "person-moved",
        KeptFrom::Voted => "person-voted",
    }
}

fn sentence(language: Language, text: String) -> Option<String> {
    (!text.is_empty()).then(|| language.text("sentence", [("text", text.into())]))
}

/// What an earlier knock or call brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnockFacts {
    /// The result for the door as a whole.
    pub door: Option<CanvassResult>,
    /// The results for people, by name.
    pub people: Vec<(String, CanvassResult)>,
    /// Literature was left beside it.
    pub literature: bool,
}

/// Who did something here, and how long ago: what stands before a note.
#[must_use]
pub fn byline(language: Language, (by, own): (&str, bool), elapsed_ms: i64) -> String {
    let who = who(language, by, own);
    language.text("history-by", [("who", who.into()), ("ago", ago(language, elapsed_ms).into())])
}

fn who(language: Language, by: &str, own: bool) -> String {
    match language.written(by) {
        _ if own => language.fixed("conflict-you"),
        name if name.is_empty() => language.fixed("someone-else"),
        name => name,
    }
}

/// An earlier knock: who, when, and what came of it.
#[must_use]
pub fn knock(
    language: Language,
    author: (&str, bool),
    elapsed_ms: i64,
    facts: &KnockFacts,
) -> String {
    let mut what: Vec<String> =
        facts.door.map(|result| result_name(language, result)).into_iter().collect();
    for (name, result) in &facts.people {
        let result = result_name(language, *result);
        let facts = [("name", name.clone().into()), ("result", result.into())];
        what.push(language.text("history-person", facts));
    }
    if facts.literature {
        what.push(language.fixed("history-literature"));
    }
    if what.is_empty() {
        what.push(language.fixed("history-nothing"));
    }
    let by = byline(language, author, elapsed_ms);
    let what = language.enumerated(&what);
    language.text("history-knock", [("by", by.into()), ("what", what.into())])
}

/// What two people did side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideBySide {
    /// Both knocked.
    Knocked,
    /// One took back what the other had written on.
    WrittenOn,
    /// One took a knock back, and the other's answer went with it.
    AnswerWent,
    /// Both added someone of the same name.
    Met,
    /// They said differently how the door is reached.
    Access,
    /// Someone was called or sent a message after they had asked not to be.
    Reached,
}

/// What two people did side by side, who and how long ago.
#[must_use]
pub fn notice(language: Language, kind: SideBySide, by: &[String], elapsed_ms: i64) -> String {
    let names: Vec<String> = by.iter().map(|name| who(language, name, false)).collect();
    let key = match kind {
        SideBySide::Knocked => "notice-double-knock",
        SideBySide::WrittenOn => "notice-written-on",
        SideBySide::AnswerWent => "notice-answer-went",
        SideBySide::Met => "notice-met-twice",
        SideBySide::Access => "notice-access-differs",
        SideBySide::Reached => "notice-reached-though",
    };
    let facts =
        [("names", language.listed(&names).into()), ("ago", ago(language, elapsed_ms).into())];
    language.text(key, facts)
}

/// What someone proposes to put right.
#[must_use]
pub fn proposal(language: Language, by: &[String], own: bool, value: &str) -> String {
    let mut names: Vec<String> = by.iter().map(|name| who(language, name, false)).collect();
    if own || names.is_empty() {
        names = vec![who(language, "", own)];
    }
    let facts =
        [("names", language.listed(&names).into()), ("value", language.written(value).into())];
    language.text("notice-proposal", facts)
}

/// Nobody here is to be knocked for, and whether the household asked for that itself.
#[must_use]
pub fn do_not_knock(language: Language, asked: bool) -> String {
    language.fixed(if asked { "warn-do-not-contact" } else { "warn-do-not-knock" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knock_says_who_when_and_what() {
        let facts = KnockFacts {
            door: Some(CanvassResult::NotHome),
            people: vec![("Briar Nuthatch".to_owned(), CanvassResult::Refused)],
            literature: true,
        };
        assert_eq!(
            knock(Language::En, ("Ash", false), 120_000, &facts),
            "Ash, 2 minutes ago: Nobody home, Briar Nuthatch: Declined to talk, left a leaflet."
        );
        assert_eq!(
            knock(Language::Es, ("Ash", true), 0, &KnockFacts::default()),
            "Usted, hace un momento: una conversación sin resultado."
        );
    }

    #[test]
    fn a_person_is_told_in_the_order_in_which_it_matters() {
        let facts = PersonFacts {
            birth_year: 1957,
            party: "Hill",
            language_not_spoken: Some("Spanish"),
            met: false,
            kept_from: Some(KeptFrom::Voted),
            result: Some(CanvassResult::Contacted),
            answers: 2,
        };
        assert_eq!(
            person(Language::En, facts),
            "Has voted already. Born in 1957. Hill. Prefers a language that you do not speak: \
             Spanish. Spoken with. 2 answers."
        );
        assert_eq!(person_name(Language::En, "", ""), "Name not known");
    }
}
