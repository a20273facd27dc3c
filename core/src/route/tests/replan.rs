//! New orders from old ones: nothing lost, never worse, nothing moved without gain.

use proptest::prelude::*;

use super::{any_ends, cost_of, is_every_stop_once, keeps_ends, matrix};
use crate::route::*;

/// Stops on the ground, as a walk has them: random costs have no order worth keeping.
pub(super) fn ground(stops: u32, seed: u64) -> Matrix {
    let mut random = Random::new(seed);
    let at: Vec<(f64, f64)> =
        (0..stops).map(|_| (random.unit() * 1e4, random.unit() * 1e4)).collect();
    let cost = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1) as u32;
    let cells = at.iter().flat_map(|a| at.iter().map(move |b| cost(a, b))).collect();
    Matrix::new(stops, cells).expect("a cell for each pair")
}

/// The old order without what is gone; then each added stop where it costs least, by trying
/// every place.
fn by_hand(costs: &Matrix, asked: &Replan) -> Vec<u32> {
    let (start, end) = match asked.ends {
        Ends::Closed => (None, None),
        Ends::Open { start, end } => (start, end),
    };
    let ends = [start, end].map(|end| end.into_iter().collect::<Vec<u32>>());
    let is_end = |stop: &u32| ends.iter().flatten().any(|end| end == stop);
    let stays = |stop: &&u32| !asked.gone.contains(stop) && !is_end(stop);
    let middle: Vec<u32> = asked.before.iter().filter(stays).copied().collect();
    let mut order = [ends[0].clone(), middle, ends[1].clone()].concat();
    for &stop in asked.added.iter().filter(|stop| !is_end(stop)) {
        let tries = (0..=order.len()).map(|at| {
            let mut tried = order.clone();
            tried.insert(at, stop);
            tried
        });
        order = tries
            .filter(|tried| keeps_given(tried, start, end))
            .min_by_key(|tried| cost_of(costs, tried, asked.ends))
            .expect("a place");
    }
    order
}

fn keeps_given(order: &[u32], start: Option<u32>, end: Option<u32>) -> bool {
    start.is_none_or(|start| order.first() == Some(&start))
        && end.is_none_or(|end| order.last() == Some(&end))
}

#[derive(Debug)]
struct Case {
    costs: Matrix,
    before: Vec<u32>,
    gone: Vec<u32>,
    added: Vec<u32>,
    ends: Ends,
}

/// Up to 60 stops on the ground or at any costs, ordered well or at random; some are gone,
/// some are added.
fn case() -> impl Strategy<Value = Case> {
    let stops = (2_u32..60).prop_flat_map(|stops| (Just(stops), any_ends(stops)));
    (stops, 0_u32..4, any::<u64>()).prop_map(|((stops, ends), kind, seed)| {
        let mut random = Random::new(seed);
        let costs = match kind {
            0 => matrix(stops, false, seed),
            1 => matrix(stops, true, seed),
            _ => ground(stops, seed),
        };
        let mut before: Vec<u32> = if kind == 3 {
            (0..stops).collect()
        } else {
            solve(&costs, Ends::Open { start: None, end: None }, Effort::Quick, seed)
                .expect("an order")
        };
        let mut added = Vec::new();
        before.retain(|&stop| {
            let stays = random.below(10) > 0;
            if !stays {
                added.push(stop);
            }
            stays
        });
        let gone = (0..stops).filter(|_| random.below(10) == 0).collect::<Vec<u32>>();
        added.retain(|stop| !gone.contains(stop));
        Case { costs, before, gone, added, ends }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_new_order_is_never_worse_and_moves_others_only_for_a_gain(case in case()) {
        let Case { costs, before, gone, added, ends } = &case;
        let asked = Replan {
            before, gone, added, ends: *ends, worth_per_mille: WORTH_PER_MILLE,
        };
        let new = replan(costs, &asked)?;
        let hand = by_hand(costs, &asked);
        let (mut expected, mut found) = (hand.clone(), new.order.clone());
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected, "doors in are doors out");
        let hand_cost = cost_of(costs, &hand, *ends);
        prop_assert_eq!(new.cost, cost_of(costs, &new.order, *ends));
        prop_assert!(new.cost <= new.kept_cost && new.kept_cost <= hand_cost);
        if let Ends::Open { start, end } = *ends {
            prop_assert!(keeps_given(&new.order, start, end));
        }
        let is_end = |stop: &u32| match ends {
            Ends::Closed => false,
            Ends::Open { start, end } => Some(*stop) == *start || Some(*stop) == *end,
        };
        let untouched = |order: &[u32]| -> Vec<u32> {
            order.iter().copied()
                .filter(|stop| before.contains(stop) && !gone.contains(stop) && !is_end(stop))
                .collect()
        };
        let moved = untouched(&new.order) != untouched(before);
        prop_assert_eq!(new.is_new, moved);
        if moved {
            prop_assert!(new.cost * 1_000 <= new.kept_cost * u64::from(1_000 - WORTH_PER_MILLE));
        }
        prop_assert_eq!(replan(costs, &asked)?, new);
    }

    /// The rest of a best walk is the best walk on from there.
    #[test]
    fn whoever_walks_on_keeps_their_order(stops in 20_u32..120, seed: u64, done in 1_usize..19) {
        let costs = ground(stops, seed);
        let before = solve(&costs, Ends::Open { start: None, end: None }, Effort::Thorough, seed)?;
        let ends = Ends::Open { start: Some(before[done]), end: None };
        let asked = Replan {
            before: &before, gone: &before[..done], added: &[],
            ends, worth_per_mille: WORTH_PER_MILLE,
        };
        let new = replan(&costs, &asked)?;
        prop_assert!(!new.is_new);
        prop_assert_eq!(&new.order, &before[done..]);
    }
}

/// An order that was never good is given up.
#[test]
fn a_bad_order_is_made_anew() {
    let costs = ground(60, 7);
    let before: Vec<u32> = (0..60).collect();
    let ends = Ends::Open { start: Some(3), end: None };
    let asked =
        Replan { before: &before, gone: &[], added: &[], ends, worth_per_mille: WORTH_PER_MILLE };
    let new = replan(&costs, &asked).expect("an order");
    let best = solve(&costs, ends, Effort::Thorough, 0).expect("an order");
    assert!(new.is_new && is_every_stop_once(&new.order, 60) && keeps_ends(&new.order, ends));
    assert!(new.cost * 100 <= cost_of(&costs, &best, ends) * 110);
}

#[test]
fn what_cannot_be_replanned_is_refused() {
    let costs = ground(5, 0);
    let ends = Ends::Closed;
    let asked = Replan { before: &[0, 1], gone: &[], added: &[], ends, worth_per_mille: 30 };
    let refused = |asked: Replan| replan(&costs, &asked).unwrap_err();
    let twice = RouteError::StopTwice { stop: 1 };
    assert_eq!(refused(Replan { added: &[1], ..asked }), twice);
    assert_eq!(refused(Replan { before: &[1, 1], ..asked }), twice);
    assert_eq!(
        refused(Replan { added: &[5], ..asked }),
        RouteError::NoSuchStop { stop: 5, stops: 5 }
    );
    assert_eq!(
        refused(Replan { gone: &[9], ..asked }),
        RouteError::NoSuchStop { stop: 9, stops: 5 }
    );
    let none = replan(&costs, &Replan { gone: &[0, 1], ..asked }).expect("an empty walk");
    assert!(none.order.is_empty() && none.cost == 0);
    let moved = replan(&costs, &Replan { gone: &[1], added: &[1], ..asked }).expect("an order");
    assert_eq!(moved.order.len(), 2);
}
