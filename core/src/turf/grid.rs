//! Exact geometry on the grid of 1e-7 degree: which side, which crossing, inside or not.
//!
//! Everything is integer arithmetic, so that a door on a border never falls into two turfs or
//! none. A product of two differences of coordinates fits an `i64` (3.6e9 by 1.8e9 steps).

use crate::geometry::Point;

/// A position in steps: `x` east, `y` north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) x: i64,
    pub(super) y: i64,
}

impl Spot {
    pub(super) fn of(point: Point) -> Self {
        let (lat, lon) = point.to_e7();
        Self { x: i64::from(lon), y: i64::from(lat) }
    }
}

/// A closed box of spots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: Spot,
    pub(super) high: Spot,
}

impl Bounds {
    pub(super) fn around(spots: impl IntoIterator<Item = Spot>) -> Option<Self> {
        spots.into_iter().fold(None, |bounds: Option<Self>, spot| {
            let Self { low, high } = bounds.unwrap_or(Self { low: spot, high: spot });
            Some(Self {
                low: Spot { x: low.x.min(spot.x), y: low.y.min(spot.y) },
                high: Spot { x: high.x.max(spot.x), y: high.y.max(spot.y) },
            })
        })
    }

    pub(super) fn holds(&self, spot: Spot) -> bool {
        (self.low.x..=self.high.x).contains(&spot.x) && (self.low.y..=self.high.y).contains(&spot.y)
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}

/// One side of a ring, from its southern to its northern end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    south: Spot,
    north: Spot,
}

impl Side {
    /// The side between two spots; a level one never counts (see [`Self::counts_for`]).
    pub(super) fn between(a: Spot, b: Spot) -> Option<Self> {
        match a.y.cmp(&b.y) {
            std::cmp::Ordering::Less => Some(Self { south: a, north: b }),
            std::cmp::Ordering::Greater => Some(Self { south: b, north: a }),
            std::cmp::Ordering::Equal => None,
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            low: Spot { x: self.south.x.min(self.north.x), y: self.south.y },
            high: Spot { x: self.south.x.max(self.north.x), y: self.north.y },
        }
    }

    /// Whether `spot` lies strictly west of the line through this side.
    fn is_east_of(&self, spot: Spot) -> bool {
        let (rise, run) = (self.north.y - self.south.y, self.north.x - self.south.x);
        (spot.x - self.south.x) * rise < (spot.y - self.south.y) * run
    }

    /// Whether a ray from `spot` to the east crosses this side.
    ///
    /// A side owns its southern end but not its northern one, and a spot on the side is east
    /// of it. This answers for a spot moved by an infinitely small step to the north-east:
    /// that one lies on no border, hence inside exactly one piece of any partition.
    pub(super) fn counts_for(&self, spot: Spot) -> bool {
        self.south.y <= spot.y && spot.y < self.north.y && self.is_east_of(spot)
    }

    /// How this side counts for the spots of a box.
    pub(super) fn seen_from(&self, area: &Bounds) -> Seen {
        let Bounds { low, high } = self.bounds();
        if high.x <= area.low.x || low.y > area.high.y || high.y <= area.low.y {
            return Seen::Never;
        }
        if low.y > area.low.y || high.y <= area.high.y {
            return Seen::Sometimes;
        }
        let east_of = |x: i64| {
            let corner = |y: i64| self.is_east_of(Spot { x, y });
            (corner(area.low.y), corner(area.high.y))
        };
        if low.x > area.high.x || east_of(area.high.x) == (true, true) {
            Seen::Always
        } else if east_of(area.low.x) == (false, false) {
            Seen::Never
        } else {
            Seen::Sometimes
        }
    }
}

/// Whether a side counts for the spots of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// For none of them.
    Never,
    /// For some of them, perhaps.
    Sometimes,
    /// For each of them.
    Always,
}

/// Twice the signed area of the triangle: positive if it turns left.
fn turn(a: Spot, b: Spot, c: Spot) -> i128 {
    let product = |p: i64, q: i64| i128::from(p) * i128::from(q);
    product(b.x - a.x, c.y - a.y) - product(b.y - a.y, c.x - a.x)
}

/// Whether the corner `a`, `b`, `c` turns straight back on itself.
pub(super) fn is_spike(a: Spot, b: Spot, c: Spot) -> bool {
    let ahead = i128::from(b.x - a.x) * i128::from(c.x - b.x)
        + i128::from(b.y - a.y) * i128::from(c.y - b.y);
    turn(a, b, c) == 0 && ahead < 0
}

/// Whether two closed line segments share a spot.
pub(super) fn segments_meet(a: (Spot, Spot), b: (Spot, Spot)) -> bool {
    let boxes = |(p, q): (Spot, Spot)| Bounds::around([p, q]);
    let apart = boxes(a).zip(boxes(b)).is_none_or(|(one, other)| !one.meets(&other));
    if apart {
        return false;
    }
    let sides = |line: (Spot, Spot), other: (Spot, Spot)| {
        turn(line.0, line.1, other.0).signum() * turn(line.0, line.1, other.1).signum()
    };
    sides(a, b) <= 0 && sides(b, a) <= 0
}
