//! Turfs of a city with motorways, water and rails: whether one reaches across.
//!
//! The doors are made, one every so often on either side of each residential street of the
//! Baltimore extract, for the extract has few addresses; none stands so close to a barrier that
//! it would be between two tracks or carriageways. Whether a turf reaches across is found here
//! and not by the core: its doors are joined to those near by that a straight line leads to
//! without meeting a barrier, groups of them where the way from one to the other meets none,
//! and must then be one group.

use std::fs::File;
use std::io::BufReader;

use canvass_cli::cpu::CpuClock;
use canvass_core::cut::{CutDoor, CutGround, CutOrder, CutSize, CutTurf, cut};
use canvass_core::geometry::{Bounds, Plane, Point};
use canvass_core::interchange::read_street_extract;
use canvass_core::street::{Place, StreetPack, WalkCosts, WayKind};
use canvass_core::walklist::Address;

use crate::figures::Figures;
use crate::shape::{compactness, root};
use crate::{Failure, scratch};

const EXTRACT: &str = "baltimore_md.osm.pbf";
/// Metres of street for each door on a side.
const DOOR_EVERY_M: f64 = 30.0;
/// Metres from the middle of the street to a door.
const DOOR_OFF_M: f64 = 9.0;
/// Metres to the next barrier, at least.
const DOOR_FROM_BARRIER_M: f64 = 20.0;
const DOORS_PER_TURF: usize = 100;
/// Turfs below this share of the mean are counted: pockets between barriers.
const SMALL: f64 = 1.0 / 3.0;
/// Doors this near are joined if no barrier lies between.
const NEAR_M: f64 = 400.0;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let file = BufReader::new(File::open(scratch::shared_data(EXTRACT)?)?);
    let streets = StreetPack::open(StreetPack::build(&read_street_extract(file)?.map)?.into())?;
    let Bounds { south_west, north_east } = streets.info().bounds;
    let plane = Plane::around([south_west, north_east]);
    let walls = Walls::of(&streets, &plane);
    let mut points = doors(&streets, &plane);
    points.retain(|point| !walls.is_within(DOOR_FROM_BARRIER_M, plane.metres(*point)));
    let address = Address::default();
    let doors: Vec<CutDoor<'_>> =
        points.iter().map(|point| CutDoor::new(*point, 1, &address)).collect();
    let turfs = u32::try_from(doors.len() / DOORS_PER_TURF).unwrap_or(1);
    let ground = CutGround { streets: Some(&streets), barriers: &[] };
    let clock = CpuClock::start();
    let made = cut(&doors, &CutOrder { ground, ..CutOrder::of(CutSize::Turfs(turfs)) })?;
    println!("  {EXTRACT}: {} doors in {turfs} turfs", doors.len());
    figures.at_most("cut, CPU", clock.millis(), 3_000.0, "ms");
    let minutes = || made.turfs.iter().map(|turf| turf.minutes);
    let mean = minutes().sum::<f64>() / f64::from(turfs);
    figures.tell("longest turf over the mean", minutes().fold(0.0, f64::max) / mean, "");
    let small = minutes().filter(|minutes| *minutes < mean * SMALL).count();
    figures.tell("turfs below a third of it, for want of doors", small as f64, "");
    figures.tell("compactness", compactness(&made.turfs), "");
    figures.same("doors that had to join across a barrier", made.across.len() as u64, 0);
    let metres: Vec<(f64, f64)> = points.iter().map(|point| plane.metres(*point)).collect();
    let reaches_across = |turf: &&CutTurf| {
        let at: Vec<Metres> = turf.doors.iter().map(|door| metres[*door as usize]).collect();
        walls.groups(&at, &streets, &plane) > 1
    };
    let across = made.turfs.iter().filter(reaches_across).count();
    figures.same("turfs that reach across a barrier", across as u64, 0);
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

    /// Whether a barrier is nearer than so many metres.
    fn is_within(&self, metres: f64, at: Metres) -> bool {
        let distance_m = |[a, b]: &[Metres; 2]| {
            let (east, north) = (b.0 - a.0, b.1 - a.1);
            let square = (east * east + north * north).max(f64::MIN_POSITIVE);
            let along = ((at.0 - a.0) * east + (at.1 - a.1) * north) / square;
            let along = along.clamp(0.0, 1.0);
            (a.0 + along * east - at.0).hypot(a.1 + along * north - at.1)
        };
        self.0.iter().any(|piece| distance_m(piece) < metres)
    }

    fn meets(&self, line: [Metres; 2]) -> bool {
        self.0.iter().any(|piece| meet(line, *piece))
    }

    /// The groups of a turf's doors between barriers.
    fn groups(&self, at: &[Metres], streets: &StreetPack, plane: &Plane) -> usize {
        let near = self.beside(at);
        let mut group: Vec<usize> = (0..at.len()).collect();
        let mut far = Vec::new();
        for (one, other) in (0..at.len()).flat_map(|one| (0..one).map(move |other| (one, other))) {
            let line = [at[one], at[other]];
            let far_m = (line[0].0 - line[1].0).hypot(line[0].1 - line[1].1);
            if far_m <= NEAR_M && !near.meets(line) {
                let (a, b) = (root(&group, one), root(&group, other));
                group[a] = b;
            } else {
                far.push((far_m, one, other));
            }
        }
        far.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, one, other) in far {
            let (a, b) = (root(&group, one), root(&group, other));
            // The way between the nearest two of both groups stands for all ways.
            if a != b && self.is_open_way(at[one], at[other], streets, plane) {
                group[a] = b;
            }
        }
        (0..at.len()).filter(|door| group[*door] == *door).count()
    }

    /// The pieces that may lie between some positions.
    fn beside(&self, at: &[Metres]) -> Self {
        let around = |of: fn(&Metres) -> f64| {
            let least = at.iter().map(of).fold(f64::INFINITY, f64::min);
            (least, at.iter().map(of).fold(f64::NEG_INFINITY, f64::max))
        };
        let (east, north) = (around(|at| at.0), around(|at| at.1));
        let is_beside = |of: [f64; 2], (least, most): (f64, f64)| {
            of.iter().all(|at| *at < least) || of.iter().all(|at| *at > most)
        };
        let is_near =
            |[a, b]: &&[Metres; 2]| !is_beside([a.0, b.0], east) && !is_beside([a.1, b.1], north);
        Self(self.0.iter().filter(is_near).copied().collect())
    }

    /// Whether the way along the streets from one position to another meets no barrier; the
    /// straight line where no way leads.
    fn is_open_way(&self, from: Metres, to: Metres, streets: &StreetPack, plane: &Plane) -> bool {
        let snap = |at: Metres| streets.snap(&Place::at(plane.point(at.0, at.1)));
        let path = snap(from)
            .zip(snap(to))
            .and_then(|(from, to)| streets.path(&from, &to, &WalkCosts::Distance));
        let mut line = vec![from];
        let way = path.map(|path| streets.path_line(&path)).unwrap_or_default();
        line.extend(way.iter().map(|point| plane.metres(*point)));
        line.push(to);
        let near = self.beside(&line);
        !line.windows(2).any(|ends| near.meets([ends[0], ends[1]]))
    }
}

/// Whether two straight lines cross.
fn meet([a, b]: [Metres; 2], [c, d]: [Metres; 2]) -> bool {
    let side = |from: Metres, to: Metres, of: Metres| {
        (to.0 - from.0) * (of.1 - from.1) - (to.1 - from.1) * (of.0 - from.0) > 0.0
    };
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}
