//! How long the walk past some sites really is: the solver's own.

use super::CutDoor;
use super::network::place;
use super::town::{Town, sites_at};
use crate::geometry::{Plane, Point};
use crate::route::{Costs, Ends, solve_counted};
use crate::street::{Distances, Snap, StreetPack, WalkCosts};
use crate::walk::DETOUR_PER_MILLE;

/// How long each walk is looked for: turfs are compared by their walks, none is walked like this.
const KICKS_PER_SITE: u64 = 4;

/// A walk past sites.
pub(super) struct Measure {
    /// The sites, as places among those given, in walking order.
    pub(super) order: Vec<u32>,
    pub(super) walk_m: f64,
}

impl Measure {
    /// The walk past these sites of a town, with both ends free.
    pub(super) fn of(town: &Town<'_>, sites: &[u32]) -> Self {
        let points: Vec<Point> =
            sites.iter().map(|site| town.sites[*site as usize].point).collect();
        let snaps: Vec<Option<Snap>> = sites.iter().map(|site| town.ground.snap(*site)).collect();
        Self::between(&points, &snaps, town.streets)
    }

    /// The walk past these doors.
    pub(super) fn of_doors(
        doors: &[CutDoor<'_>],
        numbers: &[u32],
        streets: Option<&StreetPack>,
    ) -> Self {
        let sites = sites_at(doors, numbers.iter().copied());
        let points: Vec<Point> = sites.iter().map(|site| site.point).collect();
        let places: Vec<_> = sites.iter().map(|site| place(site, doors)).collect();
        let snaps = streets.map_or(vec![None; places.len()], |streets| streets.snap_all(&places));
        Self::between(&points, &snaps, streets)
    }

    /// The walk past these points; `snaps` says where each stands on the streets.
    fn between(points: &[Point], snaps: &[Option<Snap>], streets: Option<&StreetPack>) -> Self {
        let mut rows = 0..;
        let row: Vec<Option<usize>> =
            snaps.iter().map(|snap| snap.and_then(|_| rows.next())).collect();
        let on_street: Vec<Snap> = snaps.iter().flatten().copied().collect();
        let ways = streets.map(|streets| streets.matrix(&on_street, &WalkCosts::Distance));
        let plane = Plane::around(points.iter().copied());
        let at_m = points.iter().map(|point| plane.metres(*point)).collect();
        let legs = Decimetres { at_m, row, ways };
        let kicks = KICKS_PER_SITE * points.len() as u64;
        let order = solve_counted(&legs, Ends::Open { start: None, end: None }, kicks, 0)
            .expect("no end is asked for, so none can be wrong");
        let walk_m = order.windows(2).map(|pair| f64::from(legs.cost(pair[0], pair[1])) / 10.0);
        Self { walk_m: walk_m.sum(), order }
    }
}

/// Decimetres along the streets, else by a straight line and its detour.
struct Decimetres {
    at_m: Vec<(f64, f64)>,
    row: Vec<Option<usize>>,
    ways: Option<Distances>,
}

impl Decimetres {
    fn way(&self, from: u32, to: u32) -> Option<u32> {
        let (from, to) = (self.row[from as usize]?, self.row[to as usize]?);
        self.ways.as_ref()?.get(from, to)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    fn straight(&self, from: u32, to: u32) -> u32 {
        let (a, b) = (self.at_m[from as usize], self.at_m[to as usize]);
        let (east, north) = (a.0 - b.0, a.1 - b.1);
        let detour = f64::from(DETOUR_PER_MILLE) / 100.0;
        ((east * east + north * north).sqrt() * detour + 0.5).min(FARTHEST_DM) as u32
    }
}

/// No leg is longer: many of them can still be added up.
const FARTHEST_DM: f64 = 1e7;

impl Costs for Decimetres {
    fn len(&self) -> u32 {
        u32::try_from(self.at_m.len()).unwrap_or(u32::MAX)
    }

    fn cost(&self, from: u32, to: u32) -> u32 {
        self.way(from, to).unwrap_or_else(|| self.straight(from, to))
    }

    fn is_symmetric(&self) -> bool {
        true
    }
}
