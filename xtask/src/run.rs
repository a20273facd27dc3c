//! Running other programs: said aloud, and with their failure named.

use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::project;

/// Why a task failed.
#[derive(Debug)]
pub(crate) enum TaskError {
    /// A program could not be started.
    NotStarted { program: String, cause: std::io::Error },
    /// A program ended with a failure, and said this of it.
    Failed { command: String, told: Vec<String> },
    /// A file or folder could not be read or written.
    File { path: String, cause: std::io::Error },
    /// Something else is not as it must be.
    Wrong(String),
}

impl TaskError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |cause| Self::File { path, cause }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, cause } => {
                write!(f, "{program} could not be started ({cause}): run `cargo xtask setup`")
            }
            Self::Failed { command, told } => {
                write!(f, "failed: {command}")?;
                told.iter().try_for_each(|line| write!(f, "\n    {line}"))
            }
            Self::File { path, cause } => write!(f, "{path}: {cause}"),
            Self::Wrong(what) => f.write_str(what),
        }
    }
}

/// A program to be run in the project's root.
pub(crate) struct Run {
    command: Command,
    said: String,
}

impl Run {
    pub(crate) fn program(program: &str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(project::root());
        Self { command, said: program.to_owned() }
    }

    pub(crate) fn cargo(arguments: &[&str]) -> Self {
        Self::program("cargo").args(arguments).env("CARGO_TARGET_DIR", project::target())
    }

    pub(crate) fn args<S: AsRef<str>>(mut self, arguments: &[S]) -> Self {
        for argument in arguments {
            self.said.push(' ');
            self.said.push_str(argument.as_ref());
            self.command.arg(argument.as_ref());
        }
        self
    }

    /// In another folder than the project's root.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it; its output goes where ours goes.
    pub(crate) fn go(mut self) -> Result<(), TaskError> {
        println!("$ {}", self.said);
        let status = self.command.status().map_err(|cause| self.not_started(cause))?;
        self.ended(status.success(), Vec::new())
    }

    /// Runs it, shows its standard output as it comes, and hands each line of it on. The lines
    /// are handed on even when it fails; those that say what failed are told again at the end.
    pub(crate) fn go_reading(mut self, mut line: impl FnMut(&str)) -> Result<(), TaskError> {
        println!("$ {}", self.said);
        self.command.stdout(Stdio::piped());
        let mut child = self.command.spawn().map_err(|cause| self.not_started(cause))?;
        let mut told = Vec::new();
        if let Some(output) = child.stdout.take() {
            for read in BufReader::new(output).split(b'\n') {
                let Ok(bytes) = read else { break };
                let text = String::from_utf8_lossy(&bytes);
                println!("{text}");
                line(&text);
                if told.len() < MOST_TOLD && tells_failure(&text) {
                    told.push(text.chars().take(MOST_TOLD_CHARS).collect());
                }
            }
        }
        let status = child.wait().map_err(|cause| self.not_started(cause))?;
        self.ended(status.success(), told)
    }

    /// Runs it without a word, and hands each line of its standard output on.
    pub(crate) fn reading(mut self, line: impl FnMut(&str)) -> Result<(), TaskError> {
        let output = self.command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        let output = output.map_err(|cause| self.not_started(cause))?;
        String::from_utf8_lossy(&output.stdout).lines().for_each(line);
        self.ended(output.status.success(), Vec::new())
    }

    /// Runs it without a word; whether it succeeded.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    /// Runs it without a word, and shows what it printed if it fails. For what runs beside
    /// something else.
    pub(crate) fn go_quietly(mut self) -> Result<(), TaskError> {
        let output = self.command.stdin(Stdio::null()).output();
        let output = output.map_err(|cause| self.not_started(cause))?;
        if output.status.success() {
            return Ok(());
        }
        let mut shown = std::io::stderr().lock();
        // There is nowhere to report that standard error cannot be written.
        let _unheard =
            shown.write_all(&output.stdout).and_then(|()| shown.write_all(&output.stderr));
        self.ended(false, Vec::new())
    }

    fn ended(self, is_success: bool, told: Vec<String>) -> Result<(), TaskError> {
        if is_success { Ok(()) } else { Err(TaskError::Failed { command: self.said, told }) }
    }

    fn not_started(&self, cause: std::io::Error) -> TaskError {
        let program = self.command.get_program().to_string_lossy().into_owned();
        TaskError::NotStarted { program, cause }
    }
}

/// So many lines that say what failed are told again, and so much of each.
const MOST_TOLD: usize = 24;
const MOST_TOLD_CHARS: usize = 300;

/// Whether a line names a test that failed, or says why: in the words of cargo, Maven or `XCTest`.
fn tells_failure(line: &str) -> bool {
    (line.starts_with("test ") && line.ends_with("FAILED"))
        || (line.starts_with("thread '") && line.contains("panicked at"))
        || (line.starts_with("[ERROR] ") && line.len() > "[ERROR] ".len())
        || line.contains(": error: ")
}

/// The time now, for saying how long something took.
#[expect(clippy::disallowed_methods, reason = "how long a task took is no input to anything")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_tells_again_what_its_tool_said_of_it() {
        let lines =
            "echo fine; echo 'test street::of ... FAILED'; echo '[ERROR] a picture'; exit 3";
        let mut read = 0;
        let failed = Run::program("sh").args(&["-c", lines]).go_reading(|_| read += 1);
        let told = failed.expect_err("it ended with 3").to_string();
        assert!(
            told.ends_with("\n    test street::of ... FAILED\n    [ERROR] a picture"),
            "{told}"
        );
        assert_eq!(read, 3);
    }

    #[test]
    fn what_passed_tells_nothing() {
        let passed =
            ["test street::of ... ok", "[INFO] Tests run: 8, Failures: 0", "[ERROR] ", "error"];
        assert!(!passed.into_iter().any(tells_failure));
    }
}
