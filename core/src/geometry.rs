//! Points on the ground and metres between them.
//!
//! A position is kept in steps of 1e-7 degree (about a centimetre), so that it has one exact
//! form in files, on the wire and in memory. Distances use [`libm`], not the platform's own
//! cosine: two phones must order a list alike, to the last bit.

use serde::{Deserialize, Serialize};

/// Mean radius of the Earth in metres (IUGG 1980, R1).
const EARTH_RADIUS_M: f64 = 6_371_008.8;
const STEPS_PER_DEGREE: f64 = 1e7;

/// A position in WGS 84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Point {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
}

/// Why two numbers are not a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// Not a number, or infinite.
    #[error("not a finite number")]
    NotFinite,
    /// Latitude beyond 90 degrees; with a longitude that would fit, they may be swapped.
    #[error("latitude beyond 90 degrees")]
    Latitude,
    /// Longitude beyond 180 degrees.
    #[error("longitude beyond 180 degrees")]
    Longitude,
    /// Exactly 0, 0: what a geocoder writes when it found nothing.
    #[error("latitude and longitude are both zero")]
    Zero,
}

impl Point {
    /// The position at these degrees, rounded to 1e-7 degree.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PointError> {
        if !lat.is_finite() || !lon.is_finite() {
            return Err(PointError::NotFinite);
        }
        if lat.abs() > 90.0 {
            return Err(PointError::Latitude);
        }
        if lon.abs() > 180.0 {
            return Err(PointError::Longitude);
        }
        if lat == 0.0 && lon == 0.0 {
            return Err(PointError::Zero);
        }
        Ok(Self { lat, lon }.rounded())
    }

    /// The position `lat` and `lon` steps of 1e-7 degree from the equator and Greenwich.
    #[must_use]
    pub fn from_e7(lat: i32, lon: i32) -> Self {
        Self { lat: f64::from(lat) / STEPS_PER_DEGREE, lon: f64::from(lon) / STEPS_PER_DEGREE }
    }

    /// Latitude and longitude in steps of 1e-7 degree.
    #[expect(clippy::cast_possible_truncation, reason = "180e7 fits; a cast of more saturates")]
    #[must_use]
    pub fn to_e7(self) -> (i32, i32) {
        let steps = |degrees: f64| (degrees * STEPS_PER_DEGREE).round() as i32;
        (steps(self.lat), steps(self.lon))
    }

    fn rounded(self) -> Self {
        let (lat, lon) = self.to_e7();
        Self::from_e7(lat, lon)
    }

    /// Metres to `other` in a straight line over the ground (haversine on a sphere: within
    /// 0.6 % of the ellipsoid, and far closer for neighbours compared with each other).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = libm::sin((lat2 - lat1) / 2.0);
        let half_lon = libm::sin((other.lon - self.lon).to_radians() / 2.0);
        let h = half_lat * half_lat + libm::cos(lat1) * libm::cos(lat2) * half_lon * half_lon;
        2.0 * EARTH_RADIUS_M * libm::asin(h.sqrt().min(1.0))
    }
}

/// A box on the map. Does not reach across the date line.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Bounds {
    /// The corner with the least latitude and longitude.
    pub south_west: Point,
    /// The corner with the greatest.
    pub north_east: Point,
}

impl Bounds {
    /// The box around these points; at 0, 0 when there are none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Self {
        let mut points = points.into_iter();
        let first = points.next().unwrap_or(Point { lat: 0.0, lon: 0.0 });
        let one = Self { south_west: first, north_east: first };
        points.fold(one, |Self { south_west: low, north_east: high }, p| Self {
            south_west: Point { lat: low.lat.min(p.lat), lon: low.lon.min(p.lon) },
            north_east: Point { lat: high.lat.max(p.lat), lon: high.lon.max(p.lon) },
        })
    }

    /// Whether a point lies in the box or on its border.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        (self.south_west.lat..=self.north_east.lat).contains(&point.lat)
            && (self.south_west.lon..=self.north_east.lon).contains(&point.lon)
    }

    /// Whether the two boxes share a point.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let (low, high) = (self.south_west, self.north_east);
        let (other_low, other_high) = (other.south_west, other.north_east);
        low.lat <= other_high.lat
            && other_low.lat <= high.lat
            && low.lon <= other_high.lon
            && other_low.lon <= high.lon
    }
}

/// A flat map of one town: positions in metres east and north of a centre.
///
/// Equirectangular around the centre's latitude: below 0.1 % of error within 25 km of it.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    centre: Point,
    metres_per_degree_lon: f64,
    metres_per_degree_lat: f64,
}

impl Plane {
    /// A map centred on the box around `points`; on 0, 0 when there are none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Self {
        let mut bounds: Option<(Point, Point)> = None;
        for p in points {
            let (low, high) = bounds.unwrap_or((p, p));
            bounds = Some((
                Point { lat: low.lat.min(p.lat), lon: low.lon.min(p.lon) },
                Point { lat: high.lat.max(p.lat), lon: high.lon.max(p.lon) },
            ));
        }
        let centre = bounds.map_or(Point { lat: 0.0, lon: 0.0 }, |(low, high)| Point {
            lat: f64::midpoint(low.lat, high.lat),
            lon: f64::midpoint(low.lon, high.lon),
        });
        let metres_per_degree_lat = EARTH_RADIUS_M.to_radians();
        Self {
            centre,
            metres_per_degree_lon: metres_per_degree_lat * libm::cos(centre.lat.to_radians()),
            metres_per_degree_lat,
        }
    }

    /// Metres east and north of the centre.
    #[must_use]
    pub fn metres(&self, point: Point) -> (f64, f64) {
        (
            (point.lon - self.centre.lon) * self.metres_per_degree_lon,
            (point.lat - self.centre.lat) * self.metres_per_degree_lat,
        )
    }

    /// The position this many metres east and north of the centre.
    #[must_use]
    pub fn point(&self, east_m: f64, north_m: f64) -> Point {
        Point {
            lat: self.centre.lat + north_m / self.metres_per_degree_lat,
            lon: self.centre.lon + east_m / self.metres_per_degree_lon,
        }
        .rounded()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).expect("a position")
    }

    #[test]
    fn one_degree_north_is_a_sixtieth_of_a_quarter_turn() {
        let metres = point(44.0, -73.0).distance_m(point(45.0, -73.0));
        assert!((metres - 111_195.08).abs() < 0.01, "{metres}");
    }

    #[test]
    fn the_plane_agrees_with_the_sphere_within_a_town() {
        let (a, b) = (point(44.49, -73.19), point(44.51, -73.17));
        let plane = Plane::around([a, b]);
        let ((ax, ay), (bx, by)) = (plane.metres(a), plane.metres(b));
        let flat = (ax - bx).hypot(ay - by);
        assert!((flat / a.distance_m(b) - 1.0).abs() < 1e-4);
        assert_eq!(plane.point(ax, ay), a);
    }

    #[test]
    fn impossible_positions_say_why() {
        assert_eq!(Point::new(f64::NAN, 0.0), Err(PointError::NotFinite));
        assert_eq!(Point::new(-110.0, 44.0), Err(PointError::Latitude));
        assert_eq!(Point::new(44.0, 190.0), Err(PointError::Longitude));
        assert_eq!(Point::new(0.0, 0.0), Err(PointError::Zero));
    }
}
