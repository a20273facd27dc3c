//! OpenStreetMap's binary extracts, `.osm.pbf`.
//!
//! Written after the format's description in the OpenStreetMap wiki, "PBF Format": blobs of at
//! most 32 MiB unpacked, each a block of nodes, ways and relations. Reads blobs as they are or
//! with zlib; others (LZMA, LZ4, Zstandard) and files with history are refused. Why this is not
//! the crate `osmpbf`: see `docs/adr/0008-reading-streets.md`.
//!
//! Invariant: no more than one blob is in memory at a time, beside what is gathered from it.

use std::io::Read;

use super::error::StreetFileError;
use super::gather::Gathered;
use super::protobuf::{Broken, Deltas, Fields, Packed, Value, signed};
use super::tags::Tags;

/// Longest header of a blob, as the format says.
const MAX_HEADER_BYTES: u32 = 64 * 1024;
/// Largest blob, packed or not, as the format says.
const MAX_BLOB_BYTES: u64 = 32 * 1024 * 1024;
/// Most texts of one block: writers put 8,000 elements into one.
const MAX_TEXTS: usize = 1 << 20;
/// Position steps of blocks that do not say, in units of 1e-9 degree.
const DEFAULT_GRANULARITY: i64 = 100;

impl From<Broken> for StreetFileError {
    fn from(Broken: Broken) -> Self {
        // The place is put in by whoever knows the blob.
        Self::Damaged { byte: 0 }
    }
}

/// Reads all blobs of an extract.
pub(super) fn read(input: &mut impl Read, gathered: &mut Gathered) -> Result<(), StreetFileError> {
    let mut blobs = Blobs { input, byte: 0, blob: Vec::new(), data: Vec::new() };
    let mut first = true;
    loop {
        let start = blobs.byte;
        let placed = |error| match error {
            StreetFileError::Damaged { .. } => StreetFileError::Damaged { byte: start },
            other => other,
        };
        let Some(kind) = blobs.next().map_err(placed)? else { break };
        match (kind, first) {
            (Kind::Header, _) => check_header(&blobs.data).map_err(placed)?,
            (Kind::Data, false) => block(&blobs.data, gathered).map_err(placed)?,
            (Kind::Unknown, false) => {}
            _ => return Err(StreetFileError::NotStreets),
        }
        first = false;
    }
    if first { Err(StreetFileError::Empty) } else { Ok(()) }
}

#[derive(Clone, Copy)]
enum Kind {
    Header,
    Data,
    Unknown,
}

struct Blobs<'a, R> {
    input: &'a mut R,
    /// Where reading is.
    byte: u64,
    blob: Vec<u8>,
    /// The last blob's data, unpacked.
    data: Vec<u8>,
}

impl<R: Read> Blobs<'_, R> {
    fn next(&mut self) -> Result<Option<Kind>, StreetFileError> {
        self.fill(4)?;
        let Ok(length) = <[u8; 4]>::try_from(self.blob.as_slice()) else {
            return if self.blob.is_empty() { Ok(None) } else { Err(Broken.into()) };
        };
        let length = u32::from_be_bytes(length);
        if length > MAX_HEADER_BYTES {
            return Err(Broken.into());
        }
        self.fill_whole(u64::from(length))?;
        let (kind, size) = blob_header(&self.blob)?;
        if size > MAX_BLOB_BYTES {
            return Err(Broken.into());
        }
        self.fill_whole(size)?;
        if !matches!(kind, Kind::Unknown) {
            unpack(&self.blob, &mut self.data)?;
        }
        Ok(Some(kind))
    }

    /// Reads so many bytes, or as many as there are.
    fn fill(&mut self, length: u64) -> Result<(), StreetFileError> {
        self.blob.clear();
        let read = self.input.by_ref().take(length).read_to_end(&mut self.blob)?;
        self.byte += read as u64;
        Ok(())
    }

    fn fill_whole(&mut self, length: u64) -> Result<(), StreetFileError> {
        self.fill(length)?;
        if self.blob.len() as u64 == length { Ok(()) } else { Err(Broken.into()) }
    }
}

/// What a blob is, and how long.
fn blob_header(bytes: &[u8]) -> Result<(Kind, u64), Broken> {
    let (mut kind, mut size) = (Kind::Unknown, None);
    for field in Fields::of(bytes) {
        match field? {
            (1, Value::Bytes(b"OSMHeader")) => kind = Kind::Header,
            (1, Value::Bytes(b"OSMData")) => kind = Kind::Data,
            (3, Value::Number(number)) => size = Some(number),
            _ => {}
        }
    }
    Ok((kind, size.ok_or(Broken)?))
}

fn unpack(blob: &[u8], data: &mut Vec<u8>) -> Result<(), StreetFileError> {
    data.clear();
    let mut size = None;
    for field in Fields::of(blob) {
        match field? {
            (1, Value::Bytes(raw)) => data.extend_from_slice(raw),
            (2, Value::Number(number)) => size = Some(number),
            (3, Value::Bytes(packed)) => {
                let unpacked = flate2::read::ZlibDecoder::new(packed);
                let read = unpacked.take(MAX_BLOB_BYTES + 1).read_to_end(data);
                read.map_err(|_| Broken)?;
            }
            (4..=7, Value::Bytes(_)) => return Err(StreetFileError::Unsupported),
            _ => {}
        }
    }
    let length = data.len() as u64;
    if length > MAX_BLOB_BYTES || size.is_some_and(|size| size != length) {
        Err(Broken.into())
    } else {
        Ok(())
    }
}

fn check_header(bytes: &[u8]) -> Result<(), StreetFileError> {
    for field in Fields::of(bytes) {
        let known = match field? {
            (4, Value::Bytes(feature)) => feature == b"OsmSchema-V0.6" || feature == b"DenseNodes",
            _ => true,
        };
        if !known {
            return Err(StreetFileError::Unsupported);
        }
    }
    Ok(())
}

/// What all elements of a block share.
struct Block<'a> {
    texts: Vec<&'a str>,
    granularity: i64,
    offset_lat: i64,
    offset_lon: i64,
}

impl<'a> Block<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Broken> {
        let mut block = Self {
            texts: Vec::new(),
            granularity: DEFAULT_GRANULARITY,
            offset_lat: 0,
            offset_lon: 0,
        };
        for field in Fields::of(bytes) {
            match field? {
                (1, Value::Bytes(table)) => block.read_texts(table)?,
                (17, Value::Number(number)) => block.granularity = number.cast_signed(),
                (19, Value::Number(number)) => block.offset_lat = number.cast_signed(),
                (20, Value::Number(number)) => block.offset_lon = number.cast_signed(),
                _ => {}
            }
        }
        Ok(block)
    }

    fn read_texts(&mut self, table: &'a [u8]) -> Result<(), Broken> {
        for field in Fields::of(table) {
            if let (1, Value::Bytes(text)) = field? {
                self.texts.push(std::str::from_utf8(text).map_err(|_| Broken)?);
            }
            if self.texts.len() > MAX_TEXTS {
                return Err(Broken);
            }
        }
        Ok(())
    }

    fn text(&self, number: u64) -> Result<&'a str, Broken> {
        usize::try_from(number).ok().and_then(|at| self.texts.get(at).copied()).ok_or(Broken)
    }

    /// Degrees times 1e7; beyond the Earth where the sum does not fit.
    fn e7(&self, offset: i64, steps: i64) -> i64 {
        let nano = self.granularity.checked_mul(steps).and_then(|it| it.checked_add(offset));
        nano.map_or(i64::MAX, |nano| {
            let half = if nano < 0 { -50 } else { 50 };
            nano.saturating_add(half) / 100
        })
    }

    fn tags(
        &self,
        keys: &[u8],
        values: &[u8],
        tags: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<(), Broken> {
        tags.clear();
        for (key, value) in Packed(keys).zip(Packed(values)) {
            tags.push((self.text(key?)?, self.text(value?)?));
        }
        Ok(())
    }
}

fn block(bytes: &[u8], gathered: &mut Gathered) -> Result<(), StreetFileError> {
    let block = Block::read(bytes)?;
    let mut tags = Vec::new();
    for field in Fields::of(bytes) {
        let (2, Value::Bytes(group)) = field? else { continue };
        for element in Fields::of(group) {
            match element? {
                (1, Value::Bytes(node)) => read_node(&block, node, &mut tags, gathered)?,
                (2, Value::Bytes(nodes)) => read_dense(&block, nodes, &mut tags, gathered)?,
                (3, Value::Bytes(way)) => read_way(&block, way, &mut tags, gathered)?,
                (4, Value::Bytes(it)) => read_relation(&block, it, &mut tags, gathered)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// The parts of an element, by their fields' numbers.
struct Element<'a> {
    id: u64,
    keys: &'a [u8],
    values: &'a [u8],
    lat: u64,
    lon: u64,
    /// Fields 8, 9 and 10.
    lists: [&'a [u8]; 3],
}

impl<'a> Element<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Broken> {
        let mut it = Self { id: 0, keys: &[], values: &[], lat: 0, lon: 0, lists: [&[]; 3] };
        for field in Fields::of(bytes) {
            match field? {
                (1, Value::Number(id)) => it.id = id,
                (2, Value::Bytes(keys)) => it.keys = keys,
                (3, Value::Bytes(values)) => it.values = values,
                (8, Value::Number(lat)) => it.lat = lat,
                (9, Value::Number(lon)) => it.lon = lon,
                (8, Value::Bytes(list)) => it.lists[0] = list,
                (9, Value::Bytes(list)) => it.lists[1] = list,
                (10, Value::Bytes(list)) => it.lists[2] = list,
                _ => {}
            }
        }
        Ok(it)
    }
}

type TagList<'a> = Vec<(&'a str, &'a str)>;

fn read_node<'a>(
    block: &Block<'a>,
    bytes: &[u8],
    tags: &mut TagList<'a>,
    gathered: &mut Gathered,
) -> Result<(), StreetFileError> {
    let node = Element::read(bytes)?;
    block.tags(node.keys, node.values, tags)?;
    let lat = block.e7(block.offset_lat, signed(node.lat));
    let lon = block.e7(block.offset_lon, signed(node.lon));
    gathered.node(signed(node.id), lat, lon, Tags(tags))
}

fn read_dense<'a>(
    block: &Block<'a>,
    bytes: &[u8],
    tags: &mut TagList<'a>,
    gathered: &mut Gathered,
) -> Result<(), StreetFileError> {
    let (mut ids, mut lats, mut lons, mut words): (&[u8], &[u8], &[u8], &[u8]) =
        (&[], &[], &[], &[]);
    for field in Fields::of(bytes) {
        match field? {
            (1, Value::Bytes(list)) => ids = list,
            (8, Value::Bytes(list)) => lats = list,
            (9, Value::Bytes(list)) => lons = list,
            (10, Value::Bytes(list)) => words = list,
            _ => {}
        }
    }
    let (mut lats, mut lons) = (Deltas::of(lats), Deltas::of(lons));
    let mut words = Packed(words);
    for id in Deltas::of(ids) {
        let lat = lats.next().ok_or(Broken)??;
        let lon = lons.next().ok_or(Broken)??;
        tags.clear();
        // Keys and values in turn, a zero after each node's.
        while let Some(key) = words.next().transpose()?.filter(|key| *key != 0) {
            let value = words.next().ok_or(Broken)??;
            tags.push((block.text(key)?, block.text(value)?));
        }
        let (lat, lon) = (block.e7(block.offset_lat, lat), block.e7(block.offset_lon, lon));
        gathered.node(id?, lat, lon, Tags(tags))?;
    }
    Ok(())
}

fn read_way<'a>(
    block: &Block<'a>,
    bytes: &[u8],
    tags: &mut TagList<'a>,
    gathered: &mut Gathered,
) -> Result<(), StreetFileError> {
    let way = Element::read(bytes)?;
    block.tags(way.keys, way.values, tags)?;
    gathered.way(way.id.cast_signed(), Deltas::of(way.lists[0]), Tags(tags))
}

/// The kind of a relation's member that is a way.
const MEMBER_WAY: u64 = 1;

fn read_relation<'a>(
    block: &Block<'a>,
    bytes: &[u8],
    tags: &mut TagList<'a>,
    gathered: &mut Gathered,
) -> Result<(), StreetFileError> {
    let relation = Element::read(bytes)?;
    block.tags(relation.keys, relation.values, tags)?;
    if !Tags(tags).is_water_area() {
        return Ok(());
    }
    let [roles, members, kinds] = relation.lists;
    let mut outer = Vec::new();
    for ((role, member), kind) in Packed(roles).zip(Deltas::of(members)).zip(Packed(kinds)) {
        let role = block.text(role?)?;
        if kind? == MEMBER_WAY && (role == "outer" || role.is_empty()) {
            outer.push(member?);
        }
    }
    gathered.relation(outer.into_iter(), Tags(tags))
}
