//! Doors into turfs of equal work, and a town into cells.
//!
//! The map is halved again and again, each time where the two sides come out fair, compact and
//! apart (between blocks rather than through them). All doors at one position, a unit stack,
//! stay in one turf; a stack that is more than a turf's work by itself gets turfs of its own,
//! inside a hole of the turf around it. Streets, rivers and walking times are not known here.
//!
//! Invariant: each door is in exactly one turf, and in the outline of that turf alone. Only
//! the turfs of one large stack share their outline, and one that stands within centimetres
//! of a turf's border lies inside that turf's outline too.

mod area;
mod bisect;
mod large;
mod outline;
mod stack;

#[cfg(test)]
mod tests;

use bisect::{Piece, bisect};
use stack::Stack;

use crate::geometry::Point;
use crate::turf::TurfPolygon;

/// Fewer doors than this make one cell.
const ONE_CELL: usize = 1_000;
/// Doors in a cell, more or less: cells of 500 to 2,000 keep a snapshot of one small while a
/// town still has few of them.
const DOORS_PER_CELL: usize = 1_000;

/// Minutes at a door, with a quarter of the doors opening: a minute at one that does not, two
/// of talk at one that does (volunteer guides; `docs/glossary.md`).
const MINUTES_PER_DOOR: f64 = 1.25;

/// Minutes of work at an address with so many dwellings, the way there left out.
#[must_use]
pub fn minutes_at(unit_count: u32) -> f64 {
    f64::from(unit_count.max(1)) * MINUTES_PER_DOOR
}

/// Doors that one team works, and their part of the map.
#[derive(Clone, Debug)]
pub struct CutTurf {
    /// The doors, numbered as they were given, in rising order.
    pub doors: Vec<u32>,
    /// A border around them that keeps out all other turfs' doors.
    pub outline: TurfPolygon,
}

/// Cuts doors into `turfs` turfs of about the same work; into one per door if there are fewer
/// doors than that.
///
/// `minutes` holds each door's work in the order of `doors`, in any one unit; what is missing,
/// negative or not a number counts as none.
#[must_use]
pub fn cut_into(doors: &[Point], minutes: &[f64], turfs: u32) -> Vec<CutTurf> {
    pieces(doors, minutes, turfs).into_iter().map(|piece| turf(&piece)).collect()
}

/// Cuts doors into as few turfs as it finds with at most `most` minutes of work in each; only
/// a door with more than that is beyond it.
#[must_use]
pub fn cut_by_weight(doors: &[Point], minutes: &[f64], most: f64) -> Vec<CutTurf> {
    let total: f64 = (0..doors.len()).map(|door| stack::weight(minutes, door)).sum();
    let mut turfs = if most > 0.0 { at_least(total / most) } else { u32::MAX };
    loop {
        let pieces = pieces(doors, minutes, turfs);
        let beyond = pieces.iter().filter(|piece| piece.doors() > 1 && piece.weight() > most);
        match u32::try_from(beyond.count()) {
            Ok(0) => return pieces.iter().map(turf).collect(),
            beyond => turfs = turfs.saturating_add(beyond.unwrap_or(u32::MAX)),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
fn at_least(turfs: f64) -> u32 {
    turfs.ceil().max(1.0) as u32
}

/// Puts each door into a cell: parts of a town, numbered from 0, of 500 to 2,000 doors each;
/// one cell for fewer than 1,000 doors.
#[must_use]
pub fn cells(doors: &[Point]) -> Vec<u32> {
    let count = if doors.len() < ONE_CELL { 1 } else { doors.len().div_ceil(DOORS_PER_CELL) };
    let same = vec![1.0; doors.len()];
    let mut cell_of = vec![0; doors.len()];
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    for (cell, piece) in (0..).zip(pieces(doors, &same, count)) {
        for door in piece.door_numbers() {
            cell_of[door as usize] = cell;
        }
    }
    cell_of
}

fn pieces(doors: &[Point], minutes: &[f64], turfs: u32) -> Vec<Piece> {
    let stacks = Stack::of_doors(doors, minutes);
    let turfs = turfs.max(1).min(u32::try_from(doors.len()).unwrap_or(u32::MAX));
    let (large, rest, turfs_of_rest) = large::set_apart(stacks, turfs);
    let apart: Vec<[i32; 2]> = large.iter().map(large::Large::at).collect();
    let mut pieces = bisect(rest, turfs_of_rest, &apart);
    large::add(large, &mut pieces);
    pieces
}

fn turf(piece: &Piece) -> CutTurf {
    CutTurf { doors: piece.door_numbers(), outline: outline::outline(piece) }
}
