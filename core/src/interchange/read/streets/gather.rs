//! Nodes, ways and relations as an extract gives them, and the streets they make.
//!
//! One pass: nodes are kept as numbers and positions, ways as the nodes they name, and only those
//! that are walked, are barriers, or may turn out to be a shore. Files need not be sorted.
//!
//! Invariant: what is kept grows with the elements read, up to [`MAX_NODES`] and [`MAX_REFS`],
//! never with what an element claims to hold: at most some 400 MB, and 5 MB for 50,000 nodes.

use std::collections::BTreeSet;
use std::ops::Range;

use super::error::StreetFileError;
use super::tags::{Tags, Use, barrier, is_above_ground, use_of};
use super::tally::StreetTally;
use crate::geometry::Point;
use crate::street::{Barrier, BarrierKind, StreetMap, Way, WayKind};

/// Most nodes of an extract: the largest counties of the USA have about five million.
pub(super) const MAX_NODES: u64 = 8_000_000;
/// Most nodes that ways name, together.
pub(super) const MAX_REFS: u64 = 16_000_000;
/// Longest name, in bytes: OpenStreetMap takes 255 characters.
const MAX_NAME_BYTES: usize = 1024;
/// The smallest lake that is in anyone's way, across in metres. Our choice: half a block.
const MIN_LAKE_M: f64 = 60.0;
/// Stands for a position that is none.
const NOWHERE: (i32, i32) = (i32::MIN, i32::MIN);

/// What an extract has given so far.
#[derive(Default)]
pub(super) struct Gathered {
    nodes: Vec<Node>,
    unsorted: bool,
    shut: BTreeSet<i64>,
    refs: Vec<i64>,
    ways: Vec<KeptWay>,
    barriers: Vec<(Range<usize>, BarrierKind)>,
    /// Ways without a use of their own, by number: the shores of water areas are among them.
    spare: Vec<(i64, Range<usize>)>,
    shores: BTreeSet<i64>,
    pub(super) tally: StreetTally,
}

#[derive(Clone, Copy)]
struct Node {
    id: i64,
    at_e7: (i32, i32),
}

struct KeptWay {
    refs: Range<usize>,
    kind: WayKind,
    name: Option<String>,
}

impl Gathered {
    /// Takes a node, its position in degrees times 1e7.
    pub(super) fn node(
        &mut self,
        id: i64,
        lat_e7: i64,
        lon_e7: i64,
        tags: Tags<'_>,
    ) -> Result<(), StreetFileError> {
        self.tally.nodes += 1;
        if self.tally.nodes > MAX_NODES {
            return Err(StreetFileError::TooLarge { what: "nodes", limit: MAX_NODES });
        }
        self.unsorted |= self.nodes.last().is_some_and(|last| last.id >= id);
        self.nodes.push(Node { id, at_e7: position_e7(lat_e7, lon_e7) });
        if tags.shuts() {
            self.shut.insert(id);
        }
        Ok(())
    }

    /// Takes a way and the nodes it names.
    pub(super) fn way<E: Into<StreetFileError>>(
        &mut self,
        id: i64,
        refs: impl Iterator<Item = Result<i64, E>>,
        tags: Tags<'_>,
    ) -> Result<(), StreetFileError> {
        self.tally.ways += 1;
        let used = use_of(tags);
        self.count(used);
        let spare = used == Use::Other && tags.get("building").is_none();
        let line = matches!(used, Use::Walk(_) | Use::Barrier(_) | Use::Motorway);
        if !spare && !line {
            return Ok(());
        }
        let refs = self.keep(refs)?;
        match used {
            Use::Walk(kind) => {
                let name = tags.name().map(short);
                self.ways.push(KeptWay { refs, kind, name });
            }
            Use::Barrier(kind) => self.barriers.push((refs, kind)),
            Use::Motorway if is_above_ground(tags) => {
                self.barriers.push((refs, BarrierKind::Motorway));
            }
            _ if spare => self.spare.push((id, refs)),
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, used: Use) {
        let counter = match used {
            Use::Walk(_) => return,
            Use::Barrier(_) | Use::Other => &mut self.tally.other,
            Use::Motorway => &mut self.tally.motorways,
            Use::Closed => &mut self.tally.closed,
            Use::NotBuilt => &mut self.tally.not_built,
        };
        *counter += 1;
    }

    fn keep<E: Into<StreetFileError>>(
        &mut self,
        refs: impl Iterator<Item = Result<i64, E>>,
    ) -> Result<Range<usize>, StreetFileError> {
        let start = self.refs.len();
        for id in refs {
            if self.refs.len() as u64 >= MAX_REFS {
                return Err(StreetFileError::TooLarge { what: "places", limit: MAX_REFS });
            }
            self.refs.push(id.map_err(Into::into)?);
        }
        Ok(start..self.refs.len())
    }

    /// Takes a relation: the outer ways of an area of water.
    pub(super) fn relation(
        &mut self,
        outer_ways: impl Iterator<Item = i64>,
        tags: Tags<'_>,
    ) -> Result<(), StreetFileError> {
        if tags.is_water_area() && barrier(tags) == Some(BarrierKind::Water) {
            self.shores.extend(outer_ways);
        }
        if self.shores.len() as u64 > MAX_REFS / 8 {
            Err(StreetFileError::TooLarge { what: "shores", limit: MAX_REFS / 8 })
        } else {
            Ok(())
        }
    }

    /// The streets that all of it makes, [`walkable`](super::walkable) or not.
    pub(super) fn finish(
        mut self,
        attribution: &str,
    ) -> Result<(StreetMap, StreetTally), StreetFileError> {
        if self.unsorted {
            self.nodes.sort_by_key(|node| node.id);
            self.nodes.dedup_by_key(|node| node.id);
        }
        let mut map = StreetMap { attribution: attribution.to_owned(), ..StreetMap::default() };
        self.lay_ways(&mut map)?;
        self.lay_barriers(&mut map)?;
        self.tally.barriers = map.barriers.len() as u64;
        Ok((map, self.tally))
    }

    fn lay_ways(&mut self, map: &mut StreetMap) -> Result<(), StreetFileError> {
        let mut places = vec![u32::MAX; self.nodes.len()];
        let ways = std::mem::take(&mut self.ways);
        for way in ways {
            let mut pieces = Pieces::default();
            let mut cut = false;
            for id in &self.refs[way.refs.clone()] {
                let Some(node) = self.find(*id) else {
                    cut = true;
                    pieces.end();
                    continue;
                };
                let point = self.point(node)?;
                if self.shut.contains(id) {
                    pieces.push(add(&mut map.points, point)?);
                    pieces.end();
                    pieces.push(add(&mut map.points, point)?);
                    self.tally.shut += 1;
                    continue;
                }
                if places[node] == u32::MAX {
                    places[node] = add(&mut map.points, point)?;
                }
                pieces.push(places[node]);
            }
            pieces.end();
            self.tally.cut += u64::from(cut);
            self.tally.too_short += u64::from(pieces.0.iter().all(Vec::is_empty));
            map.ways.extend(pieces.0.into_iter().filter(|it| !it.is_empty()).map(|points| Way {
                points,
                kind: way.kind,
                name: way.name.clone(),
                numbers: None,
            }));
        }
        Ok(())
    }

    fn lay_barriers(&mut self, map: &mut StreetMap) -> Result<(), StreetFileError> {
        let shores = self.spare.iter().filter(|(id, _)| self.shores.contains(id));
        let shores = shores.map(|(_, refs)| (refs.clone(), BarrierKind::Water));
        let all: Vec<_> = self.barriers.iter().cloned().chain(shores).collect();
        for (refs, kind) in all {
            let mut line = Vec::new();
            for id in &self.refs[refs] {
                if let Some(node) = self.find(*id) {
                    line.push(self.point(node)?);
                } else {
                    lay(&mut map.barriers, std::mem::take(&mut line), kind);
                }
            }
            lay(&mut map.barriers, line, kind);
        }
        Ok(())
    }

    fn find(&self, id: i64) -> Option<usize> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok()
    }

    fn point(&self, node: usize) -> Result<Point, StreetFileError> {
        let Node { id, at_e7 } = self.nodes[node];
        match at_e7 {
            NOWHERE => Err(StreetFileError::BadNode { node: id }),
            (lat, lon) => Ok(Point::from_e7(lat, lon)),
        }
    }
}

/// The unbroken pieces of a way; the last one is being made.
#[derive(Default)]
struct Pieces(Vec<Vec<u32>>);

impl Pieces {
    fn push(&mut self, place: u32) {
        match self.0.last_mut() {
            Some(piece) if piece.last() != Some(&place) => piece.push(place),
            Some(_) => {}
            None => self.0.push(vec![place]),
        }
    }

    fn end(&mut self) {
        self.0.retain(|piece| piece.len() > 1);
        self.0.push(Vec::new());
    }
}

fn add(points: &mut Vec<Point>, point: Point) -> Result<u32, StreetFileError> {
    let place = u32::try_from(points.len());
    points.push(point);
    place.map_err(|_| StreetFileError::TooLarge { what: "places", limit: MAX_REFS })
}

/// Lays a barrier, unless it is a lake that one walks around without noticing.
fn lay(barriers: &mut Vec<Barrier>, points: Vec<Point>, kind: BarrierKind) {
    let closed = points.len() > 2 && points.first() == points.last();
    let across =
        |first: &Point| points.iter().map(|point| first.distance_m(*point)).fold(0.0, f64::max);
    let small = closed && points.first().map_or(0.0, across) < MIN_LAKE_M;
    if points.len() > 1 && !small {
        barriers.push(Barrier { points, kind });
    }
}

fn position_e7(lat: i64, lon: i64) -> (i32, i32) {
    let within = |value: i64, limit: i32| {
        i32::try_from(value).ok().filter(|value| (-limit..=limit).contains(value))
    };
    match (within(lat, 900_000_000), within(lon, 1_800_000_000)) {
        (Some(0), Some(0)) | (None, _) | (_, None) => NOWHERE,
        (Some(lat), Some(lon)) => (lat, lon),
    }
}

fn short(name: &str) -> String {
    let mut end = name.len().min(MAX_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].trim().to_owned()
}
