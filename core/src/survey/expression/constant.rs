//! Conditions that can never be true, whatever is answered.

use super::super::date::LocalTime;
use super::evaluate::{Evaluation, Scope};
use super::{Expr, Function, Node, Parsed, Value};
use crate::time::Timestamp;

/// Whether the condition is false without knowing any answer: `1 = 2`, `${x} = 'a' and false()`.
///
/// It looks at constants only; that two comparisons of answers exclude each other is what
/// [`Facts`](super::facts::Facts) find.
pub(in crate::survey) fn never_true(parsed: &Parsed) -> bool {
    known_truth(&parsed.root) == Some(false)
}

/// The truth of the condition `text`, if it is settled; see [`never_true`].
pub(in crate::survey) fn known_truth_of(text: &str) -> Option<bool> {
    known_truth(&super::parse(text).ok()?.root)
}

/// The truth of `expr` if it hangs on constants alone.
pub(super) fn known_truth(expr: &Expr) -> Option<bool> {
    match &expr.node {
        Node::All(parts) => known_chain(parts, false),
        Node::Any(parts) => known_chain(parts, true),
        Node::Call(Function::Not, of) => of.first().and_then(known_truth).map(|known| !known),
        Node::Call(Function::If, arguments) => match arguments.as_slice() {
            [test, then, otherwise] => match known_truth(test) {
                Some(true) => known_truth(then),
                Some(false) => known_truth(otherwise),
                None => known_truth(then).filter(|it| known_truth(otherwise) == Some(*it)),
            },
            _ => None,
        },
        _ => is_constant(expr).then(|| constant(expr).is_true()),
    }
}

/// A chain is settled by one part that is `settling`, or by all parts being the opposite.
fn known_chain(parts: &[Expr], settling: bool) -> Option<bool> {
    let known: Vec<Option<bool>> = parts.iter().map(known_truth).collect();
    if known.contains(&Some(settling)) {
        return Some(settling);
    }
    known.iter().all(Option::is_some).then_some(!settling)
}

pub(super) fn is_constant(expr: &Expr) -> bool {
    match &expr.node {
        Node::Name(_) | Node::Current | Node::Call(Function::Today | Function::Now, _) => false,
        node => node.children().into_iter().all(is_constant),
    }
}

pub(super) fn constant(expr: &Expr) -> Value<'_> {
    let scope =
        Scope { values: &[], current: &Value::EMPTY, now: LocalTime::at(Timestamp::default(), 0) };
    Evaluation { elements: &[], scope }.value(expr)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn constants_settle_a_condition() {
        for text in [
            "false()",
            "1 = 2",
            "not(1 < 2)",
            "${a} = 'x' and false()",
            "'' or 0 div 0",
            "if(${a} = 'x', false(), 1 > 2)",
            "if(true(), false(), ${a} = 'x')",
            "regex('a1', '[a-z]')",
        ] {
            assert!(never_true(&parse(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn answers_and_time_do_not() {
        for text in [
            "${a} = 'x'",
            ". > 3",
            "${a} = 'x' or false()",
            "today() < '1970-01-01'",
            "now() = 0",
            "if(${a} = 'x', true(), false())",
            "true()",
            "not(false())",
        ] {
            assert!(!never_true(&parse(text).unwrap()), "{text}");
        }
    }
}
