//! Name, version and languages of a form.

use super::error::{FormProblem, FormSheet};
use super::faults::{At, Faults};
use super::grid::Grid;
use super::header::{Columns, Field, language_code};

/// The code for texts of which no column and no setting says the language (BCP 47).
pub(super) const UNTOLD: &str = "und";

/// What the sheet `settings` says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    /// As written, and where.
    default_language: Option<(String, u32)>,
    /// The row of the settings, for faults of name and version.
    pub(super) row: Option<u32>,
    pub(super) columns: Columns,
}

/// The script's languages; the first is the default.
#[derive(Debug)]
pub(super) struct Languages(pub(super) Vec<String>);

impl Languages {
    pub(super) fn default(&self) -> &str {
        self.0.first().map_or(UNTOLD, String::as_str)
    }

    /// The fields that may hold a text in this language; headers spell codes as they like.
    pub(super) fn fields(&self, base: &'static str, language: &str) -> [Field; 2] {
        let own = Field::Text(base, Some(language.to_owned()));
        let bare = Field::Text(base, None);
        if language == self.default() { [bare, own] } else { [own.clone(), own] }
    }
}

impl Settings {
    pub(super) fn of(grid: Option<&Grid>, faults: &mut Faults) -> Self {
        let Some(grid) = grid else { return Self::default() };
        let columns = Columns::of(grid, faults);
        let mut rows = grid.rows.iter();
        let Some(row) = rows.next() else { return Self { columns, ..Self::default() } };
        if let Some(second) = rows.next() {
            faults.error(At::row(grid.sheet, second.row), FormProblem::SecondSettings);
        }
        let plain = |name| columns.plain(row, name).map(str::to_owned);
        let (id, title) = (plain("form_id"), plain("form_title"));
        if id.is_some() && title.is_some() {
            let header = columns.header(&Field::Plain("form_title"));
            faults.warning(At::cell(grid.sheet, row.row, header), FormProblem::NotKept);
        }
        Self {
            name: id.or(title),
            version: plain("version"),
            default_language: plain("default_language").map(|text| (text, row.row)),
            row: Some(row.row),
            columns,
        }
    }

    /// The form's languages, by its settings and by the columns of the other sheets.
    pub(super) fn languages(&self, sheets: &[&Columns], faults: &mut Faults) -> Languages {
        let named: Vec<&(String, String)> = sheets.iter().flat_map(|it| &it.languages).collect();
        let bare = sheets
            .iter()
            .any(|it| ["label", "hint"].iter().any(|base| it.has(&Field::Text(base, None))));
        let mut all: Vec<String> = Vec::new();
        match &self.default_language {
            Some((text, row)) => {
                let by_name = named.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
                let by_word = named.iter().find(|(name, _)| {
                    let word = name.split('(').next().unwrap_or_default().trim();
                    word.eq_ignore_ascii_case(text)
                });
                let code = language_code(text)
                    .or_else(|| by_name.or(by_word).map(|(_, code)| code.clone()));
                let known = |code: &String| bare || named.iter().any(|(_, known)| known == code);
                if let Some(code) = code.filter(known) {
                    all.push(code);
                } else {
                    let header = self.columns.header(&Field::Plain("default_language"));
                    let at = At::cell(FormSheet::Settings, *row, header);
                    faults.error(at, FormProblem::BadDefaultLanguage);
                }
            }
            None if bare || named.is_empty() => {
                faults.warning(At::sheet(FormSheet::Survey), FormProblem::NoLanguage);
                all.push(UNTOLD.to_owned());
            }
            None => {}
        }
        for (_, code) in named {
            if !all.iter().any(|known| known == code) {
                all.push(code.clone());
            }
        }
        if all.is_empty() {
            all.push(UNTOLD.to_owned());
        }
        let languages = Languages(all);
        for columns in sheets {
            columns.note_doubled(languages.default(), faults);
        }
        languages
    }
}
