//! Packs of random networks, beside a plain reference that works on the map's words alone.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::geometry::{Bounds, Point};

/// A street map on a small raster: ways wander between its points, so that they meet, cross
/// themselves, run on top of each other and leave islands.
fn maps() -> impl Strategy<Value = StreetMap> {
    let way = (proptest::collection::vec(0_u32..49, 1..7), 0_usize..9, proptest::option::of(0..4));
    proptest::collection::vec(way, 1..14).prop_map(|ways| {
        let points = (0..49).map(|n| raster(n % 7, n / 7)).collect();
        let ways = ways.into_iter().map(|(points, kind, name)| Way {
            points,
            kind: WayKind::ALL[kind],
            name: name.map(|n| format!("{n} Street")),
            numbers: None,
        });
        let ways = ways.collect();
        StreetMap { points, ways, barriers: Vec::new(), attribution: "nobody".into() }
    })
}

/// A point of the raster, a little off so that no two angles are equal.
fn raster(x: i32, y: i32) -> Point {
    let (bend_x, bend_y) = (x * x * 37 + y * 11, y * y * 41 + x * 7);
    Point::from_e7(423_700_000 + y * 5_000 + bend_x, -711_000_000 + x * 7_000 + bend_y)
}

pub(super) fn opened(map: &StreetMap) -> Option<StreetPack> {
    match StreetPack::build(map) {
        Ok(bytes) => Some(StreetPack::open(bytes.into()).expect("what was built opens")),
        Err(StreetError::NoWays) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Snaps all over a pack: edge by turns, anywhere along it, on both sides.
fn spread(pack: &StreetPack, wishes: &[(u32, u32, bool)]) -> Vec<Snap> {
    let edges = pack.info().edges;
    let snap = |&(edge, along, left): &(u32, u32, bool)| {
        let edge = pack.edge(edge % edges).expect("an edge");
        Snap {
            edge: edge.id,
            along_dm: along % (edge.length_dm + 1),
            side: if left { RoadSide::Left } else { RoadSide::Right },
            side_from: SideFrom::Position,
            off_dm: 0,
            point: edge.line[0],
            is_on_island: false,
        }
    };
    wishes.iter().map(snap).collect()
}

fn wishes() -> impl Strategy<Value = Vec<(u32, u32, bool)>> {
    proptest::collection::vec((any::<u32>(), any::<u32>(), any::<bool>()), 2..9)
}

const NO_WAY: u64 = u64::MAX / 4;

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
fn by_definition(pack: &StreetPack, places: &[Snap], costs: &WalkCosts) -> Vec<Vec<u64>> {
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
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
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

fn along(kind: WayKind, length_dm: u32, costs: &WalkCosts) -> u64 {
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

fn both_costs() -> [WalkCosts; 2] {
    [WalkCosts::Distance, WalkCosts::Time { times: WalkTimes::default() }]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn costs_are_those_of_the_definition(map in maps(), wishes in wishes()) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let places = spread(&pack, &wishes);
        for costs in both_costs() {
            let matrix = pack.matrix(&places, &costs);
            let expected = by_definition(&pack, &places, &costs);
            for (from, row) in expected.iter().enumerate() {
                for (to, cost) in row.iter().enumerate() {
                    let cost = (*cost < NO_WAY).then_some(*cost);
                    let found = matrix.get(from, to).map(u64::from);
                    prop_assert_eq!(found, cost, "{} to {} by {:?}", from, to, costs);
                }
            }
        }
    }

    #[test]
    fn a_matrix_is_a_metric(map in maps(), wishes in wishes()) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let places = spread(&pack, &wishes);
        for costs in both_costs() {
            let matrix = pack.matrix(&places, &costs);
            let n = matrix.len();
            for a in 0..n {
                prop_assert_eq!(matrix.get(a, a), Some(0));
                for b in 0..n {
                    prop_assert_eq!(matrix.get(a, b), matrix.get(b, a));
                    for c in 0..n {
                        let (Some(ab), Some(bc)) = (matrix.get(a, b), matrix.get(b, c)) else { continue };
                        prop_assert!(matrix.get(a, c).is_some_and(|ac| ac <= ab + bc));
                    }
                }
            }
        }
    }

    #[test]
    fn a_path_costs_what_the_matrix_says(map in maps(), wishes in wishes()) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let places = spread(&pack, &wishes);
        for costs in both_costs() {
            let matrix = pack.matrix(&places, &costs);
            for (from, to) in (0..places.len()).flat_map(|a| (0..places.len()).map(move |b| (a, b))) {
                let path = pack.path(&places[from], &places[to], &costs);
                prop_assert_eq!(path.as_ref().map(|path| path.cost), matrix.get(from, to));
                let Some(path) = path else { continue };
                check_legs(&pack, &places[from], &places[to], &path, &costs)?;
            }
        }
    }

    #[test]
    fn reach_finds_the_nearest_of_the_matrix(
        map in maps(), wishes in wishes(), count in 0_usize..5, limit in 0_u32..300_000,
    ) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let places = spread(&pack, &wishes);
        for costs in both_costs() {
            let matrix = pack.matrix(&places, &costs);
            for (from, found) in pack.reach(&places, count, limit, &costs).into_iter().enumerate() {
                let others = (0..places.len()).filter(|to| *to != from);
                let mut near: Vec<(u32, usize)> =
                    others.filter_map(|to| Some((matrix.get(from, to)?, to))).collect();
                near.retain(|(cost, _)| *cost <= limit);
                near.sort_unstable();
                near.truncate(count);
                let found: Vec<(u32, usize)> = found.iter().map(|n| (n.cost, n.place)).collect();
                prop_assert_eq!(found, near);
            }
        }
    }

    #[test]
    fn a_clip_of_everything_is_the_pack(map in maps()) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let again = pack.clip(&map.points, 1000.0).expect("a clip");
        let again = StreetPack::open(again.into()).expect("a pack");
        prop_assert_eq!(again.info(), pack.info());
    }

    #[test]
    fn costs_in_a_clip_are_those_of_the_pack_where_the_path_stays_inside(
        map in maps(), wishes in wishes(), margin_m in 0.0..300.0_f64,
    ) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let places = spread(&pack, &wishes);
        let around = [places[0].point, places[1].point];
        let clip = StreetPack::open(pack.clip(&around, margin_m).expect("edges").into()).expect("a pack");
        let same: Vec<Edge> = (0..clip.info().edges).filter_map(|id| clip.edge(id)).collect();
        let moved = |snap: &Snap| {
            let edge = pack.edge(snap.edge)?;
            let found = same.iter().find(|e| {
                (&e.line, e.kind, &e.name) == (&edge.line, edge.kind, &edge.name)
            })?;
            Some(Snap { edge: found.id, ..*snap })
        };
        for costs in both_costs() {
            for (a, b) in places.iter().flat_map(|a| places.iter().map(move |b| (a, b))) {
                let (Some(from), Some(to)) = (moved(a), moved(b)) else { continue };
                let full = pack.path(a, b, &costs);
                let here = clip.path(&from, &to, &costs).map(|path| path.cost);
                let edges = full.as_ref().map(|path| edges_of(&pack, path)).unwrap_or_default();
                let inside = |edge: &u32| moved(&Snap { edge: *edge, ..*a }).is_some();
                let whole = edges.iter().all(|edge| neighbours(&pack, *edge).iter().all(inside));
                if costs == WalkCosts::Distance {
                    prop_assert!(here.is_none_or(|cost| full.as_ref().is_some_and(|f| f.cost <= cost)));
                    if edges.iter().all(inside) {
                        prop_assert_eq!(here, full.map(|path| path.cost));
                    }
                } else if whole && let Some(full) = full {
                    // Outside, a mouth that is gone may make another way cheaper still.
                    prop_assert!(here.is_some_and(|cost| cost <= full.cost));
                }
            }
        }
    }

    #[test]
    fn edges_in_bounds_are_those_whose_box_meets_them(map in maps(), a in 0..49, b in 0..49) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let bounds = Bounds::around([a, b].map(|n: i32| raster(n % 7, n / 7)));
        let expected: Vec<u32> = (0..pack.info().edges)
            .filter(|id| {
                let line = pack.edge(*id).expect("an edge").line;
                Bounds::around(line).meets(&bounds)
            })
            .collect();
        prop_assert_eq!(pack.edges_in(&bounds), expected);
    }

    #[test]
    fn a_damaged_pack_is_refused_or_read_without_a_panic(
        map in maps(), wishes in wishes(),
        damage in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<usize>()),
        sealed in any::<bool>(),
    ) {
        let Ok(mut bytes) = StreetPack::build(&map) else { return Ok(()) };
        for (at, byte) in damage {
            let length = bytes.len();
            bytes[at % length] ^= byte;
        }
        let length = cut.map_or(bytes.len(), |cut| cut % bytes.len());
        bytes.truncate(length);
        if sealed && bytes.len() > 40 {
            let hash = blake3::hash(&bytes[40..]);
            bytes[8..40].copy_from_slice(hash.as_bytes());
        }
        let Ok(pack) = StreetPack::open(Arc::from(bytes)) else { return Ok(()) };
        ask_everything(&pack, &wishes);
    }
}

/// The edges that a path walks along or crosses.
fn edges_of(pack: &StreetPack, path: &Path) -> Vec<u32> {
    let edge = |leg: &Leg| match *leg {
        Leg::Along { edge, .. } | Leg::Across { edge, .. } => edge,
    };
    path.legs.iter().map(edge).filter(|edge| pack.edge(*edge).is_some()).collect()
}

/// The edges that share a node with this one, itself included.
fn neighbours(pack: &StreetPack, edge: u32) -> Vec<u32> {
    let own = pack.edge(edge).expect("an edge");
    let meets =
        |other: &Edge| [other.from, other.to].iter().any(|node| [own.from, own.to].contains(node));
    let edges = (0..pack.info().edges).filter_map(|id| pack.edge(id));
    edges.filter(meets).map(|edge| edge.id).collect()
}

/// Legs join up, begin and end at the doors, and cost what the path says.
fn check_legs(
    pack: &StreetPack,
    from: &Snap,
    to: &Snap,
    path: &Path,
    costs: &WalkCosts,
) -> Result<(), TestCaseError> {
    let mut cost = 0_u64;
    let mut at: Option<u32> = None;
    for (place, leg) in path.legs.iter().enumerate() {
        if let Leg::Along { edge, from_dm, to_dm, .. } = *leg {
            let edge = pack.edge(edge).expect("an edge");
            cost += along(edge.kind, from_dm.abs_diff(to_dm), costs);
            let start = match from_dm {
                0 => Some(edge.from),
                d if d == edge.length_dm => Some(edge.to),
                _ => None,
            };
            prop_assert!(place == 0 || at.is_none() || start == at || edge.from == edge.to);
        }
        at = pack.node_after(leg).or(at);
    }
    let crossings: u64 =
        path.legs.iter().filter(|leg| matches!(leg, Leg::Across { .. })).count() as u64;
    let rest = u64::from(path.cost).abs_diff(cost);
    // Rounding of partial edges, and at most the dearest crossing for each.
    prop_assert!(rest <= crossings * 60_000 + 4, "{path:?}");
    if crossings == 0 {
        prop_assert!(rest <= 4, "{path:?}");
    }
    let ends = |leg: Option<&Leg>| match leg {
        Some(Leg::Along { edge, from_dm, to_dm, .. }) => Some((*edge, *from_dm, *to_dm)),
        _ => None,
    };
    if let Some((edge, from_dm, _)) = ends(path.legs.first()) {
        prop_assert!((edge, from_dm) == (from.edge, from.along_dm) || at_node(pack, from));
    }
    if let Some((edge, _, to_dm)) = ends(path.legs.last()) {
        prop_assert!((edge, to_dm) == (to.edge, to.along_dm) || at_node(pack, to));
    }
    Ok(())
}

fn at_node(pack: &StreetPack, snap: &Snap) -> bool {
    let length_dm = pack.edge(snap.edge).map_or(0, |edge| edge.length_dm);
    snap.along_dm == 0 || snap.along_dm == length_dm
}

/// Every question there is, for packs that must answer or refuse.
fn ask_everything(pack: &StreetPack, wishes: &[(u32, u32, bool)]) {
    let info = pack.info();
    let everywhere = Bounds {
        south_west: Point { lat: -90.0, lon: -180.0 },
        north_east: Point { lat: 90.0, lon: 180.0 },
    };
    assert!(pack.edges_in(&everywhere).len() <= info.edges as usize);
    assert!(pack.barriers_in(&everywhere).len() <= pack.bytes().len());
    assert!(pack.label_edges(&everywhere).len() <= info.edges as usize);
    let mut places = spread(pack, wishes);
    let corner = Place { point: raster(1, 2), street: Some("1 Street"), number: Some(7) };
    places
        .extend(pack.snap_all(&[corner, Place::at(info.bounds.south_west)]).into_iter().flatten());
    for costs in both_costs() {
        assert_eq!(pack.matrix(&places, &costs).len(), places.len());
        assert_eq!(pack.reach(&places, 2, 1000, &costs).len(), places.len());
        if let Some(path) = pack.path(&places[0], &places[1], &costs) {
            assert!(pack.path_line(&path).len() < 10_000);
        }
    }
    let _ = pack.clip(&[places[0].point], 100.0);
}
