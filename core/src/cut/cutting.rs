//! A whole cut: by number, or by minutes.

use super::assemble::{Chosen, assemble};
use super::improve::improve;
use super::places::Places;
use super::start::Start;
use super::town::Town;
use super::{Cut, CutDoor, CutError, CutOrder, CutSize};

/// Cuts by minutes aim a little below them, for no cut is wholly fair.
const FILLED: f64 = 0.985;
/// How often one more turf is tried before many more are.
const BY_ONE: u32 = 3;

/// Cuts doors into turfs of about the same work.
pub fn cut(doors: &[CutDoor<'_>], order: &CutOrder<'_>) -> Result<Cut, CutError> {
    let is_cut = unpinned(doors.len(), order.pinned)?;
    let mut town = Town::of(doors, &is_cut, order.ground.barriers, order.ground.streets);
    let chosen = match order.size {
        CutSize::Turfs(0) => return Err(CutError::NoTurfs),
        CutSize::Turfs(turfs) => by_number(&mut town, turfs, order.seed),
        CutSize::Minutes(most) if most > 0.0 => by_minutes(&mut town, most, order.seed),
        CutSize::Minutes(minutes) => return Err(CutError::NoMinutes { minutes }),
    };
    let doors_at = |sites: &[u32]| -> Vec<u32> {
        sites.iter().flat_map(|site| town.sites[*site as usize].doors.clone()).collect()
    };
    let (across, off_network) = (doors_at(&town.across), doors_at(&town.off_network()));
    Ok(Cut { turfs: assemble(doors, order.pinned, &town, chosen), across, off_network })
}

/// Which doors are to be cut.
fn unpinned(doors: usize, pinned: &[Vec<u32>]) -> Result<Vec<bool>, CutError> {
    let mut is_cut = vec![true; doors];
    for door in pinned.iter().flatten() {
        let of = u32::try_from(doors).unwrap_or(u32::MAX);
        let is_free = is_cut.get_mut(*door as usize);
        let is_free = is_free.ok_or(CutError::NoSuchDoor { door: *door, doors: of })?;
        if !std::mem::replace(is_free, false) {
            return Err(CutError::DoorTwice { door: *door });
        }
    }
    Ok(is_cut)
}

fn by_number(town: &mut Town<'_>, turfs: u32, seed: u64) -> Vec<Chosen> {
    let turfs = turfs.min(u32::try_from(town.doors()).unwrap_or(u32::MAX));
    if turfs == 0 {
        return Vec::new();
    }
    town.join_across(turfs);
    let mut start = Start::of(town, turfs);
    let minutes = start.doors.iter().map(|doors| town.minutes_of(doors)).collect();
    let places = Places::of(&town.ground, start.site.clone(), minutes);
    start.mend(&places, &vec![false; places.count()]);
    let improved = improve(&places, town, &start, seed);
    let mut chosen: Vec<Chosen> = improved
        .walk_m
        .iter()
        .map(|walk_m| Chosen { doors: Vec::new(), walk_m: *walk_m })
        .collect();
    for (doors, turf) in start.in_turn(&improved.turf_of) {
        chosen[turf as usize].doors.extend(doors);
    }
    chosen.extend(start.whole.into_iter().map(|doors| Chosen { doors, walk_m: 0.0 }));
    chosen
}

fn by_minutes(town: &mut Town<'_>, most: f64, seed: u64) -> Vec<Chosen> {
    let doors = u32::try_from(town.doors()).unwrap_or(u32::MAX);
    let mut turfs = at_least(town.mean_minutes(1) / (most * FILLED)).min(doors);
    for tried in 0.. {
        let chosen = by_number(town, turfs, seed);
        let minutes = |turf: &Chosen| town.minutes_of(&turf.doors) + turf.walk_minutes();
        let beyond = chosen.iter().filter(|turf| turf.doors.len() > 1 && minutes(turf) > most);
        let beyond = u32::try_from(beyond.count()).unwrap_or(u32::MAX);
        if beyond == 0 || turfs >= doors {
            return chosen;
        }
        // What does not fit after a few tries is coarse: a large door, a far corner.
        let more = if tried < BY_ONE { 1 } else { beyond.max(turfs / 50) };
        turfs = turfs.saturating_add(more).min(doors);
    }
    Vec::new()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
fn at_least(turfs: f64) -> u32 {
    turfs.ceil().max(1.0) as u32
}
