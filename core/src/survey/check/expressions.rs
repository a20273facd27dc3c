//! Expressions: parsed, bound to elements, and checked for order, type and sense.

use std::collections::BTreeMap;

use super::super::error::{Counted, ExpressionCause, ExpressionError, ScriptField, ScriptProblem};
use super::super::expression::{
    Expression, NamedTypes, Parsed, Type, check_condition, infer, never_true, parse,
};
use super::super::limits::{MAX_PATTERNS, MAX_SCRIPT_PARTS};
use super::super::model::{Kind, Question, ScriptElement};
use super::super::script::{Body, CheckedQuestion, Step};
use super::faults::Faults;
use super::graph::components;
use super::outline::{Entry, too_many};

/// Everything an element's expressions may be: `P` is a parsed or a bound expression.
#[derive(Debug)]
pub(super) struct Expressions<P> {
    relevant: Option<P>,
    constraint: Option<P>,
    calculation: Option<P>,
    filters: Vec<Option<P>>,
}

impl<P> Expressions<P> {
    /// Each expression with its option number and its field, in the order written.
    fn map<Q>(
        self,
        mut each: impl FnMut(P, Option<u32>, ScriptField) -> Option<Q>,
    ) -> Expressions<Q> {
        let relevant = ScriptField::Relevant;
        Expressions {
            relevant: self.relevant.and_then(|it| each(it, None, relevant)),
            constraint: self.constraint.and_then(|it| each(it, None, ScriptField::Constraint)),
            calculation: self.calculation.and_then(|it| each(it, None, ScriptField::Expression)),
            filters: (0_u32..)
                .zip(self.filters)
                .map(|(no, filter)| filter.and_then(|it| each(it, Some(no), relevant)))
                .collect(),
        }
    }

    /// Those that the element's value or relevance hangs on: all but the constraint.
    fn deciding(&self) -> impl Iterator<Item = &P> {
        let single = [&self.relevant, &self.calculation];
        single.into_iter().chain(&self.filters).filter_map(Option::as_ref)
    }
}

impl Expressions<Expression> {
    /// The element, ready to be evaluated.
    pub(super) fn step(self, entry: &Entry<'_>) -> Step {
        let body = match (entry.element, self.calculation) {
            (ScriptElement::Question(question), _) => Body::Question(Box::new(CheckedQuestion {
                question: question.clone(),
                constraint: self.constraint,
                filters: self.filters,
            })),
            (ScriptElement::Note(note), _) => {
                Body::Note { name: note.name.clone(), text: note.text.clone() }
            }
            (ScriptElement::Calculation(_), Some(expression)) => Body::Calculation(expression),
            (ScriptElement::Group(group), _) => Body::Group(group.label.clone()),
            (ScriptElement::Calculation(_), None) => Body::Group(None),
        };
        Step { parent: entry.parent, relevant: self.relevant, body }
    }
}

/// Checks all expressions; what could not be bound is missing in the result and a fault.
pub(super) fn check(
    entries: &[Entry<'_>],
    names: &BTreeMap<&str, u16>,
    faults: &mut Faults,
) -> Vec<Expressions<Expression>> {
    let Some(parsed) = parse_all(entries, faults) else {
        return Vec::new();
    };
    let circles = components(&edges(entries, &parsed, names));
    let mut types = named_types(entries);
    let mut bound = Vec::with_capacity(entries.len());
    for (entry, parsed) in entries.iter().zip(parsed) {
        let binding = Binding { entry, entries, names, circles: &circles };
        let expressions = parsed.map(|parsed, option_no, field| {
            let checked = binding.check(parsed, field, &mut types);
            checked.map_err(|problem| faults.of_option(entry, option_no, field, problem)).ok()
        });
        bound.push(expressions);
    }
    bound
}

fn texts(element: &ScriptElement) -> Expressions<&str> {
    let none = Expressions { relevant: None, constraint: None, calculation: None, filters: vec![] };
    let relevant = element.relevant();
    match element {
        ScriptElement::Question(question) => Expressions {
            relevant,
            constraint: question.constraint.as_deref(),
            filters: filters(question),
            ..none
        },
        ScriptElement::Calculation(calculation) => {
            Expressions { relevant, calculation: Some(&calculation.expression), ..none }
        }
        ScriptElement::Note(_) | ScriptElement::Group(_) => Expressions { relevant, ..none },
    }
}

/// The conditions of the options; none at all if no option has one.
fn filters(question: &Question) -> Vec<Option<&str>> {
    let options = question.kind.options();
    if options.iter().all(|option| option.relevant.is_none()) {
        return Vec::new();
    }
    options.iter().map(|option| option.relevant.as_deref()).collect()
}

/// None if there is too much to look at.
fn parse_all(entries: &[Entry<'_>], faults: &mut Faults) -> Option<Vec<Expressions<Parsed>>> {
    let (mut parts, mut patterns) = (0, 0);
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        all.push(texts(entry.element).map(|text, option_no, field| {
            if parts > MAX_SCRIPT_PARTS || patterns > MAX_PATTERNS {
                return None;
            }
            let parsed = parse(text)
                .map_err(|error| faults.of_option(entry, option_no, field, error))
                .ok()?;
            parts += parsed.parts;
            patterns += parsed.patterns;
            Some(parsed)
        }));
    }
    for (count, counted, limit) in [
        (parts, Counted::ExpressionParts, MAX_SCRIPT_PARTS),
        (patterns, Counted::Patterns, MAX_PATTERNS),
    ] {
        if count > limit {
            faults.of_script(ScriptField::Elements, too_many(counted, limit));
            return None;
        }
    }
    Some(all)
}

/// For each element, those whose value or relevance decides its own.
fn edges(
    entries: &[Entry<'_>],
    parsed: &[Expressions<Parsed>],
    names: &BTreeMap<&str, u16>,
) -> Vec<Vec<u16>> {
    let targets = |entry: &Entry<'_>, parsed: &Expressions<Parsed>| {
        let read = parsed.deciding().flat_map(|it| &it.names);
        let mut targets: Vec<u16> = read
            .filter_map(|(name, _)| names.get(name.as_str()).copied())
            .chain(entry.parent)
            .collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    };
    entries.iter().zip(parsed).map(|(entry, parsed)| targets(entry, parsed)).collect()
}

/// What is known before any expression is looked at; calculations are filled in on the way.
fn named_types<'s>(entries: &[Entry<'s>]) -> NamedTypes<'s> {
    let question = |entry: &Entry<'s>| match entry.element {
        ScriptElement::Question(question) => Some(question),
        _ => None,
    };
    let type_of = |entry: &Entry<'s>| match question(entry).map(|it| &it.kind) {
        Some(Kind::Single(_) | Kind::Multiple(_) | Kind::Acknowledge) => Type::Choice(entry.no),
        Some(Kind::Integer(_) | Kind::Decimal(_) | Kind::Scale(_)) => Type::Number,
        Some(Kind::Text(_)) => Type::Text,
        Some(Kind::Date) => Type::Day,
        None => Type::Any,
    };
    let options = |entry: &Entry<'s>| match question(entry) {
        Some(Question { kind: Kind::Acknowledge, .. }) => vec![super::super::answer::ACKNOWLEDGED],
        Some(question) => question.kind.options().iter().map(|it| it.name.as_str()).collect(),
        None => Vec::new(),
    };
    NamedTypes {
        types: entries.iter().map(type_of).collect(),
        options: entries.iter().map(options).collect(),
    }
}

/// An element whose expressions are being bound.
struct Binding<'c, 's> {
    entry: &'c Entry<'s>,
    entries: &'c [Entry<'s>],
    names: &'c BTreeMap<&'s str, u16>,
    circles: &'c [usize],
}

impl Binding<'_, '_> {
    fn check(
        &self,
        parsed: Parsed,
        field: ScriptField,
        types: &mut NamedTypes<'_>,
    ) -> Result<Expression, ScriptProblem> {
        let is_constraint = field == ScriptField::Constraint;
        if let (false, Some(at)) = (is_constraint, parsed.current_at) {
            return Err(ExpressionError { at, cause: ExpressionCause::NoCurrent }.into());
        }
        let read = parsed.names.iter().map(|(name, at)| {
            let element = self.element(name, is_constraint);
            element.map_err(|cause| ExpressionError { at: *at, cause })
        });
        let elements = read.collect::<Result<Vec<u16>, _>>()?;
        let never = field != ScriptField::Expression && never_true(&parsed);
        let expression = Expression::new(parsed, elements);
        let no = usize::from(self.entry.no);
        if field == ScriptField::Expression {
            let found = infer(&expression, Type::Any, types)?;
            types.types[no] = found;
        } else {
            check_condition(&expression, types.types[no], types)?;
        }
        if never { Err(ScriptProblem::NeverTrue) } else { Ok(expression) }
    }

    /// The element that `name` reads, if it may be read here.
    fn element(&self, name: &str, is_constraint: bool) -> Result<u16, ExpressionCause> {
        let own = self.entry.no;
        let name = || name.to_owned();
        let Some(no) = self.names.get(name().as_str()).copied() else {
            return Err(ExpressionCause::UnknownName { name: name() });
        };
        let circle = |no: u16| self.circles.get(usize::from(no));
        let element = self.entries.get(usize::from(no)).map(|entry| entry.element);
        match element {
            Some(ScriptElement::Note(_) | ScriptElement::Group(_)) | None => {
                Err(ExpressionCause::NoValue { name: name() })
            }
            _ if no < own || (no == own && is_constraint) => Ok(no),
            _ if !is_constraint && circle(no) == circle(own) => {
                Err(ExpressionCause::Cycle { name: name() })
            }
            _ => Err(ExpressionCause::ForwardReference { name: name() }),
        }
    }
}
