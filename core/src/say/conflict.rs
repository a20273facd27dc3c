//! What people disagree on: every value, who and when, and the question which is right.

use crate::say::{Language, listed, plain};

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
    match language {
        Language::En => {
            let said: Vec<String> = values.iter().map(said).collect();
            format!("{} Which one is right?", said.join(" "))
        }
    }
}

fn said(said: &Said) -> String {
    let who = match (said.own, said.from_file, plain(&said.by)) {
        (true, _, _) => "You".to_owned(),
        (_, true, _) => "A file".to_owned(),
        (_, _, name) if name.is_empty() => "Someone else".to_owned(),
        (_, _, name) => name,
    };
    let words: Vec<String> =
        said.value.iter().map(|word| plain(word)).filter(|word| !word.is_empty()).collect();
    let what = if words.is_empty() {
        format!("{who} took the answer back")
    } else if said.from_file {
        format!("{who} says: {}", listed(&words))
    } else {
        format!("{who} wrote: {}", listed(&words))
    };
    let when = plain(&said.when);
    if when.is_empty() { format!("{what}.") } else { format!("{what}, {when}.") }
}
