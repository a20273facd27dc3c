//! Push: segments in, plain or sealed, from their author or from whoever carries them.
//!
//! A segment is one step: its changes are taken in and its author's mark moves, all in one
//! transaction. Whether two segments say the same is decided change by change, because sealed
//! copies of unsent work are cut differently.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::change::{Body, Envelope, Segment, SegmentHeader, WireChange};
use canvass_core::id::{CampaignId, CanvasserId, ChangeId, DeviceId};
use canvass_core::merge::SetAsideReason;
use canvass_core::seal::{is_segment_signed_by, open_for_campaign};
use canvass_core::sync::wire::{self, Exception, Mark, PushReply, PushRequest, exception};
use canvass_core::time::Timestamp;
use minicbor::bytes::ByteVec;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::erase;
use crate::sqlite::ingest::{Author, Ingest};
use crate::sqlite::keys::{self, CampaignKeys};
use crate::sqlite::rows::{all, execute, first, from_sql, to_sql};
use crate::sqlite::set_aside;
use crate::storage::{DeviceScope, Recovered};

/// Most segments in one push.
const MAX_SEGMENTS: usize = 256;

/// How a stored segment is kept: unreadable, taken in, or saying something else than what was
/// taken in under the same numbers.
const UNREADABLE: u8 = 0;
const TAKEN_IN: u8 = 1;
pub(super) const FORKED: u8 = 2;

/// Takes in segments, in their order.
pub(super) fn push(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    request: &PushRequest,
    now: Timestamp,
) -> Result<PushReply, Error> {
    super::leases::orders_done(tx, scope, &request.done)?;
    let offset_ms = now.millis().saturating_sub(request.wall_ms);
    let sql = "UPDATE device SET offset_ms = ?3 WHERE campaign = ?1 AND id = ?2";
    let (campaign, device) = (scope.campaign.to_bytes(), scope.device.to_bytes());
    execute(tx, sql, params![campaign, device, offset_ms])?;
    let mut reply = take_in(tx, scope, &request.segments, now)?;
    if let Some(asked) = &request.retry {
        reply.exceptions.extend(retry(tx, scope, asked, now)?);
    }
    Ok(reply)
}

/// Takes in segments that this device has brought.
pub(super) fn take_in(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    segments: &[ByteVec],
    now: Timestamp,
) -> Result<PushReply, Error> {
    if segments.len() > MAX_SEGMENTS {
        return Err(Error::TooLarge);
    }
    let mut intake = Intake::new(tx, scope.campaign, now)?;
    let mut marks: BTreeMap<(DeviceId, u32), u64> = BTreeMap::new();
    let mut refused = Vec::new();
    for (bytes, place) in segments.iter().zip(0_u32..) {
        match intake.bytes(bytes)? {
            Taken::UpTo(device, incarnation, mark) => {
                marks.insert((device, incarnation), mark);
            }
            // What a carrier brings sealed may be old, early or forged: it cannot look inside,
            // and its own work goes on.
            Taken::Refused(of, error) => {
                let own_gap = matches!(error, Error::Gap { .. }) && of == Some(scope.device);
                if own_gap || !Envelope::is_one(bytes) {
                    return Err(error);
                }
                refused.push(place);
            }
        }
    }
    intake.take_in_what_waited()?;
    let signing = &intake.keys.signing;
    let marks = marks.into_iter().map(|((device, incarnation), seq)| {
        Mark::signed(scope.campaign, device, incarnation, seq, signing)
    });
    Ok(PushReply {
        protocol: wire::PROTOCOL,
        marks: marks.collect(),
        exceptions: intake.ingest.exceptions,
        server_ms: now.millis(),
        refused,
        orders: super::leases::open_orders(tx, scope)?,
        capabilities: Some(wire::capability::ALL),
    })
}

/// Tries again what was set aside of this device; tells what still is.
fn retry(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    asked: &[wire::OwnChange],
    now: Timestamp,
) -> Result<Vec<Exception>, Error> {
    let own = |asked: &wire::OwnChange| ChangeId {
        device: scope.device,
        incarnation: asked.incarnation,
        seq: asked.seq,
    };
    let ids: BTreeSet<ChangeId> = asked.iter().map(own).collect();
    set_aside::retry(tx, scope.campaign, Some(&ids), false, now)?;
    let mut ingest = Ingest::new(tx, scope.campaign, now)?;
    for id in ids {
        if let Some(reason) = ingest.reason(id)? {
            ingest.tell(id, exception::SET_ASIDE, Some(reason));
        }
    }
    Ok(ingest.exceptions)
}

/// Takes in what was sealed to the campaign and came by another way than a push.
pub(super) fn recover(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    segments: &[Vec<u8>],
    now: Timestamp,
) -> Result<Recovered, Error> {
    super::campaign::check(tx, campaign)?;
    let mut intake = Intake::new(tx, campaign, now)?;
    let mut recovered = Recovered::default();
    for bytes in segments {
        let told = intake.ingest.exceptions.len();
        match intake.bytes(bytes)? {
            Taken::UpTo(..) => {
                let count = Envelope::read(bytes).map_or(0, |envelope| envelope.header.count);
                let new = &intake.ingest.exceptions[told..];
                let known = new.iter().filter(|told| told.code == exception::DUPLICATE).count();
                let known = u32::try_from(known).unwrap_or(u32::MAX);
                recovered.duplicates += known;
                recovered.changes += count.saturating_sub(known);
            }
            Taken::Refused(..) => recovered.refused += 1,
        }
    }
    intake.take_in_what_waited()?;
    Ok(recovered)
}

/// The author of a segment; nothing if the campaign has no such device.
pub(super) fn author(
    tx: &Transaction<'_>,
    header: &SegmentHeader,
) -> Result<Option<Author>, Error> {
    let sql = "SELECT canvasser, public_key, offset_ms FROM device
               WHERE campaign = ?1 AND id = ?2";
    let key = params![header.campaign.to_bytes(), header.device.to_bytes()];
    let mark = mark(tx, header.campaign, header.device, header.incarnation)?;
    first(tx, sql, key, |row| {
        Ok(Author {
            canvasser: CanvasserId::from_bytes(row.get(0)?),
            public_key: row.get(1)?,
            offset_ms: row.get(2)?,
            mark,
        })
    })
}

/// How far the server has an author.
pub(super) fn mark(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
    incarnation: u32,
) -> Result<u64, Error> {
    let sql = "SELECT mark FROM author WHERE campaign = ?1 AND device = ?2 AND incarnation = ?3";
    let key = params![campaign.to_bytes(), device.to_bytes(), incarnation];
    Ok(first(tx, sql, key, |row| row.get(0).map(from_sql))?.unwrap_or(0))
}

/// What became of one segment.
enum Taken {
    /// Its author is received up to this number.
    UpTo(DeviceId, u32, u64),
    /// It was not taken in; whose it says that it is.
    Refused(Option<DeviceId>, Error),
}

struct Intake<'a> {
    ingest: Ingest<'a>,
    keys: CampaignKeys,
}

impl<'a> Intake<'a> {
    fn new(tx: &'a Transaction<'a>, campaign: CampaignId, now: Timestamp) -> Result<Self, Error> {
        Ok(Self { ingest: Ingest::new(tx, campaign, now)?, keys: keys::of(tx, campaign)? })
    }

    /// Takes in one segment, plain or sealed.
    fn bytes(&mut self, bytes: &[u8]) -> Result<Taken, Error> {
        const NO_SEGMENT: Error = Error::BadRequest("a segment");
        let segment = if Envelope::is_one(bytes) {
            let Ok(envelope) = Envelope::read(bytes) else {
                return Ok(Taken::Refused(None, NO_SEGMENT));
            };
            match open_for_campaign(&envelope, &self.keys.opening) {
                Ok(segment) => segment,
                Err(_) => {
                    return Ok(Taken::Refused(Some(envelope.header.device), Error::Forbidden));
                }
            }
        } else {
            match Segment::read(bytes.to_vec()) {
                Ok(segment) => segment,
                Err(_) => return Ok(Taken::Refused(None, NO_SEGMENT)),
            }
        };
        self.segment(&segment)
    }

    /// What was said of someone whom another phone met may come before that phone does: it is
    /// taken in once they are known, and not told as set aside.
    fn take_in_what_waited(&mut self) -> Result<(), Error> {
        let Ingest { tx, campaign, now, .. } = self.ingest;
        if !self.ingest.has_met {
            return Ok(());
        }
        let waiting = set_aside::because(tx, campaign, SetAsideReason::UnknownEntity)?;
        if waiting.is_empty() {
            return Ok(());
        }
        set_aside::retry(tx, campaign, Some(&waiting), false, now)?;
        let left = set_aside::because(tx, campaign, SetAsideReason::UnknownEntity)?;
        self.ingest.exceptions.retain(|told| {
            let device = DeviceId::from_bytes(*told.device);
            let id = ChangeId { device, incarnation: told.incarnation, seq: told.seq };
            !waiting.contains(&id) || left.contains(&id)
        });
        Ok(())
    }

    fn segment(&mut self, segment: &Segment) -> Result<Taken, Error> {
        let header = &segment.header;
        let refused = |error| Ok(Taken::Refused(Some(header.device), error));
        if header.campaign != self.ingest.campaign {
            return refused(Error::Forbidden);
        }
        let Some(author) = author(self.ingest.tx, header)? else {
            return refused(Error::Forbidden);
        };
        if !is_segment_signed_by(&author.public_key, segment) {
            return refused(Error::Forbidden);
        }
        let gap = || Error::Gap {
            device: header.device,
            incarnation: header.incarnation,
            mark: author.mark,
        };
        if header.first_seq > author.mark + 1 {
            return refused(gap());
        }
        let hash = *blake3::hash(segment.bytes()).as_bytes();
        let up_to = |mark| Ok(Taken::UpTo(header.device, header.incarnation, mark));
        let Ok(changes) = segment.changes() else {
            if header.first_seq != author.mark + 1 {
                let known = self.is_known(header, &hash)?;
                return if known { up_to(author.mark) } else { refused(gap()) };
            }
            return up_to(self.unreadable(segment, &hash)?);
        };
        if !self.says_the_same(header, &changes, author.mark)? {
            self.keep(segment, &hash, &changes, FORKED)?;
            return refused(gap());
        }
        self.tell_known(header, author.mark)?;
        if header.end_seq() - 1 <= author.mark {
            return up_to(author.mark);
        }
        self.keep(segment, &hash, &changes, TAKEN_IN)?;
        let new = changes.into_iter().filter(|change| change.id.seq > author.mark).collect();
        self.ingest.take_in(header, &author, new)?;
        up_to(self.advance(header)?)
    }

    /// Whether the changes that are here already are the same as these, number by number. What
    /// cannot be compared (unreadable, or erased since) counts as the same.
    fn says_the_same(
        &self,
        header: &SegmentHeader,
        changes: &[WireChange],
        mark: u64,
    ) -> Result<bool, Error> {
        if header.first_seq > mark {
            return Ok(true);
        }
        let sql = "SELECT bytes FROM segment WHERE campaign = ?1 AND device = ?2
                     AND incarnation = ?3 AND first_seq <= ?4 AND first_seq + count > ?5
                     AND state = ?6";
        let key = params![
            header.campaign.to_bytes(),
            header.device.to_bytes(),
            header.incarnation,
            to_sql(mark.min(header.end_seq() - 1)),
            to_sql(header.first_seq),
            TAKEN_IN,
        ];
        let known: Vec<Vec<u8>> = all(self.ingest.tx, sql, key, |row| row.get(0))?;
        let known = known.into_iter().filter_map(|bytes| Segment::read(bytes).ok()?.changes().ok());
        let known: BTreeMap<u64, WireChange> =
            known.flatten().map(|change| (change.id.seq, change)).collect();
        let overlapping = changes.iter().filter(|change| change.id.seq <= mark);
        Ok(overlapping
            .into_iter()
            .all(|change| known.get(&change.id.seq).is_none_or(|there| is_same(there, change))))
    }

    /// Tells what became of the changes of this segment that were here already.
    fn tell_known(&mut self, header: &SegmentHeader, mark: u64) -> Result<(), Error> {
        for seq in header.first_seq..header.end_seq().min(mark + 1) {
            match self.ingest.reason(id(header, seq))? {
                Some(reason) => {
                    self.ingest.tell(id(header, seq), exception::SET_ASIDE, Some(reason));
                }
                None => self.ingest.tell(id(header, seq), exception::DUPLICATE, None),
            }
        }
        Ok(())
    }

    /// A signed segment that this build cannot read is kept, and its changes count as received.
    fn unreadable(&mut self, segment: &Segment, hash: &[u8; 32]) -> Result<u64, Error> {
        self.keep(segment, hash, &[], UNREADABLE)?;
        for seq in segment.header.first_seq..segment.header.end_seq() {
            self.ingest.set_aside(id(&segment.header, seq), SetAsideReason::Unreadable)?;
        }
        self.advance(&segment.header)
    }

    fn is_known(&self, header: &SegmentHeader, hash: &[u8; 32]) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM segment WHERE campaign = ?1 AND device = ?2
                     AND incarnation = ?3 AND first_seq = ?4 AND hash = ?5";
        let (campaign, device) = (header.campaign.to_bytes(), header.device.to_bytes());
        let key = params![campaign, device, header.incarnation, to_sql(header.first_seq), hash];
        Ok(first(self.ingest.tx, sql, key, |_| Ok(()))?.is_some())
    }

    /// Keeps a segment as it came, or what is left of it where someone was erased.
    fn keep(
        &self,
        segment: &Segment,
        hash: &[u8; 32],
        changes: &[WireChange],
        state: u8,
    ) -> Result<(), Error> {
        let header = &segment.header;
        let left = erase::left_of(self.ingest.tx, segment, changes)?;
        execute(
            self.ingest.tx,
            "INSERT OR IGNORE INTO segment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                header.campaign.to_bytes(),
                header.device.to_bytes(),
                header.incarnation,
                to_sql(header.first_seq),
                header.count,
                hash,
                left.as_ref().unwrap_or(segment).bytes(),
                self.ingest.now.millis(),
                state,
                left.is_some(),
            ],
        )
        .map(|_| ())
    }

    /// Moves the author's mark to the segment's end.
    fn advance(&self, header: &SegmentHeader) -> Result<u64, Error> {
        let mark = header.end_seq() - 1;
        let sql = "INSERT OR REPLACE INTO author VALUES (?1, ?2, ?3, ?4)";
        let (campaign, device) = (header.campaign.to_bytes(), header.device.to_bytes());
        execute(self.ingest.tx, sql, params![campaign, device, header.incarnation, to_sql(mark)])?;
        Ok(mark)
    }
}

fn is_same(there: &WireChange, change: &WireChange) -> bool {
    there.body == Body::Erased || there == change
}

fn id(header: &SegmentHeader, seq: u64) -> ChangeId {
    ChangeId { device: header.device, incarnation: header.incarnation, seq }
}
