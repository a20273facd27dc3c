//! The model of sides, stated plainly and solved by brute force.

use super::*;

pub(super) const NO_WAY: u64 = u64::MAX / 4;

/// Costs from each vertex to each, by Floyd and Warshall.
fn all_pairs(vertices: usize, arcs: &[(usize, usize, u64)]) -> Vec<Vec<u64>> {
    let mut costs = vec![vec![NO_WAY; vertices]; vertices];
    for (at, row) in costs.iter_mut().enumerate() {
        row[at] = 0;
    }
    for &(a, b, cost) in arcs {
        costs[a][b] = costs[a][b].min(cost);
        costs[b][a] = costs[b][a].min(cost);
    }
    for by in 0..vertices {
        for from in 0..vertices {
            for to in 0..vertices {
                costs[from][to] = costs[from][to].min(costs[from][by] + costs[by][to]);
            }
        }
    }
    costs
}

/// The model of sides from its definition: four vertices for each edge (its ends, left and
/// right), joined along the edge, across its mouth, and to the next edge around a node.
pub(super) fn by_definition(
    pack: &StreetPack,
    places: &[Snap],
    costs: &WalkCosts,
) -> Vec<Vec<u64>> {
    let edges: Vec<Edge> = (0..pack.info().edges).filter_map(|id| pack.edge(id)).collect();
    // left and right as seen from the first node to the last; end 0 is the first node.
    let vertex = |edge: usize, end: usize, left: bool| edge * 4 + end * 2 + usize::from(left);
    let mut arcs = Vec::new();
    for (at, edge) in edges.iter().enumerate() {
        let cost = along(edge.kind, edge.length_dm, costs);
        for left in [false, true] {
            arcs.push((vertex(at, 0, left), vertex(at, 1, left), cost));
        }
    }
    for node in 0..pack.info().nodes {
        let mut ends: Vec<(f64, usize, usize)> = Vec::new();
        for (at, edge) in edges.iter().enumerate() {
            for end in [0, 1] {
                if [edge.from, edge.to][end] == node {
                    ends.push((bearing(edge, end), at, end));
                }
            }
        }
        // In one direction, by what they are: see `Pieces::ranks`.
        let own = |&(_, at, end): &(f64, usize, usize)| {
            let edge = &edges[at];
            let places = [edge.line.first(), edge.line.last()].map(|p| p.map(|p| p.to_e7()));
            (edge.kind, edge.length_dm, places, at, end)
        };
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| own(a).cmp(&own(b))));
        let marked = ends.iter().any(|(_, at, _)| edges[*at].kind == WayKind::Crossing);
        for (place, &(_, at, end)) in ends.iter().enumerate() {
            if let Some(cost) = mouth(edges[at].kind, costs, marked, ends.len() > 2) {
                arcs.push((vertex(at, end, true), vertex(at, end, false), cost));
            }
            let (_, next, next_end) = ends[(place + 1) % ends.len()];
            // Left of the way out is left of the edge at its first node, right of it at its last.
            arcs.push((vertex(at, end, end == 0), vertex(next, next_end, next_end == 1), 0));
        }
    }
    let streets = edges.len() * 4;
    for (door, place) in places.iter().enumerate() {
        let edge = &edges[place.edge as usize];
        let left = place.side == RoadSide::Left;
        let whole = along(edge.kind, edge.length_dm, costs);
        let before = along(edge.kind, place.along_dm, costs).min(whole);
        let at = place.edge as usize;
        arcs.push((streets + door, vertex(at, 0, left), before));
        arcs.push((streets + door, vertex(at, 1, left), whole - before));
        for (other, neighbour) in places.iter().enumerate().filter(|(_, n)| n.edge == place.edge) {
            let there = along(edge.kind, neighbour.along_dm, costs).min(whole);
            let across =
                if neighbour.side == place.side { Some(0) } else { mid_block(edge.kind, costs) };
            arcs.extend(
                across.map(|a| (streets + door, streets + other, before.abs_diff(there) + a)),
            );
        }
    }
    let all = all_pairs(streets + places.len(), &arcs);
    all[streets..].iter().map(|row| row[streets..].to_vec()).collect()
}

/// The angle at which an edge leaves one of its nodes.
fn bearing(edge: &Edge, end: usize) -> f64 {
    let mut line: Vec<(i32, i32)> = edge.line.iter().map(|p| p.to_e7()).collect();
    if end == 1 {
        line.reverse();
    }
    let from = line[0];
    let to = line.iter().find(|to| **to != from).copied().unwrap_or(from);
    f64::from(to.0 - from.0).atan2(f64::from(to.1 - from.1))
}

pub(super) fn along(kind: WayKind, length_dm: u32, costs: &WalkCosts) -> u64 {
    let WalkCosts::Time { times } = costs else { return length_dm.into() };
    let factor = if kind == WayKind::Steps { times.steps_factor } else { 1.0 };
    whole(f64::from(length_dm) * (100.0 / times.speed_m_per_s * factor))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
fn whole(cost: f64) -> u64 {
    cost.round() as u64
}

fn class_s(kind: WayKind, times: &WalkTimes) -> f64 {
    match kind {
        WayKind::Service => times.service_s,
        WayKind::Residential => times.residential_s,
        WayKind::Tertiary => times.tertiary_s,
        WayKind::Secondary => times.secondary_s,
        WayKind::Primary => times.primary_s,
        _ => 0.0,
    }
}

fn mouth(kind: WayKind, costs: &WalkCosts, marked: bool, is_junction: bool) -> Option<u64> {
    let WalkCosts::Time { times } = costs else { return Some(0) };
    let most = if marked { times.marked_crossing_s } else { f64::MAX };
    let may = is_junction || mid_block(kind, costs).is_some();
    may.then(|| whole(class_s(kind, times).min(most) * 1000.0))
}

fn mid_block(kind: WayKind, costs: &WalkCosts) -> Option<u64> {
    let WalkCosts::Time { times } = costs else { return Some(0) };
    let may = !matches!(kind, WayKind::Secondary | WayKind::Primary);
    may.then(|| whole(class_s(kind, times) * 1000.0))
}
