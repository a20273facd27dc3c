//! The read gate: whatever is known of people and doors, and whichever way it became known, no
//! read of the engine gives a door or a person for a purpose that is closed to them; and there
//! is no read that is not looked at here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use canvass_core::canvass::Purpose;
use canvass_core::engine::{
    AttemptInput, ClaimOutcome, DoorView, Engine, ExportFormat, FollowUpInput, PersonMetInput,
    PersonResult, ShiftInput,
};
use canvass_core::geometry::{Bounds, Point};
use canvass_core::id::{HouseholdId, ListId, PersonId};
use canvass_core::say::LengthUnit;
use canvass_core::walklist::{CanvassResult, Progress, TimeWindow};
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone, read};
use canvass_tests::files::files;
use canvass_tests::gate::{DOORS, Happening, Home, Resident, Town, house_number, town};
use canvass_tests::solo::Solo;
use proptest::prelude::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a read is checked against: the engine, and the town as it is.
struct Checked<'a> {
    engine: &'a Engine,
    list: ListId,
    homes: &'a [Home],
    ids: &'a [HouseholdId],
}

type Check = fn(&Checked<'_>);

/// Reads of the engine that give something of doors or people, each with what it must not give.
const READS: [(&str, Check); 21] = [
    ("walk_lists", walk_lists),
    ("walk_list", walk_list),
    ("doors", doors),
    ("next_stop", next_stop),
    ("progress", progress),
    ("household", household),
    ("survey", survey),
    ("conversation", conversation),
    ("floors", floors),
    ("conflicts", conflicts),
    ("export", export),
    ("export_with_codes", export),
    ("plan_order", plan_order),
    ("directions", directions),
    ("map_features", map_features),
    ("plan_shift", plan_shift),
    ("replan", replan),
    ("sync_status", sync_status),
    ("nearest_unclaimed", nearest_unclaimed),
    ("claims", claims),
    ("follow_ups", follow_ups),
];

/// Calls that give nothing of doors or people: they write and give ids, or are about the engine
/// itself.
const OTHERS: [&str; 50] = [
    // Counts, sizes, states and codes: `diagnostics` looks for every name and number in it.
    "diagnostics",
    "note_trouble",
    "check_open",
    "can_go_on",
    "open",
    "close",
    "subscribe",
    "unsubscribe",
    "set_languages",
    "create_campaign",
    "join",
    "import",
    "import_path",
    "put_script",
    "record_answer",
    "record_result",
    "record_results",
    "undo_results",
    // Shows what `conversation` shows, to whom that shows it.
    "converse",
    "record_note",
    "edit_note",
    "record_contact",
    "record_call",
    "record_access",
    // What may be recorded: nothing of anybody.
    "offered_results",
    "record_correction",
    "add_person",
    "set_do_not_contact",
    "lift_do_not_contact",
    "resolve_conflict",
    // A pack holds streets alone.
    "put_streets",
    "streets",
    "sync_next",
    "state_digest",
    "record_attempt",
    "undo",
    // What they lead to is looked at in `follow_ups`.
    "record_follow_up",
    "set_literature",
    "record_ask",
    "withdraw_consent",
    // What they tell of doors is looked at in `claims`.
    "claim",
    "release",
    // What this phone itself sent; an address in it has passed the gate.
    "set_aside",
    "retry_set_aside",
    // Sealed or signed bytes and what is held of them: changes, which pass no gate.
    "sealed_copy",
    // Words for counts.
    "sync_sentence",
    "bundle_sentence",
    "peer_summary",
    "make_bundle",
    "apply_bundle",
];

impl Checked<'_> {
    fn may(&self, purpose: Purpose) -> BTreeSet<HouseholdId> {
        let open = self.homes.iter().zip(self.ids).filter(|(home, _)| home.may_be_seen(purpose));
        open.map(|(_, id)| *id).collect()
    }

    fn home(&self, id: HouseholdId) -> &Home {
        let place = self.ids.iter().position(|known| *known == id).expect("a door of the town");
        &self.homes[place]
    }

    fn expected_progress(&self) -> Progress {
        let walked = |home: &&Home| home.may_be_seen(Purpose::Walk);
        let count = |homes: usize| u32::try_from(homes).expect("a small town");
        let counted = self.homes.iter().filter(|home| home.may_be_seen(Purpose::Count));
        let (walk, apart): (Vec<&Home>, Vec<&Home>) = counted.partition(walked);
        Progress {
            doors: count(walk.len()),
            done: count(walk.iter().filter(|home| home.knocked).count()),
            contacted: 0,
            people: count(walk.iter().map(|home| home.to_walk_to()).sum()),
            apart: count(apart.len()),
        }
    }

    /// All doors of pages of this size, each once.
    fn paged(&self, limit: u32) -> Vec<DoorView> {
        let mut all: Vec<DoorView> = Vec::new();
        let mut from = None;
        loop {
            let page = self.engine.doors(self.list, from.as_deref(), limit).expect("a page");
            all.extend(page.doors);
            from = page.next;
            if from.is_none() {
                return all;
            }
        }
    }

    fn assert_shown(&self, shown: &[DoorView], purpose: Purpose) {
        let ids: BTreeSet<HouseholdId> = shown.iter().map(|door| door.household).collect();
        assert_eq!(ids.len(), shown.len(), "no door twice");
        assert!(ids.is_subset(&self.may(purpose)), "{purpose:?}");
        for door in shown {
            assert_eq!(door.people as usize, self.home(door.household).to_walk_to());
        }
    }
}

fn walk_lists(at: &Checked<'_>) {
    let lists = at.engine.walk_lists().expect("lists");
    let progress: Vec<Progress> = lists.iter().map(|list| list.progress).collect();
    assert_eq!(progress, [at.expected_progress()]);
}

fn walk_list(at: &Checked<'_>) {
    let view = at.engine.walk_list(at.list, None).expect("a list");
    assert_eq!(view.summary.progress, at.expected_progress());
    at.assert_shown(&view.page.doors, Purpose::Walk);
    at.assert_shown(&view.next.map(|next| next.doors).unwrap_or_default(), Purpose::Queue);
}

fn doors(at: &Checked<'_>) {
    for limit in [1, 2, 500] {
        let shown = at.paged(limit);
        at.assert_shown(&shown, Purpose::Walk);
        assert_eq!(shown.len(), at.may(Purpose::Walk).len(), "and all that may be are there");
    }
}

fn next_stop(at: &Checked<'_>) {
    let next = at.engine.next_stop(at.list, None).expect("a stop, or none");
    let open = at.homes.iter().filter(|home| home.may_be_seen(Purpose::Queue) && !home.knocked);
    assert_eq!(next.is_some(), open.count() > 0);
    for door in next.map(|next| next.doors).unwrap_or_default() {
        assert!(!at.home(door.household).knocked);
        at.assert_shown(&[door], Purpose::Queue);
    }
}

fn progress(at: &Checked<'_>) {
    assert_eq!(at.engine.progress(at.list).expect("progress"), at.expected_progress());
}

fn household(at: &Checked<'_>) {
    for (home, id) in at.homes.iter().zip(at.ids) {
        let view = at.engine.household(at.list, *id).expect("View is closed to nobody");
        assert_eq!(view.do_not_knock, !home.may_be_seen(Purpose::Walk));
        assert_eq!(view.do_not_contact, home.suppressed);
        let open = view.people.iter().filter(|person| person.not_contacted.is_none()).count();
        assert_eq!(open, home.to_walk_to(), "who may be spoken with is told apart");
        assert_eq!(view.people.len(), home.people.len());
    }
}

fn survey(at: &Checked<'_>) {
    for id in at.ids {
        let view = at.engine.household(at.list, *id).expect("a household");
        for person in &view.people {
            at.engine.survey(at.list, *id, person.person, "en").expect("View is closed to nobody");
        }
        let nobody = PersonId::derive(&[b"nobody"]);
        assert!(at.engine.survey(at.list, *id, nobody, "en").is_err());
    }
}

fn conversation(at: &Checked<'_>) {
    for id in at.ids {
        let view = at.engine.household(at.list, *id).expect("a household");
        for person in &view.people {
            let screen = at.engine.conversation(at.list, *id, person.person, "en");
            screen.expect("View is closed to nobody");
        }
        let nobody = PersonId::derive(&[b"nobody"]);
        assert!(at.engine.conversation(at.list, *id, nobody, "en").is_err());
    }
}

/// Floors show the doors that may be walked to, and a tap on many of them reaches no other.
fn floors(at: &Checked<'_>) {
    let may = at.may(Purpose::Walk);
    for id in at.ids {
        let floors = at.engine.floors(at.list, *id).expect("View is closed to nobody");
        for floor in floors {
            assert!(floor.open.iter().all(|door| may.contains(door)));
            at.assert_shown(&floor.doors, Purpose::Walk);
        }
        if !may.contains(id) {
            let tapped = at.engine.record_results(at.list, &[*id], CanvassResult::NotHome);
            assert!(tapped.is_err(), "a closed door is not knocked on");
        }
    }
}

fn conflicts(at: &Checked<'_>) {
    let viewable = at.may(Purpose::View);
    let conflicts = at.engine.conflicts(at.list).expect("conflicts");
    assert!(conflicts.iter().all(|conflict| viewable.contains(&conflict.household)));
}

fn export(at: &Checked<'_>) {
    let text = |format| {
        let file = at.engine.export(at.list, format).expect("a file");
        String::from_utf8(file.bytes).expect("text")
    };
    let geojson: serde_json::Value =
        serde_json::from_str(&text(ExportFormat::GeoJson)).expect("JSON");
    let features = geojson["features"].as_array().expect("features");
    let ids: BTreeSet<String> =
        features.iter().map(|f| f["id"].as_str().expect("an id").to_owned()).collect();
    let expected = at.may(Purpose::ListOut).iter().map(ToString::to_string).collect();
    assert_eq!(ids, expected, "an address leaves only where it may be contacted");
    let gpx = text(ExportFormat::Gpx);
    let walk = at.may(Purpose::Walk);
    for (door, id) in at.ids.iter().enumerate() {
        // The first two doors share a stop, which bears the name of one of them.
        let own_stop = door > 1;
        let named = gpx.contains(&format!("{} Elm St", house_number(door)));
        assert!(!named || walk.contains(id), "door {door}");
        assert!(!own_stop || named == walk.contains(id), "door {door}");
    }
    for format in [ExportFormat::Csv, ExportFormat::Van, ExportFormat::Osdi] {
        text(format);
    }
}

/// Plans, which reads the doors for the purpose of routing: closed ones are no stops.
fn plan_order(at: &Checked<'_>) {
    let open = |door: usize| at.homes[door].may_be_seen(Purpose::Route);
    let stops = usize::from(open(0) || open(1)) + (2..DOORS).filter(|door| open(*door)).count();
    let planned = at.engine.plan_order(at.list, None, None).expect("an order");
    assert_eq!(planned.stops as usize, stops);
    doors(at);
}

/// Leads to doors that may be knocked on next, and to no other.
fn directions(at: &Checked<'_>) {
    let view = at.engine.directions(at.list, None, 200, LengthUnit::Metres).expect("directions");
    let queue = at.may(Purpose::Queue);
    let told = view.steps.iter().flat_map(|step| &step.households);
    told.for_each(|door| assert!(queue.contains(door), "a door that nobody is sent to"));
}

/// Pins count the doors that may be walked to; the way ahead leads to those in the queue.
fn map_features(at: &Checked<'_>) {
    let world = Bounds {
        south_west: Point { lat: -90.0, lon: -180.0 },
        north_east: Point { lat: 90.0, lon: 180.0 },
    };
    let map = at.engine.map_features(at.list, world, 18.0).expect("a map");
    let doors: u32 = map.pins.iter().map(|pin| pin.doors).sum();
    assert_eq!(doors as usize, at.may(Purpose::Walk).len());
    assert!(map.route.len() <= at.may(Purpose::Queue).len());
}

/// Chooses among the doors that may be knocked on next.
fn plan_shift(at: &Checked<'_>) {
    let input = ShiftInput {
        minutes: 600.0,
        start: None,
        end: None,
        back: false,
        local_hour: 18,
        utc_offset_minutes: 0,
    };
    let planned = at.engine.plan_shift(at.list, &input).expect("a shift");
    assert!(planned.doors as usize <= at.may(Purpose::Queue).len());
    doors(at);
}

fn replan(at: &Checked<'_>) {
    let here = Point::new(44.48, -73.2).expect("a position");
    let planned = at.engine.replan(at.list, here).expect("an order");
    assert!(planned.stops as usize <= at.may(Purpose::Queue).len());
    doors(at);
}

fn sync_status(at: &Checked<'_>) {
    let status = at.engine.sync_status().expect("a status");
    let conflicts = at.engine.conflicts(at.list).expect("conflicts");
    assert_eq!(status.conflicts as usize, conflicts.len());
}

fn nearest_unclaimed(at: &Checked<'_>) {
    let view = at.engine.household(at.list, at.ids[0]).expect("View is closed to nobody");
    let near = at.engine.nearest_unclaimed(at.list, view.point, 500, 1e6).expect("doors");
    let shown: Vec<DoorView> = near.into_iter().map(|near| near.door).collect();
    assert!(shown.iter().all(|door| !at.home(door.household).knocked));
    at.assert_shown(&shown, Purpose::Queue);
    let open = at.homes.iter().filter(|home| home.may_be_seen(Purpose::Queue) && !home.knocked);
    assert_eq!(shown.len(), open.count(), "and all that may be are there");
}

/// Claims every door: nobody is sent to a closed one, and no closed one is shown as claimed.
fn claims(at: &Checked<'_>) {
    let told = at.engine.claim(at.list, at.ids).expect("claims");
    let may = at.may(Purpose::Queue);
    for one in &told {
        assert_eq!(one.outcome == ClaimOutcome::NotOffered, !may.contains(&one.household));
    }
    let claimed = told.iter().filter(|one| one.outcome == ClaimOutcome::Claimed);
    let claimed: BTreeSet<HouseholdId> = claimed.map(|one| one.household).collect();
    let shown = at.engine.claims(at.list).expect("claims");
    assert_eq!(shown.iter().map(|claim| claim.household).collect::<BTreeSet<_>>(), claimed);
    let released = at.engine.release(at.list, at.ids).expect("released");
    assert_eq!(released as usize, claimed.len());
}

/// Asks to come back to every door: nobody is sent to a closed one.
fn follow_ups(at: &Checked<'_>) {
    let window =
        TimeWindow { from: MORNING, until: MORNING.plus_millis(DAY_MS), utc_offset_minutes: 0 };
    let (list, mut saved) = (at.list, Vec::new());
    for household in at.ids.iter().copied() {
        let input = FollowUpInput { list, household, person: None, window, attempt: None };
        let change = at.engine.record_follow_up(&input).expect("a follow-up").change;
        saved.push((household, change));
    }
    let shown = at.engine.follow_ups(at.list).expect("follow-ups");
    let shown: BTreeSet<HouseholdId> = shown.iter().map(|it| it.household).collect();
    assert_eq!(shown, at.may(Purpose::Queue));
    for (household, change) in saved {
        at.engine.undo(at.list, household, change).expect("taken back");
    }
    assert_eq!(at.engine.follow_ups(at.list).expect("follow-ups"), []);
}

/// The phone of a world, with which things are recorded.
struct Recorder<'a> {
    engine: &'a Engine,
    list: ListId,
    ids: &'a [HouseholdId],
    organiser: bool,
}

impl Recorder<'_> {
    /// Lets something happen, at the phone and in the town.
    fn happen(&self, happening: &Happening, homes: &mut [Home]) {
        match happening {
            Happening::Knock(door) => {
                self.attempt(*door, Some(CanvassResult::NotHome), Vec::new());
                homes[*door].knocked = true;
            }
            Happening::Died(door, place) => {
                if let Some(person) = self.person(*door, *place, homes) {
                    self.attempt(*door, None, vec![(person, CanvassResult::Deceased)]);
                    homes[*door].people[*place].deceased = true;
                    homes[*door].knocked = true;
                }
            }
            Happening::Refused(door, place) => {
                if let Some(person) = self.person(*door, *place, homes) {
                    self.attempt(*door, None, vec![(person, CanvassResult::Refused)]);
                    homes[*door].knocked = true;
                }
            }
            Happening::Suppressed(door, place) => self.suppress(*door, *place, true, homes),
            Happening::Lifted(door, place) if self.organiser => {
                self.suppress(*door, *place, false, homes);
            }
            Happening::Met(door) => {
                let met = PersonMetInput {
                    list: self.list,
                    household: self.ids[*door],
                    given_name: "Met".to_owned(),
                    family_name: String::new(),
                    language: String::new(),
                };
                self.engine.add_person(&met).expect("a person");
                homes[*door].people.push(Resident::met());
            }
            Happening::Planned => {
                self.engine.plan_order(self.list, None, None).expect("an order");
            }
            Happening::Lifted(..) | Happening::Restarted => {}
        }
    }

    /// Whom the phone shows in the place of a resident: by the file's key, or as met.
    fn person(&self, door: usize, place: usize, homes: &[Home]) -> Option<PersonId> {
        let resident = homes[door].people.get(place)?;
        let view = self.engine.household(self.list, self.ids[door]).expect("a household");
        let name = resident.key.as_ref().map(|key| format!("Given {key}"));
        let mut met = view.people.iter().filter(|person| person.met);
        let found = if let Some(name) = name {
            view.people.iter().find(|person| person.given_name == name)
        } else {
            let earlier = homes[door].people[..place].iter().filter(|p| p.key.is_none());
            met.nth(earlier.count())
        };
        found.map(|person| person.person)
    }

    fn attempt(
        &self,
        door: usize,
        result: Option<CanvassResult>,
        people: Vec<(PersonId, CanvassResult)>,
    ) {
        let people = people.into_iter().map(|(person, result)| PersonResult { person, result });
        let at_door = AttemptInput::at_door(self.list, self.ids[door], result);
        let input = AttemptInput { people: people.collect(), ..at_door };
        self.engine.record_attempt(&input).expect("a knock");
    }

    fn suppress(&self, door: usize, place: Option<usize>, set: bool, homes: &mut [Home]) {
        let person = match place {
            Some(place) => match self.person(door, place, homes) {
                Some(person) => Some(person),
                None => return,
            },
            None => None,
        };
        let (list, id) = (self.list, self.ids[door]);
        if set {
            self.engine.set_do_not_contact(list, id, person).expect("a mark");
        } else {
            self.engine.lift_do_not_contact(list, id, person).expect("a mark lifted");
        }
        match place {
            Some(place) => homes[door].people[place].suppressed = set,
            None => homes[door].suppressed = set,
        }
    }
}

/// The households of the town by door, found by their house numbers while all are open.
fn ids(engine: &Engine, list: ListId) -> Vec<HouseholdId> {
    let page = engine.doors(list, None, 500).expect("doors");
    let by_number: BTreeMap<&str, HouseholdId> =
        page.doors.iter().map(|d| (&*d.address.house_number, d.household)).collect();
    (0..DOORS).map(|door| by_number[&*house_number(door)]).collect()
}

fn check_all(engine: &Engine, list: ListId, homes: &[Home], ids: &[HouseholdId]) {
    let checked = Checked { engine, list, homes, ids };
    for (_, check) in READS {
        check(&checked);
    }
}

/// One phone, its own campaign: what is known comes from files and from the door.
fn alone(town: &Town) {
    let mut solo = Solo::empty();
    solo.import(town.doors_csv().as_bytes()).expect("doors");
    let script = read("script.json");
    solo.engine().put_script(std::str::from_utf8(&script).expect("text")).expect("a script");
    let ids = ids(solo.engine(), solo.list);
    let mut homes = town.homes();
    solo.import(town.people_csv().as_bytes()).expect("people");
    check_all(solo.engine(), solo.list, &homes, &ids);
    for days in [&town.before, &town.after] {
        for happening in days {
            if matches!(happening, Happening::Restarted) {
                solo.reopen().expect("opened again");
            }
            let (engine, list) = (solo.engine(), solo.list);
            let recorder = Recorder { engine, list, ids: &ids, organiser: true };
            recorder.happen(happening, &mut homes);
        }
        check_all(solo.engine(), solo.list, &homes, &ids);
        if std::ptr::eq(days, &raw const town.before) {
            let later = town.later_csv(&mut homes);
            solo.import(later.as_bytes()).expect("a later file");
            check_all(solo.engine(), solo.list, &homes, &ids);
        }
    }
    solo.reopen().expect("opened again");
    check_all(solo.engine(), solo.list, &homes, &ids);
}

/// Two phones and a server: what one records closes doors at the other, and what a later file
/// says closes them at both.
fn together(town: &Town) {
    let campaign = TestCampaign::empty(1);
    campaign.import("doors", "doors", town.doors_csv().as_bytes());
    let script: serde_json::Value = serde_json::from_slice(&read("script.json")).expect("JSON");
    campaign.post("/scripts", &script);
    campaign.post("/turfs", &serde_json::json!({ "turfs": 1 }));
    campaign.post("/lists", &serde_json::json!({ "turf": 1 }));
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let ids = ids(ash.engine(), ash.list());
    let mut homes = town.homes();
    campaign.import("people", "people", town.people_csv().as_bytes());
    let check = |phone: &TestPhone, homes: &[Home]| {
        phone.sync(&campaign);
        check_all(phone.engine(), phone.list(), homes, &ids);
    };
    check(&ash, &homes);
    for days in [&town.before, &town.after] {
        for happening in days {
            let (engine, list) = (ash.engine(), ash.list());
            let recorder = Recorder { engine, list, ids: &ids, organiser: false };
            recorder.happen(happening, &mut homes);
        }
        check(&ash, &homes);
        check(&birch, &homes);
        if std::ptr::eq(days, &raw const town.before) {
            let later = town.later_csv(&mut homes);
            campaign.import("people", "people", later.as_bytes());
            check(&ash, &homes);
            check(&birch, &homes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_read_gives_what_is_closed_on_a_phone_alone(town in town()) {
        alone(&town);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn no_read_gives_what_is_closed_after_a_sync(town in town()) {
        together(&town);
    }
}

/// The names of the public functions in `impl Engine`.
fn public_calls() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/engine");
    let mut names = BTreeSet::new();
    for source in files(&folder).into_values() {
        let text = String::from_utf8(source).expect("text");
        let mut inside = false;
        for line in text.lines() {
            inside = line == "impl Engine {" || (inside && line != "}");
            let call = line.strip_prefix("    pub fn ").filter(|_| inside);
            let name = call.and_then(|call| call.split(['(', '<']).next());
            names.extend(name.map(str::to_owned));
        }
    }
    names
}

#[test]
fn every_public_call_is_a_read_with_a_case_or_no_read() {
    let calls = public_calls();
    assert!(calls.contains("walk_list") && calls.contains("import"), "{calls:?}");
    let looked_at: BTreeSet<String> =
        READS.iter().map(|(name, _)| *name).chain(OTHERS).map(str::to_owned).collect();
    assert_eq!(calls, looked_at, "each public call of the engine belongs into READS or OTHERS");
}
