//! The way from one door to another, leg by leg: for directions and for drawing.

use super::costs::{NO_WAY, WalkCosts};
use super::layout::Section;
use super::map::RoadSide;
use super::network::{Hold, Network, Step};
use super::pack::{StreetPack, point};
use super::search::{FAR, Search};
use super::shape::{Local, Steps};
use super::snap::Snap;
use crate::geometry::Point;

/// A cheapest way between two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// What to walk and what to cross, in order.
    pub legs: Vec<Leg>,
    /// What it costs, in the unit of the costs asked for.
    pub cost: u32,
    /// Decimetres walked along ways; crossings count as none.
    pub length_dm: u32,
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// Along one side of an edge.
    Along {
        /// The edge.
        edge: u32,
        /// The side, seen from the edge's first node to its last, whichever way one walks.
        side: RoadSide,
        /// Decimetres from the edge's first node where the leg begins.
        from_dm: u32,
        /// Decimetres from the edge's first node where it ends. Less than `from_dm` when the
        /// edge is walked from its last node towards its first.
        to_dm: u32,
    },
    /// Across an edge, from one side to the other.
    Across {
        /// The edge that is crossed.
        edge: u32,
        /// Decimetres from the edge's first node: at one of its ends, or between them.
        at_dm: u32,
    },
}

impl StreetPack {
    /// A cheapest way from one place to another; none where no way leads. Its cost is what
    /// [`StreetPack::matrix`] says.
    #[must_use]
    pub fn path(&self, from: &Snap, to: &Snap, costs: &WalkCosts) -> Option<Path> {
        let network = self.network(costs);
        let (start, end) = (network.hold(self, from)?, network.hold(self, to)?);
        let (way, around) = around(&network, &start, &end);
        let direct = start.direct(&end);
        let cost = direct.map_or(around, |direct| direct.min(around));
        if cost >= NO_WAY {
            return None;
        }
        let legs = match direct {
            Some(cost) if cost <= around => self.legs_direct(from, to, &network),
            _ => self.legs_around(&network, &way, (from, &start), (to, &end)),
        };
        let walked = |leg: &Leg| match leg {
            Leg::Along { from_dm, to_dm, .. } => from_dm.abs_diff(*to_dm),
            Leg::Across { .. } => 0,
        };
        let length_dm = legs.iter().map(walked).fold(0, u32::saturating_add);
        Some(Path { legs, cost, length_dm })
    }

    fn legs_direct(&self, from: &Snap, to: &Snap, network: &Network) -> Vec<Leg> {
        let (from_dm, to_dm) = (self.clamped(from), self.clamped(to));
        let mut legs = Vec::new();
        if from.side != to.side && !network.tariff.is_one(self.kind(from.edge)) {
            legs.push(Leg::Across { edge: from.edge, at_dm: from_dm });
        }
        push(&mut legs, Leg::Along { edge: to.edge, side: to.side, from_dm, to_dm });
        legs
    }

    fn legs_around(
        &self,
        network: &Network,
        way: &[u32],
        (from, start): (&Snap, &Hold),
        (to, end): (&Snap, &Hold),
    ) -> Vec<Leg> {
        let mut legs = Vec::new();
        let leaves_back =
            way[0] == start.from && (way[0] != start.to || start.before <= start.after);
        let (edge, side) = (from.edge, from.side);
        let to_dm = if leaves_back { 0 } else { self.length_dm(edge) };
        push(&mut legs, Leg::Along { edge, side, from_dm: self.clamped(from), to_dm });
        for pair in way.windows(2) {
            let step = network.step(pair[0], pair[1]);
            legs.extend(step.map(|step| self.leg(step)));
        }
        let last = way[way.len() - 1];
        let comes_forward = last == end.from && (last != end.to || end.before <= end.after);
        let (edge, side) = (to.edge, to.side);
        let from_dm = if comes_forward { 0 } else { self.length_dm(edge) };
        push(&mut legs, Leg::Along { edge, side, from_dm, to_dm: self.clamped(to) });
        legs
    }

    fn leg(&self, step: Step) -> Leg {
        match step {
            Step::Along { edge, side, forward } => {
                let length_dm = self.length_dm(edge);
                let (from_dm, to_dm) = if forward { (0, length_dm) } else { (length_dm, 0) };
                Leg::Along { edge, side, from_dm, to_dm }
            }
            Step::Across { end } => {
                let edge = end / 2;
                let at_dm = if end.is_multiple_of(2) { 0 } else { self.length_dm(edge) };
                Leg::Across { edge, at_dm }
            }
        }
    }

    fn clamped(&self, snap: &Snap) -> u32 {
        snap.along_dm.min(self.length_dm(snap.edge))
    }

    /// The points that a path goes by, for drawing: the middle of streets, not their sides.
    #[must_use]
    pub fn path_line(&self, path: &Path) -> Vec<Point> {
        let mut line: Vec<Point> = Vec::new();
        for leg in &path.legs {
            let Leg::Along { edge, from_dm, to_dm, .. } = *leg else { continue };
            if edge < self.layout.edges {
                line.extend(self.stretch(edge, from_dm, to_dm));
            }
        }
        line.dedup();
        line
    }

    /// The points of an edge from one place along it to another.
    fn stretch(&self, edge: u32, from_dm: u32, to_dm: u32) -> Vec<Point> {
        let points: Vec<Steps> = self.line(edge).collect();
        let local = Local::at(points[0]);
        let metres: Vec<(f64, f64)> = points.iter().map(|p| local.metres(*p)).collect();
        let mut along = vec![0.0];
        for pair in metres.windows(2) {
            let step = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
            along.push(along[along.len() - 1] + step);
        }
        let whole = along[along.len() - 1];
        let scale = whole / f64::from(self.length_dm(edge).max(1));
        let (low, high) = (from_dm.min(to_dm), from_dm.max(to_dm));
        let (low, high) = (f64::from(low) * scale, f64::from(high) * scale);
        let at = |place: f64| {
            let next = along.partition_point(|a| *a < place).clamp(1, along.len() - 1);
            let share = (place - along[next - 1]) / (along[next] - along[next - 1]).max(1e-9);
            let (a, b) = (metres[next - 1], metres[next]);
            local.point((a.0 + (b.0 - a.0) * share.min(1.0), a.1 + (b.1 - a.1) * share.min(1.0)))
        };
        let between = points.iter().zip(&along).filter(|(_, a)| **a > low && **a < high);
        let mut stretch = vec![at(low)];
        stretch.extend(between.map(|(p, _)| point(*p)));
        stretch.push(at(high));
        if from_dm > to_dm {
            stretch.reverse();
        }
        stretch
    }

    /// The node at the end of an edge that a leg comes to, if it comes to one.
    #[must_use]
    pub fn node_after(&self, leg: &Leg) -> Option<u32> {
        let (edge, at_dm) = match *leg {
            Leg::Along { edge, to_dm, .. } => (edge, to_dm),
            Leg::Across { edge, at_dm } => (edge, at_dm),
        };
        if edge >= self.layout.edges {
            return None;
        }
        let last = self.length_dm(edge);
        match at_dm {
            0 => Some(self.layout.get(Section::From, edge)),
            at if at == last => Some(self.layout.get(Section::To, edge)),
            _ => None,
        }
    }
}

/// Adds a leg unless it leads nowhere.
fn push(legs: &mut Vec<Leg>, leg: Leg) {
    if !matches!(leg, Leg::Along { from_dm, to_dm, .. } if from_dm == to_dm) {
        legs.push(leg);
    }
}

/// The corners of the cheapest way by nodes, and its cost.
fn around(network: &Network, start: &Hold, end: &Hold) -> (Vec<u32>, u32) {
    let mut search = Search::new(network);
    let mut open = if end.from == end.to { 1 } else { 2 };
    let from = [(start.from, start.before), (start.to, start.after)];
    search.run(network, &from, |corner, _| {
        open -= u32::from(corner == end.from || corner == end.to);
        open > 0
    });
    let by_from = search.cost(end.from).saturating_add(end.before);
    let by_to = search.cost(end.to).saturating_add(end.after);
    let (cost, last) = if by_from <= by_to { (by_from, end.from) } else { (by_to, end.to) };
    if cost == FAR { (Vec::new(), FAR) } else { (search.way_to(last), cost) }
}
