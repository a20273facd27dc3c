//! Street faces: finished where that is worth it, and at the price that is told.

use proptest::prelude::*;

use super::{cost_of, is_every_stop_once};
use crate::route::*;

/// Doors along both sides of parallel streets, ten metres wide, a hundred and twenty long, in
/// decimetres; each side of a street is a face.
fn streets(streets: u32, doors: u32, seed: u64) -> (Matrix, Vec<u32>) {
    let mut random = Random::new(seed);
    let mut at: Vec<(f64, f64, u32)> = Vec::new();
    for street in 0..streets {
        for side in 0..2 {
            for _ in 0..doors {
                let along = random.unit() * 1_200.0;
                let across = f64::from(street) * 600.0 + f64::from(side) * 100.0;
                at.push((along, across, street * 2 + side));
            }
        }
    }
    let cost = |a: &(f64, f64, u32), b: &(f64, f64, u32)| (a.0 - b.0).hypot(a.1 - b.1) as u32;
    let cells = at.iter().flat_map(|a| at.iter().map(move |b| cost(a, b))).collect();
    let stops = at.len() as u32;
    let faces = at.iter().map(|door| door.2).collect();
    (Matrix::new(stops, cells).expect("a cell for each pair"), faces)
}

/// Runs of one face, counted door by door around or along the walk, less the faces there are.
fn counted(order: &[u32], of_stop: &[u32], ends: Ends) -> u32 {
    let mut faces: Vec<u32> = order.iter().map(|stop| of_stop[*stop as usize]).collect();
    if ends == Ends::Closed {
        // Begin where a face begins, if there are several.
        let begins = (1..faces.len()).find(|at| faces[*at] != faces[*at - 1]);
        faces.rotate_left(begins.unwrap_or(0));
    }
    let mut finished: Vec<u32> = Vec::new();
    let mut returns = 0;
    let mut before = None;
    for face in faces {
        if Some(face) != before && face != NO_FACE {
            if finished.contains(&face) {
                returns += 1;
            } else {
                finished.push(face);
            }
        }
        before = Some(face);
    }
    returns
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn returns_are_counted_as_by_hand(
        faces in proptest::collection::vec(prop_oneof![0_u32..4, Just(NO_FACE)], 1..12),
        closed: bool,
    ) {
        let order: Vec<u32> = (0..).take(faces.len()).collect();
        let ends = if closed { Ends::Closed } else { Ends::Open { start: None, end: None } };
        prop_assert_eq!(face_returns(&order, &faces, ends), counted(&order, &faces, ends));
    }

    #[test]
    fn fewer_faces_are_left_unfinished_at_the_price_told(
        wide in 2_u32..5, doors in 3_u32..10, seed: u64, closed: bool,
    ) {
        let (costs, of_stop) = streets(wide, doors, seed);
        let ends = if closed { Ends::Closed } else { Ends::Open { start: None, end: None } };
        let faces = Faces { of_stop: &of_stop, switch: 200 };
        let found = solve_legibly(&costs, ends, faces, Effort::Thorough, seed)?;
        prop_assert!(is_every_stop_once(&found.order, costs.len()));
        let plain = solve(&costs, ends, Effort::Thorough, seed)?;
        prop_assert_eq!(found.plain_cost, cost_of(&costs, &plain, ends));
        prop_assert_eq!(found.plain_returns, counted(&plain, &of_stop, ends));
        prop_assert_eq!(found.cost, cost_of(&costs, &found.order, ends));
        prop_assert_eq!(found.returns, counted(&found.order, &of_stop, ends));
        prop_assert!(found.returns <= found.plain_returns);
        // A return that stays would cost more to be rid of than it is charged with, and what
        // was paid for the others is no more than they were charged with; a thousandth for
        // plain orders that were not the best.
        let saved = u64::from(found.plain_returns - found.returns) * 200;
        prop_assert!(found.cost <= found.plain_cost + saved + found.plain_cost / 1_000);
    }
}

/// Whoever pays enough comes back to no face at all.
#[test]
fn at_a_high_charge_every_face_is_finished() {
    for seed in 0..5 {
        let (costs, of_stop) = streets(4, 8, seed);
        let ends = Ends::Open { start: None, end: None };
        let faces = Faces { of_stop: &of_stop, switch: 5_000 };
        let found = solve_legibly(&costs, ends, faces, Effort::Thorough, 0).expect("an order");
        assert_eq!(found.returns, 0);
        assert!(found.plain_returns > 0);
    }
}

#[test]
fn every_stop_needs_a_face() {
    let (costs, of_stop) = streets(1, 3, 0);
    let faces = Faces { of_stop: &of_stop[1..], switch: 200 };
    assert_eq!(
        solve_legibly(&costs, Ends::Closed, faces, Effort::Quick, 0).unwrap_err(),
        RouteError::NotEach { stops: 6, given: 5 }
    );
}
