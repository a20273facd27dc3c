//! Boxes around edges, and around runs of edges: what is near, without looking at all.

use super::pack::StreetPack;
use super::shape::Steps;
use crate::geometry::Bounds;

/// Edges under one box, and boxes under one larger box: neighbours in the pack are neighbours
/// on the ground, so runs of them make tight boxes.
const RUN: usize = 16;

/// Steps of 1e-7 degree: south, west, north, east.
#[derive(Clone, Copy, Debug)]
pub(super) struct Box4(pub(super) [i32; 4]);

impl Box4 {
    const EMPTY: Self = Self([i32::MAX, i32::MAX, i32::MIN, i32::MIN]);

    fn with(self, other: Self) -> Self {
        let [s, w, n, e] = self.0;
        let [os, ow, on, oe] = other.0;
        Self([s.min(os), w.min(ow), n.max(on), e.max(oe)])
    }

    fn around(points: impl Iterator<Item = Steps>) -> Self {
        points.fold(Self::EMPTY, |all, (lat, lon)| all.with(Self([lat, lon, lat, lon])))
    }

    pub(super) fn meets(self, other: Self) -> bool {
        let [s, w, n, e] = self.0;
        let [os, ow, on, oe] = other.0;
        s <= on && os <= n && w <= oe && ow <= e
    }
}

/// The boxes of a pack: of every edge, of every run of edges, of every run of those.
#[derive(Debug)]
pub(super) struct Boxes {
    levels: [Vec<Box4>; 3],
}

impl Boxes {
    pub(super) fn of(pack: &StreetPack) -> Self {
        let edges: Vec<Box4> =
            (0..pack.layout.edges).map(|edge| Box4::around(pack.line(edge))).collect();
        let above = |boxes: &[Box4]| -> Vec<Box4> {
            boxes.chunks(RUN).map(|run| run.iter().copied().fold(Box4::EMPTY, Box4::with)).collect()
        };
        let runs = above(&edges);
        let runs_of_runs = above(&runs);
        Self { levels: [edges, runs, runs_of_runs] }
    }

    /// The edges whose box meets `window`, ascending.
    #[expect(clippy::cast_possible_truncation, reason = "edges are counted in u32")]
    pub(super) fn in_box(&self, window: Box4, mut found: impl FnMut(u32)) {
        let [edges, runs, tops] = &self.levels;
        for (top, _) in tops.iter().enumerate().filter(|(_, b)| b.meets(window)) {
            let below = top * RUN..((top + 1) * RUN).min(runs.len());
            for run in below.filter(|run| runs[*run].meets(window)) {
                let below = run * RUN..((run + 1) * RUN).min(edges.len());
                below.filter(|edge| edges[*edge].meets(window)).for_each(|edge| found(edge as u32));
            }
        }
    }

    pub(super) fn meeting(&self, bounds: &Bounds) -> Vec<u32> {
        let (south, west) = bounds.south_west.to_e7();
        let (north, east) = bounds.north_east.to_e7();
        let mut edges = Vec::new();
        self.in_box(Box4([south, west, north, east]), |edge| edges.push(edge));
        edges
    }
}
