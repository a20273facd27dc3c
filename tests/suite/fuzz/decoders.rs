//! Every decoder on its own: it reads or refuses; what it reads comes back as it was.

use std::fmt::Debug;

use canvass_core::change::{Change, Envelope, EventPage, PendingChange, Segment};
use canvass_core::id::{CampaignId, HouseholdId};
use canvass_core::store::{Directory, Sidecar, sealed_segments};
use canvass_core::sync::wire::{self, Name, Part, ScriptPart};
use canvass_core::sync::{
    Bundle, FrameCollector, PeerSummary, doors_of_bytes, doors_to_bytes, people_of_bytes,
    people_to_bytes,
};
use canvass_tests::temp::TempDir;
use minicbor::{Decode, Encode};

use super::{feed, messages};

#[test]
fn fuzz_segment() {
    feed("segment", &messages::segments(), |bytes| {
        let Ok(segment) = Segment::read(bytes.to_vec()) else { return };
        assert_eq!(segment.bytes(), bytes, "stored and forwarded as it came");
        let Ok(changes) = segment.changes() else { return };
        assert_eq!(changes.len(), segment.header.count as usize);
        let (signature, _) = segment.signature();
        let again = Segment::make(segment.header, &changes, |_| signature);
        if let Some(again) = again.filter(|again| again.header.count == segment.header.count) {
            assert_eq!(again.changes().as_ref(), Ok(&changes));
        }
    });
}

#[test]
fn fuzz_envelope() {
    feed("envelope", &messages::envelopes(), |bytes| {
        if let Ok(envelope) = Envelope::read(bytes) {
            assert_eq!(Envelope::read(&envelope.to_bytes()), Ok(envelope));
        }
    });
}

#[test]
fn fuzz_page() {
    feed("page", &messages::pages(), |bytes| {
        if let Ok(page) = EventPage::read(bytes) {
            assert_eq!(EventPage::read(&page.to_bytes()), Ok(page));
        }
    });
}

#[test]
fn fuzz_stored_change() {
    feed("stored_change", &messages::stored(), |bytes| {
        if let Ok(change) = Change::from_bytes(bytes) {
            assert_eq!(Change::from_bytes(&change.to_bytes()), Ok(change));
        }
    });
}

#[test]
fn fuzz_pending_change() {
    feed("pending_change", &messages::pending(), |bytes| {
        if let Ok(change) = PendingChange::from_bytes(bytes) {
            assert_eq!(PendingChange::from_bytes(&change.to_bytes()), Ok(change));
        }
    });
}

#[test]
fn fuzz_snapshot() {
    let campaign = CampaignId::derive(&[b"c"]);
    let household = |cell: u32, ordinal: u32| {
        Some(HouseholdId::derive(&[&cell.to_be_bytes(), &ordinal.to_be_bytes()]))
    };
    feed("snapshot", &messages::snapshots(), |bytes| {
        if let Ok(doors) = doors_of_bytes(campaign, bytes) {
            assert_eq!(doors_of_bytes(campaign, &doors_to_bytes(&doors)), Ok(doors));
        }
        if let Ok(people) = people_of_bytes(bytes, household) {
            assert_eq!(people_of_bytes(&people_to_bytes(&people), household), Ok(people));
        }
    });
}

/// A message that reads says the same when it is written and read again.
fn comes_back<T: for<'b> Decode<'b, ()> + Encode<()> + PartialEq + Debug>(bytes: &[u8]) {
    if let Some(message) = wire::decoded::<T>(bytes) {
        assert_eq!(wire::decoded(&wire::encoded(&message)), Some(message));
    }
}

#[test]
fn fuzz_messages() {
    feed("messages", &messages::wire(), |bytes| {
        comes_back::<wire::EnrolRequest>(bytes);
        comes_back::<wire::EnrolReply>(bytes);
        comes_back::<wire::PushRequest>(bytes);
        comes_back::<wire::PushReply>(bytes);
        comes_back::<wire::DropRequest>(bytes);
        comes_back::<wire::RevokedReply>(bytes);
        comes_back::<wire::GapReply>(bytes);
        comes_back::<wire::PullRequest>(bytes);
        comes_back::<wire::PullReply>(bytes);
        comes_back::<wire::CompareRequest>(bytes);
        comes_back::<wire::CompareReply>(bytes);
        comes_back::<wire::StreetsRequest>(bytes);
        comes_back::<wire::StreetsReply>(bytes);
        comes_back::<wire::ListHead>(bytes);
        comes_back::<Part>(bytes);
        comes_back::<ScriptPart>(bytes);
        comes_back::<Vec<Name>>(bytes);
    });
}

#[test]
fn fuzz_bundle() {
    feed("bundle", &messages::bundles(), |bytes| {
        if let Some(bundle) = Bundle::read(bytes) {
            assert_eq!(Bundle::read(&wire::encoded(&bundle)), Some(bundle));
        }
        if let Some(summary) = PeerSummary::read(bytes) {
            assert_eq!(PeerSummary::read(&wire::encoded(&summary)), Some(summary));
        }
    });
}

#[test]
fn fuzz_frames() {
    let bundle = &messages::bundles()[0];
    let frames = canvass_core::sync::to_frames(bundle, 300).expect("frames");
    let seeds: Vec<Vec<u8>> = frames.iter().map(|frame| frame.clone().into_bytes()).collect();
    feed("frames", &seeds, |bytes| {
        let mut collector = FrameCollector::default();
        // A stranger's frame between one's own: the whole is right, or there is none.
        let half = frames.len() / 2;
        let told = frames[..half].iter().map(String::as_str);
        let strange = String::from_utf8_lossy(bytes);
        let told = told.chain([&*strange]).chain(frames[half..].iter().map(String::as_str));
        for frame in told {
            if let Ok(Some(whole)) = collector.take(frame) {
                assert_eq!(&whole, bundle, "what its hash names");
            }
        }
        let (have, of) = collector.progress();
        assert!(have <= of.max(1), "{have} of {of}");
    });
}

#[test]
fn fuzz_sidecar() {
    let folder = TempDir::new();
    let directory = Directory::lock(folder.path()).expect("a directory");
    let path = folder.path().join("unsent.seal");
    feed("sidecar", &[messages::sidecar()], |bytes| {
        std::fs::write(&path, bytes).expect("written");
        let before = sealed_segments(&path);
        let mut sidecar = Sidecar::open(&directory).expect("what is damaged stands aside");
        let frames = sidecar.frames().to_vec();
        let read: Vec<_> =
            frames.iter().map(|frame| sidecar.read(*frame).expect("a whole frame")).collect();
        assert_eq!(read, before.unwrap_or_default(), "nothing that was whole is lost");
        let envelope = read.first().map(|bytes| Envelope::read(bytes).expect("an envelope"));
        if let Some(envelope) = envelope {
            sidecar.append(&[envelope]).expect("work goes on");
            let after = sealed_segments(&path).expect("a sidecar").len();
            assert_eq!(after, frames.len() + 1);
        }
        drop(sidecar);
    });
}
