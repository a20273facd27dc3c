//! Forms that campaigns write in a spreadsheet: a part of XLSForm, as a script.
//!
//! A form is a workbook (`.xlsx`) with the sheets `survey`, `choices` and `settings`, or three
//! CSV files of these names. What is read, and what each column may say, is `docs/scripts.md`.
//! Whatever is not supported is an error with its sheet, row and column, never a default: an
//! ignored condition would show a question to everyone, and nobody would notice for weeks. All
//! errors of a form are told at once, those of the script it makes at the cells they come from.
//!
//! It does not open files, decide which script a campaign uses, or read other workbooks than
//! `.xlsx`: those can only be read by holding whole sheets, however large a hostile file says
//! they are.
//!
//! Invariant: any bytes give a script or errors, in memory bounded by the limits of [`limits`].

mod choices;
mod error;
mod faults;
mod filter;
mod grid;
mod header;
mod hint;
mod kinds;
pub mod limits;
mod package;
mod places;
mod settings;
mod sheet_xml;
mod survey;
mod table;
mod workbook;

pub use error::{FormError, FormProblem, FormRefused, FormSheet};

use choices::Lists;
use faults::{At, Faults};
use grid::{Grid, Room};
use header::{Columns, Field};
pub(in crate::interchange) use header::{SURVEY, SURVEY_TEXTS};
use places::Made;
use settings::Settings;

use crate::id::ScriptHash;
use crate::survey::limits::MAX_SCRIPT_BYTES;
use crate::survey::{Script, ScriptProblem, ScriptSource};

/// How many characters of a content's hash make a version where the form has none.
const MADE_VERSION_CHARS: usize = 8;

/// A form as CSV files, one for each sheet.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormSheets<'f> {
    /// `survey.csv`.
    pub survey: &'f [u8],
    /// `choices.csv`, if there is one.
    pub choices: Option<&'f [u8]>,
    /// `settings.csv`, if there is one.
    pub settings: Option<&'f [u8]>,
}

/// A form that was read.
#[derive(Clone, Debug)]
pub struct ImportedForm {
    /// The script it makes: checked, and with every part within reach.
    pub script: Script,
    /// What its author should know, in the order of the sheets and rows.
    pub warnings: Vec<FormError>,
}

/// Reads a workbook. `name` is what the script is called if the form has no `form_id` and no
/// `form_title`: the file's name, say.
///
/// # Errors
/// Everything that is wrong with the form, and its warnings.
///
/// ```
/// use canvass_core::interchange::read_form_workbook;
///
/// let refused = read_form_workbook(b"<html>not found</html>", None).unwrap_err();
/// assert_eq!(refused.errors[0].problem.code(), "not_a_workbook");
/// ```
pub fn read_form_workbook(bytes: &[u8], name: Option<&str>) -> Result<ImportedForm, FormRefused> {
    let mut faults = Faults::default();
    match workbook::read(bytes, &mut faults) {
        Ok(grids) => import(&grids, name, faults),
        Err(problem) => {
            faults.file(problem);
            Err(faults.refused())
        }
    }
}

/// Reads a form's sheets from CSV files; otherwise like [`read_form_workbook`].
///
/// # Errors
/// Everything that is wrong with the form, and its warnings.
///
/// ```
/// use canvass_core::interchange::{FormSheets, read_form_sheets};
///
/// let sheets = FormSheets {
///     survey: b"type,name,label::English (en),relevant\n\
///               select_one yn,sign,A sign?,\n\
///               date,when,From when?,${sign} = 'yes'\n",
///     choices: Some(b"list_name,name,label::English (en)\nyn,yes,Yes\nyn,no,No\n"),
///     settings: Some(b"form_id,version\nporch,3\n"),
/// };
/// let form = read_form_sheets(sheets, None).expect("a sound form");
/// assert_eq!(form.script.question_count(), 2);
///
/// let sheets = FormSheets { survey: b"type,name,label::English (en)\ngeopoint,at,Where?\n", ..sheets };
/// let refused = read_form_sheets(sheets, None).unwrap_err();
/// assert_eq!(refused.errors[0].to_string(), "survey, row 2, type: the type geopoint is not supported");
/// ```
pub fn read_form_sheets(
    sheets: FormSheets<'_>,
    name: Option<&str>,
) -> Result<ImportedForm, FormRefused> {
    let (mut faults, mut room) = (Faults::default(), Room::new());
    let files = [
        (FormSheet::Settings, sheets.settings),
        (FormSheet::Survey, Some(sheets.survey)),
        (FormSheet::Choices, sheets.choices),
    ];
    let mut grids = Vec::new();
    for (sheet, bytes) in files {
        if let Some(bytes) = bytes {
            grids.extend(table::read(sheet, bytes, &mut room, &mut faults));
        }
    }
    import(&grids, name, faults)
}

fn import(
    grids: &[Grid],
    name: Option<&str>,
    mut faults: Faults,
) -> Result<ImportedForm, FormRefused> {
    let grid = |sheet| grids.iter().find(|grid: &&Grid| grid.sheet == sheet);
    let Some(survey) = grid(FormSheet::Survey).filter(|grid| !grid.headers.is_empty()) else {
        if !faults.any() {
            faults.file(FormProblem::MissingSheet { sheet: FormSheet::Survey });
        }
        return Err(faults.refused());
    };
    let settings = Settings::of(grid(FormSheet::Settings), &mut faults);
    let columns = Columns::of(survey, &mut faults);
    let choices = grid(FormSheet::Choices);
    let choice_columns = choices.map_or_else(Columns::default, |it| Columns::of(it, &mut faults));
    let languages = settings.languages(&[&columns, &choice_columns], &mut faults);
    let mut lists = Lists::of(choices, choice_columns, &languages, &mut faults);
    let mut built = survey::build(survey, &columns, &languages, &mut lists, &mut faults);
    lists.note_unused(&mut faults);
    let source = ScriptSource {
        name: named(&settings, name, &mut faults),
        version: settings.version.clone().unwrap_or_default(),
        languages: languages.0.clone(),
        elements: std::mem::take(&mut built.elements),
    };
    let made = Made {
        settings: &settings,
        survey: &columns,
        lists: &lists,
        languages: &languages,
        built: &built,
    };
    match made.script(source, &mut faults) {
        Some(script) if !faults.any() => {
            Ok(ImportedForm { script, warnings: faults.refused().warnings })
        }
        _ => Err(faults.refused()),
    }
}

fn named(settings: &Settings, name: Option<&str>, faults: &mut Faults) -> String {
    let name = settings.name.as_deref().or(name.filter(|it| !it.trim().is_empty()));
    if name.is_none() {
        let header = settings.columns.header(&Field::Plain("form_id"));
        let at = At { sheet: FormSheet::Settings, row: settings.row, column: Some(header) };
        faults.error(at, FormProblem::MissingFormId);
    }
    name.unwrap_or("form").to_owned()
}

impl Made<'_> {
    /// The script, if it is sound; otherwise its faults are noted at their cells.
    fn script(&self, mut source: ScriptSource, faults: &mut Faults) -> Option<Script> {
        if source.elements.is_empty() && faults.any() {
            return None;
        }
        if source.version.is_empty() {
            let header = self.settings.columns.header(&Field::Plain("version"));
            let (sheet, row) = (FormSheet::Settings, self.settings.row);
            faults.warning(At { sheet, row, column: Some(header) }, FormProblem::NoVersion);
            let content = serde_json::to_vec(&source).unwrap_or_default();
            let hash = ScriptHash::derive(&[&content]).to_string();
            source.version = hash.chars().take(MADE_VERSION_CHARS).collect();
        }
        let script = match Script::new(source.clone()) {
            Ok(script) => script,
            Err(errors) => {
                self.note(&errors, &source, faults);
                if !faults.any() {
                    // Every fault was held to follow from another, and there is none.
                    faults.error(At::sheet(FormSheet::Survey), ScriptProblem::Empty);
                }
                return None;
            }
        };
        self.note(&script.unreachable(), &source, faults);
        if script.to_json().len() > MAX_SCRIPT_BYTES {
            let limit = u32::try_from(MAX_SCRIPT_BYTES).unwrap_or(u32::MAX);
            faults.error(At::sheet(FormSheet::Survey), ScriptProblem::FileTooLarge { limit });
        }
        Some(script)
    }
}
