//! Options and bounds.

use std::collections::BTreeMap;

use super::super::error::{Counted, ScriptField, ScriptProblem};
use super::super::limits::{MAX_ANSWER_CHARS, MAX_INTEGER, MAX_SCALE_POINTS};
use super::super::model::{Bounds, Kind, ResponseOption, Scale, ScriptElement};
use super::super::name::is_code;
use super::faults::Faults;
use super::outline::{Entry, too_many};

/// Checks what is particular to the kind of a question.
pub(super) fn check(entry: &Entry<'_>, faults: &mut Faults) {
    let ScriptElement::Question(question) = entry.element else {
        return;
    };
    let mut fault = |field, problem| faults.of_element(entry, field, problem);
    match &question.kind {
        Kind::Single(choices) | Kind::Multiple(choices) => {
            check_options(entry, &choices.options, faults);
        }
        Kind::Integer(bounds) => check_bounds(bounds, true, &mut fault),
        Kind::Decimal(bounds) => check_bounds(bounds, false, &mut fault),
        Kind::Scale(scale) => check_scale(scale, &mut fault),
        Kind::Text(limit) => {
            if limit.max_length.is_some_and(|it| it == 0 || it > MAX_ANSWER_CHARS) {
                fault(ScriptField::MaxLength, ScriptProblem::BadBounds);
            }
        }
        Kind::Date | Kind::Acknowledge => {}
    }
}

fn check_options(entry: &Entry<'_>, options: &[ResponseOption], faults: &mut Faults) {
    if options.is_empty() {
        faults.of_element(entry, ScriptField::Options, ScriptProblem::Empty);
    }
    let mut names = BTreeMap::new();
    for (option, no) in options.iter().zip(0_u32..) {
        let name = option.name.as_str();
        let problem = if !is_code(name) {
            ScriptProblem::BadName
        } else if let Some(first) = names.insert(name, no) {
            ScriptProblem::DuplicateName { first: format!("option {}", first + 1) }
        } else {
            continue;
        };
        faults.of_option(entry, Some(no), ScriptField::Name, problem);
    }
}

fn check_bounds(bounds: &Bounds, whole: bool, fault: &mut impl FnMut(ScriptField, ScriptProblem)) {
    let sound = |bound: f64| {
        let in_reach = !whole || (bound.fract() == 0.0 && bound.abs() <= MAX_INTEGER);
        bound.is_finite() && in_reach
    };
    for (bound, field) in [(bounds.min, ScriptField::Min), (bounds.max, ScriptField::Max)] {
        if bound.is_some_and(|bound| !sound(bound)) {
            fault(field, ScriptProblem::BadBounds);
        }
    }
    if let (Some(min), Some(max)) = (bounds.min, bounds.max)
        && min > max
    {
        fault(ScriptField::Max, ScriptProblem::BadBounds);
    }
}

fn check_scale(scale: &Scale, fault: &mut impl FnMut(ScriptField, ScriptProblem)) {
    if scale.min >= scale.max {
        fault(ScriptField::Max, ScriptProblem::BadBounds);
    } else if i64::from(scale.max) - i64::from(scale.min) >= MAX_SCALE_POINTS {
        let limit = usize::try_from(MAX_SCALE_POINTS).unwrap_or(usize::MAX);
        fault(ScriptField::Max, too_many(Counted::Points, limit));
    }
}
