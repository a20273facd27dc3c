//! A map cut into nodes and edges: what a pack is written from.
//!
//! Ways are split where they meet, end, or cross themselves. Points at one position are one
//! point. What has no length and no shape is left out. Knows nothing of bytes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::error::StreetError;
use super::map::{Barrier, HouseNumbers, StreetMap, Way, WayKind};
use super::shape::{Steps, needed};
use crate::geometry::Point;

/// The nodes and edges of a network.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Latitude and longitude of each node, in steps of 1e-7 degree.
    pub(super) nodes: Vec<Steps>,
    pub(super) edges: Vec<Piece>,
    /// The points between the ends of edges, as edges name them.
    pub(super) middles: Vec<Steps>,
    pub(super) names: Vec<String>,
    pub(super) barriers: Vec<Barrier>,
    pub(super) attribution: String,
}

/// An edge between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) length_dm: u32,
    pub(super) kind: WayKind,
    /// 0 for none, otherwise one more than its place in `names`.
    pub(super) name: u32,
    pub(super) numbers: Option<HouseNumbers>,
    pub(super) middle: Range<usize>,
}

/// What stays the same while ways are cut.
struct Cutter<'a> {
    map: &'a StreetMap,
    /// The position's number of each point of the map.
    positions: Vec<u32>,
    /// How often ways come by each position; ends count twice.
    passes: Vec<u8>,
    /// The node at each position, or none yet.
    node_at: Vec<u32>,
    names: HashMap<&'a str, u32>,
    pieces: Pieces,
}

const NONE: u32 = u32::MAX;

impl Pieces {
    /// Cuts a map.
    pub(super) fn of(map: &StreetMap) -> Result<Self, StreetError> {
        u32::try_from(map.points.len()).map_err(|_| StreetError::TooLarge { what: "points" })?;
        check(map)?;
        let (positions, count) = merged(&map.points);
        let passes = passes(map, &positions, count);
        let mut cutter = Cutter {
            map,
            positions,
            passes,
            node_at: vec![NONE; count],
            names: HashMap::new(),
            pieces: Self {
                barriers: map.barriers.clone(),
                attribution: map.attribution.clone(),
                ..Self::default()
            },
        };
        for way in &map.ways {
            cutter.cut(way);
        }
        let mut pieces = cutter.pieces;
        if pieces.edges.is_empty() {
            return Err(StreetError::NoWays);
        }
        pieces.drop_twins();
        Ok(pieces)
    }

    /// Leaves out edges that say the same as an edge before them.
    fn drop_twins(&mut self) {
        let middles = &self.middles;
        let mut seen = HashSet::new();
        self.edges.retain(|edge| {
            let shape = &middles[edge.middle.clone()];
            seen.insert((edge.from, edge.to, edge.kind, edge.name, shape))
        });
    }
}

/// All points are positions, and ways name points that there are.
fn check(map: &StreetMap) -> Result<(), StreetError> {
    let is_position = |p: &Point| p.lat.abs() <= 90.0 && p.lon.abs() <= 180.0;
    if let Some(point) = map.points.iter().position(|p| !is_position(p)) {
        return Err(StreetError::BadPoint { point });
    }
    if let Some(point) = map.barriers.iter().position(|b| !b.points.iter().all(is_position)) {
        return Err(StreetError::BadPoint { point });
    }
    let names_no_point = |way: &Way| way.points.iter().any(|p| *p as usize >= map.points.len());
    map.ways
        .iter()
        .position(names_no_point)
        .map_or(Ok(()), |way| Err(StreetError::NoSuchPoint { way }))
}

/// The number of each point's position, and how many positions there are.
fn merged(points: &[Point]) -> (Vec<u32>, usize) {
    let mut numbers = HashMap::with_capacity(points.len());
    let mut next = 0;
    let positions = points
        .iter()
        .map(|point| {
            let number = *numbers.entry(point.to_e7()).or_insert(next);
            next += u32::from(number == next);
            number
        })
        .collect();
    (positions, numbers.len())
}

fn passes(map: &StreetMap, positions: &[u32], count: usize) -> Vec<u8> {
    let mut passes = vec![0_u8; count];
    for way in &map.ways {
        let last = way.points.len().saturating_sub(1);
        let mut before = NONE;
        for (at, point) in way.points.iter().enumerate() {
            let position = positions[*point as usize];
            let end = at == 0 || at == last;
            if position != before || end {
                let seen = &mut passes[position as usize];
                *seen = seen.saturating_add(1 + u8::from(end));
            }
            before = position;
        }
    }
    passes
}

impl<'a> Cutter<'a> {
    fn cut(&mut self, way: &'a Way) {
        let mut line: Vec<u32> = way.points.iter().map(|p| self.positions[*p as usize]).collect();
        line.dedup();
        if line.len() < 2 {
            return;
        }
        let points = self.points(way);
        let along = lengths_m(&points);
        let whole_m = *along.last().unwrap_or(&0.0);
        let name = self.name(way);
        let mut start = 0;
        for at in 1..line.len() {
            if self.passes[line[at] as usize] < 2 && at + 1 < line.len() {
                continue;
            }
            let share = |place: usize| if whole_m > 0.0 { along[place] / whole_m } else { 0.0 };
            let numbers = way.numbers.map(|n| part_of(n, share(start), share(at)));
            let length_dm = decimetres(along[at] - along[start]);
            let from = self.node(line[start], points[start]);
            let to = self.node(line[at], points[at]);
            let first = self.pieces.middles.len();
            let piece: Vec<Steps> = points[start..=at].iter().map(|p| p.to_e7()).collect();
            self.pieces.middles.extend(needed(&piece));
            let middle = first..self.pieces.middles.len();
            let kind = way.kind;
            self.pieces.edges.push(Piece { from, to, length_dm, kind, name, numbers, middle });
            start = at;
        }
    }

    /// The points of a line of positions, each once for its run.
    fn points(&self, way: &Way) -> Vec<Point> {
        let mut points = Vec::with_capacity(way.points.len());
        let mut before = NONE;
        for point in &way.points {
            let position = self.positions[*point as usize];
            if position != before {
                let (lat, lon) = self.map.points[*point as usize].to_e7();
                points.push(Point::from_e7(lat, lon));
            }
            before = position;
        }
        points
    }

    #[expect(clippy::cast_possible_truncation, reason = "no more nodes than points: u32")]
    fn node(&mut self, position: u32, point: Point) -> u32 {
        let node = &mut self.node_at[position as usize];
        if *node == NONE {
            *node = self.pieces.nodes.len() as u32;
            self.pieces.nodes.push(point.to_e7());
        }
        *node
    }

    #[expect(clippy::cast_possible_truncation, reason = "a pack of 4 GB of names is refused later")]
    fn name(&mut self, way: &'a Way) -> u32 {
        let Some(name) = way.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
            return 0;
        };
        let next = self.pieces.names.len() as u32 + 1;
        let number = *self.names.entry(name).or_insert(next);
        if number == next {
            self.pieces.names.push(name.to_owned());
        }
        number
    }
}

/// Metres from the first point to each.
fn lengths_m(points: &[Point]) -> Vec<f64> {
    let mut along = vec![0.0];
    let mut sum = 0.0;
    for pair in points.windows(2) {
        sum += pair[0].distance_m(pair[1]);
        along.push(sum);
    }
    along
}

/// Whole decimetres, at least one: a leg of no cost would tie with standing still.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
fn decimetres(length_m: f64) -> u32 {
    ((length_m * 10.0).round() as u32).max(1)
}

/// The house numbers on the part of a way from one share of its length to another.
fn part_of(numbers: HouseNumbers, from: f64, to: f64) -> HouseNumbers {
    let part =
        |(first, last): (u32, u32)| (number_at(first, last, from), number_at(first, last, to));
    HouseNumbers { left: numbers.left.map(part), right: numbers.right.map(part) }
}

/// The number at a share of the way, of the first number's parity where both ends have it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two u32")]
fn number_at(first: u32, last: u32, share: f64) -> u32 {
    let step = if first % 2 == last % 2 { 2.0 } else { 1.0 };
    let steps = ((f64::from(last) - f64::from(first)) / step * share).round();
    (f64::from(first) + steps * step) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shared_out_along_a_way() {
        let whole = HouseNumbers { left: Some((1, 19)), right: Some((20, 2)) };
        let half = part_of(whole, 0.0, 0.5);
        assert_eq!(half, HouseNumbers { left: Some((1, 11)), right: Some((20, 10)) });
        assert_eq!(part_of(whole, 0.0, 1.0), whole);
    }
}
