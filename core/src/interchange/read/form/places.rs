//! From a fault of the script back to the cell it comes from.

use super::choices::Lists;
use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::header::{Columns, Field};
use super::settings::{Languages, Settings};
use super::survey::{Built, Origin};
use crate::survey::{
    ExpressionError, Place, ScriptElement, ScriptError, ScriptField, ScriptProblem, ScriptSource,
    Texts,
};

/// All that a script was made of.
pub(super) struct Made<'f> {
    pub(super) settings: &'f Settings,
    pub(super) survey: &'f Columns,
    pub(super) lists: &'f Lists,
    pub(super) languages: &'f Languages,
    pub(super) built: &'f Built,
}

impl Made<'_> {
    /// Notes the script's faults at the cells they come from.
    pub(super) fn note(&self, errors: &[ScriptError], source: &ScriptSource, faults: &mut Faults) {
        let elements = listed(&source.elements);
        for error in errors {
            let no = error.place.element_no.map(|no| no as usize);
            let found = no.and_then(|no| Some((self.built.origins.get(no)?, *elements.get(no)?)));
            let problem = error.problem.clone();
            match found {
                None => faults.error(self.of_script(&error.place), problem),
                Some((origin, element)) if !self.follows(error, origin, element) => {
                    if is_unlabelled(element, &error.place, &problem) {
                        let at = self.of_element(&error.place, origin, None);
                        faults.error(at, FormProblem::MissingLabel);
                    } else {
                        let at = self.of_element(&error.place, origin, Some(&problem));
                        faults.error(at, problem);
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Whether the fault only follows from one that is told already.
    fn follows(&self, error: &ScriptError, origin: &Origin, element: &ScriptElement) -> bool {
        let place = &error.place;
        let of_option = place.option_no.is_some();
        // The list's own check has told of these, with both rows.
        let twin = of_option && matches!(error.problem, ScriptProblem::DuplicateName { .. });
        let nameless = element.name().is_empty() && place.field == ScriptField::Name && !of_option;
        let nameless_option = of_option
            && place.field == ScriptField::Name
            && option_name(element, place).is_some_and(str::is_empty);
        // A row that is told to go needs no label first.
        let stood_in = origin.stands_in && place.field == ScriptField::Label;
        let reads_poison = match &error.problem {
            ScriptProblem::Expression(_) | ScriptProblem::NeverTrue => {
                let text = expression(element, place).unwrap_or_default();
                self.built.poisoned.iter().any(|name| reads(text, name))
            }
            _ => false,
        };
        twin || nameless || nameless_option || stood_in || reads_poison
    }

    fn of_script(&self, place: &Place) -> At {
        let settings = |name: &'static str| At {
            sheet: FormSheet::Settings,
            row: self.settings.row,
            column: Some(self.settings.columns.header(&Field::Plain(name))),
        };
        let has = |name| self.settings.columns.has(&Field::Plain(name));
        match place.field {
            ScriptField::Name if !has("form_id") && has("form_title") => settings("form_title"),
            ScriptField::Name => settings("form_id"),
            ScriptField::Version => settings("version"),
            ScriptField::Languages => settings("default_language"),
            _ => At::sheet(FormSheet::Survey),
        }
    }

    fn of_element(&self, place: &Place, origin: &Origin, problem: Option<&ScriptProblem>) -> At {
        let option = place.option_no.and_then(|no| origin.options.get(no as usize));
        let language = problem.and_then(language_of);
        if let Some((row, said)) = option {
            let of_choices =
                |field| At::cell(FormSheet::Choices, *row, self.lists.columns.header(&field));
            return match place.field {
                ScriptField::Label => {
                    of_choices(self.text_field("label", language, &self.lists.columns))
                }
                ScriptField::Tag => of_choices(Field::Plain("tag")),
                ScriptField::Relevant => {
                    let at = match problem {
                        Some(ScriptProblem::Expression(ExpressionError { at, .. })) => Some(*at),
                        _ => None,
                    };
                    match at.and_then(|at| said.column_at(at)) {
                        Some("name") => of_choices(Field::Plain("name")),
                        Some(column) => At::cell(FormSheet::Choices, *row, column),
                        None if at.is_none() => At::row(FormSheet::Choices, *row),
                        None => self.of_survey(origin, &Field::Plain("choice_filter")),
                    }
                }
                _ => of_choices(Field::Plain("name")),
            };
        }
        let text = |base| self.of_survey(origin, &self.text_field(base, language, self.survey));
        let plain = |name| self.of_survey(origin, &Field::Plain(name));
        match place.field {
            ScriptField::Name => plain("name"),
            ScriptField::Label | ScriptField::Text => text("label"),
            ScriptField::Hint => text("hint"),
            ScriptField::ConstraintMessage => text("constraint_message"),
            ScriptField::MinLabel => text("min_label"),
            ScriptField::MaxLabel => text("max_label"),
            ScriptField::Relevant => plain("relevant"),
            ScriptField::Constraint => plain("constraint"),
            ScriptField::Expression => plain("calculation"),
            ScriptField::Tag => plain("tag"),
            ScriptField::Min | ScriptField::Max => plain("parameters"),
            _ => plain("type"),
        }
    }

    fn of_survey(&self, origin: &Origin, field: &Field) -> At {
        At::cell(FormSheet::Survey, origin.row, self.survey.header(field))
    }

    /// The column of a text in this language, or in the default one: as it is there, if it is.
    fn text_field(&self, base: &'static str, language: Option<&str>, columns: &Columns) -> Field {
        let language = language.unwrap_or_else(|| self.languages.default());
        let [first, second] = self.languages.fields(base, language);
        if columns.has(&first) || !columns.has(&second) { first } else { second }
    }
}

/// All elements, a group before what it holds: as the script's checks count them.
fn listed(elements: &[ScriptElement]) -> Vec<&ScriptElement> {
    let mut all = Vec::new();
    let mut left: Vec<&ScriptElement> = elements.iter().rev().collect();
    while let Some(element) = left.pop() {
        all.push(element);
        if let ScriptElement::Group(group) = element {
            left.extend(group.elements.iter().rev());
        }
    }
    all
}

fn language_of(problem: &ScriptProblem) -> Option<&str> {
    match problem {
        ScriptProblem::MissingLanguage { language }
        | ScriptProblem::UnknownLanguage { language }
        | ScriptProblem::TextTooLong { language, .. }
        | ScriptProblem::NameInText { language } => Some(language),
        _ => None,
    }
}

/// Whether a text is missing in all languages, which is one fault and not several.
fn is_unlabelled(element: &ScriptElement, place: &Place, problem: &ScriptProblem) -> bool {
    let is_empty = |texts: &Texts| texts.0.is_empty();
    let label = match (element, place.option_no) {
        (ScriptElement::Question(question), Some(no)) => {
            question.kind.options().get(no as usize).is_some_and(|it| is_empty(&it.label))
        }
        (ScriptElement::Question(question), None) => is_empty(&question.label),
        (ScriptElement::Note(note), _) => is_empty(&note.text),
        _ => false,
    };
    let of_label = matches!(place.field, ScriptField::Label | ScriptField::Text);
    of_label && label && matches!(problem, ScriptProblem::MissingLanguage { .. })
}

fn option_name<'e>(element: &'e ScriptElement, place: &Place) -> Option<&'e str> {
    let ScriptElement::Question(question) = element else { return None };
    let option = question.kind.options().get(place.option_no? as usize)?;
    Some(&option.name)
}

/// The expression at a place.
fn expression<'e>(element: &'e ScriptElement, place: &Place) -> Option<&'e str> {
    match (element, place.field, place.option_no) {
        (ScriptElement::Question(question), _, Some(no)) => {
            question.kind.options().get(no as usize)?.relevant.as_deref()
        }
        (ScriptElement::Question(question), ScriptField::Constraint, _) => {
            question.constraint.as_deref()
        }
        (ScriptElement::Calculation(calculation), ScriptField::Expression, _) => {
            Some(&calculation.expression)
        }
        _ => element.relevant(),
    }
}

/// Whether an expression reads the element of this name.
fn reads(expression: &str, name: &str) -> bool {
    expression
        .split("${")
        .skip(1)
        .any(|rest| rest.split('}').next().is_some_and(|it| it.trim() == name))
}
