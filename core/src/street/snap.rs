//! Where a door stands on the network: the edge, how far along it, and on which side.
//!
//! The nearest edge, unless the door's street says otherwise. The side comes from house number
//! ranges where the map has them, unless the doors around tell otherwise; then from the doors
//! around; then from where the door lies. Ranges alone are not believed: a third of the segments
//! of one city's own file have left and right exchanged.

use std::collections::{HashMap, HashSet};

use super::boxes::Box4;
use super::layout::Section;
use super::map::RoadSide;
use super::pack::StreetPack;
use super::shape::{Local, Steps, nearest_on};
use crate::geometry::Point;
use crate::walklist::street_key;

/// A door farther from every street than this is not on the network.
pub const FARTHEST_M: f64 = 1000.0;

/// How much farther than another edge one that bears the door's street name may be. Addresses
/// are often the middle of a parcel: 75 m from the sidewalk for one in twenty (Cambridge).
pub const NAME_REACH_M: f64 = 120.0;

/// How much farther still an edge may be whose house numbers hold the door's.
pub const NUMBER_REACH_M: f64 = 60.0;

/// How much farther a large part of the network may be than an island. Maps have gaps: a walk
/// from an island leads nowhere.
pub const ISLAND_REACH_M: f64 = 150.0;

/// A part with fewer edges than this is an island, unless it is the largest.
pub const ISLAND_EDGES: u32 = 200;

/// How far around a door edges are looked for, in turn.
const WINDOWS_M: [f64; 3] = [60.0, 240.0, FARTHEST_M];

/// A door that is looked for on the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'a> {
    /// Where it is.
    pub point: Point,
    /// Its street, as the address says it.
    pub street: Option<&'a str>,
    /// Its house number without letters.
    pub number: Option<u32>,
}

impl Place<'_> {
    /// A place of which only the point is known: the nearest edge holds it.
    #[must_use]
    pub const fn at(point: Point) -> Self {
        Self { point, street: None, number: None }
    }
}

/// Where a door stands on the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snap {
    /// The edge's number in its pack.
    pub edge: u32,
    /// Decimetres from the edge's first node.
    pub along_dm: u32,
    /// The side, walking from the edge's first node to its last.
    pub side: RoadSide,
    /// How the side is known.
    pub side_from: SideFrom,
    /// Decimetres from the door to the edge.
    pub off_dm: u32,
    /// The point of the edge that is nearest to the door.
    pub point: Point,
    /// Whether it is on an island: a small part that no walk connects with the rest.
    pub is_on_island: bool,
}

/// How a door's side of the street is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideFrom {
    /// From the house numbers that the map gives for each side.
    Numbers,
    /// From where the doors around with odd and with even numbers lie.
    Parity,
    /// From where the door lies.
    Position,
}

/// Street names of a pack, by what two spellings of one name share.
#[derive(Debug)]
pub(super) struct Names {
    by_key: HashMap<String, Vec<u32>>,
}

impl Names {
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut by_key: HashMap<String, Vec<u32>> = HashMap::new();
        for (number, name) in (1..).zip(names) {
            by_key.entry(street_key(name)).or_default().push(number);
        }
        Self { by_key }
    }

    fn matching(&self, street: &str) -> &[u32] {
        self.by_key.get(&street_key(street)).map_or(&[], Vec::as_slice)
    }
}

/// The nearest point of an edge.
#[derive(Clone, Copy, Debug)]
struct Foot {
    edge: u32,
    off_m: f64,
    /// The share of the edge's length before it.
    share: f64,
    east_north_m: (f64, f64),
    /// Left of the line, seen from its start.
    is_left: bool,
}

/// Where a door was found, and on which side it lies.
#[derive(Clone, Copy, Debug)]
struct Found {
    snap: Snap,
    by_position: RoadSide,
}

/// On which sides of each edge the doors with even and with odd numbers lie.
#[derive(Debug, Default)]
struct Votes {
    left_right: HashMap<(u32, bool), (u32, u32)>,
    /// Each number of an edge has one vote, however many units it has.
    counted: HashSet<(u32, u32)>,
}

impl Votes {
    fn count(&mut self, found: &Found, number: u32) {
        let edge = found.snap.edge;
        if self.counted.insert((edge, number)) {
            let votes = self.left_right.entry((edge, number.is_multiple_of(2))).or_default();
            match found.by_position {
                RoadSide::Left => votes.0 += 1,
                RoadSide::Right => votes.1 += 1,
            }
        }
    }

    /// The side of a number, as numbers like it tell; else as the others do.
    fn side(&self, edge: u32, number: u32) -> Option<RoadSide> {
        let is_even = number.is_multiple_of(2);
        let of = |is_even| self.left_right.get(&(edge, is_even)).copied().and_then(majority);
        of(is_even).or_else(|| of(!is_even).map(RoadSide::across))
    }
}

impl StreetPack {
    /// Where one door stands; none if every street is more than [`FARTHEST_M`] away, or the
    /// point is no position.
    #[must_use]
    pub fn snap(&self, place: &Place<'_>) -> Option<Snap> {
        self.found(place).map(|found| found.snap)
    }

    /// Where doors stand that belong together: as [`StreetPack::snap`], but sides are told by
    /// where the doors with odd and with even numbers at the same edge lie, if most agree.
    #[must_use]
    pub fn snap_all(&self, places: &[Place<'_>]) -> Vec<Option<Snap>> {
        let found: Vec<Option<Found>> = places.iter().map(|place| self.found(place)).collect();
        let mut votes = Votes::default();
        for (place, found) in places.iter().zip(&found) {
            if let (Some(number), Some(found)) = (place.number, found) {
                votes.count(found, number);
            }
        }
        let told = |(place, found): (&Place<'_>, Option<Found>)| {
            let mut snap = found?.snap;
            let learnt = place.number.and_then(|number| votes.side(snap.edge, number));
            if let Some(side) = learnt.filter(|side| *side != snap.side) {
                (snap.side, snap.side_from) = (side, SideFrom::Parity);
            } else if learnt.is_some() && snap.side_from == SideFrom::Position {
                snap.side_from = SideFrom::Parity;
            }
            Some(snap)
        };
        places.iter().zip(found).map(told).collect()
    }

    fn found(&self, place: &Place<'_>) -> Option<Found> {
        let (lat, lon) = (place.point.lat, place.point.lon);
        if !(lat.abs() <= 90.0 && lon.abs() <= 180.0) {
            return None;
        }
        let own = place.point.to_e7();
        let names = place.street.map_or(&[][..], |street| self.names().matching(street));
        let reach_m = if names.is_empty() { 0.0 } else { NAME_REACH_M + NUMBER_REACH_M };
        let mut best: Option<(f64, Foot)> = None;
        for window_m in WINDOWS_M {
            best = self.best_within(own, window_m, place, names);
            // What lies outside scores worse than its distance less the most it may be favoured.
            if best.is_some_and(|(score, _)| score <= window_m - reach_m) {
                break;
            }
        }
        let (_, foot) = best?;
        Some(self.snapped(own, &foot, place.number))
    }

    fn best_within(
        &self,
        own: Steps,
        window_m: f64,
        place: &Place<'_>,
        names: &[u32],
    ) -> Option<(f64, Foot)> {
        let local = Local::at(own);
        let (north, east) = local.reach(window_m);
        let (lat, lon) = own;
        let window = Box4([
            lat.saturating_sub(north),
            lon.saturating_sub(east),
            lat.saturating_add(north),
            lon.saturating_add(east),
        ]);
        let mut best: Option<(f64, Foot)> = None;
        self.boxes().in_box(window, |edge| {
            let handicap_m = self.handicap_m(edge, place, names);
            let limit_m = best.map_or(f64::MAX, |(score, _)| score) - handicap_m;
            let Some(foot) = self.foot(local, edge) else { return };
            if foot.off_m < limit_m && foot.off_m <= window_m {
                best = Some((foot.off_m + handicap_m, foot));
            }
        });
        best
    }

    /// Metres by which an edge counts as farther than it is; negative for one that fits.
    fn handicap_m(&self, edge: u32, place: &Place<'_>, names: &[u32]) -> f64 {
        let mut handicap_m = if self.is_island(edge) { ISLAND_REACH_M } else { 0.0 };
        if names.contains(&self.layout.get(Section::Name, edge)) {
            handicap_m -= NAME_REACH_M;
            if place.number.is_some_and(|number| self.is_on_block(edge, number)) {
                handicap_m -= NUMBER_REACH_M;
            }
        }
        handicap_m
    }

    fn is_island(&self, edge: u32) -> bool {
        let sizes = &self.groups().sizes;
        let size = sizes[self.group(edge) as usize];
        size < ISLAND_EDGES && sizes.iter().any(|other| *other > size)
    }

    /// Whether a number lies between those of an edge, whichever side has it.
    fn is_on_block(&self, edge: u32, number: u32) -> bool {
        let spans = |range: Option<(u32, u32)>| {
            range.is_some_and(|(a, b)| (a.min(b)..=a.max(b)).contains(&number))
        };
        self.numbers(edge).is_some_and(|numbers| spans(numbers.left) || spans(numbers.right))
    }

    /// The side whose house numbers hold this one; none if neither or both do.
    fn side_of(&self, edge: u32, number: u32) -> Option<RoadSide> {
        let numbers = self.numbers(edge)?;
        let holds = |range: Option<(u32, u32)>| {
            range.is_some_and(|(first, last)| {
                let one_parity = first % 2 == last % 2;
                let fits = !one_parity || first % 2 == number % 2;
                fits && (first.min(last)..=first.max(last)).contains(&number)
            })
        };
        match (holds(numbers.left), holds(numbers.right)) {
            (true, false) => Some(RoadSide::Left),
            (false, true) => Some(RoadSide::Right),
            _ => None,
        }
    }

    /// The point of an edge nearest to the origin of `local`.
    fn foot(&self, local: Local, edge: u32) -> Option<Foot> {
        let mut line = self.line(edge).map(|point| local.metres(point));
        let mut from = line.next()?;
        let (mut walked_m, mut at_m) = (0.0, 0.0);
        let mut best: Option<(f64, (f64, f64), bool)> = None;
        for to in line {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length_m = dx.hypot(dy);
            let (share, foot) = nearest_on(from, to, (0.0, 0.0));
            let off_m = foot.0.hypot(foot.1);
            if best.is_none_or(|(best_m, ..)| off_m < best_m) {
                let is_left = dx * -from.1 - dy * -from.0 > 0.0;
                best = Some((off_m, foot, is_left));
                at_m = walked_m + share * length_m;
            }
            walked_m += length_m;
            from = to;
        }
        let (off_m, east_north_m, is_left) = best?;
        let share = if walked_m > 0.0 { at_m / walked_m } else { 0.0 };
        Some(Foot { edge, off_m, share, east_north_m, is_left })
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    fn snapped(&self, own: Steps, foot: &Foot, number: Option<u32>) -> Found {
        let length_dm = self.length_dm(foot.edge);
        let by_number = number.and_then(|number| self.side_of(foot.edge, number));
        let by_position = if foot.is_left { RoadSide::Left } else { RoadSide::Right };
        let snap = Snap {
            edge: foot.edge,
            along_dm: ((f64::from(length_dm) * foot.share).round() as u32).min(length_dm),
            side: by_number.unwrap_or(by_position),
            side_from: by_number.map_or(SideFrom::Position, |_| SideFrom::Numbers),
            off_dm: (foot.off_m * 10.0).round() as u32,
            point: Local::at(own).point(foot.east_north_m),
            is_on_island: self.is_island(foot.edge),
        };
        Found { snap, by_position }
    }
}

/// The side that three doors of four or more agree on, of three or more.
fn majority((left, right): (u32, u32)) -> Option<RoadSide> {
    let all = left + right;
    if all < 3 {
        return None;
    }
    match (left * 4 >= all * 3, right * 4 >= all * 3) {
        (true, _) => Some(RoadSide::Left),
        (_, true) => Some(RoadSide::Right),
        _ => None,
    }
}
