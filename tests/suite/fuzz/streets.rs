//! Street packs: what opens answers every question, damaged or not.

use std::sync::Arc;

use canvass_core::geometry::{Bounds, Point};
use canvass_core::street::{
    Barrier, BarrierKind, HouseNumbers, Place, Snap, StreetMap, StreetPack, WalkCosts, WalkTimes,
    Way, WayKind,
};

use super::feed;

/// The hash lies between these bytes, over all that follows.
const HASH: std::ops::Range<usize> = 8..40;

fn at(north: i32, east: i32) -> Point {
    Point::from_e7(424_000_000 + north * 900, -711_000_000 + east * 1_300)
}

/// A town of crooked blocks with every kind of way, names, numbers and a river.
fn town(blocks: i32) -> StreetMap {
    let side = blocks + 1;
    let points = (0..side * side).map(|n| at(n / side + n % 3, n % side));
    let mut ways = Vec::new();
    for line in 0..side {
        let kind = WayKind::ALL[line.unsigned_abs() as usize % WayKind::ALL.len()];
        let numbers = HouseNumbers { left: Some((1, 99)), right: Some((100, 2)) };
        let along = (0..side).map(|n| (line * side + n).unsigned_abs());
        let across = (0..side).map(|n| (n * side + line).unsigned_abs());
        let name = Some(format!("{line} Street"));
        ways.push(Way { points: along.collect(), kind, name, numbers: Some(numbers) });
        let kind = WayKind::Residential;
        ways.push(Way { points: across.collect(), kind, name: None, numbers: None });
    }
    let barriers =
        vec![Barrier { points: vec![at(-1, -1), at(2, 3), at(9, 9)], kind: BarrierKind::Water }];
    StreetMap { points: points.collect(), ways, barriers, attribution: "nobody".to_owned() }
}

fn packs() -> Vec<Vec<u8>> {
    let built = [1, 3, 9].map(|blocks| StreetPack::build(&town(blocks)).expect("a pack"));
    built.into()
}

#[test]
fn fuzz_street_pack() {
    feed("street_pack", &packs(), |bytes| {
        ask(bytes.to_vec());
        // What was damaged is seldom damaged so that the hash fits: here it does.
        let mut sealed = bytes.to_vec();
        if let Some(body) = bytes.get(HASH.end..) {
            sealed[HASH].copy_from_slice(blake3::hash(body).as_bytes());
            ask(sealed);
        }
    });
}

fn ask(bytes: Vec<u8>) {
    let Ok(pack) = StreetPack::open(Arc::from(bytes)) else { return };
    let info = pack.info();
    let everywhere = Bounds {
        south_west: Point { lat: -90.0, lon: -180.0 },
        north_east: Point { lat: 90.0, lon: 180.0 },
    };
    let edges = pack.edges_in(&everywhere);
    assert!(edges.len() <= info.edges as usize);
    assert!(pack.label_edges(&everywhere).len() <= edges.len());
    let barriers = pack.barriers_in(&everywhere);
    assert!(barriers.len() <= pack.bytes().len());
    let place = |n: i32| Place { point: at(n, n), street: Some("1 Street"), number: Some(7) };
    let near = Place::at(info.bounds.south_west);
    let places = [place(0), place(1), place(4), near];
    let snaps: Vec<Snap> = pack.snap_all(&places).into_iter().flatten().collect();
    for costs in [WalkCosts::Distance, WalkCosts::Time { times: WalkTimes::default() }] {
        let matrix = pack.matrix(&snaps, &costs);
        assert_eq!(pack.reach(&snaps, 2, 100_000, &costs).len(), snaps.len());
        for (from, to) in (0..snaps.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let path = pack.path(&snaps[from], &snaps[to], &costs);
            assert_eq!(path.as_ref().map(|path| path.cost), matrix.get(from, to));
            let line = path.map(|path| pack.path_line(&path)).unwrap_or_default();
            assert!(line.iter().all(|point| point.lat.abs() <= 90.0));
        }
    }
    if let Some(snap) = snaps.first() {
        let clip = pack.clip(&[snap.point], 200.0);
        assert!(clip.is_ok_and(|clip| StreetPack::open(clip.into()).is_ok()), "a clip opens");
    }
}
