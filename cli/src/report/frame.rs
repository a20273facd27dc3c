//! A frame: where a point on the ground lies in a drawing, and which lines fall inside it.

use canvass_core::geometry::{Plane, Point};

/// A place in a drawing, in its own units; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Spot {
    /// The place `share` of the way to `other`.
    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        Self { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        libm::hypot(self.x - other.x, self.y - other.y)
    }
}

/// Width of every map in units: about the pixels of a phone's screen beside its margins, so
/// that a unit is a pixel there.
pub(super) const MAP_WIDTH: f64 = 360.0;

/// Fits the ground onto a drawing of [`MAP_WIDTH`].
pub(super) struct Frame {
    plane: Plane,
    west_m: f64,
    north_m: f64,
    per_m: f64,
    pub(super) height: f64,
}

impl Frame {
    /// A frame around these points; none without points. The height follows the ground's shape,
    /// between the two limits.
    pub(super) fn around(
        points: impl IntoIterator<Item = Point> + Clone,
        margin: f64,
        heights: (f64, f64),
    ) -> Option<Self> {
        let plane = Plane::around(points.clone());
        let mut all = points.into_iter().map(|point| plane.metres(point)).peekable();
        all.peek()?;
        let start = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        let (west, south, east, north) =
            all.fold(start, |(w, s, e, n), (x, y)| (w.min(x), s.min(y), e.max(x), n.max(y)));
        // A list of one door still shows the houses around it.
        let (wide_m, high_m) = ((east - west).max(MIN_GROUND_M), (north - south).max(MIN_GROUND_M));
        let inner = MAP_WIDTH - 2.0 * margin;
        let height = (inner * high_m / wide_m + 2.0 * margin).clamp(heights.0, heights.1);
        let per_m = (inner / wide_m).min((height - 2.0 * margin) / high_m);
        Some(Self {
            plane,
            west_m: f64::midpoint(west, east) - MAP_WIDTH / per_m / 2.0,
            north_m: f64::midpoint(south, north) + height / per_m / 2.0,
            per_m,
            height,
        })
    }

    pub(super) fn spot(&self, point: Point) -> Spot {
        let (east_m, north_m) = self.plane.metres(point);
        Spot { x: (east_m - self.west_m) * self.per_m, y: (self.north_m - north_m) * self.per_m }
    }

    /// Units of the drawing for a length on the ground.
    pub(super) fn units(&self, length_m: f64) -> f64 {
        length_m * self.per_m
    }

    pub(super) fn holds(&self, spot: Spot) -> bool {
        (0.0..=MAP_WIDTH).contains(&spot.x) && (0.0..=self.height).contains(&spot.y)
    }

    /// The parts of a line that touch the frame.
    pub(super) fn clip(&self, line: &[Point]) -> Vec<Vec<Spot>> {
        let mut parts: Vec<Vec<Spot>> = Vec::new();
        let mut open = false;
        for ends in line.windows(2) {
            let (from, to) = (self.spot(ends[0]), self.spot(ends[1]));
            if !self.touches(from, to) {
                open = false;
            } else if let (true, Some(part)) = (open, parts.last_mut()) {
                part.push(to);
            } else {
                parts.push(vec![from, to]);
                open = true;
            }
        }
        parts
    }

    /// Whether the box around a straight piece reaches into the frame and a little beyond.
    fn touches(&self, from: Spot, to: Spot) -> bool {
        let apart = |a: f64, b: f64, end: f64| a.max(b) < -EDGE || a.min(b) > end + EDGE;
        !apart(from.x, to.x, MAP_WIDTH) && !apart(from.y, to.y, self.height)
    }
}

/// Ground that every map shows at least, in metres.
const MIN_GROUND_M: f64 = 60.0;
/// Half of the broadest line, so that it is not cut at the frame.
const EDGE: f64 = 12.0;
