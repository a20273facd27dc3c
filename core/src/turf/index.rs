//! The R-tree over doors: which lie in a turf, which are nearest, which share an entrance.
//!
//! The tree only narrows the search; every answer is settled exactly, and equals what a scan
//! of all doors would say.

use rstar::{AABB, ParentNode, RStarInsertionStrategy, RTree, RTreeNode, RTreeObject, RTreeParams};

use super::grid::{Bounds, Seen, Side, Spot};
use super::nearest::{NearDoor, nearest};
use super::polygon::TurfPolygon;
use crate::geometry::Point;

/// A door in the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door {
    pub(super) lat_e7: i32,
    pub(super) lon_e7: i32,
    pub(super) number: u32,
}

impl Door {
    fn spot(self) -> Spot {
        Spot { x: i64::from(self.lon_e7), y: i64::from(self.lat_e7) }
    }
}

impl RTreeObject for Door {
    /// Steps of 1e-7 degree, east and north: exact in an `f64`, while the areas that the
    /// tree computes from them would overflow an integer.
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point([f64::from(self.lon_e7), f64::from(self.lat_e7)])
    }
}

/// Wider nodes than the crate's default of 6: fewer boxes to place against a border.
pub(super) struct WideNodes;

impl RTreeParams for WideNodes {
    const MIN_SIZE: usize = 6;
    const MAX_SIZE: usize = 16;
    const REINSERTION_COUNT: usize = 4;
    type DefaultInsertionStrategy = RStarInsertionStrategy;
}

pub(super) type Tree = RTree<Door, WideNodes>;

/// Doors by position: a number of the caller's and a point each.
pub struct DoorIndex {
    tree: Tree,
}

impl std::fmt::Debug for DoorIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DoorIndex").field("doors", &self.len()).finish()
    }
}

impl DoorIndex {
    /// Builds the index of all doors at once.
    pub fn load(doors: impl IntoIterator<Item = (u32, Point)>) -> Self {
        let doors = doors
            .into_iter()
            .map(|(number, point)| {
                let (lat_e7, lon_e7) = point.to_e7();
                Door { lat_e7, lon_e7, number }
            })
            .collect();
        Self { tree: RTree::bulk_load_with_params(doors) }
    }

    /// How many doors there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether there is no door.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// The doors that belong to `turf`, in ascending order.
    #[must_use]
    pub fn within(&self, turf: &TurfPolygon) -> Vec<u32> {
        let mut sides = turf.sides().to_vec();
        let mut found = Vec::new();
        descend(self.tree.root(), turf.reach(), &mut sides, 0, false, &mut found);
        found.sort_unstable();
        found
    }

    /// The `count` doors nearest to `point`, nearest first; of equally near ones the lower
    /// number first.
    #[must_use]
    pub fn nearest(&self, point: Point, count: u32) -> Vec<NearDoor> {
        nearest(&self.tree, point, count, f64::INFINITY)
    }

    /// The `count` doors nearest to `point` that are at most `radius_m` metres away.
    #[must_use]
    pub fn nearest_within(&self, point: Point, count: u32, radius_m: f64) -> Vec<NearDoor> {
        nearest(&self.tree, point, count, radius_m)
    }

    /// The unit stacks: doors at the same position, in ascending order; the stack with the
    /// lowest door first. A door alone at its position is a stack of one.
    #[must_use]
    pub fn stacks(&self) -> Vec<Vec<u32>> {
        let mut doors: Vec<_> = self.tree.iter().map(|d| (d.lat_e7, d.lon_e7, d.number)).collect();
        doors.sort_unstable();
        let same_place = |a: &(i32, i32, u32), b: &(i32, i32, u32)| (a.0, a.1) == (b.0, b.1);
        let mut stacks: Vec<Vec<u32>> = doors
            .chunk_by(same_place)
            .map(|stack| stack.iter().map(|&(.., door)| door).collect())
            .collect();
        stacks.sort_unstable();
        stacks
    }
}

/// Collects the doors of `node` that lie inside.
///
/// Of the border, only `sides[from..]` can still tell the doors of this node apart; all other
/// sides together put them `inside` or not. When none is left, the node is taken or passed
/// over as a whole. Nodes beside the turf's box hold none: without this a border would have to
/// be counted for all that lies west of it.
fn descend(
    node: &ParentNode<Door>,
    turf: &Bounds,
    sides: &mut Vec<Side>,
    from: usize,
    inside: bool,
    found: &mut Vec<u32>,
) {
    for child in node.children() {
        match child {
            RTreeNode::Leaf(door) => {
                let spot = door.spot();
                let crossed = sides[from..].iter().filter(|side| side.counts_for(spot)).count();
                if (crossed % 2 == 1) != inside {
                    found.push(door.number);
                }
            }
            RTreeNode::Parent(parent) => {
                let bounds = bounds(&parent.envelope());
                if !bounds.meets(turf) {
                    continue;
                }
                let end = sides.len();
                let mut inside = inside;
                for at in from..end {
                    match sides[at].seen_from(&bounds) {
                        Seen::Never => {}
                        Seen::Always => inside = !inside,
                        Seen::Sometimes => sides.push(sides[at]),
                    }
                }
                if sides.len() > end {
                    descend(parent, turf, sides, end, inside, found);
                } else if inside {
                    take_all(parent, found);
                }
                sides.truncate(end);
            }
        }
    }
}

fn take_all(node: &ParentNode<Door>, found: &mut Vec<u32>) {
    for child in node.children() {
        match child {
            RTreeNode::Leaf(door) => found.push(door.number),
            RTreeNode::Parent(parent) => take_all(parent, found),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "corners of 32-bit steps")]
fn bounds(envelope: &AABB<[f64; 2]>) -> Bounds {
    let spot = |[x, y]: [f64; 2]| Spot { x: x as i64, y: y as i64 };
    Bounds { low: spot(envelope.lower()), high: spot(envelope.upper()) }
}
