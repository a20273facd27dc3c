//! Street packs: their size, how soon they answer, and distances beside GraphHopper's.
//!
//! Both sides get the same ways, one speed everywhere, snapping to edges, and no cost of
//! crossing. GraphHopper reads the ways from a file that is written from what our reader found,
//! so that who may walk where is not what differs.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use canvass_cli::cpu::CpuClock;
use canvass_core::geometry::Point;
use canvass_core::interchange::{read_street_edges, read_street_extract};
use canvass_core::street::{Distances, Place, Snap, StreetMap, StreetPack, WalkCosts};
use serde_json::Value;

use crate::chance::Chance;
use crate::figures::{Figures, median};
use crate::turfs::positions;
use crate::{Failure, scratch};

const RUNS: usize = 5;
/// Doors that are compared with GraphHopper, all over a town.
const COMPARED: usize = 300;
/// How far from a way doors are put, in metres.
const OFF_M: f64 = 30.0;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let cambridge = cambridge()?;
    let pack = size(figures, &cambridge)?;
    matrices(figures, &pack)?;
    println!("  Cambridge's sidewalks");
    beside_graphhopper(figures, &cambridge)?;
    for extract in ["cambridge_somerville_ma_streets.osm.pbf", "baltimore_md.osm.pbf"] {
        println!("  {extract}");
        let clock = CpuClock::start();
        let reading =
            read_street_extract(BufReader::new(File::open(scratch::shared_data(extract)?)?))?;
        StreetPack::build(&reading.map)?;
        figures.at_most("read and built, CPU", clock.millis(), 300.0, "ms");
        beside_graphhopper(figures, &reading.map)?;
    }
    Ok(())
}

fn cambridge() -> Result<StreetMap, Failure> {
    let open = |name: &str| -> Result<_, Failure> {
        Ok(BufReader::new(File::open(scratch::shared_data(name)?)?))
    };
    let (nodes, edges) = (open("cambridge_walk_nodes.csv")?, open("cambridge_walk_edges.csv")?);
    Ok(read_street_edges(nodes, edges, &[], "City of Cambridge, PDDL 1.0")?.map)
}

fn size(figures: &mut Figures, map: &StreetMap) -> Result<StreetPack, Failure> {
    let clock = CpuClock::start();
    let bytes = StreetPack::build(map)?;
    figures.tell("Cambridge's sidewalks built, CPU", clock.millis(), "ms");
    let door = Place::at(map.points[0]);
    let mut first = Vec::new();
    for _ in 0..RUNS {
        let bytes = bytes.clone().into();
        let clock = CpuClock::start();
        let pack = StreetPack::open(bytes)?;
        let found = pack.snap(&door).is_some();
        first.push(clock.millis());
        figures.same("the first question is answered", u64::from(found), 1);
    }
    let pack = StreetPack::open(bytes.into())?;
    let info = pack.info();
    figures.tell("nodes", f64::from(info.nodes), "");
    figures.tell("edges", f64::from(info.edges), "");
    let network = info.bytes_network as f64 / 1000.0;
    figures.at_most("with coordinates and classes", network, 260.0, "KB");
    let whole = pack.bytes().len() as f64 / 1000.0;
    figures.at_most("with shapes and names", whole, 450.0, "KB");
    figures.at_most("opened and one door snapped, CPU, median", median(first), 2.0, "ms");
    Ok(pack)
}

/// The doors nearest to one in the middle of the file, as a turf has them.
fn matrices(figures: &mut Figures, pack: &StreetPack) -> Result<(), Failure> {
    let mut doors = positions(&scratch::shared_data("cambridge_doors.csv")?)?;
    let middle = doors[doors.len() / 2];
    doors.sort_by(|a, b| a.distance_m(middle).total_cmp(&b.distance_m(middle)));
    doors.dedup();
    for (count, goal) in [(120, 1.0), (1_000, 60.0)] {
        let places: Vec<Place<'_>> = doors[..count].iter().map(|door| Place::at(*door)).collect();
        let clock = CpuClock::start();
        let snaps: Vec<Snap> = pack.snap_all(&places).into_iter().flatten().collect();
        figures.tell(&format!("{count} doors snapped, CPU"), clock.millis(), "ms");
        figures.same("doors on the network", snaps.len() as u64, count as u64);
        let cold = StreetPack::open(pack.bytes().clone())?;
        let clock = CpuClock::start();
        cold.prepare(&WalkCosts::Distance);
        figures.tell("shortcuts laid, CPU", clock.millis(), "ms");
        let times = (0..RUNS).map(|_| {
            let clock = CpuClock::start();
            let matrix = cold.matrix(&snaps, &WalkCosts::Distance);
            assert_eq!(matrix.len(), count, "a row for each door");
            clock.millis()
        });
        let what = format!("{count} x {count}, shortcuts laid, CPU, median");
        figures.at_most(&what, median(times.collect()), goal, "ms");
    }
    Ok(())
}

fn beside_graphhopper(figures: &mut Figures, map: &StreetMap) -> Result<(), Failure> {
    let doors = doors(map);
    let pack = StreetPack::open(StreetPack::build(map)?.into())?;
    let snaps: Vec<Option<Snap>> = doors.iter().map(|door| pack.snap(&Place::at(*door))).collect();
    let found: Vec<Snap> = snaps.iter().flatten().copied().collect();
    figures.same("doors on the network", found.len() as u64, doors.len() as u64);
    let clock = CpuClock::start();
    pack.prepare(&WalkCosts::Distance);
    figures.tell("shortcuts laid, CPU", clock.millis(), "ms");
    let clock = CpuClock::start();
    let own = pack.matrix(&found, &WalkCosts::Distance);
    let own_ms = clock.millis();
    let theirs = graphhopper(map, &doors)?;
    let number = |key: &str| theirs[key].as_f64().ok_or("GraphHopper gave no figure");
    figures.tell(&format!("{COMPARED} x {COMPARED}, CPU"), own_ms, "ms");
    figures.tell("GraphHopper's import, CPU", number("prepare_ms")?, "ms");
    figures.tell("GraphHopper, one to many, warm, CPU", number("matrix_ms")?, "ms");
    figures.ahead_of("GraphHopper", own_ms, number("matrix_ms")?);
    compare(figures, &own, &theirs["metres"]);
    Ok(())
}

/// Counts the pairs that both sides reach and agree on within 1 % or 2 m.
fn compare(figures: &mut Figures, own: &Distances, theirs: &Value) {
    let (mut both, mut near, mut one_sided) = (0_u32, 0_u32, 0_u32);
    for (from, to) in (0..own.len()).flat_map(|from| (0..from).map(move |to| (from, to))) {
        let other = theirs[from][to].as_f64().filter(|metres| *metres >= 0.0);
        match (own.get(from, to).map(|cost| f64::from(cost) / 10.0), other) {
            (Some(metres), Some(other)) => {
                both += 1;
                near += u32::from((metres - other).abs() <= (other * 0.01).max(2.0));
            }
            (None, None) => {}
            _ => one_sided += 1,
        }
    }
    figures.tell("pairs that both reach", f64::from(both), "");
    figures.tell("pairs that only one reaches", f64::from(one_sided), "");
    let apart = 100.0 * f64::from(both - near) / f64::from(both.max(1));
    figures.at_most("of these, apart by more than 1 % and 2 m", apart, 1.0, "%");
}

/// Doors beside ways all over a map.
fn doors(map: &StreetMap) -> Vec<Point> {
    let mut chance = Chance::of(5);
    let plane = canvass_core::geometry::Plane::around(map.points.iter().copied());
    let mut off = || (chance.share() - 0.5) * 2.0 * OFF_M;
    let step = map.points.len() / COMPARED;
    let beside = |at: usize| {
        let (east, north) = plane.metres(map.points[at * step]);
        plane.point(east + off(), north + off())
    };
    (0..COMPARED).map(beside).collect()
}

fn graphhopper(map: &StreetMap, doors: &[Point]) -> Result<Value, Failure> {
    let folder = scratch::folder("graphhopper")?;
    let (extract, points) = (folder.join("ways.osm"), folder.join("doors.csv"));
    fs::write(&extract, extract_of(map)?)?;
    let lines: Vec<String> = doors.iter().map(|d| format!("{},{}\n", d.lat, d.lon)).collect();
    fs::write(&points, lines.concat())?;
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/graphhopper");
    let ran = Command::new("java")
        .arg("-cp")
        .arg(class_path(&peer)?)
        .arg(peer.join("Matrix.java"))
        .args([&extract, &points, &folder.join("graph")])
        .output()?;
    if !ran.status.success() {
        return Err(format!("GraphHopper failed: {}", String::from_utf8_lossy(&ran.stderr)).into());
    }
    Ok(serde_json::from_slice(&ran.stdout)?)
}

/// Where Maven put GraphHopper's libraries; fetched on first use.
fn class_path(peer: &Path) -> Result<String, Failure> {
    let file: PathBuf = scratch::target().join("graphhopper.path");
    if !file.exists() {
        fs::create_dir_all(scratch::target())?;
        let ran = Command::new("mvn")
            .args(["--batch-mode", "--quiet", "dependency:build-classpath", "--file"])
            .arg(peer.join("pom.xml"))
            .arg(format!("-Dmdep.outputFile={}", file.display()))
            .output()?;
        if !ran.status.success() {
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            return Err(format!("GraphHopper needs mvn and Maven Central: {said}").into());
        }
    }
    Ok(fs::read_to_string(file)?)
}

/// The ways as an extract in which all of them are footways.
fn extract_of(map: &StreetMap) -> Result<String, Failure> {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n");
    // Points at one position are one point to us: so they must be to others.
    let mut ids = std::collections::HashMap::new();
    let mut of = Vec::with_capacity(map.points.len());
    for (id, point) in (1_u32..).zip(&map.points) {
        let first = *ids.entry(point.to_e7()).or_insert(id);
        of.push(first);
        if first == id {
            writeln!(text, "<node id=\"{id}\" lat=\"{}\" lon=\"{}\"/>", point.lat, point.lon)?;
        }
    }
    for (id, way) in (1..).zip(&map.ways) {
        write!(text, "<way id=\"{id}\">")?;
        for point in &way.points {
            write!(text, "<nd ref=\"{}\"/>", of[*point as usize])?;
        }
        text.push_str("<tag k=\"highway\" v=\"footway\"/></way>\n");
    }
    text.push_str("</osm>\n");
    Ok(text)
}
