//! The work at a stop: what is done there, the way to it left out.
//!
//! All figures are parameters with a default and its source. Knows no streets.

use crate::walklist::Access;

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

    /// The work at a stop whose doors are reached so, a dwelling behind each. A door that is left
    /// out is no work where others are not; where all are, the stop is left out.
    #[must_use]
    pub fn behind(&self, doors: impl IntoIterator<Item = Access>) -> StopWork {
        let (mut left_out, mut open) = (Vec::new(), Vec::new());
        for access in doors {
            let is_out = self.obstacle(access) == Obstacle::LeftOut;
            if is_out { left_out.push(access) } else { open.push(access) }
        }
        let doors = if open.is_empty() { left_out } else { open };
        let seconds = |access: &Access| match self.obstacle(*access) {
            Obstacle::Seconds(seconds) => seconds,
            Obstacle::LeftOut => f64::INFINITY,
        };
        let worst = doors.iter().copied().max_by(|a, b| seconds(a).total_cmp(&seconds(b)));
        StopWork {
            dwellings: u32::try_from(doors.len()).unwrap_or(u32::MAX),
            floors: 0,
            access: worst.unwrap_or_default(),
        }
    }

    /// Whether a door that is reached so is left out of walks.
    #[must_use]
    pub fn leaves_out(&self, access: Access) -> bool {
        self.obstacle(access) == Obstacle::LeftOut
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
    fn doors_of_a_stop_that_are_left_out_are_no_work_there() {
        let costs = WorkCosts::default();
        let seconds = |doors: &[Access]| costs.seconds_at(costs.behind(doors.iter().copied()));
        assert_eq!(seconds(&[Access::Open; 3]), Some(3.0 * 75.0 + 2.0 * 25.0));
        assert_eq!(
            seconds(&[Access::Open, Access::Gate, Access::Dog]),
            seconds(&[Access::Gate; 2])
        );
        assert_eq!(seconds(&[Access::Dog, Access::Locked]), None);
        assert_eq!(seconds(&[]), Some(0.0));
        assert!(costs.leaves_out(Access::Dog) && !costs.leaves_out(Access::Gate));
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
