//! Turfs and doors as GeoJSON (RFC 7946): longitude first, outer rings counter-clockwise.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::loss::{LossReport, LossWhy};
use super::{ExportError, Exported};
use crate::geometry::Point;
use crate::interchange::TurfOutline;
use crate::walklist::Address;

/// A turf as a feature.
#[derive(Clone, Debug, PartialEq)]
pub struct TurfFeature {
    /// The feature's id.
    pub id: String,
    /// Its name and polygons.
    pub outline: TurfOutline,
    /// What else is said of it, beside its `name`.
    pub properties: BTreeMap<String, Value>,
}

/// A door as a feature.
#[derive(Clone, Debug, PartialEq)]
pub struct DoorFeature {
    /// The feature's id.
    pub id: String,
    /// Where it is, on the map.
    pub point: Point,
    /// Where it is, in words.
    pub address: Address,
    /// What else is said of it, beside the parts of its address.
    pub properties: BTreeMap<String, Value>,
}

/// Writes turfs as polygons with a `name`. A ring of fewer than three points is left out and
/// counted as lost.
pub fn write_turfs_geojson(
    out: impl Write,
    turfs: impl IntoIterator<Item = impl Borrow<TurfFeature>>,
) -> Result<Exported, ExportError> {
    let mut loss = LossReport::default();
    let features = turfs.into_iter().map(|turf| {
        let turf = turf.borrow();
        let mut properties = turf.properties.clone();
        properties.insert("name".to_owned(), turf.outline.name.clone().into());
        feature(&turf.id, &geometry(&turf.outline, &mut loss), &properties)
    });
    let records = write_collection(out, features)?;
    Ok(Exported { records, loss, ..Exported::default() })
}

/// Writes doors as points with the parts of their addresses.
pub fn write_doors_geojson(
    out: impl Write,
    doors: impl IntoIterator<Item = impl Borrow<DoorFeature>>,
) -> Result<Exported, ExportError> {
    let features = doors.into_iter().map(|door| {
        let DoorFeature { id, point, address, properties } = door.borrow();
        let mut properties = properties.clone();
        for (name, part) in [
            ("house_number", &address.house_number),
            ("street", &address.street),
            ("unit", &address.unit),
            ("town", &address.town),
            ("zip", &address.zip),
        ] {
            properties.insert(name.to_owned(), part.clone().into());
        }
        let geometry = json!({ "type": "Point", "coordinates": [point.lon, point.lat] });
        feature(id, &geometry, &properties)
    });
    let records = write_collection(out, features)?;
    Ok(Exported { records, ..Exported::default() })
}

fn write_collection(
    mut out: impl Write,
    features: impl Iterator<Item = Value>,
) -> Result<u64, ExportError> {
    let mut records = 0;
    write!(out, r#"{{"type":"FeatureCollection","features":["#)?;
    for feature in features {
        let comma = if records == 0 { "" } else { "," };
        write!(out, "{comma}\n{feature}")?;
        records += 1;
    }
    writeln!(out, "\n]}}")?;
    out.flush()?;
    Ok(records)
}

fn feature(id: &str, geometry: &Value, properties: &BTreeMap<String, Value>) -> Value {
    json!({ "type": "Feature", "id": id, "geometry": geometry, "properties": properties })
}

fn geometry(outline: &TurfOutline, loss: &mut LossReport) -> Value {
    let polygons: Vec<Value> = outline
        .polygons
        .iter()
        .filter_map(|rings| {
            let short = rings.iter().filter(|ring| ring.len() < 3).count();
            loss.add("ring", short as u64, LossWhy::NotInFormat);
            let outer_is_whole = rings.first().is_some_and(|ring| ring.len() >= 3);
            let rings = rings.iter().enumerate().filter(|(_, ring)| ring.len() >= 3);
            let rings: Vec<Value> = rings.map(|(at, it)| closed_ring(it, at == 0)).collect();
            outer_is_whole.then(|| Value::from(rings))
        })
        .collect();
    match <[Value; 1]>::try_from(polygons) {
        Ok([polygon]) => json!({ "type": "Polygon", "coordinates": polygon }),
        Err(polygons) => json!({ "type": "MultiPolygon", "coordinates": polygons }),
    }
}

/// A ring's positions, the first again at the end: counter-clockwise if it is an outer one.
fn closed_ring(ring: &[Point], outer: bool) -> Value {
    let mut points: Vec<Point> = ring.to_vec();
    if (twice_area_e14(&points) > 0) != outer {
        points.reverse();
    }
    points.extend(points.first().copied());
    points.iter().map(|it| json!([it.lon, it.lat])).collect()
}

/// Twice the signed area in square steps of 1e-7 degree: positive when counter-clockwise.
fn twice_area_e14(ring: &[Point]) -> i128 {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Point, &Point)| {
        let ((a_lat, a_lon), (b_lat, b_lon)) = (a.to_e7(), b.to_e7());
        i128::from(a_lon) * i128::from(b_lat) - i128::from(b_lon) * i128::from(a_lat)
    };
    ring.iter().zip(next).map(cross).sum()
}
