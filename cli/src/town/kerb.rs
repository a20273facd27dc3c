//! Kerbs: places along a street and beside it.

use super::shape::Metres;
use super::streets::PlanStreet;

/// A place on a street: how far along, where, and the direction of walking as a unit vector.
#[derive(Clone, Copy)]
pub(super) struct Kerb {
    pub(super) along_m: f64,
    pub(super) at: Metres,
    pub(super) ahead: (f64, f64),
}

impl Kerb {
    /// The place beside the street, `back_m` from its middle.
    pub(super) fn beside(&self, left: bool, back_m: f64) -> Metres {
        let (east, north) = self.ahead;
        let side_m = if left { back_m } else { -back_m };
        Metres { east: self.at.east - north * side_m, north: self.at.north + east * side_m }
    }
}

/// A straight piece of a street, and how far along the street it begins.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    from: Metres,
    to: Metres,
    starts_m: f64,
}

impl Piece {
    pub(super) fn length_m(&self) -> f64 {
        self.from.distance_m(self.to)
    }

    pub(super) fn kerb(&self, at_m: f64) -> Kerb {
        let length_m = self.length_m().max(1e-3);
        Kerb {
            along_m: self.starts_m + at_m,
            at: self.from.towards(self.to, at_m / length_m),
            ahead: (
                (self.to.east - self.from.east) / length_m,
                (self.to.north - self.from.north) / length_m,
            ),
        }
    }
}

/// The straight pieces of a street; the gap between two of its lines counts as walked.
pub(super) fn pieces(street: &PlanStreet) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut walked_m, mut last) = (0.0, None::<Metres>);
    for line in &street.lines {
        if let (Some(last), Some(first)) = (last, line.first()) {
            walked_m += last.distance_m(*first);
        }
        for ends in line.windows(2) {
            let piece = Piece { from: ends[0], to: ends[1], starts_m: walked_m };
            walked_m += piece.length_m();
            pieces.push(piece);
        }
        last = line.last().copied();
    }
    pieces
}
