//! The grid before it is bent: two families of lines, and the blocks between their crossings.

use super::random::Random;
use super::shape::MAIN_REACH;

/// The two families of lines in the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Roughly south to north.
    Column,
    /// Roughly west to east.
    Row,
}

/// What a line of the grid is to the town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// The main street and the one that crosses it in the centre.
    Main,
    /// A road that goes through.
    Through,
    /// An ordinary street.
    Side,
}

/// One block's length of a line: from crossing `step` to `step + 1` of line `line`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Block {
    pub(super) way: Way,
    pub(super) line: usize,
    pub(super) step: usize,
}

/// The lines of one family: where they cross the other axis, and their ranks.
pub(super) struct Lines {
    pub(super) at_m: Vec<f64>,
    pub(super) ranks: Vec<Rank>,
    pub(super) centre: usize,
}

impl Lines {
    pub(super) fn new(random: &mut Random, radius_m: f64, centre_m: f64, edge_m: f64) -> Self {
        let mut side = |sign: f64| {
            let mut at = Vec::new();
            let mut distance_m = 0.0;
            while distance_m < radius_m * MAIN_REACH {
                let share = (distance_m / radius_m).min(1.0);
                let wide_m = centre_m + (edge_m - centre_m) * share;
                distance_m += wide_m * random.between(0.84, 1.2);
                at.push(sign * distance_m);
            }
            at
        };
        let mut at_m = side(-1.0);
        at_m.reverse();
        let centre = at_m.len();
        at_m.push(0.0);
        at_m.extend(side(1.0));
        let ranks = Self::ranks(random, at_m.len(), centre);
        Self { at_m, ranks, centre }
    }

    /// Every third to fifth line on either side of the main one goes through.
    fn ranks(random: &mut Random, lines: usize, centre: usize) -> Vec<Rank> {
        let mut ranks = vec![Rank::Side; lines];
        ranks[centre] = Rank::Main;
        let mut at = centre + random.whole(3, 5) as usize;
        while at < lines {
            ranks[at] = Rank::Through;
            at += random.whole(3, 5) as usize;
        }
        let mut back = random.whole(3, 5) as usize;
        while back <= centre {
            ranks[centre - back] = Rank::Through;
            back += random.whole(3, 5) as usize;
        }
        ranks
    }
}

/// Room for the river between two rows, beside an ordinary block, in metres.
const RIVER_ROOM_M: f64 = 70.0;

/// Makes room for the river and says which row lies south of it; none in a village of few rows.
pub(super) fn open_river(rows: &mut Lines, radius_m: f64) -> Option<usize> {
    let wanted_m = -0.34 * radius_m;
    let bank = (0..rows.centre.checked_sub(1)?).rev().find(|&row| rows.at_m[row] < wanted_m)?;
    for at_m in &mut rows.at_m[..=bank] {
        *at_m -= RIVER_ROOM_M;
    }
    Some(bank)
}
