//! What people disagree on: every value, who and when, and the question which is right.

use crate::say::Language;

/// One of the values in dispute, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The value; empty when it was taken back.
    pub value: Vec<String>,
    /// Who wrote it, by name; empty when the name is not known here.
    pub by: String,
    /// It was whoever holds this phone.
    pub own: bool,
    /// A file said so.
    pub from_file: bool,
    /// When, as the app writes it: "at 5:10 pm", "yesterday"; empty to leave it out.
    pub when: String,
}

/// The disagreement as a screen reader speaks it.
#[must_use]
pub fn conflict(language: Language, values: &[Said]) -> String {
    let said = values.iter().map(|value| said(language, value));
    let sentences: Vec<String> = said.chain([language.fixed("conflict-question")]).collect();
    sentences.join(" ")
}

/// What people disagree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Something that is called so: a question of a script, an ask.
    Named(String),
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A field of a file.
    Field,
}

/// What people disagree on, and of whom it is said; empty for the household.
#[must_use]
pub fn conflict_title(language: Language, name: &str, about: &About) -> String {
    let what = match about {
        About::Named(what) => language.written(what),
        About::Phone => language.fixed("conflict-phone"),
        About::Email => language.fixed("conflict-email"),
        About::Field => language.fixed("conflict-field"),
    };
    if name.is_empty() {
        return what;
    }
    language.text("conflict-about", [("name", name.to_owned().into()), ("what", what.into())])
}

/// One of the values in words: who wrote what, and when.
#[must_use]
pub fn said(language: Language, said: &Said) -> String {
    let who = match (said.own, said.from_file, language.written(&said.by)) {
        (true, _, _) => language.fixed("conflict-you"),
        (_, true, _) => language.fixed("conflict-file"),
        (_, _, name) if name.is_empty() => language.fixed("someone-else"),
        (_, _, name) => name,
    };
    let words: Vec<String> = said
        .value
        .iter()
        .map(|word| language.written(word))
        .filter(|word| !word.is_empty())
        .collect();
    let what = if words.is_empty() {
        language.text("conflict-took-back", [("who", who.into())])
    } else {
        let key = if said.from_file { "conflict-says" } else { "conflict-wrote" };
        let value = language.listed(&words);
        language.text(key, [("who", who.into()), ("value", value.into())])
    };
    let when = language.written(&said.when);
    let told = if when.is_empty() { what } else { language.enumerated(&[what, when]) };
    language.text("sentence", [("text", told.into())])
}
