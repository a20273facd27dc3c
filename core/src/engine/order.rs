//! The walking order of a list, kept in its file.

use std::collections::{BTreeMap, BTreeSet};

use crate::canvass::Purpose;
use crate::engine::Engine;
use crate::engine::error::Error;
use crate::geometry::Point;
use crate::id::{HouseholdId, ListId};
use crate::route::Effort;
use crate::store::{ListDb, ListWriter};
use crate::walk::{WalkEnds, plan};
use crate::walklist::{Stop, stops_of};

/// Up to here a list is put into walking order as it is imported; a larger one is read by
/// street and number until someone asks for an order.
const ORDER_AT_IMPORT: usize = 2_000;

/// A walking order that was planned.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PlannedOrder {
    /// Stops in it.
    pub stops: u32,
    /// Metres of walking between them.
    pub length_m: f64,
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
        let mut db = ListDb::open(&opened.directory, list, &open.key, false)?;
        let writer = db.write()?;
        // By the verdict as it is now, what this phone recorded since included. Closed doors
        // keep their place at their stop, and closed stops come after all others: whoever may
        // be walked to again is on the list again.
        let open: BTreeSet<HouseholdId> =
            open.read().db.households_for(Purpose::Route)?.into_iter().collect();
        let all = stops_of(writer.rows().doors_to_order(Purpose::View)?);
        let (stops, closed): (Vec<Stop>, Vec<Stop>) =
            all.into_iter().partition(|stop| stop.doors.iter().any(|door| open.contains(door)));
        let points: Vec<Point> = stops.iter().map(|stop| stop.point).collect();
        let route =
            plan(&points, WalkEnds { start, end, closed: false }, Effort::Thorough, ORDER_SEED);
        let ordered = route.order.iter().map(|stop| &stops[*stop as usize]);
        put(&writer, ordered.chain(&closed))?;
        writer.commit()?;
        self.refresh(&opened, list)?;
        let stops = u32::try_from(stops.len()).unwrap_or(u32::MAX);
        Ok(PlannedOrder { stops, length_m: route.length_m })
    }
}

/// Two phones with the same list plan the same order.
const ORDER_SEED: u64 = 0;

/// Puts all doors into the order in which a new list is read: walked, if it is not too long.
pub(super) fn put_default(writer: &ListWriter<'_>) -> Result<(), Error> {
    let stops = stops_of(writer.rows().doors_to_order(Purpose::View)?);
    if stops.len() > ORDER_AT_IMPORT {
        return put(writer, stops.iter());
    }
    let points: Vec<Point> = stops.iter().map(|stop| stop.point).collect();
    let route = plan(&points, WalkEnds::default(), Effort::Quick, ORDER_SEED);
    put(writer, route.order.iter().map(|stop| &stops[*stop as usize]))
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
