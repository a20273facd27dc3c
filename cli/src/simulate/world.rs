//! One seed's days: what happens at each step, and to whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use canvass_core::engine::Error;

use crate::simulate::attack::Watch;
use crate::simulate::campaign::Campaign;
use crate::simulate::chance::Chance;
use crate::simulate::network::late_arrival;
use crate::simulate::phone::SimPhone;
use crate::simulate::storage::StorageFault;
use crate::simulate::talk::Talk;
use crate::simulate::trace::Trace;
use crate::simulate::truth::Truth;
use crate::simulate::work::{Job, choose};
use crate::simulate::{SeedPlan, Trouble};

/// Steps of a seed, beside those that more phones and days add.
const STEPS: u32 = 140;
/// Requests that meet a fault, in a thousand.
const BAD_LINE: u64 = 250;
/// Records that begin a conversation, and steps that follow one in it at once, in a thousand.
const BEGINS: u64 = 50;
const GOES_ON: u64 = 500;

/// Everything of one seed.
pub(super) struct World {
    pub(super) campaign: Campaign,
    pub(super) phones: Vec<SimPhone>,
    pub(super) truth: Truth,
    pub(super) trace: Trace,
    pub(super) faults: BTreeMap<&'static str, u64>,
    pub(super) syncs: u64,
    pub(super) settled: u64,
    /// Steps of conversations.
    pub(super) talked: u64,
    pub(super) chance: Chance,
    pub(super) plan: SeedPlan,
    pub(super) folder: PathBuf,
    /// Phones that were copied or replaced.
    pub(super) copies: u32,
    /// The phone whose files are kept, for someone to try to read what was erased.
    pub(super) watched: usize,
    pub(super) watch: Watch,
    /// What could be read of lists that were erased.
    pub(super) readable: Vec<String>,
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
            talked: 0,
            chance: Chance::of_step(plan.seed, u32::MAX),
            plan: plan.clone(),
            folder: folder.to_owned(),
            copies: 0,
            watched: usize::try_from(plan.seed % u64::from(plan.phones.max(1))).unwrap_or(0),
            watch: Watch::new(&folder.join("watch")),
            readable: Vec::new(),
        };
        for n in 0..plan.phones {
            let phone = world.new_phone(&format!("phone{n}"))?;
            world.phones.push(phone);
        }
        Ok(world)
    }

    /// A phone with an invitation for one or two lists.
    pub(super) fn new_phone(&mut self, name: &str) -> Result<SimPhone, Trouble> {
        let mut phone = SimPhone::new(&self.folder, self.plan.seed, name, self.campaign.now());
        let lists = self.campaign.lists.clone();
        let first = lists[(self.phones.len() + self.copies as usize) % lists.len()];
        let mut given = BTreeSet::from([first]);
        if self.chance.below(3) == 0 {
            given.extend(self.chance.one_of(&lists));
        }
        let given: Vec<u32> = given.into_iter().collect();
        let invitation = self.campaign.invite(name, &given)?;
        phone.open()?;
        let engine = phone.engine().ok_or(Trouble::Campaign)?;
        engine.join(&invitation).map_err(|error| Trouble::engine("join", &error))?;
        Ok(phone)
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
                let at = |trouble: Trouble| match trouble {
                    Trouble::NotReadBack => Trouble::NotReadBack,
                    other => Trouble::At { step, trouble: Box::new(other) },
                };
                self.step().map_err(at)?;
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
        if phone == self.watched {
            self.watch.keep(self.phones[phone].directory())?;
        }
        match self.chance.below(200) {
            0..128 => self.visit(phone)?,
            128..168 => self.sync_badly(phone)?,
            168..173 => self.restart(phone)?,
            173..178 => self.clock(phone),
            178..180 => self.lock_vault(phone)?,
            180..182 => self.partition(phone),
            182..184 => {
                self.fault("server_restart");
                self.campaign.restart()?;
            }
            184..190 => self.hand_over(phone)?,
            190..193 => self.mishap(phone)?,
            _ => self.organise(phone)?,
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
        for _ in 0..8 + self.chance.below(10) {
            let seconds = i64::try_from(5 + self.chance.below(40)).unwrap_or(5);
            self.pass_ms(seconds * 1000);
            // Whose numbers are not known: what a call that fails has saved could not be told.
            let is_known = self.phones[phone].author.is_some();
            let fault = (is_known && self.chance.permille(25)).then(|| self.storage_fault(14));
            let is_sure = self.phones[phone].doubtful.is_empty();
            let goes_on = !self.phones[phone].talks.is_empty();
            if is_sure && self.chance.permille(if goes_on { GOES_ON } else { BEGINS }) {
                self.talk(phone, fault)?;
                continue;
            }
            let job = if is_sure {
                choose(&self.phones[phone], &mut self.chance)
            } else {
                self.phones[phone].probe().map_err(|error| Trouble::engine("lists", &error))?
            };
            let Some(job) = job else { return Ok(()) };
            self.record(phone, job, fault)?;
        }
        Ok(())
    }

    pub(super) fn record(
        &mut self,
        phone: usize,
        job: Job,
        fault: Option<StorageFault>,
    ) -> Result<(), Trouble> {
        let Some(engine) = self.phones[phone].engine() else { return Ok(()) };
        self.trace.bytes("record", job.name().as_bytes());
        let list = job.list();
        let job = match job.ready(engine, &mut self.truth) {
            Ok(Some(job)) => job,
            Ok(None) => return Ok(()),
            Err(error) if is_refusal(&error) => return self.closed(phone, list, &error),
            Err(error) => return Err(Trouble::engine("conflicts", &error)),
        };
        job.begun(&mut self.phones[phone]);
        let talks = self.phones[phone].talks.iter_mut();
        talks.filter(|talk| talk.is_at(job.household())).for_each(Talk::may_have_moved);
        let (result, fired) = self.with_fault(phone, fault, |engine| job.run(engine))?;
        self.trace.value("saved", &result);
        match result {
            Ok(saved) => {
                job.saved(&mut self.phones[phone], &mut self.truth, &saved);
            }
            // What the rules refuse (an undo too late, a door closed meanwhile) is no fault.
            Err(error) if is_refusal(&error) => self.closed(phone, list, &error)?,
            Err(_) if fired => job.doubtful(&mut self.phones[phone]),
            Err(error) => return Err(Trouble::engine("record", &error)),
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
        // Hours, or longer than a list may be read without the campaign.
        let longest = if self.chance.below(3) == 0 { 44 * 60 } else { 10 * 60 };
        let minutes = i64::try_from(30 + self.chance.below(longest)).unwrap_or(30);
        self.phones[phone].offline_until = self.campaign.now().plus_millis(minutes * 60_000);
    }

    fn organise(&mut self, phone: usize) -> Result<(), Trouble> {
        match self.chance.below(20) {
            14..16 => self.cut_anew(),
            16..19 => self.give(phone),
            19 => self.forget(),
            0 => self.withdraw(),
            1..3 => self.wipe(phone),
            3 => self.revoke(phone),
            4..6 => {
                self.trace.bytes("organiser", b"file");
                self.campaign.later_file(&mut self.truth, &mut self.chance)
            }
            6 => {
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
