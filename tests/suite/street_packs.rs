//! The streets that ride with a list: they come with it, stay what the campaign has, and go with
//! it; whatever becomes of them, a sync is none the worse.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::Method;
use canvass_core::engine::{SyncOutcome, SyncRequest};
use canvass_core::geometry::{Bounds, Point};
use canvass_core::street::StreetPack;
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PROTOCOL, StreetsReply, StreetsRequest};
use canvass_tests::author::Author;
use canvass_tests::campaign::{TestCampaign, TestPhone, street_pack};
use serde_json::{Value, json};

/// Where the doors of the fixture are.
const HERE: f64 = 44.2;
/// Where there are none.
const ELSEWHERE: f64 = 43.0;

fn put(campaign: &TestCampaign, pack: Vec<u8>) -> (u16, Value) {
    let path = format!("{}/streets", campaign.path);
    let (status, body) = campaign.server.operator_bytes(Method::POST, &path, pack);
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// Whom a phone thanks for its list's streets.
fn thanks(phone: &TestPhone) -> Option<String> {
    let pack = phone.engine().streets(phone.list()).expect("a list");
    pack.map(|pack| pack.info().attribution)
}

fn file(campaign: &TestCampaign, name: &str, phone: &TestPhone) -> PathBuf {
    campaign.folder.path().join(name).join(format!("list-{}.streets", phone.list()))
}

/// Syncs; how it ended, and how often streets were asked for.
fn sync_with(
    campaign: &TestCampaign,
    phone: &TestPhone,
    answer: impl Fn(&SyncRequest) -> Option<Reply>,
) -> (SyncOutcome, u32) {
    let mut asked = 0;
    let report = phone.phone.sync(|request| {
        if !request.url.ends_with("/v1/streets") {
            return Some(campaign.server.phone(request));
        }
        asked += 1;
        answer(request)
    });
    (report.expect("the engine syncs").outcome, asked)
}

#[test]
fn they_come_with_their_list_and_once() {
    let campaign = TestCampaign::small(1);
    let (status, told) = put(&campaign, street_pack(HERE));
    assert_eq!((status, &told["lists"], &told["edges"]), (200, &json!(1), &json!(1)), "{told}");
    let phone = campaign.joined("Ash");
    assert_eq!(thanks(&phone).as_deref(), Some("City of 44.2"));
    let again = sync_with(&campaign, &phone, |request| Some(campaign.server.phone(request)));
    assert_eq!(again, (SyncOutcome::Complete, 0));
    assert_eq!(phone.sync(&campaign).repaired, 0);
}

#[test]
fn a_pack_that_comes_later_or_anew_reaches_every_list() {
    let campaign = TestCampaign::small(1);
    let phone = campaign.joined("Ash");
    assert_eq!(thanks(&phone), None, "straight lines");
    assert_eq!(put(&campaign, street_pack(HERE)).0, 200);
    phone.sync(&campaign);
    assert_eq!(thanks(&phone).as_deref(), Some("City of 44.2"));
    assert_eq!(put(&campaign, street_pack(44.2005)).0, 200);
    phone.sync(&campaign);
    assert_eq!(thanks(&phone).as_deref(), Some("City of 44.2005"));
    // A list that is cut anew has the streets of its new doors.
    campaign.post("/lists/1/recut", &json!({ "turf": 1 }));
    phone.sync(&campaign);
    assert_eq!(thanks(&phone).as_deref(), Some("City of 44.2005"));
    // And one that is made later.
    campaign.post("/lists", &json!({ "turf": 1 }));
    let other = campaign.invite("Birch", &[2]);
    other.sync(&campaign);
    assert_eq!(thanks(&other).as_deref(), Some("City of 44.2005"));
}

#[test]
fn the_map_of_a_list_shows_the_outline_of_its_turf() {
    let campaign = TestCampaign::small(1);
    let phone = campaign.joined("Ash");
    let turf = || {
        let world = Bounds::around(
            [(-89.0, -179.0), (89.0, 179.0)]
                .map(|(lat, lon)| Point::new(lat, lon).expect("a position")),
        );
        phone.engine().map_features(phone.list(), world, 16.0).expect("a map").turf
    };
    let of_campaign =
        |number: usize| campaign.get("/turfs/all")["turfs"][number - 1]["outline"].clone();
    assert_eq!(json!(turf()), of_campaign(1));
    // Drawn by hand, with a hole: the list that is cut anew shows it so.
    let square = |lat: f64, lon: f64, half: f64| {
        json!([
            [lat - half, lon - half],
            [lat - half, lon + half],
            [lat + half, lon + half],
            [lat + half, lon - half],
            [lat - half, lon - half]
        ])
    };
    let outline = json!([square(HERE, -73.4, 0.4), square(HERE + 0.3, -73.4, 0.01)]);
    campaign.post("/turfs", &json!({ "outline": outline }));
    campaign.post("/lists/1/recut", &json!({ "turf": 2 }));
    phone.sync(&campaign);
    assert_eq!(json!(turf()), of_campaign(2));
    assert_eq!(turf().len(), 2, "its hole is in it");
}

#[test]
fn streets_elsewhere_and_no_streets_at_all_change_nothing() {
    let campaign = TestCampaign::small(1);
    let (status, told) = put(&campaign, street_pack(ELSEWHERE));
    assert_eq!((status, &told["lists"]), (200, &json!(0)));
    let mut damaged = street_pack(HERE);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    assert_eq!(put(&campaign, damaged).0, 400);
    assert_eq!(put(&campaign, b"no pack".to_vec()).0, 400);
    let phone = campaign.joined("Ash");
    assert_eq!(thanks(&phone), None);
}

#[test]
fn a_damaged_file_counts_as_none_and_comes_again() {
    let campaign = TestCampaign::small(1);
    put(&campaign, street_pack(HERE));
    let mut phone = campaign.joined("Ash");
    let file = file(&campaign, "Ash", &phone);
    let whole = std::fs::read(&file).expect("a plain file");
    for damaged in [whole[..whole.len() / 2].to_vec(), b"something else".to_vec(), Vec::new()] {
        std::fs::write(&file, damaged).expect("written");
        phone.phone.restart().expect("it opens");
        assert_eq!(thanks(&phone), None);
        assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
        assert_eq!(std::fs::read(&file).expect("a file"), whole);
        assert_eq!(thanks(&phone).as_deref(), Some("City of 44.2"));
    }
}

#[test]
fn whatever_comes_in_their_place_is_not_kept_and_harms_no_sync() {
    let campaign = TestCampaign::small(1);
    put(&campaign, street_pack(HERE));
    let phone = campaign.invite("Ash", &[1]);
    let reply = |status, body| Some(Reply { status, retry_after_s: None, body });
    let other = wire::encoded(&StreetsReply {
        protocol: PROTOCOL,
        pack: Some(street_pack(ELSEWHERE).into()),
        capabilities: None,
    });
    let none = StreetsReply { protocol: PROTOCOL, pack: None, capabilities: None };
    let answers = [
        None,
        reply(500, Vec::new()),
        reply(404, Vec::new()),
        reply(403, Vec::new()),
        reply(200, b"<html>log in</html>".to_vec()),
        reply(200, other),
        reply(200, wire::encoded(&none)),
    ];
    for answer in answers {
        let ended = sync_with(&campaign, &phone, |_| answer.clone());
        assert_eq!(ended, (SyncOutcome::Complete, 1), "{answer:?}");
        assert_eq!(thanks(&phone), None, "{answer:?}");
    }
    phone.sync(&campaign);
    assert_eq!(thanks(&phone).as_deref(), Some("City of 44.2"));
}

#[test]
fn they_go_with_their_list() {
    let campaign = TestCampaign::small(1);
    put(&campaign, street_pack(HERE));
    let phone = campaign.joined("Ash");
    let file = file(&campaign, "Ash", &phone);
    assert!(file.exists());
    campaign.post("/lists/1/withdraw", &Value::Null);
    phone.sync(&campaign);
    assert!(!file.exists(), "erased by the order, with all files of the list");
}

#[test]
fn a_device_gets_those_of_its_own_lists() {
    let campaign = TestCampaign::small(1);
    put(&campaign, street_pack(HERE));
    let asked = |device: &Author| {
        let request = StreetsRequest { protocol: PROTOCOL, list: 1, capabilities: None };
        let (status, _, body) = campaign.server.send(
            Method::POST,
            "/v1/streets",
            Some(&device.bearer),
            wire::encoded(&request),
        );
        assert_eq!(status, 200);
        wire::decoded::<StreetsReply>(&body).expect("a reply").pack
    };
    let pack = asked(&Author::enrolled(&campaign, "Ash", &[1])).expect("its streets");
    let pack = StreetPack::open(Arc::from(pack.to_vec())).expect("a pack");
    assert_eq!(pack.info().attribution, "City of 44.2");
    assert_eq!(asked(&Author::enrolled(&campaign, "Birch", &[])), None);
}
