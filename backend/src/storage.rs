//! The storage of the backend: whole transactions, and nothing about how they are kept.
//!
//! The embedded SQLite implementation is one; a large campaign's `PostgreSQL` becomes a second,
//! with the same conformance suite. Nothing in a method's contract needs sequences, triggers,
//! or a transaction over two campaigns.

use std::future::Future;

use canvass_core::canvass::Purpose;
use canvass_core::geometry::Point;
use canvass_core::id::{
    CampaignId, CanvasserId, ChangeId, ConflictId, DeviceId, HouseholdId, ListId, PersonId, TurfId,
};
use canvass_core::interchange::{Backend, ImportTally};
use canvass_core::merge::Digest;
use canvass_core::survey::{Script, ScriptError};
use canvass_core::sync::wire::{
    CompareReply, CompareRequest, DropRequest, EnrolReply, EnrolRequest, PullReply, PullRequest,
    PushReply, PushRequest, RevokedReply, StreetsReply, StreetsRequest,
};
use canvass_core::time::Timestamp;
use canvass_core::walklist::Address;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// 32 bytes that stand for a secret: its BLAKE3 hash. Secrets themselves are never stored.
pub type SecretHash = [u8; 32];

/// A device, as its token proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceScope {
    /// The campaign, the border of everything the device may see.
    pub campaign: CampaignId,
    /// The device.
    pub device: DeviceId,
}

/// What a campaign's own keys grow from.
#[derive(Clone)]
pub struct CampaignSeeds {
    /// Of the key that signs its statements.
    pub signing: [u8; 32],
    /// Of the key that opens what is sealed to it.
    pub sealing: [u8; 32],
    /// Of the keys that holders of a list share.
    pub share: [u8; 32],
}

/// What came of sealed work that was brought by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// Changes that were new.
    pub changes: u32,
    /// Changes that were here already.
    pub duplicates: u32,
    /// Sealed segments that were not taken in: of another campaign, or not signed by their author.
    pub refused: u32,
}

/// Which kind of rows a file brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// Addresses.
    Doors,
    /// People at addresses that are there already.
    People,
}

/// What a file is read as.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportOrder {
    /// Doors or people.
    pub kind: ImportKind,
    /// A built-in profile; recognised by the header when absent.
    pub profile: Option<String>,
    /// The source's name; the profile's when absent. The same source's next file is its second.
    pub source: Option<String>,
}

/// How turfs are to be made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurfOrder {
    /// Cut all doors into this many turfs.
    pub turfs: Option<u32>,
    /// Or draw one: its rings as `[lat, lon]`, the outer one first.
    pub outline: Option<Vec<Vec<[f64; 2]>>>,
    /// The name; cut turfs are numbered.
    pub name: Option<String>,
}

/// The campaign's street pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Streets {
    /// The BLAKE3 of its bytes, in hexadecimal: its name.
    pub hash: String,
    /// Places where its ways meet or end.
    pub nodes: u32,
    /// Stretches of way between them.
    pub edges: u32,
    /// Whom to thank for the data.
    pub attribution: String,
    /// Lists that have a piece of it; the others have no street near.
    pub lists: u32,
}

/// A turf.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turf {
    /// Its number within the campaign.
    pub number: u32,
    /// Its id.
    pub turf: TurfId,
    /// Its name.
    pub name: String,
    /// Its rings, the outer one first.
    pub outline: Vec<Vec<Point>>,
    /// Doors in it that may be put into a walking order.
    pub doors: u32,
}

/// A list to be made of a turf.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOrder {
    /// The turf's number.
    pub turf: u32,
    /// The list's name; the turf's when absent.
    pub name: Option<String>,
    /// Phone numbers and e-mail addresses go with it.
    #[serde(default)]
    pub with_contacts: bool,
}

/// A walk list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct List {
    /// Its number within the campaign.
    pub number: u32,
    /// Its id.
    pub list: ListId,
    /// Its name.
    pub name: String,
    /// Counts how often it was cut anew.
    pub epoch: u32,
    /// Doors on it.
    pub doors: u32,
    /// Stops on it.
    pub stops: u32,
    /// Metres of its walking order.
    pub length_m: f64,
    /// Metres of the same stops in the order of streets and numbers.
    pub alphabetical_m: f64,
}

/// An invitation to be made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationOrder {
    /// The canvasser's name, as others will see it.
    pub canvasser: String,
    /// The lists they are given, by number.
    pub lists: Vec<u32>,
    /// Seconds until it expires; a day when absent, never more than a week.
    pub ttl_s: Option<u32>,
}

/// A disagreement, for the one who decides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenConflict {
    /// The disagreement.
    pub conflict: ConflictId,
    /// The household.
    pub household: HouseholdId,
    /// The household, in the file's own key.
    pub door_id: String,
    /// Its address.
    pub address: Address,
    /// The person, in the file's own key; empty when it is about the household.
    pub person_id: String,
    /// What it is about: the question's name, or the field's.
    pub subject: String,
    /// The values.
    pub candidates: Vec<OpenCandidate>,
}

/// One value of a disagreement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenCandidate {
    /// The change that wrote it.
    pub change: ChangeId,
    /// Its value, readable.
    pub value: Vec<String>,
    /// Who wrote it; empty for a file.
    pub canvasser: String,
    /// When.
    pub at: Timestamp,
    /// Their phone's clock was more than five minutes off: the moment is a guess.
    pub clock_was_off: bool,
}

/// A change that is kept and shown to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// The change.
    pub change: ChangeId,
    /// Who holds the phone that wrote it.
    pub canvasser: Option<CanvasserId>,
    /// The name of the reason.
    pub reason: Option<&'static str>,
}

/// What came of taking changes through placement again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Retried {
    /// Changes that have been taken in.
    pub taken_in: u32,
    /// Changes that are still set aside.
    pub set_aside: u32,
}

/// Counts over a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignCounts {
    /// Doors.
    pub doors: u32,
    /// People whom files know.
    pub people: u32,
    /// Sequenced changes of phones and organisers.
    pub changes: u64,
    /// Attempts that stand.
    pub attempts: u32,
    /// Doors where someone was spoken with.
    pub contacted: u32,
    /// Doors done.
    pub done: u32,
    /// Open conflicts.
    pub conflicts: u32,
    /// Changes set aside.
    pub set_aside: u32,
}

/// What two people did side by side. Both sides are kept, and nothing waits for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenSoftConflict {
    /// `double_knock`, `written_on_since`, `answer_went_too` or `met_twice`.
    pub kind: &'static str,
    /// The household.
    pub household: HouseholdId,
    /// The household, in the file's own key.
    pub door_id: String,
    /// The two changes.
    pub changes: Vec<ChangeId>,
    /// Who wrote them.
    pub canvassers: Vec<String>,
}

/// What was proposed to be put right in one field, for the one who decides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenCorrection {
    /// The household.
    pub household: HouseholdId,
    /// The household, in the file's own key.
    pub door_id: String,
    /// The person whose name it is; nothing for a part of the address.
    pub person: Option<PersonId>,
    /// The field.
    pub field: String,
    /// What stands in it now.
    pub now: String,
    /// What should.
    pub value: String,
    /// Everyone who says so.
    pub canvassers: Vec<String>,
    /// When it was last said.
    pub at: Timestamp,
}

/// What an organiser puts right. To decline what was proposed, say what stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionOrder {
    /// The household.
    pub household: HouseholdId,
    /// The person whose name it is; nothing for a part of the address.
    pub person: Option<PersonId>,
    /// The field: `house_number`, `street`, `unit`, `town`, `zip`, `given_name`, `family_name`.
    pub field: String,
    /// What should stand in it.
    pub value: String,
}

/// Who is to be erased.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureOrder {
    /// The household.
    pub household: HouseholdId,
    /// The person in it, or nobody: then everything that was said there.
    pub person: Option<PersonId>,
}

/// A format that results leave in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One row per change, with its id.
    Csv,
    /// Contacts as VAN's contact files take them.
    Van,
    /// Calls of VAN's canvass responses, a line each.
    VanApi,
    /// Contacts as OSDI takes them, a line each.
    Osdi,
    /// Contacts for any other backend, by the table that it was given.
    Contacts,
    /// Turfs and doors.
    Geojson,
}

/// The purposes an export reads rows for.
impl ExportFormat {
    /// The purpose at the read gate.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Csv | Self::Van | Self::VanApi | Self::Osdi | Self::Contacts => {
                Purpose::ResultsOut
            }
            Self::Geojson => Purpose::ListOut,
        }
    }

    /// The backend whose table of result codes it goes by.
    #[must_use]
    pub const fn backend(self) -> Backend {
        match self {
            Self::Osdi => Backend::Osdi,
            Self::Contacts => Backend::Generic,
            Self::Csv | Self::Van | Self::VanApi | Self::Geojson => Backend::Van,
        }
    }
}

/// A file that left, with what its format could not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// The file.
    pub bytes: Vec<u8>,
    /// Rows in it.
    pub records: u64,
    /// What the format could not hold, as the command line's JSON tells it.
    pub loss: serde_json::Value,
    /// What follows at the backend, as the command line's JSON tells it.
    pub warnings: serde_json::Value,
}

/// What a device was ordered to erase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceOrder {
    /// The device.
    pub device: DeviceId,
    /// Counts the orders to this device.
    pub number: u32,
    /// The list; nothing: all of them.
    pub list: Option<u32>,
    /// When it was ordered.
    pub issued: Timestamp,
    /// The device has signed that it is done.
    pub done: bool,
}

/// The reader of an import's body.
pub type ImportBody = Box<dyn std::io::Read + Send>;

/// A version of the script that was added.
#[derive(Debug)]
pub struct ScriptSaved {
    /// Counts the versions.
    pub number: u32,
    /// Names that may mean something else than in earlier versions.
    pub warnings: Vec<ScriptError>,
}

/// What the backend keeps. Each method is one transaction: all of it happens, or nothing.
pub trait Storage: Clone + Send + Sync + 'static {
    /// Notes the hash of the operator's token, if none is there yet; whether it was noted.
    fn put_operator(&self, token: SecretHash) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Whether this is the operator's token.
    fn is_operator(&self, token: SecretHash) -> impl Future<Output = Result<bool, Error>> + Send;

    /// The device whose token this is, unless it is revoked.
    fn device_of(
        &self,
        token: SecretHash,
    ) -> impl Future<Output = Result<Option<DeviceScope>, Error>> + Send;

    /// Makes a campaign.
    fn create_campaign(
        &self,
        campaign: CampaignId,
        name: String,
        seeds: CampaignSeeds,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// The seed of the key that opens work sealed to the campaign.
    fn opening_seed(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<[u8; 32], Error>> + Send;

    /// Takes in sealed segments that came by another way than a push.
    fn recover(
        &self,
        campaign: CampaignId,
        segments: Vec<Vec<u8>>,
        now: Timestamp,
    ) -> impl Future<Output = Result<Recovered, Error>> + Send;

    /// Counts over a campaign.
    fn counts(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<CampaignCounts, Error>> + Send;

    /// Takes in a file: nothing, if a single row is rejected.
    fn import(
        &self,
        campaign: CampaignId,
        order: ImportOrder,
        body: ImportBody,
        now: Timestamp,
    ) -> impl Future<Output = Result<ImportTally, Error>> + Send;

    /// Makes turfs: each a polygon and the doors frozen inside it.
    fn create_turfs(
        &self,
        campaign: CampaignId,
        order: TurfOrder,
    ) -> impl Future<Output = Result<Vec<Turf>, Error>> + Send;

    /// All turfs.
    fn turfs(&self, campaign: CampaignId) -> impl Future<Output = Result<Vec<Turf>, Error>> + Send;

    /// Adds a version of the script, the one in use from now on; all earlier ones stay. The same
    /// one twice is one. One in which a name takes another kind of answer is [`Error::Script`].
    fn put_script(
        &self,
        campaign: CampaignId,
        script: Script,
        now: Timestamp,
    ) -> impl Future<Output = Result<ScriptSaved, Error>> + Send;

    /// Makes a walk list of a turf, in walking order.
    fn create_list(
        &self,
        campaign: CampaignId,
        order: ListOrder,
    ) -> impl Future<Output = Result<List, Error>> + Send;

    /// Cuts a list anew: the doors of another turf, under the next epoch.
    fn recut_list(
        &self,
        campaign: CampaignId,
        number: u32,
        turf: u32,
    ) -> impl Future<Output = Result<List, Error>> + Send;

    /// Gives a device a list.
    fn assign_list(
        &self,
        campaign: CampaignId,
        number: u32,
        device: DeviceId,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Takes a list back from a device; what it recorded before it heard is still accepted.
    fn take_list(
        &self,
        campaign: CampaignId,
        number: u32,
        device: DeviceId,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Changes that are kept and shown to nobody.
    fn set_aside(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<Vec<SetAside>, Error>> + Send;

    /// Takes what is set aside through placement again, what came too late included.
    fn retry_set_aside(
        &self,
        campaign: CampaignId,
        now: Timestamp,
    ) -> impl Future<Output = Result<Retried, Error>> + Send;

    /// All lists.
    fn lists(&self, campaign: CampaignId) -> impl Future<Output = Result<Vec<List>, Error>> + Send;

    /// Takes a list back from everyone; what was recorded on it is still accepted.
    fn withdraw_list(
        &self,
        campaign: CampaignId,
        number: u32,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// The digest of a list's members.
    fn list_digest(
        &self,
        campaign: CampaignId,
        number: u32,
    ) -> impl Future<Output = Result<Digest, Error>> + Send;

    /// Makes an invitation of this secret, for a canvasser who is new or known by name.
    fn invite(
        &self,
        campaign: CampaignId,
        order: InvitationOrder,
        secret: SecretHash,
        now: Timestamp,
    ) -> impl Future<Output = Result<CanvasserId, Error>> + Send;

    /// Redeems an invitation: exactly one device does. The same request again has the same
    /// answer, its token included.
    fn enrol(
        &self,
        request: EnrolRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<EnrolReply, Error>> + Send;

    /// Shuts a device out from its next request on: it is told to erase all its lists.
    fn revoke_device(
        &self,
        campaign: CampaignId,
        device: DeviceId,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Has a device erase all its lists; those that are still its own come anew.
    fn erase_device(
        &self,
        campaign: CampaignId,
        device: DeviceId,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// What devices were ordered to erase, and whether they have.
    fn orders(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<Vec<DeviceOrder>, Error>> + Send;

    /// What a device that is shut out is told; nothing if this is no such device's token.
    fn shut_out(
        &self,
        token: SecretHash,
    ) -> impl Future<Output = Result<Option<RevokedReply>, Error>> + Send;

    /// Takes in what a device has sealed to the campaign and hands in without a token.
    fn drop_off(
        &self,
        request: DropRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<PushReply, Error>> + Send;

    /// Takes in segments.
    fn push(
        &self,
        scope: DeviceScope,
        request: PushRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<PushReply, Error>> + Send;

    /// Gives what a device may see and does not hold yet.
    fn pull(
        &self,
        scope: DeviceScope,
        request: PullRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<PullReply, Error>> + Send;

    /// Says where a list that a device holds differs, or gives doors that do.
    fn compare(
        &self,
        scope: DeviceScope,
        request: CompareRequest,
    ) -> impl Future<Output = Result<CompareReply, Error>> + Send;

    /// Takes the campaign's street pack, in place of an earlier one.
    fn put_streets(
        &self,
        campaign: CampaignId,
        pack: Vec<u8>,
    ) -> impl Future<Output = Result<Streets, Error>> + Send;

    /// Gives the streets of a list that a device holds.
    fn streets(
        &self,
        scope: DeviceScope,
        request: StreetsRequest,
    ) -> impl Future<Output = Result<StreetsReply, Error>> + Send;

    /// The open disagreements.
    fn conflicts(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<Vec<OpenConflict>, Error>> + Send;

    /// What people did side by side and someone may want to look at.
    fn soft_conflicts(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<Vec<OpenSoftConflict>, Error>> + Send;

    /// What was proposed to be put right, and nobody has decided.
    fn corrections(
        &self,
        campaign: CampaignId,
    ) -> impl Future<Output = Result<Vec<OpenCorrection>, Error>> + Send;

    /// Puts right what a file says, and settles what was proposed for that field.
    fn correct(
        &self,
        campaign: CampaignId,
        order: CorrectionOrder,
        now: Timestamp,
    ) -> impl Future<Output = Result<ChangeId, Error>> + Send;

    /// Erases a person of a household, or everything that was said at it.
    fn erase(
        &self,
        campaign: CampaignId,
        order: ErasureOrder,
        now: Timestamp,
    ) -> impl Future<Output = Result<ChangeId, Error>> + Send;

    /// Settles a disagreement in favour of one of its values, as the organiser's change.
    fn resolve(
        &self,
        campaign: CampaignId,
        conflict: ConflictId,
        chosen: ChangeId,
        now: Timestamp,
    ) -> impl Future<Output = Result<ChangeId, Error>> + Send;

    /// Keeps what a backend calls results, as its database gave it or as it was written.
    fn put_result_codes(
        &self,
        campaign: CampaignId,
        backend: Backend,
        json: String,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Writes results to a file.
    fn export(
        &self,
        campaign: CampaignId,
        format: ExportFormat,
    ) -> impl Future<Output = Result<Exported, Error>> + Send;
}
