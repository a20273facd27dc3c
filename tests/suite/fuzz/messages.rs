//! Valid messages to begin with: what a small campaign really says.

use axum::http::Method;
use canvass_core::change::{
    AnswerBody, AttemptBody, Body, Change, DoorRef, MemberRef, NoteBody, PendingChange, Segment,
    SuppressionBody,
};
use canvass_core::id::{ChangeId, HouseholdId, PersonId, ScriptHash};
use canvass_core::ports::SeededIds;
use canvass_core::seal::{Key, OpeningKey, enclose};
use canvass_core::survey::AnswerCode;
use canvass_core::sync::wire::{
    self, DropRequest, PROTOCOL, PullReply, PullRequest, PushRequest, part,
};
use canvass_core::walklist::CanvassResult;
use canvass_tests::author::{Author, Invitation, Said};
use canvass_tests::campaign::{MORNING, TestCampaign};

/// A little of every kind.
pub(super) fn said(author: &Author, first: u64) -> Vec<Said> {
    let at = |ordinal| DoorRef::Number { cell: 0, ordinal };
    let id = ChangeId { device: author.device, incarnation: 1, seq: first };
    let script = ScriptHash::derive(&[b"s"]);
    let answer =
        |question, value| Body::Answer(AnswerBody { script, question, value, attempt: id });
    let someone = Some(MemberRef::Number(1));
    let attempt = AttemptBody {
        door: Some(CanvassResult::NotHome),
        people: vec![(MemberRef::Number(1), CanvassResult::Contacted)],
        corrects: None,
    };
    vec![
        (at(0), None, Body::Attempt(attempt)),
        (at(0), someone, answer(0, Some(AnswerCode::Choice(2)))),
        (at(0), someone, answer(1, Some(AnswerCode::Choices(vec![1, 4])))),
        (at(0), someone, answer(2, Some(AnswerCode::Text("later".to_owned())))),
        (at(0), someone, answer(3, None)),
        (at(1), None, Body::Note(NoteBody { edits: None, text: "Side door.".to_owned() })),
        (at(1), None, Body::Suppression(SuppressionBody { set: true })),
        (at(1), None, Body::Undo(id)),
        (DoorRef::Met(id), None, Body::Unknown { kind: 900, bytes: vec![1, 2, 3] }),
    ]
}

/// A campaign, an author, and two segments of theirs that the server has taken.
pub(super) fn pushed() -> (TestCampaign, Author, Vec<Vec<u8>>) {
    let campaign = TestCampaign::small(1);
    let mut author = Author::enrolled(&campaign, "Ash", &[1]);
    let first = said(&author, 1);
    let first = author.segment(1, first);
    let note = NoteBody { edits: None, text: "Knock loud.".to_owned() };
    let second =
        author.segment(1, vec![(DoorRef::Number { cell: 0, ordinal: 3 }, None, Body::Note(note))]);
    let segments = vec![first, second];
    author.push(&campaign, &segments).expect("taken");
    (campaign, author, segments)
}

pub(super) fn segments() -> Vec<Vec<u8>> {
    pushed().2
}

pub(super) fn envelopes() -> Vec<Vec<u8>> {
    let ids = SeededIds::new(1, "fuzz");
    let campaign = OpeningKey::from_seed(&Key::random(&ids)).public();
    let share = Key::random(&ids);
    let enclosed = |bytes: Vec<u8>| {
        let segment = Segment::read(bytes).expect("a segment");
        enclose(&segment, &campaign, Some(&share), &ids).expect("sealed").to_bytes()
    };
    segments().into_iter().map(enclosed).collect()
}

/// Everything that a new phone is told.
fn reply() -> PullReply {
    let (campaign, author, _) = pushed();
    author.pull(&campaign, Vec::new()).expect("an answer")
}

fn parts(kinds: &[u8]) -> Vec<Vec<u8>> {
    let parts = reply().parts;
    let of = parts.into_iter().filter(|part| kinds.contains(&part.kind));
    of.map(|part| part.body.to_vec()).collect()
}

pub(super) fn pages() -> Vec<Vec<u8>> {
    parts(&[part::EVENTS])
}

pub(super) fn snapshots() -> Vec<Vec<u8>> {
    parts(&[part::DOORS, part::PEOPLE])
}

fn changes() -> Vec<Change> {
    let wire = segments()
        .into_iter()
        .flat_map(|bytes| Segment::read(bytes).expect("a segment").changes().expect("its changes"));
    let person = |member: &MemberRef| match member {
        MemberRef::Number(number) => Some(PersonId::derive(&[&number.to_be_bytes()])),
        MemberRef::Met(change) => Some(PersonId::met(*change)),
    };
    let named = wire.map(|change| change.renamed(|_| Some(HouseholdId::derive(&[b"h"])), person));
    named.map(|change| change.expect("known names")).collect()
}

pub(super) fn stored() -> Vec<Vec<u8>> {
    changes().iter().map(Change::to_bytes).collect()
}

pub(super) fn pending() -> Vec<Vec<u8>> {
    let pending = |change: Change| {
        let people = change.member.iter().map(|person| (*person, MemberRef::Number(1))).collect();
        let door = DoorRef::Number { cell: 0, ordinal: 1 };
        PendingChange { change, epoch: 1, door, people }.to_bytes()
    };
    changes().into_iter().map(pending).collect()
}

pub(super) fn push_request(segments: &[Vec<u8>]) -> Vec<u8> {
    let segments = segments.iter().cloned().map(Into::into).collect();
    wire::encoded(&PushRequest {
        protocol: PROTOCOL,
        segments,
        wall_ms: MORNING.millis(),
        done: Vec::new(),
        retry: None,
        capabilities: None,
    })
}

pub(super) fn pull_request() -> Vec<u8> {
    wire::encoded(&PullRequest {
        protocol: PROTOCOL,
        lists: Vec::new(),
        max_bytes: 1 << 20,
        wall_ms: MORNING.millis(),
        incarnation: 1,
        done: Vec::new(),
        capabilities: None,
    })
}

/// Requests and answers of every kind, and what travels in them.
pub(super) fn wire() -> Vec<Vec<u8>> {
    let (campaign, author, segments) = pushed();
    let invitation = Invitation::new(&campaign, "Birch", &[1]);
    let (_, _, enrolled) =
        campaign.server.send(Method::POST, "/v1/enrol", None, invitation.body.clone());
    let taken = author.push(&campaign, &segments).expect("an answer");
    let reply = author.pull(&campaign, Vec::new()).expect("an answer");
    let kinds = [part::HEAD, part::SCRIPT, part::NAMES];
    let inside = reply.parts.iter().filter(|part| kinds.contains(&part.kind));
    let inside: Vec<Vec<u8>> = inside.map(|part| part.body.to_vec()).collect();
    let sealed = drop_request(&campaign, &envelopes());
    let requests = [invitation.body, enrolled, push_request(&segments), pull_request(), sealed];
    let answers = [wire::encoded(&taken), wire::encoded(&reply)];
    [&requests[..], &answers, &inside].concat()
}

/// What a phone hands in that is shut out.
pub(super) fn drop_request(campaign: &TestCampaign, envelopes: &[Vec<u8>]) -> Vec<u8> {
    let author = Author::enrolled(campaign, "Gum", &[1]);
    wire::encoded(&DropRequest {
        protocol: PROTOCOL,
        campaign: author.campaign.to_bytes().into(),
        segments: envelopes.iter().cloned().map(Into::into).collect(),
        device: author.device.to_bytes().into(),
    })
}

/// What two phones that have not sent their work hand each other: a bundle and a summary.
pub(super) fn bundles() -> Vec<Vec<u8>> {
    let campaign = TestCampaign::small(2);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    ash.say(ash.door("2 Willow St"), "2");
    ash.say(ash.door("6 Willow St"), "1");
    let summary = birch.engine().peer_summary().expect("a summary");
    vec![ash.engine().make_bundle(&summary).expect("a bundle"), summary]
}

/// A sealed copy with some frames.
pub(super) fn sidecar() -> Vec<u8> {
    let campaign = TestCampaign::small(3);
    let ash = campaign.joined("Ash");
    ash.say(ash.door("2 Willow St"), "2");
    ash.say(ash.door("6 Willow St"), "1");
    std::fs::read(campaign.folder.path().join("Ash/unsent.seal")).expect("a sealed copy")
}
