//! Claims: several volunteers on one list, each told offline which doors are near and free, and
//! both told when two have claimed one door unheard of each other.

use canvass_core::engine::{AttemptInput, ClaimOutcome, ClaimView, Error, SyncOutcome, What};
use canvass_core::geometry::Point;
use canvass_core::id::HouseholdId;
use canvass_core::merge::CLAIM_MS;
use canvass_core::ports::Clock;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone};
use proptest::prelude::*;

const DOOR: &str = "6 Willow St";

fn claim(phone: &TestPhone, door: HouseholdId) -> (ClaimOutcome, String) {
    let results = phone.engine().claim(phone.list(), &[door]).expect("a claim");
    (results[0].outcome, results[0].by.clone())
}

fn claims(phone: &TestPhone) -> Vec<ClaimView> {
    phone.engine().claims(phone.list()).expect("claims")
}

/// Who else holds a door, as the list shows it.
fn held_by(phone: &TestPhone, door: HouseholdId) -> Option<String> {
    let page = phone.engine().doors(phone.list(), None, 500).expect("doors");
    page.doors.into_iter().find(|shown| shown.household == door).expect("a door").held_by
}

/// Whether a phone offers a door to be gone to: as the next one, or as one that is near.
fn is_offered(phone: &TestPhone, door: HouseholdId) -> bool {
    let list = phone.list();
    let here = phone.engine().household(list, door).expect("a household").point;
    let near = phone.engine().nearest_unclaimed(list, here, 1_000, 5.0).expect("near");
    let is_near = near.iter().any(|near| near.door.household == door);
    let next = phone.engine().next_stop(list, None).expect("a stop, or none");
    let is_next = next.is_some_and(|next| next.doors.iter().any(|next| next.household == door));
    is_near || is_next
}

fn knock(phone: &TestPhone, door: HouseholdId) {
    let input = AttemptInput::at_door(phone.list(), door, Some(CanvassResult::NotHome));
    phone.engine().record_attempt(&input).expect("a knock");
}

/// The first door of the queue.
fn first(phone: &TestPhone) -> HouseholdId {
    let next = phone.engine().next_stop(phone.list(), None).expect("a stop").expect("a door");
    next.doors[0].household
}

#[test]
fn of_two_who_claim_one_door_unheard_the_first_at_the_campaign_holds_it_and_both_are_told() {
    let campaign = TestCampaign::small(61);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = first(&ash);
    assert_eq!(claim(&ash, door).0, ClaimOutcome::Claimed);
    for clock in [&campaign.clock, &ash.clock, &birch.clock] {
        clock.advance_ms(60_000);
    }
    assert_eq!(claim(&birch, door).0, ClaimOutcome::Claimed);
    // Ash was earlier by the clock; Birch is earlier at the campaign.
    let report = birch.sync(&campaign);
    assert_eq!((report.outcome, report.claims_lost), (SyncOutcome::Complete, 0));
    let report = ash.sync(&campaign);
    assert_eq!((report.outcome, report.claims_lost), (SyncOutcome::Complete, 1));
    birch.sync(&campaign);

    let [lost] = claims(&ash).try_into().expect("one door is claimed");
    assert_eq!((lost.household, &*lost.by, lost.own, lost.lost), (door, "Birch", false, true));
    assert_eq!(
        lost.sentence,
        "Birch claimed this door before you. What you record here counts all the same."
    );
    let [held] = claims(&birch).try_into().expect("one door is claimed");
    assert_eq!((held.own, held.lost, held.also.as_slice()), (true, false, &["Ash".to_owned()][..]));
    assert_eq!(held.sentence, "You go to this door. Ash claimed it as well, after you.");
    assert_eq!(held.until, lost.until, "everyone says the same");
    assert_eq!((held_by(&ash, door).as_deref(), held_by(&birch, door)), (Some("Birch"), None));
    assert!(!is_offered(&ash, door));
    assert_eq!(first(&birch), door, "whoever holds it goes there next");
    assert_eq!(claim(&ash, door), (ClaimOutcome::HeldByAnother, "Birch".to_owned()));
    assert_eq!(claim(&birch, door).0, ClaimOutcome::YoursAlready);
    campaign.assert_all_agree(&[&ash, &birch]);
}

#[test]
fn what_is_recorded_at_a_door_that_another_holds_counts_and_ends_the_claim() {
    let campaign = TestCampaign::small(62);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door(DOOR);
    claim(&ash, door);
    ash.sync(&campaign);
    birch.sync(&campaign);
    assert_eq!(held_by(&birch, door).as_deref(), Some("Ash"));
    knock(&birch, door);
    assert_eq!((claims(&birch), held_by(&birch, door)), (vec![], None), "it is done");
    birch.sync(&campaign);
    ash.sync(&campaign);
    assert_eq!(claims(&ash), []);
    let view = ash.engine().household(ash.list(), door).expect("a household");
    assert_eq!((view.attempts.len(), view.claim), (1, None));
    assert_eq!(claim(&ash, door).0, ClaimOutcome::Done);
}

#[test]
fn a_claim_ends_after_four_hours_of_the_campaigns_time_whatever_a_phones_clock_says() {
    let campaign = TestCampaign::small(63);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door(DOOR);
    // Ash's clock is three days ahead: when it was is for the campaign to say.
    ash.clock.set(ash.clock.wall().plus_millis(72 * 60 * 60_000));
    claim(&ash, door);
    ash.sync(&campaign);
    birch.sync(&campaign);
    let now = birch.clock.wall();
    let [held] = claims(&birch).try_into().expect("one door is claimed");
    assert!(held.until.millis_since(now.plus_millis(CLAIM_MS)).abs() <= 1_000, "{:?}", held.until);
    // Birch's clock is set two days ahead, and two days back: no time has passed.
    for days in [48, -48] {
        birch.clock.set(now.plus_millis(days * 60 * 60_000));
        assert!(!is_offered(&birch, door), "{days}");
    }
    birch.clock.advance_ms(CLAIM_MS - 60_000);
    assert!(!is_offered(&birch, door));
    birch.clock.advance_ms(61_000);
    assert!(is_offered(&birch, door), "offline all the while");
    assert_eq!(claim(&birch, door).0, ClaimOutcome::Claimed);
}

#[test]
fn a_claim_that_is_released_holds_the_door_no_more() {
    let campaign = TestCampaign::small(64);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door(DOOR);
    claim(&ash, door);
    assert!(
        !ash.engine()
            .nearest_unclaimed(ash.list(), here(&ash, door), 9, 1.0)
            .expect("near")
            .iter()
            .any(|near| near.door.household == door),
        "claimed by oneself is claimed"
    );
    ash.sync(&campaign);
    birch.sync(&campaign);
    assert_eq!(birch.engine().release(birch.list(), &[door]).expect("nothing to release"), 0);
    assert_eq!(held_by(&birch, door).as_deref(), Some("Ash"), "only one's own are released");
    assert_eq!(ash.engine().release(ash.list(), &[door]).expect("released"), 1);
    assert_eq!(ash.engine().release(ash.list(), &[door]).expect("nothing left"), 0);
    ash.sync(&campaign);
    birch.sync(&campaign);
    assert_eq!((claims(&ash), claims(&birch), held_by(&birch, door)), (vec![], vec![], None));
    assert_eq!(claim(&birch, door).0, ClaimOutcome::Claimed);
}

fn here(phone: &TestPhone, door: HouseholdId) -> Point {
    phone.engine().household(phone.list(), door).expect("a household").point
}

#[test]
fn a_bundle_carries_claims_and_they_outlive_a_restart() {
    let campaign = TestCampaign::small(65);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door(DOOR);
    claim(&ash, door);
    let summary = birch.engine().peer_summary().expect("a summary");
    let bundle = ash.engine().make_bundle(&summary).expect("a bundle");
    birch.engine().apply_bundle(&bundle).expect("taken in");
    assert_eq!(held_by(&birch, door).as_deref(), Some("Ash"));
    assert_eq!(claim(&birch, door).0, ClaimOutcome::HeldByAnother);
    // Birch takes it to the campaign.
    birch.sync(&campaign);
    let cedar = campaign.joined("Cedar");
    assert_eq!(held_by(&cedar, door).as_deref(), Some("Ash"));
    assert_eq!(claims(&cedar).len(), 1);
}

#[test]
fn nobody_is_sent_where_nobody_may_go() {
    let campaign = TestCampaign::small(66);
    let ash = campaign.joined("Ash");
    let (list, door) = (ash.list(), ash.door(DOOR));
    let point = here(&ash, door);
    assert!(is_offered(&ash, door));
    ash.engine().set_do_not_contact(list, door, None).expect("a mark");
    assert!(!is_offered(&ash, door));
    assert_eq!(claim(&ash, door).0, ClaimOutcome::NotOffered);
    let unknown = HouseholdId::derive(&[b"elsewhere"]);
    let missing = ash.engine().claim(list, &[unknown]);
    assert!(matches!(missing, Err(Error::NotFound(What::Household))), "{missing:?}");
    for radius_m in [f64::NAN, -1.0] {
        let refused = ash.engine().nearest_unclaimed(list, point, 3, radius_m);
        assert!(matches!(refused, Err(Error::NotFound(What::Place))), "{refused:?}");
    }
    let nowhere = Point { lat: f64::NAN, ..point };
    let refused = ash.engine().nearest_unclaimed(list, nowhere, 3, 10.0);
    assert!(matches!(refused, Err(Error::NotFound(What::Place))), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    /// The nearest are those that a plain search through all open doors finds.
    #[test]
    fn the_nearest_unclaimed_are_the_nearest_of_all_that_are_open(
        done in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        taken in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        at in any::<prop::sample::Index>(), count in 0_u32..20, radius_m in 0.0..400.0_f64,
    ) {
        let campaign = TestCampaign::small(67);
        let ash = campaign.joined("Ash");
        let all = ash.engine().doors(ash.list(), None, 500).expect("doors").doors;
        let pick = |index: &prop::sample::Index| all[index.index(all.len())].household;
        done.iter().for_each(|index| knock(&ash, pick(index)));
        let taken: Vec<HouseholdId> = taken.iter().map(pick).collect();
        ash.engine().claim(ash.list(), &taken).expect("claims");
        let from = all[at.index(all.len())].point;
        let open = ash.engine().doors(ash.list(), None, 500).expect("doors").doors;
        let mut expected: Vec<(f64, u32, u32)> = open
            .iter()
            .filter(|door| !door.done && !taken.contains(&door.household))
            .map(|door| (from.distance_m(door.point), door.stop, door.place))
            .filter(|(distance_m, ..)| *distance_m <= radius_m)
            .collect();
        expected.sort_by(|a, b| a.0.total_cmp(&b.0));
        expected.truncate(count as usize);
        let near = ash.engine().nearest_unclaimed(ash.list(), from, count, radius_m).expect("near");
        prop_assert_eq!(near.len(), expected.len());
        for (near, (distance_m, ..)) in near.iter().zip(&expected) {
            prop_assert!((near.distance_m - distance_m).abs() < 0.01);
            prop_assert!(!near.door.done && !taken.contains(&near.door.household));
        }
    }
}
