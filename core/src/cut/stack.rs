//! Doors at one position, which are cut as one.

use std::collections::BTreeMap;

use crate::geometry::Point;

/// A door and its work.
#[derive(Clone, Copy)]
pub(super) struct WeighedDoor {
    pub(super) door: u32,
    pub(super) weight: f64,
}

/// All doors at one position.
#[derive(Clone)]
pub(super) struct Stack {
    /// Steps of 1e-7 degree: east, north.
    pub(super) at: [i32; 2],
    pub(super) doors: Vec<WeighedDoor>,
    pub(super) weight: f64,
}

/// A door's work; none if it was not told.
pub(super) fn weight(minutes: &[f64], door: usize) -> f64 {
    minutes.get(door).copied().filter(|minutes| minutes.is_finite()).map_or(0.0, |m| m.max(0.0))
}

impl Stack {
    /// The stacks of all doors, by position.
    pub(super) fn of_doors(doors: &[Point], minutes: &[f64]) -> Vec<Self> {
        let total: f64 = (0..doors.len()).map(|door| weight(minutes, door)).sum();
        let mut at: BTreeMap<[i32; 2], Vec<WeighedDoor>> = BTreeMap::new();
        for ((number, point), door) in doors.iter().enumerate().zip(0..) {
            let (north, east) = point.to_e7();
            // Doors without any work are shared out by their number.
            let weight = if total > 0.0 { weight(minutes, number) } else { 1.0 };
            at.entry([east, north]).or_default().push(WeighedDoor { door, weight });
        }
        at.into_iter().map(|(at, doors)| Self::new(at, doors)).collect()
    }

    pub(super) fn new(at: [i32; 2], doors: Vec<WeighedDoor>) -> Self {
        Self { at, weight: doors.iter().map(|door| door.weight).sum(), doors }
    }

    /// Parts of consecutive doors of about the same work, each with one door at least.
    pub(super) fn split(self, parts: u32) -> Vec<Self> {
        let mut doors = self.doors.into_iter();
        let mut left = self.weight;
        let mut made = Vec::new();
        for parts_left in (1..=parts as usize).rev() {
            let share = left / parts_left as f64;
            let mut part = Vec::new();
            let mut so_far = 0.0;
            while let Some(next) = doors.as_slice().first().copied() {
                let keeps_one_each = doors.len() >= parts_left;
                let fits = so_far + next.weight / 2.0 <= share || parts_left == 1;
                if !(part.is_empty() || fits && keeps_one_each) {
                    break;
                }
                so_far += next.weight;
                part.extend(doors.next());
            }
            left -= so_far;
            made.push(Self::new(self.at, part));
        }
        made
    }
}
