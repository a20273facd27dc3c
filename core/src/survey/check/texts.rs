//! Names of the script, and texts in every language.

use std::collections::BTreeSet;

use super::super::ask::AskTag;
use super::super::error::{Counted, ScriptField, ScriptProblem};
use super::super::limits::{MAX_LANGUAGES, MAX_NAME_CHARS, MAX_TEXT_CHARS};
use super::super::model::{Kind, Question, ScriptElement, ScriptSource, Texts};
use super::super::name::{is_code, is_language};
use super::faults::Faults;
use super::outline::{Entry, too_many};

/// Checks the script's own name, version and languages.
pub(super) fn check_header(source: &ScriptSource, faults: &mut Faults) {
    for (text, field) in
        [(&source.name, ScriptField::Name), (&source.version, ScriptField::Version)]
    {
        if text.trim().is_empty() {
            faults.of_script(field, ScriptProblem::Empty);
        } else if text.chars().count() > MAX_NAME_CHARS || text.chars().any(char::is_control) {
            faults.of_script(field, ScriptProblem::BadName);
        }
    }
    let languages = &source.languages;
    if languages.is_empty() {
        faults.of_script(ScriptField::Languages, ScriptProblem::Empty);
    }
    if languages.len() > MAX_LANGUAGES {
        let problem = too_many(Counted::Languages, MAX_LANGUAGES);
        return faults.of_script(ScriptField::Languages, problem);
    }
    let mut seen = BTreeSet::new();
    for language in languages {
        if !is_language(language) {
            faults.of_script(ScriptField::Languages, ScriptProblem::BadLanguage);
        } else if !seen.insert(language.to_ascii_lowercase()) {
            let language = language.clone();
            faults.of_script(ScriptField::Languages, ScriptProblem::DuplicateLanguage { language });
        }
    }
}

/// Checks every text of an element and of its options.
pub(super) fn check(entry: &Entry<'_>, languages: &[String], faults: &mut Faults) {
    let mut texts = TextCheck { entry, languages, faults };
    match entry.element {
        ScriptElement::Question(question) => texts.question(question),
        ScriptElement::Note(note) => texts.check(None, ScriptField::Text, Some(&note.text)),
        ScriptElement::Group(group) => texts.check(None, ScriptField::Label, group.label.as_ref()),
        ScriptElement::Calculation(_) => {}
    }
}

struct TextCheck<'c, 's> {
    entry: &'c Entry<'s>,
    languages: &'c [String],
    faults: &'c mut Faults,
}

impl TextCheck<'_, '_> {
    fn question(&mut self, question: &Question) {
        self.check(None, ScriptField::Label, Some(&question.label));
        self.check(None, ScriptField::Hint, question.hint.as_ref());
        let message = question.constraint_message.as_ref();
        self.check(None, ScriptField::ConstraintMessage, message);
        if message.is_some() && question.constraint.is_none() {
            let field = ScriptField::ConstraintMessage;
            self.faults.of_element(self.entry, field, ScriptProblem::NoConstraint);
        }
        self.tag(None, question.tag.as_deref());
        if let Kind::Scale(scale) = &question.kind {
            self.check(None, ScriptField::MinLabel, scale.min_label.as_ref());
            self.check(None, ScriptField::MaxLabel, scale.max_label.as_ref());
        }
        for (option, no) in question.kind.options().iter().zip(0_u32..) {
            self.check(Some(no), ScriptField::Label, Some(&option.label));
            self.tag(Some(no), option.tag.as_deref());
            self.ask(no, option.tag.as_deref());
        }
    }

    fn tag(&mut self, option_no: Option<u32>, tag: Option<&str>) {
        if tag.is_some_and(|tag| !is_code(tag)) {
            let problem = ScriptProblem::BadName;
            self.faults.of_option(self.entry, option_no, ScriptField::Tag, problem);
        }
    }

    /// A tag that begins like an ask leads to one, or says so.
    fn ask(&mut self, option_no: u32, tag: Option<&str>) {
        if tag.is_some_and(|tag| is_code(tag) && AskTag::read(tag).is_err()) {
            let problem = ScriptProblem::NoSuchAsk;
            self.faults.of_option(self.entry, Some(option_no), ScriptField::Tag, problem);
        }
    }

    fn check(&mut self, option_no: Option<u32>, field: ScriptField, texts: Option<&Texts>) {
        let Some(Texts(texts)) = texts else {
            return;
        };
        for language in self.languages {
            if texts.get(language).is_none_or(|text| text.trim().is_empty()) {
                let language = language.clone();
                let problem = ScriptProblem::MissingLanguage { language };
                self.faults.of_option(self.entry, option_no, field, problem);
            }
        }
        for (language, text) in texts {
            if let Some(problem) = self.problem(language, text) {
                self.faults.of_option(self.entry, option_no, field, problem);
            }
        }
    }

    fn problem(&self, language: &str, text: &str) -> Option<ScriptProblem> {
        let language = language.chars().take(MAX_NAME_CHARS).collect();
        if !self.languages.contains(&language) {
            Some(ScriptProblem::UnknownLanguage { language })
        } else if text.chars().count() > MAX_TEXT_CHARS {
            let limit = u32::try_from(MAX_TEXT_CHARS).unwrap_or(u32::MAX);
            Some(ScriptProblem::TextTooLong { language, limit })
        } else if text.contains("${") {
            Some(ScriptProblem::NameInText { language })
        } else {
            None
        }
    }
}
