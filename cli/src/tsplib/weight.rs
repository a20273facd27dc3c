//! How TSPLIB rounds the distance between two places to a whole number.

/// `EDGE_WEIGHT_TYPE` of instances with coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// To the nearest whole number.
    Euclidean,
    /// Up.
    EuclideanUp,
    /// The "pseudo-Euclidean" distance of att48 and att532.
    Att,
    /// Kilometres on a sphere; coordinates are degrees and minutes, as `DDD.MM`.
    Geographical,
}

/// TSPLIB's own value of pi and of the earth's radius: with better ones its optima are wrong.
#[expect(clippy::approx_constant, reason = "as said")]
const PI: f64 = 3.141_592;
const EARTH_KM: f64 = 6_378.388;

impl Weight {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "EUC_2D" => Self::Euclidean,
            "CEIL_2D" => Self::EuclideanUp,
            "ATT" => Self::Att,
            "GEO" => Self::Geographical,
            _ => return None,
        })
    }

    /// Whether near on the plane of the coordinates is near.
    pub(super) fn is_flat(self) -> bool {
        self != Self::Geographical
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "coordinates are bounded when they are read, so that distances fit"
    )]
    pub(super) fn between(self, a: (f64, f64), b: (f64, f64)) -> u32 {
        let (x, y) = (a.0 - b.0, a.1 - b.1);
        match self {
            Self::Euclidean => ((x * x + y * y).sqrt() + 0.5) as u32,
            Self::EuclideanUp => (x * x + y * y).sqrt().ceil() as u32,
            Self::Att => {
                let exact = ((x * x + y * y) / 10.0).sqrt();
                let rounded = (exact + 0.5).floor();
                (if rounded < exact { rounded + 1.0 } else { rounded }) as u32
            }
            Self::Geographical => kilometres(a, b) as u32,
        }
    }
}

fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lon_a) = (radians(a.0), radians(a.1));
    let (lat_b, lon_b) = (radians(b.0), radians(b.1));
    let q1 = libm::cos(lon_a - lon_b);
    let q2 = libm::cos(lat_a - lat_b);
    let q3 = libm::cos(lat_a + lat_b);
    (EARTH_KM * libm::acos(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)) + 1.0).floor()
}

fn radians(degrees_minutes: f64) -> f64 {
    let degrees = degrees_minutes.trunc();
    let minutes = degrees_minutes - degrees;
    PI * (degrees + 5.0 * minutes / 3.0) / 180.0
}
