//! The work at a stop: what is done there, the way to it left out.
//!
//! All figures are parameters with a default and its source. Knows no streets.

/// How a door is reached, as the campaign's files or earlier knocks tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Access {
    /// Nothing is known to be in the way.
    #[default]
    Open,
    /// A gate to open, or a bell to ring first.
    Gate,
    /// A dog is loose there.
    Dog,
    /// Nobody gets in: a locked lobby, a closed compound.
    Locked,
}

/// What an obstacle means for a walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Obstacle {
    /// It takes so many seconds more.
    Seconds(f64),
    /// The stop is left out, and the walk says so.
    LeftOut,
}

/// What is done at one stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StopWork {
    /// Dwellings behind its doors.
    pub dwellings: u32,
    /// Floors above or below the entrance that are climbed to.
    pub floors: u32,
    /// How it is reached.
    pub access: Access,
}

/// The seconds that work at a stop takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkCosts {
    /// At each dwelling: 75 s. A minute at a door that stays closed, two of talk at one that
    /// opens, and one in four opens (volunteers' guides; `docs/glossary.md`).
    pub dwelling_s: f64,
    /// From one dwelling of a building to the next: 25 s, the middle of 20 to 30. An assumption:
    /// nobody has published a measured figure.
    pub next_dwelling_s: f64,
    /// For each floor, up and down again: 20 s. Pedestrians cover 0.61 m/s of level distance up
    /// stairs and 0.69 m/s down (Weidmann 1993); a floor of 3 m at 30 degrees is 5.2 m of it,
    /// and the landings take the rest.
    pub floor_s: f64,
    /// What a gate means: 30 s, an assumption.
    pub gate: Obstacle,
    /// What a loose dog means: the stop is left out.
    pub dog: Obstacle,
    /// What a locked entrance means: the stop is left out.
    pub locked: Obstacle,
}

impl Default for WorkCosts {
    fn default() -> Self {
        Self {
            dwelling_s: 75.0,
            next_dwelling_s: 25.0,
            floor_s: 20.0,
            gate: Obstacle::Seconds(30.0),
            dog: Obstacle::LeftOut,
            locked: Obstacle::LeftOut,
        }
    }
}

impl WorkCosts {
    /// Seconds of work at a stop; `None` if it is left out of walks.
    #[must_use]
    pub fn seconds_at(&self, work: StopWork) -> Option<f64> {
        let obstacle_s = match self.obstacle(work.access) {
            Obstacle::Seconds(seconds) => seconds,
            Obstacle::LeftOut => return None,
        };
        let further = f64::from(work.dwellings.saturating_sub(1));
        Some(
            f64::from(work.dwellings) * self.dwelling_s
                + further * self.next_dwelling_s
                + f64::from(work.floors) * self.floor_s
                + obstacle_s,
        )
    }

    fn obstacle(&self, access: Access) -> Obstacle {
        match access {
            Access::Open => Obstacle::Seconds(0.0),
            Access::Gate => self.gate,
            Access::Dog => self.dog,
            Access::Locked => self.locked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(dwellings: u32, floors: u32, access: Access) -> Option<f64> {
        WorkCosts::default().seconds_at(StopWork { dwellings, floors, access })
    }

    #[test]
    fn each_dwelling_each_way_between_them_and_each_floor_counts() {
        assert_eq!(seconds(0, 0, Access::Open), Some(0.0));
        assert_eq!(seconds(1, 0, Access::Open), Some(75.0));
        assert_eq!(seconds(3, 2, Access::Open), Some(3.0 * 75.0 + 2.0 * 25.0 + 2.0 * 20.0));
        assert_eq!(seconds(1, 0, Access::Gate), Some(105.0));
    }

    #[test]
    fn what_cannot_be_reached_is_left_out_unless_a_campaign_says_otherwise() {
        assert_eq!(seconds(1, 0, Access::Locked), None);
        assert_eq!(seconds(1, 0, Access::Dog), None);
        let brave = WorkCosts { dog: Obstacle::Seconds(15.0), ..WorkCosts::default() };
        let dog = StopWork { dwellings: 1, floors: 0, access: Access::Dog };
        assert_eq!(brave.seconds_at(dog), Some(90.0));
    }
}
