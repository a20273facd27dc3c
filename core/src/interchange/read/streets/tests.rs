use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::geometry::Point;
use crate::street::{BarrierKind, HouseNumbers};

fn extract(body: &str) -> Result<StreetReading, StreetFileError> {
    read_street_extract(format!("<?xml version='1.0'?>\n<osm>{body}</osm>").as_bytes())
}

/// A node at so many steps of 0.001 degree east and north of a corner.
fn node(id: i64, x: u32, y: u32) -> String {
    let (lat, lon) = (44.0 + f64::from(y) / 1000.0, -73.0 + f64::from(x) / 1000.0);
    format!("<node id='{id}' lat='{lat}' lon='{lon}'/>")
}

fn way(id: i64, nodes: &[i64], tags: &str) -> String {
    let refs: Vec<String> = nodes.iter().map(|id| format!("<nd ref='{id}'/>")).collect();
    let refs = refs.concat();
    format!("<way id='{id}'>{refs}{}</way>", tags_of(tags))
}

fn tags_of(tags: &str) -> String {
    let pairs = tags.split_whitespace().filter_map(|tag| tag.split_once('='));
    let all: Vec<String> =
        pairs.map(|(key, value)| format!("<tag k='{key}' v='{value}'/>")).collect();
    all.concat()
}

/// Four nodes in a row, 1 to 4, then what is given.
fn row_of_nodes(rest: &str) -> String {
    (1..=4).map(|id| node(id, u32::try_from(id).unwrap(), 0)).collect::<String>() + rest
}

fn lines(reading: &StreetReading) -> Vec<Vec<u32>> {
    reading.map.ways.iter().map(|way| way.points.clone()).collect()
}

#[test]
fn ways_meet_in_nodes_and_nowhere_else() {
    let streets = way(1, &[1, 2, 3], "highway=residential name=Elm&amp;Oak")
        + &way(2, &[4, 2], "highway=footway");
    let reading = extract(&row_of_nodes(&streets)).unwrap();
    assert_eq!(lines(&reading), [vec![0, 1, 2], vec![3, 1]]);
    assert_eq!(reading.map.ways[0].name.as_deref(), Some("Elm&Oak"));
    assert_eq!(reading.map.points[1], Point::new(44.0, -72.998).unwrap());
    assert_eq!(reading.map.attribution, OSM_ATTRIBUTION);
    // A bridge over a street: the lines cross, no node is shared.
    let crossing = [node(5, 2, 1), node(6, 2, 2), node(7, 1, 1), node(8, 3, 2)].concat()
        + &way(1, &[5, 6], "highway=residential bridge=yes layer=1")
        + &way(2, &[7, 8], "highway=residential");
    let places: Vec<u32> = lines(&extract(&crossing).unwrap()).concat();
    assert_eq!(places, [0, 1, 2, 3], "no place twice");
}

#[test]
fn a_way_is_cut_where_the_extract_ends() {
    let street = way(1, &[1, 2, 99, 3, 98, 4, 97], "highway=residential")
        + &way(2, &[96, 1], "highway=footway");
    let reading = extract(&row_of_nodes(&street)).unwrap();
    assert_eq!(lines(&reading), [[0, 1]]);
    let expected = StreetTally {
        nodes: 4,
        ways: 2,
        walkable: 1,
        cut: 2,
        too_short: 1,
        ..StreetTally::default()
    };
    assert_eq!(reading.tally, expected);
}

#[test]
fn a_way_that_stays_at_one_position_is_none() {
    let dots = node(5, 1, 0) + &way(1, &[1, 5], "highway=residential");
    let expected = StreetTally { nodes: 5, ways: 1, too_short: 1, ..StreetTally::default() };
    let refused = extract(&row_of_nodes(&dots)).unwrap_err();
    assert_eq!(refused, StreetFileError::NoWalkableWay(Box::new(expected)));
    let both = dots + &way(2, &[2, 3], "highway=residential");
    let reading = extract(&row_of_nodes(&both)).unwrap();
    assert_eq!((reading.tally.walkable, reading.tally.too_short), (1, 1));
}

#[test]
fn nobody_passes_a_gate_that_is_shut() {
    let gate = "<node id='9' lat='44.001' lon='-73'><tag k='barrier' v='gate'/>\
                <tag k='access' v='private'/></node>";
    let streets = way(1, &[1, 9, 2], "highway=service") + &way(2, &[3, 9, 4], "highway=path");
    let reading = extract(&row_of_nodes(&format!("{gate}{streets}"))).unwrap();
    let all: Vec<u32> = lines(&reading).concat();
    let mut once = all.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!((lines(&reading).len(), all.len()), (4, once.len()), "no two pieces meet");
    assert_eq!(reading.tally.shut, 2);
}

#[test]
fn what_nobody_crosses_becomes_a_barrier() {
    let lake: String = [node(11, 0, 5), node(12, 5, 5), node(13, 5, 9)].concat();
    let body = way(1, &[1, 2], "highway=residential")
        + &way(2, &[1, 3], "highway=motorway")
        + &way(3, &[1, 3], "highway=motorway tunnel=yes")
        + &way(4, &[2, 99, 3, 4], "waterway=river")
        + &way(5, &[2, 4], "railway=rail")
        + &way(6, &[11, 12, 13], "")
        + &way(7, &[13, 11], "natural=wood")
        + "<relation id='1'><member type='way' ref='6' role='outer'/>\
           <member type='way' ref='7' role='outer'/><member type='way' ref='5' role='inner'/>"
        + &tags_of("type=multipolygon natural=water")
        + "</relation>";
    let reading = extract(&row_of_nodes(&(lake + &body))).unwrap();
    let found: Vec<(BarrierKind, usize)> =
        reading.map.barriers.iter().map(|it| (it.kind, it.points.len())).collect();
    let expected = [
        (BarrierKind::Motorway, 2),
        (BarrierKind::Water, 2),
        (BarrierKind::Rail, 2),
        (BarrierKind::Water, 3),
        (BarrierKind::Water, 2),
    ];
    assert_eq!(found, expected);
    assert_eq!((reading.tally.motorways, reading.tally.walkable), (2, 1));
}

#[test]
fn a_garden_pond_is_no_barrier_and_a_lake_is() {
    for (steps, barriers) in [(1, 0), (10, 1)] {
        let corner = |id, x: u32, y: u32| {
            let at = |base: f64, n: u32| base + f64::from(n * steps) / 10_000.0;
            format!("<node id='{id}' lat='{}' lon='{}'/>", at(44.0, y), at(-73.0, x))
        };
        let pond = [corner(11, 0, 0), corner(12, 1, 0), corner(13, 1, 1)].concat()
            + &way(2, &[11, 12, 13, 11], "natural=water")
            + &way(1, &[1, 2], "highway=residential");
        let reading = extract(&row_of_nodes(&pond)).unwrap();
        assert_eq!(reading.map.barriers.len(), barriers, "{steps}");
    }
}

#[test]
fn deleted_elements_are_not_there() {
    let body = way(1, &[1, 2], "highway=path")
        + &way(2, &[2, 3], "highway=path").replace("<way ", "<way visible='false' ")
        + "<node id='9' action='delete'/>";
    assert_eq!(lines(&extract(&row_of_nodes(&body)).unwrap()), [[0, 1]]);
}

#[test]
fn elements_may_come_in_any_order() {
    let way = way(1, &[4, 1, 2], "highway=path");
    let in_order = extract(&row_of_nodes(&way)).unwrap();
    let nodes: String =
        [3, 1, 4, 2].iter().map(|id| node(*id, u32::try_from(*id).unwrap(), 0)).collect();
    let reading = extract(&(way + &nodes)).unwrap();
    assert_eq!(reading.map, in_order.map);
}

#[test]
fn an_extract_without_streets_says_what_it_has() {
    let body = way(1, &[1, 2], "highway=motorway")
        + &way(2, &[1, 2], "building=yes")
        + &way(3, &[1, 2], "highway=path foot=no");
    let error = extract(&row_of_nodes(&body)).unwrap_err();
    assert_eq!(error.code(), "no_walkable_way");
    let told = error.to_string();
    assert_eq!(
        told,
        "no walkable way; 4 nodes and 3 ways, 1 motorways, 1 closed to walkers, 1 no streets, \
         1 barriers"
    );
    assert_eq!(extract("").unwrap_err().code(), "no_walkable_way");
}

#[test]
fn positions_that_are_none_are_named() {
    let street = way(1, &[1, 2, 7], "highway=path");
    for at in
        ["lat='NaN' lon='-73'", "lat='91' lon='-73'", "lat='0' lon='0'", "lat='1e300' lon='1'"]
    {
        let body = row_of_nodes(&format!("<node id='7' {at}/>{street}"));
        assert_eq!(extract(&body), Err(StreetFileError::BadNode { node: 7 }), "{at}");
    }
    let body = row_of_nodes("<node id='7' lat='north' lon='1'/>");
    assert_eq!(extract(&body).unwrap_err().code(), "damaged_file");
}

#[test]
fn what_is_no_extract_is_refused_by_kind() {
    let read = |bytes: &[u8]| read_street_extract(bytes).unwrap_err();
    for (bytes, code) in [
        (&b""[..], "empty"),
        (b"door_id,lat,lon\n", "not_streets"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "not_streets"),
        (b"<osm><node id='1' lat='1' lon='1'/>", "damaged_file"),
        (b"<osm><way id='1'></node></osm>", "damaged_file"),
        (b"<osm><way id='x'/></osm>", "damaged_file"),
        (b"PK\x03\x04 a workbook", "packed"),
        (b"BZh91AY", "packed"),
        (b"\x1F\x8B\x08 not gzip at all", "damaged_file"),
        (b"\0\0\0\x0D\x0A\x09OSMHeader\x18\x09", "damaged_file"),
        (b"\0\0\0\x0E\x0A\x09OSMHeader\x18\xFF\xFF\xFF\xFF\x7F", "damaged_file"),
    ] {
        assert_eq!(read(bytes).code(), code, "{}", String::from_utf8_lossy(bytes));
    }
}

fn gzip(parts: &[&[u8]]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    parts.iter().for_each(|part| packer.write_all(part).unwrap());
    packer.finish().unwrap()
}

#[test]
fn a_packed_extract_is_the_same_and_a_bomb_is_none() {
    let text = format!("<osm>{}</osm>", row_of_nodes(&way(1, &[1, 2], "highway=path")));
    let packed = gzip(&[text.as_bytes()]);
    let plain = read_street_extract(text.as_bytes());
    assert_eq!(read_street_extract(packed.as_slice()), plain);
    let half = &packed[..packed.len() / 2];
    assert_eq!(read_street_extract(half).unwrap_err().code(), "damaged_file");
    let blank = vec![b' '; 1 << 20];
    let bomb = gzip(&[b"<osm", &blank, &blank, &blank]);
    assert!(bomb.len() < 50_000);
    assert_eq!(read_street_extract(bomb.as_slice()).unwrap_err().code(), "too_large");
    let tags = "<tag k='a' v='b'/>".repeat(100_000);
    let many = format!("<osm><node id='1' lat='1' lon='1'>{tags}</node></osm>");
    assert_eq!(read_street_extract(many.as_bytes()).unwrap_err().code(), "too_large");
}

const NODES: &str = "node,lon,lat\n0,-73.0,44.0\n1,-73.0,44.001\n2,-73.001,44.001\n";

fn edges(rows: &str, streets: &[CentreLine]) -> Result<StreetReading, StreetFileError> {
    let rows = format!("u,v,metres,kind,mid_polyline_lon_lat\n{rows}");
    read_street_edges(NODES.as_bytes(), rows.as_bytes(), streets, "City of Lakewater")
}

#[test]
fn an_edge_runs_from_its_node_over_the_middle_to_its_node() {
    let reading = edges("0,1,111,SIDEWALK,\n1,2,80,CWALK,-73.0005 44.0011\n", &[]).unwrap();
    assert_eq!(lines(&reading), [vec![0, 1], vec![1, 2, 3]]);
    let kinds: Vec<WayKind> = reading.map.ways.iter().map(|way| way.kind).collect();
    assert_eq!(kinds, [WayKind::Sidewalk, WayKind::Crossing]);
    assert_eq!(reading.map.points[2], Point::new(44.0011, -73.0005).unwrap());
    assert_eq!(reading.map.attribution, "City of Lakewater");
}

#[test]
fn bad_rows_are_named() {
    for (row, column, code) in [
        ("0,9,1,SIDEWALK,", "v", "unknown_node"),
        ("zero,1,1,SIDEWALK,", "u", "not_a_number"),
        ("0,1,1,HEDGE,", "kind", "unknown_kind"),
        ("0,1,1,SIDEWALK,-73.0", "mid_polyline_lon_lat", "odd_line"),
        ("0,1,1,SIDEWALK,-73.0 NaN", "mid_polyline_lon_lat", "not_a_number"),
        ("0,1,1,SIDEWALK,44.0 -73.0", "mid_polyline_lon_lat", "position_swapped"),
    ] {
        let error = edges(&format!("0,1,1,SIDEWALK,\n{row}\n"), &[]).unwrap_err();
        assert_eq!((error.row(), error.column(), error.code()), (Some(3), Some(column), code));
    }
    let read = |nodes: &str, edges: &str| {
        read_street_edges(nodes.as_bytes(), edges.as_bytes(), &[], "").unwrap_err()
    };
    let error = read("node,lat\n", "u,v\n");
    assert_eq!((error.code(), error.column()), ("missing_column", Some("lon")));
    assert_eq!(read(&format!("{NODES}2,-73.0,44.5\n"), "u,v\n").code(), "doubled_id");
    assert_eq!(read(NODES, "u,v,kind,mid_polyline_lon_lat\n").code(), "no_walkable_way");
    assert_eq!(read(NODES, "").code(), "empty");
}

/// Elm Street, 400 m to the north, with house numbers on both sides.
const ELM: &str = "name,l_from,l_to,r_from,r_to,polyline_lon_lat\n\
    Elm St,1,41,2,42,-73.0 44.0 -73.0 44.0036\nOak St,-1,-1,-1,-1,-73.0 44.0036 -72.99 44.0036\n";

#[test]
fn sidewalks_take_name_and_numbers_of_their_side() {
    let streets = read_centre_lines(ELM.as_bytes()).unwrap();
    assert_eq!(streets[1].numbers, HouseNumbers::default());
    // Eight metres to the left and right of Elm Street; the upper half of it, down again.
    let nodes = "node,lon,lat\n0,-73.0001,44.0\n1,-73.0001,44.0036\n2,-72.9999,44.0036\n\
                 3,-72.9999,44.0018\n4,-72.98,44.0\n5,-72.98,44.0036\n";
    let rows =
        "u,v,kind,mid_polyline_lon_lat\n0,1,SIDEWALK,\n2,3,SIDEWALK,\n1,2,CWALK,\n4,5,SIDEWALK,\n";
    let reading = read_street_edges(nodes.as_bytes(), rows.as_bytes(), &streets, "").unwrap();
    let found: Vec<(Option<&str>, Option<HouseNumbers>)> =
        reading.map.ways.iter().map(|way| (way.name.as_deref(), way.numbers)).collect();
    let left = HouseNumbers { left: Some((1, 41)), right: None };
    // Walking down, the houses of the street's right side are on the left.
    let right = HouseNumbers { left: Some((42, 22)), right: None };
    let expected =
        [(Some("Elm St"), Some(left)), (Some("Elm St"), Some(right)), (None, None), (None, None)];
    assert_eq!(found, expected);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        text in r"(<osm>|</osm>|<way id='1'>|</way>|<nd ref='1'/>|<node id='1' lat='1' lon='1'/>|<tag k='highway' v='path'/>|<|>|&|'|<member type='way' ref='1'/>|<relation id='1'>){0,30}"
    ) {
        let _ = read_street_extract(format!("<osm>{text}</osm>").as_bytes());
        let _ = read_street_extract(text.as_bytes());
    }

    #[test]
    fn a_sidewalks_numbers_stay_within_its_streets(from in 0_u32..500, to in 0_u32..500, cut in 0.0..1.0_f64) {
        let streets = [CentreLine {
            name: "Elm St".to_owned(),
            line: vec![Point::new(44.0, -73.0).unwrap(), Point::new(44.0036, -73.0).unwrap()],
            numbers: HouseNumbers { left: Some((from, to)), right: Some((from, to)) },
        }];
        let nodes = format!(
            "node,lon,lat\n0,-73.0001,44.0\n1,-73.0001,{}\n2,-72.9999,44.0036\n", 44.0 + 0.0036 * cut
        );
        let rows = "u,v,kind,mid_polyline_lon_lat\n1,0,SIDEWALK,\n0,1,SIDEWALK,\n";
        let read = read_street_edges(nodes.as_bytes(), rows.as_bytes(), &streets, "");
        prop_assume!(read.is_ok());
        let ways = read.unwrap().map.ways;
        let numbers = ways.iter().map(|way| way.numbers);
        let ranges: Vec<(u32, u32)> =
            numbers.flatten().flat_map(|it| [it.left, it.right]).flatten().collect();
        prop_assume!(ranges.len() == 2);
        for number in ranges.iter().flat_map(|range| [range.0, range.1]) {
            prop_assert!((from.min(to)..=from.max(to)).contains(&number));
            prop_assert!(from % 2 != to % 2 || number % 2 == from % 2);
        }
        prop_assert_eq!(ranges[0], (ranges[1].1, ranges[1].0), "walked back, read back");
    }
}
