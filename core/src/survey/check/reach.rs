//! Elements, options and constraints that no answers lead to.

use super::super::answer::ACKNOWLEDGED;
use super::super::error::{ScriptError, ScriptField, ScriptProblem};
use super::super::expression::{Expression, Facts, Known, KnownElement, Value};
use super::super::limits::{MAX_INTEGER, MAX_SCALE_POINTS};
use super::super::model::{Bounds, Kind, ResponseOption, Scale, ScriptSource};
use super::super::script::{Body, CheckedQuestion, Step};
use super::faults::Faults;
use super::outline::{Entry, outline};

/// What of a checked script is never reached.
pub(in crate::survey) fn unreachable(source: &ScriptSource, steps: &[Step]) -> Vec<ScriptError> {
    let mut faults = Faults::default();
    let entries = outline(source, &mut faults);
    let known: Vec<KnownElement<'_>> = steps.iter().map(|step| element(step, steps)).collect();
    let mut never = vec![false; steps.len()];
    for (entry, step) in entries.iter().zip(steps) {
        let no = usize::from(entry.no);
        if step.parent.is_some_and(|parent| never[usize::from(parent)]) {
            never[no] = true;
            continue;
        }
        let mut facts = Facts::new(&known);
        never[no] = !known[no].conditions.iter().all(|it| facts.assume(it, entry.no));
        if never[no] {
            faults.of_element(entry, ScriptField::Relevant, ScriptProblem::NeverTrue);
        } else if let Some(question) = step.question() {
            look_into(entry, question, &facts, &mut faults);
        }
    }
    faults.into_errors()
}

/// The options and the constraint of a question that can be asked.
fn look_into(
    entry: &Entry<'_>,
    question: &CheckedQuestion,
    facts: &Facts<'_>,
    faults: &mut Faults,
) {
    for (filter, no) in question.filters.iter().zip(0_u32..) {
        let Some(filter) = filter else { continue };
        if !facts.clone().assume(filter, entry.no) {
            let problem = ScriptProblem::NeverTrue;
            faults.of_option(entry, Some(no), ScriptField::Relevant, problem);
        }
    }
    if let Some(constraint) = &question.constraint {
        let mut facts = facts.clone();
        if facts.assume_answered(entry.no) && !facts.assume(constraint, entry.no) {
            faults.of_element(entry, ScriptField::Constraint, ScriptProblem::NeverTrue);
        }
    }
}

fn element<'s>(step: &'s Step, steps: &'s [Step]) -> KnownElement<'s> {
    let (value, filters, calculation) = match &step.body {
        Body::Question(question) => (known(&question.question.kind), &question.filters[..], None),
        Body::Calculation(expression) => (Known::Nothing, &[][..], Some(expression)),
        Body::Group(_) | Body::Note { .. } => (Known::Nothing, &[][..], None),
    };
    KnownElement { value, conditions: conditions(step, steps), filters, calculation }
}

/// The conditions of a step and of the groups around it, outermost first.
fn conditions<'s>(step: &'s Step, steps: &'s [Step]) -> Vec<&'s Expression> {
    let parent = |step: &&'s Step| steps.get(usize::from(step.parent?));
    let mut conditions: Vec<_> = std::iter::successors(Some(step), parent)
        .filter_map(|step| step.relevant.as_ref())
        .collect();
    conditions.reverse();
    conditions
}

/// What the answers to a question can be.
fn known(kind: &Kind) -> Known {
    let names = |options: &[ResponseOption]| -> Vec<String> {
        options.iter().map(|it| it.name.clone()).collect()
    };
    match kind {
        Kind::Single(choices) => {
            let names = names(&choices.options).into_iter().map(|it| Value::Text(it.into()));
            Known::OneOf([Value::EMPTY].into_iter().chain(names).collect())
        }
        Kind::Acknowledge => Known::OneOf(vec![Value::EMPTY, Value::Text(ACKNOWLEDGED.into())]),
        Kind::Multiple(choices) => {
            let options = names(&choices.options);
            let counts = (0..=options.len()).collect();
            Known::Some { options, chosen: [].into(), left: [].into(), counts }
        }
        Kind::Scale(Scale { min, max, .. }) => points(f64::from(*min), f64::from(*max)),
        Kind::Integer(Bounds { min, max }) => {
            points(min.unwrap_or(-MAX_INTEGER), max.unwrap_or(MAX_INTEGER))
        }
        Kind::Decimal(Bounds { min, max }) => Known::Between {
            missing: true,
            low: min.unwrap_or(f64::NEG_INFINITY),
            high: max.unwrap_or(f64::INFINITY),
            whole: false,
        },
        Kind::Date => Known::Between {
            missing: true,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            whole: true,
        },
        Kind::Text(_) => Known::Words,
    }
}

/// Whole numbers one by one if they are few.
fn points(low: f64, high: f64) -> Known {
    let count = high - low;
    if !(0.0..MAX_SCALE_POINTS as f64).contains(&count) {
        return Known::Between { missing: true, low, high, whole: true };
    }
    let points = std::iter::successors(Some(low), |point| Some(point + 1.0));
    let points = points.take_while(|point| *point <= high).map(Value::Number);
    Known::OneOf([Value::EMPTY].into_iter().chain(points).collect())
}
