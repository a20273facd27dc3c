//! Lists of lists, of doors and of claims.

use super::SavedWhere;
use crate::geometry::Point;
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::time::Timestamp;
use crate::walklist::{Access, Address, CanvassResult, Progress, TimeWindow, WindowPhase};

/// A walk list in the list of lists.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WalkListSummary {
    /// The list.
    pub list: ListId,
    /// Its number within the campaign, as printed and spoken.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// How far it is walked, unsent work included.
    pub progress: Progress,
    /// It has arrived and can be walked.
    pub ready: bool,
    /// Without another sync it closes at this moment at the latest; nothing if it never does.
    pub readable_until: Option<Timestamp>,
    /// What it is called: its number and name.
    pub title: String,
    /// How far it is walked, in words.
    pub sentence: String,
}

/// The Walk List screen: progress, the next stop, and the first page of doors.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WalkListView {
    /// The list.
    pub summary: WalkListSummary,
    /// Where to go next; nothing when every door is done.
    pub next: Option<NextStop>,
    /// The first doors in walking order.
    pub page: DoorPage,
    /// Doors that it is too early for: the window in which to come back has not begun.
    pub waiting: u32,
    /// When the first of their windows begins.
    pub waiting_until: Option<Timestamp>,
    /// The doors that it is too early for, in words; empty if there are none.
    pub waiting_sentence: String,
}

/// The next place to halt at, with its doors that are still to be knocked on.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NextStop {
    /// The stop's place in the walking order, from 0.
    pub stop: u32,
    /// Where it is.
    pub point: Point,
    /// Straight-line metres from where the walker is, if that was told.
    pub distance_m: Option<f64>,
    /// Its open doors, in the order to knock on them.
    pub doors: Vec<DoorView>,
    /// Where it is: the address of its door, or of the building when there are several.
    pub title: String,
    /// That it is the next stop, and how many doors it has, in words.
    pub sentence: String,
}

/// Some doors of a list, in walking order.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DoorPage {
    /// The doors.
    pub doors: Vec<DoorView>,
    /// Where the next page begins; nothing after the last one.
    pub next: Option<String>,
}

/// A door as lists show it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DoorView {
    /// The household behind it.
    pub household: HouseholdId,
    /// The place of its stop in the walking order, from 0.
    pub stop: u32,
    /// Its place within the stop, from 0.
    pub place: u32,
    /// Its address.
    pub address: Address,
    /// Its position.
    pub point: Point,
    /// Dwellings behind the one door; 1 for an ordinary home.
    pub unit_count: u32,
    /// People there who may be spoken with.
    pub people: u32,
    /// The result that counts, if someone knocked.
    pub result: Option<CanvassResult>,
    /// How often someone knocked.
    pub knocks: u32,
    /// Done with for now.
    pub done: bool,
    /// When someone last knocked.
    pub last_at: Option<Timestamp>,
    /// Who else has claimed it and goes there now, by name; empty when the name is not known
    /// here, nothing when nobody has.
    pub held_by: Option<String>,
    /// When to come back to it, if that was agreed on and nobody has.
    pub come_back: Option<DoorWindow>,
    /// Its address on one line.
    pub title: String,
    /// How it stands, in words, as a screen reader speaks it.
    pub sentence: String,
    /// How it is reached. A gate takes its time; where a dog is loose or nobody gets in, the door
    /// comes last.
    pub access: Access,
}

/// A window in which to come back to a door, and where this moment lies in respect to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DoorWindow {
    /// The window; of several the one that counts now.
    pub window: TimeWindow,
    /// Not begun: the door is left out of the queue. Open: it is worth more. Over: it is offered
    /// like any other.
    pub phase: WindowPhase,
}

/// A window in which to come back to a household.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FollowUpView {
    /// The household.
    pub household: HouseholdId,
    /// Whom to ask for; nobody in particular.
    pub person: Option<PersonId>,
    /// From when until when.
    pub window: TimeWindow,
    /// Where this moment lies in respect to it.
    pub phase: WindowPhase,
    /// Somebody knocked within it or after it: there is nothing left to do.
    pub kept: bool,
    /// Where this moment lies, in words, as a screen reader speaks it.
    pub sentence: String,
    /// The change that recorded it: to take it back.
    pub change: ChangeId,
    /// Who agreed on it, by name; empty when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// When it was agreed on.
    pub at: Timestamp,
    /// Where it is safe.
    pub saved: SavedWhere,
}

/// How a door is reached, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AccessView {
    /// How.
    pub access: Access,
    /// The same in words, as a screen reader speaks it.
    pub sentence: String,
    /// The change that says so: to take it back.
    pub change: ChangeId,
    /// Who said so, by name; empty for a file, or when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// A file said so.
    pub from_file: bool,
    /// When.
    pub at: Timestamp,
    /// Where it is safe.
    pub saved: SavedWhere,
}

/// A door and how far it is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NearbyDoor {
    /// The door.
    pub door: DoorView,
    /// Metres in a straight line.
    pub distance_m: f64,
}

/// What came of claiming a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ClaimOutcome {
    /// It is claimed, durably on this phone.
    Claimed,
    /// This canvasser held it already.
    YoursAlready,
    /// Someone else holds it: nothing was recorded.
    HeldByAnother,
    /// It is done: nothing was recorded.
    Done,
    /// Nobody is to be sent there: nothing was recorded.
    NotOffered,
}

/// What came of claiming one door.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ClaimResult {
    /// The household.
    pub household: HouseholdId,
    /// What came of it.
    pub outcome: ClaimOutcome,
    /// Who else holds it, by name; empty when nobody does, or when the name is not known here.
    pub by: String,
    /// The change that claims it, if one was recorded.
    pub change: Option<ChangeId>,
}

/// Who goes to a door that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ClaimView {
    /// The household.
    pub household: HouseholdId,
    /// Who holds it, by name; empty when the name is not known here.
    pub by: String,
    /// It is this canvasser.
    pub own: bool,
    /// This canvasser claimed it too, and another came first.
    pub lost: bool,
    /// Others who claimed it too and came later, by name.
    pub also: Vec<String>,
    /// When the claim ends, if the door is not done or released before.
    pub until: Timestamp,
    /// All of it in words, as a screen reader speaks it.
    pub sentence: String,
}
