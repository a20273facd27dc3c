//! Choice filters: a condition over the columns of the sheet `choices`, said for each option.
//!
//! In `region = ${region}` the loose word names a column; for each option of the list the
//! option's own value stands in its place, in quotes. What then is true or false whatever is
//! answered is not asked at the door: the option has no condition, or is not there.

use std::collections::BTreeSet;

use super::choices::Choice;
use super::error::FormProblem;
use crate::survey::ExpressionError;
use crate::survey::authoring::{loose_words_of, settled_condition};

/// A choice filter, taken apart.
#[derive(Debug)]
pub(super) struct Filter {
    /// Texts around the columns: one more than there are columns.
    between: Vec<String>,
    columns: Vec<String>,
}

/// A filter as it reads for one option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    /// Where values stand in it, in characters from 1, and of which columns.
    values: Vec<(u32, u32, String)>,
}

/// What becomes of an option.
#[derive(Debug)]
pub(super) enum Offered {
    Always,
    Never,
    If(Said),
    /// The value of this column cannot be said.
    Unsayable(String),
}

impl Said {
    /// The column whose value stands at this character.
    pub(super) fn column_at(&self, at: u32) -> Option<&str> {
        let found = self.values.iter().find(|(from, to, _)| (*from..*to).contains(&at));
        found.map(|(_, _, column)| column.as_str())
    }
}

impl Filter {
    /// Takes a filter apart.
    pub(super) fn of(text: &str) -> Result<Self, ExpressionError> {
        let letters: Vec<char> = text.chars().collect();
        let (mut between, mut columns, mut done) = (Vec::new(), Vec::new(), 0);
        for word in loose_words_of(text)? {
            let start = word.at.saturating_sub(1) as usize;
            between.push(letters.get(done..start).unwrap_or_default().iter().collect());
            done = start + word.word.chars().count();
            columns.push(word.word);
        }
        between.push(letters.get(done..).unwrap_or_default().iter().collect());
        Ok(Self { between, columns })
    }

    /// The columns it reads, each once.
    pub(super) fn columns(&self) -> BTreeSet<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    /// What the filter makes of an option.
    pub(super) fn offered(&self, choice: &Choice) -> Offered {
        let mut said = Said::default();
        for (no, before) in self.between.iter().enumerate() {
            said.text.push_str(before);
            let Some(column) = self.columns.get(no) else { continue };
            let value = match column.as_str() {
                "name" => choice.name.as_str(),
                column => choice.extras.get(column).map_or("", String::as_str),
            };
            let quote = match (value.contains('\''), value.contains('"')) {
                (false, _) => '\'',
                (true, false) => '"',
                (true, true) => return Offered::Unsayable(column.clone()),
            };
            let from = position(&said.text);
            said.text.extend([quote]);
            said.text.push_str(value);
            said.text.push(quote);
            said.values.push((from, position(&said.text), column.clone()));
        }
        match settled_condition(&said.text) {
            Some(true) => Offered::Always,
            Some(false) => Offered::Never,
            None => Offered::If(said),
        }
    }
}

/// The place behind a text, in characters from 1.
fn position(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX).saturating_add(1)
}

/// The problem of a filter's own, whatever the option.
pub(super) fn unknown_column(column: &str) -> FormProblem {
    FormProblem::UnknownFilterColumn { column: column.to_owned() }
}
