//! Doors within turfs: the core's R-tree beside a plain scan, `SQLite`'s R*Tree and GEOS.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use canvass_cli::cpu::CpuClock;
use canvass_core::geometry::Point;
use canvass_core::interchange::{AnyReader, ReadLimits, RowOutcome};
use canvass_core::turf::{DoorIndex, TurfPolygon};
use rusqlite::Connection;
use serde_json::json;

use crate::chance::Chance;
use crate::figures::{Figures, median};
use crate::{Failure, peers, scratch};

const TURFS: usize = 1_000;
const RUNS: usize = 5;

/// The positions of all doors in a file.
pub(crate) fn positions(path: &Path) -> Result<Vec<Point>, Failure> {
    let file = BufReader::new(File::open(path)?);
    let AnyReader::Doors(reader) = AnyReader::open(file, None, ReadLimits::default(), 0)? else {
        return Err("not a file of doors".into());
    };
    let mut points = Vec::new();
    for row in reader {
        if let RowOutcome::Row(door) = row? {
            points.push(door.point);
        }
    }
    Ok(points)
}

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let doors = positions(&scratch::shared_data("cambridge_doors.csv")?)?;
    let rings = rings(&doors);
    let turfs: Vec<TurfPolygon> =
        rings.iter().map(|ring| TurfPolygon::new(ring, &[])).collect::<Result<_, _>>()?;
    figures.tell("doors", doors.len() as f64, "");
    let index = DoorIndex::load((0..).zip(doors.iter().copied()));
    let sqlite = sqlite_index(&doors)?;
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    let mut found: Vec<Vec<u32>> = Vec::new();
    for _ in 0..RUNS {
        let clock = CpuClock::start();
        found = turfs.iter().map(|turf| index.within(turf)).collect();
        own.push(clock.millis());
        let clock = CpuClock::start();
        sqlite_within(&sqlite, &doors, &turfs)?;
        theirs.push(clock.millis());
    }
    let own = median(own);
    figures.tell("1,000 turfs, CPU, median", own, "ms");
    check(figures, &doors, &turfs, &found);
    figures.tell("SQLite's R*Tree and the same borders, CPU", median(theirs.clone()), "ms");
    figures.ahead_of("SQLite's R*Tree", own, median(theirs));
    let peer = peers::run(
        "turfs.py",
        &json!({ "doors": doors.iter().map(|p| [p.lon, p.lat]).collect::<Vec<_>>(),
                 "turfs": rings.iter().map(|ring| ring.iter().map(|p| [p.lon, p.lat]).collect::<Vec<_>>()).collect::<Vec<_>>() }),
    )?;
    let geos = peer["cpu_ms"].as_f64().ok_or("the peer left its time out")?;
    figures.tell("shapely's STRtree, CPU, median", geos, "ms");
    figures.ahead_of("shapely's STRtree", own, geos);
    Ok(())
}

/// Compares every answer with a scan of all doors.
fn check(figures: &mut Figures, doors: &[Point], turfs: &[TurfPolygon], found: &[Vec<u32>]) {
    let clock = CpuClock::start();
    let differing = turfs.iter().zip(found).filter(|(turf, found)| {
        let scanned = (0_u32..).zip(doors).filter(|(_, door)| turf.contains(**door));
        let scanned: Vec<u32> = scanned.map(|(number, _)| number).collect();
        let mut found = (*found).clone();
        found.sort_unstable();
        found != scanned
    });
    let differing = differing.count() as u64;
    figures.tell("a scan of all doors, CPU", clock.millis(), "ms");
    figures.tell("doors found", found.iter().map(Vec::len).sum::<usize>() as f64, "");
    figures.same("turfs whose doors differ from the scan's", differing, 0);
}

/// Rings of twelve corners, 120 to 400 m from doors spread over the file.
fn rings(doors: &[Point]) -> Vec<Vec<Point>> {
    let mut chance = Chance::of(12_345);
    (0..TURFS)
        .map(|turf| {
            let centre = doors[turf * doors.len() / TURFS];
            let reach = 200.0 + 200.0 * chance.share();
            (0..12)
                .map(|corner| {
                    let turn = f64::from(corner) / 12.0 * std::f64::consts::TAU;
                    let metres = reach * (0.6 + 0.4 * chance.share());
                    let lat = centre.lat + metres * turn.sin() / 111_195.0;
                    let lon = centre.lon + metres * turn.cos() / 82_100.0;
                    Point::new(lat, lon).expect("near a door")
                })
                .collect()
        })
        .collect()
}

fn sqlite_index(doors: &[Point]) -> Result<Connection, Failure> {
    let database = Connection::open_in_memory()?;
    database.execute_batch(
        "CREATE VIRTUAL TABLE door USING rtree(id, west, east, south, north); BEGIN",
    )?;
    {
        let mut insert = database.prepare("INSERT INTO door VALUES (?1, ?2, ?2, ?3, ?3)")?;
        for (number, door) in (0_i64..).zip(doors) {
            insert.execute((number, door.lon, door.lat))?;
        }
    }
    database.execute_batch("COMMIT")?;
    Ok(database)
}

/// The boxes by `SQLite`, the borders by the same test that the core uses.
fn sqlite_within(
    database: &Connection,
    doors: &[Point],
    turfs: &[TurfPolygon],
) -> Result<u64, Failure> {
    let mut boxes = database.prepare_cached(
        "SELECT id FROM door WHERE west >= ?1 AND east <= ?2 AND south >= ?3 AND north <= ?4",
    )?;
    let mut found = 0;
    for turf in turfs {
        let corners = || turf.rings()[0].iter();
        let least = |of: fn(&Point) -> f64| corners().map(of).fold(f64::MAX, f64::min);
        let most = |of: fn(&Point) -> f64| corners().map(of).fold(f64::MIN, f64::max);
        // Its boxes are single precision: a little wider, and then the exact test.
        let wider = 1e-5;
        let bounds = (
            least(|p| p.lon) - wider,
            most(|p| p.lon) + wider,
            least(|p| p.lat) - wider,
            most(|p| p.lat) + wider,
        );
        let ids = boxes.query_map(bounds, |row| row.get::<_, i64>(0))?;
        for id in ids {
            let door = doors[usize::try_from(id?)?];
            found += u64::from(turf.contains(door));
        }
    }
    Ok(found)
}
