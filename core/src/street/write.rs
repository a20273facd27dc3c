//! Pieces to a pack's bytes: order, columns, streams.
//!
//! Nodes are numbered along a Hilbert curve and edges by their first node, so that what is
//! near on the ground is near in the bytes, and numbers of neighbours differ little. Equal
//! pieces give equal bytes.

use std::cmp::Ordering;

use super::error::StreetError;
use super::layout::{Section, Sections, counted};
use super::meeting::groups;
use super::order;
use super::pieces::{Piece, Pieces};
use super::shape::{self, Line, Steps, write_number};

impl Pieces {
    /// The bytes of the pack that holds these pieces.
    pub(super) fn into_bytes(mut self) -> Result<Vec<u8>, StreetError> {
        counted(self.edges.len().saturating_mul(2), "edges")?;
        self.sort()?;
        let mut sections = self.network();
        self.add_shapes(&mut sections)?;
        self.add_names(&mut sections)?;
        self.add_numbers(&mut sections)?;
        let barriers = self.barriers()?;
        sections.streams.push((Section::Barriers, barriers));
        sections.streams.push((Section::Attribution, self.attribution.into_bytes()));
        sections.to_bytes()
    }

    fn south_west(&self) -> Steps {
        let least = |of: fn(&Steps) -> i32| self.nodes.iter().map(of).min().unwrap_or_default();
        (least(|n| n.0), least(|n| n.1))
    }

    /// Numbers nodes along the curve, leaves out those without an edge, and sorts edges.
    fn sort(&mut self) -> Result<(), StreetError> {
        let (south, west) = self.south_west();
        let span = |of: fn(&Steps) -> i32, least: i32| {
            self.nodes.iter().map(|n| of(n).abs_diff(least)).max().unwrap_or_default()
        };
        let widest = span(|n| n.0, south).max(span(|n| n.1, west)).max(1);
        let shift = (32 - widest.leading_zeros()).saturating_sub(16);
        let key = |n: &Steps| hilbert(n.1.abs_diff(west) >> shift, n.0.abs_diff(south) >> shift);
        let mut used = vec![false; self.nodes.len()];
        for edge in &self.edges {
            used[edge.from as usize] = true;
            used[edge.to as usize] = true;
        }
        let mut order: Vec<usize> = (0..self.nodes.len()).filter(|n| used[*n]).collect();
        order.sort_by_key(|n| (key(&self.nodes[*n]), self.nodes[*n]));
        let mut number = vec![0; self.nodes.len()];
        for (new, old) in order.iter().enumerate() {
            number[*old] = counted(new, "nodes")?;
        }
        self.nodes = order.iter().map(|n| self.nodes[*n]).collect();
        for edge in &mut self.edges {
            (edge.from, edge.to) = (number[edge.from as usize], number[edge.to as usize]);
        }
        let (middles, names) = (&self.middles, &self.names);
        let name = |edge: &Piece| edge.name.checked_sub(1).map(|name| &names[name as usize]);
        self.edges.sort_by(|a, b| {
            let key = |e: &Piece| (e.from, e.to, e.kind, e.length_dm);
            let shape = |e: &Piece| &middles[e.middle.clone()];
            key(a)
                .cmp(&key(b))
                .then_with(|| name(a).cmp(&name(b)))
                .then_with(|| shape(a).cmp(shape(b)))
        });
        self.sort_names();
        Ok(())
    }

    /// Numbers names as edges come to them, and leaves out the others.
    fn sort_names(&mut self) {
        let mut number = vec![0; self.names.len()];
        let mut names = Vec::new();
        for edge in self.edges.iter_mut().filter(|edge| edge.name > 0) {
            let old = edge.name as usize - 1;
            if number[old] == 0 {
                names.push(std::mem::take(&mut self.names[old]));
                number[old] = names.len().try_into().unwrap_or(u32::MAX);
            }
            edge.name = number[old];
        }
        self.names = names;
    }

    #[expect(clippy::cast_possible_truncation, reason = "counted before")]
    fn network(&self) -> Sections {
        let (south, west) = self.south_west();
        let ranks = self.ranks();
        let nodes = |of: &dyn Fn(&Steps) -> u32| self.nodes.iter().map(of).collect();
        let edges = |of: &dyn Fn(&Piece) -> u32| self.edges.iter().map(of).collect();
        let half = |end: usize| ranks.iter().skip(end).step_by(2).copied().collect();
        let ends = self.edges.iter().map(|e| (e.from, e.to));
        let columns = vec![
            (Section::Lat, nodes(&|n| n.0.abs_diff(south))),
            (Section::Lon, nodes(&|n| n.1.abs_diff(west))),
            (Section::From, edges(&|e| e.from)),
            (Section::To, edges(&|e| e.to)),
            (Section::LengthDm, edges(&|e| e.length_dm)),
            (Section::Kind, edges(&|e| e.kind as u32)),
            (Section::RankFrom, half(0)),
            (Section::RankTo, half(1)),
            (Section::Order, order::ranks(self.nodes.len() as u32, ends.clone())),
        ];
        Sections {
            columns,
            streams: Vec::new(),
            components: groups(self.nodes.len() as u32, ends).sizes.len() as u32,
            south_west: (south, west),
            nodes: self.nodes.len() as u32,
            edges: self.edges.len() as u32,
        }
    }

    fn shape_of(&self, edge: &Piece) -> Vec<u8> {
        let mut bytes = Vec::new();
        let start = self.nodes[edge.from as usize];
        shape::write(&mut bytes, start, &self.middles[edge.middle.clone()]);
        bytes
    }

    /// Of each end of each edge, its place among the ends at its node, counter-clockwise.
    #[expect(clippy::cast_possible_truncation, reason = "counted before")]
    fn ranks(&self) -> Vec<u32> {
        let mut ends: Vec<(u32, (i64, i64), u32)> = Vec::with_capacity(self.edges.len() * 2);
        for (at, edge) in self.edges.iter().enumerate() {
            let (from, to) = (self.nodes[edge.from as usize], self.nodes[edge.to as usize]);
            // As a reader of the pack sees the line, so that packing anew changes nothing.
            let bytes = self.shape_of(edge);
            let middle: Vec<Steps> = Line::new(&bytes, from).collect();
            let half = at as u32 * 2;
            let onwards = middle.iter().copied().chain([to]);
            ends.push((edge.from, direction(from, onwards), half));
            let back = middle.iter().rev().copied().chain([from]);
            ends.push((edge.to, direction(to, back), half + 1));
        }
        // What leaves in one direction is told apart by what it is: edges are numbered by their
        // nodes, and nodes anew in each clip.
        let place = |node: u32| self.nodes[node as usize];
        let own = |half: u32| {
            let edge = &self.edges[half as usize / 2];
            (edge.kind, edge.length_dm, place(edge.from), place(edge.to), half)
        };
        ends.sort_by(|a, b| {
            let by_direction = a.0.cmp(&b.0).then_with(|| counter_clockwise(a.1, b.1));
            by_direction.then_with(|| own(a.2).cmp(&own(b.2)))
        });
        let mut ranks = vec![0; ends.len()];
        for node in ends.chunk_by(|a, b| a.0 == b.0) {
            for (rank, (.., half)) in node.iter().enumerate() {
                ranks[*half as usize] = rank as u32;
            }
        }
        ranks
    }

    fn add_shapes(&self, sections: &mut Sections) -> Result<(), StreetError> {
        let (mut starts, mut bytes) = (vec![0], Vec::new());
        for edge in &self.edges {
            bytes.extend(self.shape_of(edge));
            starts.push(counted(bytes.len(), "bytes of shapes")?);
        }
        sections.columns.push((Section::ShapeAt, starts));
        sections.streams.push((Section::Shapes, bytes));
        Ok(())
    }

    fn add_names(&self, sections: &mut Sections) -> Result<(), StreetError> {
        let (mut starts, mut bytes) = (vec![0], Vec::new());
        for name in &self.names {
            bytes.extend(name.as_bytes());
            starts.push(counted(bytes.len(), "bytes of names")?);
        }
        sections.columns.push((Section::Name, self.edges.iter().map(|e| e.name).collect()));
        sections.columns.push((Section::NameAt, starts));
        sections.streams.push((Section::Names, bytes));
        Ok(())
    }

    fn add_numbers(&self, sections: &mut Sections) -> Result<(), StreetError> {
        let mut columns: [Vec<u32>; 5] = Default::default();
        for (at, edge) in self.edges.iter().enumerate() {
            let Some(numbers) = edge.numbers else { continue };
            columns[0].push(counted(at, "edges")?);
            for (side, range) in [numbers.left, numbers.right].into_iter().enumerate() {
                let (first, last) = range.map_or((0, 0), |(first, last)| {
                    (first.saturating_add(1), last.saturating_add(1))
                });
                columns[1 + side * 2].push(first);
                columns[2 + side * 2].push(last);
            }
        }
        let names = [
            Section::Numbered,
            Section::LeftFirst,
            Section::LeftLast,
            Section::RightFirst,
            Section::RightLast,
        ];
        sections.columns.extend(names.into_iter().zip(columns));
        Ok(())
    }

    /// Count; of each its kind, how many points, and these from 0, 0.
    fn barriers(&self) -> Result<Vec<u8>, StreetError> {
        let mut bytes = Vec::new();
        write_number(&mut bytes, counted(self.barriers.len(), "barriers")?);
        for barrier in &self.barriers {
            bytes.push(barrier.kind as u8);
            let mut points: Vec<Steps> = barrier.points.iter().map(|p| p.to_e7()).collect();
            if let [first, .., last] = points[..] {
                let middle = shape::needed(&points);
                points = [&[first], &middle[..], &[last]].concat();
            }
            write_number(&mut bytes, counted(points.len(), "points of a barrier")?);
            shape::write(&mut bytes, (0, 0), &points);
        }
        Ok(bytes)
    }
}

/// Where a line leaves a position for.
fn direction(from: Steps, mut line: impl Iterator<Item = Steps>) -> (i64, i64) {
    let to = line.find(|to| *to != from).unwrap_or(from);
    (i64::from(to.1) - i64::from(from.1), i64::from(to.0) - i64::from(from.0))
}

/// Orders directions counter-clockwise from east. Exact; a map's stretching of one axis does
/// not change the order.
fn counter_clockwise(a: (i64, i64), b: (i64, i64)) -> Ordering {
    let half = |d: (i64, i64)| match d {
        (0, 0) => 0,
        (east, north) if north > 0 || (north == 0 && east > 0) => 1,
        _ => 2,
    };
    half(a).cmp(&half(b)).then_with(|| (b.0 * a.1).cmp(&(a.0 * b.1)))
}

/// The place of a cell of a 65,536 by 65,536 grid along the Hilbert curve.
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut place = 0_u32;
    for bit in (0..16).rev() {
        let (right, up) = ((x >> bit) & 1, (y >> bit) & 1);
        place = (place << 2) | ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_visits_each_cell_once_and_steps_to_a_neighbour() {
        let cells = (0..64_u32).flat_map(|x| (0..64_u32).map(move |y| (x, y)));
        let mut order: Vec<(u32, (u32, u32))> = cells.map(|c| (hilbert(c.0, c.1), c)).collect();
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(at, (place, _))| at == *place as usize));
        let apart = |a: (u32, u32), b: (u32, u32)| a.0.abs_diff(b.0) + a.1.abs_diff(b.1);
        assert!(order.windows(2).all(|pair| apart(pair[0].1, pair[1].1) == 1));
    }

    #[test]
    fn directions_go_round_once() {
        let round =
            [(0, 0), (1, 0), (3, 1), (1, 1), (0, 2), (-1, 1), (-1, 0), (-5, -1), (0, -1), (1, -1)];
        for pair in round.windows(2) {
            assert_eq!(counter_clockwise(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
    }
}
