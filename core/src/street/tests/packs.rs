//! Packs of random networks: clipped, cut by bounds, damaged.

use std::sync::Arc;

use super::*;
use crate::geometry::Bounds;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

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
        costs_agree_in_a_clip(&map, &wishes, margin_m)?;
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

/// There and back along the same line are two ways, one on top of the other.
#[test]
fn ways_on_top_of_each_other_keep_their_order_in_a_clip() {
    let points = (0..49).map(|n| raster(n % 7, n / 7)).collect();
    let way =
        |points: &[u32], kind| Way { points: points.to_vec(), kind, name: None, numbers: None };
    let ways = vec![
        way(&[37, 44, 37], WayKind::Service),
        way(&[0, 1], WayKind::Path),
        way(&[0, 1], WayKind::Sidewalk),
        way(&[40, 0], WayKind::Path),
        way(&[14, 44, 14], WayKind::Path),
    ];
    let map = StreetMap { points, ways, barriers: Vec::new(), attribution: String::new() };
    let edges = opened(&map).expect("a pack").info().edges;
    for [a, b, c] in (0..edges.pow(3)).map(|n| [n, n / edges, n / edges / edges]) {
        let wishes = [(a, 0, false), (b, 0, false), (c, 0, false)];
        costs_agree_in_a_clip(&map, &wishes, 0.0).expect("costs agree");
    }
}

/// Compares a pack with its clip around the first two of the places.
fn costs_agree_in_a_clip(
    map: &StreetMap,
    wishes: &[(u32, u32, bool)],
    margin_m: f64,
) -> Result<(), TestCaseError> {
    let Some(pack) = opened(map) else { return Ok(()) };
    let places = spread(&pack, wishes);
    let around = [places[0].point, places[1].point];
    let clip =
        StreetPack::open(pack.clip(&around, margin_m).expect("edges").into()).expect("a pack");
    let same: Vec<Edge> = (0..clip.info().edges).filter_map(|id| clip.edge(id)).collect();
    let moved = |snap: &Snap| {
        let edge = pack.edge(snap.edge)?;
        let found = same
            .iter()
            .find(|e| (&e.line, e.kind, &e.name) == (&edge.line, edge.kind, &edge.name))?;
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
    Ok(())
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
