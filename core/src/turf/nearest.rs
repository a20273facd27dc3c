//! The nearest doors, exactly: a best-first walk down the tree.
//!
//! A box is entered only if it may hold a door nearer than the worst one kept. The bound is
//! taken on the sphere, so that the answer is right at any latitude and across the 180th
//! meridian.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rstar::{AABB, ParentNode, RTreeNode};

use super::index::{Door, Tree};
use crate::geometry::Point;

/// A door and how far away it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearDoor {
    /// The door's number.
    pub door: u32,
    /// Metres in a straight line.
    pub distance_m: f64,
}

/// The share by which rounding may falsify a haversine: an angle of one step of the grid,
/// taken as the difference of two, is right to about 1e-7 of itself, a larger one far better.
const ROUNDING: f64 = 1e-6;

struct Ranked<T> {
    rank: f64,
    item: T,
}

impl<T> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Ranked<T> {}

impl<T> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.total_cmp(&other.rank)
    }
}

/// The place asked about, with what every haversine from it needs.
struct Origin {
    lat: f64,
    lon: f64,
    cos_lat: f64,
}

impl Origin {
    fn new(point: Point) -> Self {
        Self { lat: point.lat, lon: point.lon, cos_lat: libm::cos(point.lat.to_radians()) }
    }

    fn haversine(&self, lat_gap: f64, lon_gap: f64, cos_lat: f64) -> f64 {
        let half = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
        let (lat, lon) = (half(lat_gap), half(lon_gap));
        lat * lat + self.cos_lat * cos_lat * lon * lon
    }

    fn to_door(&self, door: &Door) -> f64 {
        let point = Point::from_e7(door.lat_e7, door.lon_e7);
        let cos_lat = libm::cos(point.lat.to_radians());
        self.haversine(point.lat - self.lat, point.lon - self.lon, cos_lat)
    }

    /// Not more than the haversine to anything in the box.
    fn to_box(&self, envelope: &AABB<[f64; 2]>) -> f64 {
        let [west, south] = envelope.lower().map(|steps| steps / 1e7);
        let [east, north] = envelope.upper().map(|steps| steps / 1e7);
        let lat_gap = (south - self.lat).max(self.lat - north).max(0.0);
        let straight = (west - self.lon).max(self.lon - east).max(0.0);
        let around = 360.0 - (east - self.lon).abs().max((west - self.lon).abs());
        let lon_gap = straight.min(around.max(0.0));
        let widest = south.abs().max(north.abs());
        self.haversine(lat_gap, lon_gap, libm::cos(widest.to_radians())) * (1.0 - ROUNDING)
    }
}

/// The nearest doors so far, the worst of them on top, and those that rounding alone may
/// keep apart from it.
struct Kept {
    doors: BinaryHeap<Ranked<Door>>,
    ties: Vec<Ranked<Door>>,
    count: usize,
    /// The haversine above which a door is not among them.
    limit: f64,
}

impl Kept {
    fn offer(&mut self, rank: f64, item: Door) {
        if rank > self.limit {
            return;
        }
        self.doors.push(Ranked { rank, item });
        if self.doors.len() > self.count {
            self.ties.extend(self.doors.pop());
        }
        let Some(worst) = self.doors.peek().filter(|_| self.doors.len() == self.count) else {
            return;
        };
        let limit = worst.rank * (1.0 + ROUNDING);
        if limit < self.limit {
            self.limit = limit;
            self.ties.retain(|tie| tie.rank <= limit);
        }
    }
}

pub(super) fn nearest(tree: &Tree, point: Point, count: u32, radius_m: f64) -> Vec<NearDoor> {
    let origin = Origin::new(point);
    let mut kept = Kept {
        doors: BinaryHeap::new(),
        ties: Vec::new(),
        count: count as usize,
        limit: f64::INFINITY,
    };
    if count > 0 {
        gather(tree.root(), &origin, &mut kept);
    }
    let mut near: Vec<NearDoor> = kept
        .doors
        .iter()
        .chain(&kept.ties)
        .map(|Ranked { item, .. }| NearDoor {
            door: item.number,
            distance_m: point.distance_m(Point::from_e7(item.lat_e7, item.lon_e7)),
        })
        .filter(|near| near.distance_m <= radius_m)
        .collect();
    near.sort_unstable_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.door.cmp(&b.door)));
    near.truncate(count as usize);
    near
}

fn gather(root: &ParentNode<Door>, origin: &Origin, kept: &mut Kept) {
    let mut open = BinaryHeap::from([Ranked { rank: 0.0, item: root }]);
    while let Some(Ranked { rank, item: node }) = open.pop() {
        // The heap holds bounds with their sign turned: the least comes first.
        if -rank > kept.limit {
            return;
        }
        for child in node.children() {
            match child {
                RTreeNode::Leaf(door) => kept.offer(origin.to_door(door), *door),
                RTreeNode::Parent(parent) => {
                    let bound = origin.to_box(&parent.envelope());
                    if bound <= kept.limit {
                        open.push(Ranked { rank: -bound, item: parent });
                    }
                }
            }
        }
    }
}
