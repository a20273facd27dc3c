//! `canvass script`: what is wrong with a script, and where; and other forms of a sound one.

use std::path::{Path, PathBuf};

use canvass_core::interchange::{
    FormRefused, FormSheets, ImportedForm, osdi_script, read_form_sheets, read_form_workbook,
    read_osdi_script, write_form_sheets,
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
    /// Example: canvass script check porch.xlsx --after porch-3.xlsx
    Check {
        /// An XLSForm workbook (.xlsx), a folder with its sheets as survey.csv, choices.csv and
        /// settings.csv (the last two optional), or script JSON.
        path: PathBuf,
        /// An earlier version, as the campaign has answers to it: a question that would mean
        /// something else is an error, words that differ are a warning. Several: oldest first.
        #[arg(long, value_name = "OLD")]
        after: Vec<PathBuf>,
    },
    /// Write a sound script in another form; what that form cannot hold is counted as loss.
    ///
    /// Example: canvass script convert porch.xlsx --to osdi --out porch.osdi.json
    Convert {
        /// What `check` takes, or an OSDI script with its questions embedded.
        path: PathBuf,
        /// The form.
        #[arg(long)]
        to: Form,
        /// The file to write; for xlsform-csv the folder of its sheets.
        #[arg(long)]
        out: PathBuf,
        /// The language of an OSDI script's texts, as a code.
        #[arg(long, default_value = "und")]
        language: String,
    },
}

/// Forms that a script can be written in.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Form {
    /// Script JSON.
    Json,
    /// The sheets of an XLSForm as CSV files.
    XlsformCsv,
    /// OSDI: a script with its questions embedded, in the default language.
    Osdi,
}

/// Largest file that is read: more than any form or script may have, so that they can say so.
const MAX_BYTES: u64 = 16 << 20;

/// The code for a language that nobody tells.
const UNTOLD_LANGUAGE: &str = "und";

/// What a path came to.
enum Reading {
    /// The script, its warnings, and what of the file is not in it.
    Sound(Box<Script>, Vec<Value>, Vec<Value>),
    Refused {
        errors: Vec<Value>,
        warnings: Vec<Value>,
    },
}

pub(super) fn run(args: &Args) -> Ended {
    match &args.command {
        Command::Check { path, after } => check(path, after),
        Command::Convert { path, to, out, language } => convert(path, *to, out, language),
    }
}

fn convert(path: &Path, to: Form, out: &Path, language: &str) -> Ended {
    let (script, mut loss) = match read(path, language) {
        Ok(Reading::Sound(script, _, loss)) => (script, loss),
        Ok(refused @ Reading::Refused { .. }) => return told(refused, &json!({})),
        Err(failure) => return Ended::Failed(failure),
    };
    let written = match to {
        Form::Json => write(out, script.to_json().as_bytes()),
        Form::Osdi => {
            let (value, lost) = osdi_script(&script);
            loss.extend(lost.losses().iter().map(|it| json!(it)));
            write(out, format!("{value:#}").as_bytes())
        }
        Form::XlsformCsv => write_sheets(&script, out),
    };
    if let Err(failure) = written {
        return Ended::Failed(failure);
    }
    let (questions, hash) = (script.question_count(), script.hash());
    let text = format!("{questions} questions, {} kinds of loss.", loss.len());
    let json = json!({ "ok": true, "questions": questions, "script": hash, "loss": loss });
    Ended::Done(Done { json, text })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::System(format!("{}: {error}", path.display()));
    std::fs::write(path, bytes).map_err(failed)
}

fn write_sheets(script: &Script, folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::System(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let files = write_form_sheets(script).map_err(|error| Failure::System(error.to_string()))?;
    write(&folder.join("survey.csv"), &files.survey)?;
    write(&folder.join("choices.csv"), &files.choices)?;
    write(&folder.join("settings.csv"), &files.settings)
}

fn check(path: &Path, after: &[PathBuf]) -> Ended {
    let clock = CpuClock::start();
    let read = read(path, UNTOLD_LANGUAGE).and_then(|reading| beside(reading, after));
    let cost = json!({ "cpu_ms": clock.millis(), "peak_kb": peak_kb() });
    match read {
        Ok((reading, differs)) => told(reading, &merged(cost, differs)),
        Err(failure) => Ended::Failed(failure),
    }
}

/// The keys of both objects.
fn merged(mut into: Value, other: Value) -> Value {
    if let (Some(into), Value::Object(other)) = (into.as_object_mut(), other) {
        into.extend(other);
    }
    into
}

/// Looks at a sound script beside the campaign's earlier versions: what it breaks, and by name
/// which questions are new in it or gone since the last one.
fn beside(reading: Reading, after: &[PathBuf]) -> Result<(Reading, Value), Failure> {
    let earlier = after.iter().map(|path| earlier(path)).collect::<Result<Vec<_>, _>>()?;
    let Some(last) = earlier.last() else { return Ok((reading, json!({}))) };
    let (script, mut warnings, loss) = match reading {
        Reading::Sound(script, warnings, loss) => (script, warnings, loss),
        refused @ Reading::Refused { .. } => return Ok((refused, json!({}))),
    };
    let all: Vec<&Script> = earlier.iter().collect();
    let differs = json!({ "added": lacking(&script, last), "dropped": lacking(last, &script) });
    let reading = match script.check_after(&all) {
        Ok(found) => {
            warnings.extend(found.iter().map(of_script));
            Reading::Sound(script, warnings, loss)
        }
        Err(errors) => {
            Reading::Refused { errors: errors.iter().map(of_script).collect(), warnings }
        }
    };
    Ok((reading, differs))
}

fn earlier(path: &Path) -> Result<Script, Failure> {
    match read(path, UNTOLD_LANGUAGE)? {
        Reading::Sound(script, ..) => Ok(*script),
        Reading::Refused { .. } => {
            let hint = "Check it by itself: nothing can be compared with it.";
            Err(bad(path, "earlier_refused", hint.to_owned()))
        }
    }
}

/// The questions of one script that another does not have, by name.
fn lacking(of: &Script, other: &Script) -> Vec<String> {
    let names = (0..of.question_count()).filter_map(|no| Some(&of.question(no)?.name));
    names.filter(|name| other.question_no(name).is_none()).cloned().collect()
}

/// What a check prints; `cost` is printed with it.
fn told(reading: Reading, cost: &Value) -> Ended {
    let (mut json, text, is_sound) = match reading {
        Reading::Sound(script, warnings, loss) => {
            let (questions, hash) = (script.question_count(), script.hash());
            let lines: Vec<String> = warnings.iter().map(|it| line("Warning: ", it)).collect();
            let json = json!({
                "ok": true, "errors": [], "warnings": warnings, "questions": questions,
                "script": hash, "loss": loss,
            });
            (json, format!("{questions} questions, {hash}.\n{}", lines.join("\n")), true)
        }
        Reading::Refused { errors, warnings } => {
            let lines = errors.iter().map(|it| line("", it));
            let lines = lines.chain(warnings.iter().map(|it| line("Warning: ", it)));
            let text = lines.collect::<Vec<_>>().join("\n");
            (json!({ "ok": false, "errors": errors, "warnings": warnings }), text, false)
        }
    };
    for (key, value) in cost.as_object().into_iter().flatten() {
        json[key] = value.clone();
    }
    let done = Done { json, text };
    if is_sound { Ended::Done(done) } else { Ended::Partly(done, Failure::Check) }
}

/// One error or warning for people.
fn line(before: &str, told: &Value) -> String {
    let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
    format!("{before}{}. {}", text("what"), text("hint"))
}

/// Reads a folder, a workbook or JSON: whichever it is.
fn read(path: &Path, language: &str) -> Result<Reading, Failure> {
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
    Ok(of_json(&text, language))
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
        Ok(form) => Reading::Sound(Box::new(form.script), told(&form.warnings), Vec::new()),
        Err(refused) => {
            let (errors, warnings) = (told(&refused.errors), told(&refused.warnings));
            Reading::Refused { errors, warnings }
        }
    }
}

fn of_json(text: &str, language: &str) -> Reading {
    let errors = match Script::parse(text) {
        Ok(script) => {
            let unreachable = script.unreachable();
            if unreachable.is_empty() {
                return Reading::Sound(Box::new(script), Vec::new(), Vec::new());
            }
            unreachable
        }
        Err(_) if is_osdi(text) => return of_osdi(text, language),
        Err(errors) => errors,
    };
    Reading::Refused { errors: errors.iter().map(of_script).collect(), warnings: Vec::new() }
}

/// An error or a warning of a script, told at its element and field.
fn of_script(error: &ScriptError) -> Value {
    json!({
        "sheet": null, "row": null, "column": error.place.to_string(),
        "code": error.problem.code(), "hint": error.problem.hint(), "what": error.to_string(),
    })
}

/// Whether JSON is OSDI's: what is inside another resource stands under this key.
fn is_osdi(text: &str) -> bool {
    let value = serde_json::from_str::<Value>(text);
    value.is_ok_and(|value| value.get("_embedded").is_some())
}

fn of_osdi(text: &str, language: &str) -> Reading {
    match read_osdi_script(text, language) {
        Ok(read) => {
            let loss = read.loss.losses().iter().map(|it| json!(it)).collect();
            Reading::Sound(Box::new(read.script), Vec::new(), loss)
        }
        Err(error) => {
            let error = json!({
                "sheet": null, "row": null, "column": null, "code": error.code(),
                "hint": error.hint(), "what": error.to_string(),
            });
            Reading::Refused { errors: vec![error], warnings: Vec::new() }
        }
    }
}
