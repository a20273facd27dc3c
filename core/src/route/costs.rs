//! What a walk costs: the one thing the solver asks of its caller.

use super::RouteError;

/// The cost of going from one stop to another, for every pair of stops.
///
/// Stops are numbered from 0. A cost is a whole number of any one unit (centimetres, tenths
/// of a second); it may differ by direction. The same question must always get the same
/// answer.
pub trait Costs {
    /// How many stops there are.
    fn len(&self) -> u32;

    /// Whether there are no stops.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cost of going from stop `from` to stop `to`.
    fn cost(&self, from: u32, to: u32) -> u32;

    /// Whether every way back costs what the way there does.
    ///
    /// Unless it is overridden, all pairs are compared.
    fn is_symmetric(&self) -> bool {
        (0..self.len()).all(|to| (0..to).all(|from| self.cost(from, to) == self.cost(to, from)))
    }

    /// About `count` stops that are likely to come next to `of` in a good order: its nearest,
    /// and some on each side of it. `None` if all costs must be looked at to know.
    ///
    /// Only asked for when there are so many stops that looking at every pair would take
    /// longer than the search.
    fn neighbours(&self, of: u32, count: u32) -> Option<Vec<u32>> {
        let _ = (of, count);
        None
    }
}

impl<C: Costs + ?Sized> Costs for &C {
    fn len(&self) -> u32 {
        (**self).len()
    }

    fn cost(&self, from: u32, to: u32) -> u32 {
        (**self).cost(from, to)
    }

    fn is_symmetric(&self) -> bool {
        (**self).is_symmetric()
    }

    fn neighbours(&self, of: u32, count: u32) -> Option<Vec<u32>> {
        (**self).neighbours(of, count)
    }
}

/// A table of costs, one row per stop to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    stops: u32,
    cells: Vec<u32>,
}

impl Matrix {
    /// The table whose `cells` hold the costs from stop 0 to each stop, then those from
    /// stop 1, and so on.
    pub fn new(stops: u32, cells: Vec<u32>) -> Result<Self, RouteError> {
        if u64::from(stops) * u64::from(stops) == cells.len() as u64 {
            Ok(Self { stops, cells })
        } else {
            Err(RouteError::NotSquare { stops, cells: cells.len() as u64 })
        }
    }
}

impl Costs for Matrix {
    fn len(&self) -> u32 {
        self.stops
    }

    #[inline]
    fn cost(&self, from: u32, to: u32) -> u32 {
        self.cells[from as usize * self.stops as usize + to as usize]
    }
}
