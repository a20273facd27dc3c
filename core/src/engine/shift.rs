//! A shift that fits the time, and an order planned anew on the way.

use crate::canvass::Purpose;
use crate::engine::ahead::{Ahead, StopAhead, walk_stops};
use crate::engine::error::Error;
use crate::engine::order::ground;
use crate::engine::{Engine, Opened};
use crate::geometry::Point;
use crate::id::ListId;
use crate::route::Effort;
use crate::store::ListDb;
use crate::walk::{AnswerChances, Due, Terrain, WalkEnds, WorkCosts};

/// What a shift is planned for.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ShiftInput {
    /// Minutes of walking and work.
    pub minutes: f64,
    /// Where the walker sets out, for example the car.
    pub start: Option<Point>,
    /// Where the walker wants to arrive.
    pub end: Option<Point>,
    /// Whether the walk comes back to its start; `end` is ignored then.
    pub back: bool,
    /// The local hour at which the shift begins, 0 to 23: at some hours more doors open.
    pub local_hour: u8,
    /// Minutes by which local time is ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// A shift that was planned: its stops are the next ones of the list now.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PlannedShift {
    /// Stops in it.
    pub stops: u32,
    /// Doors at these stops.
    pub doors: u32,
    /// Metres of walking.
    pub length_m: f64,
    /// Seconds of walking, waits at crossings included.
    pub walk_s: f64,
    /// Seconds of work at the doors.
    pub work_s: f64,
    /// Conversations to expect: people at these doors times the chance that someone opens.
    pub conversations: f64,
    /// No choice of stops within the time would lead to more conversations than this.
    pub most_conversations: f64,
    /// Doors that are left out because the window in which to come back has not begun.
    pub waiting: u32,
    /// Stops that are left out because of what is in the way: a loose dog, a locked entrance.
    pub left_out: u32,
}

/// An order that was planned anew.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OrderAgain {
    /// Stops that are left.
    pub stops: u32,
    /// Metres of walking past them, from where the walker is.
    pub length_m: f64,
    /// Stops that nothing happened to changed places: say so before the walker wonders.
    pub is_new: bool,
    /// Stops that were brought forward because the window in which to come back would close
    /// before the walker is there.
    pub brought_forward: u32,
    /// Doors that are left out because the window in which to come back has not begun.
    pub waiting: u32,
    /// Stops that are left out because of what is in the way: a loose dog, a locked entrance.
    /// They come after all others.
    pub left_out: u32,
}

/// The chance of an answer is told in thousandths.
const WHOLE: f64 = 1_000.0;
/// Two phones plan the same shift for the same list.
const SHIFT_SEED: u64 = 0;

impl Engine {
    /// Chooses the stops of a list that are worth most within some minutes, and puts them next,
    /// in walking order; the others follow as they were.
    ///
    /// Fails with [`Error::TooLittleTime`] if not even the way from the start to the end fits.
    pub fn plan_shift(&self, list: ListId, input: &ShiftInput) -> Result<PlannedShift, Error> {
        let opened = self.opened()?;
        let streets = self.streets(list)?;
        let Ahead { stops: ahead, waiting } = self.ahead(list)?;
        let walked = walk_stops(&ahead);
        let ends = WalkEnds { start: input.start, end: input.end, closed: input.back };
        let terrain = Terrain::new(&walked, ends, ground(streets.as_ref()), &WorkCosts::default());
        let values: Vec<u32> = ahead.iter().map(|stop| worth(stop, input)).collect();
        let seconds = input.minutes * 60.0;
        let shift = terrain
            .shift(seconds, &values, Effort::Quick, SHIFT_SEED)
            .map_err(|_| Error::TooLittleTime)?;
        let (chosen, left_out) = (&shift.walk.order, &shift.walk.left_out);
        let rest = (0..).zip(&ahead).map(|(at, _)| at);
        let rest = rest.filter(|at| !chosen.contains(at) && !left_out.contains(at));
        let order = chosen.iter().copied().chain(rest).chain(left_out.iter().copied());
        let order: Vec<u32> = order.collect();
        self.put_ahead(&opened, list, &ahead, &order)?;
        let doors = chosen.iter().map(|at| ahead[*at as usize].households.len()).sum::<usize>();
        Ok(PlannedShift {
            stops: count(chosen.len()),
            doors: count(doors),
            length_m: shift.walk.length_m,
            walk_s: shift.walk.walk_s,
            work_s: shift.walk.work_s,
            conversations: shift.value as f64 / WHOLE,
            most_conversations: shift.bound as f64 / WHOLE,
            waiting,
            left_out: count(left_out.len()),
        })
    }

    /// Plans the stops that are left anew from where the walker is. What need not change stays
    /// as it was; a call takes about a millisecond for 120 stops. Where somebody expects to be
    /// come back to, the walker is 20 minutes before the window closes, as far as that can be:
    /// only stops that would be too late are brought forward.
    pub fn replan(&self, list: ListId, here: Point) -> Result<OrderAgain, Error> {
        let opened = self.opened()?;
        let streets = self.streets(list)?;
        let Ahead { stops: ahead, waiting } = self.ahead(list)?;
        let walked = walk_stops(&ahead);
        let ends = WalkEnds { start: Some(here), ..WalkEnds::default() };
        let terrain = Terrain::new(&walked, ends, ground(streets.as_ref()), &WorkCosts::default());
        let before: Vec<u32> = (0..).zip(&ahead).map(|(at, _)| at).collect();
        let again = terrain.again(&before, (&[], &[]), &due(&ahead));
        let again = again.map_err(|_| Error::TooLittleTime)?;
        let left_out = &again.walk.left_out;
        let order: Vec<u32> = again.walk.order.iter().chain(left_out).copied().collect();
        if order != before {
            self.put_ahead(&opened, list, &ahead, &order)?;
        }
        let left_out = count(left_out.len());
        let (stops, length_m) = (count(again.walk.order.len()), again.walk.length_m);
        let brought_forward = count(again.forward.len());
        let is_new = again.is_new;
        Ok(OrderAgain { stops, length_m, is_new, brought_forward, waiting, left_out })
    }

    /// Numbers the stops of a list anew: those that are done first, then these in this order,
    /// then all others.
    fn put_ahead(
        &self,
        opened: &Opened,
        list: ListId,
        ahead: &[StopAhead],
        order: &[u32],
    ) -> Result<(), Error> {
        let open = opened.list(&opened.main(), &self.ports, list)?;
        let walked = open.read().db.stops(Purpose::Walk)?;
        let done = walked.iter().filter(|stop| stop.done == stop.doors).map(|stop| stop.stop);
        let next = order.iter().filter_map(|at| Some(ahead.get(*at as usize)?.stop));
        let stops: Vec<u32> = done.chain(next).collect();
        let mut db = ListDb::open(&opened.directory, list, &open.key, false)?;
        let writer = db.write()?;
        writer.renumber_stops(&stops)?;
        writer.commit()?;
        self.refresh(opened, list)
    }
}

/// The stops where somebody is expected, by the window that closes first there.
fn due(ahead: &[StopAhead]) -> Vec<Due> {
    let due = (0..).zip(ahead).filter_map(|(stop, at)| {
        let closes_in_s = at.doors.iter().filter_map(|door| door.closes_in_s).reduce(f64::min)?;
        Some(Due { stop, closes_in_s })
    });
    due.collect()
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// What a stop is worth: its people times the chance that someone opens, in thousandths, which is
/// high where someone expects to be come back to now. A door behind which nobody is known counts
/// as one.
fn worth(stop: &StopAhead, input: &ShiftInput) -> u32 {
    let chances = AnswerChances::default();
    let offset_s = i64::from(input.utc_offset_minutes) * 60;
    let hour =
        |at_s: i64| u8::try_from((at_s + offset_s).div_euclid(3_600).rem_euclid(24)).unwrap_or(0);
    let doors = stop.doors.iter();
    // A door that is left out of walks is worth nothing to one.
    let costs = WorkCosts::default();
    doors
        .filter(|door| !costs.leaves_out(door.access))
        .map(|door| {
            let unanswered: Vec<u8> = door.not_home_at_s.map(hour).into_iter().collect();
            let chance = if door.closes_in_s.is_some() {
                chances.expected()
            } else {
                chances.at(input.local_hour, &unanswered)
            };
            door.people.max(1).saturating_mul(chance)
        })
        .fold(0, u32::saturating_add)
}
