//! What an expression comes to, given the values of the elements before it.

use super::super::date::LocalTime;
use super::value::Value;
use super::{Arithmetic, Comparison, Expr, Expression, Function, Node};

/// What an expression can see.
#[derive(Clone, Copy, Debug)]
pub(in crate::survey) struct Scope<'s> {
    /// The value of each element before the one that the expression belongs to.
    pub(in crate::survey) values: &'s [Value<'s>],
    /// What `.` reads.
    pub(in crate::survey) current: &'s Value<'s>,
    /// What `today()` and `now()` read.
    pub(in crate::survey) now: LocalTime,
}

impl Expression {
    pub(in crate::survey) fn value<'s>(&'s self, scope: Scope<'s>) -> Value<'s> {
        Evaluation { elements: &self.elements, scope }.value(&self.root)
    }

    pub(in crate::survey) fn is_true(&self, scope: Scope<'_>) -> bool {
        self.value(scope).is_true()
    }
}

/// Recurses as deep as the expression, which parsing has bounded.
pub(super) struct Evaluation<'s> {
    pub(super) elements: &'s [u16],
    pub(super) scope: Scope<'s>,
}

impl<'s> Evaluation<'s> {
    pub(super) fn value(&self, expr: &'s Expr) -> Value<'s> {
        match &expr.node {
            Node::Number(number) => Value::Number(*number),
            Node::Text(text) => Value::Text(text.as_str().into()),
            Node::Name(name) => self.read(*name),
            Node::Current => self.scope.current.borrowed(),
            Node::Negate(inner) => Value::Number(-self.value(inner).number()),
            Node::Compare(how, left, right) => {
                Value::Boolean(holds(*how, &self.value(left), &self.value(right)))
            }
            Node::Compute(how, left, right) => {
                Value::Number(computed(*how, self.value(left).number(), self.value(right).number()))
            }
            Node::All(parts) => Value::Boolean(parts.iter().all(|it| self.value(it).is_true())),
            Node::Any(parts) => Value::Boolean(parts.iter().any(|it| self.value(it).is_true())),
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Matches(text, regex) => {
                Value::Boolean(regex.is_match(&self.value(text).into_text()))
            }
        }
    }

    fn read(&self, name: usize) -> Value<'s> {
        let element = self.elements.get(name).map(|element| usize::from(*element));
        element.and_then(|it| self.scope.values.get(it)).map_or(Value::EMPTY, Value::borrowed)
    }

    fn call(&self, function: Function, arguments: &'s [Expr]) -> Value<'s> {
        match (function, arguments) {
            (Function::Not, [of]) => Value::Boolean(!self.value(of).is_true()),
            (Function::Selected, [of, option]) => {
                let option = self.value(option).into_text();
                let option = option.trim();
                let chosen = self.value(of).into_text();
                Value::Boolean(chosen.split_whitespace().any(|name| name == option))
            }
            (Function::CountSelected, [of]) => {
                Value::Number(self.value(of).into_text().split_whitespace().count() as f64)
            }
            (Function::If, [test, then, _]) if self.value(test).is_true() => self.value(then),
            (Function::If, [_, _, otherwise]) => self.value(otherwise),
            (Function::Coalesce, [first, second]) => {
                let first = self.value(first);
                if first.is_missing() { self.value(second) } else { first }
            }
            (Function::True, _) => Value::Boolean(true),
            (Function::False, _) => Value::Boolean(false),
            (Function::StringLength, [of]) => {
                Value::Number(self.value(of).into_text().chars().count() as f64)
            }
            (Function::Today, _) => Value::Day(self.scope.now.date()),
            (Function::Now, _) => Value::Moment(self.scope.now),
            // The parser has counted the arguments.
            _ => Value::EMPTY,
        }
    }
}

fn holds(how: Comparison, left: &Value<'_>, right: &Value<'_>) -> bool {
    // Texts are read as numbers only where that is what is compared.
    let ordered = |compare: fn(&f64, &f64) -> bool| {
        let (left, right) = left.numbers(right);
        compare(&left, &right)
    };
    match how {
        Comparison::Equal => left.equals(right),
        Comparison::NotEqual => !left.equals(right),
        Comparison::Less => ordered(f64::lt),
        Comparison::LessOrEqual => ordered(f64::le),
        Comparison::Greater => ordered(f64::gt),
        Comparison::GreaterOrEqual => ordered(f64::ge),
    }
}

fn computed(how: Arithmetic, left: f64, right: f64) -> f64 {
    match how {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::Remainder => left % right,
    }
}
