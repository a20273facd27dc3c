//! Halving: where to draw the line between two sides of the map.

use super::stack::Stack;
use crate::geometry::Point;

/// What one part in a hundred of unfairness may cost in border: as much as 8 % more of it.
const FAIRNESS: f64 = 8.0;
/// What it may cost that one side is to be halved more often than the other.
const EVENNESS: f64 = 0.3;

/// The doors of one part.
pub(super) struct Piece {
    stacks: Vec<Stack>,
}

impl Piece {
    pub(super) fn new(stacks: Vec<Stack>) -> Self {
        Self { stacks }
    }

    pub(super) fn door_numbers(&self) -> Vec<u32> {
        let doors = self.stacks.iter().flat_map(|stack| &stack.doors);
        let mut numbers: Vec<u32> = doors.map(|door| door.door).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// The box around some stacks, in steps of 1e-7 degree: east, north.
#[derive(Clone, Copy, Debug)]
struct Extent {
    low: [i32; 2],
    high: [i32; 2],
}

impl Extent {
    fn reach(&mut self, at: [i32; 2]) {
        for (axis, at) in at.into_iter().enumerate() {
            self.low[axis] = self.low[axis].min(at);
            self.high[axis] = self.high[axis].max(at);
        }
    }

    /// Half the way around, with degrees of longitude as short as they are here.
    fn border(self, shrink: f64) -> f64 {
        let side = |axis: usize| f64::from(self.high[axis]) - f64::from(self.low[axis]);
        side(0) * shrink + side(1)
    }
}

/// A line between two sides of an area.
struct Line {
    axis: usize,
    /// Where the upper side begins.
    at: i32,
    /// Turfs on the lower side.
    turfs: u32,
    /// What it costs to draw it here: less is better.
    cost: f64,
}

/// Halves the map until every part is one piece; no stacks make no piece.
pub(super) fn bisect(stacks: Vec<Stack>, turfs: u32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if !stacks.is_empty() {
        halve(stacks, turfs, &mut pieces);
    }
    pieces
}

fn halve(mut stacks: Vec<Stack>, turfs: u32, pieces: &mut Vec<Piece>) {
    if turfs <= 1 {
        pieces.push(Piece::new(stacks));
        return;
    }
    let Some(line) = best_line(&mut stacks, turfs) else {
        let split = stacks.into_iter().flat_map(|stack| stack.split(turfs));
        pieces.extend(split.map(|part| Piece::new(vec![part])));
        return;
    };
    let (upper, lower): (Vec<Stack>, Vec<Stack>) =
        stacks.into_iter().partition(|stack| stack.at[line.axis] >= line.at);
    halve(lower, line.turfs, pieces);
    halve(upper, turfs - line.turfs, pieces);
}

/// The line that costs least; none between stacks that are all at one position.
fn best_line(stacks: &mut [Stack], turfs: u32) -> Option<Line> {
    let mut best: Option<Line> = None;
    for axis in 0..2 {
        stacks.sort_by_key(|stack| (stack.at[axis], stack.at[1 - axis]));
        for line in lines(stacks, axis, turfs) {
            if best.as_ref().is_none_or(|best| line.cost < best.cost) {
                best = Some(line);
            }
        }
    }
    best
}

/// What lies on one side of a line.
#[derive(Clone, Copy)]
struct SideOfLine {
    weight: f64,
    doors: u32,
    extent: Extent,
}

/// For each stack the side that reaches from the first one to it.
fn sides<'s>(stacks: impl Iterator<Item = &'s Stack>) -> Vec<SideOfLine> {
    let mut sides: Vec<SideOfLine> = Vec::new();
    for stack in stacks {
        let doors = u32::try_from(stack.doors.len()).unwrap_or(u32::MAX);
        let alone = Extent { low: stack.at, high: stack.at };
        let mut side =
            sides.last().copied().unwrap_or(SideOfLine { weight: 0.0, doors: 0, extent: alone });
        side.weight += stack.weight;
        side.doors += doors;
        side.extent.reach(stack.at);
        sides.push(side);
    }
    sides
}

/// All lines across one axis, between stacks sorted along it.
fn lines(stacks: &[Stack], axis: usize, turfs: u32) -> impl Iterator<Item = Line> {
    let lower = sides(stacks.iter());
    let mut upper = sides(stacks.iter().rev());
    upper.reverse();
    let whole = upper[0];
    let shrink = libm::cos(Point::from_e7(whole.extent.low[1], 0).lat.to_radians());
    let border = whole.extent.border(shrink).max(1.0);
    let gaps: Vec<(usize, i32)> = (1..stacks.len())
        .filter_map(|next| {
            let (before, after) = (stacks[next - 1].at[axis], stacks[next].at[axis]);
            (before < after).then_some((next, after))
        })
        .collect();
    gaps.into_iter().map(move |(next, at)| {
        let (below, above) = (lower[next - 1], upper[next]);
        let fair = share(below, above, turfs);
        let mean = whole.weight / f64::from(turfs);
        let off = |side: SideOfLine, turfs: u32| {
            (side.weight / f64::from(turfs) - mean).abs() / mean.max(f64::MIN_POSITIVE)
        };
        let unfairness = off(below, fair).max(off(above, turfs - fair));
        let unevenness = f64::from(fair.abs_diff(turfs - fair)) / f64::from(turfs);
        let borders = (below.extent.border(shrink) + above.extent.border(shrink)) / border;
        let cost = borders + FAIRNESS * unfairness + EVENNESS * unevenness;
        Line { axis, at, turfs: fair, cost }
    })
}

/// How many of the turfs the lower side gets: its share of the work, but no more turfs than
/// doors on either side.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
fn share(below: SideOfLine, above: SideOfLine, turfs: u32) -> u32 {
    let total = (below.weight + above.weight).max(f64::MIN_POSITIVE);
    let fair = (below.weight / total * f64::from(turfs)).round() as u32;
    let least = turfs.saturating_sub(above.doors).max(1);
    let most = below.doors.min(turfs - 1);
    fair.clamp(least, most)
}
