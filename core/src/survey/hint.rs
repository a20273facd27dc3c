//! A stable code for each fault of a script, and what to do about it.

use super::error::{ExpressionCause, ScriptProblem};

impl ScriptProblem {
    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FileTooLarge { .. } => "file_too_large",
            Self::Json { .. } => "json",
            Self::TooMany { .. } => "too_many",
            Self::TooDeep { .. } => "too_deep",
            Self::Empty => "empty",
            Self::BadName => "bad_name",
            Self::NoSuchAsk => "no_such_ask",
            Self::DuplicateName { .. } => "duplicate_name",
            Self::BadLanguage => "bad_language",
            Self::DuplicateLanguage { .. } => "duplicate_language",
            Self::MissingLanguage { .. } => "missing_language",
            Self::UnknownLanguage { .. } => "unknown_language",
            Self::TextTooLong { .. } => "text_too_long",
            Self::NameInText { .. } => "name_in_text",
            Self::BadBounds => "bad_bounds",
            Self::NoConstraint => "no_constraint",
            Self::NeverTrue => "never_true",
            Self::Expression(error) => error.cause.code(),
            Self::KindChanged { .. } => "kind_changed",
            Self::TextChanged { .. } => "text_changed",
            Self::MoreErrors { .. } => "more_errors",
        }
    }

    /// What to do about it, in one English sentence for the script's author.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::FileTooLarge { .. } | Self::TooMany { .. } => "Split the script in two.",
            Self::Json { .. } => "Compare the place with the example script.",
            Self::TooDeep { .. } => "Take groups out of groups.",
            Self::Empty => "Fill it in, or leave the element out.",
            Self::NoSuchAsk => {
                "Write ask.volunteer, ask.yard_sign, ask.pledge_to_vote, ask.ride_to_polls, \
                 ask.contact_me or ask.own.NAME (small letters, digits, _ and -); after it, for \
                 consent, .door, .phone, .text or .email."
            }
            Self::BadName => {
                "Use a letter or _, then letters, digits and _; at most 64. Options and tags may \
                 also hold - and . and begin with a digit."
            }
            Self::DuplicateName { .. } => {
                "Give each element, and each option of a question, its own name."
            }
            Self::BadLanguage => "Use codes such as en, es or pt-BR.",
            Self::DuplicateLanguage { .. } => "List each language once.",
            Self::MissingLanguage { .. } => {
                "Translate the text, or take the language off the list."
            }
            Self::UnknownLanguage { .. } => "Add the language to the list, or remove the text.",
            Self::TextTooLong { .. } => "Shorten the text, or part it into several notes.",
            Self::NameInText { .. } => {
                "Write the text without ${..}; answers are not filled into texts."
            }
            Self::BadBounds => {
                "Let min be below max, use whole numbers for integers and scales, and keep a \
                 scale within 101 points and a text within 4,000 characters."
            }
            Self::NoConstraint => "Add the constraint, or remove its message.",
            Self::NeverTrue => "Correct the condition, or remove what it guards.",
            Self::Expression(error) => error.cause.hint(),
            Self::KindChanged { .. } => {
                "Give it a new name: answers under the old one cannot be added up with these."
            }
            Self::TextChanged { .. } => {
                "If it asks something else now, give it a new name; if only its spelling changed, \
                 leave it."
            }
            Self::MoreErrors { .. } => "Correct the listed ones first.",
        }
    }
}

impl ExpressionCause {
    const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "expression_too_long",
            Self::TooDeep => "expression_too_deep",
            Self::TooManyParts => "expression_too_many_parts",
            Self::UnexpectedCharacter { .. } => "unexpected_character",
            Self::UnclosedText => "unclosed_text",
            Self::UnclosedName => "unclosed_name",
            Self::BadName => "bad_reference",
            Self::BadNumber => "bad_number",
            Self::ExpectedValue => "expected_value",
            Self::ExpectedOperator => "expected_operator",
            Self::ExpectedClosing => "expected_closing",
            Self::UnknownFunction { .. } => "unknown_function",
            Self::WrongArgumentCount { .. } => "wrong_argument_count",
            Self::PatternNotLiteral => "pattern_not_literal",
            Self::PatternTooLong => "pattern_too_long",
            Self::BadPattern => "bad_pattern",
            Self::UnknownName { .. } => "unknown_name",
            Self::NoValue { .. } => "no_value",
            Self::ForwardReference { .. } => "forward_reference",
            Self::Cycle { .. } => "cycle",
            Self::NoCurrent => "no_current",
            Self::TypeMismatch { .. } => "type_mismatch",
            Self::UnknownOption { .. } => "unknown_option",
        }
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::TooLong | Self::TooDeep | Self::TooManyParts => {
                "Move parts of it into calculations."
            }
            Self::UnexpectedCharacter { .. } => {
                "Read answers as ${name}, not by a path; use straight quotes; compare with \
                 = != < <= > >=."
            }
            Self::UnclosedText => "Close the text with the quote that opened it.",
            Self::UnclosedName | Self::BadName => "Write a name as ${name}.",
            Self::BadNumber => "Write numbers as 12 or 12.5.",
            Self::ExpectedValue => {
                "Put a value here: ${name}, a number, a 'text', or a function with ()."
            }
            Self::ExpectedOperator => "Join values with and, or, = and so on; put texts in quotes.",
            Self::ExpectedClosing => "Close the bracket.",
            Self::UnknownFunction { .. } => {
                "Use not, selected, count-selected, if, coalesce, true, false, string-length, \
                 regex, today or now."
            }
            Self::WrongArgumentCount { .. } => "Give the function as many arguments as it takes.",
            Self::PatternNotLiteral => "Write the pattern as a text in quotes.",
            Self::PatternTooLong | Self::BadPattern => {
                "Use a short pattern without look-around, back-references and large repeats."
            }
            Self::UnknownName { .. } => "Check the spelling; names tell capitals apart.",
            Self::NoValue { .. } => "Name a question or a calculation.",
            Self::ForwardReference { .. } => "Move this element below the one it reads.",
            Self::Cycle { .. } => "Let conditions read only elements that do not hang on them.",
            Self::NoCurrent => "Write ${name}; only a constraint reads its own answer as a dot.",
            Self::TypeMismatch { .. } => {
                "Compare like with like: ${x} != '' for answered, selected(${x}, 'option') for \
                 a choice, true() for a condition."
            }
            Self::UnknownOption { .. } => {
                "Use the name of one of the question's options, not its label."
            }
        }
    }
}
