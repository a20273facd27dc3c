//! Sync as the app runs it: step by step, on its own HTTP stack.
//!
//! The app calls [`Engine::sync_next`] until it says `Done`. Between two calls no lock and no
//! transaction is open; a conversation that is dropped half-way is simply begun anew.

use std::collections::BTreeSet;

use crate::change::{Envelope, SegmentHeader};
use crate::engine::apply;
use crate::engine::error::{Error, What};
use crate::engine::join::no_campaign;
use crate::engine::repair::{self, Repairs};
use crate::engine::{Engine, Main, NewList, Opened, bundle, incarnation, sealed, segments};
use crate::id::{CampaignId, CanvasserId, DeviceId, ListId};
use crate::merge::Digest;
use crate::store::{CampaignKeys, Counter, ListDb, ListEntry, Loan, StagedPart, StoreError};
use crate::sync::wire::{
    self, CellCursor, CompareReply, CompareRequest, DropRequest, ENROL_DOMAIN, EnrolReply,
    EnrolRequest, GapReply, ListCheckpoint, ListCursor, ListHead, PullReply, PushReply,
    RevokedReply, capability, exception, part,
};
use crate::sync::{
    Ended, Lease, Machine, Next, Order, OrderDone, Outgoing, PullProgress, Reply, Surroundings,
    SyncEvent, Work,
};
use crate::time::Timestamp;

/// What the app tells the engine about the conversation with the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SyncInput {
    /// Begin.
    Begin {
        /// Someone is waiting for it: do not heed the backoff.
        now: bool,
    },
    /// The wait that was asked for is over.
    Waited,
    /// The server answered.
    Reply {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After` in seconds, if there was one.
        retry_after_s: Option<u32>,
        /// The body.
        body: Vec<u8>,
    },
    /// There was no answer: no network, a timeout, a broken connection.
    NoAnswer,
}

/// What the app is to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SyncStep {
    /// Send this request and tell the answer.
    Send {
        /// The request.
        request: SyncRequest,
    },
    /// Wait, then say `Waited`.
    Wait {
        /// This many milliseconds.
        wait_ms: u64,
    },
    /// Nothing more for now.
    Done {
        /// What was done.
        report: SyncReport,
    },
}

/// An HTTP request.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncRequest {
    /// The address. The method is always POST.
    pub url: String,
    /// The header `Content-Type`; also the one to `Accept`.
    pub media_type: String,
    /// The header `Authorization`, if there is to be one. A secret: never log it.
    pub authorization: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Give up after this many milliseconds.
    pub timeout_ms: u32,
    /// Refuse an answer longer than this many bytes.
    pub max_reply_bytes: u32,
}

impl std::fmt::Debug for SyncRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncRequest")
            .field("url", &self.url)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SyncOutcome {
    /// Everything is exchanged.
    Complete,
    /// The campaign has no server.
    NoServer,
    /// The server could not be reached, or something else answered in its place.
    Offline,
    /// The server is in trouble, or asks for patience.
    ServerTrouble,
    /// The server no longer knows this device. Nothing is lost: what is here stays here.
    NotEnrolled,
    /// The invitation is used, expired or wrong: ask for a new one.
    InvitationRefused,
    /// The server does not understand this build: update the app.
    Refused,
}

impl SyncOutcome {
    /// Whether trying again is useless until something else happens: a join, an update.
    const fn is_final(self) -> bool {
        match self {
            Self::Complete | Self::Offline | Self::ServerTrouble => false,
            Self::NoServer | Self::NotEnrolled | Self::InvitationRefused | Self::Refused => true,
        }
    }
}

/// What a sync did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncReport {
    /// How it ended.
    pub outcome: SyncOutcome,
    /// Whether trying again is useless until something else happens: a join, an update.
    pub is_final: bool,
    /// Changes that the campaign has now and did not have before.
    pub sent: u32,
    /// Events that were new here.
    pub received: u32,
    /// Changes of this phone that the campaign keeps and could not use.
    pub set_aside: u32,
    /// Changes of this phone that stand beside others that say something else.
    pub conflicts: u32,
    /// Lists whose digest did not agree with the campaign's at first.
    pub diverged: u32,
    /// Doors of such lists that were fetched again, because these differed.
    pub repaired_doors: u32,
    /// Such lists that were fetched anew whole.
    pub repaired: u32,
    /// When to try again, if it did not complete.
    pub retry_at: Option<Timestamp>,
}

/// Requests take at most this long.
const TIMEOUT_MS: u32 = 30_000;
/// No answer is longer than this.
const MAX_REPLY_BYTES: u32 = 4 << 20;

/// A conversation under way.
pub(super) struct Conversation {
    machine: Machine,
    tally: Tally,
    /// The headers of the sealed segments in the push that is under way, place by place.
    sent: Vec<Option<SegmentHeader>>,
    /// Segments of others that the server did not take in this conversation.
    skipped: BTreeSet<(DeviceId, u32, u64)>,
    repairs: Repairs,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    sent: u32,
    received: u32,
    set_aside: u32,
    conflicts: u32,
    diverged: u32,
    repaired_doors: u32,
    repaired: u32,
    /// The newest order that the last request told to be carried out.
    told: u32,
}

impl Conversation {
    pub(super) fn new(machine: Machine) -> Self {
        Self {
            machine,
            tally: Tally::default(),
            sent: Vec::new(),
            skipped: BTreeSet::new(),
            repairs: Repairs::default(),
        }
    }
}

impl Engine {
    /// Says what to do next in the conversation with the server, given what happened.
    ///
    /// Begin with [`SyncInput::Begin`], do what the answer says, and call again with what came
    /// of it, until it says `Done`. Push comes before pull; retry and backoff are in here.
    pub fn sync_next(&self, input: SyncInput) -> Result<SyncStep, Error> {
        let opened = self.opened()?;
        let mut conversation =
            opened.conversation.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Conversation { machine, tally, sent, skipped, repairs } = &mut *conversation;
        if matches!(input, SyncInput::Begin { .. }) {
            *tally = Tally::default();
            opened.sweep(&opened.main(), &self.ports)?;
            skipped.clear();
            *repairs = Repairs::default();
        }
        let around = self.surroundings(&opened)?;
        let mut work = EngineWork { engine: self, opened: &opened, tally, sent, skipped, repairs };
        let next = machine.next(event(input), around, &mut work)?;
        let tally = *tally;
        drop(conversation);
        match next {
            Next::Send(outgoing) => Ok(SyncStep::Send { request: request(&opened, outgoing)? }),
            Next::Wait(wait_ms) => Ok(SyncStep::Wait { wait_ms }),
            Next::Done(ended) => {
                let report = self.report(&opened, ended, tally)?;
                self.listeners.tell(None, None);
                Ok(SyncStep::Done { report })
            }
        }
    }

    fn surroundings(&self, opened: &Opened) -> Result<Surroundings, Error> {
        let main = opened.main();
        let identity = main.identity()?;
        let mut random = [0; 8];
        self.ports.ids.fill(&mut random);
        Ok(Surroundings {
            wall: self.now(),
            random: u64::from_le_bytes(random),
            attempts: identity.attempts,
            next: identity.next_sync,
            has_server: identity.server.is_some(),
            incarnation: identity.incarnation,
        })
    }

    fn report(&self, opened: &Opened, ended: Ended, tally: Tally) -> Result<SyncReport, Error> {
        let outcome = match ended {
            Ended::Complete => SyncOutcome::Complete,
            Ended::NoServer => SyncOutcome::NoServer,
            Ended::Offline => SyncOutcome::Offline,
            Ended::ServerTrouble => SyncOutcome::ServerTrouble,
            Ended::NotEnrolled => SyncOutcome::NotEnrolled,
            Ended::InvitationRefused => SyncOutcome::InvitationRefused,
            Ended::Refused => SyncOutcome::Refused,
        };
        let mut main = opened.main();
        if outcome == SyncOutcome::InvitationRefused {
            drop_invitation(&mut main)?;
        }
        let mut identity = main.identity()?.clone();
        if outcome == SyncOutcome::Complete {
            identity.last_sync = Some(self.now());
            main.put(identity.clone())?;
        }
        let Tally {
            sent,
            received,
            set_aside,
            conflicts,
            diverged,
            repaired_doors,
            repaired,
            told: _,
        } = tally;
        let retry_at = (identity.attempts > 0).then_some(identity.next_sync);
        let is_final = outcome.is_final();
        Ok(SyncReport {
            outcome,
            is_final,
            sent,
            received,
            set_aside,
            conflicts,
            diverged,
            repaired_doors,
            repaired,
            retry_at,
        })
    }
}

/// A device that was enrolled before goes on with the token it has.
fn drop_invitation(main: &mut Main) -> Result<(), Error> {
    let mut identity = main.identity()?.clone();
    match &mut identity.server {
        Some(server) if server.token.is_some() => server.invitation = None,
        _ => return Ok(()),
    }
    main.put(identity)
}

fn event(input: SyncInput) -> SyncEvent {
    match input {
        SyncInput::Begin { now } => SyncEvent::Begin { now },
        SyncInput::Waited => SyncEvent::Waited,
        SyncInput::Reply { status, retry_after_s, body } => {
            SyncEvent::Reply(Reply { status, retry_after_s, body })
        }
        SyncInput::NoAnswer => SyncEvent::NoAnswer,
    }
}

fn request(opened: &Opened, outgoing: Outgoing) -> Result<SyncRequest, Error> {
    let main = opened.main();
    let server = main.identity()?.server.as_ref().ok_or(Error::NoCampaign)?;
    let token = server.token.as_ref().filter(|_| outgoing.with_token);
    Ok(SyncRequest {
        url: format!("{}{}", server.url, outgoing.path),
        media_type: wire::MEDIA_TYPE.to_owned(),
        authorization: token.map(|token| format!("Bearer {token}")),
        body: outgoing.body,
        timeout_ms: TIMEOUT_MS,
        max_reply_bytes: MAX_REPLY_BYTES,
    })
}

/// The stores, as the conversation works on them.
pub(super) struct EngineWork<'a> {
    engine: &'a Engine,
    opened: &'a Opened,
    tally: &'a mut Tally,
    sent: &'a mut Vec<Option<SegmentHeader>>,
    skipped: &'a mut BTreeSet<(DeviceId, u32, u64)>,
    repairs: &'a mut Repairs,
}

impl Work for EngineWork<'_> {
    type Error = Error;

    fn enrolment(&mut self) -> Result<Option<EnrolRequest>, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let server = identity.server.as_ref();
        let Some(secret) = server.and_then(|server| server.invitation.clone()) else {
            return Ok(None);
        };
        let device = identity.device.to_bytes();
        let proof = self.opened.signing.sign(ENROL_DOMAIN, &[&secret[..], &device].concat());
        Ok(Some(EnrolRequest {
            protocol: wire::PROTOCOL,
            invitation: secret.into(),
            device: device.into(),
            public_key: self.opened.signing.public().into(),
            proof: proof.into(),
            incarnation: identity.incarnation,
            wall_ms: self.engine.now().millis(),
            capabilities: Some(capability::ALL),
        }))
    }

    fn enrolled(&mut self, reply: EnrolReply) -> Result<(), Error> {
        let mut main = self.opened.main();
        let mut identity = main.identity()?.clone();
        let campaign = CampaignId::from_bytes(*reply.campaign);
        if identity.campaign != no_campaign() && identity.campaign != campaign {
            drop_invitation(&mut main)?;
            return Err(Error::AlreadyInCampaign);
        }
        identity.campaign = campaign;
        identity.campaign_name = reply.campaign_name;
        identity.canvasser = CanvasserId::from_bytes(*reply.canvasser);
        identity.canvasser_name = reply.canvasser_name;
        identity.keys = Some(CampaignKeys {
            signing: *reply.signing_key,
            sealing: *reply.sealing_key,
            card: wire::encoded(&reply.card),
        });
        if let Some(server) = &mut identity.server {
            server.token = Some(reply.token);
            server.invitation = None;
        }
        main.put(identity)?;
        sealed::open(self.opened, &mut main, &self.engine.ports)
    }

    fn segments(&mut self, max_bytes: usize) -> Result<Vec<Vec<u8>>, Error> {
        let main = self.opened.main();
        let (opened, ports) = (self.opened, &self.engine.ports);
        sealed::complete(opened, &main, ports)?;
        segments::make_all(opened, &main, ports)?;
        let batch = segments::next_batch(opened, &main, ports, max_bytes, self.skipped)?;
        self.sent.clear();
        self.sent.extend(batch.iter().map(|bytes| segments::header_of_sealed(bytes)));
        Ok(batch)
    }

    fn orders_done(&mut self) -> Result<Vec<OrderDone>, Error> {
        let done = self.opened.main().db.orders_untold()?.into_iter();
        let done: Vec<OrderDone> = done
            .map(|row| OrderDone { number: row.number, signature: row.signature.into() })
            .collect();
        self.tally.told = done.last().map_or(0, |done| done.number);
        Ok(done)
    }

    fn revoked(&mut self, reply: RevokedReply) -> Result<bool, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let (campaign, device) = (identity.campaign, identity.device);
        let signed = identity
            .keys
            .as_ref()
            .is_some_and(|keys| Order::of(&reply.order, campaign, device, &keys.signing).is_some());
        drop(main);
        self.engine.obey(self.opened, &[reply.order])?;
        Ok(signed)
    }

    fn sealed(&mut self, max_bytes: usize) -> Result<Option<DropRequest>, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let segments =
            segments::next_batch(self.opened, &main, &self.engine.ports, max_bytes, self.skipped)?;
        if segments.is_empty() || !segments.iter().all(|bytes| Envelope::is_one(bytes)) {
            return Ok(None);
        }
        Ok(Some(DropRequest {
            protocol: wire::PROTOCOL,
            campaign: identity.campaign.to_bytes().into(),
            segments: segments.into_iter().map(Into::into).collect(),
            device: identity.device.to_bytes().into(),
        }))
    }

    fn pushed(&mut self, reply: PushReply) -> Result<bool, Error> {
        self.heard()?;
        self.engine.obey(self.opened, &reply.orders)?;
        let mut main = self.opened.main();
        let identity = main.identity()?.clone();
        let is_own = |of: &wire::Bytes16| **of == identity.device.to_bytes();
        if let Some(keys) = &identity.keys {
            bundle::take_receipts(&main, &identity, keys, &reply.marks)?;
        }
        let mut moved = self.drop_refused(&mut main, &reply)?;
        for mark in reply.marks.iter().filter(|mark| is_own(&mark.device)) {
            sealed::drop_up_to(&main, mark.incarnation, mark.seq)?;
        }
        moved |= reply
            .marks
            .iter()
            .any(|mark| !is_own(&mark.device) || mark.incarnation != identity.incarnation);
        let is_present = |of: &wire::Bytes16, i: u32| is_own(of) && i == identity.incarnation;
        let before = identity.acked_seq;
        let mark = reply.marks.iter().filter(|mark| is_present(&mark.device, mark.incarnation));
        let acked = mark.map(|mark| mark.seq).max().unwrap_or(before).max(before);
        let mut set_aside = Vec::new();
        for told in
            reply.exceptions.iter().filter(|told| is_present(&told.device, told.incarnation))
        {
            match told.code {
                exception::SET_ASIDE => set_aside.push((told.seq, told.reason.unwrap_or(0))),
                exception::CONFLICT => self.tally.conflicts += 1,
                _ => {}
            }
        }
        main.db.acknowledge(acked, &set_aside)?;
        main.identity = main.db.identity()?;
        self.tally.sent += u32::try_from(acked - before).unwrap_or(u32::MAX);
        self.tally.set_aside += u32::try_from(set_aside.len()).unwrap_or(u32::MAX);
        Ok(acked > before || moved)
    }

    fn refused(&mut self, gap: GapReply) -> Result<bool, Error> {
        let mut main = self.opened.main();
        let identity = main.identity()?;
        let is_own = *gap.device == identity.device.to_bytes();
        // Behind what it had acknowledged: the server has lost something, and this phone has
        // nothing to put in its place.
        if !is_own || gap.incarnation != identity.incarnation || gap.mark < identity.acked_seq {
            return Ok(false);
        }
        incarnation::begin(self.opened, &mut main, &self.engine.ports)?;
        Ok(true)
    }

    fn cursors(&mut self) -> Result<Vec<ListCursor>, Error> {
        let main = self.opened.main();
        let mut cursors = Vec::new();
        let held = |entry: &ListEntry| !entry.withdrawn && entry.closed.is_none();
        for entry in main.db.lists()?.into_iter().filter(held) {
            let list = self.opened.open_list(&main, &self.engine.ports, &entry)?;
            cursors.push(cursor(&list.read().db, entry.number)?);
        }
        Ok(cursors)
    }

    fn pulled(&mut self, reply: PullReply) -> Result<PullProgress, Error> {
        self.heard()?;
        let ordered = self.engine.obey(self.opened, &reply.orders)?;
        self.stage(&reply)?;
        let Some(checkpoints) = reply.checkpoint else {
            return Ok(PullProgress::More);
        };
        self.notice_restored(reply.mark)?;
        let compares = reply.capabilities.unwrap_or(0) & capability::COMPARE != 0;
        let mut progress = PullProgress::Complete;
        for checkpoint in &checkpoints {
            if self.apply(checkpoint, reply.mark)? {
                continue;
            }
            if compares && self.repairs.begin(checkpoint.number) {
                progress = PullProgress::Compare;
            } else if self.fetch_anew(checkpoint.number)? && progress == PullProgress::Complete {
                progress = PullProgress::More;
            }
        }
        self.withdraw_all_but(&checkpoints)?;
        // An order that was carried out is told at once.
        if ordered && progress == PullProgress::Complete {
            progress = PullProgress::More;
        }
        Ok(progress)
    }

    fn comparison(&mut self) -> Result<Option<CompareRequest>, Error> {
        self.next_comparison()
    }

    fn compared(&mut self, reply: CompareReply) -> Result<(), Error> {
        self.take_comparison(&reply)
    }

    fn set_backoff(&mut self, attempts: u32, next: Timestamp) -> Result<(), Error> {
        let mut main = self.opened.main();
        let mut identity = main.identity()?.clone();
        if (identity.attempts, identity.next_sync) != (attempts, next) {
            (identity.attempts, identity.next_sync) = (attempts, next);
            main.put(identity)?;
        }
        Ok(())
    }
}

/// How much of a list is here: what is staged of an unfinished answer, else what is applied.
fn cursor(db: &ListDb, number: u32) -> Result<ListCursor, Error> {
    let rows = db.lookup();
    let staged = rows.staged()?;
    let fresh = staged.iter().find(|staged| staged.kind == part::HEAD);
    let mut cursor = ListCursor { number, ..ListCursor::default() };
    match fresh {
        Some(head) => {
            let head: Option<ListHead> = wire::decoded(&head.body);
            cursor.epoch = head.map_or(0, |head| head.epoch);
        }
        None => {
            let Some((about, _)) = db.about()? else {
                return Ok(cursor);
            };
            // What is missing of an applied snapshot is found by digests, never by counting.
            cursor.epoch = about.epoch;
            (cursor.doors, cursor.people) = (wire::ALL_ROWS, wire::ALL_ROWS);
            cursor.scripts = u32::try_from(db.scripts()?.len()).unwrap_or(u32::MAX);
            let cells = rows.cursors()?;
            cursor.cells = cells.into_iter().map(|(cell, seq)| CellCursor { cell, seq }).collect();
        }
    }
    for staged in &staged {
        match staged.kind {
            part::DOORS => cursor.doors = cursor.doors.saturating_add(staged.rows),
            part::PEOPLE => cursor.people = cursor.people.saturating_add(staged.rows),
            part::SCRIPT => cursor.scripts += 1,
            part::EVENTS => {
                cursor.cells.retain(|known| known.cell != staged.cell);
                cursor.cells.push(CellCursor { cell: staged.cell, seq: staged.upto });
            }
            _ => {}
        }
    }
    Ok(cursor)
}

impl EngineWork<'_> {
    /// What the campaign could not take of sealed copies is of no use there; whether there was
    /// any. Copies of this incarnation then go on under other numbers.
    fn drop_refused(&mut self, main: &mut Main, reply: &PushReply) -> Result<bool, Error> {
        let places = reply.refused.iter().filter_map(|place| usize::try_from(*place).ok());
        let headers: Vec<_> = places.filter_map(|p| self.sent.get(p).copied().flatten()).collect();
        let identity = main.identity()?;
        let (device, now) = (identity.device, identity.incarnation);
        for header in &headers {
            if header.device == device {
                sealed::drop_up_to(main, header.incarnation, header.end_seq() - 1)?;
            } else {
                // Its author's earlier work may still be on its way: tried again another time.
                self.skipped.insert((header.device, header.incarnation, header.first_seq));
            }
        }
        if headers.iter().any(|header| header.device == device && header.incarnation == now) {
            incarnation::begin(self.opened, main, &self.engine.ports)?;
        }
        Ok(!headers.is_empty())
    }

    /// The server knows of numbers that this database has not given: it is an older copy.
    fn notice_restored(&self, mark: u64) -> Result<(), Error> {
        let mut main = self.opened.main();
        if mark >= main.db.next_seq()? {
            incarnation::begin(self.opened, &mut main, &self.engine.ports)?;
        }
        Ok(())
    }

    /// Keeps the parts of an answer, each in its list's file.
    fn stage(&self, reply: &PullReply) -> Result<(), Error> {
        let mut numbers: Vec<u32> = reply.parts.iter().map(|part| part.list).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let parts = || reply.parts.iter().filter(move |part| part.list == number);
            let head = parts().find(|part| part.kind == part::HEAD);
            let head: Option<ListHead> = head.and_then(|head| wire::decoded(&head.body));
            let Some(list) = self.list_numbered(number, head.as_ref())? else {
                continue;
            };
            let mut db = self.writer(list)?;
            let writer = db.write()?;
            if head.is_some() {
                writer.clear_staged()?;
            }
            for part in parts() {
                writer.stage(&repair::staged(part))?;
            }
            writer.commit()?;
        }
        Ok(())
    }

    /// The list of this number, made when its head is the first that is heard of it.
    fn list_numbered(&self, number: u32, head: Option<&ListHead>) -> Result<Option<ListId>, Error> {
        let main = self.opened.main();
        let known = main.db.lists()?.into_iter().find(|entry| entry.number == number);
        match (known, head) {
            // It comes anew, under another key, once nothing of it is left.
            (Some(entry), head) if entry.closed.is_some() => match head {
                Some(head) if entry.erased => {
                    let (id, epoch, name) = (entry.id, head.epoch, head.name.clone());
                    let generation = entry.generation + 1;
                    let about = NewList { id, number, epoch, name, generation };
                    self.opened.new_list(&main, &self.engine.ports, about)?;
                    Ok(Some(id))
                }
                _ => Ok(None),
            },
            (Some(entry), head) => {
                if let Some(head) = head.filter(|h| h.epoch != entry.epoch || h.name != entry.name)
                {
                    let entry = ListEntry {
                        epoch: head.epoch,
                        name: head.name.clone(),
                        withdrawn: false,
                        ..entry.clone()
                    };
                    main.db.put_list(&entry)?;
                    self.opened.forget(entry.id);
                }
                Ok(Some(entry.id))
            }
            (None, Some(head)) => {
                let id = ListId::from_bytes(*head.id);
                let (epoch, name) = (head.epoch, head.name.clone());
                let about = NewList { id, number, epoch, name, generation: 0 };
                self.opened.new_list(&main, &self.engine.ports, about)?;
                Ok(Some(id))
            }
            (None, None) => Ok(None),
        }
    }

    /// A connection of our own to a list's file, so that nobody waits who is reading.
    fn writer(&self, list: ListId) -> Result<ListDb, Error> {
        let main = self.opened.main();
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        Ok(ListDb::open(&self.opened.directory, list, &open.key, false)?)
    }

    /// Has readers see what the file of a list holds now.
    fn refresh(&self, list: ListId) -> Result<(), Error> {
        let main = self.opened.main();
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        open.refresh(&main.db, main.identity()?)
    }

    /// Applies what is staged of a list; whether it agrees with the server now.
    fn apply(&mut self, checkpoint: &ListCheckpoint, acked: u64) -> Result<bool, Error> {
        let Some(list) = self.list_numbered(checkpoint.number, None)? else {
            // It has been erased meanwhile: it comes anew.
            self.tally.repaired += 1;
            return Ok(false);
        };
        if !self.lend(list, checkpoint)? {
            return Ok(true);
        }
        let campaign = self.opened.main().identity()?.campaign;
        let digest = Digest::from_bytes(*checkpoint.digest);
        let mut db = self.writer(list)?;
        let applied = apply::apply(&mut db, campaign, list, digest)?;
        self.tally.received += applied.events;
        if applied.diverged && !self.repairs.is_known(checkpoint.number) {
            self.tally.diverged += 1;
            self.opened.main().db.count(Counter::Diverged)?;
        }
        // The file holds now what the server had acknowledged before it answered.
        {
            let main = self.opened.main();
            main.db.trim(list, acked)?;
            bundle::drop_received(&main, |relay| relay.list == checkpoint.number)?;
        }
        self.refresh(list)?;
        match db.drop_remains() {
            // Someone else writes just now: tried again after the next pull.
            Ok(()) | Err(StoreError::InUse) => {}
            Err(error) => return Err(error.into()),
        }
        self.engine.listeners.tell(Some(list), None);
        Ok(applied.agrees)
    }

    /// Notes for how long a list is lent; whether the campaign has signed it. It is noted before
    /// the list is applied: no list is there without its lease.
    fn lend(&self, list: ListId, checkpoint: &ListCheckpoint) -> Result<bool, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let keys = identity.keys.as_ref();
        let lease = keys.and_then(|keys| {
            Lease::of(&checkpoint.lease, identity.campaign, identity.device, &keys.signing)
        });
        let meant = |lease: &Lease| {
            (lease.number, lease.epoch) == (checkpoint.number, checkpoint.epoch)
                && *lease.list == list.to_bytes()
        };
        let Some(lease) = lease.filter(meant) else { return Ok(false) };
        let entry = main.db.list(list)?.ok_or(Error::NotFound(What::List))?;
        let open = self.opened.open_list(&main, &self.engine.ports, &entry)?;
        let sealed = open.seal_lease(&*self.engine.ports.ids, &wire::encoded(&checkpoint.lease));
        let (issued_ms, terms) = (lease.issued_ms, lease.terms());
        if entry.loan.as_ref().is_none_or(|loan| loan.issued_ms <= issued_ms) {
            main.signed_moment(&self.engine.ports, issued_ms)?;
            main.db
                .put_list(&ListEntry { loan: Some(Loan { issued_ms, terms, sealed }), ..entry })?;
        }
        Ok(true)
    }

    /// The server has answered: it has heard what the last request told.
    fn heard(&self) -> Result<(), Error> {
        match self.tally.told {
            0 => Ok(()),
            upto => Ok(self.opened.main().db.orders_told(upto)?),
        }
    }

    /// Lists of this phone that the server does not name any more are no longer walked. Their
    /// unsent work is sent all the same.
    fn withdraw_all_but(&self, checkpoints: &[ListCheckpoint]) -> Result<(), Error> {
        let main = self.opened.main();
        for mut entry in main.db.lists()? {
            let given = checkpoints.iter().any(|checkpoint| checkpoint.number == entry.number);
            if entry.withdrawn == given {
                entry.withdrawn = !given;
                main.db.put_list(&entry)?;
                self.opened.forget(entry.id);
            }
        }
        Ok(())
    }
}

impl EngineWork<'_> {
    /// What to ask next about lists that disagree.
    fn next_comparison(&mut self) -> Result<Option<CompareRequest>, Error> {
        while let Some(number) = self.repairs.list() {
            let Some(list) = self.list_numbered(number, None)? else {
                self.repairs.end();
                continue;
            };
            let doors = self.repairs.asked();
            let db = self.writer(list)?;
            if let Some(request) = repair::request(&db, number, doors)? {
                return Ok(Some(request));
            }
            self.repairs.end();
        }
        Ok(None)
    }

    /// Takes in where a list differs, or the doors that were asked for.
    fn take_comparison(&mut self, reply: &CompareReply) -> Result<(), Error> {
        let Some(number) = self.repairs.list() else { return Ok(()) };
        let Some(list) = self.list_numbered(number, None)? else { return Ok(()) };
        let mut db = self.writer(list)?;
        if db.about()?.is_none_or(|(about, _)| about.epoch != reply.epoch) {
            // Cut anew or taken in between: the next pull says so.
            self.repairs.end();
            return Ok(());
        }
        let asked = self.repairs.asked();
        if asked.is_empty() {
            match repair::differences(&mut db, reply)? {
                Some(doors) if !doors.is_empty() => self.repairs.want(doors),
                Some(_) => self.repairs.end(),
                // So much that fetching the list is less.
                None => {
                    self.repairs.end();
                    self.fetch_anew(number)?;
                }
            }
            return Ok(());
        }
        let answered = asked.get(..reply.answered as usize).unwrap_or(&asked);
        if answered.is_empty() {
            self.repairs.end();
            return Ok(());
        }
        let campaign = self.opened.main().identity()?.campaign;
        repair::replace(&mut db, campaign, answered, &reply.parts)?;
        self.tally.repaired_doors += u32::try_from(answered.len()).unwrap_or(u32::MAX);
        self.repairs.answered(answered.len());
        self.refresh(list)
    }

    /// Has a list fetched anew whole with the next pull, once in a conversation; whether it is.
    fn fetch_anew(&mut self, number: u32) -> Result<bool, Error> {
        let Some(list) = self.list_numbered(number, None)? else { return Ok(false) };
        if !self.repairs.fetch_anew(number) {
            return Ok(false);
        }
        let mut db = self.writer(list)?;
        let writer = db.write()?;
        writer.forget_epoch()?;
        writer.commit()?;
        self.tally.repaired += 1;
        Ok(true)
    }
}
