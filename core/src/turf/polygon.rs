//! A turf's border: valid rings, and which positions lie within them.

use geo::{Area, ConvexHull};

use super::check::{MAX_TURF_POINTS, Ring, TurfError, check_together};
use super::grid::{Bounds, Side, Spot};
use crate::geometry::{self, Plane, Point};

/// How far [`TurfPolygon::around`] stays away from the points, in metres: about the depth of
/// a front garden, so that a door at the edge is drawn well inside.
const HULL_MARGIN_M: f64 = 15.0;

/// A part of the map with a border: one outer ring, and holes that do not belong to it.
///
/// The border is half-open: a position on it belongs to the piece to its east (or north, if
/// the border runs level), so that where turfs share a border each door is in exactly one.
/// Longitude does not wrap: a turf does not reach across the 180th meridian.
#[derive(Clone, Debug)]
pub struct TurfPolygon {
    rings: Vec<Vec<Point>>,
    sides: Vec<Side>,
    bounds: Bounds,
}

impl TurfPolygon {
    /// Reads an outer ring and its holes, or says what is wrong with them and where.
    ///
    /// Rings may run either way round, and may or may not repeat their first point at the
    /// end. Points are rounded to 1e-7 degree; points that then repeat are dropped.
    pub fn new(outer: &[Point], holes: &[Vec<Point>]) -> Result<Self, TurfError> {
        let given = || std::iter::once(outer).chain(holes.iter().map(Vec::as_slice));
        let count = u32::try_from(given().map(<[Point]>::len).sum::<usize>()).unwrap_or(u32::MAX);
        if count > MAX_TURF_POINTS {
            return Err(TurfError::TooManyPoints { count });
        }
        if outer.is_empty() {
            return Err(TurfError::NoRing);
        }
        let rings: Vec<Ring> = (0..)
            .zip(given())
            .map(|(ring, points)| Ring::read(ring, points))
            .collect::<Result<_, _>>()?;
        rings.iter().try_for_each(Ring::check_alone)?;
        check_together(&rings)?;
        Ok(Self::of(&rings))
    }

    /// A turf that holds all `points` with some room around them: their convex hull, 15 m
    /// wider, for drawing and for a first selection.
    pub fn around(points: &[Point]) -> Result<Self, TurfError> {
        let plane = Plane::around(points.iter().copied());
        let diagonal = HULL_MARGIN_M * std::f64::consts::FRAC_1_SQRT_2;
        let eighths = [
            (HULL_MARGIN_M, 0.0),
            (diagonal, diagonal),
            (0.0, HULL_MARGIN_M),
            (-diagonal, diagonal),
            (-HULL_MARGIN_M, 0.0),
            (-diagonal, -diagonal),
            (0.0, -HULL_MARGIN_M),
            (diagonal, -diagonal),
        ];
        let mut wider = Vec::with_capacity(points.len() * eighths.len());
        for &point in points {
            let (east, north) = plane.metres(point);
            wider.extend(eighths.map(|(x, y)| {
                let (lat, lon) = plane.point(east + x, north + y).to_e7();
                geo::Coord { x: f64::from(lon), y: f64::from(lat) }
            }));
        }
        let hull = geo::MultiPoint::from(wider).convex_hull();
        #[expect(clippy::cast_possible_truncation, reason = "made from i32 above")]
        let corner = |c: &geo::Coord| Point::from_e7(c.y as i32, c.x as i32);
        let outer: Vec<Point> = hull.exterior().coords().map(corner).collect();
        Self::new(&outer, &[])
    }

    fn of(rings: &[Ring]) -> Self {
        let spots = || rings.iter().flat_map(|ring| ring.spots.iter().copied());
        let bounds = Bounds::around(spots()).expect("a ring that was read has points");
        let sides = rings
            .iter()
            .flat_map(|ring| {
                let next = ring.spots.iter().cycle().skip(1);
                ring.spots.iter().zip(next).filter_map(|(&a, &b)| Side::between(a, b))
            })
            .collect();
        let rings = rings.iter().map(|ring| ring.spots.iter().map(point).collect()).collect();
        Self { rings, sides, bounds }
    }

    /// Whether `point`, rounded to 1e-7 degree, belongs to this turf.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let spot = Spot::of(point);
        self.bounds.holds(spot)
            && self.sides.iter().filter(|side| side.counts_for(spot)).count() % 2 == 1
    }

    /// The smallest box around it, in steps.
    pub(super) const fn reach(&self) -> &Bounds {
        &self.bounds
    }

    /// The rings, each without a repeated last point: the outer one first, then the holes.
    #[must_use]
    pub fn rings(&self) -> &[Vec<Point>] {
        &self.rings
    }

    /// The smallest box around the turf.
    #[must_use]
    pub fn bounding_box(&self) -> geometry::Bounds {
        geometry::Bounds {
            south_west: point(&self.bounds.low),
            north_east: point(&self.bounds.high),
        }
    }

    /// The area without the holes, in square metres (on a flat map around the turf: within
    /// 0.1 % for anything up to the size of a town).
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        let plane = Plane::around(self.rings.iter().flatten().copied());
        let mut lines = self.rings.iter().map(|ring| -> geo::LineString {
            ring.iter().map(|&corner| geo::Coord::from(plane.metres(corner))).collect()
        });
        let outer = lines.next().unwrap_or_else(|| geo::LineString::new(Vec::new()));
        geo::Polygon::new(outer, lines.collect()).unsigned_area()
    }

    pub(super) fn sides(&self) -> &[Side] {
        &self.sides
    }
}

fn point(spot: &Spot) -> Point {
    let step = |steps: i64| i32::try_from(steps).expect("spots come from 32-bit steps");
    Point::from_e7(step(spot.y), step(spot.x))
}
