//! What is wrong with a form, and where: sheet, row, column, code, hint.

use std::fmt;

use crate::survey::ScriptProblem;

/// One of the sheets that a form is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormSheet {
    /// Name, version and default language.
    Settings,
    /// What is said and asked, in order.
    Survey,
    /// The options of the choices.
    Choices,
}

impl FormSheet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Settings, Self::Survey, Self::Choices];

    /// The sheet's name in a workbook, and its file's name without `.csv` in a folder.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Choices => "choices",
            Self::Settings => "settings",
        }
    }
}

impl fmt::Display for FormSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One fault of a form, or one thing to know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct FormError {
    /// The sheet; none when it is the workbook as a whole.
    pub sheet: Option<FormSheet>,
    /// The row as a spreadsheet counts (the header is row 1).
    pub row: Option<u32>,
    /// The column's header as it is written; where there is none, the letter of the column.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: FormProblem,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = self.sheet {
            write!(f, "{sheet}")?;
            if let Some(row) = self.row {
                write!(f, ", row {row}")?;
            }
            if let Some(column) = &self.column {
                write!(f, ", {column}")?;
            }
            f.write_str(": ")?;
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for FormError {}

/// Why a form is refused: everything that is wrong with it, and what there is to know besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormRefused {
    /// At least one, in the order of the sheets and rows.
    pub errors: Vec<FormError>,
    /// In the order of the sheets and rows.
    pub warnings: Vec<FormError>,
}

/// What is wrong with a form, or worth knowing about it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormProblem {
    /// Neither a workbook nor anything else that forms are read from.
    #[error("not an .xlsx workbook")]
    NotAWorkbook,
    /// A workbook of the old kind, or one with a password.
    #[error("an old workbook (.xls), or one with a password")]
    OldWorkbook,
    /// A workbook of the open document format.
    #[error("an OpenDocument workbook (.ods)")]
    OpenDocument,
    /// A workbook that holds a program.
    #[error("the workbook holds macros")]
    Macros,
    /// A workbook whose parts do not fit together, or end too early.
    #[error("the workbook is damaged: {part}")]
    Damaged {
        /// Which part.
        part: &'static str,
    },
    /// More than a form may have.
    #[error("more than {limit} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
    /// A sheet is not there, or empty.
    #[error("there is no sheet {sheet}")]
    MissingSheet {
        /// Which.
        sheet: FormSheet,
    },
    /// Two sheets have the same name but for capitals.
    #[error("two sheets are named so")]
    DoubledSheet,
    /// A sheet that has a meaning in other software and none here.
    #[error("sheets of this kind are not supported")]
    UnsupportedSheet {
        /// Its name.
        name: String,
    },
    /// A sheet that is not read.
    #[error("the sheet {name} is not read")]
    UnusedSheet {
        /// Its name.
        name: String,
    },
    /// A file of sheets that cannot be read as a table.
    #[error("{what}")]
    BadTable {
        /// What is wrong.
        what: &'static str,
        /// A code of the table reader's.
        code: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A column that is needed.
    #[error("there is no column {column}")]
    MissingColumn {
        /// Which.
        column: &'static str,
    },
    /// A column that is there twice.
    #[error("a second column of this meaning")]
    DoubledColumn,
    /// A cell with text under no header.
    #[error("a cell in a column without a header")]
    NoHeader,
    /// A column that XLSForm has and scripts do not.
    #[error("the column is not supported")]
    UnsupportedColumn,
    /// A column that means nothing here.
    #[error("the column means nothing here")]
    UnknownColumn,
    /// A column that no choice filter reads.
    #[error("no choice filter reads this column")]
    UnusedColumn,
    /// A translated column without the code of its language.
    #[error("the column's language has no code")]
    LanguageWithoutCode,
    /// No column says which language it is in.
    #[error("the texts' language is not told")]
    NoLanguage,
    /// The default language is not among those of the columns.
    #[error("no column is in the default language")]
    BadDefaultLanguage,
    /// A cell holds more characters than a cell may.
    #[error("more than {limit} characters in a cell")]
    CellTooLong {
        /// Characters allowed.
        limit: u32,
    },
    /// A cell shows an error of the spreadsheet, such as `#REF!`.
    #[error("the cell shows a spreadsheet's error")]
    CellError,
    /// A formula whose value was not saved.
    #[error("a formula without a saved value")]
    FormulaWithoutValue,
    /// A formula: its saved value is read.
    #[error("a formula; the value saved last is read")]
    Formula,
    /// A cell that the spreadsheet has turned into a date or a time.
    #[error("the spreadsheet made a date or a time of this cell")]
    DateCell,
    /// A cell that is joined with its neighbours.
    #[error("a merged cell")]
    MergedCell,
    /// Bytes that are no text.
    #[error("not a text")]
    NotText,
    /// A row without a type.
    #[error("a row without a type")]
    MissingType,
    /// A type that XLSForm has and scripts do not.
    #[error("the type {found} is not supported")]
    UnsupportedType {
        /// Which.
        found: String,
    },
    /// No type at all.
    #[error("{found} is no type")]
    UnknownType {
        /// What stands there.
        found: String,
    },
    /// A row without a name.
    #[error("a row without a name")]
    MissingName,
    /// A question, a note or an option without any text.
    #[error("there is no text to show")]
    MissingLabel,
    /// A cell that does not go with the type of its row.
    #[error("{kind} has no {column}")]
    NotForType {
        /// The row's type.
        kind: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A cell whose content is not taken over.
    #[error("the cell is not taken over")]
    NotKept,
    /// Neither yes nor no.
    #[error("neither yes nor no")]
    NotYesOrNo,
    /// A range without start and end, or with a step that is not 1.
    #[error("not a range of whole numbers with a step of 1")]
    BadRange,
    /// A select without the name of its list.
    #[error("no list of choices is named")]
    NoList,
    /// A list that the sheet `choices` does not have.
    #[error("there is no list {list}")]
    UnknownList {
        /// Which.
        list: String,
    },
    /// A list that no question uses.
    #[error("no question uses the list {list}")]
    UnusedList {
        /// Which.
        list: String,
    },
    /// A choice filter that reads a column which is not there.
    #[error("the sheet choices has no column {column}")]
    UnknownFilterColumn {
        /// Which.
        column: String,
    },
    /// A value that a choice filter cannot hold: it has both kinds of quotes.
    #[error("single and double quotes in one value")]
    UnquotableValue,
    /// A filter that leaves no option, whatever is answered.
    #[error("the choice filter leaves no option")]
    NothingOffered,
    /// A group that is not ended.
    #[error("the group is not ended")]
    UnclosedGroup,
    /// An end without a beginning, or of another group.
    #[error("no group of this kind and name is open")]
    UnopenedGroup,
    /// No name of the form, and none to fall back on.
    #[error("the form has no id")]
    MissingFormId,
    /// No version: one is made of the content.
    #[error("the form has no version")]
    NoVersion,
    /// A second row of settings.
    #[error("a second row of settings")]
    SecondSettings,
    /// What the script made of the form is not sound.
    #[error(transparent)]
    Script(#[from] ScriptProblem),
    /// There are more errors than are listed.
    #[error("{count} more")]
    More {
        /// How many.
        count: u32,
    },
}

/// As the command line and the backend tell it: `sheet`, `row`, `column`, `code`, `hint` and,
/// in a sentence for people, `what`.
impl serde::Serialize for FormError {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut told = serializer.serialize_struct("FormError", 6)?;
        told.serialize_field("sheet", &self.sheet.map(FormSheet::name))?;
        told.serialize_field("row", &self.row)?;
        told.serialize_field("column", &self.column)?;
        told.serialize_field("code", self.problem.code())?;
        told.serialize_field("hint", self.problem.hint())?;
        told.serialize_field("what", &self.to_string())?;
        told.end()
    }
}
