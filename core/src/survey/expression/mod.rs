//! Expressions: parsed, checked for their types, evaluated.
//!
//! The language and the sides it takes where ODK's engines differ are described in the
//! [survey module](super). It knows nothing of elements but their numbers.
//!
//! Invariant: parsing and evaluation end within bounded time and stack on any text; a parsed
//! expression always has a value.

mod constant;
mod evaluate;
mod facts;
mod lexer;
mod parser;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
mod types;
mod value;

use regex_lite::Regex;

pub(super) use constant::{known_truth_of, never_true};
pub(super) use evaluate::Scope;
pub(super) use facts::{Facts, Known, KnownElement};
pub(super) use lexer::loose_words;
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
        Self { root: parsed.root, elements }
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
