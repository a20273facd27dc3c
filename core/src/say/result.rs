//! What came of a knock, as people read it on a button or in a table.

use crate::say::Language;
use crate::walklist::CanvassResult;

/// A result's name.
#[must_use]
pub fn result_name(language: Language, result: CanvassResult) -> String {
    language.fixed(match result {
        CanvassResult::Contacted => "result-contacted",
        CanvassResult::NotHome => "result-not-home",
        CanvassResult::Refused => "result-refused",
        CanvassResult::Moved => "result-moved",
        CanvassResult::Deceased => "result-deceased",
        CanvassResult::Inaccessible => "result-inaccessible",
        CanvassResult::NoSuchAddress => "result-no-such-address",
        CanvassResult::LanguageBarrier => "result-language-barrier",
        CanvassResult::ComeBack => "result-come-back",
        CanvassResult::Hostile => "result-hostile",
        CanvassResult::LeftLiterature => "result-left-literature",
        CanvassResult::WrongPerson => "result-wrong-person",
        CanvassResult::DoNotContact => "result-do-not-contact",
        CanvassResult::Vacant => "result-vacant",
        CanvassResult::NotResidential => "result-not-residential",
    })
}
