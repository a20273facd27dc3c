//! Barriers, and whether a straight line meets one.

use std::collections::BTreeMap;

use super::ground::Walls;
use crate::geometry::Point;
use crate::street::Barrier;

/// The side of a square in which pieces of barriers are looked up, in steps of 1e-7 degree:
/// some 200 m.
const SQUARE: i32 = 20_000;

/// Pieces of barriers by the squares they may touch.
pub(super) struct Barriers {
    pieces: Vec<[[i64; 2]; 2]>,
    in_square: BTreeMap<[i32; 2], Vec<u32>>,
}

impl Barriers {
    pub(super) fn of(barriers: &[Barrier]) -> Self {
        let mut all = Self { pieces: Vec::new(), in_square: BTreeMap::new() };
        for barrier in barriers {
            for ends in barrier.points.windows(2) {
                let number = u32::try_from(all.pieces.len()).unwrap_or(u32::MAX);
                all.pieces.push([spot(ends[0]), spot(ends[1])]);
                for square in squares(ends[0], ends[1]) {
                    all.in_square.entry(square).or_default().push(number);
                }
            }
        }
        all
    }
}

impl Walls for Barriers {
    fn part(&self, from: Point, to: Point) -> bool {
        let line = [spot(from), spot(to)];
        !self.pieces.is_empty()
            && squares(from, to)
                .filter_map(|square| self.in_square.get(&square))
                .flatten()
                .any(|piece| meet(line, self.pieces[*piece as usize]))
    }
}

fn spot(point: Point) -> [i64; 2] {
    let (north, east) = point.to_e7();
    [i64::from(east), i64::from(north)]
}

/// The squares of the box around a line.
fn squares(from: Point, to: Point) -> impl Iterator<Item = [i32; 2]> {
    let ((a_north, a_east), (b_north, b_east)) = (from.to_e7(), to.to_e7());
    let range = |a: i32, b: i32| a.min(b).div_euclid(SQUARE)..=a.max(b).div_euclid(SQUARE);
    let easts = range(a_east, b_east);
    range(a_north, b_north).flat_map(move |north| easts.clone().map(move |east| [east, north]))
}

/// Whether two lines cross or touch, exactly.
fn meet(one: [[i64; 2]; 2], other: [[i64; 2]; 2]) -> bool {
    let turn = |a: [i64; 2], b: [i64; 2], c: [i64; 2]| {
        let wide = |value: i64| i128::from(value);
        let (east, north) = (wide(b[0] - a[0]), wide(b[1] - a[1]));
        (east * wide(c[1] - a[1]) - north * wide(c[0] - a[0])).signum()
    };
    let apart = (0..2).any(|axis| {
        let (a, b) = (one[0][axis].min(one[1][axis]), one[0][axis].max(one[1][axis]));
        let (c, d) = (other[0][axis].min(other[1][axis]), other[0][axis].max(other[1][axis]));
        b < c || d < a
    });
    !apart
        && turn(one[0], one[1], other[0]) * turn(one[0], one[1], other[1]) <= 0
        && turn(other[0], other[1], one[0]) * turn(other[0], other[1], one[1]) <= 0
}
