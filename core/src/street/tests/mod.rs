//! Maps at random and one by hand, and doors on them.

mod costs;
mod definition;
mod doors;
mod packs;

use proptest::prelude::*;

use super::*;
use crate::geometry::Point;

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

fn opened(map: &StreetMap) -> Option<StreetPack> {
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

fn both_costs() -> [WalkCosts; 2] {
    [WalkCosts::Distance, WalkCosts::Time { times: WalkTimes::default() }]
}

/// Elm Street runs west to east with numbers on both sides; Oak Street crosses it; a footpath
/// lies far off.
fn crossroads() -> StreetMap {
    let at = |north: i32, east: i32| Point::from_e7(423_700_000 + north, -711_000_000 + east);
    let points =
        vec![at(0, 0), at(0, 10_000), at(0, 20_000), at(-8_000, 10_000), at(8_000, 10_000)];
    let way = |points: &[u32], name: &str, numbers| Way {
        points: points.to_vec(),
        kind: WayKind::Residential,
        name: Some(name.into()),
        numbers,
    };
    let numbers = HouseNumbers { left: Some((1, 39)), right: Some((2, 40)) };
    let ways =
        vec![way(&[0, 1, 2], "Elm Street", Some(numbers)), way(&[3, 1, 4], "Oak Street", None)];
    StreetMap { points, ways, barriers: Vec::new(), attribution: String::new() }
}

fn beside(pack: &StreetPack, north: i32, east: i32, street: &str, number: u32) -> Option<Snap> {
    let point = Point::from_e7(423_700_000 + north, -711_000_000 + east);
    pack.snap(&Place { point, street: Some(street), number: Some(number) })
}
