//! What a map of a walk shows, ready to draw: no tiles, no server, no network.
//!
//! A shell draws lines, labels and pins where it is told; it sorts, counts and measures nothing.
//! Positions stay degrees: a shell projects them as its screen asks. What is smaller than a
//! pixel at the zoom is left out.

mod pins;
mod streets;

pub use pins::{MapPin, PinStop, pins};
pub use streets::{MapLabel, MapLine, labels, lines};

use crate::geometry::Point;

/// A zoom level as web maps count them: at 0 the world is 256 pixels wide, each level doubles
/// it. A phone shows a few blocks at 16 and single houses at 18.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zoom(f64);

/// The deepest zoom that makes a difference: a pixel is 15 cm at the equator.
const DEEPEST: f64 = 20.0;
/// Pixels around the world at zoom 0.
const WORLD_PIXELS: f64 = 256.0;
/// Metres around the equator (WGS 84).
const EQUATOR_M: f64 = 40_075_016.7;

impl Zoom {
    /// The zoom of this level; what is not a number, too far out or too deep is brought into
    /// 0 to 20.
    #[must_use]
    pub fn new(level: f64) -> Self {
        Self(if level.is_finite() { level.clamp(0.0, DEEPEST) } else { DEEPEST })
    }

    /// The level.
    #[must_use]
    pub const fn level(self) -> f64 {
        self.0
    }

    /// Metres across one pixel at a latitude.
    #[must_use]
    pub fn metres_per_pixel(self, at: Point) -> f64 {
        let around = EQUATOR_M * libm::cos(at.lat.to_radians());
        around / (WORLD_PIXELS * libm::exp2(self.0))
    }

    /// Where a position lies on the map of the world, in pixels from its north-western corner
    /// (Web Mercator).
    fn pixels(self, at: Point) -> (f64, f64) {
        /// Beyond it Web Mercator has no place: the map is a square.
        const LAST_LATITUDE: f64 = 85.051_128;
        let world = WORLD_PIXELS * libm::exp2(self.0);
        let lat = at.lat.clamp(-LAST_LATITUDE, LAST_LATITUDE).to_radians();
        let north = libm::log(libm::tan(core::f64::consts::FRAC_PI_4 + lat / 2.0));
        let (x, y) = ((at.lon + 180.0) / 360.0, 0.5 - north / core::f64::consts::TAU);
        (x * world, y * world)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_has_the_size_that_web_maps_give_it() {
        let equator = Point::from_e7(0, 10);
        assert!((Zoom::new(0.0).metres_per_pixel(equator) - 156_543.03).abs() < 0.01);
        let boston = Point::new(42.36, -71.06).expect("a position");
        assert!((Zoom::new(16.0).metres_per_pixel(boston) - 1.765).abs() < 0.001);
        assert_eq!(Zoom::new(f64::NAN), Zoom::new(20.0));
        assert_eq!(Zoom::new(-4.0), Zoom::new(0.0));
    }

    #[test]
    fn the_middle_of_the_world_is_the_middle_of_the_map() {
        let (x, y) = Zoom::new(0.0).pixels(Point { lat: 0.0, lon: 0.0 });
        assert!((x - 128.0).abs() < 1e-9 && (y - 128.0).abs() < 1e-9);
        let (x, y) = Zoom::new(0.0).pixels(Point { lat: 90.0, lon: 180.0 });
        assert!((x - 256.0).abs() < 1e-9 && y.abs() < 1e-3);
    }
}
