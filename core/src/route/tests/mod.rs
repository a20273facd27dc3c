//! The solver against enumeration, against bounds, and against itself.

mod faces;
mod replan;
mod shift;

use proptest::prelude::*;

use super::exact::EXACT_STOPS;
use super::graph::{Graph, Table};
use super::*;

pub(super) fn cost_of(costs: &impl Costs, order: &[u32], ends: Ends) -> u64 {
    let steps = order.windows(2).map(|pair| u64::from(costs.cost(pair[0], pair[1]))).sum::<u64>();
    match (ends, order) {
        (Ends::Closed, [first, .., last]) => steps + u64::from(costs.cost(*last, *first)),
        _ => steps,
    }
}

pub(super) fn is_every_stop_once(order: &[u32], stops: u32) -> bool {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    sorted.iter().copied().eq(0..stops)
}

fn keeps_ends(order: &[u32], ends: Ends) -> bool {
    match ends {
        Ends::Closed => order.first().is_none_or(|first| *first == 0),
        Ends::Open { start, end } => {
            start.is_none_or(|start| order.first() == Some(&start))
                && end.is_none_or(|end| order.last() == Some(&end))
        }
    }
}

pub(super) fn matrix(stops: u32, symmetric: bool, seed: u64) -> Matrix {
    let mut random = Random::new(seed);
    let mut cells = vec![0; (stops * stops) as usize];
    for a in 0..stops {
        for b in 0..stops {
            let cost = if a == b { 0 } else { 1 + random.below(10_000) };
            cells[(a * stops + b) as usize] = cost;
            if symmetric && b < a {
                cells[(a * stops + b) as usize] = cells[(b * stops + a) as usize];
            }
        }
    }
    Matrix::new(stops, cells).expect("a cell for each pair")
}

fn any_ends(stops: u32) -> impl Strategy<Value = Ends> {
    let end = || proptest::option::of(0..stops);
    prop_oneof![
        Just(Ends::Closed),
        (end(), end())
            .prop_filter("two different ends", |(start, end)| start.is_none() || start != end)
            .prop_map(|(start, end)| Ends::Open { start, end }),
    ]
}

/// The least cost, by trying every order.
fn least(costs: &Matrix, ends: Ends) -> u64 {
    fn extend(costs: &Matrix, ends: Ends, order: &mut Vec<u32>, best: &mut u64) {
        if order.len() == costs.len() as usize {
            if keeps_ends(order, ends) {
                *best = (*best).min(cost_of(costs, order, ends));
            }
            return;
        }
        for stop in 0..costs.len() {
            if !order.contains(&stop) {
                order.push(stop);
                extend(costs, ends, order, best);
                order.pop();
            }
        }
    }
    let mut best = u64::MAX;
    extend(costs, ends, &mut Vec::new(), &mut best);
    best
}

/// The order that the search finds, also for few stops.
fn searched(costs: &impl Costs, ends: Ends, seed: u64) -> Vec<u32> {
    let graph = Graph::new(costs, ends);
    let fixed = graph.fixed();
    let mut table = Table::of(&graph, graph.nodes()).expect("small costs");
    let near = candidates::from_table(&graph, &mut table, &fixed);
    let tour = improve(&table, &near, &fixed, graph.stop_nodes(), Reach::Short, 2_000, seed);
    graph.stops_in_order(&tour)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_few_stops_are_ordered_as_enumeration_would(
        (stops, ends) in (1_u32..8).prop_flat_map(|stops| (Just(stops), any_ends(stops))),
        symmetric: bool, seed: u64,
    ) {
        let costs = matrix(stops, symmetric, seed);
        let order = solve(&costs, ends, Effort::Quick, seed)?;
        prop_assert!(is_every_stop_once(&order, stops));
        prop_assert!(keeps_ends(&order, ends) || ends == Ends::Closed);
        prop_assert_eq!(cost_of(&costs, &order, ends), least(&costs, ends));
    }

    #[test]
    fn the_search_finds_the_exact_order_of_a_few_stops(
        (stops, ends) in (9..=EXACT_STOPS).prop_flat_map(|stops| (Just(stops), any_ends(stops))),
        symmetric: bool, seed: u64,
    ) {
        let costs = matrix(stops, symmetric, seed);
        let exact = solve(&costs, ends, Effort::Quick, seed)?;
        let order = searched(&costs, ends, seed);
        prop_assert!(is_every_stop_once(&order, stops));
        prop_assert!(keeps_ends(&order, ends));
        let (found, best) = (cost_of(&costs, &order, ends), cost_of(&costs, &exact, ends));
        // Random costs have no geometry to lean on; directed ones are the hardest there are, and
        // so few stops are never searched for.
        let slack = if symmetric { best / 50 } else { best / 6 };
        prop_assert!(found <= best + slack, "{found} above {best}");
    }

    #[test]
    fn any_walk_holds_each_stop_once_and_keeps_its_ends(
        (stops, ends) in (13_u32..120).prop_flat_map(|stops| (Just(stops), any_ends(stops))),
        symmetric: bool, seed: u64,
    ) {
        let costs = matrix(stops, symmetric, seed);
        let order = solve(&costs, ends, Effort::Quick, seed)?;
        prop_assert!(is_every_stop_once(&order, stops));
        prop_assert!(keeps_ends(&order, ends));
        prop_assert_eq!(solve(&costs, ends, Effort::Quick, seed)?, order);
    }
}

/// Out along a street and back, on either way; the middle of the street is passed twice.
#[test]
fn a_stop_is_done_when_it_is_first_passed() {
    for stops in [9_u32, 40] {
        let cells = (0..stops).flat_map(|a| (0..stops).map(move |b| 7 * a.abs_diff(b))).collect();
        let costs = Matrix::new(stops, cells).expect("a cell for each pair");
        let order = solve(&costs, Ends::Closed, Effort::Quick, 3).expect("an order");
        assert_eq!(order, (0..stops).collect::<Vec<_>>());
        let ends = Ends::Open { start: Some(0), end: Some(1) };
        let order = solve(&costs, ends, Effort::Quick, 3).expect("an order");
        let expected: Vec<u32> = std::iter::once(0).chain(2..stops).chain([1]).collect();
        assert_eq!(order, expected);
    }
}

/// Directed costs too many for a table get their neighbours by looking at all.
#[test]
fn many_directed_stops_are_ordered_without_a_table() {
    let costs = matrix(900, false, 3);
    let ends = Ends::Open { start: Some(4), end: None };
    let order = solve(&costs, ends, Effort::Quick, 0).expect("an order");
    assert!(is_every_stop_once(&order, 900));
    assert!(keeps_ends(&order, ends));
}

#[test]
fn ends_that_cannot_be_are_refused() {
    let costs = matrix(20, true, 0);
    let solved = |ends| solve(&costs, ends, Effort::Quick, 0).unwrap_err();
    assert_eq!(
        solved(Ends::Open { start: Some(20), end: None }),
        RouteError::NoSuchStop { stop: 20, stops: 20 }
    );
    assert_eq!(
        solved(Ends::Open { start: Some(3), end: Some(3) }),
        RouteError::SameEnds { stop: 3 }
    );
    assert_eq!(
        Matrix::new(3, vec![0; 8]).unwrap_err(),
        RouteError::NotSquare { stops: 3, cells: 8 }
    );
}
