//! The kinds of change and what each says.
//!
//! A kind's number is stored and sent and never reused. A kind this build does not know is
//! kept as its bytes and forwarded untouched.

use crate::geometry::Point;
use crate::id::{ChangeId, ScriptHash};
use crate::survey::{AnswerCode, AskKind, AskState, Consent, ContactChannel};
use crate::walklist::{Access, Address, CanvassResult, TimeWindow};

/// What a change says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body<P> {
    /// One knock at one household.
    Attempt(AttemptBody<P>),
    /// One answer of one person to one question.
    Answer(AnswerBody),
    /// A do-not-contact mark, set or lifted.
    Suppression(SuppressionBody),
    /// A note about a household.
    Note(NoteBody),
    /// A change of this author's is taken back.
    Undo(ChangeId),
    /// A phone number or e-mail address, added or judged.
    Contact(ContactBody),
    /// A person met at the door whom no file knew.
    PersonMet(PersonMetBody),
    /// A door that no file knew.
    DoorMet(DoorMetBody),
    /// What an imported file says anew about a household and its people.
    Imported(ImportedBody<P>),
    /// What files say of a door or a person is put right: proposed by a canvasser, decided by an
    /// organiser.
    Correction(CorrectionBody),
    /// Its author goes to the door now: others need not. Taken back like anything else.
    Claim,
    /// What the person wants of the campaign, and what they agree to.
    Ask(AskBody),
    /// Somebody is to come back to the door, or to the person there, within a window.
    FollowUp(FollowUpBody),
    /// Literature was left at an attempt.
    Literature(ChangeId),
    /// An attempt was no knock: the person was called, or sent a text message.
    Reach(ReachBody),
    /// How the door is reached.
    Access(Access),
    /// What was said of the person, or at the whole door, is erased. Only the campaign writes it.
    Erasure,
    /// What this change said has been erased.
    Erased,
    /// A kind this build does not know, or cannot read.
    Unknown {
        /// The kind's number.
        kind: u16,
        /// Its content, untouched.
        bytes: Vec<u8>,
    },
}

/// One knock: what came of it at the door, and for each person there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptBody<P> {
    /// The result for the door as a whole; nothing while a conversation goes on.
    pub door: Option<CanvassResult>,
    /// The results for single people.
    pub people: Vec<(P, CanvassResult)>,
    /// The attempt that this one puts right, if it is a correction.
    pub corrects: Option<ChangeId>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerBody {
    /// The version of the script in which the question was asked.
    pub script: ScriptHash,
    /// The question's number in that version.
    pub question: u16,
    /// What was answered; nothing when an answer is taken back.
    pub value: Option<AnswerCode>,
    /// The attempt during which it was given.
    pub attempt: ChangeId,
}

/// A do-not-contact mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuppressionBody {
    /// Set, or lifted by an organiser.
    pub set: bool,
}

/// A note: the first version, a later one, or its retraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteBody {
    /// The note that this version replaces; nothing for a new note.
    pub edits: Option<ChangeId>,
    /// The text; empty when the note is retracted.
    pub text: String,
}

/// By which medium someone is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum ContactMedium {
    /// A phone number.
    Phone = 1,
    /// An e-mail address.
    Email = 2,
}

/// What is said about a phone number or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[repr(u8)]
pub enum ContactMark {
    /// It reaches the person.
    Good = 1,
    /// It does not; wins over an addition that had not seen this mark.
    Wrong = 2,
    /// It is the one to use first.
    Primary = 3,
}

/// Something said about one phone number or e-mail address of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactBody {
    /// Phone or e-mail.
    pub medium: ContactMedium,
    /// What is said.
    pub mark: ContactMark,
    /// The number or address.
    pub value: String,
}

/// A person met at the door.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonMetBody {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Preferred language, empty when unknown.
    pub language: String,
}

/// A door that no file knew.
#[derive(Clone, Debug, PartialEq)]
pub struct DoorMetBody {
    /// Its address.
    pub address: Address,
    /// Its position.
    pub point: Point,
}

/// What one file changed at one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedBody<P> {
    /// Each altered field, at the household or at one of its people.
    pub writes: Vec<ImportedWrite<P>>,
}

impl<P> ImportedBody<P> {
    /// Whether it is of fields that the first builds of version 1 do not know. A change is of
    /// such fields or of the others, never of both: those builds could read none of it.
    #[must_use]
    pub fn is_of_later_fields(&self) -> bool {
        self.writes.first().is_some_and(|write| write.field.is_later())
    }
}

/// One field as a file set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedWrite<P> {
    /// The person, or nobody: then it is the household's field.
    pub member: Option<P>,
    /// Which field.
    pub field: ImportedField,
    /// The number of the source's file that set the field before; nothing if none did.
    pub previous: Option<u64>,
    /// The new value, as text.
    pub value: String,
}

/// A field that files set. Numbers are stored and sent and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ImportedField {
    /// House number.
    HouseNumber = 1,
    /// Street.
    Street = 2,
    /// Unit.
    Unit = 3,
    /// Town.
    Town = 4,
    /// Postal code.
    Zip = 5,
    /// Position, as `lat lon` in 1e-7 degree.
    Position = 6,
    /// Dwellings behind the door.
    UnitCount = 7,
    /// Control door of an experiment: `1` or empty.
    Control = 8,
    /// How the door is reached: `gate`, `dog`, `locked`, or empty where nothing is in the way.
    Access = 9,
    /// Given name.
    GivenName = 32,
    /// Family name.
    FamilyName = 33,
    /// Year of birth.
    BirthYear = 34,
    /// Party.
    Party = 35,
    /// Phone number.
    Phone = 36,
    /// E-mail address.
    Email = 37,
    /// Preferred language.
    Language = 38,
    /// Has voted: `1` or empty.
    Voted = 39,
    /// Is deceased: `1` or empty.
    Deceased = 40,
    /// Exempt record: `1` or empty.
    Exempt = 41,
    /// Do not contact: `1` or empty.
    DoNotContact = 42,
    /// The household the person belongs to, by id.
    Household = 43,
    /// Not to be called: `1` or empty.
    DoNotCall = 44,
    /// Not to be sent text messages: `1` or empty.
    DoNotText = 45,
}

impl ImportedField {
    const ALL: [Self; 23] = [
        Self::HouseNumber,
        Self::Street,
        Self::Unit,
        Self::Town,
        Self::Zip,
        Self::Position,
        Self::UnitCount,
        Self::Control,
        Self::Access,
        Self::GivenName,
        Self::FamilyName,
        Self::BirthYear,
        Self::Party,
        Self::Phone,
        Self::Email,
        Self::Language,
        Self::Voted,
        Self::Deceased,
        Self::Exempt,
        Self::DoNotContact,
        Self::Household,
        Self::DoNotCall,
        Self::DoNotText,
    ];

    /// Whether the first builds of version 1 do not know it: a file says such fields in a change
    /// of another kind ([`ImportedBody::is_of_later_fields`]).
    #[must_use]
    pub const fn is_later(self) -> bool {
        matches!(self, Self::Access | Self::DoNotCall | Self::DoNotText)
    }

    /// The number to store and send.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The field with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.number() == number)
    }

    /// The field's name, as reports and conflicts spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HouseNumber => "house_number",
            Self::Street => "street",
            Self::Unit => "unit",
            Self::Town => "town",
            Self::Zip => "zip",
            Self::Position => "position",
            Self::UnitCount => "unit_count",
            Self::Control => "control",
            Self::Access => "access",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::BirthYear => "birth_year",
            Self::Party => "party",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Language => "language",
            Self::Voted => "voted",
            Self::Deceased => "deceased",
            Self::Exempt => "exempt",
            Self::DoNotContact => "do_not_contact",
            Self::Household => "household",
            Self::DoNotCall => "do_not_call",
            Self::DoNotText => "do_not_text",
        }
    }
}

/// A field of files that canvassers may propose to put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum CorrectedField {
    /// House number of the door.
    HouseNumber,
    /// Street of the door.
    Street,
    /// Unit of the door.
    Unit,
    /// Town of the door.
    Town,
    /// Postal code of the door.
    Zip,
    /// Given name of the person.
    GivenName,
    /// Family name of the person.
    FamilyName,
}

impl CorrectedField {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::HouseNumber,
        Self::Street,
        Self::Unit,
        Self::Town,
        Self::Zip,
        Self::GivenName,
        Self::FamilyName,
    ];

    /// The field as files set it.
    #[must_use]
    pub const fn imported(self) -> ImportedField {
        match self {
            Self::HouseNumber => ImportedField::HouseNumber,
            Self::Street => ImportedField::Street,
            Self::Unit => ImportedField::Unit,
            Self::Town => ImportedField::Town,
            Self::Zip => ImportedField::Zip,
            Self::GivenName => ImportedField::GivenName,
            Self::FamilyName => ImportedField::FamilyName,
        }
    }

    /// The field that files call so, if it may be put right.
    #[must_use]
    pub fn of(field: ImportedField) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.imported() == field)
    }

    /// Whether it is a person's; otherwise it is the door's.
    #[must_use]
    pub const fn is_persons(self) -> bool {
        matches!(self, Self::GivenName | Self::FamilyName)
    }

    /// Whether there may be nothing in it.
    #[must_use]
    pub const fn may_be_empty(self) -> bool {
        matches!(self, Self::Unit)
    }
}

/// What should stand in a field of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionBody {
    /// The field.
    pub field: CorrectedField,
    /// The value.
    pub value: String,
}

/// What a person wants, what they agree to, or both. It writes to one field for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskBody {
    /// What is asked for.
    pub kind: AskKind,
    /// How it stands now; nothing if only consent is spoken of.
    pub state: Option<AskState>,
    /// Consent that is given or withdrawn; nothing if it was not spoken of.
    pub consent: Option<ConsentWord>,
    /// The answer or attempt that it came of, and is taken back with.
    pub during: Option<ChangeId>,
}

/// A word on consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentWord {
    /// It is given.
    Given(Consent),
    /// It is withdrawn; wins over whoever had not seen the withdrawal.
    Withdrawn,
}

/// When to come back to a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUpBody {
    /// From when until when.
    pub window: TimeWindow,
    /// The attempt at which it was agreed, and is taken back with.
    pub during: Option<ChangeId>,
}

/// How a person was reached at an attempt that was no knock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachBody {
    /// The attempt.
    pub attempt: ChangeId,
    /// By which channel: a call or a text message.
    pub channel: ContactChannel,
    /// The number that was called.
    pub number: String,
    /// A result that only calls have; any other stands in the attempt.
    pub result: Option<CanvassResult>,
}

/// The numbers of the kinds.
pub(crate) mod kind {
    pub(crate) const ATTEMPT: u16 = 0;
    pub(crate) const ANSWER: u16 = 1;
    pub(crate) const SUPPRESSION: u16 = 2;
    pub(crate) const NOTE: u16 = 3;
    pub(crate) const UNDO: u16 = 4;
    pub(crate) const CONTACT: u16 = 5;
    pub(crate) const PERSON_MET: u16 = 6;
    pub(crate) const DOOR_MET: u16 = 7;
    pub(crate) const IMPORTED: u16 = 8;
    pub(crate) const ERASURE: u16 = 9;
    pub(crate) const CORRECTION: u16 = 10;
    pub(crate) const ERASED: u16 = 11;
    pub(crate) const CLAIM: u16 = 12;
    pub(crate) const ASK: u16 = 13;
    pub(crate) const FOLLOW_UP: u16 = 14;
    pub(crate) const LITERATURE: u16 = 15;
    pub(crate) const REACH: u16 = 16;
    pub(crate) const IMPORTED_LATER: u16 = 17;
    pub(crate) const ACCESS: u16 = 18;
}

impl<P> Body<P> {
    /// The kind's number.
    #[must_use]
    pub fn kind(&self) -> u16 {
        match self {
            Self::Attempt(_) => kind::ATTEMPT,
            Self::Answer(_) => kind::ANSWER,
            Self::Suppression(_) => kind::SUPPRESSION,
            Self::Note(_) => kind::NOTE,
            Self::Undo(_) => kind::UNDO,
            Self::Contact(_) => kind::CONTACT,
            Self::PersonMet(_) => kind::PERSON_MET,
            Self::DoorMet(_) => kind::DOOR_MET,
            Self::Imported(file) if file.is_of_later_fields() => kind::IMPORTED_LATER,
            Self::Imported(_) => kind::IMPORTED,
            Self::Correction(_) => kind::CORRECTION,
            Self::Erasure => kind::ERASURE,
            Self::Erased => kind::ERASED,
            Self::Claim => kind::CLAIM,
            Self::Ask(_) => kind::ASK,
            Self::FollowUp(_) => kind::FOLLOW_UP,
            Self::Literature(_) => kind::LITERATURE,
            Self::Reach(_) => kind::REACH,
            Self::Access(_) => kind::ACCESS,
            Self::Unknown { kind, .. } => *kind,
        }
    }

    /// The same body with its people named in another way; nothing when a name is not known.
    pub(super) fn renamed<P2>(self, member: impl Fn(&P) -> Option<P2>) -> Option<Body<P2>> {
        Some(match self {
            Self::Attempt(attempt) => Body::Attempt(AttemptBody {
                door: attempt.door,
                people: attempt
                    .people
                    .iter()
                    .map(|(person, result)| Some((member(person)?, *result)))
                    .collect::<Option<_>>()?,
                corrects: attempt.corrects,
            }),
            Self::Answer(answer) => Body::Answer(answer),
            Self::Suppression(mark) => Body::Suppression(mark),
            Self::Note(note) => Body::Note(note),
            Self::Undo(target) => Body::Undo(target),
            Self::Contact(contact) => Body::Contact(contact),
            Self::PersonMet(person) => Body::PersonMet(person),
            Self::DoorMet(door) => Body::DoorMet(door),
            Self::Imported(imported) => Body::Imported(ImportedBody {
                writes: imported
                    .writes
                    .into_iter()
                    .map(|write| {
                        let member = match &write.member {
                            Some(person) => Some(member(person)?),
                            None => None,
                        };
                        let ImportedWrite { field, previous, value, .. } = write;
                        Some(ImportedWrite { member, field, previous, value })
                    })
                    .collect::<Option<_>>()?,
            }),
            Self::Correction(correction) => Body::Correction(correction),
            Self::Erasure => Body::Erasure,
            Self::Erased => Body::Erased,
            Self::Claim => Body::Claim,
            Self::Ask(ask) => Body::Ask(ask),
            Self::FollowUp(follow_up) => Body::FollowUp(follow_up),
            Self::Literature(attempt) => Body::Literature(attempt),
            Self::Reach(reach) => Body::Reach(reach),
            Self::Access(access) => Body::Access(access),
            Self::Unknown { kind, bytes } => Body::Unknown { kind, bytes },
        })
    }
}
