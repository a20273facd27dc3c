//! A city's own lists: nodes and edges of its walking network, and the centre lines of its
//! streets with house numbers.
//!
//! `walk_nodes.csv` has the columns `node lon lat`; `walk_edges.csv` has `u v kind
//! mid_polyline_lon_lat`: an edge runs from node `u` over the middle points, if any, to node `v`.
//! `streets.csv` has `name l_from l_to r_from r_to polyline_lon_lat`; a number of -1 is none.

use std::collections::BTreeMap;
use std::io::Read;

use super::super::error::FileError;
use super::super::position::{Axis, PositionFault, position};
use super::super::table::{Line, Record, Table};
use super::alongside::name_sidewalks;
use super::error::StreetFileError;
use super::gather::{MAX_NODES, MAX_REFS};
use super::tally::StreetTally;
use super::{StreetReading, walkable};
use crate::geometry::Point;
use crate::street::{HouseNumbers, StreetMap, Way, WayKind};

const NODES: &str = "nodes";
const EDGES: &str = "edges";
const STREETS: &str = "street lines";

/// The centre line of a street, from one junction to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct CentreLine {
    /// The street's name.
    pub name: String,
    /// The line.
    pub line: Vec<Point>,
    /// The house numbers on its sides, seen from its first point to its last.
    pub numbers: HouseNumbers,
}

/// Reads a walking network from its two lists; `streets` give its sidewalks their names and
/// house numbers, and may be empty.
pub fn read_street_edges(
    nodes: impl Read,
    edges: impl Read,
    streets: &[CentreLine],
    attribution: &str,
) -> Result<StreetReading, StreetFileError> {
    let nodes = read_nodes(nodes)?;
    let mut map = StreetMap { attribution: attribution.to_owned(), ..StreetMap::default() };
    let mut tally = StreetTally { nodes: nodes.len() as u64, ..StreetTally::default() };
    let mut places = BTreeMap::new();
    let mut rows = Rows::open(edges, EDGES, MAX_REFS)?;
    let columns = rows.columns(["u", "v", "kind", "mid_polyline_lon_lat"])?;
    while rows.next()? {
        let [from, to, kind, middle] = columns.map(|it| (rows.record.field(it.1), it.0));
        let mut points = vec![rows.place(from, &nodes, &mut places, &mut map)?];
        for point in rows.line(middle)? {
            points.push(rows.add(&mut map, point)?);
        }
        points.push(rows.place(to, &nodes, &mut places, &mut map)?);
        let kind = rows.kind(kind)?;
        points.dedup();
        tally.ways += 1;
        map.ways.push(Way { points, kind, name: None, numbers: None });
    }
    let mut reading = walkable(map, tally)?;
    name_sidewalks(&mut reading.map, streets);
    Ok(reading)
}

fn read_nodes(input: impl Read) -> Result<BTreeMap<u64, Point>, StreetFileError> {
    let mut rows = Rows::open(input, NODES, MAX_NODES)?;
    let columns = rows.columns(["node", "lon", "lat"])?;
    let mut nodes = BTreeMap::new();
    while rows.next()? {
        let [node, lon, lat] = columns.map(|it| (rows.record.field(it.1), it.0));
        let id = rows.number(node)?;
        let point = rows.point(lon, lat)?;
        if nodes.insert(id, point).is_some_and(|other| other != point) {
            return Err(rows.bad(Some(node.1), "doubled_id"));
        }
    }
    Ok(nodes)
}

/// Reads the centre lines of streets. Rows without a name are passed over: they say nothing.
pub fn read_centre_lines(input: impl Read) -> Result<Vec<CentreLine>, StreetFileError> {
    let mut rows = Rows::open(input, STREETS, MAX_REFS)?;
    let names = ["name", "l_from", "l_to", "r_from", "r_to", "polyline_lon_lat"];
    let columns = rows.columns(names)?;
    let mut lines = Vec::new();
    while rows.next()? {
        let [name, l_from, l_to, r_from, r_to, line] =
            columns.map(|it| (rows.record.field(it.1), it.0));
        let numbers =
            HouseNumbers { left: rows.range(l_from, l_to)?, right: rows.range(r_from, r_to)? };
        let (name, line) = (name.0.to_owned(), rows.line(line)?);
        if !name.is_empty() && line.len() > 1 {
            lines.push(CentreLine { name, line, numbers });
        }
    }
    Ok(lines)
}

/// A field's text and its column's name.
type Cell<'a> = (&'a str, &'static str);

/// The rows of one list.
struct Rows<R> {
    table: Table<R>,
    record: Record,
    list: &'static str,
}

impl<R: Read> Rows<R> {
    fn open(input: R, list: &'static str, limit: u64) -> Result<Self, StreetFileError> {
        let mut record = Record::default();
        let table = Table::open(input, None, None, limit, &mut record);
        let table = table.map_err(|error| of_file(&error, list))?;
        Ok(Self { table, record, list })
    }

    /// The places of columns in the header.
    fn columns<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<[(&'static str, usize); N], StreetFileError> {
        let mut columns = [("", 0); N];
        for (column, name) in columns.iter_mut().zip(names) {
            let found = self.record.fields().position(|field| field.eq_ignore_ascii_case(name));
            let list = self.list;
            let place = found.ok_or(StreetFileError::MissingColumn { list, column: name })?;
            *column = (name, place);
        }
        Ok(columns)
    }

    /// Reads the next row; false at the end.
    fn next(&mut self) -> Result<bool, StreetFileError> {
        match self.table.read(&mut self.record) {
            Ok(Line::Record) => Ok(true),
            Ok(Line::End) => Ok(false),
            Ok(Line::Bad(_, code) | Line::Lost(code)) => Err(self.bad(None, code.code())),
            Err(error) => Err(of_file(&error, self.list)),
        }
    }

    fn bad(&self, column: Option<&'static str>, code: &'static str) -> StreetFileError {
        StreetFileError::BadRow { list: self.list, row: self.table.row(), column, code }
    }

    fn number(&self, (text, column): Cell<'_>) -> Result<u64, StreetFileError> {
        text.parse().map_err(|_| self.bad(Some(column), "not_a_number"))
    }

    fn range(
        &self,
        (from, from_column): Cell<'_>,
        (to, to_column): Cell<'_>,
    ) -> Result<Option<(u32, u32)>, StreetFileError> {
        let number = |text: &str, column| match text {
            "" => Ok(None),
            _ => match text.parse::<i64>() {
                Ok(number) => Ok(u32::try_from(number).ok()),
                Err(_) => Err(self.bad(Some(column), "not_a_number")),
            },
        };
        Ok(number(from, from_column)?.zip(number(to, to_column)?))
    }

    fn point(&self, lon: Cell<'_>, lat: Cell<'_>) -> Result<Point, StreetFileError> {
        let degrees = |(text, column): Cell<'_>| {
            text.parse::<f64>().map_err(|_| self.bad(Some(column), "not_a_number"))
        };
        position(degrees(lat)?, degrees(lon)?).map_err(|fault| {
            let name = |axis| if axis == Axis::Lat { lat.1 } else { lon.1 };
            match fault {
                PositionFault::NotANumber(axis) => self.bad(Some(name(axis)), "not_a_number"),
                PositionFault::OutOfRange(axis) => {
                    self.bad(Some(name(axis)), "position_out_of_range")
                }
                PositionFault::Swapped => self.bad(Some(lat.1), "position_swapped"),
                PositionFault::Zero => self.bad(Some(lat.1), "position_zero"),
            }
        })
    }

    /// Longitudes and latitudes in turn.
    fn line(&self, (text, column): Cell<'_>) -> Result<Vec<Point>, StreetFileError> {
        let mut words = text.split_whitespace();
        let mut points = Vec::new();
        while let Some(lon) = words.next() {
            let lat = words.next().ok_or_else(|| self.bad(Some(column), "odd_line"))?;
            points.push(self.point((lon, column), (lat, column))?);
        }
        Ok(points)
    }

    fn kind(&self, (text, column): Cell<'_>) -> Result<WayKind, StreetFileError> {
        match text.to_ascii_uppercase().as_str() {
            "SIDEWALK" => Ok(WayKind::Sidewalk),
            "CWALK" | "CROSSWALK" | "CROSSING" => Ok(WayKind::Crossing),
            "PFOOTPATH" | "FOOTPATH" | "PATH" => Ok(WayKind::Path),
            "STEPS" | "STAIRS" => Ok(WayKind::Steps),
            "ALLEY" | "DRIVEWAY" | "SERVICE" => Ok(WayKind::Service),
            "ROAD" | "STREET" | "RESIDENTIAL" => Ok(WayKind::Residential),
            _ => Err(self.bad(Some(column), "unknown_kind")),
        }
    }

    /// A node's place in the map, which it takes when the first edge names it.
    fn place(
        &self,
        cell: Cell<'_>,
        nodes: &BTreeMap<u64, Point>,
        places: &mut BTreeMap<u64, u32>,
        map: &mut StreetMap,
    ) -> Result<u32, StreetFileError> {
        let id = self.number(cell)?;
        if let Some(place) = places.get(&id) {
            return Ok(*place);
        }
        let point = nodes.get(&id).ok_or_else(|| self.bad(Some(cell.1), "unknown_node"))?;
        let place = self.add(map, *point)?;
        places.insert(id, place);
        Ok(place)
    }

    fn add(&self, map: &mut StreetMap, point: Point) -> Result<u32, StreetFileError> {
        if map.points.len() as u64 >= MAX_REFS {
            return Err(StreetFileError::TooLarge { what: "places", limit: MAX_REFS });
        }
        map.points.push(point);
        u32::try_from(map.points.len() - 1).map_err(|_| self.bad(None, "too_large"))
    }
}

/// What is wrong with a list as a whole.
fn of_file(error: &FileError, list: &'static str) -> StreetFileError {
    match error {
        FileError::Empty => StreetFileError::Empty,
        FileError::Unreadable { kind, .. } => StreetFileError::Unreadable(*kind),
        FileError::TooManyRows { limit, .. } => {
            StreetFileError::TooLarge { what: list, limit: *limit }
        }
        FileError::Html => StreetFileError::NotStreets,
        FileError::Archive => StreetFileError::Packed,
        other => StreetFileError::BadRow {
            list,
            row: other.row().unwrap_or(1),
            column: None,
            code: other.code(),
        },
    }
}
