//! A town into cells: parts of it that hold 500 to 2,000 doors.
//!
//! How they are cut is frozen with version 1: the same doors fall into the same cells for good.

use super::bisect::{Piece, bisect};
use super::large;
use super::stack::Stack;
use crate::geometry::Point;

/// Fewer doors than this make one cell.
const ONE_CELL: usize = 1_000;
/// Doors in a cell, more or less: cells of 500 to 2,000 keep a snapshot of one small while a
/// town still has few of them.
const DOORS_PER_CELL: usize = 1_000;

/// Puts each door into a cell: parts of a town, numbered from 0, of 500 to 2,000 doors each;
/// one cell for fewer than 1,000 doors.
#[must_use]
pub fn cells(doors: &[Point]) -> Vec<u32> {
    let count = if doors.len() < ONE_CELL { 1 } else { doors.len().div_ceil(DOORS_PER_CELL) };
    let mut cell_of = vec![0; doors.len()];
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    for (cell, piece) in (0..).zip(pieces(doors, count)) {
        for door in piece.door_numbers() {
            cell_of[door as usize] = cell;
        }
    }
    cell_of
}

fn pieces(doors: &[Point], cells: u32) -> Vec<Piece> {
    let same = vec![1.0; doors.len()];
    let stacks = Stack::of_doors(doors, &same);
    let cells = cells.max(1).min(u32::try_from(doors.len()).unwrap_or(u32::MAX));
    let (large, rest, cells_of_rest) = large::set_apart(stacks, cells);
    let mut pieces = bisect(rest, cells_of_rest);
    large::add(large, &mut pieces);
    pieces
}
