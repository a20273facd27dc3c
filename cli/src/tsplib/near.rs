//! Nearby places on a plane: cells of a grid, searched in rings.

/// Places sorted into the square cells of a grid.
pub(super) struct Grid {
    origin: (f64, f64),
    cell: f64,
    across: usize,
    down: usize,
    /// Where each cell begins in `places`; one more than there are cells.
    starts: Vec<u32>,
    places: Vec<u32>,
}

/// How many places a cell holds on average.
const PER_CELL: f64 = 2.0;
/// How far off the nearest in a direction may be, in cells: across from one street to the next.
const FARTHEST_RING: usize = 4;
/// With quarters, a street's own doors would hide the next street's.
const EIGHTHS: usize = 8;

/// Which eighth of the compass a way goes to.
fn eighth(x: f64, y: f64) -> usize {
    usize::from(x > 0.0) + 2 * usize::from(y > 0.0) + 4 * usize::from(x.abs() > y.abs())
}

impl Grid {
    pub(super) fn of(at: &[(f64, f64)]) -> Self {
        let low = at.iter().fold((f64::MAX, f64::MAX), |l, p| (l.0.min(p.0), l.1.min(p.1)));
        let high = at.iter().fold((f64::MIN, f64::MIN), |h, p| (h.0.max(p.0), h.1.max(p.1)));
        let (width, height) = ((high.0 - low.0).max(1e-9), (high.1 - low.1).max(1e-9));
        let cells = (at.len() as f64 / PER_CELL).max(1.0);
        let cell = (width * height / cells).sqrt().max(width.max(height) / cells);
        let mut grid = Self {
            origin: low,
            cell,
            across: whole(width / cell) + 1,
            down: whole(height / cell) + 1,
            starts: Vec::new(),
            places: vec![0; at.len()],
        };
        grid.fill(at);
        grid
    }

    fn fill(&mut self, at: &[(f64, f64)]) {
        self.starts = vec![0; self.across * self.down + 1];
        for &place in at {
            let cell = self.cell_of(place);
            self.starts[cell + 1] += 1;
        }
        for cell in 1..self.starts.len() {
            self.starts[cell] += self.starts[cell - 1];
        }
        let mut free = self.starts.clone();
        for (place, &position) in (0..).zip(at) {
            let slot = &mut free[self.cell_of(position)];
            self.places[*slot as usize] = place;
            *slot += 1;
        }
    }

    fn column_row(&self, place: (f64, f64)) -> (usize, usize) {
        let column = whole((place.0 - self.origin.0) / self.cell);
        let row = whole((place.1 - self.origin.1) / self.cell);
        (column.min(self.across - 1), row.min(self.down - 1))
    }

    fn cell_of(&self, place: (f64, f64)) -> usize {
        let (column, row) = self.column_row(place);
        row * self.across + column
    }

    /// About `count` places around a place: the nearest in each eighth of the compass, if it is
    /// not too far off, then the nearest of all.
    pub(super) fn neighbours(&self, at: &[(f64, f64)], of: u32, count: usize) -> Vec<u32> {
        let here = at[of as usize];
        let (column, row) = self.column_row(here);
        let mut best = [(f64::MAX, u32::MAX); EIGHTHS];
        for ring in 0..=FARTHEST_RING {
            self.each_in_ring(column, row, ring, |place| {
                let there = at[place as usize];
                let (x, y) = (there.0 - here.0, there.1 - here.1);
                let square = x * x + y * y;
                let best = &mut best[eighth(x, y)];
                if place != of && square < best.0 {
                    *best = (square, place);
                }
            });
        }
        let mut chosen: Vec<u32> =
            best.iter().filter(|best| best.0 < f64::MAX).map(|best| best.1).collect();
        chosen.truncate(count);
        let near = self.nearest(at, of, count);
        let lacking = count - chosen.len();
        let rest: Vec<u32> =
            near.into_iter().filter(|place| !chosen.contains(place)).take(lacking).collect();
        chosen.extend(rest);
        chosen
    }

    /// The `count` nearest other places, nearest first.
    pub(super) fn nearest(&self, at: &[(f64, f64)], of: u32, count: usize) -> Vec<u32> {
        let here = at[of as usize];
        let (column, row) = self.column_row(here);
        let mut found: Vec<(f64, u32)> = Vec::with_capacity(4 * count);
        for ring in 0..self.across.max(self.down) {
            self.each_in_ring(column, row, ring, |place| {
                let there = at[place as usize];
                let (x, y) = (here.0 - there.0, here.1 - there.1);
                if place != of {
                    found.push((x * x + y * y, place));
                }
            });
            // Whatever lies in a later ring is at least so far away.
            let reached = ring as f64 * self.cell;
            if found.iter().filter(|(square, _)| *square <= reached * reached).count() >= count {
                break;
            }
        }
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(count).map(|(_, place)| place).collect()
    }

    fn each_in_ring(&self, column: usize, row: usize, ring: usize, mut hear: impl FnMut(u32)) {
        let rows = row.saturating_sub(ring)..=(row + ring).min(self.down - 1);
        for y in rows {
            let edge = y + ring == row || y == row + ring;
            let mut x = column.saturating_sub(ring);
            while x <= (column + ring).min(self.across - 1) {
                let inside = !edge && x + ring != column && x != column + ring;
                if inside {
                    // On to the ring's other side.
                    x = column + ring;
                    continue;
                }
                let cell = y * self.across + x;
                let (from, to) = (self.starts[cell] as usize, self.starts[cell + 1] as usize);
                self.places[from..to].iter().for_each(|&place| hear(place));
                x += 1;
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a column or row of the grid"
)]
fn whole(cells: f64) -> usize {
    cells as usize
}
