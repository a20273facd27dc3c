//! The campaign's side: the backend in this process, and what an organiser does there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::Method;
use canvass_core::engine::SyncRequest;
use canvass_core::id::{CampaignId, ChangeId, DeviceId, HouseholdId, ListId, PersonId};
use canvass_core::ports::Clock;
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PushReply};
use canvass_core::time::Timestamp;
use serde_json::{Value, json};

use crate::clock::SetClock;
use crate::commands::recover::{Args, recovered};
use crate::local_server::{LocalServer, Refused};
use crate::simulate::Trouble;
use crate::simulate::chance::Chance;
use crate::simulate::talk::HELP;
use crate::simulate::truth::{Field, Noted, Seen, Subject, Truth, Vantage};

/// When the first day begins: 2026-10-03 14:00 UTC.
pub(super) const MORNING: Timestamp = Timestamp::from_seconds(1_791_036_000);
const STREETS: [&str; 6] =
    ["Willow St", "Heron Ave", "Cedar Ln", "Lake Rd", "Orchard Way", "Mill St"];
const DOORS_PER_STREET: usize = 10;
const TURFS: u32 = 3;
const GIVEN: [&str; 8] =
    ["Briar", "Clover", "Daisy", "Eglantine", "Flax", "Gentian", "Heather", "Iris"];
const FAMILY: [&str; 8] =
    ["Nuthatch", "Quail", "Tern", "Merlin", "Plover", "Siskin", "Linnet", "Osprey"];
const SOURCE: &str = "people";

/// A person of the file, and the number it last gave for them.
struct FilePerson {
    id: PersonId,
    household: HouseholdId,
    door: usize,
    phone: String,
    /// The number of the file that gave it.
    file: u64,
}

/// The backend and what its organiser knows.
pub(super) struct Campaign {
    pub(super) clock: Arc<SetClock>,
    /// What the server has of every author.
    pub(super) marks: Vantage,
    /// Requests that went astray and may arrive yet, or once more.
    pub(super) astray: Vec<SyncRequest>,
    pub(super) scripts: u32,
    /// The numbers of the lists that are given out.
    pub(super) lists: Vec<u32>,
    pub(super) has_withdrawn: bool,
    turfs: BTreeMap<u32, u32>,
    id: CampaignId,
    directory: PathBuf,
    seed: u64,
    starts: u64,
    server: Option<LocalServer>,
    path: String,
    people: Vec<FilePerson>,
    files: u64,
}

impl Campaign {
    pub(super) fn start(folder: &Path, seed: u64, truth: &mut Truth) -> Result<Self, Trouble> {
        let clock = Arc::new(SetClock::at(MORNING));
        let directory = folder.join("server");
        let server = LocalServer::start(&directory, seed, clock.clone())?;
        let made = server.operator(Method::POST, "/v1/campaigns", &json!({ "name": "Test" }))?;
        let text = made["campaign"].as_str().unwrap_or_default().to_owned();
        let id = text.parse().map_err(|_| Trouble::Campaign)?;
        let mut this = Self {
            clock,
            marks: Vantage::default(),
            astray: Vec::new(),
            scripts: 0,
            lists: Vec::new(),
            has_withdrawn: false,
            turfs: BTreeMap::new(),
            id,
            directory,
            seed,
            starts: 1,
            server: Some(server),
            path: format!("/v1/campaigns/{text}"),
            people: Vec::new(),
            files: 0,
        };
        this.fill(truth)?;
        Ok(this)
    }

    fn fill(&mut self, truth: &mut Truth) -> Result<(), Trouble> {
        self.import("doors", "doors", &doors_file())?;
        for door in 0..STREETS.len() * DOORS_PER_STREET {
            for _ in 0..=door % 3 {
                let n = self.people.len();
                self.people.push(FilePerson {
                    id: PersonId::of_row(self.id, SOURCE, &format!("p{n}")),
                    household: HouseholdId::of_row(self.id, "doors", &format!("d{door}")),
                    door,
                    phone: format!("+1802555{n:04}"),
                    file: 0,
                });
            }
        }
        self.import_people(truth, (0..self.people.len()).collect())?;
        self.new_script()?;
        self.post("/turfs", &json!({ "turfs": TURFS }))?;
        (1..=TURFS).try_for_each(|turf| self.new_list(turf))
    }

    fn new_list(&mut self, turf: u32) -> Result<(), Trouble> {
        let made = self.post("/lists", &json!({ "turf": turf, "with_contacts": true }))?;
        let number = made["number"].as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.ok_or(Trouble::Campaign)?;
        self.lists.push(number);
        self.turfs.insert(number, turf);
        Ok(())
    }

    /// Withdraws the last list; a new one of the same turf takes its place.
    pub(super) fn withdraw_last(&mut self) -> Result<(), Trouble> {
        let Some(last) = self.lists.pop() else { return Ok(()) };
        self.has_withdrawn = true;
        self.post(&format!("/lists/{last}/withdraw"), &Value::Null)?;
        let turf = *self.turfs.get(&last).ok_or(Trouble::Campaign)?;
        self.new_list(turf)
    }

    /// Cuts a list anew, of the same turf: phones that have not heard go on with the old one.
    pub(super) fn cut_anew(&self, list: u32) -> Result<(), Trouble> {
        let turf = self.turfs.get(&list).ok_or(Trouble::Campaign)?;
        self.post(&format!("/lists/{list}/recut"), &json!({ "turf": turf })).map(drop)
    }

    /// Gives a list to a device, or takes it back.
    pub(super) fn give(&self, list: u32, device: DeviceId, gives: bool) -> Result<(), Trouble> {
        let what = if gives { "" } else { "/take" };
        match self.post(&format!("/lists/{list}/devices/{device}{what}"), &Value::Null) {
            // It was never given.
            Err(Trouble::Refused(Refused { status: 404, .. })) if !gives => Ok(()),
            done => done.map(drop),
        }
    }

    /// Forgets what was said of a household.
    pub(super) fn erase(&self, truth: &mut Truth, chance: &mut Chance) -> Result<(), Trouble> {
        let Some(person) = chance.one_of(&self.people) else { return Ok(()) };
        truth.erase(person.household);
        let order = json!({ "household": person.household.to_string(), "person": null });
        self.post("/erasures", &order).map(drop)
    }

    /// Orders something about a device: `erase` or `revoke`.
    pub(super) fn order(&self, device: DeviceId, what: &str) -> Result<(), Trouble> {
        self.post(&format!("/devices/{device}/{what}"), &Value::Null).map(drop)
    }

    /// The id of the list with this number.
    pub(super) fn list_id(&self, number: u32) -> ListId {
        ListId::derive(&[&self.id.to_bytes(), &number.to_be_bytes()])
    }

    /// Takes in the sealed copy of a phone that is gone, as an organiser does: the backend is
    /// stopped meanwhile.
    pub(super) fn recover(&mut self, seal: &Path) -> Result<(), Trouble> {
        let told = self.get("/opening-key")?;
        let key = self.directory.with_extension("opening");
        std::fs::write(&key, told["opening_key"].as_str().unwrap_or_default())?;
        self.server = None;
        let (seal, data) = (seal.to_owned(), self.directory.clone());
        let taken = recovered(&Args { seal, key, data }, self.now());
        self.restart()?;
        let taken = taken.map_err(|failure| Trouble::Recover(format!("{failure:?}")))?;
        if taken.refused > 0 {
            return Err(Trouble::Recover(format!("{} refused", taken.refused)));
        }
        Ok(())
    }

    fn server(&self) -> Result<&LocalServer, Trouble> {
        self.server.as_ref().ok_or(Trouble::Campaign)
    }

    /// An operator's POST below the campaign.
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, Trouble> {
        let path = format!("{}{path}", self.path);
        Ok(self.server()?.operator(Method::POST, &path, body)?)
    }

    /// An operator's GET below the campaign.
    pub(super) fn get(&self, path: &str) -> Result<Value, Trouble> {
        let path = format!("{}{path}", self.path);
        Ok(self.server()?.operator(Method::GET, &path, &Value::Null)?)
    }

    /// The campaign's record.
    pub(super) fn export(&self) -> Result<Vec<u8>, Trouble> {
        let path = format!("{}/export/csv", self.path);
        match self.server()?.operator_bytes(Method::GET, &path, Vec::new()) {
            (200, file) => Ok(file),
            _ => Err(Trouble::Campaign),
        }
    }

    fn import(&self, kind: &str, source: &str, csv: &str) -> Result<(), Trouble> {
        let path = format!("{}/imports?kind={kind}&profile={kind}&source={source}", self.path);
        match self.server()?.operator_bytes(Method::POST, &path, csv.as_bytes().to_vec()) {
            (200, _) => Ok(()),
            _ => Err(Trouble::Campaign),
        }
    }

    /// A file of all people, in which the numbers of these are new. A field that a file alters
    /// is a change by the file, which has seen the file before it and nobody's work.
    fn import_people(&mut self, truth: &mut Truth, altered: Vec<usize>) -> Result<(), Trouble> {
        self.files += 1;
        let id = ChangeId::import(self.id, SOURCE, self.files);
        let mut writes = Vec::new();
        for at in altered {
            let person = &mut self.people[at];
            let mut seen = Seen::default();
            if person.file > 0 {
                person.phone = format!("+1802556{:04}", (at as u64 * 7 + self.files) % 10_000);
                seen.see(ChangeId { seq: person.file, ..id });
            }
            person.file = self.files;
            let FilePerson { id: person, household, phone, .. } = &*person;
            let (household, person) = (*household, *person);
            let field = Field { household, person, subject: Subject::Phone };
            writes.push(Noted { seen, ..Noted::sure(id, Some((field, phone.clone()))) });
        }
        self.import("people", SOURCE, &people_file(&self.people))?;
        self.marks.see(id);
        truth.note_file(writes);
        Ok(())
    }

    /// A later file comes.
    pub(super) fn later_file(
        &mut self,
        truth: &mut Truth,
        chance: &mut Chance,
    ) -> Result<(), Trouble> {
        let count = 1 + chance.place(4);
        let altered: BTreeSet<usize> =
            (0..count).map(|_| chance.place(self.people.len())).collect();
        self.import_people(truth, altered.into_iter().collect())
    }

    /// A new version of the script.
    pub(super) fn new_script(&mut self) -> Result<(), Trouble> {
        let options: Vec<Value> = (1..=5)
            .map(|n| json!({ "name": n.to_string(), "label": { "en": n.to_string() } }))
            .collect();
        let script = json!({
            "name": "porch", "version": format!("v{}", self.scripts + 1), "languages": ["en"],
            "elements": [
                { "question": { "name": "support", "label": { "en": "Support?" },
                  "kind": { "single": { "options": options } } } },
                { "question": { "name": "comment", "label": { "en": "More?" },
                  "kind": { "text": { "max_length": 200 } } } },
                { "question": { "name": HELP, "label": { "en": "What would you do?" },
                  "kind": { "text": { "max_length": 200 } },
                  "relevant": "${support} = '1' or ${support} = '2'" } },
            ],
        });
        self.post("/scripts", &script)?;
        self.scripts += 1;
        Ok(())
    }

    /// An invitation for lists, as a link.
    pub(super) fn invite(&self, name: &str, lists: &[u32]) -> Result<String, Trouble> {
        let order = json!({ "canvasser": name, "lists": lists, "ttl_s": 7 * 86_400 });
        let made = self.post("/invitations", &order)?;
        let path = made["path"].as_str().ok_or(Trouble::Campaign)?;
        Ok(format!("{}{path}", crate::local_server::ADDRESS))
    }

    /// Settles one of the open conflicts; whether there was one.
    pub(super) fn settle_one(
        &mut self,
        truth: &mut Truth,
        chance: &mut Chance,
    ) -> Result<bool, Trouble> {
        let listed = self.get("/conflicts")?;
        let all = listed["conflicts"].as_array().map_or(&[][..], Vec::as_slice);
        let Some(conflict) = chance.one_of(all) else { return Ok(false) };
        let candidates = conflict["candidates"].as_array().map_or(&[][..], Vec::as_slice);
        let Some(chosen) = chance.one_of(candidates) else { return Ok(false) };
        let id = conflict["conflict"].as_str().unwrap_or_default();
        let made =
            self.post(&format!("/conflicts/{id}"), &json!({ "chosen": chosen["change"] }))?;
        let (change, chosen) = (change_of(&made["change"])?, change_of(&chosen["change"])?);
        let heads = candidates.iter().filter_map(|head| change_of(&head["change"]).ok());
        let field = truth.written(chosen, heads);
        let seen = Seen { sure: self.marks.clone(), perhaps: self.marks.clone() };
        self.marks.see(change);
        let attempt = truth.attempt_of(chosen);
        truth.note(Noted { seen, attempt, ..Noted::sure(change, field) });
        Ok(true)
    }

    /// Lets a request reach the server, and notes what it has then.
    pub(super) fn serve(&mut self, request: &SyncRequest) -> Result<Reply, Trouble> {
        let reply = self.server()?.phone(request);
        if request.url.ends_with("/v1/push") || request.url.ends_with("/v1/drop") {
            let told = wire::decoded::<PushReply>(&reply.body).filter(|_| reply.status == 200);
            for mark in told.iter().flat_map(|told| &told.marks) {
                let device = DeviceId::from_bytes(*mark.device);
                self.marks.see(ChangeId { device, incarnation: mark.incarnation, seq: mark.seq });
            }
        }
        Ok(reply)
    }

    /// The server is started anew.
    pub(super) fn restart(&mut self) -> Result<(), Trouble> {
        self.server = None;
        self.starts += 1;
        // Another stream of chance: what it drew before must not come again.
        let seed = self.seed.wrapping_add(self.starts << 32);
        self.server = Some(LocalServer::start(&self.directory, seed, self.clock.clone())?);
        Ok(())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.wall()
    }
}

pub(super) fn change_of(value: &Value) -> Result<ChangeId, Trouble> {
    value.as_str().and_then(|id| id.parse().ok()).ok_or(Trouble::Campaign)
}

fn doors_file() -> String {
    let mut csv = "door_id,house_number,street,unit,town,zip,lat,lon\n".to_owned();
    for (row, street) in STREETS.iter().enumerate() {
        for n in 0..DOORS_PER_STREET {
            let door = row * DOORS_PER_STREET + n;
            // The last doors of a street are one house with several homes.
            let is_block = n >= DOORS_PER_STREET - 4;
            let house = if is_block { 90 } else { 2 + 4 * n };
            let unit = if is_block { format!("{n}A") } else { String::new() };
            let at = if is_block { DOORS_PER_STREET } else { n };
            let (lat, lon) = (44.2 + at as f64 * 2e-4, -73.4 + row as f64 * 8e-4);
            let _infallible =
                writeln!(csv, "d{door},{house},{street},{unit},Lakewater,00000,{lat:.6},{lon:.6}");
        }
    }
    csv
}

fn people_file(people: &[FilePerson]) -> String {
    let mut csv = "person_id,door_id,given_name,family_name,birth_year,party,phone,email,language,\
                   voted,deceased,exempt,do_not_contact\n"
        .to_owned();
    for (n, person) in people.iter().enumerate() {
        let (given, family) = (GIVEN[n % GIVEN.len()], FAMILY[n / 3 % FAMILY.len()]);
        let year = 1940 + n * 7 % 60;
        let _infallible = writeln!(
            csv,
            "p{n},d{},{given},{family},{year},,{},,en,,,,",
            person.door, person.phone
        );
    }
    csv
}
