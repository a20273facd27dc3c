//! Street lines and where their names stand.

use std::collections::BTreeMap;

use geo::{LineString, Simplify};

use super::Zoom;
use crate::geometry::{Plane, Point};
use crate::street::WayKind;

/// A piece of a street to draw, from one junction to the next.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MapLine {
    /// What kind of way it is: it tells how broad to draw it.
    pub kind: WayKind,
    /// The street's name; empty when it has none.
    pub name: String,
    /// Its course.
    pub points: Vec<Point>,
}

/// A street's name and where to write it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MapLabel {
    /// The name.
    pub text: String,
    /// The middle of the text.
    pub point: Point,
    /// How the text is turned, in degrees clockwise, from -90 to 90: it never stands on its head.
    pub angle_degrees: f64,
}

/// Lines deviate from their course by less than this.
const TOLERANCE_PIXELS: f64 = 0.5;

/// From which level on ways of a kind are drawn.
const fn drawn_from(kind: WayKind) -> f64 {
    match kind {
        WayKind::Primary => 10.0,
        WayKind::Secondary => 11.0,
        WayKind::Tertiary => 12.0,
        WayKind::Residential => 13.5,
        WayKind::Service | WayKind::Path => 15.5,
        WayKind::Sidewalk | WayKind::Steps | WayKind::Crossing => 16.5,
    }
}

/// The lines that are drawn at a zoom, with no more points than can be seen there; broad streets
/// last, so that they lie on top.
#[must_use]
pub fn lines(pieces: Vec<MapLine>, zoom: Zoom) -> Vec<MapLine> {
    let mut drawn: Vec<MapLine> = pieces
        .into_iter()
        .filter(|line| line.points.len() > 1 && zoom.level() >= drawn_from(line.kind))
        .map(|line| MapLine { points: simplified(&line.points, zoom), ..line })
        .collect();
    drawn.sort_by_key(|line| line.kind);
    drawn
}

/// The line with fewer points, its ends kept (Ramer 1972, Douglas and Peucker 1973).
fn simplified(points: &[Point], zoom: Zoom) -> Vec<Point> {
    let Some(first) = points.first().filter(|_| points.len() > 2) else {
        return points.to_vec();
    };
    let plane = Plane::around(points.iter().copied());
    let flat: LineString = points.iter().map(|point| plane.metres(*point)).collect();
    let tolerance_m = TOLERANCE_PIXELS * zoom.metres_per_pixel(*first);
    let kept = flat.simplify(tolerance_m);
    kept.into_iter().map(|spot| plane.point(spot.x, spot.y)).collect()
}

/// Pixels of a letter of a street's name, on average, and of its height: a type of 12 points.
const LETTER_PIXELS: f64 = 6.5;
const TEXT_PIXELS: f64 = 12.0;
/// Pixels between two names.
const GAP_PIXELS: f64 = 6.0;
/// From this level on names are written.
const LABELS_FROM: f64 = 14.5;

/// Where to write the streets' names: each at most once, in the middle of its longest stretch,
/// if it has room there; broad and long streets first, no two over each other.
#[must_use]
pub fn labels(pieces: &[MapLine], zoom: Zoom) -> Vec<MapLabel> {
    if zoom.level() < LABELS_FROM {
        return Vec::new();
    }
    let mut named: BTreeMap<&str, Vec<&MapLine>> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| !piece.name.is_empty() && piece.points.len() > 1) {
        named.entry(&piece.name).or_default().push(piece);
    }
    let Some(plane) = plane_of(pieces) else { return Vec::new() };
    let pixel_m = zoom.metres_per_pixel(plane.point(0.0, 0.0));
    let mut wanted: Vec<Candidate> = named
        .into_iter()
        .filter_map(|(name, pieces)| Candidate::of(name, &pieces, &plane, pixel_m))
        .collect();
    wanted.sort_by(|a, b| b.rank().total_cmp(&a.rank()).then_with(|| a.text.cmp(&b.text)));
    let mut placed: Vec<Candidate> = Vec::new();
    for label in wanted {
        if placed.iter().all(|other| !label.touches(other)) {
            placed.push(label);
        }
    }
    placed.iter().map(|label| label.on(&plane)).collect()
}

fn plane_of(pieces: &[MapLine]) -> Option<Plane> {
    pieces.first()?;
    Some(Plane::around(pieces.iter().flat_map(|piece| piece.points.iter().copied())))
}

/// A place for a name, in pixels east and north of the middle.
struct Candidate {
    text: String,
    kind: WayKind,
    room: f64,
    middle: (f64, f64),
    /// Half the text: pixels to the east and north from its middle to its end.
    half: (f64, f64),
    pixel_m: f64,
}

impl Candidate {
    fn of(name: &str, pieces: &[&MapLine], plane: &Plane, pixel_m: f64) -> Option<Self> {
        let lines: Vec<Vec<(f64, f64)>> = pieces
            .iter()
            .map(|piece| {
                let spot = |point: &Point| {
                    let (east, north) = plane.metres(*point);
                    (east / pixel_m, north / pixel_m)
                };
                piece.points.iter().map(spot).collect()
            })
            .collect();
        let stretch = longest_stretch(lines)?;
        let room = length(&stretch);
        let wide = name.chars().count() as f64 * LETTER_PIXELS;
        if room < wide {
            return None;
        }
        let from = along(&stretch, (room - wide) / 2.0);
        let to = along(&stretch, f64::midpoint(room, wide));
        let (mut east, mut north) = (to.0 - from.0, to.1 - from.1);
        if east < 0.0 || east == 0.0 && north < 0.0 {
            (east, north) = (-east, -north);
        }
        let reach = (east * east + north * north).sqrt();
        // Where the street winds more than its name can follow, there is no place for it.
        if reach < 0.8 * wide {
            return None;
        }
        let half = (east / reach * wide / 2.0, north / reach * wide / 2.0);
        let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let kind = pieces.iter().map(|piece| piece.kind).max()?;
        Some(Self { text: name.to_owned(), kind, room, middle, half, pixel_m })
    }

    /// Broad streets before narrow ones, then long before short.
    fn rank(&self) -> f64 {
        f64::from(self.kind as u8) * 10_000.0 + self.room.min(9_999.0)
    }

    /// Whether two texts come too close: each is taken as a row of discs.
    fn touches(&self, other: &Self) -> bool {
        let near = TEXT_PIXELS + GAP_PIXELS;
        self.discs().any(|a| {
            other.discs().any(|b| {
                let (east, north) = (a.0 - b.0, a.1 - b.1);
                east * east + north * north < near * near
            })
        })
    }

    fn discs(&self) -> impl Iterator<Item = (f64, f64)> {
        const DISCS: i32 = 8;
        (-DISCS..=DISCS).map(|at| {
            let share = f64::from(at) / f64::from(DISCS);
            (self.middle.0 + share * self.half.0, self.middle.1 + share * self.half.1)
        })
    }

    fn on(&self, plane: &Plane) -> MapLabel {
        let point = plane.point(self.middle.0 * self.pixel_m, self.middle.1 * self.pixel_m);
        let angle_degrees = -libm::atan2(self.half.1, self.half.0).to_degrees();
        MapLabel { text: self.text.clone(), point, angle_degrees }
    }
}

fn length(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|ends| distance(ends[0], ends[1])).sum()
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (east, north) = (a.0 - b.0, a.1 - b.1);
    (east * east + north * north).sqrt()
}

/// The place so far along a line.
fn along(line: &[(f64, f64)], far: f64) -> (f64, f64) {
    let mut left = far;
    for ends in line.windows(2) {
        let step = distance(ends[0], ends[1]);
        if left <= step && step > 0.0 {
            let share = left / step;
            return (
                ends[0].0 + share * (ends[1].0 - ends[0].0),
                ends[0].1 + share * (ends[1].1 - ends[0].1),
            );
        }
        left -= step;
    }
    line.last().copied().unwrap_or_default()
}

/// Pixels within which two ends are one: pieces meet at the very same point.
const SAME_SPOT: f64 = 0.01;

/// Pieces joined end to end, always the longest first; the longest of what comes out.
fn longest_stretch(mut pieces: Vec<Vec<(f64, f64)>>) -> Option<Vec<(f64, f64)>> {
    pieces.sort_by(|a, b| length(a).total_cmp(&length(b)));
    let mut best: Vec<(f64, f64)> = Vec::new();
    while let Some(mut stretch) = pieces.pop() {
        while let Some(at) = pieces.iter().rposition(|piece| joins(&stretch, piece)) {
            join(&mut stretch, pieces.remove(at));
        }
        if length(&stretch) > length(&best) {
            best = stretch;
        }
    }
    (best.len() > 1).then_some(best)
}

fn ends(line: &[(f64, f64)]) -> Option<[(f64, f64); 2]> {
    Some([*line.first()?, *line.last()?])
}

fn joins(stretch: &[(f64, f64)], piece: &[(f64, f64)]) -> bool {
    let (Some(ours), Some(theirs)) = (ends(stretch), ends(piece)) else { return false };
    ours.iter().any(|a| theirs.iter().any(|b| distance(*a, *b) < SAME_SPOT))
}

fn join(stretch: &mut Vec<(f64, f64)>, mut piece: Vec<(f64, f64)>) {
    let (Some(ours), Some(theirs)) = (ends(stretch), ends(&piece)) else { return };
    let at_end = theirs.iter().any(|end| distance(ours[1], *end) < SAME_SPOT);
    if !at_end {
        stretch.reverse();
    }
    let joint = stretch.last().copied().unwrap_or_default();
    if distance(joint, theirs[0]) >= SAME_SPOT {
        piece.reverse();
    }
    stretch.extend(piece.into_iter().skip(1));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(name: &str, kind: WayKind, metres: &[(f64, f64)]) -> MapLine {
        let centre = Point { lat: 44.48, lon: -73.2 };
        let plane = Plane::around([centre]);
        let points = metres.iter().map(|spot| plane.point(spot.0, spot.1)).collect();
        MapLine { kind, name: name.to_owned(), points }
    }

    #[test]
    fn a_name_stands_in_the_middle_of_its_pieces_joined_and_never_on_its_head() {
        // From east to west in two pieces, neither of which has room for the name alone.
        let pieces = [
            line("Elm Street", WayKind::Residential, &[(0.0, 0.0), (-60.0, 0.0)]),
            line("Elm Street", WayKind::Residential, &[(-120.0, 0.0), (-60.0, 0.0)]),
        ];
        let labels = labels(&pieces, Zoom::new(16.0));
        assert_eq!(labels.len(), 1);
        assert!(labels[0].angle_degrees.abs() < 0.1);
        let middle = pieces[0].points[1];
        assert!(labels[0].point.distance_m(middle) < 0.1);
        let short = [line("Elm Street", WayKind::Residential, &[(0.0, 0.0), (60.0, 0.0)])];
        assert!(super::labels(&short, Zoom::new(16.0)).is_empty());
    }

    #[test]
    fn text_is_turned_clockwise_as_the_street_runs() {
        let falling = [line("Hill Road", WayKind::Tertiary, &[(0.0, 200.0), (200.0, 0.0)])];
        let label = &labels(&falling, Zoom::new(16.0))[0];
        assert!((label.angle_degrees - 45.0).abs() < 0.1, "{label:?}");
    }

    #[test]
    fn of_two_names_at_one_place_the_broad_street_has_its_own() {
        let across = [
            line("Back Lane", WayKind::Residential, &[(-100.0, 0.0), (100.0, 0.0)]),
            line("Main Street", WayKind::Secondary, &[(0.0, -100.0), (0.0, 100.0)]),
        ];
        let labels = labels(&across, Zoom::new(16.0));
        assert_eq!(labels.len(), 1);
        assert_eq!(labels[0].text, "Main Street");
    }

    #[test]
    fn small_ways_come_with_the_zoom_and_broad_ones_lie_on_top() {
        let pieces = vec![
            line("", WayKind::Primary, &[(0.0, 0.0), (9.0, 0.0)]),
            line("", WayKind::Sidewalk, &[(0.0, 0.0), (9.0, 0.0)]),
            line("", WayKind::Residential, &[(0.0, 0.0), (9.0, 0.0)]),
        ];
        let kinds = |level| -> Vec<WayKind> {
            lines(pieces.clone(), Zoom::new(level)).iter().map(|line| line.kind).collect()
        };
        assert_eq!(kinds(9.0), []);
        assert_eq!(kinds(14.0), [WayKind::Residential, WayKind::Primary]);
        assert_eq!(kinds(17.0), [WayKind::Sidewalk, WayKind::Residential, WayKind::Primary]);
    }

    proptest! {
        #[test]
        fn a_simplified_line_keeps_its_ends_and_stays_within_half_a_pixel(
            spots in proptest::collection::vec((-300.0_f64..300.0, -300.0_f64..300.0), 2..40),
            level in 12.0_f64..19.0,
        ) {
            let whole = line("", WayKind::Primary, &spots);
            let zoom = Zoom::new(level);
            let drawn = &lines(vec![whole.clone()], zoom)[0].points;
            prop_assert_eq!(drawn.first(), whole.points.first());
            prop_assert_eq!(drawn.last(), whole.points.last());
            let plane = Plane::around(whole.points.iter().copied());
            let flat = |points: &[Point]| -> Vec<(f64, f64)> {
                points.iter().map(|point| plane.metres(*point)).collect()
            };
            let drawn: LineString = flat(drawn).into();
            let most = 0.51 * zoom.metres_per_pixel(whole.points[0]) + 0.02;
            for spot in flat(&whole.points) {
                use geo::{Distance, Euclidean};
                let off = Euclidean.distance(&geo::Point::from(spot), &drawn);
                prop_assert!(off <= most, "{off} m off");
            }
        }
    }
}
