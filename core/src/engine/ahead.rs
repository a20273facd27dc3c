//! What lies ahead on a list: the stops that are still to be walked to, the way past them, and
//! the words for it.

use std::sync::Arc;

use crate::canvass::Purpose;
use crate::engine::Engine;
use crate::engine::error::Error;
use crate::engine::lists::ListReader;
use crate::engine::offers::Offers;
use crate::engine::order::ground;
use crate::geometry::Point;
use crate::id::{HouseholdId, ListId};
use crate::say::{LengthUnit, walk_step};
use crate::store::DoorRow;
use crate::street::StreetPack;
use crate::time::Timestamp;
use crate::walk::{Terrain, WalkEnds, WalkStep, WalkStop, WorkCosts};
use crate::walklist::{Access, Address, CanvassResult};

/// The way past the next stops of a list, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DirectionsView {
    /// The steps, in order.
    pub steps: Vec<DirectionStep>,
    /// Metres of walking.
    pub length_m: f64,
    /// Seconds of walking, waits at crossings included.
    pub walk_s: f64,
    /// Whom to thank for the streets: to be shown with the directions, as the data's licence
    /// asks. Empty where no street is known.
    pub attribution: String,
}

/// One instruction, and the doors it leads to.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DirectionStep {
    /// The instruction as a sentence, fit for a screen reader.
    pub sentence: String,
    /// The same as facts; its stops are places among those that lie ahead, from 0.
    pub step: WalkStep,
    /// The households behind the doors, in the order to knock on them.
    pub households: Vec<HouseholdId>,
}

/// A stop with doors that are still to be knocked on.
pub(super) struct StopAhead {
    pub(super) stop: u32,
    pub(super) point: Point,
    address: Address,
    pub(super) households: Vec<HouseholdId>,
    pub(super) doors: Vec<DoorAhead>,
}

/// What is known of a door that is still to be knocked on.
pub(super) struct DoorAhead {
    /// People who may be spoken with.
    pub(super) people: u32,
    /// When nobody opened last, in seconds.
    pub(super) not_home_at_s: Option<i64>,
    /// How it is reached.
    pub(super) access: Access,
    /// Seconds until the window closes in which someone there expects to be come back to now.
    pub(super) closes_in_s: Option<f64>,
}

/// What lies ahead on a list.
pub(super) struct Ahead {
    /// The stops, in walking order.
    pub(super) stops: Vec<StopAhead>,
    /// Doors that are left out because the window in which to come back has not begun.
    pub(super) waiting: u32,
}

/// Most stops that directions are given for at once: what a screen scrolls through.
const MOST_STOPS: u32 = 200;

impl Engine {
    /// How to walk past the next `count` stops that are not done (at most 200), from where the
    /// walker is if that is told. Along the streets that came with the list, else by straight
    /// lines.
    pub fn directions(
        &self,
        list: ListId,
        here: Option<Point>,
        count: u32,
        unit: LengthUnit,
    ) -> Result<DirectionsView, Error> {
        let streets = self.streets(list)?;
        let mut stops = self.ahead(list)?.stops;
        stops.truncate(count.min(MOST_STOPS) as usize);
        let walked = walk_stops(&stops);
        let ends = WalkEnds { start: here, ..WalkEnds::default() };
        let terrain = Terrain::new(&walked, ends, ground(streets.as_ref()), &WorkCosts::default());
        let order: Vec<u32> = (0..).zip(&stops).map(|(at, _)| at).collect();
        let walk = terrain.measured(order);
        let language = self.words();
        let steps = terrain.directions(&walk.order).into_iter().map(|step| DirectionStep {
            sentence: walk_step(language, unit, &step),
            households: households(&stops, &step),
            step,
        });
        Ok(DirectionsView {
            steps: steps.collect(),
            length_m: walk.length_m,
            walk_s: walk.walk_s,
            attribution: attribution(streets.as_ref()),
        })
    }
}

impl Engine {
    /// The stops of a list with doors that are not done, that nobody else has claimed, and that
    /// it is not too early for, in walking order.
    pub(super) fn ahead(&self, list: ListId) -> Result<Ahead, Error> {
        let clock = self.claim_clock()?;
        self.read(list, |reader| ahead_of(reader, &Offers::of(reader, clock)))
    }
}

pub(super) fn attribution(streets: Option<&Arc<StreetPack>>) -> String {
    streets.map(|streets| streets.info().attribution).unwrap_or_default()
}

fn households(stops: &[StopAhead], step: &WalkStep) -> Vec<HouseholdId> {
    let stops = stops.get(step.first_stop as usize..=step.last_stop as usize).unwrap_or_default();
    stops.iter().flat_map(|stop| stop.households.iter().copied()).collect()
}

pub(super) fn walk_stops(stops: &[StopAhead]) -> Vec<WalkStop<'_>> {
    let costs = WorkCosts::default();
    stops
        .iter()
        .map(|stop| WalkStop {
            work: costs.behind(stop.doors.iter().map(|door| door.access)),
            ..WalkStop::at_address(stop.point, &stop.address, 0)
        })
        .collect()
}

fn ahead_of(reader: &ListReader, offers: &Offers) -> Result<Ahead, Error> {
    let mut stops: Vec<StopAhead> = Vec::new();
    let doors = reader.db.doors(Purpose::Queue, None, u32::MAX)?;
    let waiting = doors.iter().filter(|door| offers.waits(door)).count();
    for door in doors.into_iter().filter(|door| !door.done && offers.has(door)) {
        if stops.last().is_none_or(|last| last.stop != door.stop) {
            stops.push(StopAhead::of(&door));
        }
        if let Some(stop) = stops.last_mut() {
            stop.households.push(door.id);
            let not_home = door.result == Some(CanvassResult::NotHome);
            let not_home_at_s = door.last_at.filter(|_| not_home).map(Timestamp::seconds);
            let closes_in_s = offers.closes_in_s(&door);
            let (people, access) = (door.people, door.access);
            stop.doors.push(DoorAhead { people, not_home_at_s, access, closes_in_s });
        }
    }
    Ok(Ahead { stops, waiting: u32::try_from(waiting).unwrap_or(u32::MAX) })
}

impl StopAhead {
    fn of(door: &DoorRow) -> Self {
        let (stop, point, address) = (door.stop, door.point, door.address.clone());
        Self { stop, point, address, households: Vec::new(), doors: Vec::new() }
    }
}
