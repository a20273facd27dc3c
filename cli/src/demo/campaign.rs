//! The morning: addresses and people in, a script, turfs, lists, invitations.

use std::cell::Cell;
use std::sync::Arc;

use axum::http::Method;
use canvass_core::geometry::Point;
use canvass_core::id::CampaignId;
use canvass_core::street::StreetPack;
use serde_json::{Value, json};

use crate::clock::SetClock;
use crate::demo::walk::Canvasser;
use crate::demo::{DayError, DayPlan, MORNING, phone_directory};
use crate::doors_file::all_doors;
use crate::local_server::{ADDRESS, LocalServer, Refused};
use crate::output::Failure;
use crate::phone::Phone;
use crate::town::{SCRIPT_JSON, Town, TownPerson, people_for, write_people};

/// Doors of one turf: about what a good shift covers.
const DOORS_PER_TURF: u32 = 75;
/// Doors of the generated town.
const TOWN_DOORS: u32 = 1_500;

/// Canvassers' names, as many as there are phones; numbered from there on.
const NAMES: [&str; 8] = ["Ash", "Birch", "Cedar", "Dogwood", "Elder", "Fern", "Gorse", "Hazel"];

/// The campaign of the day.
pub(super) struct Campaign {
    pub(super) id: CampaignId,
    pub(super) name: String,
    pub(super) place: String,
    /// The streets that ride with the lists, if they are known.
    pub(super) pack: Option<StreetPack>,
    pub(super) water: Vec<Vec<Point>>,
    pub(super) doors: u64,
    pub(super) people: u64,
    pub(super) turfs: Vec<Value>,
    /// The lists that are handed out, as the backend described them.
    pub(super) lists: Vec<Value>,
}

/// What a day is played on.
struct Ground {
    doors_csv: Vec<u8>,
    profile: Option<String>,
    people: Vec<TownPerson>,
    place: String,
    pack: Option<Vec<u8>>,
    water: Vec<Vec<Point>>,
}

impl Campaign {
    pub(super) fn set_up(plan: &DayPlan, server: &LocalServer) -> Result<Self, DayError> {
        let ground = ground(plan)?;
        let name = format!("A day in {}", ground.place);
        let made = server.operator(Method::POST, "/v1/campaigns", &json!({ "name": name }))?;
        let id: CampaignId = serde_json::from_value(made["campaign"].clone())
            .map_err(|_| DayError::Answer("campaign"))?;
        let path = format!("/v1/campaigns/{id}");
        let profile = ground.profile.as_deref().map(|p| format!("&profile={p}"));
        let doors_path = format!("{path}/imports?kind=doors{}", profile.unwrap_or_default());
        let doors = import(server, &doors_path, ground.doors_csv)?;
        let mut people_csv = Vec::new();
        write_people(&ground.people, &mut people_csv)?;
        let people = import(server, &format!("{path}/imports?kind=people"), people_csv)?;
        let script: Value =
            serde_json::from_str(SCRIPT_JSON).map_err(|_| DayError::Answer("a script"))?;
        server.operator(Method::POST, &format!("{path}/scripts"), &script)?;
        if let Some(pack) = &ground.pack {
            let path = format!("{path}/streets");
            let (status, body) = server.operator_bytes(Method::POST, &path, pack.clone());
            if status != 200 {
                let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
                return Err(Refused { status, body }.into());
            }
        }
        let mut campaign = Self {
            id,
            name,
            place: ground.place,
            pack: ground.pack.and_then(|pack| StreetPack::open(Arc::from(pack)).ok()),
            water: ground.water,
            doors: count(&doors, "doors")?,
            people: count(&people, "people")?,
            turfs: Vec::new(),
            lists: Vec::new(),
        };
        campaign.cut(plan, server)?;
        Ok(campaign)
    }

    pub(super) fn path(&self, rest: &str) -> String {
        format!("/v1/campaigns/{}{rest}", self.id)
    }

    /// Cuts turfs and makes lists of as many as will be walked: one less than there are
    /// canvassers, for the last one shares the first list.
    fn cut(&mut self, plan: &DayPlan, server: &LocalServer) -> Result<(), DayError> {
        let lists = u64::from(plan.phones.max(2) - 1);
        let turfs = self.doors.div_ceil(u64::from(DOORS_PER_TURF)).max(lists);
        let order = json!({ "turfs": turfs });
        let mut cut = server.operator(Method::POST, &self.path("/turfs"), &order)?;
        let Value::Array(turfs) = cut["turfs"].take() else {
            return Err(DayError::Answer("turfs"));
        };
        for turf in turfs.iter().take(usize::try_from(lists).unwrap_or(1)) {
            let order = json!({ "turf": turf["number"] });
            self.lists.push(server.operator(Method::POST, &self.path("/lists"), &order)?);
        }
        self.turfs = turfs;
        Ok(())
    }

    /// Invites the canvassers; each opens the invitation on a phone of their own.
    pub(super) fn hand_out(
        &self,
        plan: &DayPlan,
        server: &LocalServer,
    ) -> Result<Vec<Canvasser>, DayError> {
        let phones = usize::try_from(plan.phones.max(2)).unwrap_or(2);
        (0..phones)
            .map(|number| {
                let list = &self.lists[if number + 1 == phones { 0 } else { number }];
                let list_number = count(list, "number")?;
                let name = NAMES
                    .get(number)
                    .map_or_else(|| format!("Canvasser {}", number + 1), |name| (*name).to_owned());
                let order = json!({ "canvasser": name, "lists": [list_number] });
                let made = server.operator(Method::POST, &self.path("/invitations"), &order)?;
                let path = made["path"].as_str().ok_or(DayError::Answer("an invitation"))?;
                let clock = Arc::new(SetClock::at(MORNING));
                let directory = phone_directory(&plan.directory, number);
                let phone = Phone::seeded(&directory, plan.seed, &name, clock.clone())?;
                phone.engine().join(&format!("{ADDRESS}{path}"))?;
                let list_number = u32::try_from(list_number).unwrap_or(0);
                Ok(Canvasser {
                    name,
                    phone,
                    clock,
                    list_number,
                    knocked: Vec::new(),
                    sent: Cell::default(),
                    received: Cell::default(),
                })
            })
            .collect()
    }
}

fn ground(plan: &DayPlan) -> Result<Ground, DayError> {
    let Some(path) = &plan.doors else {
        let town = Town::generate(plan.seed, TOWN_DOORS);
        let mut doors_csv = Vec::new();
        town.write_doors(&mut doors_csv)?;
        // A generated town has streets, and they fit.
        let own = StreetPack::build(&town.street_map()).ok();
        return Ok(Ground {
            doors_csv,
            profile: Some("doors".to_owned()),
            place: town.name,
            people: town.people,
            pack: plan.streets.clone().or(own),
            water: vec![town.river],
        });
    };
    let doors = all_doors(path, plan.profile.as_deref()).map_err(|failure| {
        DayError::Doors(match failure {
            Failure::Input(bad) => format!("{}: {}", bad.code, bad.hint),
            Failure::Usage(what) | Failure::System(what) => what,
            Failure::Check => String::new(),
        })
    })?;
    let homes: Vec<(String, u32)> =
        doors.doors.iter().map(|door| (door.key.clone(), door.unit_count)).collect();
    let town = doors.doors.first().map(|door| door.address.town.clone()).unwrap_or_default();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Ground {
        doors_csv: std::fs::read(path)?,
        profile: plan.profile.clone(),
        people: people_for(plan.seed, &homes),
        place: if town.is_empty() { stem } else { town },
        pack: plan.streets.clone(),
        water: Vec::new(),
    })
}

fn import(server: &LocalServer, path: &str, body: Vec<u8>) -> Result<Value, DayError> {
    let (status, bytes) = server.operator_bytes(Method::POST, path, body);
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if status == 200 { Ok(body) } else { Err(Refused { status, body }.into()) }
}

fn count(value: &Value, field: &'static str) -> Result<u64, DayError> {
    value[field].as_u64().ok_or(DayError::Answer(field))
}
