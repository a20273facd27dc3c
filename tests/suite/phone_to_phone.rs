//! Phone to phone: work is handed on without a server, shown where the list is held, carried
//! unread where it is not, and counted once when it arrives.

use canvass_core::change::Envelope;
use canvass_core::engine::{AttemptInput, BundleReport, Error, SavedWhere, SyncOutcome};
use canvass_core::sync::{Bundle, FrameCollector, to_frames, wire};
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::{Value, json};

const DOOR: &str = "6 Willow St";

/// What `from` has, handed to `to`.
fn hand_over(from: &TestPhone, to: &TestPhone) -> BundleReport {
    let summary = to.engine().peer_summary().expect("a summary");
    let bundle = from.engine().make_bundle(&summary).expect("a bundle");
    to.engine().apply_bundle(&bundle).expect("taken in")
}

fn knock(phone: &TestPhone, address: &str) -> String {
    let door = Some(CanvassResult::Refused);
    let input = AttemptInput::at_door(phone.list(), phone.door(address), door);
    phone.engine().record_attempt(&input).expect("a knock").change.to_string()
}

/// Where the only attempt at a door is safe, as this phone knows.
fn saved(phone: &TestPhone, address: &str) -> SavedWhere {
    let view = phone.engine().household(phone.list(), phone.door(address)).expect("a household");
    view.attempts[0].saved
}

/// Unsent changes: on this phone only, on another one too, at the campaign.
fn counts(phone: &TestPhone) -> (u32, u32, u32) {
    let status = phone.engine().sync_status().expect("a status");
    (status.on_this_phone, status.on_another_phone, status.at_campaign)
}

#[test]
fn each_record_tells_whether_it_is_here_on_another_phone_or_at_the_campaign() {
    let campaign = TestCampaign::small(37);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    knock(&ash, DOOR);
    assert_eq!((saved(&ash, DOOR), counts(&ash)), (SavedWhere::OnThisPhone, (1, 0, 0)));
    hand_over(&ash, &birch);
    assert_eq!((saved(&birch, DOOR), counts(&birch)), (SavedWhere::OnAnotherPhone, (0, 0, 0)));
    assert_eq!(saved(&ash, DOOR), SavedWhere::OnThisPhone, "Birch has said nothing yet");
    // Ash learns of it from Birch's next bundle, and goes on.
    hand_over(&birch, &ash);
    assert_eq!((saved(&ash, DOOR), counts(&ash)), (SavedWhere::OnAnotherPhone, (0, 1, 0)));
    knock(&ash, "2 Willow St");
    assert_eq!(counts(&ash), (1, 1, 0));
    // The campaign's receipt comes back without a network.
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(saved(&birch, DOOR), SavedWhere::AtCampaign);
    hand_over(&birch, &ash);
    assert_eq!((saved(&ash, DOOR), counts(&ash)), (SavedWhere::AtCampaign, (1, 0, 1)));
    assert_eq!(saved(&ash, "2 Willow St"), SavedWhere::OnThisPhone);
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!((saved(&ash, "2 Willow St"), counts(&ash)), (SavedWhere::AtCampaign, (0, 0, 0)));
}

#[test]
fn what_an_exchange_brought_is_told_in_words() {
    let campaign = TestCampaign::small(38);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    knock(&ash, DOOR);
    let told = |report| birch.engine().bundle_sentence(&report);
    assert_eq!(told(hand_over(&ash, &birch)), "1 change of another phone was taken in.");
    assert_eq!(told(hand_over(&ash, &birch)), "Everything in it was here already.");
    let report = birch.sync(&campaign);
    let told = birch.engine().sync_sentence(&report);
    assert!(told.starts_with("Everything is exchanged with the campaign."), "{told}");
}

fn attempts(phone: &TestPhone, address: &str) -> usize {
    let view = phone.engine().household(phone.list(), phone.door(address)).expect("a household");
    view.attempts.len()
}

#[test]
fn what_one_phone_recorded_is_seen_on_another_and_counts_once() {
    let campaign = TestCampaign::small(31);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let saved = [knock(&ash, DOOR), knock(&ash, "2 Willow St")];
    let report = hand_over(&ash, &birch);
    assert_eq!((report.changes, report.shown, report.known, report.refused), (2, 2, 0, 0));
    assert_eq!(attempts(&birch, DOOR), 1);
    assert_eq!(hand_over(&ash, &birch), BundleReport::default(), "nothing is lacking any more");
    // The very same bundle again.
    let bundle = ash.engine().make_bundle(&summary_of_nothing(&birch)).expect("a bundle");
    let again = birch.engine().apply_bundle(&bundle).expect("taken in");
    assert_eq!((again.changes, again.known), (0, 2));
    assert_eq!(attempts(&birch, DOOR), 1);
    // Birch takes it to the campaign; Ash comes later and finds it there.
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    let rows = campaign.exported();
    assert!(rows.len() == 2 && saved.iter().all(|id| rows.contains(id)));
    assert_eq!(attempts(&birch, DOOR), 1);
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(campaign.exported().len(), 2);
    for phone in [&ash, &birch] {
        let digest = phone.engine().state_digest(phone.list()).expect("a digest").to_string();
        assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(digest));
        assert_eq!(phone.engine().sync_status().expect("a status").on_this_phone, 0);
    }
}

/// The summary of a phone that holds nothing yet, in Birch's name.
fn summary_of_nothing(phone: &TestPhone) -> Vec<u8> {
    let summary = phone.engine().peer_summary().expect("a summary");
    let mut summary = canvass_core::sync::PeerSummary::read(&summary).expect("a summary");
    summary.held.clear();
    wire::encoded(&summary)
}

#[test]
fn a_correction_of_what_was_only_seen_in_a_bundle_is_no_conflict() {
    let campaign = TestCampaign::small(32);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let household = ash.door(DOOR);
    ash.say(household, "2");
    hand_over(&ash, &birch);
    birch.say(household, "4");
    assert_eq!(birch.engine().conflicts(birch.list()).expect("conflicts"), []);
    // It reaches the campaign by Birch alone, the first one carried.
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(campaign.conflicts(), 0);
    assert_eq!(ash.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(campaign.conflicts(), 0);
    assert_eq!(ash.engine().conflicts(ash.list()).expect("conflicts"), []);
    // Unseen by each other it is one.
    let cedar = campaign.joined("Cedar");
    cedar.say(household, "5");
    ash.say(household, "1");
    hand_over(&cedar, &ash);
    assert_eq!(ash.engine().conflicts(ash.list()).expect("conflicts").len(), 1);
}

#[test]
fn a_phone_that_does_not_hold_the_list_carries_it_unread() {
    let campaign = TestCampaign::small(33);
    campaign.post("/turfs", &json!({ "turfs": 1 }));
    campaign.post("/lists", &json!({ "turf": 2 }));
    let ash = campaign.joined("Ash");
    let lead = campaign.invite("Lead", &[2]);
    assert_eq!(lead.sync(&campaign).outcome, SyncOutcome::Complete);
    let saved = knock(&ash, DOOR);
    let report = hand_over(&ash, &lead);
    assert_eq!((report.changes, report.shown), (1, 0));
    // Two hops: what Lead carries goes on to someone who holds the list.
    let birch = campaign.joined("Birch");
    let report = hand_over(&lead, &birch);
    assert_eq!((report.changes, report.shown), (1, 1));
    assert_eq!(lead.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(campaign.exported(), [saved]);
    // A receipt comes back the same way, without a network.
    hand_over(&lead, &ash);
    assert_eq!(hand_over(&lead, &birch), BundleReport::default());
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(campaign.exported().len(), 1);
}

#[test]
fn a_phone_whose_list_was_taken_back_carries_what_others_recorded_on_it() {
    let campaign = TestCampaign::small(36);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let device = knock(&birch, "2 Willow St").split('.').next().expect("a device").to_owned();
    campaign.post(&format!("/lists/1/devices/{device}/take"), &Value::Null);
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    assert!(birch.engine().walk_lists().expect("lists").is_empty());
    let saved = knock(&ash, DOOR);
    let report = hand_over(&ash, &birch);
    assert_eq!((report.changes, report.shown, report.refused), (1, 0, 0));
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    assert!(campaign.exported().contains(&saved));
}

#[test]
fn work_of_a_list_whose_time_is_over_is_handed_on_all_the_same() {
    let campaign = TestCampaign::small(38);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let saved = knock(&ash, DOOR);
    let summary = birch.engine().peer_summary().expect("a summary");
    ash.clock.advance_ms(40 * 60 * 60 * 1000);
    let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
    assert_eq!(birch.engine().apply_bundle(&bundle).expect("taken in").changes, 1);
    assert_eq!(birch.sync(&campaign).outcome, SyncOutcome::Complete);
    assert_eq!(campaign.exported(), [saved]);
}

#[test]
fn a_bundle_travels_as_qr_frames() {
    let campaign = TestCampaign::small(34);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    knock(&ash, DOOR);
    let summary = birch.engine().peer_summary().expect("a summary");
    let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
    let mut frames = to_frames(&bundle, 200).expect("frames");
    frames.reverse();
    let mut collector = FrameCollector::default();
    let whole = frames.iter().filter_map(|frame| collector.take(frame).expect("a frame"));
    let whole: Vec<Vec<u8>> = whole.collect();
    assert_eq!(whole, [bundle]);
    assert_eq!(birch.engine().apply_bundle(&whole[0]).expect("taken in").shown, 1);
}

#[test]
fn forged_damaged_and_foreign_bundles_change_nothing() {
    let campaign = TestCampaign::small(35);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    knock(&ash, DOOR);
    knock(&ash, "2 Willow St");
    let summary = birch.engine().peer_summary().expect("a summary");
    let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
    let before = format!("{:?}", birch.engine().sync_status().expect("a status"));
    let bad = |bytes: &[u8]| matches!(birch.engine().apply_bundle(bytes), Err(Error::BadBundle));
    assert!(bad(b"") && bad(b"hello") && bad(&bundle[..bundle.len() / 2]));
    let foreign = TestCampaign::small(36);
    let stranger = foreign.joined("Stranger");
    assert!(matches!(stranger.engine().apply_bundle(&bundle), Err(Error::BadBundle)));
    assert!(matches!(stranger.engine().make_bundle(&summary), Err(Error::BadBundle)));

    let read = Bundle::read(&bundle).expect("a bundle");
    // Without its author's card, with a hole, with another's name on it: refused, each.
    let without_card = Bundle { cards: Vec::new(), ..read.clone() };
    let report = birch.engine().apply_bundle(&wire::encoded(&without_card)).expect("an account");
    assert_eq!((report.changes, report.refused), (0, 1));
    let mut renamed = read.clone();
    let mut envelope = Envelope::read(&renamed.envelopes[0]).expect("an envelope");
    envelope.header.first_seq += 1;
    renamed.envelopes[0] = envelope.to_bytes().into();
    let report = birch.engine().apply_bundle(&wire::encoded(&renamed)).expect("an account");
    assert_eq!((report.changes, report.refused), (0, 1));
    let mut altered = read.clone();
    let mut bytes = altered.envelopes[0].to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    altered.envelopes[0] = bytes.into();
    let report = birch.engine().apply_bundle(&wire::encoded(&altered)).expect("an account");
    assert_eq!((report.changes, report.refused), (0, 1));
    let after = format!("{:?}", birch.engine().sync_status().expect("a status"));
    assert_eq!(before, after);
    assert_eq!(attempts(&birch, DOOR), 0);
    // The true one is still welcome.
    assert_eq!(birch.engine().apply_bundle(&bundle).expect("taken in").changes, 2);
}
