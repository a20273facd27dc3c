//! Nobody home on this floor: many doors with one tap, all or none, and taken back as one.

use canvass_core::canvass::RecordError;
use canvass_core::engine::Error;
use canvass_core::id::HouseholdId;
use canvass_core::walklist::CanvassResult;
use canvass_tests::solo::Solo;

fn floors(solo: &Solo) -> Vec<(Option<u32>, Vec<HouseholdId>)> {
    let household = solo.door("40 Heron Ave 2A");
    let floors = solo.engine().floors(solo.list, household).expect("floors");
    floors.into_iter().map(|floor| (floor.floor, floor.open)).collect()
}

#[test]
fn a_floor_is_recorded_and_taken_back_as_one() {
    let mut solo = Solo::small();
    let second = floors(&solo).into_iter().find(|(floor, _)| *floor == Some(2)).expect("a floor").1;
    assert!(second.contains(&solo.door("40 Heron Ave 2A")));
    assert!(second.contains(&solo.door("40 Heron Ave 2B")));
    assert!(!second.contains(&solo.door("40 Heron Ave 10A")));
    let done = |solo: &Solo| solo.engine().progress(solo.list).expect("progress").done as usize;
    let saved = solo.engine().record_results(solo.list, &second, CanvassResult::NotHome);
    let saved = saved.expect("recorded");
    assert_eq!((saved.len(), done(&solo)), (second.len(), second.len()));
    let left = floors(&solo).into_iter().find(|(floor, _)| *floor == Some(2)).expect("a floor").1;
    assert!(left.is_empty(), "nothing is left to be knocked on");

    solo.reopen().expect("opened");
    assert_eq!(done(&solo), second.len());
    solo.engine().undo_results(solo.list, &saved).expect("taken back");
    assert_eq!(done(&solo), 0);
    let again = solo.engine().undo_results(solo.list, &saved);
    assert!(matches!(again, Err(Error::Record(RecordError::NothingToUndo))));
}

#[test]
fn one_door_that_cannot_be_recorded_spoils_all_of_them() {
    let solo = Solo::small();
    let (one, other) = (solo.door("40 Heron Ave 2A"), solo.door("40 Heron Ave 2B"));
    let unknown = HouseholdId::derive(&[b"nowhere"]);
    let tried = |doors: &[HouseholdId], result| {
        solo.engine().record_results(solo.list, doors, result).err()
    };
    let not_home = CanvassResult::NotHome;
    assert!(matches!(tried(&[one, unknown], not_home), Some(Error::NotFound(_))));
    let twice = tried(&[one, other, one], not_home);
    assert!(matches!(twice, Some(Error::Record(RecordError::DoorTwice))));
    let asked = tried(&[one, other], CanvassResult::Refused);
    assert!(matches!(asked, Some(Error::Record(RecordError::NotForManyDoors(_)))));
    let marked = tried(&[one, other], CanvassResult::DoNotContact);
    assert!(matches!(marked, Some(Error::Record(RecordError::NotForManyDoors(_)))));
    let many = vec![one; 501];
    assert!(matches!(
        tried(&many, not_home),
        Some(Error::Record(RecordError::TooManyDoors { .. }))
    ));
    solo.engine().set_do_not_contact(solo.list, other, None).expect("marked");
    assert!(matches!(tried(&[one, other], not_home), Some(Error::NotFound(_))));
    assert_eq!(solo.engine().progress(solo.list).expect("progress").done, 0);
    assert_eq!(tried(&[], not_home).map(|error| error.to_string()), None);
}
