//! What names, codes and languages may look like.

use super::limits::MAX_NAME_CHARS;

/// A letter or `_`, then letters, digits and `_` (all ASCII), at most [`MAX_NAME_CHARS`].
pub(super) fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts
        && text.len() <= MAX_NAME_CHARS
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name of an option, or a tag: letters and digits of any script, `_`, `-` and `.`.
///
/// No white space, because a multiple choice reads as names parted by spaces.
pub(super) fn is_code(text: &str) -> bool {
    let length = text.chars().count();
    (1..=MAX_NAME_CHARS).contains(&length)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Whether it is a language code in the shape of BCP 47: `en`, `pt-BR`, `zh-Hant-TW`.
#[must_use]
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default();
    text.len() <= MAX_NAME_CHARS
        && (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_codes_and_languages() {
        assert!(is_name("_a1") && is_name(&"a".repeat(64)));
        for text in ["", "1a", "a-b", "é", "a b", &"a".repeat(65)] {
            assert!(!is_name(text), "{text}");
        }
        assert!(is_code("1") && is_code("sí") && is_code("a.b-c_d"));
        for text in ["", "a b", "a'b", "a\u{a0}b", &"a".repeat(65)] {
            assert!(!is_code(text), "{text}");
        }
        assert!(is_language("en") && is_language("zh-Hant-TW"));
        for text in ["", "e", "english", "en_US", "en-", "12"] {
            assert!(!is_language(text), "{text}");
        }
    }
}
