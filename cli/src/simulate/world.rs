//! One seed's days: what happens at each step, and to whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use canvass_core::engine::{Engine, Error, SyncInput, SyncOutcome, SyncReport, SyncStep};
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PullReply};

use crate::simulate::campaign::Campaign;
use crate::simulate::chance::Chance;
use crate::simulate::disk::DiskFault;
use crate::simulate::network::{late_arrival, send};
use crate::simulate::phone::SimPhone;
use crate::simulate::trace::Trace;
use crate::simulate::truth::{Seen, Truth};
use crate::simulate::work::{Job, choose, probe};
use crate::simulate::{SeedPlan, Trouble};

/// Steps of a seed, beside those that more phones and days add.
const STEPS: u32 = 250;
/// Requests that meet a fault, in a thousand.
const BAD_LINE: u64 = 250;
/// A sync that waits longer than this is broken off, as when the app goes to the background.
const PATIENCE_MS: u64 = 120_000;
/// Answers to one sync before it is broken off: a conversation without end.
const MOST_ANSWERS: u32 = 2_000;

/// Everything of one seed.
pub(super) struct World {
    pub(super) campaign: Campaign,
    pub(super) phones: Vec<SimPhone>,
    pub(super) truth: Truth,
    pub(super) trace: Trace,
    pub(super) faults: BTreeMap<&'static str, u64>,
    pub(super) syncs: u64,
    pub(super) settled: u64,
    chance: Chance,
    plan: SeedPlan,
}

impl World {
    pub(super) fn new(folder: &Path, plan: &SeedPlan) -> Result<Self, Trouble> {
        let mut truth = Truth::default();
        let campaign = Campaign::start(folder, plan.seed, &mut truth)?;
        let mut world = Self {
            campaign,
            phones: Vec::new(),
            truth,
            trace: Trace::default(),
            faults: BTreeMap::new(),
            syncs: 0,
            settled: 0,
            chance: Chance::of_step(plan.seed, u32::MAX),
            plan: plan.clone(),
        };
        for n in 0..plan.phones {
            world.add_phone(folder, n)?;
        }
        Ok(world)
    }

    fn add_phone(&mut self, folder: &Path, n: u32) -> Result<(), Trouble> {
        let name = format!("phone{n}");
        let mut phone = SimPhone::new(folder, self.plan.seed, &name, self.campaign.now());
        let lists = self.campaign.lists;
        let mut given: BTreeSet<u32> = BTreeSet::from([1 + n % lists]);
        if self.chance.below(3) == 0 {
            given.insert(1 + u32::try_from(self.chance.below(u64::from(lists))).unwrap_or(0));
        }
        phone.lists = given.into_iter().collect();
        let invitation = self.campaign.invite(&name, &phone.lists)?;
        phone.open()?;
        let engine = phone.engine().ok_or(Trouble::Campaign)?;
        engine.join(&invitation).map_err(|error| Trouble::engine("join", &error))?;
        self.phones.push(phone);
        Ok(())
    }

    /// Steps of this plan.
    pub(super) fn steps(plan: &SeedPlan) -> u32 {
        STEPS + 10 * plan.phones
    }

    /// Lets everything happen that the plan does not skip.
    pub(super) fn run(&mut self) -> Result<(), Trouble> {
        let steps = Self::steps(&self.plan);
        let minutes = i64::from(self.plan.days) * 24 * 60;
        for step in 0..steps {
            let pause = 2 * minutes / i64::from(steps);
            self.chance = Chance::of_step(self.plan.seed, step);
            let minutes = i64::try_from(self.chance.below(pause.unsigned_abs() + 1)).unwrap_or(0);
            self.pass_ms(minutes * 60_000);
            if !self.plan.skip.contains(&step) {
                self.trace.value("step", &step);
                self.step()?;
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), Trouble> {
        let phone = self.chance.place(self.phones.len());
        if !self.phones[phone].open()? {
            // Locked since it was started; someone unlocks it now and then.
            if self.chance.below(3) > 0 {
                return Ok(());
            }
            self.phones[phone].vault.lock(false);
            self.phones[phone].open()?;
        }
        match self.chance.below(100) {
            0..66 => self.visit(phone)?,
            66..86 => self.sync_badly(phone)?,
            86..89 => self.restart(phone)?,
            89..92 => self.clock(phone),
            92 => self.lock_vault(phone)?,
            93 => self.partition(phone),
            94 => {
                self.fault("server_restart");
                self.campaign.restart()?;
            }
            _ => self.organise()?,
        }
        Ok(())
    }

    pub(super) fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
        self.trace.bytes("fault", kind.as_bytes());
    }

    /// Time passes for everyone.
    pub(super) fn pass_ms(&self, millis: i64) {
        self.campaign.clock.advance_ms(millis);
        self.phones.iter().for_each(|phone| phone.clock.advance_ms(millis));
    }

    /// A few records, as at one stop.
    fn visit(&mut self, phone: usize) -> Result<(), Trouble> {
        for _ in 0..3 + self.chance.below(6) {
            let seconds = i64::try_from(5 + self.chance.below(40)).unwrap_or(5);
            self.pass_ms(seconds * 1000);
            let job = if self.phones[phone].doubtful.is_empty() {
                choose(&self.phones[phone], &mut self.chance)
            } else {
                probe(&self.phones[phone])
            };
            let Some(job) = job else { return Ok(()) };
            let fault = self.chance.permille(25).then(|| self.storage_fault(14));
            self.record(phone, job, fault)?;
        }
        Ok(())
    }

    /// A storage fault that will happen within so many events.
    fn storage_fault(&mut self, within: u64) -> StorageFault {
        let after = u32::try_from(1 + self.chance.below(within)).unwrap_or(1);
        let kind = match self.chance.below(8) {
            0..3 => StorageFaultKind::PowerCut,
            3..5 => StorageFaultKind::Kill,
            5..7 => StorageFaultKind::Full,
            _ => StorageFaultKind::Once,
        };
        StorageFault { after, kind }
    }

    pub(super) fn record(
        &mut self,
        phone: usize,
        job: Job,
        fault: Option<StorageFault>,
    ) -> Result<(), Trouble> {
        let Some(engine) = self.phones[phone].engine() else { return Ok(()) };
        self.trace.bytes("record", job.name().as_bytes());
        let job = match job.ready(engine, &self.truth) {
            Ok(Some(job)) => job,
            Ok(None) => return Ok(()),
            Err(error) if is_refusal(&error) => return Ok(()),
            Err(error) => return Err(Trouble::engine("conflicts", &error)),
        };
        let (result, fired) = self.with_fault(phone, fault, |engine| job.run(engine))?;
        self.trace.value("saved", &result);
        match result {
            Ok(saved) => job.saved(&mut self.phones[phone], &mut self.truth, &saved),
            // What the rules refuse (an undo too late, a door closed meanwhile) is no fault.
            Err(error) if is_refusal(&error) => {}
            Err(_) if fired => job.doubtful(&mut self.phones[phone]),
            Err(error) => return Err(Trouble::engine("record", &error)),
        }
        Ok(())
    }

    /// Calls the engine while a fault is due; whether it happened. After a crash the app has
    /// been started anew.
    fn with_fault<T>(
        &mut self,
        phone: usize,
        fault: Option<StorageFault>,
        call: impl FnOnce(&Engine) -> Result<T, Error>,
    ) -> Result<(Result<T, Error>, bool), Trouble> {
        let this = &mut self.phones[phone];
        let sidecar = this.sidecar_bytes();
        if let Some(fault) = fault {
            this.arm(fault.after, fault.kind.on_disk());
        }
        let result = this.engine().ok_or(Error::Closed).and_then(call);
        let fired = this.disarm();
        if let Some(fault) = fault.filter(|_| fired) {
            self.fault(fault.kind.name());
            // What a call that returned has appended is durable.
            let durable = if result.is_ok() { u64::MAX } else { sidecar };
            self.after_fault(phone, fault.kind, durable)?;
        }
        Ok((result, fired))
    }

    fn after_fault(
        &mut self,
        phone: usize,
        kind: StorageFaultKind,
        sidecar: u64,
    ) -> Result<(), Trouble> {
        let this = &mut self.phones[phone];
        match kind {
            StorageFaultKind::PowerCut | StorageFaultKind::Kill => {
                let power = kind == StorageFaultKind::PowerCut;
                this.crash(power, sidecar, &mut self.chance)?;
                this.open()?;
                self.reads_back(phone)
            }
            // There is no room for a while, or it was this once.
            StorageFaultKind::Full | StorageFaultKind::Once => {
                this.heal();
                Ok(())
            }
        }
    }

    /// What was saved is still there after a crash.
    fn reads_back(&mut self, phone: usize) -> Result<(), Trouble> {
        let this = &self.phones[phone];
        let Some(engine) = this.engine() else { return Ok(()) };
        for own in this.own.iter().rev().filter(|own| own.attempt == Some(own.change)).take(3) {
            match engine.household(own.list, own.household) {
                Ok(view) if view.attempts.iter().any(|a| a.attempt == own.change) => {}
                Ok(_) => return Err(Trouble::NotReadBack),
                Err(error) if is_refusal(&error) => {}
                Err(error) => return Err(Trouble::engine("read", &error)),
            }
        }
        Ok(())
    }

    fn restart(&mut self, phone: usize) -> Result<(), Trouble> {
        self.fault("restart");
        self.phones[phone].close();
        if self.chance.below(3) == 0 {
            self.fault("reboot");
            self.phones[phone].clock.reboot();
        }
        self.phones[phone].open().map(drop)
    }

    /// A clock is wrong by up to two days, by an hour as when summer ends, or right again.
    fn clock(&mut self, phone: usize) {
        const HOUR: i64 = 3_600_000;
        self.fault("clock");
        let off = [0, 0, HOUR, -HOUR, 7 * 60_000, -40 * 60_000, 48 * HOUR, -48 * HOUR];
        let off = off[self.chance.place(off.len())];
        self.phones[phone].clock.set(self.campaign.now().plus_millis(off));
    }

    fn lock_vault(&mut self, phone: usize) -> Result<(), Trouble> {
        self.fault("vault_locked");
        let this = &mut self.phones[phone];
        this.close();
        this.clock.reboot();
        this.vault.lock(true);
        this.open().map(drop)
    }

    fn partition(&mut self, phone: usize) {
        self.fault("partition");
        let minutes = i64::try_from(30 + self.chance.below(600)).unwrap_or(30);
        self.phones[phone].offline_until = self.campaign.now().plus_millis(minutes * 60_000);
    }

    fn organise(&mut self) -> Result<(), Trouble> {
        match self.chance.below(12) {
            0..3 => {
                self.trace.bytes("organiser", b"file");
                self.campaign.later_file(&mut self.truth, &mut self.chance)
            }
            3 => {
                self.trace.bytes("organiser", b"script");
                self.campaign.new_script()
            }
            _ => {
                let settled = self.campaign.settle_one(&mut self.truth, &mut self.chance)?;
                self.trace.value("organiser settles", &settled);
                self.settled += u64::from(settled);
                Ok(())
            }
        }
    }

    /// A sync over a bad line, in which the app may die; how it ends does not matter here.
    fn sync_badly(&mut self, phone: usize) -> Result<(), Trouble> {
        if self.chance.below(4) == 0 && late_arrival(&mut self.campaign, &mut self.chance)? {
            self.fault("late_arrival");
        }
        let share = if self.chance.below(3) == 0 { 0 } else { BAD_LINE };
        let fault = self.chance.permille(120).then(|| self.storage_fault(60));
        let now = self.chance.below(4) > 0;
        self.sync(phone, share, fault, now).map(drop)
    }

    /// A sync; its report, unless it was broken off.
    pub(super) fn sync(
        &mut self,
        phone: usize,
        share: u64,
        fault: Option<StorageFault>,
        now: bool,
    ) -> Result<Option<SyncReport>, Trouble> {
        self.syncs += 1;
        let sidecar = self.phones[phone].sidecar_bytes();
        if let Some(fault) = fault {
            self.phones[phone].arm(fault.after, fault.kind.on_disk());
        }
        let ended = self.converse(phone, share, now);
        let fired = self.phones[phone].disarm();
        if let Some(fault) = fault.filter(|_| fired) {
            self.fault(fault.kind.name());
            self.after_fault(phone, fault.kind, sidecar)?;
        }
        match ended? {
            Ended::Report(report) => {
                self.trace.value("report", &report);
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
                    if is_offline && share > 0 {
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

/// What an engine refuses by its rules, or because a list is not there.
pub(super) const fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::Record(_)
            | Error::NotFound(_)
            | Error::Answer(_)
            | Error::NoCampaign
            | Error::NotArrived
            | Error::ListClosed { .. }
            | Error::NotYours
            | Error::Closed
    )
}

/// A storage fault that is due.
#[derive(Clone, Copy)]
pub(super) struct StorageFault {
    after: u32,
    kind: StorageFaultKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StorageFaultKind {
    PowerCut,
    Kill,
    Full,
    Once,
}

impl StorageFaultKind {
    const fn on_disk(self) -> DiskFault {
        match self {
            Self::PowerCut | Self::Kill => DiskFault::Dead,
            Self::Full => DiskFault::Full,
            Self::Once => DiskFault::Once,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::PowerCut => "power_cut",
            Self::Kill => "kill",
            Self::Full => "disk_full",
            Self::Once => "io_error",
        }
    }
}
