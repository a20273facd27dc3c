//! The archive around a workbook: its parts, bounded, and how they point at each other.
//!
//! Parts are read as they are unpacked; no part, and no piece of XML in it, is held beyond its
//! limit, whatever the archive says of itself.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::super::streets::Rationed;
use super::error::FormProblem;
use super::limits::{MAX_FORM_FILE_BYTES, MAX_PART_BYTES, MAX_WORKBOOK_PARTS};

/// Longest kept path, relation or sheet name.
const MAX_ATTRIBUTE_CHARS: usize = 1_000;
/// Most relations of one part, and most sheets.
pub(super) const MAX_RELATIONS: usize = 1_000;

/// A workbook's archive.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
}

/// What one part points at: by id, the kind of relation and the path.
pub(super) type Relations = BTreeMap<String, (String, String)>;

/// A part's XML, one event at a time.
pub(super) struct PartXml<'p> {
    reader: Reader<Rationed<BufReader<Box<dyn Read + 'p>>>>,
    buffer: Vec<u8>,
    part: &'static str,
}

/// Lets a limited number of bytes through, then fails.
struct Capped<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::StorageFull)?;
        Ok(read)
    }
}

impl<'b> Package<'b> {
    /// Opens the archive and looks at what kinds of parts it has.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, FormProblem> {
        const OLD: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
        if bytes.len() > MAX_FORM_FILE_BYTES {
            return Err(too_much("bytes", MAX_FORM_FILE_BYTES as u64));
        }
        if bytes.starts_with(OLD) {
            return Err(FormProblem::OldWorkbook);
        }
        if !bytes.starts_with(b"PK") {
            return Err(FormProblem::NotAWorkbook);
        }
        // Counted before the directory is read, which takes memory for each entry.
        let entries = bytes.windows(4).filter(|four| *four == b"PK\x01\x02").count();
        if entries > MAX_WORKBOOK_PARTS {
            return Err(too_much("parts", MAX_WORKBOOK_PARTS as u64));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("archive"))?;
        let package = Self { archive };
        package.look()?;
        Ok(package)
    }

    /// Refuses what is no workbook of the kind that is read.
    fn look(&self) -> Result<(), FormProblem> {
        let any = |wanted: &str| {
            self.archive
                .file_names()
                .flatten()
                .any(|name| name.to_ascii_lowercase().contains(wanted))
        };
        if any("vbaproject") || any("macrosheets/") {
            return Err(FormProblem::Macros);
        }
        if any("content.xml") && any("meta-inf/") {
            return Err(FormProblem::OpenDocument);
        }
        if any("encryptedpackage") {
            return Err(FormProblem::OldWorkbook);
        }
        if any("_rels/.rels") { Ok(()) } else { Err(FormProblem::NotAWorkbook) }
    }

    /// The part at this path, if it is there.
    pub(super) fn part(
        &mut self,
        path: &str,
        part: &'static str,
    ) -> Result<Option<PartXml<'_>>, FormProblem> {
        let file = match self.archive.by_name(path) {
            Ok(file) => file,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(damaged(part)),
        };
        let input: Box<dyn Read + '_> = Box::new(Capped { input: file, left: MAX_PART_BYTES });
        let mut reader = Reader::from_reader(Rationed::new(BufReader::new(input)));
        reader.config_mut().check_end_names = true;
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(PartXml { reader, buffer: Vec::new(), part }))
    }

    /// What the part at `path` points at, the targets as whole paths.
    pub(super) fn relations(&mut self, path: &str) -> Result<Relations, FormProblem> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut relations = Relations::new();
        let Some(mut xml) = self.part(&format!("{prefix}_rels/{file}.rels"), "relations")? else {
            return Ok(relations);
        };
        while let Some(event) = xml.next()? {
            let Event::Start(tag) = &event else { continue };
            if local(tag.name().as_ref()) != "Relationship" {
                continue;
            }
            let found = (attribute(tag, "Id"), attribute(tag, "Type"), attribute(tag, "Target"));
            if let (Some(id), Some(kind), Some(target)) = found {
                relations.insert(id, (kind, resolved(folder, &target)));
            }
            if relations.len() > MAX_RELATIONS {
                return Err(too_much("relations", MAX_RELATIONS as u64));
            }
        }
        Ok(relations)
    }
}

impl PartXml<'_> {
    /// The next event; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, FormProblem> {
        self.buffer.clear();
        self.reader.get_mut().refill();
        let part = self.part;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            // No workbook has one, and entities could be declared in it.
            Ok(Event::DocType(_)) => Err(damaged(part)),
            Ok(event) => Ok(Some(event)),
            Err(quick_xml::Error::Io(error)) => Err(match error.kind() {
                io::ErrorKind::FileTooLarge => too_much("bytes in one cell or tag", 1 << 20),
                io::ErrorKind::StorageFull => too_much("bytes in one part", MAX_PART_BYTES),
                _ => damaged(part),
            }),
            Err(_) => Err(damaged(part)),
        }
    }
}

pub(super) const fn damaged(part: &'static str) -> FormProblem {
    FormProblem::Damaged { part }
}

pub(super) const fn too_much(what: &'static str, limit: u64) -> FormProblem {
    FormProblem::TooMuch { what, limit }
}

/// A tag's name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// An attribute's text by its local name; none if it is missing, faulty or absurdly long.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|it| local(it.key.as_ref()) == name)?;
    let text = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    (text.chars().count() <= MAX_ATTRIBUTE_CHARS).then(|| text.into_owned())
}

/// A target beside `folder`, as a path in the archive.
fn resolved(folder: &str, target: &str) -> String {
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn targets_are_found_beside_their_part() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolved("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolved("xl", "../../../x.xml"), "x.xml");
    }
}
