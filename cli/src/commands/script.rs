//! `canvass script`: what is wrong with a script, and where; and other forms of a sound one.

use std::path::{Path, PathBuf};

use canvass_core::interchange::{
    FormRefused, FormSheets, ImportedForm, read_form_sheets, read_form_workbook,
};
use canvass_core::survey::{Script, ScriptError};
use serde_json::{Value, json};

use crate::cpu::{CpuClock, peak_kb};
use crate::output::{BadInput, Done, Ended, Failure};

/// Look at a script.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Check a script; exit 1 when it is refused.
    ///
    /// Example: canvass script check porch.xlsx
    Check {
        /// An XLSForm workbook (.xlsx), a folder with its sheets as survey.csv, choices.csv and
        /// settings.csv (the last two optional), or script JSON.
        path: PathBuf,
    },
}

/// Largest file that is read: more than any form or script may have, so that they can say so.
const MAX_BYTES: u64 = 16 << 20;

/// What a path came to.
enum Reading {
    Sound(Box<Script>, Vec<Value>),
    Refused { errors: Vec<Value>, warnings: Vec<Value>, lines: Vec<String> },
}

pub(super) fn run(args: &Args) -> Ended {
    let Command::Check { path } = &args.command;
    let clock = CpuClock::start();
    let read = read(path);
    let (cpu_ms, peak_kb) = (clock.millis(), peak_kb());
    match read {
        Ok(Reading::Sound(script, warnings)) => {
            let (questions, hash) = (script.question_count(), script.hash());
            let lines: Vec<String> = warnings.iter().map(|it| line("Warning: ", it)).collect();
            let json = json!({
                "ok": true, "errors": [], "warnings": warnings, "questions": questions,
                "script": hash, "cpu_ms": cpu_ms, "peak_kb": peak_kb,
            });
            let text = format!("{questions} questions, {hash}.\n{}", lines.join("\n"));
            Ended::Done(Done { json, text })
        }
        Ok(Reading::Refused { errors, warnings, mut lines }) => {
            lines.extend(warnings.iter().map(|it| line("Warning: ", it)));
            let json = json!({
                "ok": false, "errors": errors, "warnings": warnings, "cpu_ms": cpu_ms,
                "peak_kb": peak_kb,
            });
            Ended::Partly(Done { json, text: lines.join("\n") }, Failure::Check)
        }
        Err(failure) => Ended::Failed(failure),
    }
}

/// One error or warning for people.
fn line(before: &str, told: &Value) -> String {
    let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
    format!("{before}{}. {}", text("what"), text("hint"))
}

/// Reads a folder, a workbook or JSON: whichever it is.
fn read(path: &Path) -> Result<Reading, Failure> {
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
    if path.is_dir() {
        let files = ["survey", "choices", "settings"].map(|sheet| {
            let file = path.join(format!("{sheet}.csv"));
            if file.exists() { bytes(&file).map(Some) } else { Ok(None) }
        });
        let [survey, choices, settings] = files;
        let (survey, choices, settings) = (survey?.unwrap_or_default(), choices?, settings?);
        let (choices, settings) = (choices.as_deref(), settings.as_deref());
        let sheets = FormSheets { survey: &survey, choices, settings };
        return Ok(of_form(read_form_sheets(sheets, name.as_deref())));
    }
    let file = bytes(path)?;
    let by_name = |endings: &[&str]| {
        path.extension().is_some_and(|it| endings.iter().any(|e| it.eq_ignore_ascii_case(e)))
    };
    let is_archive = file.starts_with(b"PK") || file.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    if is_archive || by_name(&["xlsx", "xlsm", "xls", "ods"]) {
        return Ok(of_form(read_form_workbook(&file, name.as_deref())));
    }
    let text = String::from_utf8(file)
        .map_err(|_| bad(path, "not_text", "Save it as UTF-8.".to_owned()))?;
    Ok(of_json(&text))
}

fn bad(path: &Path, code: &str, hint: String) -> Failure {
    let (code, file) = (code.to_owned(), path.display().to_string());
    Failure::Input(BadInput { code, file, hint, ..BadInput::default() })
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    match std::fs::metadata(path) {
        Ok(about) if about.len() > MAX_BYTES => {
            Err(bad(path, "too_large", format!("A script has at most {MAX_BYTES} bytes.")))
        }
        Ok(_) => {
            std::fs::read(path).map_err(|error| bad(path, "unreadable", error.kind().to_string()))
        }
        Err(error) => Err(bad(path, "unreadable", error.kind().to_string())),
    }
}

fn of_form(read: Result<ImportedForm, FormRefused>) -> Reading {
    let told = |errors: &[_]| errors.iter().map(|error| json!(error)).collect::<Vec<Value>>();
    match read {
        Ok(form) => Reading::Sound(Box::new(form.script), told(&form.warnings)),
        Err(refused) => {
            let errors = told(&refused.errors);
            let lines = errors.iter().map(|it| line("", it)).collect();
            Reading::Refused { errors, warnings: told(&refused.warnings), lines }
        }
    }
}

fn of_json(text: &str) -> Reading {
    let errors = match Script::parse(text) {
        Ok(script) => {
            let unreachable = script.unreachable();
            if unreachable.is_empty() {
                return Reading::Sound(Box::new(script), Vec::new());
            }
            unreachable
        }
        Err(errors) => errors,
    };
    let told = |error: &ScriptError| {
        json!({
            "sheet": null, "row": null, "column": error.place.to_string(),
            "code": error.problem.code(), "hint": error.problem.hint(), "what": error.to_string(),
        })
    };
    let errors: Vec<Value> = errors.iter().map(told).collect();
    let lines = errors.iter().map(|it| line("", it)).collect();
    Reading::Refused { errors, warnings: Vec::new(), lines }
}
