//! Which edges meet at each node, in order, and which nodes hang together.

use super::error::StreetError;
use super::layout::{Layout, Section};
use crate::sets::Sets;

/// The ends of edges at each node, counter-clockwise.
///
/// The end of edge `e` at its first node is `2e`, at its last node `2e + 1`.
#[derive(Debug)]
pub(super) struct Meeting {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl Meeting {
    /// Lays out the ends; refuses ranks that do not number them.
    pub(super) fn of(layout: &Layout) -> Result<Self, StreetError> {
        let sides = [(Section::From, Section::RankFrom), (Section::To, Section::RankTo)];
        let mut starts = vec![0_u32; layout.nodes as usize + 1];
        for (node, _) in sides {
            for node in layout.column(node).iter(&layout.bytes) {
                starts[node as usize + 1] += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut ends = vec![EMPTY; layout.edges as usize * 2];
        for (side, (node, rank)) in (0..).zip(sides) {
            let nodes = layout.column(node).iter(&layout.bytes);
            let ranks = layout.column(rank).iter(&layout.bytes);
            for (edge, (node, rank)) in (0..).zip(nodes.zip(ranks)) {
                let at = u64::from(starts[node as usize]) + u64::from(rank);
                let free = at < u64::from(starts[node as usize + 1]);
                match usize::try_from(at).ok().filter(|_| free).map(|at| &mut ends[at]) {
                    Some(end) if *end == EMPTY => *end = edge * 2 + side,
                    _ => return Err(StreetError::Damaged { what: "ranks" }),
                }
            }
        }
        Ok(Self { starts, ends })
    }

    /// The ends at a node.
    pub(super) fn at(&self, node: u32) -> &[u32] {
        let (from, to) = (self.starts[node as usize], self.starts[node as usize + 1]);
        &self.ends[from as usize..to as usize]
    }
}

/// Nodes that hang together: the group of each node, and how many edges each group has.
#[derive(Debug)]
pub(super) struct Groups {
    pub(super) of: Vec<u32>,
    pub(super) sizes: Vec<u32>,
}

/// Groups so many nodes by the edges between them.
pub(super) fn groups(nodes: u32, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Groups {
    let mut sets = Sets::of(nodes as usize);
    for (a, b) in edges.clone() {
        sets.join(a, b);
    }
    let (of, count) = sets.numbers();
    let mut sizes = vec![0; count];
    for (a, _) in edges {
        sizes[of[a as usize] as usize] += 1;
    }
    Groups { of, sizes }
}
