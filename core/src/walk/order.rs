//! A walk past doors: in which order, how long, and what cannot be walked to.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::route::{Effort, Ends, FACE_SWITCH_M, Faces, NO_FACE, solve, solve_legibly};
use crate::street::{Path, Place, RoadSide, Snap, StreetPack};
use crate::walk::legs::{Ground, Legs};
use crate::walk::shift::millis;
use crate::walk::straight::walked_m;
use crate::walk::{StopWork, WorkCosts};

/// A stop to walk to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkStop<'a> {
    /// Where it is, with its street and number where they are known.
    pub place: Place<'a>,
    /// What is done there.
    pub work: StopWork,
}

impl WalkStop<'_> {
    /// One dwelling at a point, of which nothing else is known.
    #[must_use]
    pub fn at(point: Point) -> Self {
        let work = StopWork { dwellings: 1, ..StopWork::default() };
        Self { place: Place::at(point), work }
    }
}

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

/// A walk past stops, which are numbered as they were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Walk {
    /// The stops in walking order, each once.
    pub order: Vec<u32>,
    /// Stops that are left out because of what is in the way there.
    pub left_out: Vec<u32>,
    /// Metres from the first stop to the last, with the ways from the start, to the end and
    /// back that were asked for. Along streets it is measured from kerb to kerb: the way from
    /// the kerb to the door is not in it.
    pub length_m: f64,
    /// Seconds of walking, waits at crossings included.
    pub walk_s: f64,
    /// Seconds of work at the stops.
    pub work_s: f64,
    /// Stops that a straight line leads to, because no street or no way does.
    pub by_straight_line: Vec<u32>,
    /// What an order that is easy to follow takes beside the plain one, where it was asked for.
    pub legibility: Option<Legibility>,
}

/// What it takes to finish one side of a block before the next, and what it saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legibility {
    /// How often the walk comes back to a side of a block that it had left unfinished.
    pub returns: u32,
    /// How often the plain order does.
    pub plain_returns: u32,
    /// What the walk costs more than the plain order: milliseconds (decimetres where the shortest
    /// walk was asked for).
    pub price: u64,
}

/// Stops, the ends of their walk, and the legs between them.
pub struct Terrain<'s, 'p> {
    pub(super) ground: Ground<'s>,
    /// Seconds of work at each stop; none for one that is left out.
    work_s: Vec<Option<f64>>,
    dwellings: Vec<u32>,
    /// Each position once, then the start and the end that were given.
    pub(super) nodes: Vec<Place<'p>>,
    /// The stops at each position.
    pub(super) stops_at: Vec<Vec<u32>>,
    pub(super) ends: Ends,
    pub(super) legs: Legs<'s>,
}

impl<'s, 'p> Terrain<'s, 'p> {
    /// Prepares a walk past `stops`. Stops at the same position are walked to as one.
    #[must_use]
    pub fn new(
        stops: &[WalkStop<'p>],
        ends: WalkEnds,
        ground: Ground<'s>,
        work: &WorkCosts,
    ) -> Self {
        let work_s: Vec<Option<f64>> =
            stops.iter().map(|stop| work.seconds_at(stop.work)).collect();
        let (mut nodes, stops_at) = positions(stops, &work_s);
        let is_empty = nodes.is_empty();
        let mut add = |point: Point| {
            nodes.push(Place::at(point));
            u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX)
        };
        let start = ends.start.filter(|_| !is_empty).map(&mut add);
        let end = ends.end.filter(|_| !ends.closed && !is_empty).map(&mut add);
        let ends = if ends.closed { Ends::Closed } else { Ends::Open { start, end } };
        let legs = Legs::between(&nodes, ground);
        let dwellings = stops.iter().map(|stop| stop.work.dwellings).collect();
        Self { ground, work_s, dwellings, nodes, stops_at, ends, legs }
    }

    /// The walk past all stops that costs least.
    ///
    /// Stops at the same position come one after the other, in the order they were given. The
    /// same stops, ends and seed give the same walk on every device.
    ///
    /// # Panics
    /// Never: given ends are places of their own.
    #[must_use]
    pub fn walk(&self, effort: Effort, seed: u64) -> Walk {
        let tour = solve(&self.legs, self.ends, effort, seed)
            .expect("an end is a node of its own, so it exists and is not the other end");
        self.walk_of(tour)
    }

    /// As [`Terrain::walk`], but one side of a block is finished before the next where that
    /// costs little ([`FACE_SWITCH_M`]).
    ///
    /// # Panics
    /// Never: see [`Terrain::walk`]; and each node has its face.
    #[must_use]
    pub fn legible_walk(&self, effort: Effort, seed: u64) -> Walk {
        let of_stop = self.faces();
        let faces = Faces { of_stop: &of_stop, switch: self.ground.cost_of(FACE_SWITCH_M) };
        let found = solve_legibly(&self.legs, self.ends, faces, effort, seed)
            .expect("ends are nodes of their own, and each node has a face");
        let legibility = Legibility {
            returns: found.returns,
            plain_returns: found.plain_returns,
            price: found.cost.saturating_sub(found.plain_cost),
        };
        Walk { legibility: Some(legibility), ..self.walk_of(found.order) }
    }

    /// The face of each node: one side of one edge.
    fn faces(&self) -> Vec<u32> {
        let mut numbers: BTreeMap<(u32, RoadSide), u32> = BTreeMap::new();
        let mut face = |snap: &Snap| {
            let next = u32::try_from(numbers.len()).unwrap_or(NO_FACE);
            *numbers.entry((snap.edge, snap.side)).or_insert(next)
        };
        let nodes = (0..).zip(&self.nodes).map(|(node, _)| node);
        nodes
            .map(|node| match self.legs.snap(node).filter(|_| !self.is_end(node)) {
                Some(snap) => face(snap),
                None => NO_FACE,
            })
            .collect()
    }

    fn walk_of(&self, mut tour: Vec<u32>) -> Walk {
        if self.ends == Ends::Closed {
            let start = tour.iter().position(|node| self.is_end(*node));
            tour.rotate_left(start.unwrap_or(0));
        }
        let stops = tour.iter().filter_map(|node| self.stops_at.get(*node as usize));
        self.measured(stops.flatten().copied().collect())
    }

    /// The walk past these stops in this order, with the ends that were given.
    #[must_use]
    pub fn measured(&self, order: Vec<u32>) -> Walk {
        let left_out = (0..).zip(&self.work_s).filter(|(_, work_s)| work_s.is_none());
        let mut walk = Walk { left_out: left_out.map(|(at, _)| at).collect(), ..Walk::default() };
        for ends in self.tour(&order).windows(2) {
            let leg = self.leg(ends[0], ends[1]);
            walk.length_m += leg.length_m;
            walk.walk_s += leg.walk_s;
            if leg.path.is_none() && self.ground.streets.is_some() {
                walk.by_straight_line
                    .extend(self.stops_at.get(ends[1] as usize).into_iter().flatten());
            }
        }
        walk.work_s = order.iter().filter_map(|stop| self.work_s[*stop as usize]).sum();
        walk.order = order;
        walk
    }

    /// The points that a walk past these stops goes by, for drawing: along the streets, past the
    /// doors beside them, and from point to point where no street leads. Begins at the first
    /// place and ends at the last.
    #[must_use]
    pub fn line(&self, order: &[u32]) -> Vec<Point> {
        let tour = self.tour(order);
        let point = |node: &u32| self.nodes[*node as usize].point;
        let mut line: Vec<Point> = tour.first().map(point).into_iter().collect();
        for ends in tour.windows(2) {
            match (self.ground.streets, self.leg(ends[0], ends[1]).path) {
                (Some(streets), Some(path)) => line.extend(streets.path_line(&path)),
                _ => line.extend(ends.iter().map(point)),
            }
        }
        line.extend(tour.last().map(point));
        line.dedup();
        line
    }

    /// The streets that are walked on, if they are known.
    #[must_use]
    pub const fn streets(&self) -> Option<&'s StreetPack> {
        self.ground.streets
    }

    /// Milliseconds of work at some stops.
    pub(super) fn work_ms(&self, stops: &[u32]) -> u32 {
        let work_s: f64 = stops.iter().filter_map(|stop| self.work_s[*stop as usize]).sum();
        u32::try_from(millis(work_s)).unwrap_or(u32::MAX)
    }

    /// The dwellings at a stop.
    pub(super) fn dwellings(&self, stop: u32) -> u32 {
        self.dwellings.get(stop as usize).copied().unwrap_or(0)
    }

    fn is_end(&self, node: u32) -> bool {
        node as usize >= self.stops_at.len()
    }

    /// The nodes that a walk past these stops goes by, from end to end.
    pub(super) fn tour(&self, order: &[u32]) -> Vec<u32> {
        let mut node_of = vec![u32::MAX; self.work_s.len()];
        for (node, stops) in (0..).zip(&self.stops_at) {
            for stop in stops {
                node_of[*stop as usize] = node;
            }
        }
        let (start, end) = match self.ends {
            Ends::Open { start, end } => (start, end),
            // The start of a closed walk is the first node after those of the stops.
            Ends::Closed => {
                let start = u32::try_from(self.stops_at.len()).unwrap_or(u32::MAX);
                (Some(start).filter(|start| (*start as usize) < self.nodes.len()), None)
            }
        };
        let stops = order.iter().filter_map(|stop| node_of.get(*stop as usize).copied());
        let known = stops.filter(|node| *node != u32::MAX);
        let mut tour: Vec<u32> = start.into_iter().chain(known).chain(end).collect();
        tour.dedup();
        if self.ends == Ends::Closed {
            tour.extend(tour.first().copied().filter(|_| tour.len() > 1));
        }
        tour
    }

    /// What one leg takes, and its path along the streets; none for a straight line.
    pub(super) fn leg(&self, from: u32, to: u32) -> Leg {
        if let Some((path, cost)) = self.path(from, to) {
            let length_m = f64::from(path.length_dm) / 10.0;
            return Leg { length_m, walk_s: cost, path: Some(path) };
        }
        let [a, b] = [from, to].map(|node| self.nodes[node as usize].point);
        let length_m = walked_m(a, b);
        Leg { length_m, walk_s: self.ground.seconds(length_m), path: None }
    }

    /// The path along the streets, and its seconds.
    fn path(&self, from: u32, to: u32) -> Option<(Path, f64)> {
        let (from, to) = (self.legs.snap(from)?, self.legs.snap(to)?);
        let path = self.ground.streets?.path(from, to, &self.ground.costs())?;
        let walk_s = if self.ground.shortest {
            self.ground.seconds(f64::from(path.length_dm) / 10.0)
        } else {
            f64::from(path.cost) / 1_000.0
        };
        Some((path, walk_s))
    }
}

/// What a leg takes.
pub(super) struct Leg {
    pub(super) length_m: f64,
    walk_s: f64,
    pub(super) path: Option<Path>,
}

/// Plans a walk past `points` by straight lines, for where no street is known.
#[must_use]
pub fn plan(points: &[Point], ends: WalkEnds, effort: Effort, seed: u64) -> Walk {
    let stops: Vec<WalkStop<'_>> = points.iter().map(|point| WalkStop::at(*point)).collect();
    Terrain::new(&stops, ends, Ground::default(), &WorkCosts::default()).walk(effort, seed)
}

/// The different positions of the stops that are walked to, in the order in which they first
/// came, and the stops at each.
fn positions<'p>(
    stops: &[WalkStop<'p>],
    work_s: &[Option<f64>],
) -> (Vec<Place<'p>>, Vec<Vec<u32>>) {
    let mut at: BTreeMap<(i32, i32), usize> = BTreeMap::new();
    let (mut places, mut stops_at) = (Vec::new(), Vec::<Vec<u32>>::new());
    for ((number, stop), _) in (0..).zip(stops).zip(work_s).filter(|(_, work)| work.is_some()) {
        let position = *at.entry(stop.place.point.to_e7()).or_insert(places.len());
        if position == places.len() {
            places.push(stop.place);
            stops_at.push(Vec::new());
        }
        stops_at[position].push(number);
    }
    (places, stops_at)
}
