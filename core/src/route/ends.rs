//! Where a walk begins and ends.

use super::RouteError;

/// Where a walk begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The walk returns to where it began.
    Closed,
    /// The walk ends elsewhere; `None` leaves an end to the solver.
    Open {
        /// The first stop.
        start: Option<u32>,
        /// The last stop.
        end: Option<u32>,
    },
}

impl Ends {
    /// The given start and end of an open walk.
    pub(super) const fn given(self) -> (Option<u32>, Option<u32>) {
        match self {
            Self::Closed => (None, None),
            Self::Open { start, end } => (start, end),
        }
    }

    /// Refuses ends that are no stops, or one stop as both ends of several.
    pub(super) fn check(self, stops: u32) -> Result<(), RouteError> {
        let Self::Open { start, end } = self else {
            return Ok(());
        };
        for stop in [start, end].into_iter().flatten() {
            if stop >= stops {
                return Err(RouteError::NoSuchStop { stop, stops });
            }
        }
        match start {
            Some(stop) if start == end && stops > 1 => Err(RouteError::SameEnds { stop }),
            _ => Ok(()),
        }
    }
}
