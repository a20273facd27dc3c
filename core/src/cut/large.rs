//! Stacks that are more than one turf's work: buildings that are walked floor by floor.

use super::bisect::Piece;
use super::stack::Stack;

/// A large stack, and how many turfs it gets.
pub(super) struct Large {
    stack: Stack,
    turfs: u32,
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
pub(super) struct Party {
    weight: f64,
    doors: u32,
    pub(super) turfs: u32,
}

impl Party {
    pub(super) fn of<'s>(stacks: impl IntoIterator<Item = &'s Stack>) -> Self {
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
pub(super) fn share_out(parties: &mut [Party], turfs: u32) {
    let given = u32::try_from(parties.len()).unwrap_or(u32::MAX);
    for _ in given..turfs {
        let open = parties.iter_mut().filter(|party| party.turfs < party.doors);
        if let Some(most) = open.max_by(|a, b| a.load().total_cmp(&b.load())) {
            most.turfs += 1;
        }
    }
}

/// Adds the turfs of large stacks.
pub(super) fn add(large: Vec<Large>, pieces: &mut Vec<Piece>) {
    for Large { stack, turfs } in large {
        pieces.extend(stack.split(turfs).into_iter().map(|part| Piece::new(vec![part])));
    }
}
