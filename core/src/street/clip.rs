//! A smaller pack out of a larger one: what rides with a list.

use std::collections::{BTreeSet, HashMap};

use super::boxes::Box4;
use super::error::StreetError;
use super::layout::Section;
use super::pack::StreetPack;
use super::pieces::{Piece, Pieces};
use super::shape::Local;
use crate::geometry::{Bounds, Point};

impl StreetPack {
    /// The bytes of a pack of all edges and barriers within `margin_m` metres, north, south,
    /// east and west, of any of these points.
    ///
    /// Edges stay whole: a distance equals the full pack's where its path stays inside. Times
    /// do too, except that a street whose mouth was left out at the margin need not be crossed.
    pub fn clip(&self, around: &[Point], margin_m: f64) -> Result<Vec<u8>, StreetError> {
        let windows: BTreeSet<[i32; 4]> =
            around.iter().map(|centre| window(*centre, margin_m)).collect();
        let mut edges = vec![false; self.layout.edges as usize];
        for window in &windows {
            self.boxes().in_box(Box4(*window), |edge| edges[edge as usize] = true);
        }
        let mut clipped = Clipped::new(self);
        for (edge, _) in (0..).zip(&edges).filter(|(_, inside)| **inside) {
            clipped.add(edge);
        }
        if clipped.pieces.edges.is_empty() {
            return Err(StreetError::NoWays);
        }
        let bounds: Vec<Bounds> = windows.iter().map(|window| bounds(*window)).collect();
        let mut pieces = clipped.pieces;
        pieces.barriers = self
            .barriers()
            .filter(|barrier| {
                let own = Bounds::around(barrier.points.iter().copied());
                bounds.iter().any(|bounds| own.meets(bounds))
            })
            .collect();
        pieces.attribution = self.info().attribution;
        pieces.into_bytes()
    }
}

fn window(centre: Point, margin_m: f64) -> [i32; 4] {
    let (lat, lon) = centre.to_e7();
    let (north, east) = Local::at((lat, lon)).reach(margin_m);
    [
        lat.saturating_sub(north),
        lon.saturating_sub(east),
        lat.saturating_add(north),
        lon.saturating_add(east),
    ]
}

fn bounds([south, west, north, east]: [i32; 4]) -> Bounds {
    Bounds { south_west: Point::from_e7(south, west), north_east: Point::from_e7(north, east) }
}

/// What has been taken over so far.
struct Clipped<'a> {
    pack: &'a StreetPack,
    nodes: HashMap<u32, u32>,
    names: HashMap<u32, u32>,
    pieces: Pieces,
}

impl<'a> Clipped<'a> {
    fn new(pack: &'a StreetPack) -> Self {
        Self { pack, nodes: HashMap::new(), names: HashMap::new(), pieces: Pieces::default() }
    }

    fn add(&mut self, edge: u32) {
        let pack = self.pack;
        let (from, to) = pack.ends(edge);
        let (from, to) = (self.node(from), self.node(to));
        let line: Vec<_> = pack.line(edge).collect();
        let first = self.pieces.middles.len();
        self.pieces.middles.extend(&line[1..line.len() - 1]);
        let middle = first..self.pieces.middles.len();
        let name = self.name(pack.layout.get(Section::Name, edge));
        let (length_dm, kind) = (pack.length_dm(edge), pack.kind(edge));
        let numbers = pack.numbers(edge);
        self.pieces.edges.push(Piece { from, to, length_dm, kind, name, numbers, middle });
    }

    #[expect(clippy::cast_possible_truncation, reason = "no more nodes than the pack has: u32")]
    fn node(&mut self, node: u32) -> u32 {
        let next = self.pieces.nodes.len() as u32;
        let new = *self.nodes.entry(node).or_insert(next);
        if new == next {
            self.pieces.nodes.push(self.pack.layout.position(node));
        }
        new
    }

    #[expect(clippy::cast_possible_truncation, reason = "no more names than the pack has: u32")]
    fn name(&mut self, name: u32) -> u32 {
        let Some(number) = name.checked_sub(1) else { return 0 };
        let next = self.pieces.names.len() as u32 + 1;
        let new = *self.names.entry(name).or_insert(next);
        if new == next {
            self.pieces.names.push(self.pack.name_text(number).to_owned());
        }
        new
    }
}
