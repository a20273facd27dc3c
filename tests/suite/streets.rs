//! Reading streets: both formats of OpenStreetMap say the same, and the binary one what another
//! reader takes it for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use canvass_core::interchange::{
    StreetFileError, StreetReading, read_centre_lines, read_street_edges, read_street_extract,
};
use canvass_core::street::WayKind;
use canvass_tests::extract::{Extract, tags};
use canvass_tests::shared_data;
use osmpbf::{Element, ElementReader};
use proptest::prelude::*;

const TAGS: [&str; 12] = [
    "highway=residential name=Elm",
    "highway=residential name=Øst&Vest",
    "highway=footway footway=sidewalk",
    "highway=primary",
    "highway=steps",
    "highway=service access=private",
    "highway=motorway",
    "waterway=river",
    "railway=rail",
    "building=yes",
    "natural=wood",
    "highway=construction",
];

fn extracts() -> impl Strategy<Value = Extract> {
    let at = (440_000_000..440_100_000_i32, -730_100_000..-730_000_000_i32);
    let gate = prop::sample::select(vec!["", "barrier=gate access=private", "highway=crossing"]);
    let node = (-5..40_i64, at, gate);
    let refs = prop::collection::vec(-6..42_i64, 0..12);
    let way = (1..60_i64, refs, prop::sample::select(TAGS.to_vec()));
    let outer = prop::collection::vec(1..60_i64, 0..4);
    let water = prop::sample::select(vec!["type=multipolygon natural=water", "type=route"]);
    let relation = (1..9_i64, outer, water);
    (
        prop::collection::vec(node, 1..60),
        prop::collection::vec(way, 0..40),
        prop::collection::vec(relation, 0..4),
    )
        .prop_map(|(nodes, ways, relations)| Extract {
            nodes: nodes.into_iter().map(|(id, at, text)| (id, at, tags(text))).collect(),
            ways: ways.into_iter().map(|(id, refs, text)| (id, refs, tags(text))).collect(),
            relations: relations.into_iter().map(|(id, it, text)| (id, it, tags(text))).collect(),
        })
}

proptest! {
    #[test]
    fn both_formats_say_the_same(extract in extracts()) {
        let xml = read_street_extract(extract.xml().as_slice());
        for (dense, packed) in [(true, true), (true, false), (false, true)] {
            let bytes = extract.pbf(dense, packed);
            prop_assert_eq!(&read_street_extract(bytes.as_slice()), &xml);
        }
        match xml {
            Ok(StreetReading { map, tally }) => {
                let places = map.points.len();
                for way in &map.ways {
                    prop_assert!(way.points.len() > 1);
                    prop_assert!(way.points.iter().all(|place| (*place as usize) < places));
                    prop_assert!(way.points.windows(2).all(|pair| pair[0] != pair[1]));
                }
                prop_assert!(map.barriers.iter().all(|barrier| barrier.points.len() > 1));
                prop_assert_eq!(tally.ways, extract.ways.len() as u64);
            }
            Err(error) => prop_assert_eq!(error.code(), "no_walkable_way"),
        }
    }

    #[test]
    fn an_extract_that_ends_early_is_damaged(extract in extracts(), share in 0.0..1.0_f64) {
        let whole = extract.pbf(true, true);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
        let end = (whole.len() as f64 * share) as usize;
        match read_street_extract(&whole[..end]) {
            Err(StreetFileError::Damaged { byte }) => prop_assert!(byte <= end as u64),
            // Nothing but the first blob, or not even that.
            Err(error) => prop_assert!(
                ["no_walkable_way", "empty", "not_streets"].contains(&error.code()), "{}", error
            ),
            Ok(_) => prop_assert!(false, "half a file read as a whole one"),
        }
    }
}

/// A line on the ground, in steps of 1e-7 degree, with its name.
type NamedLine = (Vec<(i32, i32)>, Option<String>);

fn ours(reading: &StreetReading) -> BTreeSet<NamedLine> {
    let at = |place: &u32| reading.map.points[*place as usize].to_e7();
    let line = |places: &[u32]| {
        let mut line: Vec<(i32, i32)> = places.iter().map(at).collect();
        line.dedup();
        line
    };
    reading.map.ways.iter().map(|way| (line(&way.points), way.name.clone())).collect()
}

/// The residential streets that say nothing of access, as osmpbf reads them; those that the
/// extract has whole. And its counts of nodes and ways.
fn theirs(path: &Path) -> (BTreeSet<NamedLine>, u64, u64) {
    let (mut nodes, mut ways, mut count) = (BTreeMap::new(), Vec::new(), 0);
    let reader = ElementReader::from_path(path).expect("an extract");
    let all = reader.for_each(|element| match element {
        Element::Node(node) => {
            nodes.insert(node.id(), (node.decimicro_lat(), node.decimicro_lon()));
        }
        Element::DenseNode(node) => {
            nodes.insert(node.id(), (node.decimicro_lat(), node.decimicro_lon()));
        }
        Element::Way(way) => {
            count += 1;
            let tags: BTreeMap<&str, &str> = way.tags().collect();
            let told = ["foot", "access", "motorroad"].iter().any(|key| tags.contains_key(key));
            if tags.get("highway") == Some(&"residential") && !told {
                let name = tags.get("name").or_else(|| tags.get("ref"));
                let refs: Vec<i64> = way.refs().collect();
                ways.push((refs, name.map(|name| name.trim().to_owned())));
            }
        }
        Element::Relation(_) => {}
    });
    all.expect("an extract");
    let at = |refs: &Vec<i64>| refs.iter().map(|id| nodes.get(id).copied()).collect();
    let whole = ways.iter().filter_map(|(refs, name)| {
        let line: Option<Vec<(i32, i32)>> = at(refs);
        let mut line = line?;
        line.dedup();
        (line.len() > 1).then(|| (line, name.clone()))
    });
    (whole.collect(), nodes.len() as u64, count)
}

#[test]
#[expect(clippy::print_stderr, reason = "says what it could not do")]
fn every_way_is_where_osmpbf_says() {
    for name in ["baltimore_md.osm.pbf", "bangor_me_streets.osm.pbf", "liechtenstein.osm.pbf"] {
        let Some(path) = shared_data(name) else {
            eprintln!("not compared: {name} is not in ../shared/data beside the checkout");
            continue;
        };
        let reading = read_street_extract(File::open(&path).expect("a file")).expect("streets");
        let (theirs, nodes, ways) = theirs(&path);
        assert_eq!((reading.tally.nodes, reading.tally.ways), (nodes, ways), "{name}");
        assert!(theirs.len() > 300, "{name}: {} streets", theirs.len());
        let ours = ours(&reading);
        // Gates that are shut cut a way: few are.
        let missing = theirs.difference(&ours).count();
        assert!(missing as u64 <= reading.tally.shut, "{name}: {missing} of {}", theirs.len());
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "says what it could not do")]
fn a_citys_lists_lose_no_edge() {
    let files = ["cambridge_walk_nodes.csv", "cambridge_walk_edges.csv", "cambridge_streets.csv"];
    let [Some(nodes), Some(edges), Some(lines)] = files.map(shared_data) else {
        eprintln!("not read: {files:?} are not in ../shared/data beside the checkout");
        return;
    };
    let open = |path: &Path| File::open(path).expect("a file");
    let lines = read_centre_lines(open(&lines)).expect("lines");
    let reading = read_street_edges(open(&nodes), open(&edges), &lines, "").expect("streets");
    let text = std::fs::read_to_string(&edges).expect("text");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|row| row.split(',').collect()).collect();
    assert_eq!(reading.tally.ways, rows.len() as u64);
    // What is lost are edges of one place, and no others.
    let loops = rows.iter().filter(|row| row[0] == row[1] && row[4].is_empty()).count() as u64;
    assert_eq!(
        (reading.tally.too_short, reading.tally.walkable),
        (loops, rows.len() as u64 - loops)
    );
    let told: f64 = rows.iter().filter_map(|row| row[2].parse::<f64>().ok()).sum();
    let line = |way: &canvass_core::street::Way| -> f64 {
        let points = way.points.iter().map(|place| reading.map.points[*place as usize]);
        let points: Vec<_> = points.collect();
        points.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum()
    };
    let read: f64 = reading.map.ways.iter().map(line).sum();
    assert!((read / told - 1.0).abs() < 0.01, "{read} m, and the file says {told}");
    let sidewalks = || reading.map.ways.iter().filter(|way| way.kind == WayKind::Sidewalk);
    let (all, named) = (sidewalks().count(), sidewalks().filter(|way| way.name.is_some()).count());
    assert!(named * 10 > all * 7, "{named} of {all} sidewalks have a name");
    assert!(reading.map.ways.iter().all(|way| way.numbers.is_none() || way.name.is_some()));
}
