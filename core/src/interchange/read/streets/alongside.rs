//! Which street a sidewalk runs along: its name, and the house numbers on its side.
//!
//! By geometry alone: a sidewalk belongs to the street that is nearest to, and parallel with, the
//! greater part of it. Ways that have a name keep it; crossings and paths belong to no street.

use std::collections::BTreeMap;

use super::edges::CentreLine;
use crate::geometry::{Plane, Point};
use crate::street::{HouseNumbers, StreetMap, Way, WayKind};

/// How far a sidewalk may be from the middle of its street, in metres. The widest city streets
/// are some 40 m from house to house.
const REACH_M: f64 = 25.0;
/// How parallel they are: the cosine of 30 degrees.
const MIN_COSINE: f64 = 0.866;
/// How much of a sidewalk must run along the street.
const MIN_SHARE: f64 = 0.5;
/// Sidewalks are looked at in steps of at most so many metres.
const STEP_M: f64 = 15.0;

type Place = (f64, f64);

/// Streets in squares of [`REACH_M`].
struct Streets<'a> {
    plane: Plane,
    lines: Vec<Vec<Place>>,
    /// Square, line, and its piece from this point to the next.
    squares: Vec<((i32, i32), u32, u32)>,
    named: &'a [CentreLine],
}

/// What speaks for a street.
#[derive(Default)]
struct Vote {
    metres: f64,
    /// Metres to its left less metres to its right.
    left: f64,
}

/// Gives sidewalks without a name that of their street, and their house numbers.
pub(super) fn name_sidewalks(map: &mut StreetMap, streets: &[CentreLine]) {
    if streets.is_empty() {
        return;
    }
    let streets = Streets::new(streets);
    let points = &map.points;
    for way in &mut map.ways {
        if way.kind == WayKind::Sidewalk && way.name.is_none() {
            streets.name(way, points);
        }
    }
}

impl<'a> Streets<'a> {
    fn new(named: &'a [CentreLine]) -> Self {
        let plane = Plane::around(named.iter().flat_map(|street| street.line.iter().copied()));
        let flat = |street: &CentreLine| street.line.iter().map(|p| plane.metres(*p)).collect();
        let lines: Vec<Vec<Place>> = named.iter().map(flat).collect();
        let mut squares = Vec::new();
        for (line, points) in (0..).zip(&lines) {
            for (piece, ends) in (0..).zip(points.windows(2)) {
                let corners = [square(ends[0]), square(ends[1])];
                for x in span(corners[0].0, corners[1].0) {
                    for y in span(corners[0].1, corners[1].1) {
                        if touches(ends, (x, y)) {
                            squares.push(((x, y), line, piece));
                        }
                    }
                }
            }
        }
        squares.sort_unstable();
        Self { plane, lines, squares, named }
    }

    fn name(&self, way: &mut Way, points: &[Point]) {
        let places: Vec<Place> =
            way.points.iter().map(|place| self.plane.metres(points[*place as usize])).collect();
        let mut votes: BTreeMap<u32, Vote> = BTreeMap::new();
        let mut length = 0.0;
        for ends in places.windows(2) {
            length += self.vote(ends[0], ends[1], &mut votes);
        }
        let most = votes.iter().rev().max_by(|a, b| a.1.metres.total_cmp(&b.1.metres));
        let Some((&line, vote)) = most.filter(|it| it.1.metres >= length * MIN_SHARE) else {
            return;
        };
        way.name = Some(self.named[line as usize].name.clone());
        let is_left = vote.left > 0.0;
        if let [first, .., last] = places.as_slice() {
            way.numbers = self.numbers(line as usize, is_left, *first, *last);
        }
    }

    /// Lets a straight piece of a sidewalk vote; its length.
    fn vote(&self, from: Place, to: Place, votes: &mut BTreeMap<u32, Vote>) -> f64 {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        // A whole number from 1 on; a piece of 1,000 km makes no more votes than one of 15.
        let steps = (length / STEP_M).ceil().clamp(1.0, 1000.0);
        let mut step = 0.5;
        while step < steps {
            let at = (from.0 + dx * step / steps, from.1 + dy * step / steps);
            if let Some((line, side)) = self.nearest(at, (dx, dy)) {
                let vote = votes.entry(line).or_default();
                vote.metres += length / steps;
                vote.left += side * length / steps;
            }
            step += 1.0;
        }
        length
    }

    /// The nearest street that runs in this direction, and 1 if the place is to its left, else -1.
    fn nearest(&self, at: Place, direction: Place) -> Option<(u32, f64)> {
        let (x, y) = square(at);
        let mut best: Option<(f64, u32, f64)> = None;
        for column in x.saturating_sub(1)..=x.saturating_add(1) {
            let low = (column, y.saturating_sub(1));
            let high = (column, y.saturating_add(1));
            let start = self.squares.partition_point(|it| it.0 < low);
            for (_, line, piece) in self.squares[start..].iter().take_while(|it| it.0 <= high) {
                let piece = *piece as usize;
                let ends = &self.lines[*line as usize][piece..=piece + 1];
                let (distance_m, side) = beside(at, ends);
                let nearer = best.is_none_or(|(other, ..)| distance_m < other);
                if distance_m <= REACH_M && nearer && parallel(ends, direction) {
                    best = Some((distance_m, *line, side));
                }
            }
        }
        best.map(|(_, line, side)| (line, side))
    }

    /// The house numbers along a sidewalk, by how far along its street it begins and ends.
    fn numbers(
        &self,
        line: usize,
        is_left: bool,
        first: Place,
        last: Place,
    ) -> Option<HouseNumbers> {
        let numbers = self.named[line].numbers;
        let (from, to) = if is_left { numbers.left } else { numbers.right }?;
        let shares = [first, last].map(|place| share(place, &self.lines[line]));
        let range = shares.map(|share| number_at(from, to, share));
        let range = Some((range[0], range[1]));
        // Houses stand on the far side of a sidewalk, seen from its street.
        let along = shares[1] >= shares[0];
        Some(if along == is_left {
            HouseNumbers { left: range, right: None }
        } else {
            HouseNumbers { left: None, right: range }
        })
    }
}

/// The number of the range, of the same side of the street, that stands so far along it.
#[expect(clippy::cast_possible_truncation, reason = "between two u32")]
#[expect(clippy::cast_sign_loss, reason = "between two u32")]
fn number_at(from: u32, to: u32, share: f64) -> u32 {
    let pairs = (f64::from(to) - f64::from(from)) / 2.0 * share;
    let exact = f64::from(from) + 2.0 * pairs.round();
    exact.clamp(f64::from(from.min(to)), f64::from(from.max(to))) as u32
}

/// How far along a line the place nearest to this one is, from 0 to 1.
fn share(at: Place, line: &[Place]) -> f64 {
    let (mut length, mut found, mut best) = (0.0, 0.0, f64::INFINITY);
    for ends in line.windows(2) {
        let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
        let piece = (dx * dx + dy * dy).sqrt();
        let (distance_m, _) = beside(at, ends);
        if distance_m < best {
            (best, found) = (distance_m, length + piece * foot(at, ends));
        }
        length += piece;
    }
    if length > 0.0 { found / length } else { 0.0 }
}

/// How far along a piece the place nearest to this one is, from 0 to 1.
fn foot(at: Place, ends: &[Place]) -> f64 {
    let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
    let square = dx * dx + dy * dy;
    let along = (at.0 - ends[0].0) * dx + (at.1 - ends[0].1) * dy;
    if square > 0.0 { (along / square).clamp(0.0, 1.0) } else { 0.0 }
}

/// Metres to a piece, and 1 if the place is to its left, else -1.
fn beside(at: Place, ends: &[Place]) -> (f64, f64) {
    let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
    let share = foot(at, ends);
    let (x, y) = (at.0 - ends[0].0 - dx * share, at.1 - ends[0].1 - dy * share);
    let cross = dx * (at.1 - ends[0].1) - dy * (at.0 - ends[0].0);
    ((x * x + y * y).sqrt(), if cross > 0.0 { 1.0 } else { -1.0 })
}

fn parallel(ends: &[Place], (x, y): Place) -> bool {
    let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
    let lengths = ((dx * dx + dy * dy) * (x * x + y * y)).sqrt();
    (dx * x + dy * y).abs() >= MIN_COSINE * lengths
}

#[expect(clippy::cast_possible_truncation, reason = "the Earth is 1.6 million squares around")]
fn square((x, y): Place) -> (i32, i32) {
    ((x / REACH_M).floor() as i32, (y / REACH_M).floor() as i32)
}

/// At most so many squares on a side are looked at for one piece: no street is 25 km straight.
const MAX_SPAN: i32 = 1000;

fn span(a: i32, b: i32) -> std::ops::RangeInclusive<i32> {
    let low = a.min(b);
    low..=a.max(b).min(low.saturating_add(MAX_SPAN))
}

/// Whether a piece comes near a square; may say yes to one close by.
fn touches(ends: &[Place], (x, y): (i32, i32)) -> bool {
    let middle = ((f64::from(x) + 0.5) * REACH_M, (f64::from(y) + 0.5) * REACH_M);
    beside(middle, ends).0 <= REACH_M * 0.75
}
