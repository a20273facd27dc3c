//! Turfs, doors and routes for maps.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::geometry::Point;
use crate::interchange::{TurfOutline, read_turfs_geojson};
use crate::walklist::Address;

fn point(lat: i32, lon: i32) -> Point {
    Point::from_e7(lat, lon)
}

fn turf(name: &str, polygons: Vec<Vec<Vec<Point>>>) -> TurfFeature {
    let outline = TurfOutline { name: name.to_owned(), polygons };
    TurfFeature { id: format!("id {name}"), outline, properties: BTreeMap::new() }
}

fn written(turfs: &[TurfFeature]) -> (Vec<u8>, Exported) {
    let mut bytes = Vec::new();
    let exported = write_turfs_geojson(&mut bytes, turfs).unwrap();
    (bytes, exported)
}

#[test]
fn rings_are_closed_and_turn_the_right_way() {
    let clockwise = vec![point(0, 10), point(10, 10), point(10, 20), point(0, 20)];
    let hole = vec![point(2, 12), point(2, 14), point(4, 14)];
    let (bytes, exported) = written(&[
        turf("one", vec![vec![clockwise.clone(), hole]]),
        turf("two", vec![vec![clockwise.clone()], vec![clockwise, vec![point(1, 1)]]]),
    ]);
    let json: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(exported.records, 2);
    assert_eq!(told(&exported.loss), ["ring 1 not_in_format"]);
    let one = &json["features"][0];
    assert_eq!((&one["id"], &one["properties"]["name"]), (&json!("id one"), &json!("one")));
    assert_eq!(one["geometry"]["type"], "Polygon");
    let outer = json!([[2e-6, 0.0], [2e-6, 1e-6], [1e-6, 1e-6], [1e-6, 0.0], [2e-6, 0.0]]);
    assert_eq!(one["geometry"]["coordinates"][0], outer);
    let hole = json!([[1.4e-6, 4e-7], [1.4e-6, 2e-7], [1.2e-6, 2e-7], [1.4e-6, 4e-7]]);
    assert_eq!(one["geometry"]["coordinates"][1], hole);
    assert_eq!(json["features"][1]["geometry"]["type"], "MultiPolygon");
}

#[test]
fn doors_are_points_with_their_addresses() {
    let door = DoorFeature {
        id: "7".to_owned(),
        point: point(445_025_000, -731_827_000),
        address: Address { street: "Main St".into(), ..Address::default() },
        properties: [("stop".to_owned(), json!(3))].into(),
    };
    let mut bytes = Vec::new();
    let exported = write_doors_geojson(&mut bytes, [door]).unwrap();
    assert_eq!((exported.records, exported.loss.is_empty()), (1, true));
    let json: Value = serde_json::from_slice(&bytes).unwrap();
    let feature = &json["features"][0];
    assert_eq!(feature["geometry"]["coordinates"], json!([-73.1827, 44.5025]));
    assert_eq!(
        (&feature["properties"]["street"], &feature["properties"]["stop"]),
        (&json!("Main St"), &json!(3))
    );
    let mut none = Vec::new();
    write_doors_geojson(&mut none, Vec::<DoorFeature>::new()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&none).unwrap()["features"], json!([]));
}

#[test]
fn a_route_is_a_gpx_route() {
    let stops = [
        RouteStop {
            point: point(445_025_000, -731_827_000),
            name: "12 <Main> & \"Elm\"".to_owned(),
            description: "Apt 1\u{0}, 2".to_owned(),
        },
        RouteStop { point: point(1, 1), name: "x".to_owned(), description: String::new() },
    ];
    let mut bytes = Vec::new();
    let exported = write_route_gpx(&mut bytes, "List 1", &stops).unwrap();
    let expected = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<gpx version=\"1.1\" creator=\"canvass-core\" ",
        "xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
        "<rte><name>List 1</name>\n",
        "<rtept lat=\"44.5025\" lon=\"-73.1827\"><name>12 &lt;Main&gt; &amp; \"Elm\"</name>",
        "<desc>Apt 1\u{fffd}, 2</desc></rtept>\n",
        "<rtept lat=\"0.0000001\" lon=\"0.0000001\"><name>x</name></rtept>\n",
        "</rte>\n</gpx>\n",
    );
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    assert_eq!(told(&exported.loss), ["characters 1 not_in_format"]);
}

fn rectangle() -> impl Strategy<Value = Vec<Point>> {
    let corner = (-500_000_000_i32..500_000_000, -500_000_000_i32..500_000_000);
    let size = (1_i32..1_000_000, 1_i32..1_000_000);
    (corner, size, any::<bool>()).prop_map(|((lat, lon), (height, width), turned)| {
        let mut ring = vec![
            point(lat, lon),
            point(lat, lon + width),
            point(lat + height, lon + width),
            point(lat + height, lon),
        ];
        if turned {
            ring.reverse();
        }
        ring
    })
}

proptest! {
    #[test]
    fn turfs_are_read_as_they_were_written(
        turfs in proptest::collection::vec(
            ("[a-z][a-z \"é]{0,6}[a-z]", proptest::collection::vec(rectangle(), 1..3)), 1..4),
    ) {
        let turfs: Vec<TurfFeature> = turfs
            .into_iter()
            .map(|(name, rings)| turf(&name, rings.into_iter().map(|ring| vec![ring]).collect()))
            .collect();
        let (bytes, exported) = written(&turfs);
        prop_assert_eq!((exported.records, exported.loss.is_empty()), (turfs.len() as u64, true));
        let read = read_turfs_geojson(bytes.as_slice()).unwrap();
        let again: Vec<TurfFeature> = turfs
            .iter()
            .zip(&read)
            .map(|(turf, outline)| TurfFeature { outline: outline.clone(), ..turf.clone() })
            .collect();
        for (before, after) in turfs.iter().zip(&read) {
            prop_assert_eq!(&before.outline.name, &after.name);
            for (rings, others) in before.outline.polygons.iter().zip(&after.polygons) {
                let (mut ring, mut other) = (rings[0].clone(), others[0].clone());
                ring.sort_by_key(|it| it.to_e7());
                other.sort_by_key(|it| it.to_e7());
                prop_assert_eq!(ring, other);
            }
        }
        // Once turned the right way, nothing changes any more.
        prop_assert_eq!(written(&again).0, bytes);
    }
}
