//! The values expressions work with, and `XPath`'s rules for turning one into another.

use std::borrow::Cow;

use super::super::date::{Date, LocalTime};

/// A value: an answer read by an expression, or what the expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::survey) enum Value<'v> {
    Boolean(bool),
    Number(f64),
    Text(Cow<'v, str>),
    Day(Date),
    Moment(LocalTime),
}

impl<'v> Value<'v> {
    /// What an unanswered or irrelevant question reads as.
    pub(in crate::survey) const EMPTY: Self = Self::Text(Cow::Borrowed(""));

    /// The same value, borrowing its text.
    pub(super) fn borrowed(&'v self) -> Self {
        match self {
            Self::Text(text) => Self::Text(Cow::Borrowed(text)),
            Self::Boolean(it) => Self::Boolean(*it),
            Self::Number(it) => Self::Number(*it),
            Self::Day(it) => Self::Day(*it),
            Self::Moment(it) => Self::Moment(*it),
        }
    }

    /// The value a calculation keeps: its own copy, NaN counting as unanswered.
    pub(in crate::survey) fn kept<'k>(self) -> Value<'k> {
        match self {
            Self::Number(number) if number.is_nan() => Value::EMPTY,
            Self::Number(it) => Value::Number(it),
            Self::Boolean(it) => Value::Boolean(it),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Day(it) => Value::Day(it),
            Self::Moment(it) => Value::Moment(it),
        }
    }

    /// `XPath`'s `boolean()`.
    pub(in crate::survey) fn is_true(&self) -> bool {
        match self {
            Self::Boolean(it) => *it,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Day(_) | Self::Moment(_) => true,
        }
    }

    /// `XPath`'s `number()`; a day is its distance from 1970-01-01.
    pub(super) fn number(&self) -> f64 {
        match self {
            Self::Boolean(it) => f64::from(u8::from(*it)),
            Self::Number(number) => *number,
            Self::Text(text) => number_of(text),
            Self::Day(day) => f64::from(day.days()),
            Self::Moment(moment) => moment.days(),
        }
    }

    /// `XPath`'s `string()`.
    pub(super) fn into_text(self) -> Cow<'v, str> {
        match self {
            Self::Boolean(it) => Cow::Borrowed(if it { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(text_of(number)),
            Self::Text(text) => text,
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Moment(moment) => Cow::Owned(moment.to_string()),
        }
    }

    /// Whether `coalesce` passes over it.
    pub(super) fn is_missing(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Number(number) => number.is_nan(),
            _ => false,
        }
    }

    const fn is_time(&self) -> bool {
        matches!(self, Self::Day(_) | Self::Moment(_))
    }

    /// Both sides as numbers; beside a day, a text that is written as one counts as one.
    pub(super) fn numbers(&self, other: &Self) -> (f64, f64) {
        let number = |this: &Self, beside: &Self| match this {
            Self::Text(text) if beside.is_time() => {
                Date::parse(text).map_or_else(|| this.number(), |day| f64::from(day.days()))
            }
            _ => this.number(),
        };
        (number(self, other), number(other, self))
    }

    /// `XPath`'s `=`.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Boolean(_), _) | (_, Self::Boolean(_)) => self.is_true() == other.is_true(),
            (Self::Text(left), Self::Text(right)) => left == right,
            _ => {
                let (left, right) = self.numbers(other);
                #[expect(clippy::float_cmp, reason = "expressions compare exactly, as XPath says")]
                let same = left == right;
                same
            }
        }
    }
}

/// The number a text is: white space, `-`, digits with at most one point, white space.
pub(in crate::survey) fn number_of(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let points = digits.bytes().filter(|byte| *byte == b'.').count();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plain || points > 1 || digits.len() == points {
        return f64::NAN;
    }
    text.parse().unwrap_or(f64::NAN)
}

/// A number as `XPath` writes it: no exponent, no point behind a whole number.
pub(in crate::survey) fn text_of(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    // Zero has no sign in XPath.
    if number == 0.0 { "0".into() } else { number.to_string() }
}
