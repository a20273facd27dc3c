//! Turfs of a city with motorways, water and rails: whether one reaches across.
//!
//! The doors are made, one every so often on either side of each residential street of the
//! Baltimore extract, for the extract has few addresses. Whether a turf reaches across is found
//! here and not by the core: its doors are joined to those near by that a straight line leads
//! to without meeting a barrier, and must then be one group.

use std::fs::File;
use std::io::BufReader;

use canvass_cli::cpu::CpuClock;
use canvass_core::cut::{CutDoor, CutGround, CutOrder, CutSize, cut};
use canvass_core::geometry::{Bounds, Plane, Point};
use canvass_core::interchange::read_street_extract;
use canvass_core::street::{StreetPack, WayKind};
use canvass_core::walklist::Address;

use crate::figures::Figures;
use crate::{Failure, scratch};

const EXTRACT: &str = "baltimore_md.osm.pbf";
/// Metres of street for each door on a side.
const DOOR_EVERY_M: f64 = 30.0;
/// Metres from the middle of the street to a door.
const DOOR_OFF_M: f64 = 9.0;
const DOORS_PER_TURF: usize = 100;
/// Doors this near are joined if no barrier lies between.
const NEAR_M: f64 = 400.0;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let file = BufReader::new(File::open(scratch::shared_data(EXTRACT)?)?);
    let streets = StreetPack::open(StreetPack::build(&read_street_extract(file)?.map)?.into())?;
    let Bounds { south_west, north_east } = streets.info().bounds;
    let plane = Plane::around([south_west, north_east]);
    let points = doors(&streets, &plane);
    let address = Address::default();
    let doors: Vec<CutDoor<'_>> =
        points.iter().map(|point| CutDoor::new(*point, 1, &address)).collect();
    let turfs = u32::try_from(doors.len() / DOORS_PER_TURF).unwrap_or(1);
    let ground = CutGround { streets: Some(&streets), barriers: &[] };
    let clock = CpuClock::start();
    let made = cut(&doors, &CutOrder { ground, ..CutOrder::of(CutSize::Turfs(turfs)) })?;
    println!("  {EXTRACT}: {} doors in {turfs} turfs", doors.len());
    figures.tell("cut, CPU", clock.millis(), "ms");
    let minutes = || made.turfs.iter().map(|turf| turf.minutes);
    let mean = minutes().sum::<f64>() / f64::from(turfs);
    figures.tell("longest turf over the mean", minutes().fold(0.0, f64::max) / mean, "");
    figures.same("doors that had to join across a barrier", made.across.len() as u64, 0);
    let walls = Walls::of(&streets, &plane);
    let metres: Vec<(f64, f64)> = points.iter().map(|point| plane.metres(*point)).collect();
    let split = made.turfs.iter().filter(|turf| walls.parts(&metres, &turf.doors) > 1).count();
    figures.same("turfs that reach across a barrier", split as u64, 0);
    Ok(())
}

/// Doors on both sides of every residential street with a name.
fn doors(streets: &StreetPack, plane: &Plane) -> Vec<Point> {
    let all = streets.edges_in(&streets.info().bounds).into_iter();
    let edges = all.filter_map(|edge| streets.edge(edge));
    let homes = edges.filter(|edge| edge.kind == WayKind::Residential && edge.name.is_some());
    let mut doors = Vec::new();
    for edge in homes {
        for ends in edge.line.windows(2) {
            let (a, b) = (plane.metres(ends[0]), plane.metres(ends[1]));
            let (east, north) = (b.0 - a.0, b.1 - a.1);
            let length_m = east.hypot(north);
            let mut at_m = DOOR_EVERY_M / 2.0;
            while at_m < length_m {
                for side in [-1.0, 1.0] {
                    let (along, off) = (at_m / length_m, side * DOOR_OFF_M / length_m);
                    let east_m = a.0 + along * east - off * north;
                    doors.push(plane.point(east_m, a.1 + along * north + off * east));
                }
                at_m += DOOR_EVERY_M;
            }
        }
    }
    doors
}

type Metres = (f64, f64);

/// Straight pieces of barriers, in metres.
struct Walls(Vec<[Metres; 2]>);

impl Walls {
    fn of(streets: &StreetPack, plane: &Plane) -> Self {
        let mut pieces = Vec::new();
        for barrier in streets.barriers_in(&streets.info().bounds) {
            let points: Vec<Metres> = barrier.points.iter().map(|at| plane.metres(*at)).collect();
            pieces.extend(points.windows(2).map(|ends| [ends[0], ends[1]]));
        }
        Self(pieces)
    }

    /// The parts of a turf between barriers.
    fn parts(&self, metres: &[Metres], doors: &[u32]) -> usize {
        let at: Vec<Metres> = doors.iter().map(|door| metres[*door as usize]).collect();
        let around = |of: fn(&Metres) -> f64| {
            let least = at.iter().map(of).fold(f64::INFINITY, f64::min);
            (least, at.iter().map(of).fold(f64::NEG_INFINITY, f64::max))
        };
        let (east, north) = (around(|at| at.0), around(|at| at.1));
        let is_beside = |of: [f64; 2], (least, most): (f64, f64)| {
            of.iter().all(|at| *at < least) || of.iter().all(|at| *at > most)
        };
        let near = self
            .0
            .iter()
            .filter(|[a, b]| !is_beside([a.0, b.0], east) && !is_beside([a.1, b.1], north));
        let near: Vec<&[Metres; 2]> = near.collect();
        let mut group: Vec<usize> = (0..at.len()).collect();
        for one in 0..at.len() {
            for other in 0..one {
                let line = [at[one], at[other]];
                let far_m = (line[0].0 - line[1].0).hypot(line[0].1 - line[1].1);
                let (a, b) = (root(&group, one), root(&group, other));
                if a != b && far_m <= NEAR_M && !near.iter().any(|wall| meet(line, **wall)) {
                    group[a] = b;
                }
            }
        }
        (0..at.len()).filter(|door| group[*door] == *door).count()
    }
}

fn root(group: &[usize], mut door: usize) -> usize {
    while group[door] != door {
        door = group[door];
    }
    door
}

/// Whether two straight lines cross.
fn meet([a, b]: [Metres; 2], [c, d]: [Metres; 2]) -> bool {
    let side = |from: Metres, to: Metres, of: Metres| {
        (to.0 - from.0) * (of.1 - from.1) - (to.1 - from.1) * (of.0 - from.0) > 0.0
    };
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}
