//! From characters to tokens.

use super::super::error::{ExpressionCause, ExpressionError};
use super::super::limits::{MAX_EXPRESSION_CHARS, MAX_NAME_CHARS};
use super::super::name::is_name;

/// One token and where it starts, counted in characters from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) at: u32,
    pub(super) kind: TokenKind<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind<'t> {
    Number(f64),
    Text(&'t str),
    /// `${name}`
    Name(&'t str),
    /// A function's name, or one of the operators `and or div mod`.
    Word(&'t str),
    /// `( ) , .` and the operators written with signs.
    Sign(&'t str),
    End,
}

/// Splits `text`; the last token is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExpressionError> {
    if text.chars().count() > MAX_EXPRESSION_CHARS {
        return Err(ExpressionError { at: 1, cause: ExpressionCause::TooLong });
    }
    let mut lexer = Lexer { rest: text, at: 1 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space();
        let at = lexer.at;
        let kind = lexer.next().map_err(|cause| ExpressionError { at, cause })?;
        tokens.push(Token { at, kind });
        if kind == TokenKind::End {
            return Ok(tokens);
        }
    }
}

/// The words that stand as values, with their places: no operators, no functions.
pub(in crate::survey) fn loose_words(text: &str) -> Result<Vec<(u32, &str)>, ExpressionError> {
    let tokens = tokens(text)?;
    let after = tokens.iter().skip(1).map(|token| token.kind);
    let words = tokens.iter().zip(after).filter_map(|(token, next)| match token.kind {
        TokenKind::Word("and" | "or" | "div" | "mod") => None,
        TokenKind::Word(_) if next == TokenKind::Sign("(") => None,
        TokenKind::Word(word) => Some((token.at, word)),
        _ => None,
    });
    Ok(words.collect())
}

struct Lexer<'t> {
    rest: &'t str,
    at: u32,
}

impl<'t> Lexer<'t> {
    /// Takes the first `bytes` bytes, which must end between characters.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.at += u32::try_from(taken.chars().count()).unwrap_or(u32::MAX);
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        self.take(self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len()))
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn next(&mut self) -> Result<TokenKind<'t>, ExpressionCause> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(TokenKind::End);
        };
        let digit_follows = self.rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        match first {
            '\'' | '"' => self.text(first),
            '$' => self.name(),
            '0'..='9' => self.number(),
            '.' if digit_follows => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => Ok(TokenKind::Word(self.take_while(is_word))),
            _ => self.sign(first),
        }
    }

    fn text(&mut self, quote: char) -> Result<TokenKind<'t>, ExpressionCause> {
        self.take(1);
        let end = self.rest.find(quote).ok_or(ExpressionCause::UnclosedText)?;
        let text = self.take(end);
        self.take(1);
        Ok(TokenKind::Text(text))
    }

    fn name(&mut self) -> Result<TokenKind<'t>, ExpressionCause> {
        if !self.rest.starts_with("${") {
            return Err(ExpressionCause::UnexpectedCharacter { character: '$' });
        }
        self.take(2);
        let end = self.rest.find('}').ok_or(ExpressionCause::UnclosedName)?;
        let name = self.take(end).trim();
        self.take(1);
        if is_name(name) { Ok(TokenKind::Name(name)) } else { Err(ExpressionCause::BadName) }
    }

    fn number(&mut self) -> Result<TokenKind<'t>, ExpressionCause> {
        let text = self.take_while(|c| c.is_ascii_digit() || c == '.');
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(TokenKind::Number(number)),
            _ => Err(ExpressionCause::BadNumber),
        }
    }

    fn sign(&mut self, first: char) -> Result<TokenKind<'t>, ExpressionCause> {
        const SIGNS: [&str; 13] =
            ["!=", "<=", ">=", "(", ")", ",", ".", "=", "<", ">", "+", "-", "*"];
        match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
            Some(sign) => Ok(TokenKind::Sign(self.take(sign.len()))),
            None => Err(ExpressionCause::UnexpectedCharacter { character: first }),
        }
    }
}

/// Function names hold `-` and, with a prefix, `:`.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':')
}

/// A word as an error may quote it.
pub(super) fn quoted(word: &str) -> String {
    word.chars().take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        tokens(text).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn each_kind_of_token_is_told_apart() {
        use TokenKind::{End, Name, Number, Sign, Text, Word};
        assert_eq!(
            kinds("${ a }!=.5 and.>= 'it' - string-length(\"\")"),
            [
                Name("a"),
                Sign("!="),
                Number(0.5),
                Word("and"),
                Sign("."),
                Sign(">="),
                Text("it"),
                Sign("-"),
                Word("string-length"),
                Sign("("),
                Text(""),
                Sign(")"),
                End
            ]
        );
    }

    #[test]
    fn positions_count_characters() {
        let at: Vec<u32> = tokens("'é' = ${x}").unwrap().iter().map(|token| token.at).collect();
        assert_eq!(at, [1, 5, 7, 11]);
    }

    #[test]
    fn what_is_no_token_is_named_with_its_position() {
        let cases = [
            ("1 = /data", 5, ExpressionCause::UnexpectedCharacter { character: '/' }),
            ("‘a’", 1, ExpressionCause::UnexpectedCharacter { character: '‘' }),
            ("$x", 1, ExpressionCause::UnexpectedCharacter { character: '$' }),
            ("1 + 'a", 5, ExpressionCause::UnclosedText),
            ("${a", 1, ExpressionCause::UnclosedName),
            ("${a-b}", 1, ExpressionCause::BadName),
            ("1.2.3", 1, ExpressionCause::BadNumber),
        ];
        for (text, at, cause) in cases {
            assert_eq!(tokens(text), Err(ExpressionError { at, cause }), "{text}");
        }
        let huge = "9".repeat(400);
        assert_eq!(
            tokens(&huge),
            Err(ExpressionError { at: 1, cause: ExpressionCause::BadNumber })
        );
        let long = " ".repeat(MAX_EXPRESSION_CHARS + 1);
        assert_eq!(tokens(&long), Err(ExpressionError { at: 1, cause: ExpressionCause::TooLong }));
    }
}
