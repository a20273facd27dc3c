//! What importers need to know of expressions before there is a script.
//!
//! It does not say whether an expression is sound; [`Script::new`](super::Script::new) does.

use super::error::ExpressionError;
use super::expression::{known_truth_of, loose_words};

pub use super::name::is_language;

/// A word that stands in an expression as a value: no function and no operator. In a choice
/// filter it names a column of the sheet of choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseWord {
    /// Where it begins, in characters from 1.
    pub at: u32,
    /// The word: ASCII letters, digits, `_`, `-` and `:`.
    pub word: String,
}

/// The loose words of an expression, in order.
///
/// # Errors
/// The first piece that is no token at all.
pub fn loose_words_of(text: &str) -> Result<Vec<LooseWord>, ExpressionError> {
    let words = loose_words(text)?;
    Ok(words.into_iter().map(|(at, word)| LooseWord { at, word: word.to_owned() }).collect())
}

/// Whether a condition is true, or false, whatever is answered; none if that hangs on answers,
/// or if it is no expression.
#[must_use]
pub fn settled_condition(text: &str) -> Option<bool> {
    known_truth_of(text)
}
