//! Days of canvassing under faults, all of it decided by a seed: phones that record, lose the
//! line, are started anew and have wrong clocks; a server that answers late, twice or not at
//! all; an organiser who settles things and imports a later file.
//!
//! The engine, its store and the backend are the real ones, in one process. What happened is
//! counted from outside: ids are noted as calls return and looked for in the export.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::change::{ContactMark, ContactMedium};
use canvass_core::engine::{
    AnswerInput, AttemptInput, ContactInput, Error, PersonMetInput, Saved, SyncOutcome, SyncRequest,
};
use canvass_core::id::HouseholdId;
use canvass_core::ports::Clock;
use canvass_core::survey::AnswerValue;
use canvass_core::sync::Reply;
use canvass_core::walklist::CanvassResult;
use serde_json::{Value, json};

use crate::campaign::{TestCampaign, TestPhone, read};

/// A stream of numbers (`SplitMix64`; Steele, Lea and Flood 2014).
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(all.len()).ok().filter(|count| *count > 0)?;
        usize::try_from(self.below(count)).ok().and_then(|at| all.get(at))
    }
}

/// What happened, and how often.
#[derive(Debug, Default)]
pub struct Account {
    /// Faults that really happened, by kind.
    pub faults: BTreeMap<&'static str, u32>,
    /// Ids of the changes whose recording call returned.
    pub saved: BTreeSet<String>,
    /// Conflicts that were settled on the way.
    pub settled: u32,
}

impl Account {
    fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    fn note(&mut self, saved: &Saved) {
        self.saved.insert(saved.change.to_string());
        self.saved.extend(saved.attempt.map(|attempt| attempt.to_string()));
    }
}

/// A campaign, its phones, and what has happened so far.
pub struct Simulation {
    /// The campaign.
    pub campaign: TestCampaign,
    /// The phones.
    pub phones: Vec<TestPhone>,
    /// What has happened.
    pub account: Account,
    chance: Chance,
    /// Requests that may come again long after they were answered.
    old: Vec<SyncRequest>,
}

const NAMES: [&str; 4] = ["Ash", "Birch", "Cedar", "Dogwood"];

impl Simulation {
    /// The campaign of the fixture with `phones` phones (four at most) that hold its list.
    #[must_use]
    pub fn new(seed: u64, phones: usize) -> Self {
        let campaign = TestCampaign::small(seed);
        let phones = NAMES[..phones].iter().map(|name| campaign.joined(name)).collect();
        let (account, chance) = (Account::default(), Chance::of(seed));
        Self { campaign, phones, account, chance, old: Vec::new() }
    }

    /// Lets `steps` things happen.
    ///
    /// # Panics
    /// When an engine fails where it must not.
    pub fn run(&mut self, steps: u32) {
        for _ in 0..steps {
            let count = u64::try_from(self.phones.len()).expect("a few phones");
            let phone = usize::try_from(self.chance.below(count)).expect("a few phones");
            let minutes = i64::try_from(self.chance.below(4)).expect("small");
            self.phones.iter().for_each(|phone| phone.clock.advance_ms(minutes * 60_000));
            self.campaign.clock.advance_ms(minutes * 60_000);
            match self.chance.below(20) {
                0..14 => self.record(phone),
                14..17 => self.sync(phone),
                17 => self.restart(phone),
                18 => self.skew(phone),
                _ => self.organise(),
            }
        }
    }

    /// Everyone exchanges everything over a line that works.
    ///
    /// # Panics
    /// When work does not leave a phone.
    pub fn settle(&mut self) {
        for _ in 0..2 {
            for phone in &self.phones {
                let drained = (0..5).any(|_| {
                    let report = phone.sync(&self.campaign);
                    let status = phone.engine().sync_status().expect("a status");
                    report.outcome == SyncOutcome::Complete && status.on_this_phone == 0
                });
                assert!(drained, "work does not leave a phone");
            }
        }
    }

    fn record(&mut self, phone: usize) {
        let made = self.change(phone);
        match made {
            Ok(Some(saved)) => self.account.note(&saved),
            // What the rules refuse (an undo too late, a door closed meanwhile) is no fault.
            Ok(None) | Err(Error::Record(_) | Error::NotFound(_) | Error::Answer(_)) => {}
            Err(error) => panic!("an engine failed: {error}"),
        }
    }

    /// One thing that a canvasser does at one of a few doors.
    fn change(&mut self, phone: usize) -> Result<Option<Saved>, Error> {
        let engine = self.phones[phone].engine();
        let list = self.phones[phone].list();
        let doors = engine.doors(list, None, 500)?.doors;
        let Some(door) = self.chance.one_of(&doors[..doors.len().min(6)]) else { return Ok(None) };
        let household = door.household;
        let view = engine.household(list, household)?;
        let people: Vec<_> = view.people.iter().map(|person| person.person).collect();
        let person = self.chance.one_of(&people).copied();
        let saved = match (self.chance.below(12), person) {
            (0..3, _) => self.knock(phone, household)?,
            (3..7, Some(person)) => engine.record_answer(&AnswerInput {
                list,
                household,
                person,
                question: "support".to_owned(),
                value: Some(AnswerValue::Choice { option: (1 + self.chance.below(5)).to_string() }),
                attempt: None,
            })?,
            (7, Some(person)) => engine.record_contact(&ContactInput {
                list,
                household,
                person,
                medium: ContactMedium::Phone,
                mark: ContactMark::Primary,
                value: format!("+1802555019{}", self.chance.below(3)),
            })?,
            (8, _) => engine.record_note(list, household, "Side door.")?,
            (9, _) => {
                let Some(attempt) = view.attempts.last() else { return Ok(None) };
                engine.undo(list, household, attempt.attempt)?
            }
            (10, _) if self.chance.below(6) == 0 => {
                engine.set_do_not_contact(list, household, person)?
            }
            (11, _) if self.chance.below(3) == 0 => engine.add_person(&PersonMetInput {
                list,
                household,
                given_name: "Robin".to_owned(),
                family_name: "Newcomer".to_owned(),
                language: String::new(),
            })?,
            _ => return self.resolve(phone),
        };
        Ok(Some(saved))
    }

    fn knock(&mut self, phone: usize, household: HouseholdId) -> Result<Saved, Error> {
        let results =
            [CanvassResult::NotHome, CanvassResult::Refused, CanvassResult::LeftLiterature];
        let door = self.chance.one_of(&results).copied();
        let list = self.phones[phone].list();
        let input = AttemptInput::at_door(list, household, door);
        self.phones[phone].engine().record_attempt(&input)
    }

    fn resolve(&mut self, phone: usize) -> Result<Option<Saved>, Error> {
        let (engine, list) = (self.phones[phone].engine(), self.phones[phone].list());
        let conflicts = engine.conflicts(list)?;
        let Some(conflict) = self.chance.one_of(&conflicts) else { return Ok(None) };
        let Some(chosen) = self.chance.one_of(&conflict.candidates) else { return Ok(None) };
        let saved =
            engine.resolve_conflict(list, conflict.household, conflict.conflict, chosen.change)?;
        self.account.settled += 1;
        Ok(Some(saved))
    }

    fn restart(&mut self, phone: usize) {
        self.account.fault("restart");
        self.phones[phone].phone.restart().expect("the engine opens again");
    }

    /// A clock is wrong by up to two days, or right again.
    fn skew(&mut self, phone: usize) {
        self.account.fault("clock");
        let right = self.campaign.clock.wall();
        let off = [0, 0, 7 * 60_000, -40 * 60_000, 2 * 86_400_000, -2 * 86_400_000];
        let off = self.chance.one_of(&off).copied().unwrap_or_default();
        self.phones[phone].clock.set(right.plus_millis(off));
    }

    /// The organiser settles a conflict, or a later file comes.
    fn organise(&mut self) {
        if self.chance.below(3) == 0 {
            let number = format!("+1802555016{}", self.chance.below(9));
            let file = String::from_utf8(read("people.csv")).expect("text");
            let file = file.replace("+18025550103", &number);
            self.campaign.import("people", "people", file.as_bytes());
            return;
        }
        let listed = self.campaign.get("/conflicts");
        let all = listed["conflicts"].as_array().cloned().unwrap_or_default();
        let Some(conflict) = self.chance.one_of(&all) else { return };
        let candidates = conflict["candidates"].as_array().cloned().unwrap_or_default();
        let Some(chosen) = self.chance.one_of(&candidates) else { return };
        let id = conflict["conflict"].as_str().expect("an id");
        self.campaign.post(&format!("/conflicts/{id}"), &json!({ "chosen": chosen["change"] }));
        self.account.settled += 1;
    }

    /// A sync over a bad line; how it ends does not matter here.
    fn sync(&mut self, phone: usize) {
        let Self { campaign, phones, account, chance, old, .. } = self;
        let report = phones[phone].phone.sync(|request| {
            let reply = send(campaign, account, chance, old, request);
            old.push(request.clone());
            reply
        });
        report.expect("a bad line is no error of the engine");
    }
}

/// A request over a line on which one in three meets a fault.
fn send(
    campaign: &TestCampaign,
    account: &mut Account,
    chance: &mut Chance,
    old: &[SyncRequest],
    request: &SyncRequest,
) -> Option<Reply> {
    let serve = |request: &SyncRequest| campaign.server.phone(request);
    let status = |status| Some(Reply { status, retry_after_s: None, body: Vec::new() });
    let kinds = ["lost", "reply_lost", "twice", "cut", "html", "error", "old"];
    let kind = if chance.below(3) == 0 { chance.one_of(&kinds).copied() } else { None };
    kind.into_iter().for_each(|kind| account.fault(kind));
    match kind {
        Some("lost") => None,
        Some("reply_lost") => {
            serve(request);
            None
        }
        Some("twice") => {
            serve(request);
            Some(serve(request))
        }
        Some("cut") => {
            let reply = serve(request);
            let body = reply.body[..reply.body.len() / 2].to_vec();
            Some(Reply { body, ..reply })
        }
        Some("html") => {
            let body = b"<!DOCTYPE html><p>Please log in".to_vec();
            Some(Reply { status: 200, retry_after_s: None, body })
        }
        Some("error") => status(503),
        Some("old") => {
            if let Some(old) = chance.one_of(old) {
                serve(old);
            }
            Some(serve(request))
        }
        _ => Some(serve(request)),
    }
}

/// The ids of the changes that the campaign exports, as often as they stand there, without
/// those that the campaign wrote itself.
///
/// # Panics
/// When the export fails.
#[must_use]
pub fn exported(campaign: &TestCampaign) -> Vec<String> {
    let path = format!("{}/export/csv", campaign.path);
    let (status, file) = campaign.server.operator_bytes(axum::http::Method::GET, &path, Vec::new());
    assert_eq!(status, 200);
    let file = String::from_utf8(file).expect("text");
    file.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
}

/// The ids of the conflicts that the server knows.
#[must_use]
pub fn conflicts_at_server(campaign: &TestCampaign) -> BTreeSet<String> {
    let listed = campaign.get("/conflicts");
    let all = listed["conflicts"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|c: &Value| c["conflict"].as_str().map(str::to_owned)).collect()
}
