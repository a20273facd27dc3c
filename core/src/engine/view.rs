//! View models: what one screen shows, read in one call.

use crate::change::{ContactMark, ContactMedium, CorrectedField};
use crate::geometry::Point;
use crate::id::{ChangeId, ConflictId, HouseholdId, ListId, PersonId};
use crate::survey::{AskKind, AskState, ContactChannel};
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

/// The Household screen.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HouseholdView {
    /// The household.
    pub household: HouseholdId,
    /// The list it was opened from.
    pub list: ListId,
    /// Its address.
    pub address: Address,
    /// Its position.
    pub point: Point,
    /// Dwellings behind the one door; 1 for an ordinary home.
    pub unit_count: u32,
    /// Nobody here may be knocked for: do not knock.
    pub do_not_knock: bool,
    /// The household as a whole asked not to be contacted.
    pub do_not_contact: bool,
    /// The people, in the file's order, then those met.
    pub people: Vec<PersonView>,
    /// Earlier knocks, newest first.
    pub attempts: Vec<AttemptView>,
    /// Notes, oldest first.
    pub notes: Vec<HouseholdNote>,
    /// Fields on which people disagree.
    pub conflicts: Vec<ConflictView>,
    /// What was proposed to be put right here, and nobody has decided.
    pub corrections: Vec<CorrectionView>,
    /// What two people did here side by side and someone may want to look at. Nothing waits for
    /// it.
    pub notices: Vec<NoticeView>,
    /// When to come back here, those that were kept included; the earliest window first.
    pub follow_ups: Vec<FollowUpView>,
    /// How the door is reached, if anybody or any file said so.
    pub access: Option<AccessView>,
    /// Two people knocked here within hours of each other.
    pub double_knock: bool,
    /// Who has claimed the door and goes there now, if anybody has.
    pub claim: Option<ClaimView>,
    /// Results that may be recorded for the door as a whole.
    pub door_results: Vec<CanvassResult>,
    /// Results that may be recorded for one person.
    pub person_results: Vec<CanvassResult>,
    /// There is a script to follow.
    pub has_script: bool,
    /// The address on one line.
    pub title: String,
    /// Town and postal code.
    pub place: String,
    /// What to know before knocking, in words, the most important first: not to knock, who goes
    /// there, what others did here side by side, what was proposed.
    pub warnings: Vec<String>,
    /// `door_results` with their names: what is tapped most often comes first.
    pub door_choices: Vec<ResultChoice>,
    /// `person_results` likewise.
    pub person_choices: Vec<ResultChoice>,
    /// What a person may want of any campaign, with its name.
    pub ask_choices: Vec<AskChoice>,
}

/// An ask as a screen offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AskChoice {
    /// What is asked for.
    pub kind: AskKind,
    /// Its name, in the canvasser's language.
    pub name: String,
}

/// A result as a screen offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ResultChoice {
    /// The result.
    pub result: CanvassResult,
    /// Its name, in the canvasser's language.
    pub name: String,
    /// It is tapped at many doors: a screen keeps it within a thumb's reach.
    pub is_often: bool,
}

/// Why someone is not spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum NotContacted {
    /// They, or their household, asked not to be contacted.
    DoNotContact,
    /// They have died.
    Deceased,
    /// Their record is exempt.
    Exempt,
    /// They belong to another household now.
    Moved,
    /// They have voted already.
    Voted,
}

/// A person at a household.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PersonView {
    /// The person.
    pub person: PersonId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Year of birth as far as it is told, 0 when unknown.
    pub birth_year: u32,
    /// Party as the file spells it, empty when unknown.
    pub party: String,
    /// Preferred language, empty when unknown.
    pub language: String,
    /// The canvasser has told which languages they speak, and this person's is none of them.
    pub language_not_spoken: bool,
    /// Phone numbers and e-mail addresses.
    pub contacts: Vec<ContactView>,
    /// Why they are not to be spoken with; nothing when they may be.
    pub not_contacted: Option<NotContacted>,
    /// Channels by which they are not to be reached: they asked so, or a file says so. All of
    /// them for someone who is not to be contacted. Whoever reaches them all the same records it:
    /// nothing that happened is refused, and a notice says so
    /// ([`NoticeKind::ReachedThough`](crate::engine::NoticeKind)).
    pub closed_channels: Vec<ContactChannel>,
    /// The same in words, as a screen reader speaks it; empty when none is closed.
    pub closed_note: String,
    /// They were added at the door.
    pub met: bool,
    /// The last result recorded for them.
    pub result: Option<CanvassResult>,
    /// How many answers they have given.
    pub answers: u32,
    /// What they want of the campaign, and what they agree to.
    pub asks: Vec<AskView>,
    /// Given and family name.
    pub name: String,
    /// What is known of them and what came of it so far, in words.
    pub sentence: String,
}

/// What a person wants of the campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AskView {
    /// What.
    pub kind: AskKind,
    /// How it stands; nothing if only consent was spoken of.
    pub state: Option<AskState>,
    /// People disagree on how it stands.
    pub conflicted: bool,
    /// The change that wrote it.
    pub change: ChangeId,
    /// Who wrote it, by name; empty when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// When.
    pub at: Timestamp,
    /// What they agree to. Nothing: no file shows the ask.
    pub consent: Option<ConsentView>,
    /// They withdrew their consent.
    pub withdrawn: bool,
    /// All of it in words, as a screen reader speaks it.
    pub sentence: String,
    /// Where it is safe.
    pub saved: SavedWhere,
}

/// What a person agrees to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConsentView {
    /// Which words: `blake3:` and their hash, or `script:` with the version and the number of the
    /// question.
    pub words: String,
    /// The language of the words (BCP 47); empty when it is not known.
    pub language: String,
    /// By which channels they may be contacted.
    pub channels: Vec<ContactChannel>,
    /// Who was told so, by name; empty when the name is not known here.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A phone number or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ContactView {
    /// Phone or e-mail.
    pub medium: ContactMedium,
    /// The number or address.
    pub value: String,
    /// Whether it is good, wrong, or the one to use first.
    pub mark: ContactMark,
}

/// A result for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PersonResult {
    /// The person.
    pub person: PersonId,
    /// The result.
    pub result: CanvassResult,
}

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

/// An earlier knock.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AttemptView {
    /// The attempt.
    pub attempt: ChangeId,
    /// When.
    pub at: Timestamp,
    /// Who knocked, by name; empty when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// The result for the door as a whole.
    pub door: Option<CanvassResult>,
    /// The results for single people.
    pub people: Vec<PersonResult>,
    /// Literature was left, beside whatever the result is.
    pub literature: bool,
    /// By which channel someone was reached.
    pub channel: ContactChannel,
    /// The number that was called; empty for a knock.
    pub number: String,
    /// Where it is safe.
    pub saved: SavedWhere,
    /// It may still be taken back from here.
    pub may_undo: bool,
    /// Who, when and what came of it, in words.
    pub sentence: String,
}

/// A note about a household.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HouseholdNote {
    /// The note.
    pub note: ChangeId,
    /// When it was last written.
    pub at: Timestamp,
    /// Who wrote it, by name; empty when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// The text.
    pub text: String,
    /// Where it is safe.
    pub saved: SavedWhere,
    /// Who wrote it and how long ago, in words.
    pub byline: String,
}

/// What two people did side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum NoticeKind {
    /// Both knocked within hours of each other.
    DoubleKnock,
    /// One took something back that the other had written on since: what they wrote stays.
    WrittenOnSince,
    /// One took a knock back, and an answer that the other had from it went with it.
    AnswerWentToo,
    /// Both added someone of the same name.
    MetTwice,
    /// They say differently how the door is reached; the latest word is shown.
    AccessDiffers,
    /// Someone was called, or sent a text message, after they had asked not to be.
    ReachedThough,
}

/// What two people did side by side, who and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NoticeView {
    /// What it is.
    pub kind: NoticeKind,
    /// The two changes.
    pub changes: Vec<ChangeId>,
    /// Who wrote them, by name, in the same order; empty when a name is not known here.
    pub by: Vec<String>,
    /// When the later one was written.
    pub at: Timestamp,
}

/// What was proposed to be put right in one field, by everyone who says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CorrectionView {
    /// The person whose name it is; nothing for a part of the address.
    pub person: Option<PersonId>,
    /// The field.
    pub field: CorrectedField,
    /// What should stand in it.
    pub value: String,
    /// Who says so, by name; empty for someone whose name is not known here.
    pub by: Vec<String>,
    /// This canvasser is one of them.
    pub own: bool,
    /// When it was last said.
    pub at: Timestamp,
}

/// What people disagree on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ConflictSubject {
    /// The answer to a question.
    Answer {
        /// The question's name in the script; empty when that version is not known here.
        question: String,
    },
    /// The phone number or address to use first.
    Contact {
        /// Phone or e-mail.
        medium: ContactMedium,
    },
    /// How an ask stands.
    Ask {
        /// What is asked for.
        kind: AskKind,
    },
    /// What a file says of the household or person.
    File {
        /// The name of the field.
        field: String,
    },
}

/// A field on which people disagree: every value, who and when.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConflictView {
    /// The disagreement.
    pub conflict: ConflictId,
    /// The household.
    pub household: HouseholdId,
    /// The person, if it is about one.
    pub person: Option<PersonId>,
    /// What it is about.
    pub subject: ConflictSubject,
    /// The values that stand.
    pub candidates: Vec<CandidateView>,
    /// The change whose value is shown while nobody has decided.
    pub shown: ChangeId,
    /// What it is about and of whom it is said, in words.
    pub title: String,
    /// All of it in words, as a screen reader speaks it.
    pub sentence: String,
}

/// One of the values in dispute.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CandidateView {
    /// The change that wrote it.
    pub change: ChangeId,
    /// The value, as the script's option names or as it was typed; empty when taken back.
    pub value: Vec<String>,
    /// Who wrote it, by name; empty for a file, or when the name is not known here.
    pub by: String,
    /// It was this canvasser.
    pub own: bool,
    /// A file said so.
    pub from_file: bool,
    /// When.
    pub at: Timestamp,
    /// Their phone's clock was more than five minutes off, as the campaign noticed: the moment
    /// is a guess.
    pub clock_was_off: bool,
    /// Who wrote what, and how long ago, in words: what a button says that chooses it.
    pub sentence: String,
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
