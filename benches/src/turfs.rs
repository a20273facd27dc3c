//! Doors within turfs, and the nearest ten: the core's R-tree beside a plain scan, `SQLite`'s
//! R*Tree and GEOS, for a city and for a million doors.

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
/// Doors that are looked for around a place.
const NEAREST: u32 = 10;
const MANY_DOORS: usize = 1_000_000;
const TOWNS: u64 = 2_000;
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
    println!("  Cambridge");
    beside_peers(figures, &positions(&scratch::shared_data("cambridge_doors.csv")?)?)?;
    println!("  a million doors in towns");
    beside_peers(figures, &towns())
}

/// A million doors around 2,000 centres in a square of 100 km, one in four at its neighbour's
/// position, as in apartment blocks.
fn towns() -> Vec<Point> {
    let mut chance = Chance::of(54_321);
    let centres: Vec<(f64, f64)> =
        (0..TOWNS).map(|_| (42.0 + 0.9 * chance.share(), -72.0 + 1.22 * chance.share())).collect();
    let mut doors: Vec<Point> = Vec::with_capacity(MANY_DOORS);
    while doors.len() < MANY_DOORS {
        match doors.last() {
            Some(last) if chance.below(4) == 0 => doors.push(*last),
            _ => {
                let town = usize::try_from(chance.below(TOWNS)).expect("a town");
                // The sum of three is near the middle more often than not.
                let mut off = || (0..3).map(|_| chance.share() - 0.5).sum::<f64>() * 0.01;
                let (lat, lon) = (centres[town].0 + off(), centres[town].1 + off());
                doors.push(Point::new(lat, lon).expect("on Earth"));
            }
        }
    }
    doors
}

fn beside_peers(figures: &mut Figures, doors: &[Point]) -> Result<(), Failure> {
    let rings = rings(doors);
    let turfs: Vec<TurfPolygon> =
        rings.iter().map(|ring| TurfPolygon::new(ring, &[])).collect::<Result<_, _>>()?;
    let places = places(doors);
    figures.tell("doors", doors.len() as f64, "");
    let clock = CpuClock::start();
    let index = DoorIndex::load((0..).zip(doors.iter().copied()));
    figures.tell("load, CPU", clock.millis(), "ms");
    let clock = CpuClock::start();
    let sqlite = sqlite_index(doors)?;
    figures.tell("SQLite's R*Tree, load, CPU", clock.millis(), "ms");
    let (found, own) = timed(|| turfs.iter().map(|turf| index.within(turf)).collect::<Vec<_>>());
    let (near, own_near) =
        timed(|| places.iter().map(|place| index.nearest(*place, NEAREST)).collect::<Vec<_>>());
    let near: Vec<Vec<u32>> =
        near.iter().map(|it| it.iter().map(|door| door.door).collect()).collect();
    let (counted, sqlite_turfs) = timed(|| sqlite_within(&sqlite, doors, &turfs));
    let (sqlite_found, sqlite_near) = timed(|| sqlite_nearest(&sqlite, doors, &places));
    let pairs = |points: &[Point]| points.iter().map(|p| [p.lon, p.lat]).collect::<Vec<_>>();
    let geos = peers::run(
        "turfs.py",
        &json!({ "doors": pairs(doors), "places": pairs(&places), "nearest": NEAREST,
                 "turfs": rings.iter().map(|ring| pairs(ring)).collect::<Vec<_>>() }),
    )?;
    let told = |key: &str| geos[key].as_f64().ok_or("the peer left its time out");
    println!("  {TURFS} turfs");
    figures.tell("CPU, median", own, "ms");
    check(figures, doors, &turfs, &found);
    let total = found.iter().map(Vec::len).sum::<usize>() as u64;
    figures.same("doors that SQLite's R*Tree finds", counted?, total);
    figures.same("doors that GEOS finds", geos["found"].as_u64().unwrap_or(0), total);
    figures.tell("SQLite's R*Tree and the same borders, CPU", sqlite_turfs, "ms");
    figures.ahead_of("SQLite's R*Tree", own, sqlite_turfs);
    figures.tell("shapely's STRtree, CPU, median", told("cpu_ms")?, "ms");
    figures.ahead_of("shapely's STRtree", own, told("cpu_ms")?);
    println!("  {NEAREST} nearest of {TURFS} places");
    figures.tell("CPU, median", own_near, "ms");
    let geos_found: Vec<Vec<u32>> = serde_json::from_value(geos["near"].clone())?;
    for (whose, found) in [("SQLite's R*Tree", sqlite_found?), ("GEOS", geos_found)] {
        let answers = places.iter().zip(near.iter().zip(&found));
        let differing =
            answers.filter(|(place, (own, theirs))| !as_near(doors, **place, own, theirs));
        let what = format!("places whose nearest differ from those of {whose}");
        figures.same(&what, differing.count() as u64 + u64::from(found.len() != near.len()), 0);
    }
    figures.tell("SQLite's R*Tree, CPU", sqlite_near, "ms");
    figures.ahead_of("SQLite's R*Tree", own_near, sqlite_near);
    figures.tell("shapely's STRtree, CPU, median", told("near_cpu_ms")?, "ms");
    figures.ahead_of("shapely's STRtree", own_near, told("near_cpu_ms")?);
    Ok(())
}

/// What some work gives, and the middle of its CPU milliseconds.
fn timed<T>(work: impl Fn() -> T) -> (T, f64) {
    let mut times = Vec::new();
    loop {
        let clock = CpuClock::start();
        let done = work();
        times.push(clock.millis());
        if times.len() == RUNS {
            return (done, median(times));
        }
    }
}

/// Places to ask for the nearest doors of: some way off doors spread over all.
fn places(doors: &[Point]) -> Vec<Point> {
    let mut chance = Chance::of(777);
    (0..TURFS)
        .map(|place| {
            let door = doors[place * doors.len() / TURFS];
            let mut off = || (chance.share() - 0.5) * 0.002;
            Point::new(door.lat + off(), door.lon + off()).expect("near a door")
        })
        .collect()
}

/// Whether two answers are equally near, door by door: of doors at one distance either may come
/// first.
fn as_near(doors: &[Point], place: Point, own: &[u32], theirs: &[u32]) -> bool {
    let metres = |door: &u32| doors.get(*door as usize).map_or(f64::NAN, |it| it.distance_m(place));
    own.len() == theirs.len()
        && own.iter().zip(theirs).all(|(own, theirs)| (metres(own) - metres(theirs)).abs() < 1e-6)
}

/// Boxes that grow until the nearest are certainly inside; then by distance, as the core does.
fn sqlite_nearest(
    database: &Connection,
    doors: &[Point],
    places: &[Point],
) -> Result<Vec<Vec<u32>>, Failure> {
    let mut boxes = database.prepare_cached(
        "SELECT id FROM door WHERE west >= ?1 AND east <= ?2 AND south >= ?3 AND north <= ?4",
    )?;
    let mut all = Vec::new();
    for place in places {
        let mut reach_m = 50.0;
        let found = loop {
            // Single precision, and a degree that is a little shorter than on the sphere.
            let (lat, lon) = (reach_m / 111_000.0 + 1e-5, reach_m / 80_000.0 + 1e-5);
            let bounds = (place.lon - lon, place.lon + lon, place.lat - lat, place.lat + lat);
            let ids = boxes.query_map(bounds, |row| row.get::<_, u32>(0))?;
            let ids: Vec<u32> = ids.collect::<Result<_, _>>()?;
            let near = ids.into_iter().map(|id| (doors[id as usize].distance_m(*place), id));
            let mut near: Vec<(f64, u32)> = near.filter(|it| it.0 <= reach_m).collect();
            if near.len() >= NEAREST as usize {
                near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                near.truncate(NEAREST as usize);
                break near.into_iter().map(|it| it.1).collect();
            }
            reach_m *= 2.0;
        };
        all.push(found);
    }
    Ok(all)
}

/// Compares every answer with a scan of all doors.
fn check(figures: &mut Figures, doors: &[Point], turfs: &[TurfPolygon], found: &[Vec<u32>]) {
    let clock = CpuClock::start();
    let differing = turfs.iter().zip(found).filter(|(turf, found)| {
        let corners = || turf.rings()[0].iter();
        let least = |of: fn(&Point) -> f64| corners().map(of).fold(f64::MAX, f64::min);
        let most = |of: fn(&Point) -> f64| corners().map(of).fold(f64::MIN, f64::max);
        let lats = least(|p| p.lat)..=most(|p| p.lat);
        let lons = least(|p| p.lon)..=most(|p| p.lon);
        let may_be = |door: &Point| lats.contains(&door.lat) && lons.contains(&door.lon);
        let scanned =
            (0_u32..).zip(doors).filter(|(_, door)| may_be(door) && turf.contains(**door));
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
