//! One household: its people, what they want, and what was done there before.

use super::SavedWhere;
use super::disputes::{ConflictView, CorrectionView, NoticeView};
use super::doors::{AccessView, ClaimView, FollowUpView};
use crate::change::{ContactMark, ContactMedium};
use crate::geometry::Point;
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::survey::{AskKind, AskState, ContactChannel};
use crate::time::Timestamp;
use crate::walklist::{Address, CanvassResult};

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
