//! Turfs out of GeoJSON (RFC 7946): polygons with names.
//!
//! It checks the form: rings that close, positions on Earth, in the order longitude, latitude.
//! Whether a ring crosses itself is for `turf` to say.

use std::io::Read;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::coordinates::Coordinates;
use super::position::{PositionFault, position};
use crate::geometry::Point;
use crate::interchange::TurfOutline;

/// Largest file, in bytes: about 200,000 corners. Read, it takes some five times as much.
pub const MAX_GEOJSON_BYTES: u32 = 8 * 1024 * 1024;
/// Fewest positions of a closed ring: a triangle and its first corner again.
const MIN_RING_POSITIONS: usize = 4;

/// Why a file of turfs cannot be read, with the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct GeoJsonError {
    /// Where.
    pub place: GeoJsonPlace,
    /// What is wrong.
    pub cause: GeoJsonCause,
}

/// A place in a GeoJSON file; all numbers from 1, 0 for the whole of what is above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeoJsonPlace {
    /// The line, where the text itself is at fault.
    pub line: u32,
    /// The column in that line.
    pub column: u32,
    /// The feature.
    pub feature: u32,
    /// The polygon of a multi-polygon.
    pub polygon: u32,
    /// The ring of the polygon; the first is the outer one.
    pub ring: u32,
    /// The position in the ring.
    pub position: u32,
}

/// What is wrong with a file of turfs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GeoJsonCause {
    /// Larger than a file may be.
    #[error("longer than {MAX_GEOJSON_BYTES} bytes")]
    TooLong,
    /// The system failed to give the file's bytes.
    #[error("reading failed")]
    Unreadable(std::io::ErrorKind),
    /// Not JSON.
    #[error("not JSON")]
    Syntax,
    /// JSON, but no GeoJSON object.
    #[error("not GeoJSON")]
    Shape,
    /// There is no feature in it.
    #[error("no features")]
    Empty,
    /// A feature that is not a polygon or several.
    #[error("not a polygon")]
    NotAPolygon,
    /// A polygon without an outer ring, or a ring of fewer than four positions.
    #[error("a ring has at least four positions")]
    RingTooShort,
    /// A ring whose last position is not its first.
    #[error("the ring is not closed")]
    RingOpen,
    /// A latitude beyond 90 or a longitude beyond 180 degrees.
    #[error("a position beyond the Earth")]
    OutOfRange,
    /// Exactly 0, 0.
    #[error("latitude and longitude are both zero")]
    Zero,
    /// Latitude and longitude have changed places.
    #[error("latitude and longitude have changed places")]
    Swapped,
}

impl GeoJsonCause {
    /// A code that never changes, for programs and for translated texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Unreadable(_) => "unreadable",
            Self::Syntax => "syntax",
            Self::Shape => "shape",
            Self::Empty => "empty",
            Self::NotAPolygon => "not_a_polygon",
            Self::RingTooShort => "ring_too_short",
            Self::RingOpen => "ring_open",
            Self::OutOfRange => "position_out_of_range",
            Self::Zero => "position_zero",
            Self::Swapped => "position_swapped",
        }
    }
}

/// Reads the polygons of a GeoJSON file: a feature collection, a feature, or a bare geometry.
///
/// A turf is called by its feature's property `name`, `title` or `id`, else by the feature's
/// own id, else by its number.
pub fn read_turfs_geojson(reader: impl Read) -> Result<Vec<TurfOutline>, GeoJsonError> {
    let whole = |cause| GeoJsonError { place: GeoJsonPlace::default(), cause };
    let mut bytes = Vec::new();
    let mut limited = reader.take(u64::from(MAX_GEOJSON_BYTES) + 1);
    let read = limited.read_to_end(&mut bytes);
    read.map_err(|error| whole(GeoJsonCause::Unreadable(error.kind())))?;
    if bytes.len() > MAX_GEOJSON_BYTES as usize {
        return Err(whole(GeoJsonCause::TooLong));
    }
    let text = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&bytes);
    let object: Object = serde_json::from_slice(text)?;
    let features = object.features();
    if features.is_empty() {
        return Err(whole(GeoJsonCause::Empty));
    }
    (1..).zip(features).map(|(n, it)| outline(it, n)).collect()
}

impl From<serde_json::Error> for GeoJsonError {
    fn from(error: serde_json::Error) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            place: GeoJsonPlace {
                line: number(error.line()),
                column: number(error.column()),
                ..GeoJsonPlace::default()
            },
            cause: if error.is_data() { GeoJsonCause::Shape } else { GeoJsonCause::Syntax },
        }
    }
}

/// Any GeoJSON object, as far as turfs need it.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Object>,
    #[serde(default)]
    geometry: Option<Box<Object>>,
    #[serde(default)]
    coordinates: Option<Coordinates>,
    #[serde(default)]
    properties: Option<Names>,
    #[serde(default)]
    id: Option<Name>,
}

#[derive(Default, Deserialize)]
struct Names {
    #[serde(default)]
    name: Option<Name>,
    #[serde(default)]
    title: Option<Name>,
    #[serde(default)]
    id: Option<Name>,
}

/// A name: a text or a number; nothing else is one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(serde_json::Number),
    Other(IgnoredAny),
}

impl Name {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Self::Number(number) => Some(number.to_string()),
            Self::Other(_) => None,
        }
    }
}

impl Object {
    fn features(self) -> Vec<Self> {
        if self.kind == "FeatureCollection" { self.features } else { vec![self] }
    }

    fn name(&mut self, number: u32) -> String {
        let names = self.properties.take().unwrap_or_default();
        let all = [names.name, names.title, names.id, self.id.take()];
        let mut texts = all.into_iter().flatten().filter_map(Name::text);
        texts.next().unwrap_or_else(|| format!("turf {number}"))
    }

    fn geometry(self) -> Option<Self> {
        match self.geometry {
            Some(geometry) if self.kind == "Feature" => Some(*geometry),
            _ if self.kind == "Feature" => None,
            _ => Some(self),
        }
    }
}

fn outline(mut feature: Object, number: u32) -> Result<TurfOutline, GeoJsonError> {
    let mut place = GeoJsonPlace { feature: number, ..GeoJsonPlace::default() };
    let name = feature.name(number);
    let not_a_polygon = GeoJsonError { place, cause: GeoJsonCause::NotAPolygon };
    let geometry = feature.geometry().ok_or(not_a_polygon)?;
    let polygons = match (geometry.kind.as_str(), geometry.coordinates) {
        ("Polygon", Some(coordinates)) => vec![coordinates],
        ("MultiPolygon", Some(Coordinates::List(polygons))) if !polygons.is_empty() => polygons,
        _ => return Err(not_a_polygon),
    };
    let polygons = polygons.into_iter().map(|it| {
        place.polygon += 1;
        rings(it, place)
    });
    Ok(TurfOutline { name, polygons: polygons.collect::<Result<_, _>>()? })
}

fn rings(polygon: Coordinates, mut place: GeoJsonPlace) -> Result<Vec<Vec<Point>>, GeoJsonError> {
    let rings = match polygon {
        Coordinates::List(rings) if !rings.is_empty() => rings,
        _ => {
            let cause = GeoJsonCause::RingTooShort;
            return Err(GeoJsonError { place, cause });
        }
    };
    let rings = rings.into_iter().map(|it| {
        place.ring += 1;
        ring(it, place)
    });
    rings.collect()
}

/// A ring's points, each once.
fn ring(ring: Coordinates, mut place: GeoJsonPlace) -> Result<Vec<Point>, GeoJsonError> {
    let positions = match ring {
        Coordinates::List(positions) if positions.len() >= MIN_RING_POSITIONS => positions,
        _ => {
            let cause = GeoJsonCause::RingTooShort;
            return Err(GeoJsonError { place, cause });
        }
    };
    let whole = place;
    let points = positions.into_iter().map(|it| {
        place.position += 1;
        point(&it).map_err(|cause| GeoJsonError { place, cause })
    });
    let mut points = points.collect::<Result<Vec<_>, _>>()?;
    if points.first() != points.last() {
        return Err(GeoJsonError { place: whole, cause: GeoJsonCause::RingOpen });
    }
    points.pop();
    Ok(points)
}

fn point(coordinates: &Coordinates) -> Result<Point, GeoJsonCause> {
    let Coordinates::Position { lon, lat } = *coordinates else {
        return Err(GeoJsonCause::Shape);
    };
    position(lat, lon).map_err(|fault| match fault {
        PositionFault::Swapped => GeoJsonCause::Swapped,
        PositionFault::Zero => GeoJsonCause::Zero,
        PositionFault::OutOfRange(_) | PositionFault::NotANumber(_) => GeoJsonCause::OutOfRange,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SQUARE: &str = "[[-73.2,44.4],[-73.1,44.4],[-73.1,44.5],[-73.2,44.5],[-73.2,44.4]]";

    fn read(text: &str) -> Result<Vec<TurfOutline>, GeoJsonError> {
        read_turfs_geojson(text.as_bytes())
    }

    fn cause(text: &str) -> GeoJsonCause {
        read(text).unwrap_err().cause
    }

    #[test]
    fn a_collection_a_feature_and_a_geometry_are_read() {
        let polygon = format!(r#"{{"type":"Polygon","coordinates":[{SQUARE}]}}"#);
        let feature =
            format!(r#"{{"type":"Feature","properties":{{"name":" 12a "}},"geometry":{polygon}}}"#);
        let collection = format!(r#"{{"features":[{feature}],"type":"FeatureCollection"}}"#);
        let many = format!(r#"{{"type":"MultiPolygon","coordinates":[[{SQUARE}],[{SQUARE}]]}}"#);
        for (text, name, polygons) in [
            (&polygon, "turf 1", 1),
            (&feature, "12a", 1),
            (&collection, "12a", 1),
            (&many, "turf 1", 2),
        ] {
            let turfs = read(text).unwrap();
            assert_eq!((turfs[0].name.as_str(), turfs[0].polygons.len()), (name, polygons));
            assert_eq!(turfs[0].polygons[0][0].len(), 4);
            assert_eq!(turfs[0].polygons[0][0][0], Point::new(44.4, -73.2).unwrap());
        }
    }

    #[test]
    fn names_come_from_properties_then_from_ids() {
        for (members, name) in [
            (r#""properties":{"title":"T","id":4},"id":"f""#, "T"),
            (r#""properties":{"id":4},"id":"f""#, "4"),
            (r#""properties":{"name":null,"id":[1]},"id":"f""#, "f"),
            (r#""properties":null"#, "turf 1"),
        ] {
            let text = format!(
                r#"{{"type":"Feature",{members},"geometry":{{"type":"Polygon","coordinates":[{SQUARE}]}}}}"#
            );
            assert_eq!(read(&text).unwrap()[0].name, name);
        }
    }

    #[test]
    fn faults_say_what_and_where() {
        let of_ring =
            |ring: &str| format!(r#"{{"type":"Polygon","coordinates":[{SQUARE},{ring}]}}"#);
        for (text, expected) in [
            ("", GeoJsonCause::Syntax),
            ("<html>", GeoJsonCause::Syntax),
            ("[]", GeoJsonCause::Shape),
            (r#"{"type":"FeatureCollection","features":[]}"#, GeoJsonCause::Empty),
            (r#"{"type":"Point","coordinates":[1,2]}"#, GeoJsonCause::NotAPolygon),
            (r#"{"type":"Feature","geometry":null}"#, GeoJsonCause::NotAPolygon),
            (r#"{"type":"Polygon","coordinates":[]}"#, GeoJsonCause::RingTooShort),
            (&of_ring("[[1,2],[3,4],[1,2]]"), GeoJsonCause::RingTooShort),
            (&of_ring("[[1,2],[3,4],[5,6],[1,3]]"), GeoJsonCause::RingOpen),
            (&of_ring("[[1,2],[3,4],[5],[1,2]]"), GeoJsonCause::Shape),
            (&of_ring("[[1,2],[44.4,-93.2],[5,6],[1,2]]"), GeoJsonCause::Swapped),
            (&of_ring("[[1,2],[44.4,-73.2],[5,6],[1,2]]"), GeoJsonCause::Swapped),
            (&of_ring("[[1,2],[200,4],[5,6],[1,2]]"), GeoJsonCause::OutOfRange),
            (&of_ring("[[1,2],[0,0],[5,6],[1,2]]"), GeoJsonCause::Zero),
        ] {
            assert_eq!(cause(text), expected, "{text}");
        }
        let error = read(&of_ring("[[1,2],[3,4],[5,96],[1,2]]")).unwrap_err();
        let expected = GeoJsonPlace {
            feature: 1,
            polygon: 1,
            ring: 2,
            position: 3,
            ..GeoJsonPlace::default()
        };
        assert_eq!(error.place, expected);
        let error = read("{\n  \"type\": oops}").unwrap_err();
        assert_eq!((error.place.line, error.place.column > 0), (2, true));
    }

    #[test]
    fn an_endless_file_ends_at_the_limit() {
        let endless = std::io::repeat(b'[');
        assert_eq!(read_turfs_geojson(endless).unwrap_err().cause, GeoJsonCause::TooLong);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"(\[|\]|\{|\}|,|1|-73|"type"|"coordinates"|:|"Polygon"|"geometry"){0,40}"#) {
            let _ = read(&text);
        }
    }
}
