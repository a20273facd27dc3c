//! The same answers to the same forms by rxeval: what is asked, offered and allowed.
//!
//! rxeval runs what pyxform made of the sheets. It leaves to its caller what a phone does with
//! answers to questions that are not asked: here as in ODK's apps they read as unanswered.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use canvass_core::survey::{
    AnswerCause, AnswerValue, Answers, Kind, LocalTime, Question, Script, ScriptElement,
};
use canvass_core::time::Timestamp;
use canvass_tests::forms::all;
use rxeval::{Clock, Session};

use super::chance::Chance;
use super::python::peers;

/// Answer sets for each form.
const ROUNDS: usize = 150;
const TODAY: &str = "2026-10-03";

/// Where the two differ, and why: form, element, reason. What differs and is not listed fails,
/// and so does what is listed and does not differ.
const DIFFERENCES: [(&str, &str, &str); 15] = [
    ("calculations", "how", A_CONDITION_KEPT),
    ("calculations", "wow", A_CONDITION_KEPT),
    ("cascade", "street", NOTHING_TO_OFFER),
    ("cascade", "town", NOTHING_TO_OFFER),
    ("dates", "back", A_DAY_COMPARED),
    ("dates", "early", A_DAY_COMPARED),
    ("dates", "vote", A_DAY_COMPARED),
    ("filter_numbers", "ask", NOTHING_TO_OFFER),
    ("filter_numbers", "first", NOTHING_TO_OFFER),
    ("functions", "bye", A_CONDITION_KEPT),
    ("functions", "d", A_DAY_COMPARED),
    ("porch", "consent", A_CONDITION_KEPT),
    ("porch", "sign", A_CONDITION_KEPT),
    ("porch", "sign_day", A_CONDITION_KEPT),
    ("unanswered", "n9", NO_NUMBER_KEPT),
];

/// A calculation that is a condition keeps its type; an XForm keeps the text `false`, which is a
/// text and therefore true.
const A_CONDITION_KEPT: &str = "a calculation that is a condition";
/// A choice without an option to offer is not asked; an XForm asks it, and nothing can be chosen.
const NOTHING_TO_OFFER: &str = "a choice with nothing to offer";
/// Days are compared as days, as ODK's own engines do; to rxeval they are texts, which are no
/// numbers, so that no order between them holds.
const A_DAY_COMPARED: &str = "days in order";
/// A calculation that comes to no number reads as unanswered; an XForm keeps the text `NaN`.
const NO_NUMBER_KEPT: &str = "a calculation that comes to no number";

/// A form's elements with their paths in the XForm.
fn paths(elements: &[ScriptElement], around: &str, paths: &mut BTreeMap<String, String>) {
    for element in elements {
        let path = format!("{around}/{}", element.name());
        if let ScriptElement::Group(group) = element {
            self::paths(&group.elements, &path, paths);
        }
        paths.insert(element.name().to_owned(), path);
    }
}

/// An answer by chance: as an app gives it, and as an XForm's text.
fn answer(question: &Question, chance: &mut Chance) -> Option<(AnswerValue, String)> {
    if chance.below(4) == 0 {
        return None;
    }
    let number = |text: &str| AnswerValue::Number { value: text.parse().expect("a number") };
    let mut pick = |texts: &[&str]| texts[chance.below(texts.len())].to_owned();
    Some(match &question.kind {
        Kind::Single(choices) => {
            let option = choices.options[chance.below(choices.options.len())].name.clone();
            (AnswerValue::Choice { option: option.clone() }, option)
        }
        Kind::Multiple(choices) => {
            let mut options: Vec<String> =
                choices.options.iter().map(|it| it.name.clone()).collect();
            options.retain(|_| chance.below(2) == 0);
            if options.is_empty() {
                return None;
            }
            (AnswerValue::Choices { options: options.clone() }, options.join(" "))
        }
        Kind::Integer(_) => {
            let text = pick(&["0", "1", "2", "3", "5", "12", "16", "18", "19", "-7"]);
            (number(&text), text)
        }
        Kind::Decimal(_) => {
            let text = pick(&["0.5", "2.25", "-1.5", "3"]);
            (number(&text), text)
        }
        Kind::Text(_) => {
            let text = pick(&[
                "x",
                "two words",
                "12345",
                "12345-6789",
                "AB-12",
                "(802) 555-0100",
                "a.b.",
                "né",
                "someone@example.org",
            ]);
            (AnswerValue::Text { text: text.clone() }, text)
        }
        Kind::Scale(scale) => {
            let points = usize::try_from(scale.max - scale.min + 1).expect("a few");
            let value = scale.min + i32::try_from(chance.below(points)).expect("a few");
            (AnswerValue::Scale { value }, value.to_string())
        }
        Kind::Date => {
            let date = pick(&["2026-10-02", TODAY, "2026-10-04", "2026-11-03", "2027-01-01"]);
            (AnswerValue::Date { date: date.clone() }, date)
        }
        Kind::Acknowledge => (AnswerValue::Choice { option: "OK".into() }, "OK".into()),
    })
}

fn questions(script: &Script) -> impl Iterator<Item = (u16, &Question)> {
    (0..script.question_count()).map(|no| (no, script.question(no).expect("below the count")))
}

/// What is the case with an element, for one of the two.
type State = BTreeMap<(String, &'static str), String>;

fn ours(script: &Script, answers: &Answers) -> State {
    let now = LocalTime::at(Timestamp::parse("2026-10-03T18:04:00Z").expect("a moment"), -240);
    let view = script.view(answers, "en", now);
    let mut state = State::new();
    for question in &view.questions {
        let name = || question.name.clone();
        state.insert((name(), "asked"), question.relevant.to_string());
        if !question.relevant {
            continue;
        }
        let broken = question.error == Some(AnswerCause::ConstraintBroken);
        let not_offered = question.error == Some(AnswerCause::OptionNotOffered);
        if !not_offered {
            state.insert((name(), "broken"), broken.to_string());
        }
        if !question.options.is_empty() {
            let offered: Vec<&str> = question.options.iter().map(|it| it.name.as_str()).collect();
            state.insert((name(), "offered"), offered.join(" "));
        }
    }
    let read: BTreeSet<&str> = view.notes.iter().map(|note| note.name.as_str()).collect();
    for note in notes(&script.source().elements) {
        state.insert((note.to_owned(), "asked"), read.contains(note).to_string());
    }
    state
}

fn notes(elements: &[ScriptElement]) -> Vec<&str> {
    let mut found = Vec::new();
    for element in elements {
        match element {
            ScriptElement::Note(note) => found.push(note.name.as_str()),
            ScriptElement::Group(group) => found.extend(notes(&group.elements)),
            _ => {}
        }
    }
    found
}

/// What rxeval makes of the same answers; those to questions not asked are taken away until
/// nothing changes any more.
fn theirs(
    xform: &str,
    paths: &BTreeMap<String, String>,
    answers: &[(String, String)],
    wanted: &State,
) -> State {
    let clock = Clock { today: TODAY.into(), now: "2026-10-03T14:04:00.000-04:00".into() };
    let mut session = Session::new(xform, clock).expect("an XForm");
    for (name, text) in answers {
        session.set(&paths[name], text).expect("a node");
    }
    let asked = |relevant: &BTreeMap<String, bool>, path: &str| {
        let mut at = path;
        loop {
            if relevant.get(at) == Some(&false) {
                return false;
            }
            match at.rsplit_once('/') {
                Some((around, _)) if !around.is_empty() => at = around,
                _ => return true,
            }
        }
    };
    let mut outcome = session.recompute();
    for _ in 0..paths.len() {
        // One by one in the form's order: what follows may be asked once the first is silent.
        let silent = answers.iter().find(|(name, _)| {
            let path = &paths[name.as_str()];
            !session.get(path).is_empty() && !asked(&outcome.relevant, path)
        });
        let Some((name, _)) = silent else { break };
        session.set(&paths[name.as_str()], "").expect("a node");
        outcome = session.recompute();
    }
    let invalid: BTreeSet<&str> = outcome.invalid.iter().map(|(path, _)| path.as_str()).collect();
    let state = |(name, what): &(String, &'static str)| {
        let path = &paths[name];
        match *what {
            "asked" => asked(&outcome.relevant, path).to_string(),
            "broken" => invalid.contains(path.as_str()).to_string(),
            _ => match session.choices(path) {
                Some(choices) => {
                    let names: Vec<String> = choices.into_iter().map(|(name, _)| name).collect();
                    names.join(" ")
                }
                None => wanted[&(name.clone(), *what)].clone(),
            },
        }
    };
    wanted.keys().map(|key| (key.clone(), state(key))).collect()
}

#[test]
fn rxeval_asks_offers_and_allows_the_same() {
    let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut compared = 0;
    for form in all().into_iter().filter(|form| !form.name.starts_with("bad_")) {
        let xform = fs::read_to_string(peers().join(format!("{}.xform", form.name))).expect("one");
        let script = form.read().expect("a good form").script;
        let mut known = BTreeMap::new();
        paths(&script.source().elements, "/data", &mut known);
        let mut chance = Chance::new(7);
        for _ in 0..ROUNDS {
            let (mut mine, mut texts) = (Answers::new(), Vec::new());
            for (no, question) in questions(&script) {
                if let Some((value, text)) = answer(question, &mut chance) {
                    let code = script.code(&question.name, &value).expect("it fits").1;
                    mine.insert(no, code);
                    texts.push((question.name.clone(), text));
                }
            }
            let mine = ours(&script, &mine);
            let theirs = theirs(&xform, &known, &texts, &mine);
            for (key, mine) in &mine {
                compared += 1;
                if *mine != theirs[key] {
                    let example = format!("{} {mine}, rxeval {}: {texts:?}", key.1, theirs[key]);
                    found.entry((form.name.clone(), key.0.clone())).or_insert(example);
                }
            }
        }
    }
    assert!(compared > 20_000, "{compared} comparisons");
    let told: BTreeSet<(&str, &str)> =
        DIFFERENCES.iter().map(|(form, name, _)| (*form, *name)).collect();
    let new: Vec<_> = found
        .iter()
        .filter(|((form, name), _)| !told.contains(&(form.as_str(), name.as_str())))
        .collect();
    assert!(new.is_empty(), "differences that are not told:\n{new:#?}");
    for (form, name, why) in DIFFERENCES {
        let key = (form.to_owned(), name.to_owned());
        assert!(found.contains_key(&key), "{form}, {name}: no difference any more ({why})");
    }
}
