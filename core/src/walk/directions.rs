//! Directions for a walk: step by step, from one side of one block to the next.
//!
//! Stops that follow each other on one side of one street are one step: nobody is told to go
//! on after each door. Facts only; `say` makes sentences of them.

use crate::geometry::{Plane, Point};
use crate::street::{Leg as PathLeg, Path, RoadSide, StreetPack, WayKind};
use crate::walk::order::Terrain;
use crate::walk::step::{Heading, Parity, Turn, WalkMove, WalkStep};

/// Metres of a way without a name that are not worth a word of their own.
const SHORT_M: f64 = 15.0;

impl Terrain<'_, '_> {
    /// How to walk past these stops in this order.
    ///
    /// Each stop is in exactly one step; the way to the end that was given, or back, is none.
    #[must_use]
    pub fn directions(&self, order: &[u32]) -> Vec<WalkStep> {
        let mut guide = Guide { terrain: self, facing: None, on: None, steps: Vec::new(), stop: 0 };
        let tour = self.tour(order);
        for (at, node) in tour.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| tour[before]);
            let is_back = before.is_some() && at + 1 == tour.len() && tour[0] == *node;
            if self.stops_at.get(*node as usize).is_some() && !is_back {
                guide.go(before, *node);
            }
        }
        guide.steps
    }
}

/// Where the walker is, and what was said so far.
struct Guide<'a, 's, 'p> {
    terrain: &'a Terrain<'s, 'p>,
    /// The direction the walker comes in, as metres east and north.
    facing: Option<(f64, f64)>,
    /// The face that the last step's stops are on, and whether it is walked forwards.
    on: Option<Face>,
    steps: Vec<WalkStep>,
    /// Stops that were walked to.
    stop: u32,
}

/// A side of an edge, and the way along it: forwards, backwards, or not known yet.
#[derive(Clone, Copy, PartialEq)]
struct Face {
    edge: u32,
    side: RoadSide,
    forward: Option<bool>,
}

impl Face {
    /// The side as someone sees it who walks along.
    const fn seen(self) -> Option<RoadSide> {
        match self.forward {
            Some(true) => Some(self.side),
            Some(false) => Some(self.side.across()),
            None => None,
        }
    }
}

impl Guide<'_, '_, '_> {
    fn go(&mut self, from: Option<u32>, to: u32) {
        let leg = from.map(|from| self.terrain.leg(from, to));
        let length_m = leg.as_ref().map_or(0.0, |leg| leg.length_m);
        let path = leg.as_ref().and_then(|leg| leg.path.as_ref());
        let face = self.face(to, path);
        let goes_on = path.is_some_and(|path| self.goes_on(face, path));
        let mut moves = Vec::new();
        match (from, path, self.terrain.ground.streets) {
            (Some(_), Some(path), Some(streets)) => self.walk(streets, path, &mut moves),
            (Some(from), _, _) => moves.push(self.straight(from, to, length_m)),
            (None, _, _) => {}
        }
        match self.steps.last_mut() {
            Some(step) if goes_on => {
                step.side = face.and_then(Face::seen);
                step.distance_m += length_m;
            }
            _ => self.steps.push(WalkStep {
                moves,
                side: face.and_then(Face::seen),
                distance_m: length_m,
                ..self.empty_step(to)
            }),
        }
        self.on = face;
        self.arrive(to);
    }

    /// The face that a node is on, as the path to it is walked.
    fn face(&self, node: u32, path: Option<&Path>) -> Option<Face> {
        let snap = self.terrain.legs.snap(node)?;
        let last = path.and_then(|path| path.legs.last());
        let forward = match last {
            Some(PathLeg::Along { edge, from_dm, to_dm, .. }) if *edge == snap.edge => {
                Some(from_dm < to_dm)
            }
            // Whoever has just crossed may go on either way.
            Some(_) => None,
            None => self.on.filter(|on| on.edge == snap.edge).and_then(|on| on.forward),
        };
        Some(Face { edge: snap.edge, side: snap.side, forward })
    }

    /// Whether a node lies farther along the face that the walker is on.
    fn goes_on(&self, face: Option<Face>, path: &Path) -> bool {
        let (Some(on), Some(face)) = (self.on, face) else { return false };
        let same_way = on.forward.is_none() || on.forward == face.forward;
        let only_along = path.legs.iter().all(|leg| matches!(leg, PathLeg::Along { .. }));
        (on.edge, on.side) == (face.edge, face.side)
            && same_way
            && only_along
            && path.legs.len() < 2
    }

    fn empty_step(&self, node: u32) -> WalkStep {
        WalkStep {
            moves: Vec::new(),
            first_stop: self.stop,
            last_stop: self.stop,
            doors: 0,
            street: self.terrain.nodes[node as usize].street.unwrap_or_default().to_owned(),
            first_number: String::new(),
            last_number: String::new(),
            side: None,
            parity: None,
            distance_m: 0.0,
        }
    }

    /// Adds the stops of a node to the last step.
    fn arrive(&mut self, node: u32) {
        let stops = &self.terrain.stops_at[node as usize];
        let number = self.terrain.nodes[node as usize].number;
        let Some(step) = self.steps.last_mut() else { return };
        let is_first = step.doors == 0;
        step.doors += stops.iter().map(|stop| self.terrain.dwellings(*stop)).sum::<u32>();
        self.stop += u32::try_from(stops.len()).unwrap_or(0);
        step.last_stop = self.stop.saturating_sub(1);
        let parity = number.map(|n| if n % 2 == 0 { Parity::Even } else { Parity::Odd });
        step.parity = if is_first || step.parity == parity { parity } else { None };
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        if is_first {
            step.first_number.clone_from(&number);
        }
        step.last_number = number;
    }

    fn straight(&mut self, from: u32, to: u32, distance_m: f64) -> WalkMove {
        let ends = [from, to].map(|node| self.terrain.nodes[node as usize].point);
        let (east, north) = direction(&ends).unwrap_or_default();
        self.facing = None;
        WalkMove::Straight { heading: Heading::of(east, north), distance_m }
    }

    /// What is said of a path along the streets.
    fn walk(&mut self, streets: &StreetPack, path: &Path, moves: &mut Vec<WalkMove>) {
        for leg in &path.legs {
            match leg {
                PathLeg::Across { edge, .. } => {
                    let way = streets.name(*edge).unwrap_or_default().to_owned();
                    cross(moves, way);
                }
                PathLeg::Along { edge, from_dm, to_dm, .. } => {
                    let alone = Path { legs: vec![*leg], cost: 0, length_dm: 0 };
                    let line = streets.path_line(&alone);
                    let distance_m = f64::from(from_dm.abs_diff(*to_dm)) / 10.0;
                    let turn = self.turn(&line);
                    self.facing = line
                        .len()
                        .checked_sub(2)
                        .and_then(|at| direction(&line[at..]))
                        .or(self.facing);
                    let Some(edge) = streets.edge(*edge) else { continue };
                    along(moves, edge.kind, edge.name.unwrap_or_default(), turn, distance_m);
                }
            }
        }
    }

    fn turn(&self, line: &[Point]) -> Turn {
        let Some(into) = line.get(..2).and_then(direction) else { return Turn::Ahead };
        match self.facing {
            Some(facing) => Turn::between(facing, into),
            None => Turn::SetOut { heading: Heading::of(into.0, into.1) },
        }
    }
}

fn cross(moves: &mut Vec<WalkMove>, way: String) {
    let again = WalkMove::Cross { way };
    if moves.last() != Some(&again) {
        moves.push(again);
    }
}

/// Adds a stretch; what goes on ahead along the same way, or is too short for a name of its
/// own, is added to the one before.
fn along(moves: &mut Vec<WalkMove>, kind: WayKind, way: String, turn: Turn, distance_m: f64) {
    match kind {
        WayKind::Crossing => return cross(moves, way),
        WayKind::Steps => return moves.push(WalkMove::Stairs { distance_m }),
        _ => {}
    }
    if let Some(WalkMove::Along { way: before, distance_m: sum, .. }) = moves.last_mut() {
        let same = *before == way && turn == Turn::Ahead;
        if same || way.is_empty() && distance_m < SHORT_M {
            *sum += distance_m;
            return;
        }
    }
    moves.push(WalkMove::Along { way, turn, distance_m });
}

/// The direction from the first of two points to the second, as metres east and north; none
/// when they are one.
fn direction(ends: &[Point]) -> Option<(f64, f64)> {
    let [from, to] = ends else { return None };
    let plane = Plane::around([*from, *to]);
    let (a, b) = (plane.metres(*from), plane.metres(*to));
    let direction = (b.0 - a.0, b.1 - a.1);
    (direction != (0.0, 0.0)).then_some(direction)
}
