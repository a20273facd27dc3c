//! Streets in: OpenStreetMap extracts, and a city's list of edges.
//!
//! What comes out is the walking network as `street` packs it. It does not decide how long a
//! crossing takes, nor which side of a street a door is on; it drops nothing in silence: what is
//! left out is counted in [`StreetTally`].
//!
//! Bridges and tunnels meet what they pass only where the file says so: two ways meet in a node
//! that both name, never because their lines cross.

mod alongside;
mod conditional;
mod edges;
mod error;
mod gather;
mod pbf;
mod protobuf;
mod tags;
mod tally;
#[cfg(test)]
mod tests;
mod xml;

use std::io::{BufReader, Cursor, Read};

pub use edges::{CentreLine, read_centre_lines, read_street_edges};
pub use error::StreetFileError;
pub use tally::StreetTally;
#[cfg(feature = "forms")]
pub(super) use xml::Rationed;

use crate::street::{StreetMap, WayKind};
use alongside::name_sidewalks;
use gather::Gathered;

/// Whom to thank for an extract, as <https://www.openstreetmap.org/copyright> asks.
pub const OSM_ATTRIBUTION: &str = "© OpenStreetMap contributors, ODbL 1.0";

/// So many bytes tell what kind of file it is.
const PEEK_BYTES: u64 = 32;

/// The streets of a file, and what was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetReading {
    /// The walking network and what cuts through it.
    pub map: StreetMap,
    /// What was found, and what of it was left out.
    pub tally: StreetTally,
}

/// Reads an OpenStreetMap extract: `.osm.pbf`, `.osm`, or `.osm.gz`, whichever it is.
///
/// Read once from front to end, in any order of elements, in memory for the streets alone. Only
/// ways that are open on foot are in the result. A way is cut where the extract does not have its
/// nodes. Sidewalks without a name take that of the street they run along.
pub fn read_street_extract(mut input: impl Read) -> Result<StreetReading, StreetFileError> {
    let mut start = Vec::new();
    input.by_ref().take(PEEK_BYTES).read_to_end(&mut start)?;
    let mut gathered = Gathered::default();
    let kind = kind_of(&start)?;
    let mut whole = BufReader::new(Cursor::new(start).chain(input));
    match kind {
        FileKind::Pbf => pbf::read(&mut whole, &mut gathered)?,
        FileKind::Xml => xml::read(whole, &mut gathered)?,
        FileKind::Gzip => {
            let unpacked = flate2::bufread::MultiGzDecoder::new(whole);
            xml::read(BufReader::new(unpacked), &mut gathered)?;
        }
    }
    let (map, tally) = gathered.finish(OSM_ATTRIBUTION)?;
    let mut reading = walkable(map, tally)?;
    let lines = streets_of(&reading.map);
    name_sidewalks(&mut reading.map, &lines);
    Ok(reading)
}

/// What was read, if there is a way in it that leads anywhere.
fn walkable(mut map: StreetMap, mut tally: StreetTally) -> Result<StreetReading, StreetFileError> {
    tally.too_short += map.drop_dots() as u64;
    tally.walkable = map.ways.len() as u64;
    if map.ways.is_empty() {
        return Err(StreetFileError::NoWalkableWay(Box::new(tally)));
    }
    Ok(StreetReading { map, tally })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FileKind {
    Pbf,
    Xml,
    Gzip,
}

/// What a file is, by its first bytes: names lie.
fn kind_of(start: &[u8]) -> Result<FileKind, StreetFileError> {
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    let packed: [&[u8]; 5] = [b"BZh", b"PK", b"\xFD7zXZ", b"7z\xBC\xAF", b"\x28\xB5\x2F\xFD"];
    if start.is_empty() {
        Err(StreetFileError::Empty)
    } else if start.starts_with(b"\x1F\x8B") {
        Ok(FileKind::Gzip)
    } else if packed.iter().any(|magic| start.starts_with(magic)) {
        Err(StreetFileError::Packed)
    } else if start.get(4..15) == Some(b"\x0A\x09OSMHeader") {
        Ok(FileKind::Pbf)
    } else if text.starts_with(b"<") {
        Ok(FileKind::Xml)
    } else {
        Err(StreetFileError::NotStreets)
    }
}

/// The named streets of a map, as the lines that sidewalks run along.
fn streets_of(map: &StreetMap) -> Vec<CentreLine> {
    let street = |kind| kind >= WayKind::Residential;
    let named = map.ways.iter().filter(|way| street(way.kind) && way.name.is_some());
    let lines = named.map(|way| CentreLine {
        name: way.name.clone().unwrap_or_default(),
        line: way.points.iter().map(|place| map.points[*place as usize]).collect(),
        numbers: way.numbers.unwrap_or_default(),
    });
    lines.collect()
}
