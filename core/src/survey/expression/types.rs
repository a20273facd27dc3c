//! Mistakes that show without an answer: comparing what cannot be equal, counting with words,
//! a condition that is none, an option that the question does not have.
//!
//! Stricter than evaluation, which converts anything. A conversion that a script's author is
//! likely not to have meant, or that ODK's engines do not agree on, is refused here.

use super::super::date::Date;
use super::super::error::{ExpressionCause, ExpressionError, ValueType};
use super::lexer::quoted;
use super::value::{number_of, text_of};
use super::{Comparison, Expr, Expression, Function, Node};

/// What is known of a value before any answer. Each may also be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::survey) enum Type {
    Boolean,
    Number,
    Text,
    Day,
    /// Names of options of the element with this number.
    Choice(u16),
    /// Not known; nothing is held against it.
    Any,
}

/// The type and the options of every element, by its number.
#[derive(Debug)]
pub(in crate::survey) struct NamedTypes<'s> {
    pub(in crate::survey) types: Vec<Type>,
    pub(in crate::survey) options: Vec<Vec<&'s str>>,
}

/// What the expression comes to; `current` is what `.` reads.
pub(in crate::survey) fn infer(
    expression: &Expression,
    current: Type,
    named: &NamedTypes<'_>,
) -> Result<Type, ExpressionError> {
    Inference { elements: &expression.elements, current, named }.infer(&expression.root)
}

/// Refuses an expression that is no condition.
pub(in crate::survey) fn check_condition(
    expression: &Expression,
    current: Type,
    named: &NamedTypes<'_>,
) -> Result<(), ExpressionError> {
    Inference { elements: &expression.elements, current, named }.condition(&expression.root)
}

struct Inference<'s> {
    elements: &'s [u16],
    current: Type,
    named: &'s NamedTypes<'s>,
}

type Checked<T> = Result<T, ExpressionError>;

impl Inference<'_> {
    fn infer(&self, expr: &Expr) -> Checked<Type> {
        match &expr.node {
            Node::Number(_) => Ok(Type::Number),
            Node::Text(_) => Ok(Type::Text),
            Node::Name(name) => Ok(self.named(*name)),
            Node::Current => Ok(self.current),
            Node::Negate(inner) => {
                self.number(inner)?;
                Ok(Type::Number)
            }
            Node::Compute(_, left, right) => {
                self.number(left)?;
                self.number(right)?;
                Ok(Type::Number)
            }
            Node::Compare(how, left, right) => {
                self.comparison(*how, left, right)?;
                Ok(Type::Boolean)
            }
            Node::All(parts) | Node::Any(parts) => {
                parts.iter().try_for_each(|part| self.condition(part))?;
                Ok(Type::Boolean)
            }
            Node::Matches(text, _) => {
                self.words(text)?;
                Ok(Type::Boolean)
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    fn named(&self, name: usize) -> Type {
        let element = self.elements.get(name).map(|element| usize::from(*element));
        element.and_then(|it| self.named.types.get(it)).copied().unwrap_or(Type::Any)
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> Checked<Type> {
        match (function, arguments) {
            (Function::Not, [of]) => self.condition(of).map(|()| Type::Boolean),
            (Function::Selected, [of, option]) => self.selected(of, option).map(|()| Type::Boolean),
            (Function::CountSelected, [of]) => match self.infer(of)? {
                Type::Choice(_) | Type::Any => Ok(Type::Number),
                found => Err(mismatch(of, ValueType::Choice, found)),
            },
            (Function::If, [test, then, otherwise]) => {
                self.condition(test)?;
                self.either(then, otherwise)
            }
            (Function::Coalesce, [first, second]) => self.either(first, second),
            (Function::StringLength, [of]) => self.words(of).map(|()| Type::Number),
            (Function::Today | Function::Now, _) => Ok(Type::Day),
            // `true()` and `false()`; the parser has counted the arguments of the others.
            _ => Ok(Type::Boolean),
        }
    }

    fn condition(&self, expr: &Expr) -> Checked<()> {
        match self.infer(expr)? {
            Type::Boolean | Type::Any => Ok(()),
            found => Err(mismatch(expr, ValueType::Boolean, found)),
        }
    }

    fn words(&self, expr: &Expr) -> Checked<()> {
        match self.infer(expr)? {
            Type::Boolean => Err(mismatch(expr, ValueType::Text, Type::Boolean)),
            _ => Ok(()),
        }
    }

    fn number(&self, expr: &Expr) -> Checked<()> {
        let found = self.infer(expr)?;
        let is_number = match found {
            Type::Number | Type::Day | Type::Any => true,
            Type::Choice(element) => self.options(element).iter().all(|it| is_number(it)),
            Type::Text => literal(expr).is_some_and(is_number),
            Type::Boolean => false,
        };
        if is_number { Ok(()) } else { Err(mismatch(expr, ValueType::Number, found)) }
    }

    /// The common type of two alternatives; an empty literal goes with anything.
    fn either(&self, first: &Expr, second: &Expr) -> Checked<Type> {
        let types = (self.infer(first)?, self.infer(second)?);
        Ok(match types {
            (one, _) if literal(second) == Some("") => one,
            (_, other) if literal(first) == Some("") => other,
            (one, other) if one == other => one,
            _ => Type::Any,
        })
    }

    fn comparison(&self, how: Comparison, left: &Expr, right: &Expr) -> Checked<()> {
        let types = (self.infer(left)?, self.infer(right)?);
        let day_beside = |text: &Expr, other: Type| {
            other == Type::Day && literal(text).is_some_and(|it| Date::parse(it).is_some())
        };
        if day_beside(left, types.1) || day_beside(right, types.0) {
            return Ok(());
        }
        if !matches!(how, Comparison::Equal | Comparison::NotEqual) {
            self.number(left)?;
            return self.number(right);
        }
        self.equality((left, types.0), (right, types.1))?;
        self.equality((right, types.1), (left, types.0))
    }

    /// Whether `left` may equal `right`, seen from the left; called both ways round.
    fn equality(&self, left: (&Expr, Type), right: (&Expr, Type)) -> Checked<()> {
        let unanswered = literal(left.0) == Some("") || literal(right.0) == Some("");
        match (left.1, right.1) {
            (Type::Any, _) | (_, Type::Any) | (Type::Boolean, Type::Boolean) => Ok(()),
            (Type::Boolean, found) => Err(mismatch(right.0, ValueType::Boolean, found)),
            (_, Type::Boolean) => Ok(()),
            _ if unanswered => Ok(()),
            (Type::Choice(element), _) => self.choice_equality(element, left.0, right),
            (Type::Number, _) => self.number(right.0),
            (Type::Day, Type::Text) => Err(mismatch(right.0, ValueType::Date, Type::Text)),
            _ => Ok(()),
        }
    }

    fn choice_equality(
        &self,
        element: u16,
        choice: &Expr,
        (right, right_type): (&Expr, Type),
    ) -> Checked<()> {
        match (&right.node, right_type) {
            (Node::Number(number), _) => {
                self.number(choice)?;
                let equal = |it: &&str| text_of(number_of(it)) == text_of(*number);
                if self.options(element).iter().any(equal) {
                    return Ok(());
                }
                let option = quoted(&text_of(*number));
                Err(error(right, ExpressionCause::UnknownOption { option }))
            }
            (Node::Text(text), _) => {
                text.split_whitespace().try_for_each(|name| self.has_option(element, name, right))
            }
            (_, Type::Number | Type::Day) => self.number(choice),
            _ => Ok(()),
        }
    }

    fn selected(&self, of: &Expr, option: &Expr) -> Checked<()> {
        let (chosen, wanted) = (self.infer(of)?, self.infer(option)?);
        match (chosen, &option.node, wanted) {
            (Type::Boolean | Type::Number | Type::Day, ..) => {
                Err(mismatch(of, ValueType::Choice, chosen))
            }
            (Type::Choice(element), Node::Text(name), _) => {
                self.has_option(element, name.trim(), option)
            }
            (Type::Choice(element), Node::Number(number), _) => {
                self.has_option(element, &text_of(*number), option)
            }
            (_, _, Type::Boolean | Type::Day) => Err(mismatch(option, ValueType::Text, wanted)),
            _ => Ok(()),
        }
    }

    fn has_option(&self, element: u16, name: &str, place: &Expr) -> Checked<()> {
        if self.options(element).contains(&name) {
            return Ok(());
        }
        Err(error(place, ExpressionCause::UnknownOption { option: quoted(name) }))
    }

    fn options(&self, element: u16) -> &[&str] {
        self.named.options.get(usize::from(element)).map_or(&[], Vec::as_slice)
    }
}

fn literal(expr: &Expr) -> Option<&str> {
    match &expr.node {
        Node::Text(text) => Some(text),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    !number_of(text).is_nan()
}

fn error(expr: &Expr, cause: ExpressionCause) -> ExpressionError {
    ExpressionError { at: expr.at, cause }
}

fn mismatch(expr: &Expr, wanted: ValueType, found: Type) -> ExpressionError {
    let found = match found {
        Type::Boolean => ValueType::Boolean,
        Type::Number => ValueType::Number,
        Type::Day => ValueType::Date,
        Type::Choice(_) => ValueType::Choice,
        Type::Text | Type::Any => ValueType::Text,
    };
    error(expr, ExpressionCause::TypeMismatch { wanted, found })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    const NAMES: [&str; 7] = ["num", "words", "day", "colour", "score", "flag", "any"];

    fn outcome(text: &str) -> Checked<()> {
        let named = NamedTypes {
            types: vec![
                Type::Number,
                Type::Text,
                Type::Day,
                Type::Choice(3),
                Type::Choice(4),
                Type::Boolean,
                Type::Any,
            ],
            options: vec![vec![], vec![], vec![], vec!["red", "blue"], vec!["1", "2"]],
        };
        let parsed = parse(text).unwrap();
        let number = |name: &str| NAMES.iter().position(|it| *it == name).unwrap();
        let elements =
            parsed.names.iter().map(|(name, _)| u16::try_from(number(name)).unwrap()).collect();
        check_condition(&Expression::new(parsed, elements), Type::Number, &named)
    }

    #[test]
    fn sensible_conditions_pass() {
        for text in [
            "${num} = ''",
            "${num} < 3 and not(${words} != 'x')",
            "${num} = '3'",
            "${day} > '2026-10-03' or ${day} <= today() - 7",
            "'2026-10-03' = ${day}",
            "${colour} = 'red' or ${colour} = ''",
            "${colour} = 'red blue'",
            "${score} <= 2 and ${score} = 1",
            "${score} = ${num}",
            "${colour} = ${score}",
            "${colour} = ${words}",
            "selected(${score}, 1) and selected(${colour}, 'red ')",
            "selected(${colour}, ${words})",
            "count-selected(${colour}) > 1",
            "string-length(${num}) = 2",
            "if(${flag}, ${num}, '') > 3",
            "if(${flag}, ${num}, 'none') = 'none'",
            "coalesce('', ${flag})",
            "${flag} = true()",
            "${any}",
            "regex(${num}, '[0-9]+') and . > 3",
        ] {
            assert_eq!(outcome(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn conversions_nobody_meant_are_refused_where_they_stand() {
        use ValueType::{Boolean, Choice, Date, Number, Text};
        for (text, at, wanted, found) in [
            ("${num}", 1, Boolean, Number),
            ("not(${words})", 5, Boolean, Text),
            ("${flag} and 1", 13, Boolean, Number),
            ("if('x', 1, 2) = 1", 4, Boolean, Text),
            ("${flag} = 'true'", 11, Boolean, Text),
            ("1 = ${flag}", 1, Boolean, Number),
            ("${words} > 3", 1, Number, Text),
            ("${num} > ''", 10, Number, Text),
            ("${num} = 'three'", 10, Number, Text),
            ("${words} + 1 = 2", 1, Number, Text),
            ("- ${colour} = 2", 3, Number, Choice),
            ("${colour} < 2", 1, Number, Choice),
            ("${colour} = 2", 1, Number, Choice),
            ("${num} = ${colour}", 10, Number, Choice),
            ("${flag} < 2", 1, Number, Boolean),
            ("${day} = 'soon'", 10, Date, Text),
            ("${words} = ${day}", 1, Date, Text),
            ("selected(${num}, 'x')", 10, Choice, Number),
            ("selected(${words}, today())", 20, Text, Date),
            ("count-selected(${words}) = 1", 16, Choice, Text),
            ("string-length(${flag}) = 1", 15, Text, Boolean),
            ("regex(true(), 'x')", 7, Text, Boolean),
        ] {
            let cause = ExpressionCause::TypeMismatch { wanted, found };
            assert_eq!(outcome(text), Err(ExpressionError { at, cause }), "{text}");
        }
    }

    #[test]
    fn options_the_question_does_not_have_are_named() {
        for (text, at, option) in [
            ("${colour} = 'green'", 13, "green"),
            ("'blue green' != ${colour}", 1, "green"),
            ("${score} = 3", 12, "3"),
            ("selected(${colour}, 'Red')", 21, "Red"),
            ("selected(${score}, 7)", 20, "7"),
        ] {
            let cause = ExpressionCause::UnknownOption { option: option.into() };
            assert_eq!(outcome(text), Err(ExpressionError { at, cause }), "{text}");
        }
    }
}
