//! The forms of `fixtures/forms`: folders of CSV sheets, good and bad.

use std::fs;
use std::path::{Path, PathBuf};

use canvass_core::interchange::{FormRefused, FormSheets, ImportedForm, read_form_sheets};

use crate::fixture;
use crate::workbook::{Sheet, workbook};

/// A form's sheets as they stand in its folder.
#[derive(Clone, Debug)]
pub struct FormFolder {
    /// The folder's name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    survey: Vec<u8>,
    choices: Option<Vec<u8>>,
    settings: Option<Vec<u8>>,
}

/// All forms, in order of their names.
///
/// # Panics
/// When a folder cannot be read.
#[must_use]
pub fn all() -> Vec<FormFolder> {
    let folders = fs::read_dir(fixture("forms")).expect("fixtures/forms").flatten();
    let mut forms: Vec<FormFolder> =
        folders.filter(|it| it.path().is_dir()).map(|it| FormFolder::of(&it.path())).collect();
    forms.sort_by(|one, other| one.name.cmp(&other.name));
    forms
}

impl FormFolder {
    fn of(path: &Path) -> Self {
        let file = |sheet: &str| fs::read(path.join(format!("{sheet}.csv"))).ok();
        Self {
            name: path.file_name().expect("a name").to_string_lossy().into_owned(),
            path: path.to_owned(),
            survey: file("survey").unwrap_or_default(),
            choices: file("choices"),
            settings: file("settings"),
        }
    }

    /// The form of this name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::of(&fixture("forms").join(name))
    }

    /// The sheets, for the importer.
    #[must_use]
    pub fn sheets(&self) -> FormSheets<'_> {
        FormSheets {
            survey: &self.survey,
            choices: self.choices.as_deref(),
            settings: self.settings.as_deref(),
        }
    }

    /// What the importer makes of it.
    ///
    /// # Errors
    /// What the importer refuses it for.
    pub fn read(&self) -> Result<ImportedForm, FormRefused> {
        read_form_sheets(self.sheets(), Some(&self.name))
    }

    /// The same cells in a workbook; none if the files are no plain CSV in UTF-8.
    #[must_use]
    pub fn workbook(&self) -> Option<Vec<u8>> {
        let named = [
            ("settings", self.settings.as_deref()),
            ("survey", Some(&self.survey[..])),
            ("choices", self.choices.as_deref()),
        ];
        let mut sheets = Vec::new();
        for (name, bytes) in named {
            if let Some(bytes) = bytes {
                sheets.push(Sheet::of_texts(name, &rows(bytes)?));
            }
        }
        Some(workbook(&sheets))
    }
}

/// The rows of a CSV file with commas.
fn rows(bytes: &[u8]) -> Option<Vec<Vec<String>>> {
    if !bytes.is_ascii() && std::str::from_utf8(bytes).is_err() || bytes.contains(&b';') {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let row = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader.records().map(|record| record.ok().map(row)).collect()
}
