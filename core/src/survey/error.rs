//! Why a script is refused, and where.

use std::fmt;

/// One fault of a script: where it is and what it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ScriptError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: ScriptProblem,
}

/// A place in a script.
///
/// The numbers let an importer find the row it read the element or option from; the names are
/// for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The element's number, counting all elements from 0 in the order in which they are
    /// written, a group before what it holds. None for the script itself.
    pub element_no: Option<u32>,
    /// The names of the groups around the element and its own, parted by `/`.
    pub element: String,
    /// The option's number within the question, from 0.
    pub option_no: Option<u32>,
    /// Which of its fields.
    pub field: ScriptField,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.element_no.is_some() {
            write!(f, "{}, ", self.element)?;
        }
        if let Some(option) = self.option_no {
            write!(f, "option {}, ", option + 1)?;
        }
        self.field.fmt(f)
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A field of a script, an element or an option; written as its key in the file.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum ScriptField {
            $($(#[$doc])* $name,)*
        }

        impl fmt::Display for ScriptField {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text,)* })
            }
        }
    };
}

fields! {
    /// The file as a whole.
    #[default]
    File = "file",
    /// A name.
    Name = "name",
    /// The script's version.
    Version = "version",
    /// The script's languages.
    Languages = "languages",
    /// The elements of the script or of a group.
    Elements = "elements",
    /// A label.
    Label = "label",
    /// A hint.
    Hint = "hint",
    /// A note's text.
    Text = "text",
    /// A condition for being part of the conversation, or for being offered.
    Relevant = "relevant",
    /// A condition for an answer.
    Constraint = "constraint",
    /// What is said when the constraint is broken.
    ConstraintMessage = "constraint_message",
    /// A calculation's expression.
    Expression = "expression",
    /// A question's options.
    Options = "options",
    /// The least number.
    Min = "min",
    /// The greatest number.
    Max = "max",
    /// What the least point of a scale means.
    MinLabel = "min_label",
    /// What the greatest point of a scale means.
    MaxLabel = "max_label",
    /// The length of a text.
    MaxLength = "max_length",
    /// A tag.
    Tag = "tag",
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptProblem {
    /// The file is larger than a script may be.
    #[error("larger than {limit} bytes")]
    FileTooLarge {
        /// Bytes allowed.
        limit: u32,
    },
    /// The file is not the JSON of a script.
    #[error("{cause} at line {line}, column {column}")]
    Json {
        /// Counted from 1.
        line: u32,
        /// Counted from 1, in bytes; 0 if the line is empty.
        column: u32,
        /// What is wrong there.
        cause: JsonCause,
    },
    /// There are more of something than allowed.
    #[error("more than {limit} {counted}")]
    TooMany {
        /// Of what.
        counted: Counted,
        /// How many are allowed.
        limit: u32,
    },
    /// Groups stand too deep inside each other.
    #[error("groups more than {limit} deep")]
    TooDeep {
        /// How deep is allowed.
        limit: u32,
    },
    /// Something that must not be empty is.
    #[error("empty")]
    Empty,
    /// A name, tag or version with characters it may not have, or too many.
    #[error("not a valid name")]
    BadName,
    /// A tag that begins like an ask (`ask.`), with a kind or a channel that there is not.
    #[error("no such ask or channel")]
    NoSuchAsk,
    /// A name that another element, or another option of the question, has already.
    #[error("already the name of {first}")]
    DuplicateName {
        /// Which has it.
        first: String,
    },
    /// Not a language code.
    #[error("not a language code")]
    BadLanguage,
    /// A language listed twice.
    #[error("language {language} is listed twice")]
    DuplicateLanguage {
        /// Which.
        language: String,
    },
    /// A text is missing, or empty, in one of the script's languages.
    #[error("no text in language {language}")]
    MissingLanguage {
        /// Which.
        language: String,
    },
    /// A text in a language that the script does not list.
    #[error("language {language} is not one of the script's")]
    UnknownLanguage {
        /// Which.
        language: String,
    },
    /// A text is too long.
    #[error("longer than {limit} characters in language {language}")]
    TextTooLong {
        /// In which language.
        language: String,
        /// Characters allowed.
        limit: u32,
    },
    /// A text holds `${..}`, which would be shown as it stands.
    #[error("a name in the text in language {language}")]
    NameInText {
        /// In which language.
        language: String,
    },
    /// Numbers that leave no answer, are not whole where they must be, or are out of reach.
    #[error("bounds that fit no answer")]
    BadBounds,
    /// A constraint message without a constraint.
    #[error("a message without a constraint")]
    NoConstraint,
    /// A condition that is false whatever is answered: what it guards is never reached.
    #[error("can never be true")]
    NeverTrue,
    /// An expression has a fault.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// A name that took another kind of answer in an earlier version.
    #[error("took another kind of answer in version {version}")]
    KindChanged {
        /// The last version that had it.
        version: String,
    },
    /// A name that had another text in an earlier version. Only a warning.
    #[error("read otherwise in version {version} in language {language}")]
    TextChanged {
        /// The last version that had it.
        version: String,
        /// The first language in which it differs.
        language: String,
    },
    /// There are more errors than are listed.
    #[error("{count} more errors")]
    MoreErrors {
        /// How many.
        count: u32,
    },
}

/// What is wrong with JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonCause {
    /// Not JSON.
    #[error("not JSON")]
    Syntax,
    /// JSON, but not of a script: an unknown, missing or repeated key, or a value of another
    /// type.
    #[error("unknown, missing or repeated key, or a value of the wrong type")]
    Shape,
    /// It ends too early.
    #[error("ends too early")]
    End,
}

/// What there may be too many of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Counted {
    /// Elements of a script.
    #[error("elements")]
    Elements,
    /// Questions of a script.
    #[error("questions")]
    Questions,
    /// Options of a question.
    #[error("options")]
    Options,
    /// Options of all questions of a script.
    #[error("options in all")]
    OptionsInAll,
    /// Languages of a script.
    #[error("languages")]
    Languages,
    /// Points of a scale.
    #[error("points")]
    Points,
    /// Values, operators and calls of all expressions of a script.
    #[error("parts of expressions in all")]
    ExpressionParts,
    /// Patterns of a script, large ones counted several times.
    #[error("patterns in all")]
    Patterns,
}

/// A fault of an expression and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause} at character {at}")]
pub struct ExpressionError {
    /// The character where it stands, from 1.
    pub at: u32,
    /// What it is.
    pub cause: ExpressionCause,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionCause {
    /// More characters than allowed.
    #[error("too long")]
    TooLong,
    /// Nested deeper than allowed.
    #[error("nested too deep")]
    TooDeep,
    /// More parts than allowed.
    #[error("too many parts")]
    TooManyParts,
    /// A character that no expression has.
    #[error("unexpected character {character:?}")]
    UnexpectedCharacter {
        /// Which.
        character: char,
    },
    /// A text without its closing quote.
    #[error("text without its closing quote")]
    UnclosedText,
    /// `${` without `}`.
    #[error("name without its closing brace")]
    UnclosedName,
    /// `${..}` around what is no name.
    #[error("not a name")]
    BadName,
    /// Digits that are no number.
    #[error("not a number")]
    BadNumber,
    /// An operator or a bracket where a value belongs, or nothing.
    #[error("a value is missing")]
    ExpectedValue,
    /// A value where an operator belongs.
    #[error("an operator is missing")]
    ExpectedOperator,
    /// A bracket is not closed.
    #[error("a closing bracket is missing")]
    ExpectedClosing,
    /// A function that scripts do not have.
    #[error("no function {name}()")]
    UnknownFunction {
        /// Which.
        name: String,
    },
    /// A function with too few or too many arguments.
    #[error("{name}() takes {wanted} arguments, not {found}")]
    WrongArgumentCount {
        /// The function.
        name: String,
        /// How many it takes.
        wanted: u32,
        /// How many there are.
        found: u32,
    },
    /// The pattern of `regex` is not a text in quotes.
    #[error("the pattern is not a text in quotes")]
    PatternNotLiteral,
    /// The pattern of `regex` has too many characters.
    #[error("the pattern is too long")]
    PatternTooLong,
    /// The pattern of `regex` is faulty, uses what is not supported, or grows too large.
    #[error("the pattern is faulty, not supported or too large")]
    BadPattern,
    /// No element has this name.
    #[error("nothing is named {name}")]
    UnknownName {
        /// Which.
        name: String,
    },
    /// The name of a note or a group, which have no value.
    #[error("{name} has no value")]
    NoValue {
        /// Which.
        name: String,
    },
    /// The name of an element that comes later.
    #[error("{name} comes later")]
    ForwardReference {
        /// Which.
        name: String,
    },
    /// The name of an element that hangs on this one.
    #[error("{name} hangs on this element itself")]
    Cycle {
        /// Which.
        name: String,
    },
    /// `.` where there is no answer to read.
    #[error("'.' outside a constraint")]
    NoCurrent,
    /// A value of one type where another belongs.
    #[error("{found} where {wanted} belongs")]
    TypeMismatch {
        /// What belongs there.
        wanted: ValueType,
        /// What stands there.
        found: ValueType,
    },
    /// A choice is compared with an option it does not have.
    #[error("the question has no option {option}")]
    UnknownOption {
        /// Which.
        option: String,
    },
}

/// The type of a value in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueType {
    /// True or false.
    #[error("a condition")]
    Boolean,
    /// A number.
    #[error("a number")]
    Number,
    /// A text.
    #[error("a text")]
    Text,
    /// A day, or a day with a time.
    #[error("a date")]
    Date,
    /// Names of options.
    #[error("a choice")]
    Choice,
}
