//! The errors and warnings found so far.

use super::error::{FormError, FormProblem, FormRefused, FormSheet};
use super::limits::MAX_FORM_ERRORS;

#[derive(Debug, Default)]
pub(super) struct Faults {
    errors: List,
    warnings: List,
}

#[derive(Debug, Default)]
struct List {
    found: Vec<FormError>,
    more: u32,
}

impl List {
    fn add(&mut self, error: FormError) {
        if self.found.contains(&error) {
            return;
        }
        if self.found.len() < MAX_FORM_ERRORS {
            self.found.push(error);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    fn sorted(mut self) -> Vec<FormError> {
        self.found.sort_by_key(|it| (it.sheet, it.row));
        if self.more > 0 {
            let problem = FormProblem::More { count: self.more };
            self.found.push(FormError { sheet: None, row: None, column: None, problem });
        }
        self.found
    }
}

/// A cell's place, its column by its header.
#[derive(Clone, Debug)]
pub(super) struct At {
    pub(super) sheet: FormSheet,
    pub(super) row: Option<u32>,
    pub(super) column: Option<String>,
}

impl At {
    pub(super) fn sheet(sheet: FormSheet) -> Self {
        Self { sheet, row: None, column: None }
    }

    pub(super) fn row(sheet: FormSheet, row: u32) -> Self {
        Self { sheet, row: Some(row), column: None }
    }

    pub(super) fn cell(sheet: FormSheet, row: u32, column: impl Into<String>) -> Self {
        Self { sheet, row: Some(row), column: Some(column.into()) }
    }

    fn error(self, problem: FormProblem) -> FormError {
        FormError { sheet: Some(self.sheet), row: self.row, column: self.column, problem }
    }
}

impl Faults {
    pub(super) fn error(&mut self, at: At, problem: impl Into<FormProblem>) {
        self.errors.add(at.error(problem.into()));
    }

    pub(super) fn warning(&mut self, at: At, problem: impl Into<FormProblem>) {
        self.warnings.add(at.error(problem.into()));
    }

    /// A fault of the workbook as a whole.
    pub(super) fn file(&mut self, problem: FormProblem) {
        self.errors.add(FormError { sheet: None, row: None, column: None, problem });
    }

    pub(super) fn file_warning(&mut self, problem: FormProblem) {
        self.warnings.add(FormError { sheet: None, row: None, column: None, problem });
    }

    pub(super) fn any(&self) -> bool {
        !self.errors.found.is_empty()
    }

    pub(super) fn refused(self) -> FormRefused {
        FormRefused { errors: self.errors.sorted(), warnings: self.warnings.sorted() }
    }
}
