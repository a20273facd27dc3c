//! Doors at a crossroads, and maps that cannot be.

use std::sync::Arc;

use super::*;
use crate::geometry::Bounds;

#[test]
fn a_door_stands_on_its_own_street_on_the_side_of_its_number() {
    let pack = opened(&crossroads()).expect("a pack");
    // 33 m north of Elm Street and 17 m east of Oak Street, but its address is on Elm Street.
    let snap = beside(&pack, 3_000, 12_000, "ELM ST.", 24).expect("near");
    assert_eq!(pack.name(snap.edge), Some("Elm Street"));
    assert_eq!((snap.side, snap.side_from), (RoadSide::Right, SideFrom::Numbers));
    let snap = beside(&pack, 3_000, 12_000, "Oak Street", 24).expect("near");
    assert_eq!(pack.name(snap.edge), Some("Oak Street"));
    assert_eq!((snap.side, snap.side_from), (RoadSide::Right, SideFrom::Position));
    let snap = pack.snap(&Place::at(Point::from_e7(423_703_000, -710_985_000))).expect("near");
    assert_eq!((pack.name(snap.edge), snap.side), (Some("Elm Street"), RoadSide::Left));
    assert_eq!(snap.off_dm, 334);
}

#[test]
fn numbers_of_split_ways_tell_the_block() {
    let pack = opened(&crossroads()).expect("a pack");
    // At the corner itself, the number alone says which block it belongs to.
    let edge_of = |number| beside(&pack, 50, 10_000, "Elm Street", number).expect("near").edge;
    let blocks: Vec<Edge> = (0..4).filter_map(|id| pack.edge(id)).collect();
    let of = |number: u32| {
        let holds =
            |range: Option<(u32, u32)>| range.is_some_and(|(a, b)| (a..=b).contains(&number));
        let block =
            blocks.iter().find(|b| b.numbers.is_some_and(|n| holds(n.left) || holds(n.right)));
        block.map(|block| block.id)
    };
    assert_eq!(Some(edge_of(3)), of(3));
    assert_eq!(Some(edge_of(38)), of(38));
    assert_ne!(edge_of(3), edge_of(38));
}

#[test]
fn sides_are_learnt_from_the_numbers_around() {
    let mut map = crossroads();
    map.ways[0].numbers = None;
    let pack = opened(&map).expect("a pack");
    let door = |north: i32, east: i32, number| Place {
        point: Point::from_e7(423_700_000 + north, -711_000_000 + east),
        street: Some("Elm Street"),
        number: Some(number),
    };
    // Odd on the north side. Number 9 was placed on the wrong side by a metre.
    let doors =
        [door(900, 2_000, 3), door(900, 3_000, 5), door(900, 4_000, 7), door(-100, 5_000, 9)];
    let sides: Vec<RoadSide> = pack.snap_all(&doors).iter().flatten().map(|s| s.side).collect();
    assert_eq!(sides, [RoadSide::Left; 4]);
    let alone = pack.snap(&doors[3]).expect("near");
    assert_eq!((alone.side, alone.side_from), (RoadSide::Right, SideFrom::Position));
}

#[test]
fn ranges_give_way_to_the_doors_around() {
    let mut map = crossroads();
    // As a file says it that has left and right exchanged: odd numbers are on the south side.
    map.ways[0].numbers = Some(HouseNumbers { left: Some((2, 40)), right: Some((1, 39)) });
    let pack = opened(&map).expect("a pack");
    let door = |north: i32, east: i32, number| Place {
        point: Point::from_e7(423_700_000 + north, -711_000_000 + east),
        street: Some("Elm Street"),
        number: Some(number),
    };
    let odd = [door(900, 2_000, 3), door(900, 3_000, 5), door(900, 4_000, 7)];
    let even = door(-900, 5_000, 10);
    let told = |doors: &[Place<'_>]| -> Vec<(RoadSide, SideFrom)> {
        pack.snap_all(doors).iter().flatten().map(|snap| (snap.side, snap.side_from)).collect()
    };
    let believed = (RoadSide::Right, SideFrom::Numbers);
    assert_eq!(told(&odd[..2]), [believed; 2], "two doors prove nothing");
    let corrected = (RoadSide::Left, SideFrom::Parity);
    let all = [odd[0], odd[1], odd[2], even];
    assert_eq!(told(&all)[..3], [corrected; 3]);
    assert_eq!(told(&all)[3], (RoadSide::Right, SideFrom::Parity), "the other side of the odd");
    let units = [odd[0]; 9];
    assert_eq!(told(&units), [believed; 9], "nine units of one building are one door");
}

#[test]
fn what_is_far_or_nowhere_is_not_on_the_network() {
    let pack = opened(&crossroads()).expect("a pack");
    let far = Point::from_e7(424_150_000, -711_000_000);
    assert_eq!(pack.snap(&Place::at(far)), None, "five kilometres");
    for (lat, lon) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (91.0, 0.0)] {
        assert_eq!(pack.snap(&Place::at(Point { lat, lon })), None);
    }
    let near = pack.snap(&Place::at(raster(0, 0))).expect("near");
    let strange = Snap { edge: 9999, ..near };
    let matrix = pack.matrix(&[near, strange], &WalkCosts::Distance);
    assert_eq!((matrix.get(0, 1), matrix.get(0, 0), matrix.unreachable()), (None, Some(0), 1));
    assert_eq!(pack.path(&near, &strange, &WalkCosts::Distance), None);
}

#[test]
fn a_large_part_is_preferred_to_an_island() {
    let mut map = crossroads();
    // Two paths that meet nothing: 17 m and 278 m north of the street.
    for north in [1_500, 25_000] {
        let first = u32::try_from(map.points.len()).expect("few");
        let ends = [north, north + 100].map(|n| Point::from_e7(423_700_000 + n, -710_998_000));
        map.points.extend(ends);
        let points = vec![first, first + 1];
        map.ways.push(Way { points, kind: WayKind::Path, name: None, numbers: None });
    }
    let pack = opened(&map).expect("a pack");
    assert_eq!(pack.info().components, 3);
    let is_on_island = |north| {
        let point = Point::from_e7(423_700_000 + north, -710_998_000);
        pack.snap(&Place::at(point)).expect("near").is_on_island
    };
    assert!(!is_on_island(1_550), "the street is within the stated tolerance");
    assert!(is_on_island(25_050), "the street is farther than that");
}

#[test]
fn crossing_costs_what_its_class_says() {
    let pack = opened(&crossroads()).expect("a pack");
    let times = WalkTimes { residential_s: 7.0, ..WalkTimes::default() };
    let costs = WalkCosts::Time { times };
    let north = beside(&pack, 900, 5_000, "Elm Street", 11).expect("near");
    let south = beside(&pack, -900, 5_000, "Elm Street", 12).expect("near");
    let east = beside(&pack, 900, 15_000, "Elm Street", 31).expect("near");
    assert_eq!(pack.matrix(&[north, south], &costs).get(0, 1), Some(7_000), "mid-block");
    let path = pack.path(&north, &east, &costs).expect("a way");
    // Along the north side to the corner, across Oak Street, and on.
    let crossed = path.legs.iter().filter_map(|leg| match leg {
        Leg::Across { edge, .. } => pack.name(*edge),
        Leg::Along { .. } => None,
    });
    assert_eq!(crossed.collect::<Vec<_>>(), ["Oak Street"]);
    let walked = f64::from(path.length_dm) * 100.0 / times.speed_m_per_s;
    assert!((f64::from(path.cost) - walked - 7_000.0).abs() < 3.0, "{path:?}");
    let line = pack.path_line(&path);
    let length_m: f64 = line.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
    assert!((length_m * 10.0 - f64::from(path.length_dm)).abs() < 3.0, "{length_m}");
}

#[test]
fn maps_that_cannot_be_packed_say_why() {
    let built = |change: fn(&mut StreetMap)| {
        let mut map = crossroads();
        change(&mut map);
        StreetPack::build(&map).expect_err("refused")
    };
    assert_eq!(built(|map| map.ways.clear()), StreetError::NoWays);
    assert_eq!(built(|map| map.ways[1].points.push(99)), StreetError::NoSuchPoint { way: 1 });
    assert_eq!(built(|map| map.points[2].lat = f64::NAN), StreetError::BadPoint { point: 2 });
    assert_eq!(StreetPack::open(Arc::from(*b"{}")).expect_err("refused"), StreetError::NotAPack);
    let mut newer = StreetPack::build(&crossroads()).expect("a pack");
    newer[40] = 9;
    let newer = StreetPack::open(newer.into()).expect_err("refused");
    assert_eq!(newer, StreetError::NewerFormat { found: 9, supported: 1 });
}

#[test]
fn barriers_and_labels_are_found_where_they_are() {
    let mut map = crossroads();
    let river = [(0, 30_000), (5_000, 31_000), (9_000, 30_500)];
    let points = river.map(|(n, e)| Point::from_e7(423_700_000 + n, -711_000_000 + e)).to_vec();
    map.barriers.push(Barrier { points: points.clone(), kind: BarrierKind::Water });
    let pack = opened(&map).expect("a pack");
    let found = pack.barriers_in(&Bounds::around(points.iter().copied()));
    assert_eq!((found.len(), found[0].kind), (1, BarrierKind::Water));
    assert_eq!(found[0].points, points, "the points were on the coarse raster");
    assert!(pack.barriers_in(&Bounds::around([raster(0, 0)])).is_empty());
    let labels = pack.label_edges(&pack.info().bounds);
    let names: Vec<_> = labels.iter().filter_map(|edge| pack.name(*edge)).collect();
    assert_eq!(names.len(), 2, "one for each street: {names:?}");
}
