//! What an error says: to programs by its code, to people in a sentence.
#![expect(clippy::needless_pass_by_value, reason = "other languages hand values over")]

use canvass_core::say::{self, Language};

use crate::error::CanvassError;

/// What an error is, as a stable code: the same for every case and in every version. The errors
/// that have a `code` of their own give that one.
#[uniffi::export]
#[must_use]
pub fn error_code(error: CanvassError) -> String {
    error.code().to_owned()
}

/// What to tell the person who holds the phone: a sentence or two with the next step, in the
/// first of these languages (BCP 47 tags) that the core speaks. It repeats nothing that anybody
/// wrote.
#[uniffi::export]
#[must_use]
pub fn error_sentence(error: CanvassError, languages: Vec<String>) -> String {
    say::trouble(Language::first_of(&languages), error.trouble())
}
