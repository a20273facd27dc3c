//! Segments as the server meets them: gaps, duplicates, forgeries, and kinds of change that
//! only a later build knows.

use std::path::Path;

use canvass_core::change::{Body, DoorRef, NoteBody};
use canvass_core::ports::SeededIds;
use canvass_core::seal::FileKeyVault;
use canvass_core::store::{Directory, ListDb, MainDb, list_key};
use canvass_core::sync::wire::{PushReply, exception};
use canvass_tests::author::{Author, Said};
use canvass_tests::campaign::{TestCampaign, read};
use serde_json::json;

const DOOR: DoorRef = DoorRef::Number { cell: 0, ordinal: 0 };
/// A kind that no build knows yet.
const LATER_KIND: u16 = 900;

fn note(text: &str) -> Said {
    (DOOR, None, Body::Note(NoteBody { edits: None, text: text.to_owned() }))
}

fn later(bytes: &[u8]) -> Said {
    (DOOR, None, Body::Unknown { kind: LATER_KIND, bytes: bytes.to_vec() })
}

fn marks(reply: &PushReply) -> Vec<u64> {
    reply.marks.iter().map(|mark| mark.seq).collect()
}

fn told(reply: &PushReply) -> Vec<(u64, u8)> {
    reply.exceptions.iter().map(|told| (told.seq, told.code)).collect()
}

#[test]
fn the_same_segment_again_is_a_duplicate() {
    let campaign = TestCampaign::small(1);
    let mut author = Author::enrolled(&campaign, "Ash", &[1]);
    let segment = author.segment(1, vec![note("One"), note("Two")]);
    let twice = [segment.clone(), segment.clone()];
    let reply = author.push(&campaign, &twice).expect("an answer");
    let duplicates = vec![(1, exception::DUPLICATE), (2, exception::DUPLICATE)];
    assert_eq!((marks(&reply), told(&reply)), (vec![2], duplicates.clone()));
    let reply = author.push(&campaign, &[segment]).expect("an answer");
    assert_eq!((marks(&reply), told(&reply)), (vec![2], duplicates));
    assert_eq!(campaign.get("")["changes"], json!(2));
    assert_eq!(author.events(&campaign).len(), 2);
}

#[test]
fn a_gap_is_refused_and_nothing_of_the_push_is_kept() {
    let campaign = TestCampaign::small(2);
    let mut author = Author::enrolled(&campaign, "Ash", &[1]);
    let segments: Vec<_> =
        ["One", "Two", "Three"].map(|text| author.segment(1, vec![note(text)])).into();
    assert_eq!(author.push(&campaign, &segments[1..]), Err(409));
    let with_a_hole = [segments[0].clone(), segments[2].clone()];
    assert_eq!(author.push(&campaign, &with_a_hole), Err(409));
    assert_eq!(campaign.get("")["changes"], json!(0));
    let reply = author.push(&campaign, &segments).expect("an answer");
    assert_eq!((marks(&reply), told(&reply)), (vec![3], vec![]));
    assert_eq!(campaign.get("")["changes"], json!(3));
}

#[test]
fn another_segment_in_the_place_of_one_is_refused() {
    let campaign = TestCampaign::small(3);
    let mut author = Author::enrolled(&campaign, "Ash", &[1]);
    let first = author.segment(1, vec![note("One"), note("Two")]);
    author.push(&campaign, std::slice::from_ref(&first)).expect("an answer");
    for other in [
        author.segment_at(1, 1, vec![note("Another")]),
        author.segment_at(2, 1, vec![note("Overlapping"), note("Three")]),
    ] {
        assert_eq!(author.push(&campaign, &[other]), Err(409));
    }
    let mut forged = author.segment_at(3, 1, vec![note("Three")]);
    let last = forged.len() - 1;
    forged[last] ^= 1;
    assert_eq!(author.push(&campaign, &[forged]), Err(403), "the signature covers every byte");
    assert_eq!(author.push(&campaign, &[first[..40].to_vec()]), Err(400));
    assert_eq!(campaign.get("")["changes"], json!(2));
}

/// What a phone's list files keep of a kind: read as a later build would, once the app that
/// wrote them is closed.
fn kept(directory: &Path, kind: u16) -> Vec<Body<canvass_core::id::PersonId>> {
    let ids = SeededIds::new(9, "reader");
    let vault = FileKeyVault::new(&directory.join("keys"), SeededIds::new(9, "vault"));
    let directory = Directory::lock(directory).expect("the app is closed");
    let keys = directory.keys(&vault, &ids).expect("keys");
    let main = MainDb::open(&directory, &keys.main).expect("main.db");
    let mut bodies = Vec::new();
    for entry in main.lists().expect("lists") {
        let key = list_key(&entry, &vault).expect("a key");
        let db = ListDb::open(&directory, entry.id, &key, true).expect("a list");
        for num in db.lookup().household_nums().expect("households") {
            let events = db.lookup().events(num).expect("events");
            let own = events.into_iter().map(|event| event.change.body);
            bodies.extend(own.filter(|body| body.kind() == kind));
        }
    }
    bodies
}

#[test]
fn a_change_of_an_unknown_kind_is_kept_and_forwarded_untouched() {
    let campaign = TestCampaign::small(4);
    let ash = campaign.joined("Ash");
    let mut author = Author::enrolled(&campaign, "Later", &[1]);
    let contents = [&b"\x00\xffanything at all"[..], b""];
    let said = vec![later(contents[0]), note("Between"), later(contents[1])];
    let segment = author.segment(1, said);
    let reply = author.push(&campaign, &[segment]).expect("an answer");
    assert_eq!((marks(&reply), told(&reply)), (vec![3], vec![]), "taken like any other");

    let expected: Vec<Body<_>> =
        contents.map(|bytes| Body::Unknown { kind: LATER_KIND, bytes: bytes.to_vec() }).into();
    let forwarded = |author: &Author| {
        let bodies = author.events(&campaign).into_iter().map(|event| event.change.body);
        let bodies: Vec<_> = bodies.filter(|body| body.kind() == LATER_KIND).collect();
        assert_eq!(bodies.len(), 2);
        assert!(
            bodies
                .iter()
                .zip(contents)
                .all(|(body, told)| matches!(body, Body::Unknown { bytes, .. } if bytes == told))
        );
    };
    // Another phone of the later build gets it as it was written, and so does its author.
    forwarded(&Author::enrolled(&campaign, "Later too", &[1]));
    forwarded(&author);
    // A phone of this build keeps it, agrees with the server, and shows what it understands.
    let report = ash.sync(&campaign);
    assert_eq!((report.received, report.repaired), (3, 0));
    let door = ash.engine().doors(ash.list(), None, 500).expect("doors").doors;
    let shown = door.iter().filter(|door| {
        let view = ash.engine().household(ash.list(), door.household).expect("a household");
        view.notes.iter().any(|note| note.text == "Between")
    });
    assert_eq!(shown.count(), 1);
    // Given out anew, as after a re-import, it comes again.
    let mut file = read("people.csv");
    file.extend_from_slice(b"p99,d02,Sorrel,Wren,1990,,,,en,,,,\n");
    campaign.import("people", "people", &file);
    assert_eq!(ash.sync(&campaign).repaired, 0);
    ash.engine().close();
    assert_eq!(kept(&campaign.folder.path().join("Ash"), LATER_KIND), expected);
}

#[test]
fn a_known_kind_that_cannot_be_read_is_set_aside_and_stops_nothing() {
    let campaign = TestCampaign::small(5);
    let mut author = Author::enrolled(&campaign, "Ash", &[1]);
    let nonsense = (DOOR, None, Body::Unknown { kind: 7, bytes: vec![0xff; 3] });
    let nowhere = (
        DoorRef::Number { cell: 77, ordinal: 0 },
        None,
        Body::Note(NoteBody { edits: None, text: "Nowhere".to_owned() }),
    );
    let segment = author.segment(1, vec![nonsense, nowhere, note("After them")]);
    let reply = author.push(&campaign, &[segment]).expect("an answer");
    assert_eq!(marks(&reply), [3]);
    assert_eq!(told(&reply), [(1, exception::SET_ASIDE), (2, exception::SET_ASIDE)]);
    let counts = campaign.get("");
    assert_eq!((&counts["changes"], &counts["set_aside"]), (&json!(1), &json!(2)));
}
