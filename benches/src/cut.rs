//! Turfs beside those of METIS, recursive bisection and k-means: on the same sidewalks, for the
//! same doors, every turf's walk measured by the same solver.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use canvass_cli::cpu::CpuClock;
use canvass_core::cut::{CutDoor, CutGround, CutOrder, CutSize, cut};
use canvass_core::geometry::Plane;
use canvass_core::interchange::{AnyReader, DoorRecord, ReadLimits, RowOutcome, read_street_edges};
use canvass_core::route::Effort;
use canvass_core::street::StreetPack;
use canvass_core::walk::{Ground, Terrain, WalkEnds, WalkStop, WorkCosts, walk_time_s};
use serde_json::{Value, json};

use crate::figures::Figures;
use crate::shape::{compactness, torn};
use crate::{Failure, peers, scratch};

/// As many turfs as give about 60 addresses each.
const TURFS: u32 = 195;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let records = doors()?;
    let streets = streets()?;
    let doors: Vec<CutDoor<'_>> = records
        .iter()
        .map(|door| CutDoor::new(door.point, door.unit_count, &door.address))
        .collect();
    let ground = CutGround { streets: Some(&streets), barriers: &[] };
    let clock = CpuClock::start();
    let own = cut(&doors, &CutOrder { ground, ..CutOrder::of(CutSize::Turfs(TURFS)) })?;
    figures.at_most("cut into 195 turfs, CPU", clock.millis(), 3_000.0, "ms");
    let turfs: Vec<Vec<u32>> = own.turfs.iter().map(|turf| turf.doors.clone()).collect();
    let (walk_km, longest) = measured(&doors, &turfs, &streets);
    figures.at_most("longest turf over the mean", longest, 1.05, "");
    figures.tell("walking of all turfs", walk_km, "km");
    figures.same("turfs that are not in one piece", torn(&doors, &turfs), 0);
    figures.tell("compactness", compactness(&own.turfs), "");
    let sites = sites(&records);
    let theirs = peers::run("cut.py", &input(&doors, &sites))?;
    for (name, peer) in theirs.as_object().into_iter().flatten() {
        let theirs = turfs_of(peer, &sites);
        let (peer_km, longest) = measured(&doors, &theirs, &streets);
        let torn = torn(&doors, &theirs) as f64;
        figures.tell(&format!("{name}: turfs that are not in one piece"), torn, "");
        figures.tell(&format!("{name}: longest turf over the mean"), longest, "");
        figures.tell(&format!("{name}: CPU"), peer["cpu_ms"].as_f64().unwrap_or(f64::NAN), "ms");
        if name == "k_means" {
            // It balances nothing, so that it may walk less.
            figures.tell("k_means: walking of all turfs", peer_km, "km");
        } else {
            figures.ahead_of(&format!("{name}, walking"), walk_km, peer_km);
        }
    }
    Ok(())
}

fn doors() -> Result<Vec<DoorRecord>, Failure> {
    let file = BufReader::new(File::open(scratch::shared_data("cambridge_doors.csv")?)?);
    let AnyReader::Doors(reader) = AnyReader::open(file, None, ReadLimits::default(), 0)? else {
        return Err("not a file of doors".into());
    };
    let mut doors = Vec::new();
    for row in reader {
        if let RowOutcome::Row(door) = row? {
            doors.push(door);
        }
    }
    Ok(doors)
}

fn streets() -> Result<StreetPack, Failure> {
    let open = |name: &str| -> Result<_, Failure> {
        Ok(BufReader::new(File::open(scratch::shared_data(name)?)?))
    };
    let (nodes, edges) = (open("cambridge_walk_nodes.csv")?, open("cambridge_walk_edges.csv")?);
    let map = read_street_edges(nodes, edges, &[], "City of Cambridge, PDDL 1.0")?.map;
    Ok(StreetPack::open(StreetPack::build(&map)?.into())?)
}

/// The doors at each position.
fn sites(doors: &[DoorRecord]) -> Vec<Vec<u32>> {
    let mut sites: BTreeMap<(i32, i32), Vec<u32>> = BTreeMap::new();
    for (number, door) in (0..).zip(doors) {
        sites.entry(door.point.to_e7()).or_default().push(number);
    }
    sites.into_values().collect()
}

fn input(doors: &[CutDoor<'_>], sites: &[Vec<u32>]) -> Value {
    let plane = Plane::around(doors.iter().map(|door| door.point));
    let site = |numbers: &Vec<u32>| {
        let (east, north) = plane.metres(doors[numbers[0] as usize].point);
        let minutes: f64 = numbers.iter().map(|door| doors[*door as usize].minutes).sum();
        json!([east, north, minutes])
    };
    json!({ "sites": sites.iter().map(site).collect::<Vec<_>>(), "turfs": TURFS })
}

fn turfs_of(peer: &Value, sites: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut turfs: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (turf, doors) in peer["turf"].as_array().into_iter().flatten().zip(sites) {
        turfs.entry(turf.as_u64().unwrap_or(0)).or_default().extend(doors);
    }
    turfs.into_values().collect()
}

/// The kilometres of all turfs' walks, and the longest turf's minutes over the mean.
fn measured(doors: &[CutDoor<'_>], turfs: &[Vec<u32>], streets: &StreetPack) -> (f64, f64) {
    let mut walked_m = 0.0;
    let mut minutes = Vec::new();
    for turf in turfs {
        let stops: Vec<WalkStop<'_>> =
            turf.iter().map(|door| WalkStop::at(doors[*door as usize].point)).collect();
        let ground = Ground { streets: Some(streets), shortest: true, ..Ground::default() };
        let terrain = Terrain::new(&stops, WalkEnds::default(), ground, &WorkCosts::default());
        let walk_m = terrain.walk(Effort::Quick, 0).length_m;
        let at_doors: f64 = turf.iter().map(|door| doors[*door as usize].minutes).sum();
        walked_m += walk_m;
        minutes.push(at_doors + walk_time_s(walk_m) / 60.0);
    }
    let mean = minutes.iter().sum::<f64>() / f64::from(TURFS);
    (walked_m / 1_000.0, minutes.iter().copied().fold(0.0, f64::max) / mean)
}
