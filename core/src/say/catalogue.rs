//! Message catalogues: one file of messages for each language, in Fluent's form.
//!
//! What a sentence says is decided by the function that makes it, how it is said by the catalogue:
//! word order, plurals by CLDR's rules, agreement. It never takes a message of another language in
//! place of one that is missing: this module's tests fail on a message that is missing, unused,
//! never rendered or left in English.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::{TextDirection, direction_of, has_right_to_left};
use crate::say::Language;

/// What is put into a message.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    Number(f64),
    Told(String),
}

impl From<u32> for Fact {
    fn from(count: u32) -> Self {
        Self::Number(f64::from(count))
    }
}

impl From<f64> for Fact {
    fn from(amount: f64) -> Self {
        Self::Number(amount)
    }
}

/// Text that is a part of the sentence already: of the catalogue, or [`written`](Language::written).
impl From<String> for Fact {
    fn from(told: String) -> Self {
        Self::Told(told)
    }
}

impl Language {
    /// A message without anything put into it.
    pub(super) fn fixed(self, key: &'static str) -> String {
        self.text(key, [])
    }

    /// A message with these facts in it.
    ///
    /// The tests render every message of every language, so that a fault in a catalogue does not
    /// reach a phone; if one did, the message's name would stand in its place.
    pub(super) fn text<const N: usize>(
        self,
        key: &'static str,
        facts: [(&'static str, Fact); N],
    ) -> String {
        let mut args = FluentArgs::with_capacity(N);
        for (name, fact) in facts {
            match fact {
                Fact::Number(number) => args.set(name, number),
                Fact::Told(told) => args.set(name, told),
            }
        }
        let bundle = self.catalogue();
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        let mut faults = Vec::new();
        let said = pattern
            .map(|pattern| bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned());
        #[cfg(test)]
        super::tests::note_rendered(key, &faults);
        said.unwrap_or_else(|| key.to_owned())
    }

    /// Words as a list in a sentence.
    pub(super) fn listed(self, words: &[String]) -> String {
        let Some((last, rest)) = words.split_last() else { return String::new() };
        match self.enumerated(rest) {
            first if first.is_empty() => last.clone(),
            first => self.joined("list-last", first, last.clone()),
        }
    }

    /// Parts of a sentence one after another.
    pub(super) fn enumerated(self, parts: &[String]) -> String {
        let joined = parts.iter().cloned().reduce(|all, next| {
            self.text("list-more", [("first", all.into()), ("next", next.into())])
        });
        joined.unwrap_or_default()
    }

    fn joined(self, key: &'static str, first: String, last: String) -> String {
        self.text(key, [("first", first.into()), ("last", last.into())])
    }

    /// Text that people wrote, to be put into a sentence: on one line, without a full stop of its
    /// own, and set apart where it or the sentence runs from right to left, so that neither turns
    /// the other's words round.
    pub(super) fn written(self, text: &str) -> String {
        let text: String = text.chars().filter(|c| !turns_text(*c)).collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        let plain = words.join(" ").trim_end_matches(['.', ' ']).replace('_', " ");
        let apart = self.direction() == TextDirection::RightToLeft || has_right_to_left(&plain);
        if apart && !plain.is_empty() {
            format!("{FIRST_STRONG_ISOLATE}{plain}{POP_ISOLATE}")
        } else {
            plain
        }
    }

    /// Which way the language is written.
    #[must_use]
    pub fn direction(self) -> TextDirection {
        direction_of(self.tag())
    }

    fn catalogue(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static SPANISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        let kept = match self {
            Self::En => &ENGLISH,
            Self::Es => &SPANISH,
        };
        kept.get_or_init(|| self.read())
    }

    fn read(self) -> FluentBundle<FluentResource> {
        let tag = self.tag().parse().expect("the tag of a language of ours");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // What has to be set apart is set apart where it comes in: see `written`.
        bundle.set_use_isolating(false);
        // A message that cannot be read is a missing one.
        let messages = FluentResource::try_new(self.source().to_owned());
        bundle.add_resource_overriding(messages.unwrap_or_else(|(messages, _)| messages));
        let capital = |text: &str| capitalised(text).into();
        let _added = bundle.add_function("CAPITAL", move |args, _| with_text(args, capital));
        let before_i = |text: &str| if begins_with_i(text) { "yes" } else { "no" }.into();
        let _added = bundle.add_function("BEGINS_WITH_I", move |args, _| with_text(args, before_i));
        bundle
    }

    pub(super) const fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("en.ftl"),
            Self::Es => include_str!("es.ftl"),
        }
    }
}

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// Marks that turn the text after them: a stray one in a name would turn the rest of a sentence.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn with_text(
    args: &[FluentValue<'_>],
    told: impl Fn(&str) -> FluentValue<'static>,
) -> FluentValue<'static> {
    match args {
        [FluentValue::String(text)] => told(text),
        _ => FluentValue::Error,
    }
}

fn capitalised(text: &str) -> String {
    let (apart, text) = match text.strip_prefix(FIRST_STRONG_ISOLATE) {
        Some(text) => (Some(FIRST_STRONG_ISOLATE), text),
        None => (None, text),
    };
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    apart.into_iter().chain(first).chain(letters).collect()
}

/// Whether Spanish says `e` and not `y` before a word: before the sound of `i`, which `hie` and
/// `hia` do not begin with.
fn begins_with_i(text: &str) -> bool {
    let word = text.trim_start_matches(FIRST_STRONG_ISOLATE).to_lowercase();
    let glides = word.starts_with("hia") || word.starts_with("hie");
    !glides && ["i", "í", "hi", "hí"].iter().any(|sound| word.starts_with(sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_people_is_set_apart_only_where_it_runs_the_other_way() {
        assert_eq!(Language::En.written(" Ana_M.  Díaz. "), "Ana M. Díaz");
        assert_eq!(Language::Es.written("دعاء"), "\u{2068}دعاء\u{2069}");
        assert_eq!(Language::En.written("ab\u{202e}c\u{2069}"), "abc");
        assert_eq!(Language::En.written("\u{2068}."), "");
    }

    #[test]
    fn spanish_joins_by_sound() {
        let listed = |words: &[&str]| {
            Language::Es.listed(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(listed(&["Ana", "Inés"]), "Ana e Inés");
        assert_eq!(listed(&["Ana", "Hilda", "Ben"]), "Ana, Hilda y Ben");
        assert_eq!(listed(&["Ana", "hijos"]), "Ana e hijos");
        assert_eq!(listed(&["agua", "hielo"]), "agua y hielo");
        assert_eq!(listed(&["Ana", "Ian"]), "Ana e Ian", "a name is said with the sound of i");
        assert_eq!(listed(&["Ana"]), "Ana");
        assert_eq!(listed(&[]), "");
    }
}
