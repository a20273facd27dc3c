//! Windows that close: somebody is expected at a stop, and only until a moment.
//!
//! The rule, one for orders planned anew and for the next stop: a stop is walked to so that the
//! walker is there [`BEFORE_CLOSING_S`] before its window closes. An order in which they are is
//! left as it is. Where they are not, the stop is brought forward, to the place where it costs
//! least among those in time for it and for the windows that close before it; where no place is,
//! it comes first, behind those that closed before it. Windows are looked at by when they close, the first one first.
//!
//! Knows no calendar: it is told how many seconds are left.

use crate::route::Costs;
use crate::walk::order::Terrain;

/// How long before a window closes whoever is expected should be there: 20 minutes, an
/// assumption. Some doors on the way take longer than a door takes.
pub const BEFORE_CLOSING_S: f64 = 20.0 * 60.0;

/// Somebody is expected at a stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Due {
    /// The stop.
    pub stop: u32,
    /// Seconds until the window closes.
    pub closes_in_s: f64,
}

impl Due {
    /// Milliseconds within which the walker should be there.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
    fn limit_ms(&self) -> u64 {
        ((self.closes_in_s - BEFORE_CLOSING_S).max(0.0) * 1_000.0) as u64
    }
}

/// An order in which windows are met as far as that can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InTime {
    pub(super) order: Vec<u32>,
    /// Stops that were brought forward.
    pub(super) forward: Vec<u32>,
}

/// The positions of a walk, in order, with the limits of those that are due.
struct Way<'t, 's, 'p> {
    terrain: &'t Terrain<'s, 'p>,
    start: Option<u32>,
    nodes: Vec<u32>,
    /// Nodes that are looked after and reached in time, with their limits.
    met: Vec<(u32, u64)>,
    /// How many nodes come first because their windows close before anybody can be there.
    late: usize,
}

impl Terrain<'_, '_> {
    /// Brings stops forward whose windows close before the walker would be there.
    pub(super) fn in_time(&self, order: &[u32], due: &[Due]) -> InTime {
        let mut due: Vec<(u64, u32)> = due
            .iter()
            .filter(|due| order.contains(&due.stop))
            .filter_map(|due| Some((due.limit_ms(), self.node_of(due.stop)?)))
            .collect();
        due.sort_unstable();
        let mut nodes: Vec<u32> = Vec::with_capacity(order.len());
        for node in order.iter().filter_map(|stop| self.node_of(*stop)) {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        let mut way = Way { terrain: self, start: self.start(), nodes, met: Vec::new(), late: 0 };
        let (mut forward, mut seen) = (Vec::new(), Vec::new());
        for (limit, node) in due {
            if !seen.contains(&node) && way.look_after(node, limit) {
                forward.push(node);
            }
            seen.push(node);
        }
        let stops_at = |nodes: &[u32]| -> Vec<u32> {
            let stops = nodes.iter().filter_map(|node| self.stops_at.get(*node as usize));
            stops.flatten().filter(|stop| order.contains(stop)).copied().collect()
        };
        InTime { order: stops_at(&way.nodes), forward: stops_at(&forward) }
    }

    /// The position where the walk sets out.
    fn start(&self) -> Option<u32> {
        self.tour(&[]).first().copied()
    }
}

impl Way<'_, '_, '_> {
    /// Sees to it that a node is reached in time; whether it had to be brought forward.
    fn look_after(&mut self, node: u32, limit: u64) -> bool {
        let Some(at) = self.nodes.iter().position(|known| *known == node) else { return false };
        if self.arrival(node) <= limit {
            self.met.push((node, limit));
            return false;
        }
        self.nodes.remove(at);
        let before = self.nodes.clone();
        self.met.push((node, limit));
        let mut best: Option<(u64, usize)> = None;
        for place in self.late.min(at)..=at {
            self.nodes.clone_from(&before);
            self.nodes.insert(place, node);
            if self.are_met() {
                let found = (self.length(), place);
                best = Some(best.map_or(found, |best| best.min(found)));
            }
        }
        let place = best.map_or(self.late.min(at), |(_, place)| place);
        if best.is_none() {
            self.late += 1;
            self.met.retain(|(known, _)| *known != node);
        }
        self.nodes = before;
        self.nodes.insert(place, node);
        place < at
    }

    /// Milliseconds from setting out until a node is reached.
    fn arrival(&self, node: u32) -> u64 {
        let mut at = 0;
        let mut last = self.start;
        for here in &self.nodes {
            at += last.map_or(0, |last| u64::from(self.terrain.legs.cost(last, *here)));
            if *here == node {
                break;
            }
            let stops = self.terrain.stops_at.get(*here as usize);
            at += stops.map_or(0, |stops| u64::from(self.terrain.work_ms(stops)));
            last = Some(*here);
        }
        at
    }

    fn are_met(&self) -> bool {
        self.met.iter().all(|(node, limit)| self.arrival(*node) <= *limit)
    }

    /// What the legs cost.
    fn length(&self) -> u64 {
        let all: Vec<u32> = self.start.into_iter().chain(self.nodes.iter().copied()).collect();
        all.windows(2).map(|leg| u64::from(self.terrain.legs.cost(leg[0], leg[1]))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Plane, Point};
    use crate::walk::{Ground, WalkEnds, WalkStop, WorkCosts};

    /// Doors on a line, 130 m apart: with the detour 140 s of walking and 75 s of work each.
    fn line(doors: u32) -> (Vec<Point>, Point) {
        let corner = Point::new(44.4, -73.2).expect("a position");
        let plane = Plane::around([corner]);
        let at = |number: u32| plane.point(f64::from(number) * 130.0, 0.0);
        ((1..=doors).map(at).collect(), at(0))
    }

    fn in_time(due: &[(u32, f64)]) -> InTime {
        let (points, start) = line(20);
        let stops: Vec<WalkStop<'_>> = points.iter().map(|point| WalkStop::at(*point)).collect();
        let ends = WalkEnds { start: Some(start), ..WalkEnds::default() };
        let terrain = Terrain::new(&stops, ends, Ground::default(), &WorkCosts::default());
        let order: Vec<u32> = (0..20).collect();
        let due =
            due.iter().map(|(stop, minutes)| Due { stop: *stop, closes_in_s: minutes * 60.0 });
        terrain.in_time(&order, &due.collect::<Vec<_>>())
    }

    #[test]
    fn a_window_that_is_met_anyway_changes_nothing() {
        // Stop 5 is reached after 6 legs and 5 doors: 20 minutes.
        for due in [&[][..], &[(5, 41.0)], &[(5, 41.0), (0, 25.0), (19, 110.0)]] {
            let found = in_time(due);
            assert_eq!((found.order, found.forward), ((0..20).collect(), vec![]));
        }
    }

    #[test]
    fn a_stop_is_brought_forward_where_it_costs_least_in_time() {
        // On a line every detour costs twice the way back: as late as is in time.
        let found = in_time(&[(12, 55.0)]);
        assert_eq!(found.forward, [12]);
        let place = found.order.iter().position(|stop| *stop == 12).expect("it is there");
        assert!((1..12).contains(&place), "{:?}", found.order);
        let mut others = found.order.clone();
        others.remove(place);
        assert_eq!(others, (0..12).chain(13..20).collect::<Vec<_>>(), "the others stay");
    }

    #[test]
    fn what_closes_now_comes_first_and_what_closes_sooner_before_it() {
        assert_eq!(in_time(&[(19, 21.0)]).order[0], 19);
        let found = in_time(&[(19, 5.0), (10, 4.0)]);
        assert_eq!((&found.order[..2], found.forward), (&[10, 19][..], vec![10, 19]));
        // A window that nobody can meet does not keep others from being met.
        let found = in_time(&[(19, 1.0), (4, 45.0)]);
        assert_eq!(found.order[0], 19);
        assert!(found.forward.contains(&4));
    }
}
