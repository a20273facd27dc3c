//! Who may call what: every route of the backend, with every kind of token; and what a device
//! sees of lists and campaigns that are not its own.

use axum::http::Method;
use canvass_backend::sqlite::SqliteStorage;
use canvass_backend::{Role, route_table};
use canvass_core::change::{Body, DoorRef, NoteBody};
use canvass_core::merge::SetAsideReason;
use canvass_core::sync::wire::{
    self, CompareRequest, DropRequest, ListCursor, ListHead, PROTOCOL, PullRequest, PushRequest,
    StreetsRequest, exception, part,
};
use canvass_tests::author::{Author, Invitation, Said};
use canvass_tests::campaign::{MORNING, TestCampaign, read, street_pack};
use serde_json::{Value, json};

/// A request that a route serves, if it comes from someone who may make it.
struct Case {
    method: Method,
    /// The route as the table spells it.
    route: &'static str,
    role: Role,
    path: String,
    body: Vec<u8>,
}

/// Everyone who may come along.
struct World {
    campaign: TestCampaign,
    operator: String,
    device: Author,
    revoked: Author,
    stranger: Author,
}

impl World {
    fn new() -> Self {
        let campaign = TestCampaign::small(1);
        let token = std::fs::read_to_string(campaign.folder.path().join("server/operator.token"));
        let device = Author::enrolled(&campaign, "Device", &[1]);
        let revoked = Author::enrolled(&campaign, "Revoked", &[1]);
        campaign.post(&format!("/devices/{}/revoke", revoked.device), &Value::Null);
        let stranger = other_campaign(&campaign);
        disagree(&campaign);
        Self {
            operator: format!("Bearer {}", token.expect("the operator's token")),
            campaign,
            device,
            revoked,
            stranger,
        }
    }

    fn status(&self, case: &Case, authorization: Option<&str>) -> u16 {
        let Case { method, path, body, .. } = case;
        let (status, _, _) =
            self.campaign.server.send(method.clone(), path, authorization, body.clone());
        status
    }
}

/// A device of another campaign on the same server.
fn other_campaign(campaign: &TestCampaign) -> Author {
    let made = campaign.server.operator(Method::POST, "/v1/campaigns", &json!({ "name": "B" }));
    let made = made.expect("a campaign");
    let path = format!("/v1/campaigns/{}", made["campaign"].as_str().expect("an id"));
    Author::enrolled_in(campaign, &path, "Stranger", &[])
}

/// Two phones that disagree, so that there is a conflict to resolve.
fn disagree(campaign: &TestCampaign) {
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    ash.say(ash.door("6 Willow St"), "1");
    birch.say(birch.door("6 Willow St"), "4");
    ash.sync(campaign);
    birch.sync(campaign);
}

fn json_body(body: &Value) -> Vec<u8> {
    body.to_string().into_bytes()
}

fn empty_push() -> Vec<u8> {
    let (segments, wall_ms) = (Vec::new(), MORNING.millis());
    wire::encoded(&PushRequest {
        protocol: PROTOCOL,
        segments,
        wall_ms,
        done: Vec::new(),
        retry: None,
        capabilities: None,
    })
}

fn empty_drop(world: &World) -> Vec<u8> {
    wire::encoded(&DropRequest {
        protocol: PROTOCOL,
        campaign: world.device.campaign.to_bytes().into(),
        segments: Vec::new(),
        device: world.device.device.to_bytes().into(),
    })
}

fn full_pull() -> Vec<u8> {
    let wall_ms = MORNING.millis();
    let lists = Vec::new();
    wire::encoded(&PullRequest {
        protocol: PROTOCOL,
        lists,
        max_bytes: u32::MAX,
        wall_ms,
        incarnation: 1,
        done: Vec::new(),
        capabilities: None,
    })
}

fn comparison() -> Vec<u8> {
    wire::encoded(&CompareRequest {
        protocol: PROTOCOL,
        list: 1,
        epoch: 1,
        cells: Vec::new(),
        doors: Vec::new(),
        capabilities: None,
    })
}

fn streets() -> Vec<u8> {
    wire::encoded(&StreetsRequest { protocol: PROTOCOL, list: 1, capabilities: None })
}

/// Where a conflict is settled, and what is sent to settle it, to put its door right, and to
/// have what was said there erased.
fn decisions(conflict: &Value) -> (String, [Vec<u8>; 3]) {
    let household = &conflict["household"];
    let bodies = [
        json!({ "chosen": conflict["candidates"][0]["change"] }),
        json!({ "household": household, "person": null, "field": "unit", "value": "2" }),
        json!({ "household": household, "person": null }),
    ];
    let path = format!("/conflicts/{}", conflict["conflict"].as_str().expect("a conflict"));
    (path, bodies.map(|body| json_body(&body)))
}

/// One case for each route; the order is that of the table, so that what a case takes away is
/// not needed after it.
fn cases(world: &World) -> Vec<Case> {
    let mut cases = cases_of_phones(world);
    cases.extend(cases_of_a_campaign(world));
    cases
}

fn cases_of_phones(world: &World) -> Vec<Case> {
    let (get, post) = (Method::GET, Method::POST);
    let case = |method: &Method, route, role, path: &str, body| {
        let path = path.to_owned();
        Case { method: method.clone(), route, role, path, body }
    };
    vec![
        case(&get, "/healthz", Role::Anyone, "/healthz", Vec::new()),
        case(&post, "/v1/enrol", Role::Invited, "/v1/enrol", {
            Invitation::new(&world.campaign, "Invited", &[1]).body
        }),
        case(&post, "/v1/drop", Role::Invited, "/v1/drop", empty_drop(world)),
        case(&post, "/v1/push", Role::Device, "/v1/push", empty_push()),
        case(&post, "/v1/pull", Role::Device, "/v1/pull", full_pull()),
        case(&post, "/v1/compare", Role::Device, "/v1/compare", comparison()),
        case(&post, "/v1/streets", Role::Device, "/v1/streets", streets()),
        case(&post, "/v1/campaigns", Role::Operator, "/v1/campaigns", {
            json_body(&json!({ "name": "C" }))
        }),
    ]
}

fn cases_of_a_campaign(world: &World) -> Vec<Case> {
    let (get, post) = (Method::GET, Method::POST);
    let campaign = &world.campaign;
    let conflicts = campaign.get("/conflicts");
    let (resolve, [chosen, correction, erasure]) = decisions(&conflicts["conflicts"][0]);
    let other = world.stranger_of_this_campaign().device;
    let revoke = format!("/devices/{other}/revoke");
    let assign = format!("/lists/1/devices/{other}");
    let take = format!("{assign}/take");
    let recut = json_body(&json!({ "turf": 1 }));
    let erase = format!("/devices/{}/erase", world.device.device);
    let empty = json_body(&Value::Null);
    let turf = json_body(&json!({ "turfs": 1 }));
    let list = json_body(&json!({ "turf": 1 }));
    let invitation = json_body(&json!({ "canvasser": "Dogwood", "lists": [] }));
    let codes = json_body(&json!({ "backend": "van", "channels": [] }));
    let below = [
        (&get, "", String::new(), empty.clone()),
        (&post, "/imports", "/imports?kind=doors&profile=doors".into(), read("doors.csv")),
        (&post, "/streets", "/streets".into(), street_pack(44.2)),
        (&post, "/turfs", "/turfs".into(), turf),
        (&get, "/turfs/all", "/turfs/all".into(), empty.clone()),
        (&post, "/scripts", "/scripts".into(), read("script.json")),
        (&post, "/lists", "/lists".into(), list),
        (&get, "/lists/all", "/lists/all".into(), empty.clone()),
        (&get, "/lists/{number}/digest", "/lists/1/digest".into(), empty.clone()),
        (&post, "/lists/{number}/recut", "/lists/1/recut".into(), recut),
        (&post, "/lists/{number}/devices/{device}", assign, empty.clone()),
        (&post, "/lists/{number}/devices/{device}/take", take, empty.clone()),
        (&get, "/set-aside", "/set-aside".into(), empty.clone()),
        (&post, "/set-aside/retry", "/set-aside/retry".into(), empty.clone()),
        (&post, "/lists/{number}/withdraw", "/lists/1/withdraw".into(), empty.clone()),
        (&post, "/invitations", "/invitations".into(), invitation),
        (&post, "/devices/{device}/revoke", revoke, empty.clone()),
        (&post, "/devices/{device}/erase", erase, empty.clone()),
        (&get, "/orders", "/orders".into(), empty.clone()),
        (&get, "/opening-key", "/opening-key".into(), empty.clone()),
        (&get, "/conflicts", "/conflicts".into(), empty.clone()),
        (&post, "/conflicts/{conflict}", resolve, chosen),
        (&get, "/corrections", "/corrections".into(), empty.clone()),
        (&post, "/corrections", "/corrections".into(), correction),
        (&post, "/erasures", "/erasures".into(), erasure),
        (&post, "/result-codes/{backend}", "/result-codes/van".into(), codes),
        (&get, "/export/{format}", "/export/csv".into(), empty),
    ];
    let cases = below.map(|(method, route, path, body)| Case {
        method: method.clone(),
        route: Box::leak(format!("/v1/campaigns/{{campaign}}{route}").into_boxed_str()),
        role: Role::Operator,
        path: format!("{}{path}", campaign.path),
        body,
    });
    cases.into()
}

impl World {
    /// Another device that may be revoked without being missed.
    fn stranger_of_this_campaign(&self) -> Author {
        Author::enrolled(&self.campaign, "Elm", &[])
    }

    /// Everyone who has no business at a route of this role, and how they are told.
    fn refused(&self, role: Role) -> Vec<(&'static str, Option<String>, u16)> {
        let unknown = format!("Bearer {}", "0".repeat(64));
        let hash_of_nothing = "Bearer ".to_owned();
        let other_scheme = self.operator.replace("Bearer", "Basic");
        let shortened = self.operator[..self.operator.len() - 1].to_owned();
        let mut refused = vec![
            ("nobody", None, 401),
            ("an unknown token", Some(unknown), 401),
            ("an empty token", Some(hash_of_nothing), 401),
            ("another scheme", Some(other_scheme), 401),
            ("most of the operator's token", Some(shortened), 401),
        ];
        match role {
            Role::Anyone | Role::Invited => refused.clear(),
            Role::Device => {
                refused.push(("the operator", Some(self.operator.clone()), 403));
                refused.push(("a revoked device", Some(self.revoked.bearer.clone()), 403));
            }
            Role::Operator => {
                refused.push(("a revoked device", Some(self.revoked.bearer.clone()), 401));
                refused.push(("a device", Some(self.device.bearer.clone()), 403));
                refused.push(("another's device", Some(self.stranger.bearer.clone()), 403));
            }
        }
        refused
    }

    fn admitted(&self, role: Role) -> Option<&str> {
        match role {
            Role::Anyone | Role::Invited => None,
            Role::Device => Some(&self.device.bearer),
            Role::Operator => Some(&self.operator),
        }
    }

    /// What an operator could see changed.
    fn state(&self) -> Vec<Value> {
        let paths = ["", "/turfs/all", "/lists/all", "/lists/1/digest", "/conflicts"];
        paths.iter().map(|path| self.campaign.get(path)).collect()
    }
}

#[test]
fn every_route_has_a_case_of_its_role() {
    let world = World::new();
    let told = |method: &Method, route: &str, role| format!("{method} {route} {role:?}");
    let mut table: Vec<String> = route_table::<SqliteStorage>()
        .iter()
        .map(|route| told(&route.method, route.path, route.role))
        .collect();
    let mut cases: Vec<String> =
        cases(&world).iter().map(|case| told(&case.method, case.route, case.role)).collect();
    table.sort();
    cases.sort();
    assert_eq!(table, cases, "each route needs a case here, and each case a route");
}

#[test]
fn nobody_passes_whose_token_is_not_of_the_route() {
    let world = World::new();
    let cases = cases(&world);
    let before = world.state();
    for case in &cases {
        for (who, authorization, expected) in world.refused(case.role) {
            let status = world.status(case, authorization.as_deref());
            assert_eq!(status, expected, "{who} at {} {}", case.method, case.route);
        }
    }
    assert_eq!(world.state(), before, "a refused request changes nothing");
}

#[test]
fn whoever_has_the_route_s_token_passes() {
    let world = World::new();
    for case in &cases(&world) {
        let status = world.status(case, world.admitted(case.role));
        assert_eq!(status, 200, "{} {}", case.method, case.route);
    }
}

#[test]
fn an_invitation_is_good_once_and_only_as_it_was_given() {
    let world = World::new();
    let server = &world.campaign.server;
    let enrol = |body: Vec<u8>, authorization: Option<&str>| {
        server.send(Method::POST, "/v1/enrol", authorization, body).0
    };
    let good = Invitation::new(&world.campaign, "Fir", &[1]);
    let mut altered = good.body.clone();
    let last_of_proof = altered.len() - 13;
    altered[last_of_proof] ^= 1;
    assert_eq!(enrol(altered, None), 403);
    assert_eq!(enrol(b"<html>".to_vec(), None), 400);
    let invented = Invitation::with_secret("Fir", vec![7; 16]).body;
    for authorization in [None, Some(&*world.operator), Some(&*world.device.bearer)] {
        assert_eq!(enrol(invented.clone(), authorization), 403);
    }
    assert_eq!(enrol(good.body.clone(), None), 200);
    // The same secret from another phone.
    let thief = Invitation::with_secret("Grove", good.secret);
    assert_eq!(enrol(thief.body, None), 403);
    // The same phone may ask again while it has written nothing: its answer may be lost.
    assert_eq!(enrol(good.body.clone(), None), 200);
    let device = Invitation::with_secret("Fir", Vec::new()).device;
    world.campaign.post(&format!("/devices/{device}/revoke"), &Value::Null);
    assert_eq!(enrol(good.body, None), 403, "but not once it is shut out");
    world.campaign.clock.advance_ms(25 * 60 * 60 * 1000);
    let late = Invitation::new(&world.campaign, "Hazel", &[1]);
    world.campaign.clock.advance_ms(25 * 60 * 60 * 1000);
    assert_eq!(enrol(late.body, None), 403, "expired");
}

/// A campaign of two turfs with a list each, and a device for each of them.
fn two_lists() -> (TestCampaign, Author, Author) {
    let campaign = TestCampaign::empty(2);
    campaign.import("doors", "doors", &read("doors.csv"));
    campaign.import("people", "people", &read("people.csv"));
    campaign.post("/turfs", &json!({ "turfs": 2 }));
    for turf in [1, 2] {
        campaign.post("/lists", &json!({ "turf": turf }));
    }
    let one = Author::enrolled(&campaign, "One", &[1]);
    let two = Author::enrolled(&campaign, "Two", &[2]);
    (campaign, one, two)
}

fn doors_of(campaign: &TestCampaign, author: &Author) -> Vec<DoorRef> {
    let reply = author.pull(campaign, Vec::new()).expect("an answer");
    let parts = reply.parts.iter().filter(|part| part.kind == part::DOORS);
    let doors = parts.flat_map(|part| {
        canvass_core::sync::doors_of_bytes(author.campaign, &part.body).expect("doors")
    });
    doors.map(|door| DoorRef::Number { cell: door.cell, ordinal: door.ordinal }).collect()
}

fn note(door: DoorRef) -> Said {
    (door, None, Body::Note(NoteBody { edits: None, text: "Gate on the left.".to_owned() }))
}

#[test]
fn a_device_is_told_of_its_own_lists_only() {
    let (campaign, one, two) = two_lists();
    let (doors_one, doors_two) = (doors_of(&campaign, &one), doors_of(&campaign, &two));
    assert!(!doors_one.is_empty() && !doors_two.is_empty());
    assert!(doors_one.iter().all(|door| !doors_two.contains(door)));
    // A cursor into someone else's list opens nothing.
    let cursor = ListCursor { number: 2, epoch: 1, ..ListCursor::default() };
    let reply = one.pull(&campaign, vec![cursor]).expect("an answer");
    assert!(reply.parts.iter().all(|part| part.list == 1));
    let told: Vec<u32> =
        reply.checkpoint.expect("a checkpoint").iter().map(|list| list.number).collect();
    assert_eq!(told, [1]);
    let head = reply.parts.iter().find(|part| part.kind == part::HEAD).expect("a head");
    assert_eq!(wire::decoded::<ListHead>(&head.body).expect("a head").number, 1);
}

#[test]
fn what_a_device_writes_on_someone_else_s_list_is_set_aside_and_seen_by_nobody() {
    let (campaign, mut one, two) = two_lists();
    let theirs = doors_of(&campaign, &two)[0];
    let on_their_list = one.segment(2, vec![note(theirs)]);
    let as_if_mine = one.segment(1, vec![note(theirs)]);
    let reply = one.push(&campaign, &[on_their_list, as_if_mine]).expect("an answer");
    let told: Vec<_> =
        reply.exceptions.iter().map(|told| (told.seq, told.code, told.reason)).collect();
    let reason = Some(SetAsideReason::NotTheirList as u8);
    let expected = [(1, exception::SET_ASIDE, reason), (2, exception::SET_ASIDE, reason)];
    assert_eq!(told, expected);
    assert_eq!(two.events(&campaign), [], "nothing arrives");
    let counts = campaign.get("");
    assert_eq!((&counts["changes"], &counts["set_aside"]), (&json!(0), &json!(2)));
}

#[test]
fn a_device_neither_forges_nor_reaches_into_another_campaign() {
    let world = World::new();
    let (campaign, stranger) = (&world.campaign, &world.stranger);
    let before = world.state();
    let reply = stranger.pull(campaign, Vec::new()).expect("an answer");
    assert!(reply.parts.is_empty() && reply.checkpoint == Some(Vec::new()));
    let door = doors_of(campaign, &world.device)[0];
    let own = world.device.segment_at(1, 1, vec![note(door)]);
    assert_eq!(stranger.push(campaign, std::slice::from_ref(&own)), Err(403), "carried across");
    let into = other_campaign(campaign).claiming_campaign(world.device.campaign);
    let forged = into.segment_at(1, 1, vec![note(door)]);
    assert_eq!(into.push(campaign, &[forged]), Err(403), "another campaign's name on it");
    let impostor = Author::enrolled(campaign, "Impostor", &[1]);
    let impostor = impostor.claiming_device(world.device.device);
    let forged = impostor.segment_at(1, 1, vec![note(door)]);
    assert_eq!(impostor.push(campaign, &[forged]), Err(403), "another device's name on it");
    assert_eq!(world.revoked.push(campaign, &[]), Err(403));
    assert_eq!(world.revoked.pull(campaign, Vec::new()), Err(403));
    assert_eq!(world.state(), before);
    // Carrying what another device of the campaign has signed is no forgery.
    let carrier = Author::enrolled(campaign, "Carrier", &[]);
    assert!(carrier.push(campaign, &[own]).is_ok());
    assert_eq!(world.device.events(campaign).iter().filter(|e| is_note(e)).count(), 1);
}

fn is_note(event: &canvass_core::change::PageEvent) -> bool {
    matches!(event.change.body, Body::Note(_))
}

#[test]
fn what_is_no_route_is_not_there() {
    let world = World::new();
    let send = |method, path: &str, bearer| {
        world.campaign.server.send(method, path, Some(bearer), Vec::new()).0
    };
    let (operator, device) = (&*world.operator, &*world.device.bearer);
    assert_eq!(send(Method::GET, "/v1/nothing", operator), 404);
    assert_eq!(send(Method::GET, "/v1/push", device), 405);
    assert_eq!(send(Method::DELETE, &world.campaign.path, operator), 405);
    assert_eq!(send(Method::DELETE, &world.campaign.path, device), 403, "not even that is told");
}
