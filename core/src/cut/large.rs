//! Stacks that are more than one turf's work: buildings that are walked floor by floor.

use super::area::{Area, MARGIN};
use super::bisect::Piece;
use super::stack::Stack;

/// A large stack, and how many turfs it gets.
pub(super) struct Large {
    stack: Stack,
    turfs: u32,
}

impl Large {
    /// Where it stands, in steps of 1e-7 degree: east, north.
    pub(super) const fn at(&self) -> [i32; 2] {
        self.stack.at
    }
}

/// Takes out the stacks that are more than one turf's work. Answers them, the rest, and the
/// turfs that are left for the rest.
pub(super) fn set_apart(stacks: Vec<Stack>, turfs: u32) -> (Vec<Large>, Vec<Stack>, u32) {
    let total: f64 = stacks.iter().map(|stack| stack.weight).sum();
    let mean = total / f64::from(turfs);
    let (large, rest): (Vec<Stack>, Vec<Stack>) =
        stacks.into_iter().partition(|stack| stack.weight > mean);
    let mut parties: Vec<Party> = large.iter().map(|stack| Party::of([stack])).collect();
    if !rest.is_empty() {
        parties.push(Party::of(&rest));
    }
    share_out(&mut parties, turfs);
    let with_turfs = large.into_iter().zip(&parties);
    let large = with_turfs.map(|(stack, party)| Large { stack, turfs: party.turfs }).collect();
    let turfs_of_rest = if rest.is_empty() { 0 } else { parties.last().map_or(0, |p| p.turfs) };
    (large, rest, turfs_of_rest)
}

/// Doors that turfs are shared out to.
struct Party {
    weight: f64,
    doors: u32,
    turfs: u32,
}

impl Party {
    fn of<'s>(stacks: impl IntoIterator<Item = &'s Stack>) -> Self {
        let mut party = Self { weight: 0.0, doors: 0, turfs: 1 };
        for stack in stacks {
            party.weight += stack.weight;
            party.doors += u32::try_from(stack.doors.len()).unwrap_or(u32::MAX);
        }
        party
    }

    /// Work in each of its turfs.
    fn load(&self) -> f64 {
        self.weight / f64::from(self.turfs)
    }
}

/// Gives each further turf to the party whose turfs hold most work.
fn share_out(parties: &mut [Party], turfs: u32) {
    let given = u32::try_from(parties.len()).unwrap_or(u32::MAX);
    for _ in given..turfs {
        let open = parties.iter_mut().filter(|party| party.turfs < party.doors);
        if let Some(most) = open.max_by(|a, b| a.load().total_cmp(&b.load())) {
            most.turfs += 1;
        }
    }
}

/// Adds the turfs of large stacks, and cuts their places out of the turfs around them.
pub(super) fn add(large: Vec<Large>, pieces: &mut Vec<Piece>) {
    let around = pieces.len();
    let places: Vec<[i32; 2]> = large.iter().map(Large::at).collect();
    for Large { stack, turfs } in large {
        let others =
            places.iter().filter(|place| **place != stack.at).map(|at| distance(*at, stack.at) / 2);
        let to_doors = pieces[..around]
            .iter()
            .flat_map(Piece::stacks)
            .map(|other| distance(other.at, stack.at));
        let to_borders = pieces[..around].iter().map(|piece| piece.area.room(stack.at));
        let room = others.chain(to_doors).map(|steps| steps - 1).chain(to_borders).min();
        let room = room.map_or(MARGIN, |room| room.clamp(0, MARGIN));
        let place = Area {
            low: stack.at.map(|at| at.saturating_sub(room)),
            high: stack.at.map(|at| at.saturating_add(room + 1)),
        };
        for piece in &mut pieces[..around] {
            if piece.area.holds(stack.at) {
                piece.holes.push(place);
            }
        }
        pieces.extend(stack.split(turfs).into_iter().map(|part| Piece::new(vec![part], place)));
    }
}

/// The larger of the ways east and north.
fn distance(a: [i32; 2], b: [i32; 2]) -> i32 {
    let way = |axis: usize| i32::try_from(a[axis].abs_diff(b[axis])).unwrap_or(i32::MAX);
    way(0).max(way(1))
}
