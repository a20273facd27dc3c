//! `canvass` killed in the middle of its work: while it imports, and while it serves phones that
//! push over sockets. `CANVASS_KILLS` says how often; 20 times if it is not set.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use canvass_cli::clock::SystemClock;
use canvass_cli::phone::Phone;
use canvass_cli::simulate::Chance;
use canvass_cli::town::Town;
use canvass_core::engine::{AttemptInput, SyncOutcome, SyncReport};
use canvass_core::id::{ChangeId, HouseholdId, ListId};
use canvass_core::walklist::CanvassResult;
use canvass_tests::fixture;
use canvass_tests::process::{Killable, KilledServer, kills};

use canvass_tests::temp::TempDir;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_canvass");

fn open(directory: &Path) -> Phone {
    Phone::system(directory, Arc::new(SystemClock::default())).expect("the engine opens")
}

fn import(file: &Path, campaign: &Path) -> Killable {
    let mut command = Command::new(PROGRAM);
    Killable::start(command.arg("import").arg(file).arg("--campaign").arg(campaign))
}

/// The doors of a campaign directory, where a kill may have left no campaign at all.
fn doors(campaign: &Path) -> u64 {
    let phone = open(campaign);
    let lists = phone.engine().walk_lists().unwrap_or_default();
    lists
        .first()
        .map_or(0, |list| u64::from(phone.engine().progress(list.list).expect("progress").doors))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long an import takes on this machine")]
fn canvass_import_killed_leaves_all_of_the_file_or_nothing() {
    let folder = TempDir::new();
    let town = Town::generate(1, 3_000);
    town.write_files(folder.path()).expect("a town");
    let (file, whole) = (folder.path().join("doors.csv"), town.doors.len() as u64);
    let undisturbed = folder.path().join("undisturbed");
    let began = Instant::now();
    assert!(import(&file, &undisturbed).ended_well());
    let takes = began.elapsed();
    assert_eq!(doors(&undisturbed), whole);
    let (mut nothing, mut all) = (0, 0);
    let mut chance = Chance::of(1);
    for round in 0..kills() {
        let campaign = folder.path().join(format!("round-{round}"));
        let process = import(&file, &campaign);
        // Up to a little after its end, so that the last moments are met as well.
        let late = chance.below(u64::try_from(takes.as_micros()).expect("not long") * 6 / 5);
        sleep(Duration::from_micros(late));
        drop(process);
        match doors(&campaign) {
            0 => nothing += 1,
            found => {
                assert_eq!(found, whole, "round {round}");
                all += 1;
            }
        }
        assert!(import(&file, &campaign).ended_well(), "round {round}: imported again");
        assert_eq!(doors(&campaign), whole, "round {round}: imported again");
        std::fs::remove_dir_all(&campaign).expect("removed");
    }
    assert!(nothing > 0, "none of {all} kills was before the end");
}

/// A campaign on a server that is killed.
struct Campaign {
    server: KilledServer,
    path: String,
}

impl Campaign {
    fn start(directory: &Path) -> Self {
        let server = KilledServer::start(Path::new(PROGRAM), directory);
        let made = server.post("/v1/campaigns", &json!({ "name": "Test" }));
        let path = format!("/v1/campaigns/{}", made["campaign"].as_str().expect("an id"));
        for kind in ["doors", "people"] {
            let file = std::fs::read(fixture("offline_day").join(format!("{kind}.csv")));
            let imports = format!("{path}/imports?kind={kind}&profile={kind}");
            let _account = server.operator("POST", &imports, &file.expect("a fixture"));
        }
        let _turf = server.post(&format!("{path}/turfs"), &json!({ "turfs": 1 }));
        let _list = server.post(&format!("{path}/lists"), &json!({ "turf": 1 }));
        Self { server, path }
    }

    /// The ids of all changes that the campaign's file has, each with the times it stands there.
    fn exported(&self) -> Vec<String> {
        let path = format!("{}/export/csv", self.path);
        let text = String::from_utf8(self.server.operator("GET", &path, b"")).expect("text");
        text.lines().skip(1).filter_map(|row| row.split(',').next()).map(str::to_owned).collect()
    }

    fn digest(&self) -> Value {
        let path = format!("{}/lists/1/digest", self.path);
        let answer = self.server.operator("GET", &path, b"");
        serde_json::from_slice::<Value>(&answer).expect("JSON")["digest"].clone()
    }
}

/// A phone that records and pushes.
struct Canvasser {
    phone: Phone,
    list: ListId,
    doors: Vec<HouseholdId>,
    recorded: Vec<ChangeId>,
}

impl Canvasser {
    fn join(campaign: &Campaign, directory: &Path, name: &str) -> Self {
        let order = json!({ "canvasser": name, "lists": [1] });
        let made = campaign.server.post(&format!("{}/invitations", campaign.path), &order);
        let phone = open(directory);
        let link = format!("http://127.0.0.1{}", made["path"].as_str().expect("a path"));
        phone.engine().join(&link).expect("an invitation");
        let report = phone.sync(|request| campaign.server.phone(request)).expect("it syncs");
        assert_eq!(report.outcome, SyncOutcome::Complete);
        let list = phone.engine().walk_lists().expect("lists")[0].list;
        let page = phone.engine().doors(list, None, 500).expect("doors").doors;
        let doors = page.iter().map(|door| door.household).collect();
        Self { phone, list, doors, recorded: Vec::new() }
    }

    fn knock(&mut self) {
        let household = self.doors[self.recorded.len() % self.doors.len()];
        let input = AttemptInput::at_door(self.list, household, Some(CanvassResult::NotHome));
        let saved = self.phone.engine().record_attempt(&input).expect("a knock");
        self.recorded.push(saved.change);
    }

    /// A sync; the connections that broke before the answer was whole are counted.
    fn sync(&self, campaign: &Campaign, broken: &AtomicUsize) -> SyncReport {
        let send = |request: &_| {
            let reply = campaign.server.phone(request);
            broken.fetch_add(usize::from(reply.is_none()), Ordering::Relaxed);
            reply
        };
        self.phone.sync(send).expect("the engine syncs")
    }

    /// Records and pushes until the server is dead.
    fn work(&mut self, campaign: &Campaign, is_dead: &AtomicBool, broken: &AtomicUsize) {
        loop {
            for _ in 0..4 {
                self.knock();
            }
            let report = self.sync(campaign, broken);
            if report.outcome != SyncOutcome::Complete {
                assert_eq!(report.outcome, SyncOutcome::Offline);
                break;
            }
            if is_dead.load(Ordering::SeqCst) {
                break;
            }
        }
    }

    /// What this phone was told is safe at the campaign: changes leave in the order in which
    /// they were recorded.
    fn received(&self) -> Vec<String> {
        let unsent = self.phone.engine().sync_status().expect("facts").on_this_phone;
        let received = self.recorded.len() - unsent as usize;
        self.recorded[..received].iter().map(ToString::to_string).collect()
    }
}

/// So many kills to a campaign: phones knock all the time, and after some thousand knocks at each
/// of its few doors a push is never over before the next kill.
const KILLS_PER_CAMPAIGN: usize = 50;

#[test]
fn canvass_serve_killed_in_mid_push_keeps_all_it_called_received() {
    let broken = AtomicUsize::new(0);
    let mut chance = Chance::of(2);
    let rounds: Vec<usize> = (0..kills()).collect();
    for rounds in rounds.chunks(KILLS_PER_CAMPAIGN) {
        let folder = TempDir::new();
        let campaign = Campaign::start(&folder.path().join("server"));
        let names = ["Ash", "Birch", "Cedar"];
        let join = |name| Canvasser::join(&campaign, &folder.path().join(name), name);
        let mut phones = names.map(join);
        for round in rounds {
            kill_at_work(&campaign, &mut phones, &broken, &mut chance);
            campaign.server.start_again();
            nothing_received_is_lost(&campaign, &phones, *round);
        }
        settle(&campaign, &phones);
    }
    // Some kills find no request under way; if all did, nothing was tested.
    assert!(broken.load(Ordering::Relaxed) >= kills() / 2, "{broken:?} connections broke");
}

/// Kills the server at some moment while all phones record and push.
fn kill_at_work(
    campaign: &Campaign,
    phones: &mut [Canvasser],
    broken: &AtomicUsize,
    chance: &mut Chance,
) {
    let is_dead = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for phone in phones {
            scope.spawn(|| phone.work(campaign, &is_dead, broken));
        }
        sleep(Duration::from_micros(chance.below(300_000)));
        campaign.server.kill();
        is_dead.store(true, Ordering::SeqCst);
    });
}

fn nothing_received_is_lost(campaign: &Campaign, phones: &[Canvasser], round: usize) {
    let exported = campaign.exported();
    let ids: BTreeSet<&String> = exported.iter().collect();
    assert_eq!(ids.len(), exported.len(), "round {round}: a change stands twice");
    for phone in phones {
        let received = phone.received();
        let lost: Vec<&String> = received.iter().filter(|id| !ids.contains(id)).collect();
        assert!(lost.is_empty(), "round {round}: received, and lost: {lost:?}");
    }
}

/// Everything unsent still leaves, and then all hold the same.
fn settle(campaign: &Campaign, phones: &[Canvasser]) {
    let none = AtomicUsize::new(0);
    for phone in phones.iter().chain(phones) {
        assert_eq!(phone.sync(campaign, &none).outcome, SyncOutcome::Complete);
        assert_eq!(phone.phone.engine().sync_status().expect("facts").on_this_phone, 0);
    }
    let mut exported = campaign.exported();
    let recorded = phones.iter().flat_map(|phone| &phone.recorded).map(ToString::to_string);
    let mut recorded: Vec<String> = recorded.collect();
    exported.sort();
    recorded.sort();
    assert_eq!(exported, recorded, "each change once, and no other");
    for phone in phones {
        let digest = phone.phone.engine().state_digest(phone.list).expect("a digest");
        assert_eq!(campaign.digest(), json!(digest.to_string()));
    }
}
