//! Costs, paths and nearest places of random networks, beside the definition.

use super::super::matrix::holds;
use super::definition::{NO_WAY, along, by_definition};
use super::*;

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
    fn labels_and_searches_agree(map in maps(), wishes in wishes()) {
        let Some(pack) = opened(&map) else { return Ok(()) };
        let places = spread(&pack, &wishes);
        for costs in both_costs() {
            let network = pack.network(&costs);
            let mut searched = Distances::unknown(places.len());
            searched.fill_by_search(&network, &holds(&pack, &network, &places));
            prop_assert_eq!(searched, pack.matrix(&places, &costs));
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

#[test]
fn a_network_that_is_no_towns_is_searched() {
    let count = 140_i32;
    let at = |n: i32| Point::from_e7(423_700_000 + n * n * 30, -711_000_000 + n * 10_000);
    let line =
        |a: u32, b: u32| Way { points: vec![a, b], kind: WayKind::Path, name: None, numbers: None };
    let ends = (0..count.unsigned_abs()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let map = StreetMap {
        points: (0..count).map(at).collect(),
        ways: ends.map(|(a, b)| line(a, b)).collect(),
        ..StreetMap::default()
    };
    let pack = opened(&map).expect("a pack");
    assert!(pack.network(&WalkCosts::Distance).hierarchy(&pack).is_none());
    let doors: Vec<Snap> = (0..count).filter_map(|n| pack.snap(&Place::at(at(n)))).collect();
    let matrix = pack.matrix(&doors, &WalkCosts::Distance);
    for (a, b) in (0..count).flat_map(|a| (0..count).map(move |b| (a, b))) {
        let found = matrix.get(a.unsigned_abs() as usize, b.unsigned_abs() as usize);
        let straight = at(a).distance_m(at(b)) * 10.0;
        // Lengths are whole decimetres: many short edges may round down together.
        let near = |cost: u32| (f64::from(cost) - straight).abs() <= 1.0 + straight * 0.002;
        assert!(found.is_some_and(near), "{a} to {b}: {found:?}, not {straight}");
    }
}
