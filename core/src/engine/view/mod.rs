//! View models: what one screen shows, read in one call.

mod disputes;
mod doors;
mod household;

pub use disputes::{
    CandidateView, ConflictSubject, ConflictView, CorrectionView, NoticeKind, NoticeView,
};
pub use doors::{
    AccessView, ClaimOutcome, ClaimResult, ClaimView, DoorPage, DoorView, DoorWindow, FollowUpView,
    NearbyDoor, NextStop, WalkListSummary, WalkListView,
};
pub use household::{
    AskChoice, AskView, AttemptView, ConsentView, ContactView, HouseholdNote, HouseholdView,
    NotContacted, PersonResult, PersonView, ResultChoice,
};

use crate::id::{ChangeId, PersonId};
use crate::time::Timestamp;

/// Where a record is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SavedWhere {
    /// On this phone only, durably.
    OnThisPhone,
    /// On another phone as well, which carries it to the campaign.
    OnAnotherPhone,
    /// At the campaign.
    AtCampaign,
}

/// What was saved. By the time a call returns this, it is durable on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Saved {
    /// The change.
    pub change: ChangeId,
    /// The attempt it is, or belongs to.
    pub attempt: Option<ChangeId>,
    /// The person it added.
    pub person: Option<PersonId>,
}

/// The Sync screen, in plain facts.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncStatus {
    /// Changes that are safe on this phone and nowhere else yet.
    pub on_this_phone: u32,
    /// Changes that another phone has as well, and that the campaign is not known to have.
    pub on_another_phone: u32,
    /// Changes that are safe at the campaign and not yet confirmed by a pull.
    pub at_campaign: u32,
    /// Changes that the campaign keeps and could not use: someone should look at them.
    pub set_aside: u32,
    /// Fields on which people disagree, over all lists.
    pub conflicts: u32,
    /// How often a list of this phone was found to differ from the campaign's, and was put right.
    pub diverged: u32,
    /// The campaign has a server.
    pub has_server: bool,
    /// This phone is one of its devices.
    pub enrolled: bool,
    /// When the last complete sync ended.
    pub last_sync: Option<Timestamp>,
    /// No sync is tried before this moment, unless someone asks for it.
    pub next_try: Option<Timestamp>,
    /// The first moment at which a list of this phone closes if there is no sync before.
    pub lists_close_at: Option<Timestamp>,
    /// Lists that have closed on this phone because their time was over, or their key was lost.
    /// The next sync brings them anew, if they are still this phone's.
    pub lists_closed: u32,
    /// The phone's clock is certainly wrong. It only means that times are shown wrong.
    pub clock_is_off: bool,
    /// How long ago the last complete sync ended, in words.
    pub last_sync_sentence: String,
    /// All of it in words, as a screen reader speaks it.
    pub sentence: String,
}
