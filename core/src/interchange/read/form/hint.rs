//! A stable code for each problem of a form, and what to do about it.

use super::error::FormProblem;

impl FormProblem {
    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAWorkbook => "not_a_workbook",
            Self::OldWorkbook => "old_workbook",
            Self::OpenDocument => "open_document",
            Self::Macros => "macros",
            Self::Damaged { .. } => "damaged_workbook",
            Self::TooMuch { .. } => "too_much",
            Self::MissingSheet { .. } => "missing_sheet",
            Self::DoubledSheet => "doubled_sheet",
            Self::UnsupportedSheet { .. } => "unsupported_sheet",
            Self::UnusedSheet { .. } => "unused_sheet",
            Self::BadTable { code, .. } => code,
            Self::MissingColumn { .. } => "missing_column",
            Self::DoubledColumn => "doubled_column",
            Self::NoHeader => "no_header",
            Self::UnsupportedColumn => "unsupported_column",
            Self::UnknownColumn => "unknown_column",
            Self::UnusedColumn => "unused_column",
            Self::LanguageWithoutCode => "language_without_code",
            Self::NoLanguage => "no_language",
            Self::BadDefaultLanguage => "bad_default_language",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::CellError => "cell_error",
            Self::FormulaWithoutValue => "formula_without_value",
            Self::Formula => "formula",
            Self::DateCell => "date_cell",
            Self::MergedCell => "merged_cell",
            Self::NotText => "not_text",
            Self::MissingType => "missing_type",
            Self::UnsupportedType { .. } => "unsupported_type",
            Self::UnknownType { .. } => "unknown_type",
            Self::MissingName => "missing_name",
            Self::MissingLabel => "missing_label",
            Self::NotForType { .. } => "not_for_type",
            Self::NotKept => "not_kept",
            Self::NotYesOrNo => "not_yes_or_no",
            Self::BadRange => "bad_range",
            Self::NoList => "no_list",
            Self::UnknownList { .. } => "unknown_list",
            Self::UnusedList { .. } => "unused_list",
            Self::UnknownFilterColumn { .. } => "unknown_filter_column",
            Self::UnquotableValue => "unquotable_value",
            Self::NothingOffered => "nothing_offered",
            Self::UnclosedGroup => "unclosed_group",
            Self::UnopenedGroup => "unopened_group",
            Self::MissingFormId => "missing_form_id",
            Self::NoVersion => "no_version",
            Self::SecondSettings => "second_settings",
            Self::Script(problem) => problem.code(),
            Self::More { .. } => "more_errors",
        }
    }

    /// What to do about it, in one English sentence for the form's author.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::BadTable { hint, .. } => hint,
            Self::Script(problem) => problem.hint(),
            Self::More { .. } => "Correct the listed ones first.",
            _ => match self.hint_for_the_file() {
                Some(hint) => hint,
                None => self.hint_for_the_row(),
            },
        }
    }

    const fn hint_for_the_file(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotAWorkbook => {
                "Save the form as an .xlsx workbook, or as a folder with survey.csv and choices.csv."
            }
            Self::OldWorkbook | Self::OpenDocument => "Save it as .xlsx, without a password.",
            Self::Macros => "Save it as .xlsx, which leaves the macros out.",
            Self::Damaged { .. } => "Open it in a spreadsheet program and save it anew as .xlsx.",
            Self::TooMuch { .. } => {
                "Delete empty rows and unused sheets, or split the form in two."
            }
            Self::MissingSheet { .. } => "Add the sheet; its name is written in small letters.",
            Self::DoubledSheet => "Rename or delete one of the two.",
            Self::UnsupportedSheet { .. } => "Delete the sheet; what it does is not supported.",
            Self::UnusedSheet { .. } => "Nothing to do, unless the name is a misspelling.",
            Self::MissingColumn { .. } => "Add the column to the first row.",
            Self::DoubledColumn => "Remove or rename one of the two columns.",
            Self::NoHeader => "Give the column a header, or empty it; a header with # is left out.",
            Self::UnsupportedColumn => {
                "Empty the column or delete it; what it does is not supported."
            }
            Self::UnknownColumn => {
                "Correct the header; one that begins with # is left out, for your own notes."
            }
            Self::UnusedColumn => "Nothing to do, unless a choice filter should read it.",
            Self::LanguageWithoutCode => "Write the language with its code: label::Spanish (es).",
            Self::NoLanguage => {
                "Name it: label::English (en), or default_language in the settings."
            }
            Self::BadDefaultLanguage => {
                "Write it as in the columns' headers, with its code: English (en)."
            }
            Self::MissingFormId => "Write a form_id into the settings.",
            Self::NoVersion => {
                "Write a version into the settings; now one is made from the content."
            }
            Self::SecondSettings => "Keep one row of settings.",
            _ => return None,
        })
    }

    const fn hint_for_the_row(&self) -> &'static str {
        match self {
            Self::CellTooLong { .. } => "Shorten the text.",
            Self::CellError => "Correct the formula, or write the value itself.",
            Self::FormulaWithoutValue => "Open and save the workbook, or write the value itself.",
            Self::Formula => "Write the value itself if it should not change.",
            Self::DateCell => "Format the column as text and type the value again.",
            Self::MergedCell => "Unmerge the cells.",
            Self::NotText => "Save the file as UTF-8.",
            Self::MissingType => "Write a type, or empty the row.",
            Self::UnsupportedType { .. } | Self::UnknownType { .. } => {
                "Use select_one, select_multiple, integer, decimal, text, date, range, \
                 acknowledge, note, calculate, begin_group or end_group."
            }
            Self::MissingName => "Give the row a name.",
            Self::MissingLabel => "Write a label.",
            Self::NotForType { .. } => "Empty the cell, or choose another type.",
            Self::NotKept => {
                "Nothing to do; scripts have no place for it, and a question is shown plainly."
            }
            Self::NotYesOrNo => "Write yes, or leave it empty.",
            Self::BadRange => "Write start=1 end=5, with whole numbers.",
            Self::NoList => "Write the list's name behind the type: select_one colours.",
            Self::UnknownList { .. } => "Check the spelling of list_name in the sheet choices.",
            Self::UnusedList { .. } => "Nothing to do, unless a question should use it.",
            Self::UnknownFilterColumn { .. } => {
                "Name a column of the sheet choices, put texts in quotes, write answers as ${name}."
            }
            Self::UnquotableValue => "Leave out one kind of quotes.",
            Self::NothingOffered => "Correct the filter, or the values in the sheet choices.",
            Self::UnclosedGroup => "Add a row end_group.",
            _ => "Check that each begin_group has its end_group.",
        }
    }
}
