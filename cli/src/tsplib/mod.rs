//! Instances of TSPLIB (Reinelt 1991) as costs for the solver, with TSPLIB's own rounding.
//!
//! Knows tours that visit every node, by coordinates or by a table. Fixed edges, depots and
//! capacities are refused, never left out.

mod near;
mod read;
mod run;
mod weight;

#[cfg(test)]
mod tests;

use canvass_core::route::{Costs, Matrix};

use near::Grid;
pub use read::{Fault, TsplibError, read};
pub use run::{Run, kicks_within};
use weight::Weight;

/// An instance: nodes, and what it costs to go from one to another.
pub struct Instance {
    /// The file's own number of each node, in the file's order.
    pub numbers: Vec<u32>,
    weights: Weights,
}

enum Weights {
    Places { weight: Weight, at: Vec<(f64, f64)>, grid: Grid },
    Table(Matrix),
}

impl Instance {
    /// The length of a closed tour, given as positions in [`Self::numbers`].
    #[must_use]
    pub fn length(&self, tour: &[u32]) -> u64 {
        let next = tour.iter().cycle().skip(1);
        tour.iter().zip(next).map(|(from, to)| u64::from(self.cost(*from, *to))).sum()
    }
}

impl Costs for Instance {
    fn len(&self) -> u32 {
        u32::try_from(self.numbers.len()).unwrap_or(u32::MAX)
    }

    #[inline]
    fn cost(&self, from: u32, to: u32) -> u32 {
        match &self.weights {
            Weights::Places { weight, at, .. } => {
                weight.between(at[from as usize], at[to as usize])
            }
            Weights::Table(table) => table.cost(from, to),
        }
    }

    fn is_symmetric(&self) -> bool {
        match &self.weights {
            Weights::Places { .. } => true,
            Weights::Table(table) => table.is_symmetric(),
        }
    }

    fn neighbours(&self, of: u32, count: u32) -> Option<Vec<u32>> {
        match &self.weights {
            Weights::Places { weight, at, grid } if weight.is_flat() => {
                Some(grid.neighbours(at, of, count as usize))
            }
            _ => None,
        }
    }
}
