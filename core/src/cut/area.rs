//! Boxes on the map.

use crate::geometry::Point;

/// How far an outline stays away from its doors where there is room: about 15 m of latitude,
/// in steps of 1e-7 degree.
pub(super) const MARGIN: i32 = 1_350;

/// A box on the map, in steps of 1e-7 degree: east, north. The lower sides belong to it, the
/// upper ones do not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) low: [i32; 2],
    pub(super) high: [i32; 2],
}

impl Area {
    /// The smallest area with a margin that holds all places; none around nothing.
    pub(super) fn around(places: impl IntoIterator<Item = [i32; 2]>) -> Option<Self> {
        let mut places = places.into_iter();
        let first = places.next()?;
        let mut extent = Self { low: first, high: first };
        places.for_each(|place| extent.reach(place));
        Some(Self {
            low: extent.low.map(|low| low.saturating_sub(MARGIN)),
            high: extent.high.map(|high| high.saturating_add(MARGIN)),
        })
    }

    pub(super) fn reach(&mut self, at: [i32; 2]) {
        for (axis, at) in at.into_iter().enumerate() {
            self.low[axis] = self.low[axis].min(at);
            self.high[axis] = self.high[axis].max(at);
        }
    }

    pub(super) fn within(self, other: Self) -> Self {
        let mut both = self;
        for axis in 0..2 {
            both.low[axis] = self.low[axis].max(other.low[axis]);
            both.high[axis] = self.high[axis].min(other.high[axis]);
        }
        both
    }

    /// Half the way around, with degrees of longitude as short as they are here.
    pub(super) fn border(self, shrink: f64) -> f64 {
        let side = |axis: usize| f64::from(self.high[axis]) - f64::from(self.low[axis]);
        side(0) * shrink + side(1)
    }

    /// How many steps a square around `at` may reach and not meet the area's border.
    pub(super) fn room(self, at: [i32; 2]) -> i32 {
        let past = |axis: usize| {
            let (low, high) = (self.low[axis], self.high[axis]);
            low.saturating_sub(at[axis]).max(at[axis].saturating_sub(high - 1))
        };
        let outside = past(0).max(past(1));
        if outside > 0 { outside - 1 } else { -outside - 2 }
    }

    /// The one position in its middle.
    pub(super) fn middle(self) -> Self {
        let at = |axis: usize| i32::midpoint(self.low[axis], self.high[axis] - 1);
        let low = [at(0), at(1)];
        Self { low, high: low.map(|low| low.saturating_add(1)) }
    }

    pub(super) fn holds(self, at: [i32; 2]) -> bool {
        (0..2).all(|axis| (self.low[axis]..self.high[axis]).contains(&at[axis]))
    }

    pub(super) fn corners(self) -> Vec<Point> {
        let ([west, south], [east, north]) = (self.low, self.high);
        [(south, west), (south, east), (north, east), (north, west)]
            .map(|(north, east)| Point::from_e7(north, east))
            .to_vec()
    }
}
