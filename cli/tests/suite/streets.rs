//! `canvass streets build` and `canvass matrix`: what they print, and how they end.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use canvass_tests::extract::{Extract, tags};
use canvass_tests::temp::TempDir;
use serde_json::Value;

fn canvass(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_canvass"))
        .args(args)
        .arg("--json")
        .output()
        .expect("the program")
}

/// The object on the last line, and the exit code.
fn told(output: &Output) -> (Value, Option<i32>) {
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    (serde_json::from_str(last).expect("an object on the last line"), output.status.code())
}

/// Main Street from west to east with Hill Street going north from its middle, each 0.01 degree
/// in two pieces; a street on its own far in the east; a river; a private drive.
fn town() -> Extract {
    let at = |x: i32, y: i32| (440_000_000 + y, -730_000_000 + x);
    let nodes = [
        (1, at(0, 0)),
        (2, at(50_000, 0)),
        (3, at(100_000, 0)),
        (4, at(50_000, 50_000)),
        (5, at(50_000, 100_000)),
        (6, at(500_000, 0)),
        (7, at(510_000, 0)),
    ];
    let way = |id, refs: &[i64], text| (id, refs.to_vec(), tags(text));
    Extract {
        nodes: nodes.into_iter().map(|(id, at)| (id, at, Vec::new())).collect(),
        ways: vec![
            way(1, &[1, 2, 3], "highway=residential name=Main"),
            way(2, &[2, 4, 5], "highway=residential name=Hill"),
            way(3, &[6, 7], "highway=residential name=Far"),
            way(4, &[1, 5], "waterway=river"),
            way(5, &[3, 5], "highway=service access=private"),
        ],
        relations: Vec::new(),
    }
}

/// Doors at three ends of the two streets, one at the street far away, one at none.
const DOORS: &str = "door_id,lat,lon\nwest,44.0,-73.0\neast,44.0,-72.99\nnorth,44.01,-72.995\n\
                     far,44.0,-72.9495\nnowhere,45.0,-72.0\n";

/// Writes the town and its doors, and packs it.
fn packed(folder: &TempDir) -> (String, String, Value) {
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("town.osm.pbf"), town().pbf(true, true)).expect("written");
    fs::write(path("doors.csv"), DOORS).expect("written");
    let (json, code) =
        told(&canvass(&["streets", "build", &path("town.osm.pbf"), "-o", &path("town.streets")]));
    assert_eq!(code, Some(0), "{json}");
    (path("doors.csv"), path("town.streets"), json)
}

#[test]
fn a_pack_tells_what_is_in_it() {
    let folder = TempDir::new();
    let (_, pack, json) = packed(&folder);
    assert_eq!((&json["nodes"], &json["components"]), (&Value::from(6), &Value::from(2)));
    assert_eq!(json["edges"], 4);
    assert_eq!(json["attribution"], "© OpenStreetMap contributors, ODbL 1.0");
    for (key, expected) in [("ways", 5), ("walkable", 3), ("closed", 1), ("barriers", 1)] {
        assert_eq!(json["read"][key], expected, "{key}");
    }
    let bytes = json["bytes_network"].as_u64().zip(json["bytes_geometry"].as_u64());
    let length = fs::metadata(&pack).expect("a pack").len();
    assert_eq!(bytes.map(|(network, geometry)| network + geometry), Some(length));
    assert!(json["cpu_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    assert!(json["peak_kb"].as_u64().is_some_and(|kb| kb > 0));
    let first = fs::read(&pack).expect("a pack");
    let (_, again, _) = packed(&folder);
    assert_eq!(fs::read(again).expect("a pack"), first, "the same file, the same bytes");
    assert!(!Path::new(&format!("{pack}.part")).exists());
}

#[test]
fn metres_are_those_along_the_streets() {
    let folder = TempDir::new();
    let (doors, pack, _) = packed(&folder);
    let (json, code) = told(&canvass(&["matrix", "--doors", &doors, "--streets", &pack]));
    assert_eq!((code, &json["n"]), (Some(0), &Value::from(5)), "{json}");
    // A degree of latitude is 111,195 m on the sphere; of longitude, that times cos 44 degrees.
    let (north_m, east_m) = (111_195.08, 111_195.08 * 44.0_f64.to_radians().cos());
    let expected = [
        (0, 1, Some(0.01 * east_m)),
        (0, 2, Some(0.005 * east_m + 0.01 * north_m)),
        (1, 2, Some(0.005 * east_m + 0.01 * north_m)),
        (0, 3, None),
        (3, 4, None),
    ];
    for (from, to, metres) in expected {
        let cell = json["metres"][from][to].as_f64();
        assert_eq!(cell, json["metres"][to][from].as_f64(), "there and back");
        match (cell, metres) {
            (Some(cell), Some(metres)) => {
                assert!((cell - metres).abs() < 0.5, "{from} to {to}: {cell}, not {metres}");
            }
            (cell, metres) => assert_eq!(cell, metres, "{from} to {to}"),
        }
    }
    assert_eq!(json["metres"][0][0], 0.0);
    assert_eq!(json["unreachable"], 7, "of the ten pairs");
    assert_eq!(json["not_on_streets"], serde_json::json!(["nowhere"]));
    assert_eq!(json["doors"], serde_json::json!(["west", "east", "north", "far", "nowhere"]));
}

#[test]
fn either_list_and_their_folder_name_a_city() {
    let folder = TempDir::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("city_walk_nodes.csv"), "node,lon,lat\n1,-73,44\n2,-73,44.01\n")
        .expect("written");
    fs::write(
        path("city_walk_edges.csv"),
        "u,v,metres,kind,mid_polyline_lon_lat\n1,2,1112,SIDEWALK,\n",
    )
    .expect("written");
    let build = |from: &str, more: &[&str]| {
        let out = path("city.streets");
        told(&canvass(&[&["streets", "build", from, "-o", &out], more].concat()))
    };
    let thanks = ["--attribution", "City of Lakewater"];
    let all = [path("city_walk_nodes.csv"), path("city_walk_edges.csv"), path("")];
    for from in &all {
        let (json, code) = build(from, &thanks);
        assert_eq!(
            (code, &json["edges"], &json["nodes"]),
            (Some(0), &1.into(), &2.into()),
            "{json}"
        );
        assert_eq!(json["attribution"], thanks[1]);
    }
    fs::write(path("other_walk_edges.csv"), "u,v\n").expect("written");
    let (json, code) = build(&path(""), &[]);
    assert_eq!((code, &json["error"]["code"]), (Some(3), &"missing_list".into()), "{json}");
    fs::remove_file(path("city_walk_nodes.csv")).expect("removed");
    let (json, code) = build(&path("city_walk_edges.csv"), &[]);
    assert_eq!((code, &json["error"]["code"]), (Some(3), &"missing_list".into()), "{json}");
    assert!(json["error"]["file"].as_str().is_some_and(|it| it.ends_with("city_walk_nodes.csv")));
}

#[test]
fn bad_files_end_with_their_place() {
    let folder = TempDir::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (doors, pack, _) = packed(&folder);
    let whole = fs::read(&pack).expect("a pack");
    fs::write(path("half"), &whole[..whole.len() / 2]).expect("written");
    let mut altered = whole;
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(path("altered"), altered).expect("written");
    fs::write(path("text"), "no streets").expect("written");
    let mut bare = town();
    bare.ways.retain(|way| way.2 == tags("waterway=river"));
    fs::write(path("bare.osm"), bare.xml()).expect("written");
    for (from, code) in
        [("text", "not_streets"), ("bare.osm", "no_walkable_way"), ("absent", "unreadable")]
    {
        let out = path("none.streets");
        let (json, exit) = told(&canvass(&["streets", "build", &path(from), "-o", &out]));
        assert_eq!((exit, &json["error"]["code"]), (Some(3), &code.into()), "{json}");
        assert!(!Path::new(&out).exists());
    }
    for (pack, code) in [
        ("text", "not_a_pack"),
        ("half", "damaged_file"),
        ("altered", "damaged_file"),
        ("absent", "unreadable"),
    ] {
        let (json, exit) = told(&canvass(&["matrix", "--doors", &doors, "--streets", &path(pack)]));
        assert_eq!((exit, &json["error"]["code"]), (Some(3), &code.into()), "{json}");
    }
    assert_eq!(canvass(&["matrix", "--doors", &doors]).status.code(), Some(2));
}
