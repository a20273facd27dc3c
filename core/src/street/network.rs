//! The graph that is walked: corners of junctions, and what leads from one to the next.
//!
//! At a node where streets meet there is a corner between each street and the next one
//! counter-clockwise. Walking along a side of a street leads from corner to corner; passing a
//! street's mouth costs what crossing it costs. Ways for walkers have no sides, so corners on
//! both sides of one are the same corner. With distance alone, a node is one corner.

use std::sync::OnceLock;

use super::costs::{Tariff, WalkCosts};
use super::hierarchy::Hierarchy;
use super::layout::Section;
use super::map::{RoadSide, WayKind};
use super::pack::StreetPack;
use super::snap::Snap;

/// A step from a corner: to where, and at what cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    pub(super) to: u32,
    pub(super) cost: u32,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Along a side of an edge.
    Along { edge: u32, side: RoadSide, forward: bool },
    /// Across the mouth of an edge, at the node where this end of it is.
    Across { end: u32 },
}

/// The corners and steps of a pack under given costs.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) tariff: Tariff,
    /// Of each edge, its corners: left at its first node, left at its last, right, right.
    corners: Vec<[u32; 4]>,
    starts: Vec<u32>,
    arcs: Vec<Arc>,
    steps: Vec<Step>,
    /// The node of each corner.
    pub(super) nodes: Vec<u32>,
    hierarchy: OnceLock<Option<Hierarchy>>,
}

impl Network {
    pub(super) fn of(pack: &StreetPack, costs: &WalkCosts) -> Self {
        let tariff = Tariff::of(costs);
        let mut corners = vec![[0; 4]; pack.layout.edges as usize];
        let mut nodes = Vec::with_capacity(pack.layout.nodes as usize);
        let mut raw = Vec::with_capacity(pack.layout.edges as usize * 2);
        for node in 0..pack.layout.nodes {
            lay_corners(pack, &tariff, node, &mut corners, &mut nodes, &mut raw);
        }
        for edge in 0..pack.layout.edges {
            let cost = tariff.along(pack.kind(edge), pack.length_dm(edge));
            let [left, left_to, right, right_to] = corners[edge as usize];
            let along = |side| Step::Along { edge, side, forward: true };
            raw.push((left, left_to, cost, along(RoadSide::Left)));
            if (left, left_to) != (right, right_to) {
                raw.push((right, right_to, cost, along(RoadSide::Right)));
            }
        }
        let (starts, arcs, steps) = both_ways(nodes.len(), &raw);
        Self { tariff, corners, starts, arcs, steps, nodes, hierarchy: OnceLock::new() }
    }

    /// The shortcuts, laid on the first question that they pay for; none if they do not.
    pub(super) fn hierarchy(&self, pack: &StreetPack) -> Option<&Hierarchy> {
        let lay = || {
            let ranks: Vec<u32> =
                pack.layout.column(Section::Order).iter(&pack.layout.bytes).collect();
            Hierarchy::of(self, &ranks)
        };
        self.hierarchy.get_or_init(lay).as_ref()
    }

    pub(super) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// The steps from a corner.
    #[inline]
    pub(super) fn arcs(&self, corner: u32) -> &[Arc] {
        let from = self.starts[corner as usize] as usize;
        &self.arcs[from..self.starts[corner as usize + 1] as usize]
    }

    /// The cheapest step between two neighbouring corners.
    pub(super) fn step(&self, from: u32, to: u32) -> Option<Step> {
        let first = self.starts[from as usize] as usize;
        let arcs = self.arcs(from).iter().enumerate().filter(|(_, arc)| arc.to == to);
        let (at, _) = arcs.min_by_key(|(at, arc)| (arc.cost, *at))?;
        Some(self.steps[first + at])
    }

    /// The corners at both ends of a side of an edge.
    pub(super) fn corners(&self, edge: u32, side: RoadSide) -> (u32, u32) {
        let [left, left_to, right, right_to] = self.corners[edge as usize];
        match side {
            RoadSide::Left => (left, left_to),
            RoadSide::Right => (right, right_to),
        }
    }

    /// Where a snap hangs on; none if it is of another pack.
    pub(super) fn hold(&self, pack: &StreetPack, snap: &Snap) -> Option<Hold> {
        if snap.edge >= pack.layout.edges {
            return None;
        }
        let kind = pack.kind(snap.edge);
        let length_dm = pack.length_dm(snap.edge);
        let whole = self.tariff.along(kind, length_dm);
        let before = self.tariff.along(kind, snap.along_dm.min(length_dm)).min(whole);
        let (from, to) = self.corners(snap.edge, snap.side);
        let across = if self.tariff.is_one(kind) { Some(0) } else { self.tariff.mid_block(kind) };
        Some(Hold {
            from,
            to,
            before,
            after: whole - before,
            edge: snap.edge,
            side: snap.side,
            across,
        })
    }
}

/// Where a door hangs on the network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hold {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The cost from the corner `from`, and to the corner `to`.
    pub(super) before: u32,
    pub(super) after: u32,
    pub(super) edge: u32,
    pub(super) side: RoadSide,
    /// What crossing to the other side of the edge right here costs.
    pub(super) across: Option<u32>,
}

impl Hold {
    /// The cost to another door of the same edge without leaving it.
    pub(super) fn direct(&self, other: &Self) -> Option<u32> {
        if self.edge != other.edge {
            return None;
        }
        let along = self.before.abs_diff(other.before);
        if self.side == other.side { Some(along) } else { Some(along + self.across?) }
    }
}

type Raw = (u32, u32, u32, Step);

/// Numbers the corners of a node, and joins those that a crossing lies between.
#[expect(clippy::cast_possible_truncation, reason = "at most two corners for each edge: u32")]
fn lay_corners(
    pack: &StreetPack,
    tariff: &Tariff,
    node: u32,
    corners: &mut [[u32; 4]],
    nodes: &mut Vec<u32>,
    raw: &mut Vec<Raw>,
) {
    let ends = pack.meeting.at(node);
    let kind = |end: u32| pack.kind(end / 2);
    let roads = ends.iter().filter(|end| !tariff.is_one(kind(**end))).count() as u32;
    let first = nodes.len() as u32;
    let count = roads.max(1);
    nodes.extend((0..count).map(|_| node));
    let marked = ends.iter().any(|end| kind(*end) == WayKind::Crossing);
    // The corner before the first road is the last one.
    let mut corner = count - 1;
    for &end in ends {
        let before = first + corner;
        if !tariff.is_one(kind(end)) {
            corner = (corner + 1) % count;
        }
        let after = first + corner;
        set_corners(&mut corners[(end / 2) as usize], end, before, after);
        let may = ends.len() > 2 || tariff.mid_block(kind(end)).is_some();
        if before != after && may {
            raw.push((before, after, tariff.crossing(kind(end), marked), Step::Across { end }));
        }
    }
}

/// Leaving a node along an edge, the corner after it is on the left.
fn set_corners(of: &mut [u32; 4], end: u32, before: u32, after: u32) {
    if end.is_multiple_of(2) {
        (of[0], of[2]) = (after, before);
    } else {
        (of[1], of[3]) = (before, after);
    }
}

/// Steps there and back, sorted by the corner they leave.
fn both_ways(corners: usize, raw: &[Raw]) -> (Vec<u32>, Vec<Arc>, Vec<Step>) {
    let mut starts = vec![0_u32; corners + 2];
    for (from, to, ..) in raw {
        starts[*from as usize + 2] += 1;
        starts[*to as usize + 2] += 1;
    }
    for at in 2..starts.len() {
        starts[at] += starts[at - 1];
    }
    let none = Step::Across { end: 0 };
    let mut arcs = vec![Arc { to: 0, cost: 0 }; raw.len() * 2];
    let mut steps = vec![none; raw.len() * 2];
    for &(from, to, cost, step) in raw {
        let back = match step {
            Step::Along { edge, side, forward } => Step::Along { edge, side, forward: !forward },
            across @ Step::Across { .. } => across,
        };
        for (from, to, step) in [(from, to, step), (to, from, back)] {
            let at = &mut starts[from as usize + 1];
            arcs[*at as usize] = Arc { to, cost };
            steps[*at as usize] = step;
            *at += 1;
        }
    }
    starts.pop();
    (starts, arcs, steps)
}

impl StreetPack {
    /// The group that an edge lies in.
    pub(super) fn group(&self, edge: u32) -> u32 {
        self.groups().of[self.layout.get(Section::From, edge) as usize]
    }
}
