//! Shifts against enumeration, against their bound, and against the plain order cut short.

use proptest::prelude::*;

use super::replan::ground;
use super::{any_ends, cost_of, is_every_stop_once, matrix};
use crate::route::*;

#[derive(Debug)]
struct Case {
    costs: Matrix,
    values: Vec<u32>,
    service: Vec<u32>,
    ends: Ends,
    budget: u64,
    /// Whether no way round is shorter than the straight one.
    is_ground: bool,
}

fn case(stops: std::ops::Range<u32>) -> impl Strategy<Value = Case> {
    let stops = stops.prop_flat_map(|stops| (Just(stops), any_ends(stops)));
    (stops, 0_u32..3, 0_u64..100, any::<u64>()).prop_map(|((stops, ends), kind, percent, seed)| {
        let mut random = Random::new(seed);
        let costs = match kind {
            0 => matrix(stops, false, seed),
            1 => matrix(stops, true, seed),
            _ => ground(stops, seed),
        };
        let values = (0..stops).map(|_| random.below(50)).collect();
        let service: Vec<u32> = (0..stops).map(|_| random.below(1_000)).collect();
        let all = solve(&costs, ends, Effort::Quick, seed).expect("an order");
        let work: u64 = service.iter().map(|cost| u64::from(*cost)).sum();
        let budget = (cost_of(&costs, &all, ends) + work) * percent / 100;
        Case { costs, values, service, ends, budget, is_ground: kind == 2 }
    })
}

fn sum(of: &[u32], stops: &[u32]) -> u64 {
    stops.iter().map(|stop| u64::from(of[*stop as usize])).sum()
}

/// The most that a walk within the budget is worth, by trying all; `None` if none fits.
fn most(case: &Case) -> Option<u64> {
    fn extend(case: &Case, order: &mut Vec<u32>, best: &mut Option<u64>) {
        let Case { costs, values, service, ends, budget, .. } = case;
        let (is_whole, is_begun) = match *ends {
            Ends::Closed => {
                (order.first() == Some(&0), order.first().is_none_or(|stop| *stop == 0))
            }
            Ends::Open { start, end } => (
                start.is_none_or(|start| order.first() == Some(&start))
                    && end.is_none_or(|end| order.last() == Some(&end)),
                start.is_none_or(|start| order.first().is_none_or(|first| *first == start)),
            ),
        };
        if is_whole && cost_of(costs, order, *ends) + sum(service, order) <= *budget {
            *best = (*best).max(Some(sum(values, order)));
        }
        if !is_begun {
            return;
        }
        for stop in 0..costs.len() {
            if !order.contains(&stop) {
                order.push(stop);
                extend(case, order, best);
                order.pop();
            }
        }
    }
    // Where a way round is shorter than the direct one, a walk may fit that `choose` refuses.
    let direct = match case.ends {
        Ends::Open { start: Some(start), end: Some(end) } if start != end => vec![start, end],
        Ends::Open { start, end } => start.or(end).into_iter().collect(),
        Ends::Closed => Vec::new(),
    };
    if cost_of(&case.costs, &direct, case.ends) + sum(&case.service, &direct) > case.budget {
        return None;
    }
    let mut best = None;
    extend(case, &mut Vec::new(), &mut best);
    best
}

fn asked(case: &Case) -> Shift<'_> {
    Shift { values: &case.values, service: &case.service, budget: case.budget, ends: case.ends }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn a_few_stops_are_chosen_as_enumeration_would(case in case(1..8)) {
        let chosen = choose(&case.costs, &asked(&case), Effort::Quick, 0);
        match most(&case) {
            Some(most) => {
                let chosen = chosen?;
                prop_assert_eq!(chosen.value, most);
                prop_assert_eq!(chosen.bound, most);
            }
            None => prop_assert!(
                matches!(chosen, Err(RouteError::BudgetTooSmall { .. })), "{chosen:?}"
            ),
        }
    }

    /// The search and the bound, which few stops never need.
    #[test]
    fn the_search_and_the_bound_stand_on_either_side_of_the_best(case in case(2..8)) {
        let Some(most) = most(&case) else { return Ok(()) };
        let (found, bound) = shift::searched_and_bound(&case.costs, &asked(&case))?;
        prop_assert!(bound >= most, "bound {bound} below {most}");
        // Where a way round may be shorter, two stops can fit of which neither fits alone.
        prop_assert!(found <= most && (found == most || !case.is_ground), "{found} of {most}");
    }

    #[test]
    fn a_shift_fits_and_is_never_worse_than_the_plain_order(case in case(11..60), seed: u64) {
        let Ok(chosen) = choose(&case.costs, &asked(&case), Effort::Quick, seed) else {
            return Ok(());
        };
        let (legs, stops) =
            (cost_of(&case.costs, &chosen.order, case.ends), sum(&case.service, &chosen.order));
        prop_assert_eq!(chosen.cost, legs + stops);
        prop_assert!(chosen.cost <= case.budget);
        prop_assert_eq!(chosen.value, sum(&case.values, &chosen.order));
        let mut once = chosen.order.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), chosen.order.len());
        match case.ends {
            Ends::Closed => prop_assert_eq!(chosen.order.first(), Some(&0)),
            Ends::Open { start, end } => {
                prop_assert!(start.is_none() || chosen.order.first() == start.as_ref());
                prop_assert!(end.is_none() || chosen.order.last() == end.as_ref());
            }
        }
        let plain = solve(&case.costs, case.ends, Effort::Quick, seed)?;
        prop_assert!(chosen.value >= best_beginning(&case, &plain));
        prop_assert_eq!(chosen.plain_value, best_beginning(&case, &plain));
        prop_assert!(chosen.bound >= chosen.value);
    }
}

/// What the best beginning of an order is worth, given ends included.
fn best_beginning(case: &Case, plain: &[u32]) -> u64 {
    let beginnings = (0..=plain.len()).map(|stops| {
        let mut order = plain[..stops].to_vec();
        if let Ends::Open { end: Some(end), .. } = case.ends
            && !order.contains(&end)
        {
            order.push(end);
        }
        order
    });
    let is_begun = |order: &&Vec<u32>| match case.ends {
        Ends::Closed => !order.is_empty(),
        Ends::Open { start, .. } => start.is_none_or(|start| order.first() == Some(&start)),
    };
    let all: Vec<Vec<u32>> = beginnings.collect();
    let cost = |order: &[u32]| cost_of(&case.costs, order, case.ends) + sum(&case.service, order);
    let fitting = all.iter().filter(is_begun).filter(|order| cost(order) <= case.budget);
    fitting.map(|order| sum(&case.values, order)).max().unwrap_or(0)
}

#[test]
fn a_budget_for_all_holds_all() {
    let costs = ground(60, 1);
    let (values, service) = ([1; 60], [10; 60]);
    let shift = Shift { values: &values, service: &service, budget: u64::MAX, ends: Ends::Closed };
    let chosen = choose(&costs, &shift, Effort::Quick, 0).expect("a shift");
    assert!(is_every_stop_once(&chosen.order, 60));
    assert_eq!((chosen.value, chosen.bound), (60, 60));
}

#[test]
fn what_cannot_be_chosen_is_refused() {
    let costs = ground(20, 1);
    let (values, service) = ([1; 20], [10; 20]);
    let ends = Ends::Open { start: Some(0), end: Some(1) };
    let shift = Shift { values: &values, service: &service, budget: 0, ends };
    let refused = |shift: Shift| choose(&costs, &shift, Effort::Quick, 0).unwrap_err();
    let least = u64::from(costs.cost(0, 1)) + 20;
    assert_eq!(refused(shift), RouteError::BudgetTooSmall { budget: 0, least });
    let missing = RouteError::NotEach { stops: 20, given: 3 };
    assert_eq!(refused(Shift { values: &[1; 3], ..shift }), missing);
    let none = Matrix::new(0, Vec::new()).expect("an empty table");
    let empty = Shift { values: &[], service: &[], budget: 0, ends: Ends::Closed };
    assert!(choose(&none, &empty, Effort::Quick, 0).expect("nothing").order.is_empty());
}
