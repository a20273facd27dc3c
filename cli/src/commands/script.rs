//! `canvass script check`: what is wrong with a script, and where.

use std::path::PathBuf;

use canvass_core::survey::Script;
use serde_json::{Value, json};

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
    /// Example: canvass script check script.json
    Check {
        /// Script JSON. Workbooks and folders of sheets come with the importer.
        path: PathBuf,
    },
}

/// Largest script that is read.
const MAX_BYTES: u64 = 4 << 20;

pub(super) fn run(args: &Args) -> Ended {
    let Command::Check { path } = &args.command;
    let is_workbook = path.is_dir() || path.extension().is_some_and(|e| e == "xlsx" || e == "xls");
    if is_workbook {
        return Ended::Failed(super::not_yet("canvass script check on workbooks and sheets"));
    }
    let bad = |code: &str, hint: String| {
        let (code, file) = (code.to_owned(), path.display().to_string());
        Ended::Failed(Failure::Input(BadInput { code, file, hint, ..BadInput::default() }))
    };
    match std::fs::metadata(path) {
        Ok(about) if about.len() > MAX_BYTES => {
            return bad("too_large", format!("A script has at most {MAX_BYTES} bytes."));
        }
        Ok(_) => {}
        Err(error) => return bad("unreadable", error.kind().to_string()),
    }
    let Ok(text) = std::fs::read_to_string(path) else {
        return bad("not_text", "Save it as UTF-8.".to_owned());
    };
    match Script::parse(&text) {
        Ok(script) => {
            let questions = script.question_count();
            let hash = script.hash();
            let json = json!({
                "ok": true, "errors": [], "warnings": [], "questions": questions, "script": hash,
            });
            Ended::Done(Done { json, text: format!("{questions} questions, {hash}.") })
        }
        Err(errors) => {
            let list: Vec<Value> = errors
                .iter()
                .map(|error| {
                    json!({
                        "sheet": null, "row": null, "column": error.place.to_string(),
                        "code": error.problem.code(), "hint": error.problem.hint(),
                        "what": error.to_string(),
                    })
                })
                .collect();
            let lines: Vec<String> =
                errors.iter().map(|e| format!("{e}. {}", e.problem.hint())).collect();
            let json = json!({ "ok": false, "errors": list, "warnings": [] });
            Ended::Partly(Done { json, text: lines.join("\n") }, Failure::Check)
        }
    }
}
