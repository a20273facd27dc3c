//! Coming back: windows agreed on at a door, kept by whoever knocks in time.

use crate::canvass::{Purpose, RecordError, check_window};
use crate::change::{Body, FollowUpBody};
use crate::engine::Engine;
use crate::engine::draft::Draft;
use crate::engine::error::Error;
use crate::engine::lists::ListReader;
use crate::engine::view::{FollowUpView, Saved};
use crate::engine::whereabouts::Whereabouts;
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::merge::{FieldId, FieldKey, FollowUpState};
use crate::say::{self, Language};
use crate::time::Timestamp;
use crate::walklist::TimeWindow;

/// A window in which to come back, to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FollowUpInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// Whom to ask for; nobody in particular.
    pub person: Option<PersonId>,
    /// From when until when, agreed on in the campaign's local time. It may have begun, and must
    /// not be over.
    pub window: TimeWindow,
    /// The attempt at which it was agreed on, and is taken back with; nothing if it was another
    /// occasion.
    pub attempt: Option<ChangeId>,
}

impl Engine {
    /// Records that somebody is to come back to a door within a window: until then it is left
    /// out of the queue, and within it worth more. Kept by the first knock within the window or
    /// after it, by whomever; taken back with [`Engine::undo`]. Several windows at one door are
    /// each kept on their own.
    pub fn record_follow_up(&self, input: &FollowUpInput) -> Result<Saved, Error> {
        self.record(input.list, input.household, |at| {
            input.person.map_or(Ok(()), |person| at.check_person(person))?;
            input.attempt.map_or(Ok(()), |attempt| at.check_attempt(attempt))?;
            let window = check_window(input.window, at.now)?;
            Ok(vec![draft(input.person, window, input.attempt)])
        })
        .map(Saved::from)
    }

    /// Where to come back, and when: the doors of a list with a window that nobody has kept, the
    /// earliest first.
    pub fn follow_ups(&self, list: ListId) -> Result<Vec<FollowUpView>, Error> {
        let (now, language) = (self.now(), self.words());
        let known = Whereabouts::of(&self.opened()?.main())?;
        self.read(list, |reader| {
            let doors = reader.db.doors(Purpose::Queue, None, u32::MAX)?;
            let open = doors.iter().flat_map(|door| {
                reader
                    .follow_ups_of(door.id)
                    .iter()
                    .map(|it| view(reader, door.id, it, (now, language, &known)))
            });
            let mut views: Vec<FollowUpView> = open.collect();
            views.sort_by_key(|view| (view.window, view.at, view.change));
            Ok(views)
        })
    }

    /// Notes that literature was left at an attempt of one's own, whatever its result, or takes
    /// that back.
    pub fn set_literature(
        &self,
        list: ListId,
        household: HouseholdId,
        attempt: ChangeId,
        left: bool,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            let attempt = at.door.state.names.change(attempt);
            at.check_attempt(attempt)?;
            at.check_own(attempt)?;
            if left {
                return Ok(vec![Draft::of_household(Body::Literature(attempt))]);
            }
            let field = FieldId::of_household(FieldKey::Literature(attempt));
            let marks = at.door.state.base(&field);
            if marks.is_empty() {
                return Err(RecordError::NothingToUndo.into());
            }
            let undo = |mark| {
                at.check_undo(mark)?;
                Ok(Draft::of_household(Body::Undo(mark)))
            };
            marks.into_iter().map(undo).collect()
        })
        .map(Saved::from)
    }
}

/// The change that records a window.
pub(super) const fn draft(
    person: Option<PersonId>,
    window: TimeWindow,
    during: Option<ChangeId>,
) -> Draft {
    Draft { member: person, body: Body::FollowUp(FollowUpBody { window, during }) }
}

/// A follow-up as screens show it.
pub(super) fn view(
    reader: &ListReader,
    household: HouseholdId,
    follow_up: &FollowUpState,
    (now, language, known): (Timestamp, Language, &Whereabouts),
) -> FollowUpView {
    let kept = follow_up.kept_by.is_some();
    FollowUpView {
        household,
        person: follow_up.person,
        window: follow_up.window,
        phase: follow_up.window.phase(now),
        kept,
        sentence: say::follow_up(language, follow_up.window, kept, now),
        change: follow_up.change,
        by: reader.name(follow_up.canvasser),
        own: follow_up.canvasser == reader.me.canvasser,
        at: follow_up.at,
        saved: known.saved(follow_up.change, follow_up.sequenced),
    }
}
