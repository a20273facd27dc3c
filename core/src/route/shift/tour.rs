//! A choice of stops as a closed walk, and the work of putting stops in and taking them out.

use super::super::costs::Costs;
use super::super::random::Random;
use super::field::Field;

/// A closed walk from the depot.
#[derive(Clone)]
pub(super) struct Tour {
    /// The depot, then the chosen nodes.
    nodes: Vec<u32>,
    pub(super) value: u64,
    /// Legs and stops.
    pub(super) cost: i64,
}

impl Tour {
    /// The walk past these stops, given ends included.
    pub(super) fn of<C: Costs>(field: &Field<'_, C>, stops: &[u32]) -> Self {
        let rest = stops.iter().copied().filter(|&stop| stop != field.depot);
        let nodes: Vec<u32> = std::iter::once(field.depot).chain(rest).collect();
        let next = nodes.iter().cycle().skip(1);
        let legs: i64 = if nodes.len() > 1 {
            nodes.iter().zip(next).map(|(&from, &to)| field.leg(from, to)).sum()
        } else {
            0
        };
        let service: i64 = nodes.iter().map(|&node| field.service(node)).sum();
        Self { value: field.value_of(&nodes), cost: legs + service, nodes }
    }

    /// The stops in walking order.
    pub(super) fn stops<C: Costs>(&self, field: &Field<'_, C>) -> Vec<u32> {
        let is_stop = |node: &u32| *node < field.costs.len();
        self.nodes.iter().copied().filter(is_stop).collect()
    }

    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        self.value > other.value || self.value == other.value && self.cost < other.cost
    }

    fn after(&self, at: usize) -> u32 {
        self.nodes[if at + 1 == self.nodes.len() { 0 } else { at + 1 }]
    }
}

/// Where a node would be put in: after which node, and at what cost.
#[derive(Clone, Copy)]
struct Place {
    after: u32,
    detour: i64,
}

/// The work space of the search.
pub(super) struct Work<'f, 'c, C> {
    field: &'f Field<'c, C>,
    pub(super) budget: i64,
    forced: Vec<bool>,
    /// Nodes that are worth putting in.
    worth: Vec<u32>,
    is_in: Vec<bool>,
    /// The nodes that are not in, with their cheapest places.
    out: Vec<(u32, Place)>,
    /// Places looked at so far.
    pub(super) looked_at: u64,
}

impl<'f, 'c, C: Costs> Work<'f, 'c, C> {
    pub(super) fn new(field: &'f Field<'c, C>, budget: u64) -> Self {
        let forced = field.is_forced();
        let is_worth = |&node: &u32| !forced[node as usize] && field.value(node) > 0;
        let worth = (0..field.nodes).filter(is_worth).collect();
        Self {
            field,
            budget: i64::try_from(budget).unwrap_or(i64::MAX),
            worth,
            is_in: vec![false; forced.len()],
            forced,
            out: Vec::new(),
            looked_at: 0,
        }
    }

    /// Puts in what is worth most for its cost, until nothing more fits. With chance given,
    /// worth is seen through a haze, so that every filling comes out otherwise.
    pub(super) fn fill(&mut self, tour: &mut Tour, mut random: Option<&mut Random>) {
        self.begin(tour);
        let mut haze = vec![1.0; self.out.len()];
        let mut by_value = false;
        if let Some(random) = random.as_mut() {
            // A stop that is worth much and lies far off is never the most for its cost.
            by_value = random.below(4) == 0;
            haze.iter_mut().for_each(|haze| *haze = HAZE + random.unit());
        }
        loop {
            // What does not fit now fits no better later: places only get dearer or are new.
            let mut best: Option<(f64, usize)> = None;
            for (at, &(node, place)) in self.out.iter().enumerate() {
                let cost = place.detour + self.field.service(node);
                if tour.cost.saturating_add(cost) > self.budget {
                    continue;
                }
                let share = if by_value { 1.0 } else { cost.max(1) as f64 };
                let worth = self.field.value(node) as f64 / share * haze[at];
                if best.is_none_or(|(most, _)| worth > most) {
                    best = Some((worth, at));
                }
            }
            let Some((_, at)) = best else { return };
            let (node, place) = self.out.swap_remove(at);
            haze.swap_remove(at);
            self.put_in(tour, node, place);
        }
    }

    fn begin(&mut self, tour: &Tour) {
        self.is_in.fill(false);
        tour.nodes.iter().for_each(|&node| self.is_in[node as usize] = true);
        self.out.clear();
        for at in 0..self.worth.len() {
            let node = self.worth[at];
            if !self.is_in[node as usize] {
                let place = self.cheapest(tour, node);
                self.out.push((node, place));
            }
        }
    }

    fn cheapest(&mut self, tour: &Tour, node: u32) -> Place {
        self.looked_at += tour.nodes.len() as u64;
        let places = tour.nodes.iter().enumerate();
        places
            .map(|(at, &after)| self.place(after, node, tour.after(at)))
            .min_by_key(|place| place.detour)
            .unwrap_or(Place { after: self.field.depot, detour: i64::MAX / 4 })
    }

    #[inline]
    fn place(&self, after: u32, node: u32, before: u32) -> Place {
        let field = self.field;
        let old = if after == before { 0 } else { field.leg(after, before) };
        Place { after, detour: field.leg(after, node) + field.leg(node, before) - old }
    }

    fn put_in(&mut self, tour: &mut Tour, node: u32, place: Place) {
        let Some(at) = tour.nodes.iter().position(|&held| held == place.after) else { return };
        let before = tour.after(at);
        tour.nodes.insert(at + 1, node);
        tour.cost += place.detour + self.field.service(node);
        tour.value += self.field.value(node);
        for slot in 0..self.out.len() {
            let (other, known) = self.out[slot];
            let mut best =
                if known.after == place.after { self.cheapest(tour, other) } else { known };
            for new in [self.place(place.after, other, node), self.place(node, other, before)] {
                if new.detour < best.detour {
                    best = new;
                }
            }
            self.looked_at += 2;
            self.out[slot].1 = best;
        }
    }

    /// Takes out a stretch, or stops here and there: up to a third of what may go.
    pub(super) fn take_out_some(&mut self, tour: &mut Tour, random: &mut Random) {
        let nodes = tour.nodes.len() as u32;
        self.looked_at += u64::from(nodes);
        let count = 1 + random.below((nodes / 3).max(4));
        let from = random.below(nodes);
        let is_stretch = random.below(2) == 0;
        let mut kept = Vec::with_capacity(tour.nodes.len());
        for (at, &node) in (0..).zip(&tour.nodes) {
            let goes = if is_stretch {
                (at + nodes - from) % nodes < count
            } else {
                random.below(nodes) < count
            };
            if self.forced[node as usize] || !goes {
                kept.push(node);
            }
        }
        *tour = Tour::of(self.field, &kept);
    }
}

/// The worth of a stop is multiplied by between this and one more.
const HAZE: f64 = 0.5;
