//! A closed tour as an array, changed by exchanges of a few edges and put back exactly.
//!
//! Every change rewrites one block of positions: the longest untouched piece stays where it
//! is. What a block held before is kept in a log, so that a change is undone by copying it
//! back. Knows no costs.

/// The most edges that one exchange removes.
pub(super) const MAX_EDGES: usize = 4;

/// An exchange of edges: `ends[2e]` and `ends[2e + 1]` are neighbours whose edge is removed;
/// `ends[2e + 1]` and `ends[2e + 2]` (the last and the first too) become neighbours.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    pub(super) ends: [u32; 2 * MAX_EDGES],
    /// Where each removed edge lies: the position of its earlier end.
    pub(super) cuts: [u32; MAX_EDGES],
    /// Whether `ends[2e]` is the earlier end of edge `e`.
    pub(super) forward: [bool; MAX_EDGES],
    pub(super) len: usize,
}

/// The pieces between the removed edges, in the order of the new tour.
struct Pieces {
    /// (first position, positions, walked backwards)
    pieces: [(u32, u32, bool); MAX_EDGES],
    len: usize,
}

impl Exchange {
    pub(super) const fn new() -> Self {
        Self { ends: [0; 2 * MAX_EDGES], cuts: [0; MAX_EDGES], forward: [false; MAX_EDGES], len: 0 }
    }

    /// Sets the edge to take out at `edge`, which then is the last one.
    #[inline]
    pub(super) fn set(&mut self, edge: usize, next: u32, end: u32, cut: u32, forward: bool) {
        self.ends[2 * edge] = next;
        self.ends[2 * edge + 1] = end;
        self.cuts[edge] = cut;
        self.forward[edge] = forward;
        self.len = edge + 1;
    }

    /// Ranks of the removed edges by position, and the edges by rank.
    fn sorted(&self) -> ([u8; MAX_EDGES], [u8; MAX_EDGES]) {
        let mut by_rank = [0u8; MAX_EDGES];
        for edge in 1..self.len {
            let mut slot = edge;
            while slot > 0 && self.cuts[by_rank[slot - 1] as usize] > self.cuts[edge] {
                by_rank[slot] = by_rank[slot - 1];
                slot -= 1;
            }
            by_rank[slot] = edge as u8;
        }
        let mut rank = [0u8; MAX_EDGES];
        for slot in 0..self.len {
            rank[by_rank[slot] as usize] = slot as u8;
        }
        (rank, by_rank)
    }

    /// Walks the tour that the exchange would make; `visit(rank, backwards)` hears of each
    /// piece. The pieces seen before the walk is back where it began are the answer: fewer
    /// than `len` means that the exchange would break the tour apart.
    fn walk(&self, mut visit: impl FnMut(usize, bool)) -> usize {
        let len = self.len;
        let (rank, by_rank) = self.sorted();
        let later = |edge: usize| 2 * edge + usize::from(self.forward[edge]);
        let earlier = |edge: usize| 2 * edge + usize::from(!self.forward[edge]);
        let first = later(by_rank[0] as usize);
        let mut entered = first;
        let mut seen = 0;
        loop {
            let edge = entered / 2;
            let left = if entered == later(edge) {
                let piece = rank[edge] as usize;
                visit(piece, false);
                earlier(by_rank[if piece + 1 == len { 0 } else { piece + 1 }] as usize)
            } else {
                let piece = if rank[edge] == 0 { len - 1 } else { rank[edge] as usize - 1 };
                visit(piece, true);
                later(by_rank[piece] as usize)
            };
            seen += 1;
            entered = match left {
                odd if odd % 2 == 1 => {
                    if odd + 1 == 2 * len {
                        0
                    } else {
                        odd + 1
                    }
                }
                0 => 2 * len - 1,
                even => even - 1,
            };
            if entered == first || seen > len {
                return seen;
            }
        }
    }

    /// Whether the exchange leaves one closed tour.
    pub(super) fn keeps_one_tour(&self) -> bool {
        self.walk(|_, _| ()) == self.len
    }

    fn pieces(&self, nodes: u32) -> Pieces {
        let (_, by_rank) = self.sorted();
        let mut found = Pieces { pieces: [(0, 0, false); MAX_EDGES], len: 0 };
        self.walk(|rank, backwards| {
            let after = by_rank[if rank + 1 == self.len { 0 } else { rank + 1 }] as usize;
            let cut = self.cuts[by_rank[rank] as usize];
            let start = if cut + 1 == nodes { 0 } else { cut + 1 };
            let end = self.cuts[after];
            let count = if end >= start { end - start + 1 } else { end + nodes - start + 1 };
            found.pieces[found.len] = (start, count, backwards);
            found.len += 1;
        });
        found
    }
}

impl Pieces {
    /// Turns the pieces so that the longest comes first and forwards.
    fn longest_first(&mut self) {
        let pieces = &mut self.pieces[..self.len];
        let longest = (0..pieces.len()).max_by_key(|&i| pieces[i].1).unwrap_or(0);
        if pieces[longest].2 {
            pieces.reverse();
            for piece in pieces.iter_mut() {
                piece.2 = !piece.2;
            }
            pieces.rotate_left(self.len - 1 - longest);
        } else {
            pieces.rotate_left(longest);
        }
    }
}

/// The order of all nodes, and each node's place in it.
pub(super) struct Tour {
    order: Vec<u32>,
    position: Vec<u32>,
    kept: Vec<u32>,
    blocks: Vec<(u32, u32)>,
}

impl Tour {
    pub(super) fn new(order: Vec<u32>) -> Self {
        let mut position = vec![0; order.len()];
        for (at, &node) in (0..).zip(&order) {
            position[node as usize] = at;
        }
        Self { order, position, kept: Vec::new(), blocks: Vec::new() }
    }

    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    pub(super) fn len(&self) -> u32 {
        self.order.len() as u32
    }

    #[inline]
    pub(super) fn at(&self, position: u32) -> u32 {
        self.order[position as usize]
    }

    #[inline]
    pub(super) fn position(&self, node: u32) -> u32 {
        self.position[node as usize]
    }

    #[inline]
    pub(super) fn after(&self, position: u32) -> u32 {
        let next = position as usize + 1;
        self.order[if next == self.order.len() { 0 } else { next }]
    }

    #[inline]
    pub(super) fn before(&self, position: u32) -> u32 {
        let position = position as usize;
        self.order[if position == 0 { self.order.len() } else { position } - 1]
    }

    /// The node after or before a position, and the place of the edge between them.
    #[inline]
    pub(super) fn beside(&self, position: u32, forward: bool) -> (u32, u32) {
        if forward {
            (self.after(position), position)
        } else {
            let cut = if position == 0 { self.len() } else { position } - 1;
            (self.at(cut), cut)
        }
    }

    /// Makes the exchange, which must keep one tour.
    pub(super) fn apply(&mut self, exchange: &Exchange) {
        let new = exchange.pieces(self.len());
        self.rearrange(new);
    }

    fn rearrange(&mut self, mut new: Pieces) {
        let nodes = self.len();
        new.longest_first();
        let (start, count, _) = new.pieces[0];
        let mut write = start + count;
        if write >= nodes {
            write -= nodes;
        }
        let moved = nodes - count;
        let kept_from = self.kept.len();
        self.keep(write, moved);
        self.write(write, kept_from, &new.pieces[1..new.len]);
    }

    /// Swaps three neighbouring pieces `B C D` after the cuts into `D C B`.
    pub(super) fn cross(&mut self, cuts: [u32; 4]) {
        let nodes = self.len();
        let piece = |from: u32, to: u32| {
            let start = if from + 1 == nodes { 0 } else { from + 1 };
            (start, if to >= start { to - start + 1 } else { to + nodes - start + 1 }, false)
        };
        let mut new = Pieces { pieces: [(0, 0, false); MAX_EDGES], len: 4 };
        new.pieces[0] = piece(cuts[3], cuts[0]);
        new.pieces[1] = piece(cuts[2], cuts[3]);
        new.pieces[2] = piece(cuts[1], cuts[2]);
        new.pieces[3] = piece(cuts[0], cuts[1]);
        self.rearrange(new);
    }

    fn keep(&mut self, start: u32, count: u32) {
        let (start_at, end) = (start as usize, (start + count) as usize);
        if end <= self.order.len() {
            self.kept.extend_from_slice(&self.order[start_at..end]);
        } else {
            self.kept.extend_from_slice(&self.order[start_at..]);
            self.kept.extend_from_slice(&self.order[..end - self.order.len()]);
        }
        self.blocks.push((start, count));
    }

    fn write(&mut self, block: u32, kept_from: usize, pieces: &[(u32, u32, bool)]) {
        let nodes = self.order.len();
        let mut to = block as usize;
        for &(start, count, backwards) in pieces {
            let offset = if start >= block { start - block } else { start + nodes as u32 - block };
            let from = kept_from + offset as usize;
            let piece = &self.kept[from..from + count as usize];
            for i in 0..piece.len() {
                let node = piece[if backwards { piece.len() - 1 - i } else { i }];
                self.order[to] = node;
                self.position[node as usize] = to as u32;
                to += 1;
                if to == nodes {
                    to = 0;
                }
            }
        }
    }

    /// Forgets how to undo what was done so far.
    pub(super) fn commit(&mut self) {
        self.kept.clear();
        self.blocks.clear();
    }

    /// Undoes everything since the last [`Self::commit`].
    pub(super) fn undo(&mut self) {
        let nodes = self.order.len();
        while let Some((start, count)) = self.blocks.pop() {
            let from = self.kept.len() - count as usize;
            let mut to = start as usize;
            for &node in &self.kept[from..] {
                self.order[to] = node;
                self.position[node as usize] = to as u32;
                to += 1;
                if to == nodes {
                    to = 0;
                }
            }
            self.kept.truncate(from);
        }
    }
}
