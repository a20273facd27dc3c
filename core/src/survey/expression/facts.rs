//! What must hold of the answers if certain conditions are true, and whether that can be.
//!
//! A sound, incomplete analysis: where it says *never*, no answers at all make the conditions
//! true together; where it does not, there may be none either. It follows comparisons of one
//! answer with constants, chains of `and`, `or` and `not`, calculations that are conditions, and
//! that an answer which is read was asked for: if `${sign} = 'yes'`, then `sign` was relevant.

use std::collections::{BTreeMap, BTreeSet};

use super::super::date::{Date, LocalTime};
use super::constant::{constant, is_constant, known_truth};
use super::evaluate::{Evaluation, Scope};
use super::{Comparison, Expr, Expression, Function, Node, Value};
use crate::time::Timestamp;

/// Parts of expressions looked at for one question; beyond, nothing more is found out.
const MAX_STEPS: u32 = 20_000;
/// Answers whose own conditions are looked at for one question.
const MAX_ASKED: usize = 64;

/// What the values of an element can be.
#[derive(Clone, Debug)]
pub(in crate::survey) enum Known {
    /// One of these; the empty text is "unanswered".
    OneOf(Vec<Value<'static>>),
    /// A number or a day between two bounds, both included, or unanswered.
    Between {
        missing: bool,
        low: f64,
        high: f64,
        /// Only whole numbers.
        whole: bool,
    },
    /// Some of these options.
    Some {
        options: Vec<String>,
        chosen: BTreeSet<usize>,
        left: BTreeSet<usize>,
        counts: Vec<usize>,
    },
    /// Any words, or unanswered.
    Words,
    /// A calculation, or what nothing is known of.
    Nothing,
}

/// An element as far as this analysis looks at it.
#[derive(Clone, Debug)]
pub(in crate::survey) struct KnownElement<'e> {
    pub(in crate::survey) value: Known,
    /// Under which it is part of the conversation: its own and those around it.
    pub(in crate::survey) conditions: Vec<&'e Expression>,
    /// The condition of each option.
    pub(in crate::survey) filters: &'e [Option<Expression>],
    pub(in crate::survey) calculation: Option<&'e Expression>,
}

/// What has been found out so far.
#[derive(Clone, Debug)]
pub(in crate::survey) struct Facts<'e> {
    elements: &'e [KnownElement<'e>],
    found: BTreeMap<u16, Known>,
    /// Elements that must have been part of the conversation and are still to be looked at.
    asked: Vec<u16>,
    seen: BTreeSet<u16>,
    steps: u32,
}

/// An expression with the elements that its names read and the one that `.` reads.
#[derive(Clone, Copy)]
struct Bound<'x> {
    names: &'x [u16],
    own: u16,
}

impl<'e> Facts<'e> {
    pub(in crate::survey) fn new(elements: &'e [KnownElement<'e>]) -> Self {
        let (found, asked, seen) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        Self { elements, found, asked, seen, steps: 0 }
    }

    /// Takes `condition`, a condition of element `own`, to be true. False if it cannot be.
    pub(in crate::survey) fn assume(&mut self, condition: &'e Expression, own: u16) -> bool {
        let bound = Bound { names: &condition.elements, own };
        self.assume_part(&condition.root, bound, true) && self.follow()
    }

    /// Takes `own` to have been answered. False if it cannot have been.
    pub(in crate::survey) fn assume_answered(&mut self, own: u16) -> bool {
        let mut value = self.value(own);
        match &mut value {
            Known::OneOf(values) => values.retain(|it| *it != Value::EMPTY),
            Known::Between { missing, .. } => *missing = false,
            Known::Some { counts, .. } => counts.retain(|count| *count > 0),
            Known::Words | Known::Nothing => {}
        }
        self.seen.insert(own);
        self.learn(own, value)
    }

    /// What is read must have been asked: its conditions are true as well.
    fn follow(&mut self) -> bool {
        while let Some(no) = self.asked.pop() {
            if self.seen.len() > MAX_ASKED {
                return true;
            }
            let elements = self.elements;
            let Some(element) = elements.get(usize::from(no)) else { continue };
            for condition in &element.conditions {
                let bound = Bound { names: &condition.elements, own: no };
                if !self.assume_part(&condition.root, bound, true) {
                    return false;
                }
            }
            for option in self.chosen_options(no) {
                if let Some(Some(filter)) = element.filters.get(option) {
                    let bound = Bound { names: &filter.elements, own: no };
                    if !self.assume_part(&filter.root, bound, true) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// The options that must have been chosen.
    fn chosen_options(&self, no: u16) -> Vec<usize> {
        match self.value(no) {
            Known::Some { chosen, .. } => chosen.into_iter().collect(),
            Known::OneOf(values) => match (values.as_slice(), self.elements.get(usize::from(no))) {
                ([only], Some(KnownElement { value: Known::OneOf(all), .. })) => {
                    // The first of all values is the empty one.
                    all.iter()
                        .position(|it| it == only)
                        .and_then(|it| it.checked_sub(1))
                        .into_iter()
                        .collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn value(&self, no: u16) -> Known {
        let told = || self.elements.get(usize::from(no)).map(|it| it.value.clone());
        self.found.get(&no).cloned().or_else(told).unwrap_or(Known::Nothing)
    }

    /// Keeps what is known of an element now. False if nothing is left for it.
    fn learn(&mut self, no: u16, value: Known) -> bool {
        let possible = value.is_possible();
        if value.is_answered() && self.seen.insert(no) {
            self.asked.push(no);
        }
        self.found.insert(no, value);
        possible
    }

    fn assume_part(&mut self, expr: &'e Expr, bound: Bound<'e>, truth: bool) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return true;
        }
        if let Some(known) = known_truth(expr) {
            return known == truth;
        }
        match (&expr.node, truth) {
            (Node::All(parts), true) | (Node::Any(parts), false) => {
                parts.iter().all(|part| self.assume_part(part, bound, truth))
            }
            (Node::All(parts), false) | (Node::Any(parts), true) => {
                let ways: Vec<_> = parts.iter().map(|part| vec![(part, truth)]).collect();
                self.assume_one_of(&ways, bound)
            }
            (Node::Call(Function::Not, of), _) => {
                of.first().is_none_or(|of| self.assume_part(of, bound, !truth))
            }
            (Node::Call(Function::If, arguments), _) => match arguments.as_slice() {
                [test, then, otherwise] => {
                    let ways = [
                        vec![(test, true), (then, truth)],
                        vec![(test, false), (otherwise, truth)],
                    ];
                    self.assume_one_of(&ways, bound)
                }
                _ => true,
            },
            (Node::Name(name), true) => self.assume_calculation(bound.names.get(*name).copied()),
            _ => self.assume_atom(expr, bound, truth),
        }
    }

    /// One of several ways must hold. If only one can, it does.
    fn assume_one_of(&mut self, ways: &[Vec<(&'e Expr, bool)>], bound: Bound<'e>) -> bool {
        let mut only = None;
        for way in ways {
            let mut facts = self.clone();
            let possible = way.iter().all(|(part, truth)| facts.assume_part(part, bound, *truth));
            self.steps = facts.steps;
            if possible && only.replace(facts).is_some() {
                return true;
            }
        }
        match only {
            Some(facts) => {
                *self = facts;
                true
            }
            None => false,
        }
    }

    /// A calculation that is true was worked out, and its expression is true.
    fn assume_calculation(&mut self, no: Option<u16>) -> bool {
        let elements = self.elements;
        let Some((no, element)) =
            no.and_then(|no| elements.get(usize::from(no)).map(|element| (no, element)))
        else {
            return true;
        };
        let Some(calculation) = element.calculation else { return true };
        if self.seen.insert(no) {
            self.asked.push(no);
        }
        let bound = Bound { names: &calculation.elements, own: no };
        self.assume_part(&calculation.root, bound, true)
    }

    /// A part that is neither a chain nor a choice of conditions.
    fn assume_atom(&mut self, expr: &'e Expr, bound: Bound<'e>, truth: bool) -> bool {
        let mut read = BTreeSet::new();
        if !reads(expr, bound, &mut read) {
            return true;
        }
        let (Some(no), 1) = (read.first().copied(), read.len()) else { return true };
        let value = match self.value(no) {
            Known::OneOf(values) => Known::OneOf(kept(expr, bound, values, truth)),
            Known::Words => match equal_to(expr).filter(|_| truth) {
                Some(text) => Known::OneOf(vec![text]),
                None => return true,
            },
            Known::Between { missing, low, high, whole } => match compared(expr) {
                Some((how, other)) => between((missing, low, high, whole), how, &other, truth),
                None => return true,
            },
            some @ Known::Some { .. } => match chosen(expr, some, truth) {
                Some(some) => some,
                None => return true,
            },
            Known::Nothing => return true,
        };
        self.learn(no, value)
    }
}

impl Known {
    fn is_possible(&self) -> bool {
        match self {
            Self::OneOf(values) => !values.is_empty(),
            Self::Between { missing, low, high, .. } => *missing || low <= high,
            Self::Some { options, chosen, left, counts } => {
                let most = options.len().saturating_sub(left.len());
                chosen.is_disjoint(left)
                    && counts.iter().any(|count| (chosen.len()..=most).contains(count))
            }
            Self::Words | Self::Nothing => true,
        }
    }

    fn is_answered(&self) -> bool {
        match self {
            Self::OneOf(values) => values.iter().all(|it| *it != Value::EMPTY),
            Self::Between { missing, .. } => !missing,
            Self::Some { chosen, counts, .. } => !chosen.is_empty() || !counts.contains(&0),
            Self::Words | Self::Nothing => false,
        }
    }
}

/// Collects the elements that `expr` reads; false if it also reads the time.
fn reads(expr: &Expr, bound: Bound<'_>, read: &mut BTreeSet<u16>) -> bool {
    match &expr.node {
        Node::Name(name) => {
            read.extend(bound.names.get(*name));
            true
        }
        Node::Current => {
            read.insert(bound.own);
            true
        }
        Node::Call(Function::Today | Function::Now, _) => false,
        node => node.children().into_iter().all(|child| reads(child, bound, read)),
    }
}

/// The values for which `expr`, which reads one element only, has this truth.
fn kept(
    expr: &Expr,
    bound: Bound<'_>,
    values: Vec<Value<'static>>,
    truth: bool,
) -> Vec<Value<'static>> {
    // All names that are read are the same element's.
    let names = vec![0; bound.names.len()];
    let now = LocalTime::at(Timestamp::default(), 0);
    let holds = |value: &Value<'static>| {
        let values = std::slice::from_ref(value);
        let scope = Scope { values, current: value, now };
        Evaluation { elements: &names, scope }.value(expr).is_true() == truth
    };
    values.into_iter().filter(holds).collect()
}

/// The constant that an answer is compared with, the answer being on the left.
fn compared(expr: &Expr) -> Option<(Comparison, Value<'_>)> {
    let Node::Compare(how, left, right) = &expr.node else { return None };
    let reads_one = |side: &Expr| matches!(side.node, Node::Name(_) | Node::Current);
    if reads_one(left) && is_constant(right) {
        Some((*how, constant(right)))
    } else if reads_one(right) && is_constant(left) {
        Some((turned(*how), constant(left)))
    } else {
        None
    }
}

const fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

/// The text that words are said to be equal to.
fn equal_to(expr: &Expr) -> Option<Value<'static>> {
    match compared(expr)? {
        (Comparison::Equal, Value::Text(text)) => Some(Value::Text(text.into_owned().into())),
        _ => None,
    }
}

fn between(
    (mut missing, mut low, mut high, whole): (bool, f64, f64, bool),
    how: Comparison,
    other: &Value<'_>,
    truth: bool,
) -> Known {
    if matches!(other, Value::Boolean(_)) {
        return Known::Between { missing, low, high, whole };
    }
    let blank = matches!(other, Value::Text(text) if text.is_empty());
    let number = match other {
        Value::Text(text) => Date::parse(text).map_or(other.number(), |it| f64::from(it.days())),
        _ => other.number(),
    };
    let unequal = (how == Comparison::NotEqual) == truth;
    let is_equality = matches!(how, Comparison::Equal | Comparison::NotEqual);
    if is_equality && blank {
        // `= ''` is true of no answer only.
        (low, high) = if unequal { (low, high) } else { (1.0, 0.0) };
        missing &= !unequal;
    } else if is_equality && unequal {
        // All numbers but one, and no answer: nothing to keep.
    } else if is_equality {
        (low, high) = (low.max(number), high.min(number));
        (missing, low) = (false, if number.is_nan() { f64::INFINITY } else { low });
        high = if number.is_nan() { 0.0 } else { high };
    } else if truth {
        missing = false;
        narrow(&mut low, &mut high, whole, how, number);
    } else if !number.is_nan() {
        narrow(&mut low, &mut high, whole, opposite(how), number);
    }
    Known::Between { missing, low, high, whole }
}

const fn opposite(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
    }
}

/// Brings the bounds together to where the comparison with `number` holds.
fn narrow(low: &mut f64, high: &mut f64, whole: bool, how: Comparison, number: f64) {
    let above = if whole { number.floor() + 1.0 } else { number.next_up() };
    let below = if whole { number.ceil() - 1.0 } else { number.next_down() };
    let (least, most) = match how {
        Comparison::Less => (f64::NEG_INFINITY, below),
        Comparison::LessOrEqual => (f64::NEG_INFINITY, number),
        Comparison::Greater => (above, f64::INFINITY),
        Comparison::GreaterOrEqual => (number, f64::INFINITY),
        _ => (f64::NEG_INFINITY, f64::INFINITY),
    };
    if number.is_nan() {
        (*low, *high) = (1.0, 0.0);
    } else {
        (*low, *high) = (low.max(least), high.min(most));
    }
}

/// What is known of several options once `expr` is known to be true, or false; none if it says
/// nothing that is kept.
fn chosen(expr: &Expr, known: Known, truth: bool) -> Option<Known> {
    let Known::Some { options, mut chosen, mut left, mut counts } = known else { return None };
    let reads_one = |side: &Expr| matches!(side.node, Node::Name(_) | Node::Current);
    let counted = |side: &Expr| match &side.node {
        Node::Call(Function::CountSelected, of) => of.first().is_some_and(reads_one),
        _ => false,
    };
    match &expr.node {
        Node::Call(Function::Selected, arguments) => {
            let [of, option] = arguments.as_slice() else { return None };
            if !reads_one(of) || !is_constant(option) {
                return None;
            }
            let name = constant(option).into_text();
            match options.iter().position(|it| *it == name.trim()) {
                Some(option) => {
                    let set = if truth { &mut chosen } else { &mut left };
                    set.insert(option);
                }
                None if truth => counts.clear(),
                None => {}
            }
        }
        Node::Compare(how, one, other) if counted(one) && is_constant(other) => {
            let number = constant(other).number();
            counts.retain(|count| holds(*how, *count as f64, number) == truth);
        }
        Node::Compare(how, other, one) if counted(one) && is_constant(other) => {
            let number = constant(other).number();
            counts.retain(|count| holds(turned(*how), *count as f64, number) == truth);
        }
        _ => match compared(expr)? {
            (how @ (Comparison::Equal | Comparison::NotEqual), Value::Text(text))
                if text.is_empty() =>
            {
                counts.retain(|count| (*count == 0) == ((how == Comparison::Equal) == truth));
            }
            _ => return None,
        },
    }
    Some(Known::Some { options, chosen, left, counts })
}

#[expect(clippy::float_cmp, reason = "expressions compare exactly, as XPath says")]
fn holds(how: Comparison, left: f64, right: f64) -> bool {
    match how {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}
