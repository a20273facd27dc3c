//! The messages between phone and server: CBOR maps with integer keys.
//!
//! Keys are never reused; a reader skips those it does not know. Segments and pages travel
//! inside as bytes (`change` knows their form). These are wire types only: nothing else in the
//! core is built from them.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode};

use crate::geometry::Point;
use crate::sync::{OrderDone, Signed};

/// The version of the protocol that this build speaks. A phone of an older version may always
/// push.
pub const PROTOCOL: u32 = 1;
/// The media type of all messages.
pub const MEDIA_TYPE: &str = "application/cbor";
/// What is put before the bytes that a device signs when it enrols.
pub const ENROL_DOMAIN: &[u8] = b"canvass enrol v1\0";

/// What one side of the conversation can do beside the base of its protocol version: bits, told
/// in every request and answer. A bit that the reader does not know means nothing to it, a
/// missing number none; so a phone of any age may push.
pub mod capability {
    /// Compares digests down to single doors ([`super::CompareRequest`]).
    pub const COMPARE: u32 = 1;
    /// Tries again what was set aside ([`super::PushRequest::retry`]).
    pub const RETRY: u32 = 2;
    /// What this build can do.
    pub const ALL: u32 = COMPARE | RETRY;
}

/// A bare 16-byte id.
pub type Bytes16 = ByteArray<16>;

/// A phone asks to become a device of the campaign.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The invitation: a one-time secret.
    #[n(1)]
    pub invitation: ByteVec,
    /// The id that the device gave itself.
    #[n(2)]
    pub device: Bytes16,
    /// The key by which its segments are checked.
    #[n(3)]
    pub public_key: ByteArray<32>,
    /// Its signature over invitation and device: proof that it holds the key.
    #[n(4)]
    pub proof: ByteArray<64>,
    /// The incarnation of its database.
    #[n(5)]
    pub incarnation: u32,
    /// The phone's wall clock, in milliseconds.
    #[n(6)]
    pub wall_ms: i64,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// The server's answer: who the phone is from now on.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The campaign.
    #[n(1)]
    pub campaign: Bytes16,
    /// Its name.
    #[n(2)]
    pub campaign_name: String,
    /// Who holds the phone.
    #[n(3)]
    pub canvasser: Bytes16,
    /// Their name.
    #[n(4)]
    pub canvasser_name: String,
    /// The secret that stands for this device in every later request.
    #[n(5)]
    pub token: String,
    /// The server's clock, in milliseconds.
    #[n(6)]
    pub server_ms: i64,
    /// The key that signs the campaign's statements: receipts, leases, orders, cards.
    #[n(7)]
    pub signing_key: ByteArray<32>,
    /// The key to which unsent work is sealed.
    #[n(8)]
    pub sealing_key: ByteArray<32>,
    /// Who this device is, signed: for other phones of the campaign.
    #[n(9)]
    pub card: Signed,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// Changes go up.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct PushRequest {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// Whole segments, plain or sealed, each author's in order.
    #[n(1)]
    pub segments: Vec<ByteVec>,
    /// The phone's wall clock, in milliseconds.
    #[n(2)]
    pub wall_ms: i64,
    /// Orders that this device has carried out, until the server has heard of it.
    #[n(3)]
    pub done: Vec<OrderDone>,
    /// Changes of this device that were set aside and are to be tried again.
    #[n(22)]
    pub retry: Option<Vec<OwnChange>>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// A change of the device that sends the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OwnChange {
    /// The incarnation.
    #[n(0)]
    pub incarnation: u32,
    /// The number.
    #[n(1)]
    pub seq: u64,
}

/// A phone that is shut out hands in what it had not sent: envelopes only, and no token.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct DropRequest {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The campaign.
    #[n(1)]
    pub campaign: Bytes16,
    /// Sealed segments, each author's in order.
    #[n(2)]
    pub segments: Vec<ByteVec>,
    /// The device.
    #[n(3)]
    pub device: Bytes16,
}

/// The answer to a device that is shut out (status 403).
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct RevokedReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The order to erase all lists.
    #[n(1)]
    pub order: Signed,
}

/// The server has every change of an author up to a number.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Mark {
    /// The author's device.
    #[n(0)]
    pub device: Bytes16,
    /// Its incarnation.
    #[n(1)]
    pub incarnation: u32,
    /// The number.
    #[n(2)]
    pub seq: u64,
    /// The campaign's signature: this is a receipt, also for other phones to hand on.
    #[n(3)]
    pub receipt: ByteArray<64>,
}

/// What became of one change, where it is more than "applied".
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Exception {
    /// The author's device.
    #[n(0)]
    pub device: Bytes16,
    /// Its incarnation.
    #[n(1)]
    pub incarnation: u32,
    /// The change's number.
    #[n(2)]
    pub seq: u64,
    /// One of the codes in [`exception`].
    #[n(3)]
    pub code: u8,
    /// For a change set aside, the number of the reason.
    #[n(4)]
    pub reason: Option<u8>,
    /// For a conflict, its id.
    #[n(5)]
    pub conflict: Option<Bytes16>,
}

/// The codes of [`Exception`].
pub mod exception {
    /// Merged with others that say the same or add to it.
    pub const MERGED: u8 = 1;
    /// Applied, beside others that say something else.
    pub const CONFLICT: u8 = 2;
    /// It was there already.
    pub const DUPLICATE: u8 = 3;
    /// Kept; the list had been withdrawn or cut anew.
    pub const STALE_SCOPE: u8 = 4;
    /// Kept, and shown to nobody.
    pub const SET_ASIDE: u8 = 5;
    /// It spoke of someone who was erased: nothing of it is kept but that it was there.
    pub const ERASED: u8 = 6;
    /// A claim of a door that someone else held then: kept, behind theirs.
    pub const HELD: u8 = 7;
}

/// The server's answer to a push. What is not named in it was applied.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct PushReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// How far the server has each author.
    #[n(1)]
    pub marks: Vec<Mark>,
    /// What became of changes, where it is more than "applied".
    #[n(2)]
    pub exceptions: Vec<Exception>,
    /// The server's clock, in milliseconds.
    #[n(3)]
    pub server_ms: i64,
    /// Places, in the request, of segments of other authors that were not taken in.
    #[n(4)]
    pub refused: Vec<u32>,
    /// Orders of the campaign that this device has not told to be carried out.
    #[n(5)]
    pub orders: Vec<Signed>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// A push is refused (status 409): a segment does not follow on what the server has of its
/// author, and is not the same as what it has. Nothing was taken in.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct GapReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The author's device.
    #[n(1)]
    pub device: Bytes16,
    /// Its incarnation.
    #[n(2)]
    pub incarnation: u32,
    /// The server has every change of that author up to here.
    #[n(3)]
    pub mark: u64,
}

/// In [`ListCursor`]: everything there is of this epoch.
pub const ALL_ROWS: u32 = u32::MAX;

/// How much of a list a phone holds, kept parts of an unfinished answer included.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ListCursor {
    /// The list's number.
    #[n(0)]
    pub number: u32,
    /// The epoch of what it holds; 0 for nothing.
    #[n(1)]
    pub epoch: u32,
    /// Doors it holds; [`ALL_ROWS`] once the snapshot is applied.
    #[n(2)]
    pub doors: u32,
    /// People it holds, those met at doors apart; [`ALL_ROWS`] likewise.
    #[n(3)]
    pub people: u32,
    /// Versions of the script it holds.
    #[n(4)]
    pub scripts: u32,
    /// For each cell, the number up to which it has the events.
    #[n(5)]
    pub cells: Vec<CellCursor>,
    /// For each cell of what it shows now, the number up to which it knows whom not to contact.
    #[n(6)]
    #[cbor(default)]
    pub urgent: Vec<CellCursor>,
}

/// A place in one cell's sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CellCursor {
    /// The cell.
    #[n(0)]
    pub cell: u32,
    /// The number.
    #[n(1)]
    pub seq: u64,
}

/// Events are to come down.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct PullRequest {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// What the phone holds. Lists it has been given since are added by the server.
    #[n(1)]
    pub lists: Vec<ListCursor>,
    /// The answer should not be larger than this.
    #[n(2)]
    pub max_bytes: u32,
    /// The phone's wall clock, in milliseconds.
    #[n(3)]
    pub wall_ms: i64,
    /// The incarnation of its database.
    #[n(4)]
    pub incarnation: u32,
    /// Orders that this device has carried out, until the server has heard of it.
    #[n(5)]
    pub done: Vec<OrderDone>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// One part of an answer, for one list.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Part {
    /// The list's number.
    #[n(0)]
    pub list: u32,
    /// One of the kinds in [`part`].
    #[n(1)]
    pub kind: u8,
    /// How many rows the body holds.
    #[n(2)]
    pub rows: u32,
    /// The cell, for a page of events.
    #[n(3)]
    pub cell: u32,
    /// The number up to which a page of events speaks.
    #[n(4)]
    pub upto: u64,
    /// The content.
    #[n(5)]
    pub body: ByteVec,
}

/// The kinds of [`Part`].
pub mod part {
    /// The list's head: a snapshot begins, and replaces what was there.
    pub const HEAD: u8 = 1;
    /// Doors ([`crate::sync::SnapshotDoor`]).
    pub const DOORS: u8 = 2;
    /// People ([`crate::sync::SnapshotPerson`]).
    pub const PEOPLE: u8 = 3;
    /// A version of the script.
    pub const SCRIPT: u8 = 4;
    /// Names of canvassers.
    pub const NAMES: u8 = 5;
    /// A page of events.
    pub const EVENTS: u8 = 6;
    /// Events about whom not to contact, ahead of their page: for what is shown until all of the
    /// answer is there.
    pub const URGENT: u8 = 7;
}

/// The head of a snapshot.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ListHead {
    /// The list's id.
    #[n(0)]
    pub id: Bytes16,
    /// Its number.
    #[n(1)]
    pub number: u32,
    /// Its epoch.
    #[n(2)]
    pub epoch: u32,
    /// Its name.
    #[n(3)]
    pub name: String,
    /// The import sources that its rows name.
    #[n(4)]
    pub sources: Vec<Source>,
    /// The key that all holders of this list and epoch share, for work handed from phone to
    /// phone. It is kept in the list's own file, and is gone with it.
    #[n(5)]
    pub share_key: ByteArray<32>,
    /// The outline of its turf, its outer ring first: of each ring the latitudes and longitudes
    /// in turn, in ten-millionths of a degree. Builds before it do not tell it.
    #[n(6)]
    pub outline: Option<Vec<Vec<i32>>>,
}

impl ListHead {
    /// An outline as the head tells it.
    #[must_use]
    pub fn outline_of(rings: &[Vec<Point>]) -> Vec<Vec<i32>> {
        let pair = |point: &Point| <[i32; 2]>::from(point.to_e7());
        rings.iter().map(|ring| ring.iter().flat_map(pair).collect()).collect()
    }

    /// The rings of the turf's outline; none if they are not told. What is no position is left
    /// out.
    #[must_use]
    pub fn rings(&self) -> Vec<Vec<Point>> {
        let point = |pair: &[i32]| {
            let point = Point::from_e7(pair[0], pair[1]);
            Point::new(point.lat, point.lon).ok()
        };
        let ring = |ring: &Vec<i32>| ring.chunks_exact(2).filter_map(point).collect();
        self.outline.iter().flatten().map(ring).collect()
    }
}

/// An import source.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Source {
    /// Its number, as rows name it.
    #[n(0)]
    pub number: u32,
    /// The device id under which its files are authors.
    #[n(1)]
    pub device: Bytes16,
    /// Its name.
    #[n(2)]
    pub name: String,
}

/// A version of the script.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ScriptPart {
    /// Counts the versions; the greatest is in use.
    #[n(0)]
    pub number: u32,
    /// The script, as JSON.
    #[n(1)]
    pub json: String,
}

/// Under which name a canvasser is shown.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Name {
    /// The canvasser.
    #[n(0)]
    pub canvasser: Bytes16,
    /// The name.
    #[n(1)]
    pub name: String,
}

/// Where a list stands once everything in the answer is applied.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ListCheckpoint {
    /// The list's number.
    #[n(0)]
    pub number: u32,
    /// Its epoch.
    #[n(1)]
    pub epoch: u32,
    /// The digest of its members' sequenced heads.
    #[n(2)]
    pub digest: Bytes16,
    /// For how long the list is lent to this device ([`crate::sync::Lease`]).
    #[n(3)]
    pub lease: Signed,
    /// The name of the streets that ride with the list: the BLAKE3 of their pack. None, if there
    /// are none or the server knows of none.
    #[n(4)]
    pub streets: Option<ByteArray<32>>,
}

/// Largest pack that rides with a list.
pub const MAX_STREETS_BYTES: usize = 2 << 20;

/// The streets of a list are asked for.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct StreetsRequest {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The list's number.
    #[n(1)]
    pub list: u32,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// The streets of a list.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct StreetsReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// A street pack; none, if the list has none or is not the device's any more.
    #[n(1)]
    pub pack: Option<ByteVec>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// The server's answer to a pull.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct PullReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// Parts, to be kept until there is a checkpoint.
    #[n(1)]
    pub parts: Vec<Part>,
    /// With the last parts: where every list of this device stands now. A list that the phone
    /// holds and that is missing here has been withdrawn.
    #[n(2)]
    pub checkpoint: Option<Vec<ListCheckpoint>>,
    /// The server's clock, in milliseconds.
    #[n(3)]
    pub server_ms: i64,
    /// The server has every change of this device and incarnation up to here.
    #[n(4)]
    pub mark: u64,
    /// Orders of the campaign that this device has not told to be carried out.
    #[n(5)]
    pub orders: Vec<Signed>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// How many groups of doors a cell is compared in.
pub const GROUPS: usize = 16;

/// The group of a door within its cell: by its ordinal. Both sides have it at hand without
/// hashing, doors that are not on the list fall into one as well, and neighbours, whose damage
/// comes together, spread over all.
#[must_use]
pub const fn group_of(ordinal: u32) -> usize {
    ordinal as usize % GROUPS
}

/// A list disagrees at its checkpoint. First without `doors`: the digests of each cell's groups
/// are compared. Then, with `doors`: these are asked for.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct CompareRequest {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The list's number.
    #[n(1)]
    pub list: u32,
    /// The epoch of what the phone holds.
    #[n(2)]
    pub epoch: u32,
    /// The cells in which the phone holds doors.
    #[n(3)]
    pub cells: Vec<CellGroups>,
    /// Doors to be given anew.
    #[n(4)]
    pub doors: Vec<DoorAt>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// The digests of a cell's groups of doors.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(array)]
pub struct CellGroups {
    /// The cell.
    #[n(0)]
    pub cell: u32,
    /// The digest of each of its [`GROUPS`] groups.
    #[n(1)]
    pub groups: Vec<Bytes16>,
}

/// A door, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct DoorAt {
    /// The cell.
    #[n(0)]
    pub cell: u32,
    /// The ordinal within the cell.
    #[n(1)]
    pub ordinal: u32,
}

/// Where a list differs, or the doors that were asked for.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct CompareReply {
    /// The protocol version.
    #[n(0)]
    pub protocol: u32,
    /// The list's epoch; 0 when the device does not have it any more.
    #[n(1)]
    pub epoch: u32,
    /// The last number given in each cell of the list: no cursor is beyond it.
    #[n(2)]
    pub heads: Vec<CellCursor>,
    /// The groups whose digests differ.
    #[n(3)]
    pub groups: Vec<GroupDoors>,
    /// How many of the doors asked for, from the first on, the parts speak of.
    #[n(4)]
    pub answered: u32,
    /// Doors, people, names and events, each up to the cell's head. A door that was asked for
    /// and is not here is not on the list.
    #[n(5)]
    pub parts: Vec<Part>,
    /// What the sender can do: bits of [`capability`].
    #[n(23)]
    pub capabilities: Option<u32>,
}

/// What the server holds of a group that differs.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(array)]
pub struct GroupDoors {
    /// The cell.
    #[n(0)]
    pub cell: u32,
    /// The group's number.
    #[n(1)]
    pub group: u8,
    /// Its doors.
    #[n(2)]
    pub doors: Vec<DoorDigest>,
}

/// A door's digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DoorDigest {
    /// Its ordinal within the cell.
    #[n(0)]
    pub ordinal: u32,
    /// The digest.
    #[n(1)]
    pub digest: Bytes16,
}

/// A message as bytes.
///
/// # Panics
/// Never: writing to memory does not fail.
pub fn encoded<T: Encode<()>>(message: &T) -> Vec<u8> {
    minicbor::to_vec(message).expect("writing to memory does not fail")
}

/// The message in these bytes, if it is one, and names each of its fields once.
pub fn decoded<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    walk(&mut Decoder::new(bytes), MAX_DEPTH)?;
    let mut decoder = Decoder::new(bytes);
    let message = decoder.decode().ok()?;
    (decoder.position() == bytes.len()).then_some(message)
}

/// How deep messages are nested at most, those of later versions included.
const MAX_DEPTH: u32 = 16;

/// Walks over a value. Of a field that stands there twice one reader would take the first and
/// another the last: fields stand in the order of their keys.
fn walk(decoder: &mut Decoder<'_>, depth: u32) -> Option<()> {
    let deeper = depth.checked_sub(1)?;
    match decoder.datatype().ok()? {
        Type::Map => {
            let mut least = 0;
            for _ in 0..decoder.map().ok()?? {
                let key = decoder.u32().ok().filter(|key| *key >= least)?;
                least = key.checked_add(1)?;
                walk(decoder, deeper)?;
            }
        }
        Type::Array => {
            for _ in 0..decoder.array().ok()?? {
                walk(decoder, deeper)?;
            }
        }
        _ => decoder.skip().ok()?,
    }
    Some(())
}
