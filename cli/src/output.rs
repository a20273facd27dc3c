//! What the command prints: for people, for programs, and how it ends.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde_json::{Value, json};

/// How a command ended, other than well.
#[derive(Debug)]
pub enum Failure {
    /// It ran, and the check it exists for failed.
    Check,
    /// It was called wrongly, or asks for what has not landed yet.
    Usage(String),
    /// What it was given cannot be used.
    Input(BadInput),
    /// The disk, the network, or this very program failed.
    System(String),
}

/// What is wrong with an input, and where.
#[derive(Debug, Default, Clone)]
pub struct BadInput {
    /// A stable code.
    pub code: String,
    /// The file.
    pub file: String,
    /// The row, counted as a spreadsheet does.
    pub row: Option<u64>,
    /// The column.
    pub column: Option<String>,
    /// What to do about it.
    pub hint: String,
}

/// What came of a command: an object for programs, lines for people.
pub struct Done {
    /// The object that `--json` prints.
    pub json: Value,
    /// What is printed otherwise.
    pub text: String,
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Check => 1,
            Self::Usage(_) => 2,
            Self::Input(_) => 3,
            Self::System(_) => 4,
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Check => json!({ "error": { "code": "check_failed" } }),
            Self::Usage(hint) => json!({ "error": { "code": "usage", "hint": hint } }),
            Self::Input(bad) => json!({ "error": {
                "code": bad.code, "file": bad.file, "row": bad.row, "column": bad.column,
                "hint": bad.hint,
            } }),
            Self::System(what) => json!({ "error": { "code": "system", "hint": what } }),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Check => "The check failed.".to_owned(),
            Self::Usage(hint) => hint.clone(),
            Self::Input(bad) => {
                let row = bad.row.map(|row| format!(", row {row}")).unwrap_or_default();
                let column = bad
                    .column
                    .as_ref()
                    .map(|column| format!(", column {column}"))
                    .unwrap_or_default();
                format!("{}{row}{column}: {}. {}", bad.file, bad.code, bad.hint)
            }
            Self::System(what) => what.clone(),
        }
    }
}

/// A result that is printed although the command did not end well: its counts tell what failed.
pub enum Ended {
    /// Well.
    Done(Done),
    /// Not well, with something to show for it.
    Partly(Done, Failure),
    /// Not well.
    Failed(Failure),
}

impl From<Result<Done, Failure>> for Ended {
    fn from(result: Result<Done, Failure>) -> Self {
        match result {
            Ok(done) => Self::Done(done),
            Err(failure) => Self::Failed(failure),
        }
    }
}

/// Prints how a command ended and gives its exit code.
pub fn print(ended: Ended, as_json: bool) -> ExitCode {
    let (done, failure) = match ended {
        Ended::Done(done) => (Some(done), None),
        Ended::Partly(done, failure) => (Some(done), Some(failure)),
        Ended::Failed(failure) => (None, Some(failure)),
    };
    let mut out = std::io::stdout().lock();
    // Nobody reads any more: how the command ended is still told by its code.
    let _unread = match (&done, &failure, as_json) {
        (Some(done), _, true) => writeln!(out, "{}", done.json),
        (Some(done), _, false) => writeln!(out, "{}", done.text.trim_end()),
        (None, Some(failure), true) => writeln!(out, "{}", failure.json()),
        (None, _, _) => Ok(()),
    };
    if let (Some(failure), false) = (&failure, as_json) {
        let _unread = writeln!(std::io::stderr(), "{}", failure.text());
    }
    failure.map_or(ExitCode::SUCCESS, |failure| ExitCode::from(failure.code()))
}

/// A progress bar on a terminal, nothing otherwise.
#[must_use]
pub fn progress(steps: u64, what: &'static str, quiet: bool) -> indicatif::ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(steps);
    let style = indicatif::ProgressStyle::with_template("{msg:24} {wide_bar} {pos}/{len}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
