//! Lines as small steps in bytes, and what of a line is worth keeping.
//!
//! Kept to 1e-6 degree (11 cm), and only those points that bend the line by more than
//! [`TOLERANCE_M`]: a shape is for drawing and for finding the nearest edge. Lengths are taken
//! from the full line before. Reading stops where bytes end or make no sense.

use crate::geometry::Point;

/// How far a kept line may lie from the given one, in metres: a quarter of a sidewalk (1.5 m),
/// below what a phone's map can show at its closest.
pub(super) const TOLERANCE_M: f64 = 0.35;

/// Steps of 1e-7 degree in a step of a kept line.
const COARSE: i32 = 10;

const METRES_PER_STEP: f64 = 0.011_119_5;

/// Steps of 1e-7 degree north and east.
pub(super) type Steps = (i32, i32);

/// The points of `line` between its ends that have to be kept.
pub(super) fn needed(line: &[Steps]) -> Vec<Steps> {
    let mut keep = vec![false; line.len()];
    let mut spans = vec![(0, line.len().saturating_sub(1))];
    while let Some((first, last)) = spans.pop() {
        let Some((at, off_m)) = farthest(line, first, last) else { continue };
        if off_m > TOLERANCE_M {
            keep[at] = true;
            spans.extend([(first, at), (at, last)]);
        }
    }
    let kept = line.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(point, _)| *point).collect()
}

/// The point farthest from the straight line between two others, and how far it is.
fn farthest(line: &[Steps], first: usize, last: usize) -> Option<(usize, f64)> {
    let local = Local::at(line[first]);
    let to = local.metres(line[last]);
    let off = |at: usize| {
        let point = local.metres(line[at]);
        let (_, foot) = nearest_on((0.0, 0.0), to, point);
        (point.0 - foot.0).hypot(point.1 - foot.1)
    };
    (first + 1..last).map(|at| (at, off(at))).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// A flat map around a position: metres east and north of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local {
    origin: Steps,
    east_m: f64,
}

impl Local {
    pub(super) fn at(origin: Steps) -> Self {
        let degrees = f64::from(origin.0) * 1e-7;
        Self { origin, east_m: METRES_PER_STEP * libm::cos(degrees.to_radians()) }
    }

    pub(super) fn metres(self, point: Steps) -> (f64, f64) {
        (
            (f64::from(point.1) - f64::from(self.origin.1)) * self.east_m,
            (f64::from(point.0) - f64::from(self.origin.0)) * METRES_PER_STEP,
        )
    }

    /// The position so many metres east and north.
    pub(super) fn point(self, (east_m, north_m): (f64, f64)) -> Point {
        let lat = f64::from(self.origin.0) + north_m / METRES_PER_STEP;
        let lon = f64::from(self.origin.1) + east_m / self.east_m;
        Point { lat: lat.round() / 1e7, lon: lon.round() / 1e7 }
    }

    /// Steps of 1e-7 degree, north and east, that reach at least so far.
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
    pub(super) fn reach(self, metres: f64) -> Steps {
        let steps = |per_step: f64| (metres / per_step.max(1e-9)).ceil() as i32;
        (steps(METRES_PER_STEP), steps(self.east_m))
    }
}

/// The point of a straight line that is nearest to another, as a share of the line and in metres.
pub(super) fn nearest_on(from: (f64, f64), to: (f64, f64), point: (f64, f64)) -> (f64, (f64, f64)) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = dx * dx + dy * dy;
    let share = ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / square;
    let share = if square > 0.0 { share.clamp(0.0, 1.0) } else { 0.0 };
    (share, (from.0 + share * dx, from.1 + share * dy))
}

fn coarse((lat, lon): Steps) -> Steps {
    let round = |n: i32| n.div_euclid(COARSE) + i32::from(n.rem_euclid(COARSE) >= COARSE / 2);
    (round(lat), round(lon))
}

/// Appends `points` as steps from `start`, and from each to the next.
pub(super) fn write(bytes: &mut Vec<u8>, start: Steps, points: &[Steps]) {
    let mut before = coarse(start);
    for &point in points {
        let point = coarse(point);
        write_number(bytes, zigzag(point.0 - before.0));
        write_number(bytes, zigzag(point.1 - before.1));
        before = point;
    }
}

/// The points that were written from `start`.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    bytes: &'a [u8],
    before: Steps,
}

impl<'a> Line<'a> {
    pub(super) fn new(bytes: &'a [u8], start: Steps) -> Self {
        Self { bytes, before: coarse(start) }
    }

    /// The bytes that have not been read yet.
    pub(super) fn rest(self) -> &'a [u8] {
        self.bytes
    }
}

impl Iterator for Line<'_> {
    type Item = Steps;

    fn next(&mut self) -> Option<Steps> {
        let lat = read_number(&mut self.bytes)?;
        let lon = read_number(&mut self.bytes)?;
        let (lat, lon) = (unzigzag(lat), unzigzag(lon));
        let limit = |n: i32, most: i32| n.clamp(-most, most);
        self.before = (
            limit(self.before.0.saturating_add(lat), 90_000_000),
            limit(self.before.1.saturating_add(lon), 180_000_000),
        );
        Some((self.before.0 * COARSE, self.before.1 * COARSE))
    }
}

/// LEB128, seven bits at a time.
#[expect(clippy::cast_possible_truncation, reason = "the low seven bits are what is meant")]
pub(super) fn write_number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

pub(super) fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0_u64;
    for shift in (0..35).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if *first < 0x80 {
            return u32::try_from(value).ok();
        }
    }
    None
}

#[expect(clippy::cast_sign_loss, reason = "zigzag maps the sign into the lowest bit")]
pub(super) const fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

#[expect(clippy::cast_possible_wrap, reason = "the inverse of zigzag")]
pub(super) const fn unzigzag(value: u32) -> i32 {
    (value >> 1) as i32 ^ -((value & 1) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_come_back_to_a_decimetre(
            start in (-899_999_990..899_999_990, -1_799_999_990..1_799_999_990),
            points in proptest::collection::vec(
                (-899_999_990..899_999_990, -1_799_999_990..1_799_999_990), 0..9),
        ) {
            let mut bytes = Vec::new();
            write(&mut bytes, start, &points);
            let back: Vec<Steps> = Line::new(&bytes, start).collect();
            prop_assert_eq!(back.len(), points.len());
            for (back, point) in back.iter().zip(&points) {
                prop_assert!((back.0 - point.0).abs() <= 5 && (back.1 - point.1).abs() <= 5);
            }
        }

        #[test]
        fn a_shortened_line_stays_near(
            points in proptest::collection::vec((0..5000, 0..5000), 2..30),
        ) {
            let kept = needed(&points);
            let ends = [points[0], points[points.len() - 1]];
            let line: Vec<Steps> =
                [&ends[..1], &kept[..], &ends[1..]].concat();
            let local = Local::at(points[0]);
            for point in &points {
                let point = local.metres(*point);
                let off = line.windows(2).map(|pair| {
                    let (_, foot) = nearest_on(local.metres(pair[0]), local.metres(pair[1]), point);
                    (foot.0 - point.0).hypot(foot.1 - point.1)
                });
                prop_assert!(off.fold(f64::MAX, f64::min) <= TOLERANCE_M + 1e-6);
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, start: (i32, i32)) {
            for (lat, lon) in Line::new(&bytes, start) {
                prop_assert!(lat.abs() <= 900_000_000 && lon.abs() <= 1_800_000_000);
            }
        }
    }
}
