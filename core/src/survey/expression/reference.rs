//! A second, naive evaluator, and what both make of generated expressions.
//!
//! It works on the generated tree itself, so it shares neither parser nor conversions with
//! the real one.

use std::borrow::Cow;

use proptest::prelude::*;
use regex_lite::Regex;

use super::super::date::{Date, LocalTime};
use super::{Expression, Scope, Value, parse};
use crate::time::Timestamp;

#[derive(Clone, Debug)]
enum Tree {
    Literal(&'static str),
    Name(usize),
    Current,
    Negate(Box<Tree>),
    Pair(&'static str, Box<Tree>, Box<Tree>),
    Call(&'static str, Vec<Tree>),
}

#[derive(Clone, Debug)]
enum Naive {
    Boolean(bool),
    Number(f64),
    Text(String),
    /// Days, and how they are written.
    Time(f64, String),
}

const NAMES: [&str; 10] =
    ["n", "half", "empty", "word", "two", "digits", "day", "when", "yes", "no"];

fn now() -> LocalTime {
    LocalTime::at(Timestamp::parse("2026-10-03T18:00:00Z").unwrap(), 0)
}

/// The values of [`NAMES`], then of `.`.
fn values() -> Vec<Value<'static>> {
    let text = |text: &'static str| Value::Text(Cow::Borrowed(text));
    vec![
        Value::Number(12.0),
        Value::Number(-2.5),
        text(""),
        text("red"),
        text("red blue"),
        text(" 12 "),
        Value::Day(Date::parse("2026-10-03").unwrap()),
        Value::Moment(now()),
        Value::Boolean(true),
        Value::Boolean(false),
        text("2026-10-04"),
    ]
}

fn naive(value: &Value<'_>) -> Naive {
    match value {
        Value::Boolean(it) => Naive::Boolean(*it),
        Value::Number(it) => Naive::Number(*it),
        Value::Text(it) => Naive::Text(it.to_string()),
        Value::Day(it) => Naive::Time(f64::from(it.days()), it.to_string()),
        Value::Moment(it) => Naive::Time(f64::from(it.date().days()) + 0.75, it.to_string()),
    }
}

impl Naive {
    fn truth(&self) -> bool {
        match self {
            Self::Boolean(it) => *it,
            Self::Number(it) => !it.is_nan() && it.abs() > 0.0,
            Self::Text(it) => !it.is_empty(),
            Self::Time(..) => true,
        }
    }

    fn number(&self) -> f64 {
        match self {
            Self::Boolean(it) => f64::from(u8::from(*it)),
            Self::Number(it) | Self::Time(it, _) => *it,
            Self::Text(it) => {
                let number = Regex::new(r"^\s*(-?([0-9]+(\.[0-9]*)?|\.[0-9]+))\s*$").unwrap();
                number.captures(it).map_or(f64::NAN, |found| found[1].parse().unwrap())
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Boolean(it) => it.to_string(),
            Self::Text(it) | Self::Time(_, it) => it.clone(),
            Self::Number(it) if it.abs() == f64::INFINITY => {
                format!("{}Infinity", if *it < 0.0 { "-" } else { "" })
            }
            Self::Number(it) if it.abs() == 0.0 => "0".into(),
            Self::Number(it) => format!("{it}"),
        }
    }

    fn beside(&self, other: &Self) -> f64 {
        let day = match (self, other) {
            (Self::Text(text), Self::Time(..)) => Date::parse(text),
            _ => None,
        };
        day.map_or_else(|| self.number(), |day| f64::from(day.days()))
    }
}

fn compare(sign: &str, left: &Naive, right: &Naive) -> bool {
    let (a, b) = (left.beside(right), right.beside(left));
    let order = a.partial_cmp(&b);
    let equal = match (left, right) {
        (Naive::Boolean(_), _) | (_, Naive::Boolean(_)) => left.truth() == right.truth(),
        (Naive::Text(left), Naive::Text(right)) => left == right,
        _ => order.is_some_and(std::cmp::Ordering::is_eq),
    };
    match sign {
        "=" => equal,
        "!=" => !equal,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    }
}

fn evaluate(tree: &Tree) -> Naive {
    match tree {
        Tree::Literal(text) => match text.strip_prefix('\'') {
            Some(text) => Naive::Text(text.trim_end_matches('\'').into()),
            None => Naive::Number(text.parse().unwrap()),
        },
        Tree::Name(no) => naive(&values()[*no]),
        Tree::Current => naive(&values()[NAMES.len()]),
        Tree::Negate(inner) => Naive::Number(-evaluate(inner).number()),
        Tree::Pair(sign, left, right) => {
            let (left, right) = (evaluate(left), evaluate(right));
            let (a, b) = (left.number(), right.number());
            match *sign {
                "or" => Naive::Boolean(left.truth() || right.truth()),
                "and" => Naive::Boolean(left.truth() && right.truth()),
                "+" => Naive::Number(a + b),
                "-" => Naive::Number(a - b),
                "*" => Naive::Number(a * b),
                "div" => Naive::Number(a / b),
                "mod" => Naive::Number(libm::fmod(a, b)),
                sign => Naive::Boolean(compare(sign, &left, &right)),
            }
        }
        Tree::Call(name, arguments) => {
            call(name, &arguments.iter().map(evaluate).collect::<Vec<_>>())
        }
    }
}

fn call(name: &str, arguments: &[Naive]) -> Naive {
    let text = |no: usize| arguments[no].text();
    match name {
        "not" => Naive::Boolean(!arguments[0].truth()),
        "selected" => {
            let spaced = format!(" {} ", text(0).split_whitespace().collect::<Vec<_>>().join(" "));
            let wanted = text(1).trim().to_owned();
            let single = !wanted.is_empty() && !wanted.contains(' ');
            Naive::Boolean(single && spaced.contains(&format!(" {wanted} ")))
        }
        "count-selected" => {
            let words = Regex::new(r"\S+").unwrap();
            Naive::Number(words.find_iter(&text(0)).count() as f64)
        }
        "if" => arguments[if arguments[0].truth() { 1 } else { 2 }].clone(),
        "coalesce" => {
            let missing = matches!(&arguments[0], Naive::Number(it) if it.is_nan());
            arguments[usize::from(missing || text(0).is_empty())].clone()
        }
        "true" => Naive::Boolean(true),
        "false" => Naive::Boolean(false),
        "string-length" => Naive::Number(text(0).chars().map(|_| 1.0).sum::<f64>() + 0.0),
        "today" => naive(&values()[6]),
        "now" => naive(&values()[7]),
        // The pattern is always `[a-z]+`.
        _ => Naive::Boolean(!text(0).is_empty() && text(0).chars().all(|c| c.is_ascii_lowercase())),
    }
}

/// How strongly the outermost operator of a tree binds.
fn strength(tree: &Tree) -> u8 {
    match tree {
        Tree::Pair("or", ..) => 1,
        Tree::Pair("and", ..) => 2,
        Tree::Pair("=" | "!=", ..) => 3,
        Tree::Pair("<" | "<=" | ">" | ">=", ..) => 4,
        Tree::Pair("+" | "-", ..) => 5,
        Tree::Pair(..) => 6,
        _ => 7,
    }
}

/// The tree as text, with brackets only where precedence needs them.
fn written(tree: &Tree, space: &str) -> String {
    let operand = |tree: &Tree, least: u8| {
        let text = written(tree, space);
        if strength(tree) < least { format!("({space}{text}{space})") } else { text }
    };
    match tree {
        Tree::Literal(text) => (*text).into(),
        Tree::Name(no) => format!("${{{}}}", NAMES[*no]),
        Tree::Current => ".".into(),
        Tree::Negate(inner) => format!("-{space}{}", operand(inner, 7)),
        Tree::Pair(sign, left, right) => {
            let least = strength(tree);
            let space = if sign.starts_with(|c: char| c.is_alphabetic()) { " " } else { space };
            format!("{}{space}{sign}{space}{}", operand(left, least), operand(right, least + 1))
        }
        Tree::Call("regex", arguments) => {
            format!("regex({},{space}'[a-z]+')", written(&arguments[0], space))
        }
        Tree::Call(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(|it| written(it, space)).collect();
            format!("{name}({})", arguments.join(&format!("{space},{space}")))
        }
    }
}

const LITERALS: [&str; 14] = [
    "0",
    "1",
    "12",
    "2.5",
    ".5",
    "7.",
    "''",
    "'red'",
    "'12'",
    "'-1.5'",
    "' 7'",
    "'1e1'",
    "'2026-10-03'",
    "'é'",
];
const SIGNS: [&str; 13] =
    ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"];

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        proptest::sample::select(&LITERALS[..]).prop_map(Tree::Literal),
        (0..NAMES.len()).prop_map(Tree::Name),
        Just(Tree::Current),
        proptest::sample::select(&["true", "false", "today", "now"][..])
            .prop_map(|name| Tree::Call(name, vec![])),
    ];
    leaf.prop_recursive(5, 40, 3, move |inner| {
        let arguments = |names: &'static [&'static str], count: usize| {
            (proptest::sample::select(names), proptest::collection::vec(inner.clone(), count))
                .prop_map(|(name, arguments)| Tree::Call(name, arguments))
        };
        prop_oneof![
            1 => inner.clone().prop_map(|it| Tree::Negate(Box::new(it))),
            5 => (proptest::sample::select(&SIGNS[..]), inner.clone(), inner.clone())
                .prop_map(|(sign, a, b)| Tree::Pair(sign, Box::new(a), Box::new(b))),
            2 => arguments(&["not", "count-selected", "string-length", "regex"], 1),
            2 => arguments(&["selected", "coalesce"], 2),
            1 => arguments(&["if"], 3),
        ]
    })
}

/// The expression's value, its names bound to [`values`].
fn real(text: &str) -> Naive {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let number = |name: &str| NAMES.iter().position(|it| *it == name).unwrap();
    let elements = parsed.names.iter().map(|(name, _)| u16::try_from(number(name)).unwrap());
    let elements = elements.collect();
    let expression = Expression::new(parsed, elements);
    let values = values();
    let scope = Scope { values: &values[..NAMES.len()], current: &values[NAMES.len()], now: now() };
    naive(&expression.value(scope))
}

fn same(left: &Naive, right: &Naive) -> bool {
    match (left, right) {
        (Naive::Number(a), Naive::Number(b)) => {
            a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
        }
        _ => format!("{left:?}") == format!("{right:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn generated_expressions_agree_with_the_naive_evaluator(
        tree in trees(), space in proptest::sample::select(&["", " ", "\n "][..])
    ) {
        let text = written(&tree, space);
        let (found, expected) = (real(&text), evaluate(&tree));
        prop_assert!(same(&found, &expected), "{}: {:?}, not {:?}", text, found, expected);
    }
}
