//! Walks by straight lines: positions on the ground in, an order and its length out.

use std::collections::BTreeMap;

use crate::geometry::{Plane, Point};
use crate::route::{Costs, Effort, Ends, solve};
use crate::turf::DoorIndex;

/// How much longer a walk along streets and paths is than straight lines, in thousandths.
///
/// The median over 20,000 pairs of places 20 to 800 m apart on the sidewalk network of
/// Cambridge, Massachusetts, is 1.40 (1.38 below 100 m, 1.44 from 100 to 300 m).
pub const DETOUR_PER_MILLE: u32 = 1_400;

/// Where a walk begins and ends. The default leaves both ends free.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WalkEnds {
    /// Where the walker sets out, for example the car; not a stop.
    pub start: Option<Point>,
    /// Where the walker wants to arrive; not a stop.
    pub end: Option<Point>,
    /// Whether the walk comes back to where it began; `end` is ignored then.
    pub closed: bool,
}

/// A walk past all stops.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkRoute {
    /// The stops in walking order, each once, numbered as they were given.
    pub order: Vec<u32>,
    /// Metres from the first stop to the last, with the ways from the start, to the end and
    /// back that were asked for; straight lines times [`DETOUR_PER_MILLE`].
    pub length_m: f64,
}

/// Metres of walking along `points` in this order: straight lines times [`DETOUR_PER_MILLE`].
#[must_use]
pub fn length_m(points: &[Point]) -> f64 {
    let straight: f64 = points.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
    straight * f64::from(DETOUR_PER_MILLE) / 1_000.0
}

/// Metres in a second: the usual planning figure for pedestrians.
const WALKING_SPEED_M_PER_S: f64 = 1.35;

/// Seconds for so many metres of walking.
#[must_use]
pub fn walk_time_s(length_m: f64) -> f64 {
    length_m / WALKING_SPEED_M_PER_S
}

/// Plans a walk past all `points`.
///
/// Stops at the same position come one after the other, in the order they were given. The
/// same points, ends and seed give the same walk on every device.
///
/// # Panics
/// Never: given ends are positions of their own.
#[must_use]
pub fn plan(points: &[Point], ends: WalkEnds, effort: Effort, seed: u64) -> WalkRoute {
    let places = Places::of(points);
    if places.points.is_empty() {
        return WalkRoute { order: Vec::new(), length_m: 0.0 };
    }
    let mut nodes = places.points.clone();
    let mut add = |point: Point| {
        nodes.push(point);
        u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX)
    };
    let start = ends.start.map(&mut add);
    let end = ends.end.filter(|_| !ends.closed).map(&mut add);
    let asked = if ends.closed { Ends::Closed } else { Ends::Open { start, end } };
    let tour = solve(&Ground::of(&nodes), asked, effort, seed)
        .expect("an end is a node of its own, so it exists and is not the other end");
    let tour = from_start(tour, ends.closed.then_some(start).flatten());
    let mut walked: Vec<Point> = tour.iter().map(|node| nodes[*node as usize]).collect();
    if ends.closed {
        walked.push(walked[0]);
    }
    let stops = tour.iter().filter_map(|node| places.stops.get(*node as usize));
    WalkRoute { order: stops.flatten().copied().collect(), length_m: length_m(&walked) }
}

/// Turns a closed walk so that it begins at `start`.
fn from_start(mut tour: Vec<u32>, start: Option<u32>) -> Vec<u32> {
    let at = start.and_then(|start| tour.iter().position(|node| *node == start));
    tour.rotate_left(at.unwrap_or(0));
    tour
}

/// The different positions, in the order in which they first came, and the stops at each.
struct Places {
    points: Vec<Point>,
    stops: Vec<Vec<u32>>,
}

impl Places {
    fn of(points: &[Point]) -> Self {
        let mut at: BTreeMap<(i32, i32), usize> = BTreeMap::new();
        let mut places = Self { points: Vec::new(), stops: Vec::new() };
        for (stop, &point) in (0..).zip(points) {
            let place = *at.entry(point.to_e7()).or_insert(places.points.len());
            if place == places.points.len() {
                places.points.push(point);
                places.stops.push(Vec::new());
            }
            places.stops[place].push(stop);
        }
        places
    }
}

/// Straight lines in centimetres, on a plane.
struct Ground {
    metres: Vec<(f64, f64)>,
    points: Vec<Point>,
    index: DoorIndex,
}

/// How many of the nearest are looked at to find some in every direction.
const LOOKED_AT: u32 = 24;
/// How many neighbours are taken in each quarter of the compass before the rest.
const PER_QUARTER: u32 = 2;

impl Ground {
    fn of(points: &[Point]) -> Self {
        let plane = Plane::around(points.iter().copied());
        Self {
            metres: points.iter().map(|point| plane.metres(*point)).collect(),
            points: points.to_vec(),
            index: DoorIndex::load((0..).zip(points.iter().copied())),
        }
    }

    fn quarter(&self, from: u32, to: u32) -> usize {
        let (a, b) = (self.metres[from as usize], self.metres[to as usize]);
        usize::from(b.0 > a.0) + 2 * usize::from(b.1 > a.1)
    }
}

impl Costs for Ground {
    fn len(&self) -> u32 {
        u32::try_from(self.metres.len()).unwrap_or(u32::MAX)
    }

    #[inline]
    fn cost(&self, from: u32, to: u32) -> u32 {
        let (a, b) = (self.metres[from as usize], self.metres[to as usize]);
        let (east, north) = (a.0 - b.0, a.1 - b.1);
        // Square roots are exact to the last bit on every platform. A cast saturates.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as said")]
        let centimetres = ((east * east + north * north).sqrt() * 100.0 + 0.5) as u32;
        centimetres
    }

    fn is_symmetric(&self) -> bool {
        true
    }

    fn neighbours(&self, of: u32, count: u32) -> Option<Vec<u32>> {
        let near = self.index.nearest(self.points[of as usize], LOOKED_AT.max(count) + 1);
        let near: Vec<u32> = near.iter().map(|near| near.door).filter(|door| *door != of).collect();
        let mut taken = [0; 4];
        let (mut chosen, rest): (Vec<u32>, Vec<u32>) = near.into_iter().partition(|&door| {
            let taken = &mut taken[self.quarter(of, door)];
            *taken += 1;
            *taken <= PER_QUARTER
        });
        let lacking = (count as usize).saturating_sub(chosen.len());
        chosen.extend(rest.into_iter().take(lacking));
        Some(chosen)
    }
}
