//! What stands in a directory: to see that nothing changed, or that nothing is readable.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a directory with its content. SQLite's shared memory is left out: it is
/// an index that every reader writes to.
///
/// # Panics
/// When a file cannot be read.
#[must_use]
pub fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().ends_with("-shm") {
                let content = fs::read(&path).expect("a file");
                files.insert(path, content);
            }
        }
    }
    files
}

/// The files in which `needle` stands as it is.
#[must_use]
pub fn files_with(files: &BTreeMap<PathBuf, Vec<u8>>, needle: &[u8]) -> Vec<PathBuf> {
    let holds = |content: &&[u8]| content.windows(needle.len()).any(|window| window == needle);
    let found = files.iter().filter(|(_, content)| holds(&&content[..]));
    found.map(|(path, _)| path.clone()).collect()
}
