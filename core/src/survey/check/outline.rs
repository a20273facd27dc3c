//! All elements in one row, within the limits, and their names.

use std::collections::BTreeMap;

use super::super::error::{Counted, Place, ScriptField, ScriptProblem};
use super::super::limits::{
    MAX_ELEMENTS, MAX_GROUP_DEPTH, MAX_NAME_CHARS, MAX_OPTIONS, MAX_OPTIONS_TOTAL, MAX_QUESTIONS,
};
use super::super::model::{ScriptElement, ScriptSource};
use super::super::name::is_name;
use super::faults::Faults;

/// An element and where it stands.
#[derive(Debug)]
pub(super) struct Entry<'s> {
    pub(super) no: u16,
    pub(super) parent: Option<u16>,
    path: String,
    pub(super) element: &'s ScriptElement,
}

impl Entry<'_> {
    pub(super) fn place(&self, option_no: Option<u32>, field: ScriptField) -> Place {
        let element_no = Some(u32::from(self.no));
        Place { element_no, element: self.path.clone(), option_no, field }
    }
}

/// Lists the elements; stops where there are too many, and does not look into what is too deep.
pub(super) fn outline<'s>(source: &'s ScriptSource, faults: &mut Faults) -> Vec<Entry<'s>> {
    let mut outline = Outline { entries: Vec::new(), questions: 0, options: 0, faults };
    if source.elements.is_empty() {
        outline.faults.of_script(ScriptField::Elements, ScriptProblem::Empty);
    }
    outline.list(&source.elements, None, 0);
    outline.check_counts();
    outline.entries
}

struct Outline<'s, 'f> {
    entries: Vec<Entry<'s>>,
    questions: usize,
    options: usize,
    faults: &'f mut Faults,
}

impl<'s> Outline<'s, '_> {
    /// Recurses at most [`MAX_GROUP_DEPTH`] deep.
    fn list(&mut self, elements: &'s [ScriptElement], parent: Option<u16>, depth: usize) {
        for element in elements {
            let Some(no) = self.add(element, parent) else {
                return;
            };
            match element {
                ScriptElement::Question(question) => self.count(no, question.kind.options().len()),
                ScriptElement::Group(_) if depth == MAX_GROUP_DEPTH => {
                    let limit = limit(MAX_GROUP_DEPTH);
                    self.fault(no, ScriptField::Elements, ScriptProblem::TooDeep { limit });
                }
                ScriptElement::Group(group) if group.elements.is_empty() => {
                    self.fault(no, ScriptField::Elements, ScriptProblem::Empty);
                }
                ScriptElement::Group(group) => self.list(&group.elements, Some(no), depth + 1),
                ScriptElement::Note(_) | ScriptElement::Calculation(_) => {}
            }
        }
    }

    /// The number of the element just added, unless there are too many.
    fn add(&mut self, element: &'s ScriptElement, parent: Option<u16>) -> Option<u16> {
        if self.entries.len() > MAX_ELEMENTS {
            return None;
        }
        let no = u16::try_from(self.entries.len()).ok()?;
        let around = parent.and_then(|it| self.entries.get(usize::from(it)));
        let name: String = element.name().chars().take(MAX_NAME_CHARS).collect();
        let path = around.map_or_else(|| name.clone(), |it| format!("{}/{name}", it.path));
        self.entries.push(Entry { no, parent, path, element });
        Some(no)
    }

    fn count(&mut self, no: u16, options: usize) {
        self.questions += 1;
        self.options += options;
        if options > MAX_OPTIONS {
            let problem = too_many(Counted::Options, MAX_OPTIONS);
            self.fault(no, ScriptField::Options, problem);
        }
    }

    fn fault(&mut self, no: u16, field: ScriptField, problem: ScriptProblem) {
        if let Some(entry) = self.entries.get(usize::from(no)) {
            self.faults.of_element(entry, field, problem);
        }
    }

    fn check_counts(&mut self) {
        for (count, counted, limit) in [
            (self.entries.len(), Counted::Elements, MAX_ELEMENTS),
            (self.questions, Counted::Questions, MAX_QUESTIONS),
            (self.options, Counted::OptionsInAll, MAX_OPTIONS_TOTAL),
        ] {
            if count > limit {
                self.faults.of_script(ScriptField::Elements, too_many(counted, limit));
            }
        }
    }
}

pub(super) fn too_many(counted: Counted, limit: usize) -> ScriptProblem {
    ScriptProblem::TooMany { counted, limit: self::limit(limit) }
}

fn limit(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

/// The number of the first element of each name; faults for names that are invalid or taken.
pub(super) fn names<'s>(entries: &[Entry<'s>], faults: &mut Faults) -> BTreeMap<&'s str, u16> {
    let mut names = BTreeMap::new();
    for entry in entries {
        let name = entry.element.name();
        if !is_name(name) {
            faults.of_element(entry, ScriptField::Name, ScriptProblem::BadName);
        } else if let Some(first) = names.get(name) {
            let first = entries.get(usize::from(*first)).map_or("", |it| &it.path).to_owned();
            faults.of_element(entry, ScriptField::Name, ScriptProblem::DuplicateName { first });
        } else {
            names.insert(name, entry.no);
        }
    }
    names
}
