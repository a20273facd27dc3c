//! The bytes of a pack: header, table of sections, columns and streams, and their checks.
//!
//! ```text
//! magic 8 | BLAKE3 of all that follows 32 | version u16 | sections u16 | nodes u32 | edges u32
//! | components u32 | south i32 | west i32 | table: (start u32, length u32, bits u32) each
//! | sections | padding 8
//! ```
//!
//! Little-endian. A column's length counts numbers, a stream's counts bytes (and `bits` is 8).
//! A later version may add sections at the end; a build reads those it knows.

use std::sync::Arc;

use super::column::{Column, PADDING, packed};
use super::error::StreetError;
use super::map::WayKind;

/// `Canvass StReeTs`.
const MAGIC: [u8; 8] = *b"CnvsStrt";
const VERSION: u16 = 1;
const HASHED_FROM: usize = 40;
const TABLE_AT: usize = 64;
const ENTRY: usize = 12;

/// What a pack is made of, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Of each node, steps of 1e-7 degree north of the pack's south.
    Lat = 0,
    /// Of each node, steps of 1e-7 degree east of the pack's west.
    Lon,
    From,
    To,
    LengthDm,
    Kind,
    /// The edge's place among those of its first node, counter-clockwise.
    RankFrom,
    RankTo,
    /// Of each node, when it is taken out to lay shortcuts.
    Order,
    /// Where the shape of each edge begins, and where the last ends.
    ShapeAt,
    Shapes,
    /// 0 for no name.
    Name,
    NameAt,
    Names,
    /// The edges of which house numbers are known, ascending.
    Numbered,
    /// First and last number of these on each side, plus one; 0 for none.
    LeftFirst,
    LeftLast,
    RightFirst,
    RightLast,
    Barriers,
    Attribution,
}

const SECTIONS: usize = Section::Attribution as usize + 1;
/// Sections before this one are the network; the others are shapes, names and the like.
const NETWORK: usize = Section::ShapeAt as usize;

/// What is gathered for writing.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) columns: Vec<(Section, Vec<u32>)>,
    pub(super) streams: Vec<(Section, Vec<u8>)>,
    pub(super) components: u32,
    pub(super) south_west: (i32, i32),
    pub(super) nodes: u32,
    pub(super) edges: u32,
}

impl Sections {
    /// The pack's bytes.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StreetError> {
        let mut table: [(usize, u32, u8); SECTIONS] = [(0, 0, 0); SECTIONS];
        let mut body = Vec::new();
        let start = TABLE_AT + SECTIONS * ENTRY;
        for (section, entry) in table.iter_mut().enumerate() {
            let at = start + body.len();
            if let Some((_, numbers)) = self.columns.iter().find(|(s, _)| *s as usize == section) {
                let (bits, bytes) = packed(numbers);
                *entry = (at, counted(numbers.len(), "numbers")?, bits);
                body.extend(bytes);
            }
            if let Some((_, bytes)) = self.streams.iter().find(|(s, _)| *s as usize == section) {
                *entry = (at, counted(bytes.len(), "bytes")?, 8);
                body.extend(bytes);
            }
        }
        let mut bytes = self.header();
        for (at, length, bits) in table {
            bytes.extend(counted(at, "bytes")?.to_le_bytes());
            bytes.extend(length.to_le_bytes());
            bytes.extend(u32::from(bits).to_le_bytes());
        }
        bytes.extend(body);
        bytes.extend([0; PADDING]);
        let hash = blake3::hash(&bytes[HASHED_FROM..]);
        bytes[MAGIC.len()..HASHED_FROM].copy_from_slice(hash.as_bytes());
        Ok(bytes)
    }

    #[expect(clippy::cast_possible_truncation, reason = "twenty sections")]
    fn header(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.resize(HASHED_FROM, 0);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((SECTIONS as u16).to_le_bytes());
        for number in [self.nodes, self.edges, self.components] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.south_west.0.to_le_bytes());
        bytes.extend(self.south_west.1.to_le_bytes());
        bytes
    }
}

/// A count that fits the format.
pub(super) fn counted(count: usize, what: &'static str) -> Result<u32, StreetError> {
    u32::try_from(count).map_err(|_| StreetError::TooLarge { what })
}

/// A pack's bytes, verified, with the place of each section.
#[derive(Clone)]
pub(super) struct Layout {
    pub(super) bytes: Arc<[u8]>,
    columns: [Column; SECTIONS],
    pub(super) hash: [u8; 32],
    pub(super) nodes: u32,
    pub(super) edges: u32,
    pub(super) components: u32,
    south_west: (i32, i32),
}

const CUT_SHORT: StreetError = StreetError::Damaged { what: "length" };

impl Layout {
    /// Reads the header, compares the hash, and checks that every section lies within.
    pub(super) fn of(bytes: Arc<[u8]>) -> Result<Self, StreetError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(StreetError::NotAPack);
        }
        if bytes.len() < TABLE_AT + PADDING {
            return Err(CUT_SHORT);
        }
        let found = u16::from_le_bytes([bytes[40], bytes[41]]);
        if found > VERSION {
            return Err(StreetError::NewerFormat { found, supported: VERSION });
        }
        let hash = *blake3::hash(&bytes[HASHED_FROM..]).as_bytes();
        if hash[..] != bytes[MAGIC.len()..HASHED_FROM] {
            return Err(StreetError::Damaged { what: "hash" });
        }
        let number = |at: usize| read_u32(&bytes, at);
        let signed = |at: usize| i32::from_le_bytes(number(at).to_le_bytes());
        let sections = usize::from(u16::from_le_bytes([bytes[42], bytes[43]]));
        if sections < SECTIONS || bytes.len() < TABLE_AT + SECTIONS * ENTRY + PADDING {
            return Err(CUT_SHORT);
        }
        let mut columns = [Column::default(); SECTIONS];
        for (section, column) in columns.iter_mut().enumerate() {
            let at = TABLE_AT + section * ENTRY;
            *column = column_at(&bytes, number(at), number(at + 4), number(at + 8))?;
        }
        let (nodes, edges, components) = (number(44), number(48), number(52));
        let south_west = (signed(56), signed(60));
        let layout = Self { bytes, columns, hash, nodes, edges, components, south_west };
        layout.check()?;
        Ok(layout)
    }

    pub(super) fn column(&self, section: Section) -> Column {
        self.columns[section as usize]
    }

    pub(super) fn get(&self, section: Section, at: u32) -> u32 {
        self.column(section).get(&self.bytes, at)
    }

    /// A stream's bytes.
    pub(super) fn stream(&self, section: Section) -> &[u8] {
        let column = self.column(section);
        &self.bytes[column.start..column.start + column.count as usize]
    }

    /// Bytes of a stream between two entries of the column of its starts.
    pub(super) fn part(&self, starts: Section, stream: Section, at: u32) -> &[u8] {
        let (from, to) = (self.get(starts, at), self.get(starts, at + 1));
        self.stream(stream).get(from as usize..to as usize).unwrap_or_default()
    }

    /// A node's position in steps of 1e-7 degree.
    pub(super) fn position(&self, node: u32) -> (i32, i32) {
        let steps = |base: i32, section| base.saturating_add_unsigned(self.get(section, node));
        (steps(self.south_west.0, Section::Lat), steps(self.south_west.1, Section::Lon))
    }

    /// Bytes of the network with coordinates and classes, header included; bytes of the rest.
    pub(super) fn sizes(&self) -> (usize, usize) {
        let network = self.columns[NETWORK].start;
        (network, self.bytes.len() - network)
    }

    /// What a later read relies on: counts agree, and every reference has something to point at.
    fn check(&self) -> Result<(), StreetError> {
        use Section::{From, Kind, Lat, Lon, Name, NameAt, Names, ShapeAt, Shapes, To};
        let (nodes, edges) = (self.nodes, self.edges);
        let size = self.bytes.len();
        // A column of no bits has as many numbers as it likes: none may outgrow the file.
        if nodes == 0 || edges == 0 || nodes as usize > size || edges as usize > size {
            return Err(StreetError::Damaged { what: "counts" });
        }
        for stream in [Shapes, Names, Section::Barriers, Section::Attribution] {
            let column = self.column(stream);
            self.expect(column.bits == 8 || column.count == 0, "width")?;
        }
        let names = self.column(NameAt).count.saturating_sub(1);
        let counts = [
            (Lat, nodes),
            (Lon, nodes),
            (Section::Order, nodes),
            (From, edges),
            (To, edges),
            (Kind, edges),
        ]
        .into_iter()
        .chain([Section::LengthDm, Section::RankFrom, Section::RankTo].map(|s| (s, edges)))
        .chain([(Name, edges), (ShapeAt, edges + 1), (NameAt, names + 1)])
        .chain(NUMBERS.map(|s| (s, self.column(Section::Numbered).count)));
        for (section, count) in counts {
            self.expect(self.column(section).count == count, "counts")?;
        }
        self.expect(
            self.column(Section::Numbered).count <= edges && names as usize <= size,
            "counts",
        )?;
        for (section, limit, what) in [
            (From, nodes, "nodes"),
            (To, nodes, "nodes"),
            (Kind, WayKind::COUNT, "kinds"),
            (Name, names + 1, "names"),
            (ShapeAt, self.column(Shapes).count.saturating_add(1), "shapes"),
            (NameAt, self.column(Names).count.saturating_add(1), "names"),
            (Section::Numbered, edges, "house numbers"),
        ] {
            self.expect(self.column(section).below(&self.bytes, limit), what)?;
        }
        let texts = [Names, Section::Attribution].map(|s| std::str::from_utf8(self.stream(s)));
        self.expect(texts.iter().all(Result::is_ok), "texts")?;
        self.check_positions()
    }

    fn check_positions(&self) -> Result<(), StreetError> {
        let within = |base: i32, section: Section, limit: i64| {
            let most = self.column(section).iter(&self.bytes).max().unwrap_or_default();
            i64::from(base) >= -limit && i64::from(base) + i64::from(most) <= limit
        };
        let (south, west) = self.south_west;
        let lat = within(south, Section::Lat, 900_000_000);
        self.expect(lat && within(west, Section::Lon, 1_800_000_000), "positions")
    }

    #[expect(clippy::unused_self, reason = "reads as what is expected of the layout")]
    fn expect(&self, is_so: bool, what: &'static str) -> Result<(), StreetError> {
        if is_so { Ok(()) } else { Err(StreetError::Damaged { what }) }
    }
}

const NUMBERS: [Section; 4] =
    [Section::LeftFirst, Section::LeftLast, Section::RightFirst, Section::RightLast];

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

fn column_at(bytes: &[u8], start: u32, count: u32, bits: u32) -> Result<Column, StreetError> {
    let Some(bits) = u8::try_from(bits).ok().filter(|bits| *bits <= 32) else {
        return Err(StreetError::Damaged { what: "width" });
    };
    let end = u64::from(start) + Column::bytes_of(count, bits) + PADDING as u64;
    if end > bytes.len() as u64 {
        return Err(CUT_SHORT);
    }
    Ok(Column { start: start as usize, bits, count })
}
