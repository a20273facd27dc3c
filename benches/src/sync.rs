//! What sync costs: bytes of a shift on the wire, of a list that is given out, and the time to
//! take in what others did.

use std::fs;
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::cpu::CpuClock;
use canvass_cli::local_server::{ADDRESS, LocalServer};
use canvass_cli::phone::Phone;
use canvass_cli::town::Town;
use canvass_core::engine::{AnswerInput, AttemptInput, SyncInput, SyncOutcome, SyncStep};
use canvass_core::survey::AnswerValue;
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::figures::Figures;
use crate::{Failure, scratch};

const DOORS: u32 = 2_000;
/// A shift: doors, of which each gets an attempt; answers, and notes at some.
const SHIFT_DOORS: usize = 60;
const SHIFT_ANSWERS: usize = 240;
const SHIFT_NOTES: usize = 10;
/// Changes of others that a phone takes in at once.
const DELTA: usize = 10_000;

/// What one sync moved, and what the phone itself needed for it.
#[derive(Default)]
struct Moved {
    pushes: u32,
    push_bytes: usize,
    reply_bytes: usize,
    phone_ms: f64,
}

struct Campaign {
    server: LocalServer,
    path: String,
    clock: Arc<SetClock>,
}

/// When the day begins: 2026-10-03 14:00 UTC.
const MORNING: Timestamp = Timestamp::from_seconds(1_791_036_000);

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let folder = scratch::folder("sync")?;
    let campaign = Campaign::new(&folder)?;
    let walker = campaign.phone(&folder.join("walker"), "Ash")?;
    let snapshot = campaign.sync(&walker)?;
    let list = walker.engine().walk_lists()?[0].list;
    figures.tell("doors in the list", f64::from(walker.engine().progress(list)?.doors), "");
    figures.at_most("a list as it is given out", kibibytes(snapshot.reply_bytes), 300.0, "KiB");
    figures.tell("taking it in, CPU of the phone", snapshot.phone_ms, "ms");
    let watcher = campaign.phone(&folder.join("watcher"), "Birch")?;
    campaign.sync(&watcher)?;

    let mut chance = Chance::of(7);
    shift(&campaign, &walker, &mut chance)?;
    let pushed = campaign.sync(&walker)?;
    figures.at_most("a shift of 60 doors, pushed", kibibytes(pushed.push_bytes), 3.0, "KiB");
    figures.at_most("requests for it", f64::from(pushed.pushes), 3.0, "");
    campaign.sync(&watcher)?;

    others(&campaign, &walker, &mut chance)?;
    campaign.sync(&walker)?;
    let taken = campaign.sync(&watcher)?;
    figures.at_most("taking in 10,000 changes of others, CPU", taken.phone_ms, 300.0, "ms");
    figures.tell("their bytes", kibibytes(taken.reply_bytes), "KiB");
    Ok(())
}

fn kibibytes(bytes: usize) -> f64 {
    bytes as f64 / 1_024.0
}

impl Campaign {
    fn new(folder: &std::path::Path) -> Result<Self, Failure> {
        let files = folder.join("town");
        fs::create_dir_all(&files)?;
        Town::generate(1, DOORS).write_files(&files)?;
        let clock = Arc::new(SetClock::at(MORNING));
        let server = LocalServer::start(&folder.join("server"), 1, clock.clone())?;
        let made = server.operator(
            axum::http::Method::POST,
            "/v1/campaigns",
            &json!({ "name": "Bench" }),
        )?;
        let path = format!("/v1/campaigns/{}", text(&made, "campaign")?);
        let campaign = Self { server, path, clock };
        for kind in ["doors", "people"] {
            let file = fs::read(files.join(format!("{kind}.csv")))?;
            let path = format!("{}/imports?kind={kind}&profile={kind}", campaign.path);
            let (status, _) = campaign.server.operator_bytes(axum::http::Method::POST, &path, file);
            if status != 200 {
                return Err(format!("the import of {kind} was answered {status}").into());
            }
        }
        campaign.post("/scripts", &script())?;
        campaign.post("/turfs", &json!({ "turfs": 1 }))?;
        campaign.post("/lists", &json!({ "turf": 1 }))?;
        Ok(campaign)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let path = format!("{}{path}", self.path);
        Ok(self.server.operator(axum::http::Method::POST, &path, body)?)
    }

    fn phone(&self, directory: &std::path::Path, canvasser: &str) -> Result<Phone, Failure> {
        let order = json!({ "canvasser": canvasser, "lists": [1] });
        let invitation = self.post("/invitations", &order)?;
        let phone = Phone::system(directory, self.clock.clone())?;
        phone.engine().join(&format!("{ADDRESS}{}", text(&invitation, "path")?))?;
        Ok(phone)
    }

    fn sync(&self, phone: &Phone) -> Result<Moved, Failure> {
        let mut moved = Moved::default();
        let mut input = SyncInput::Begin { now: true };
        loop {
            let clock = CpuClock::start();
            let step = phone.engine().sync_next(input)?;
            moved.phone_ms += clock.millis();
            input = match step {
                SyncStep::Send { request } => {
                    if request.url.ends_with("/push") {
                        moved.pushes += 1;
                        moved.push_bytes += request.body.len();
                    }
                    let reply = self.server.phone(&request);
                    moved.reply_bytes += reply.body.len();
                    SyncInput::Reply {
                        status: reply.status,
                        retry_after_s: reply.retry_after_s,
                        body: reply.body,
                    }
                }
                SyncStep::Wait { .. } => SyncInput::Waited,
                SyncStep::Done { report } if report.outcome == SyncOutcome::Complete => {
                    return Ok(moved);
                }
                SyncStep::Done { report } => {
                    return Err(format!("a sync ended as {:?}", report.outcome).into());
                }
            };
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> Result<&'a str, Failure> {
    value[field].as_str().ok_or_else(|| format!("no {field} in the answer").into())
}

/// Four questions, as most shifts ask.
fn script() -> Value {
    let options: Vec<Value> = (1..=5)
        .map(|n| json!({ "name": n.to_string(), "label": { "en": format!("Option {n}") } }))
        .collect();
    let questions: Vec<Value> = (1..=4)
        .map(|n| {
            json!({ "question": {
                "name": format!("q{n}"), "label": { "en": format!("Question {n}?") },
                "kind": { "single": { "options": options } },
            }})
        })
        .collect();
    json!({ "name": "shift", "version": "1", "languages": ["en"], "elements": questions })
}

/// An evening's work: attempts, four answers each, a note now and then.
fn shift(campaign: &Campaign, phone: &Phone, chance: &mut Chance) -> Result<(), Failure> {
    let engine = phone.engine();
    let list = engine.walk_lists()?[0].list;
    let doors = engine.doors(list, None, 500)?.doors;
    let (mut visited, mut answers, mut notes) = (0, 0, 0);
    for door in &doors {
        if visited == SHIFT_DOORS {
            break;
        }
        let view = engine.household(list, door.household)?;
        let Some(person) = view.people.first() else { continue };
        let input = AttemptInput::at_door(list, door.household, None);
        let attempt = engine.record_attempt(&input)?.change;
        for question in 1..=SHIFT_ANSWERS / SHIFT_DOORS {
            let option = (1 + chance.below(5)).to_string();
            pause(campaign, chance, 40);
            engine.record_answer(&AnswerInput {
                list,
                household: door.household,
                person: person.person,
                question: format!("q{question}"),
                value: Some(AnswerValue::Choice { option }),
                attempt: Some(attempt),
            })?;
            answers += 1;
        }
        if visited % (SHIFT_DOORS / SHIFT_NOTES) == 0 {
            let note = NOTES[notes % NOTES.len()];
            engine.record_note(list, door.household, note)?;
            notes += 1;
        }
        visited += 1;
        pause(campaign, chance, 300);
    }
    let made = (visited, answers, notes);
    let whole = (SHIFT_DOORS, SHIFT_ANSWERS, SHIFT_NOTES);
    if made == whole { Ok(()) } else { Err(format!("{made:?} of {whole:?} recorded").into()) }
}

/// What canvassers write.
const NOTES: [&str; 5] = [
    "Side door; the dog is friendly.",
    "Wants a call after six.",
    "Asked about the bus line to the hospital.",
    "New family upstairs, moved in last week.",
    "Has a sign from last time and would take another.",
];

/// Up to so many seconds pass.
fn pause(campaign: &Campaign, chance: &mut Chance, seconds: u64) {
    let seconds = i64::try_from(chance.below(seconds)).unwrap_or_default();
    campaign.clock.advance_ms(seconds * 1_000);
}

/// Many knocks all over the list.
fn others(campaign: &Campaign, phone: &Phone, chance: &mut Chance) -> Result<(), Failure> {
    let engine = phone.engine();
    let list = engine.walk_lists()?[0].list;
    let mut households = Vec::new();
    let mut from = None;
    loop {
        let page = engine.doors(list, from.as_deref(), 500)?;
        households.extend(page.doors.iter().map(|door| door.household));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    let results = [
        CanvassResult::NotHome,
        CanvassResult::NotHome,
        CanvassResult::Refused,
        CanvassResult::LeftLiterature,
        CanvassResult::Inaccessible,
    ];
    for household in households.iter().cycle().take(DELTA) {
        pause(campaign, chance, 60);
        let door = results.get(usize::try_from(chance.below(5))?).copied();
        let input = AttemptInput::at_door(list, *household, door);
        engine.record_attempt(&input)?;
    }
    Ok(())
}
