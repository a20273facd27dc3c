//! Files of streets, for the command that makes packs of them.
//!
//! A walking network of a city is two lists that stand side by side: `walk_nodes.csv` and
//! `walk_edges.csv`, whatever stands before these names. `streets.csv` beside them gives the
//! sidewalks their names and house numbers. Either list, or their folder, names all of them.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use canvass_core::interchange::{
    StreetFileError, StreetReading, read_centre_lines, read_street_edges, read_street_extract,
};

use crate::output::{BadInput, Failure, progress};

const NODES: &str = "walk_nodes.csv";
const EDGES: &str = "walk_edges.csv";
const LINES: &str = "streets.csv";

/// What a name given by the organiser stands for.
enum Named {
    Extract(PathBuf),
    Lists { nodes: PathBuf, edges: PathBuf, lines: Option<PathBuf> },
}

/// Reads the streets of an extract or of a city's lists. Lists say nothing of their origin:
/// `attribution` does.
pub(crate) fn read(
    path: &Path,
    attribution: Option<&str>,
    quiet: bool,
) -> Result<StreetReading, Failure> {
    match named(path)? {
        Named::Extract(path) => {
            let mut reading =
                read_street_extract(open(&path, quiet)?).map_err(|error| bad(&path, &error))?;
            if let Some(attribution) = attribution {
                attribution.clone_into(&mut reading.map.attribution);
            }
            Ok(reading)
        }
        Named::Lists { nodes, edges, lines } => {
            let streets = match &lines {
                Some(path) => {
                    read_centre_lines(open(path, quiet)?).map_err(|error| bad(path, &error))?
                }
                None => Vec::new(),
            };
            let thanks = attribution.unwrap_or_default();
            read_street_edges(open(&nodes, quiet)?, open(&edges, quiet)?, &streets, thanks)
                .map_err(|error| bad(of_list(&error, [&nodes, &edges]), &error))
        }
    }
}

/// Which of two lists an error is about.
fn of_list<'a>(error: &StreetFileError, [nodes, edges]: [&'a PathBuf; 2]) -> &'a Path {
    match error {
        StreetFileError::BadRow { list: "nodes", .. }
        | StreetFileError::MissingColumn { list: "nodes", .. } => nodes,
        _ => edges,
    }
}

fn named(path: &Path) -> Result<Named, Failure> {
    if path.is_dir() {
        return lists(&only_edges(path)?);
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    for list in [EDGES, NODES] {
        if let Some(prefix) = name.strip_suffix(list) {
            return lists(&path.with_file_name(format!("{prefix}{EDGES}")));
        }
    }
    Ok(Named::Extract(path.to_owned()))
}

/// The lists that belong to a list of edges.
fn lists(edges: &Path) -> Result<Named, Failure> {
    let name = edges.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let prefix = name.strip_suffix(EDGES).unwrap_or_default();
    let beside = |name: &str| edges.with_file_name(format!("{prefix}{name}"));
    let (nodes, lines) = (beside(NODES), beside(LINES));
    let missing = [nodes.as_path(), edges].into_iter().find(|path| !path.exists());
    if let Some(missing) = missing {
        return Err(Failure::Input(BadInput {
            code: "missing_list".to_owned(),
            file: missing.display().to_string(),
            hint: format!("Put {NODES} and {EDGES} into one folder."),
            ..BadInput::default()
        }));
    }
    let lines = Some(lines).filter(|path| path.exists());
    Ok(Named::Lists { nodes, edges: edges.to_owned(), lines })
}

/// The one list of edges in a folder.
fn only_edges(folder: &Path) -> Result<PathBuf, Failure> {
    let bad = |hint: String| {
        Failure::Input(BadInput {
            code: "missing_list".to_owned(),
            file: folder.display().to_string(),
            hint,
            ..BadInput::default()
        })
    };
    let entries = std::fs::read_dir(folder).map_err(|error| bad(error.kind().to_string()))?;
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(EDGES))
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(bad(format!("There are several {EDGES}: name one of them."))),
        (None, _) => Err(bad(format!("There is no {EDGES} in this folder."))),
    }
}

fn open(path: &Path, quiet: bool) -> Result<impl Read + use<>, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let length = file.metadata().map_or(0, |about| about.len());
    Ok(progress(length, "reading streets", quiet).wrap_read(file))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(BadInput {
        code: "unreadable".to_owned(),
        file: path.display().to_string(),
        hint: format!("The file cannot be read ({}).", error.kind()),
        ..BadInput::default()
    })
}

fn bad(path: &Path, error: &StreetFileError) -> Failure {
    Failure::Input(BadInput {
        code: error.code().to_owned(),
        file: path.display().to_string(),
        row: error.row(),
        column: error.column().map(str::to_owned),
        hint: format!("{error}. {}", error.hint()),
    })
}
