//! The faults found so far.

use super::super::error::{Place, ScriptError, ScriptField, ScriptProblem};
use super::super::limits::MAX_ERRORS;
use super::outline::Entry;

#[derive(Debug, Default)]
pub(super) struct Faults {
    errors: Vec<ScriptError>,
    more: u32,
}

impl Faults {
    /// A fault of the script itself.
    pub(super) fn of_script(&mut self, field: ScriptField, problem: impl Into<ScriptProblem>) {
        self.add(|| Place { field, ..Place::default() }, problem);
    }

    /// A fault of an element.
    pub(super) fn of_element(
        &mut self,
        entry: &Entry<'_>,
        field: ScriptField,
        problem: impl Into<ScriptProblem>,
    ) {
        self.add(|| entry.place(None, field), problem);
    }

    /// A fault of an element or, if there is a number, of one of its options.
    pub(super) fn of_option(
        &mut self,
        entry: &Entry<'_>,
        option_no: Option<u32>,
        field: ScriptField,
        problem: impl Into<ScriptProblem>,
    ) {
        self.add(|| entry.place(option_no, field), problem);
    }

    fn add(&mut self, place: impl FnOnce() -> Place, problem: impl Into<ScriptProblem>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(ScriptError { place: place(), problem: problem.into() });
        } else {
            self.more += 1;
        }
    }

    /// All faults, in the script's order.
    pub(super) fn into_errors(mut self) -> Vec<ScriptError> {
        self.done().err().unwrap_or_default()
    }

    /// Gives up if anything was found, with the faults in the script's order.
    pub(super) fn done(&mut self) -> Result<(), Vec<ScriptError>> {
        let mut errors = std::mem::take(&mut self.errors);
        if errors.is_empty() {
            return Ok(());
        }
        errors.sort_by_key(|it| (it.place.element_no, it.place.option_no));
        if self.more > 0 {
            let problem = ScriptProblem::MoreErrors { count: self.more };
            errors.push(ScriptError { place: Place::default(), problem });
        }
        Err(errors)
    }
}
