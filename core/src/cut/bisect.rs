//! Halving: where to draw the line between two sides of the map.

use super::area::Area;
use super::stack::Stack;
use crate::geometry::Point;

/// What one part in a hundred of unfairness may cost in border: as much as 8 % more of it.
const FAIRNESS: f64 = 8.0;
/// What it may cost that one side is to be halved more often than the other.
const EVENNESS: f64 = 0.3;

/// The doors of one turf, and the part of the map that is theirs.
pub(super) struct Piece {
    stacks: Vec<Stack>,
    /// The part of the map that is theirs, up to the next turfs.
    pub(super) area: Area,
    /// Where large stacks stand that are not among these doors.
    pub(super) holes: Vec<Area>,
}

impl Piece {
    pub(super) fn new(stacks: Vec<Stack>, area: Area) -> Self {
        Self { stacks, area, holes: Vec::new() }
    }

    pub(super) fn stacks(&self) -> &[Stack] {
        &self.stacks
    }

    pub(super) fn doors(&self) -> usize {
        self.stacks.iter().map(|stack| stack.doors.len()).sum()
    }

    pub(super) fn weight(&self) -> f64 {
        self.stacks.iter().map(|stack| stack.weight).sum()
    }

    pub(super) fn door_numbers(&self) -> Vec<u32> {
        let doors = self.stacks.iter().flat_map(|stack| &stack.doors);
        let mut numbers: Vec<u32> = doors.map(|door| door.door).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The area around the doors, as far as it is theirs.
    pub(super) fn outline(&self) -> Area {
        let places = self.stacks.iter().map(|stack| stack.at);
        Area::around(places).map_or(self.area, |own| own.within(self.area))
    }
}

/// A line between two sides of an area.
struct Line {
    axis: usize,
    /// Where the upper side begins; it may as well begin anywhere between the next two.
    at: i32,
    from: i32,
    to: i32,
    /// Turfs on the lower side.
    turfs: u32,
    /// What it costs to draw it here: less is better.
    cost: f64,
}

/// Halves the map until every part is one turf; no stacks make no turf.
///
/// Lines stay clear of the places in `apart`, where large stacks stand.
pub(super) fn bisect(stacks: Vec<Stack>, turfs: u32, apart: &[[i32; 2]]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if stacks.is_empty() {
        return pieces;
    }
    let places = stacks.iter().map(|stack| stack.at).chain(apart.iter().copied());
    if let Some(area) = Area::around(places) {
        halve(stacks, area, turfs, apart, &mut pieces);
    }
    pieces
}

fn halve(
    mut stacks: Vec<Stack>,
    area: Area,
    turfs: u32,
    apart: &[[i32; 2]],
    pieces: &mut Vec<Piece>,
) {
    if turfs <= 1 {
        pieces.push(Piece::new(stacks, area));
        return;
    }
    let Some(line) = best_line(&mut stacks, turfs, apart) else {
        let split = stacks.into_iter().flat_map(|stack| stack.split(turfs));
        pieces.extend(split.map(|part| Piece::new(vec![part], area)));
        return;
    };
    let (upper, lower): (Vec<Stack>, Vec<Stack>) =
        stacks.into_iter().partition(|stack| stack.at[line.axis] >= line.at);
    let (mut below, mut above) = (area, area);
    below.high[line.axis] = line.at;
    above.low[line.axis] = line.at;
    halve(lower, below, line.turfs, apart, pieces);
    halve(upper, above, turfs - line.turfs, apart, pieces);
}

/// The line that costs least; none between stacks that are all at one position.
fn best_line(stacks: &mut [Stack], turfs: u32, apart: &[[i32; 2]]) -> Option<Line> {
    let mut best: Option<Line> = None;
    for axis in 0..2 {
        stacks.sort_by_key(|stack| (stack.at[axis], stack.at[1 - axis]));
        for line in lines(stacks, axis, turfs) {
            if best.as_ref().is_none_or(|best| line.cost < best.cost) {
                best = Some(line);
            }
        }
    }
    best.map(|line| Line { at: line.clear_of(apart), ..line })
}

/// How far a line stays away from a large stack, if the stacks on its sides leave room.
const CLEARANCE: u32 = 2;

impl Line {
    /// The place nearest to the line's own that no large stack touches.
    fn clear_of(&self, apart: &[[i32; 2]]) -> i32 {
        let is_clear = |at: &i32| apart.iter().all(|p| p[self.axis].abs_diff(*at) > CLEARANCE);
        let room = (self.at - self.from).max(self.to - self.at);
        let steps = (0..=room).step_by(CLEARANCE as usize);
        steps
            .flat_map(|step| [self.at - step, self.at + step])
            .filter(|at| (self.from..=self.to).contains(at))
            .find(is_clear)
            .unwrap_or(self.at)
    }
}

/// What lies on one side of a line.
#[derive(Clone, Copy)]
struct SideOfLine {
    weight: f64,
    doors: u32,
    extent: Area,
}

/// For each stack the side that reaches from the first one to it.
fn sides<'s>(stacks: impl Iterator<Item = &'s Stack>) -> Vec<SideOfLine> {
    let mut sides: Vec<SideOfLine> = Vec::new();
    for stack in stacks {
        let doors = u32::try_from(stack.doors.len()).unwrap_or(u32::MAX);
        let alone = Area { low: stack.at, high: stack.at };
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
    let gaps: Vec<(usize, i32, i32)> = (1..stacks.len())
        .filter_map(|next| {
            let (before, after) = (stacks[next - 1].at[axis], stacks[next].at[axis]);
            (before < after).then(|| (next, before + 1, after))
        })
        .collect();
    gaps.into_iter().map(move |(next, from, to)| {
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
        Line { axis, at: i32::midpoint(from, to), from, to, turfs: fair, cost }
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
