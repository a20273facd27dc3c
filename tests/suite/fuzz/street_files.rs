//! Files of streets: they are read or refused; what is read holds together.

use std::io::Write;

use canvass_core::interchange::{
    StreetReading, read_centre_lines, read_street_edges, read_street_extract,
};
use canvass_core::street::StreetPack;
use canvass_tests::extract::{Extract, tags};

use super::feed;

/// A crossing, a river, a gate and a lake.
fn extract() -> Extract {
    let node = |id: i64, x: i32, y: i32, text: &str| {
        (id, (440_000_000 + y * 1000, -730_000_000 + x * 1000), tags(text))
    };
    let way = |id, refs: &[i64], text: &str| (id, refs.to_vec(), tags(text));
    Extract {
        nodes: vec![
            node(1, 0, 0, ""),
            node(2, 10, 0, "barrier=gate access=private"),
            node(3, 20, 0, ""),
            node(4, 10, 10, ""),
            node(5, 10, -10, "highway=crossing"),
        ],
        ways: vec![
            way(1, &[1, 2, 3], "highway=residential name=Main"),
            way(2, &[4, 3, 5], "highway=footway footway=sidewalk"),
            way(3, &[1, 4], "waterway=river"),
            way(4, &[4, 5, 1, 4], ""),
        ],
        relations: vec![(1, vec![4], tags("type=multipolygon natural=water"))],
    }
}

fn assert_holds_together(reading: &StreetReading) {
    let map = &reading.map;
    assert!(!map.ways.is_empty(), "else it is an error");
    for way in &map.ways {
        assert!(way.points.len() > 1);
        assert!(way.points.iter().all(|place| (*place as usize) < map.points.len()));
    }
    let bytes = StreetPack::build(map).expect("what is read can be packed");
    let pack = StreetPack::open(bytes.into()).expect("what is packed can be opened");
    assert!(pack.info().edges > 0);
}

#[test]
fn fuzz_extract() {
    let (extract, mut gzip) =
        (extract(), flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    gzip.write_all(&extract.xml()).expect("into memory");
    let seeds = [
        extract.pbf(true, false),
        extract.pbf(false, false),
        extract.pbf(true, true),
        extract.xml(),
        gzip.finish().expect("into memory"),
    ];
    feed("extract", &seeds, |bytes| {
        if let Ok(reading) = read_street_extract(bytes) {
            assert_holds_together(&reading);
            assert_eq!(read_street_extract(bytes).as_ref(), Ok(&reading), "the same again");
        }
    });
}

#[test]
fn fuzz_street_lists() {
    let nodes = "node,lon,lat\n0,-73.0,44.0\n1,-73.0,44.001\n2,-73.001,44.001\n";
    let lines =
        "name,l_from,l_to,r_from,r_to,polyline_lon_lat\nElm,1,9,2,8,-73.0 44.0 -73.0 44.001\n";
    let seeds = [
        b"u,v,kind,mid_polyline_lon_lat\n0,1,SIDEWALK,\n1,2,CWALK,-73.0005 44.0011\n".to_vec(),
        nodes.as_bytes().to_vec(),
        lines.as_bytes().to_vec(),
    ];
    let streets = read_centre_lines(lines.as_bytes()).expect("lines");
    feed("street_lists", &seeds, |bytes| {
        let named = read_centre_lines(bytes).unwrap_or_default();
        for streets in [&streets, &named] {
            for (nodes, edges) in [(nodes.as_bytes(), bytes), (bytes, seeds[0].as_slice())] {
                if let Ok(reading) = read_street_edges(nodes, edges, streets, "") {
                    assert_holds_together(&reading);
                }
            }
        }
    });
}
