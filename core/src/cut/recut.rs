//! A cut that an organiser changed by hand: a few doors go to another turf, and those around
//! are evened out.

use std::collections::BTreeSet;

use super::assemble::{Chosen, Drawing};
use super::improve::even_out;
use super::places::Places;
use super::start::Start;
use super::town::Town;
use super::{CutDoor, CutError, CutGround, CutTurf};
use crate::geometry::Point;
use crate::turf::DoorIndex;

/// Turfs that have doors among so many of the nearest of a changed turf's doors are next to it.
const NEAR: u32 = 8;

/// Moves doors to other turfs and evens out the turfs around; answers those that changed, each
/// with its number, and `None` for one that has lost its last door.
///
/// `turfs` holds the doors of every turf, each door once; `moved` names doors and the turf each
/// goes to, where it stays. Turfs that are `pinned` (by number) keep what they have, but for
/// the moved doors. Only the turfs next to those that gain or lose a door may change.
pub fn recut(
    doors: &[CutDoor<'_>],
    turfs: &[Vec<u32>],
    moved: &[(u32, u32)],
    pinned: &[u32],
    ground: CutGround<'_>,
    seed: u64,
) -> Result<Vec<(u32, Option<CutTurf>)>, CutError> {
    let before = turf_of_doors(doors.len(), turfs)?;
    let mut turf_of = before.clone();
    for (door, turf) in moved {
        check(*door, *turf, doors.len(), turfs.len())?;
        turf_of[*door as usize] = *turf;
    }
    let around = around(doors, turfs, moved, &before);
    let is_cut: Vec<bool> =
        turf_of.iter().map(|turf| around.contains(turf) && !pinned.contains(turf)).collect();
    let town = Town::of(doors, &is_cut, ground.barriers, ground.streets);
    let held: BTreeSet<u32> = moved.iter().map(|(door, _)| *door).collect();
    even_out_town(&town, &mut turf_of, &held, seed);
    let drawing = Drawing::of(doors, &turf_of, turfs.len());
    let is_changed = |turf: &u32| {
        let doors = || turf_of.iter().zip(&before);
        doors().any(|(now, before)| now != before && (now == turf || before == turf))
    };
    let changed = around.iter().copied().filter(is_changed);
    let redrawn = changed.map(|turf| {
        let numbers = (0..).zip(&turf_of).filter(|(_, of)| **of == turf).map(|(door, _)| door);
        let numbers: Vec<u32> = numbers.collect();
        let chosen = (!numbers.is_empty()).then(|| Chosen::of(doors, &numbers, ground.streets));
        (turf, chosen.map(|chosen| drawing.turf(turf, chosen, doors, &town)))
    });
    Ok(redrawn.collect())
}

/// The turf of each door; each door must be in one.
fn turf_of_doors(doors: usize, turfs: &[Vec<u32>]) -> Result<Vec<u32>, CutError> {
    let count = u32::try_from(doors).unwrap_or(u32::MAX);
    let mut turf_of = vec![None; doors];
    for (turf, numbers) in (0..).zip(turfs) {
        for door in numbers {
            let of = turf_of.get_mut(*door as usize);
            let of = of.ok_or(CutError::NoSuchDoor { door: *door, doors: count })?;
            if of.replace(turf).is_some() {
                return Err(CutError::DoorTwice { door: *door });
            }
        }
    }
    let missing = (0..).zip(&turf_of).find(|(_, turf)| turf.is_none());
    match missing {
        Some((door, _)) => Err(CutError::InNoTurf { door }),
        None => Ok(turf_of.into_iter().flatten().collect()),
    }
}

fn check(door: u32, turf: u32, doors: usize, turfs: usize) -> Result<(), CutError> {
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    if door >= count(doors) {
        return Err(CutError::NoSuchDoor { door, doors: count(doors) });
    }
    if turf >= count(turfs) {
        return Err(CutError::NoSuchTurf { turf, turfs: count(turfs) });
    }
    Ok(())
}

/// The turfs that gain or lose a door, and those next to them.
fn around(
    doors: &[CutDoor<'_>],
    turfs: &[Vec<u32>],
    moved: &[(u32, u32)],
    before: &[u32],
) -> BTreeSet<u32> {
    let mut around: BTreeSet<u32> =
        moved.iter().flat_map(|(door, to)| [before[*door as usize], *to]).collect();
    let index = DoorIndex::load((0..).zip(doors.iter().map(|door| door.point)));
    let places: BTreeSet<(i32, i32)> = around
        .iter()
        .flat_map(|turf| &turfs[*turf as usize])
        .map(|door| doors[*door as usize].point.to_e7())
        .collect();
    for (lat, lon) in places {
        let near = index.nearest(Point::from_e7(lat, lon), NEAR);
        around.extend(near.into_iter().map(|near| before[near.door as usize]));
    }
    around
}

/// Exchanges doors between the turfs of a town until they are even; those `held` stay.
fn even_out_town(town: &Town<'_>, turf_of: &mut [u32], held: &BTreeSet<u32>, seed: u64) {
    let mut start = Start::from_turfs(town, turf_of, held);
    let minutes = start.doors.iter().map(|doors| town.minutes_of(doors)).collect();
    let places = Places::of(&town.ground, start.site.clone(), minutes);
    let is_held: Vec<bool> = start.doors.iter().map(|doors| held.contains(&doors[0])).collect();
    start.mend(&places, &is_held);
    let evened = even_out(&places, town, &start, is_held, seed);
    for (place, turf) in start.doors.iter().zip(evened) {
        place.iter().for_each(|door| turf_of[*door as usize] = start.numbers[turf as usize]);
    }
}
