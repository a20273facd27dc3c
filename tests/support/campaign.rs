//! A small campaign on a backend in this process, and phones that join it.

use std::sync::Arc;

use axum::http::Method;
use canvass_cli::clock::SetClock;
use canvass_cli::local_server::{ADDRESS, LocalServer};
use canvass_cli::phone::Phone;
pub use canvass_cli::scenario::door;
use canvass_core::engine::{AnswerInput, Engine, SyncOutcome, SyncReport};
use canvass_core::geometry::Point;
use canvass_core::id::{HouseholdId, ListId, PersonId};
use canvass_core::street::{StreetMap, StreetPack, Way, WayKind};
use canvass_core::survey::AnswerValue;
use canvass_core::time::Timestamp;
use serde_json::{Value, json};

use crate::fixture;
use crate::temp::TempDir;

/// When a test's day begins: 2026-10-03 14:00 UTC.
pub const MORNING: Timestamp = Timestamp::from_seconds(1_791_036_000);

/// A campaign with the doors, people and script of the fixture `offline_day`.
pub struct TestCampaign {
    /// Holds everyone's files.
    pub folder: TempDir,
    /// The server's clock.
    pub clock: Arc<SetClock>,
    /// The backend.
    pub server: LocalServer,
    /// The campaign's path in the operator's API.
    pub path: String,
}

/// A phone that has joined.
pub struct TestPhone {
    /// The phone.
    pub phone: Phone,
    /// Its clock.
    pub clock: Arc<SetClock>,
}

impl TestCampaign {
    /// A backend with a campaign and nothing in it.
    ///
    /// # Panics
    /// When the backend refuses.
    #[must_use]
    pub fn empty(seed: u64) -> Self {
        let folder = TempDir::new();
        let clock = Arc::new(SetClock::at(MORNING));
        let server = LocalServer::start(&folder.path().join("server"), seed, clock.clone())
            .expect("the backend starts");
        let made = server
            .operator(Method::POST, "/v1/campaigns", &json!({ "name": "Test" }))
            .expect("a campaign");
        let path = format!("/v1/campaigns/{}", made["campaign"].as_str().expect("an id"));
        Self { folder, clock, server, path }
    }

    /// The campaign of the fixture, with one turf and one list over all doors.
    ///
    /// # Panics
    /// When the backend refuses.
    #[must_use]
    pub fn small(seed: u64) -> Self {
        let campaign = Self::empty(seed);
        campaign.import("doors", "doors", &read("doors.csv"));
        campaign.import("people", "people", &read("people.csv"));
        let script: Value = serde_json::from_slice(&read("script.json")).expect("JSON");
        campaign.post("/scripts", &script);
        campaign.post("/turfs", &json!({ "turfs": 1 }));
        campaign.post("/lists", &json!({ "turf": 1, "with_contacts": true }));
        campaign
    }

    /// An operator's POST below the campaign.
    ///
    /// # Panics
    /// When the backend refuses.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let path = format!("{}{path}", self.path);
        self.server.operator(Method::POST, &path, body).expect("the backend agrees")
    }

    /// An operator's GET below the campaign.
    ///
    /// # Panics
    /// When the backend refuses.
    pub fn get(&self, path: &str) -> Value {
        let path = format!("{}{path}", self.path);
        self.server.operator(Method::GET, &path, &Value::Null).expect("the backend agrees")
    }

    /// The ids of the changes that the campaign exports, as often as they stand there.
    ///
    /// # Panics
    /// When the export fails.
    #[must_use]
    pub fn exported(&self) -> Vec<String> {
        let path = format!("{}/export/csv", self.path);
        let (status, file) = self.server.operator_bytes(Method::GET, &path, Vec::new());
        assert_eq!(status, 200);
        let file = String::from_utf8(file).expect("text");
        let ids = file.lines().skip(1).filter_map(|line| line.split(',').next());
        ids.map(str::to_owned).collect()
    }

    /// How many fields the campaign knows people to disagree on.
    #[must_use]
    pub fn conflicts(&self) -> usize {
        self.get("/conflicts")["conflicts"].as_array().map_or(0, Vec::len)
    }

    /// Imports a file; the status and the answer.
    pub fn try_import(&self, kind: &str, profile: &str, csv: &[u8]) -> (u16, Value) {
        let path = format!("{}/imports?kind={kind}&profile={profile}", self.path);
        let (status, body) = self.server.operator_bytes(Method::POST, &path, csv.to_vec());
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Imports a file.
    ///
    /// # Panics
    /// When the backend refuses.
    pub fn import(&self, kind: &str, profile: &str, csv: &[u8]) -> Value {
        let (status, body) = self.try_import(kind, profile, csv);
        assert_eq!(status, 200, "{body}");
        body
    }

    /// A phone that has joined with these lists, and has not synced.
    ///
    /// # Panics
    /// When the backend refuses, or the phone.
    #[must_use]
    pub fn invite(&self, name: &str, lists: &[u32]) -> TestPhone {
        let order = json!({ "canvasser": name, "lists": lists });
        let made = self.post("/invitations", &order);
        let clock = Arc::new(SetClock::at(self.clock_now()));
        let directory = self.folder.path().join(name);
        let phone = Phone::seeded(&directory, 1, name, clock.clone()).expect("a phone");
        let path = made["path"].as_str().expect("a path");
        phone.engine().join(&format!("{ADDRESS}{path}")).expect("an invitation");
        TestPhone { phone, clock }
    }

    /// A phone that has joined with the first list and holds it.
    ///
    /// # Panics
    /// When it cannot.
    #[must_use]
    pub fn joined(&self, name: &str) -> TestPhone {
        let phone = self.invite(name, &[1]);
        assert_eq!(phone.sync(self).outcome, SyncOutcome::Complete);
        phone
    }

    /// All sync until they have heard of each other, and hold the same as the campaign.
    ///
    /// # Panics
    /// When a sync does not end well, or a digest differs.
    pub fn assert_all_agree(&self, phones: &[&TestPhone]) {
        for _ in 0..2 {
            for phone in phones {
                let report = phone.sync(self);
                assert_eq!((report.outcome, report.repaired), (SyncOutcome::Complete, 0));
            }
        }
        let digest = self.get("/lists/1/digest")["digest"].clone();
        for phone in phones {
            let own = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
            assert_eq!(digest, json!(own));
        }
    }

    fn clock_now(&self) -> Timestamp {
        use canvass_core::ports::Clock;
        self.clock.wall()
    }
}

/// A pack of one street, 400 m to the north from this latitude, at the doors of the fixture
/// `offline_day` if it begins at 44.2.
///
/// # Panics
/// Never: it has a street.
#[must_use]
pub fn street_pack(lat: f64) -> Vec<u8> {
    let at = |north: f64| Point::new(lat + north, -73.4).expect("a position");
    let points = vec![0, 1];
    let way = Way { points, kind: WayKind::Residential, name: None, numbers: None };
    let map = StreetMap {
        points: vec![at(0.0), at(0.0036)],
        ways: vec![way],
        barriers: Vec::new(),
        attribution: format!("City of {lat}"),
    };
    StreetPack::build(&map).expect("a street")
}

/// A file of the fixture `offline_day`.
///
/// # Panics
/// When it is not there.
#[must_use]
pub fn read(name: &str) -> Vec<u8> {
    std::fs::read(fixture("offline_day").join(name)).expect("a fixture")
}

impl TestPhone {
    /// The engine.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        self.phone.engine()
    }

    /// Syncs to the end.
    ///
    /// # Panics
    /// When the engine fails.
    pub fn sync(&self, campaign: &TestCampaign) -> SyncReport {
        self.phone.sync(|request| Some(campaign.server.phone(request))).expect("the engine syncs")
    }

    /// The list that it holds.
    ///
    /// # Panics
    /// When it holds none.
    #[must_use]
    pub fn list(&self) -> ListId {
        self.engine().walk_lists().expect("lists").first().expect("one list").list
    }

    /// The household at `house_number street unit`.
    ///
    /// # Panics
    /// When the list has no such door to walk to.
    #[must_use]
    pub fn door(&self, address: &str) -> HouseholdId {
        door(self.engine(), self.list(), address).expect("a door of the list")
    }

    /// Records what the first person of a household says of their support; an option's name.
    ///
    /// # Panics
    /// When the engine refuses.
    pub fn say(&self, household: HouseholdId, option: &str) {
        let input = AnswerInput {
            list: self.list(),
            household,
            person: self.person(household, 0),
            question: "support".to_owned(),
            value: Some(AnswerValue::Choice { option: option.to_owned() }),
            attempt: None,
            script: None,
        };
        self.engine().record_answer(&input).expect("an answer");
    }

    /// A person of a household, by their place in it.
    ///
    /// # Panics
    /// When there is nobody at that place.
    #[must_use]
    pub fn person(&self, household: HouseholdId, place: usize) -> PersonId {
        let view = self.engine().household(self.list(), household).expect("a household");
        view.people[place].person
    }
}
