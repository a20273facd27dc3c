//! Which ground is taken: circles around buildings, streets and the river, found by a coarse
//! grid of squares.

use super::shape::{CENTRE, Metres};

/// Side of a square in metres: no two circles that touch are further apart than one square.
const SQUARE_M: f64 = 52.0;
/// Half a street with its sidewalks, in metres.
const STREET_M: f64 = 4.6;
const RIVER_M: f64 = 24.0;
/// Streets and rivers are rows of circles this far apart.
const STEP_M: f64 = 6.0;

/// Ground of one town.
pub(super) struct Ground {
    corner: Metres,
    columns: usize,
    rows: usize,
    squares: Vec<Vec<(Metres, f64)>>,
}

impl Ground {
    /// The ground around these streets, with nothing on it but them and the river.
    pub(super) fn new<'a>(
        lines: impl Iterator<Item = &'a Vec<Metres>> + Clone,
        river: &[Metres],
    ) -> Self {
        let mut ground = Self::around(lines.clone().flatten());
        for line in lines {
            ground.take_line(line, STREET_M);
        }
        ground.take_line(river, RIVER_M);
        ground
    }

    fn around<'a>(points: impl Iterator<Item = &'a Metres>) -> Self {
        let (mut low, mut high) = (CENTRE, (0.0_f64, 0.0_f64));
        for point in points {
            low.east = low.east.min(point.east);
            low.north = low.north.min(point.north);
            high = (high.0.max(point.east), high.1.max(point.north));
        }
        let corner = Metres { east: low.east - SQUARE_M, north: low.north - SQUARE_M };
        let columns = steps(high.0 - corner.east) + 2;
        let rows = steps(high.1 - corner.north) + 2;
        Self { corner, columns, rows, squares: vec![Vec::new(); columns * rows] }
    }

    fn take_line(&mut self, line: &[Metres], room_m: f64) {
        for ends in line.windows(2) {
            let length_m = ends[0].distance_m(ends[1]);
            let mut at_m = 0.0;
            while at_m < length_m {
                self.take(ends[0].towards(ends[1], at_m / length_m), room_m);
                at_m += STEP_M;
            }
        }
        if let Some(last) = line.last() {
            self.take(*last, room_m);
        }
    }

    /// Takes a circle, if no other reaches into it; says whether it did.
    pub(super) fn claim(&mut self, at: Metres, room_m: f64) -> bool {
        let Some((column, row)) = self.square(at) else { return false };
        for column in column.saturating_sub(1)..=(column + 1).min(self.columns - 1) {
            for row in row.saturating_sub(1)..=(row + 1).min(self.rows - 1) {
                let taken = &self.squares[column * self.rows + row];
                if taken.iter().any(|&(other, its_m)| at.distance_m(other) < room_m + its_m) {
                    return false;
                }
            }
        }
        self.take(at, room_m);
        true
    }

    /// Takes a circle, whatever is there; nothing far out of town.
    fn take(&mut self, at: Metres, room_m: f64) {
        if let Some((column, row)) = self.square(at) {
            self.squares[column * self.rows + row].push((at, room_m));
        }
    }

    fn square(&self, at: Metres) -> Option<(usize, usize)> {
        let (east_m, north_m) = (at.east - self.corner.east, at.north - self.corner.north);
        if east_m < 0.0 || north_m < 0.0 {
            return None;
        }
        let (column, row) = (steps(east_m), steps(north_m));
        (column < self.columns && row < self.rows).then_some((column, row))
    }
}

/// Whole squares in a distance that is not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few kilometres")]
fn steps(distance_m: f64) -> usize {
    (distance_m / SQUARE_M) as usize
}
