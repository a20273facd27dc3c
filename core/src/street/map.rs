//! Mapped ways, as an extract or a list of edges gives them.

use crate::geometry::Point;

/// What a file says about a town's ways, before it is packed.
///
/// Ways meet where they name the same point. Only what a pedestrian may use is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreetMap {
    /// All points that ways name.
    pub points: Vec<Point>,
    /// The ways, each over two points or more.
    pub ways: Vec<Way>,
    /// What no turf should reach across.
    pub barriers: Vec<Barrier>,
    /// Whom to thank for the data, as its licence asks, for example
    /// `© OpenStreetMap contributors, ODbL 1.0`.
    pub attribution: String,
}

impl StreetMap {
    /// Leaves out the ways that never leave one position, to the step of a pack, and returns how
    /// many there were: nobody walks them, and a pack has no place for them.
    pub(crate) fn drop_dots(&mut self) -> usize {
        let (before, points) = (self.ways.len(), &self.points);
        let position = |place: u32| points[place as usize].to_e7();
        self.ways.retain(|way| {
            way.points.iter().any(|place| position(*place) != position(way.points[0]))
        });
        before - self.ways.len()
    }
}

/// A way that can be walked in both directions.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Its points in order, as places in [`StreetMap::points`].
    pub points: Vec<u32>,
    /// What kind of way it is.
    pub kind: WayKind,
    /// The street's name.
    pub name: Option<String>,
    /// The house numbers on each side, where they are known.
    pub numbers: Option<HouseNumbers>,
}

/// Kinds of ways, from what only walkers use to roads that are hard to cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum WayKind {
    /// A footpath or another way without cars.
    Path = 0,
    /// A sidewalk that is mapped as a way of its own.
    Sidewalk = 1,
    /// A marked crossing.
    Crossing = 2,
    /// Stairs.
    Steps = 3,
    /// A driveway, an alley, a way through a car park.
    Service = 4,
    /// A residential or living street, or one of no known class.
    Residential = 5,
    /// A tertiary road: the through streets of a neighbourhood.
    Tertiary = 6,
    /// A secondary road.
    Secondary = 7,
    /// A primary or trunk road that may be walked along.
    Primary = 8,
}

impl WayKind {
    /// All kinds, each at its own number.
    pub const ALL: [Self; 9] = [
        Self::Path,
        Self::Sidewalk,
        Self::Crossing,
        Self::Steps,
        Self::Service,
        Self::Residential,
        Self::Tertiary,
        Self::Secondary,
        Self::Primary,
    ];

    /// How many kinds there are.
    pub(super) const COUNT: u32 = 9;

    /// Whether only walkers use it, so that nobody waits to cross it.
    #[must_use]
    pub const fn is_for_walkers(self) -> bool {
        matches!(self, Self::Path | Self::Sidewalk | Self::Crossing | Self::Steps)
    }
}

/// The house numbers along a way, seen from its first point to its last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HouseNumbers {
    /// First and last number on the left.
    pub left: Option<(u32, u32)>,
    /// First and last number on the right.
    pub right: Option<(u32, u32)>,
}

/// A side of a way, seen from its first point to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum RoadSide {
    /// On the left.
    Left,
    /// On the right.
    Right,
}

impl RoadSide {
    /// The side across.
    #[must_use]
    pub const fn across(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// A line that no turf should reach across.
#[derive(Clone, Debug, PartialEq)]
pub struct Barrier {
    /// The line.
    pub points: Vec<Point>,
    /// What it is.
    pub kind: BarrierKind,
}

/// Kinds of barriers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum BarrierKind {
    /// A motorway or another road that nobody walks across.
    Motorway = 0,
    /// A river, a canal, the shore of a lake.
    Water = 1,
    /// A railway.
    Rail = 2,
}

impl BarrierKind {
    /// All kinds, each at its own number.
    pub const ALL: [Self; 3] = [Self::Motorway, Self::Water, Self::Rail];
}
