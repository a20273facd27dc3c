//! A campaign with a generated town on a backend in this process, and phones that join it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::http::Method;
use canvass_cli::clock::SetClock;
use canvass_cli::cpu::CpuClock;
use canvass_cli::local_server::{ADDRESS, LocalServer};
use canvass_cli::phone::Phone;
use canvass_cli::town::Town;
use canvass_core::engine::{SyncInput, SyncOutcome, SyncRequest, SyncStep};
use canvass_core::sync::Reply;
use canvass_core::time::Timestamp;
use serde_json::{Value, json};

use crate::Failure;

/// Doors of the town, which all stand in the one list.
const DOORS: u32 = 2_000;

/// What one sync moved, and what it took.
#[derive(Default)]
pub(crate) struct Moved {
    /// Requests of any kind.
    pub(crate) requests: u32,
    /// Pushes among them.
    pub(crate) pushes: u32,
    /// Bytes of the pushes.
    pub(crate) push_bytes: usize,
    /// Bytes of all answers.
    pub(crate) reply_bytes: usize,
    /// CPU of the phone itself.
    pub(crate) phone_ms: f64,
    /// Waits that the phone asked for, until now.
    pub(crate) waited_ms: u64,
}

/// A campaign, and the clock that all of it goes by.
pub(crate) struct Campaign {
    server: LocalServer,
    path: String,
    /// People in the town's file.
    pub(crate) people: usize,
    /// Its clock, and its phones'.
    pub(crate) clock: Arc<SetClock>,
}

/// When the day begins: 2026-10-03 14:00 UTC.
const MORNING: Timestamp = Timestamp::from_seconds(1_791_036_000);

impl Campaign {
    /// A campaign with everyone of the town, and one list over all doors.
    pub(crate) fn new(folder: &Path) -> Result<Self, Failure> {
        let files = folder.join("town");
        fs::create_dir_all(&files)?;
        let town = Town::generate(1, DOORS);
        town.write_files(&files)?;
        let clock = Arc::new(SetClock::at(MORNING));
        let server = LocalServer::start(&folder.join("server"), 1, clock.clone())?;
        let made = server.operator(Method::POST, "/v1/campaigns", &json!({ "name": "Bench" }))?;
        let path = format!("/v1/campaigns/{}", text(&made, "campaign")?);
        let campaign = Self { server, path, people: town.summary().people, clock };
        for kind in ["doors", "people"] {
            let file = fs::read(files.join(format!("{kind}.csv")))?;
            let path = format!("{}/imports?kind={kind}&profile={kind}", campaign.path);
            let (status, _) = campaign.server.operator_bytes(Method::POST, &path, file);
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
        Ok(self.server.operator(Method::POST, &path, body)?)
    }

    /// A phone that has joined, and holds nothing yet.
    pub(crate) fn phone(&self, directory: &Path, canvasser: &str) -> Result<Phone, Failure> {
        let order = json!({ "canvasser": canvasser, "lists": [1] });
        let invitation = self.post("/invitations", &order)?;
        let phone = Phone::system(directory, self.clock.clone())?;
        phone.engine().join(&format!("{ADDRESS}{}", text(&invitation, "path")?))?;
        Ok(phone)
    }

    /// One sync to its end.
    pub(crate) fn sync(&self, phone: &Phone) -> Result<Moved, Failure> {
        self.sync_over(phone, |_| {})
    }

    /// One sync to its end; `carried` is told the bytes of each request and its answer.
    pub(crate) fn sync_over(
        &self,
        phone: &Phone,
        carried: impl Fn(usize),
    ) -> Result<Moved, Failure> {
        let mut moved = Moved::default();
        let mut input = SyncInput::Begin { now: true };
        loop {
            let clock = CpuClock::start();
            let step = phone.engine().sync_next(input)?;
            moved.phone_ms += clock.millis();
            input = match step {
                SyncStep::Send { request } => {
                    let reply = self.answered(&request, &mut moved);
                    carried(request.body.len() + reply.body.len());
                    let Reply { status, retry_after_s, body } = reply;
                    SyncInput::Reply { status, retry_after_s, body }
                }
                SyncStep::Wait { wait_ms } => {
                    moved.waited_ms += wait_ms;
                    SyncInput::Waited
                }
                SyncStep::Done { report } if report.outcome == SyncOutcome::Complete => {
                    return Ok(moved);
                }
                SyncStep::Done { report } => {
                    return Err(format!("a sync ended as {:?}", report.outcome).into());
                }
            };
        }
    }

    fn answered(&self, request: &SyncRequest, moved: &mut Moved) -> Reply {
        moved.requests += 1;
        if request.url.ends_with("/push") {
            moved.pushes += 1;
            moved.push_bytes += request.body.len();
        }
        let reply = self.server.phone(request);
        moved.reply_bytes += reply.body.len();
        reply
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
