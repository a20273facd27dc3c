//! Which doors of a list may be offered now: whom others hold, and whose window has not begun,
//! are left out and told.
//!
//! Windows are agreed on in local time, so they are looked at with this phone's own clock.

use std::collections::BTreeMap;

use crate::engine::claims::ClaimClock;
use crate::engine::lists::ListReader;
use crate::engine::view::{DoorView, DoorWindow};
use crate::id::{CanvasserId, HouseholdId};
use crate::merge::FollowUpState;
use crate::say::{self, DoorFacts, Language};
use crate::store::DoorRow;
use crate::time::Timestamp;
use crate::walk::BEFORE_CLOSING_S;
use crate::walklist::WindowPhase;

/// What keeps doors of a list from being offered, and what makes them worth more.
pub(super) struct Offers {
    held: BTreeMap<HouseholdId, CanvasserId>,
    windows: BTreeMap<HouseholdId, DoorWindow>,
    now: Timestamp,
}

impl Offers {
    pub(super) fn of(reader: &ListReader, clock: ClaimClock) -> Self {
        let me = reader.me.canvasser;
        let held = reader.claimed().filter_map(|(household, claims)| {
            // Whether the door is done is seen with its row.
            let holder = clock.holder(claims, false)?;
            (holder.canvasser != me).then_some((household, holder.canvasser))
        });
        let windows = reader.followed_up().filter_map(|(household, follow_ups)| {
            Some((household, door_window(follow_ups, clock.own)?))
        });
        Self { held: held.collect(), windows: windows.collect(), now: clock.own }
    }

    /// Whether this door may be offered, if it is not done: nobody else holds it, and it is not
    /// too early for it.
    pub(super) fn has(&self, door: &DoorRow) -> bool {
        door.done || !(self.held.contains_key(&door.id) || self.waits(door))
    }

    /// Whether the window in which to come back to this door has not begun.
    pub(super) fn waits(&self, door: &DoorRow) -> bool {
        self.phase(door) == Some(WindowPhase::NotYet)
    }

    /// Whether someone there expects to be come back to now.
    pub(super) fn expects(&self, door: &DoorRow) -> bool {
        self.phase(door) == Some(WindowPhase::Open)
    }

    /// Seconds until the window closes in which someone there expects to be come back to.
    pub(super) fn closes_in_s(&self, door: &DoorRow) -> Option<f64> {
        let window = self.windows.get(&door.id).filter(|_| self.expects(door))?;
        Some(self.left_s(window))
    }

    fn left_s(&self, window: &DoorWindow) -> f64 {
        window.window.until.millis_since(self.now) as f64 / 1_000.0
    }

    /// The doors that somebody has to go to now or miss the window, the first to close first.
    pub(super) fn closing(&self) -> Vec<HouseholdId> {
        let open = self.windows.iter().filter(|(_, it)| it.phase == WindowPhase::Open);
        let due = open.filter(|(_, window)| self.left_s(window) <= BEFORE_CLOSING_S);
        let mut due: Vec<_> = due.map(|(door, window)| (window.window.until, *door)).collect();
        due.sort_unstable();
        due.into_iter().map(|(_, door)| door).collect()
    }

    fn phase(&self, door: &DoorRow) -> Option<WindowPhase> {
        self.windows.get(&door.id).filter(|_| !door.done).map(|window| window.phase)
    }

    /// Whether nobody is to be come back to at all.
    pub(super) fn is_nobody_expected(&self) -> bool {
        self.windows.is_empty()
    }

    /// When the window of a door that is waited for begins.
    pub(super) fn begins(&self, door: &DoorRow) -> Option<Timestamp> {
        self.waits(door).then(|| self.windows[&door.id].window.from)
    }

    /// A door as lists show it, in words of this language.
    pub(super) fn view(&self, reader: &ListReader, door: DoorRow, words: Language) -> DoorView {
        let holder = self.held.get(&door.id).filter(|_| !door.done);
        let held_by = holder.map(|who| reader.name(*who));
        let come_back = self.windows.get(&door.id).filter(|_| !door.done).copied();
        let facts = DoorFacts {
            people: door.people,
            unit_count: door.unit_count,
            knocked: door.last_at.map(|at| (door.result, self.now.millis_since(at))),
            held_by: held_by.clone(),
            come_back: come_back.map(|window| window.phase),
        };
        let title = say::address_line(words, &door.address);
        let sentence = say::door_state(words, &facts);
        DoorView { held_by, come_back, title, sentence, ..DoorView::from(door) }
    }
}

/// The window that counts for a door now: one that is open, else the next, else the last one.
pub(super) fn door_window(follow_ups: &[FollowUpState], now: Timestamp) -> Option<DoorWindow> {
    let open = follow_ups.iter().filter(|it| it.kept_by.is_none());
    let windows = open.map(|it| (it.window.phase(now), it.window));
    // `Open` before `NotYet` before `Over`; of the open ones the one that ends first.
    let (phase, window) = windows.min_by_key(|(phase, window)| match phase {
        WindowPhase::Open => (*phase, window.until),
        WindowPhase::NotYet | WindowPhase::Over => (*phase, window.from),
    })?;
    Some(DoorWindow { window, phase })
}
