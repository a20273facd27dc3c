//! From tokens to a tree, by operator precedence.

use regex_lite::{Regex, RegexBuilder};

use super::super::error::{ExpressionCause, ExpressionError};
use super::super::limits::{
    LARGE_PATTERN_COUNT, MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_PARTS, MAX_PATTERN_BYTES,
    MAX_PATTERN_CHARS, MAX_PATTERN_NEST, SMALL_PATTERN_BYTES,
};
use super::lexer::{Token, TokenKind, quoted, tokens};
use super::{Arithmetic, Comparison, Expr, Function, Node};

/// An expression whose names are still to be bound.
#[derive(Clone, Debug)]
pub(in crate::survey) struct Parsed {
    pub(super) root: Expr,
    /// The names read, in order of appearance, and where.
    pub(in crate::survey) names: Vec<(String, u32)>,
    /// How many parts it has.
    pub(in crate::survey) parts: usize,
    /// How many patterns it has, large ones counted several times.
    pub(in crate::survey) patterns: usize,
    /// Where `.` stands first.
    pub(in crate::survey) current_at: Option<u32>,
}

/// Parses `text`; the first fault ends it.
pub(in crate::survey) fn parse(text: &str) -> Result<Parsed, ExpressionError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
        names: Vec::new(),
        parts: 0,
        patterns: 0,
        current_at: None,
    };
    let root = parser.operators(0)?;
    match parser.peek() {
        TokenKind::End => Ok(Parsed {
            root,
            names: parser.names,
            parts: parser.parts,
            patterns: parser.patterns,
            current_at: parser.current_at,
        }),
        _ => Err(parser.error(ExpressionCause::ExpectedOperator)),
    }
}

#[derive(Clone, Copy)]
enum Operator {
    Or,
    And,
    Compare(Comparison),
    Compute(Arithmetic),
}

/// The operator a token stands for and how strongly it binds.
fn operator(token: TokenKind<'_>) -> Option<(Operator, u8)> {
    let (TokenKind::Word(text) | TokenKind::Sign(text)) = token else {
        return None;
    };
    Some(match text {
        "or" => (Operator::Or, 1),
        "and" => (Operator::And, 2),
        "=" => (Operator::Compare(Comparison::Equal), 3),
        "!=" => (Operator::Compare(Comparison::NotEqual), 3),
        "<" => (Operator::Compare(Comparison::Less), 4),
        "<=" => (Operator::Compare(Comparison::LessOrEqual), 4),
        ">" => (Operator::Compare(Comparison::Greater), 4),
        ">=" => (Operator::Compare(Comparison::GreaterOrEqual), 4),
        "+" => (Operator::Compute(Arithmetic::Add), 5),
        "-" => (Operator::Compute(Arithmetic::Subtract), 5),
        "*" => (Operator::Compute(Arithmetic::Multiply), 6),
        "div" => (Operator::Compute(Arithmetic::Divide), 6),
        "mod" => (Operator::Compute(Arithmetic::Remainder), 6),
        _ => return None,
    })
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    depth: usize,
    names: Vec<(String, u32)>,
    parts: usize,
    patterns: usize,
    current_at: Option<u32>,
}

impl<'t> Parser<'t> {
    /// The next token; the last one, which is the end, stays.
    fn token(&self) -> &Token<'t> {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> TokenKind<'t> {
        self.token().kind
    }

    fn error(&self, cause: ExpressionCause) -> ExpressionError {
        ExpressionError { at: self.token().at, cause }
    }

    fn expect(&mut self, sign: &str, cause: ExpressionCause) -> Result<(), ExpressionError> {
        if self.peek() == TokenKind::Sign(sign) {
            self.next += 1;
            return Ok(());
        }
        Err(self.error(cause))
    }

    fn part(&mut self, at: u32, node: Node) -> Result<Expr, ExpressionError> {
        self.parts += 1;
        let depth = 1 + node.children().iter().map(|child| child.depth).max().unwrap_or(0);
        if depth > MAX_EXPRESSION_DEPTH {
            return Err(ExpressionError { at, cause: ExpressionCause::TooDeep });
        }
        if self.parts > MAX_EXPRESSION_PARTS {
            return Err(ExpressionError { at, cause: ExpressionCause::TooManyParts });
        }
        Ok(Expr { at, depth, node })
    }

    /// Operators that bind at least as strongly as `least`, and their operands.
    fn operators(&mut self, least: u8) -> Result<Expr, ExpressionError> {
        self.enter()?;
        let mut left = self.operand()?;
        while let Some((operator, strength)) = operator(self.peek()) {
            if strength < least {
                break;
            }
            self.next += 1;
            let right = self.operators(strength + 1)?;
            left = self.join(operator, left, right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Goes one step deeper into the recursion; a fault ends parsing, so only success leaves.
    fn enter(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_EXPRESSION_DEPTH {
            return Err(self.error(ExpressionCause::TooDeep));
        }
        Ok(())
    }

    /// Chains of `and` and of `or` become one wide part, so that a long one is not deep.
    fn join(
        &mut self,
        operator: Operator,
        left: Expr,
        right: Expr,
    ) -> Result<Expr, ExpressionError> {
        let at = left.at;
        let node = match (operator, left) {
            (Operator::And, Expr { node: Node::All(mut parts), .. }) => {
                parts.push(right);
                Node::All(parts)
            }
            (Operator::Or, Expr { node: Node::Any(mut parts), .. }) => {
                parts.push(right);
                Node::Any(parts)
            }
            (Operator::And, left) => Node::All(vec![left, right]),
            (Operator::Or, left) => Node::Any(vec![left, right]),
            (Operator::Compare(how), left) => Node::Compare(how, Box::new(left), Box::new(right)),
            (Operator::Compute(how), left) => Node::Compute(how, Box::new(left), Box::new(right)),
        };
        self.part(at, node)
    }

    fn operand(&mut self) -> Result<Expr, ExpressionError> {
        let Token { at, kind } = *self.token();
        self.next += 1;
        match kind {
            TokenKind::Number(number) => self.part(at, Node::Number(number)),
            TokenKind::Text(text) => self.part(at, Node::Text(text.to_owned())),
            TokenKind::Name(name) => {
                self.names.push((name.to_owned(), at));
                self.part(at, Node::Name(self.names.len() - 1))
            }
            TokenKind::Sign(".") => {
                self.current_at.get_or_insert(at);
                self.part(at, Node::Current)
            }
            TokenKind::Sign("-") => {
                self.enter()?;
                let inner = self.operand()?;
                self.depth -= 1;
                self.part(at, Node::Negate(Box::new(inner)))
            }
            TokenKind::Sign("(") => {
                let inner = self.operators(0)?;
                self.expect(")", ExpressionCause::ExpectedClosing)?;
                Ok(inner)
            }
            TokenKind::Word(name) => self.call(at, name),
            _ => Err(ExpressionError { at, cause: ExpressionCause::ExpectedValue }),
        }
    }

    fn call(&mut self, at: u32, name: &str) -> Result<Expr, ExpressionError> {
        if self.peek() != TokenKind::Sign("(") {
            return Err(ExpressionError { at, cause: ExpressionCause::ExpectedValue });
        }
        let function = Function::named(name);
        let wanted = match (name, function) {
            ("regex", _) => 2,
            (_, Some((_, wanted))) => wanted,
            _ => {
                let cause = ExpressionCause::UnknownFunction { name: quoted(name) };
                return Err(ExpressionError { at, cause });
            }
        };
        let arguments = self.arguments()?;
        if arguments.len() != wanted {
            let cause = ExpressionCause::WrongArgumentCount {
                name: quoted(name),
                wanted: u32::try_from(wanted).unwrap_or(u32::MAX),
                found: u32::try_from(arguments.len()).unwrap_or(u32::MAX),
            };
            return Err(ExpressionError { at, cause });
        }
        let node = match function {
            Some((function, _)) => Node::Call(function, arguments),
            None => self.matches(arguments)?,
        };
        self.part(at, node)
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, ExpressionError> {
        self.expect("(", ExpressionCause::ExpectedValue)?;
        let mut arguments = Vec::new();
        if self.peek() != TokenKind::Sign(")") {
            arguments.push(self.operators(0)?);
            while self.peek() == TokenKind::Sign(",") {
                self.next += 1;
                arguments.push(self.operators(0)?);
            }
        }
        self.expect(")", ExpressionCause::ExpectedClosing)?;
        Ok(arguments)
    }

    fn matches(&mut self, arguments: Vec<Expr>) -> Result<Node, ExpressionError> {
        let mut arguments = arguments.into_iter();
        let (Some(text), Some(pattern)) = (arguments.next(), arguments.next()) else {
            return Err(self.error(ExpressionCause::ExpectedValue));
        };
        let at = pattern.at;
        let Node::Text(pattern) = pattern.node else {
            return Err(ExpressionError { at, cause: ExpressionCause::PatternNotLiteral });
        };
        let (regex, count) = compiled(&pattern).map_err(|cause| ExpressionError { at, cause })?;
        self.patterns += count;
        Ok(Node::Matches(Box::new(text), regex))
    }
}

/// The pattern, made to match whole texts only, and how many patterns it counts for.
fn compiled(pattern: &str) -> Result<(Regex, usize), ExpressionCause> {
    if pattern.chars().count() > MAX_PATTERN_CHARS {
        return Err(ExpressionCause::PatternTooLong);
    }
    let build = |pattern: &str, bytes: usize| {
        RegexBuilder::new(pattern).size_limit(bytes).nest_limit(MAX_PATTERN_NEST).build()
    };
    let anchored = format!("^(?:{pattern})$");
    // It must be a pattern by itself: `a)|(b` would otherwise escape the anchors.
    build(pattern, MAX_PATTERN_BYTES)
        .and_then(|_| match build(&anchored, SMALL_PATTERN_BYTES) {
            Ok(regex) => Ok((regex, 1)),
            Err(_) => build(&anchored, MAX_PATTERN_BYTES).map(|it| (it, LARGE_PATTERN_COUNT)),
        })
        .map_err(|_| ExpressionCause::BadPattern)
}
