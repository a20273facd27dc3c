//! Parsing: precedence, faults with their place, and limits. Evaluation: the sides taken.

use std::fmt::Write;

use proptest::prelude::*;

use super::super::date::LocalTime;
use super::super::error::{ExpressionCause, ExpressionError};
use super::super::limits::{MAX_EXPRESSION_CHARS, MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_PARTS};
use super::{Expression, Scope, Value, parse};
use crate::time::Timestamp;

/// The value with no element at all: every name reads as unanswered.
fn value(text: &str) -> String {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let elements = vec![0; parsed.names.len()];
    let now = LocalTime::at(Timestamp::parse("2026-10-03T18:00:00Z").unwrap(), -240);
    let scope = Scope { values: &[], current: &Value::EMPTY, now };
    Expression::new(parsed, elements).value(scope).into_text().into_owned()
}

fn fault(text: &str) -> (u32, ExpressionCause) {
    let ExpressionError { at, cause } = parse(text).expect_err(text);
    (at, cause)
}

#[test]
fn operators_bind_as_in_xpath() {
    for (text, expected) in [
        ("2 + 3 * 4 - 6 div 2", "11"),
        ("10 - 4 - 3", "3"),
        ("- 2 * 3", "-6"),
        ("--2", "2"),
        ("7 mod 3 * 2", "2"),
        ("1 = 1 != true() and 2 > 1", "false"),
        ("true() or false() and false()", "true"),
        ("(true() or false()) and false()", "false"),
        ("1 < 2 = true()", "true"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn the_sides_taken_where_engines_or_habits_differ() {
    for (text, expected) in [
        ("${x} = ''", "true"),
        ("${x} != 5", "true"),
        ("${x} < 18 or ${x} >= 18 or ${x} = 0", "false"),
        ("${x} + 1", "NaN"),
        ("'1e3' + 0", "NaN"),
        ("'+1' + 0", "NaN"),
        ("'inf' + 0", "NaN"),
        ("' -1.50 ' + 0", "-1.5"),
        ("-7 mod 3", "-1"),
        ("1 div 0", "Infinity"),
        ("-1 div 0", "-Infinity"),
        ("0 * -1", "0"),
        ("100000000000000000000 * 10", "1000000000000000000000"),
        ("'a' < 'b'", "false"),
        ("regex('abc123', '[0-9]+')", "false"),
        ("regex('123', '[0-9]+')", "true"),
        ("regex('ab', 'a|ab')", "true"),
        ("regex('xab', '^a|b$')", "false"),
        ("regex('', '')", "true"),
        ("coalesce(0 div 0, 'x')", "x"),
        ("coalesce(0, 'x')", "0"),
        ("coalesce('', '')", ""),
        ("today()", "2026-10-03"),
        ("now()", "2026-10-03T14:00:00"),
        ("now() > today()", "true"),
        ("today() > '2026-10-02' and '2026-10-03' = today()", "true"),
        ("today() - 1 = '2026-10-02'", "false"),
        ("today() + 0", "20729"),
        ("string-length('señal')", "5"),
        ("selected('roads schools', 'road')", "false"),
        ("selected('roads schools', '')", "false"),
        ("selected('', '')", "false"),
        ("count-selected('')", "0"),
        ("count-selected(' a  b ')", "2"),
        ("if('false', 1, 2)", "1"),
        ("if(0 div 0, 1, 2)", "2"),
        ("true() = 'anything'", "true"),
        ("not('')", "true"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn faults_say_what_and_where() {
    use ExpressionCause as Cause;
    let unknown = |name: &str| Cause::UnknownFunction { name: name.into() };
    let count =
        |name: &str, wanted, found| Cause::WrongArgumentCount { name: name.into(), wanted, found };
    for (text, at, cause) in [
        ("", 1, Cause::ExpectedValue),
        ("   ", 4, Cause::ExpectedValue),
        ("1 +", 4, Cause::ExpectedValue),
        ("= 1", 1, Cause::ExpectedValue),
        ("1 2", 3, Cause::ExpectedOperator),
        ("${a} ${b}", 6, Cause::ExpectedOperator),
        ("1 = 1)", 6, Cause::ExpectedOperator),
        ("(1 = 1", 7, Cause::ExpectedClosing),
        ("not(1", 6, Cause::ExpectedClosing),
        ("not 1", 1, Cause::ExpectedValue),
        ("yes", 1, Cause::ExpectedValue),
        ("..", 2, Cause::ExpectedOperator),
        ("true", 1, Cause::ExpectedValue),
        ("and and and", 1, Cause::ExpectedValue),
        ("1 + count(${a})", 5, unknown("count")),
        ("jr:choice-name(1, 2)", 1, unknown("jr:choice-name")),
        ("not()", 1, count("not", 1, 0)),
        ("if(1, 2)", 1, count("if", 3, 2)),
        ("true(1)", 1, count("true", 0, 1)),
        ("regex('a')", 1, count("regex", 2, 1)),
        ("selected(,)", 10, Cause::ExpectedValue),
        ("regex('a', ${b})", 12, Cause::PatternNotLiteral),
        ("regex('a', '(')", 12, Cause::BadPattern),
        ("regex('a', 'a)|(b')", 12, Cause::BadPattern),
        ("regex('a', '(?=b)')", 12, Cause::BadPattern),
        ("regex('a', '(a)\\1')", 12, Cause::BadPattern),
        ("regex('a', '(((a{99}){99}){99}){99}')", 12, Cause::BadPattern),
    ] {
        assert_eq!(fault(text), (at, cause), "{text}");
    }
    let long = format!("regex('a', '{}')", "a".repeat(201));
    assert_eq!(fault(&long), (12, Cause::PatternTooLong));
}

/// Runs `work` with a stack far smaller than any phone's thread has.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(192 * 1024).spawn(work).unwrap();
    thread.join().unwrap();
}

#[test]
fn depth_and_size_are_bounded_and_so_is_the_stack() {
    use ExpressionCause::{TooDeep, TooLong, TooManyParts};
    assert_eq!(MAX_EXPRESSION_PARTS, 1_000);
    on_a_small_stack(|| {
        for nest in ["(", "-", "not(", "if(1=(", "1 or 1 and 1 = 1 < 1 + 1 * ("] {
            let deep = nest.repeat(MAX_EXPRESSION_CHARS / nest.len());
            assert_eq!(fault(&deep).1, TooDeep, "{nest}");
            assert_eq!(fault(&nest.repeat(10_000)).1, TooLong, "{nest}");
        }
        let brackets = |count: usize| format!("{}1{}", "(".repeat(count), ")".repeat(count));
        assert_eq!(value(&brackets(MAX_EXPRESSION_DEPTH - 1)), "1");
        assert_eq!(fault(&brackets(MAX_EXPRESSION_DEPTH)).1, TooDeep);
        let deepest = format!("{}1{}", "if(0, 2, ".repeat(63), ")".repeat(63));
        assert_eq!(value(&deepest), "1");
        let sum = |terms: usize| vec!["1"; terms].join("+");
        assert_eq!(value(&sum(MAX_EXPRESSION_DEPTH)), MAX_EXPRESSION_DEPTH.to_string());
        assert_eq!(fault(&sum(MAX_EXPRESSION_DEPTH + 1)).1, TooDeep);
        // A long chain of `or` is not deep.
        let chain = |terms: usize| vec!["1"; terms].join(" or ");
        assert_eq!(value(&chain(500)), "true");
        assert_eq!(fault(&chain(501)).1, TooManyParts);
    });
}

proptest! {
    #[test]
    fn arbitrary_text_parses_or_says_where_it_does_not(text in "\\PC{0,80}|[ -~]{0,80}") {
        if let Err(ExpressionError { at, .. }) = parse(&text) {
            prop_assert!(1 <= at && at as usize <= text.chars().count() + 1, "{}", at);
        }
    }

    #[test]
    fn any_row_of_tokens_parses_or_says_where_it_does_not(
        tokens in proptest::collection::vec(proptest::sample::select(&[
            "1", ".5", "'a'", "${x}", ".", "(", ")", ",", "or", "and", "=", "!=", "<", "+", "-",
            "*", "div", "mod", "not(", "if(", "true()", "regex(", "selected(", "today()",
        ][..]), 0..24)
    ) {
        let text = tokens.iter().fold(String::new(), |mut text, token| {
            let _ = write!(text, "{token} ");
            text
        });
        match parse(&text) {
            Ok(_) => { value(&text); }
            Err(ExpressionError { at, .. }) => {
                prop_assert!(1 <= at && at as usize <= text.chars().count() + 1, "{}", at);
            }
        }
    }
}
