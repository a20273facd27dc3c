//! Instances against lengths that TSPLIB itself publishes, and against files that are wrong.

use std::fmt::Write as _;

use canvass_core::route::{Costs, Ends, solve_counted};
use proptest::prelude::*;

use super::near::Grid;
use super::weight::Weight;
use super::{Fault, read};

/// By hand, from the formulas of TSPLIB's documentation (Reinelt 1995).
#[test]
fn distances_are_rounded_as_tsplib_does() {
    assert_eq!(Weight::Euclidean.between((0.0, 0.0), (1.0, 2.3)), 3);
    assert_eq!(Weight::EuclideanUp.between((0.0, 0.0), (1.0, 2.0)), 3);
    // 38.24 20.42 and 39.57 26.15 are the first two nodes of ulysses16.
    assert_eq!(Weight::Geographical.between((38.24, 20.42), (39.57, 26.15)), 509);
    // 6734 1453 and 2233 10 are the first two nodes of att48.
    assert_eq!(Weight::Att.between((6734.0, 1453.0), (2233.0, 10.0)), 1495);
}

/// burma14, whose shortest tour is 3,323 km by TSPLIB's list.
const BURMA14: [(f64, f64); 14] = [
    (16.47, 96.10),
    (16.47, 94.44),
    (20.09, 92.54),
    (22.39, 93.37),
    (25.23, 97.24),
    (22.00, 96.05),
    (20.47, 97.02),
    (17.20, 96.29),
    (16.30, 97.38),
    (14.05, 98.12),
    (16.53, 97.38),
    (21.52, 95.59),
    (19.41, 97.13),
    (20.09, 94.55),
];

fn burma14() -> String {
    let mut text = "NAME: burma14\nTYPE: TSP\nDIMENSION: 14\nEDGE_WEIGHT_TYPE: GEO\n".to_owned();
    text += "EDGE_WEIGHT_FORMAT: FUNCTION\nDISPLAY_DATA_TYPE: COORD_DISPLAY\nNODE_COORD_SECTION\n";
    for (number, (lat, lon)) in (1..).zip(BURMA14) {
        let _ = writeln!(text, "   {number}  {lat:.2}       {lon:.2}");
    }
    text + "EOF\n"
}

#[test]
fn the_shortest_tour_of_an_instance_is_as_long_as_tsplib_says() {
    let instance = read(burma14().as_bytes()).expect("an instance");
    let tour = solve_counted(&instance, Ends::Closed, 1_000, 0).expect("a tour");
    assert_eq!(instance.length(&tour), 3_323);
}

#[test]
fn every_shape_of_table_says_the_same() {
    let cost = |a: u32, b: u32| if a == b { 0 } else { 10 * a.min(b) + a.max(b) };
    let table = |shape: &str, columns: &dyn Fn(u32) -> Vec<u32>| {
        let mut text = format!(
            "TYPE: TSP\nDIMENSION: 5\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {shape}\nEDGE_WEIGHT_SECTION\n"
        );
        for row in 0..5 {
            let cells: Vec<String> =
                columns(row).into_iter().map(|column| cost(row, column).to_string()).collect();
            text += &cells.join(" ");
            text += "\n";
        }
        read(text.as_bytes()).expect("an instance")
    };
    let shapes = [
        table("FULL_MATRIX", &|_| (0..5).collect()),
        table("UPPER_ROW", &|row| (row + 1..5).collect()),
        table("UPPER_DIAG_ROW", &|row| (row..5).collect()),
        table("LOWER_ROW", &|row| (0..row).collect()),
        table("LOWER_DIAG_ROW", &|row| (0..=row).collect()),
    ];
    for instance in shapes {
        for a in 0..5 {
            for b in 0..5 {
                assert_eq!(instance.cost(a, b), cost(a, b));
            }
        }
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let head = "TYPE: TSP\nDIMENSION: 2\nEDGE_WEIGHT_TYPE: EUC_2D\n";
    let places = "NODE_COORD_SECTION\n1 0 0\n";
    let told = |text: String| {
        let error = read(text.as_bytes()).err().expect("a refusal");
        (error.line, error.fault)
    };
    let count = |found, expected| Fault::Count { found, expected };
    assert_eq!(told(format!("{head}{places}EOF\n")), (6, count(1, 2)));
    assert_eq!(told(format!("{head}{places}2 0 0\n3 0 0\n")), (7, count(3, 2)));
    assert_eq!(told(format!("{head}{places}1 5 5\n")), (6, Fault::Twice(1)));
    assert_eq!(told(format!("{head}{places}2 0\n")), (6, Fault::Number));
    assert_eq!(told(format!("{head}{places}2 0 nan\n")), (6, Fault::Number));
    assert_eq!(told(format!("{head}{places}2 0 1e10\n")), (6, Fault::Number));
    assert_eq!(told("TYPE: CVRP\n".to_owned()), (1, Fault::Unknown("CVRP".to_owned())));
    let fixed = "FIXED_EDGES_SECTION";
    assert_eq!(told(format!("{head}{fixed}\n")), (4, Fault::Unknown(fixed.to_owned())));
    assert_eq!(told(places.to_owned()), (2, Fault::Missing("DIMENSION")));
    assert_eq!(told("DIMENSION: 2000000\n".to_owned()), (1, Fault::TooLarge));
    assert_eq!(told("1 2 3\n".to_owned()), (1, Fault::Missing("a headline")));
    assert_eq!(told(String::new()), (0, Fault::Missing("DIMENSION")));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[A-Z_0-9 :.\n-]{0,200}") {
        let _ = read(text.as_bytes());
    }

    #[test]
    fn nearest_places_are_those_that_looking_at_all_finds(
        places in proptest::collection::vec((0_u8..40, 0_u8..200), 30..120),
        of in 0_u32..30,
    ) {
        let at: Vec<(f64, f64)> = places.iter().map(|p| (p.0.into(), p.1.into())).collect();
        let here = at[of as usize];
        let square = |p: u32| {
            let there = at[p as usize];
            (here.0 - there.0).powi(2) + (here.1 - there.1).powi(2)
        };
        let mut all: Vec<u32> = (0..).take(at.len()).filter(|place| *place != of).collect();
        all.sort_by(|a, b| square(*a).total_cmp(&square(*b)).then(a.cmp(b)));
        all.truncate(24);
        let mut found = Grid::of(&at).nearest(&at, of, 24);
        prop_assert_eq!(found.len(), 24);
        found.sort_by(|a, b| square(*a).total_cmp(&square(*b)).then(a.cmp(b)));
        prop_assert_eq!(found, all);
    }
}

/// Doors along one street have neighbours on the next, however many are nearer on their own.
#[test]
fn some_neighbours_are_across_from_one_row_to_the_next() {
    let at: Vec<(f64, f64)> =
        (0..4).flat_map(|row| (0..40).map(move |x| (f64::from(x), f64::from(row) * 4.0))).collect();
    let grid = Grid::of(&at);
    let middle = 40 + 20;
    let rows: Vec<u32> = grid.neighbours(&at, middle, 10).iter().map(|place| place / 40).collect();
    assert_eq!(rows.len(), 10);
    for row in 0..3 {
        assert!(rows.contains(&row), "{rows:?}");
    }
}
