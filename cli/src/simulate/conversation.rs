//! Syncs: the conversation between one phone and the server, over whatever line there is.

use canvass_core::engine::{Error, SyncInput, SyncOutcome, SyncReport, SyncStep};
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PullReply};

use crate::simulate::Trouble;
use crate::simulate::network::send;
use crate::simulate::storage::StorageFault;
use crate::simulate::truth::Seen;
use crate::simulate::world::{World, is_refusal};

/// A sync that waits longer than this is broken off, as when the app goes to the background.
const PATIENCE_MS: u64 = 120_000;
/// Answers to one sync before it is broken off: a conversation without end.
const MOST_ANSWERS: u32 = 2_000;

impl World {
    /// A sync; its report, unless it was broken off.
    pub(super) fn sync(
        &mut self,
        phone: usize,
        share: u64,
        fault: Option<StorageFault>,
        now: bool,
    ) -> Result<Option<SyncReport>, Trouble> {
        self.syncs += 1;
        self.phones[phone].talks_may_have_moved();
        self.arm(phone, fault);
        let ended = self.converse(phone, share, now);
        let fired = self.disarm(phone, fault)?;
        match ended? {
            Ended::Report(report) => {
                self.trace.value("report", &report);
                if report.claims_lost > 0 {
                    self.fault("claim_lost");
                }
                self.seen(phone, report.outcome == SyncOutcome::Complete && !fired)?;
                Ok(Some(report))
            }
            Ended::BrokenOff { has_checkpoint } => {
                if has_checkpoint || fired {
                    self.seen(phone, false)?;
                }
                Ok(None)
            }
            Ended::Failed(error) if fired => {
                self.trace.value("sync failed", &error);
                self.seen(phone, false)?;
                Ok(None)
            }
            Ended::Failed(error) => Err(Trouble::engine("sync", &error)),
        }
    }

    fn converse(&mut self, phone: usize, share: u64, now: bool) -> Result<Ended, Trouble> {
        let mut input = SyncInput::Begin { now };
        let mut has_checkpoint = false;
        for _ in 0..MOST_ANSWERS {
            let Some(engine) = self.phones[phone].engine() else {
                return Ok(Ended::BrokenOff { has_checkpoint });
            };
            let step = match engine.sync_next(input) {
                Ok(step) => step,
                Err(error) => return Ok(Ended::Failed(error)),
            };
            input = match step {
                SyncStep::Done { report } => return Ok(Ended::Report(report)),
                SyncStep::Wait { wait_ms } if share > 0 && wait_ms > PATIENCE_MS => {
                    return Ok(Ended::BrokenOff { has_checkpoint });
                }
                SyncStep::Wait { wait_ms } => {
                    self.pass_ms(i64::try_from(wait_ms).unwrap_or(0));
                    SyncInput::Waited
                }
                SyncStep::Send { request } => {
                    self.trace.bytes(&request.url, &request.body);
                    let is_offline = self.campaign.now() < self.phones[phone].offline_until;
                    if is_offline {
                        SyncInput::NoAnswer
                    } else {
                        let sent = send(&mut self.campaign, &mut self.chance, share, &request)?;
                        sent.fault.into_iter().for_each(|kind| self.fault(kind));
                        self.trace.value("reply", &sent.reply);
                        has_checkpoint |= sent.reply.as_ref().is_some_and(is_checkpoint);
                        match sent.reply {
                            Some(Reply { status, retry_after_s, body }) => {
                                SyncInput::Reply { status, retry_after_s, body }
                            }
                            None => SyncInput::NoAnswer,
                        }
                    }
                }
            };
        }
        Err(Trouble::Endless)
    }

    /// What a phone has seen after a pull: everything that the server had, for certain or
    /// perhaps.
    fn seen(&mut self, phone: usize, is_sure: bool) -> Result<(), Trouble> {
        let this = &mut self.phones[phone];
        let lists = match this.shown_lists() {
            Ok(lists) => lists,
            Err(error) if is_refusal(&error) => return Ok(()),
            Err(error) => return Err(Trouble::engine("lists", &error)),
        };
        lists.iter().for_each(|list| {
            this.closed.remove(list);
        });
        let has_new = lists.iter().any(|list| !this.scripts.contains_key(list));
        for &list in &lists {
            let seen: &mut Seen = this.seen.entry(list).or_default();
            seen.perhaps.join(&self.campaign.marks);
            if is_sure {
                seen.sure.join(&self.campaign.marks);
            }
        }
        if is_sure && has_new {
            this.read_roster().map_err(|error| Trouble::engine("doors", &error))?;
        }
        let newest = self.campaign.scripts;
        if lists.iter().any(|list| this.scripts.get(list) != Some(&newest)) {
            this.read_scripts();
        }
        Ok(())
    }
}

enum Ended {
    Report(SyncReport),
    BrokenOff { has_checkpoint: bool },
    Failed(Error),
}

fn is_checkpoint(reply: &Reply) -> bool {
    let pulled = wire::decoded::<PullReply>(&reply.body).filter(|_| reply.status == 200);
    pulled.is_some_and(|pulled| pulled.checkpoint.is_some())
}
