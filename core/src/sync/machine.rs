//! The conversation with the server, without any input or output of its own.
//!
//! [`Machine::next`] is told what happened and says what to do next: send a request, wait, or
//! be done. What is sent and what an answer means for the stores is behind [`Work`]. Nothing
//! here opens a connection, reads a clock or sleeps; retry and backoff are part of the state.

use crate::sync::OrderDone;
use crate::sync::wire::{
    self, CompareReply, CompareRequest, DropRequest, EnrolReply, EnrolRequest, GapReply, PullReply,
    PullRequest, PushReply, PushRequest, RevokedReply, StreetsReply, StreetsRequest, capability,
};
use crate::time::Timestamp;

/// What the app tells the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncEvent {
    /// Begin: at once if `now`, else when the backoff says so.
    Begin {
        /// Someone is waiting for it.
        now: bool,
    },
    /// The wait is over.
    Waited,
    /// The server answered.
    Reply(Reply),
    /// There was no answer.
    NoAnswer,
}

/// An answer of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After` in seconds, if there was one.
    pub retry_after_s: Option<u32>,
    /// The body.
    pub body: Vec<u8>,
}

/// What the app is to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this and tell the answer.
    Send(Outgoing),
    /// Wait this many milliseconds, then say [`SyncEvent::Waited`].
    Wait(u64),
    /// Nothing more for now.
    Done(Ended),
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The path below the server's address.
    pub path: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the device's token goes with it.
    pub with_token: bool,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything is exchanged.
    Complete,
    /// The campaign has no server.
    NoServer,
    /// The server could not be reached, or was not it.
    Offline,
    /// The server is in trouble, or asks for patience.
    ServerTrouble,
    /// The server no longer knows this device: it has to enrol again. Nothing is lost.
    NotEnrolled,
    /// The invitation is used, expired or wrong.
    InvitationRefused,
    /// The server refuses what this build sends: it may be too old.
    Refused,
}

/// What lies behind the conversation: the stores, in whole steps.
pub trait Work {
    /// The error of the stores.
    type Error;

    /// An invitation to redeem first, as a request.
    fn enrolment(&mut self) -> Result<Option<EnrolRequest>, Self::Error>;
    /// The server has enrolled this device.
    fn enrolled(&mut self, reply: EnrolReply) -> Result<(), Self::Error>;
    /// The next segments to push, at most `max_bytes` together but at least one; empty when
    /// there are none.
    fn segments(&mut self, max_bytes: usize) -> Result<Vec<Vec<u8>>, Self::Error>;
    /// Changes that were set aside and are to be tried again.
    fn retries(&mut self) -> Result<Vec<wire::OwnChange>, Self::Error>;
    /// The server has answered a push; whether it has more of this device's changes now.
    fn pushed(&mut self, reply: PushReply) -> Result<bool, Self::Error>;
    /// Orders of the campaign that are carried out and of which the server has not heard.
    fn orders_done(&mut self) -> Result<Vec<OrderDone>, Self::Error>;
    /// The server has shut this device out; whether the campaign has signed that it did. All
    /// lists are erased then, and what is unsent is sealed.
    fn revoked(&mut self, reply: RevokedReply) -> Result<bool, Self::Error>;
    /// What a device that is shut out hands in: the next sealed segments, or nothing.
    fn sealed(&mut self, max_bytes: usize) -> Result<Option<DropRequest>, Self::Error>;
    /// The server has something else under the numbers that were pushed; whether they were
    /// given anew, so that pushing again can help.
    fn refused(&mut self, gap: GapReply) -> Result<bool, Self::Error>;
    /// What this phone holds of each list.
    fn cursors(&mut self) -> Result<Vec<wire::ListCursor>, Self::Error>;
    /// The server's parts; with a checkpoint they are applied. Whether another pull is needed.
    fn pulled(&mut self, reply: PullReply) -> Result<PullProgress, Self::Error>;
    /// What to compare next of the lists that disagree; nothing when there is no more.
    fn comparison(&mut self) -> Result<Option<CompareRequest>, Self::Error>;
    /// The server's answer to a comparison.
    fn compared(&mut self, reply: CompareReply) -> Result<(), Self::Error>;
    /// The streets of a list that are to be fetched, each list once; nothing when there is no
    /// more.
    fn streets(&mut self) -> Result<Option<StreetsRequest>, Self::Error>;
    /// The server's answer to the last such question.
    fn streets_came(&mut self, reply: StreetsReply) -> Result<(), Self::Error>;
    /// Where the backoff stands: failures in a row, and when to try again.
    fn set_backoff(&mut self, attempts: u32, next: Timestamp) -> Result<(), Self::Error>;
}

/// What an answer to a pull led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullProgress {
    /// There is more to come.
    More,
    /// A list disagrees with the server: find out where.
    Compare,
    /// The stores agree with the server.
    Complete,
}

/// The first batch, and the largest, in bytes.
pub const MAX_PUSH_BYTES: usize = 256 << 10;
/// The largest answer to a pull.
pub const MAX_PULL_BYTES: u32 = 256 << 10;
/// Failures after which a conversation that someone waits for is given up for now.
const TRIES: u32 = 3;
const BACKOFF_FLOOR_MS: u64 = 1_000;
const BACKOFF_CEILING_MS: u64 = 15 * 60 * 1_000;
/// Answers to one conversation's pulls: a server that never ends is left.
const MAX_PULLS: u32 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Enrolling,
    Pushing,
    Pulling,
    Dropping,
    Comparing,
    Fetching,
    Waiting,
}

/// What the machine must know of the world when it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// The wall clock.
    pub wall: Timestamp,
    /// A random number.
    pub random: u64,
    /// Failures in a row so far, kept over restarts.
    pub attempts: u32,
    /// No try before this moment unless someone waits for it.
    pub next: Timestamp,
    /// Whether the campaign has a server.
    pub has_server: bool,
    /// The incarnation of this phone's database.
    pub incarnation: u32,
}

/// The state of the conversation.
#[derive(Debug)]
pub struct Machine {
    phase: Phase,
    /// The batch's present size; halved when a batch is too large or does not get through.
    batch_bytes: usize,
    tries: u32,
    pulls: u32,
    renumbered: bool,
    last_wait_ms: u64,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            phase: Phase::Idle,
            batch_bytes: MAX_PUSH_BYTES,
            tries: 0,
            pulls: 0,
            renumbered: false,
            last_wait_ms: BACKOFF_FLOOR_MS,
        }
    }
}

impl Machine {
    /// Says what to do next, given what happened.
    ///
    /// An error of the stores ends the conversation; the next [`SyncEvent::Begin`] starts anew.
    pub fn next<W: Work>(
        &mut self,
        event: SyncEvent,
        around: Surroundings,
        work: &mut W,
    ) -> Result<Next, W::Error> {
        let next = match event {
            SyncEvent::Begin { now } => self.begin(now, around, work),
            SyncEvent::Waited => self.start(around, work),
            SyncEvent::NoAnswer if self.phase == Phase::Fetching => self.complete(around, work),
            SyncEvent::NoAnswer => self.failed(Ended::Offline, None, around, work),
            SyncEvent::Reply(reply) => self.replied(&reply, around, work),
        };
        if next.is_err() {
            self.phase = Phase::Idle;
        }
        next
    }

    fn begin<W: Work>(
        &mut self,
        now: bool,
        around: Surroundings,
        work: &mut W,
    ) -> Result<Next, W::Error> {
        self.tries = 0;
        self.pulls = 0;
        self.renumbered = false;
        let wait_ms = around.next.millis_since(around.wall);
        match u64::try_from(wait_ms) {
            Ok(wait_ms) if wait_ms > 0 && !now && around.has_server => {
                self.phase = Phase::Waiting;
                Ok(Next::Wait(wait_ms.min(BACKOFF_CEILING_MS)))
            }
            _ => self.start(around, work),
        }
    }

    fn start<W: Work>(&mut self, around: Surroundings, work: &mut W) -> Result<Next, W::Error> {
        if !around.has_server {
            return Ok(self.done(Ended::NoServer));
        }
        if let Some(request) = work.enrolment()? {
            self.phase = Phase::Enrolling;
            let body = wire::encoded(&request);
            return Ok(Next::Send(Outgoing { path: "/v1/enrol", body, with_token: false }));
        }
        self.push(around, work)
    }

    fn push<W: Work>(&mut self, around: Surroundings, work: &mut W) -> Result<Next, W::Error> {
        let segments = work.segments(self.batch_bytes)?;
        let retry = work.retries()?;
        if segments.is_empty() && retry.is_empty() {
            return self.pull(around, work);
        }
        self.phase = Phase::Pushing;
        let request = PushRequest {
            protocol: wire::PROTOCOL,
            segments: segments.into_iter().map(Into::into).collect(),
            wall_ms: around.wall.millis(),
            done: work.orders_done()?,
            retry: (!retry.is_empty()).then_some(retry),
            capabilities: Some(capability::ALL),
        };
        let body = wire::encoded(&request);
        Ok(Next::Send(Outgoing { path: "/v1/push", body, with_token: true }))
    }

    fn pull<W: Work>(&mut self, around: Surroundings, work: &mut W) -> Result<Next, W::Error> {
        self.phase = Phase::Pulling;
        self.pulls += 1;
        if self.pulls > MAX_PULLS {
            return self.failed(Ended::ServerTrouble, None, around, work);
        }
        let request = PullRequest {
            protocol: wire::PROTOCOL,
            lists: work.cursors()?,
            max_bytes: MAX_PULL_BYTES,
            wall_ms: around.wall.millis(),
            incarnation: around.incarnation,
            done: work.orders_done()?,
            capabilities: Some(capability::ALL),
        };
        let body = wire::encoded(&request);
        Ok(Next::Send(Outgoing { path: "/v1/pull", body, with_token: true }))
    }

    /// Asks where lists differ, and for the doors that do; then pulls once more, so that the
    /// digests are compared again.
    fn compare<W: Work>(&mut self, around: Surroundings, work: &mut W) -> Result<Next, W::Error> {
        let Some(request) = work.comparison()? else {
            return self.pull(around, work);
        };
        self.phase = Phase::Comparing;
        let body = wire::encoded(&request);
        Ok(Next::Send(Outgoing { path: "/v1/compare", body, with_token: true }))
    }

    /// Fetches streets, once all else is exchanged.
    fn fetch<W: Work>(&mut self, around: Surroundings, work: &mut W) -> Result<Next, W::Error> {
        let Some(request) = work.streets()? else {
            return self.complete(around, work);
        };
        self.phase = Phase::Fetching;
        let body = wire::encoded(&request);
        Ok(Next::Send(Outgoing { path: "/v1/streets", body, with_token: true }))
    }

    fn complete<W: Work>(&mut self, around: Surroundings, work: &mut W) -> Result<Next, W::Error> {
        work.set_backoff(0, around.wall)?;
        self.last_wait_ms = BACKOFF_FLOOR_MS;
        Ok(self.done(Ended::Complete))
    }

    fn replied<W: Work>(
        &mut self,
        reply: &Reply,
        around: Surroundings,
        work: &mut W,
    ) -> Result<Next, W::Error> {
        match reply.status {
            200 => self.answered(&reply.body, around, work),
            // A walk goes without its streets; they are asked for again with the next sync.
            _ if self.phase == Phase::Fetching => self.complete(around, work),
            403 | 404 | 410 if self.phase == Phase::Enrolling => {
                Ok(self.done(Ended::InvitationRefused))
            }
            // A drop that is refused comes too late; what is here stays here.
            400..=499 if self.phase == Phase::Dropping && reply.status != 429 => {
                Ok(self.done(Ended::NotEnrolled))
            }
            403 => self.shut_out(&reply.body, work),
            401 => Ok(self.done(Ended::NotEnrolled)),
            409 if self.phase == Phase::Pushing => self.gap(&reply.body, around, work),
            413 if self.shrink() => self.push(around, work),
            408 | 429 | 500..=599 => {
                self.failed(Ended::ServerTrouble, reply.retry_after_s, around, work)
            }
            400..=499 => self.failed(Ended::Refused, None, around, work),
            // A redirect or another success: a gate between us and the server.
            _ => self.failed(Ended::Offline, None, around, work),
        }
    }

    fn shut_out<W: Work>(&mut self, body: &[u8], work: &mut W) -> Result<Next, W::Error> {
        let Some(reply) = wire::decoded::<RevokedReply>(body) else {
            return Ok(self.done(Ended::NotEnrolled));
        };
        if work.revoked(reply)? { self.drop_off(work) } else { Ok(self.done(Ended::NotEnrolled)) }
    }

    /// Hands in what is sealed, without a token.
    fn drop_off<W: Work>(&mut self, work: &mut W) -> Result<Next, W::Error> {
        let Some(request) = work.sealed(self.batch_bytes)? else {
            return Ok(self.done(Ended::NotEnrolled));
        };
        self.phase = Phase::Dropping;
        let body = wire::encoded(&request);
        Ok(Next::Send(Outgoing { path: "/v1/drop", body, with_token: false }))
    }

    /// Once in a conversation, numbers are given anew; a server that refuses those too is left.
    fn gap<W: Work>(
        &mut self,
        body: &[u8],
        around: Surroundings,
        work: &mut W,
    ) -> Result<Next, W::Error> {
        let gap = wire::decoded(body).filter(|_| !self.renumbered);
        if let Some(gap) = gap
            && work.refused(gap)?
        {
            self.renumbered = true;
            return self.push(around, work);
        }
        self.failed(Ended::Refused, None, around, work)
    }

    fn answered<W: Work>(
        &mut self,
        body: &[u8],
        around: Surroundings,
        work: &mut W,
    ) -> Result<Next, W::Error> {
        let not_the_server = |machine: &mut Self, work: &mut W| {
            // 200 and a page to log in to some network: as good as no answer.
            machine.failed(Ended::Offline, None, around, work)
        };
        match self.phase {
            Phase::Enrolling => match wire::decoded::<EnrolReply>(body) {
                Some(reply) => {
                    work.enrolled(reply)?;
                    self.push(around, work)
                }
                None => not_the_server(self, work),
            },
            Phase::Pushing => match wire::decoded::<PushReply>(body) {
                Some(reply) => {
                    if !work.pushed(reply)? {
                        // A server that takes nothing would be pushed to for ever.
                        return self.failed(Ended::ServerTrouble, None, around, work);
                    }
                    self.grow();
                    self.push(around, work)
                }
                None => not_the_server(self, work),
            },
            Phase::Dropping => match wire::decoded::<PushReply>(body) {
                Some(reply) => {
                    let goes_on = work.pushed(reply)?;
                    if goes_on { self.drop_off(work) } else { Ok(self.done(Ended::NotEnrolled)) }
                }
                None => not_the_server(self, work),
            },
            Phase::Pulling => match wire::decoded::<PullReply>(body) {
                Some(reply) => match work.pulled(reply)? {
                    PullProgress::More => self.pull(around, work),
                    PullProgress::Compare => self.compare(around, work),
                    PullProgress::Complete => self.fetch(around, work),
                },
                None => not_the_server(self, work),
            },
            Phase::Comparing => match wire::decoded::<CompareReply>(body) {
                Some(reply) => {
                    work.compared(reply)?;
                    self.compare(around, work)
                }
                None => not_the_server(self, work),
            },
            Phase::Fetching => match wire::decoded::<StreetsReply>(body) {
                Some(reply) => {
                    work.streets_came(reply)?;
                    self.fetch(around, work)
                }
                None => self.complete(around, work),
            },
            Phase::Idle | Phase::Waiting => self.start(around, work),
        }
    }

    fn failed<W: Work>(
        &mut self,
        ended: Ended,
        retry_after_s: Option<u32>,
        around: Surroundings,
        work: &mut W,
    ) -> Result<Next, W::Error> {
        if self.phase == Phase::Pushing {
            self.shrink();
        }
        self.tries += 1;
        let wait_ms = self.next_wait(retry_after_s, around.random);
        let next = around.wall.plus_millis(i64::try_from(wait_ms).unwrap_or(i64::MAX));
        work.set_backoff(around.attempts.saturating_add(1), next)?;
        if self.tries < TRIES && ended != Ended::Refused && retry_after_s.is_none() {
            self.phase = Phase::Waiting;
            return Ok(Next::Wait(wait_ms));
        }
        Ok(self.done(ended))
    }

    /// Decorrelated jitter: somewhere between a second and three times the last wait, so that
    /// phones that lost the server together do not come back together.
    fn next_wait(&mut self, retry_after_s: Option<u32>, random: u64) -> u64 {
        let widest =
            self.last_wait_ms.saturating_mul(3).clamp(BACKOFF_FLOOR_MS + 1, BACKOFF_CEILING_MS);
        let wait_ms = BACKOFF_FLOOR_MS + random % (widest - BACKOFF_FLOOR_MS);
        self.last_wait_ms = wait_ms;
        let asked_ms = retry_after_s.map_or(0, |seconds| u64::from(seconds) * 1000);
        wait_ms.max(asked_ms.min(BACKOFF_CEILING_MS))
    }

    fn done(&mut self, ended: Ended) -> Next {
        self.phase = Phase::Idle;
        Next::Done(ended)
    }

    /// Halves the batch; whether that can help: a batch of one segment is as small as it gets.
    fn shrink(&mut self) -> bool {
        let could = self.batch_bytes > 1;
        self.batch_bytes = (self.batch_bytes / 2).max(1);
        could
    }

    fn grow(&mut self) {
        self.batch_bytes = (self.batch_bytes + self.batch_bytes / 4 + 1024).min(MAX_PUSH_BYTES);
    }
}
