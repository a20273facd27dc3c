//! Whether a shared library is one that Android takes: aligned, relocatable, with no foreign names.
//!
//! Reads what `readelf` of binutils prints. On a Mac there is nothing to check here.

use std::path::Path;

use crate::run::{Run, TaskError};

/// Google Play's demand since November 2025 of apps that target Android 15.
const PAGE: u64 = 16 * 1024;

/// What the library may show to the program that loads it: uniffi's calls and nothing else, so
/// that it cannot clash with another library in Rust or another SQLite.
const PREFIXES: [&str; 3] = ["uniffi_canvass", "ffi_canvass", "UNIFFI_META_"];

/// Refuses a library that phones would refuse, and says why.
pub(super) fn check(library: &Path) -> Result<(), TaskError> {
    if cfg!(target_os = "macos") {
        return Ok(());
    }
    let segments = readelf("--segments", library)?;
    let dynamic = readelf("--dynamic", library)?;
    let symbols = readelf("--dyn-syms", library)?;
    let faults = [loads(&segments), relocations(&dynamic), names(&symbols)];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    let name = library.file_name().unwrap_or_default().to_string_lossy();
    if faults.is_empty() {
        println!(
            "ELF gate: {name}: segments aligned to 16 KB, no text relocations, only our names"
        );
        return Ok(());
    }
    Err(TaskError::Wrong(format!("ELF gate: {name}: {}", faults.join("; "))))
}

/// Refuses a library whose segments are aligned to less than a page; its names are its maker's.
pub(super) fn check_alignment(library: &Path) -> Result<(), TaskError> {
    let segments = readelf("--segments", library)?;
    let name = library.display();
    match loads(&segments) {
        Some(fault) => Err(TaskError::Wrong(format!("ELF gate: {name}: {fault}"))),
        None => Ok(()),
    }
}

fn readelf(what: &str, library: &Path) -> Result<String, TaskError> {
    let path = library.display().to_string();
    let mut printed = String::new();
    Run::program("readelf").args(&["--wide", what, &path]).reading(|line| {
        printed.push_str(line);
        printed.push('\n');
    })?;
    Ok(printed)
}

/// Segments that are loaded and aligned to less than a page.
fn loads(segments: &str) -> Option<String> {
    let aligned = |line: &str| {
        let last = line.split_whitespace().last()?;
        u64::from_str_radix(last.trim_start_matches("0x"), 16).ok()
    };
    let loads: Vec<u64> = segments
        .lines()
        .filter(|line| line.trim_start().starts_with("LOAD"))
        .filter_map(aligned)
        .collect();
    match loads.iter().min() {
        None => Some("it has no segment to load".to_owned()),
        Some(least) if *least < PAGE => Some(format!("a segment is aligned to {least} bytes")),
        Some(_) => None,
    }
}

fn relocations(dynamic: &str) -> Option<String> {
    dynamic.contains("TEXTREL").then(|| "it has text relocations".to_owned())
}

/// Names that are exported and not ours.
fn names(symbols: &str) -> Option<String> {
    let exported = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [_, _, _, _, "GLOBAL" | "WEAK", _, section, name, ..] = columns[..] else {
            return None;
        };
        (section != "UND").then(|| name.to_owned())
    };
    let exported: Vec<String> = symbols.lines().filter_map(exported).collect();
    let ours = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let foreign: Vec<&str> =
        exported.iter().map(String::as_str).filter(|name| !ours(name)).take(5).collect();
    if exported.is_empty() {
        return Some("it exports nothing".to_owned());
    }
    (!foreign.is_empty()).then(|| format!("it exports {}", foreign.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pages_are_told() {
        let small = "  LOAD 0x0 0x0 0x0 0x1a0a84 0x1a0a84 R   0x1000\n  LOAD 0x0 0x0 0x0 0x1 0x1 R E 0x4000";
        assert_eq!(loads(small).as_deref(), Some("a segment is aligned to 4096 bytes"));
        assert_eq!(loads("  LOAD 0x0 0x0 0x0 0x1 0x1 R E 0x4000"), None);
        assert!(loads("").is_some());
    }

    #[test]
    fn foreign_names_are_told() {
        let row = |section: &str, name: &str| {
            format!("     7: 0000000000001000    12 FUNC    GLOBAL DEFAULT   {section} {name}\n")
        };
        let ours = row("12", "uniffi_canvass_bindings_fn_x") + &row("UND", "memcpy@GLIBC_2.14");
        assert_eq!(names(&ours), None);
        let foreign = ours + &row("12", "sqlite3_open");
        assert_eq!(names(&foreign).as_deref(), Some("it exports sqlite3_open"));
    }
}
