//! Labels that keep out of each other's way: the first to ask has the place.

use super::frame::{Frame, MAP_WIDTH, Spot};

/// An upright box around a label or a dot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) centre: Spot,
    pub(super) wide: f64,
    pub(super) high: f64,
}

impl Area {
    fn meets(&self, other: &Self) -> bool {
        2.0 * (self.centre.x - other.centre.x).abs() < self.wide + other.wide
            && 2.0 * (self.centre.y - other.centre.y).abs() < self.high + other.high
    }
}

/// What already stands on a map.
pub(super) struct Labels {
    height: f64,
    taken: Vec<Area>,
}

/// Where a label may stand beside its dot, as shares of the gap: right, left, above, below, and
/// the corners.
const AROUND: [(f64, f64); 8] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.8, -0.8),
    (-0.8, -0.8),
    (0.8, 0.8),
    (-0.8, 0.8),
];

impl Labels {
    pub(super) const fn new(frame: &Frame) -> Self {
        Self { height: frame.height, taken: Vec::new() }
    }

    /// Takes an area whatever stands there.
    pub(super) fn take(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Takes an area if it is inside the map and free.
    pub(super) fn claim(&mut self, area: Area) -> bool {
        let free = self.is_inside(&area) && !self.taken.iter().any(|it| it.meets(&area));
        if free {
            self.taken.push(area);
        }
        free
    }

    /// Takes all of these areas if every one is inside the map and free.
    pub(super) fn claim_all(&mut self, areas: &[Area]) -> bool {
        let is_taken = |area: &Area| self.taken.iter().any(|it| it.meets(area));
        let free = areas.iter().all(|area| self.is_inside(area) && !is_taken(area));
        if free {
            self.taken.extend_from_slice(areas);
        }
        free
    }

    /// A free place for a label beside a dot, taken.
    pub(super) fn beside(&mut self, dot: Spot, gap: f64, wide: f64, high: f64) -> Option<Spot> {
        AROUND.iter().find_map(|(right, down)| {
            let centre = Spot {
                x: dot.x + right * (gap + wide / 2.0),
                y: dot.y + down * (gap + high / 2.0),
            };
            self.claim(Area { centre, wide, high }).then_some(centre)
        })
    }

    fn is_inside(&self, area: &Area) -> bool {
        let (x, y) = (area.centre.x, area.centre.y);
        let (half_wide, half_high) = (area.wide / 2.0, area.high / 2.0);
        x >= half_wide
            && x + half_wide <= MAP_WIDTH
            && y >= half_high
            && y + half_high <= self.height
    }
}

/// About how wide a text of this size is: system fonts differ, so it is rather too wide.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.62
}

/// A nearly straight part of a line: its two ends and what it measures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord {
    pub(super) from: Spot,
    pub(super) to: Spot,
    pub(super) length: f64,
}

/// The longest part of a line that bends so little that a straight text can lie on it.
pub(super) fn longest_chord(line: &[Spot]) -> Option<Chord> {
    let mut best: Option<Chord> = None;
    for (at, &from) in line.iter().enumerate() {
        for (end, &to) in line.iter().enumerate().skip(at + 1).take(MAX_CHORD_POINTS) {
            if !is_straight(&line[at..=end]) {
                break;
            }
            let length = from.distance(to);
            if best.is_none_or(|best| best.length < length) {
                best = Some(Chord { from, to, length });
            }
        }
    }
    best
}

const MAX_CHORD_POINTS: usize = 24;
/// How far a line may stray from the text on it, in units.
const STRAY: f64 = 3.0;

fn is_straight(line: &[Spot]) -> bool {
    let [from, .., to] = line else { return true };
    let length = from.distance(*to).max(1e-6);
    line.iter().all(|spot| {
        let cross = (to.x - from.x) * (spot.y - from.y) - (to.y - from.y) * (spot.x - from.x);
        cross.abs() / length <= STRAY
    })
}
