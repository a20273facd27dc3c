//! Sync as the app runs it: step by step, on its own HTTP stack.
//!
//! The app calls [`Engine::sync_next`] until it says `Done`. Between two calls no lock and no
//! transaction is open; a conversation that is dropped half-way is simply begun anew. What it works
//! on is in `work` and `take`.

mod streets;
mod take;
mod work;

use std::collections::BTreeSet;

use crate::change::SegmentHeader;
use crate::engine::error::Error;
use crate::engine::repair::Repairs;
use crate::engine::{Engine, Main, Opened};
use crate::id::DeviceId;
use crate::sync::{Ended, Machine, Next, Outgoing, Reply, Surroundings, SyncEvent, wire};
use crate::time::Timestamp;
use streets::Wanted;

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
    /// Changes of this phone that were taken in although their list had been taken back or cut
    /// anew before the campaign heard of them.
    pub late: u32,
    /// Doors that this phone claimed and someone else had claimed first: see
    /// [`Engine::claims`].
    pub claims_lost: u32,
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
    wanted: Wanted,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    sent: u32,
    received: u32,
    set_aside: u32,
    conflicts: u32,
    late: u32,
    claims_lost: u32,
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
            wanted: Wanted::default(),
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
        let Conversation { machine, tally, sent, skipped, repairs, wanted } = &mut *conversation;
        if matches!(input, SyncInput::Begin { .. }) {
            *tally = Tally::default();
            let mut main = opened.main();
            opened.sweep(&main, &self.ports)?;
            opened.sweep_lost_keys(&mut main, &self.ports)?;
            // What cannot be written back now stays where it is, just as safe.
            let _in_the_log = main.db.write_back();
            skipped.clear();
            *repairs = Repairs::default();
            *wanted = Wanted::default();
        }
        let around = self.surroundings(&opened)?;
        let mut work =
            EngineWork { engine: self, opened: &opened, tally, sent, skipped, repairs, wanted };
        let next = machine.next(event(input), around, &mut work)?;
        let tally = *tally;
        drop(conversation);
        match next {
            Next::Send(outgoing) => Ok(SyncStep::Send { request: request(&opened, outgoing)? }),
            Next::Wait(wait_ms) => Ok(SyncStep::Wait { wait_ms }),
            Next::Done(ended) => {
                opened.end_writing();
                let report = self.report(&opened, ended, tally)?;
                self.note_outcome(report.outcome);
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
            late,
            claims_lost,
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
            late,
            claims_lost,
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
    wanted: &'a mut Wanted,
}
