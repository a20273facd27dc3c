//! Replays a scenario (`tests/scenarios/README.md`) against the engine and the backend: for the
//! project's own tests, and for the conformance kit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::Method;
use canvass_core::change::{ContactMark, ContactMedium, CorrectedField};
use canvass_core::engine::{
    AnswerInput, AskInput, AttemptInput, ClaimOutcome, ConsentInput, ContactInput, CorrectionInput,
    DoorSaved, Engine, ExportFormat, FollowUpInput, PersonMetInput, PersonResult, Saved,
    SyncOutcome,
};
use canvass_core::id::{ChangeId, HouseholdId, ListId, PersonId};
use canvass_core::survey::{AnswerValue, AskKind, AskState, ContactChannel};
use canvass_core::sync::{FrameCollector, to_frames};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{Access, Address, CanvassResult, TimeWindow, WindowPhase};
use serde_json::{Value, json};

use crate::clock::SetClock;
use crate::local_server::{ADDRESS, LocalServer};
use crate::phone::Phone;

mod talk;
mod words;

/// A scenario being replayed.
pub struct Replay {
    folder: PathBuf,
    files: PathBuf,
    server: LocalServer,
    phones: BTreeMap<String, (Phone, Arc<SetClock>)>,
    texts: BTreeMap<String, String>,
    changes: BTreeMap<String, ChangeId>,
    people: BTreeMap<String, PersonId>,
    floors: BTreeMap<String, Vec<DoorSaved>>,
    /// Whether expected values are written instead of compared.
    bless: bool,
    /// How often a sync is tried that ends otherwise than the step says.
    patience: u32,
}

/// What a step had to tell, beside being done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// The digest of a phone's list.
    Digest(String),
}

/// What came of a step.
pub type Step<T> = Result<T, Box<dyn std::error::Error>>;

fn text<'a>(step: &'a Value, field: &str) -> Step<&'a str> {
    step[field].as_str().ok_or_else(|| format!("no {field}").into())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Step<()> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what} is {found:?}, expected {expected:?}").into())
}

/// Looks up an enum's value by its lower snake case name.
fn named<T: Copy + std::fmt::Debug>(all: &[T], name: &str) -> Step<T> {
    let flat = name.replace('_', "");
    let found = all.iter().find(|value| format!("{value:?}").to_lowercase() == flat);
    found.copied().ok_or_else(|| format!("no {name}").into())
}

/// What a step answers.
fn answer_value(step: &Value) -> Step<AnswerValue> {
    let owned = |value: &Value| value.as_str().map(str::to_owned);
    Ok(if let Some(option) = owned(&step["choice"]) {
        AnswerValue::Choice { option }
    } else if let Some(options) = step["choices"].as_array() {
        AnswerValue::Choices { options: options.iter().filter_map(owned).collect() }
    } else if let Some(value) = step["number"].as_f64() {
        AnswerValue::Number { value }
    } else if let Some(value) = step["scale"].as_i64() {
        AnswerValue::Scale { value: i32::try_from(value)? }
    } else if let Some(date) = owned(&step["date"]) {
        AnswerValue::Date { date }
    } else {
        AnswerValue::Text { text: text(step, "text")?.to_owned() }
    })
}

/// The bytes after their way over QR codes, of which the last one is scanned first.
fn scanned(bytes: &[u8]) -> Step<Vec<u8>> {
    let mut collector = FrameCollector::default();
    let mut whole = None;
    for frame in to_frames(bytes, 300)?.iter().rev() {
        whole = collector.take(frame)?;
    }
    whole.ok_or_else(|| "a frame is missing".into())
}

/// An address, as doors are named here.
fn one_line(at: &Address) -> String {
    format!("{} {} {}", at.house_number, at.street, at.unit).trim().to_owned()
}

fn kind(step: &Value) -> Step<AskKind> {
    Ok(AskKind::named(text(step, "kind")?).ok_or("no such kind")?)
}

fn consent(told: &Value) -> Step<ConsentInput> {
    let channels = told["channels"].as_array().into_iter().flatten();
    let channel = |name: &Value| named(&ContactChannel::ALL, name.as_str().ok_or("no channel")?);
    Ok(ConsentInput {
        words: text(told, "words")?.to_owned(),
        language: text(told, "language")?.to_owned(),
        channels: channels.map(channel).collect::<Step<_>>()?,
    })
}

/// The household at `house_number street unit`, among those to walk to.
#[must_use]
pub fn door(engine: &Engine, list: ListId, address: &str) -> Option<HouseholdId> {
    let mut from = None;
    loop {
        let page = engine.doors(list, from.as_deref(), 500).ok()?;
        let found = page.doors.iter().find(|door| {
            let at = &door.address;
            format!("{} {} {}", at.house_number, at.street, at.unit).trim() == address
        });
        if let Some(door) = found {
            return Some(door.household);
        }
        from = page.next;
        from.as_ref()?;
    }
}

/// A window in the local time of the scenarios' town.
fn window(told: &Value) -> Step<TimeWindow> {
    let moment = |field: &str| told[field].as_i64().map(Timestamp::from_millis).ok_or("no moment");
    let (from, until) = (moment("from_ms")?, moment("until_ms")?);
    Ok(TimeWindow { from, until, utc_offset_minutes: -240 })
}

impl Replay {
    /// A replay against this server, whose phones live in `folder` and whose steps name files
    /// below `files`.
    #[must_use]
    pub fn new(folder: &Path, files: &Path, server: LocalServer) -> Self {
        Self {
            folder: folder.to_owned(),
            files: files.to_owned(),
            server,
            phones: BTreeMap::new(),
            texts: BTreeMap::new(),
            changes: BTreeMap::new(),
            people: BTreeMap::new(),
            floors: BTreeMap::new(),
            bless: false,
            patience: 1,
        }
    }

    /// Writes expected values into the steps instead of comparing them.
    #[must_use]
    pub const fn blessing(mut self, bless: bool) -> Self {
        self.bless = bless;
        self
    }

    /// Tries a sync so often, for a network that is bad on purpose.
    #[must_use]
    pub const fn patient(mut self, patience: u32) -> Self {
        self.patience = patience;
        self
    }

    /// Does one step; an error when it fails, or when something else comes out than it says.
    pub fn step(&mut self, step: &mut Value) -> Step<Told> {
        if step.get("operator").is_some() {
            return self.operator(step).map(|()| Told::Nothing);
        }
        let phone = text(step, "phone")?.to_owned();
        if text(step, "do")? == "digest" {
            return self.digest(&phone, step).map(Told::Digest);
        }
        self.act(&phone, step).map(|()| Told::Nothing)
    }

    fn act(&mut self, phone: &str, step: &mut Value) -> Step<()> {
        match text(step, "do")? {
            "open" => self.open(phone, step),
            "restart" => Ok(self.phone(phone)?.restart()?),
            "clock" => {
                let now = step["ms"].as_i64().ok_or("no ms")?;
                self.clock(phone)?.pass_until(Timestamp::from_millis(now));
                Ok(())
            }
            "join" => {
                let path = self.texts.get(text(step, "invitation")?).ok_or("no invitation")?;
                let link = format!("{ADDRESS}{path}");
                Ok(self.engine(phone)?.join(&link)?)
            }
            "sync" => self.sync(phone, step),
            "hand_over" => self.hand_over(phone, step),
            "export" => self.export(phone, step),
            "expect" => self.expect(phone, step),
            "resolve" => self.resolve(phone, step),
            "claim" => self.claim(phone, step),
            "release" => self.release(phone, step),
            "claims" => self.claims(phone, step),
            "near" => self.near(phone, step),
            "languages" => self.languages(phone, step),
            "survey" => self.survey(phone, step),
            "status" => self.status(phone, step),
            "offered" => self.offered(phone, step),
            "reached" => self.reached(phone, step),
            "asks" => self.asks(phone, step),
            "follow_ups" => self.follow_ups(phone, step),
            "next" => self.next(phone, step),
            "talk" => self.talk(phone, step),
            "floor" => self.floor(phone, step),
            "undo_floor" => self.undo_floor(phone, step),
            _ => self.record(phone, step),
        }
    }

    fn phone(&mut self, name: &str) -> Step<&mut Phone> {
        Ok(&mut self.phones.get_mut(name).ok_or("no such phone")?.0)
    }

    fn clock(&self, name: &str) -> Step<&SetClock> {
        Ok(&self.phones.get(name).ok_or("no such phone")?.1)
    }

    fn engine(&self, name: &str) -> Step<&Engine> {
        Ok(self.phones.get(name).ok_or("no such phone")?.0.engine())
    }

    fn list(&self, phone: &str) -> Step<ListId> {
        let lists = self.engine(phone)?.walk_lists()?;
        Ok(lists.first().ok_or("no list")?.list)
    }

    fn operator(&mut self, step: &mut Value) -> Step<()> {
        let mut path = text(step, "path")?.to_owned();
        for (name, kept) in &self.texts {
            path = path.replace(&format!("{{{name}}}"), kept);
        }
        let method: Method = text(step, "operator")?.parse()?;
        let body = match step["file"].as_str() {
            Some(name) => fs::read(self.files.join(name))?,
            None if step["body"].is_null() => Vec::new(),
            None => step["body"].to_string().into_bytes(),
        };
        let (status, body) = self.server.operator_bytes(method, &path, body);
        same("status", &status, &200)?;
        if let Some(name) = step["file_equals"].as_str() {
            return self.same_file(body, name);
        }
        let body: Value = serde_json::from_slice(&body)?;
        for (name, field) in step["keep"].as_object().into_iter().flatten() {
            let kept = body[field.as_str().ok_or("no field")?].as_str().ok_or("nothing to keep")?;
            self.texts.insert(name.clone(), kept.to_owned());
        }
        if step.get("equals").is_some() {
            if self.bless {
                step["equals"] = body.clone();
            }
            same("the answer", &body, &step["equals"])?;
        }
        Ok(())
    }

    fn open(&mut self, name: &str, step: &Value) -> Step<()> {
        let seed = step["seed"].as_u64().ok_or("no seed")?;
        let now = step["clock_ms"].as_i64().ok_or("no clock")?;
        let clock = Arc::new(SetClock::at(Timestamp::from_millis(now)));
        let directory = self.folder.join(name);
        let phone = Phone::seeded(&directory, seed, "engine", clock.clone())?;
        self.phones.insert(name.to_owned(), (phone, clock));
        Ok(())
    }

    fn sync(&mut self, phone: &str, step: &Value) -> Step<()> {
        let all = [SyncOutcome::Complete, SyncOutcome::Offline, SyncOutcome::NotEnrolled];
        let expected = named(&all, text(step, "outcome")?)?;
        let (phone, _) = self.phones.get(phone).ok_or("no such phone")?;
        let mut outcome = None;
        for _ in 0..self.patience {
            outcome = Some(phone.sync(|request| self.server.answer(request))?.outcome);
            if outcome == Some(expected) {
                break;
            }
        }
        same("the outcome", &outcome, &Some(expected))
    }

    fn hand_over(&self, phone: &str, step: &mut Value) -> Step<()> {
        let (from, to) = (self.engine(phone)?, self.engine(text(step, "to")?)?);
        let bundle = from.make_bundle(&to.peer_summary()?)?;
        let bundle = match text(step, "as")? {
            "file" => bundle,
            "qr" => scanned(&bundle)?,
            other => return Err(format!("no way {other}").into()),
        };
        let report = to.apply_bundle(&bundle)?;
        let report = json!({
            "changes": report.changes, "known": report.known,
            "refused": report.refused, "shown": report.shown,
        });
        if self.bless {
            step["equals"] = report.clone();
        }
        same("the report", &report, &step["equals"])
    }

    /// Tells a list's digest; compares it where the step says what it should be.
    fn digest(&self, phone: &str, step: &mut Value) -> Step<String> {
        let found = self.engine(phone)?.state_digest(self.list(phone)?)?.to_string();
        if self.bless {
            step["equals"] = found.clone().into();
        }
        if step.get("equals").is_some() {
            same("the digest", &found.as_str(), &text(step, "equals")?)?;
        }
        Ok(found)
    }

    fn export(&self, phone: &str, step: &Value) -> Step<()> {
        let format = match text(step, "format")? {
            "csv" => ExportFormat::Csv,
            "van" => ExportFormat::Van,
            "geojson" => ExportFormat::GeoJson,
            other => return Err(format!("no format {other}").into()),
        };
        let file = self.engine(phone)?.export(self.list(phone)?, format)?;
        self.same_file(file.bytes, text(step, "equals")?)
    }

    fn same_file(&self, found: Vec<u8>, name: &str) -> Step<()> {
        let path = self.files.join(name);
        if self.bless {
            fs::write(&path, &found)?;
        }
        same("the file", &String::from_utf8(found)?, &fs::read_to_string(path)?)
    }

    fn expect(&self, phone: &str, step: &Value) -> Step<()> {
        let engine = self.engine(phone)?;
        let status = engine.sync_status()?;
        let progress = engine.progress(self.list(phone)?)?;
        let waiting = engine.walk_list(self.list(phone)?, None)?.waiting;
        for (name, found) in [
            ("doors", progress.doors),
            ("done", progress.done),
            ("contacted", progress.contacted),
            ("apart", progress.apart),
            ("on_this_phone", status.on_this_phone),
            ("at_campaign", status.at_campaign),
            ("set_aside", status.set_aside),
            ("conflicts", status.conflicts),
            ("waiting", waiting),
        ] {
            if let Some(expected) = step[name].as_u64() {
                same(name, &u64::from(found), &expected)?;
            }
        }
        Ok(())
    }

    fn resolve(&self, phone: &str, step: &Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let conflicts = engine.conflicts(list)?;
        let conflict = conflicts.first().ok_or("no conflict")?;
        let value = text(step, "value")?;
        let chosen = conflict.candidates.iter().find(|known| known.value == [value]);
        let chosen = chosen.ok_or("no such candidate")?.change;
        engine.resolve_conflict(list, conflict.household, conflict.conflict, chosen)?;
        Ok(())
    }

    fn claim(&self, phone: &str, step: &Value) -> Step<()> {
        use ClaimOutcome as O;
        let all = [O::Claimed, O::YoursAlready, O::HeldByAnother, O::Done, O::NotOffered];
        let expected = named(&all, text(step, "outcome")?)?;
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let results = engine.claim(list, &[household])?;
        same("the outcome", &results.first().map(|one| one.outcome), &Some(expected))
    }

    fn release(&self, phone: &str, step: &Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let released = engine.release(list, &[household])?;
        same("released", &Some(u64::from(released)), &step["released"].as_u64())
    }

    fn claims(&self, phone: &str, step: &mut Value) -> Step<()> {
        let claims = self.engine(phone)?.claims(self.list(phone)?)?;
        let said: Value = claims.into_iter().map(|claim| claim.sentence).collect();
        self.same_list(&said, step)
    }

    fn near(&self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let here = engine.household(list, household)?.point;
        let count = u32::try_from(step["count"].as_u64().ok_or("no count")?)?;
        let radius_m = step["radius_m"].as_f64().ok_or("no radius")?;
        let near = engine.nearest_unclaimed(list, here, count, radius_m)?;
        let addresses = near.into_iter().map(|near| one_line(&near.door.address));
        self.same_list(&addresses.collect(), step)
    }

    fn asks(&self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let person = self.person(engine, list, household, step)?;
        let view = engine.household(list, household)?;
        let them = view.people.iter().find(|known| known.person == person);
        let said = them.ok_or("no such person")?.asks.iter().map(|ask| {
            let consent = ask.consent.iter().flat_map(|given| &given.channels);
            let mut words = vec![ask.state.map_or("none", AskState::name)];
            words.extend(consent.map(|channel| channel.name()));
            words.extend(ask.withdrawn.then_some("withdrawn"));
            words.join(" ")
        });
        self.same_list(&said.collect(), step)
    }

    fn follow_ups(&self, phone: &str, step: &mut Value) -> Step<()> {
        let (engine, list) = (self.engine(phone)?, self.list(phone)?);
        let mut said = Vec::new();
        for view in engine.follow_ups(list)? {
            let phase = match view.phase {
                WindowPhase::Open => "open",
                WindowPhase::NotYet => "not_yet",
                WindowPhase::Over => "over",
            };
            let address = engine.household(list, view.household)?.address;
            said.push(format!("{} {phase}", one_line(&address)));
        }
        self.same_list(&said.into(), step)
    }

    fn next(&self, phone: &str, step: &mut Value) -> Step<()> {
        let next = self.engine(phone)?.next_stop(self.list(phone)?, None)?;
        let doors = next.map(|next| next.doors).unwrap_or_default();
        self.same_list(&doors.iter().map(|door| one_line(&door.address)).collect(), step)
    }

    fn same_list(&self, found: &Value, step: &mut Value) -> Step<()> {
        if self.bless {
            step["equals"] = found.clone();
        }
        same("the list", found, &step["equals"])
    }

    fn record(&mut self, phone: &str, step: &Value) -> Step<()> {
        let list = self.list(phone)?;
        let engine = self.engine(phone)?;
        let household = door(engine, list, text(step, "door")?).ok_or("no such door")?;
        let saved = match text(step, "do")? {
            "attempt" => self.attempt(engine, list, household, step)?,
            "call" => self.call(engine, list, household, step)?,
            "access" => {
                let access = Access::named(text(step, "access")?).ok_or("no such access")?;
                engine.record_access(list, household, access)?
            }
            "answer" => self.answer(engine, list, household, step)?,
            "result" => self.result(engine, list, household, step)?,
            "note" => engine.record_note(list, household, text(step, "text")?)?,
            "do_not_contact" => engine.set_do_not_contact(list, household, None)?,
            "add_person" => engine.add_person(&PersonMetInput {
                list,
                household,
                given_name: text(step, "given_name")?.to_owned(),
                family_name: text(step, "family_name")?.to_owned(),
                language: String::new(),
            })?,
            "contact" => self.contact(engine, list, household, step)?,
            "correct" => engine.record_correction(&CorrectionInput {
                list,
                household,
                person: None,
                field: named(&CorrectedField::ALL, text(step, "field")?)?,
                value: text(step, "value")?.to_owned(),
            })?,
            "ask" => self.ask(engine, list, household, step)?,
            "withdraw" => {
                let person = self.person(engine, list, household, step)?;
                engine.withdraw_consent(list, household, person, &kind(step)?)?
            }
            "come_back" => engine.record_follow_up(&FollowUpInput {
                list,
                household,
                person: None,
                window: window(step)?,
                attempt: None,
            })?,
            "literature" => {
                let attempt = self.change(text(step, "attempt")?)?;
                let left = step["left"].as_bool().ok_or("no left")?;
                engine.set_literature(list, household, attempt, left)?
            }
            "undo" => engine.undo(list, household, self.change(text(step, "change")?)?)?,
            other => return Err(format!("no step {other}").into()),
        };
        if let Some(name) = step["keep"].as_str() {
            self.changes.insert(name.to_owned(), saved.change);
        }
        if let (Some(name), Some(person)) = (step["keep_person"].as_str(), saved.person) {
            self.people.insert(name.to_owned(), person);
        }
        Ok(())
    }

    fn change(&self, name: &str) -> Step<ChangeId> {
        self.changes.get(name).copied().ok_or_else(|| format!("no change {name}").into())
    }

    fn person(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<PersonId> {
        if let Some(name) = step["met"].as_str() {
            return self.people.get(name).copied().ok_or_else(|| format!("no {name}").into());
        }
        let place = usize::try_from(step["person"].as_u64().ok_or("no person")?)?;
        let view = engine.household(list, household)?;
        Ok(view.people.get(place).ok_or("no such person")?.person)
    }

    fn attempt(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<Saved> {
        let door = step["result"].as_str().map(str::parse::<CanvassResult>).transpose()?;
        let mut people = Vec::new();
        for told in step["people"].as_array().into_iter().flatten() {
            let person = self.person(engine, list, household, told)?;
            people.push(PersonResult { person, result: text(told, "result")?.parse()? });
        }
        let corrects = step["corrects"].as_str().map(|name| self.change(name)).transpose()?;
        let come_back = step.get("come_back").map(window).transpose()?;
        let literature = step["literature"].as_bool().unwrap_or(false);
        let plain = AttemptInput::at_door(list, household, door);
        let input = AttemptInput { people, corrects, literature, come_back, ..plain };
        Ok(engine.record_attempt(&input)?)
    }

    fn answer(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<Saved> {
        let attempt = step["attempt"].as_str().map(|name| self.change(name)).transpose()?;
        let input = AnswerInput {
            list,
            household,
            person: self.person(engine, list, household, step)?,
            question: text(step, "question")?.to_owned(),
            value: Some(answer_value(step)?),
            attempt,
            script: None,
        };
        Ok(engine.record_answer(&input)?)
    }

    fn ask(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<Saved> {
        let states = [AskState::Wanted, AskState::Declined, AskState::Done];
        let consent = step.get("consent").map(consent).transpose()?;
        let input = AskInput {
            list,
            household,
            person: self.person(engine, list, household, step)?,
            kind: kind(step)?,
            state: named(&states, text(step, "state")?)?,
            consent,
            attempt: step["attempt"].as_str().map(|name| self.change(name)).transpose()?,
        };
        Ok(engine.record_ask(&input)?)
    }

    fn contact(
        &self,
        engine: &Engine,
        list: ListId,
        household: HouseholdId,
        step: &Value,
    ) -> Step<Saved> {
        let media = [ContactMedium::Phone, ContactMedium::Email];
        let marks = [ContactMark::Good, ContactMark::Wrong, ContactMark::Primary];
        let input = ContactInput {
            list,
            household,
            person: self.person(engine, list, household, step)?,
            medium: named(&media, text(step, "medium")?)?,
            mark: named(&marks, text(step, "mark")?)?,
            value: text(step, "value")?.to_owned(),
        };
        Ok(engine.record_contact(&input)?)
    }
}
