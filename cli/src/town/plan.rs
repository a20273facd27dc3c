//! The ground plan: an irregular grid of blocks, bent and turned, with a river through it.
//!
//! It knows crossings and the ways between them, in metres around the town's centre. It does not
//! name streets or place houses. Every way that is kept can be reached from the centre.

use std::f64::consts::TAU;

use libm::sin;

use super::grid::{Block, Lines, Rank, Way, open_river};
use super::random::Random;
use super::shape::{Bend, CENTRE, Metres, Outline};

/// Crossings, the ways between them, and the river.
pub(super) struct Plan {
    columns: Lines,
    rows: Lines,
    crossings: Vec<Metres>,
    kept: Vec<bool>,
    /// The row south of the river.
    bank: Option<usize>,
    pub(super) river: Vec<Metres>,
    pub(super) radius_m: f64,
}

impl Plan {
    pub(super) fn new(seed: u64, radius_m: f64) -> Self {
        let mut random = Random::stream(seed, "plan");
        let columns = Lines::new(&mut random, radius_m, 88.0, 150.0);
        let mut rows = Lines::new(&mut random, radius_m, 120.0, 190.0);
        let bank = open_river(&mut rows, radius_m);
        let bend = Bend::new(&mut random);
        let outline =
            Outline { radius_m, phases: [random.between(0.0, TAU), random.between(0.0, TAU)] };
        let mut plan = Self {
            crossings: crossings(&mut random, &columns, &rows, &bend),
            kept: Vec::new(),
            river: bank.map_or_else(Vec::new, |bank| river(&mut random, &rows, bank, &bend)),
            columns,
            rows,
            bank,
            radius_m,
        };
        plan.kept = vec![false; plan.crossings.len() * 2];
        plan.keep_ways(&mut random, &outline);
        plan
    }

    pub(super) const fn lines(&self, way: Way) -> usize {
        match way {
            Way::Column => self.columns.at_m.len(),
            Way::Row => self.rows.at_m.len(),
        }
    }

    /// How many crossings lie on a line of this family.
    pub(super) const fn steps(&self, way: Way) -> usize {
        match way {
            Way::Column => self.rows.at_m.len(),
            Way::Row => self.columns.at_m.len(),
        }
    }

    /// The step at which a line of this family crosses the main street or the one across.
    pub(super) const fn centre(&self, way: Way) -> usize {
        match way {
            Way::Column => self.rows.centre,
            Way::Row => self.columns.centre,
        }
    }

    pub(super) fn rank(&self, way: Way, line: usize) -> Rank {
        match way {
            Way::Column => self.columns.ranks[line],
            Way::Row => self.rows.ranks[line],
        }
    }

    fn index(&self, way: Way, line: usize, step: usize) -> usize {
        match way {
            Way::Column => line * self.rows.at_m.len() + step,
            Way::Row => step * self.rows.at_m.len() + line,
        }
    }

    pub(super) fn crossing(&self, way: Way, line: usize, step: usize) -> Metres {
        self.crossings[self.index(way, line, step)]
    }

    pub(super) fn is_kept(&self, block: Block) -> bool {
        let Block { way, line, step } = block;
        step + 1 < self.steps(way) && self.kept[self.slot(block)] && line < self.lines(way)
    }

    pub(super) fn crosses_river(&self, block: Block) -> bool {
        block.way == Way::Column && self.bank == Some(block.step)
    }

    fn slot(&self, block: Block) -> usize {
        self.index(block.way, block.line, block.step) * 2 + usize::from(block.way == Way::Row)
    }

    fn keep_ways(&mut self, random: &mut Random, outline: &Outline) {
        let mut joined = Joined::new(self.crossings.len());
        let mut spare = Vec::new();
        for block in self.blocks(outline) {
            if self.wanted(random, block) {
                self.keep(block, &mut joined);
            } else if !self.crosses_river(block) {
                spare.push(block);
            }
        }
        random.shuffle(&mut spare);
        for block in spare {
            let (from, to) = self.ends(block);
            if joined.root(from) != joined.root(to) {
                self.keep(block, &mut joined);
            }
        }
        self.leave_islands(&mut joined);
    }

    /// Every block whose two ends the town reaches.
    fn blocks(&self, outline: &Outline) -> Vec<Block> {
        let mut blocks = Vec::new();
        for way in [Way::Column, Way::Row] {
            for line in 0..self.lines(way) {
                for step in 0..self.steps(way) - 1 {
                    let inside = |step: usize| {
                        let (x, y) = match way {
                            Way::Column => (self.columns.at_m[line], self.rows.at_m[step]),
                            Way::Row => (self.columns.at_m[step], self.rows.at_m[line]),
                        };
                        outline.reaches(x, y, self.rank(way, line))
                    };
                    if inside(step) && inside(step + 1) {
                        blocks.push(Block { way, line, step });
                    }
                }
            }
        }
        blocks
    }

    /// Side streets have gaps, more of them towards the edge; the river has few bridges.
    fn wanted(&self, random: &mut Random, block: Block) -> bool {
        let rank = self.rank(block.way, block.line);
        let (from, to) = self.ends(block);
        let middle = self.crossings[from].towards(self.crossings[to], 0.5);
        let share = middle.distance_m(CENTRE) / self.radius_m;
        let gap_per_mille = if share < 0.35 { 30 } else { 30 + per_mille(share - 0.35) / 2 };
        match (rank, self.crosses_river(block)) {
            (Rank::Main, _) | (Rank::Through, false) => true,
            (Rank::Through, true) => random.chance(550),
            (Rank::Side, true) => false,
            (Rank::Side, false) => !random.chance(gap_per_mille.min(400)),
        }
    }

    fn ends(&self, block: Block) -> (usize, usize) {
        let Block { way, line, step } = block;
        (self.index(way, line, step), self.index(way, line, step + 1))
    }

    fn keep(&mut self, block: Block, joined: &mut Joined) {
        let (from, to) = self.ends(block);
        joined.join(from, to);
        let slot = self.slot(block);
        self.kept[slot] = true;
    }

    /// Lets go of what cannot be reached from the centre.
    fn leave_islands(&mut self, joined: &mut Joined) {
        let centre = self.index(Way::Column, self.columns.centre, self.rows.centre);
        let mainland = joined.root(centre);
        for at in 0..self.crossings.len() {
            if joined.root(at) != mainland {
                self.kept[at * 2] = false;
                self.kept[at * 2 + 1] = false;
            }
        }
    }
}

/// A share as a number out of 1,000; nothing below 0 or above 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000")]
pub(super) fn per_mille(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 1000.0) as u32
}

fn crossings(random: &mut Random, columns: &Lines, rows: &Lines, bend: &Bend) -> Vec<Metres> {
    let mut crossings = Vec::with_capacity(columns.at_m.len() * rows.at_m.len());
    for &x in &columns.at_m {
        for &y in &rows.at_m {
            let (x, y) = (x + random.between(-7.0, 7.0), y + random.between(-7.0, 7.0));
            crossings.push(bend.at(x, y));
        }
    }
    crossings
}

fn river(random: &mut Random, rows: &Lines, bank: usize, bend: &Bend) -> Vec<Metres> {
    let middle_m = f64::midpoint(rows.at_m[bank], rows.at_m[bank + 1]);
    let end_m = rows.at_m.last().copied().unwrap_or_default() * 1.25 + 200.0;
    let phase = random.between(0.0, TAU);
    let mut line = Vec::new();
    let mut x = -end_m;
    while x < end_m {
        let swing_m = 13.0 * sin(x / 60.0 + phase) + 8.0 * sin(x / 23.0);
        line.push(bend.at(x, middle_m + swing_m));
        x += 18.0;
    }
    line
}

/// Which crossings hang together: a forest of disjoint sets.
struct Joined(Vec<usize>);

impl Joined {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a] = b;
    }
}
