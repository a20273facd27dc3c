//! Whom not to contact comes first: a phone that takes in a long answer in pieces sends nobody to
//! such a door while the rest is still on its way.

use canvass_core::change::{Body, DoorRef, NoteBody};
use canvass_core::engine::{
    AttemptInput, HouseholdView, NotContacted, PersonResult, SyncInput, SyncOutcome, SyncStep,
};
use canvass_core::id::{HouseholdId, PersonId};
use canvass_core::sync::Reply;
use canvass_core::walklist::CanvassResult;
use canvass_tests::author::Author;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use serde_json::json;

/// More than a page of events holds, and longer than an answer may be.
const NOTES: u64 = 2_176;
/// They are about the doors of Heron Ave.
const DOORS: u64 = 10;
/// As many as a segment holds of them.
const BATCH: u64 = 128;

/// Longer than one answer: notes that do not compress.
fn backlog(campaign: &TestCampaign) {
    let mut author = Author::enrolled(campaign, "Backlog", &[1]);
    for batch in 0..NOTES / BATCH {
        let note = |number: u64| {
            let hash = |part: u64| {
                format!("{:x}", number.wrapping_add(part).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            };
            let text: String = (0..20).map(|part| hash(part * 1_000_003)).collect();
            (
                DoorRef::Number { cell: 0, ordinal: u32::try_from(number % DOORS).expect("small") },
                None,
                Body::Note(NoteBody { edits: None, text }),
            )
        };
        let notes = (0..BATCH).map(|number| note(batch * BATCH + number)).collect();
        let segment = author.segment(1, notes);
        author.push(campaign, &[segment]).expect("an answer");
    }
}

/// Syncs until the first piece of the answer is in; then the line breaks. How many pieces came.
fn first_piece(campaign: &TestCampaign, phone: &TestPhone) -> SyncOutcome {
    let mut pulls = 0;
    let mut input = SyncInput::Begin { now: true };
    loop {
        let step = phone.engine().sync_next(input).expect("a step");
        input = match step {
            SyncStep::Send { request } if request.url.ends_with("/pull") && pulls > 0 => {
                SyncInput::NoAnswer
            }
            SyncStep::Send { request } => {
                pulls += u32::from(request.url.ends_with("/pull"));
                let Reply { status, retry_after_s, body } = campaign.server.phone(&request);
                SyncInput::Reply { status, retry_after_s, body }
            }
            SyncStep::Wait { .. } => SyncInput::Waited,
            SyncStep::Done { report } => return report.outcome,
        };
    }
}

fn view(phone: &TestPhone, household: HouseholdId) -> HouseholdView {
    phone.engine().household(phone.list(), household).expect("a household")
}

fn is_walked_to(phone: &TestPhone, household: HouseholdId) -> bool {
    let page = phone.engine().doors(phone.list(), None, 500).expect("a page");
    page.doors.iter().any(|door| door.household == household)
}

fn why_not(phone: &TestPhone, household: HouseholdId, who: PersonId) -> Option<NotContacted> {
    let people = view(phone, household).people;
    people.into_iter().find(|person| person.person == who)?.not_contacted
}

#[test]
fn whom_not_to_contact_is_known_before_the_rest_of_a_long_answer() {
    check(&TestCampaign::small(81), false);
}

#[test]
fn and_before_the_rest_of_a_list_that_comes_anew() {
    check(&TestCampaign::small(82), true);
}

fn check(campaign: &TestCampaign, comes_anew: bool) {
    let (mut ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let first_door = ash.door("31 Heron Ave");
    let [suppressed, mourning, shared, erased] =
        ["2 Willow St", "6 Willow St", "14 Willow St", "22 Willow St"].map(|at| ash.door(at));
    let [dead, asked, forgotten] =
        [(mourning, 0), (shared, 0), (erased, 0)].map(|(door, place)| ash.person(door, place));
    backlog(campaign);
    let list = birch.list();
    birch.engine().set_do_not_contact(list, suppressed, None).expect("a mark");
    birch.engine().set_do_not_contact(list, shared, Some(asked)).expect("a mark");
    let mut died = AttemptInput::at_door(list, mourning, None);
    died.people.push(PersonResult { person: dead, result: CanvassResult::Deceased });
    birch.engine().record_attempt(&died).expect("a knock");
    birch.sync(campaign);
    campaign.post("/erasures", &json!({ "household": erased, "person": forgotten }));

    if comes_anew {
        campaign.post("/lists/1/recut", &json!({ "turf": 1 }));
    }
    assert!(is_walked_to(&ash, suppressed));
    assert_eq!(first_piece(campaign, &ash), SyncOutcome::Offline);
    for again in [false, true] {
        if again {
            ash.phone.restart().expect("opened again");
        }
        let ash = &ash;
        assert!(view(ash, first_door).notes.is_empty(), "the rest is still on its way");
        assert!(!is_walked_to(ash, suppressed) && view(ash, suppressed).do_not_contact);
        assert_eq!(why_not(ash, mourning, dead), Some(NotContacted::Deceased));
        assert_eq!(why_not(ash, shared, asked), Some(NotContacted::DoNotContact));
        assert!(view(ash, erased).people.iter().all(|person| person.person != forgotten));
    }
    assert_eq!(ash.sync(campaign).outcome, SyncOutcome::Complete);
    assert_eq!(view(&ash, first_door).notes.len() as u64, NOTES.div_ceil(DOORS));
    assert!(!is_walked_to(&ash, suppressed));
    let own = ash.engine().state_digest(ash.list()).expect("a digest").to_string();
    assert_eq!(campaign.get("/lists/1/digest")["digest"], json!(own));
}
