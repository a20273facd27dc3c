//! The real server and the real engine, fed with altered requests and answers: refused with a
//! typed error, and nothing changed.

use std::cell::RefCell;

use axum::http::Method;
use canvass_core::engine::{Error, SyncInput, SyncOutcome, SyncStep};
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PROTOCOL, PullReply, part};
use canvass_tests::author::{Author, Invitation};
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::Value;

use super::{feed, messages};

/// What a campaign amounts to.
fn state(campaign: &TestCampaign) -> (Value, Value) {
    (campaign.get(""), campaign.get("/lists/1/digest"))
}

/// Whatever is sent there, the server answers, is not at a loss, and nothing changes.
fn nothing_changes(
    name: &str,
    path: &str,
    campaign: &TestCampaign,
    bearer: Option<&str>,
    seeds: &[Vec<u8>],
) {
    let before = state(campaign);
    feed(name, seeds, |bytes| {
        let sent = campaign.server.send(Method::POST, path, bearer, bytes.to_vec());
        assert!(sent.0 < 500, "answered {}", sent.0);
        assert_eq!(state(campaign), before, "answered {}", sent.0);
    });
}

#[test]
fn fuzz_server_push() {
    let (campaign, ash, segments) = messages::pushed();
    // Replays, alone and doubled; what another signed; another's name on what one signed.
    let birch = Author::enrolled(&campaign, "Birch", &[1]);
    let said = || messages::said(&birch, 1);
    let of_birch = birch.segment_at(1, 2, said());
    let forged = Author::enrolled(&campaign, "Cedar", &[1]).claiming_device(birch.device);
    let forged = forged.segment_at(1, 1, said());
    // In more places than are altered at once: what Birch did sign would be taken in.
    let mut altered = of_birch;
    let last = altered.len() - 8;
    altered[last..].iter_mut().for_each(|byte| *byte ^= 1);
    let seeds = [
        messages::push_request(&segments),
        messages::push_request(&[segments.clone(), segments].concat()),
        messages::push_request(&[forged]),
        messages::push_request(&[altered]),
    ];
    nothing_changes("push", "/v1/push", &campaign, Some(&ash.bearer), &seeds);
}

#[test]
fn fuzz_server_pull() {
    let (campaign, ash, _) = messages::pushed();
    let seeds = [messages::pull_request()];
    nothing_changes("pull", "/v1/pull", &campaign, Some(&ash.bearer), &seeds);
}

#[test]
fn fuzz_server_enrol() {
    let (campaign, _, _) = messages::pushed();
    let used = Invitation::new(&campaign, "Birch", &[1]).body;
    let (status, _, _) = campaign.server.send(Method::POST, "/v1/enrol", None, used.clone());
    assert_eq!(status, 200);
    let unknown = Invitation::with_secret("Cedar", vec![7; 32]).body;
    nothing_changes("enrol", "/v1/enrol", &campaign, None, &[used, unknown]);
}

#[test]
fn fuzz_server_drop() {
    let (campaign, _, _) = messages::pushed();
    // Sealed to another campaign's key: none of it can be opened here.
    let seeds = [messages::drop_request(&campaign, &messages::envelopes())];
    nothing_changes("drop", "/v1/drop", &campaign, None, &seeds);
}

/// A map in which a field stands twice is no message, whichever of the two would be harmless.
#[test]
fn a_doubled_key_is_refused_by_the_server() {
    let (campaign, ash, segments) = messages::pushed();
    let before = state(&campaign);
    for whole in [messages::push_request(&segments), messages::pull_request()] {
        let fields = whole[0];
        assert_eq!(fields & 0xf0, 0xa0, "a map of few fields");
        let version = u8::try_from(PROTOCOL).expect("a small number");
        let doubled = [&[fields + 1, 0x00, version][..], &whole[1..]].concat();
        let path = if whole.len() > 60 { "/v1/push" } else { "/v1/pull" };
        let send = |body| campaign.server.send(Method::POST, path, Some(&ash.bearer), body).0;
        assert_eq!((send(whole), send(doubled)), (200, 400), "{path}");
    }
    assert_eq!(state(&campaign), before);
}

#[test]
fn fuzz_engine_bundle() {
    let campaign = TestCampaign::small(2);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    ash.say(ash.door("2 Willow St"), "2");
    ash.say(ash.door("6 Willow St"), "1");
    birch.say(birch.door("6 Willow St"), "3");
    let summary = birch.engine().peer_summary().expect("a summary");
    let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
    let refused = |error: &Error| matches!(error, Error::BadBundle);
    feed("engine_bundle", &[bundle.clone(), summary], |bytes| {
        if let Err(error) = birch.engine().apply_bundle(bytes) {
            assert!(refused(&error), "{error:?}");
        }
        if let Err(error) = birch.engine().make_bundle(bytes) {
            assert!(refused(&error), "{error:?}");
        }
        // Whatever a summary claims to hold, the campaign does not have it yet.
        let status = birch.engine().sync_status().expect("a status");
        assert_eq!(status.on_this_phone + status.on_another_phone, 2);
    });
    birch.engine().apply_bundle(&bundle).expect("the true one");
    let again = birch.engine().apply_bundle(&bundle).expect("twice");
    assert_eq!((again.changes, again.refused), (0, 0));
    for phone in [&birch, &ash, &birch] {
        assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete);
    }
    let digest = |phone: &TestPhone| phone.engine().state_digest(phone.list()).expect("a digest");
    assert_eq!(digest(&ash), digest(&birch));
    // An attempt and an answer for each thing said, each once.
    assert_eq!(campaign.exported().len(), 6);
}

/// One sync to its end; the answer to its first pull is given as `alter` makes it.
fn sync(phone: &TestPhone, campaign: &TestCampaign, alter: &dyn Fn(Vec<u8>) -> Vec<u8>) {
    let mut input = SyncInput::Begin { now: true };
    let mut alter = Some(alter);
    for _ in 0..100 {
        input = match phone.engine().sync_next(input).expect("bad answers are no errors of the app")
        {
            SyncStep::Send { request } => {
                let mut reply: Reply = campaign.server.phone(&request);
                if request.url.ends_with("/pull")
                    && let Some(alter) = alter.take()
                {
                    reply.body = alter(reply.body);
                }
                let Reply { status, retry_after_s, body } = reply;
                SyncInput::Reply { status, retry_after_s, body }
            }
            SyncStep::Wait { .. } => SyncInput::Waited,
            SyncStep::Done { .. } => return,
        };
    }
    panic!("a sync without an end");
}

#[test]
fn fuzz_engine_pull() {
    let (campaign, _, _) = messages::pushed();
    let (ash, birch) = (campaign.joined("Dogwood"), campaign.joined("Elm"));
    let household = ash.door("2 Willow St");
    let step = RefCell::new(0_u32);
    let one_more = || {
        *step.borrow_mut() += 1;
        let text = format!("Note {}", step.borrow());
        ash.engine().record_note(ash.list(), household, &text).expect("recorded");
        assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    };
    // Seeds are what the choices are: the answer itself is made anew each time.
    feed(
        "engine",
        &[vec![0; 16], vec![9, 1, 2, 0, 40, 3], vec![1, 1, 5, 3, 9, 9, 9, 9]],
        |choices| {
            one_more();
            let saved =
                birch.engine().record_note(birch.list(), household, "Own").expect("recorded");
            sync(&birch, &campaign, &|body| super::made(&[body], choices));
            let report = birch.sync(&campaign);
            assert_eq!(report.outcome, SyncOutcome::Complete, "{report:?}");
            let digest = birch.engine().state_digest(birch.list()).expect("a digest").to_string();
            assert_eq!(campaign.get("/lists/1/digest")["digest"], digest);
            let view = birch.engine().household(birch.list(), household).expect("a household");
            assert!(
                view.notes.iter().any(|note| note.note == saved.change),
                "its own note is there"
            );
        },
    );
}

/// The answer with the first part of this kind a byte shorter.
fn with_cut(body: &[u8], kind: u8) -> Vec<u8> {
    let mut reply: PullReply = wire::decoded(body).expect("an answer");
    let cut = reply.parts.iter_mut().find(|part| part.kind == kind).expect("such a part");
    let mut bytes = cut.body.to_vec();
    bytes.pop();
    cut.body = bytes.into();
    wire::encoded(&reply)
}

#[test]
fn a_part_that_cannot_be_read_is_asked_for_again() {
    let (campaign, _, _) = messages::pushed();
    for kind in [part::HEAD, part::DOORS, part::PEOPLE, part::SCRIPT, part::NAMES, part::EVENTS] {
        let phone = campaign.invite(&format!("Kind {kind}"), &[1]);
        sync(&phone, &campaign, &|body| with_cut(&body, kind));
        assert_eq!(phone.sync(&campaign).outcome, SyncOutcome::Complete, "kind {kind}");
        let digest = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
        assert_eq!(campaign.get("/lists/1/digest")["digest"], digest, "kind {kind}");
    }
}
