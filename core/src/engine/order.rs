//! The walking order of a list, kept in its file, and the directions that go with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::canvass::Purpose;
use crate::engine::Engine;
use crate::engine::claims::ClaimClock;
use crate::engine::error::Error;
use crate::engine::lists::OpenList;
use crate::engine::offers::Offers;
use crate::geometry::Point;
use crate::id::{HouseholdId, ListId};
use crate::route::Effort;
use crate::store::{ListDb, ListWriter};
use crate::street::StreetPack;
use crate::walk::{AddressedStop, Ground, Terrain, WalkEnds, WalkStop, WorkCosts};
use crate::walklist::{Access, Stop};

/// Up to here a list is put into walking order as it is imported; a larger one is read by
/// street and number until someone asks for an order.
const ORDER_AT_IMPORT: usize = 2_000;

/// A walking order that was planned.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PlannedOrder {
    /// Stops in it.
    pub stops: u32,
    /// Metres of walking between them: along the streets from kerb to kerb where they are
    /// known, else straight lines with a detour factor.
    pub length_m: f64,
    /// Seconds of walking, waits at crossings included.
    pub walk_s: f64,
    /// Seconds of work at the doors.
    pub work_s: f64,
    /// Stops that only a straight line leads to, because no street or no way does; all of them
    /// where no street is known.
    pub straight_stops: u32,
    /// Doors that are left out because the window in which to come back has not begun; a stop
    /// where nobody else is left comes after all others.
    pub waiting: u32,
    /// Stops that are left out because of what is in the way: a loose dog, a locked entrance.
    /// They come after all others that are open.
    pub left_out: u32,
}

impl Engine {
    /// Puts a list's doors into a good walking order: from `start` if it is told, and to `end`.
    pub fn plan_order(
        &self,
        list: ListId,
        start: Option<Point>,
        end: Option<Point>,
    ) -> Result<PlannedOrder, Error> {
        let opened = self.opened()?;
        let open = opened.list(&opened.main(), &self.ports, list)?;
        let streets = open.streets(&opened);
        let mut db = ListDb::open(&opened.directory, list, &open.key, false)?;
        let writer = db.write()?;
        // By the verdict as it is now, what this phone recorded since included. Closed doors
        // keep their place at their stop, and closed stops come after all others: whoever may
        // be walked to again is on the list again.
        let clock = self.claim_clock()?;
        let (stops, closed, waiting) = open_and_closed(&open, &writer, clock)?;
        let ends = WalkEnds { start, end, closed: false };
        let walking = Walking::of(&stops, streets.as_ref());
        let walk = walking.terrain(ends).legible_walk(Effort::Quick, ORDER_SEED);
        let ordered = walk.order.iter().chain(&walk.left_out).map(|at| &stops[*at as usize].stop);
        put(&writer, ordered.chain(&closed))?;
        writer.commit()?;
        self.refresh(&opened, list)?;
        let straight =
            if streets.is_some() { walk.by_straight_line.len() } else { walk.order.len() };
        Ok(PlannedOrder {
            stops: u32::try_from(walk.order.len()).unwrap_or(u32::MAX),
            length_m: walk.length_m,
            walk_s: walk.walk_s,
            work_s: walk.work_s,
            straight_stops: u32::try_from(straight).unwrap_or(u32::MAX),
            waiting,
            left_out: u32::try_from(walk.left_out.len()).unwrap_or(u32::MAX),
        })
    }
}

/// Two phones with the same list plan the same order.
const ORDER_SEED: u64 = 0;

/// Puts all doors into the order in which a new list is read: walked, if it is not too long.
pub(super) fn put_default(
    writer: &ListWriter<'_>,
    streets: Option<&Arc<StreetPack>>,
) -> Result<(), Error> {
    let stops = AddressedStop::all_of(writer.rows().doors_to_order(Purpose::View)?);
    if stops.len() > ORDER_AT_IMPORT {
        return put(writer, stops.iter().map(|stop| &stop.stop));
    }
    let walking = Walking::of(&stops, streets);
    let walk = walking.terrain(WalkEnds::default()).legible_walk(Effort::Quick, ORDER_SEED);
    let all = walk.order.iter().chain(&walk.left_out);
    put(writer, all.map(|stop| &stops[*stop as usize].stop))
}

/// The stops that may be walked to; the others, those that it is too early for first; and for how
/// many doors it is.
fn open_and_closed(
    open: &OpenList,
    writer: &ListWriter<'_>,
    clock: ClaimClock,
) -> Result<(Vec<AddressedStop>, Vec<Stop>, u32), Error> {
    let reader = open.read();
    let offers = Offers::of(&reader, clock);
    let rows = reader.db.doors(Purpose::Route, None, u32::MAX)?;
    let waits: BTreeSet<HouseholdId> =
        rows.iter().filter(|door| offers.waits(door)).map(|door| door.id).collect();
    let left: BTreeSet<HouseholdId> =
        rows.iter().filter(|door| !door.done && !offers.waits(door)).map(|door| door.id).collect();
    let may: BTreeSet<HouseholdId> = rows.iter().map(|door| door.id).collect();
    let mut doors = writer.rows().doors_to_order(Purpose::View)?;
    let reached: BTreeMap<HouseholdId, Access> =
        rows.iter().map(|door| (door.id, door.access)).collect();
    for door in &mut doors {
        // What this phone recorded since is not in the file.
        door.access = reached.get(&door.household).copied().unwrap_or(door.access);
    }
    let all = AddressedStop::all_of(doors);
    let has = |stop: &AddressedStop, these: &BTreeSet<HouseholdId>| {
        stop.stop.doors.iter().any(|door| these.contains(door))
    };
    let (may_be, closed): (Vec<_>, Vec<_>) = all.into_iter().partition(|stop| has(stop, &may));
    let (early, open): (Vec<_>, Vec<_>) =
        may_be.into_iter().partition(|stop| has(stop, &waits) && !has(stop, &left));
    let after = early.into_iter().chain(closed).map(|stop| stop.stop).collect();
    Ok((open, after, u32::try_from(waits.len()).unwrap_or(u32::MAX)))
}

/// Stops and streets as walks are made of them.
struct Walking<'a> {
    stops: Vec<WalkStop<'a>>,
    ground: Ground<'a>,
}

impl<'a> Walking<'a> {
    fn of(stops: &'a [AddressedStop], streets: Option<&'a Arc<StreetPack>>) -> Self {
        let stops = stops.iter().map(|stop| stop.walk_stop(&WorkCosts::default()));
        Self { stops: stops.collect(), ground: ground(streets) }
    }

    fn terrain(&self, ends: WalkEnds) -> Terrain<'a, 'a> {
        Terrain::new(&self.stops, ends, self.ground, &WorkCosts::default())
    }
}

pub(super) fn ground(streets: Option<&Arc<StreetPack>>) -> Ground<'_> {
    Ground { streets: streets.map(Arc::as_ref), ..Ground::default() }
}

fn put<'s>(writer: &ListWriter<'_>, stops: impl Iterator<Item = &'s Stop>) -> Result<(), Error> {
    let nums: BTreeMap<HouseholdId, i64> = writer.rows().household_ids()?.into_iter().collect();
    for (stop, number) in stops.zip(0_u32..) {
        for (household, place) in stop.doors.iter().zip(0_u32..) {
            if let Some(num) = nums.get(household) {
                writer.put_order(*num, number, place)?;
            }
        }
    }
    Ok(())
}
