//! What must hold once the network is well and everybody has exchanged everything.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::engine::{Error, HouseholdView, SyncOutcome};
use canvass_core::id::{ChangeId, HouseholdId, ListId};
use canvass_core::survey::ContactChannel;
use canvass_core::time::Timestamp;
use serde_json::Value;

use crate::simulate::Trouble;
use crate::simulate::campaign::change_of;
use crate::simulate::truth::{Expected, Noted};
use crate::simulate::world::World;

/// Syncs within which a phone's queue must drain once the network is well.
const SYNCS_TO_DRAIN: u32 = 6;
/// Virtual time within which it must: twice the longest backoff.
const MS_TO_DRAIN: i64 = 2 * 15 * 60 * 1000;

/// Most doors that are looked at on one list.
const MOST_DOORS: u32 = 500;

/// What was found at the end of a seed; every count but the first three should be 0.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Changes whose recording call returned.
    pub changes: u64,
    /// Conflicts that had to be there, and of which it could be said.
    pub conflicts: u64,
    /// Doors at which a talk left something behind, on each phone that shows them.
    pub talks: u64,
    /// Changes that are not at the campaign.
    pub lost: u64,
    /// Changes that stand there twice, or that nobody recorded.
    pub duplicated: u64,
    /// Lists on which a phone and the server differ.
    pub diverged: u64,
    /// Conflicts that had to be there and are not.
    pub conflicts_missing: u64,
    /// Conflicts that should not be there.
    pub conflicts_false: u64,
    /// Conflicts in which a value is not the one that was written.
    pub conflicts_unreadable: u64,
    /// What could be read of lists that were erased.
    pub readable_after_wipe: u64,
    /// Phones whose work does not leave them, or that do not come to rest.
    pub stuck: u64,
    /// What went wrong, in words.
    pub notes: Vec<String>,
}

impl World {
    /// Everyone exchanges everything over a network that is well, and is looked at.
    pub(super) fn settle_and_check(&mut self) -> Result<Findings, Trouble> {
        let mut findings = Findings::default();
        self.campaign.astray.clear();
        for phone in 0..self.phones.len() {
            self.phones[phone].vault.lock(false);
            self.phones[phone].open()?;
            let now = self.campaign.now();
            self.phones[phone].clock.set(now);
            self.phones[phone].offline_until = now;
        }
        for phone in 0..self.phones.len() {
            self.drain(phone, &mut findings)?;
            self.settle_doubts(phone)?;
        }
        for phone in 0..self.phones.len() {
            self.drain(phone, &mut findings)?;
        }
        for phone in 0..self.phones.len() {
            self.drain(phone, &mut findings)?;
        }
        self.attack()?;
        findings.readable_after_wipe = self.readable.len() as u64;
        findings.notes.append(&mut self.readable);
        let there = self.check_export(&mut findings)?;
        let expected = self.truth.expected(|change| there.contains(&change));
        findings.conflicts = expected.conflicts.len() as u64;
        self.check_server(&expected, &mut findings)?;
        self.check_phones(&expected, &mut findings)?;
        self.check_claims(&mut findings)?;
        self.check_talks(&mut findings)?;
        Ok(findings)
    }

    /// Lets a phone sync until nothing waits there any more.
    fn drain(&mut self, phone: usize, findings: &mut Findings) -> Result<(), Trouble> {
        let begun = self.campaign.now();
        let mut last = None;
        for _ in 0..SYNCS_TO_DRAIN {
            let report = self.sync(phone, 0, None, false)?;
            let waiting = self.waiting(phone)?;
            last = report.map(|report| report.outcome);
            let is_revoked = self.phones[phone].is_revoked;
            let ends = if is_revoked { SyncOutcome::NotEnrolled } else { SyncOutcome::Complete };
            let is_complete = report.is_some_and(|r| r.outcome == ends);
            if is_complete && waiting == 0 {
                break;
            }
        }
        let took = self.campaign.now().millis_since(begun);
        if self.waiting(phone)? > 0 || took > MS_TO_DRAIN {
            findings.stuck += 1;
            findings.notes.push(format!("phone {phone} is stuck after {took} ms: {last:?}"));
        }
        Ok(())
    }

    /// Whether calls that failed had saved; of a phone without an open list it cannot be told.
    fn settle_doubts(&mut self, phone: usize) -> Result<(), Trouble> {
        if self.phones[phone].doubtful.is_empty() {
            return Ok(());
        }
        let probe = self.phones[phone].probe();
        match probe.map_err(|error| Trouble::engine("lists", &error))? {
            Some(job) => self.record(phone, job, None),
            None => {
                let calls = std::mem::take(&mut self.phones[phone].doubtful);
                calls.iter().flatten().for_each(|noted| self.truth.doubt(noted));
                Ok(())
            }
        }
    }

    pub(super) fn waiting(&self, phone: usize) -> Result<u32, Trouble> {
        let Some(engine) = self.phones[phone].engine() else { return Ok(1) };
        let status = engine.sync_status().map_err(|error| Trouble::engine("status", &error))?;
        Ok(status.on_this_phone + status.on_another_phone)
    }

    /// Every change stands in the campaign's record exactly once. Gives what is there.
    fn check_export(&mut self, findings: &mut Findings) -> Result<BTreeSet<ChangeId>, Trouble> {
        let file = self.campaign.export()?;
        self.trace.bytes("export", &file);
        // A file's change has a row in each household that it alters.
        let mut there: BTreeMap<ChangeId, u64> = BTreeMap::new();
        let mut texts: BTreeMap<String, u64> = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(file.as_slice());
        let header = reader.headers().map_err(|_| Trouble::Campaign)?;
        let column = header.iter().position(|name| name == "text").ok_or(Trouble::Campaign)?;
        for row in reader.records() {
            let row = row.map_err(|_| Trouble::Campaign)?;
            let text = row.get(column).filter(|text| self.truth.texts().contains_key(*text));
            if let Some(text) = text {
                *texts.entry(text.to_owned()).or_default() += 1;
                continue;
            }
            if row.get(2) == Some("erased") {
                // Whose text is forgotten cannot be told by it.
                continue;
            }
            let id = row.get(0).and_then(|id| id.parse().ok()).ok_or(Trouble::Campaign)?;
            *there.entry(id).or_default() += 1;
        }
        let missing = |noted: &&Noted| {
            let is_forgotten = noted.household.is_some_and(|door| self.truth.is_erased(door));
            !is_forgotten && !there.contains_key(&noted.id)
        };
        let lost: Vec<ChangeId> =
            self.truth.noted().filter(missing).map(|noted| noted.id).collect();
        let texts_kept =
            self.truth.texts().iter().filter(|(_, door)| !self.truth.is_erased(**door));
        for (text, _) in texts_kept {
            let count = texts.get(text).copied().unwrap_or(0);
            if count != 1 {
                findings.notes.push(format!("{text:?} stands there {count} times"));
            }
            findings.lost += u64::from(count == 0);
            findings.duplicated += u64::from(count > 1);
        }
        findings.changes = self.truth.noted().count() as u64;
        findings.lost += lost.len() as u64;
        findings.notes.extend(lost.iter().map(|id| format!("lost {id}")));
        let devices: BTreeSet<_> =
            self.phones.iter().filter_map(|phone| Some(phone.author?.0)).collect();
        for (id, count) in &there {
            let is_known = self.truth.get(*id).is_some() || self.truth.is_doubted();
            let is_twice = *count > 1 && id.incarnation > 0;
            if is_twice || devices.contains(&id.device) && !is_known {
                findings.duplicated += 1;
                findings.notes.push(format!("{id} stands there {count} times"));
            }
        }
        Ok(there.into_keys().collect())
    }

    fn check_server(&self, expected: &Expected, findings: &mut Findings) -> Result<(), Trouble> {
        let listed = self.campaign.get("/conflicts")?;
        let all = listed["conflicts"].as_array().map_or(&[][..], Vec::as_slice);
        let mut found = BTreeSet::new();
        for conflict in all {
            let candidates = conflict["candidates"].as_array().map_or(&[][..], Vec::as_slice);
            let mut heads = BTreeSet::new();
            for candidate in candidates {
                heads.insert(change_of(&candidate["change"])?);
            }
            let wanted = expected.conflicts.get(&heads);
            if let Some((_, values)) = wanted
                && !candidates.iter().all(|candidate| says(candidate, values))
            {
                findings.conflicts_unreadable += 1;
            }
            found.insert(heads);
        }
        let wanted = expected.conflicts.keys();
        compare("the server", wanted, &found, expected, findings);
        Ok(())
    }

    fn check_phones(
        &mut self,
        expected: &Expected,
        findings: &mut Findings,
    ) -> Result<(), Trouble> {
        for n in 0..self.phones.len() {
            let phone = &self.phones[n];
            let Some(engine) = phone.engine() else { continue };
            let trouble = |error: Error| Trouble::engine("look", &error);
            let lists = engine.walk_lists().map_err(trouble)?;
            let mut found = BTreeSet::new();
            let mut traced = Vec::new();
            for list in &lists {
                let digest = engine.state_digest(list.list).map_err(trouble)?.to_string();
                let number = self.number_of(list.list)?;
                let server = self.campaign.get(&format!("/lists/{number}/digest"))?;
                if server["digest"] != digest.as_str() {
                    findings.diverged += 1;
                    findings.notes.push(format!("phone {n} differs on list {number}"));
                }
                traced.push(digest);
                for conflict in engine.conflicts(list.list).map_err(trouble)? {
                    found.insert(conflict.candidates.iter().map(|c| c.change).collect());
                }
            }
            let households: BTreeSet<_> = phone
                .roster
                .iter()
                .filter(|place| lists.iter().any(|list| list.list == place.list))
                .map(|place| place.household)
                .collect();
            let wanted = expected.conflicts.iter();
            let wanted = wanted.filter(|(_, (field, _))| households.contains(&field.household));
            // A list that was cut anew lacks doors that may not be given out any more.
            let wanted = wanted.filter(|(heads, (field, _))| {
                found.contains(*heads) || phone.knows(field.household)
            });
            let wanted = wanted.map(|(heads, _)| heads);
            compare(&format!("phone {n}"), wanted, &found, expected, findings);
            self.trace.value("digests", &traced);
        }
        Ok(())
    }

    /// Everyone who holds a list says the same of who goes to a claimed door. What ends just now
    /// may have ended for one phone and not for another.
    fn check_claims(&self, findings: &mut Findings) -> Result<(), Trouble> {
        let soon = self.campaign.now().plus_millis(10 * 60 * 1000);
        let mut told: BTreeMap<(ListId, HouseholdId), (String, Timestamp)> = BTreeMap::new();
        for (n, phone) in self.phones.iter().enumerate() {
            let Some(engine) = phone.engine().filter(|_| !phone.is_revoked) else { continue };
            let trouble = |error: Error| Trouble::engine("claims", &error);
            for list in engine.walk_lists().map_err(trouble)? {
                let claims = engine.claims(list.list).map_err(trouble)?;
                for claim in claims.into_iter().filter(|claim| claim.until > soon) {
                    let said = (claim.by, claim.until);
                    let known =
                        told.entry((list.list, claim.household)).or_insert_with(|| said.clone());
                    if *known != said {
                        findings.diverged += 1;
                        findings.notes.push(format!("phone {n} differs on who goes to a door"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Everyone who holds a list says the same of what people want and agree to, when to come
    /// back, where literature was left, who was called, and how doors are reached: digests do not
    /// cover these.
    fn check_talks(&self, findings: &mut Findings) -> Result<(), Trouble> {
        let mut told: BTreeMap<(ListId, HouseholdId), String> = BTreeMap::new();
        for (n, phone) in self.phones.iter().enumerate() {
            let Some(engine) = phone.engine().filter(|_| !phone.is_revoked) else { continue };
            let trouble = |error: Error| Trouble::engine("talks", &error);
            for list in engine.walk_lists().map_err(trouble)? {
                let shown = engine.doors(list.list, None, MOST_DOORS).map_err(trouble)?;
                for door in shown.doors {
                    let view = engine.household(list.list, door.household).map_err(trouble)?;
                    let said = talk_of(&view);
                    findings.talks += u64::from(!said.is_empty());
                    let known =
                        told.entry((list.list, door.household)).or_insert_with(|| said.clone());
                    if *known != said {
                        findings.diverged += 1;
                        findings.notes.push(format!("phone {n} differs: {known} and {said}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn number_of(&self, list: ListId) -> Result<u64, Trouble> {
        let all = self.campaign.get("/lists/all")?;
        let all = all["lists"].as_array().map_or(&[][..], Vec::as_slice);
        let found = all.iter().find(|known| known["list"] == list.to_string().as_str());
        found.and_then(|known| known["number"].as_u64()).ok_or(Trouble::Campaign)
    }
}

/// What a talk left behind at a household, in words that do not depend on who is asked.
fn talk_of(view: &HouseholdView) -> String {
    let asks = view.people.iter().flat_map(|person| {
        person.asks.iter().map(|ask| {
            let consent = ask.consent.as_ref().map(|given| given.channels.len());
            format!("{:?} {:?} {consent:?} {};", ask.kind, ask.state, ask.withdrawn)
        })
    });
    let windows = view.follow_ups.iter().map(|it| format!("{} {};", it.change, it.kept));
    let left = view.attempts.iter().filter(|attempt| attempt.literature);
    let left = left.map(|attempt| format!("{};", attempt.attempt));
    let calls = view.attempts.iter().filter(|it| it.channel != ContactChannel::Door);
    let calls = calls.map(|it| format!("{} {:?} {:?};", it.attempt, it.channel, it.people));
    let closed = view.people.iter().filter(|it| !it.closed_channels.is_empty());
    let closed = closed.map(|it| format!("{:?};", it.closed_channels));
    let access = view.access.iter().map(|it| format!("{} {:?};", it.change, it.access));
    asks.chain(windows).chain(left).chain(calls).chain(closed).chain(access).collect()
}

fn says(candidate: &Value, values: &BTreeMap<ChangeId, String>) -> bool {
    let Ok(change) = change_of(&candidate["change"]) else { return false };
    let told = candidate["value"].as_array().and_then(|value| value.first()?.as_str());
    values.get(&change).is_some_and(|value| value == told.unwrap_or_default())
}

fn compare<'a>(
    who: &str,
    wanted: impl Iterator<Item = &'a BTreeSet<ChangeId>>,
    found: &BTreeSet<BTreeSet<ChangeId>>,
    expected: &Expected,
    findings: &mut Findings,
) {
    for heads in wanted.filter(|heads| !found.contains(*heads)) {
        findings.conflicts_missing += 1;
        let what = expected.conflicts.get(heads);
        findings.notes.push(format!("{who} lacks the conflict {what:?}"));
    }
    let more = found.iter().filter(|heads| !expected.conflicts.contains_key(*heads));
    for heads in more.filter(|heads| !expected.is_unsure(heads)) {
        findings.conflicts_false += 1;
        findings.notes.push(format!("{who} has a false conflict of {heads:?}"));
    }
}
