//! Catalogues are complete: the same messages in every language, each translated, each rendered.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentError;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::samples::everything;
use crate::say::Language;

thread_local! {
    static RENDERED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// Is told of every message as it is rendered in a test, and of what went wrong.
pub(in crate::say) fn note_rendered(key: &'static str, faults: &[FluentError]) {
    assert!(faults.is_empty(), "{key}: {faults:?}");
    RENDERED.with_borrow_mut(|rendered| rendered.insert(key));
}

/// A message of a catalogue.
#[derive(Default)]
struct Message {
    /// What is put into the text.
    placed: BTreeSet<String>,
    /// The text, in its variants one after another.
    text: String,
}

impl Message {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text += value,
                PatternElement::Placeable { expression } => self.read_expression(expression),
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            // What only chooses between variants is a matter of the language's grammar.
            Expression::Select { variants, .. } => {
                variants.iter().for_each(|variant| self.read(&variant.value));
            }
            Expression::Inline(inline) => self.read_inline(inline),
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.placed.insert(id.name.to_owned());
            }
            InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.iter().for_each(|argument| self.read_inline(argument));
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            _ => panic!("only variables and functions are put into a message"),
        }
    }
}

fn messages(language: Language) -> BTreeMap<String, Message> {
    let resource = parser::parse(language.source()).expect("the catalogue can be read");
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let mut read = Message::default();
                read.read(message.value.as_ref().expect("a message says something"));
                assert!(message.attributes.is_empty(), "nothing asks for attributes");
                let twice = messages.insert(message.id.name.to_owned(), read).is_some();
                assert!(!twice, "{} stands in the catalogue twice", message.id.name);
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => panic!("{other:?}"),
        }
    }
    messages
}

fn has_letters(text: &str) -> bool {
    text.contains(char::is_alphabetic)
}

#[test]
fn every_language_has_the_same_messages_with_the_same_facts() {
    let english = messages(Language::En);
    for language in Language::ALL {
        let messages = messages(language);
        let names = |of: &BTreeMap<String, Message>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&messages), names(&english), "{language:?}");
        for (name, message) in &messages {
            assert_eq!(message.placed, english[name].placed, "{language:?}: {name}");
        }
    }
}

#[test]
fn nothing_is_left_in_english() {
    // Words that stand in no text of another language that is written here.
    const ENGLISH: [&str; 16] = [
        "the", "you", "this", "and", "is", "it", "was", "not", "has", "your", "with", "on", "of",
        "to", "for", "door",
    ];
    let english = messages(Language::En);
    for language in Language::ALL.into_iter().filter(|language| *language != Language::En) {
        for (name, message) in messages(language) {
            let text = message.text.to_lowercase();
            let same = has_letters(&text) && text == english[&name].text.to_lowercase();
            assert!(!same, "{language:?}: {name} is not translated");
            let mut words = text.split(|c: char| !c.is_alphabetic());
            assert!(!words.any(|word| ENGLISH.contains(&word)), "{language:?}: {name}: {text}");
        }
    }
}

#[test]
fn every_message_is_used_and_rendered() {
    for language in Language::ALL {
        RENDERED.take();
        for text in everything(language) {
            assert!(has_letters(&text) && !text.contains(['{', '}', '$']), "{language:?}: {text}");
        }
        let rendered: Vec<String> = RENDERED.take().into_iter().map(str::to_owned).collect();
        let known: Vec<String> = messages(language).into_keys().collect();
        assert_eq!(rendered, known, "{language:?}: left, what is asked for; right, what there is");
    }
}
