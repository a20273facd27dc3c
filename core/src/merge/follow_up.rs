//! Follow-ups: windows within which somebody is to come back to a door.
//!
//! A follow-up is only ever added: two people who agreed on different windows are both held to
//! what they said, and nobody has to choose. One is kept when someone knocks within its window or
//! after it, whoever it is; it ends before that only when it is taken back, itself or with the
//! attempt at which it was agreed. A knock before its window does not end it.
//!
//! Follow-ups are no part of a digest: a build that does not know them compares alike.

use crate::canvass::Promise;
use crate::change::Body;
use crate::id::{CanvasserId, ChangeId, PersonId};
use crate::merge::fold::{Content, Registers};
use crate::merge::register::Register;
use crate::merge::state::{AttemptState, HouseholdState};
use crate::time::Timestamp;
use crate::walklist::{CanvassResult, TimeWindow};

/// One follow-up that was not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUpState {
    /// The change.
    pub change: ChangeId,
    /// Who agreed on it.
    pub canvasser: CanvasserId,
    /// When.
    pub at: Timestamp,
    /// Whom to ask for; nobody in particular.
    pub person: Option<PersonId>,
    /// From when until when.
    pub window: TimeWindow,
    /// Whether the server has sequenced it.
    pub sequenced: bool,
    /// The attempt that kept it: the first within its window or after it.
    pub kept_by: Option<ChangeId>,
}

/// What a follow-up's field says, if it stands.
pub(super) fn follow_up(
    registers: &Registers<'_>,
    register: &Register<Content<'_>>,
) -> Option<FollowUpState> {
    let write = registers.author(register.live().next()?.id)?;
    let Body::FollowUp(body) = &write.change.body else { return None };
    Some(FollowUpState {
        change: write.change.id,
        canvasser: write.canvasser,
        at: write.at(),
        person: write.change.member,
        window: body.window,
        sequenced: write.effective.is_some(),
        kept_by: None,
    })
}

/// Puts follow-ups in their order, finds which were kept, and what they mean for the door. The
/// attempts are in theirs.
pub(super) fn settle(state: &mut HouseholdState) {
    state.follow_ups.sort_by_key(|it| (it.window, it.at, it.change));
    for follow_up in &mut state.follow_ups {
        let kept = state.attempts.iter().find(|attempt| keeps(attempt, follow_up));
        follow_up.kept_by = kept.map(|attempt| attempt.id);
    }
    state.standing.promise = promise(state);
}

/// Whether an attempt is one within a follow-up's window or after it, and came after its making.
/// What came in the same second came before, unless one phone wrote both and says otherwise.
fn keeps(attempt: &AttemptState, follow_up: &FollowUpState) -> bool {
    let (knock, promise) = (attempt.id, follow_up.change);
    let is_own = knock.device == promise.device && knock > promise;
    let is_later = attempt.at > follow_up.at || attempt.at == follow_up.at && is_own;
    // Who called has not come back.
    is_later && attempt.at >= follow_up.window.from && attempt.reach.is_none()
}

fn promise(state: &HouseholdState) -> Promise {
    let says_come_back = |attempt: &AttemptState| {
        let people = attempt.people.iter().map(|(_, result)| *result);
        attempt.door.into_iter().chain(people).any(|result| result == CanvassResult::ComeBack)
    };
    if state.follow_ups.iter().any(|it| it.kept_by.is_none()) {
        return Promise::Open;
    }
    let asked_again = state.attempts.last().is_some_and(says_come_back);
    if state.follow_ups.is_empty() || asked_again { Promise::None } else { Promise::Kept }
}
