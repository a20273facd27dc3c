//! What a report says: plain, owned facts, filled in by whoever saw the day.
//!
//! People at the doors have no place in it: a report names canvassers, phones and the addresses
//! of conflicts, nobody else.

use canvass_core::geometry::Point;
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;

/// One canvassing day.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The campaign's name.
    pub campaign: String,
    /// The town; may be empty.
    pub place: String,
    /// Any moment of the day.
    pub day: Timestamp,
    /// Minutes by which local time is ahead of UTC; every time of day is shown in it.
    pub utc_offset_minutes: i32,
    /// How lengths of routes were reckoned.
    pub distances: Distances,
    /// Streets to draw under the maps; may be empty.
    pub streets: Vec<ReportStreet>,
    /// Middle lines of rivers to draw under the maps; may be empty.
    pub water: Vec<Vec<Point>>,
    /// The walk lists, in the order in which they are numbered from 1.
    pub lists: Vec<ReportList>,
    /// Answers written down, over all questions.
    pub answers: u32,
    /// Fields on which two people wrote different things, unseen by each other.
    pub conflicts: Vec<ReportConflict>,
    /// Doors where two people knocked on the same day.
    pub double_knocks: Vec<DoubleKnock>,
    /// What was answered, question by question.
    pub questions: Vec<QuestionTally>,
    /// The versions of the script in use that day, the first one first.
    pub versions: Vec<VersionTally>,
    /// What talks left behind.
    pub left_behind: LeftBehind,
    /// The phones that took part.
    pub phones: Vec<ReportPhone>,
    /// The count of records from outside.
    pub proof: Proof,
    /// What was checked at the end of the day.
    pub checks: Vec<Check>,
}

/// How lengths of routes were reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distances {
    /// Straight lines, made longer by a factor.
    StraightLine {
        /// The factor in thousandths: 1300 for 1.3.
        detour_per_mille: u32,
    },
    /// Along the streets that can be walked.
    Network,
}

/// A street under a map.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportStreet {
    /// Its name, shown where there is room; may be empty.
    pub name: String,
    /// Drawn broad or narrow.
    pub width: StreetWidth,
    /// Its centre lines.
    pub lines: Vec<Vec<Point>>,
}

/// How broad a street is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreetWidth {
    /// A way for walkers alone.
    Path,
    /// An ordinary street.
    Narrow,
    /// A road that leads through.
    Broad,
}

/// A walk list, as it stood at the end of the day.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportList {
    /// Its name.
    pub name: String,
    /// Who walked it.
    pub canvassers: Vec<String>,
    /// Its turf: outer rings, open (the last point is not the first again). Without one, the
    /// hull of its stops is drawn.
    pub outline: Vec<Vec<Point>>,
    /// Where the walk begins, if that is not the first stop.
    pub start: Option<Point>,
    /// Its stops in walking order.
    pub stops: Vec<ReportStop>,
    /// The way past them along the streets, from the start; without one, straight lines are drawn.
    pub way: Vec<Point>,
    /// Length of the walk in this order, in metres.
    pub length_m: f64,
    /// Length of the walk in alphabetical order, in metres.
    pub alphabetical_m: f64,
    /// Doors that are not walked to (asked not to be contacted, voted already).
    pub apart: u32,
}

/// A place where the walker halts, and the doors there.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportStop {
    /// Where it is.
    pub point: Point,
    /// Its doors: one for a house, many for a block of apartments.
    pub doors: Vec<ReportDoor>,
}

/// What came of one door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportDoor {
    /// How often someone knocked.
    pub knocks: u32,
    /// The result that counts.
    pub result: Option<CanvassResult>,
    /// Somebody was spoken with, at any knock.
    pub contacted: bool,
}

/// One field on which people wrote different things, unseen by each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportConflict {
    /// The door's address in one line.
    pub address: String,
    /// What the field is called: a question's label, `Phone number`.
    pub field: String,
    /// What each wrote, in the order of time.
    pub writings: Vec<Writing>,
    /// How it was settled; none while it is open.
    pub settlement: Option<Settlement>,
}

/// What one person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// Who.
    pub canvasser: String,
    /// When.
    pub at: Timestamp,
    /// What, as people read it: an option's label, not its name. Never a resident's number or
    /// address: `a number ending in 32`.
    pub wrote: String,
}

/// How a conflict was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What stands now, spelled as in a [`Writing`] if it is one of them.
    pub kept: String,
}

/// A door where two people knocked on the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubleKnock {
    /// The door's address in one line.
    pub address: String,
    /// The knocks, in the order of time.
    pub knocks: Vec<ReportKnock>,
}

/// One knock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportKnock {
    /// Who knocked.
    pub canvasser: String,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub result: Option<CanvassResult>,
}

/// The answers to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionTally {
    /// The question as it is asked.
    pub label: String,
    /// People who answered it. More than one option each may count.
    pub answered: u32,
    /// Its options, in the script's order.
    pub options: Vec<OptionTally>,
}

/// What was answered under one version of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTally {
    /// What the campaign calls it.
    pub version: String,
    /// From when on it was in use.
    pub from: Timestamp,
    /// Answers that stand under it, over all its questions.
    pub answers: u32,
    /// People who answered each of the report's questions under it; none where it does not ask
    /// that question.
    pub answered: Vec<Option<u32>>,
}

/// How often one option was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionTally {
    /// The option as it is read.
    pub label: String,
    /// How often.
    pub count: u32,
}

/// What talks left behind, beside answers and results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// What people want of the campaign, and agreed to be contacted about.
    pub asks: Vec<AskTally>,
    /// Windows in which to come back that were agreed on.
    pub follow_ups: u32,
    /// Knocks at which a leaflet was left.
    pub literature: u32,
}

/// How many people want one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskTally {
    /// What it is called.
    pub label: String,
    /// People who want it, or for whom it was done.
    pub wanted: u32,
    /// People who do not.
    pub declined: u32,
}

/// One phone and what passed between it and the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPhone {
    /// What it is called.
    pub name: String,
    /// Who carried it.
    pub canvasser: String,
    /// The list it walked.
    pub list: String,
    /// Changes sent and acknowledged.
    pub sent: u64,
    /// Changes of others received.
    pub received: u64,
    /// Changes that still wait on the phone.
    pub waiting: u64,
    /// Its digest of the list equals the server's.
    pub digest_equal: bool,
}

/// Records counted from outside: noted as each was made, compared with the exported file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Records made on the phones.
    pub recorded: u64,
    /// Records in the exported file.
    pub exported: u64,
    /// Of those made, how many the file lacks.
    pub lost: u64,
    /// How many the file holds more than once.
    pub duplicated: u64,
}

/// Something that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What should hold, as a sentence without its full stop.
    pub what: String,
    /// How it was checked, likewise; may be empty.
    pub how: String,
    /// Whether it holds.
    pub passed: bool,
}
