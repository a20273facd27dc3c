//! OpenStreetMap's XML extracts, `.osm`, packed with gzip or not.
//!
//! Reads `node`, `way` and `relation` with their `tag`, `nd` and `member`; all else is passed
//! over. Elements that an editor has marked as deleted are not there.
//!
//! Invariant: an element takes no more memory than [`MAX_EVENT_BYTES`] and [`MAX_TAG_BYTES`],
//! however much a packed file unpacks to.

use std::io::{self, BufRead, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::error::StreetFileError;
use super::gather::{Gathered, MAX_REFS};
use super::tags::Tags;

/// Most bytes of one piece of XML: a tag with its attributes takes a few hundred.
const MAX_EVENT_BYTES: u64 = 1 << 20;
/// Most bytes of all tags of one element: the largest in OpenStreetMap have some 100,000.
const MAX_TAG_BYTES: usize = 1 << 20;

/// Bytes that fail to come once there are too many between two pieces of XML.
pub(in crate::interchange::read) struct Rationed<R> {
    input: R,
    left: u64,
}

impl<R: BufRead> Rationed<R> {
    pub(in crate::interchange::read) const fn new(input: R) -> Self {
        Self { input, left: MAX_EVENT_BYTES }
    }

    /// A whole ration for the next piece.
    pub(in crate::interchange::read) const fn refill(&mut self) {
        self.left = MAX_EVENT_BYTES;
    }
}

impl<R: BufRead> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut bytes = self.fill_buf()?;
        let read = bytes.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Rationed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, taken: usize) {
        self.left = self.left.saturating_sub(taken as u64);
        self.input.consume(taken);
    }
}

/// An element that is open.
#[derive(Default)]
struct Element {
    kind: Kind,
    id: i64,
    at_e7: (i64, i64),
    refs: Vec<i64>,
    tags: Vec<(String, String)>,
    tag_bytes: usize,
    deleted: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    None,
    Node,
    Way,
    Relation,
}

/// Reads a whole extract.
pub(super) fn read(input: impl BufRead, gathered: &mut Gathered) -> Result<(), StreetFileError> {
    let mut reader = Reader::from_reader(Rationed::new(input));
    reader.config_mut().check_end_names = true;
    let (mut buffer, mut open, mut depth) = (Vec::new(), Element::default(), 0_u64);
    let mut rooted = false;
    loop {
        buffer.clear();
        reader.get_mut().refill();
        let at = reader.buffer_position();
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(&error, at))?;
        let damaged = StreetFileError::Damaged { byte: at };
        match event {
            Event::Start(_) | Event::Empty(_) if !rooted => {
                let (Event::Start(ref tag) | Event::Empty(ref tag)) = event else { continue };
                if tag.name().as_ref() != "osm" {
                    return Err(StreetFileError::NotStreets);
                }
                (rooted, depth) = (true, u64::from(matches!(event, Event::Start(_))));
            }
            Event::Start(tag) => {
                depth += 1;
                open.take(&tag).ok_or(damaged)?;
            }
            Event::Empty(tag) => {
                open.take(&tag).ok_or(damaged)?;
                if kind_of(&tag) != Kind::None {
                    open.close(gathered)?;
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                if matches!(tag.name().as_ref(), "node" | "way" | "relation") {
                    open.close(gathered)?;
                }
            }
            Event::Eof if rooted && depth == 0 => return Ok(()),
            Event::Eof if rooted => return Err(damaged),
            Event::Eof => return Err(StreetFileError::NotStreets),
            _ => {}
        }
        if open.tag_bytes > MAX_TAG_BYTES || open.refs.len() as u64 > MAX_REFS {
            return Err(StreetFileError::TooLarge {
                what: "bytes of one element's tags",
                limit: MAX_TAG_BYTES as u64,
            });
        }
    }
}

fn broken(error: &quick_xml::Error, byte: u64) -> StreetFileError {
    match error {
        quick_xml::Error::Io(error) => match error.kind() {
            io::ErrorKind::FileTooLarge => {
                StreetFileError::TooLarge { what: "bytes between two tags", limit: MAX_EVENT_BYTES }
            }
            // What the unpacker says of bytes that are no gzip, or that end too early.
            io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData
            | io::ErrorKind::UnexpectedEof => StreetFileError::Damaged { byte },
            kind => StreetFileError::Unreadable(kind),
        },
        _ => StreetFileError::Damaged { byte },
    }
}

fn kind_of(tag: &BytesStart<'_>) -> Kind {
    match tag.name().as_ref() {
        "node" => Kind::Node,
        "way" => Kind::Way,
        "relation" => Kind::Relation,
        _ => Kind::None,
    }
}

/// An attribute's text, its entities resolved.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<i64> {
    attribute(tag, name)?.trim().parse().ok()
}

/// Degrees times 1e7; beyond the Earth for what is no number.
fn degrees_e7(tag: &BytesStart<'_>, name: &str) -> Option<i64> {
    let degrees: f64 = attribute(tag, name)?.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "no more than 400 degrees; NaN is caught")]
    let steps = (degrees * 1e7).round() as i64;
    Some(if degrees.abs() < 400.0 { steps } else { i64::MAX })
}

impl Element {
    /// Takes an opening tag; none if it lacks what it must have.
    fn take(&mut self, tag: &BytesStart<'_>) -> Option<()> {
        let kind = kind_of(tag);
        if kind != Kind::None {
            self.begin(kind, tag)?;
            return Some(());
        }
        match (tag.name().as_ref(), self.kind) {
            ("tag", Kind::Node | Kind::Way | Kind::Relation) => {
                let pair = (attribute(tag, "k")?, attribute(tag, "v")?);
                self.tag_bytes += pair.0.len() + pair.1.len() + size_of::<(String, String)>();
                self.tags.push(pair);
            }
            ("nd", Kind::Way) => self.refs.push(number(tag, "ref")?),
            ("member", Kind::Relation) => {
                let role = attribute(tag, "role").unwrap_or_default();
                if attribute(tag, "type")? == "way" && (role == "outer" || role.is_empty()) {
                    self.refs.push(number(tag, "ref")?);
                }
            }
            _ => {}
        }
        Some(())
    }

    fn begin(&mut self, kind: Kind, tag: &BytesStart<'_>) -> Option<()> {
        self.kind = kind;
        self.id = number(tag, "id")?;
        self.refs.clear();
        self.tags.clear();
        self.tag_bytes = 0;
        self.deleted = attribute(tag, "visible").is_some_and(|it| it == "false")
            || attribute(tag, "action").is_some_and(|it| it == "delete");
        if kind == Kind::Node && !self.deleted {
            self.at_e7 = (degrees_e7(tag, "lat")?, degrees_e7(tag, "lon")?);
        }
        Some(())
    }

    fn close(&mut self, gathered: &mut Gathered) -> Result<(), StreetFileError> {
        let kind = std::mem::take(&mut self.kind);
        if self.deleted {
            return Ok(());
        }
        let tags: Vec<(&str, &str)> =
            self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let tags = Tags(&tags);
        let refs = self.refs.iter().copied();
        match kind {
            Kind::Node => gathered.node(self.id, self.at_e7.0, self.at_e7.1, tags),
            Kind::Way => gathered.way(self.id, refs.map(Ok::<_, StreetFileError>), tags),
            Kind::Relation => gathered.relation(refs, tags),
            Kind::None => Ok(()),
        }
    }
}
