//! Claims: who has said that they go to a door, and who holds it.
//!
//! A claim is only ever added, and speaks of the door as a whole. Several people may claim one
//! door without having heard of each other; none of them is refused or lost. The one whose claim
//! the server sequenced first holds the door, and everyone who knows these claims says so. A
//! claim ends when it is taken back, when the door is done, or after [`CLAIM_MS`]. It binds
//! nobody: whatever is recorded at a door that someone else holds counts as anywhere.
//!
//! Claims are no part of a digest: a build that does not know them compares alike.

use crate::change::Body;
use crate::id::{CanvasserId, ChangeId};
use crate::merge::fold::{Content, Registers};
use crate::merge::register::Register;
use crate::merge::state::HouseholdState;
use crate::time::Timestamp;

/// For how long a claim holds a door: four hours, longer than a shift of canvassing (two to
/// three hours) and short enough that a door nobody came to is free again the same day. Counted
/// from when it was claimed by the server's reckoning, or by the phone's own until then.
pub const CLAIM_MS: i64 = 4 * 60 * 60 * 1000;

/// One claim that was not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimState {
    /// The change.
    pub change: ChangeId,
    /// Who goes there.
    pub canvasser: CanvasserId,
    /// When it was made.
    pub at: Timestamp,
    /// Its place in the order of its cell; nothing while the server has not sequenced it.
    pub cell_seq: Option<u64>,
}

impl ClaimState {
    /// The moment at which it ends by itself.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.at.plus_millis(CLAIM_MS)
    }

    /// Whether its time is not over yet.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until()
    }

    /// Sequenced ones come first, in their order; then those that only phones know.
    fn rank(&self) -> (u64, Timestamp, ChangeId) {
        (self.cell_seq.unwrap_or(u64::MAX), self.at, self.change)
    }
}

/// The claim that holds a door among these, which are in their order: the first whose time is
/// not over, as `holds` says by whatever clock. A door that is done is held by nobody.
pub fn holder(
    claims: &[ClaimState],
    is_done: bool,
    holds: impl Fn(&ClaimState) -> bool,
) -> Option<&ClaimState> {
    claims.iter().filter(|_| !is_done).find(|claim| holds(claim))
}

/// The claim that a door was held by when this one, of someone else, was made.
#[must_use]
pub(super) fn held_before(state: &HouseholdState, claim: ChangeId) -> Option<&ClaimState> {
    let place = state.claims.iter().position(|known| known.change == claim)?;
    let own = &state.claims[place];
    let before = &state.claims[..place];
    let holder = holder(before, state.standing.is_done(), |claim| claim.holds(own.at))?;
    (holder.canvasser != own.canvasser).then_some(holder)
}

/// What a claim's field says, if it stands.
pub(super) fn claim(
    registers: &Registers<'_>,
    register: &Register<Content<'_>>,
) -> Option<ClaimState> {
    let write = registers.author(register.live().next()?.id)?;
    let is_claim = write.change.body == Body::Claim && write.change.member.is_none();
    is_claim.then(|| ClaimState {
        change: write.change.id,
        canvasser: write.canvasser,
        at: write.at(),
        cell_seq: write.cell_seq,
    })
}

/// Puts claims in their order.
pub(super) fn order(claims: &mut [ClaimState]) {
    claims.sort_by_key(ClaimState::rank);
}
