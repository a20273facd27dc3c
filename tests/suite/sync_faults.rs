//! What goes wrong between phone and server, and what is left when it is over: every change
//! once, nothing lost, and a typed outcome.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use axum::http::Method;
use canvass_core::engine::{
    AnswerInput, AttemptInput, PersonMetInput, SyncInput, SyncOutcome, SyncReport, SyncRequest,
    SyncStep,
};
use canvass_core::survey::AnswerValue;
use canvass_core::sync::Reply;
use canvass_core::sync::wire::{self, PROTOCOL, PushReply, PushRequest};
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::{Value, json};

const DOOR: &str = "6 Willow St";

/// What happens to one request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It never arrives.
    RequestLost,
    /// The server serves it; the answer never arrives.
    ReplyLost,
    /// The server serves it; half of the answer arrives.
    ReplyCut,
    /// Some network's login page answers in the server's place.
    Html,
    /// Something answers with this status in the server's place.
    Status(u16),
}

const FAULTS: [Fault; 10] = [
    Fault::RequestLost,
    Fault::ReplyLost,
    Fault::ReplyCut,
    Fault::Html,
    Fault::Status(302),
    Fault::Status(408),
    Fault::Status(413),
    Fault::Status(429),
    Fault::Status(500),
    Fault::Status(503),
];

fn page() -> Reply {
    let body = b"<!DOCTYPE html><html><body>Please log in</body></html>".to_vec();
    Reply { status: 200, retry_after_s: None, body }
}

fn answered(status: u16) -> Reply {
    Reply { status, retry_after_s: None, body: Vec::new() }
}

/// A line to the server on which one request meets a fault.
struct Line<'a> {
    campaign: &'a TestCampaign,
    fault: Option<(usize, Fault)>,
    requests: usize,
}

impl Line<'_> {
    fn send(&mut self, request: &SyncRequest) -> Option<Reply> {
        let number = self.requests;
        self.requests += 1;
        let serve = || self.campaign.server.phone(request);
        match self.fault {
            Some((at, fault)) if at == number => match fault {
                Fault::RequestLost => None,
                Fault::ReplyLost => {
                    serve();
                    None
                }
                Fault::ReplyCut => {
                    let reply = serve();
                    let body = reply.body[..reply.body.len() / 2].to_vec();
                    Some(Reply { body, ..reply })
                }
                Fault::Html => Some(page()),
                Fault::Status(status) => Some(answered(status)),
            },
            _ => Some(serve()),
        }
    }

    /// Syncs until everything is exchanged, as a person who tries again would.
    fn sync(&mut self, phone: &TestPhone) -> SyncReport {
        for _ in 0..3 {
            let report = phone.phone.sync(|request| self.send(request)).expect("no error");
            if report.outcome == SyncOutcome::Complete {
                return report;
            }
        }
        panic!("the queue does not drain");
    }
}

/// One of everything at one door.
fn record(phone: &TestPhone) {
    let (engine, list, household) = (phone.engine(), phone.list(), phone.door(DOOR));
    let person = phone.person(household, 0);
    let knock = AttemptInput::at_door(list, household, Some(CanvassResult::NotHome));
    let attempt = engine.record_attempt(&knock).expect("a knock").attempt;
    let value = Some(AnswerValue::Choice { option: "2".to_owned() });
    let question = "support".to_owned();
    let answer = AnswerInput { list, household, person, question, value, attempt, script: None };
    engine.record_answer(&answer).expect("an answer");
    engine.record_note(list, household, "Dog behind the gate.").expect("a note");
    let met = PersonMetInput {
        list,
        household,
        given_name: "Fern".to_owned(),
        family_name: String::new(),
        language: String::new(),
    };
    engine.add_person(&met).expect("a person");
}

/// What is there when the day is over.
#[derive(Debug, PartialEq)]
struct Evening {
    counts: Value,
    export: Vec<u8>,
    digests: Vec<String>,
    phone: String,
    unsent: u32,
}

/// A day of two syncs and two phones, in which one request meets a fault; the requests made.
fn day(fault: Option<(usize, Fault)>) -> (Evening, usize) {
    let campaign = TestCampaign::small(1);
    let ash = campaign.invite("Ash", &[1]);
    let mut line = Line { campaign: &campaign, fault, requests: 0 };
    line.sync(&ash);
    record(&ash);
    let report = line.sync(&ash);
    assert_eq!((report.set_aside, report.conflicts, report.repaired), (0, 0, 0));
    let birch = campaign.joined("Birch");
    let path = format!("{}/export/csv", campaign.path);
    let (_, export) = campaign.server.operator_bytes(Method::GET, &path, Vec::new());
    let digest = |phone: &TestPhone| {
        phone.engine().state_digest(phone.list()).expect("a digest").to_string()
    };
    let server = campaign.get("/lists/1/digest")["digest"].as_str().expect("a digest").to_owned();
    let view = ash.engine().household(ash.list(), ash.door(DOOR)).expect("a household");
    let status = ash.engine().sync_status().expect("a status");
    let evening = Evening {
        counts: campaign.get(""),
        export,
        digests: vec![server, digest(&ash), digest(&birch)],
        phone: format!("{view:?}"),
        unsent: status.on_this_phone + status.at_campaign,
    };
    (evening, line.requests)
}

#[test]
fn whatever_happens_to_one_request_every_change_is_there_once() {
    let (expected, requests) = day(None);
    assert_eq!(expected.counts["changes"], json!(4));
    assert_eq!(expected.unsent, 0);
    assert!(expected.digests.iter().all(|digest| *digest == expected.digests[0]));
    assert!(requests >= 4, "enrol, pull, push, pull");
    for at in 0..requests {
        for fault in FAULTS {
            assert_eq!(day(Some((at, fault))).0, expected, "{fault:?} at request {at}");
        }
    }
}

/// What a phone holds and has still to send.
fn held(phone: &TestPhone) -> String {
    let (engine, list) = (phone.engine(), phone.list());
    let view = engine.household(list, phone.door(DOOR)).expect("a household");
    let status = engine.sync_status().expect("a status");
    let digest = engine.state_digest(list).expect("a digest");
    format!("{view:?} {} {} {digest}", status.on_this_phone, status.at_campaign)
}

/// Syncs on a line that always does the same; the report, and what was asked.
fn sync_with(
    phone: &TestPhone,
    mut reply: impl FnMut(&SyncRequest) -> Option<Reply>,
) -> (SyncReport, Vec<String>) {
    let mut asked = Vec::new();
    let report = phone.phone.sync(|request| {
        asked.push(request.url.clone());
        reply(request)
    });
    (report.expect("no error"), asked)
}

#[test]
fn a_line_that_never_works_ends_typed_and_leaves_everything_as_it_is() {
    let campaign = TestCampaign::small(2);
    let ash = campaign.joined("Ash");
    record(&ash);
    let before = held(&ash);
    let cases: [(Option<Reply>, SyncOutcome); 9] = [
        (None, SyncOutcome::Offline),
        (Some(page()), SyncOutcome::Offline),
        (Some(answered(302)), SyncOutcome::Offline),
        (Some(answered(500)), SyncOutcome::ServerTrouble),
        (Some(answered(502)), SyncOutcome::ServerTrouble),
        (Some(answered(413)), SyncOutcome::Refused),
        (Some(answered(400)), SyncOutcome::Refused),
        (Some(answered(409)), SyncOutcome::Refused),
        (Some(answered(401)), SyncOutcome::NotEnrolled),
    ];
    for (reply, outcome) in cases {
        let (report, asked) = sync_with(&ash, |_| reply.clone());
        assert_eq!(report.outcome, outcome, "{reply:?}");
        assert!((1..=40).contains(&asked.len()), "{reply:?}: {} requests", asked.len());
        assert_eq!((report.sent, report.received), (0, 0));
        assert_eq!(held(&ash), before, "{reply:?}");
    }
    assert_eq!(ash.sync(&campaign).sent, 4, "nothing was lost");
    assert_eq!(ash.engine().sync_status().expect("a status").next_try, None);
}

#[test]
fn a_refused_connection_is_no_answer() {
    let campaign = TestCampaign::small(3);
    let ash = campaign.joined("Ash");
    record(&ash);
    let before = held(&ash);
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let (report, _) = sync_with(&ash, |_| {
        TcpStream::connect(address).expect_err("nobody listens there");
        None
    });
    assert_eq!(report.outcome, SyncOutcome::Offline);
    assert!(report.retry_at.is_some());
    assert_eq!(held(&ash), before);
}

#[test]
fn trouble_is_waited_out_longer_each_time_and_never_hammered() {
    let campaign = TestCampaign::small(4);
    let ash = campaign.joined("Ash");
    record(&ash);
    let mut input = SyncInput::Begin { now: true };
    let mut waits = Vec::new();
    let report = loop {
        input = match ash.engine().sync_next(input).expect("no error") {
            SyncStep::Send { .. } => {
                SyncInput::Reply { status: 500, retry_after_s: None, body: b"oops".to_vec() }
            }
            SyncStep::Wait { wait_ms } => {
                waits.push(wait_ms);
                SyncInput::Waited
            }
            SyncStep::Done { report } => break report,
        };
    };
    assert_eq!(waits.len(), 2, "three tries while someone waits");
    assert!(waits.iter().all(|wait_ms| (1_000..=900_000).contains(wait_ms)), "{waits:?}");
    assert!(report.retry_at.is_some());
    // Nobody waits any more: the phone keeps still until then.
    let step = ash.engine().sync_next(SyncInput::Begin { now: false }).expect("no error");
    assert!(matches!(step, SyncStep::Wait { wait_ms: 1.. }), "{step:?}");
    ash.clock.advance_ms(16 * 60 * 1000);
    let step = ash.engine().sync_next(SyncInput::Begin { now: false }).expect("no error");
    assert!(matches!(step, SyncStep::Send { .. }), "{step:?}");
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let campaign = TestCampaign::small(5);
    let ash = campaign.joined("Ash");
    record(&ash);
    let busy = Reply { status: 503, retry_after_s: Some(120), body: Vec::new() };
    let (report, asked) = sync_with(&ash, |_| Some(busy.clone()));
    assert_eq!((report.outcome, asked.len()), (SyncOutcome::ServerTrouble, 1));
    let retry_at = report.retry_at.expect("a moment");
    assert!(retry_at.millis() >= campaign_now(&ash) + 120_000);
}

#[test]
fn a_server_that_says_yes_and_takes_nothing_is_left() {
    let campaign = TestCampaign::small(10);
    let ash = campaign.joined("Ash");
    record(&ash);
    let before = held(&ash);
    let empty = PushReply {
        protocol: PROTOCOL,
        marks: Vec::new(),
        exceptions: Vec::new(),
        server_ms: campaign_now(&ash),
        refused: Vec::new(),
        orders: Vec::new(),
        capabilities: None,
    };
    let body = wire::encoded(&empty);
    let mut pushes = 0;
    let (report, _) = sync_with(&ash, |_| {
        pushes += 1;
        assert!(pushes < 10, "it is not asked for ever");
        Some(Reply { status: 200, retry_after_s: None, body: body.clone() })
    });
    assert_eq!((report.outcome, report.sent), (SyncOutcome::ServerTrouble, 0));
    assert_eq!(held(&ash), before);
    assert_eq!(ash.sync(&campaign).sent, 4);
}

fn campaign_now(phone: &TestPhone) -> i64 {
    use canvass_core::ports::Clock;
    phone.clock.wall().millis()
}

fn notes(phone: &TestPhone, count: usize) {
    let (list, household) = (phone.list(), phone.door(DOOR));
    for number in 0..count {
        let text = format!("Note {number}");
        phone.engine().record_note(list, household, &text).expect("a note");
    }
}

fn segments_of(request: &SyncRequest) -> Option<PushRequest> {
    request.url.ends_with("/v1/push").then(|| wire::decoded(&request.body).expect("a push"))
}

#[test]
fn a_batch_that_is_too_large_is_halved_until_it_passes() {
    let campaign = TestCampaign::small(6);
    let ash = campaign.joined("Ash");
    notes(&ash, 600);
    let mut refused = 0;
    let (report, _) = sync_with(&ash, |request| match segments_of(request) {
        Some(push) if push.segments.len() > 1 => {
            refused += 1;
            Some(answered(413))
        }
        _ => Some(campaign.server.phone(request)),
    });
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Complete, 600));
    assert!(refused >= 1);
    assert_eq!(campaign.get("")["changes"], json!(600));
}

#[test]
fn a_segment_lost_on_the_way_leaves_no_gap() {
    let campaign = TestCampaign::small(7);
    let ash = campaign.joined("Ash");
    notes(&ash, 600);
    // A proxy that drops the first of several segments: the server must not take the others.
    let (report, _) = sync_with(&ash, |request| {
        let mut request = request.clone();
        if let Some(mut push) = segments_of(&request) {
            assert_eq!(push.segments.len(), 3, "256 changes at most in each");
            push.segments.remove(0);
            request.body = wire::encoded(&push);
        }
        Some(campaign.server.phone(&request))
    });
    assert_eq!((report.outcome, report.sent), (SyncOutcome::Refused, 0));
    assert_eq!(campaign.get("")["changes"], json!(0), "nothing is held for later");
    assert_eq!(ash.sync(&campaign).sent, 600);
    assert_eq!(campaign.get("")["changes"], json!(600));
}

#[test]
fn a_retry_sends_the_very_same_segments() {
    let campaign = TestCampaign::small(8);
    let mut ash = campaign.joined("Ash");
    notes(&ash, 300);
    let mut pushes = Vec::new();
    for _ in 0..2 {
        let (report, _) = sync_with(&ash, |request| {
            pushes.extend(segments_of(request).map(|push| push.segments));
            None
        });
        assert_eq!(report.outcome, SyncOutcome::Offline);
        ash.phone.restart().expect("opened again");
        notes(&ash, 1);
    }
    assert_eq!(pushes.len(), 6, "three tries, twice");
    for push in &pushes {
        assert!(push.starts_with(&pushes[0]), "made once, signed once");
    }
    assert_eq!(ash.sync(&campaign).sent, 302);
}

#[test]
fn a_conversation_left_half_way_is_begun_anew() {
    let campaign = TestCampaign::small(9);
    let mut ash = campaign.invite("Ash", &[1]);
    for steps in 0..4 {
        let mut input = SyncInput::Begin { now: true };
        for _ in 0..steps {
            let SyncStep::Send { request } = ash.engine().sync_next(input).expect("no error")
            else {
                break;
            };
            let Reply { status, retry_after_s, body } = campaign.server.phone(&request);
            input = SyncInput::Reply { status, retry_after_s, body };
        }
        ash.phone.restart().expect("opened again");
    }
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    record(&ash);
    assert_eq!(ash.sync(&campaign).sent, 4);
    let digest = ash.engine().state_digest(ash.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(digest));
}
