//! Expressions: the part of XPath, with the ODK functions, that scripts use.
//!
//! ```text
//! ${name}   .   'text'   "text"   12.5   ( )
//! or   and   = !=   < <= > >=   + -   * div mod   - (sign)
//! not(x)  selected(x, option)  count-selected(x)  if(test, then, else)  coalesce(x, y)
//! true()  false()  string-length(x)  regex(x, 'pattern')  today()  now()
//! ```
//!
//! Anything else is an error with its position, never a default. Length, depth and the number
//! of parts are bounded, nothing loops, and patterns match in linear time, so an evaluation
//! ends soon whatever the answers are; see [`limits`](super::limits).
//!
//! # The sides taken
//! ODK's two engines, JavaRosa (phones) and Enketo (web), differ in places. Here:
//! - An unanswered or irrelevant question reads as the empty text, and an empty text as the
//!   number NaN. `<`, `<=`, `>`, `>=` and `=` with NaN are false, `!=` is true: `${age} != 5`
//!   holds without an answer, `${age} < 18` does not.
//! - `=` and `!=` compare as booleans if either side is one, else as numbers if either side is
//!   a number or a date, else as texts. The order comparisons always compare numbers.
//! - A multiple choice reads as its options' names in the script's order, parted by spaces.
//! - A choice that is no longer offered reads as not chosen, and a question that is not
//!   relevant as unanswered (JavaRosa).
//! - `regex` must match the whole text (JavaRosa). Its pattern is a literal without look-around
//!   and back-references; `\d`, `\w` and `\s` are ASCII.
//! - Texts turn into numbers as XPath 1.0 says: `-` and decimal digits only, no exponent.
//! - `coalesce` passes over NaN as over an empty text (JavaRosa).
//! - Days are numbers since 1970-01-01, and `now()` has the fraction of its day; a text such as
//!   `'2026-10-03'` is a day when it is compared with one (Enketo). Times carry no zone.
//! - A calculation keeps its type: a true or false one is compared with `true()`, not with
//!   `'true'`. One that comes to NaN reads as unanswered.
//! - Where the engines give a bare value as a condition different meanings (`relevant: ${x}`),
//!   the checks refuse it and ask for a comparison.

mod constant;
mod evaluate;
mod lexer;
mod parser;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
mod types;
mod value;

use regex_lite::Regex;

pub(super) use constant::never_true;
pub(super) use evaluate::Scope;
pub(super) use parser::{Parsed, parse};
pub(super) use types::{NamedTypes, Type, check_condition, infer};
pub(super) use value::Value;

/// A parsed expression whose names are bound to the script's elements.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    root: Expr,
    /// For each name read, the number of the element that holds its value.
    elements: Vec<u16>,
}

impl Expression {
    /// The expression `parsed`, its `n`th name read from element `elements[n]`.
    pub(super) fn new(parsed: Parsed, elements: Vec<u16>) -> Self {
        debug_assert_eq!(parsed.names.len(), elements.len());
        Self {
            root: parsed.root,
            elements,
        }
    }
}

/// One part of an expression: where it starts, counted in characters from 1, and how deep it is.
#[derive(Clone, Debug)]
struct Expr {
    at: u32,
    depth: usize,
    node: Node,
}

#[derive(Clone, Debug)]
enum Node {
    Number(f64),
    Text(String),
    /// The name with this number among the expression's names.
    Name(usize),
    /// `.`: the answer under its constraint.
    Current,
    Negate(Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    Compute(Arithmetic, Box<Expr>, Box<Expr>),
    /// A chain of `and`.
    All(Vec<Expr>),
    /// A chain of `or`.
    Any(Vec<Expr>),
    Call(Function, Vec<Expr>),
    Matches(Box<Expr>, Regex),
}

impl Node {
    fn children(&self) -> Vec<&Expr> {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Name(_) | Self::Current => Vec::new(),
            Self::Negate(inner) | Self::Matches(inner, _) => vec![inner],
            Self::Compare(_, left, right) | Self::Compute(_, left, right) => vec![left, right],
            Self::All(parts) | Self::Any(parts) | Self::Call(_, parts) => parts.iter().collect(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The functions apart from `regex`, which is a node of its own because it holds its pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Not,
    Selected,
    CountSelected,
    If,
    Coalesce,
    True,
    False,
    StringLength,
    Today,
    Now,
}

impl Function {
    /// The function of this name, and how many arguments it takes.
    fn named(name: &str) -> Option<(Self, usize)> {
        Some(match name {
            "not" => (Self::Not, 1),
            "selected" => (Self::Selected, 2),
            "count-selected" => (Self::CountSelected, 1),
            "if" => (Self::If, 3),
            "coalesce" => (Self::Coalesce, 2),
            "true" => (Self::True, 0),
            "false" => (Self::False, 0),
            "string-length" => (Self::StringLength, 1),
            "today" => (Self::Today, 0),
            "now" => (Self::Now, 0),
            _ => return None,
        })
    }
}
