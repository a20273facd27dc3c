//! A street pack, opened: facts about it, its edges, names and barriers.

use std::sync::{Arc, Mutex, OnceLock};

use super::boxes::Boxes;
use super::costs::WalkCosts;
use super::error::StreetError;
use super::layout::{Layout, Section};
use super::map::{Barrier, BarrierKind, HouseNumbers, StreetMap, WayKind};
use super::meeting::{Groups, Meeting, groups};
use super::network::Network;
use super::pieces::Pieces;
use super::shape::{Line, Steps, read_number};
use super::snap::Names;
use crate::geometry::{Bounds, Point};

/// The walking network of one town or one turf, viewed in the bytes it came in.
///
/// Opening compares the hash and checks every number once, in one pass of about a
/// millisecond for a town; nothing is copied out but which edges meet where. What snapping
/// and walking need besides is laid out on the first question and kept.
pub struct StreetPack {
    pub(super) layout: Layout,
    pub(super) meeting: Meeting,
    boxes: OnceLock<Boxes>,
    groups: OnceLock<Groups>,
    names: OnceLock<Names>,
    /// The network under the costs that were last asked for.
    network: Mutex<Option<(WalkCosts, Arc<Network>)>>,
}

/// Facts about a pack.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetInfo {
    /// Places where edges meet or end.
    pub nodes: u32,
    /// Stretches of way between two nodes.
    pub edges: u32,
    /// Parts that no walk connects. A town has one large part and some islands.
    pub components: u32,
    /// Bytes of the network with coordinates and classes, header included.
    pub bytes_network: u64,
    /// Bytes of shapes, names, house numbers, barriers and attribution.
    pub bytes_geometry: u64,
    /// Whom to thank for the data: to be shown with every map and route, as licences ask.
    pub attribution: String,
    /// The box around all nodes.
    pub bounds: Bounds,
    /// BLAKE3 of the content, in hexadecimal: the pack's name.
    pub hash: String,
}

/// A stretch of way between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Its number in the pack.
    pub id: u32,
    /// The node at its start.
    pub from: u32,
    /// The node at its end.
    pub to: u32,
    /// What kind of way it is.
    pub kind: WayKind,
    /// The street's name.
    pub name: Option<String>,
    /// Its length in decimetres, as walked.
    pub length_dm: u32,
    /// The house numbers on each side, where they are known.
    pub numbers: Option<HouseNumbers>,
    /// Its line from start to end, within 0.5 m of the mapped one.
    pub line: Vec<Point>,
}

impl std::fmt::Debug for StreetPack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (nodes, edges) = (self.layout.nodes, self.layout.edges);
        f.debug_struct("StreetPack")
            .field("nodes", &nodes)
            .field("edges", &edges)
            .finish_non_exhaustive()
    }
}

impl StreetPack {
    /// The bytes of a pack of this map. Equal maps give equal bytes.
    pub fn build(map: &StreetMap) -> Result<Vec<u8>, StreetError> {
        Pieces::of(map)?.into_bytes()
    }

    /// Opens a pack where it lies; damage is found here, and later reads cannot fail.
    pub fn open(bytes: Arc<[u8]>) -> Result<Self, StreetError> {
        let layout = Layout::of(bytes)?;
        let meeting = Meeting::of(&layout)?;
        Ok(Self {
            layout,
            meeting,
            boxes: OnceLock::new(),
            groups: OnceLock::new(),
            names: OnceLock::new(),
            network: Mutex::new(None),
        })
    }

    /// The bytes it was opened from.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.layout.bytes
    }

    /// Facts about the pack.
    #[must_use]
    pub fn info(&self) -> StreetInfo {
        let layout = &self.layout;
        let (network, geometry) = layout.sizes();
        StreetInfo {
            nodes: layout.nodes,
            edges: layout.edges,
            components: layout.components,
            bytes_network: network as u64,
            bytes_geometry: geometry as u64,
            attribution: String::from_utf8_lossy(layout.stream(Section::Attribution)).into_owned(),
            bounds: Bounds::around((0..layout.nodes).map(|n| point(layout.position(n)))),
            hash: blake3::Hash::from_bytes(layout.hash).to_hex().to_string(),
        }
    }

    /// An edge by its number; none beyond the last.
    #[must_use]
    pub fn edge(&self, id: u32) -> Option<Edge> {
        if id >= self.layout.edges {
            return None;
        }
        let line = self.line(id).map(point).collect();
        Some(Edge {
            id,
            from: self.layout.get(Section::From, id),
            to: self.layout.get(Section::To, id),
            kind: self.kind(id),
            name: self.name(id).map(str::to_owned),
            length_dm: self.length_dm(id),
            numbers: self.numbers(id),
            line,
        })
    }

    /// The edges whose box meets these bounds, in ascending order.
    #[must_use]
    pub fn edges_in(&self, bounds: &Bounds) -> Vec<u32> {
        self.boxes().meeting(bounds)
    }

    /// The barriers that reach into these bounds.
    #[must_use]
    pub fn barriers_in(&self, bounds: &Bounds) -> Vec<Barrier> {
        let meets = |b: &Barrier| Bounds::around(b.points.iter().copied()).meets(bounds);
        self.barriers().filter(meets).collect()
    }

    /// Of each name in these bounds, its longest edge: where its label goes.
    #[must_use]
    pub fn label_edges(&self, bounds: &Bounds) -> Vec<u32> {
        let mut longest = std::collections::BTreeMap::new();
        for edge in self.edges_in(bounds) {
            let name = self.layout.get(Section::Name, edge);
            let best = longest.entry(name).or_insert(edge);
            if self.length_dm(edge) > self.length_dm(*best) {
                *best = edge;
            }
        }
        longest.remove(&0);
        longest.into_values().collect()
    }

    pub(super) fn barriers(&self) -> impl Iterator<Item = Barrier> {
        let mut bytes = self.layout.stream(Section::Barriers);
        let count = read_number(&mut bytes).unwrap_or_default();
        (0..count).map_while(move |_| {
            let (kind, rest) = bytes.split_first()?;
            bytes = rest;
            let kind = *BarrierKind::ALL.get(usize::from(*kind))?;
            let count = read_number(&mut bytes)?;
            let mut line = Line::new(bytes, (0, 0));
            let points = line.by_ref().take(count as usize).map(point).collect();
            bytes = line.rest();
            Some(Barrier { points, kind })
        })
    }

    pub(super) fn kind(&self, edge: u32) -> WayKind {
        WayKind::ALL[self.layout.get(Section::Kind, edge) as usize]
    }

    pub(super) fn length_dm(&self, edge: u32) -> u32 {
        self.layout.get(Section::LengthDm, edge)
    }

    pub(super) fn ends(&self, edge: u32) -> (u32, u32) {
        (self.layout.get(Section::From, edge), self.layout.get(Section::To, edge))
    }

    /// The street's name on an edge.
    #[must_use]
    pub fn name(&self, edge: u32) -> Option<&str> {
        if edge >= self.layout.edges {
            return None;
        }
        let number = self.layout.get(Section::Name, edge).checked_sub(1)?;
        Some(self.name_text(number))
    }

    pub(super) fn name_text(&self, number: u32) -> &str {
        let bytes = self.layout.part(Section::NameAt, Section::Names, number);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    pub(super) fn numbers(&self, edge: u32) -> Option<HouseNumbers> {
        let numbered = self.layout.column(Section::Numbered);
        let (mut low, mut high) = (0, numbered.count);
        while low < high {
            let middle = low.midpoint(high);
            if numbered.get(&self.layout.bytes, middle) < edge {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low >= numbered.count || numbered.get(&self.layout.bytes, low) != edge {
            return None;
        }
        let range = |first, last| {
            let first = self.layout.get(first, low).checked_sub(1)?;
            Some((first, self.layout.get(last, low).checked_sub(1)?))
        };
        Some(HouseNumbers {
            left: range(Section::LeftFirst, Section::LeftLast),
            right: range(Section::RightFirst, Section::RightLast),
        })
    }

    /// An edge's line from its first node to its last.
    pub(super) fn line(&self, edge: u32) -> impl Iterator<Item = Steps> {
        let (from, to) = self.ends(edge);
        let from = self.layout.position(from);
        let bytes = self.layout.part(Section::ShapeAt, Section::Shapes, edge);
        [from].into_iter().chain(Line::new(bytes, from)).chain([self.layout.position(to)])
    }

    pub(super) fn boxes(&self) -> &Boxes {
        self.boxes.get_or_init(|| Boxes::of(self))
    }

    pub(super) fn groups(&self) -> &Groups {
        self.groups.get_or_init(|| {
            let ends = (0..self.layout.edges).map(|edge| self.ends(edge));
            groups(self.layout.nodes, ends)
        })
    }

    pub(super) fn names(&self) -> &Names {
        let count = self.layout.column(Section::NameAt).count.saturating_sub(1);
        self.names.get_or_init(|| Names::of((0..count).map(|name| self.name_text(name))))
    }

    /// Lays out the network and its shortcuts under these costs, as the first
    /// [`StreetPack::matrix`] would: some milliseconds for a town. They are kept until other
    /// costs are asked for.
    pub fn prepare(&self, costs: &WalkCosts) {
        self.network(costs).hierarchy(self);
    }

    /// The network under these costs: the one that is kept, or a new one.
    pub(super) fn network(&self, costs: &WalkCosts) -> Arc<Network> {
        // A network is whole before it is kept: what a panic left behind can still be used.
        let mut kept = self.network.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*kept {
            Some((of, network)) if of == costs => Arc::clone(network),
            _ => {
                let network = Arc::new(Network::of(self, costs));
                *kept = Some((*costs, Arc::clone(&network)));
                network
            }
        }
    }
}

pub(super) fn point((lat, lon): Steps) -> Point {
    Point::from_e7(lat, lon)
}
